"""Courses: recorded, corrected and taken back by the unit that keeps them, one statement in force at a time."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

import pytest

from chuan.audit.actor import Actor
from chuan.audit.models import AuditEntry
from chuan.audit.service import REGISTRY, head
from chuan.files import store
from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations.rules import Role, UnitKind
from chuan.organisations.services import establish_unit
from chuan.registers.services import Kept as KeptFile
from chuan.training import queries
from chuan.training.errors import CourseGone, NotAllowed, UnitGone
from chuan.training.listing import list_of
from chuan.training.models import Attachment, Attendance, Course, CourseFacts
from chuan.training.services import (
    CourseEntry,
    LineEntry,
    add_attendance,
    add_attendances,
    add_course,
    attach_file,
    correct_attendance,
    correct_course,
    detach_file,
    take_list,
    void_attendance,
    void_course,
)
from tests.cast import BEGIN, SYSTEM, Cast, Member, member
from tests.training.builders import course, entry, line, said, said_of

pytestmark = pytest.mark.django_db


def _somebody_of(cast: Cast, code: str, start: date, end: date | None) -> Member:
    """A focal officer of a department that exists only during a range."""
    units = dict(cast.units)
    units[code] = establish_unit(
        actor=SYSTEM, code=code, kind=UnitKind.DEPARTMENT, name=f"Sở {code}", valid_from=start, valid_to=end
    )
    cast.units[code] = units[code]
    return member(f"nguoi-{code}", "Người Ở Lại", Role.FOCAL, code, units)


@dataclass(frozen=True)
class Kept:
    """A course with a line and a file, and who keeps it."""

    by: Member
    course: Course
    line: Attendance
    file: Attachment
    entry: CourseEntry


def _kept_until(cast: Cast, end: date) -> Kept:
    """What a unit kept that ends on a day to come."""
    by = _somebody_of(cast, "so-tam", BEGIN, end)
    made = course(cast, by=by)
    listed = line(cast, made, "Nguyễn Văn An", by=by)
    file = attach_file(actor=by.actor, course=made, title="", **asdict(file_kept("quyet-dinh.pdf")))
    return Kept(by, made, listed, file, entry(cast, title="Khác"))


def file_kept(name: str) -> KeptFile:
    """An upload on disk."""
    content = b"%PDF-1.7 quyet dinh mo lop"
    digest, kind = store.receive(name, content)
    return KeptFile(digest=digest, name=name, media_type=kind.media_type, size=len(content))


LEARNER = LineEntry(role="learner", full_name="Trần Thị Bình")


@pytest.mark.parametrize("who", ["finance", "committee", "auditor", "unit_clerk", "enterprise", "head", "director"])
def test_a_role_that_keeps_no_evidence_records_no_course(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        course(cast, by=cast.people[who])
    assert not CourseFacts.objects.exists()


def test_nobody_records_a_course_for_another_unit(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        add_course(actor=cast.focal.actor, owner=cast.unit("so-yt"), entry=entry(cast))


def test_a_unit_that_was_abolished_records_nothing_more(cast: Cast) -> None:
    gone = _somebody_of(cast, "so-cu", BEGIN, date(2026, 12, 1))
    with pytest.raises(UnitGone):
        course(cast, by=gone)


def test_a_unit_that_ends_today_is_no_more_and_one_that_ends_tomorrow_still_is(cast: Cast) -> None:
    with pytest.raises(UnitGone):
        course(cast, by=_somebody_of(cast, "so-hom-nay", BEGIN, date(2026, 12, 11)))
    assert course(cast, by=_somebody_of(cast, "so-ngay-mai", BEGIN, date(2026, 12, 12))).pk


def test_a_unit_that_is_yet_to_come_records_nothing(cast: Cast) -> None:
    to_come = _somebody_of(cast, "so-moi", date(2027, 1, 1), None)
    with pytest.raises(UnitGone):
        course(cast, by=to_come)


#: What a keeper does to a recorded course, its list and its files.
VERBS: dict[str, Callable[[Actor, Kept], object]] = {
    "correct_course": lambda actor, kept: correct_course(
        actor=actor, seen=said(kept.course), entry=kept.entry, reason="x"
    ),
    "void_course": lambda actor, kept: void_course(actor=actor, seen=said(kept.course), reason="x"),
    "add_attendance": lambda actor, kept: add_attendance(actor=actor, course=kept.course, entry=LEARNER),
    "add_attendances": lambda actor, kept: add_attendances(actor=actor, course=kept.course, entries=[LEARNER]),
    "take_list": lambda actor, kept: take_list(
        actor=actor, course=kept.course, register=list_of(said(kept.course)), rows=[], file=file_kept("danh-sach.pdf")
    ),
    "correct_attendance": lambda actor, kept: correct_attendance(
        actor=actor, seen=said_of(kept.line), completed=False, reason="x"
    ),
    "void_attendance": lambda actor, kept: void_attendance(actor=actor, seen=said_of(kept.line), reason="x"),
    "attach_file": lambda actor, kept: attach_file(
        actor=actor, course=kept.course, title="", **asdict(file_kept("lan-hai.pdf"))
    ),
    "detach_file": lambda actor, kept: detach_file(actor=actor, seen=kept.file, reason="x"),
}
AFTERWARDS = datetime(2026, 12, 21, 9, tzinfo=clock.VN)


def test_every_verb_of_a_keeper_is_asked_about_below() -> None:
    named = {name.rsplit(".", 1)[1] for name in REGISTRY if name.startswith("chuan.training.services.")}
    assert named == {"add_course", *VERBS}


@pytest.mark.parametrize("verb", VERBS)
def test_a_unit_that_was_abolished_meanwhile_changes_nothing(cast: Cast, verb: str) -> None:
    kept = _kept_until(cast, date(2026, 12, 20))
    before = head()
    with clock.at(AFTERWARDS), pytest.raises(UnitGone):
        VERBS[verb](kept.by.actor, kept)
    assert head() == before


@pytest.mark.parametrize("verb", VERBS)
def test_the_specialist_mends_what_an_abolished_unit_kept(cast: Cast, verb: str) -> None:
    kept = _kept_until(cast, date(2026, 12, 20))
    before, _ = head()
    with clock.at(AFTERWARDS):
        VERBS[verb](cast.specialist.actor, kept)
    assert head()[0] > before


def test_another_unit_corrects_and_voids_nothing(cast: Cast) -> None:
    made = course(cast)
    with pytest.raises(NotAllowed):
        correct_course(actor=cast.other_focal.actor, seen=said(made), entry=entry(cast, title="Khác"), reason="x")
    with pytest.raises(NotAllowed):
        void_course(actor=cast.other_focal.actor, seen=said(made), reason="x")
    assert said(made).voided_at is None


def test_a_stale_statement_is_not_corrected(cast: Cast) -> None:
    made = course(cast)
    stale = said(made)
    correct_course(actor=cast.focal.actor, seen=stale, entry=entry(cast, title="Lần một"), reason="Sai tên")
    fresh_copy = CourseFacts.objects.get(pk=stale.pk)
    with pytest.raises(Superseded):
        correct_course(actor=cast.specialist.actor, seen=fresh_copy, entry=entry(cast, title="Lần hai"), reason="x")
    assert said(made).title == "Lần một"
    assert CourseFacts.objects.filter(course=made).count() == 2


def test_a_stale_statement_is_not_voided(cast: Cast) -> None:
    made = course(cast)
    stale = said(made)
    correct_course(actor=cast.focal.actor, seen=stale, entry=entry(cast, title="Lần một"), reason="Sai tên")
    with pytest.raises(Superseded):
        void_course(actor=cast.focal.actor, seen=CourseFacts.objects.get(pk=stale.pk), reason="Ghi nhầm")
    assert said(made).title == "Lần một"


def test_a_voided_course_takes_no_line_and_is_not_voided_twice(cast: Cast) -> None:
    made = course(cast)
    seen = said(made)
    void_course(actor=cast.focal.actor, seen=seen, reason="Ghi hai lần")
    with pytest.raises(CourseGone):
        line(cast, made, "Nguyễn Văn An")
    with pytest.raises(Superseded):
        void_course(actor=cast.focal.actor, seen=CourseFacts.objects.get(pk=seen.pk), reason="Lần nữa")
    assert list(queries.courses(cast.focal.actor)) == []


def test_a_course_is_recorded_in_nfc_with_one_audit_entry(cast: Cast) -> None:
    decomposed = "Ta\u0323\u0302p hua\u0302\u0301n  đo lươ\u0300ng"
    made = course(cast, title=decomposed)
    assert said(made).title == "Tập huấn đo lường"
    assert said(made).search.startswith("tap huan do luong")
    told = AuditEntry.objects.order_by("seq").last()
    assert told is not None
    assert (told.action, told.subject_id) == ("training.add_course", str(made.pk))


def test_a_correction_keeps_the_old_statement_and_says_what_changed_and_why(cast: Cast) -> None:
    made = course(cast)
    old = said(made)
    new = correct_course(
        actor=cast.specialist.actor, seen=old, entry=entry(cast, end=date(2026, 5, 9)), reason="Theo giấy mời"
    )
    assert (new.end, new.owner_id) == (date(2026, 5, 9), cast.unit("so-ct").pk)
    kept = CourseFacts.objects.get(pk=old.pk)
    assert (kept.end, kept.void_reason) == (date(2026, 5, 8), "Theo giấy mời")
    told = AuditEntry.objects.get(action="training.correct_course")
    assert told.changes == {"end": ["2026-05-08", "2026-05-09"]}
    assert told.reason == "Theo giấy mời"


def test_a_voided_course_leaves_the_register_and_stays_readable(cast: Cast) -> None:
    made = course(cast)
    line(cast, made, "Nguyễn Văn An")
    void_course(actor=cast.focal.actor, seen=said(made), reason="Ghi hai lần")
    facts = queries.current_facts(cast.focal.actor, made.code)
    assert facts is not None
    assert facts.voided_at is not None
    assert facts.void_reason == "Ghi hai lần"
    assert [e.action for e in queries.history(made)] == [
        "training.add_course",
        "training.add_attendance",
        "training.void_course",
    ]
