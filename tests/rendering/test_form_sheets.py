"""Rows of a form are as high as their words need, and grow when somebody types in them."""

import io
import re
import zipfile

from chuan.rendering.form_sheets import Field, FormSheet, write_form

LONG = "Đào tạo, tập huấn, bồi dưỡng nâng cao chuyên môn, nghiệp vụ về đo lường cho công chức"


def rows_of(content: bytes) -> dict[int, bytes]:
    """The start tag of each row of the first sheet, by its number."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    return {int(number): tag for tag, number in re.findall(rb'(<row r="(\d+)"[^>]*>)', sheet)}


def height(tag: bytes) -> float:
    found = re.search(rb'ht="([\d.]+)"', tag)
    return float(found[1]) if found else 15.0


def test_a_row_is_as_high_as_its_longest_cell_and_no_higher_for_what_is_hidden() -> None:
    fields = [Field("mã", 4, hidden=True), Field("Nhiệm vụ", 30), Field("Kết quả", 40, typed=True)]
    sheet = FormSheet("Nhiệm vụ", "Nhiệm vụ", fields, [[LONG, "Ngắn", ""], ["1", LONG, ""]], blank_rows=1)
    content = write_form("Mẫu", [sheet], {}, {})
    header, short, long, blank = list(rows_of(content).values())[1:]
    assert height(header) == height(short) == height(blank) < 20
    assert height(long) > 2.5 * height(short)
    # A height that is not fixed is fitted anew by the spreadsheet.
    assert not any(b"customHeight" in tag for tag in rows_of(content).values())
    assert content == write_form("Mẫu", [sheet], {}, {})
