"""S12, the leader's page, one sheet of A4: what waits for me, the targets, tasks in red, who reported, the money.

brief_of(actor)  decisions: what waits for this person's signature or approval
  └─ year.py     the sentence, the targets in their printed words, the receipts
  └─ the annex   tasks that units left undone, or whose printed time ran out with nothing to show
  └─ money       what units spent, by source
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuan.audit import memory
from chuan.audit.actor import Actor
from chuan.lib import clock, numbers
from chuan.organisations.rules import Role
from chuan.portal.home import Desk
from chuan.portal.year import Receipts, Target, glances_of, horizons_of, receipts_of, sentence, targets_of
from chuan.programme.queries import plan_on
from chuan.programme.rules import TimingRule
from chuan.reporting import beside, consolidation, contributions, obligations, overview
from chuan.reporting.collecting import WITH_RESULT, MoneySource, TaskStatus
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
        annex=_annex(period, rows, own, {g.indicator for g in glances if g.value}, desk.today, log) if period else None,
        receipts=receipts_of(rows) if period else None,
        money=_money(money["by_source"]),
        told_money=money["units"],
    )


def _report_url(desk: Desk) -> str:
    """The period's consolidated report under way, else the one issued."""
    report = next(iter(_of_period(desk)), None)
    return reverse("reporting:report", args=[report.code]) if report else ""


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


_outputs: memory.Memory[tuple[set[str], dict[str, set[str]]]] = memory.Memory(size=2)


def _annex(
    period: ReportingPeriod,
    rows: Sequence[Row],
    own: Mapping[str, OwnWord],
    counted: set[str],
    today: date,
    log: memory.Log,
) -> Annex | None:
    """Tasks by what Sở and units said, what was counted by hand, and which figures stand for them."""
    document = known_document(period.plan)
    if document is None:
        return None
    by_hand, figures = _outputs.ask(period.pk, partial(_told_otherwise, period.pk), log)
    red, asked, with_result = [], 0, 0
    said = consolidation.said_of(rows, own)
    for item in document.items:
        if not hasattr(item, "task"):
            continue
        asked += 1
        words = said.get(item.code, [])
        done = any(status in WITH_RESULT for _unit, status in words)
        has_result = bool(done or item.code in by_hand or counted & figures.get(item.code, set()))
        with_result += has_result
        why = why_red(words, item.task.rules(), has_result=has_result, today=today)
        if why:
            url = reverse("programme:task", args=[period.plan.code, item.code])
            red.append(RedTask(document.label(item), " ".join(document.display(item).split()), why, url))
    return Annex(tuple(red), asked, with_result, reverse("programme:tasks", args=[period.plan.code]))


def _told_otherwise(period_id: int) -> tuple[set[str], dict[str, set[str]]]:
    """Tasks with outputs that were counted by hand; task → the figures that count it."""
    period = ReportingPeriod.objects.select_related("plan").get(pk=period_id)
    by_hand = {line.line.item.code for line in beside.outputs(period)}
    document = known_document(period.plan)
    figures: dict[str, set[str]] = {}
    for code, places in (consolidation.rows_of_indicators(document) if document else {}).items():
        for place in places:
            figures.setdefault(place, set()).add(code)
    return by_hand, figures


def why_red(words: Sequence[tuple[str, str]], rules: Sequence[TimingRule], *, has_result: bool, today: date) -> str:
    """Why a task is in red: units say that they did not begin, or its printed time ran out with nothing to show."""
    idle = [unit for unit, status in words if status == TaskStatus.NOT_BEGUN]
    if idle:
        named = ", ".join(idle[:NAMED])
        more = len(idle) - NAMED
        rest = ngettext(" và %(n)s đơn vị khác", " và %(n)s đơn vị khác", more) % {"n": more} if more > 0 else ""
        return _("Chưa thực hiện: %(units)s.") % {"units": f"{named}{rest}"}
    ended = [rule.year for rule in rules if rule.is_over(today)]
    if ended and not has_result:
        return _("Kế hoạch in đến năm %(year)s; chưa ghi nhận kết quả.") % {"year": max(ended)}
    return ""


def _money(by_source: dict[str, int]) -> tuple[tuple[str, str], ...]:
    """In the order of the plan, then the sum, in triệu đồng."""
    found = [
        (str(MoneySource(source).label), by_source[source]) for source in MoneySource.values if source in by_source
    ]
    if len(found) > 1:
        found.append((_("Cộng"), sum(by_source.values())))
    return tuple((source, numbers.format_trieu(amount, unit=False)) for source, amount in found)
