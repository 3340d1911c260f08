"""Numbers as people in Việt Nam type and print them: exact decimals in, one way of writing out.

What can be read in two ways is refused with both readings: `1.234` is over a thousand, or just over one.
"""

import re
from collections.abc import Mapping
from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from types import MappingProxyType

MAX_NUMBER_LENGTH = 40
"""Longest text, in characters, that is read as a number."""

NBSP = "\u00a0"

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
_SIGNED = re.compile(r"(?P<sign>[+\-−–]?)(?P<digits>[0-9][0-9., ]*)")
_GROUPED = re.compile(
    r"(?P<head>[1-9][0-9]{0,2})(?P<mark>[ .,])(?P<first>[0-9]{3})(?P<rest>(?:(?P=mark)[0-9]{3})*)"
    r"(?:(?!(?P=mark))[.,](?P<fraction>[0-9]+))?"
)
_PLAIN = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<fraction>[0-9]+))?")
_NOT_DIGIT = re.compile(r"[^0-9]")

_MARKS: Mapping[str, tuple[str, str]] = MappingProxyType({"vi": (".", ","), "en": (",", ".")})


class NumberReason(StrEnum):
    """Why a text is not the number that was asked for."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    NEGATIVE = "negative"
    FRACTION = "fraction"


class NumberRefused(ValueError):
    """A text that does not give exactly one number; `text` is what was typed, shortened if very long."""

    def __init__(self, text: str, message: str) -> None:
        self.text = text if len(text) <= MAX_NUMBER_LENGTH else f"{text[:MAX_NUMBER_LENGTH]}…"
        super().__init__(f"{self.text!r}: {message}")


class NotANumber(NumberRefused):
    """A text that is no number, or no number of the kind asked for."""

    def __init__(self, text: str, reason: NumberReason) -> None:
        self.reason = reason
        super().__init__(text, _MESSAGES[reason])


class AmbiguousNumber(NumberRefused):
    """A text with two readings: first the one with thousands, then the one with fewer."""

    def __init__(self, text: str, readings: tuple[Decimal, Decimal]) -> None:
        self.readings = readings
        super().__init__(text, f"may be {readings[0]:f} or {readings[1]:f}")


_MESSAGES: Mapping[NumberReason, str] = MappingProxyType(
    {
        NumberReason.EMPTY: "nothing was typed",
        NumberReason.TOO_LONG: f"longer than {MAX_NUMBER_LENGTH} characters",
        NumberReason.MALFORMED: "not written as a number",
        NumberReason.NEGATIVE: "a count cannot be negative",
        NumberReason.FRACTION: "a count has no decimals",
    }
)


def parse_decimal(text: str) -> Decimal:
    """The number typed, with the decimals typed; raises `AmbiguousNumber` or `NotANumber`.

    A comma or a dot marks decimals; spaces, dots or commas group thousands. Groups made with spaces leave no
    doubt, nor do two and more made with one mark; a single group does, as in `1.234` and `1.234,5`.
    """
    readings = _readings(text)
    if len(readings) == 2:
        raise AmbiguousNumber(text, readings)
    return readings[0]


def parse_count(text: str) -> int:
    """The count typed, zero or more; it has no decimals, so `1.234` is 1234. Raises `NotANumber`."""
    whole = [reading for reading in _readings(text) if reading.as_tuple().exponent == 0]
    if not whole:
        raise NotANumber(text, NumberReason.FRACTION)
    if whole[0] < 0:
        raise NotANumber(text, NumberReason.NEGATIVE)
    return int(whole[0])


def format_decimal(value: Decimal | int, places: int | None = None, lang: str = "vi") -> str:
    """The number with thousands grouped, `1.234.567,8` in Vietnamese and `1,234,567.8` in English.

    `places` rounds half away from zero; without it every decimal of the value is kept. Zero carries no sign.
    Raises `ValueError` for a value that is not finite or a language that is neither `vi` nor `en`.
    """
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{number} cannot be written as a number")
    if places is not None:
        exact = Context(prec=MAX_PREC, rounding=ROUND_HALF_UP)
        number = number.quantize(Decimal((0, (1,), -places)), context=exact)
    group, point = _marks(lang)
    sign = "-" if number < 0 else ""
    whole, _, fraction = f"{number.copy_abs():,f}".partition(".")
    grouped = whole.replace(",", group)
    return f"{sign}{grouped}{point}{fraction}" if fraction else f"{sign}{grouped}"


def format_count(n: int, lang: str = "vi") -> str:
    """The integer with thousands grouped: `1.234` in Vietnamese, `1,234` in English."""
    return format_decimal(n, lang=lang)


def format_two_digits(n: int) -> str:
    """A count as official letters write it: 1 to 9 with a leading zero ("03 lớp"), nil as `0`."""
    if n < 0:
        raise ValueError(f"a count cannot be negative: {n}")
    return f"{n:02}" if 0 < n < 10 else format_count(n)


def format_dong(n: int, *, unit: bool = True) -> str:
    """An amount in đồng, `1.500.000 đồng`; without the unit for a column that names it in its head."""
    return _with_unit(format_count(n), "đồng", unit)


def format_trieu(n_dong: int, *, unit: bool = True) -> str:
    """An amount given in đồng, written exactly in million đồng: 1 234 500 gives `1,2345 triệu đồng`."""
    millions, rest = divmod(abs(n_dong), 1_000_000)
    amount = Decimal(f"{millions}.{rest:06}".rstrip("0").rstrip("."))
    return _with_unit(format_decimal(amount.copy_negate() if n_dong < 0 else amount), "triệu đồng", unit)


def _readings(text: str) -> tuple[Decimal] | tuple[Decimal, Decimal]:
    """Every number a text can mean, the one with thousands first."""
    typed = text.strip()
    if not typed:
        raise NotANumber(text, NumberReason.EMPTY)
    if len(typed) > MAX_NUMBER_LENGTH:
        raise NotANumber(typed, NumberReason.TOO_LONG)
    signed = _SIGNED.fullmatch(typed.translate(_SPACES))
    if not signed:
        raise NotANumber(typed, NumberReason.MALFORMED)
    negative = signed["sign"] not in ("", "+")
    if grouped := _GROUPED.fullmatch(signed["digits"]):
        head, first, fraction = grouped["head"], grouped["first"], grouped["fraction"] or ""
        whole = head + first + _NOT_DIGIT.sub("", grouped["rest"])
        certain = grouped["mark"] == " " or grouped["rest"]
        thousands = _number(negative, whole, fraction)
        return (thousands,) if certain else (thousands, _number(negative, head, first + fraction))
    if plain := _PLAIN.fullmatch(signed["digits"]):
        return (_number(negative, plain["whole"], plain["fraction"] or ""),)
    raise NotANumber(typed, NumberReason.MALFORMED)


def _number(negative: bool, whole: str, fraction: str) -> Decimal:
    magnitude = Decimal(f"{whole}.{fraction}")
    return magnitude.copy_negate() if negative and magnitude else magnitude


def _marks(lang: str) -> tuple[str, str]:
    try:
        return _MARKS[lang]
    except KeyError:
        raise ValueError(f"numbers are written in 'vi' or 'en', not in {lang!r}") from None


def _with_unit(amount: str, name: str, unit: bool) -> str:
    return f"{amount}{NBSP}{name.replace(' ', NBSP)}" if unit else amount
