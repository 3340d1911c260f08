"""Courses as a sheet: out and back unchanged, in with a verdict on each row, nothing saved while one is wrong."""

from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.audit.service import head
from chuan.registers.importing import check
from chuan.registers.rules import Verdict
from chuan.training.models import CourseFacts
from chuan.training.register import COURSES
from tests.cast import Cast
from tests.registers.books import book, cells_of, edited
from tests.registers.test_excel_in import apply, refused, send, words
from tests.training.builders import course, said

pytestmark = pytest.mark.django_db
HEADS = ("Tên lớp, nội dung", "Loại hoạt động", "Ngày bắt đầu", "Ngày kết thúc", "Đơn vị tổ chức", "Địa bàn")
ROW = ("Lớp đo lường", "Lớp đào tạo, tập huấn, bồi dưỡng", "04/05/2026", "08/05/2026", "Sở Công Thương", "Xã Tân Biên")


@pytest.mark.parametrize("who", ["enterprise", "unit_clerk", "auditor", "finance"])
def test_whoever_records_no_course_takes_no_file_in(cast: Cast, sign_in: Any, who: str) -> None:
    assert sign_in(cast.people[who]).get(reverse("training:course-import")).status_code == 403


def test_nothing_is_saved_while_one_course_is_wrong(cast: Cast, sign_in: Any) -> None:
    before = head()
    answer = send(sign_in(cast.focal), COURSES, book(HEADS, ROW, (*ROW[:3], "01/05/2026", *ROW[4:])))
    refused(answer, "Ô D3", "trước ngày bắt đầu 04/05/2026")
    assert head() == before


def test_a_place_that_did_not_exist_then_is_refused_on_its_row(cast: Cast, sign_in: Any) -> None:
    answer = send(sign_in(cast.focal), COURSES, book(HEADS, (*ROW[:5], "h-tb")))
    refused(answer, "Ô F2", "không có địa bàn này")


def test_a_course_of_another_unit_is_not_found_by_its_code_nor_by_its_words(cast: Cast) -> None:
    theirs = course(cast, by=cast.other_focal, title="Lớp đo lường")
    with_code = check(cast.focal.actor, COURSES, book(("Mã", *HEADS), (theirs.code, *ROW))).rows[0]
    assert (with_code.verdict, "không có bản ghi mã" in with_code.problems[0][1]) == (Verdict.WRONG, True)
    assert check(cast.focal.actor, COURSES, book(HEADS, ROW)).rows[0].verdict == Verdict.ADDED


def test_a_good_file_is_taken_in_by_one_entry_and_again_changes_nothing(cast: Cast, sign_in: Any) -> None:
    browser, content = sign_in(cast.focal), book(HEADS, ROW, ("Lớp khác", *ROW[1:]))
    before = AuditEntry.objects.count()
    assert apply(browser, COURSES, send(browser, COURSES, content)).status_code == 302
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.order_by("seq").last()
    assert entry is not None
    assert entry.action == "training.import_course"
    assert CourseFacts.objects.filter(owner=cast.unit("so-ct"), on_metrology=True).count() == 2
    assert {r.verdict for r in check(cast.focal.actor, COURSES, content).rows} == {Verdict.SAME}
    made = CourseFacts.objects.get(title="Lớp khác")
    assert "so.xlsx" in words(browser.get(reverse("training:course", args=[made.course.code])))
    assert "Lớp khác" in words(browser.get(reverse("training:courses")))


def test_what_went_out_comes_back_unchanged_twins_included(cast: Cast, sign_in: Any) -> None:
    course(cast)
    course(cast)
    content = sign_in(cast.focal).get(reverse("training:courses-sheet")).content
    found = check(cast.focal.actor, COURSES, content)
    assert [row.verdict for row in found.rows] == [Verdict.SAME, Verdict.SAME]


def test_a_row_that_two_courses_answer_asks_for_the_code(cast: Cast, sign_in: Any) -> None:
    one = course(cast)
    course(cast)
    content = sign_in(cast.focal).get(reverse("training:courses-sheet")).content
    row = next(n for n, cells in enumerate(cells_of(content), 1) if cells[0] == one.code)
    found = check(cast.focal.actor, COURSES, edited(content, {f"A{row}": None})).rows
    assert "có 2 bản ghi như vậy" in next(r for r in found if r.number == row).problems[0][1]


def test_an_edited_sheet_corrects_the_course_of_its_code(cast: Cast, sign_in: Any) -> None:
    made, browser = course(cast), sign_in(cast.focal)
    content = browser.get(reverse("training:courses-sheet")).content
    row = next(n for n, cells in enumerate(cells_of(content), 1) if cells[0] == made.code)
    page = send(browser, COURSES, edited(content, {f"B{row}": "Tên đã sửa"}))
    assert apply(browser, COURSES, page).status_code == 302
    assert said(made).title == "Tên đã sửa"
    assert "ten da sua" in said(made).search
    assert "Tên đã sửa" in words(browser.get(reverse("training:course", args=[made.code])))
