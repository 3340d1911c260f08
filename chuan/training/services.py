"""Writes on the training register: add, correct, void; each with one audit entry and the evidence lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.files.store import register
from chuan.ledger.models import changes
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, correct, hold, void
from chuan.lib import text
from chuan.organisations.models import OrganisationUnit, Person
from chuan.organisations.queries import live_person
from chuan.organisations.services import add_person
from chuan.registers.models import ImportBatch, columns
from chuan.registers.register import Register
from chuan.registers.services import Kept, Planned, enter_batch
from chuan.registers.services import require as _require
from chuan.registers.services import require_living_unit as _require_living_unit
from chuan.registers.services import shown as _shown
from chuan.training import policies, queries, suspects
from chuan.training.errors import AlreadyListed, CourseGone, NoSuchPerson, SharedCourse, WhoIsIt
from chuan.training.models import Attachment, Attendance, AttendanceFacts, Course, CourseFacts


def _live(course: Course) -> CourseFacts:
    facts = CourseFacts.objects.live().filter(course=course).first()
    if facts is None:
        raise CourseGone
    return facts


def _may_correct(actor: Actor, facts: CourseFacts) -> None:
    """Before whatever is done to a recorded course, its list and its files."""
    _require(policies.can_correct(actor, facts))
    _require_living_unit(actor, facts.owner_id)


def course_words(facts: Mapping[str, Any]) -> str:
    """What a course is found by."""
    return f"{facts['title']} {facts['organiser']} {facts.get('venue', '')}"


@dataclass(frozen=True)
class CourseEntry:
    """What a form or an import says of a course."""

    title: str
    kind: str
    start: date
    end: date
    organiser: str
    on_metrology: bool = True
    place: OrganisationUnit | None = None
    venue: str = ""
    online: bool = False
    basis: str = ""
    note: str = ""

    def facts(self) -> dict[str, Any]:
        """Columns of `CourseFacts`, text in NFC, with the folded search column."""
        title, organiser = text.nfc(self.title), text.nfc(self.organiser)
        words = course_words({"title": title, "organiser": organiser, "venue": self.venue})
        return {
            "title": title,
            "search": text.search_key(words)[:600],
            "kind": self.kind,
            "on_metrology": self.on_metrology,
            "start": self.start,
            "end": self.end,
            "place": self.place,
            "venue": text.nfc(self.venue),
            "online": self.online,
            "organiser": organiser,
            "basis": text.nfc(self.basis),
            "note": text.nfc_multiline(self.note),
        }


@dataclass(frozen=True)
class LineEntry:
    """What a form or an import says of one line of a list; `full_name` makes a new person where `person` is None."""

    role: str
    full_name: str = ""
    person: Person | None = None
    headcount: int = 1
    completed: bool = True
    employer: OrganisationUnit | None = None
    employer_text: str = ""
    position: str = ""
    note: str = ""


@service(lock="shared")
def add_course(*, actor: Actor, owner: OrganisationUnit, entry: CourseEntry) -> Course:
    """Record a course that the unit `owner` keeps."""
    _require(policies.can_record(actor) and (actor.is_system or actor.unit_id == owner.pk))
    _require_living_unit(actor, owner.pk)
    course = append(Course(code=f"L{draw('course'):06d}"))
    facts = append(CourseFacts(course=course, owner=owner, **entry.facts()))
    record("training.add_course", course, label=f"{course.code} {facts.title}", changes=changes(None, facts))
    return course


@service(lock="shared")
def correct_course(*, actor: Actor, seen: CourseFacts, entry: CourseEntry, reason: str) -> CourseFacts:
    """Say a course anew; `seen` is the statement the person had before them, Superseded where it is no more."""
    _may_correct(actor, seen)
    new = correct(seen, reason, **entry.facts())
    label = f"{seen.course.code} {new.title}"
    record("training.correct_course", seen.course, label=label, changes=_shown(changes(seen, new)), reason=reason)
    return new


@service(lock="shared")
def void_course(*, actor: Actor, seen: CourseFacts, reason: str) -> None:
    """Take a course back, and with it the decision that it is another unit's: it was entered in error or twice.

    Its list stays readable and counts nowhere.
    """
    _may_correct(actor, seen)
    hold(Course, seen.course_id)
    if merged := suspects.duplicates_of(seen.course):
        raise SharedCourse([course.code for course in merged])
    void(seen, reason)
    told: dict[str, list[Any]] = {"voided": [False, True]}
    if merge := suspects.merge_of(seen.course):
        void(merge, reason)
        told["canonical"] = [merge.canonical.code, None]
    label = f"{seen.course.code} {seen.title}"
    record("training.void_course", seen.course, label=label, changes=told, reason=reason)


@service(lock="shared")
def add_attendance(*, actor: Actor, course: Course, entry: LineEntry) -> Attendance:
    """Add one line to a course's list; AlreadyListed where the person stands there, CourseGone where it was voided."""
    # Who adds to a list waits for who is adding to it now: one person stands there once.
    hold(Course, course.pk)
    facts = _live(course)
    _may_correct(actor, facts)
    attendance, said = _line(actor, facts, entry)
    record("training.add_attendance", attendance, label=_label(attendance, said), changes=changes(None, said))
    return attendance


@service(lock="shared")
def add_attendances(*, actor: Actor, course: Course, entries: Sequence[LineEntry]) -> int:
    """Add a pasted list, all of it or nothing; one audit entry for the list, after those of the persons it makes."""
    hold(Course, course.pk)
    facts = _live(course)
    _may_correct(actor, facts)
    codes = [_line(actor, facts, entry)[0].code for entry in entries]
    label = f"{course.code} {facts.title}"
    record("training.add_attendances", course, label=label, changes={"lines": [None, codes]})
    return len(codes)


def _line(actor: Actor, facts: CourseFacts, entry: LineEntry) -> tuple[Attendance, AttendanceFacts]:
    person = entry.person
    if person is None and entry.full_name:
        person = add_person(
            actor=actor,
            full_name=entry.full_name,
            owner=facts.owner,
            employer=entry.employer,
            position=entry.position,
        )
    elif person is not None and queries.already_listed(facts.course, person.pk):
        known = live_person(person.pk)
        raise AlreadyListed(known.full_name if known else person.code)
    attendance = append(Attendance(code=f"HV{draw('attendance'):07d}", course=facts.course))
    said = append(
        AttendanceFacts(
            attendance=attendance,
            person=person,
            headcount=1 if person else entry.headcount,
            role=entry.role,
            completed=entry.completed,
            employer=entry.employer,
            employer_text=text.nfc(entry.employer_text),
            note=text.nfc(entry.note),
        )
    )
    return attendance, said


@service(lock="shared")
def correct_attendance(*, actor: Actor, seen: AttendanceFacts, reason: str, **facts: Any) -> AttendanceFacts:
    """Say a line anew (role, completion, employer, note, headcount of a claimed count)."""
    _may_correct(actor, _live(seen.attendance.course))
    new = correct(seen, reason, **facts)
    label = _label(seen.attendance, new)
    record("training.correct_attendance", seen.attendance, label=label, changes=changes(seen, new), reason=reason)
    return new


@service(lock="shared")
def take_list(
    *, actor: Actor, course: Course, register: Register, rows: Sequence[Planned], file: Kept, reason: str = ""
) -> ImportBatch:
    """Take a checked sheet into a course's list, all of it or nothing.

    One audit entry names the file and each line, after those of the persons that the sheet makes.
    """
    hold(Course, course.pk)
    facts = _live(course)
    _may_correct(actor, facts)
    written = [_list_row(actor, facts, row, reason) for row in rows]
    batch, told = enter_batch(register, rows, written, file)
    label = f"{course.code} {facts.title} ({batch.code})"
    record("training.import_attendance", course, label=label, changes=told, reason=reason)
    return batch


def _list_row(actor: Actor, course: CourseFacts, row: Planned, reason: str) -> AttendanceFacts:
    """The statement that a row of a sheet comes to."""
    if row.seen is not None:
        check_line(actor, course, row.facts, row.seen)
        new: AttendanceFacts = correct(row.seen, reason, **columns(dict(row.facts), AttendanceFacts))
        return new
    said = dict(row.facts)
    check_line(actor, course, said, None)
    code, employer = said.pop("person"), said.pop("employer_id")
    person = Person.objects.filter(code=code).first() if code and not is_another(code) else None
    unit = OrganisationUnit.objects.filter(pk=employer).first() if employer else None
    return _line(actor, course, LineEntry(**{**said, "person": person, "employer": unit}))[1]


def is_another(code: str) -> bool:
    """What is written for the code of somebody new who has the name of somebody known."""
    return text.search_key(code) == "moi"


def check_line(actor: Actor, course: CourseFacts, facts: Mapping[str, Any], seen: Any) -> None:
    """Refuse a new row that leaves open who somebody is, or names whom the list has; WhoIsIt, AlreadyListed."""
    name, code = facts.get("full_name", ""), facts.get("person", "")
    if seen is not None or not name:
        return
    known = {said.person.code: said for said in queries.same_names(actor, name)}
    if code and not is_another(code):
        if code not in known:
            raise NoSuchPerson(code, name)
        if queries.already_listed(course.course, known[code].person_id):
            raise AlreadyListed(name)
    elif known and not code:
        raise WhoIsIt(name, sorted(known))


@service(lock="shared")
def void_attendance(*, actor: Actor, seen: AttendanceFacts, reason: str) -> None:
    """Take a line back."""
    _may_correct(actor, _live(seen.attendance.course))
    void(seen, reason)
    label = _label(seen.attendance, seen)
    record("training.void_attendance", seen.attendance, label=label, changes={"voided": [False, True]}, reason=reason)


@service(lock="shared")
def attach_file(
    *, actor: Actor, course: Course, title: str, digest: str, name: str, media_type: str, size: int
) -> Attachment:
    """Attach kept bytes (see `files.store.receive`) to a course."""
    facts = _live(course)
    _may_correct(actor, facts)
    file = register(digest, name=name, media_type=media_type, size=size)
    attachment = append(Attachment(course=course, file=file, title=text.nfc(title) or file.name))
    label = f"{course.code} {facts.title}"
    record("training.attach_file", course, label=label, changes={"file": [None, [file.name, digest]]})
    return attachment


@service(lock="shared")
def detach_file(*, actor: Actor, seen: Attachment, reason: str) -> None:
    """Take an attachment back; the bytes stay, named in the history."""
    _may_correct(actor, _live(seen.course))
    void(seen, reason)
    record(
        "training.detach_file",
        seen.course,
        label=f"{seen.course.code} {seen.title}",
        changes={"file": [[seen.file.name, seen.file.content_sha], None]},
        reason=reason,
    )


def _label(attendance: Attendance, said: AttendanceFacts) -> str:
    """Code and name, as the history shows it."""
    if said.person_id is None:
        return f"{attendance.code} ({said.headcount} lượt người, không có danh sách)"
    person = live_person(said.person_id)
    return f"{attendance.code} {person.full_name if person else ''}"
