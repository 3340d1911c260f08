"""Reads of units, roles, people and parties, one file a theme."""

from chuan.organisations.queries.members import (
    HeldRole,
    accounts_with_roles,
    membership_history,
    memberships_of,
)
from chuan.organisations.queries.parties import (
    PARTY_PAGE,
    branches_of,
    class_years,
    classes_in,
    facts_of,
    find_parties,
    history_of,
    last_version,
    members_in,
)
from chuan.organisations.queries.people import (
    Suspects,
    canonical_ids,
    differences_in_force,
    duplicate_suspects,
    live_person,
    merges_in_force,
)
from chuan.organisations.queries.tree import Branch, Section, latest_reorganisation, unit_tree
from chuan.organisations.queries.units import (
    in_force,
    named,
    named_units,
    search_units,
    told_apart,
    unit_name,
    unit_names,
    versions_during,
    versions_on,
)

__all__ = [
    "PARTY_PAGE",
    "Branch",
    "HeldRole",
    "Section",
    "Suspects",
    "accounts_with_roles",
    "branches_of",
    "canonical_ids",
    "class_years",
    "classes_in",
    "differences_in_force",
    "duplicate_suspects",
    "facts_of",
    "find_parties",
    "history_of",
    "in_force",
    "last_version",
    "latest_reorganisation",
    "live_person",
    "members_in",
    "membership_history",
    "memberships_of",
    "merges_in_force",
    "named",
    "named_units",
    "search_units",
    "told_apart",
    "unit_name",
    "unit_names",
    "unit_tree",
    "versions_during",
    "versions_on",
]
