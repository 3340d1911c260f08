"""Opening a year's reporting."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import OrganisationUnit
from chuan.programme.queries import plan_on
from chuan.reporting import policies
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import PeriodForm
from chuan.reporting.services.submissions import open_period
from chuan.web.idempotency import once


@login_required
@require_http_methods(["GET", "POST"])
def new_period(request: HttpRequest) -> HttpResponse:
    """Open a year: the deadline as the plan prints it, the units that owe a report."""
    actor, plan, year = actor_of(request), plan_on(clock.today()), clock.today().year
    if not policies.may_write_report(actor):
        raise PermissionDenied
    if plan is None:
        raise Http404
    with translation.override("vi"):
        basis = _("Mục IV %(plan)s") % {"plan": plan}
    form = PeriodForm(request.POST or None, initial={"year": year, "deadline": plan.deadline(year), "basis": basis})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        chosen, words = data.pop("units"), data.pop("basis")

        def effect() -> tuple[str, str]:
            units = [(unit, words) for unit in OrganisationUnit.objects.filter(code__in=chosen)]
            open_period(actor=actor, plan=plan, units=units, **data)
            return reverse("reporting:tracking"), _("Đã mở kỳ báo cáo năm %(year)s.") % {"year": data["year"]}

        try:
            return once(request, effect)
        except ReportingError as error:
            form.add_error(None, str(error))
    return render(request, "reporting/period_form.html", {"form": form}, status=422 if form.errors else 200)
