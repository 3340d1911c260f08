"""Worksheets for people: real dates and numbers, and text that can never become a formula."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

import xlsxwriter

from chuan.rendering.errors import SheetRefused
from chuan.rendering.measures import most_lines
from chuan.rendering.text import clean, one_line

Kind = Literal["text", "count", "decimal", "date", "money"]

_FONT: Final = "Times New Roman"
MOST_LETTERS: Final = 32_767  # of one cell
MOST_ROWS: Final = 1_048_576
EXACT_DIGITS: Final = 15  # what a spreadsheet's number keeps
_FIRST_DATE: Final = date(1900, 3, 1)  # before it, spreadsheets disagree about the calendar
_MADE: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FORBIDDEN_IN_NAME: Final = re.compile(r"[\[\]:*?/\\]")
MM_A_LETTER: Final = 1.9  # what a column's unit of width measures on screen
_POINTS: Final = 12
_HIGHEST: Final = 409  # points, of a row
LIKE_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "'", "|", "%")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in letters, what it holds, and a decimal's places."""

    heading: str
    width: float = 14
    kind: Kind = "text"
    places: int = 2

    @property
    def number_format(self) -> str:
        """The spreadsheet's own format; it shows `,` and `.` as the reader's country writes them."""
        if self.kind == "date":
            return "dd/mm/yyyy"
        if self.kind == "decimal" and self.places:
            return f"#,##0.{'0' * self.places}"
        return "General" if self.kind == "text" else "#,##0"


def write_sheet(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    *,
    source: str = "",
    notes: Sequence[str] = (),
    sheet_name: str = "",
) -> bytes:
    """One worksheet: title, source line, notes, then a frozen and filtered header and the rows, streamed.

    Text in a number or date column stays text. Raises SheetRefused where a cell would be cut or the sheet is full.
    """
    if not columns:
        raise ValueError("a sheet needs a column")
    out = io.BytesIO()
    with new_workbook(out, title) as book:
        sheet = book.add_worksheet(safe_sheet_name(sheet_name or title))
        _Sheet(book, sheet, columns).write(title, rows, source=source, notes=notes)
    return out.getvalue()


def new_workbook(out: io.BytesIO, title: str, *, small: bool = False) -> Any:
    """A workbook that streams its rows, makes nothing of text but text, and does not tell the time.

    A small one is made in memory: many are made at once, and each temporary file costs more than its rows.
    """
    options = {
        "constant_memory": not small,
        "in_memory": small,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": _FONT, "font_size": _POINTS},
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": one_line(title)[:255], "created": _MADE})
    return book


def set_up_print(sheet: Any, header_row: int) -> None:
    """Landscape A4, one page wide, the header row on every page and frozen on screen, page numbers at the foot."""
    sheet.freeze_panes(header_row + 1, 0)
    sheet.repeat_rows(header_row)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")


def put_text(sheet: Any, row: int, index: int, words: str, look: Any) -> None:
    """Words into a cell as they stand; SheetRefused where the cell would be cut."""
    if row >= MOST_ROWS:
        raise SheetRefused(f"Bảng vượt quá {MOST_ROWS} dòng. Hãy lọc bớt hoặc chia thành nhiều tệp.")
    if len(words) > MOST_LETTERS:
        place = f"dòng {row + 1}, cột {index + 1}"
        raise SheetRefused(f"Nội dung ở {place} dài quá {MOST_LETTERS} ký tự nên không ghi được vào bảng tính.")
    sheet.write_string(row, index, words, look)


def row_height(cells: Iterable[tuple[str, float]], *, points: int = _POINTS, bold: bool = False) -> float:
    """A high guess of a row's height, in points, from the words of its cells and their columns' widths in mm.

    Excel fits a row to its words when it opens a file; LibreOffice does not.
    """
    lines = max((most_lines(words, points, width - 2, bold=bold) for words, width in cells), default=1)
    return min(_HIGHEST, lines * points * 1.32)


def safe_sheet_name(name: str) -> str:
    """A name every spreadsheet accepts: at most 31 letters, without []:*?/\\ and without apostrophes at the ends."""
    short = _FORBIDDEN_IN_NAME.sub(" ", one_line(name))
    short = re.sub(" +", " ", short).strip(" '")[:31].strip(" '")
    return "Bảng" if not short or short.casefold() == "history" else short


class _Sheet:
    """Writes row after row; xlsxwriter forgets a row once the next is begun."""

    def __init__(self, book: Any, sheet: Any, columns: Sequence[Column]) -> None:
        self.sheet, self.columns = sheet, columns
        edge = {"border": 1, "valign": "top"}
        wrap = {"text_wrap": True}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"italic": True})
        self.header = book.add_format(
            edge | wrap | {"bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E8EEF7"}
        )
        self.text = book.add_format(edge | wrap)
        self.quoted = book.add_format(edge | wrap | {"quote_prefix": True})
        self.values = [book.add_format(edge | {"num_format": column.number_format}) for column in columns]

    def write(self, title: str, rows: Iterable[Sequence[object]], *, source: str, notes: Sequence[str]) -> None:
        sheet = self.sheet
        for index, column in enumerate(self.columns):
            sheet.set_column(index, index, column.width)
        lines = [(title, self.title), *((line, self.note) for line in (source, *notes) if line)]
        for row, (line, look) in enumerate(lines):
            put_text(sheet, row, 0, one_line(line), look)
        top = len(lines) + 1
        sheet.set_row(top, row_height(((c.heading, c.width * MM_A_LETTER) for c in self.columns), bold=True))
        for index, column in enumerate(self.columns):
            put_text(sheet, top, index, clean(column.heading), self.header)
        last = top
        for last, values in enumerate(rows, start=top + 1):
            self.row(last, values)
        sheet.autofilter(top, 0, last, len(self.columns) - 1)
        set_up_print(sheet, top)

    def row(self, row: int, values: Sequence[object]) -> None:
        if row >= MOST_ROWS:
            raise SheetRefused(f"Bảng vượt quá {MOST_ROWS} dòng. Hãy lọc bớt hoặc chia thành nhiều tệp.")
        if len(values) != len(self.columns):
            raise ValueError(f"row {row + 1} has {len(values)} values for {len(self.columns)} columns")
        for index, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            self.put(row, index, column, value)

    def put(self, row: int, index: int, column: Column, value: object) -> None:
        look = self.values[index]
        if value is None or value == "":
            self.sheet.write_blank(row, index, None, look)
        elif column.kind == "date" and isinstance(value, date) and _day(value) >= _FIRST_DATE:
            self.sheet.write_datetime(row, index, _day(value), look)
        elif column.kind in ("count", "decimal", "money") and _is_exact_number(value):
            self.sheet.write_number(row, index, value, look)
        else:
            words = clean(_words(value))
            put_text(self.sheet, row, index, words, self.quoted if words.startswith(LIKE_A_FORMULA) else self.text)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _is_exact_number(value: object) -> bool:
    """Whether a spreadsheet can hold this number as it is; otherwise it is written as text, digit for digit."""
    match value:
        case bool():
            return False
        case int():
            return len(str(abs(value))) <= EXACT_DIGITS
        case Decimal():
            return value.is_finite() and len(value.as_tuple().digits) <= EXACT_DIGITS
        case float():
            return value - value == 0
        case _:
            return False


def _words(value: object) -> str:
    match value:
        case bool():
            return "Có" if value else "Không"
        case date():
            return f"{value:%d/%m/%Y}"
        case Decimal() | float():
            return str(value).replace(".", ",")
        case _:
            return str(value)
