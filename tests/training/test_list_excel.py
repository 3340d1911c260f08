"""A course's list as a sheet: who somebody is is asked and never guessed, one entry for a file, back unchanged."""

from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.audit.service import head
from chuan.registers.importing import check
from chuan.registers.register import Register
from chuan.registers.rules import Verdict
from chuan.training.listing import list_of
from chuan.training.models import AttendanceFacts, Course
from tests.cast import Cast
from tests.registers.books import book, cells_of, edited
from tests.registers.test_excel_in import refused, words
from tests.training.builders import course, line, person_of, said, said_of
from tests.training.sheets import apply, send

pytestmark = pytest.mark.django_db
HEADS = ("Họ và tên", "Mã người", "Chức vụ", "Đơn vị công tác lúc học", "Vai trò trong lớp")
ROW = ("Nguyễn Văn An", None, "Chuyên viên", "Sở Công Thương", "Học viên")


def _register(where: Course) -> Register:
    return list_of(said(where))


def _names(where: Course) -> list[str]:
    rows = _register(where).dress(AttendanceFacts.objects.live().filter(attendance__course=where))
    return sorted(row.full_name for row in rows)


@pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("unit_clerk", 403), ("other_focal", 404)])
def test_whoever_does_not_keep_the_course_takes_no_list_in(cast: Cast, sign_in: Any, who: str, status: int) -> None:
    made = course(cast)
    assert sign_in(cast.people[who]).get(reverse("training:line-import", args=[made.code])).status_code == status


def test_nothing_is_saved_while_one_line_is_wrong(cast: Cast, sign_in: Any) -> None:
    made, before = course(cast), head()
    rows = (ROW, ("", None, "", "", "Học viên"), ("Trần Thị Bình", None, "", "Sở Không Có", "Học viên"))
    answer = send(sign_in(cast.focal), made, book(HEADS, *rows))
    refused(answer, "2 dòng sai", "Ô A3", "Ô D4", "không có “Sở Không Có” trong danh mục")
    assert head() == before


def test_a_name_that_is_known_asks_who_it_is(cast: Cast, sign_in: Any) -> None:
    elsewhere = person_of(said_of(line(cast, course(cast), "Nguyễn Văn An")))
    made = course(cast, title="Lớp sau")
    browser = sign_in(cast.focal)
    refused(send(browser, made, book(HEADS, ROW)), elsewhere.code, "ghi “mới” nếu là người khác")
    refused(send(browser, made, book(HEADS, (ROW[0], "NG-999999", *ROW[2:]))), "Không có người mã NG-999999")
    assert apply(browser, made, send(browser, made, book(HEADS, (ROW[0], elsewhere.code, *ROW[2:])))).status_code == 302
    assert AttendanceFacts.objects.live().get(attendance__course=made).person == elsewhere


def test_somebody_new_of_a_known_name_is_another_person(cast: Cast, sign_in: Any) -> None:
    known = person_of(said_of(line(cast, course(cast), "Nguyễn Văn An")))
    made, browser = course(cast, title="Lớp sau"), sign_in(cast.focal)
    assert apply(browser, made, send(browser, made, book(HEADS, (ROW[0], "mới", *ROW[2:])))).status_code == 302
    assert AttendanceFacts.objects.live().get(attendance__course=made).person != known


def test_a_list_is_taken_in_by_one_entry_of_its_own_and_again_changes_nothing(cast: Cast, sign_in: Any) -> None:
    made, browser = course(cast), sign_in(cast.focal)
    content = book(HEADS, ROW, ("Trần Thị Bình", None, "", "", "Giảng viên, báo cáo viên"))
    assert apply(browser, made, send(browser, made, content)).status_code == 302
    assert _names(made) == ["Nguyễn Văn An", "Trần Thị Bình"]
    entries = AuditEntry.objects.filter(action="training.import_attendance")
    assert [len(e.changes["added"][1]) for e in entries] == [2]
    page = words(browser.get(reverse("training:course", args=[made.code])))
    assert "danh-sach.xlsx" in page
    before = head()
    again = send(browser, made, content)
    assert "không cần ghi" in words(again)
    assert head() == before


def test_a_row_without_a_name_is_a_claimed_count(cast: Cast, sign_in: Any) -> None:
    made, browser = course(cast), sign_in(cast.focal)
    content = book((*HEADS, "Số lượt người (không có danh sách)"), ("", None, "", "", "Học viên", 45))
    assert apply(browser, made, send(browser, made, content)).status_code == 302
    found = AttendanceFacts.objects.live().get(attendance__course=made)
    assert (found.person, found.headcount) == (None, 45)


def test_what_went_out_comes_back_unchanged(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    line(cast, made, "Nguyễn Văn An", position="Chuyên viên")
    line(cast, made, headcount=45, employer=None)
    content = sign_in(cast.focal).get(reverse("training:lines-sheet", args=[made.code])).content
    found = check(cast.focal.actor, _register(made), content).rows
    assert [row.verdict for row in found] == [Verdict.SAME, Verdict.SAME]


def test_an_edited_row_corrects_its_line_but_never_says_another_name(cast: Cast, sign_in: Any) -> None:
    made, browser = course(cast), sign_in(cast.focal)
    standing = line(cast, made, "Nguyễn Văn An")
    content = browser.get(reverse("training:lines-sheet", args=[made.code])).content
    row = next(n for n, cells in enumerate(cells_of(content), 1) if cells[0] == standing.code)
    refused(send(browser, made, edited(content, {f"B{row}": "Nguyễn Văn Ẩn"})), "không đổi được Họ và tên")
    changed = edited(content, {f"H{row}": "Không"})
    assert apply(browser, made, send(browser, made, changed)).status_code == 302
    assert said_of(standing).completed is False


def test_a_check_of_one_list_is_not_taken_into_another(cast: Cast, sign_in: Any) -> None:
    one, two, browser = course(cast), course(cast, title="Lớp sau"), sign_in(cast.focal)
    assert apply(browser, two, send(browser, one, book(HEADS, ROW))).status_code == 422
    assert not AttendanceFacts.objects.exists()
