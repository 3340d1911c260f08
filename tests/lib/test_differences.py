"""Differences are told in words, lose nothing of either text, and take bearable time on any input."""

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuan.lib.differences import Piece, align, bag_of_words, likeness, word_differences

TEXT = st.text(st.sampled_from(list("aă bộ, 1.2\n“đ")), max_size=40) | st.text(max_size=30)


def joined(pieces: tuple[Piece, ...], *changes: str) -> str:
    return "".join("".join(p.text for p in pieces if p.change in changes).split())


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


@given(TEXT, TEXT)
def test_no_word_of_either_text_is_lost(old: str, new: str) -> None:
    pieces = word_differences(old, new)
    assert joined(pieces, "kept", "removed") == bare(old)
    assert joined(pieces, "kept", "added") == bare(new)


@given(TEXT)
def test_a_text_differs_from_itself_in_nothing_however_it_is_composed(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert {p.change for p in word_differences(text, unicodedata.normalize(form, text))} <= {"kept"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("", "Mới", [("added", "Mới")]),
        ("Cũ", "", [("removed", "Cũ")]),
        ("1.234 ca", "1.235 ca", [("removed", "1.234 "), ("added", "1.235 "), ("kept", "ca")]),
        ("kiểm định, đo", "kiểm tra, đo", [("kept", "kiểm "), ("removed", "định"), ("added", "tra"), ("kept", ", đo")]),
        ("a  b", "a b", [("kept", "a b")]),
        ("một, hai", "ba, bốn", [("removed", "một, hai"), ("added", "ba, bốn")]),
    ],
)  # fmt: skip
def test_what_changed_is_told_in_whole_words(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert [(p.change, p.text) for p in word_differences(old, new)] == expected


@given(st.lists(st.integers(0, 6), max_size=30), st.lists(st.integers(0, 6), max_size=30))
def test_pairs_are_equal_and_in_order(old: list[int], new: list[int]) -> None:
    pairs = align(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


def test_two_long_and_monotonous_lists_are_compared_in_bearable_time() -> None:
    started = time.monotonic()
    align([n % 3 for n in range(20_000)], [n % 5 for n in range(20_000)])
    assert align(list(range(20_000)), [*range(5_000), -1, *range(5_001, 20_000)])[5_000] == (5_001, 5_001)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("old", "new", "least", "most"),
    [
        ("", "", 1, 1),
        ("a b", "c d", 0, 0),
        ("mở 03 lớp", "lớp 03 mở", 1, 1),
        ("đã mở 03 lớp", "đã mở lớp mới", 0.5, 0.8),
    ],
)
def test_likeness_runs_from_nothing_to_all(old: str, new: str, least: float, most: float) -> None:
    assert least <= likeness(bag_of_words(old), bag_of_words(new)) <= most
