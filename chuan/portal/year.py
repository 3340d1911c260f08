"""S0, the specialist's home: one sentence and one button, the plan's targets, receipts, what is in the way."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuan.audit import memory
from chuan.audit.actor import Actor
from chuan.lib import clock, numbers
from chuan.lib.dates import format_date
from chuan.portal import claims
from chuan.programme.models import Plan
from chuan.programme.queries import plan_on
from chuan.reporting import checklist, obligations, overview, policies, regime
from chuan.reporting.models import Report, ReportingPeriod
from chuan.reporting.queries import AsOf
from chuan.reporting.readings import Reading, left, verdict_in_words
from chuan.reporting.rules import ReportState, Verdict

#: Late units that are named; more are counted.
NAMED = 8


@dataclass(frozen=True)
class Line:
    """One printed target: its words, the verdict of the first stage, the value towards the last horizon."""

    words: str
    url: str
    verdict: str
    status: str
    values: tuple[str, ...]
    records: int


@dataclass(frozen=True)
class Target:
    """A target of the plan; one that the annex prints with another verb has a second line."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Receipts:
    """How many reports arrived, which of them wait to be accepted, and who is late."""

    received: int
    accepted: int
    owed: int
    waiting: tuple[str, ...]
    more_waiting: int
    late: tuple[str, ...]
    more_late: int


@dataclass(frozen=True)
class Hindrance:
    """What stands in the way of the signature, and where it is dealt with."""

    text: str
    blocks: bool
    url: str


@dataclass(frozen=True)
class Besides:
    """A report that was asked for besides the year's and is not issued yet."""

    title: str
    sentence: str
    url: str


@dataclass(frozen=True)
class Year:
    """The page."""

    title: str
    sentence: str
    url: str
    action: str
    horizons: tuple[date, ...]
    targets: tuple[Target, ...]
    #: The oldest of the figures that were computed beforehand; None where all are live.
    as_of: AsOf | None
    receipts: Receipts | None
    letters_url: str
    hindrances: tuple[Hindrance, ...] | None
    besides: tuple[Besides, ...]
    claimed: claims.Told | None


def year_of(actor: Actor) -> Year:
    """The reporting year that is due or being consolidated."""
    today, log = clock.today(), memory.read()
    period = obligations.open_period(today)
    plan = period.plan if period else plan_on(today)
    rows = obligations.tracking(period, today=today) if period else []
    asked = [one for one in obligations.ad_hoc_of(plan.pk, log) if one.first <= today] if plan else []
    reports = _latest_of(actor, [*([period] if period else []), *asked])
    report = reports.get(period.pk) if period else None
    url, action = _button(actor, period, report)
    glances = glances_of(plan, today, log)
    horizons = horizons_of(glances)
    return Year(
        title=_("Năm báo cáo %(year)s") % {"year": period.year if period else today.year},
        sentence=sentence(period, rows, today, issued=report is not None and report.state == ReportState.DISPATCHED),
        url=url,
        action=action,
        horizons=horizons,
        targets=targets_of(glances, horizons),
        as_of=overview.oldest(glances),
        receipts=receipts_of(rows) if period else None,
        letters_url=reverse("reporting:letters", args=[period.code]) if period else "",
        hindrances=_hindrances(report, rows, today) if report and report.state in _BEFORE_FREEZE else None,
        besides=tuple(_besides(asked, reports)),
        claimed=claims.told(actor.unit_id, today, log),
    )


#: While a report can still be changed, something can stand in its way.
_BEFORE_FREEZE = frozenset({ReportState.DRAFT, ReportState.REVIEWED})


def _latest_of(actor: Actor, periods: Sequence[ReportingPeriod]) -> dict[int, Report]:
    """The latest consolidated report of each period, by the period's key; one query."""
    keys = [period.pk for period in periods]
    return {
        report.period_id: report for report in policies.visible_reports(actor).filter(period__in=keys).order_by("pk")
    }


def _besides(asked: Sequence[ReportingPeriod], reports: Mapping[int, Report]) -> Iterator[Besides]:
    """What was asked for besides and is not issued, the nearest deadline first."""
    for period in sorted(asked, key=lambda one: one.deadline):
        report = reports.get(period.pk)
        if report is not None and report.state == ReportState.DISPATCHED:
            continue
        state = ReportState(report.state).label if report else _("chưa mở dự thảo")
        values = {"day": format_date(period.deadline), "state": state}
        page = ("report", report.code) if report else ("period", period.code)
        sentence = _("Hạn đơn vị gửi %(day)s · %(state)s") % values
        yield Besides(period.name, sentence, reverse(f"reporting:{page[0]}", args=[page[1]]))


def _button(actor: Actor, period: ReportingPeriod | None, report: Report | None) -> tuple[str, str]:
    if period is None:
        return reverse("reporting:new-period"), _("Mở kỳ báo cáo")
    if report is None:
        return reverse("reporting:reports"), _("Mở dự thảo báo cáo")
    words = _("Xem dự thảo báo cáo") if report.state in _BEFORE_FREEZE else _("Xem báo cáo")
    return reverse("reporting:report", args=[report.code]), words


def sentence(period: ReportingPeriod | None, rows: Sequence[obligations.Row], today: date, *, issued: bool) -> str:
    """ "Đã quá hạn đơn vị gửi 1 ngày · 3 đơn vị chưa gửi · số liệu chốt 14/12"; once it is issued, that it is."""
    if period is None:
        return _("Chưa mở kỳ báo cáo nào; kỳ mở khi có công văn đề nghị các đơn vị báo cáo.")
    missing = sum(row.is_missing for row in rows)
    waiting = (
        ngettext("%(n)s đơn vị chưa gửi", "%(n)s đơn vị chưa gửi", missing) % {"n": missing}
        if missing
        else _("mọi đơn vị đã gửi")
    )
    on = regime.cut_off_of(period)
    said = _("số liệu chốt %(day)s/%(month)s") % {"day": on.day, "month": on.month} if on else ""
    closes = said or _("chưa ấn định ngày chốt số liệu")
    due = _("Báo cáo đã phát hành") if issued else _due((period.deadline - today).days)
    return " · ".join((due, waiting, closes))


def _due(left: int) -> str:
    if left > 0:
        return ngettext("Còn %(n)s ngày đến hạn đơn vị gửi", "Còn %(n)s ngày đến hạn đơn vị gửi", left) % {"n": left}
    if left == 0:
        return _("Hôm nay là hạn đơn vị gửi")
    return ngettext("Đã quá hạn đơn vị gửi %(n)s ngày", "Đã quá hạn đơn vị gửi %(n)s ngày", -left) % {"n": -left}


def horizons_of(glances: Sequence[overview.Glance]) -> tuple[date, ...]:
    """The first and the last day that targets are set for."""
    days = sorted({r.horizon for glance in glances for r in glance.readings})
    return (days[0], days[-1]) if days else ()


def glances_of(plan: Plan | None, today: date, log: memory.Log | None = None) -> tuple[overview.Glance, ...]:
    """Figures that the plan sets a target for."""
    found = overview.of_plan(plan, today, log) if plan else ()
    return tuple(glance for glance in found if glance.readings)


def targets_of(glances: Sequence[overview.Glance], horizons: Sequence[date]) -> tuple[Target, ...]:
    """One a target in the plan's order: CT1a and CT1b are two lines of the first."""
    grouped: dict[str, list[Line]] = {}
    for glance in glances:
        grouped.setdefault(re.sub(r"\D+$", "", glance.indicator), []).append(_line(glance, horizons[0], horizons[-1]))
    return tuple(Target(tuple(lines)) for lines in grouped.values())


def _line(glance: overview.Glance, first: date, last: date) -> Line:
    readings = left(glance.readings)
    early = [r for r in readings if r.horizon == first]
    late = [r for r in readings if r.horizon == last]
    verdict, status = verdict_words(early)
    printed = (late or early or readings)[0]
    return Line(
        words=printed.source,
        url=reverse("reporting:figure", args=[glance.indicator]),
        verdict=verdict,
        status=status,
        values=tuple(_values([r for r in late if r.source == printed.source])),
        records=glance.counted,
    )


_STATUS = {Verdict.MET: "green", Verdict.NOT_MET: "red", Verdict.UNDETERMINED: "grey"}


def verdict_words(readings: Sequence[Reading]) -> tuple[str, str]:
    """ "Đạt theo cách hiểu A, chưa đạt theo B" and its colour: of the readings that are left none is preferred."""
    by: dict[str, list[str]] = {}
    for reading in sorted(readings, key=lambda r: list(Verdict).index(Verdict(r.verdict))):
        by.setdefault(verdict_in_words(reading), []).append(reading.label)
    if not by:
        return _("Không có chỉ tiêu cho giai đoạn này"), "grey"
    verdicts = {Verdict(reading.verdict) for reading in readings}
    if len(by) == 1:
        return next(iter(by)), _STATUS[verdicts.pop()]
    (first, labels), *others = by.items()
    said = [_("%(verdict)s theo cách hiểu %(labels)s") % {"verdict": first, "labels": ", ".join(labels)}]
    for verdict, their in others:
        words = _("%(verdict)s theo %(labels)s") % {"verdict": verdict, "labels": ", ".join(their)}
        said.append(words[0].lower() + words[1:])
    return ", ".join(said), "amber" if verdicts - {Verdict.UNDETERMINED} else "grey"


def _values(readings: Sequence[Reading]) -> list[str]:
    """ "64/100 người", with the readings where they count differently; what no register counts is left out."""
    found: dict[tuple[int, int, str], list[str]] = {}
    for r in readings:
        if r.value is not None:
            found.setdefault((r.value, r.target, r.unit), []).append(r.label)
    return [_value(*of, labels if len(found) > 1 else ()) for of, labels in found.items()]


def _value(value: int, target: int, unit: str, labels: Sequence[str]) -> str:
    words = f"{numbers.format_count(value)}/{numbers.format_count(target)} {unit}"
    return _("%(value)s theo %(labels)s") % {"value": words, "labels": ", ".join(labels)} if labels else words


def receipts_of(rows: Sequence[obligations.Row]) -> Receipts:
    """How many of those that owe a report sent it, whose is not accepted yet, and who is late."""
    late = [row.unit_name for row in rows if row.overdue_days]
    owed = [row for row in rows if row.waiver is None or row.is_in]
    waiting = [row.unit_name for row in rows if row.waits]
    received = sum(row.is_in for row in owed)
    return Receipts(
        received=received,
        accepted=received - len(waiting),
        owed=len(owed),
        waiting=tuple(waiting[:NAMED]),
        more_waiting=max(0, len(waiting) - NAMED),
        late=tuple(late[:NAMED]),
        more_late=max(0, len(late) - NAMED),
    )


def _hindrances(report: Report, rows: Sequence[obligations.Row], today: date) -> tuple[Hindrance, ...]:
    """Each leads where it is dealt with."""
    page = reverse("reporting:report", args=[report.code])
    return tuple(
        Hindrance(item.text, item.blocks, item.address or f"{page}#checklist")
        for item in checklist.items(report, today=today, rows=rows, whole=False)
    )
