"""Numbers in equations: decimal point or comma, read only where they cannot be misread."""

import math
import re
from typing import NamedTuple

from chuan.metrology.words import Refused, Text

MOST_CHARACTERS = 64

_POINT = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+\-−]?[0-9]+)?")
_COMMA = re.compile(r"([0-9]+),([0-9]+)(?:[eE][+\-−]?[0-9]+)?")
_GROUPED = re.compile(r"[0-9]*(?:[.,][0-9]+){2,}")


class Written(NamedTuple):
    """A number as it stands in the text: in the point form, its value, and how many characters it takes."""

    text: str
    value: float
    length: int


def _refused(place: int, vi: str, en: str) -> Refused:
    return Refused(Text(vi, en), str(place + 1))


def read_number(text: str, place: int, *, comma_separates: bool) -> Written:
    """The number that begins at `place` (an index from 0).

    A comma is a decimal comma where nothing else can be meant: `8,5`, `0,125`, `1234,567`. It is refused in `1,234`,
    which may be a thousand, and in `1.234,5`. With `comma_separates`, directly between the arguments of a function,
    it parts two numbers.
    Errors: `Refused` at the number's column, also for a number beyond what a double can hold.
    """
    shown = text[place : place + 24]
    match = _POINT.match(text, place)
    if not comma_separates:
        grouped = _GROUPED.match(text, place)
        comma = _COMMA.match(text, place)
        if grouped or (comma and _may_be_thousands(*comma.groups())):
            found = (grouped or comma or [shown])[0][:24]
            raise _refused(
                place,
                f"số {found} có thể đọc hai cách; hãy viết dấu chấm thập phân và không ngăn nhóm, ví dụ 1234.5",
                f"number {found} can be read in two ways; write a decimal point and no grouping, such as 1234.5",
            )
        match = comma or match
    if match is None:
        raise _refused(place, f"không phải là số: {shown}", f"not a number: {shown}")
    if match.end() - place > MOST_CHARACTERS:
        raise _refused(
            place,
            f"số dài {match.end() - place} ký tự, cho phép {MOST_CHARACTERS}",
            f"a number of {match.end() - place} characters, allowed {MOST_CHARACTERS}",
        )
    written = match.group().replace(",", ".").replace("−", "-")
    return Written(written, _value(written, place), match.end() - place)


def _may_be_thousands(whole: str, part: str) -> bool:
    return len(part) == 3 and len(whole) <= 3 and not whole.startswith("0")


def _value(written: str, place: int) -> float:
    value = float(written)
    if not math.isfinite(value):
        raise _refused(place, f"số {written} quá lớn", f"number {written} is too large")
    if value == 0 and written.lower().split("e")[0].strip("0."):
        raise _refused(place, f"số {written} quá nhỏ", f"number {written} is too small")
    return value
