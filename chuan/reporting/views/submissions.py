"""S1–S3: a unit's report and its leader's approval; what Sở KH&CN types from a letter stands beside it."""

from functools import partial
from http import HTTPStatus
from typing import Any

from csp.constants import SELF
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chuan.audit.actor import Actor
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.queries import unit_names
from chuan.organisations.rules import Role
from chuan.reporting import consolidation, obligations, policies, unit_reports
from chuan.reporting.confirmed import Prefilled, in_order
from chuan.reporting.errors import Blocked, ReportingError
from chuan.reporting.forms import NoteForm, ReasonForm, SettleForm, SignedLetterForm, UnitReportForm
from chuan.reporting.forms.lines import edited
from chuan.reporting.forms.partial import Build, without_wrong
from chuan.reporting.indicators.texts import TITLES
from chuan.reporting.models import Obligation, Submission
from chuan.reporting.rules import SUBMISSION_MOVES, TURNED_IN, SubmissionState, way_forward_first
from chuan.reporting.services import submissions as services
from chuan.reporting.unit_reports import Attempts
from chuan.reporting.views import posted
from chuan.web.idempotency import answered, once


def obligation_of(request: HttpRequest, code: str) -> Obligation:
    """The obligation of a code, where the actor may see it."""
    found = policies.visible_obligations(actor_of(request)).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _attempt(request: HttpRequest, code: str) -> tuple[Obligation, Attempts, Submission]:
    obligation = obligation_of(request, code)
    attempts = unit_reports.attempts_of(obligation)
    if attempts.current is None:
        raise Http404
    return obligation, attempts, attempts.current


@login_required
@require_GET
def submission(request: HttpRequest, code: str) -> HttpResponse:
    """S2, S3: one unit's report: to write, to approve, or to read."""
    return page(request, obligation_of(request, code))


def page(
    request: HttpRequest, obligation: Obligation, *, form: UnitReportForm | None = None, status: int = 200, **said: Any
) -> HttpResponse:
    """The page in the obligation's present state; `said`: error, lacking, note_form of a step that failed."""
    attempts = unit_reports.attempts_of(obligation)
    context = {**_shown(request, obligation, attempts, form), **said}
    response = render(request, "reporting/submission.html", context, status=status)
    if attempts.current is not None and attempts.current.letter is not None:
        response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]
    return response


def _shown(
    request: HttpRequest, obligation: Obligation, attempts: Attempts, form: UnitReportForm | None
) -> dict[str, Any]:
    actor, current, standing = actor_of(request), attempts.current, obligations.standing_of(attempts.own)
    rights = rights_of(actor, obligation, current)
    reads = rights["editable"] or not policies.is_of_department(actor) or (current and current.content)
    lines = _lines(obligation, current) if reads else []
    return {
        "obligation": obligation,
        "period": obligation.period,
        "unit_name": unit_names().get(obligation.unit_id, obligation.unit.code),
        "days_left": (obligation.period.deadline - clock.today()).days,
        "submission": current,
        "version": current.draft_version if current else 0,
        "earlier": _earlier(attempts),
        "events": list(current.events.all()) if current else [],
        "workbooks": list(current.workbooks.select_related("file")) if current and reads else [],
        "lines": lines,
        "letter": current.letter if current else None,
        **_standing(actor, obligation, current, standing),
        **_decisions(current),
        **rights,
        **_written(obligation, attempts, lines, form, editable=rights["editable"], reads=bool(reads)),
    }


def _sent_late(obligation: Obligation, current: Submission | None) -> bool:
    """It counts as sent after the deadline: the day may have passed while its page was open."""
    content = current.content if current else None
    return content is not None and content.counted_on > obligation.period.deadline


def _standing(
    actor: Actor, obligation: Obligation, current: Submission | None, standing: Submission | None
) -> dict[str, Any]:
    """Whether a report stands and came late; the signed letter of one sent here, and the form that records it."""
    stands = standing is not None and standing.state in TURNED_IN
    found = {"stands": stands, "sent_late": _sent_late(obligation, current)}
    if standing is None or not stands or standing.letter_id is not None:
        return found
    letter = obligations.letter_of(standing)
    initial = {"number": letter.number, "dated": letter.dated, "arrived": letter.arrived} if letter else {}
    return {
        **found,
        "sent_here": True,
        "signed": letter,
        "may_sign": policies.may_record_letter(actor, obligation),
        "signed_form": SignedLetterForm(initial=initial, by_department=policies.may_enter(actor)),
    }


def _decisions(current: Submission | None) -> dict[str, Any]:
    """How disputes were settled, and the forms of steps."""
    return {
        "outcomes": obligations.outcomes_of(current),
        "settle_form": SettleForm(),
        "reason_form": ReasonForm(),
        "note_form": NoteForm(**_lines_of(current)),
        "frozen_in": consolidation.frozen_in(current) if current and current.state == SubmissionState.SENT else [],
    }


def _written(
    obligation: Obligation,
    attempts: Attempts,
    lines: list[Prefilled],
    form: UnitReportForm | None,
    *,
    editable: bool,
    reads: bool,
) -> dict[str, Any]:
    """What is written besides the figures: the form to write it in, or the printed report with what changed."""
    current = attempts.current
    if current is None or not reads:
        return {}
    if editable:
        return {"form": form or _form(obligation, attempts, lines)}
    parts = current.content.parts if current.content else _as_sealed(obligation, attempts, current)
    return {"printed": unit_reports.printed(attempts, parts)}


def _lines_of(current: Submission | None) -> dict[str, list[str]]:
    """The figures of an attempt, and the tasks of what was sent as people call them."""
    if current is None:
        return {}
    content = current.content
    figures = content.figures if content else current.draft.get("figures", {})
    tasks = sorted(content.parts.get("tasks", {}).values(), key=lambda one: one["order"]) if content else []
    return {"figures": in_order(figures), "tasks": [said["label"] for said in tasks]}


def _as_sealed(obligation: Obligation, attempts: Attempts, current: Submission) -> dict[str, Any]:
    return unit_reports.sealed(unit_reports.filled(obligation, current.draft, attempts.last_year))


def _earlier(attempts: Attempts) -> list[dict[str, Any]]:
    """What was sent before, as it was sent."""
    return [
        {"attempt": old.attempt, "content": old.content, "sections": unit_reports.sections(old.content.parts)}
        for old in attempts.own[1:]
        if old.content
    ]


def rights_of(actor: Actor, obligation: Obligation, current: Submission | None) -> dict[str, Any]:
    """What the actor may do now: a unit's own steps are its own people's, what is typed from a letter is Sở's."""
    typed = current is not None and current.letter_id is not None
    acts = policies.acts_for(actor, obligation) and not typed
    writes = policies.may_enter(actor) if typed else acts
    found = [m for m in way_forward_first(SUBMISSION_MOVES.values()) if current and m.before == current.state]
    mine = [m for m in found if policies.may_move(actor, m) and (acts or Role.SPECIALIST in m.roles)]
    state = current.state if current else ""
    return {
        "writes": writes,
        "may_start": acts and current is None,
        "editable": writes and state == SubmissionState.DRAFT,
        "moves": [m.verb for m in mine if typed or m.verb != "enter"],
        "may_replace": acts and state == SubmissionState.ACCEPTED,
        "may_enter": policies.may_enter(actor) and state not in {SubmissionState.SENT, *(["draft"] if typed else [])},
        "may_link": policies.may_enter(actor) and not typed and state in {"", SubmissionState.DRAFT},
        "may_settle": policies.may_enter(actor),
    }


def _lines(obligation: Obligation, current: Submission | None) -> list[Prefilled]:
    """The figures: as they were sent, else from the unit's records now."""
    if current is None or current.content is None:
        return obligations.prefilled(obligation, current.draft if current else {})
    shown, figures = ("unit", "value", "right", "missing", "records"), current.content.figures
    return [
        Prefilled(id=code, title=str(TITLES[code]), **{name: figures[code].get(name) for name in shown})
        for code in in_order(figures)
    ]


def _form(obligation: Obligation, attempts: Attempts, lines: list[Prefilled], **posted_: Any) -> UnitReportForm:
    draft = attempts.current.draft if attempts.current else {}
    return UnitReportForm(unit_reports.filled(obligation, draft, attempts.last_year), lines, draft, **posted_)


@login_required
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin to write."""
    obligation = obligation_of(request, code)
    return do(
        request,
        obligation,
        lambda: services.start_submission(actor=actor_of(request), obligation=obligation),
        _("Đã mở báo cáo để soạn."),
    )


def do(request: HttpRequest, obligation: Obligation, service: Any, said: str, **again: Any) -> HttpResponse:
    """Run a service once and show the page; its errors stand at the top of the page's present state."""

    def effect() -> tuple[str, str]:
        service()
        return reverse("reporting:submission", args=[obligation.code]), said

    try:
        return once(request, effect)
    except ReportingError as error:
        return page(request, obligation, status=409, **_why(error), **again)


def _why(error: ReportingError) -> dict[str, Any]:
    """What the page says of an error: a list where several things are lacking."""
    if isinstance(error, Blocked):
        return {"lacking": error.reasons, "could_not": error.could_not}
    return {"error": str(error)}


@login_required
@require_POST
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Save the draft, with "present" hand it to the leader too; or add or leave out a line, unsaved."""
    obligation, attempts, current = _attempt(request, code)
    lines, version = obligations.prefilled(obligation, current.draft), posted.number(request, "version")
    typed = edited(request.POST)
    if typed is not None:
        return page(request, obligation, form=_form(obligation, attempts, lines, typed=typed), version=version)
    if "auto" in request.POST:
        return _by_itself(request, current, partial(_form, obligation, attempts, lines), version)
    form = _form(obligation, attempts, lines, data=request.POST)
    if not form.is_valid():
        return page(request, obligation, form=form, status=422, version=version)
    button = next((name for name in _HANDS_ON if name in request.POST), "")
    service, words = _HANDS_ON.get(button, (services.save_draft, _("Đã lưu nháp.")))

    def effect() -> tuple[str, str]:
        service(actor=actor_of(request), submission=current, version=version, **form.said())
        return reverse("reporting:submission", args=[obligation.code]), str(words)

    try:
        return once(request, effect)
    except ReportingError as error:
        return page(request, obligation, form=form, status=409, typed=form.said()["narrative"], **_why(error))


def _by_itself(request: HttpRequest, current: Submission, build: Build, version: int) -> JsonResponse:
    """What the page's script sends while somebody writes: the button's form and service, answered in a sentence.

    A field that is half typed is left out and named. The script asks again until it is answered.
    """
    form, left_out = without_wrong(request.POST, build)
    refused = None if answered(request) else _refused(request, current, form, version)
    if refused is not None:
        return refused
    said = _("Đã lưu lúc %(time)s") % {"time": f"{clock.now().astimezone(clock.VN):%H:%M}"}
    if not left_out:
        return _told(said, version=version + 1)
    said = _("%(saved)s, trừ: %(fields)s") % {"saved": said, "fields": "; ".join(left_out)}
    return _told(said, version=version + 1, partly=1)


def _refused(request: HttpRequest, current: Submission, form: UnitReportForm, version: int) -> JsonResponse | None:
    """Save; why it could not be, if so."""
    if not form.is_valid():
        return _told(_("Chưa lưu: còn ô cần sửa. %(error)s") % {"error": form.first_error()}, 422)

    def effect() -> tuple[str, str]:
        services.save_draft(actor=actor_of(request), submission=current, version=version, **form.said())
        return reverse("reporting:submission", args=[current.obligation.code]), ""

    try:
        answer = once(request, effect)
    except ReportingError as error:
        return _told(str(error), 409)
    if answer.status_code != HTTPStatus.FOUND:
        return _told(
            _(
                "Chưa lưu: ở cửa sổ khác, máy này đã đăng nhập tài khoản khác hoặc bạn đã chuyển vai trò. "
                "Chép phần đã gõ rồi mở lại trang."
            ),
            409,
        )
    return None


def _told(said: str, status: int = 200, **more: int) -> JsonResponse:
    return JsonResponse({"said": said, **more}, status=status)


#: Buttons that save and hand on: the service, and what is said.
_HANDS_ON: dict[str, tuple[Any, Any]] = {
    "present": (services.save_and_present, gettext_lazy("Đã trình lãnh đạo.")),
    "enter": (services.save_and_enter, gettext_lazy("Đã ghi nhận báo cáo từ văn bản.")),
}


@login_required
@require_POST
def move(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One step: give back, approve, send, withdraw, return lines, accept."""
    obligation, _attempts, current = _attempt(request, code)
    if verb not in SUBMISSION_MOVES:
        raise Http404
    form = NoteForm(request.POST, **_lines_of(current))
    if not form.is_valid():
        return page(request, obligation, note_form=form, status=422)
    data = form.cleaned_data
    return do(
        request,
        obligation,
        lambda: services.move_submission(
            actor=actor_of(request), submission=current, verb=verb, seen=posted.number(request, "seen"), **data
        ),
        _("Đã chuyển bước: %(step)s.") % {"step": SubmissionState(SUBMISSION_MOVES[verb].after).label},
        note_form=form,
    )
