"""A unit's report as a workbook: it goes out filled, comes back judged row by row, and is saved whole or not at all."""

import html
import io
import re
import unicodedata
import zipfile
from datetime import date
from time import monotonic
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.files import store
from chuan.programme.models import Plan
from chuan.registers.errors import SheetUnread
from chuan.registers.rules import Verdict
from chuan.reporting import unit_reports
from chuan.reporting.collecting import TRIEU, Difficulty, Parts, Proposal, TaskWord
from chuan.reporting.forms.money import typed_number
from chuan.reporting.models import AnswerLinkUse, ReportingPeriod, Submission, TakenWorkbook
from chuan.reporting.services import links, periods, submissions
from chuan.reporting.services.workbooks import take_workbook
from chuan.reporting.workbooks.basis import Basis, basis
from chuan.reporting.workbooks.filling import workbook
from chuan.reporting.workbooks.judging import Check, check
from tests.cast import SYSTEM, Cast
from tests.registers.books import with_part
from tests.reporting.tasks import make_tasks
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import period, step
from tests.reporting.test_unit_report import FULL, last_years, owed, sent, written
from tests.training.builders import course, line

__all__ = ["period"]

FIGURES, TASKS, MONEY, HARD, NEXT, GENERAL = (
    "1. Số liệu", "2. Nhiệm vụ", "3. Kinh phí", "4. Khó khăn", "5. Đề xuất", "6. Kết quả chung",
)  # fmt: skip


@pytest.fixture(autouse=True)
def annex(cast: Cast, plan: Plan) -> None:
    make_tasks(actor=SYSTEM, cast=cast, plan=plan)


def held(period: ReportingPeriod, *, with_draft: bool = True) -> Basis:
    obligation = owed(period)
    return basis(obligation, unit_reports.attempts_of(obligation), with_draft=with_draft)


def out(period: ReportingPeriod, **facts: Any) -> bytes:
    return workbook(held(period, **facts))


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book: Any) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def at(sheet: Any, heading: str) -> tuple[int, int]:
    """(row, column) of a heading."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == heading:
                return cell.row, cell.column
    raise AssertionError(heading)


def cell(book: Any, sheet: str, row: str | int, heading: str) -> Any:
    """The cell below a heading: of the row with these words, or of the nth row."""
    found = book[sheet]
    top, column = at(found, heading)
    if isinstance(row, int):
        return found.cell(top + row, column)
    for line_ in range(top + 1, found.max_row + 1):
        if row in {one.value for one in found[line_]}:
            return found.cell(line_, column)
    raise AssertionError(row)


def typed(content: bytes, *cells: tuple[str, str | int, str, Any]) -> bytes:
    """The workbook with some cells typed over."""
    book = opened(content)
    for sheet, row, heading, value in cells:
        cell(book, sheet, row, heading).value = value
    return saved(book)


FILLED: tuple[tuple[str, str | int, str, Any], ...] = (
    (FIGURES, "CT2", "Đúng hay chưa đúng", "Đúng"),
    (FIGURES, "CT2-L", "Đúng hay chưa đúng", "Chưa đúng"),
    (FIGURES, "CT2-L", "Nếu chưa đúng: thiếu, thừa bản ghi nào", "thiếu lớp Gò Dầu"),
    (TASKS, "I.1", "Tình trạng năm nay", "Đã hoàn thành"),
    (TASKS, "I.1", "Kết quả năm nay, hoặc vì sao chưa làm", "Đã mở hai hội nghị."),
    (TASKS, "I.2", "Tình trạng năm nay", "Không phát sinh"),
    (MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", 120.5),
    (MONEY, "Đóng góp của doanh nghiệp", "Năm nay (triệu đồng)", 0),
    (HARD, 1, "Khó khăn, vướng mắc", "Thiếu kiểm định viên."),
    (HARD, 1, "Loại khó khăn", "Nhân lực"),
    (HARD, 1, "Kiến nghị tới", "Sở Khoa học và Công nghệ"),
    (NEXT, 1, "Nội dung đề xuất", "Mở ba lớp tập huấn"),
    (NEXT, 1, "Thuộc nhiệm vụ (STT)", "I.1"),
    (NEXT, 1, "Ngân sách nhà nước (triệu đồng)", 90),
    (GENERAL, "Kết quả chung, ngoài các nhiệm vụ ở trên", "Trả lời", "Một lớp."),
)
SAID = Parts(
    tasks={"PL.I.1": TaskWord("done", "Đã mở hai hội nghị."), "PL.I.2": TaskWord("nil", "")},
    money={"budget": 120_500_000, "enterprise": 0},
    difficulties=[Difficulty("people", "Thiếu kiểm định viên.", "department")],
    proposals=[Proposal("PL.I.1", "Mở ba lớp tập huấn", {"budget": 90 * TRIEU})],
    none=[],
    sure=[],
)


def judged(content: bytes, period: ReportingPeriod, ticks: tuple[str, ...] = ()) -> Check:
    return check(content, held(period), ticks)


def wrong(checked: Check) -> str:
    """Everything that stands in the way, cell by cell."""
    return "; ".join(f"{where}: {said}" for row in checked.rows for where, said in row.problems)


def send(browser: Any, period: ReportingPeriod, content: bytes, name: str = "mau.xlsx") -> Any:
    url = reverse("reporting:take-workbook", args=[owed(period).code])
    return browser.post(url, {"file": SimpleUploadedFile(name, content)})


def press(browser: Any, period: ReportingPeriod, checked: Any, **ticks: str) -> Any:
    token = re.search(r'name="token" value="([^"]+)"', checked.content.decode())
    assert token, words(checked)
    url = reverse("reporting:take-workbook", args=[owed(period).code])
    return browser.post(url, {"token": html.unescape(token.group(1)), **ticks})


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
    book.active.append(["Mã", "Số liệu"])  # type: ignore[union-attr]
    with pytest.raises(SheetUnread, match="không phải mẫu báo cáo"):
        judged(saved(book), period)


def test_a_column_that_is_missing_is_named(cast: Cast, period: ReportingPeriod) -> None:
    book = opened(out(period))
    cell(book, TASKS, 0, "Tình trạng năm nay").value = "Trạng thái"
    with pytest.raises(SheetUnread, match=r"Trang “2[.] Nhiệm vụ” thiếu cột: Tình trạng năm nay"):
        judged(saved(book), period)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((TASKS, "I.1", "Tình trạng năm nay", "Xong rồi"), "2. Nhiệm vụ, ô F4: “Xong rồi” không có trong các lựa chọn"),
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
    assert "2. Nhiệm vụ, dòng 6: không nhận ra dòng này" in wrong(judged(saved(book), period))
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
    assert "2. Nhiệm vụ, dòng 4 thêm mới I.1. Tổ chức hội nghị về đo lường" in shown
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
    for heading in ("Khó khăn, vướng mắc", "Loại khó khăn", "Kiến nghị tới"):
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
    sheet.move_range(f"F{top}:G{sheet.max_row}", cols=4)
    sheet.title = "Trang khác"
    for one in book[GENERAL].iter_rows():
        for found in one:
            if isinstance(found.value, str):
                found.value = unicodedata.normalize("NFD", found.value)
    hard = book[HARD]
    top, _column = at(hard, "Loại khó khăn")
    hard.insert_rows(top + 1)
    for column in range(1, 5):
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
    from decimal import Decimal

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


# -- who has no account, and what came by letter


def test_the_bearer_of_a_link_fills_the_page_from_a_workbook_and_sends_it(cast: Cast, period: ReportingPeriod) -> None:
    _link, token = links.make_link(
        actor=cast.specialist.actor, obligation=owed(period), contact="ông Tư", until=date(2026, 12, 15)
    )
    stranger = Client()
    blank = stranger.get(reverse("reporting:answer-workbook", args=[token]))
    assert blank.status_code == 200
    url = reverse("reporting:answer-from-workbook", args=[token])
    assert stranger.post(url, {}).status_code == 422
    assert stranger.post(url, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}).status_code == 422
    bad = typed(blank.content, (MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", "1.234"))
    assert stranger.post(url, {"file": SimpleUploadedFile("a.xlsx", bad)}).status_code == 422
    answer = stranger.post(url, {"file": SimpleUploadedFile("a.xlsx", typed(blank.content, *FILLED))})
    assert answer.status_code == 200
    assert "chưa gửi. Xem lại, rồi gửi." in words(answer)
    assert not Submission.objects.exists()
    shown = answer.content.decode()
    assert 'value="120,5"' in shown
    assert "Đã mở hai hội nghị." in shown
    sent_ = stranger.post(reverse("reporting:answer", args=[token]), fields_of(shown))
    assert "Biên nhận" in words(sent_), words(sent_)
    assert AnswerLinkUse.objects.count() == 1
    assert Parts.of(Submission.objects.get().draft) == SAID
    assert stranger.get(reverse("reporting:answer-workbook", args=[token])).status_code == 404
    assert stranger.post(url, {}).status_code == 404


def fields_of(page_: str) -> dict[str, str]:
    """What a browser would post of the report's form."""
    form = page_[page_.index('class="measure unit-report"') :].partition("</form>")[0]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{a}="([^"]*)"', tag) for a in ("name", "value"))
        checkable = 'type="radio"' in tag or 'type="checkbox"' in tag
        if name and (not checkable or "checked" in tag):
            found[name.group(1)] = html.unescape(value.group(1)) if value else "on" if checkable else ""
    for name_, inner in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name_] = html.unescape(inner).strip()
    for name_, inner in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', inner)
        found[name_] = chosen.group(1) if chosen else ""
    return found


def test_the_specialist_takes_the_workbook_that_came_with_a_letter(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    from chuan.reporting.services.behalf import begin_on_behalf

    begin_on_behalf(
        actor=cast.specialist.actor, obligation=owed(period), number="45/BC", dated=date(2026, 12, 8),
        arrived=date(2026, 12, 9),
    )  # fmt: skip
    browser = sign_in(cast.specialist, fresh=True)
    assert page(sign_in, cast, "focal", "take-workbook", owed(period).code).status_code == 403
    answer = send(browser, period, typed(out(period, with_draft=False), *FILLED))
    assert press(browser, period, answer).status_code == 302
    assert Parts.of(Submission.objects.get().draft) == SAID


def test_the_service_is_the_authors_and_takes_the_version_that_was_seen(cast: Cast, period: ReportingPeriod) -> None:
    from chuan.registers.services import Kept
    from chuan.reporting.errors import NotAllowed, StaleDraft

    made = written(cast, period)
    digest, kind = store.receive("a.xlsx", out(period))
    file = Kept(digest=digest, name="a.xlsx", media_type=kind.media_type, size=10)
    said: Any = {"figures": {}, "narrative": "x", "nil": False, "file": file, "submission": made}
    with pytest.raises(NotAllowed):
        take_workbook(actor=cast.other_focal.actor, version=1, **said)
    with pytest.raises(StaleDraft):
        take_workbook(actor=cast.focal.actor, version=0, **said)
    assert take_workbook(actor=cast.focal.actor, version=1, **said).draft_version == 2


def test_a_sent_report_still_gives_its_workbook(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    sent(cast, period, SAID)
    assert page(sign_in, cast, "focal", "workbook", owed(period).code).status_code == 200
