"""Rounding and writing of results in exact decimals (GUM 7.2.6; JCGM 101 4.13): one place for every number printed.

A float means the shortest decimal that reads back as it, so 0.15 is fifteen hundredths and rounds as a person expects.
"""

import math
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from typing import Literal

from chuan.metrology.words import Language, Refused, Text

NO_BREAK_SPACE = "\u00a0"

Rounding = Literal["half_away", "up", "ea"]
"""How an expanded uncertainty is rounded: half away from zero; always up; up where rounding would lower it by more than
5 % (EA-4/02 M:2022, 6.3), half away otherwise."""

_HALF_AWAY = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX, rounding=ROUND_HALF_UP)
_UP = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX, rounding=ROUND_UP)
#: A computed U has noise behind so many digits: 3 × 0.1 is 0.30000000000000004, and no reason to print 0.31.
_NOISELESS = Context(prec=12, Emin=MIN_EMIN, Emax=MAX_EMAX, rounding=ROUND_HALF_UP)
_LARGEST = 1e40
_LOWERED_AT_MOST = Decimal("0.05")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_RULE = Text(
    'cách làm tròn phải là "half_away", "up" hoặc "ea", đang là {value!r}',
    'rounding must be "half_away", "up" or "ea", found {value!r}',
)
_DIGITS = Text(
    "số chữ số có nghĩa phải là 1 hoặc 2, đang là {value}", "significant digits must be 1 or 2, found {value}"
)
_BEYOND = Text("phải có độ lớn không quá 1e40, đang là {value:g}", "must be of size 1e40 at most, found {value:g}")
_TOO_SMALL = Text("phải là 0 hoặc từ 1e-40 trở lên, đang là {value:g}", "must be 0 or at least 1e-40, found {value:g}")
_FINITE = Text("phải là số hữu hạn, đang là {value}", "must be finite, found {value}")
_NOT_NEGATIVE = Text("không được âm, đang là {value}", "must not be negative, found {value}")


@dataclass(frozen=True)
class Reported:
    """A result as it is printed: value and expanded uncertainty to the same place, with one exponent if any."""

    value: str
    expanded_uncertainty: str


def exact(value: float | Decimal, key: str = "value") -> Decimal:
    """`value` as the exact decimal it is written as; refused unless finite."""
    if not math.isfinite(value):
        raise Refused(_FINITE.put(value=value), key)
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def measurable(value: float, key: str, *, divides: bool = False) -> float:
    """`value`, refused where its squares and quotients would leave a computer's numbers; no measured value does.

    An uncertainty `divides`, so it must not be all but zero either.
    """
    if not math.isfinite(value):
        raise Refused(_FINITE.put(value=value), key)
    if abs(value) > _LARGEST:
        raise Refused(_BEYOND.put(value=value), key)
    if divides and 0 < abs(value) < 1 / _LARGEST:
        raise Refused(_TOO_SMALL.put(value=value), key)
    return value


def round_expanded(expanded_uncertainty: float | Decimal, digits: int = 2, rule: Rounding = "half_away") -> Decimal:
    """U to one or two significant digits (GUM 7.2.6), exactly.

    What carries into a new digit keeps its number of digits: 9.96 gives 10, 0.0996 gives 0.10. Zero stays zero. Up is
    up from the first twelve significant digits of a float, so that what a computer adds behind them does not count.
    """
    if digits not in (1, 2):
        raise Refused(_DIGITS.put(value=digits), "digits")
    if rule not in ("half_away", "up", "ea"):
        raise Refused(_RULE.put(value=rule), "rounding")
    given = exact(expanded_uncertainty, "expanded_uncertainty")
    if given < 0:
        raise Refused(_NOT_NEGATIVE.put(value=expanded_uncertainty), "expanded_uncertainty")
    if given == 0:
        return Decimal(0)
    rounded = _to_place(given, given.adjusted() - digits + 1, _HALF_AWAY)
    if rule == "up" or (rule == "ea" and given - rounded > _LOWERED_AT_MOST * given):
        upward = given if isinstance(expanded_uncertainty, Decimal) else _NOISELESS.plus(given)
        rounded = _to_place(upward, upward.adjusted() - digits + 1, _UP)
    return _to_place(rounded, rounded.adjusted() - digits + 1, _HALF_AWAY)


def place(rounded: Decimal) -> int:
    """The power of ten of a rounded number's last digit."""
    exponent = rounded.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def round_to_place(value: float | Decimal, power: int) -> Decimal:
    """`value` to a multiple of 10^power, half away from zero, exactly; never a negative zero."""
    rounded = _to_place(exact(value), power, _HALF_AWAY)
    return rounded if rounded else rounded.copy_abs()


def report(
    value: float | Decimal,
    expanded_uncertainty: float | Decimal | None,
    *,
    rule: Rounding = "half_away",
    digits: int = 2,
    language: Language = "vi",
) -> Reported:
    """The result as printed: U to `digits` significant digits, the value to U's last place (GUM 7.2.6).

    Powers of ten are used where |value| < 10⁻³ or ≥ 10⁹, those of the larger of the two for both. A value that rounds
    to zero follows U. Without U, or with U = 0, the value keeps all its digits.
    """
    if not expanded_uncertainty:
        return Reported(write_number(_all_digits(value), language), "" if expanded_uncertainty is None else "0")
    rounded = round_expanded(expanded_uncertainty, digits, rule)
    number = round_to_place(value, place(rounded))
    exponent = max(number, rounded, key=Decimal.copy_abs).adjusted() if _needs_power(number or rounded) else 0
    return Reported(_write(number, exponent, language), _write(rounded, exponent, language))


def write_number(number: Decimal, language: Language = "vi") -> str:
    """A number with all its digits: no-break spaces group them by three, decimal comma in Vietnamese, a true minus.

    |number| < 10⁻³ or ≥ 10⁹ has a power of ten: "5,670 37·10⁻⁸".
    """
    return _write(number, number.adjusted() if number and _needs_power(number) else 0, language)


def write_rounded(value: float | Decimal, digits: int, language: Language = "vi") -> str:
    """A number to so many significant digits, for tables: 2.921 in three digits is "2,92"."""
    number = exact(value)
    if not number:
        return "0"
    rounded = round_to_place(number, number.adjusted() - digits + 1)
    return write_number(round_to_place(rounded, rounded.adjusted() - digits + 1), language)


def _needs_power(number: Decimal) -> bool:
    return not -3 <= number.adjusted() < 9


def _all_digits(value: float | Decimal) -> Decimal:
    """Every digit of the value and none that its writing as a float added: 25.0 is 25, 1e22 has its zeros."""
    number = _HALF_AWAY.normalize(exact(value))
    return _to_place(number, min(place(number), 0), _HALF_AWAY)


def _to_place(number: Decimal, power: int, context: Context) -> Decimal:
    return number.quantize(Decimal((0, (1,), power)), context=context)


def _write(number: Decimal, exponent: int, language: Language) -> str:
    digits = f"{number.copy_abs().scaleb(-exponent, context=_HALF_AWAY):f}"
    whole, _, decimals = digits.partition(".")
    first = len(whole) % 3
    groups = [whole[:first], *(whole[i : i + 3] for i in range(first, len(whole), 3))]
    text = NO_BREAK_SPACE.join(group for group in groups if group)
    if decimals:
        mark = "," if language == "vi" else "."
        text += mark + NO_BREAK_SPACE.join(decimals[i : i + 3] for i in range(0, len(decimals), 3))
    if exponent:
        text += f"·10{str(exponent).translate(_SUPERSCRIPTS)}"
    return f"−{text}" if number < 0 else text
