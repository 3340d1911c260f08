"""Beginning a report that takes the place of an issued one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuan.organisations.middleware import actor_of
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import ReasonForm
from chuan.reporting.services.starting import replace_report
from chuan.reporting.views.heads import report_in_hand
from chuan.reporting.views.reports import page_of
from chuan.web.idempotency import once


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
