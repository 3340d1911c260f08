"""Putting numbers and names into sentences: each number in the form of its language, by `numerals`."""

import math
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from chuan.metrology.numerals import Rounding, place, round_expanded, round_to_place, write_number
from chuan.metrology.words import Text

INFINITE = Text("∞", "∞")
OBSERVATIONS = "observations"
"""The label of readings that have no other, as results keep it; people read it in their language."""
#: From so many degrees of freedom on k has the digits of the normal distribution's, to the ninth.
_AS_GOOD_AS_INFINITE = 1e9
#: As in the ν that is truncated for k (GUM G.4.1).
_SLACK = 1e-9
_LABELS = {
    OBSERVATIONS: Text("quan trắc", "observations"),
    "resolution": Text("độ phân giải", "resolution"),
    "repeatability": Text("độ lặp lại", "repeatability"),
    "hysteresis": Text("độ trễ", "hysteresis"),
    "zero": Text("điểm không", "zero"),
    "drift": Text("độ trôi", "drift"),
    "nonlinearity": Text("độ phi tuyến", "nonlinearity"),
    "calibration, common": Text("hiệu chuẩn, phần chung", "calibration, common"),
}
#: The label of a certificate's point, with its place.
_AT_POINT = "calibration at "
_AND = Text(" và ", " and ")


def same(text: str) -> Text:
    """A text that is the same in both languages, such as a symbol."""
    return Text(text, text)


def written(number: Decimal) -> Text:
    """An exact number in the form of each language."""
    return Text(write_number(number, "vi"), write_number(number, "en"))


def number(value: float, digits: int = 3) -> Text:
    """A number with so many significant digits, without zeros at the end; ∞ where it is infinite."""
    if math.isinf(value):
        return INFINITE
    return written(Decimal(f"{value:.{digits}g}"))


def degrees(dof: float, digits: int = 4) -> Text:
    """Degrees of freedom cut to so many digits, never before the point: the ν that k is of and ν_eff agree as printed.

    ∞ also where they are so many that they cannot matter. What a float misses of a whole number counts as that number.
    """
    if dof >= _AS_GOOD_AS_INFINITE:
        return INFINITE
    exact = Decimal(repr(dof * (1 + _SLACK)))
    places = max(0, digits - max(1, exact.adjusted() + 1))
    return written(exact.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR).normalize() + 0)


def label_of(label: str) -> Text:
    """A component's label, as its reader knows it."""
    if label.startswith(_AT_POINT):
        return Text(f"hiệu chuẩn tại {label.removeprefix(_AT_POINT)}", label)
    return _LABELS.get(label, same(label))


def called(symbol: str, label: str) -> Text:
    """How a line of a budget is called: its symbol, with the component's label."""
    return put(same("{symbol} ({label})"), symbol=symbol, label=label_of(label)) if label else same(symbol)


def signed(number: Decimal) -> Text:
    """An exact number with its sign, also a plus."""
    sign = "+" if number > 0 else ""
    return Text(sign + write_number(number, "vi"), sign + write_number(number, "en"))


def percent(share: float) -> Text:
    """A share of 1 in percent, with its unit: one decimal, or below 0.1 % one digit."""
    value = 100 * share
    return put(same("{value}\u00a0%"), value=written(Decimal(f"{value:.1f}").normalize() + 0))


def to_place_of(value: float, rounded: Decimal) -> Text:
    """A value to the last place of a rounded number beside it."""
    return written(round_to_place(value, place(rounded)))


def beside(value: float, u: float) -> Text:
    """A value to the place of the second digit of its u; with nine digits where u is 0."""
    if not u:
        return number(value, 9)
    return written(round_to_place(value, math.floor(math.log10(u)) - 1))


def factor(k: float) -> Text:
    """A coverage factor with two decimals, as certificates print it."""
    return written(round_to_place(k, -2))


def expanded(uncertainty: float, rule: Rounding) -> Text:
    """U as it is reported."""
    return written(round_expanded(uncertainty, 2, rule))


def put(text: Text, **values: Text | str) -> Text:
    """The text with its values, each in its language."""
    return text.put(**values)


def joined(texts: Sequence[Text]) -> Text:
    """Texts in a row, as in a sentence: a, b and c."""
    return Text(_row([t.vi for t in texts], _AND.vi), _row([t.en for t in texts], _AND.en))


def _row(words: Sequence[str], last: str) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + last + words[-1]
