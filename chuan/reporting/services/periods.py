"""The regime of reporting, periods, and who owes a report."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.models import changes
from chuan.ledger.work import append, hold, stamp, void
from chuan.lib import text
from chuan.lib.dates import Window, day_of
from chuan.organisations.models import OrganisationUnit
from chuan.programme.models import Plan
from chuan.reporting import policies
from chuan.reporting.collecting import DayOff, PeriodKind, RuleTopic
from chuan.reporting.errors import Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.models import Obligation, RegimeRule, Report, ReportingPeriod, RequestingDocument, Waiver
from chuan.reporting.rules import TURNED_IN, ReportState


class Request(TypedDict):
    """What a requesting document is cited by."""

    kind: str
    number: str
    dated: date
    issuer: str
    summary: str


def _require_writer(actor: Actor) -> None:
    if not policies.may_write_report(actor):
        raise NotAllowed


@service()
def set_rule(
    *,
    actor: Actor,
    plan: Plan,
    topic: str,
    month: int | None = None,
    day: int | None = None,
    day_off: str = "",
    valid_from: date,
    valid_to: date | None = None,
    document: str,
    checked: bool = False,
) -> RegimeRule:
    """Enter a rule of the regime; Blocked where another of the topic holds on one of its days."""
    _require_writer(actor)
    hold(Plan, plan.pk)
    rule = RegimeRule(
        plan=plan,
        topic=RuleTopic(topic).value,
        month=month,
        day=day,
        day_off=day_off,
        valid_from=valid_from,
        valid_to=valid_to,
        document=text.nfc(document),
        checked=checked,
    )
    _require_possible(rule)
    append(rule)
    record("reporting.set_rule", plan, label=str(RuleTopic(topic).label), changes=changes(None, rule))
    return rule


def _require_possible(rule: RegimeRule) -> None:
    if not rule.document:
        raise ReasonNeeded
    if rule.valid_to is not None and rule.valid_to <= rule.valid_from:
        raise Blocked([_("ngày hết hiệu lực phải sau ngày bắt đầu")], _("Chưa ghi được quy tắc"))
    if rule.topic != RuleTopic.DAY_OFF:
        _require_day(rule)
    for other in RegimeRule.objects.live().filter(plan=rule.plan, topic=rule.topic):
        begins_before = rule.valid_to is None or other.valid_from < rule.valid_to
        if begins_before and (other.valid_to is None or rule.valid_from < other.valid_to):
            raise Blocked(
                [_("đã có quy tắc khác còn hiệu lực trong thời gian này; hãy bỏ quy tắc cũ trước")],
                _("Chưa ghi được quy tắc"),
            )


def _require_day(rule: RegimeRule) -> None:
    """The day exists in every year: 29 February does not."""
    try:
        date(2001, rule.month or 0, rule.day or 0)
    except ValueError:
        raise Blocked([_("ngày, tháng của hạn không có trong mọi năm")], _("Chưa ghi được quy tắc")) from None


@service()
def end_rule(*, actor: Actor, rule: RegimeRule, reason: str) -> None:
    """Take a rule back, with the reason; periods that were opened by it keep their deadline."""
    _require_writer(actor)
    if not reason.strip():
        raise ReasonNeeded
    void(rule, text.nfc_multiline(reason))
    record("reporting.end_rule", rule.plan, label=str(RuleTopic(rule.topic).label), reason=reason)


@service()
def ship_regime(*, actor: Actor, plan: Plan) -> list[RegimeRule]:
    """The rules that come with a plan: the units' deadline as printed; a custom about days off that nobody checked.

    The deadlines of Sở KH&CN itself are not printed: they stay unset until somebody enters them.
    """
    _require_writer(actor)
    held = set(RegimeRule.objects.live().filter(plan=plan).values_list("topic", flat=True))
    shipped: list[RegimeRule] = []
    if RuleTopic.UNITS not in held:
        printed = {"month": plan.report_due["month"], "day": plan.report_due["day"]}
        words = f"{plan}, thời hạn báo cáo định kỳ"
        shipped.append(_shipped(plan, topic=RuleTopic.UNITS, document=words, checked=True, **printed))
    if RuleTopic.DAY_OFF not in held:
        words = "Thông lệ, chưa xác định văn bản"
        shipped.append(_shipped(plan, topic=RuleTopic.DAY_OFF, day_off=DayOff.NEXT, document=words))
    record("reporting.ship_regime", plan, changes={"rules": [0, len(shipped)]})
    return shipped


def _shipped(plan: Plan, **facts: Any) -> RegimeRule:
    return append(RegimeRule(plan=plan, valid_from=plan.signed, **facts))


@service(lock="shared")
def open_period(
    *,
    actor: Actor,
    plan: Plan,
    year: int,
    deadline: date,
    letter: str,
    units: Sequence[tuple[OrganisationUnit, str]],
    deadline_basis: str = "",
    cut_off: date | None = None,
    title: str = "",
    window: Window | None = None,
    document: str = "",
    request: Request | None = None,
) -> ReportingPeriod:
    """Open a year's reporting for the obliged units, each with its basis; with a title, one asked for besides.

    `window`: the days whose evidence is reported (the plan's year); `cut_off`: when Sở closes the figures, not
    before its end; where it is not known yet it is said later, and nothing is frozen before.
    `document`: by which the units owe it, where it is not the basis itself. `request`: what asked for an ad hoc
    report; where it is not at hand yet it is recorded later, and nothing is frozen before.
    """
    _require_writer(actor)
    hold(Plan, plan.pk)
    days = window or plan.year_window(year)
    if deadline < days.start or (cut_off is not None and cut_off < days.end):
        raise Blocked(
            [_("hạn gửi phải sau ngày đầu của kỳ số liệu, ngày chốt không trước ngày cuối của kỳ")],
            _("Chưa mở được kỳ báo cáo"),
        )
    if days.end < plan.signed:
        raise Blocked(
            [_("kỳ số liệu kết thúc trước ngày ban hành %(plan)s, thuộc kế hoạch trước") % {"plan": plan}],
            _("Chưa mở được kỳ báo cáo"),
        )
    period = append(
        ReportingPeriod(
            code=_code(plan, year, ad_hoc=bool(title)),
            plan=plan,
            kind=PeriodKind.AD_HOC if title else PeriodKind.ANNUAL,
            year=year,
            title=text.nfc(title),
            deadline=deadline,
            deadline_basis=text.nfc(deadline_basis),
            first=days.start,
            last=days.end,
            cut_off=cut_off,
            letter=letter,
        )
    )
    for unit, basis in units:
        _oblige(period, unit, basis, document)
    if request is not None:
        record_request(actor=actor, period=period, request=request)
    record("reporting.open_period", period, changes={"units": [0, len(units)], "deadline": [None, deadline]})
    return period


@service(lock="shared")
def record_request(*, actor: Actor, period: ReportingPeriod, request: Request) -> RequestingDocument:
    """Record the document that asked for an ad hoc report; recorded again, it corrects the first.

    Blocked for a year's report, for a document of the future, while a report that cites it waits to be issued.
    """
    _require_writer(actor)
    said = {name: text.nfc(value) if isinstance(value, str) else value for name, value in request.items()}
    if not all(said.values()):
        raise ReasonNeeded
    hold(ReportingPeriod, period.pk)
    _require_citable(period, request["dated"])
    old = RequestingDocument.objects.live().filter(period=period).first()
    if old is not None:
        void(old, "ghi lại văn bản yêu cầu")
    made = append(RequestingDocument(period=period, **said))
    record("reporting.record_request", period, changes=changes(old, made))
    return made


def _require_citable(period: ReportingPeriod, dated: date) -> None:
    title = _("Chưa ghi được văn bản yêu cầu")
    if not period.is_ad_hoc:
        raise Blocked([_("báo cáo năm lập theo Kế hoạch, không theo văn bản yêu cầu riêng")], title)
    if dated > day_of(stamp()):
        raise Blocked([_("ngày văn bản ở tương lai")], title)
    frozen = (ReportState.FOR_SIGNATURE, ReportState.SIGNED, ReportState.NUMBERED)
    held = Report.objects.filter(period=period, state__in=frozen).first()
    if held is not None:
        words = _("báo cáo %(code)s đã chốt và viện dẫn văn bản đang ghi; hãy đưa báo cáo về dự thảo trước")
        raise Blocked([words % {"code": held.code}], title)


def _code(plan: Plan, year: int, *, ad_hoc: bool) -> str:
    """One annual period a year; those besides are numbered."""
    held = ReportingPeriod.objects.filter(plan=plan, year=year)
    if not ad_hoc:
        if held.filter(kind=PeriodKind.ANNUAL).exists():
            raise Blocked([_("năm %(year)s đã mở kỳ báo cáo") % {"year": year}], _("Chưa mở được kỳ báo cáo"))
        return f"{plan.code}-{year}"
    return f"{plan.code}-{year}-DX{held.filter(kind=PeriodKind.AD_HOC).count() + 1}"


def _oblige(period: ReportingPeriod, unit: OrganisationUnit, basis: str, document: str) -> Obligation:
    return append(
        Obligation(
            code=f"{period.code}-{unit.code}",
            period=period,
            unit=unit,
            basis=text.nfc(basis),
            document=text.nfc(document),
            since=day_of(stamp()),
        )
    )


@service(lock="shared")
def add_obligation(
    *, actor: Actor, period: ReportingPeriod, unit: OrganisationUnit, basis: str, document: str
) -> Obligation:
    """A further unit owes the period's report from today, by a document."""
    _require_writer(actor)
    if not basis.strip() or not document.strip():
        raise ReasonNeeded
    hold(ReportingPeriod, period.pk)
    if Obligation.objects.filter(period=period, unit=unit).exists():
        raise Blocked([_("đơn vị đã có trong danh sách của kỳ này")], _("Chưa thêm được đơn vị"))
    made = _oblige(period, unit, basis, document)
    record("reporting.add_obligation", made, changes={"document": [None, made.document]}, reason=basis)
    return made


@service(lock="shared")
def waive(*, actor: Actor, obligation: Obligation, document: str, dated: date, reason: str) -> Waiver:
    """The unit need not report, by a document; Blocked where it has reported or is waived already."""
    _require_writer(actor)
    if not document.strip() or not reason.strip():
        raise ReasonNeeded
    hold(Obligation, obligation.pk)
    if Waiver.objects.live().filter(obligation=obligation).exists():
        raise Blocked([_("đơn vị đã được miễn báo cáo kỳ này")], _("Chưa ghi được việc miễn báo cáo"))
    if dated > day_of(stamp()):
        raise Blocked([_("ngày văn bản miễn ở tương lai")], _("Chưa ghi được việc miễn báo cáo"))
    if obligation.submissions.filter(state__in=TURNED_IN).exists():
        raise Blocked([_("đơn vị đã gửi báo cáo kỳ này, không cần miễn")], _("Chưa ghi được việc miễn báo cáo"))
    made = append(
        Waiver(obligation=obligation, document=text.nfc(document), dated=dated, reason=text.nfc_multiline(reason))
    )
    record("reporting.waive", obligation, changes={"document": [None, made.document]}, reason=reason)
    return made


@service(lock="shared")
def end_waiver(*, actor: Actor, waiver: Waiver, reason: str) -> None:
    """The unit owes the report again, with the reason."""
    _require_writer(actor)
    if not reason.strip():
        raise ReasonNeeded
    void(waiver, text.nfc_multiline(reason))
    record("reporting.end_waiver", waiver.obligation, reason=reason)
