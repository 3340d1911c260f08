"""A unit's report: open, write, present, approve, send, return, accept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, stamp
from chuan.lib import text
from chuan.organisations.models import OrganisationUnit, UnitVersion
from chuan.organisations.queries import in_force
from chuan.organisations.rules import Role
from chuan.programme.models import Plan
from chuan.reporting import obligations, policies
from chuan.reporting.errors import Blocked, MovedMeanwhile, NotAllowed, OwnWork, ReasonNeeded, StaleDraft
from chuan.reporting.models import (
    Obligation,
    ReportingPeriod,
    Submission,
    SubmissionContent,
    SubmissionEvent,
)
from chuan.reporting.rules import SUBMISSION_MOVES, SubmissionState


@service(lock="shared")
def open_period(
    *,
    actor: Actor,
    plan: Plan,
    year: int,
    deadline: date,
    letter: str,
    units: Sequence[tuple[OrganisationUnit, str]],
) -> ReportingPeriod:
    """Open a year's reporting for the obliged units, each with its basis."""
    if actor.role != Role.SPECIALIST and not actor.is_system:
        raise NotAllowed
    window = plan.year_window(year)
    period = append(
        ReportingPeriod(
            code=f"{plan.code}-{year}",
            plan=plan,
            year=year,
            deadline=deadline,
            first=window.start,
            last=window.end,
            letter=letter,
        )
    )
    for unit, basis in units:
        append(Obligation(code=f"{period.code}-{unit.code}", period=period, unit=unit, basis=basis))
    record("reporting.open_period", period, changes={"units": [0, len(units)], "deadline": [None, deadline]})
    return period


def _own(actor: Actor, obligation: Obligation) -> None:
    if actor.is_system:
        return
    if actor.unit_id != obligation.unit_id or actor.role not in {Role.FOCAL, Role.UNIT_LEADER}:
        raise NotAllowed


def _event(submission: Submission, actor: Actor, verb: str, before: str, note: str, lines: Sequence[str] = ()) -> None:
    append(
        SubmissionEvent(
            submission=submission,
            verb=verb,
            before=before,
            after=submission.state,
            at=stamp(),
            by_id=actor.user_id,
            by_name=actor.name,
            note=note,
            lines=list(lines),
        )
    )


@service(lock="shared")
def start_submission(*, actor: Actor, obligation: Obligation) -> Submission:
    """Begin the first attempt; of two people beginning at once, the second continues the first's."""
    _own(actor, obligation)
    submission, made = Submission.objects.get_or_create(obligation=obligation, attempt=1)
    if not made:
        raise MovedMeanwhile(SubmissionState(submission.state).label)
    _event(submission, actor, "start", "", "")
    record("reporting.start_submission", obligation, label=str(obligation))
    return submission


@service()
def save_draft(
    *, actor: Actor, submission: Submission, version: int, figures: dict[str, Any], narrative: str, nil: bool
) -> int:
    """Save what is being written; StaleDraft where another window saved after this page was opened."""
    _own(actor, submission.obligation)
    draft = {"figures": figures, "narrative": text.nfc_multiline(narrative), "nil": nil}
    changed = Submission.objects.filter(pk=submission.pk, state=SubmissionState.DRAFT, draft_version=version).update(
        draft=draft, draft_version=version + 1, draft_saved_at=stamp()
    )
    if not changed:
        now = Submission.objects.get(pk=submission.pk)
        if now.state != SubmissionState.DRAFT:
            raise MovedMeanwhile(SubmissionState(now.state).label)
        raise StaleDraft
    record(
        "reporting.save_draft",
        submission.obligation,
        label=str(submission.obligation),
        changes={"draft": [submission.draft, draft]},
    )
    submission.draft, submission.draft_version = draft, version + 1
    return version + 1


@service(lock="shared")
def move_submission(
    *, actor: Actor, submission: Submission, verb: str, note: str = "", lines: Sequence[str] = ()
) -> Submission:
    """Take one step of `SUBMISSION_MOVES`; MovedMeanwhile where it had moved already.

    `send` freezes the content and gives a receipt; `return_lines` opens the next attempt with the same words.
    """
    move = SUBMISSION_MOVES[verb]
    obligation = submission.obligation
    if not policies.may_move(actor, move):
        raise NotAllowed
    if Role.SPECIALIST not in move.roles:
        _own(actor, obligation)
    if move.reason and not note.strip():
        raise ReasonNeeded
    if verb == "approve" and _presenter(submission) == actor.user_id and not actor.is_system:
        raise OwnWork
    if verb in {"present", "send"}:
        _require_complete(submission)
    changed = Submission.objects.filter(pk=submission.pk, state=move.before).update(state=move.after)
    if not changed:
        now = Submission.objects.get(pk=submission.pk)
        raise MovedMeanwhile(SubmissionState(now.state).label)
    submission.state = move.after
    if verb == "send":
        _freeze_content(submission)
    _event(submission, actor, verb, move.before, text.nfc_multiline(note), lines)
    following = submission
    if verb in {"return_lines", "withdraw"}:
        following = Submission.objects.create(
            obligation=obligation, attempt=submission.attempt + 1, draft=submission.draft
        )
        _event(following, actor, "start", "", note, lines)
    record(
        f"reporting.submission_{verb}",
        obligation,
        label=f"{obligation} lần {submission.attempt}",
        changes={"state": [move.before, move.after], **({"lines": [None, list(lines)]} if lines else {})},
        reason=note,
    )
    return following


def _presenter(submission: Submission) -> int | None:
    last = submission.events.filter(verb="present").order_by("-id").first()
    return last.by_id if last else None


def _require_complete(submission: Submission) -> None:
    """Each figure was judged; a wrong one says what is missing; a nil report says so."""
    unit = submission.obligation.unit_id
    if not UnitVersion.objects.live().filter(in_force(stamp().date()), unit_id=unit).exists():
        raise Blocked(["đơn vị đã kết thúc hoạt động; nghĩa vụ báo cáo thuộc đơn vị kế thừa"])
    said = Submission.objects.values_list("draft", flat=True).get(pk=submission.pk)
    lacking = []
    for code in obligations.CONFIRMED:
        line = said.get("figures", {}).get(code, {})
        if line.get("right") is None:
            lacking.append(f"chưa xác nhận số liệu {code} đúng hay chưa đúng")
        elif not line["right"] and not line.get("missing", "").strip():
            lacking.append(f"số liệu {code} ghi chưa đúng thì cần cho biết còn thiếu bản ghi nào")
    if not said.get("narrative", "").strip() and not said.get("nil"):
        lacking.append("chưa ghi kết quả thực hiện, hoặc chọn “Không phát sinh”")
    if lacking:
        raise Blocked(lacking)


def _freeze_content(submission: Submission) -> None:
    obligation = submission.obligation
    draft = Submission.objects.values_list("draft", flat=True).get(pk=submission.pk)
    figures = {
        line.id: {"value": line.value, "unit": line.unit, "right": line.right, "missing": line.missing}
        for line in obligations.prefilled(obligation, draft)
    }
    content = append(
        SubmissionContent(
            submission=submission,
            figures=figures,
            narrative=draft.get("narrative", ""),
            nil=bool(draft.get("nil")),
            sent_at=stamp(),
            receipt=f"TN-{obligation.period.year}-{draw(f'receipt {obligation.period.year}'):04d}",
        )
    )
    Submission.objects.filter(pk=submission.pk).update(content=content)
    submission.content = content
