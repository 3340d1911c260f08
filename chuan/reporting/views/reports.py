"""S5: the consolidated report, from draft to dispatch."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.files import responses, store
from chuan.files.kinds import MAX_BYTES, RefusedUpload
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.reporting import checklist, drafts, obligations, papers, policies
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import DispatchForm, NoteForm, NumberForm, WordsForm
from chuan.reporting.models import Paper, Report
from chuan.reporting.rules import REPORT_MOVES, ReportState
from chuan.reporting.services import reports as services
from chuan.web.idempotency import once


def _report(request: HttpRequest, code: str) -> Report:
    found = policies.visible_reports(actor_of(request)).filter(code=code).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Reports one may see; a specialist begins one for the open period."""
    actor = actor_of(request)
    period = obligations.open_period(clock.today())
    if request.method == "POST":
        if period is None:
            raise Http404

        def effect() -> tuple[str, str]:
            made = services.start_report(actor=actor, period=period)
            return reverse("reporting:report", args=[made.code]), _("Đã mở dự thảo báo cáo.")

        return once(request, effect)
    context = {
        "reports": policies.visible_reports(actor),
        "period": period,
        "may_write": policies.may_write_report(actor),
    }
    return render(request, "reporting/reports.html", context)


@login_required
@require_GET
def report(request: HttpRequest, code: str) -> HttpResponse:
    """One report: words, figures, checklist, papers, steps."""
    return _page(request, _report(request, code))


def _page(request: HttpRequest, found: Report, *, error: str = "", status: int = 200, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    of_department = policies.is_of_department(actor)
    moves = [m for m in REPORT_MOVES.values() if m.before == found.state and policies.may_move(actor, m)]
    if actor.role == "clerk" and not policies.is_department_clerk(actor):
        moves = []
    writable = found.state == ReportState.DRAFT and policies.may_write_report(actor)
    context = {
        "report": found,
        "period": found.period,
        "content": found.content,
        "figures": found.content.snapshot["figures"]
        if found.content
        else drafts.live_figures(found)
        if of_department
        else [],
        "items": checklist.items(found, today=clock.today()) if of_department and not found.content else [],
        "papers": Paper.objects.filter(frozen=found.content).select_related("file") if found.content else [],
        "events": found.events.all() if of_department else [],
        "moves": moves,
        "writable": writable,
        "of_department": of_department,
        "words_form": forms.get("words_form") or WordsForm(initial=found.draft),
        "number_form": forms.get("number_form") or NumberForm(initial={"dated": clock.today()}),
        "dispatch_form": forms.get("dispatch_form") or DispatchForm(),
        "note_form": NoteForm(),
        "steps": ReportState.choices,
        "error": error,
    }
    return render(request, "reporting/report.html", context, status=status)


@login_required
@require_POST
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Save the words."""
    found = _report(request, code)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, words_form=form, status=422)
    version = request.POST.get("version", "")

    def effect() -> tuple[str, str]:
        number = int(version) if version.isdigit() else -1
        services.save_words(actor=actor_of(request), report=found, version=number, words=form.cleaned_data)
        return reverse("reporting:report", args=[code]), _("Đã lưu.")

    try:
        return once(request, effect)
    except ReportingError as error:
        return _page(request, found, words_form=form, error=str(error), status=409)


@login_required
@require_GET
def draft_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The draft as PDF with its watermark; nothing is frozen or stored."""
    found = _draft(request, code)
    snapshot = drafts.snapshot(found)
    content = papers.pdf(papers.document(snapshot, draft=True), snapshot)
    return responses.attachment(content, f"{code}-du-thao.pdf", papers.PDF)


@login_required
@require_GET
def draft_docx(request: HttpRequest, code: str) -> HttpResponse:
    """The draft as Word."""
    found = _draft(request, code)
    content = papers.docx(papers.document(drafts.snapshot(found), draft=True))
    return responses.attachment(content, f"{code}-du-thao.docx", papers.DOCX)


def _draft(request: HttpRequest, code: str) -> Report:
    found = _report(request, code)
    if not policies.is_of_department(actor_of(request)):
        raise PermissionDenied
    return found


@login_required
@require_GET
def paper(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A printed paper: those outside Sở get the issued ones only."""
    found = _report(request, code)
    papers_ = Paper.objects.filter(frozen__report=found).select_related("file")
    actor = actor_of(request)
    if not policies.is_of_department(actor) and not policies.is_department_clerk(actor):
        papers_ = papers_.filter(stage="issued", frozen=found.content)
    return responses.download(get_object_or_404(papers_, pk=pk).file)


@login_required
@require_GET
def signed_file(request: HttpRequest, code: str) -> HttpResponse:
    """The externally signed file."""
    found = _report(request, code)
    if found.signed_file is None:
        raise Http404
    return responses.download(found.signed_file)


@login_required
@require_POST
def move(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One step of the report."""
    found = _report(request, code)
    if verb not in REPORT_MOVES:
        raise Http404
    try:
        step = _STEPS.get(verb, _plain)(request, found, verb)
    except _Refill as again:
        return _page(request, found, status=422, **again.forms)

    def effect() -> tuple[str, str]:
        step()
        return reverse("reporting:report", args=[code]), _("Đã chuyển bước: %(step)s.") % {
            "step": ReportState(REPORT_MOVES[verb].after).label
        }

    try:
        return once(request, effect)
    except ReportingError as error:
        found.refresh_from_db()
        return _page(request, found, error=str(error), status=409)


class _Refill(Exception):
    """A form of a step was filled wrongly."""

    def __init__(self, **forms: Any) -> None:
        super().__init__()
        self.forms = forms


def _plain(request: HttpRequest, found: Report, verb: str) -> Any:
    actor, note = actor_of(request), request.POST.get("note", "")
    if verb in {"reopen", "refuse"}:
        service = {"reopen": services.reopen, "refuse": services.refuse}[verb]
        return lambda: service(actor=actor, report=found, note=note)
    simple: dict[str, Any] = {"review": services.review, "freeze": services.freeze, "sign": services.sign}
    return lambda: simple[verb](actor=actor, report=found)


def _number(request: HttpRequest, found: Report, verb: str) -> Any:
    form = NumberForm(request.POST, request.FILES)
    if not form.is_valid():
        raise _Refill(number_form=form)
    upload, signed = form.cleaned_data["signed"], None
    if upload:
        content = upload.read(MAX_BYTES + 1)
        try:
            digest, kind = store.receive(upload.name, content)
        except RefusedUpload as error:
            form.add_error("signed", str(error))
            raise _Refill(number_form=form) from None
        signed = (digest, upload.name, kind.media_type, len(content))
    data = {"number": form.cleaned_data["number"], "dated": form.cleaned_data["dated"]}
    return lambda: services.number_report(actor=actor_of(request), report=found, signed=signed, **data)


def _dispatch(request: HttpRequest, found: Report, verb: str) -> Any:
    form = DispatchForm(request.POST)
    if not form.is_valid():
        raise _Refill(dispatch_form=form)
    recipients = form.cleaned_data["recipients"]
    return lambda: services.dispatch(actor=actor_of(request), report=found, recipients=recipients)


_STEPS: dict[str, Any] = {"number": _number, "dispatch": _dispatch}
