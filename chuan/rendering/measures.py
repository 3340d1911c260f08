"""How wide text in Times will be, roughly: for short rules, even titles, columns that hold their numbers."""

import math
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from chuan.rendering.blocks import (
    Block,
    Bullets,
    Drawing,
    GroupRow,
    Heading,
    Inlines,
    PageBreak,
    Paragraph,
    QrBlock,
    Table,
    plain_text,
)

MM_PER_POINT: Final = 25.4 / 72
NUMBER: Final = re.compile(r"[-+−]?\d[\d.,]*%?")
_TABLE_POINTS: Final = 12
_CELL_EDGES_MM: Final = 3.6
_BODY_POINTS: Final = 14
_BODY_MM: Final = 160.0
_INDENT_MM: Final = 12.7
_LINES_ABOVE: Final = 2  # of text at least above a signature
_LINE: Final = 1.15  # of a table's text, in sizes of its letters
_EDGES_MM: Final = 2.0  # above and below a cell's text
_NARROW: Final = frozenset("ijltfrI.,:;'()-/|[] ")


def width_mm(text: str, points: float, *, bold: bool = False) -> float:
    """The estimated width of one line, within about 5 %."""
    letters = [letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)]
    return sum(map(_ems, letters)) * (1.04 if bold else 1.0) * points * MM_PER_POINT


def _ems(letter: str) -> float:
    if letter == "\u00a0" or letter in _NARROW:
        return 0.29
    return 0.69 if letter.isupper() else 0.48


def balanced(text: str, points: float, most_mm: float, *, bold: bool = False) -> str:
    """The text with line breaks where its lines come out about equal; line breaks it already has are kept."""
    return "\n".join(_balanced_line(line, points, most_mm, bold=bold) for line in text.split("\n"))


def _balanced_line(line: str, points: float, most_mm: float, *, bold: bool) -> str:
    whole = width_mm(line, points, bold=bold)
    words = line.split(" ")
    count = math.ceil(whole / most_mm)
    if count < 2 or count > len(words):
        return line
    cuts = [0]
    for part in range(1, count):
        best = min(
            range(cuts[-1] + 1, len(words) - count + part + 1),
            key=lambda cut: abs(width_mm(" ".join(words[:cut]), points, bold=bold) - whole * part / count),
        )
        cuts.append(best)
    return "\n".join(" ".join(words[start:end]) for start, end in pairwise([*cuts, len(words)]))


def most_lines(text: str, points: float, room_mm: float, *, bold: bool = False) -> int:
    """A high guess of the lines that a text takes where it breaks between words."""
    room, space = max(4.0, room_mm * 0.92), width_mm(" ", points, bold=bold)
    lines = 0
    for line in text.split("\n"):
        lines, used = lines + 1, 0.0
        for word in line.split():
            width = width_mm(word, points, bold=bold)
            if used and used + space + width > room:
                lines, used = lines + 1, 0.0
            used += width + space * bool(used)
            if used > room:
                lines, used = lines + int(used // room), used % room
    return lines


def surely_fit(table: Table, widths_mm: Sequence[float], page_mm: float) -> list[bool]:
    """Of each row whether it fits on a page below the repeated header; a higher one must split to keep its end."""
    room = page_mm - _most_mm([column.heading for column in table.columns], widths_mm, bold=True)
    return [
        isinstance(row, GroupRow) or _most_mm([plain_text(cell) for cell in row], widths_mm) <= room
        for row in table.rows
    ]


def _most_mm(words: Sequence[str], widths_mm: Sequence[float], *, bold: bool = False) -> float:
    """A high guess of the height of cells side by side in columns of these widths."""
    cells = zip(words, widths_mm, strict=True)
    lines = max(most_lines(one, _TABLE_POINTS, width - _CELL_EDGES_MM, bold=bold) for one, width in cells)
    return lines * _TABLE_POINTS * MM_PER_POINT * _LINE + _EDGES_MM


def column_widths(table: Table, total_mm: float) -> list[float]:
    """Widths in millimetres by weight, where no column is too narrow for a number in it: a broken number misleads."""
    needed = [_widest_number(table, index) for index in range(len(table.columns))]
    if sum(needed) >= total_mm:
        needed = [0.0] * len(needed)
    fixed: set[int] = set()
    while True:
        weight = sum(column.weight for index, column in enumerate(table.columns) if index not in fixed)
        left = total_mm - sum(needed[index] for index in fixed)
        widths = [
            needed[index] if index in fixed else left * column.weight / weight
            for index, column in enumerate(table.columns)
        ]
        narrow = {index for index, width in enumerate(widths) if width < needed[index]} - fixed
        if not narrow:
            return widths
        fixed |= narrow


def _widest_number(table: Table, index: int) -> float:
    cells = (plain_text(row[index]) for row in table.rows if not isinstance(row, GroupRow))
    numbers = {word for cell in cells for word in cell.split() if NUMBER.fullmatch(word)}
    return max((width_mm(number, _TABLE_POINTS, bold=True) + _CELL_EDGES_MM for number in numbers), default=0.0)


def kept_with_signature(body: Sequence[Block]) -> int:
    """How many blocks at the end go with the signature to its page, so that it has two lines of text above it."""
    kept = lines = 0
    for block in reversed(body):
        if isinstance(block, PageBreak) or lines >= _LINES_ABOVE:
            break
        kept += 1
        lines += _lines(block)
    return kept


def _lines(block: Block) -> int:
    """The lines of text of a block, none too many: a picture is no text, a row of a table is one line."""
    match block:
        case Paragraph():
            return _wrapped(block.inlines)
        case Bullets():
            return sum(_wrapped(item) for item in block.items)
        case Table():
            return len(block.rows)
        case Heading() | Drawing() | QrBlock() | PageBreak():
            return 0


def _wrapped(inlines: Inlines) -> int:
    least = 0.95 * width_mm(plain_text(inlines), _BODY_POINTS)
    return math.ceil((least + _INDENT_MM) / _BODY_MM)
