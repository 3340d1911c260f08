"""Beginning a report: of a year or an ad hoc period, or in the place of an issued one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chuan.audit.actor import Actor
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.reporting import dispatches, obligations, policies, replacements
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import ReasonForm
from chuan.reporting.models import ReportingPeriod
from chuan.reporting.services.starting import replace_report, start_report
from chuan.reporting.views.heads import report_in_hand
from chuan.reporting.views.reports import page_of
from chuan.web.idempotency import once


@login_required
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Reports one may see; a specialist begins one for the year's period or an ad hoc one."""
    actor, error = actor_of(request), ""
    if request.method == "POST":
        period = _named(request)

        def effect() -> tuple[str, str]:
            made = start_report(actor=actor, period=period)
            return reverse("reporting:report", args=[made.code]), _("Đã mở dự thảo báo cáo.")

        try:
            return once(request, effect)
        except ReportingError as refused:
            error = str(refused)
    context = {"error": error, **_list(actor)}
    return render(request, "reporting/reports.html", context, status=409 if error else 200)


def _list(actor: Actor) -> dict[str, Any]:
    """The reports with what became of them, and the periods that wait for one."""
    found = list(policies.visible_reports(actor))
    begun = {report.period_id for report in found}
    wanted = obligations.to_consolidate(clock.today()) if policies.may_write_report(actor) else []
    return {
        "reports": found,
        "wanted": [period for period in wanted if period.pk not in begun],
        "of_department": policies.is_of_department(actor),
        "replaced": replacements.replaced_by(found),
        "sendings": dispatches.sendings(found) if policies.reads_unit_details(actor) else {},
    }


def _named(request: HttpRequest) -> ReportingPeriod:
    """The period that the form names, else the year's that is due."""
    code = request.POST.get("period", "")
    named = ReportingPeriod.objects.select_related("plan").filter(code=code).first()
    found = named if code else obligations.open_period(clock.today())
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
def replace(request: HttpRequest, code: str) -> HttpResponse:
    """Open the draft of the report that replaces this one, with its words."""
    found, form = report_in_hand(request, code), ReasonForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, status=422, reason_form=form)

    def effect() -> tuple[str, str]:
        made = replace_report(actor=actor_of(request), report=found, note=form.cleaned_data["note"])
        words = _("Đã mở dự thảo báo cáo thay thế, có sẵn phần lời của báo cáo trước.")
        return reverse("reporting:report", args=[made.code]), words

    try:
        return once(request, effect)
    except ReportingError as error:
        return page_of(request, found, error=str(error), status=409, reason_form=form)
