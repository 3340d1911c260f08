"""What an issued figure would be today, and which records make the difference, one by one."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from chuan.audit.models import AuditEntry
from chuan.organisations.models import PersonFacts
from chuan.reporting import members, queries
from chuan.reporting.models import FrozenFigure
from chuan.reporting.queries import Figure
from chuan.training.models import Attendance, AttendanceFacts


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
    counted_in_code: str
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
    """Compare the frozen members with today's and say of each difference what was done to the record since.

    The number of queries does not depend on the number of differences.
    """
    today = queries.today_of(frozen)
    now = set(today.member_ids)
    changed = sorted(now ^ set(members.unpack(frozen.members)))
    indicator = today.indicator
    return Adjustment(
        frozen, today, _changes(frozen, today, now, changed), indicator.definition_sha256() == frozen.definition_sha256
    )


def _changes(frozen: FrozenFigure, today: Figure, now: set[int], changed: list[int]) -> list[Change]:
    if not changed:
        return []
    doubles = today.indicator.counted_elsewhere(today.scope, set(changed))
    why = {row.attendance_id: codes for row, codes in today.indicator.why_not(today.scope, only=changed)}
    lines = {pk: _Line(frozen, pk in now, said) for pk, said in _statements(changed).items()}
    names = _names([line.said.person_id for line in lines.values() if line.said.person_id])
    codes = dict(Attendance.objects.filter(pk__in=doubles.values()).values_list("pk", "code"))
    entries = _entries(frozen, lines.values())
    return [
        lines[pk].change(why.get(pk, ()), doubles.get(pk), codes.get(doubles.get(pk, 0), ""), names, entries)
        for pk in changed
    ]


class _Line:
    """A line that makes a difference: its statements, oldest first, and the one that the page shows."""

    def __init__(self, frozen: FrozenFigure, added: bool, statements: list[AttendanceFacts]) -> None:
        live = [s for s in statements if s.voided_at is None]
        then = [
            s
            for s in statements
            if s.recorded_at <= frozen.known and (s.voided_at is None or s.voided_at > frozen.known)
        ]
        self.added, self.live = added, bool(live)
        self.said = ((live if added else then) or statements)[-1]

    def subjects(self) -> set[tuple[str, str]]:
        """(table, key) of what a deed since could have touched: the line, its course, its person."""
        found = {
            ("training_attendance", str(self.said.attendance_id)),
            ("training_course", str(self.said.attendance.course_id)),
        }
        return found | ({("organisations_person", str(self.said.person_id))} if self.said.person_id else set())

    def change(
        self,
        reasons: tuple[str, ...],
        counted_in: int | None,
        counted_in_code: str,
        names: dict[int, str],
        entries: list[AuditEntry],
    ) -> Change:
        """The line as the page shows it."""
        if not self.live:
            reasons = ("line_voided",)
        elif counted_in is not None:
            reasons = ("duplicate",)
        said, subjects = self.said, self.subjects()
        return Change(
            attendance_id=said.attendance_id,
            code=said.attendance.code,
            course=said.attendance.course.code,
            person_id=said.person_id,
            person_code=said.person.code if said.person else "",
            name=names.get(said.person_id or 0, ""),
            added=self.added,
            reasons=reasons,
            counted_in=counted_in,
            counted_in_code=counted_in_code,
            entries=tuple(e for e in entries if (e.subject_table, e.subject_id) in subjects),
        )


def _statements(ids: Collection[int]) -> dict[int, list[AttendanceFacts]]:
    """Every statement of the lines, oldest first."""
    found: dict[int, list[AttendanceFacts]] = {}
    rows = AttendanceFacts.objects.filter(attendance_id__in=ids).select_related("attendance__course", "person")
    for said in rows.order_by("recorded_at", "pk"):
        found.setdefault(said.attendance_id, []).append(said)
    return found


def _entries(frozen: FrozenFigure, lines: Collection[_Line]) -> list[AuditEntry]:
    """What was done since the freeze to the lines, their courses and their people, oldest first."""
    keys: dict[str, set[str]] = {}
    for table, key in {subject for line in lines for subject in line.subjects()}:
        keys.setdefault(table, set()).add(key)
    touched = Q()
    for table, ids in keys.items():
        touched |= Q(subject_table=table, subject_id__in=ids)
    return list(AuditEntry.objects.filter(touched, at__gt=frozen.known).order_by("seq"))


def _names(people: Collection[int]) -> dict[int, str]:
    """The name in force of each person, else the last one said."""
    facts = PersonFacts.objects.filter(person_id__in=people).order_by("pk")
    said = {f.person_id: f.full_name for f in facts}
    return said | {f.person_id: f.full_name for f in facts if f.voided_at is None}
