"""The staircase: each calibration lengthens or shortens the next interval (ILAC-G24:2022 / OIML D 10, method 1)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from chuan.metrology.words import Refused, Text

_POSITIVE = Text("phải lớn hơn 0, đang là {value:g}", "must be above 0, found {value:g}")
_LENGTHEN = Text("phải từ 1 trở lên, đang là {value:g}", "must be at least 1, found {value:g}")
_SHORTEN = Text("phải lớn hơn 0 và nhỏ hơn 1, đang là {value:g}", "must be above 0 and below 1, found {value:g}")
_WITHIN = Text("phải lớn hơn 0 và không quá 1, đang là {value:g}", "must be above 0 and at most 1, found {value:g}")


@dataclass(frozen=True)
class Step:
    """The next interval, and what the last calibration did to it."""

    days: float
    action: Literal["lengthened", "kept", "shortened"]


def staircase(
    days: float,
    error: float,
    maximum_permissible_error: float,
    *,
    lengthen: float,
    shorten: float,
    expanded_uncertainty: float = 0.0,
    within: float = 0.8,
    min_days: float = 14.0,
    max_days: float = 1826.0,
) -> Step:
    """Longer if |error| + U is within 80 % of the maximum permissible error, shorter if beyond it, else the same.

    The guide gives the rule and leaves the two factors to the laboratory, so they have no default.
    """
    for key, value in (("days", days), ("maximum_permissible_error", maximum_permissible_error)):
        if not value > 0:
            raise Refused(_POSITIVE.put(value=value), key)
    if not lengthen >= 1:
        raise Refused(_LENGTHEN.put(value=lengthen), "lengthen")
    if not 0 < shorten < 1:
        raise Refused(_SHORTEN.put(value=shorten), "shorten")
    if not 0 < within <= 1:
        raise Refused(_WITHIN.put(value=within), "within")
    # As the numbers are written: 0.1 + 0.2 is within 0.3.
    found = _written(abs(error)) + _written(expanded_uncertainty)
    if found > _written(maximum_permissible_error):
        return Step(max(min_days, days * shorten), "shortened")
    if found <= _written(within) * _written(maximum_permissible_error):
        return Step(min(max_days, days * lengthen), "lengthened")
    return Step(days, "kept")


def _written(value: float) -> Fraction:
    return Fraction(repr(float(value)))
