"""What Sở KH&CN does with a unit's report besides reading it: enter it from a letter, settle what is disputed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.files import responses, store
from chuan.files.kinds import MAX_BYTES, RefusedUpload
from chuan.organisations.middleware import actor_of
from chuan.organisations.queries import unit_names
from chuan.reporting import obligations, policies, unit_reports
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import LetterForm, ReasonForm, SettleForm, SignedLetterForm
from chuan.reporting.models import IncomingLetter
from chuan.reporting.services import behalf, disputes
from chuan.reporting.views.submissions import do, obligation_of, page
from chuan.web.idempotency import once


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Record a unit's letter, then type its report beside it."""
    obligation, actor = obligation_of(request, code), actor_of(request)
    if not policies.may_enter(actor):
        raise PermissionDenied
    form = LetterForm(request.POST or None, request.FILES or None)
    scan = _scan(form) if request.method == "POST" and form.is_valid() else None
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("number", "dated", "arrived")}

        def effect() -> tuple[str, str]:
            behalf.begin_on_behalf(actor=actor, obligation=obligation, scan=scan, **data)
            return reverse("reporting:submission", args=[code]), _(
                "Đã ghi văn bản đến. Nhập nội dung bên cạnh văn bản."
            )

        try:
            return once(request, effect)
        except ReportingError as error:
            form.add_error(None, str(error))
    return _enter(request, obligation, form)


def _enter(request: HttpRequest, obligation: Any, form: LetterForm) -> HttpResponse:
    name = unit_names().get(obligation.unit_id, obligation.unit.code)
    context = {"form": form, "obligation": obligation, "period": obligation.period, "unit_name": name}
    return render(request, "reporting/letter_form.html", context, status=422 if form.errors else 200)


def _scan(form: LetterForm) -> tuple[str, str, str, int] | None:
    """The kept upload; what is wrong with it stands at its field."""
    upload = form.cleaned_data["scan"]
    if upload is None:
        return None
    content = upload.read(MAX_BYTES + 1)
    try:
        digest, kind = store.receive(upload.name, content)
    except RefusedUpload as error:
        form.add_error("scan", str(error))
        return None
    if kind.media_type != "application/pdf":
        form.add_error("scan", _("Bản chụp văn bản phải là tệp PDF."))
    return digest, upload.name, kind.media_type, len(content)


@login_required
@require_GET
def letter_file(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The scan of a unit's letter, for the frame beside the form."""
    letter = (
        IncomingLetter.objects.filter(obligation=obligation_of(request, code), pk=pk).select_related("file").first()
    )
    if letter is None or letter.file is None:
        raise Http404
    return responses.shown(letter.file)


@login_required
@require_POST
def signed_letter(request: HttpRequest, code: str) -> HttpResponse:
    """Record number, date and signed file of the letter that belongs to what was sent here."""
    obligation, actor = obligation_of(request, code), actor_of(request)
    if not policies.may_record_letter(actor, obligation):
        raise PermissionDenied
    current = obligations.standing_of(unit_reports.attempts_of(obligation).own)
    if current is None or current.content is None:
        raise Http404
    form = SignedLetterForm(request.POST, request.FILES, by_department=policies.may_enter(actor))
    scan = _scan(form) if form.is_valid() else None
    if form.errors:
        return page(request, obligation, signed_form=form, status=422)
    content, data = current.content, {**form.cleaned_data, "scan": scan}
    content.submission.obligation = obligation
    return do(
        request,
        obligation,
        lambda: behalf.record_letter(actor=actor, content=content, **data),
        _("Đã ghi văn bản của đơn vị."),
        signed_form=form,
    )


@login_required
@require_POST
def settle(request: HttpRequest, code: str, figure: str) -> HttpResponse:
    """Settle a figure that the unit disputes."""
    obligation = obligation_of(request, code)
    if not policies.may_enter(actor_of(request)):
        raise PermissionDenied
    current = obligations.standing_of(unit_reports.attempts_of(obligation).own)
    content = current.content if current else None
    if content is None or figure not in content.figures:
        raise Http404
    form = SettleForm(request.POST)
    if not form.is_valid():
        return page(request, obligation, settle_form=form, settling=figure, status=422)
    content.submission.obligation = obligation
    data = {"content": content, "figure": figure, **form.cleaned_data}
    said = _("Đã ghi kết luận về số liệu %(code)s.") % {"code": figure}
    return do(
        request,
        obligation,
        lambda: disputes.settle_dispute(actor=actor_of(request), **data),
        said,
        settle_form=form,
        settling=figure,
    )


@login_required
@require_POST
def replace(request: HttpRequest, code: str) -> HttpResponse:
    """The unit begins a report that takes the accepted one's place."""
    obligation, form = obligation_of(request, code), ReasonForm(request.POST)
    if not form.is_valid():
        return page(request, obligation, reason_form=form, status=422)
    note = form.cleaned_data["note"]
    return do(
        request,
        obligation,
        lambda: behalf.start_replacement(actor=actor_of(request), obligation=obligation, reason=note),
        _("Đã mở báo cáo thay thế. Báo cáo cũ còn hiệu lực đến khi Sở tiếp nhận báo cáo mới."),
        reason_form=form,
    )
