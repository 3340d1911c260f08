"""A filled workbook that comes back: shown row by row, saved as the page would save it, whole or not at all."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.files import store
from chuan.registers.rules import Verdict
from chuan.reporting.collecting import TRIEU, Parts, TaskWord
from chuan.reporting.forms.money import typed_number
from chuan.reporting.models import ReportingPeriod, Submission, TakenWorkbook
from chuan.reporting.services import submissions
from tests.cast import Cast
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import period, step
from tests.reporting.test_unit_report import owed, written
from tests.reporting.workbooks import (
    FILLED,
    GENERAL,
    HARD,
    MONEY,
    NEXT,
    SAID,
    TASKS,
    annex,
    at,
    cell,
    judged,
    opened,
    out,
    press,
    saved,
    send,
    typed,
    wrong,
)
from tests.training.builders import course, line

__all__ = ["annex", "period"]


# -- coming back


def test_a_workbook_that_comes_back_as_it_went_says_nothing(cast: Cast, period: ReportingPeriod) -> None:
    written(cast, period, SAID)
    checked = judged(out(period), period)
    assert checked.counts[Verdict.SAME] == len(checked.rows)
    assert (checked.changed, checked.notes) == (False, [])


def test_a_filled_workbook_is_shown_then_saved_as_the_page_would_save_it(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    browser = sign_in(cast.focal, fresh=True)
    content = typed(out(period), *FILLED)
    answer = send(browser, period, content, "mau của Sở.xlsx")
    shown = words(answer)
    assert answer.status_code == 200
    assert "2. Nhiệm vụ, dòng 5 thêm mới I.1. Tổ chức hội nghị về đo lường" in shown
    assert not Submission.objects.exists(), "nothing is saved by looking"
    before = AuditEntry.objects.count()
    assert press(browser, period, answer).status_code == 302
    made = Submission.objects.get()
    assert Parts.of(made.draft) == SAID
    assert made.draft["narrative"] == "Một lớp."
    assert made.draft["figures"]["CT2"] == {"right": True, "missing": "", "seen": 0}
    assert made.draft["figures"]["CT2-L"] == {"right": False, "missing": "thiếu lớp Gò Dầu", "seen": 0}
    taken = TakenWorkbook.objects.select_related("file").get()
    assert store.read(taken.file) == content
    entries = list(AuditEntry.objects.order_by("seq")[before:])
    assert [e.action for e in entries if e.action == "reporting.take_workbook"] == ["reporting.take_workbook"]
    told = next(e for e in entries if e.action == "reporting.take_workbook")
    assert told.changes["file"] == [None, ["mau của Sở.xlsx", taken.file.content_sha]]
    read = words(browser.get(reverse("reporting:submission", args=[owed(period).code])))
    assert "mau của Sở.xlsx" in read
    assert browser.get(reverse("reporting:taken-workbook", args=[owed(period).code, taken.pk])).content == content
    theirs = page(sign_in, cast, "specialist", "taken-workbook", owed(period).code, taken.pk)
    assert theirs.status_code == 404, "the unit is still writing"


def test_what_was_saved_can_be_presented_and_sent(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    browser = sign_in(cast.focal, fresh=True)
    press(browser, period, send(browser, period, typed(out(period), *FILLED)))
    made = Submission.objects.get()
    for verb, who in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(made, verb, who)
    assert made.content
    assert made.content.figures["CT2-L"]["missing"] == "thiếu lớp Gò Dầu"


def test_it_is_taken_twice_with_one_effect(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    browser = sign_in(cast.focal, fresh=True)
    answer = send(browser, period, typed(out(period), *FILLED))
    key = re.search(r'name="_key" value="([^"]+)"', answer.content.decode())
    assert key
    ticks = {"_key": key.group(1)}
    assert press(browser, period, answer, **ticks).status_code == 302
    again = press(browser, period, answer, **ticks)
    assert again.status_code in {302, 409}
    assert TakenWorkbook.objects.count() == 1


def test_a_row_of_column_numbers_and_a_closing_total_say_nothing(cast: Cast, period: ReportingPeriod) -> None:
    written(cast, period, SAID)
    book = opened(typed(out(period), (MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", 130)))
    sheet = book[MONEY]
    top, first = at(sheet, "Nguồn")
    sheet.insert_rows(top + 1)
    for n in range(3):
        sheet.cell(top + 1, first + n).value = f"({n + 1})"
    sheet.append([None, "Tổng cộng", None, 130])
    checked = judged(saved(book), period)
    (note,) = checked.notes
    last = sheet.max_row
    numbers, sums = f"{MONEY}, dòng {top + 1} (dòng đánh số cột)", f"{MONEY}, dòng {last} (dòng cộng)"
    assert note == f"Bỏ qua vì không phải nội dung báo cáo: {numbers}; {sums}."
    assert (checked.wrong, checked.counts[Verdict.CHANGED]) == (0, 1)


def test_only_what_was_changed_in_the_file_is_said(cast: Cast, period: ReportingPeriod) -> None:
    made = written(cast, period, Parts(tasks={"PL.I.1": TaskWord("done", "Cũ")}), narrative="Cũ")
    content = typed(out(period), (MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", 5))
    submissions.save_draft(
        actor=cast.focal.actor,
        submission=made,
        version=1,
        figures={},
        narrative="Mới trên trang",
        nil=False,
        parts=SAID,
    )
    checked = judged(content, period)
    assert any("đã được sửa sau khi tạo tệp" in note for note in checked.notes)
    said = checked.form.said()
    assert said["narrative"] == "Mới trên trang"
    assert said["parts"].money == {**SAID.money, "budget": 5 * TRIEU}
    assert said["parts"].difficulties == SAID.difficulties
    assert [row.title for row in checked.rows if row.verdict == Verdict.CHANGED] == ["Ngân sách nhà nước"]


def test_a_cell_that_was_emptied_clears_what_was_said_and_a_sheet_that_is_gone_says_nothing(
    cast: Cast, period: ReportingPeriod
) -> None:
    written(cast, period, SAID)
    book = opened(out(period))
    cell(book, MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)").value = None
    for heading in ("Khó khăn, vướng mắc", "Nguyên nhân (nếu xác định được)", "Loại khó khăn", "Kiến nghị tới"):
        cell(book, HARD, 1, heading).value = None
    del book[NEXT]
    checked = judged(saved(book), period)
    said = checked.form.said()["parts"]
    assert said.money == {"enterprise": 0}
    assert said.difficulties == []
    assert said.proposals == SAID.proposals
    assert any("5. Đề xuất" in note for note in checked.notes)
    assert [row.note for row in checked.rows if row.note] == ["bỏ dòng này"]


def test_moved_columns_renamed_sheets_nfd_and_merged_headings_are_read(cast: Cast, period: ReportingPeriod) -> None:
    book = opened(typed(out(period), *FILLED))
    sheet = book[TASKS]
    top, _column = at(sheet, "STT")
    sheet.move_range(f"F{top}:G{sheet.max_row}", cols=6)
    sheet.title = "Trang khác"
    for one in book[GENERAL].iter_rows():
        for found in one:
            if isinstance(found.value, str):
                found.value = unicodedata.normalize("NFD", found.value)
    hard = book[HARD]
    top, _column = at(hard, "Loại khó khăn")
    hard.insert_rows(top + 1)
    for column in range(1, 6):
        hard.merge_cells(start_row=top, end_row=top + 1, start_column=column, end_column=column)
    checked = judged(saved(book), period)
    assert wrong(checked) == ""
    assert checked.form.said()["parts"] == SAID
    assert checked.form.said()["narrative"] == "Một lớp."


def test_rows_in_another_order_and_without_their_hidden_key_are_found_by_what_names_them(
    cast: Cast, period: ReportingPeriod
) -> None:
    book = opened(typed(out(period), *FILLED))
    sheet = book[TASKS]
    top, _column = at(sheet, "STT")
    first, second = ([c.value for c in sheet[row]] for row in (top + 1, top + 2))
    for row, values in ((top + 1, second), (top + 2, first)):
        for column, value in enumerate(values[1:], 2):
            sheet.cell(row, column).value = value
        sheet.cell(row, 1).value = None
    assert judged(saved(book), period).form.said()["parts"].tasks == SAID.tasks


def test_figures_that_changed_since_the_file_was_made_are_told_and_judged_anew(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    content = typed(out(period), *FILLED)
    line(cast, course(cast), "Lê Văn A")
    checked = judged(content, period)
    assert "Số liệu CT2 đã đổi từ lúc tạo tệp: 0 → 1. Xác nhận lại số này trên trang báo cáo." in checked.notes
    assert checked.wrong == 0
    said = checked.form.said()
    assert said["figures"]["CT2"]["right"] is None
    assert said["parts"] == SAID, "the rest is taken"
    assert "đã đổi từ lúc tạo tệp" in words(send(sign_in(cast.focal, fresh=True), period, content))


def test_an_odd_amount_is_asked_about_and_taken_once_it_is_confirmed(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    browser = sign_in(cast.focal, fresh=True)
    odd = (MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", 120_500_000)
    answer = send(browser, period, typed(out(period), *FILLED, odd))
    assert answer.status_code == 200
    assert "Số này đúng" in words(answer)
    assert 'name="sure_money.budget"' in answer.content.decode()
    unsure = press(browser, period, answer)
    assert unsure.status_code == 422
    assert not Submission.objects.exists()
    assert press(browser, period, unsure, **{"sure_money.budget": "on"}).status_code == 302
    assert Submission.objects.get().draft["sure"] == ["money.budget=120500000000000"]


@pytest.mark.parametrize(
    ("number", "text"), [("1234.5", "1234,5"), ("1.234", "1,2340"), ("0", "0"), ("120", "120"), ("1E+3", "1000")]
)
def test_a_number_is_typed_so_that_it_is_read_in_one_way(number: str, text: str) -> None:
    assert typed_number(Decimal(number)) == text


def test_money_with_three_decimals_goes_out_and_comes_back(cast: Cast, period: ReportingPeriod) -> None:
    content = typed(out(period), (MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", 1.234))
    assert judged(content, period).form.said()["parts"].money == {"budget": 1_234_000}
    written(cast, period, Parts(money={"budget": 1_234_000}))
    assert judged(out(period), period).counts[Verdict.SAME] == len(judged(out(period), period).rows)


def test_an_unfinished_difficulty_is_wrong_where_it_stands(cast: Cast, period: ReportingPeriod) -> None:
    content = typed(
        out(period), (HARD, 3, "Khó khăn, vướng mắc", "Thiếu chuẩn"), (HARD, 3, "Loại khó khăn", "Kinh phí")
    )
    assert wrong(judged(content, period)).startswith("4. Khó khăn, dòng 7: Kiến nghị tới: Dòng này còn thiếu")
