"""Courses: recorded, corrected and taken back by the unit that keeps them, one statement in force at a time."""

from datetime import date, datetime

import pytest

from chuan.audit.models import AuditEntry
from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations.rules import Role, UnitKind
from chuan.organisations.services import establish_unit
from chuan.training import queries
from chuan.training.errors import CourseGone, NotAllowed, UnitGone
from chuan.training.models import CourseFacts
from chuan.training.services import add_course, correct_course, void_course
from tests.cast import BEGIN, SYSTEM, Cast, Member, member
from tests.training.builders import course, entry, line, said

pytestmark = pytest.mark.django_db


def _somebody_of(cast: Cast, code: str, start: date, end: date | None) -> Member:
    """A focal officer of a department that exists only during a range."""
    units = dict(cast.units)
    units[code] = establish_unit(
        actor=SYSTEM, code=code, kind=UnitKind.DEPARTMENT, name=f"Sở {code}", valid_from=start, valid_to=end
    )
    cast.units[code] = units[code]
    return member(f"nguoi-{code}", "Người Ở Lại", Role.FOCAL, code, units)


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


def test_a_form_that_was_open_while_the_unit_was_abolished_corrects_nothing(cast: Cast) -> None:
    still = _somebody_of(cast, "so-tam", BEGIN, date(2026, 12, 20))
    made = course(cast, by=still)
    with clock.at(datetime(2026, 12, 21, 9, tzinfo=clock.VN)), pytest.raises(UnitGone):
        correct_course(actor=still.actor, seen=said(made), entry=entry(cast, title="Khác"), reason="Sai tên")
    assert said(made).title == "Tập huấn nghiệp vụ kiểm định cân"


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
