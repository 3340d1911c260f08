"""Which figures a unit confirms in its report, and what they come to: those of whose registers it has a record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chuan.reporting import queries
from chuan.reporting.evidence import evidence_of
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.scope import Scope
from chuan.reporting.queries import Share

#: Figures that every unit confirms; of the others those of which it keeps or claims a record.
ALWAYS = ("CT2", "CT2-L")
SELDOM = tuple(code for code in INDICATORS if code not in ALWAYS)


@dataclass(frozen=True)
class Prefilled:
    """One figure as the unit's page shows it: the value from the unit's own records."""

    id: str
    title: str
    unit: str
    value: int
    right: bool | None
    missing: str
    #: The value that the unit had before its eyes when it judged; None where it has not yet.
    seen: int | None = None
    #: How many records stand behind it; None where that was not asked, or not sealed with an earlier report.
    records: int | None = None

    @property
    def changed(self) -> bool:
        """The records changed since the unit judged the figure."""
        return self.seen is not None and self.seen != self.value

    @property
    def happened(self) -> bool:
        """It counts what was done in the period: of a level on a day that is not said."""
        return bool(self.value) and not INDICATORS[self.id].spec.level

    @property
    def register(self) -> tuple[str, Any]:
        """Address and name of the register that it is counted in."""
        return evidence_of(self.id).register()

    @property
    def by_year(self) -> bool:
        """The register's list shows one report year."""
        return self.id in ALWAYS


def of_unit(scope: Scope, unit_id: int) -> dict[str, Share]:
    """What a unit confirms, in the order of the plan's targets."""
    first = queries.shares(ALWAYS, scope, unit_id, had=SELDOM)
    concerning = [code for code in SELDOM if first[code].records]
    found = first | queries.shares(concerning, scope, unit_id)
    return {code: found[code] for code in INDICATORS if code in ALWAYS or code in concerning}


def of_units(scope: Scope) -> dict[str, dict[int, int]]:
    """Every unit's: figure → unit → value; of a figure that not all confirm, the units that have a record of it."""
    found = queries.of_units(INDICATORS, scope)
    concerned = queries.concerned(SELDOM, scope)
    for code in SELDOM:
        found[code] = {unit: found[code].get(unit, 0) for unit in concerned.get(code, ()) if unit is not None}
    return found


def among(values: Mapping[str, Mapping[int, int]], unit_id: int) -> dict[str, Share]:
    """One unit's of every unit's."""
    return {code: Share(held.get(unit_id, 0)) for code, held in values.items() if code in ALWAYS or unit_id in held}


def in_order(codes: Iterable[str]) -> list[str]:
    """Figures of a report in the order of the plan's targets: PostgreSQL keeps an object's keys in its own."""
    return sorted(codes, key=list(INDICATORS).index)
