"""Recording to whom an issued report went, a recipient at a time."""

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
from chuan.reporting.forms import DispatchForm
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
    found, actor = report_of(request, code), actor_of(request)
    if not policies.may_send(actor):
        raise PermissionDenied
    if recipient not in Recipient.values:
        raise Http404
    form = DispatchForm(request.POST, auto_id=f"id_{recipient}_%s")
    typed = {recipient: form}
    if not form.is_valid():
        return page_of(request, found, status=422, dispatch_forms=typed)
    data = {**form.cleaned_data, "recipient": recipient, "seen": posted.number(request, "seen")}
    step = partial(dispatching.dispatch, actor=actor, report=found, **data)

    def effect() -> tuple[str, str]:
        step()
        return reverse("reporting:report", args=[code]), _("Đã ghi gửi %(to)s.") % {"to": Recipient(recipient).label}

    try:
        return once(request, effect)
    except ReportingError as error:
        return page_of(request, report_of(request, code), error=str(error), status=409, dispatch_forms=typed)
