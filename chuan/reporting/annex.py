"""S9, the annex alive: what each task of the plan came to in a year, for one reader.

told(plan, year, reader)
  ├─ issued, read whole     the snapshot of the year's issued report               policies.reads_unit_details
  └─ else                   the reports that the reader may open and that arrived, policies.visible_obligations
                            for Sở what its draft says of the tasks;
                            with figures: those that were issued, for Sở those of today
results_of, frozen_results      which tasks have something to show, as papers count them
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuan.audit import memory
from chuan.audit.actor import Actor
from chuan.lib import clock, numbers
from chuan.lib.dates import format_date
from chuan.lib.text import one_line
from chuan.programme.models import Plan
from chuan.programme.told import Count, Told, UnitWords, YearTold
from chuan.reporting import beside, consolidation, contributions, drafts, obligations, policies
from chuan.reporting.collecting import PeriodKind, TaskAmount, TaskStatus, tally
from chuan.reporting.indicators.texts import TITLES
from chuan.reporting.models import Report, ReportContent, ReportingPeriod
from chuan.reporting.obligations import Row
from chuan.reporting.own_words import NAME, OwnWord
from chuan.reporting.papers.words import figures_of, has_result, money_of, own_of
from chuan.reporting.rules import ReportState
from chuan.reporting.unit_reports import amounts_in_words, known_document

#: Badges of statuses; one that is not here is said in plain words.
_BADGES: Mapping[str, str] = {TaskStatus.DONE: "met", TaskStatus.NOT_BEGUN: "red"}


@dataclass(frozen=True)
class _Basis:
    """What a reader's page is made of: shaped as a snapshot is."""

    source: str
    #: Its address, and what a link to it says; "" where there is none for the reader.
    link: tuple[str, str]
    tasks: Sequence[Mapping[str, Any]]
    figures: Sequence[Mapping[str, Any]]
    #: What Sở itself says, by task.
    own: Mapping[str, Any]
    #: The figures are frozen: each is opened by its code.
    frozen: bool

    @property
    def snapshot(self) -> Mapping[str, Any]:
        """What the papers' words read of it."""
        return {"figures": self.figures, "own": self.own}


def told(plan: Plan, year: int | None, reader: Actor, log: memory.Log) -> YearTold | None:
    """What became of the annex's tasks in a year of the plan, the latest that has begun where none is asked for."""
    asked = (plan.pk, clock.today())
    periods = _periods.ask(asked, partial(_begun, *asked), log)
    if not periods:
        return None
    period = periods.get(year or 0) or next(iter(periods.values()))
    basis = _basis(period, reader, log)
    tasks = {task["code"]: _told(basis, task, period.year) for task in basis.tasks if task["task"]}
    return YearTold(period.year, list(periods), basis.source, *basis.link, tasks)


_periods: memory.Memory[dict[int, ReportingPeriod]] = memory.Memory(size=4)
_indicators: memory.Memory[dict[str, set[str]]] = memory.Memory(size=4)
_outputs: memory.Memory[list[dict[str, Any]]] = memory.Memory(size=8)


def _begun(plan_id: int, today: date) -> dict[int, ReportingPeriod]:
    """The plan's annual periods by year, the latest first."""
    found = ReportingPeriod.objects.filter(plan=plan_id, kind=PeriodKind.ANNUAL, first__lte=today)
    return {period.year: period for period in found.select_related("plan").order_by("-year")}


def _counting(plan: Plan) -> dict[str, set[str]]:
    document = known_document(plan)
    return consolidation.rows_of_indicators(document) if document else {}


def _by_hand_in(period: ReportingPeriod) -> list[dict[str, Any]]:
    return [beside.plain_output(one) for one in beside.outputs(period)]


def _basis(period: ReportingPeriod, reader: Actor, log: memory.Log) -> _Basis:
    reports = list(policies.visible_reports(reader).filter(period=period))
    issued = next((one for one in reports if one.state == ReportState.DISPATCHED), None)
    snapshot = issued.content.snapshot if issued and issued.content else None
    if issued and snapshot and policies.reads_unit_details(reader):
        link = reverse("reporting:report", args=[issued.code]), _("Mở báo cáo")
        tasks, own = snapshot["collected"]["tasks"], snapshot.get("own", {})
        return _Basis(_issued_words(issued), link, tasks, snapshot["figures"], own, frozen=True)
    rows = obligations.tracking(period, today=clock.today(), among=policies.visible_obligations(reader))
    whole, plan = policies.is_of_department(reader), period.plan
    outputs = _outputs.ask(period.pk, partial(_by_hand_in, period), log) if whole else []
    indicators = _indicators.ask(plan.pk, partial(_counting, plan), log)
    tasks = consolidation.tasks_of(known_document(plan), rows, outputs, indicators)
    own = {code: word.plain() for code, word in contributions.own_in(reports).items()} if whole else {}
    source = _arrived(rows, drafted=bool(own)) if whole else _own(rows, issued)
    link = (reverse("reporting:tracking"), _("Mở trang tiếp nhận")) if whole else ("", "")
    if snapshot:
        return _Basis(source, link, tasks, snapshot["figures"], {}, frozen=True)
    figures = drafts.live_figures(period, log) if policies.can_see_live_figures(reader) else []
    return _Basis(source, link, tasks, figures, own, frozen=False)


def results_of(
    period: ReportingPeriod, rows: Sequence[Row], own: Mapping[str, OwnWord], log: memory.Log
) -> frozenset[str]:
    """Tasks with something to show in a year by what Sở says, what arrived and what is counted now, as its paper would
    say."""
    plan = period.plan
    outputs = _outputs.ask(period.pk, partial(_by_hand_in, period), log)
    indicators = _indicators.ask(plan.pk, partial(_counting, plan), log)
    tasks = consolidation.tasks_of(known_document(plan), rows, outputs, indicators)
    plain = {code: word.plain() for code, word in own.items()}
    return _with_result({"figures": drafts.live_figures(period, log), "own": plain, "collected": {"tasks": tasks}})


def frozen_results(contents: Iterable[int], log: memory.Log) -> Mapping[int, frozenset[str]]:
    """The same of frozen contents, by their keys: as their papers say; remembered."""
    asked = tuple(sorted(contents))
    return _frozen.ask(asked, partial(_of_contents, asked), log)


_frozen: memory.Memory[dict[int, frozenset[str]]] = memory.Memory(size=4)


def _of_contents(contents: Sequence[int]) -> dict[int, frozenset[str]]:
    return {one.pk: _with_result(one.snapshot) for one in ReportContent.objects.filter(pk__in=contents)}


def _with_result(snapshot: Mapping[str, Any]) -> frozenset[str]:
    tasks = snapshot["collected"]["tasks"]
    return frozenset(task["code"] for task in tasks if task["task"] and has_result(snapshot, task))


def counting(plan: Plan, figures: Collection[str], log: memory.Log) -> frozenset[str]:
    """Tasks that one of some figures counts."""
    indicators = _indicators.ask(plan.pk, partial(_counting, plan), log)
    return frozenset(task for code, tasks in indicators.items() if code in figures for task in tasks)


def _issued_words(report: Report) -> str:
    if report.number is None or report.dated is None:
        return _("Theo báo cáo tổng hợp đã phát hành.")
    said = {"number": report.number, "dated": format_date(report.dated)}
    return _("Theo Báo cáo số %(number)s/BC-SKHCN ngày %(dated)s đã phát hành.") % said


def _arrived(rows: Sequence[Row], *, drafted: bool) -> str:
    """Of whom the words are: of the units, and of Sở where its draft says something."""
    said = {"n": sum(row.is_in for row in rows), "all": len(rows), "day": format_date(clock.today())}
    if drafted:
        words = _(
            "Theo báo cáo của %(n)s/%(all)s đơn vị đã gửi đến ngày %(day)s và lời của Sở trong dự thảo báo cáo tổng "
            "hợp, số liệu tạm tính."
        )
        return words % said
    return _("Theo báo cáo của %(n)s/%(all)s đơn vị đã gửi đến ngày %(day)s, số liệu tạm tính.") % said


def _own(rows: Sequence[Row], issued: Report | None) -> str:
    """What a reader of one unit, or of none, finds here."""
    figures = _("số liệu đã phát hành") if issued else _("chưa có số liệu phát hành")
    if not rows:
        return _("Nội dung các đơn vị báo cáo do Sở Khoa học và Công nghệ tổng hợp; ở đây: %(figures)s.") % {
            "figures": figures
        }
    return _("Chỉ gồm nội dung đơn vị của bạn đã gửi; %(figures)s.") % {"figures": figures}


def _told(basis: _Basis, task: Mapping[str, Any], year: int) -> Told:
    snapshot, own = basis.snapshot, own_of(basis.snapshot, task["code"])
    counts = [_computed(one, year, frozen=basis.frozen) for one in figures_of(snapshot, task) if one["value"]]
    counts += [_by_hand(line) for line in task["outputs"]]
    units = [UnitWords(NAME, str(TaskStatus(own.status).label), own.words, own.evidence)] if own.status else []
    units += [
        UnitWords(word["unit"], str(TaskStatus(word["status"]).label), one_line(word["words"])) for word in task["said"]
    ]
    money = amounts_in_words(money_of(snapshot, task))
    each = [(NAME, amounts_in_words(own.amounts()))] if own.amounts() else []
    each += [(one["unit"], amounts_in_words(_amounts(one))) for one in task.get("money", ())]
    statuses = _statuses(task, own.status, with_result=has_result(snapshot, task))
    return Told(statuses, units, counts, money, each)


def _amounts(one: Mapping[str, Any]) -> dict[str, int]:
    return {kind: one[kind] for kind in TaskAmount.values if kind in one}


def _statuses(task: Mapping[str, Any], own: str, *, with_result: bool) -> list[tuple[str, str]]:
    """How far Sở says it is, then how many units are how far, as the printed annex assesses a task; that nobody said
    anything is not that nothing was done."""
    found = [(_BADGES.get(own, ""), str(TaskStatus(own).label))] if own else []
    found += [
        ("" if own else _BADGES.get(status, ""), _how_many(status, n))
        for status, n in tally(word["status"] for word in task["said"])
    ]
    return found or ([("", _("Có kết quả"))] if with_result else [("unknown", _("Chưa ghi nhận"))])


def _how_many(status: TaskStatus, n: int) -> str:
    words = ngettext("%(status)s: %(n)s đơn vị", "%(status)s: %(n)s đơn vị", n)
    return words % {"status": status.label, "n": n}


def _computed(figure: Mapping[str, Any], year: int, *, frozen: bool) -> Count:
    """A figure with the page of its records: as it was frozen, or as it is today."""
    code = figure["indicator"]
    today = f"{reverse('reporting:figure', args=[code])}?year={year}#records"
    url = reverse("reporting:origin", args=[figure["code"]]) if frozen else today
    return Count(str(TITLES.get(code, figure["title"])), _quantity(figure), url)


def _by_hand(line: Mapping[str, Any]) -> Count:
    return Count(line["what"], _quantity(line), evidence=line["evidence"] or _("chưa có minh chứng"))


def _quantity(said: Mapping[str, Any]) -> str:
    return f"{numbers.format_count(said['value'])} {said['unit']}"
