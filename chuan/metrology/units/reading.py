"""Units from text: plain symbols (`kg/m3`, `m·s⁻¹`, `µm/(m·°C)`) and D-SI strings (`\\metre\\per\\second`)."""

import re
import unicodedata
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from chuan.metrology.units.table import (
    BASES,
    DSI_NAMES,
    DSI_PREFIXES,
    PREFIXES,
    SPELLINGS,
    SYMBOLS,
    Definition,
    fraction,
)
from chuan.metrology.units.unit import NO_DIMENSION, Unit
from chuan.metrology.words import Refused, Text

MOST_CHARACTERS = 100
MOST_EXPONENT = 20

_UNKNOWN = Text(
    "đơn vị “{unit}” không có trong bảng (đọc đến “{part}”)", "unit “{unit}” is not in the table (at “{part}”)"
)
_MALFORMED = Text("không đọc được đơn vị “{unit}” (tại “{part}”)", "unit “{unit}” cannot be read (at “{part}”)")
_AMBIGUOUS = Text(
    "đơn vị “{unit}” có hai cách hiểu sau dấu /; hãy thêm ngoặc, ví dụ J/(kg·K)",
    "unit “{unit}” can be read in two ways after /; put parentheses, such as J/(kg·K)",
)
_TOO_LONG = Text("đơn vị dài {found} ký tự, cho phép {allowed}", "a unit of {found} characters, allowed {allowed}")

#: What a computed unit may be called by; nobody says dag or Eg, and a ratio of 1000 is no krad.
_USUAL_PREFIXES = ("k", "m", "µ", "M", "n", "G", "p", "T")

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_WORD = re.compile(
    r"(?P<product>\s*[·⋅*×.]\s*|\s+)|(?P<over>\s*/\s*)|(?P<open>\()|(?P<close>\))"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?(?:\^[+-]?[0-9]{1,2}|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})?)"
    r"|(?P<symbol>mmH2O|[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹]{0,2}(?:°C|℃)(?![a-zA-Z])|[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹]+|[°%‰′″'\"’”])"
    r"(?P<power>\^[+-]?[0-9]{1,2}\.[0-9]{1,2}|\^?[+-]?[0-9]{1,2}|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}|\^\([+-]?[0-9]{1,2}(?:/[0-9])?\))?"
)
_DSI = re.compile(r"\\(?P<name>[a-zA-Z]+)(?:\{(?P<power>[+-]?[0-9]{1,2}(?:\.[0-9]{1,4})?)\})?\s*")


class Factor(NamedTuple):
    """One symbol of a unit: prefix, definition, exponent."""

    prefix: str
    definition: Definition
    exponent: Fraction

    @property
    def unit(self) -> Unit:
        """The factor as a unit; an offset stays only with exponent 1."""
        scale = Fraction(10) ** PREFIXES[self.prefix][1] if self.prefix else Fraction(1)
        dimension = list(NO_DIMENSION)
        for word in self.definition.dimension.split():
            name = word.rstrip("-0123456789")
            dimension[BASES.index(name)] = Fraction(word[len(name) :] or 1)
        size = fraction(self.definition.factor) * scale
        unit = Unit(size, tuple(dimension), int(self.definition.pi), ln10=self.definition.ln10)
        offset = fraction(self.definition.offset) if self.exponent == 1 else Fraction(0)
        powered = unit.power(self.exponent)
        return replace(powered, offset=offset)


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit:
    """The unit that a plain symbol or a D-SI string names; the empty text and "1" are the number one.

    A product after a solidus needs parentheses (SI Brochure 5.2). °C keeps its offset only when it stands alone: in
    `µm/(m·°C)` it is an interval.
    Errors: `Refused` with the unit and the part that cannot be read.
    """
    if len(text) > MOST_CHARACTERS:
        raise Refused(_TOO_LONG.put(found=len(text), allowed=MOST_CHARACTERS))
    number, factors = read_factors(text)
    unit = Unit(number, NO_DIMENSION)
    for factor in factors:
        unit *= factor.unit
    shown = " ".join(text.split()) or "1"
    alone = len(factors) == 1 and number == 1
    return replace(unit, offset=factors[0].unit.offset if alone else Fraction(0), text=shown)


def read_factors(text: str) -> tuple[Fraction, list[Factor]]:
    """A number and the symbols of a unit in the order written."""
    spelled = unicodedata.normalize("NFC", text).strip().replace("μ", "µ").replace("º", "°").replace("−", "-")
    if spelled.startswith("\\"):
        return Fraction(1), _read_dsi(spelled)
    spelled = SPELLINGS.get(spelled, spelled)
    return _Reader(spelled).read() if spelled else (Fraction(1), [])


def _refused(reason: Text, unit: str, part: str) -> Refused:
    """A refusal in one line, whatever the text holds."""
    return Refused(reason.put(unit=_printable(unit), part=_printable(part)))


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in text)


class _Reader:
    """Reads plain symbols from left to right; one solidus, with one factor or a parenthesis behind it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.number = Fraction(1)
        self.factors: list[Factor] = []
        self.below = False
        self.inside = False
        self.closed = False
        self.after_solidus = 0
        self.expecting = True

    def read(self) -> tuple[Fraction, list[Factor]]:
        place = 0
        while place < len(self.text):
            match = _WORD.match(self.text, place)
            if match is None or match.end() == place:
                raise self.refused(_MALFORMED, place)
            self.word(match)
            place = match.end()
        if self.expecting or self.inside:
            raise self.refused(_MALFORMED, len(self.text) - 1)
        return self.number, self.factors

    def refused(self, text: Text, place: int) -> Refused:
        return _refused(text, self.text, self.text[max(place, 0) :][:12])

    def word(self, match: re.Match[str]) -> None:
        kind = match.lastgroup if match.lastgroup != "power" else "symbol"
        if kind == "product":
            self.join(match)
        elif kind == "over":
            self.join(match)
            if self.below or self.inside:
                raise self.refused(_AMBIGUOUS, match.start())
            self.below = True
        elif kind == "open":
            if not self.below or self.after_solidus or not self.expecting or self.inside:
                raise self.refused(_MALFORMED, match.start())
            self.inside = True
        elif kind == "close":
            if not self.inside or self.expecting:
                raise self.refused(_MALFORMED, match.start())
            self.inside, self.closed = False, True
        else:
            self.value(match)

    def join(self, match: re.Match[str]) -> None:
        # m2.5 is neither m²·5 nor a power: a point between digits is a decimal point to its reader.
        beside = self.text[match.start() - 1 : match.start()] + self.text[match.end() : match.end() + 1]
        if self.expecting or (match.group() == "." and len(beside) == 2 and beside.isdigit()):
            raise self.refused(_MALFORMED, max(match.start() - 1, 0))
        self.expecting = True

    def value(self, match: re.Match[str]) -> None:
        if not self.expecting or self.closed:
            raise self.refused(_MALFORMED, match.start())
        self.expecting = False
        if self.below:
            self.after_solidus += 1
            if self.after_solidus > 1 and not self.inside:
                raise self.refused(_AMBIGUOUS, match.start())
        if match["number"]:
            number = _number(match["number"])
            self.number = self.number / number if self.below and number else self.number * number
        else:
            exponent = _exponent(match["power"])
            self.factors.append(self.factor(match, -exponent if self.below else exponent))
        if self.number <= 0:
            raise self.refused(_MALFORMED, match.start())

    def factor(self, match: re.Match[str], exponent: Fraction) -> Factor:
        found = find_symbol(match["symbol"])
        if found is None:
            raise self.refused(_UNKNOWN, match.start())
        if abs(exponent) > MOST_EXPONENT:
            raise self.refused(_MALFORMED, match.start())
        return Factor(*found, exponent)


def _number(text: str) -> Fraction:
    base, _, power = text.partition("^")
    raised = base.rstrip("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹")
    power = power or base[len(raised) :].translate(_RAISED)
    return Fraction(raised) ** int(power or 1)


def _exponent(text: str | None) -> Fraction:
    return Fraction((text or "1").lstrip("^").strip("()").translate(_RAISED))


def find_symbol(symbol: str) -> tuple[str, Definition] | None:
    """Prefix and definition of a symbol such as `mm`; a whole symbol comes before a prefixed one (`min`, `cd`)."""
    symbol = SPELLINGS.get(symbol, symbol)
    if symbol in SYMBOLS:
        return "", SYMBOLS[symbol]
    for length in (2, 1):
        prefix, rest = symbol[:length], symbol[length:]
        prefix = "µ" if prefix == "u" else prefix
        definition = SYMBOLS.get(SPELLINGS.get(rest, rest))
        if prefix in PREFIXES and definition is not None and definition.prefixes:
            return prefix, definition
    return None


def _read_dsi(text: str) -> list[Factor]:
    factors: list[Factor] = []
    prefix, sign, place = "", 1, 0
    while place < len(text):
        match = _DSI.match(text, place)
        if match is None:
            raise _refused(_MALFORMED, text, text[place:][:12])
        name, power, place = match["name"], match["power"], match.end()
        refused = _refused(_UNKNOWN, text, match.group()[:24])
        if name == "tothe" and power and factors and not prefix and factors[-1].exponent == sign:
            factors[-1] = Factor(factors[-1].prefix, factors[-1].definition, Fraction(power) * sign)
        elif power or (prefix and name not in DSI_NAMES and name != "kilogram"):
            raise refused
        elif name == "per" and sign == 1 and factors:
            sign = -1
        elif name in DSI_PREFIXES:
            prefix = DSI_PREFIXES[name]
        elif name == "kilogram" and not prefix:
            factors.append(Factor("k", SYMBOLS["g"], Fraction(sign)))
        elif name in DSI_NAMES:
            factors.append(Factor(prefix, DSI_NAMES[name], Fraction(sign)))
            prefix = ""
        else:
            raise refused
    if prefix or not factors or (sign == -1 and factors[-1].exponent > 0):
        raise _refused(_MALFORMED, text, text[-12:])
    return factors


def write_dsi(text: str) -> str:
    """A unit given in either form as a D-SI string, without \\per.

    Errors: `Refused` where the D-SI has no name for a part (a number in front, `psi`).
    """
    number, factors = read_factors(text)
    if number != 1 or not all(factor.definition.dsi for factor in factors):
        raise _refused(_UNKNOWN, text, "D-SI")
    return "".join(_dsi_word(factor) for factor in factors) or "\\one"


def _dsi_word(factor: Factor) -> str:
    name = "\\" + factor.definition.dsi
    if factor.prefix == "k" and factor.definition.symbol == "g":
        name = "\\kilogram"
    elif factor.prefix:
        name = "\\" + PREFIXES[factor.prefix][0] + name
    exponent = factor.exponent
    if exponent == 1:
        return name
    shown = str(exponent) if exponent.denominator == 1 else f"{float(exponent):.4g}"
    return f"{name}\\tothe{{{shown}}}"


def is_per_celsius(unit: Unit) -> bool:
    """Whether a unit is written with °C, as 1/°C or J/°C: what has it is meant for readings in °C too."""
    return bool(unit.text) and any(factor.definition.symbol == "°C" for factor in read_factors(unit.text)[1])


@lru_cache(maxsize=256)
def name_unit(unit: Unit) -> str:
    """A short name for messages: as written, else a usual symbol of the same size, else factors of base units."""
    if unit.text or not (unit.has_dimension or unit.factor != 1):
        return str(unit)
    for prefix in ("", *_USUAL_PREFIXES, "c") if unit.has_dimension else ("",):
        scale = Fraction(10) ** PREFIXES[prefix][1] if prefix else Fraction(1)
        for definition in SYMBOLS.values():
            if prefix == "c" and definition.symbol not in ("m", "L"):
                continue
            if fraction(definition.factor) * scale == unit.factor and (definition.prefixes or not prefix):
                found = Factor(prefix, definition, Fraction(1)).unit
                if found.as_difference() == unit.as_difference() and not found.offset:
                    return prefix + definition.symbol
    return str(unit)
