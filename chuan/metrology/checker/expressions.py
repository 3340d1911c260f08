"""Equations read and evaluated a second time: recursive descent over the text, at the precision of an mpmath context.

It takes what the first kernel has accepted; a text that it cannot read is refused, but not explained.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from chuan.metrology.words import Refused, Text

#: A quantity's value, from the mpmath context and the values of symbols by `identity`.
Node = Callable[[Any, Mapping[str, Any]], Any]

_UNREADABLE = Text(
    "bộ tính thứ hai không đọc được phương trình ở cột {column}",
    "the second kernel cannot read the equation at column {column}",
)
_SIGNS = str.maketrans(dict.fromkeys("×·⋅∙∗\u0387", "*") | dict.fromkeys("−–‐‑", "-") | dict.fromkeys("÷∕⁄", "/"))
_LOOK_ALIKES = str.maketrans("µϵϑϰϕϖϱς∆", "μεθκφπρσΔ")
_POINT = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?")
_RAISED = re.compile("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_DOWN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

_FUNCTIONS = (
    *("exp", "ln", "log10", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"),
    *("abs", "hypot"),
)
_IN_MPMATH = {"abs": "fabs"}


def identity(symbol: str) -> str:
    """One spelling for all spellings of a symbol: Greek letters for their English names between `_`."""
    text = unicodedata.normalize("NFC", symbol).translate(_LOOK_ALIKES)
    return "_".join(map(_greek, text.split("_")))


def _greek(part: str) -> str:
    if len(part) < 2 or part not in (part.lower(), part.capitalize()):
        return part
    name = part.upper().replace("LAMBDA", "LAMDA")
    try:
        return unicodedata.lookup(f"GREEK {'SMALL' if part.islower() else 'CAPITAL'} LETTER {name}")
    except KeyError:
        return part


def read(text: str) -> Node:
    """The equation as a function of a context and of values; `Refused` with the column where it cannot be read."""
    parser = _Parser(unicodedata.normalize("NFC", text).translate(_SIGNS).replace("**", "^"))
    node = parser.sum(in_arguments=False)
    if parser.ahead():
        raise parser.refused()
    return node


class _Parser:
    """sum = product ± …; product = signed ·/ …; signed = −signed | power; power = atom^signed | atom²."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def refused(self) -> Refused:
        return Refused(_UNREADABLE.put(column=self.at + 1))

    def ahead(self) -> str:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def take(self, signs: str) -> str:
        """The next sign if it is one of `signs`, else nothing."""
        found = self.ahead()
        if not found or found not in signs:
            return ""
        self.at += 1
        return found

    def sum(self, *, in_arguments: bool) -> Node:
        node = self.product(in_arguments=in_arguments)
        while sign := self.take("+-"):
            node = _combined(sign, node, self.product(in_arguments=in_arguments))
        return node

    def product(self, *, in_arguments: bool) -> Node:
        node = self.signed(in_arguments=in_arguments)
        while sign := self.take("*/"):
            node = _combined(sign, node, self.signed(in_arguments=in_arguments))
        return node

    def signed(self, *, in_arguments: bool) -> Node:
        if sign := self.take("+-"):
            node = self.signed(in_arguments=in_arguments)
            return node if sign == "+" else lambda ctx, x: -node(ctx, x)
        return self.power(in_arguments=in_arguments)

    def power(self, *, in_arguments: bool) -> Node:
        base = self.atom(in_arguments=in_arguments)
        self.ahead()
        if raised := _RAISED.match(self.text, self.at):
            self.at = raised.end()
            exponent = int(raised.group().translate(_DOWN))
            return lambda ctx, x: base(ctx, x) ** exponent
        if self.take("^"):
            return _combined("^", base, self.signed(in_arguments=in_arguments))
        return base

    def atom(self, *, in_arguments: bool) -> Node:
        first = self.ahead()
        if self.take("("):
            node = self.sum(in_arguments=False)
            self.close()
            return node
        if first and first in "0123456789.":
            return self.number(in_arguments)
        name = self.name()
        if name in _FUNCTIONS:
            return self.call(name)
        symbol = identity(name)
        if symbol == "π":
            return lambda ctx, x: +ctx.pi
        return lambda ctx, x: x[symbol]

    def close(self) -> None:
        if not self.take(")"):
            raise self.refused()

    def number(self, in_arguments: bool) -> Node:
        """A number as the double that the first kernel takes it for."""
        found = (None if in_arguments else _COMMA.match(self.text, self.at)) or _POINT.match(self.text, self.at)
        if found is None:
            raise self.refused()
        self.at = found.end()
        value = float(found.group().replace(",", "."))
        return lambda ctx, x: ctx.mpf(value)

    def name(self) -> str:
        start = self.at
        while self.at < len(self.text) and _in_symbol(self.text[self.at]):
            self.at += 1
        if start == self.at:
            raise self.refused()
        return self.text[start : self.at]

    def call(self, name: str) -> Node:
        if not self.take("("):
            raise self.refused()
        arguments = [self.sum(in_arguments=name == "hypot")]
        while self.take(","):
            arguments.append(self.sum(in_arguments=True))
        self.close()
        function = _IN_MPMATH.get(name, name)
        return lambda ctx, x: getattr(ctx, function)(*(argument(ctx, x) for argument in arguments))


def _in_symbol(letter: str) -> bool:
    return letter in "_∆0123456789₀₁₂₃₄₅₆₇₈₉" or unicodedata.category(letter)[0] in "LM"


def _combined(sign: str, left: Node, right: Node) -> Node:
    if sign == "+":
        return lambda ctx, x: left(ctx, x) + right(ctx, x)
    if sign == "-":
        return lambda ctx, x: left(ctx, x) - right(ctx, x)
    if sign == "*":
        return lambda ctx, x: left(ctx, x) * right(ctx, x)
    if sign == "/":
        return lambda ctx, x: left(ctx, x) / right(ctx, x)
    return lambda ctx, x: left(ctx, x) ** right(ctx, x)
