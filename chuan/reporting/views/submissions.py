"""S1–S4: a unit's report, its leader's approval, and the tracking page of Sở KH&CN."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.audit.actor import Actor
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.queries import unit_names
from chuan.organisations.rules import Role
from chuan.reporting import obligations, policies
from chuan.reporting.errors import Blocked, ReportingError
from chuan.reporting.forms import NoteForm, SubmissionForm
from chuan.reporting.indicators.texts import TITLES
from chuan.reporting.models import Obligation, Submission
from chuan.reporting.obligations import Prefilled
from chuan.reporting.rules import SUBMISSION_MOVES, SubmissionState, way_forward_first
from chuan.reporting.services import submissions as services
from chuan.reporting.views import posted
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
    context = {
        "period": period,
        "rows": rows,
        "received": sum(row.is_in for row in rows),
        "late": [row for row in rows if row.overdue_days],
        "missing": [row for row in rows if not row.is_in],
        "may_open": policies.may_write_report(actor_of(request)) and (period is None or period.year < today.year),
    }
    return render(request, "reporting/tracking.html", context)


@login_required
@require_GET
def submission(request: HttpRequest, code: str) -> HttpResponse:
    """S2, S3: one unit's report: to write, to approve, or to read."""
    return _page(request, _obligation(request, code))


def _page(
    request: HttpRequest, obligation: Obligation, *, form: SubmissionForm | None = None, status: int = 200, **said: Any
) -> HttpResponse:
    """The page in the obligation's present state; `said`: error, lacking, note_form of a step that failed."""
    actor = actor_of(request)
    attempts = list(obligation.submissions.select_related("content").order_by("-attempt"))
    current = attempts[0] if attempts else None
    lines = _lines(obligation, current) if _own(actor, obligation) or (current and current.content) else []
    context = {
        "obligation": obligation,
        "period": obligation.period,
        "unit_name": unit_names().get(obligation.unit_id, obligation.unit.code),
        "days_left": (obligation.period.deadline - clock.today()).days,
        "submission": current,
        "earlier": attempts[1:],
        "events": list(current.events.all()) if current else [],
        "lines": lines,
        "form": form or _form(current, lines),
        "note_form": NoteForm(),
        **_rights(actor, obligation, current),
        **said,
    }
    return render(request, "reporting/submission.html", context, status=status)


def _own(actor: Actor, obligation: Obligation) -> bool:
    return actor.unit_id == obligation.unit_id


def _rights(actor: Actor, obligation: Obligation, current: Submission | None) -> dict[str, Any]:
    """What the actor may do now; a unit's own steps are its own people's."""
    own = _own(actor, obligation)
    writes = own and actor.role in {Role.FOCAL, Role.UNIT_LEADER}
    found = [m for m in way_forward_first(SUBMISSION_MOVES.values()) if current and m.before == current.state]
    return {
        "may_start": writes and current is None,
        "editable": writes and current is not None and current.state == SubmissionState.DRAFT,
        "moves": [m.verb for m in found if policies.may_move(actor, m) and (own or Role.SPECIALIST in m.roles)],
    }


def _lines(obligation: Obligation, current: Submission | None) -> list[Prefilled]:
    """The figures: as they were sent, else from the unit's records now."""
    if current is None or current.content is None:
        return obligations.prefilled(obligation, current.draft if current else {})
    shown = ("unit", "value", "right", "missing")
    return [
        Prefilled(id=code, title=str(TITLES[code]), **{name: facts[name] for name in shown})
        for code, facts in current.content.figures.items()
    ]


def _form(current: Submission | None, lines: list[Prefilled]) -> SubmissionForm:
    draft: dict[str, Any] = current.draft if current else {}
    return SubmissionForm(lines=lines, initial={"narrative": draft.get("narrative", ""), "nil": draft.get("nil")})


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


def _do(request: HttpRequest, obligation: Obligation, service: Any, said: str, **again: Any) -> HttpResponse:
    """Run a service once and show the page; its errors stand at the top of the page's present state."""

    def effect() -> tuple[str, str]:
        service()
        return reverse("reporting:submission", args=[obligation.code]), said

    try:
        return once(request, effect)
    except ReportingError as error:
        return _page(request, obligation, status=409, **_why(error), **again)


def _why(error: ReportingError) -> dict[str, Any]:
    """What the page says of an error: a list where several things are lacking."""
    return {"lacking": error.reasons} if isinstance(error, Blocked) else {"error": str(error)}


@login_required
@require_POST
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Save the draft; with "present" among the buttons, hand it to the leader too."""
    obligation, current = _attempt(request, code)
    form = SubmissionForm(request.POST, lines=obligations.prefilled(obligation, current.draft))
    if not form.is_valid():
        return _page(request, obligation, form=form, status=422)
    presenting = "present" in request.POST
    service: Any = services.save_and_present if presenting else services.save_draft
    said = {"figures": form.figures(), **{k: form.cleaned_data[k] for k in ("narrative", "nil")}}

    def effect() -> tuple[str, str]:
        service(actor=actor_of(request), submission=current, version=posted.number(request, "version"), **said)
        words = _("Đã trình lãnh đạo.") if presenting else _("Đã lưu nháp.")
        return reverse("reporting:submission", args=[obligation.code]), words

    try:
        return once(request, effect)
    except ReportingError as error:
        return _page(request, obligation, form=form, status=409, typed=form.cleaned_data["narrative"], **_why(error))


@login_required
@require_POST
def move(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One step: give back, approve, send, withdraw, return lines, accept."""
    obligation, current = _attempt(request, code)
    if verb not in SUBMISSION_MOVES:
        raise Http404
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, obligation, note_form=form, status=422)
    data = form.cleaned_data
    return _do(
        request,
        obligation,
        lambda: services.move_submission(
            actor=actor_of(request), submission=current, verb=verb, seen=posted.number(request, "seen"), **data
        ),
        _("Đã chuyển bước: %(step)s.") % {"step": SubmissionState(SUBMISSION_MOVES[verb].after).label},
        note_form=form,
    )
