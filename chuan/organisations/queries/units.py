"""Reads of units and what became of them, named for the question."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chuan.lib import clock, text
from chuan.lib.dates import format_date
from chuan.organisations.models import DraftingRoom, OrganisationUnit, UnitVersion
from chuan.organisations.rules import DEPARTMENT, TERRITORIAL, Period


def in_force(on: date, prefix: str = "") -> Q:
    """Valid on the day `on` ([valid_from, valid_to))."""
    begun = Q(**{f"{prefix}valid_from__lte": on})
    return begun & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on}))


def versions_on(on: date, known: datetime | None = None) -> QuerySet[UnitVersion]:
    """Each unit's version in force on a day, as known now or at `known`."""
    versions = UnitVersion.objects.live() if known is None else UnitVersion.objects.known(known)
    return versions.filter(in_force(on)).select_related("unit")


def versions_on_any(days: Iterable[date]) -> QuerySet[UnitVersion]:
    """Versions in force on at least one of the days, as known now."""
    return UnitVersion.objects.live().filter(reduce(or_, (in_force(day) for day in days)))


def versions_during(period: Period) -> QuerySet[UnitVersion]:
    """Versions in force on some day of the period, the later of a unit after the earlier."""
    found = UnitVersion.objects.live().select_related("unit")
    if period.start is not None:
        found = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=period.start))
    if period.end is not None:
        found = found.filter(valid_from__lt=period.end)
    return found.order_by("order", "unit_id", "valid_from")


def unit_names(on: date | None = None, *, of: Iterable[int] | None = None) -> dict[int, str]:
    """Short name of every unit (or of those of `of`) on the day (today), else the last known one; one query."""
    day = on or clock.today()
    names: dict[int, str] = {}
    versions = UnitVersion.objects.live() if of is None else UnitVersion.objects.live().filter(unit__in=set(of))
    for unit_id, name, begins in versions.order_by("valid_from").values_list("unit_id", "short_name", "valid_from"):
        if begins <= day or unit_id not in names:
            names[unit_id] = name
    return names


def unit_name(unit: OrganisationUnit) -> str:
    """The unit's short name today, else the last known one, else its code."""
    return unit_names(of=[unit.pk]).get(unit.pk, unit.code)


def drafting_rooms(unit_code: str = DEPARTMENT) -> QuerySet[DraftingRoom]:
    """The rooms that draft an office's papers, by when they began."""
    return DraftingRoom.objects.live().filter(unit__code=unit_code)


def drafting_symbol(on: date, unit_code: str = DEPARTMENT) -> str:
    """The symbol of the room that drafts an office's papers on a day; "" where nobody entered it."""
    return drafting_rooms(unit_code).filter(in_force(on)).values_list("symbol", flat=True).first() or ""


def named(query: str) -> Q:
    """The folded name holds every word of the query; a query without a letter asks for nothing in particular."""
    wanted = Q()
    for word in text.search_forms(query):
        wanted &= Q(search__contains=word)
    return wanted


def search_units(query: str, *, on: date, kinds: tuple[str, ...] = ()) -> QuerySet[UnitVersion]:
    """Units in force on the day whose folded name holds every word of the query."""
    found = versions_on(on).filter(named(query))
    if kinds:
        found = found.filter(unit__kind__in=kinds)
    return found.order_by("order")


def told_apart(version: UnitVersion, names: Mapping[int, str]) -> str:
    """The name; of a place that is no more also what stood above it and until when, as namesakes are many.

    `names`: short names by unit, of what stands above.
    """
    ends = version.valid_to
    if ends is None or ends > clock.today() or version.unit.kind not in TERRITORIAL:
        return version.name
    above = names.get(version.parent_id or 0)
    until = _("đến %(day)s") % {"day": format_date(ends)}
    return f"{version.name}, {above} ({until})" if above else f"{version.name} ({until})"


def named_units(kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """(code, name) of units of these kinds, ended or not and told apart, in order of name; one query."""
    rows = UnitVersion.objects.live().filter(unit__kind__in=kinds).order_by("valid_from").select_related("unit")
    last = {v.unit_id: v for v in rows}
    names = {unit: v.short_name for unit, v in last.items()}
    found = [(v.order, told_apart(v, names), v.unit.code) for v in last.values()]
    return [(code, name) for _order, name, code in sorted(found)]
