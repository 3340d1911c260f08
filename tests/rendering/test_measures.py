"""Widths are near enough, and titles are parted evenly without losing a word."""

from hypothesis import given
from hypothesis import strategies as st

from chuan.rendering.measures import balanced, width_mm
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
