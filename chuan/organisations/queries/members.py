"""Reads of roles held and of accounts, named for the question."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery

from chuan.accounts.models import User
from chuan.lib import text
from chuan.organisations.models import Membership, UnitVersion
from chuan.organisations.queries.units import in_force


@dataclass(frozen=True)
class HeldRole:
    """A membership in force, with what the header shows of it."""

    id: int
    role: str
    unit_id: int
    unit_name: str
    unit_kind: str
    unit_code: str


#: Asked by every request before anything else: written out, since building it cost more than the rest of a small page.
_HELD = """SELECT held.id, held.role, held.unit_id, COALESCE(version.short_name, ''), unit.kind, unit.code
FROM organisations_membership held
JOIN organisations_organisationunit unit ON unit.id = held.unit_id
LEFT JOIN organisations_unitversion version ON version.unit_id = held.unit_id AND version.voided_at IS NULL
    AND version.valid_from <= %(on)s AND (version.valid_to IS NULL OR version.valid_to > %(on)s)
WHERE held.user_id = %(user)s AND held.voided_at IS NULL
    AND held.valid_from <= %(on)s AND (held.valid_to IS NULL OR held.valid_to > %(on)s)
ORDER BY unit.code, held.role"""


def memberships_of(user_id: int, *, on: date) -> list[HeldRole]:
    """The roles a person holds on a day, in order of unit; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"on": connection.ops.adapt_datefield_value(on), "user": user_id})
        return [HeldRole(*row) for row in cursor.fetchall()]


def membership_history(user_id: int) -> QuerySet[Membership]:
    """Every role in force, ended or to come, of an account."""
    return Membership.objects.live().filter(user_id=user_id).select_related("unit").order_by("-valid_from", "role")


def accounts_with_roles(*, on: date, query: str = "") -> list[tuple[User, list[HeldRole]]]:
    """Accounts in order of name with their roles on a day; two queries."""
    words = text.search_key(query).split()
    users = [
        u
        for u in User.objects.order_by("username")
        if all(w in text.search_key(f"{u.full_name} {u.username}") for w in words)
    ]
    held: dict[int, list[HeldRole]] = {}
    name = UnitVersion.objects.live().filter(in_force(on), unit=OuterRef("unit_id"))
    rows = (
        Membership.objects.live()
        .filter(in_force(on))
        .annotate(
            unit_name=Subquery(name.values("short_name")[:1]), unit_kind=F("unit__kind"), unit_code=F("unit__code")
        )
    )
    for m in rows.order_by("unit__code", "role"):
        role = HeldRole(m.pk, m.role, m.unit_id, m.unit_name or "", m.unit_kind, m.unit_code)
        held.setdefault(m.user_id, []).append(role)
    return [(u, held.get(u.pk, [])) for u in users]
