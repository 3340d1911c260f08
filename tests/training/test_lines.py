"""Lines of a course's list: who a name is, claimed counts, corrections, and lists pasted whole or not at all."""

from datetime import date
from typing import Any

import pytest

from chuan.audit.models import AuditEntry
from chuan.ledger.errors import Superseded
from chuan.organisations.models import Person, PersonFacts
from chuan.training import queries
from chuan.training.errors import AlreadyListed, NotAllowed
from chuan.training.forms import LineForm
from chuan.training.models import Attendance, AttendanceFacts
from chuan.training.paste import PasteForm, read
from chuan.training.services import LineEntry, add_attendance, add_attendances, correct_attendance, void_attendance
from tests.cast import Cast
from tests.training.builders import course, line, said_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 8)


def _form(cast: Cast, name: str, **data: str) -> LineForm:
    suspects = queries.same_names(cast.focal.actor, name)
    return LineForm({"full_name": name, "role": "learner", "completed": "on", **data}, on=DAY, suspects=suspects)


def _paste(cast: Cast, where: Any, lines: str, **data: str) -> PasteForm:
    known = queries.namesakes(cast.focal.actor, {row.key for row in read(lines)})
    return PasteForm({"lines": lines, **data}, on=DAY, listed=queries.listed_names(where), known=known)


def test_another_unit_adds_corrects_and_voids_no_line(cast: Cast) -> None:
    made = course(cast)
    standing = line(cast, made, "Nguyễn Văn An")
    with pytest.raises(NotAllowed):
        line(cast, made, "Trần Thị Bình", by=cast.other_focal)
    with pytest.raises(NotAllowed):
        correct_attendance(actor=cast.other_focal.actor, seen=said_of(standing), reason="x", completed=False)
    with pytest.raises(NotAllowed):
        void_attendance(actor=cast.other_focal.actor, seen=said_of(standing), reason="x")
    assert Attendance.objects.count() == 1


def test_the_same_person_does_not_stand_twice_on_one_list(cast: Cast) -> None:
    made = course(cast)
    person = said_of(line(cast, made, "Nguyễn Văn An")).person
    with pytest.raises(AlreadyListed, match="Nguyễn Văn An đã có trong danh sách"):
        line(cast, made, person=person)
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    ["Nguyễn Văn An", "nguyen van an", "NGUYỄN  VĂN AN", "Nguye\u0302\u0303n Va\u0306n An"],
    ids=["same", "bare", "capitals", "nfd"],
)
def test_a_known_name_asks_who_it_is_however_it_is_written(cast: Cast, typed: str) -> None:
    line(cast, course(cast), "Nguyễn Văn An")
    form = _form(cast, typed)
    assert not form.is_valid()
    assert set(form.errors) == {"same"}
    code = Person.objects.get().code
    assert [c for c, _label in form.fields["same"].choices] == [code, "new"]  # type: ignore[attr-defined]


def test_the_answer_that_it_is_the_known_person_makes_no_new_one(cast: Cast) -> None:
    line(cast, course(cast), "Nguyễn Văn An")
    second = course(cast, title="Lớp hai")
    form = _form(cast, "nguyen van an", same=Person.objects.get().code)
    assert form.is_valid(), form.errors
    add_attendance(actor=cast.focal.actor, course=second, entry=form.entry())
    assert Person.objects.count() == 1


def test_the_answer_that_it_is_another_makes_a_second_person(cast: Cast) -> None:
    line(cast, course(cast), "Nguyễn Văn An")
    form = _form(cast, "Nguyễn Văn An", same="new")
    assert form.is_valid(), form.errors
    add_attendance(actor=cast.focal.actor, course=course(cast, title="Lớp hai"), entry=form.entry())
    assert Person.objects.count() == 2


def test_a_person_of_another_unit_is_neither_offered_nor_asked_about(cast: Cast) -> None:
    line(cast, course(cast, by=cast.other_focal), "Nguyễn Văn An", by=cast.other_focal)
    form = _form(cast, "Nguyễn Văn An")
    assert "same" not in form.fields
    assert form.is_valid(), form.errors
    foreign = _form(cast, "Nguyễn Văn An", same=Person.objects.get().code)
    assert foreign.is_valid()
    assert foreign.entry().person is None


def test_a_name_in_decomposed_letters_is_kept_precomposed(cast: Cast) -> None:
    line(cast, course(cast), "Nguye\u0302\u0303n Va\u0306n An")
    assert PersonFacts.objects.get().full_name == "Nguyễn Văn An"


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"full_name": "", "headcount": ""}, "full_name"),
        ({"full_name": "Nguyễn Văn An", "headcount": "45"}, "headcount"),
        ({"full_name": "", "headcount": "0"}, "headcount"),
        ({"full_name": "", "headcount": "10001"}, "headcount"),
        ({"full_name": "", "headcount": "khoảng 45"}, "headcount"),
        ({"full_name": "A " * 101 + "B", "headcount": ""}, "full_name"),
        ({"full_name": "Bình", "headcount": ""}, "full_name"),
    ],
)
def test_a_line_is_a_name_or_a_count_within_reason(cast: Cast, data: dict[str, str], wrong: str) -> None:
    form = LineForm({"role": "learner", **data}, on=DAY)
    assert not form.is_valid()
    assert set(form.errors) == {wrong}


def test_a_claimed_count_names_nobody_and_is_not_added_to_the_names(cast: Cast) -> None:
    made = course(cast)
    line(cast, made, "Nguyễn Văn An")
    line(cast, made, "Trần Thị Bình", completed=False)
    line(cast, made, headcount=45, employer=None)
    line(cast, made, "Lê Thị Châu", role="lecturer")
    assert queries.totals(queries.attendance_lines(made)) == {"named": 2, "completed": 1, "claimed": 45}
    assert Person.objects.count() == 3


def test_a_stale_line_is_not_corrected_or_voided(cast: Cast) -> None:
    made = course(cast)
    standing = line(cast, made, "Nguyễn Văn An")
    stale = said_of(standing).pk
    correct_attendance(actor=cast.focal.actor, seen=said_of(standing), reason="Vắng", completed=False)
    with pytest.raises(Superseded):
        correct_attendance(
            actor=cast.specialist.actor, seen=AttendanceFacts.objects.get(pk=stale), reason="x", role="lecturer"
        )
    with pytest.raises(Superseded):
        void_attendance(actor=cast.focal.actor, seen=AttendanceFacts.objects.get(pk=stale), reason="x")
    assert (said_of(standing).role, said_of(standing).completed) == ("learner", False)


def test_a_voided_line_leaves_the_list_and_its_person_may_be_added_again(cast: Cast) -> None:
    made = course(cast)
    standing = line(cast, made, "Nguyễn Văn An")
    person = said_of(standing).person
    void_attendance(actor=cast.focal.actor, seen=said_of(standing), reason="Ghi nhầm")
    assert list(queries.attendance_lines(made)) == []
    line(cast, made, person=person)
    assert queries.totals(queries.attendance_lines(made))["named"] == 1


def test_an_employer_that_did_not_exist_when_the_course_ended_is_not_offered(cast: Cast) -> None:
    after, before = (
        dict(LineForm(on=day).fields["employer"].choices)  # type: ignore[attr-defined]
        for day in (DAY, date(2025, 6, 30))
    )
    assert "h-tb" not in after
    assert "x-tb" in after
    assert "h-tb" in before
    assert "x-tb" not in before


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("Nguyễn Văn An\nBình\nLê Thị Châu", "dòng 2 “Bình”: cần đủ họ và tên"),
        ("Nguyễn Văn An; Chuyên viên; Sở Công Thương", "dòng 1 “Nguyễn Văn An”: có 3 cột"),
        ("Nguyễn Văn An\n\nnguyen van an", "dòng 3 “nguyen van an”: trùng tên với dòng 1"),
        ("Lê Thị Châu\nPhạm Có Tên", "dòng 2 “Phạm Có Tên”: đã có trong danh sách lớp"),
        ("Nguyễn Văn " + "A" * 200, "dài quá 200 ký tự"),
        ("Nguyễn Văn An; " + "A" * 201, "dài quá 200 ký tự"),
        (" \n\t\n3.\n", "Chưa có dòng nào"),
        ("\n".join(f"Nguyễn Văn A{n}" for n in range(301)), "Tối đa 300 dòng"),
    ],
)
def test_a_pasted_list_with_a_wrong_line_is_refused_and_the_line_named(cast: Cast, lines: str, said: str) -> None:
    made = course(cast)
    line(cast, made, "Phạm Có Tên")
    form = _paste(cast, made, lines)
    assert not form.is_valid()
    assert any(said in str(text) for text in form.errors["lines"]), form.errors


def test_every_wrong_line_is_named_at_once(cast: Cast) -> None:
    form = _paste(cast, course(cast), "An\nTrần Thị Bình\nChâu; Chuyên viên")
    assert not form.is_valid()
    assert [str(text).split(" “")[0] for text in form.errors["lines"]] == ["dòng 1", "dòng 3"]


def test_a_pasted_name_that_is_known_asks_who_it_is(cast: Cast) -> None:
    line(cast, course(cast), "Nguyễn Văn An")
    second = course(cast, title="Lớp hai")
    asked = _paste(cast, second, "Lê Thị Châu\nNGUYỄN VĂN AN")
    assert not asked.is_valid()
    assert set(asked.errors) == {"who_2"}
    known = Person.objects.get().code
    answered = _paste(cast, second, "Lê Thị Châu\nNGUYỄN VĂN AN", who_2=known)
    assert answered.is_valid(), answered.errors
    add_attendances(actor=cast.focal.actor, course=second, entries=answered.entries())
    assert Person.objects.count() == 2


def test_a_list_is_added_whole_or_not_at_all(cast: Cast) -> None:
    made = course(cast)
    person = said_of(line(cast, made, "Nguyễn Văn An")).person
    before = AuditEntry.objects.count()
    entries = [LineEntry(role="learner", full_name="Trần Thị Bình"), LineEntry(role="learner", person=person)]
    with pytest.raises(AlreadyListed):
        add_attendances(actor=cast.focal.actor, course=made, entries=entries)
    assert (Attendance.objects.count(), Person.objects.count(), AuditEntry.objects.count()) == (1, 1, before)


def test_a_list_is_read_from_excel_with_its_heading_and_serial_numbers(cast: Cast) -> None:
    rows = read(
        "STT\tHọ và tên\tChức vụ\n1\tNguyễn Văn An\tChuyên viên\r\n2.\tTrần  Thị Bình\t\n\nLê Thị Châu; Kế toán"
    )
    assert [(r.number, r.name, r.position) for r in rows] == [
        (2, "Nguyễn Văn An", "Chuyên viên"),
        (3, "Trần Thị Bình", ""),
        (5, "Lê Thị Châu", "Kế toán"),
    ]


def test_a_list_is_added_with_one_entry_for_the_whole_and_one_for_each_new_person(cast: Cast) -> None:
    made = course(cast)
    form = _paste(cast, made, "Nguyễn Văn An; Chuyên viên\nTrần Thị Bình", employer="so-ct", completed="on")
    assert form.is_valid(), form.errors
    before = AuditEntry.objects.count()
    assert add_attendances(actor=cast.focal.actor, course=made, entries=form.entries()) == 2
    people = PersonFacts.objects.order_by("order").values_list("full_name", "position")
    assert list(people) == [("Nguyễn Văn An", "Chuyên viên"), ("Trần Thị Bình", "")]
    assert queries.totals(queries.attendance_lines(made)) == {"named": 2, "completed": 2, "claimed": 0}
    people_then_list = ["organisations.add_person", "organisations.add_person", "training.add_attendances"]
    assert list(AuditEntry.objects.filter(seq__gt=before).values_list("action", flat=True)) == people_then_list
