"""The description refuses what would print wrong, and writes the fixed lines as offices do."""

from datetime import date

import pytest

from chuan.rendering.blocks import (
    Annex,
    Column,
    Drawing,
    FigureInline,
    Heading,
    Paragraph,
    Table,
    Text,
    dashed,
)
from tests.rendering.samples import report


@pytest.mark.parametrize("code", ["", " ", "a b", "x" * 65, "<a>", "-1", "mã"])
def test_refuses_a_figure_code_that_word_could_not_carry_as_a_tag(code: str) -> None:
    with pytest.raises(ValueError, match="figure code"):
        FigureInline(code, "1")


def test_refuses_a_figure_without_text() -> None:
    with pytest.raises(ValueError, match="no text"):
        FigureInline("A", " \n")


@pytest.mark.parametrize("level", [0, 4, -1])
def test_refuses_a_heading_level_that_does_not_exist(level: int) -> None:
    with pytest.raises(ValueError, match="level"):
        Heading(level, "x")


def test_refuses_a_skipped_heading_level() -> None:
    with pytest.raises(ValueError, match="skipped"):
        report(body=(Heading(1, "I."), Heading(3, "a)")))
    with pytest.raises(ValueError, match="skipped"):
        report(body=(Heading(2, "1."),))
    with pytest.raises(ValueError, match="skipped"):
        Annex("", "t", "", (Heading(3, "a)"),))


def test_refuses_a_ragged_table_and_a_table_without_columns() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells for 2 columns"):
        Table((Column("a"), Column("b")), (("1", "2"), ("1",)))
    with pytest.raises(ValueError, match="column"):
        Table((), ())
    with pytest.raises(ValueError, match="weight"):
        Column("a", 0)


def test_refuses_a_drawing_that_says_nothing_in_words() -> None:
    with pytest.raises(ValueError, match="words"):
        Drawing("<svg/>", " ")
    with pytest.raises(ValueError, match="width"):
        Drawing("<svg/>", "x", 1.2)


def test_refuses_a_date_outside_the_year() -> None:
    with pytest.raises(ValueError, match="2026"):
        report(date=date(2027, 1, 5))


def test_the_number_gets_its_zero_and_an_unnumbered_paper_keeps_the_space() -> None:
    assert report(number="5").number_line == "Số: 05/BC-SKHCN"
    assert report(number="128").number_line == "Số: 128/BC-SKHCN"
    assert report(number="12a").number_line == "Số: 12a/BC-SKHCN"
    assert report(number=None).number_line == "Số:        /BC-SKHCN"


def test_the_date_line_follows_the_form() -> None:
    assert report(date=date(2026, 2, 3)).place_line == "Tây Ninh, ngày 03 tháng 02 năm 2026"
    assert report(date=date(2026, 3, 13)).place_line == "Tây Ninh, ngày 13 tháng 3 năm 2026"
    assert report(date=None).place_line == "Tây Ninh, ngày      tháng      năm 2026"


def test_dashed_lists_end_with_one_full_stop() -> None:
    assert dashed(("- Như trên;", "Sở Tài chính", "Sở Tài chính.")) == (
        "- Như trên;",
        "- Sở Tài chính;",
        "- Sở Tài chính.",
    )
    assert dashed(()) == ()


def test_one_addressee_has_no_dash_and_several_have() -> None:
    assert report(addressees=("UBND tỉnh",)).addressee_lines == ("UBND tỉnh",)
    assert report(addressees=("A", "B")).addressee_lines == ("- A;", "- B.")


def test_a_figure_is_never_parted_from_its_unit() -> None:
    assert FigureInline("A", "1 234", "lượt người").printed == "1\u00a0234\u00a0lượt người"
    assert FigureInline("A", "12,5").printed == "12,5"


@pytest.mark.parametrize("key", [" ", "a b", "x" * 61, "<a>", "-1", "lời"])
def test_refuses_a_key_that_word_could_not_carry_as_a_tag(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Paragraph((Text("x"),), key)


def test_refuses_a_figure_code_that_looks_like_a_wording() -> None:
    with pytest.raises(ValueError, match="does not begin"):
        FigureInline("loi:a", "1")


def test_refuses_two_paragraphs_of_one_key_wherever_they_stand() -> None:
    once = Paragraph((Text("x"),), "ket-qua.1")
    with pytest.raises(ValueError, match=r"same key: ket-qua\.1"):
        report(body=(once,), annexes=(Annex("", "t", "", (once,)),))
