"""Filled workbooks of units: what they say is saved as the page would save it, and the file is kept."""

from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.files.store import register as name_file
from chuan.ledger.work import append, stamp
from chuan.registers.services import Kept
from chuan.reporting.collecting import Parts
from chuan.reporting.models import Obligation, Submission, TakenWorkbook
from chuan.reporting.services.submissions import NOTHING_SAID, put_draft, start_submission


@service()
def take_workbook(
    *,
    actor: Actor,
    submission: Submission,
    version: int,
    file: Kept,
    figures: dict[str, Any],
    narrative: str,
    nil: bool,
    parts: Parts = NOTHING_SAID,
) -> TakenWorkbook:
    """Save what a filled workbook says, as `save_draft` does; the file is kept and named with its hash."""
    told = put_draft(actor, submission, version, figures, narrative, nil, parts)
    stored = name_file(file.digest, name=file.name, media_type=file.media_type, size=file.size)
    facts = {"draft_version": submission.draft_version, "at": stamp(), "by_name": actor.name}
    made = append(TakenWorkbook(submission=submission, file=stored, **facts))
    told |= {"file": [None, [stored.name, file.digest]]}
    record("reporting.take_workbook", submission.obligation, label=str(submission.obligation), changes=told)
    return made


@service(lock="shared")
def start_with_workbook(*, actor: Actor, obligation: Obligation, file: Kept, **said: Any) -> TakenWorkbook:
    """Begin the first attempt and save what a workbook says: both or neither."""
    submission = start_submission(actor=actor, obligation=obligation)
    made = take_workbook(actor=actor, submission=submission, version=submission.draft_version, file=file, **said)
    record("reporting.start_with_workbook", obligation, label=str(obligation))
    return made
