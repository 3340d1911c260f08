"""The worksheet: no live formula anywhere, nothing cut, real dates and numbers, sameness of bytes."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from chuan.rendering.errors import SheetRefused
from chuan.rendering.sheets import Column, safe_sheet_name, write_sheet

CANARIES = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "\t=1+1",
    "\n=1+1",
    "'=1+1",
    "http://a.example/",
    "internal:A1",
    "mailto:a@a.example",
    "<f>1</f>",
    "001",
    "\x00=1",
]
COLUMNS = (
    Column("Tên", 40),
    Column("Số lượng", kind="count"),
    Column("Giá trị", kind="decimal", places=3),
    Column("Ngày", kind="date"),
    Column("Kinh phí", kind="money"),
)
ROW = ("Cân bàn", 1234, Decimal("8.125"), date(2026, 12, 5), 12_500_000)


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def cells(data: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("canary", CANARIES)
def test_no_text_becomes_a_formula_or_a_link(canary: str) -> None:
    columns = tuple(Column(canary, kind=c.kind) for c in COLUMNS)
    data = write_sheet(canary, columns, [(canary,) * 5], source=canary, notes=[canary], sheet_name=canary)
    for name, xml in parts(data).items():
        assert "<f>" not in xml
        assert "<f " not in xml
        assert "<hyperlink" not in xml
        assert "hyperlinks" not in xml, name
    expected = canary.replace("\t", " ").replace("\x00", "")
    assert cells(data)[-1] == [expected] * 5


def test_refuses_a_cell_that_would_be_cut() -> None:
    with pytest.raises(SheetRefused, match="32767"):
        write_sheet("x", COLUMNS[:1], [("a" * 32_768,)])


def test_refuses_a_ragged_row_and_a_sheet_without_columns() -> None:
    with pytest.raises(ValueError, match="values for 5 columns"):
        write_sheet("x", COLUMNS, [("a",)])
    with pytest.raises(ValueError, match="column"):
        write_sheet("x", (), [])


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("[a]:*?/\\b", "a b"),
        ("'a'", "a"),
        ("", "Bảng"),
        ("History", "Bảng"),
        ("' '", "Bảng"),
        ("x" * 40, "x" * 31),
        ("a" * 30 + "''b", "a" * 30),
        ("Chỉ tiêu\n2026", "Chỉ tiêu 2026"),
    ],
)
def test_a_sheet_name_is_made_acceptable(name: str, safe: str) -> None:
    assert safe_sheet_name(name) == safe
    assert openpyxl.load_workbook(
        io.BytesIO(write_sheet(name or "t", COLUMNS[:1], [("a",)], sheet_name=name or "'"))
    ).sheetnames == [safe]


def test_dates_and_numbers_are_real_and_shown_the_vietnamese_way() -> None:
    data = write_sheet("Danh sách", COLUMNS, [ROW])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    last = list(sheet.iter_rows())[-1]
    assert [c.value for c in last] == ["Cân bàn", 1234, 8.125, datetime(2026, 12, 5), 12_500_000]  # noqa: DTZ001
    assert [c.number_format for c in last] == ["General", "#,##0", "#,##0.000", "dd/mm/yyyy", "#,##0"]
    assert {c.font.name for c in last} == {"Times New Roman"}


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("count", 12345678901234567, "12345678901234567"),
        ("decimal", Decimal("1.2345678901234567"), "1,2345678901234567"),
        ("decimal", Decimal("NaN"), "NaN"),
        ("decimal", float("inf"), "inf"),
        ("count", True, "Có"),
        ("count", "chưa có", "chưa có"),
        ("date", date(1890, 1, 2), "02/01/1890"),
        ("date", "chưa rõ", "chưa rõ"),
    ],
)
def test_what_a_spreadsheet_would_change_is_written_as_text(kind: str, value: object, written: str) -> None:
    assert cells(write_sheet("x", (Column("a", kind=kind),), [(value,)]))[-1] == [written]  # type: ignore[arg-type]


def test_a_moment_is_written_as_its_day_and_nothing_as_nothing() -> None:
    moment = datetime(2026, 12, 5, 23, 59, tzinfo=UTC)
    data = write_sheet("x", (Column("a"), Column("b", kind="date")), [(None, moment), ("b", "")])
    assert cells(data)[-2:] == [[None, datetime(2026, 12, 5)], ["b", None]]  # noqa: DTZ001


def test_title_source_and_notes_come_first_and_the_header_is_frozen_and_filtered() -> None:
    data = write_sheet("Danh sách", COLUMNS, [ROW, ROW], source="Nguồn: sổ theo dõi", notes=("Ghi chú 1",))
    table = cells(data)
    assert [row[0] for row in table[:3]] == ["Danh sách", "Nguồn: sổ theo dõi", "Ghi chú 1"]
    assert table[4] == [c.heading for c in COLUMNS]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert sheet.freeze_panes == "A6"
    assert sheet.auto_filter.ref == "A5:E7"


def test_an_empty_list_is_still_a_sheet() -> None:
    assert cells(write_sheet("x", COLUMNS, []))[-1] == [c.heading for c in COLUMNS]


def test_same_input_same_bytes() -> None:
    assert write_sheet("Danh sách", COLUMNS, [ROW]) == write_sheet("Danh sách", COLUMNS, [ROW])
