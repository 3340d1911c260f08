"""Writes on units, memberships and people."""

from datetime import date

from chuan.accounts.models import User
from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.models import changes
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, correct, void
from chuan.lib import text
from chuan.organisations import policies
from chuan.organisations.errors import (
    AlreadyMerged,
    MembershipEnded,
    MembershipExists,
    NotAllowed,
    OverlappingVersion,
    SuccessionCycle,
)
from chuan.organisations.models import (
    Membership,
    OrganisationUnit,
    PeopleDiffer,
    Person,
    PersonFacts,
    PersonMerge,
    ReorganisationEvent,
    Succession,
    UnitVersion,
)
from chuan.organisations.rules import Period


def require(allowed: bool) -> None:
    """Policy gate of this context's services."""
    if not allowed:
        raise NotAllowed


@service(lock="shared")
def establish_unit(
    *,
    actor: Actor,
    code: str,
    kind: str,
    name: str,
    short_name: str = "",
    valid_from: date,
    valid_to: date | None = None,
    parent: OrganisationUnit | None = None,
    official_code: str = "",
    symbol: str = "",
    document: str = "",
    checked: bool = False,
) -> OrganisationUnit:
    """Record a unit with its first version."""
    require(policies.can_manage_units(actor))
    unit = append(OrganisationUnit(code=code, kind=kind))
    version = _version(unit, name, short_name, parent, official_code, symbol, valid_from, valid_to, document, checked)
    record("organisations.establish_unit", unit, label=version.name, changes=changes(None, version))
    return unit


@service(lock="shared")
def add_version(
    *,
    actor: Actor,
    unit: OrganisationUnit,
    name: str,
    short_name: str = "",
    valid_from: date,
    valid_to: date | None = None,
    parent: OrganisationUnit | None = None,
    official_code: str = "",
    symbol: str = "",
    document: str = "",
    checked: bool = False,
) -> UnitVersion:
    """Say what a unit is called during another range; OverlappingVersion where one in force covers a part of it."""
    require(policies.can_manage_units(actor))
    version = _version(unit, name, short_name, parent, official_code, symbol, valid_from, valid_to, document, checked)
    record("organisations.add_version", unit, label=version.name, changes=changes(None, version))
    return version


@service(lock="shared")
def close_version(*, actor: Actor, version: UnitVersion, valid_to: date, document: str, reason: str) -> UnitVersion:
    """End a version's range, because the unit was renamed, moved or abolished."""
    require(policies.can_manage_units(actor))
    new = correct(version, reason, valid_to=valid_to, document=document or version.document)
    record(
        "organisations.close_version",
        version.unit,
        label=version.name,
        changes=changes(version, new),
        reason=reason,
    )
    return new


def _version(
    unit: OrganisationUnit,
    name: str,
    short_name: str,
    parent: OrganisationUnit | None,
    official_code: str,
    symbol: str,
    valid_from: date,
    valid_to: date | None,
    document: str,
    checked: bool,
) -> UnitVersion:
    wanted = Period(valid_from, valid_to)
    for other in UnitVersion.objects.live().filter(unit=unit):
        if other.period.overlaps(wanted):
            raise OverlappingVersion(other)
    name = text.nfc(name)
    short = text.nfc(short_name) or name
    return append(
        UnitVersion(
            unit=unit,
            name=name,
            short_name=short,
            parent=parent,
            official_code=official_code,
            symbol=symbol,
            search=text.search_key(f"{name} {short}"),
            order=text.sort_key(name),
            valid_from=valid_from,
            valid_to=valid_to,
            document=document,
            checked=checked,
        )
    )


@service(lock="shared")
def reorganise(
    *,
    actor: Actor,
    code: str,
    kind: str,
    on: date,
    title: str,
    document: str = "",
    checked: bool = False,
    successions: list[tuple[OrganisationUnit, OrganisationUnit, str]],
) -> ReorganisationEvent:
    """Record an event and what passed to whom: (predecessor, successor, scope) each; SuccessionCycle is refused."""
    require(policies.can_manage_units(actor))
    event = append(ReorganisationEvent(code=code, kind=kind, on=on, title=title, document=document, checked=checked))
    known: dict[int, set[int]] = {}
    for before, after in Succession.objects.live().values_list("predecessor_id", "successor_id"):
        known.setdefault(before, set()).add(after)
    for predecessor, successor, scope in successions:
        if _reaches(known, successor.pk, predecessor.pk):
            raise SuccessionCycle(predecessor.code, successor.code)
        known.setdefault(predecessor.pk, set()).add(successor.pk)
        append(Succession(event=event, predecessor=predecessor, successor=successor, scope=scope))
    record(
        "organisations.reorganise",
        event,
        label=title,
        changes={"successions": [None, [[p.code, s.code, scope] for p, s, scope in successions]]},
    )
    return event


def _reaches(graph: dict[int, set[int]], start: int, goal: int) -> bool:
    seen, todo = set(), [start]
    while todo:
        node = todo.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            todo += graph.get(node, ())
    return False


@service()
def grant_membership(
    *,
    actor: Actor,
    user: User,
    unit: OrganisationUnit,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
) -> Membership:
    """Let a person act in a role at a unit during a range; MembershipExists where they already do."""
    require(policies.can_manage_accounts(actor))
    if Membership.objects.live().filter(user=user, unit=unit, role=role).exists():
        raise MembershipExists
    membership = append(Membership(user=user, unit=unit, role=role, valid_from=valid_from, valid_to=valid_to))
    record("organisations.grant_membership", user, label=f"{user} · {unit}", changes=changes(None, membership))
    return membership


@service()
def end_membership(*, actor: Actor, membership: Membership, on: date, reason: str) -> None:
    """End a role on a day: from then on it gives no right; a role that never began is taken back whole.

    MembershipEnded where it ended by then: what is past is not prolonged.
    """
    require(policies.can_manage_accounts(actor))
    if membership.valid_to is not None and membership.valid_to <= on:
        raise MembershipEnded
    if on <= membership.valid_from:
        void(membership, reason)
        record("organisations.end_membership", membership.user, changes=changes(membership, None), reason=reason)
        return
    new = correct(membership, reason, valid_to=on)
    record("organisations.end_membership", membership.user, changes=changes(membership, new), reason=reason)


@service(lock="shared")
def add_person(
    *,
    actor: Actor,
    full_name: str,
    owner: OrganisationUnit,
    employer: OrganisationUnit | None = None,
    position: str = "",
    work_contact: str = "",
) -> Person:
    """Record a person under the unit that keeps the record."""
    require(policies.sees_whole_province(actor) or actor.unit_id == owner.pk)
    person = append(Person(code=f"NG-{draw('person'):06d}"))
    name = text.nfc(full_name)
    facts = append(
        PersonFacts(
            person=person,
            full_name=name,
            search=text.search_key(name),
            order=text.name_sort_key(name),
            employer=employer,
            position=text.nfc(position),
            work_contact=text.nfc(work_contact),
            owner=owner,
        )
    )
    record("organisations.add_person", person, label=name, changes=changes(None, facts))
    return person


@service(lock="shared")
def merge_people(*, actor: Actor, duplicate: Person, canonical: Person, basis: str) -> PersonMerge:
    """Decide that two records are one human being; records merged into `duplicate` before are carried along.

    AlreadyMerged where either already is a duplicate of another.
    """
    require(policies.can_merge_people(actor))
    if PersonMerge.objects.live().filter(duplicate__in=[duplicate, canonical]).exists():
        raise AlreadyMerged
    merge = append(PersonMerge(duplicate=duplicate, canonical=canonical, basis=text.nfc_multiline(basis)))
    for earlier in PersonMerge.objects.live().filter(canonical=duplicate):
        void(earlier, f"chuyển theo quyết định gộp {duplicate.code} vào {canonical.code}")
        append(PersonMerge(duplicate=earlier.duplicate, canonical=canonical, basis=earlier.basis, because=merge))
    record(
        "organisations.merge_people",
        duplicate,
        label=f"{duplicate.code} = {canonical.code}",
        changes={"canonical": [None, canonical.code]},
        reason=basis,
    )
    return merge


@service(lock="shared")
def undo_merge(*, actor: Actor, merge: PersonMerge, reason: str) -> None:
    """Take a merge back; what it had carried along stands as before it."""
    require(policies.can_merge_people(actor))
    void(merge, reason)
    for carried in PersonMerge.objects.live().filter(because=merge):
        void(carried, reason)
        append(PersonMerge(duplicate=carried.duplicate, canonical=merge.duplicate, basis=carried.basis))
    record(
        "organisations.undo_merge",
        merge.duplicate,
        label=f"{merge.duplicate.code} ≠ {merge.canonical.code}",
        changes={"canonical": [merge.canonical.code, None]},
        reason=reason,
    )


@service(lock="shared")
def tell_apart(*, actor: Actor, one: Person, other: Person, basis: str) -> PeopleDiffer:
    """Decide that two records of like names are two people: they are not suspected again."""
    require(policies.can_merge_people(actor))
    first, second = sorted((one, other), key=lambda person: person.pk)
    decision = append(PeopleDiffer(first=first, second=second, basis=text.nfc_multiline(basis)))
    record("organisations.tell_apart", first, label=f"{first.code} ≠ {second.code}", reason=basis)
    return decision
