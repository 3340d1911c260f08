"""Widths are near enough, and titles are parted evenly without losing a word."""

from hypothesis import given
from hypothesis import strategies as st

from chuan.rendering.blocks import Column, FigureInline, GroupRow, Table
from chuan.rendering.measures import balanced, column_widths, most_lines, surely_fit, width_mm
from chuan.rendering.text import clean


def test_the_width_of_the_national_title_is_near_the_truth() -> None:
    # 85.9 mm with the metrics of Tinos Bold at 12 pt, measured by typst
    assert abs(width_mm("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True) - 88) < 6


def test_a_title_is_parted_into_even_lines() -> None:
    first, second = balanced("ỦY BAN NHÂN DÂN TỈNH TÂY NINH", 12, 66).split("\n")
    assert (first, second) == ("ỦY BAN NHÂN DÂN", "TỈNH TÂY NINH")


@given(st.text(max_size=300), st.floats(1, 500))
def test_no_word_is_lost(text: str, most: float) -> None:
    words = clean(text)
    assert balanced(words, 14, most).replace("\n", " ") == words.replace("\n", " ")


def test_a_column_is_never_too_narrow_for_a_number_in_it() -> None:
    columns = (Column("TT", 0.2), Column("Nội dung", 6), Column("Kinh phí", 0.5))
    table = Table(columns, (GroupRow("I."), ("1", "x", (FigureInline("A", "1.234.567.890", "đồng"),))))
    widths = column_widths(table, 160)
    assert abs(sum(widths) - 160) < 1e-9
    assert widths[2] > width_mm("1.234.567.890", 12) + 2.8
    assert widths[0] > width_mm("1", 12) + 2.8


def test_without_tight_numbers_the_weights_decide() -> None:
    assert column_widths(Table((Column("a", 1), Column("b", 3)), (("x", "1"),)), 160) == [40, 120]


def test_numbers_that_fit_nowhere_leave_the_weights_alone() -> None:
    table = Table((Column("a"), Column("b")), (("1" * 90, "2" * 90),))
    assert column_widths(table, 160) == [80, 80]


def test_lines_are_guessed_high_and_a_long_word_takes_several() -> None:
    assert most_lines("", 12, 40) == 1
    assert most_lines("một\nhai", 12, 40) == 2
    assert most_lines("nghiêng nghiêng", 12, 25) == 2
    assert most_lines("A" * 100, 12, 40) > 5


def test_a_row_surely_fits_until_it_comes_near_the_height_of_a_page() -> None:
    def fits(lines: int) -> bool:
        table = Table((Column("TT", 1), Column("Nội dung", 3)), (GroupRow("I."), ("1", "x\n" * (lines - 1))))
        group, row = surely_fit(table, [40, 120], 170)
        assert group
        return row

    assert fits(30)
    assert not fits(34)
