"""Checked reading of TOML tables: what a file may say, and one line for whatever it may not.

Each kind reads its tables with `Table`; places are written as `input[1].dof`, counting from 0.
"""

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from chuan.metrology.words import Refused, Text, cause_of

_ABSENT = Text("không có tệp này", "there is no such file")
_LARGE = Text("tệp lớn hơn {most} MB", "the file is larger than {most} MB")
_UNREADABLE = Text("không đọc được tệp: {why}", "the file cannot be read: {why}")
_NOT_UTF8 = Text("tệp không phải UTF-8 (byte thứ {byte})", "the file is not UTF-8 (byte {byte})")
_SYNTAX = Text("sai cú pháp TOML{place}: {why}", "wrong TOML syntax{place}: {why}")
_COMMA = Text(
    "dòng {line}, cột {column}: số {found} có dấu phẩy; trong tệp, số có dấu chấm thập phân và không có "
    "dấu ngăn nghìn (8.5, 1234.5), còn văn bản đặt trong dấu nháy",
    "line {line}, column {column}: the number {found} has a comma; in a file a number has a decimal point "
    "and no separators of thousands (8.5, 1234.5), and a text stands in quotes",
)
_WITH_COMMA = re.compile(r"=\s*([+-]?[0-9][0-9._]*,[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?)")
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_UNKNOWN = Text('không có khóa "{key}"; được phép: {allowed}', 'unknown key "{key}"; allowed: {allowed}')
_MISSING = Text('thiếu khóa "{key}"', 'key "{key}" is missing')
_TYPE = Text("phải là {wanted}, đang là {found}", "must be {wanted}, found {found}")
_CHOICE = Text("phải là một trong {allowed}; đang là {found}", "must be one of {allowed}; found {found}")
_RANGE = Text("phải {rule}, đang là {found:g}", "must be {rule}, found {found:g}")
_FEW = Text("cần ít nhất {least} giá trị, đang có {found}", "needs at least {least} values, found {found}")
_RAGGED = Text(
    "mỗi hàng phải có {width} số, hàng này có {found}", "each row must have {width} numbers, this one has {found}"
)
_EMPTY = Text("không được để trống", "must not be empty")
_TEXT_NUMBER = Text(
    "phải là một số không có dấu nháy, dấu chấm thập phân (8.5); đang là văn bản {found}",
    "must be a number without quotes, with a decimal point (8.5); found the text {found}",
)

_NUMBER = Text("một số", "a number")
_WHOLE = Text("một số nguyên", "a whole number")
_STRING = Text("một văn bản", "a text")
_BOOLEAN = Text("true hoặc false", "true or false")
_LIST = Text("một danh sách", "a list")
_TABLE = Text("một bảng", "a table")
_TABLES = Text("một hay nhiều bảng [[...]]", "one or more tables [[...]]")

#: A measurement's file is small; what is larger is not one, and may never end (/dev/zero).
_LARGEST_FILE = 16_000_000
#: Parts of one key, `a.b.c`: the contract needs two, and the parser's time grows with their square.
_MOST_PARTS = 20
_DEEP = Text(
    "dòng {line}: khóa có hơn {most} phần ngăn bằng dấu chấm", "line {line}: a key has more than {most} dotted parts"
)
#: A part of a key, bare or quoted. A text may lack its end, so that nothing here is read twice in vain.
_PART = (
    r'''(?:"""(?:[^\\"]|\\.|"(?!""))*+(?:""")?|"(?:[^"\\\n]|\\.)*+"?'''
    r"""|'{3}(?:[^']|'(?!''))*+(?:'{3})?|'[^'\n]*+'?|[\w-]++)"""
)
#: What may be a key, whole; comments are passed over, and so are texts.
_KEY = re.compile(rf"#[^\n]*+|{_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+", re.DOTALL)
_PARTS = re.compile(_PART, re.DOTALL)
#: The longest text quoted back, so that a refusal stays one line.
_LONGEST_QUOTE = 40


def load(path: str) -> dict[str, object]:
    """The document of a TOML file; a missing file, wrong encoding or syntax is refused with line and column."""
    return parse(content(path))


def content(path: str) -> bytes:
    """The bytes of a file; a missing or an endless one is refused."""
    try:
        with Path(path).open("rb") as file:
            found = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise Refused(_ABSENT) from None
    except OSError as error:
        raise Refused(_UNREADABLE.put(why=cause_of(error))) from None
    if len(found) > _LARGEST_FILE:
        raise Refused(_LARGE.put(most=_LARGEST_FILE // 1_000_000))
    return found


def parse(toml: bytes) -> dict[str, object]:
    """The document of TOML bytes."""
    try:
        text = toml.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_NOT_UTF8.put(byte=error.start)) from None
    _refuse_deep_keys(text)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise _syntax(str(error), text) from None


def _refuse_deep_keys(text: str) -> None:
    """Refuse a key of very many parts before it is parsed."""
    for key in _KEY.finditer(text):
        found = key[0]
        if len(found) > _MOST_PARTS and found[0] != "#" and len(_PARTS.findall(found)) > _MOST_PARTS:
            raise Refused(_DEEP.put(line=text.count("\n", 0, key.start()) + 1, most=_MOST_PARTS))


def _syntax(message: str, text: str) -> Refused:
    """The parser's own reason with its line and column in front; it ends with them, or says that the file ended."""
    found = _POSITION.search(message)
    comma = _decimal_comma(text, int(found[1])) if found and found[1] else None
    if found and comma is not None:
        number, column = comma
        return Refused(_COMMA.put(line=found[1], column=column, found=quote(number)[1:-1]))
    why = _one_line(message[: found.start()] if found else message)
    if found is None:
        where = Text("", "")
    elif found[1]:
        where = Text(f" ở dòng {found[1]}, cột {found[2]}", f" at line {found[1]}, column {found[2]}")
    else:
        where = Text(" ở cuối tệp", " at the end of the file")
    return Refused(Text(_SYNTAX.vi.format(place=where.vi, why=why), _SYNTAX.en.format(place=where.en, why=why)))


def _decimal_comma(text: str, line: int) -> tuple[str, int] | None:
    """The number with a comma that stands as a value on a line, and the comma's column, if one does (from 1)."""
    lines = text.split("\n")
    found = _WITH_COMMA.search(lines[line - 1]) if line <= len(lines) else None
    return (found[1], found.start(1) + found[1].index(",") + 1) if found else None


def quote(value: object) -> str:
    """A value as a refusal shows it: short, on one line."""
    text = _one_line(f'"{value}"' if isinstance(value, str) else _written(value))
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"


def _written(value: object) -> str:
    """A value as text; Python writes no whole number of thousands of digits in decimal."""
    try:
        return str(value)
    except ValueError:
        return f"{value:#x}" if isinstance(value, int) else "[…]"


def one_line(refused: Refused) -> Refused:
    """The same refusal without line breaks and control characters: what a file says may be quoted in it."""
    reason = Text(_one_line(refused.reason.vi), _one_line(refused.reason.en))
    return Refused(reason, _one_line(refused.place))


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


class Table:
    """One table of a file, read key by key; `allowed` is every key that it may have.

    `place` names it in refusals: "" for the document itself, else `input[1]`.
    """

    def __init__(self, data: Mapping[str, object], place: str, allowed: Sequence[str]) -> None:
        self.data = data
        self.place = place
        for key in data:
            if key not in allowed:
                raise Refused(_UNKNOWN.put(key=quote(key)[1:-1], allowed=", ".join(allowed)), place)

    def where(self, key: str) -> str:
        """The place of a key."""
        return f"{self.place}.{key}" if self.place else key

    def refuse(self, key: str, reason: Text) -> Refused:
        """A refusal at a key of this table, to raise."""
        return Refused(reason, self.where(key))

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def _get(self, key: str) -> object:
        if key not in self.data:
            raise Refused(_MISSING.put(key=key), self.place)
        return self.data[key]

    def _wrong(self, key: str, wanted: Text, found: object) -> Refused:
        return _wrong(self.where(key), wanted, found)

    def text(self, key: str, default: str | None = None) -> str:
        """A text on one line that is not blank; without `default` the key must be there."""
        if default is not None and key not in self.data:
            return default
        value = self._get(key)
        if not isinstance(value, str):
            raise self._wrong(key, _STRING, value)
        if not value.strip() and default != "":
            raise self.refuse(key, _EMPTY)
        return value

    def choice(self, key: str, options: Sequence[str], default: str | None = None) -> str:
        """One of `options`."""
        if default is not None and key not in self.data:
            return default
        value = self._get(key)
        if value not in options:
            listed = ", ".join(f'"{option}"' for option in options)
            raise self.refuse(key, _CHOICE.put(allowed=listed, found=quote(value)))
        return str(value)

    def boolean(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, _BOOLEAN, value)
        return value

    def number(
        self,
        key: str,
        default: float | None = None,
        *,
        above: float | None = None,
        at_least: float | None = None,
        below: float | None = None,
        at_most: float | None = None,
    ) -> float:
        """A finite number within its bounds; without `default` the key must be there."""
        if default is not None and key not in self.data:
            return default
        value = number(self._get(key), self.where(key))
        _within(value, self.where(key), above, at_least, below, at_most)
        return value

    def optional(
        self,
        key: str,
        *,
        above: float | None = None,
        at_least: float | None = None,
        below: float | None = None,
        at_most: float | None = None,
    ) -> float | None:
        """A finite number within its bounds, or None where the key is not there."""
        if key not in self.data:
            return None
        return self.number(key, above=above, at_least=at_least, below=below, at_most=at_most)

    def whole(self, key: str, default: int | None = None, *, at_least: int = 0, at_most: int | None = None) -> int:
        """A whole number within its bounds."""
        if default is not None and key not in self.data:
            return default
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(key, _WHOLE, value)
        _within(value, self.where(key), None, at_least, None, at_most)
        return value

    def numbers(self, key: str, *, least: int = 1) -> tuple[float, ...]:
        """A list of at least `least` finite numbers."""
        return numbers(self._get(key), self.where(key), least=least)

    def rows(self, key: str, *, least: int = 1, width: int | None = None) -> tuple[tuple[float, ...], ...]:
        """A matrix: at least `least` rows of equally many finite numbers (`width` where it is given)."""
        found: list[tuple[float, ...]] = []
        for i, row in enumerate(self._list(key, least)):
            place = f"{self.where(key)}[{i}]"
            line = numbers(row, place, least=1)
            width = len(line) if width is None else width
            if len(line) != width:
                raise Refused(_RAGGED.put(width=width, found=len(line)), place)
            found.append(line)
        return tuple(found)

    def texts(self, key: str, *, least: int = 1) -> tuple[str, ...]:
        """A list of at least `least` texts."""
        values = self._list(key, least)
        for i, value in enumerate(values):
            if not isinstance(value, str):
                raise _wrong(f"{self.where(key)}[{i}]", _STRING, value)
        return tuple(map(str, values))

    def _list(self, key: str, least: int) -> Sequence[object]:
        return _list(self._get(key), self.where(key), least)

    def table(self, key: str, allowed: Sequence[str]) -> "Table":
        """A table inside this one."""
        value = self._get(key)
        if not isinstance(value, Mapping):
            raise self._wrong(key, _TABLE, value)
        return Table(value, self.where(key), allowed)

    def tables(self, key: str, allowed: Sequence[str], *, least: int = 0) -> tuple["Table", ...]:
        """A list of tables, `[[key]]`; absent is an empty one unless `least` asks for more."""
        if key not in self.data and least == 0:
            return ()
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            raise self._wrong(key, _TABLES, value)
        _list(value, self.where(key), least)
        return tuple(Table(item, f"{self.where(key)}[{i}]", allowed) for i, item in enumerate(value))


def number(value: object, place: str) -> float:
    """A finite number of a file; a text that looks like one is refused, for `1.234,5` may mean two things."""
    if isinstance(value, str):
        raise Refused(_TEXT_NUMBER.put(found=quote(value)), place)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(place, _NUMBER, value)
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise Refused(
            Text("phải là số hữu hạn, đang là {found}", "must be finite, found {found}").put(found=quote(value)), place
        )
    return result


def numbers(value: object, place: str, *, least: int = 1) -> tuple[float, ...]:
    """A list of at least `least` finite numbers of a file."""
    return tuple(number(item, f"{place}[{i}]") for i, item in enumerate(_list(value, place, least)))


def _list(value: object, place: str, least: int) -> Sequence[object]:
    if not isinstance(value, list):
        raise _wrong(place, _LIST, value)
    if len(value) < least:
        raise Refused(_FEW.put(least=least, found=len(value)), place)
    return value


def _wrong(place: str, wanted: Text, found: object) -> Refused:
    shown = quote(found)
    return Refused(
        Text(_TYPE.vi.format(wanted=wanted.vi, found=shown), _TYPE.en.format(wanted=wanted.en, found=shown)), place
    )


def _within(
    value: float,
    place: str,
    above: float | None,
    at_least: float | None,
    below: float | None,
    at_most: float | None,
) -> None:
    rules = []
    if above is not None and not value > above:
        rules.append(Text(f"lớn hơn {above:g}", f"above {above:g}"))
    if at_least is not None and not value >= at_least:
        rules.append(Text(f"từ {at_least:g} trở lên", f"at least {at_least:g}"))
    if below is not None and not value < below:
        rules.append(Text(f"nhỏ hơn {below:g}", f"below {below:g}"))
    if at_most is not None and not value <= at_most:
        rules.append(Text(f"không quá {at_most:g}", f"at most {at_most:g}"))
    for rule in rules:
        raise Refused(
            Text(_RANGE.vi.format(rule=rule.vi, found=value), _RANGE.en.format(rule=rule.en, found=value)), place
        )
