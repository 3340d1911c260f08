"""What every fit of a line asks of its points, and the slope that it starts from."""

import math
from collections.abc import Sequence

from chuan.metrology.numerals import measurable
from chuan.metrology.words import Refused, Text

_FEW = Text("cần ít nhất {least} điểm, đang có {found}", "needs at least {least} points, found {found}")
_LENGTHS = Text("phải có {wanted} giá trị như x, đang có {found}", "must have {wanted} values as x has, found {found}")
_NOT_NEGATIVE = Text("không được âm, đang là {value:g}", "must not be negative, found {value:g}")
SAME = Text("mọi x bằng nhau: không xác định được độ dốc", "every x is the same: there is no slope")
DIVERGES = Text(
    "phép lặp không hội tụ: các điểm không xác định được đường thẳng", "no convergence: the points determine no line"
)


def check_points(x: Sequence[float], y: Sequence[float], least: int) -> None:
    """At least so many points, a y for each x."""
    if len(x) < least:
        raise Refused(_FEW.put(least=least, found=len(x)), "x")
    if len(y) != len(x):
        raise Refused(_LENGTHS.put(wanted=len(x), found=len(y)), "y")
    for key, values in (("x", x), ("y", y)):
        for i, value in enumerate(values):
            measurable(value, f"{key}[{i}]")


def check_uncertainties(given: Sequence[float] | None, key: str, n: int) -> Sequence[float]:
    """An uncertainty of zero or more for each point; zeros where none is given."""
    if given is None:
        return [0.0] * n
    if len(given) != n:
        raise Refused(_LENGTHS.put(wanted=n, found=len(given)), key)
    for i, u in enumerate(given):
        if not measurable(u, f"{key}[{i}]", divides=True) >= 0:
            raise Refused(_NOT_NEGATIVE.put(value=u), f"{key}[{i}]")
    return given


def ordinary_slope(x: Sequence[float], y: Sequence[float]) -> float:
    """The slope with all points alike, to start from."""
    center, level = math.fsum(x) / len(x), math.fsum(y) / len(y)
    spread = math.fsum((xi - center) ** 2 for xi in x)
    if spread == 0:
        raise Refused(SAME, "x")
    return math.fsum((xi - center) * (yi - level) for xi, yi in zip(x, y, strict=True)) / spread
