"""A unit's report as a workbook: out pre-filled, one or all of a period; in with a verdict on each row first."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuan.files import responses, store
from chuan.organisations.middleware import actor_of
from chuan.organisations.queries import unit_names
from chuan.registers.errors import SheetUnread
from chuan.registers.saving import XLSX, kept
from chuan.registers.services import Kept
from chuan.reporting import obligations, policies, unit_reports
from chuan.reporting.errors import MovedMeanwhile, ReportingError
from chuan.reporting.forms import TakeForm, WorkbookForm
from chuan.reporting.models import Obligation, ReportingPeriod, TakenWorkbook, Waiver
from chuan.reporting.rules import SubmissionState
from chuan.reporting.services import workbooks as services
from chuan.reporting.unit_reports import Attempts
from chuan.reporting.views.submissions import obligation_of, page, rights_of
from chuan.reporting.workbooks.basis import Basis, basis
from chuan.reporting.workbooks.filling import bundle, name_of, workbook
from chuan.reporting.workbooks.judging import Check, check
from chuan.web.idempotency import once

PAGE = "reporting/workbook.html"
ZIP = "application/zip"
_SALT = "chuan.reporting.workbooks"
#: A checked file is taken in within the day, in seconds.
_AGE = 24 * 3600


@login_required
@require_GET
def blank(request: HttpRequest, code: str) -> HttpResponse:
    """The unit's workbook as it now stands: its own people's with the draft, Sở's without what a unit is writing."""
    obligation, actor = obligation_of(request, code), actor_of(request)
    acts = policies.acts_for(actor, obligation)
    if not acts and not policies.may_enter(actor):
        raise PermissionDenied
    attempts = unit_reports.attempts_of(obligation)
    typed = attempts.current is not None and attempts.current.letter_id is not None
    made = basis(obligation, attempts, with_draft=typed is not acts)
    return responses.attachment(workbook(made), name_of(made), XLSX)


@login_required
@require_GET
def every(request: HttpRequest, code: str) -> HttpResponse:
    """Every obliged unit's workbook, as the letter that asks for reports takes them along."""
    if not policies.is_of_department(actor_of(request)):
        raise PermissionDenied
    found = get_object_or_404(ReportingPeriod.objects.select_related("plan"), code=code)
    waived = Waiver.objects.live().filter(obligation__period=found).values("obligation")
    rows = Obligation.objects.filter(period=found).exclude(pk__in=waived)
    owing = list(rows.select_related("unit", "period__plan__scope"))
    values, names = (obligations.values_of_units(owing[0]) if owing else {}), unit_names()
    known = ((one, unit_reports.attempts_of(one)) for one in owing)
    made = (basis(one, attempts, with_draft=False, values=values, names=names) for one, attempts in known)
    content = bundle((name_of(one), workbook(one)) for one in made)
    return responses.attachment(content, f"{code}-mau-bao-cao.zip", ZIP)


@login_required
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Send a filled workbook, see what it would do, then take it in."""
    obligation, actor = obligation_of(request, code), actor_of(request)
    attempts = unit_reports.attempts_of(obligation)
    current, rights = attempts.current, rights_of(actor, obligation, attempts.current)
    if not rights["writes"]:
        raise PermissionDenied
    if not rights["editable"] and not rights["may_start"]:
        state = SubmissionState(current.state).label if current else ""
        return page(request, obligation, status=409, error=str(MovedMeanwhile(state)))
    if request.method != "POST":
        return _page(request, obligation, form=WorkbookForm())
    held = basis(obligation, attempts, with_draft=True)
    return _take(request, attempts, held) if "token" in request.POST else _check(request, held)


def _page(request: HttpRequest, obligation: Obligation, *, status: int = 200, **shown: Any) -> HttpResponse:
    named = shown.pop("unit_name", "") or obligation.unit.code
    context = {"obligation": obligation, "period": obligation.period, "unit_name": named, **shown}
    return render(request, PAGE, context, status=status)


def _check(request: HttpRequest, held: Basis) -> HttpResponse:
    form = WorkbookForm(request.POST, request.FILES)
    file = kept(form)
    if file is not None and file.media_type != XLSX:
        form.add_error("file", _("Cần tệp Excel đuôi .xlsx."))
    if file is None or form.errors:
        return _page(request, held.obligation, form=form, unit_name=held.unit_name, status=422)
    try:
        checked = check(store.path_of(file.digest).read_bytes(), held)
    except SheetUnread as error:
        form.add_error("file", str(error))
        return _page(request, held.obligation, form=form, unit_name=held.unit_name, status=422)
    return _shown(request, held, checked, file, status=422 if checked.wrong else 200)


def _shown(request: HttpRequest, held: Basis, checked: Check, file: Kept, *, status: int, **more: Any) -> HttpResponse:
    token = signing.dumps([_who(request, held), *_facts(file), checked.sha256], salt=_SALT)
    shown = {"checked": checked, "file": file, "take_form": TakeForm(initial={"token": token}), **more}
    return _page(request, held.obligation, unit_name=held.unit_name, status=status, **shown)


def _who(request: HttpRequest, held: Basis) -> list[Any]:
    """For whom a checked file may be taken in, and into which report."""
    return [actor_of(request).user_id, actor_of(request).unit_id, held.obligation.code]


def _facts(file: Kept) -> list[Any]:
    return [file.digest, file.name, file.media_type, file.size]


def _take(request: HttpRequest, attempts: Attempts, held: Basis) -> HttpResponse:
    form = TakeForm(request.POST)
    try:
        who, digest, name, media_type, size, expected = signing.loads(request.POST["token"], salt=_SALT, max_age=_AGE)
        if who != _who(request, held):
            raise signing.BadSignature
        checked = check(store.path_of(digest).read_bytes(), held, form.ticks())
    except (signing.BadSignature, ValueError, OSError, SheetUnread):
        again = WorkbookForm({})
        again.add_error(None, _("Lần kiểm tra trước không còn dùng được. Chọn lại tệp để kiểm tra lại."))
        return _page(request, held.obligation, form=again, unit_name=held.unit_name, status=422)
    file = Kept(digest=digest, name=name, media_type=media_type, size=size)
    if checked.sha256 != expected or checked.wrong or not checked.changed:
        return _shown(request, held, checked, file, status=409, moved=True)
    if checked.asked:
        return _shown(request, held, checked, file, status=422, asked=True)
    return _write(request, attempts, held, checked, file)


def _write(request: HttpRequest, attempts: Attempts, held: Basis, checked: Check, file: Kept) -> HttpResponse:
    actor, current, said = actor_of(request), attempts.current, checked.form.said()

    def effect() -> tuple[str, str]:
        if current is None:
            services.start_with_workbook(actor=actor, obligation=held.obligation, file=file, **said)
        else:
            services.take_workbook(actor=actor, submission=current, version=held.version, file=file, **said)
        words = _("Đã ghi nội dung của tệp vào báo cáo. Xem lại, rồi trình lãnh đạo.")
        return reverse("reporting:submission", args=[held.obligation.code]), words

    try:
        return once(request, effect)
    except ReportingError as error:
        return page(request, held.obligation, status=409, error=str(error))


@login_required
@require_GET
def taken(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A workbook as it was taken in; while a unit is writing, Sở does not read it."""
    obligation, actor = obligation_of(request, code), actor_of(request)
    found = TakenWorkbook.objects.filter(submission__obligation=obligation, pk=pk).select_related("file", "submission")
    made = found.first()
    if made is None:
        raise Http404
    writing = made.submission.content_id is None and made.submission.letter_id is None
    if writing and policies.is_of_department(actor) and not policies.acts_for(actor, obligation):
        raise Http404
    return responses.download(made.file)
