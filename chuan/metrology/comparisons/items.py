"""Are the test items alike, and do they stay so (ISO 13528:2022 annex B)?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chuan.metrology.numerals import measurable
from chuan.metrology.words import Refused, Text

_FEW = Text("cần ít nhất {least} mẫu, đang có {found}", "needs at least {least} items, found {found}")
_REPLICATES = Text(
    "mỗi mẫu cần số lần đo như nhau, từ 2 lần", "each item needs the same number of measurements, 2 or more"
)

#: Differences between items may be this share of σ_pt (B.2.2, B.5.2).
_SHARE = 0.3


@dataclass(frozen=True)
class Homogeneity:
    """Between-item standard deviation s_s, of item means s_x, within items s_w (B.3)."""

    mean: float
    s_x: float
    s_w: float
    s_s: float
    #: s_s ≤ 0.3·σ_pt; None without σ_pt.
    adequate: bool | None


@dataclass(frozen=True)
class Stability:
    """The general mean measured later, how far it moved, and whether by no more than 0.3·σ_pt (B.5)."""

    mean: float
    difference: float
    adequate: bool | None


def homogeneity(items: Sequence[Sequence[float]], sigma_pt: float | None = None) -> Homogeneity:
    """From two or more measurements of each of several items."""
    _check(items, 2, "homogeneity")
    m, g = len(items[0]), len(items)
    means = [math.fsum(item) / m for item in items]
    mean = math.fsum(means) / g
    s_x = math.sqrt(math.fsum((x - mean) ** 2 for x in means) / (g - 1))
    within = math.fsum((x - center) ** 2 for item, center in zip(items, means, strict=True) for x in item)
    s_w = math.sqrt(within / (g * (m - 1)))
    s_s = math.sqrt(max(0.0, s_x**2 - s_w**2 / m))
    return Homogeneity(mean, s_x, s_w, s_s, None if sigma_pt is None else s_s <= _SHARE * sigma_pt)


def stability(items: Sequence[Sequence[float]], first_mean: float, sigma_pt: float | None = None) -> Stability:
    """From measurements of items kept until later, against the mean of the homogeneity check."""
    _check(items, 1, "stability")
    mean = math.fsum(math.fsum(item) for item in items) / sum(len(item) for item in items)
    difference = mean - first_mean
    return Stability(mean, difference, None if sigma_pt is None else abs(difference) <= _SHARE * sigma_pt)


def _check(items: Sequence[Sequence[float]], least: int, key: str) -> None:
    if len(items) < least:
        raise Refused(_FEW.put(least=least, found=len(items)), key)
    if len(items[0]) < 2 or any(len(item) != len(items[0]) for item in items):
        raise Refused(_REPLICATES, key)
    for i, item in enumerate(items):
        for j, value in enumerate(item):
            measurable(value, f"{key}[{i}][{j}]")
