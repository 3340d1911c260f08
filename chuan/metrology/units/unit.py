"""`Unit`: an exact factor to the coherent SI unit, a dimension, and for scales of temperature an offset."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import overload

from chuan.metrology.units.table import BASES
from chuan.metrology.words import Refused, Text

#: π to 50 digits: enough that a double converted with it is the nearest one.
_PI = Fraction("3.14159265358979323846264338327950288419716939937511")
#: And ln 10.
_LN10 = Fraction("2.30258509299404568401799145468436420760110148862877")

Dimension = tuple[Fraction, ...]
NO_DIMENSION: Dimension = (Fraction(0),) * len(BASES)

#: What no quantity needs and no equation may make: exact units of powers of powers would take all time and memory.
MOST_EXPONENT = 1_000
MOST_BITS = 8_192

_TOO_LARGE = Text(
    f"đơn vị có số mũ quá {MOST_EXPONENT} hoặc độ lớn quá {MOST_BITS} bit; "
    "hãy viết lại phương trình với lũy thừa nhỏ hơn",
    f"the unit has an exponent above {MOST_EXPONENT} or a size above {MOST_BITS} bits; "
    "write the equation with smaller powers",
)
_DIFFERENT = Text(
    "đơn vị {source} và {target} khác thứ nguyên, không đổi được",
    "units {source} and {target} differ in dimension and cannot be converted",
)
_NOT_RATIONAL = Text(
    "đổi {source} sang {target} có thừa số π hoặc ln 10, không có kết quả chính xác: hãy dùng số dấu phẩy động",
    "converting {source} to {target} has a factor π or ln 10 and no exact result: use a floating-point number",
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One [unit] is `factor`·π^`pi`·(ln 10)^`ln10` coherent SI units.

    A value v on a scale with an offset is v·factor + offset. Angles are numbers (1 rad = 1). `text` is how the unit was
    written, empty where it was computed; it does not count when units are compared.
    """

    factor: Fraction
    dimension: Dimension
    pi: int = 0
    offset: Fraction = Fraction(0)
    text: str = ""
    ln10: int = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unit) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Fraction, Dimension, int, Fraction, int]:
        return self.factor, self.dimension, self.pi, self.offset, self.ln10

    def __mul__(self, other: "Unit") -> "Unit":
        """The product of two units, their offsets dropped; refused beyond the bounds of `power`."""
        dimension = tuple(a + b for a, b in zip(self.dimension, other.dimension, strict=True))
        return _bounded(self.factor * other.factor, dimension, self.pi + other.pi, self.ln10 + other.ln10)

    def __truediv__(self, other: "Unit") -> "Unit":
        return self * other.power(-1)

    def power(self, exponent: int | Fraction) -> "Unit":
        """The unit to a rational power, its offset dropped.

        Errors: `Refused` where the factor's root is not rational, as in mm^(1/2); where an exponent passes
        `MOST_EXPONENT` or the exact factor `MOST_BITS`, before either is computed.
        """
        exponent = Fraction(exponent)
        if max(abs(exponent.numerator), exponent.denominator) > MOST_EXPONENT or (
            _bits(self.factor) * abs(exponent.numerator) > MOST_BITS * exponent.denominator
        ):
            raise Refused(_TOO_LARGE)
        pi, ln10 = self.pi * exponent, self.ln10 * exponent
        factor = rational_power(self.factor, exponent)
        if factor is None or pi.denominator != 1 or ln10.denominator != 1:
            text = Text(
                "lũy thừa {power} của đơn vị {unit} không có độ lớn chính xác; hãy dùng đơn vị SI không tiền tố",
                "power {power} of the unit {unit} has no exact size; use SI units without prefixes",
            )
            raise Refused(text.put(unit=self, power=exponent))
        return _bounded(factor, tuple(one * exponent for one in self.dimension), int(pi), int(ln10))

    @property
    def has_dimension(self) -> bool:
        """Whether it measures something other than a number."""
        return any(self.dimension)

    @property
    def is_rational(self) -> bool:
        """Whether it is an exact rational multiple of the coherent SI unit; an angular degree and a neper are not."""
        return self.pi == self.ln10 == 0

    def as_difference(self) -> "Unit":
        """The unit of differences: a degree Celsius becomes a kelvin in all but name."""
        return replace(self, offset=Fraction(0))

    def __str__(self) -> str:
        if self.text:
            return self.text
        scale = "" if self.factor == 1 else shown_number(self.factor)
        parts = [_base(name, exponent) for name, exponent in zip(BASES, self.dimension, strict=True) if exponent]
        return "·".join(part for part in (scale, "π" * (self.pi == 1), *parts) if part) or "1"


def _bits(factor: Fraction) -> int:
    """Length of a factor's longer part; 1 has none, for every power of it is 1."""
    return 0 if factor == 1 else max(factor.numerator.bit_length(), factor.denominator.bit_length())


def _bounded(factor: Fraction, dimension: Dimension, pi: int, ln10: int) -> Unit:
    largest = max(abs(pi), abs(ln10), *(max(abs(one.numerator), one.denominator) for one in dimension))
    if largest > MOST_EXPONENT or _bits(factor) > MOST_BITS:
        raise Refused(_TOO_LARGE)
    return Unit(factor, dimension, pi, ln10=ln10)


def ratio(a: Unit, b: Unit) -> Fraction:
    """How many b one a is, exact but for 50 digits of π and ln 10."""
    return a.factor / b.factor * _PI ** (a.pi - b.pi) * _LN10 ** (a.ln10 - b.ln10)


def _base(name: str, exponent: Fraction) -> str:
    return name if exponent == 1 else name + str(exponent).translate(str.maketrans("0123456789-/", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᐟ"))


def shown_number(number: Fraction) -> str:
    """A number of any size to six digits, as messages show it."""
    return f"{Decimal(number.numerator) / Decimal(number.denominator):.6g}"


def rational_power(value: Fraction, exponent: Fraction) -> Fraction | None:
    """value^exponent where that is rational, else None; for value above 0."""
    above, below = _root(value.numerator, exponent.denominator), _root(value.denominator, exponent.denominator)
    return None if above is None or below is None else Fraction(above, below) ** exponent.numerator


def _root(number: int, degree: int) -> int | None:
    """The whole root of a positive number, by bisection."""
    low, high = 1, 1 << (number.bit_length() // degree + 1)
    while low < high:
        middle = (low + high) // 2
        if middle**degree < number:
            low = middle + 1
        else:
            high = middle
    return low if low**degree == number else None


@overload
def convert(value: float, source: Unit, target: Unit) -> float: ...
@overload
def convert(value: Fraction | Decimal, source: Unit, target: Unit) -> Fraction: ...
def convert(value: float | Fraction | Decimal, source: Unit, target: Unit) -> float | Fraction:
    """A value on the scale of `source` as a value on that of `target`: 20 °C are 293.15 K.

    A `Fraction` or `Decimal` gives the exact `Fraction`; a float gives the double nearest to the exact result.
    Errors: `Refused` where the dimensions differ, or where an exact result is asked for and π or ln 10 remains.
    """
    return _convert(value, source, target, (source.offset, target.offset))


@overload
def convert_difference(value: float, source: Unit, target: Unit) -> float: ...
@overload
def convert_difference(value: Fraction | Decimal, source: Unit, target: Unit) -> Fraction: ...
def convert_difference(value: float | Fraction | Decimal, source: Unit, target: Unit) -> float | Fraction:
    """A difference or an uncertainty: as `convert`, but 20 °C are 20 K."""
    return _convert(value, source, target, (Fraction(0), Fraction(0)))


def _convert(
    value: float | Fraction | Decimal, source: Unit, target: Unit, offsets: tuple[Fraction, Fraction]
) -> float | Fraction:
    if source.dimension != target.dimension:
        raise Refused(_DIFFERENT.put(source=source, target=target))
    exact = not isinstance(value, float | int)
    if exact and (source.pi, source.ln10) != (target.pi, target.ln10):
        raise Refused(_NOT_RATIONAL.put(source=source, target=target))
    try:
        result = Fraction(value) * ratio(source, target) + (offsets[0] - offsets[1]) / target.factor
        return result if exact else float(result)
    except (ValueError, OverflowError):
        text = Text(
            "{value} {source} không đổi được thành số hữu hạn", "{value} {source} has no finite value elsewhere"
        )
        raise Refused(text.put(value=value, source=source)) from None
