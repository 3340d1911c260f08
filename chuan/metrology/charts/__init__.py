"""Control charts of a check standard or a process: Shewhart x̄-s, x̄-R, individuals with moving range, and EWMA.

ISO 7870-2, ISO 7870-6, NIST/SEMATECH e-Handbook 6.3.2. Constants are computed (`control/constants.py`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from chuan.metrology.charts.rules import RULES, RuleSet, Violation, beyond_limits, violations
from chuan.metrology.control.constants import c4, d2, d3
from chuan.metrology.distributions import finite, positive
from chuan.metrology.words import Refused, Text

__all__ = [
    "RULES",
    "Baseline",
    "ControlChart",
    "Limits",
    "RuleSet",
    "Spread",
    "Violation",
    "ewma",
    "individuals",
    "xbar_r",
    "xbar_s",
]

Limits = Literal["asymptotic", "exact"]

_FEW = Text("cần ít nhất {least} nhóm, đang có {found}", "needs at least {least} subgroups, found {found}")
_SINGLE = Text(
    'mỗi nhóm phải có ít nhất 2 giá trị, đang có {found}; dùng chart = "individuals"',
    'each subgroup needs at least 2 values, found {found}; use chart = "individuals"',
)
_UNEQUAL = Text(
    "mọi nhóm phải có {size} giá trị như nhóm đầu, nhóm này có {found}",
    "every subgroup must have {size} values like the first, this one has {found}",
)
_STILL = Text(
    "σ bằng 0: các giá trị trong nhóm không khác nhau, không lập được giới hạn",
    "σ is 0: the values within subgroups do not differ, so there are no limits",
)
_WEIGHT = Text("phải lớn hơn 0 và không quá 1, đang là {found:g}", "must be above 0 and at most 1, found {found:g}")
_FEW_POINTS = Text("cần ít nhất {least} giá trị, đang có {found}", "needs at least {least} values, found {found}")


@dataclass(frozen=True)
class Baseline:
    """Mean and standard deviation of the process where they are known from before ("standards given"), else None."""

    mean: float | None = None
    sd: float | None = None

    def __post_init__(self) -> None:
        if self.mean is not None:
            finite(self.mean, "baseline_mean")
        if self.sd is not None:
            positive(self.sd, "baseline_sd")


_FROM_DATA = Baseline()


@dataclass(frozen=True)
class Spread:
    """The chart below the chart: standard deviations, ranges or moving ranges."""

    center: float
    lower: float
    upper: float
    points: tuple[float, ...]


@dataclass(frozen=True)
class ControlChart:
    """Centre, limits and points; `lower` and `upper` are one number, or one for each point (exact EWMA limits)."""

    center: float
    lower: float | tuple[float, ...]
    upper: float | tuple[float, ...]
    #: Of a single value, not of a plotted point.
    sigma: float
    points: tuple[float, ...]
    spread: Spread | None
    violations: tuple[Violation, ...]


def xbar_s(
    data: Sequence[Sequence[float]], rules: RuleSet = "western_electric", baseline: Baseline = _FROM_DATA
) -> ControlChart:
    """Means and standard deviations of equal subgroups; σ = s̄/c4 (ISO 7870-2)."""
    n = _subgroup_size(data)
    spreads = tuple(_standard_deviation(group) for group in data)
    return _of_subgroups(data, rules, baseline, spreads, c4(n), math.sqrt(1 - c4(n) ** 2))


def xbar_r(
    data: Sequence[Sequence[float]], rules: RuleSet = "western_electric", baseline: Baseline = _FROM_DATA
) -> ControlChart:
    """Means and ranges of equal subgroups; σ = R̄/d2 (ISO 7870-2)."""
    n = _subgroup_size(data)
    spreads = tuple(max(group) - min(group) for group in data)
    return _of_subgroups(data, rules, baseline, spreads, d2(n), d3(n))


def individuals(
    values: Sequence[float], rules: RuleSet = "western_electric", baseline: Baseline = _FROM_DATA
) -> ControlChart:
    """Single values and moving ranges of two; σ = MR̄/d2(2) (ISO 7870-2). Moving range i is |x_(i+1) − x_i|."""
    points = _finite(values, 2)
    ranges = tuple(abs(after - before) for before, after in pairwise(points))
    return _shewhart(points, 1, rules, baseline, ranges, d2(2), d3(2))


def ewma(values: Sequence[float], weight: float, mean: float, sd: float, limits: Limits = "asymptotic") -> ControlChart:
    """z_i = λ x_i + (1 − λ) z_(i−1) from z = the process mean (NIST/SEMATECH e-Handbook 6.3.2.4; ISO 7870-6).

    Limits are mean ± 3 sd √(λ/(2 − λ)), times √(1 − (1 − λ)^2i) for point i where they are "exact". Points depend on
    each other, so only rule 1 applies.
    """
    if not 0 < finite(weight, "lambda") <= 1:
        raise Refused(_WEIGHT.put(found=weight), "lambda")
    finite(mean, "baseline_mean")
    positive(sd, "baseline_sd")
    points: list[float] = []
    for value in _finite(values, 1):
        points.append(weight * value + (1 - weight) * (points[-1] if points else mean))
    reach = 3 * sd * math.sqrt(weight / (2 - weight))
    reaches = [
        reach * math.sqrt(-math.expm1(2 * i * math.log1p(-weight))) if limits == "exact" and weight < 1 else reach
        for i in range(1, len(points) + 1)
    ]
    lower = tuple(mean - r for r in reaches)
    upper = tuple(mean + r for r in reaches)
    one = limits == "asymptotic"
    return ControlChart(
        mean,
        mean - reach if one else lower,
        mean + reach if one else upper,
        sd,
        tuple(points),
        None,
        beyond_limits("location", points, lower, upper),
    )


def _of_subgroups(
    data: Sequence[Sequence[float]],
    rules: RuleSet,
    baseline: Baseline,
    spreads: tuple[float, ...],
    mean_factor: float,
    sd_factor: float,
) -> ControlChart:
    means = tuple(math.fsum(group) / len(group) for group in data)
    return _shewhart(means, len(data[0]), rules, baseline, spreads, mean_factor, sd_factor)


def _shewhart(
    points: tuple[float, ...],
    n: int,
    rules: RuleSet,
    baseline: Baseline,
    spreads: tuple[float, ...],
    mean_factor: float,
    sd_factor: float,
) -> ControlChart:
    """3σ limits of location and spread; the factors are mean and sd of the spread statistic in units of σ."""
    sigma = math.fsum(spreads) / len(spreads) / mean_factor if baseline.sd is None else baseline.sd
    center = math.fsum(points) / len(points) if baseline.mean is None else baseline.mean
    if sigma <= 0:
        raise Refused(_STILL, "data")
    of_point = sigma / math.sqrt(n)
    z = [(point - center) / of_point for point in points]
    middle, reach = mean_factor * sigma, 3 * sd_factor * sigma
    spread = Spread(middle, max(0.0, middle - reach), middle + reach, spreads)
    count = len(spreads)
    return ControlChart(
        center,
        center - 3 * of_point,
        center + 3 * of_point,
        sigma,
        points,
        spread,
        violations(z, rules) + beyond_limits("spread", spreads, [spread.lower] * count, [spread.upper] * count),
    )


def _subgroup_size(data: Sequence[Sequence[float]]) -> int:
    if len(data) < 2:
        raise Refused(_FEW.put(least=2, found=len(data)), "data")
    size = len(data[0])
    for i, group in enumerate(data):
        if len(group) < 2:
            raise Refused(_SINGLE.put(found=len(group)), f"data[{i}]")
        if len(group) != size:
            raise Refused(_UNEQUAL.put(size=size, found=len(group)), f"data[{i}]")
        for j, value in enumerate(group):
            finite(value, f"data[{i}][{j}]")
    return size


def _finite(values: Sequence[float], least: int) -> tuple[float, ...]:
    if len(values) < least:
        raise Refused(_FEW_POINTS.put(least=least, found=len(values)), "data")
    return tuple(finite(value, f"data[{i}]") for i, value in enumerate(values))


def _standard_deviation(group: Sequence[float]) -> float:
    mean = math.fsum(group) / len(group)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in group) / (len(group) - 1))
