"""A unit's report: open, write, present, approve, send, return, accept.

`seen` of a step is the draft's version on the page where the button was pressed; where it is not given, it is what
the caller's `submission` says. A figure's own "seen" is the value that the unit had before its eyes when it judged it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, stamp
from chuan.lib import canonical, text
from chuan.lib.dates import day_of, format_date
from chuan.organisations.models import UnitVersion
from chuan.organisations.queries import in_force
from chuan.organisations.rules import Role
from chuan.reporting import consolidation, obligations, policies, queries, unit_reports
from chuan.reporting.collecting import HeirDuty, Parts
from chuan.reporting.confirmed import Prefilled
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
    Heir,
    Obligation,
    Report,
    Submission,
    SubmissionContent,
    SubmissionEvent,
    Waiver,
)
from chuan.reporting.rules import SUBMISSION_MOVES, Move, ReportState, SubmissionState
from chuan.reporting.services.periods import open_period as open_period

#: Steps that say yes to a content: they hold for what was read only.
_BOUND = frozenset({"present", "approve", "send", "enter", "answer"})
#: Steps with which a report leaves its author.
_SENDS = frozenset({"send", "enter", "answer"})

NOTHING_SAID = Parts()


def _own(actor: Actor, obligation: Obligation) -> None:
    if not policies.acts_for(actor, obligation):
        raise NotAllowed


def _require_mover(actor: Actor, submission: Submission, move: Move) -> None:
    """The role takes the step, for its own unit; a unit's steps are not for what is typed from a letter."""
    units_step = Role.SPECIALIST not in move.roles
    typed = submission.letter_id is not None
    if not policies.may_move(actor, move) or (units_step and typed) or (move.verb == "enter" and not typed):
        raise NotAllowed
    if units_step:
        _own(actor, submission.obligation)


def _require_author(actor: Actor, submission: Submission) -> None:
    """What is typed from a letter is Sở's to write, everything else the unit's."""
    if submission.letter_id is None:
        _own(actor, submission.obligation)
    elif not policies.may_enter(actor):
        raise NotAllowed


def add_event(submission: Submission, actor: Actor, verb: str, before: str, note: str, **more: Any) -> None:
    """Write down a step of an attempt, inside the service that takes it."""
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


def follow(submission: Submission, **facts: Any) -> Submission:
    """Make the attempt after one that nobody writes any more, inside the service that opens it.

    The draft's version goes on rising: a tab that still shows the attempt before has a version that no longer is.
    """
    last = Submission.objects.values_list("draft_version", flat=True).get(pk=submission.pk)
    return Submission.objects.create(
        obligation=submission.obligation, attempt=submission.attempt + 1, draft_version=last + 1, **facts
    )


@service(lock="shared")
def start_submission(*, actor: Actor, obligation: Obligation) -> Submission:
    """Begin the first attempt; of two people beginning at once, the second continues the first's.

    What was proposed last year stands there to be kept, changed or left out.
    """
    _own(actor, obligation)
    if Waiver.objects.live().filter(obligation=obligation).exists():
        raise Blocked([_("đơn vị được miễn báo cáo kỳ này")], _("Chưa mở được báo cáo"))
    last = unit_reports.attempts_of(obligation).last_year
    begun = {"draft": {"proposals": last.plain()["proposals"]} if last else {}}
    submission, made = Submission.objects.get_or_create(obligation=obligation, attempt=1, defaults=begun)
    if not made:
        raise MovedMeanwhile(SubmissionState(submission.state).label)
    add_event(submission, actor, "start", "", "")
    record("reporting.start_submission", obligation, label=str(obligation))
    return submission


@service()
def save_draft(
    *,
    actor: Actor,
    submission: Submission,
    version: int,
    figures: dict[str, Any],
    narrative: str,
    nil: bool,
    parts: Parts = NOTHING_SAID,
) -> int:
    """Save what is being written; StaleDraft where another window saved after this page was opened.

    `figures`: {id: {"right", "missing", "seen"}}; who gives no "seen" judges the value of this instant.
    """
    told = put_draft(actor, submission, version, figures, narrative, nil, parts)
    record("reporting.save_draft", submission.obligation, label=str(submission.obligation), changes=told)
    return submission.draft_version


def put_draft(
    actor: Actor,
    submission: Submission,
    version: int,
    figures: dict[str, Any],
    narrative: str,
    nil: bool,
    parts: Parts,
) -> dict[str, Any]:
    """Put the draft in the version's place, inside the service that saves; the change as an entry tells it."""
    _require_author(actor, submission)
    draft = {
        "figures": _with_seen(submission.obligation, figures),
        "narrative": text.nfc_multiline(narrative),
        "nil": nil,
        **parts.plain(),
    }
    changed = Submission.objects.filter(pk=submission.pk, state=SubmissionState.DRAFT, draft_version=version).update(
        draft=draft, draft_version=version + 1, draft_saved_at=stamp()
    )
    if not changed:
        now = Submission.objects.get(pk=submission.pk)
        if now.state != SubmissionState.DRAFT:
            raise MovedMeanwhile(SubmissionState(now.state).label)
        raise StaleDraft
    before, submission.draft, submission.draft_version = submission.draft, draft, version + 1
    return {"draft": list(_difference(before, draft))}


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs, as it was and as it is: a page saves by itself, and the log would hold each report many times."""
    old, new = dict(before), dict(after)
    for name in before.keys() & after.keys():
        was, now = before[name], after[name]
        if was == now:
            del old[name], new[name]
        elif isinstance(was, Mapping) and isinstance(now, Mapping):
            old[name], new[name] = _difference(was, now)
    return old, new


def _with_seen(obligation: Obligation, figures: dict[str, Any]) -> dict[str, Any]:
    if all("seen" in said for said in figures.values()):
        return figures
    now = {line.id: {"seen": line.value} for line in obligations.prefilled(obligation, {}, known=stamp())}
    return {code: {**now.get(code, {}), **said} for code, said in figures.items()}


@service(lock="shared")
def save_and_present(*, actor: Actor, submission: Submission, version: int, **said: Any) -> Submission:
    """Save what `save_draft` takes and hand it to the leader: both or neither, under the lock that presenting needs."""
    saved = save_draft(actor=actor, submission=submission, version=version, **said)
    presented = move_submission(actor=actor, submission=submission, verb="present", seen=saved)
    record("reporting.save_and_present", submission.obligation, label=f"{submission.obligation}")
    return presented


@service(lock="shared")
def save_and_enter(*, actor: Actor, submission: Submission, version: int, **said: Any) -> Submission:
    """Save what `save_draft` takes of a letter and record the report as arrived: both or neither."""
    saved = save_draft(actor=actor, submission=submission, version=version, **said)
    entered = move_submission(actor=actor, submission=submission, verb="enter", seen=saved)
    record("reporting.save_and_enter", submission.obligation, label=f"{submission.obligation}")
    return entered


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
    _require_mover(actor, submission, move)
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
    facts: dict[str, Any] = {"content_id": _freeze_content(submission)} if verb in _SENDS else {}
    if verb == "accept":
        facts = _take_in(submission, actor)
    add_event(submission, actor, verb, move.before, text.nfc_multiline(note), lines=list(lines), facts=facts)
    following = submission
    if verb in {"return_lines", "withdraw"}:
        following = follow(submission, draft=submission.draft, replaces_id=submission.replaces_id)
        add_event(following, actor, "start", "", text.nfc_multiline(note), lines=list(lines))
    record(
        f"reporting.submission_{verb}",
        obligation,
        label=f"{obligation} lần {submission.attempt}",
        changes={"state": [move.before, move.after], **({"lines": [None, list(lines)]} if lines else {})},
        reason=note,
    )
    return following


def _take_in(submission: Submission, actor: Actor) -> dict[str, Any]:
    """What acceptance brings about: the replaced attempt is superseded; what the issued report lacks supplements it."""
    if submission.replaces_id is not None:
        standing = {"pk": submission.replaces_id, "state": SubmissionState.ACCEPTED}
        if not Submission.objects.filter(**standing).update(state=SubmissionState.SUPERSEDED):
            raise MovedMeanwhile(SubmissionState.SUPERSEDED.label)
        old = Submission.objects.get(pk=submission.replaces_id)
        add_event(old, actor, "supersede", SubmissionState.ACCEPTED, submission.content.replacing)  # type: ignore[union-attr]
    issued = Report.objects.filter(period_id=submission.obligation.period_id, state=ReportState.DISPATCHED)
    code = issued.order_by("-id").values_list("code", flat=True).first()
    if code is None or code in {one.code for one in consolidation.frozen_in(submission)}:
        return {}
    Submission.objects.filter(pk=submission.pk).update(supplements=code)
    submission.supplements = code
    return {"supplements": code}


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
    """Each figure was judged as it now is; a wrong one says what is missing; a nil report says so.

    What is typed from a letter says as much as the letter does.
    """
    if submission.letter_id is None:
        _require_standing(submission.obligation)
    said = Submission.objects.values_list("draft", flat=True).get(pk=submission.pk)
    now = obligations.prefilled(submission.obligation, said, known=stamp())
    from_letter = submission.letter_id is not None
    lacking = [reason for line in now if (reason := _unsettled(line, may_be_silent=from_letter))]
    nil = bool(said.get("nil"))
    if not said.get("narrative", "").strip() and not nil and not from_letter:
        lacking.append(_("chưa ghi kết quả thực hiện, hoặc chọn “Không phát sinh”"))
    if nil and not from_letter:
        lacking += [_not_nil(line) for line in now if line.happened]
    lacking += unit_reports.lacking(_filled(submission.obligation, said), nil=nil, may_be_silent=from_letter)
    if lacking:
        raise Blocked(lacking, _("Chưa chuyển bước được"))


def _filled(obligation: Obligation, draft: dict[str, Any]) -> unit_reports.Filled:
    last_year = unit_reports.attempts_of(obligation).last_year
    return unit_reports.filled(obligation, draft, last_year, known=stamp())


def _not_nil(line: Prefilled) -> str:
    values = {"code": line.id, "n": line.value}
    return _("báo cáo ghi “Không phát sinh” nhưng sổ của đơn vị cho %(code)s là %(n)s") % values


def _require_standing(obligation: Obligation) -> None:
    """The unit stands today, or a person decided who answers for it."""
    standing = UnitVersion.objects.live().filter(in_force(day_of(stamp())), unit_id=obligation.unit_id).exists()
    decided = Heir.objects.live().filter(obligation=obligation, duty=HeirDuty.ACCOUNTABLE).exists()
    if not standing and not decided:
        raise Blocked(
            [_("đơn vị đã kết thúc hoạt động; hãy xác định đơn vị kế thừa nghĩa vụ báo cáo")],
            _("Chưa chuyển bước được"),
        )


def _unsettled(line: Prefilled, *, may_be_silent: bool = False) -> str:
    """What a figure still lacks; "" where nothing. A letter may say nothing of a figure."""
    values = {"code": line.id, "old": line.seen, "new": line.value}
    if line.right is None and may_be_silent:
        return ""
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
            "records": line.records,
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
            parts=unit_reports.sealed(_filled(obligation, draft)),
            sent_at=stamp(),
            arrived=submission.letter.arrived if submission.letter else None,
            replacing=_replacing(submission),
            receipt=f"TN-{obligation.period.year}-{draw(f'receipt {obligation.period.year}'):04d}",
        )
    )
    Submission.objects.filter(pk=submission.pk).update(content=content)
    submission.content = content
    return content.pk


def _replacing(submission: Submission) -> str:
    """ "Báo cáo thay thế Báo cáo số …": by the number of the old one's letter, else by its receipt."""
    old = submission.replaces
    if old is None:
        return ""
    letter = obligations.letter_of(old)
    if letter is not None:
        return f"Báo cáo thay thế Báo cáo số {letter.number} ngày {format_date(letter.dated)}"
    return f"Báo cáo thay thế Báo cáo có biên nhận {old.content.receipt if old.content else old.attempt}"
