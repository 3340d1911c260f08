"""The annexes as a workbook: no formula, numbers that are numbers and look as printed, ready to print."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from chuan.rendering.annex_sheets import write_annexes
from chuan.rendering.blocks import (
    Annex,
    Bullets,
    Cell,
    Column,
    Drawing,
    FigureInline,
    Footnote,
    GroupRow,
    Heading,
    PageBreak,
    Paragraph,
    QrBlock,
    Table,
    Text,
)
from tests.rendering.samples import SVG, WIDE, report
from tests.rendering.test_sheets import CANARIES


def book(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def annex(*blocks: Any, number: str = "I") -> Annex:
    return Annex(number, "Kết quả", "(Kèm theo Báo cáo)", blocks, landscape=True)


def one(*cells: Cell) -> Any:
    table = Table(tuple(Column(f"c{n}") for n in range(len(cells))), (cells,))
    return book(write_annexes("x", [annex(table)])).active


def test_refuses_a_workbook_without_annexes() -> None:
    with pytest.raises(ValueError, match="annex"):
        write_annexes("x", [])


def test_a_cell_that_cannot_hold_its_words_says_where_the_rest_stands() -> None:
    """All units' words on one task stand in one cell."""
    values = [cell.value for row in one("a" * 32_767, "b" * 32_768).iter_rows() for cell in row if cell.value]
    assert "a" * 32_767 in values
    [cut] = [value for value in values if value.startswith("bb")]
    assert len(cut) == 32_767
    assert cut.endswith("phần còn lại ở bản Word và PDF]")


@pytest.mark.parametrize("canary", CANARIES)
def test_no_text_becomes_a_formula_or_a_link(canary: str) -> None:
    figure: tuple[Cell, ...] = ((FigureInline("A", canary, canary),),) if canary.strip("\x00") else ()
    rows: tuple[Cell, ...] = (canary, (Text(canary), Footnote(canary)), *figure)
    table = Table(tuple(Column(canary) for _ in rows), (GroupRow(canary), rows), canary)
    made = Annex("", canary, canary, (Paragraph((Text(canary),)), table, Bullets(((Text(canary),),))))
    with zipfile.ZipFile(io.BytesIO(write_annexes(canary, [made], source=canary))) as archive:
        for name in archive.namelist():
            xml = archive.read(name).decode()
            assert "<f>" not in xml
            assert "<f " not in xml
            assert "hyperlink" not in xml, name


@pytest.mark.parametrize(
    ("text", "unit", "value", "shown"),
    [
        ("03", "lớp", 3, '00" lớp"'),
        ("1.234", "", 1234, "#,##0"),
        ("1.234,50", "m³/h", 1234.5, '#,##0.00" m³/h"'),
        ("12,5", "", 12.5, "0.0"),
        ("0", "", 0, "0"),
        ("−7", "", -7, "0"),
    ],
)
def test_a_figure_is_a_number_that_looks_as_printed(text: str, unit: str, value: float, shown: str) -> None:
    (cell,) = list(one((FigureInline("A", text, unit, bold=True),)).rows)[-1]
    assert (cell.value, cell.number_format, cell.font.bold) == (value, shown, True)


@pytest.mark.parametrize("text", ["1.23", "12.345.6", "1234567890123456", "chưa có", "≥ 50", "1,2,3", "5/7"])
def test_a_figure_that_is_no_plain_number_stays_text(text: str) -> None:
    (cell,) = list(one((FigureInline("A", text),)).rows)[-1]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_worksheet_says_in_full_what_paper_shortens() -> None:
    (cell,) = list(one((Text("A và 02 đơn vị khác: ", in_full="A, B, C: "), Text("xong."))).rows)[-1]
    assert cell.value == "A, B, C: xong."


def test_text_that_looks_like_a_number_stays_text() -> None:
    first, second = list(one("2026", (Text("Đạt "), FigureInline("A", "5")))).pop()
    assert [(c.value, c.data_type) for c in (first, second)] == [("2026", "s"), ("Đạt 5", "s")]


def test_the_sheet_is_ready_to_print() -> None:
    sheet = book(write_annexes("Báo cáo", [annex(WIDE)], source="Nguồn: bản chốt")).active
    head = [row[0].value for row in sheet.iter_rows(max_row=6)]
    assert head == ["Phụ lục I", "Kết quả", "(Kèm theo Báo cáo)", "Nguồn: bản chốt", WIDE.caption, "TT"]
    assert sheet.freeze_panes == "A7"
    assert sheet.print_title_rows == "$6:$6"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.oddFooter.center.text == "&P/&N"
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDE"]
    assert widths[1] > widths[4] > widths[0]
    assert 120 < sum(widths) < 140
    assert sorted(str(m) for m in sheet.merged_cells.ranges) == [f"A{n}:E{n}" for n in (1, 2, 3, 4, 5, 7)]
    assert sheet.row_dimensions[8].height > 2 * 12  # the longest cell takes two lines
    group, first = (list(sheet.rows)[n] for n in (6, 7))
    assert group[0].value == "I. Tuyên truyền, phổ biến"
    assert group[0].font.bold
    assert (first[3].value, first[3].alignment.horizontal) == (12.5, "right")


def test_each_table_has_a_sheet_and_what_stands_around_it_is_kept() -> None:
    small = Table((Column("a"),), (((Text("x"), Footnote("Ghi chú")),),))
    blocks = (
        Heading(1, "1. Đầu"),
        small,
        Paragraph((Text("Giữa "), FigureInline("A", "5", "lớp"), Footnote("n"))),
        PageBreak(),
        small,
        QrBlock("https://a.example/k", "Quét mã"),
        Drawing(SVG, "Biểu đồ"),
        Bullets(((Text("cuối"),),)),
    )
    made = book(write_annexes("x", [annex(*blocks), annex(Paragraph((Text("Chỉ có lời"),)), number="II")]))
    assert made.sheetnames == ["Phụ lục I", "Phụ lục I (2)", "Phụ lục II"]
    said = [[row[0].value for row in sheet.iter_rows()][3:] for sheet in made]
    assert said[0] == ["1. Đầu", "a", "x (1)", "(1) Ghi chú"]
    assert said[1] == [
        "Giữa 5 lớp (n)",
        "a",
        "x (1)",
        "(1) Ghi chú",
        "Quét mã https://a.example/k",
        "Biểu đồ",
        "- cuối",
    ]
    assert said[2] == ["Chỉ có lời"]


def test_a_long_line_is_as_high_as_it_needs() -> None:
    sheet = book(write_annexes("x", [annex(Paragraph((Text("chữ " * 200),)), WIDE)])).active
    assert 80 < sheet.row_dimensions[4].height < 200
    assert sheet["A4"].alignment.wrap_text


def test_same_input_same_bytes() -> None:
    annexes = report().annexes
    assert write_annexes("x", annexes) == write_annexes("x", annexes)
