"""Units that claim a record beside its keeper: the province counts it once, each of them in its own figure."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from chuan.registers.models import Claim
from chuan.reporting.indicators.scope import Scope


def is_claimed(scope: Scope, universe: str) -> bool:
    """Some record of the register was claimed by then: seldom, so that all are looked up once and asked no further."""
    if "claims" not in scope.looked_up:
        found = Claim.objects.known(scope.known).order_by().values_list("register", flat=True).distinct()
        scope.looked_up.update({"claims": True, **{f"claimed {register}": True for register in found}})
    return f"claimed {universe}" in scope.looked_up


def of_unit(scope: Scope, universe: str, member: str, unit: int) -> Q:
    """Rows that a unit claimed by then."""
    return Q(**{f"{member}__in": _claims(scope, universe).filter(unit=unit).values("record")})


def shared_out(scope: Scope, universe: str, rows: Iterable[tuple[int, int | None, Any]]) -> dict[int | None, set[Any]]:
    """Unit → identities of the rows (record, keeper, identity) that it keeps, or claimed by then."""
    others: dict[int, set[int]] = {}
    for record, unit in _claims(scope, universe).values_list("record", "unit_id"):
        others.setdefault(record, set()).add(unit)
    found: dict[int | None, set[Any]] = {}
    for record, keeper, identity in rows:
        for unit in {keeper, *others.get(record, ())}:
            found.setdefault(unit, set()).add(identity)
    return found


def _claims(scope: Scope, universe: str) -> QuerySet[Claim]:
    """A register's name is the universe of the indicators that read it."""
    return Claim.objects.known(scope.known).filter(register=universe)
