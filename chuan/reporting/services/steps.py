"""A step of the consolidated report: its head moves and the step is kept."""

from datetime import date
from typing import Any

from chuan.audit.actor import Actor
from chuan.ledger.work import append, stamp
from chuan.lib import text
from chuan.reporting import policies
from chuan.reporting.errors import ChangedMeanwhile, MovedMeanwhile, NotAllowed, ReasonNeeded
from chuan.reporting.models import Report, ReportEvent
from chuan.reporting.rules import REPORT_MOVES, ReportState


def move_report(
    actor: Actor,
    report: Report,
    verb: str,
    note: str,
    *,
    read: dict[str, Any] | None = None,
    told: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """One step of `REPORT_MOVES`: a conditional update, so that two people pressing at once cannot both win.

    `read`: what the actor had before their eyes; ChangedMeanwhile where the head now says something else.
    `told`: what the step says besides what it sets on the head.
    """
    move = REPORT_MOVES[verb]
    if not policies.may_move(actor, move) or (verb in {"number", "dispatch"} and not policies.may_send(actor)):
        raise NotAllowed
    if move.reason and not note.strip():
        raise ReasonNeeded
    changed = Report.objects.filter(pk=report.pk, state=move.before, **(read or {})).update(state=move.after, **facts)
    if not changed:
        now = Report.objects.get(pk=report.pk)
        raise ChangedMeanwhile if now.state == move.before else MovedMeanwhile(ReportState(now.state).label)
    report.refresh_from_db()
    add_event(report, actor, verb, move.before, note, {**facts, **(told or {})})


def add_event(report: Report, actor: Actor, verb: str, before: str, note: str, facts: dict[str, Any]) -> None:
    """Append a step of a report: who, from which state, with which facts of its head."""
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    append(
        ReportEvent(
            report=report,
            verb=verb,
            before=before,
            after=report.state,
            at=stamp(),
            by_id=actor.user_id,
            by_name=actor.name,
            note=text.nfc_multiline(note),
            facts=plain,
        )
    )
