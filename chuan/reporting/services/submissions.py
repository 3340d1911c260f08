"""A unit's report: open, write, present, approve, send, return, accept.

`seen` of a step is the draft's version on the page where the button was pressed; where it is not given, it is what
the caller's `submission` says. A figure's own "seen" is the value that the unit had before its eyes when it judged it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, stamp
from chuan.lib import canonical, text
from chuan.lib.dates import day_of
from chuan.organisations.models import OrganisationUnit, UnitVersion
from chuan.organisations.queries import in_force
from chuan.organisations.rules import Role
from chuan.programme.models import Plan
from chuan.reporting import obligations, policies, queries
from chuan.reporting.errors import (
    Blocked,
    ChangedMeanwhile,
    MovedMeanwhile,
    NotAllowed,
    OwnWork,
    ReasonNeeded,
    StaleDraft,
)
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import (
    Obligation,
    ReportingPeriod,
    Submission,
    SubmissionContent,
    SubmissionEvent,
)
from chuan.reporting.rules import SUBMISSION_MOVES, SubmissionState

#: Steps that say yes to a content: they hold for what was read only.
_BOUND = frozenset({"present", "approve", "send"})


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
    if ReportingPeriod.objects.filter(plan=plan, year=year).exists():
        raise Blocked([f"năm {year} đã mở kỳ báo cáo"])
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


def _event(submission: Submission, actor: Actor, verb: str, before: str, note: str, **more: Any) -> None:
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
            **more,
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
    """Save what is being written; StaleDraft where another window saved after this page was opened.

    `figures`: {id: {"right", "missing", "seen"}}; who gives no "seen" judges the value of this instant.
    """
    _own(actor, submission.obligation)
    draft = {
        "figures": _with_seen(submission.obligation, figures),
        "narrative": text.nfc_multiline(narrative),
        "nil": nil,
    }
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


def _with_seen(obligation: Obligation, figures: dict[str, Any]) -> dict[str, Any]:
    if all("seen" in said for said in figures.values()):
        return figures
    now = {line.id: {"seen": line.value} for line in obligations.prefilled(obligation, {}, known=stamp())}
    return {code: {**now.get(code, {}), **said} for code, said in figures.items()}


@service(lock="shared")
def save_and_present(
    *, actor: Actor, submission: Submission, version: int, figures: dict[str, Any], narrative: str, nil: bool
) -> Submission:
    """Save and hand to the leader in one go: both or neither, under the lock that presenting needs."""
    saved = save_draft(
        actor=actor, submission=submission, version=version, figures=figures, narrative=narrative, nil=nil
    )
    presented = move_submission(actor=actor, submission=submission, verb="present", seen=saved)
    record("reporting.save_and_present", submission.obligation, label=f"{submission.obligation}")
    return presented


@service(lock="shared")
def move_submission(
    *,
    actor: Actor,
    submission: Submission,
    verb: str,
    note: str = "",
    lines: Sequence[str] = (),
    seen: int | None = None,
) -> Submission:
    """Take one step of `SUBMISSION_MOVES`; MovedMeanwhile where it had moved already.

    Presenting, approving and sending are refused where the draft or a figure is not what was read.
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
    _require_unmoved(submission, move.before, seen if verb in _BOUND else None)
    if verb in _BOUND:
        _require_complete(submission)
    read = {"draft_version": submission.draft_version if seen is None else seen} if verb in _BOUND else {}
    changed = Submission.objects.filter(pk=submission.pk, state=move.before, **read).update(state=move.after)
    if not changed:
        now = Submission.objects.get(pk=submission.pk)
        raise ChangedMeanwhile if now.state == move.before else MovedMeanwhile(SubmissionState(now.state).label)
    submission.state = move.after
    facts = {"content_id": _freeze_content(submission)} if verb == "send" else {}
    _event(submission, actor, verb, move.before, text.nfc_multiline(note), lines=list(lines), facts=facts)
    following = submission
    if verb in {"return_lines", "withdraw"}:
        following = Submission.objects.create(
            obligation=obligation, attempt=submission.attempt + 1, draft=submission.draft
        )
        _event(following, actor, "start", "", text.nfc_multiline(note), lines=list(lines))
    record(
        f"reporting.submission_{verb}",
        obligation,
        label=f"{obligation} lần {submission.attempt}",
        changes={"state": [move.before, move.after], **({"lines": [None, list(lines)]} if lines else {})},
        reason=note,
    )
    return following


def _require_unmoved(submission: Submission, before: str, seen: int | None) -> None:
    """Said before what is lacking: a page that is stale is told so first; the update decides."""
    now = Submission.objects.get(pk=submission.pk)
    if now.state != before:
        raise MovedMeanwhile(SubmissionState(now.state).label)
    if seen is not None and now.draft_version != seen:
        raise ChangedMeanwhile


def _presenter(submission: Submission) -> int | None:
    last = submission.events.filter(verb="present").order_by("-id").first()
    return last.by_id if last else None


def _require_complete(submission: Submission) -> None:
    """Each figure was judged as it now is; a wrong one says what is missing; a nil report says so."""
    unit = submission.obligation.unit_id
    if not UnitVersion.objects.live().filter(in_force(day_of(stamp())), unit_id=unit).exists():
        raise Blocked(["đơn vị đã kết thúc hoạt động; nghĩa vụ báo cáo thuộc đơn vị kế thừa"])
    said = Submission.objects.values_list("draft", flat=True).get(pk=submission.pk)
    now = obligations.prefilled(submission.obligation, said, known=stamp())
    lacking = [reason for line in now if (reason := _unsettled(line))]
    if not said.get("narrative", "").strip() and not said.get("nil"):
        lacking.append("chưa ghi kết quả thực hiện, hoặc chọn “Không phát sinh”")
    if lacking:
        raise Blocked(lacking)


def _unsettled(line: obligations.Prefilled) -> str:
    """What a figure still lacks; "" where nothing."""
    values = {"code": line.id, "old": line.seen, "new": line.value}
    if line.right is None or line.seen is None:
        return _("chưa xác nhận số liệu %(code)s đúng hay chưa đúng") % values
    if line.changed:
        return _("số liệu %(code)s đã đổi từ %(old)s thành %(new)s, hãy xem và xác nhận lại") % values
    if not line.right and not line.missing.strip():
        return _("số liệu %(code)s ghi chưa đúng thì cần cho biết còn thiếu bản ghi nào") % values
    return ""


def _freeze_content(submission: Submission) -> int:
    """Seal what is sent, each figure with what it takes to compute it again; the content's key."""
    obligation = submission.obligation
    draft = Submission.objects.values_list("draft", flat=True).get(pk=submission.pk)
    scope = obligations.unit_scope(obligation, stamp())
    figures = {
        line.id: {
            "value": line.value,
            "unit": line.unit,
            "right": line.right,
            "missing": line.missing,
            "at": scope.at.isoformat(),
            "known": canonical.plain(scope.known),
            "definition_sha256": INDICATORS[line.id].definition_sha256(),
            "members_sha256": queries.members_of_unit(line.id, scope, obligation.unit_id),
        }
        for line in obligations.prefilled(obligation, draft, known=stamp())
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
    return content.pk
