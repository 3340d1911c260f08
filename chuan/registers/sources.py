"""What forms choose from, of units: (code, key, label); all of them from one query."""

from dataclasses import dataclass

from chuan.lib import clock
from chuan.organisations.models import UnitVersion
from chuan.organisations.rules import TERRITORIAL, UnitKind
from chuan.registers.forms import Shelf

Rows = list[tuple[str, int, str]]


@dataclass(frozen=True)
class Named:
    """A unit under its latest name; one that has ended says until when in `label`."""

    code: str
    key: int
    kind: str
    name: str
    label: str


def units() -> list[Named]:
    """Every unit, in order of name."""
    found: dict[str, tuple[str, Named]] = {}
    rows = UnitVersion.objects.live().order_by("valid_from")
    facts = ("unit__code", "unit_id", "unit__kind", "name", "short_name", "order", "valid_to")
    for code, key, kind, name, short, order, ends in rows.values_list(*facts):
        until = f" (đến {ends:%d/%m/%Y})" if ends and ends <= clock.today() else ""
        found[code] = (order, Named(code, key, kind, short or name, f"{name}{until}"))
    return [named for _order, named in sorted(found.values(), key=lambda pair: (pair[0], pair[1].code))]


def territories(shelf: Shelf) -> Rows:
    """Places, those of the past with their last day: old records happened in districts."""
    return _of(shelf, TERRITORIAL)


def bodies(shelf: Shelf) -> Rows:
    """Whatever is no place: organisations that may have a laboratory."""
    outside = (*TERRITORIAL, UnitKind.PROVINCE_COMMITTEE)
    return _of(shelf, [kind for kind in UnitKind if kind not in outside])


def employers(shelf: Shelf) -> Rows:
    """Whoever employs people: every unit but a province."""
    return _of(shelf, [kind for kind in UnitKind if kind != UnitKind.PROVINCE])


def enterprises(shelf: Shelf) -> Rows:
    """Enterprises."""
    return _of(shelf, [UnitKind.ENTERPRISE])


def unit_name(shelf: Shelf, key: int | None) -> str:
    """The latest short name of a unit."""
    return next((named.name for named in shelf.once(units) if named.key == key), "")


def _of(shelf: Shelf, kinds: "list[UnitKind] | tuple[UnitKind, ...]") -> Rows:
    wanted = {str(kind) for kind in kinds}
    return [(named.code, named.key, named.label) for named in shelf.once(units) if named.kind in wanted]
