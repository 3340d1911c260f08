"""Recording to whom an issued report went, a recipient at a time, and correcting what was recorded."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuan.organisations.middleware import actor_of
from chuan.reporting import policies
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import CorrectDispatchForm, DispatchForm
from chuan.reporting.models import Dispatch
from chuan.reporting.rules import Recipient
from chuan.reporting.services import dispatching
from chuan.reporting.views import posted
from chuan.reporting.views.heads import report_of
from chuan.reporting.views.reports import page_of
from chuan.web.idempotency import once


@login_required
@require_POST
def dispatch(request: HttpRequest, code: str, recipient: str) -> HttpResponse:
    """Record when and how a recipient was sent the report."""
    step = partial(dispatching.dispatch, recipient=recipient)
    return _said(request, code, recipient, DispatchForm, step, _("Đã ghi gửi %(to)s."))


@login_required
@require_POST
def correct(request: HttpRequest, code: str, recipient: str) -> HttpResponse:
    """Correct what was recorded of a recipient."""
    step = partial(dispatching.correct_dispatch, recipient=recipient)
    return _said(request, code, recipient, CorrectDispatchForm, step, _("Đã sửa dòng ghi gửi %(to)s."))


def _said(
    request: HttpRequest, code: str, recipient: str, fields: type[DispatchForm], step: partial[Dispatch], told: str
) -> HttpResponse:
    """Do the step with what was typed of the recipient; the page again, with it, where something is wrong."""
    found, actor = report_of(request, code), actor_of(request)
    if not policies.may_send(actor):
        raise PermissionDenied
    if recipient not in Recipient.values:
        raise Http404
    form = fields(request.POST, auto_id=f"id_{recipient}_%s")
    typed = {recipient: form}
    if not form.is_valid():
        return page_of(request, found, status=422, dispatch_forms=typed)
    step = partial(step, actor=actor, report=found, seen=posted.number(request, "seen"), **form.cleaned_data)

    def effect() -> tuple[str, str]:
        step()
        return reverse("reporting:report", args=[code]), told % {"to": Recipient(recipient).label}

    try:
        return once(request, effect)
    except ReportingError as error:
        return page_of(request, report_of(request, code), error=str(error), status=409, dispatch_forms=typed)
