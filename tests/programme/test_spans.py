"""Quotations over bytes, and the display text that named rules derive."""

import pytest

from chuan.programme.spans import RULES, Mend, Span, agrees, display, lines, printed

CELL = '<ul style="x"> Phát triển. Trong đó: <ul> - Giai đoạn: 05 loại - không phải mục - Mục hai </ul>'


@pytest.mark.parametrize(
    ("found", "quoted"),
    [
        ("Sở Tài chính", "Sở Tài"),
        ("Sở Tài chính", "Sở … Y tế"),
        ("Sở chính", "Sở chính … chính"),
        ("a b", "a … a b"),
        ("abc", ""),
    ],
)
def test_words_that_do_not_stand_there_do_not_agree(found: str, quoted: str) -> None:
    assert not agrees(found, quoted)


def test_a_quotation_may_leave_out_the_middle() -> None:
    assert agrees("Sở Khoa học và Công nghệ", "Sở Khoa … Công nghệ")
    assert agrees("Sở Tài chính", "Sở Tài chính")


def test_tags_become_line_ends_and_dashes_items() -> None:
    octets = CELL.encode()
    assert display(octets, [Span(0, len(octets))], []).split("\n") == [
        "Phát triển. Trong đó:",
        "- Giai đoạn: 05 loại - không phải mục",
        "- Mục hai",
    ]
    assert printed(octets, [Span(0, len(octets))]) == CELL


def test_a_cell_that_a_page_cut_is_one_sentence() -> None:
    octets = "Đến năm\n\tx\t2025".encode()
    cut = [Span(0, 11), Span(len(octets) - 4, len(octets))]
    assert display(octets, cut, []) == "Đến năm 2025"


def test_a_slip_is_mended_in_the_display_text_alone_and_marked_where_it_is_shown() -> None:
    octets = "khó khăn về do lường".encode()
    start = octets.index(b"do l")
    mends = [Mend("L1", Span(start, len(octets)), "đo lường")]
    whole = [Span(0, len(octets))]
    assert display(octets, whole, mends) == "khó khăn về đo lường"
    (line,) = lines(octets, whole, mends, mended=False)
    assert [(p.words, p.slip) for p in line] == [("khó khăn về ", ""), ("do lường", "L1")]


def test_the_rules_have_names() -> None:
    assert [name for name, _words in RULES] == [
        "join_page_break",
        "strip_tags",
        "break_dashes",
        "collapse_space",
        "mend_slips",
    ]
