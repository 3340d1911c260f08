"""What an issued figure would be today, and which records make the difference, one by one."""

from dataclasses import dataclass

from django.db.models import Q

from chuan.audit.models import AuditEntry
from chuan.ledger.models import known_q
from chuan.organisations.models import PersonFacts
from chuan.reporting import members, queries
from chuan.reporting.models import FrozenFigure
from chuan.reporting.queries import Figure
from chuan.training.models import AttendanceFacts


@dataclass(frozen=True)
class Change:
    """One record that entered or left the figure, with the person's name and what was done since."""

    attendance_id: int
    code: str
    course: str
    person_id: int | None
    person_code: str
    name: str
    added: bool
    #: Codes of the reasons why it is not counted now.
    reasons: tuple[str, ...]
    #: The line that counts instead, where the person is counted through another record.
    counted_in: int | None
    entries: tuple[AuditEntry, ...]


@dataclass(frozen=True)
class Adjustment:
    """The difference between a frozen figure and the same question asked today."""

    frozen: FrozenFigure
    today: Figure
    changes: list[Change]
    same_definition: bool

    @property
    def difference(self) -> int:
        """Today's value less the frozen one."""
        return self.today.value - self.frozen.value


def explain(frozen: FrozenFigure) -> Adjustment:
    """Compare the frozen members with today's and say of each difference what was done to the record since."""
    today = queries.today_of(frozen)
    kept = set(members.unpack(frozen.members))
    now = set(today.member_ids)
    changed = sorted((kept - now) | (now - kept))
    indicator = today.indicator
    doubles = indicator.counted_elsewhere(today.scope, set(changed))
    why = {
        row.attendance_id: codes for row, codes in indicator.why_not(today.scope) if row.attendance_id in set(changed)
    }
    changes = [
        _change(pk, frozen, added=pk in now, reasons=why.get(pk, ()), counted_in=doubles.get(pk)) for pk in changed
    ]
    same = indicator.definition_sha256() == frozen.definition_sha256
    return Adjustment(frozen, today, changes, same)


def _change(pk: int, frozen: FrozenFigure, *, added: bool, reasons: tuple[str, ...], counted_in: int | None) -> Change:
    statements = AttendanceFacts.objects.filter(attendance_id=pk).select_related("attendance__course", "person")
    then = statements.filter(known_q(frozen.known)).first()
    live = statements.filter(voided_at__isnull=True).first()
    said = (live if added else then) or statements.latest("recorded_at")
    if live is None:
        reasons = ("line_voided",)
    elif counted_in is not None:
        reasons = ("duplicate",)
    course = said.attendance.course
    touched = Q(subject_table="training_attendance", subject_id=str(pk)) | Q(
        subject_table="training_course", subject_id=str(course.pk)
    )
    if said.person_id:
        touched |= Q(subject_table="organisations_person", subject_id=str(said.person_id))
    entries = AuditEntry.objects.filter(touched, at__gt=frozen.known).order_by("seq")
    name = _name(said.person_id) if said.person_id else ""
    return Change(
        attendance_id=pk,
        code=said.attendance.code,
        course=course.code,
        person_id=said.person_id,
        person_code=said.person.code if said.person else "",
        name=name,
        added=added,
        reasons=reasons,
        counted_in=counted_in,
        entries=tuple(entries),
    )


def _name(person_id: int) -> str:
    """The person's name in force, else the last one said."""
    facts = PersonFacts.objects.filter(person_id=person_id).order_by("-pk")
    live = facts.filter(voided_at__isnull=True).first() or facts.first()
    return live.full_name if live else ""
