"""What a certificate prints, read back: U has two digits, rounded as asked; the value ends where U does (GUM 7.2.6)."""

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from chuan.metrology.checker.agreement import Difference

_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_NUMBER = re.compile(r"([-−]?[0-9]+(?:[.,][0-9]+)?)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?")
#: Doubles keep no more digits of what is rounded up.
_NOISE = Decimal("1e-11")
_LOWERED_AT_MOST = Decimal("0.05")
#: What each printed number is rounded from.
_FROM = {"value": "estimate", "expanded_uncertainty": "expanded_uncertainty", "coverage_factor": "coverage_factor"}


def read(text: str) -> Decimal:
    """A printed number, with its digits as they stand."""
    found = _NUMBER.fullmatch(re.sub(r"\s", "", text))
    if found is None:
        raise ValueError(text)
    digits = Decimal(found[1].replace(",", ".").replace("−", "-"))
    return digits.scaleb(int((found[2] or "0").translate(_SUPERSCRIPTS)))


def compare(gum: Mapping[str, Any], printed: Mapping[str, Any], rounding: str, place: str) -> Iterator[Difference]:
    """Value, U and k as printed beside what they were rounded from; each is right or not."""
    exact = {key: gum[name] for key, name in _FROM.items()}
    if gum["expanded_uncertainty"] is None or any(item is None for item in exact.values()):
        # Without U nothing is printed.
        for key in _FROM:
            yield Difference(f"{place}.{key}", printed[key], None, 0.0 if printed[key] is None else math.inf)
        return
    numbers = {key: Decimal(repr(item)) for key, item in exact.items()}
    for key, number in numbers.items():
        right = printed[key] is not None and _right(key, read(printed[key]), number, printed, rounding)
        yield Difference(f"{place}.{key}", printed[key], exact[key], 0.0 if right else math.inf)


def _right(key: str, said: Decimal, exact: Decimal, printed: Mapping[str, Any], rounding: str) -> bool:
    """Whether one printed number is what its rule makes of the exact one."""
    if key == "expanded_uncertainty":
        return _rounded(said, exact, rounding)
    if key == "coverage_factor":
        return abs(said - exact) <= Decimal(1).scaleb(int(said.as_tuple().exponent)) / 2
    expanded = read(printed["expanded_uncertainty"])
    if not expanded:
        return abs(said - exact) <= abs(exact) * _NOISE
    # The second digit of U, which is no digit of the text where zeros follow it.
    unit = Decimal(1).scaleb(expanded.adjusted() - 1)
    ends = said.as_tuple().exponent == unit.as_tuple().exponent if unit < 1 else said % unit == 0
    return ends and abs(said - exact) <= unit / 2


def _rounded(expanded: Decimal, exact: Decimal, rounding: str) -> bool:
    """Whether U in print is within what its rule allows of U, with two digits (or more where they are whole)."""
    if not exact:
        return not expanded
    unit, lifted = Decimal(1).scaleb(exact.adjusted() - 1), expanded - exact
    noise = exact * _NOISE
    # A carry such as 99.6 to 100 has the unit of its own first two digits.
    coarse = unit * 10 if expanded.adjusted() > exact.adjusted() else unit
    if rounding == "up":
        return -noise <= lifted < coarse
    nearest = abs(lifted) <= coarse / 2
    if rounding == "ea":
        return (nearest and -lifted <= _LOWERED_AT_MOST * exact) or 0 <= lifted < coarse
    return nearest
