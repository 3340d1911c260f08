"""Spans of a plan's text, the words quoted for them, and the display text that named rules derive.

A span is a byte range [start, end) of the UTF-8 text. The bytes are never changed; what people read in tables and
lists is derived each time by the rules below, in their order, so that both forms can always be shown.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

#: Stands in a quotation for the words between its first and its last ones.
ELISION = " … "
#: Stands in a printed quotation for words of the text between two places.
LEFT_OUT = " […] "

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_DASH = re.compile(r"\s+-\s+(\S)")
_SPACE = re.compile(r"[^\S\n]+")
# Around the words of a slip while the rules run: letters that no text holds (private use).
_OPEN, _CLOSE, _FIRST = "\ue000", "\ue001", 0xE100
_MARKED = re.compile(f"{_OPEN}(.)(.*?){_CLOSE}", re.DOTALL)

#: The rules by name, with what each does.
RULES = (
    ("join_page_break", _("nối phần bị ngắt dòng, ngắt trang")),
    ("strip_tags", _("bỏ thẻ định dạng của tệp số hóa")),
    ("break_dashes", _("xuống dòng ở mỗi gạch đầu dòng trong ô")),
    ("collapse_space", _("thu gọn khoảng trắng")),
    ("mend_slips", _("sửa các lỗi đã liệt kê, chỉ trong bản trình bày")),
)


@dataclass(frozen=True)
class Span:
    """A byte range [start, end) and, where a file declares it, the words quoted for it."""

    start: int
    end: int
    words: str = ""

    def holds(self, other: "Span") -> bool:
        """The other lies within."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Span") -> bool:
        """The two share a byte."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Mend:
    """A slip's place and what stands there in the display text; None leaves the words as they are."""

    code: str
    span: Span
    shown: str | None


@dataclass(frozen=True)
class Piece:
    """Words of one line, and the code of the slip they are."""

    words: str
    slip: str = ""


Line = tuple[Piece, ...]


def spans_of(pairs: Iterable[Sequence[int]]) -> tuple[Span, ...]:
    """Spans as the database holds them."""
    return tuple(Span(start, end) for start, end in pairs)


def printed(text: bytes, spans: Iterable[Span]) -> str:
    """The words as they stand in the file, markup and line ends included; spans are parted by a line end."""
    return "\n".join(text[s.start : s.end].decode() for s in spans)


def agrees(found: str, quoted: str) -> bool:
    """The quotation is the words found, or their beginning and end around an elision."""
    if found == quoted:
        return True
    first, elided, last = quoted.partition(ELISION)
    return bool(elided) and len(found) > len(first) + len(last) and found.startswith(first) and found.endswith(last)


def join_page_break(words: str) -> str:
    """A line end inside a cell is the page's, not the sentence's."""
    return words.replace("\n", " ")


def strip_tags(words: str) -> str:
    """Markup of the extraction becomes a line end."""
    return _TAG.sub("\n", words)


def break_dashes(words: str) -> str:
    """In a cell that had markup each dash before a capital begins a line: an item of a list that was run together."""
    if "\n" not in words:
        return words
    return _DASH.sub(lambda found: f"\n- {found[1]}" if found[1].isupper() else found[0], words)


def collapse_space(words: str) -> str:
    """One space between words, no blank line."""
    lines = (_SPACE.sub(" ", line).strip() for line in words.split("\n"))
    return "\n".join(line for line in lines if line)


def lines(text: bytes, spans: Sequence[Span], mends: Sequence[Mend], *, mended: bool) -> list[Line]:
    """The display text in lines, each slip a piece of its own: as printed, or as it is mended; `mends` in order."""
    words = "\n".join(_with_marks(text, span, mends, mended=mended) for span in spans)
    for rule in (join_page_break, strip_tags, break_dashes, collapse_space):
        words = rule(words)
    return [_pieces(line, mends) for line in words.split("\n")]


def display(text: bytes, spans: Sequence[Span], mends: Sequence[Mend]) -> str:
    """The display text, mended, its lines parted by line ends."""
    return "\n".join("".join(piece.words for piece in line) for line in lines(text, spans, mends, mended=True))


def quotation(
    text: bytes, spans: Sequence[Span], cells: Iterable[Sequence[Span]], mends: Sequence[Mend], *, mended: bool
) -> str:
    """Spans as one quotation, in one line, an ellipsis where words are left out between two of them.

    Between the pieces of one of `cells`, which a page break cut, no word of it is left out.
    """
    whole = {(one.end, other.start) for cell in cells for one, other in pairwise(cell)}
    runs: list[list[Span]] = []
    for span in spans:
        if runs and (runs[-1][-1].end, span.start) in whole:
            runs[-1].append(span)
        else:
            runs.append([span])
    said = (lines(text, run, mends, mended=mended) for run in runs)
    return LEFT_OUT.join(" ".join("".join(p.words for p in line) for line in one) for one in said)


def _with_marks(text: bytes, span: Span, mends: Sequence[Mend], *, mended: bool) -> str:
    found, at = [], span.start
    for number, mend in enumerate(mends):
        if not span.holds(mend.span):
            continue
        found.append(text[at : mend.span.start].decode())
        stands = text[mend.span.start : mend.span.end].decode()
        shown = mend.shown if mended and mend.shown is not None else stands
        if _TAG.fullmatch(stands):
            found.append(stands)
        elif shown:
            found.append(f"{_OPEN}{chr(_FIRST + number)}{shown}{_CLOSE}")
        at = mend.span.end
    return "".join([*found, text[at : span.end].decode()])


def _pieces(line: str, mends: Sequence[Mend]) -> Line:
    found, at = [], 0
    for match in _MARKED.finditer(line):
        found.append(Piece(line[at : match.start()]))
        found.append(Piece(match[2], mends[ord(match[1]) - _FIRST].code))
        at = match.end()
    found.append(Piece(line[at:]))
    return tuple(piece for piece in found if piece.words)
