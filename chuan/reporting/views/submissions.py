"""S1–S4: a unit's report, its leader's approval, and the tracking page of Sở KH&CN."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.queries import unit_names
from chuan.reporting import obligations, policies
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import NoteForm, SubmissionForm
from chuan.reporting.models import Obligation, Submission
from chuan.reporting.rules import SUBMISSION_MOVES, SubmissionState
from chuan.reporting.services import submissions as services
from chuan.web.idempotency import once


def _obligation(request: HttpRequest, code: str) -> Obligation:
    found = policies.visible_obligations(actor_of(request)).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _attempt(request: HttpRequest, code: str) -> tuple[Obligation, Submission]:
    obligation = _obligation(request, code)
    submission = obligations.current_submission(obligation)
    if submission is None:
        raise Http404
    submission.obligation = obligation
    return obligation, submission


@login_required
@require_GET
def tracking(request: HttpRequest) -> HttpResponse:
    """S4: who has sent, who is late."""
    if not policies.is_of_department(actor_of(request)):
        raise PermissionDenied
    today = clock.today()
    period = obligations.open_period(today)
    rows = obligations.tracking(period, today=today) if period else []
    context = {"period": period, "rows": rows, "received": sum(row.is_in for row in rows), "today": today}
    return render(request, "reporting/tracking.html", context)


@login_required
@require_GET
def submission(request: HttpRequest, code: str) -> HttpResponse:
    """S2, S3: one unit's report: to write, to approve, or to read."""
    return _page(request, _obligation(request, code))


def _page(
    request: HttpRequest, obligation: Obligation, form: SubmissionForm | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    current = obligations.current_submission(obligation)
    own = actor.unit_id == obligation.unit_id
    lines = obligations.prefilled(obligation, current.draft if current else {}) if own or current else []
    editable = bool(
        own and current and current.state == SubmissionState.DRAFT and actor.role in {"focal", "unit_leader"}
    )
    if form is None:
        draft: dict[str, Any] = current.draft if current else {}
        form = SubmissionForm(lines=lines, initial={"narrative": draft.get("narrative", ""), "nil": draft.get("nil")})
    moves = [
        m for m in SUBMISSION_MOVES.values() if current and m.before == current.state and policies.may_move(actor, m)
    ]
    context = {
        "obligation": obligation,
        "period": obligation.period,
        "submission": current,
        "unit_name": unit_names().get(obligation.unit_id, obligation.unit.code),
        "days_left": (obligation.period.deadline - clock.today()).days,
        "form": form,
        "lines": lines,
        "editable": editable,
        "may_start": own and current is None and actor.role in {"focal", "unit_leader"},
        "moves": [m for m in moves if own or m.verb in {"accept", "return_lines"}],
        "note_form": NoteForm(),
        "events": list(current.events.all()) if current else [],
        "earlier": list(obligation.submissions.exclude(pk=current.pk).select_related("content")) if current else [],
        "error": error,
    }
    return render(request, "reporting/submission.html", context, status=status)


@login_required
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin to write."""
    obligation = _obligation(request, code)
    return _do(
        request,
        obligation,
        lambda: services.start_submission(actor=actor_of(request), obligation=obligation),
        _("Đã mở báo cáo để soạn."),
    )


def _do(request: HttpRequest, obligation: Obligation, service: Any, said: str) -> HttpResponse:
    """Run a service once and show the page; its errors stand at the top of the page's present state."""

    def effect() -> tuple[str, str]:
        service()
        return reverse("reporting:submission", args=[obligation.code]), said

    try:
        return once(request, effect)
    except ReportingError as error:
        return _page(request, obligation, error=str(error), status=409)


@login_required
@require_POST
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Save the draft; with "present" among the buttons, hand it to the leader too."""
    obligation, current = _attempt(request, code)
    form = SubmissionForm(request.POST, lines=obligations.prefilled(obligation, current.draft))
    if not form.is_valid():
        return _page(request, obligation, form, status=422)
    version = request.POST.get("version", "")
    presenting = "present" in request.POST

    def effect() -> tuple[str, str]:
        said = {k: form.cleaned_data[k] for k in ("narrative", "nil")}
        number = int(version) if version.isdigit() else -1
        services.save_draft(actor=actor_of(request), submission=current, version=number, figures=form.figures(), **said)
        if presenting:
            services.move_submission(actor=actor_of(request), submission=current, verb="present")
        words = _("Đã trình lãnh đạo.") if presenting else _("Đã lưu nháp.")
        return reverse("reporting:submission", args=[obligation.code]), words

    try:
        return once(request, effect)
    except ReportingError as error:
        return _page(request, obligation, form, str(error), 409)


@login_required
@require_POST
def move(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One step: give back, approve, send, withdraw, return lines, accept."""
    obligation, current = _attempt(request, code)
    form = NoteForm(request.POST)
    if verb not in SUBMISSION_MOVES or not form.is_valid():
        raise Http404
    data = form.cleaned_data
    return _do(
        request,
        obligation,
        lambda: services.move_submission(
            actor=actor_of(request), submission=current, verb=verb, note=data["note"], lines=data["lines"]
        ),
        _("Đã chuyển bước."),
    )
