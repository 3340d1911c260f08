"""What differs between two texts or two lists: in words, so that a person sees what was taken out and put in."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Change = Literal["kept", "removed", "added"]

_TOKEN = re.compile(r"(?:\d[\d.,]*\d|\w+|[^\w\s])\s*")
_LEADING_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"\w")
_MOST_COMPARED = 250_000  # pairs in one gap; above it the gap counts as replaced whole


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both have, or that only the old or only the new one has."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark with the white space after it, and where in the text it begins."""

    word: str
    tail: str
    start: int

    @property
    def end(self) -> int:
        """Where the word ends, white space left out."""
        return self.start + len(self.word)


def word_differences(old: str, new: str) -> tuple[Piece, ...]:
    """Two wordings compared word by word, in composed form (NFC): `1.234`, `kiểm` and `,` are each one word.

    Kept and removed pieces together are the old wording, kept and added ones the new, but for white space:
    where only that differs the words are kept and stand as in the new wording.
    """
    before, after = tokens(unicodedata.normalize("NFC", old)), tokens(unicodedata.normalize("NFC", new))
    matches = align([t.word for t in before], [t.word for t in after])
    pieces: list[Piece] = []
    i = j = 0
    for next_i, next_j in [*_without_lonely_marks(matches, before, after), (len(before), len(after))]:
        _put(pieces, "removed", before[i:next_i])
        _put(pieces, "added", after[j:next_j])
        _put(pieces, "kept", after[next_j : next_j + 1])
        i, j = next_i + 1, next_j + 1
    return tuple(pieces)


def tokens(text: str) -> list[Token]:
    """The words of a text, white space before the first left out."""
    begin = _LEADING_SPACE.match(text)
    found = []
    for match in _TOKEN.finditer(text, begin.end() if begin else 0):
        word = match[0].rstrip()
        found.append(Token(word, match[0][len(word) :], match.start()))
    return found


def align(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs of equal items in growing order: first those that both hold once, then what lies between them.

    Takes bearable time on any input: a gap with very many pairs is left unmatched.
    """
    start, end = 0, 0
    most = min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    matches = [(k, k) for k in range(start)]
    i, j = start, start
    stop = (len(old) - end, len(new) - end)
    for next_i, next_j in [*_anchors(old, new, start, *stop), stop]:
        matches += _inside(old, new, i, next_i, j, next_j)
        if (next_i, next_j) != stop:
            matches.append((next_i, next_j))
        i, j = next_i + 1, next_j + 1
    return matches + [(stop[0] + k, stop[1] + k) for k in range(end)]


def bag_of_words(text: str) -> Counter[str]:
    """Each word of a text and how often it stands there, in composed form (NFC)."""
    return Counter(token.word for token in tokens(unicodedata.normalize("NFC", text)))


def likeness(old: Counter[str], new: Counter[str]) -> float:
    """How much of two bags of words is the same, from 0 to 1; order does not matter."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0


def _anchors(
    old: Sequence[Hashable], new: Sequence[Hashable], start: int, old_end: int, new_end: int
) -> list[tuple[int, int]]:
    """Items that each side holds once, the longest run of them that stands in the same order on both."""
    once_old, once_new = Counter(old[start:old_end]), Counter(new[start:new_end])
    at = {item: j for j, item in enumerate(new[start:new_end], start) if once_new[item] == 1}
    pairs = [(i, at[item]) for i, item in enumerate(old[start:old_end], start) if once_old[item] == 1 and item in at]
    return longest_in_order(pairs)


def longest_in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs whose first numbers grow, the longest run whose second numbers grow too: what was not moved."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [j]
        last[length : length + 1] = [index]
    found = []
    index = last[-1] if last else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _inside(
    old: Sequence[Hashable], new: Sequence[Hashable], i: int, old_end: int, j: int, new_end: int
) -> list[tuple[int, int]]:
    if i >= old_end or j >= new_end or (old_end - i) * (new_end - j) > _MOST_COMPARED:
        return []
    blocks = SequenceMatcher(None, old[i:old_end], new[j:new_end], autojunk=False).get_matching_blocks()
    return [(i + a + k, j + b + k) for a, b, size in blocks for k in range(size)]


def _without_lonely_marks(
    matches: list[tuple[int, int]], before: Sequence[Token], after: Sequence[Token]
) -> list[tuple[int, int]]:
    """Matches without marks that stand alone between changes: keeping them would only cut a change in two."""
    whole = [(-1, -1), *matches, (len(before), len(after))]
    kept = []
    for previous, (i, j), following in zip(whole, whole[1:], whole[2:], strict=False):
        joined = previous == (i - 1, j - 1) or following == (i + 1, j + 1)
        if joined or _WORD.search(before[i].word):
            kept.append((i, j))
    return kept


def _put(pieces: list[Piece], change: Change, words: Sequence[Token]) -> None:
    text = "".join(token.word + token.tail for token in words)
    if not text:
        return
    if pieces and pieces[-1].change == change:
        text = pieces.pop().text + text
    pieces.append(Piece(change, text))
