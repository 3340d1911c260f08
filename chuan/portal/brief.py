"""S12, the leader's page, one sheet of A4: what waits for me, the targets, tasks in red, who reported, the money.

brief_of(actor)  decisions: what waits for this person's signature or approval
  └─ year.py     the sentence, the targets in their printed words, the receipts
  └─ the annex   tasks that units left undone, or whose printed time ran out with nothing to show
  └─ money       what units spent, by source
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuan.audit import memory
from chuan.audit.actor import Actor
from chuan.lib import clock, numbers
from chuan.lib.text import one_line
from chuan.organisations.rules import Role
from chuan.portal.home import Desk
from chuan.portal.year import Receipts, Target, glances_of, horizons_of, receipts_of, sentence, targets_of
from chuan.programme.queries import plan_on
from chuan.programme.rules import TimingRule
from chuan.reporting import annex, consolidation, contributions, obligations, overview
from chuan.reporting.collecting import MoneySource, TaskStatus
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.texts import TITLES
from chuan.reporting.issuing import authority_of
from chuan.reporting.models import DefinitionApproval, Report, ReportingPeriod
from chuan.reporting.obligations import Row
from chuan.reporting.own_words import OwnWord
from chuan.reporting.queries import AsOf
from chuan.reporting.rules import ReportState
from chuan.reporting.unit_reports import known_document

#: Units that are named in a line; more are counted.
NAMED = 3


@dataclass(frozen=True)
class Decision:
    """Something that waits for this person, and where it is decided."""

    sentence: str
    url: str
    action: str


@dataclass(frozen=True)
class RedTask:
    """A task of the annex that needs a leader's eye, and why."""

    label: str
    words: str
    why: str
    url: str


@dataclass(frozen=True)
class Annex:
    """The plan's annex at a glance."""

    red: tuple[RedTask, ...]
    asked: int
    with_result: int
    url: str


@dataclass(frozen=True)
class Brief:
    """The page."""

    title: str
    sentence: str
    #: Address of the year's report; "" where there is none yet.
    report_url: str
    decisions: tuple[Decision, ...]
    horizons: tuple[date, ...]
    targets: tuple[Target, ...]
    as_of: AsOf | None
    annex: Annex | None
    receipts: Receipts | None
    #: (source, triệu đồng), the sum last; empty where no unit told any.
    money: tuple[tuple[str, str], ...]
    told_money: int


def brief_of(actor: Actor) -> Brief:
    """The year that is due, for a leader of Sở KH&CN."""
    desk = Desk(actor, clock.today())
    period, log = desk.period, memory.read()
    plan = period.plan if period else plan_on(desk.today)
    rows = obligations.tracking(period, today=desk.today) if period else []
    glances = glances_of(plan, desk.today, log)
    horizons = horizons_of(glances)
    money = consolidation.money_of(rows)
    own = contributions.own_in(_of_period(desk))
    return Brief(
        title=_("Năm báo cáo %(year)s") % {"year": period.year if period else desk.today.year},
        sentence=sentence(period, rows, desk.today, issued=desk.is_issued),
        report_url=_report_url(desk),
        decisions=(*_signatures(desk), *_definitions(actor, log)),
        horizons=horizons,
        targets=targets_of(glances, horizons),
        as_of=overview.oldest(glances),
        annex=_annex(desk, rows, own, {g.indicator for g in glances if g.value}, log),
        receipts=receipts_of(rows) if period else None,
        money=_money(money["by_source"]),
        told_money=money["units"],
    )


def _report_url(desk: Desk) -> str:
    report = _report(desk)
    return reverse("reporting:report", args=[report.code]) if report else ""


def _report(desk: Desk) -> Report | None:
    """The period's consolidated report under way, else the one issued."""
    return next(iter(_of_period(desk)), None)


def _of_period(desk: Desk) -> list[Report]:
    """The period's reports, the one under way first."""
    return [one for one in (*desk.under_way, *desk.issued) if desk.period and one.period_id == desk.period.pk]


def _signatures(desk: Desk) -> list[Decision]:
    """Reports that wait for this person's signature."""
    waiting = [one for one in desk.under_way if one.state == ReportState.FOR_SIGNATURE]
    actor = desk.actor
    if not waiting or authority_of(actor.user_id, actor.role, actor.name, desk.today) is None:
        return []
    return [
        Decision(
            _("%(report)s chờ ký.") % {"report": one.name},
            reverse("reporting:report", args=[one.code]),
            _("Đọc và ký"),
        )
        for one in waiting
    ]


_proposals: memory.Memory[tuple[str, ...]] = memory.Memory(size=1)


def _definitions(actor: Actor, log: memory.Log) -> list[Decision]:
    """Definitions of figures that somebody proposed and nobody approved."""
    if actor.role != Role.DEPARTMENT_LEADER:
        return []
    return [
        Decision(
            _("Định nghĩa chỉ tiêu “%(title)s” chờ phê duyệt.") % {"title": TITLES[code]},
            f"{reverse('reporting:figure', args=[code])}?tab=definition",
            _("Xem và phê duyệt"),
        )
        for code in _proposals.ask("now", _proposed, log)
    ]


def _proposed() -> tuple[str, ...]:
    current = {code: one.definition_sha256() for code, one in INDICATORS.items()}
    steps = DefinitionApproval.objects.values_list("indicator", "definition_sha256", "step")
    of_today = [(code, step) for code, sha256, step in steps if current.get(code) == sha256]
    approved = {code for code, step in of_today if step == "approved"}
    return tuple(code for code in INDICATORS if (code, "proposed") in of_today and code not in approved)


def _annex(
    desk: Desk, rows: Sequence[Row], own: Mapping[str, OwnWord], counted: set[str], log: memory.Log
) -> Annex | None:
    """Tasks with something to show in the year, as its paper counts them; those that are left undone or too late."""
    period = desk.period
    document = known_document(period.plan) if period else None
    if period is None or document is None:
        return None
    plan, said = period.plan, consolidation.said_of(rows, own)
    in_year, before = _results(desk, period, rows, own, log)
    ever = in_year | before | annex.counting(plan, counted, log)
    tasks = [item for item in document.items if hasattr(item, "task")]
    red = []
    for item in tasks:
        words, rules = said.get(item.code, []), item.task.rules()
        why = why_red(words, rules, signed=plan.signed, has_result=item.code in ever, today=desk.today)
        if why:
            url = reverse("programme:task", args=[plan.code, item.code])
            red.append(RedTask(document.label(item), one_line(document.display(item)), why, url))
    with_result = sum(item.code in in_year for item in tasks)
    return Annex(tuple(red), len(tasks), with_result, reverse("programme:tasks", args=[plan.code]))


def _results(
    desk: Desk, period: ReportingPeriod, rows: Sequence[Row], own: Mapping[str, OwnWord], log: memory.Log
) -> tuple[frozenset[str], frozenset[str]]:
    """Tasks with something to show in the year: by its report once that is frozen; and in what was issued before."""
    report = _report(desk)
    issued = {one.content_id for one in desk.issued if one.period.plan_id == period.plan_id and one.content_id}
    frozen = report.content_id if report else None
    by_content = annex.frozen_results(issued | {frozen} if frozen else issued, log)
    in_year = by_content[frozen] if frozen else annex.results_of(period, rows, own, log)
    return in_year, frozenset().union(*(by_content[one] for one in issued))


def why_red(
    words: Sequence[tuple[str, str]], rules: Sequence[TimingRule], *, signed: date, has_result: bool, today: date
) -> str:
    """Why a task is in red: units say that they did not begin, or its printed time ran out with nothing to show.

    `signed`: the plan's day, from which terms of years are counted.
    """
    idle = [unit for unit, status in words if status == TaskStatus.NOT_BEGUN]
    if idle:
        named = ", ".join(idle[:NAMED])
        more = len(idle) - NAMED
        rest = ngettext(" và %(n)s đơn vị khác", " và %(n)s đơn vị khác", more) % {"n": more} if more > 0 else ""
        return _("Chưa thực hiện: %(units)s.") % {"units": f"{named}{rest}"}
    ended = [rule for rule in rules if rule.is_over(today, signed)]
    if not ended or has_result:
        return ""
    latest = max(ended, key=lambda rule: rule.ends(signed)[-1])
    years = ", ".join(str(year) for year in latest.ends(signed))
    if latest.rule == "after":
        return _("Đến hạn năm %(years)s theo thời gian in trong Kế hoạch; chưa ghi nhận kết quả.") % {"years": years}
    return _("Kế hoạch in đến năm %(year)s; chưa ghi nhận kết quả.") % {"year": years}


def _money(by_source: dict[str, int]) -> tuple[tuple[str, str], ...]:
    """In the order of the plan, then the sum, in triệu đồng."""
    found = [
        (str(MoneySource(source).label), by_source[source]) for source in MoneySource.values if source in by_source
    ]
    if len(found) > 1:
        found.append((_("Cộng"), sum(by_source.values())))
    return tuple((source, numbers.format_trieu(amount, unit=False)) for source, amount in found)
