"""Small builders of training evidence."""

from datetime import date
from typing import Any

from chuan.organisations.models import Person
from chuan.training.models import Attendance, AttendanceFacts, Course, CourseFacts
from chuan.training.services import CourseEntry, LineEntry, add_attendance, add_course
from tests.cast import Cast, Member


def entry(cast: Cast, **facts: Any) -> CourseEntry:
    """A one-week course on metrology in Tân Biên in May 2026, changed as said."""
    usual: dict[str, Any] = {
        "title": "Tập huấn nghiệp vụ kiểm định cân",
        "kind": "course",
        "start": date(2026, 5, 4),
        "end": date(2026, 5, 8),
        "organiser": "Sở Công Thương",
        "place": cast.unit("x-tb"),
    }
    return CourseEntry(**{**usual, **facts})


def course(cast: Cast, by: Member | None = None, **facts: Any) -> Course:
    """A recorded course, kept by the unit of whoever records it (so-ct's focal officer)."""
    who = by or cast.focal
    owner = next(u for u in cast.units.values() if u.pk == who.actor.unit_id)
    return add_course(actor=who.actor, owner=owner, entry=entry(cast, **facts))


def line(cast: Cast, where: Course, name: str = "", by: Member | None = None, **facts: Any) -> Attendance:
    """A line of the list: a learner from so-ct who completed the course, changed as said."""
    usual: dict[str, Any] = {"role": "learner", "full_name": name, "employer": cast.unit("so-ct")}
    return add_attendance(actor=(by or cast.focal).actor, course=where, entry=LineEntry(**{**usual, **facts}))


def said(where: Course) -> CourseFacts:
    """The course's statement in force."""
    return CourseFacts.objects.live().get(course=where)


def said_of(attendance: Attendance) -> AttendanceFacts:
    """The line's statement in force."""
    return AttendanceFacts.objects.live().get(attendance=attendance)


def person_of(line_said: AttendanceFacts) -> Person:
    """The person whom a line names."""
    assert line_said.person is not None
    return line_said.person
