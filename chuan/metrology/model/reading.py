"""From the text of an equation to checked tokens: spelling, limits and grammar, each refusal with its column.

Everything that could cost time or memory is bounded here, before Python's own parser sees anything: the length of the
text and of a number, the number of operations, the depth of parentheses, the height of a tower of powers. The grammar
is checked here too, so that what leaves this module parses.
"""

import re
import unicodedata
from typing import Literal, NamedTuple

from chuan.metrology.model import symbols
from chuan.metrology.model.literals import read_number
from chuan.metrology.words import Refused, Text

MOST_CHARACTERS = 4_000
MOST_OPERATIONS = 200
MOST_DEPTH = 40
MOST_TOWER = 6
"""Powers of powers, and signs before a value, that may stand in a row."""

Kind = Literal["number", "name", "operator", "open", "close", "separator", "raised"]

_OPERATORS = {
    "+": "+",
    "-": "-",
    "−": "-",
    "–": "-",
    "‐": "-",
    "‑": "-",
    "*": "*",
    "×": "*",
    "·": "*",
    "\u0387": "*",
    "⋅": "*",
    "∙": "*",
    "∗": "*",
    "/": "/",
    "÷": "/",
    "∕": "/",
    "⁄": "/",
    "^": "**",
}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_RAISED_NUMBER = re.compile("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")


class Token(NamedTuple):
    """One word of an equation; `column` counts from 1 in the text as written."""

    kind: Kind
    text: str
    column: int
    number: float = 0.0


def refused(column: int, vi: str, en: str) -> Refused:
    """A refusal at a column."""
    return Refused(Text(vi, en), str(column))


def too_long(found: int) -> Refused:
    """The refusal of an equation of so many characters."""
    return refused(
        MOST_CHARACTERS + 1,
        f"phương trình dài {found} ký tự, cho phép {MOST_CHARACTERS}",
        f"the equation has {found} characters, allowed {MOST_CHARACTERS}",
    )


def tokens(text: str) -> tuple[Token, ...]:
    """The words of an equation, their grammar checked.

    Errors: `Refused` whose place is the column (from 1) of the first thing that cannot stand.
    """
    if len(text) > MOST_CHARACTERS:
        raise too_long(len(text))
    reader = _Reader(text)
    reader.read()
    return tuple(reader.found)


class _Frame:
    """An open parenthesis: where, the function it belongs to, separators seen, powers in a row."""

    def __init__(self, column: int, function: str = "") -> None:
        self.column = column
        self.function = function
        self.separators = 0
        self.tower = 0


class _Reader:
    """Goes through the text once; knows whether a value or an operator may come next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.found: list[Token] = []
        self.frames = [_Frame(0)]
        self.value_next = True
        self.signs = 0
        self.operations = 0

    def read(self) -> None:
        while self.place < len(self.text):
            letter = self.text[self.place]
            if letter.isspace():
                self.place += 1
            elif letter in "0123456789" or (letter == "." and self.text[self.place + 1 : self.place + 2].isdecimal()):
                self.number()
            elif symbols.starts_symbol(letter):
                self.name()
            else:
                self.sign(letter)
        self.end()

    @property
    def column(self) -> int:
        return self.place + 1

    def put(self, kind: Kind, text: str, length: int, number: float = 0.0) -> None:
        self.found.append(Token(kind, text, self.column, number))
        self.place += length

    def need_value_here(self, what: str) -> None:
        """A value may stand here only after an operator, an opening or a separator."""
        if not self.value_next:
            raise refused(self.column, f"thiếu phép tính trước {what}", f"an operator is missing before {what}")
        self.value_next = False
        self.signs = 0

    def number(self) -> None:
        in_arguments = bool(self.frames[-1].function) and symbols.FUNCTIONS[self.frames[-1].function] > 1
        written = read_number(self.text, self.place, comma_separates=in_arguments)
        self.need_value_here(written.text)
        self.put("number", written.text, written.length, written.value)

    def name(self) -> None:
        end = self.place + 1
        while end < len(self.text) and symbols.continues_symbol(self.text[end]):
            end += 1
        if end - self.place > symbols.MOST_LETTERS:
            raise refused(
                self.column,
                f"ký hiệu dài {end - self.place} ký tự, cho phép {symbols.MOST_LETTERS}",
                f"a symbol of {end - self.place} characters, allowed {symbols.MOST_LETTERS}",
            )
        name = unicodedata.normalize("NFC", self.text[self.place : end])
        self.need_value_here(name)
        opens = self.text[end:].lstrip().startswith("(")
        if name in symbols.FUNCTIONS:
            if not opens:
                raise refused(
                    self.column, f"hàm {name} cần ngoặc: {name}(…)", f"function {name} needs parentheses: {name}(…)"
                )
            self.operation()
            self.value_next = True
        elif opens:
            raise self.no_function(name)
        self.put("name", name, end - self.place)

    def no_function(self, name: str) -> Refused:
        allowed = symbols.OTHER_NAMES.get(name.lower(), " ".join(symbols.FUNCTIONS))
        return refused(
            self.column,
            f"{name} không phải là hàm; hãy viết {allowed}, hoặc thêm dấu * để nhân",
            f"{name} is not a function; write {allowed}, or put * to multiply",
        )

    def sign(self, letter: str) -> None:
        if letter == "(":
            self.open()
        elif letter == ")":
            self.close()
        elif letter == ",":
            self.separator()
        elif letter in _OPERATORS:
            self.operator(letter)
        elif _RAISED_NUMBER.match(self.text, self.place):
            self.raised()
        else:
            raise refused(self.column, *_unexpected(letter))

    def open(self) -> None:
        last = self.found[-1] if self.found else None
        function = last.text if last and last.kind == "name" and last.text in symbols.FUNCTIONS else ""
        if not self.value_next:
            raise refused(self.column, "thiếu phép tính trước (", "an operator is missing before (")
        if len(self.frames) > MOST_DEPTH:
            raise refused(
                self.column,
                f"ngoặc lồng quá sâu, cho phép {MOST_DEPTH} lớp",
                f"parentheses nested too deep, allowed {MOST_DEPTH}",
            )
        self.frames.append(_Frame(self.column, function))
        self.signs = 0
        self.put("open", "(", 1)

    def close(self) -> None:
        frame = self.frames[-1]
        if len(self.frames) == 1:
            raise refused(self.column, "ngoặc ) không có ngoặc mở", ") closes nothing")
        if self.value_next:
            raise refused(self.column, "thiếu giá trị trước )", "a value is missing before )")
        if frame.function and frame.separators + 1 != symbols.FUNCTIONS[frame.function]:
            wanted = symbols.FUNCTIONS[frame.function]
            raise refused(
                frame.column,
                f"hàm {frame.function} cần {wanted} đối số, đang có {frame.separators + 1}",
                f"function {frame.function} takes {wanted} arguments, found {frame.separators + 1}",
            )
        self.frames.pop()
        self.put("close", ")", 1)

    def separator(self) -> None:
        frame = self.frames[-1]
        if not frame.function or symbols.FUNCTIONS[frame.function] == 1:
            raise refused(
                self.column,
                "dấu phẩy chỉ đứng trong số như 8,5 hoặc giữa hai đối số của hypot",
                "a comma stands only in a number such as 8,5 or between the two arguments of hypot",
            )
        if self.value_next:
            raise refused(self.column, "thiếu giá trị trước dấu phẩy", "a value is missing before the comma")
        frame.separators += 1
        frame.tower = 0
        self.value_next = True
        self.put("separator", ",", 1)

    def operator(self, letter: str) -> None:
        length = 2 if self.text.startswith("**", self.place) else 1
        operator = "**" if length == 2 else _OPERATORS[letter]
        self.operation()
        if self.value_next:
            self.prefix(operator)
        elif operator == "**":
            self.power()
        else:
            self.frames[-1].tower = 0
        self.value_next = True
        self.put("operator", operator, length)

    def prefix(self, operator: str) -> None:
        if operator not in "+-":
            raise refused(
                self.column, f"thiếu giá trị trước {_shown(operator)}", f"a value is missing before {_shown(operator)}"
            )
        self.signs += 1
        if self.signs > MOST_TOWER:
            raise refused(self.column, "quá nhiều dấu liền nhau", "too many signs in a row")

    def power(self) -> None:
        if self.found[-1].kind == "raised":
            raise refused(
                self.column, "số mũ của số mũ: hãy thêm ngoặc", "a power after a raised power: add parentheses"
            )
        self.frames[-1].tower += 1
        if self.frames[-1].tower > MOST_TOWER:
            raise refused(
                self.column,
                f"quá nhiều lũy thừa liền nhau, cho phép {MOST_TOWER}",
                f"too many powers in a row, allowed {MOST_TOWER}",
            )

    def raised(self) -> None:
        match = _RAISED_NUMBER.match(self.text, self.place)
        if match is None or self.value_next or self.found[-1].kind == "raised" or self.frames[-1].tower:
            raise refused(self.column, *_unexpected(self.text[self.place]))
        self.operation()
        written = match.group().translate(_RAISED)
        self.put("raised", written, match.end() - match.start(), float(written))

    def operation(self) -> None:
        self.operations += 1
        if self.operations > MOST_OPERATIONS:
            raise refused(
                self.column,
                f"quá nhiều phép tính, cho phép {MOST_OPERATIONS} trong một phương trình",
                f"too many operations, allowed {MOST_OPERATIONS} in one equation",
            )

    def end(self) -> None:
        if not self.found:
            raise refused(1, "phương trình trống", "the equation is empty")
        if self.value_next:
            raise refused(self.column, "phương trình dừng giữa chừng", "the equation stops half-way")
        if len(self.frames) > 1:
            raise refused(self.frames[-1].column, "ngoặc ( chưa đóng", "( is not closed")


def _shown(operator: str) -> str:
    return "^" if operator == "**" else operator


def _unexpected(letter: str) -> tuple[str, str]:
    if letter == "=":
        return "chỉ viết vế phải của phương trình, không có dấu =", "write the right-hand side only, without ="
    shown = f"“{letter}”" if letter.isprintable() else f"U+{ord(letter):04X}"
    return f"ký tự {shown} không được phép ở đây", f"character {shown} is not allowed here"
