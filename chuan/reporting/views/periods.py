"""The regime of reporting, periods, and the dated list of who owes a report."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.audit import memory
from chuan.audit.actor import Actor
from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import OrganisationUnit
from chuan.programme.models import Plan
from chuan.programme.queries import plan_on
from chuan.reporting import obligations, policies, regime
from chuan.reporting.collecting import RuleTopic
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import (
    CutOffForm,
    ObligationForm,
    PeriodForm,
    ReasonForm,
    RequestForm,
    RuleForm,
    WaiverForm,
)
from chuan.reporting.models import CalendarDayFacts, RegimeRule, ReportingPeriod, Waiver
from chuan.reporting.obliged import choices_of, obliged_on, proposed, unit_choices
from chuan.reporting.reach import Unreached, unreached
from chuan.reporting.services import periods as services
from chuan.reporting.services.calendar import set_cut_off
from chuan.web.idempotency import once


def _plan(request: HttpRequest) -> Plan:
    """The plan in force, for who works with its regime."""
    plan = plan_on(clock.today())
    if not policies.is_of_department(actor_of(request)):
        raise PermissionDenied
    if plan is None:
        raise Http404
    return plan


@login_required
@require_http_methods(["GET", "POST"])
def new_period(request: HttpRequest) -> HttpResponse:
    """Open a year, or a report asked for besides: the deadline as the rules give it, the units that owe it."""
    actor, plan, year = actor_of(request), _plan(request), clock.today().year
    if not policies.may_write_report(actor):
        raise PermissionDenied
    form = PeriodForm(request.POST or None, initial=_proposed(plan, year, actor))
    if request.method == "POST" and form.is_valid():
        data = _opened(plan, dict(form.cleaned_data))

        def effect() -> tuple[str, str]:
            made = services.open_period(actor=actor, plan=plan, **data)
            return f"{reverse('reporting:tracking')}?period={made.code}", _("Đã mở kỳ “%(period)s”.") % {"period": made}

        try:
            return once(request, effect)
        except ReportingError as error:
            form.add_error(None, str(error))
    context = {"form": form, "unreached": _unreached(plan, form["units"].value()), "year": year}
    return render(request, "reporting/period_form.html", context, status=422 if form.errors else 200)


def _unreached(plan: Plan, codes: Sequence[str] | None) -> list[Unreached]:
    """Rows of the annex that the units with a tick leave without anybody."""
    asked = OrganisationUnit.objects.filter(code__in=codes or ()).values_list("pk", flat=True)
    return unreached(plan, clock.today(), list(asked))


def _proposed(plan: Plan, year: int, actor: Actor) -> dict[str, Any]:
    """What the form begins with: frozen words in Vietnamese, whatever the reader's language."""
    with translation.override("vi"):
        basis = _("Mục IV %(plan)s") % {"plan": plan}
    falls = regime.falls(regime.rules_of(plan), RuleTopic.UNITS, year)
    deadline = falls.due.falls if falls else plan.deadline(year)
    return {
        "year": year,
        "deadline": deadline,
        "cut_off": plan.year_window(year).end,
        "basis": basis,
        "units": proposed(plan, year, clock.today(), besides=actor.unit_id),
    }


def _opened(plan: Plan, data: dict[str, Any]) -> dict[str, Any]:
    """What the service opens; the deadline names the rule that it follows."""
    chosen, basis, first, last = (data.pop(name) for name in ("units", "basis", "first", "last"))
    falls = regime.falls(regime.rules_of(plan), RuleTopic.UNITS, data["year"])
    follows = falls is not None and falls.due.falls == data["deadline"] and not data["title"]
    return {
        **data,
        "units": [(unit, basis) for unit in OrganisationUnit.objects.filter(code__in=chosen)],
        "window": Window(first, last) if first else None,
        "deadline_basis": falls.basis if falls is not None and follows else data["letter"],
    }


@login_required
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The dated rules of reporting, those that nobody has entered too; a specialist enters one."""
    actor, plan = actor_of(request), _plan(request)
    form = RuleForm(request.POST or None, initial={"valid_from": plan.signed})
    if request.method == "POST":
        if not policies.may_write_report(actor):
            raise PermissionDenied
        if form.is_valid():

            def effect() -> tuple[str, str]:
                services.set_rule(actor=actor, plan=plan, **form.cleaned_data)
                return reverse("reporting:regime"), _("Đã ghi quy tắc.")

            try:
                return once(request, effect)
            except ReportingError as error:
                form.add_error(None, str(error))
    return _rules(request, plan, form, status=422 if form.errors else 200)


def _rules(request: HttpRequest, plan: Plan, form: RuleForm, *, status: int, error: str = "") -> HttpResponse:
    held, year = regime.rules_of(plan), clock.today().year
    calendar = regime.calendar_of(year)
    deadlines = [topic for topic in RuleTopic if topic != RuleTopic.DAY_OFF]
    context = {
        "plan": plan,
        "year": year,
        "topics": [(topic, [rule for rule in held if rule.topic == topic]) for topic in RuleTopic],
        "deadlines": [(topic.label, regime.falls(held, topic, year, calendar)) for topic in deadlines],
        "form": form,
        "reason_form": ReasonForm(),
        "error": error,
        "may_write": policies.may_write_report(actor_of(request)),
    }
    return render(request, "reporting/regime.html", context, status=status)


@login_required
@require_POST
def end_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule back, with the reason."""
    plan = _plan(request)
    rule = get_object_or_404(RegimeRule.objects.filter(plan=plan), pk=pk)
    reason = ReasonForm(request.POST)
    note = reason.cleaned_data["note"] if reason.is_valid() else ""

    def effect() -> tuple[str, str]:
        services.end_rule(actor=actor_of(request), rule=rule, reason=note)
        return reverse("reporting:regime"), _("Đã bỏ quy tắc.")

    try:
        return once(request, effect)
    except (ReportingError, Superseded) as error:
        said = str(error) if isinstance(error, ReportingError) else _("Quy tắc này đã được bỏ.")
        return _rules(request, plan, RuleForm(), status=409, error=said)


def _period(request: HttpRequest, code: str) -> ReportingPeriod:
    if not policies.is_of_department(actor_of(request)):
        raise PermissionDenied
    return get_object_or_404(ReportingPeriod.objects.select_related("plan"), code=code)


@login_required
@require_GET
def period(request: HttpRequest, code: str) -> HttpResponse:
    """A period: deadline and where it comes from, data window, cut-off, the dated list of obliged units."""
    return _show(request, _period(request, code))


_ground: memory.Memory[tuple[list[RegimeRule], dict[date, CalendarDayFacts]]] = memory.Memory(size=4)


def _ground_of(plan: Plan, year: int) -> tuple[list[RegimeRule], dict[date, CalendarDayFacts]]:
    """What deadlines rest on: the plan's rules and the days on which offices are closed."""
    return regime.rules_of(plan), regime.calendar_of(year)


def _show(request: HttpRequest, found: ReportingPeriod, *, status: int = 200, **forms: Any) -> HttpResponse:
    actor, today = actor_of(request), clock.today()
    rows = obligations.tracking(found, today=today)
    owing, on_days = {row.obligation.unit.code for row in rows}, obliged_on(today, found.first)
    held, calendar = _ground.ask((found.plan_id, found.year), partial(_ground_of, found.plan, found.year))
    # The regime's deadlines are those of every year.
    later = () if found.is_ad_hoc else (RuleTopic.COMMITTEE, RuleTopic.MINISTRY)
    context = {
        "period": found,
        "cut_off": regime.cut_off_of(found),
        "cut_off_form": CutOffForm(initial={"on": found.last}),
        **_consolidated(actor, found),
        "rows": rows,
        "standing": on_days[0],
        "later": [(topic.label, regime.falls(held, topic, found.year, calendar)) for topic in later],
        "add_form": ObligationForm(choices=[u for u in choices_of(on_days) if u[0] not in owing]),
        "waiver_form": WaiverForm(),
        "reason_form": ReasonForm(),
        "may_write": policies.may_write_report(actor),
        **forms,
    }
    return render(request, "reporting/period.html", context, status=status)


def _consolidated(actor: Actor, found: ReportingPeriod) -> dict[str, Any]:
    """The period's consolidated reports, and the document that asked for an ad hoc one."""
    asked = regime.request_of(found) if found.is_ad_hoc else None
    return {
        "asked": asked,
        "request_form": RequestForm(initial=asked.plain() if asked else None, prefix="request"),
        "reports": list(policies.visible_reports(actor).filter(period=found)),
    }


def _do(request: HttpRequest, found: ReportingPeriod, service: Any, said: str, **forms: Any) -> HttpResponse:
    def effect() -> tuple[str, str]:
        service()
        return reverse("reporting:period", args=[found.code]), said

    try:
        return once(request, effect)
    except ReportingError as error:
        return _show(request, found, status=409, error=str(error), **forms)


@login_required
@require_POST
def add_unit(request: HttpRequest, code: str) -> HttpResponse:
    """A further unit owes the period's report."""
    found = _period(request, code)
    form = ObligationForm(request.POST, choices=unit_choices(clock.today(), found.first))
    if not form.is_valid():
        return _show(request, found, status=422, add_form=form)
    data = {name: form.cleaned_data[name] for name in ("basis", "document")}
    unit = OrganisationUnit.objects.get(code=form.cleaned_data["unit"])
    return _do(
        request,
        found,
        lambda: services.add_obligation(actor=actor_of(request), period=found, unit=unit, **data),
        _("Đã thêm đơn vị phải báo cáo."),
        add_form=form,
    )


@login_required
@require_POST
def cut_off(request: HttpRequest, code: str) -> HttpResponse:
    """Say when the figures of a period are closed that was opened without it."""
    found, form = _period(request, code), CutOffForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=422, cut_off_form=form)
    return _do(
        request,
        found,
        lambda: set_cut_off(actor=actor_of(request), period=found, **form.cleaned_data),
        _("Đã ấn định ngày chốt số liệu."),
        cut_off_form=form,
    )


@login_required
@require_POST
def record_request(request: HttpRequest, code: str) -> HttpResponse:
    """Record, or correct, the document that asked for an ad hoc report."""
    found, form = _period(request, code), RequestForm(request.POST, prefix="request")
    if not form.is_valid():
        return _show(request, found, status=422, request_form=form)
    said: Any = form.cleaned_data
    return _do(
        request,
        found,
        lambda: services.record_request(actor=actor_of(request), period=found, request=said),
        _("Đã ghi văn bản yêu cầu báo cáo."),
        request_form=form,
    )


@login_required
@require_POST
def waive(request: HttpRequest, code: str) -> HttpResponse:
    """A unit need not report, by a document."""
    obligation = policies.visible_obligations(actor_of(request)).filter(code=code).first()
    if obligation is None:
        raise Http404
    found, form = _period(request, obligation.period.code), WaiverForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=422, waiver_form=form, waiving=obligation.code)
    return _do(
        request,
        found,
        lambda: services.waive(actor=actor_of(request), obligation=obligation, **form.cleaned_data),
        _("Đã ghi việc miễn báo cáo."),
        waiver_form=form,
        waiving=obligation.code,
    )


@login_required
@require_POST
def end_waiver(request: HttpRequest, code: str) -> HttpResponse:
    """The unit owes the report again."""
    obligation = policies.visible_obligations(actor_of(request)).filter(code=code).first()
    if obligation is None:
        raise Http404
    found = _period(request, obligation.period.code)
    waiver = get_object_or_404(Waiver.objects.live().select_related("obligation"), obligation=obligation)
    form = ReasonForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    return _do(
        request,
        found,
        lambda: services.end_waiver(actor=actor_of(request), waiver=waiver, reason=note),
        _("Đơn vị phải báo cáo trở lại."),
    )
