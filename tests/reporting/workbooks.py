"""Workbooks of a unit's report as the suite fills them in and sends them back."""

import html
import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuan.programme.models import Plan
from chuan.reporting import unit_reports
from chuan.reporting.collecting import TRIEU, Difficulty, Parts, Proposal, TaskWord
from chuan.reporting.models import ReportingPeriod
from chuan.reporting.workbooks.basis import Basis, basis
from chuan.reporting.workbooks.filling import workbook
from chuan.reporting.workbooks.judging import Check, check
from tests.cast import SYSTEM, Cast
from tests.reporting.tasks import make_tasks
from tests.reporting.test_pages import words
from tests.reporting.test_unit_report import owed

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
    (HARD, 1, "Nguyên nhân (nếu xác định được)", "Chưa được đào tạo."),
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
    difficulties=[Difficulty("people", "Thiếu kiểm định viên.", "department", "Chưa được đào tạo.")],
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
