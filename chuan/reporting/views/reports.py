"""S5: the consolidated report, from draft to dispatch."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.audit import outbox
from chuan.audit.actor import Actor
from chuan.files import responses, store
from chuan.files.kinds import MAX_BYTES, RefusedUpload
from chuan.lib import canonical, clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.rules import Role
from chuan.rendering.blocks import OfficialDocument, Paragraph, plain_text
from chuan.rendering.errors import RenderingError
from chuan.reporting import (
    bundles,
    checklist,
    contributions,
    drafts,
    issuing,
    obligations,
    own_words,
    papers,
    policies,
)
from chuan.reporting.contributions import Inserts
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import NumberForm, ReasonForm, WordFileForm, WordsForm
from chuan.reporting.models import Paper, Report
from chuan.reporting.papers import body, sentences, submittals
from chuan.reporting.rules import REPORT_MOVES, PaperForm, Recipient, ReportState, way_forward_first
from chuan.reporting.services import reports as services
from chuan.reporting.views import parts, posted
from chuan.reporting.views.heads import report_in_hand, report_of
from chuan.web.idempotency import once

#: A step for each recipient, with forms of its own (`views/sending.py`).
SENDING = "dispatch"
PRINTING = "chuan.reporting.jobs.print_papers"
#: Where the errors are from whose words are for readers.
RENDERING = "chuan.rendering.errors."


@login_required
@require_GET
def report(request: HttpRequest, code: str) -> HttpResponse:
    """One report: words, figures, checklist, papers, steps."""
    return page_of(request, report_of(request, code))


def page_of(request: HttpRequest, found: Report, *, error: str = "", status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a report, with what was typed and went wrong."""
    actor = actor_of(request)
    if not policies.reads_unit_details(actor):
        return render(request, "reporting/report_public.html", {"error": error, **_public(actor, found)}, status=status)
    context = {
        "report": found,
        "period": found.period,
        "error": error,
        "of_department": policies.is_of_department(actor),
        "events": list(found.events.all()) if policies.is_of_department(actor) else [],
        **(_frozen(actor, found) if found.content else _draft_of(actor, found)),
        "moves": _moves(actor, found),
        "instead": _replacing(actor, found),
        "writable": found.state == ReportState.DRAFT and policies.may_write_report(actor),
        "words_form": WordsForm(initial=found.draft),
        "number_form": NumberForm(initial={"dated": clock.today()}),
        "reason_form": ReasonForm(),
        "word_form": WordFileForm(),
        **forms,
        **parts.beside(actor, found, forms.get("paper_forms", {})),
        **parts.sending(actor, found, forms.get("dispatch_forms", {})),
    }
    return render(request, "reporting/report.html", context, status=status)


def _public(actor: Actor, found: Report) -> dict[str, Any]:
    """What everybody signed in sees of an issued report: number, day, released figures, the rows of their own unit."""
    content = found.content
    own = set(policies.visible_obligations(actor).filter(period=found.period).values_list("unit__code", flat=True))
    snapshot = content.snapshot if content else {"figures": [], "units": []}
    return {
        "report": found,
        "instead": _replacing(actor, found),
        "period": found.period,
        "content": content,
        "figures": snapshot["figures"],
        "own_units": [unit for unit in snapshot["units"] if unit["unit"] in own],
        "own_paragraphs": [one for one in snapshot.get("paragraphs", []) if one["origin"]["unit"] in own],
    }


def _draft_of(actor: Actor, found: Report) -> dict[str, Any]:
    """A report before the freeze: its figures computed now, what is put together, what stands in the way; for Sở."""
    if not policies.is_of_department(actor):
        return {"figures": [], "items": []}
    today = clock.today()
    stands = checklist.standing(found, today)
    figures, rows = drafts.live_figures(found.period), obligations.tracking(found.period, today=today)
    inserts = Inserts.of(found.inserts)
    lacking = contributions.unconfirmed(inserts, figures, sentences.told())
    return {
        "figures": figures,
        "items": [
            *checklist.items(found, today=today, rows=rows, stands=stands, whole=False),
            *checklist.unconfirmed(found, lacking),
        ],
        "signer": stands.signer,
        "directing": _directing(found, stands.letters),
        "taken": inserts.paragraphs,
        "unused": contributions.unused(contributions.given(rows), inserts.paragraphs),
        "sentences": len(sentences.told()),
        "confirmed": len(sentences.told()) - len(lacking),
        "led": len(stands.led),
        "own_said": len(stands.led) - len(own_words.unsaid(stands.led, inserts.own)),
    }


def _directing(found: Report, letters: Sequence[Mapping[str, Any]]) -> str:
    """What the paper says by itself at the head of part I."""
    said = body.directing(canonical.plain({"words": found.draft, "letters": letters}))
    return " ".join(plain_text(block.inlines) for block in said if isinstance(block, Paragraph))


def _frozen(actor: Actor, found: Report) -> dict[str, Any]:
    """A frozen report as it will be or was printed."""
    content = found.content
    if content is None:
        return {}
    prefetch_related_objects([content], "paper_numbers", "dispatches")
    paper = papers.of_content(content, found, "issued" if found.number else "for_signature")
    return {"content": content, "paper": paper, "figures": content.snapshot["figures"], **_papers(actor, found)}


def _replacing(actor: Actor, found: Report) -> dict[str, Any]:
    """Which report took this one's place, and whether the actor may begin one that does."""
    if found.state != ReportState.DISPATCHED:
        return {}
    later = policies.visible_reports(actor).filter(replaces=found).first()
    return {"later": later, "may_begin": later is None and policies.may_write_report(actor)}


def _moves(actor: Actor, found: Report) -> list[str]:
    """The steps that the actor may take now."""
    if actor.role == Role.CLERK and not policies.is_department_clerk(actor):
        return []
    moves = way_forward_first(REPORT_MOVES.values())
    found_moves = [
        m.verb for m in moves if m.before == found.state and m.verb != SENDING and policies.may_move(actor, m)
    ]
    # A deputy signs, or takes back, under a delegation that holds today.
    if issuing.authority_of(actor.user_id, actor.role, actor.name, clock.today()) is None:
        return [verb for verb in found_moves if verb not in _BY_AUTHORITY]
    return found_moves


def _papers(actor: Actor, found: Report) -> dict[str, Any]:
    """The printed papers that the actor may open, and whether more are being printed."""
    papers_ = list(Paper.objects.filter(frozen=found.content).select_related("file"))
    missing = found.content is not None and len(papers_) < len(papers.expected(found.content, found))
    failed = outbox.failure_of(PRINTING, found.content_id or 0) if missing else None
    if not policies.is_of_department(actor) and not policies.is_department_clerk(actor):
        papers_ = [paper for paper in papers_ if paper.stage == "issued"]
    return {
        "papers": parts.printed(papers_),
        "printing": missing and failed is None,
        "failed": failed is not None,
        # What is raised for readers is shown to them; a defect of the program is for who looks into its log.
        "why_failed": failed.words if failed and failed.kind.startswith(RENDERING) else "",
        "may_reprint": missing and policies.may_reprint(actor),
    }


@login_required
@require_POST
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Save the words."""
    found = report_of(request, code)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, words_form=form, status=422)

    def effect() -> tuple[str, str]:
        number = posted.number(request, "version")
        services.save_words(actor=actor_of(request), report=found, version=number, words=form.cleaned_data)
        return reverse("reporting:report", args=[code]), _("Đã lưu.")

    try:
        return once(request, effect)
    except ReportingError as error:
        return page_of(request, report_of(request, code), words_form=form, error=str(error), status=409, typed=True)


@login_required
@require_GET
def draft_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The draft as PDF with its watermark, for the recipient asked for; nothing is frozen or stored."""
    return _draft_as(request, code, "pdf")


@login_required
@require_GET
def draft_docx(request: HttpRequest, code: str) -> HttpResponse:
    """The draft as Word."""
    return _draft_as(request, code, "docx")


def _draft_as(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The draft as a file; where it cannot be made, the page says what to mend."""
    found = report_in_hand(request, code)
    snapshot = drafts.snapshot(found)
    made, name = _draft(request, snapshot)
    try:
        content = papers.made(made, kind, snapshot)
    except RenderingError as error:
        return page_of(request, found, error=str(error), status=422)
    return responses.attachment(content, f"{code}-{name}.{kind}", papers.KINDS[kind])


def _draft(request: HttpRequest, snapshot: dict[str, Any]) -> tuple[OfficialDocument, str]:
    """The report to the Committee, or what the address asks for: the one to the Ministry, or the tờ trình."""
    if request.GET.get("form") == PaperForm.SUBMITTAL:
        return submittals.document(snapshot, draft=True), "to-trinh-du-thao"
    if request.GET.get("recipient") == Recipient.MINISTRY:
        return papers.document(snapshot, recipient=Recipient.MINISTRY, draft=True), "du-thao-bo"
    return papers.document(snapshot, draft=True), "du-thao"


def _report_in_full(request: HttpRequest, code: str) -> Report:
    """The report for those who may open its papers; who else sees that there is one is told that they may not."""
    found = report_of(request, code)
    if not policies.reads_unit_details(actor_of(request)):
        raise PermissionDenied
    return found


@login_required
@require_GET
def paper(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A printed paper: those outside Sở who get the report get the issued ones only."""
    found = _report_in_full(request, code)
    papers_ = Paper.objects.filter(frozen__report=found).select_related("file")
    actor = actor_of(request)
    if not policies.is_of_department(actor) and not policies.is_department_clerk(actor):
        papers_ = papers_.filter(stage="issued", frozen=found.content)
    return responses.download(get_object_or_404(papers_, pk=pk).file)


@login_required
@require_GET
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """The evidence of an issued report as one file that checks itself; no member is named."""
    found = _report_in_full(request, code)
    if found.state != ReportState.DISPATCHED or found.content is None:
        raise Http404
    return responses.attachment(bundles.made(found, found.content), f"{code}-bang-chung.html", bundles.MEDIA_TYPE)


@login_required
@require_GET
def signed_file(request: HttpRequest, code: str) -> HttpResponse:
    """The externally signed file."""
    found = _report_in_full(request, code)
    if found.signed_file is None:
        raise Http404
    return responses.download(found.signed_file)


@login_required
@require_POST
def move(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One step of the report."""
    found = report_of(request, code)
    if verb not in REPORT_MOVES or verb == SENDING:
        raise Http404
    try:
        step, forms = _STEPS.get(verb, _plain)(request, found, verb)
    except _Refill as again:
        return page_of(request, found, status=422, **again.forms)

    def effect() -> tuple[str, str]:
        step()
        return reverse("reporting:report", args=[code]), _("Đã chuyển bước: %(step)s.") % {
            "step": ReportState(REPORT_MOVES[verb].after).label
        }

    try:
        return once(request, effect)
    except ReportingError as error:
        return page_of(request, report_of(request, code), error=str(error), status=409, **forms)


@login_required
@require_POST
def reprint(request: HttpRequest, code: str) -> HttpResponse:
    """Have the missing papers printed again."""
    found = report_of(request, code)

    def effect() -> tuple[str, str]:
        services.reprint(actor=actor_of(request), report=found)
        return reverse("reporting:report", args=[code]), _("Đã xếp hàng in lại.")

    try:
        return once(request, effect)
    except ReportingError as error:
        return page_of(request, report_of(request, code), error=str(error), status=409)


class _Refill(Exception):
    """A form of a step was filled wrongly."""

    def __init__(self, **forms: Any) -> None:
        super().__init__()
        self.forms = forms


def _plain(request: HttpRequest, found: Report, verb: str) -> Any:
    if verb == "freeze":
        return partial(services.freeze, actor=actor_of(request), report=found), {}
    bound: dict[str, Any] = {"review": services.review, "sign": services.sign}
    return partial(bound[verb], actor=actor_of(request), report=found, seen=posted.number(request, "seen")), {}


def _back(request: HttpRequest, found: Report, verb: str) -> Any:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise _Refill(reason_form=form)
    step = partial(_BACKWARDS[verb], actor=actor_of(request), report=found, note=form.cleaned_data["note"])
    return step, {"reason_form": form}


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
    data = {"number": form.cleaned_data["number"], "dated": form.cleaned_data["dated"], "signed": signed}
    seen = posted.number(request, "seen")
    return partial(services.number_report, actor=actor_of(request), report=found, seen=seen, **data), {
        "number_form": form
    }


_BY_AUTHORITY = frozenset({"sign", "refuse", "recall", "annul"})
_BACKWARDS: dict[str, Any] = {
    "reopen": services.reopen,
    "refuse": services.refuse,
    "recall": services.recall,
    "annul": services.annul,
}
_STEPS: dict[str, Any] = {"number": _number, **dict.fromkeys(_BACKWARDS, _back)}
