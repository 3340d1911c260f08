"""A sheet that a person sends: its cells as they were written, or a refusal in words within seconds.

Everything that could make reading long is judged by declared sizes before anything is unpacked. A formula is never
computed nor taken by its last value: the cell is named, so that the person pastes the value.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, TypeVar

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from chuan.lib import text
from chuan.registers.errors import SheetUnread
from chuan.registers.rules import HEADING_ROWS, MAX_ROWS, TOTALS, Apart

_MOST_PARTS: Final = 2_000
#: Of one part of the package, unpacked: about three seconds of reading.
_MOST_XML: Final = 16_000_000
_MOST_RATIO: Final = 200
_MOST_SHEETS: Final = 40
_MOST_COLUMNS: Final = 200
_DOCTYPE: Final = b"<!DOCTYPE"
#: What stands beside the words of a total: numbers, however they are written, or a dash for none.
_AMOUNT: Final = re.compile(r"[\d\s.,%–-]*")

Read = TypeVar("Read")


@dataclass(frozen=True)
class Written:
    """What stands in one cell: its address, and its value as a form takes it."""

    address: str
    value: Any
    formula: bool = False


@dataclass(frozen=True)
class Line:
    """One row that is not blank."""

    number: int
    cells: dict[int, Written]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, and its rows that are not blank."""

    name: str
    lines: list[Line]


def lines(content: bytes) -> list[Line]:
    """The rows of the first visible sheet that holds any, blank ones left out; SheetUnread says why not."""
    _judge(content)
    return _opened(content, _first_sheet)


def sheets(content: bytes) -> list[Sheet]:
    """Every sheet, hidden ones too, with its rows that are not blank; SheetUnread says why not.

    Together they are as large as one sheet may be, so that many are read no longer than one.
    """
    _judge(content, whole=True)
    return _opened(content, _every_sheet)


def columns_at(wanted: Mapping[str, str], found: Sequence[Line]) -> tuple[dict[str, int], int]:
    """Field → column for headings (`wanted`: search key of a heading → field), and the number of their row.

    Columns may stand in any order among others. A heading may lie over two rows: where a cell is empty, what stands
    above it in the column speaks for it.
    """
    best: tuple[dict[str, int], int] = ({}, 0)
    above: dict[int, Written] = {}
    for line in found[:HEADING_ROWS]:
        at: dict[str, int] = {}
        for index, cell in sorted({**above, **line.cells}.items()):
            name = wanted.get(text.search_key(str(cell.value)))
            if name and name not in at:
                at[name] = index
        if len(at) > len(best[0]):
            best = at, line.number
        above = {**above, **line.cells}
    return best


def set_apart(body: Sequence[Line], columns: Collection[int]) -> dict[int, Apart]:
    """Rows under the headings that hold no record, by number: the first, where it numbers `columns`, and a last total.

    A row that says anything more than its place or its sums is left among the records.
    """
    found = {}
    if body and _numbers(body[0], columns):
        found[body[0].number] = Apart.NUMBERING
    if body and _sums_up(body[-1]):
        found[body[-1].number] = Apart.TOTAL
    return found


def _numbers(line: Line, columns: Collection[int]) -> bool:
    """Under every heading stand (1), (2), (3) … or 1, 2, 3 … in order, from one on, and nothing else."""
    said = [str(cell.value) for _index, cell in sorted(line.cells.items())]
    counted = range(1, len(said) + 1)
    in_order = said in ([f"({n})" for n in counted], [str(n) for n in counted])
    return in_order and len(said) > 2 and set(columns) <= line.cells.keys()


def _sums_up(line: Line) -> bool:
    """The row begins with the words of a total; sums alone follow them."""
    first, *rest = (cell for _index, cell in sorted(line.cells.items()))
    if first.formula or " ".join(str(first.value).split()).casefold() not in TOTALS:
        return False
    sums = (cell for cell in rest if not cell.formula)
    return not any(isinstance(cell.value, date) or not _AMOUNT.fullmatch(str(cell.value)) for cell in sums)


def _opened(content: bytes, read: Callable[[Any], Read]) -> Read:
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it does not know, which no value depends on.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            return read(book)
    except SheetUnread:
        raise
    except Exception as error:  # a damaged package fails in as many ways as it has parts
        raise SheetUnread(
            _("Tệp này không phải là bảng tính Excel (.xlsx) còn nguyên vẹn. Mở bằng Excel, lưu lại rồi tải lên.")
        ) from error


def _first_sheet(book: Any) -> list[Line]:
    sheets = [s for s in book.worksheets if s.sheet_state == "visible"]
    for sheet in sheets:
        # The declared size may be wrong either way; rows are read as they come.
        sheet.reset_dimensions()
        found = list(_lines(sheet))
        if found:
            return found
    raise SheetUnread(_("Bảng tính không có dòng nào. Tải mẫu về, điền rồi tải lên."))


def _every_sheet(book: Any) -> list[Sheet]:
    found = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        found.append(Sheet(text.nfc(sheet.title), list(_lines(sheet))))
    return found


def _lines(sheet: Any) -> Iterator[Line]:
    kept = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = {i: w for i, cell in enumerate(row) if (w := _written(cell, number, i)) is not None}
        if not cells:
            continue
        if max(cells) >= _MOST_COLUMNS:
            raise SheetUnread(_("Bảng tính có hơn %(n)s cột. Xóa các cột thừa rồi tải lên.") % {"n": _MOST_COLUMNS})
        kept += 1
        if kept > MAX_ROWS + HEADING_ROWS:
            raise SheetUnread(_("Bảng tính có hơn %(n)s dòng. Chia thành nhiều tệp.") % {"n": MAX_ROWS})
        yield Line(number, cells)


def _written(cell: Any, number: int, index: int) -> Written | None:
    value = cell.value
    if value is None or value == "":
        return None
    address = f"{get_column_letter(index + 1)}{number}"
    if cell.data_type == "f":
        return Written(address, str(value)[:60], formula=True)
    if cell.data_type == "e":
        return Written(address, str(value), formula=True)
    if isinstance(value, str):
        value = text.nfc_multiline(value)
        return Written(address, value) if value else None
    return Written(address, _shown(_plain(value), str(cell.number_format)))


def _plain(value: Any) -> Any:
    """Dates as days, numbers as exact decimals or whole numbers, the rest as text."""
    match value:
        case bool():
            return "Có" if value else "Không"
        case datetime():
            return value.date() if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
        case date() | int():
            return value
        case float():
            # Fifteen digits are what a spreadsheet keeps and shows.
            return int(value) if value.is_integer() else Decimal(f"{value:.15g}")
        case _:
            return str(value)


def _shown(value: Any, number_format: str) -> Any:
    """A number as its reader sees it: `0186` where the cell pads with zeros, `51%` where it shows a percentage."""
    if isinstance(value, int) and set(number_format) == {"0"}:
        return str(value).zfill(len(number_format))
    if isinstance(value, int | Decimal) and "%" in number_format:
        return f"{(Decimal(value) * 100).normalize():f}%".replace(".", ",")
    return value


def _judge(content: bytes, *, whole: bool = False) -> None:
    """Refuse by declared sizes (of one part, or with `whole` of all sheets), and a part that declares its type."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            big = [e for e in entries if e.file_size > _MOST_XML or _swells(e)]
            sheets_ = [e.file_size for e in entries if e.filename.startswith("xl/worksheets/")] if whole else []
            if len(entries) > _MOST_PARTS or big or sum(sheets_) > _MOST_XML or len(sheets_) > _MOST_SHEETS:
                raise SheetUnread(
                    _(
                        "Bảng tính quá lớn khi giải nén nên bị từ chối. Chép riêng các dòng cần nhập sang một tệp mới "
                        "(vùng có định dạng nhưng để trống cũng làm tệp lớn) rồi tải lên."
                    )
                )
            for entry in (e for e in entries if e.filename.endswith((".xml", ".rels"))):
                with archive.open(entry) as part:
                    if _DOCTYPE in part.read(4096).replace(b"\0", b"").upper():
                        raise SheetUnread(
                            _("Bảng tính có khai báo DOCTYPE, điều Excel không bao giờ ghi, nên bị từ chối.")
                        )
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise SheetUnread(
            _("Tệp này không phải là bảng tính Excel (.xlsx) còn nguyên vẹn. Mở bằng Excel, lưu lại rồi tải lên.")
        ) from error


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > 1_000_000 and entry.file_size > _MOST_RATIO * max(1, entry.compress_size)
