"""Which units may owe a report, in which order and groups, and with whom the list of a new period begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from chuan.organisations.queries import versions_on, versions_on_any
from chuan.organisations.rules import AUTHORITIES, UnitKind, list_order
from chuan.programme.models import Plan
from chuan.programme.queries import named_by
from chuan.reporting.collecting import PeriodKind
from chuan.reporting.models import Obligation, ReportingPeriod

_LOCAL = (UnitKind.DISTRICT, UnitKind.COMMUNE)
#: Kinds of units that may owe a report.
KINDS = (*AUTHORITIES, *_LOCAL, UnitKind.ASSOCIATION, UnitKind.SERVICE_ORGANISATION)


@dataclass(frozen=True)
class Group:
    """Units that are chosen together: (code, name) in the order of lists."""

    code: str
    title: str
    units: Sequence[tuple[str, str]]


def groups(day: date) -> list[Group]:
    """Units that may owe a report on a day: sở and ngành, then xã and phường, then all others; one query."""
    rows = versions_on(day).filter(unit__kind__in=KINDS).values_list("unit__kind", "name", "unit__code")
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, name, code in sorted(rows, key=lambda row: list_order(row[0], row[1])):
        group = "province" if kind in AUTHORITIES else "local" if kind in _LOCAL else "others"
        found.setdefault(group, []).append((code, name))
    titles = {"province": _("Sở, ban, ngành"), "local": _("Ủy ban nhân dân xã, phường"), "others": _("Đơn vị khác")}
    return [Group(code, title, found[code]) for code, title in titles.items() if code in found]


def proposed(plan: Plan, year: int, day: date, *, besides: int | None) -> list[str]:
    """Codes of the units that a year's list begins with: last year's, in the first year those that the plan names.

    `besides`: the unit that consolidates, which reports to nobody here.
    """
    earlier = ReportingPeriod.objects.filter(plan=plan, kind=PeriodKind.ANNUAL, year__lt=year).order_by("-year").first()
    if earlier is not None:
        units = set(Obligation.objects.filter(period=earlier).values_list("unit_id", flat=True))
    else:
        units = named_by(plan, day) - {besides}
    standing = versions_on(day).filter(unit__in=units, unit__kind__in=KINDS)
    return sorted(standing.values_list("unit__code", flat=True))


def obliged_on(*days: date) -> list[dict[str, str]]:
    """Units that may owe a report, on each of the days: code → name, in the order of lists; one query."""
    found: list[dict[str, str]] = [{} for _day in days]
    rows = versions_on_any(days).filter(unit__kind__in=KINDS)
    listed = rows.values_list("unit__code", "name", "valid_from", "valid_to", "unit__kind")
    for code, name, begins, ends, _kind in sorted(listed, key=lambda row: list_order(row[4], row[1])):
        for day, names in zip(days, found, strict=True):
            if begins <= day and (ends is None or ends > day):
                names[code] = name
    return found


def unit_choices(*days: date) -> list[tuple[str, str]]:
    """Units that may owe a report on any of the days: (code, name), in order; by their name on the first day."""
    return choices_of(obliged_on(*days))


def choices_of(on_days: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Units of several days, by their name on the first of them."""
    found: dict[str, str] = {}
    for names in on_days:
        found |= {code: name for code, name in names.items() if code not in found}
    return list(found.items())
