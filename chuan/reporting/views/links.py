"""A single-use link: made by Sở KH&CN, answered without signing in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.files import kinds, responses
from chuan.files.kinds import MAX_BYTES, RefusedUpload
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.queries import unit_names
from chuan.registers.errors import SheetUnread
from chuan.registers.saving import XLSX
from chuan.reporting import obligations, policies, unit_reports
from chuan.reporting.errors import Blocked, LinkSpent, ReportingError
from chuan.reporting.forms import LinkForm, UnitReportForm, WorkbookForm
from chuan.reporting.forms.lines import edited
from chuan.reporting.models import AnswerLink, AnswerLinkUse, SubmissionEvent
from chuan.reporting.rules import SubmissionState
from chuan.reporting.services import links as services
from chuan.reporting.views.submissions import obligation_of
from chuan.reporting.workbooks import filling
from chuan.reporting.workbooks.basis import basis
from chuan.reporting.workbooks.judging import check
from chuan.web.idempotency import once


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, code: str) -> HttpResponse:
    """Make a link; its address is told once, where the form has led back to."""
    obligation, actor = obligation_of(request, code), actor_of(request)
    if not policies.may_enter(actor):
        raise PermissionDenied
    form = LinkForm(request.POST or None, initial={"until": max(obligation.period.deadline, clock.today())})

    def effect() -> tuple[str, str]:
        _link, token = services.make_link(actor=actor, obligation=obligation, **form.cleaned_data)
        address = settings.PUBLIC_URL + reverse("reporting:answer", args=[token])
        said = _("Liên kết chỉ hiện lần này; hãy gửi cho đơn vị ngay: %(address)s") % {"address": address}
        return request.path, said

    if request.method == "POST" and form.is_valid():
        try:
            return once(request, effect)
        except ReportingError as error:
            form.add_error(None, str(error))
    name = unit_names().get(obligation.unit_id, obligation.unit.code)
    context = {"obligation": obligation, "unit_name": name, "form": form}
    return render(request, "reporting/link.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The report of the link's unit, and nothing else; sending it spends the link, then it shows the receipt."""
    link = _link(token)
    if _is_spent(link):
        return _spent(request, link)
    typed = edited(request.POST)
    if request.method == "GET" or typed is not None:
        return _page(request, link, _form(link, typed=typed))
    form = _form(link, data=request.POST)
    if not form.is_valid():
        return _page(request, link, form, status=422)
    try:
        sent = services.answer(actor=services.bearer(link), link=link, **form.said())
    except LinkSpent:
        return _spent(request, link)
    except Blocked as error:
        return _page(request, link, form, status=409, lacking=error.reasons)
    except ReportingError as error:
        return _page(request, link, form, status=409, error=str(error))
    receipt = sent.content.receipt if sent.content else ""
    return render(request, "reporting/answer.html", {"receipt": receipt})


def _spent(request: HttpRequest, link: AnswerLink) -> HttpResponse:
    """The link answers no more; who sent by it and lost the line before the answer came reads the receipt here."""
    use = AnswerLinkUse.objects.filter(link=link).select_related("content").first()
    shown = {"sent_before": use.content} if use else {"error": str(LinkSpent())}
    return render(request, "reporting/answer.html", shown, status=410)


@never_cache
@require_GET
def workbook(request: HttpRequest, token: str) -> HttpResponse:
    """The link's report as a workbook to fill in."""
    link = _open_link(token)
    made = basis(link.obligation, unit_reports.attempts_of(link.obligation), with_draft=True)
    return responses.attachment(filling.workbook(made), filling.name_of(made), XLSX)


@never_cache
@require_POST
def from_workbook(request: HttpRequest, token: str) -> HttpResponse:
    """The page filled with what a workbook says, unless a row of it is wrong; nothing is kept before it is sent."""
    link = _open_link(token)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise SheetUnread(_("Chọn tệp Excel đã điền."))
        content = upload.read(MAX_BYTES + 1)
        if kinds.judge(upload.name or "", content).media_type != XLSX:
            raise SheetUnread(_("Cần tệp Excel đuôi .xlsx."))
        held = basis(link.obligation, unit_reports.attempts_of(link.obligation), with_draft=True)
        checked = check(content, held)
    except (SheetUnread, RefusedUpload) as error:
        return _page(request, link, _form(link), status=422, error=str(error))
    if checked.wrong:
        # Rows that cannot be read would be lost in the page, and what is left be sent as if it were all.
        return _page(request, link, _form(link), status=422, checked=checked)
    return _page(request, link, checked.form, checked=checked)


def _open_link(token: str) -> AnswerLink:
    """The link of a token, while it may be answered."""
    link = _link(token)
    if _is_spent(link):
        raise Http404
    return link


def _link(token: str) -> AnswerLink:
    found = AnswerLink.objects.select_related("obligation__period__plan", "obligation__unit", "use")
    link: AnswerLink | None = found.filter(token_sha256=services.sha256_of(token)).first()
    if link is None:
        raise Http404
    return link


def _is_spent(link: AnswerLink) -> bool:
    return hasattr(link, "use") or clock.now() >= link.expires_at


def _form(link: AnswerLink, **posted: Any) -> UnitReportForm:
    obligation = link.obligation
    attempts = unit_reports.attempts_of(obligation)
    draft = attempts.current.draft if attempts.current else {}
    lines = obligations.prefilled(obligation, draft)
    return UnitReportForm(unit_reports.filled(obligation, draft, attempts.last_year), lines, draft, **posted)


def _page(
    request: HttpRequest, link: AnswerLink, form: UnitReportForm, *, status: int = 200, **said: Any
) -> HttpResponse:
    obligation = link.obligation
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    steps = SubmissionEvent.objects.filter(submission__obligation=obligation, submission__state=SubmissionState.DRAFT)
    context = {
        "link": link,
        "events": list(steps),
        "token": token,
        "workbook_form": WorkbookForm(),
        "period": obligation.period,
        "unit_name": unit_names().get(obligation.unit_id, obligation.unit.code),
        "form": form,
        "by_link": True,
        **said,
    }
    return render(request, "reporting/answer.html", context, status=status)
