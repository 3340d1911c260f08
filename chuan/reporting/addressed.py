"""Units as papers name and order them: as the bodies that report, ranked as distribution lists are."""

from collections.abc import Iterable

from chuan.organisations.rules import TERRITORIAL, authority_name
from chuan.reporting.obligations import Row


def name_of(row: Row) -> str:
    """The body that owes the report: of a place, its People's Committee."""
    return authority_name(row.obligation.unit.kind, row.unit_name)


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Departments and agencies of the province first, then districts, then communes; each in the order given."""
    ranks: dict[str, int] = {kind: rank for rank, kind in enumerate(TERRITORIAL, start=1)}
    return sorted(rows, key=lambda row: ranks.get(row.obligation.unit.kind, 0))
