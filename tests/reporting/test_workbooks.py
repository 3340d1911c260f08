"""A unit's report as a workbook: for whom it is, how it goes out, what of it is refused."""

import io
import zipfile
from datetime import date
from time import monotonic
from typing import Any

import openpyxl
import pytest

from chuan.programme.models import Plan
from chuan.registers.errors import SheetUnread
from chuan.registers.rules import Verdict
from chuan.reporting import unit_reports
from chuan.reporting.collecting import Difficulty, Parts, Proposal, TaskWord
from chuan.reporting.models import ReportingPeriod, Submission, TakenWorkbook
from chuan.reporting.services import periods, submissions
from chuan.reporting.workbooks.basis import basis
from chuan.reporting.workbooks.filling import workbook
from tests.cast import Cast
from tests.registers.books import with_part
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import period, step
from tests.reporting.test_unit_report import FULL, last_years, owed, written
from tests.reporting.workbooks import (
    FIGURES,
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


# -- refusals


def test_a_workbook_is_for_those_who_write_the_report(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    code = owed(period).code
    for who, out_, take in (
        ("focal", 200, 200), ("leader", 200, 200), ("unit_clerk", 403, 403), ("specialist", 200, 403),
        ("director", 403, 403), ("other_focal", 404, 404), ("finance", 404, 404),
    ):  # fmt: skip
        assert page(sign_in, cast, who, "workbook", code).status_code == out_, who
        assert page(sign_in, cast, who, "take-workbook", code).status_code == take, who
    for who, status in (("specialist", 200), ("director", 200), ("focal", 403), ("clerk", 403)):
        assert page(sign_in, cast, who, "workbooks", period.code).status_code == status, who


def test_another_units_workbook_another_periods_and_none_of_ours_are_told_apart(
    cast: Cast, plan: Plan, period: ReportingPeriod
) -> None:
    other = periods.add_obligation(
        actor=cast.specialist.actor, period=period, unit=cast.unit("so-tc"), basis="Mục IV", document="CV 1"
    )
    theirs = workbook(basis(other, unit_reports.attempts_of(other), with_draft=False))
    with pytest.raises(SheetUnread, match="của “Sở Tài chính”, không phải của Sở Công Thương"):
        judged(theirs, period)
    last_years(cast, plan, FULL)
    old = owed(ReportingPeriod.objects.get(year=2025))
    with pytest.raises(SheetUnread, match="mẫu của kỳ “Báo cáo năm 2025”, không phải “Báo cáo năm 2026”"):
        judged(workbook(basis(old, unit_reports.attempts_of(old), with_draft=True)), period)
    book = openpyxl.Workbook()
    book.active.append(["Mã", "Số liệu"])
    with pytest.raises(SheetUnread, match="không phải mẫu báo cáo"):
        judged(saved(book), period)


def test_a_column_that_is_missing_is_named(cast: Cast, period: ReportingPeriod) -> None:
    book = opened(out(period))
    cell(book, TASKS, 0, "Tình trạng năm nay").value = "Trạng thái"
    with pytest.raises(SheetUnread, match=r"Trang “2[.] Nhiệm vụ” thiếu cột: Tình trạng năm nay"):
        judged(saved(book), period)


def test_a_sheet_whose_only_column_is_gone_is_named_too(cast: Cast, period: ReportingPeriod) -> None:
    book = opened(out(period))
    book[MONEY].delete_cols(at(book[MONEY], "Năm nay (triệu đồng)")[1])
    with pytest.raises(SheetUnread, match=r"Trang “3[.] Kinh phí” thiếu cột: Năm nay \(triệu đồng\)"):
        judged(saved(book), period)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((TASKS, "I.1", "Tình trạng năm nay", "Xong rồi"), "2. Nhiệm vụ, ô F5: “Xong rồi” không có trong các lựa chọn"),
        ((MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", "1.234"), "có thể đọc theo hai cách"),
        ((MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", "=1+1"), "ô có công thức"),
        ((MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", -5), "không ra số đồng chẵn"),
        ((MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", 0.00000001), "không ra số đồng chẵn"),
        ((FIGURES, "CT2", "Năm nay (theo sổ)", 99), "số liệu lấy từ sổ (0), không sửa ở đây"),
        ((FIGURES, "CT2", "Năm nay (theo sổ)", "=9"), "không sửa ở đây"),
        ((HARD, 1, "Khó khăn, vướng mắc", "Thiếu người"), "Dòng này còn thiếu phần này"),
        ((HARD, 1, "Loại khó khăn", "=A1"), "ô có công thức"),
        ((NEXT, 1, "Ngân sách nhà nước (triệu đồng)", 5), "Ghi nội dung đề xuất"),
        ((GENERAL, "Không phát sinh trong năm (toàn bộ báo cáo): Có hoặc Không", "Trả lời", "vâng"), "Có; Không"),
        ((TASKS, 4, "STT", "IX.9"), ""),
    ],
)
def test_what_is_wrong_is_named_cell_by_cell_and_keeps_the_whole_file_back(
    cast: Cast, period: ReportingPeriod, change: Any, said: str
) -> None:
    checked = judged(typed(out(period), *FILLED[:3], change), period)
    assert said in wrong(checked)
    assert bool(checked.wrong) is bool(said)


def test_a_row_that_nobody_knows_or_that_stands_twice_is_wrong(cast: Cast, period: ReportingPeriod) -> None:
    book = opened(out(period))
    sheet = book[TASKS]
    top, column = at(sheet, "Tình trạng năm nay")
    sheet.cell(top + 3, column).value = "Không phát sinh"
    assert "2. Nhiệm vụ, dòng 7: không nhận ra dòng này" in wrong(judged(saved(book), period))
    _top, label = at(sheet, "STT")
    sheet.cell(top + 3, label).value = "I.1"
    assert "trùng với một dòng ở trên" in wrong(judged(saved(book), period))


def test_a_workbook_that_would_take_long_to_read_is_refused_at_once(cast: Cast, period: ReportingPeriod) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(1, 1_000_001))
    huge = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    content = with_part(out(period), "xl/worksheets/sheet2.xml", huge + rows + b"</sheetData></worksheet>")
    bomb = with_part(out(period), "xl/worksheets/sheet2.xml", b" " * 15_000_000)
    begun = monotonic()
    for one in (content, bomb):
        with pytest.raises(SheetUnread, match="quá lớn khi giải nén"):
            judged(one, period)
    assert monotonic() - begun < 5


def test_a_file_that_is_no_workbook_is_refused_on_the_form(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    browser = sign_in(cast.focal, fresh=True)
    answer = send(browser, period, b"%PDF-1.7", "mau.pdf")
    assert answer.status_code == 422
    assert "Cần tệp Excel" in words(answer)
    assert send(browser, period, b"PK\x03\x04rubbish").status_code == 422
    assert not Submission.objects.exists()


def test_while_one_row_is_wrong_nothing_is_saved(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    browser = sign_in(cast.focal, fresh=True)
    answer = send(
        browser, period, typed(out(period), *FILLED, (MONEY, "Vốn tài trợ trong nước", "Năm nay (triệu đồng)", "x"))
    )
    assert answer.status_code == 422
    assert "1 dòng sai, chưa ghi gì." in words(answer)
    assert 'name="token"' not in answer.content.decode()
    assert not Submission.objects.exists()
    assert not TakenWorkbook.objects.exists()


def test_a_token_holds_for_its_person_its_report_and_what_was_shown(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    browser = sign_in(cast.focal, fresh=True)
    checked = send(browser, period, typed(out(period), *FILLED))
    assert press(sign_in(cast.leader, fresh=True), period, checked).status_code == 422
    made = submissions.start_submission(actor=cast.focal.actor, obligation=owed(period))
    submissions.save_draft(
        actor=cast.focal.actor, submission=made, version=0, figures={}, narrative="Viết trên trang.", nil=False
    )
    moved = press(browser, period, checked)
    assert moved.status_code == 409
    assert "Báo cáo đã thay đổi từ lúc kiểm tra" in words(moved)
    made.refresh_from_db()
    assert made.draft["narrative"] == "Viết trên trang."
    assert press(browser, period, moved).status_code == 302


def test_a_report_that_was_handed_on_takes_no_workbook(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    content = typed(out(period), *FILLED)
    made = written(cast, period)
    step(made, "present", cast.focal)
    answer = send(sign_in(cast.focal, fresh=True), period, content)
    assert answer.status_code == 409
    assert "Chờ lãnh đạo duyệt" in words(answer)


# -- going out


def test_it_goes_out_filled_with_figures_last_year_tasks_and_the_draft(
    cast: Cast, plan: Plan, period: ReportingPeriod
) -> None:
    line(cast, course(cast), "Lê Văn A")
    last_years(cast, plan, FULL)
    written(cast, period, SAID)
    book = opened(out(period))
    assert cell(book, FIGURES, "CT2", "Năm nay (theo sổ)").value == 1
    assert cell(book, FIGURES, "CT2", "Năm trước (đã báo cáo)").value == 0
    assert "không trùng" in cell(book, FIGURES, "CT2", "Cách tính").value
    assert cell(book, TASKS, "I.1", "Kết quả năm trước").value == "Đã mở hai hội nghị."
    assert cell(book, TASKS, "I.1", "Tình trạng năm nay").value == "Đã hoàn thành"
    assert cell(book, MONEY, "Ngân sách nhà nước", "Năm trước (triệu đồng)").value == 120
    assert cell(book, MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)").value == 120.5
    assert cell(book, MONEY, "Đóng góp của doanh nghiệp", "Năm nay (triệu đồng)").value == 0
    assert cell(book, HARD, 1, "Loại khó khăn").value == "Nhân lực"
    assert cell(book, NEXT, 1, "Thuộc nhiệm vụ (STT)").value == "I.1"
    assert cell(book, GENERAL, "Không phát sinh trong năm (toàn bộ báo cáo): Có hoặc Không", "Trả lời").value == "Không"


def test_what_is_read_only_is_locked_and_what_is_typed_is_open_with_its_choices(
    cast: Cast, period: ReportingPeriod
) -> None:
    book = opened(out(period))
    assert all(book[name].protection.sheet for name in (FIGURES, TASKS, MONEY, HARD, NEXT, GENERAL))
    assert cell(book, FIGURES, "CT2", "Năm nay (theo sổ)").protection.locked
    assert not cell(book, FIGURES, "CT2", "Đúng hay chưa đúng").protection.locked
    assert len(book[TASKS].data_validations.dataValidation) == 1
    assert book["_chuan"].sheet_state == "hidden"


def test_text_is_never_a_formula(cast: Cast, period: ReportingPeriod) -> None:
    evil = Parts(
        tasks={"PL.I.1": TaskWord("done", '=HYPERLINK("http://x","y")')},
        difficulties=[Difficulty("other", "@SUM(1)", "other")],
        proposals=[Proposal("", "+1", {})],
    )
    written(cast, period, evil, narrative="-2")
    book = opened(out(period))
    assert {c.data_type for sheet in book for row in sheet.iter_rows() for c in row if c.value} <= {"s", "n"}
    assert judged(out(period), period).counts[Verdict.WRONG] == 0


def test_what_a_unit_is_writing_is_not_in_the_file_of_who_sends_the_letter(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    written(cast, period, SAID, narrative="Đang viết dở")
    theirs = page(sign_in, cast, "focal", "workbook", owed(period).code).content
    ours = page(sign_in, cast, "specialist", "workbook", owed(period).code).content
    for content, holds in ((theirs, True), (ours, False)):
        told = "".join(str(c.value) for sheet in opened(content) for row in sheet.iter_rows() for c in row)
        assert ("Đang viết dở" in told) is holds
        assert ("Thiếu kiểm định viên." in told) is holds


def test_every_obliged_units_workbook_stands_in_one_zip(
    sign_in: Any, cast: Cast, period: ReportingPeriod, django_assert_max_num_queries: Any
) -> None:
    other = periods.add_obligation(
        actor=cast.specialist.actor, period=period, unit=cast.unit("so-tc"), basis="Mục IV", document="CV 1"
    )
    periods.waive(
        actor=cast.specialist.actor, obligation=other, document="CV 2", dated=date(2026, 12, 1), reason="mới lập"
    )
    answer = page(sign_in, cast, "specialist", "workbooks", period.code)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert names == [
            "KH-2828-2026-so-ct-so-cong-thuong.xlsx",
            "KH-2828-2026-so-yt-so-y-te.xlsx",
        ]
        assert cell(opened(archive.read(names[0])), TASKS, "I.1", "Nhiệm vụ").value == "Tổ chức hội nghị về đo lường"


def test_the_same_report_gives_the_same_bytes(cast: Cast, period: ReportingPeriod) -> None:
    written(cast, period, SAID)
    assert out(period) == out(period)
