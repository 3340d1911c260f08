"""Who really has a task: assign, correct, take back. The printed assignment beside it never changes."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.models import changes
from chuan.ledger.work import append, correct, hold, void
from chuan.lib import text
from chuan.lib.dates import format_date
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.queries import unit_names
from chuan.programme import policies
from chuan.programme.errors import AlreadyAssigned, LeadOverlaps
from chuan.programme.models import Task, WorkingAssignment
from chuan.programme.rules import Duty, overlap
from chuan.programme.services.common import refuse_stale, require


@dataclass(frozen=True)
class AssignmentEntry:
    """What a form says of an assignment; `unit` is who gets the task."""

    unit: OrganisationUnit
    duty: str
    valid_from: date
    document: str
    valid_to: date | None = None
    officer: str = ""
    product: str = ""
    authority: str = ""
    due: date | None = None

    def facts(self) -> dict[str, Any]:
        """Columns of `WorkingAssignment` but task and unit, text in NFC."""
        return {
            "duty": self.duty,
            "officer": text.nfc(self.officer),
            "product": text.nfc_multiline(self.product),
            "authority": text.nfc(self.authority),
            "due": self.due,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "document": text.nfc(self.document),
        }


@service(lock="shared")
def assign_task(*, actor: Actor, task: Task, entry: AssignmentEntry) -> WorkingAssignment:
    """Give a task to a unit; a lead before it ends on the day this one begins, LeadOverlaps where it cannot."""
    require(policies.can_decide(actor))
    hold(Task, task.pk)
    ended = _make_room(task, entry)
    made = append(WorkingAssignment(task=task, unit=entry.unit, **entry.facts()))
    said = changes(None, made)
    if ended is not None:
        said["ended"] = [None, [ended.unit.code, entry.valid_from.isoformat()]]
    record("programme.assign_task", task, label=_label(task, made), changes=said)
    return made


@service(lock="shared")
def correct_assignment(
    *, actor: Actor, seen: WorkingAssignment, entry: AssignmentEntry, reason: str
) -> WorkingAssignment:
    """Say an assignment anew, or end it by a last day; the unit stays (take it back and assign another instead)."""
    require(policies.can_decide(actor))
    hold(Task, seen.task_id)
    refuse_stale(seen)
    _refuse_overlap(seen.task, entry, besides=seen.pk)
    new = correct(seen, reason, **entry.facts())
    said = changes(seen, new)
    record("programme.correct_assignment", seen.task, label=_label(seen.task, new), changes=said, reason=reason)
    return new


@service(lock="shared")
def void_assignment(*, actor: Actor, seen: WorkingAssignment, reason: str) -> None:
    """Take an assignment back that was recorded in error."""
    require(policies.can_decide(actor))
    void(seen, reason)
    said = {"voided": [False, True]}
    record("programme.void_assignment", seen.task, label=_label(seen.task, seen), changes=said, reason=reason)


def _label(task: Task, said: WorkingAssignment) -> str:
    return f"{task.code} {unit_names().get(said.unit_id, '')}"


def _make_room(task: Task, entry: AssignmentEntry) -> WorkingAssignment | None:
    """End the open lead that began before; then nothing may overlap. Returns what was ended."""
    before = None
    if entry.duty == Duty.LEAD:
        leads = WorkingAssignment.objects.live().filter(task=task, duty=Duty.LEAD, valid_to__isnull=True)
        before = leads.filter(valid_from__lt=entry.valid_from).exclude(unit=entry.unit).select_related("unit").first()
    if before is not None:
        reason = f"Giao lại từ ngày {format_date(entry.valid_from)} theo {text.nfc(entry.document)}"
        correct(before, reason, valid_to=entry.valid_from)
    _refuse_overlap(task, entry)
    return before


def _refuse_overlap(task: Task, entry: AssignmentEntry, besides: int = 0) -> None:
    """One lead a day, and a unit has a task once a day."""
    names = unit_names()
    asked = (entry.valid_from, entry.valid_to)
    for other in WorkingAssignment.objects.live().filter(task=task).exclude(pk=besides):
        if not overlap(asked, (other.valid_from, other.valid_to)):
            continue
        name = names.get(other.unit_id, "")
        if other.unit_id == entry.unit.pk:
            raise AlreadyAssigned(name)
        if other.duty == entry.duty == Duty.LEAD:
            raise LeadOverlaps(name, format_date(other.valid_from))
