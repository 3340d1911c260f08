"""Fits of a line to points whose errors are independent from point to point (ISO/TS 28037 clauses 6–8, GUM H.3)."""

import math
from collections.abc import Sequence

from chuan.metrology.lines.checks import DIVERGES, SAME, check_points, check_uncertainties, ordinary_slope
from chuan.metrology.lines.line import Line
from chuan.metrology.words import Refused, Text

_EXACT = Text(
    "điểm này không có độ không đảm bảo đo ở cả hai trục: trọng số vô hạn",
    "this point has no uncertainty in either axis: its weight is infinite",
)
_COVARIANCE = Text(
    "hiệp phương sai {value:g} vượt u_x·u_y = {most:g}", "the covariance {value:g} is beyond u_x·u_y = {most:g}"
)
_MOST_STEPS = 500
_SETTLED = 1e-12

_Point = tuple[float, float, float, float, float]
"""x, y, u(x), u(y), cov(x, y)."""


def ordinary(x: Sequence[float], y: Sequence[float]) -> Line:
    """Least squares without known uncertainties: s from the n − 2 residuals (GUM H.3)."""
    check_points(x, y, 3)
    n = len(x)
    center = math.fsum(x) / n
    level = math.fsum(y) / n
    moved = [xi - center for xi in x]
    spread = math.fsum(d * d for d in moved)
    if spread == 0:
        raise Refused(SAME, "x")
    slope = math.fsum(d * (yi - level) for d, yi in zip(moved, y, strict=True)) / spread
    residuals = math.fsum((yi - level - slope * d) ** 2 for d, yi in zip(moved, y, strict=True))
    variance = residuals / (n - 2)
    return Line(
        "ols", center, level, slope, variance / n, variance / spread, dof=n - 2, residual_sd=math.sqrt(variance)
    )


def fit(
    x: Sequence[float],
    y: Sequence[float],
    u_y: Sequence[float] | None = None,
    u_x: Sequence[float] | None = None,
    covariances: Sequence[float] | None = None,
) -> Line:
    """The line by what is known: nothing (`ordinary`); u(y) (clause 6); u(x) too (clause 7); cov(x, y) too (clause 8).

    The covariance of the parameters is that of the given uncertainties, not scaled by χ²/ν. A point may be exact in one
    axis when the other has an uncertainty.
    """
    if u_y is None and u_x is None:
        return ordinary(x, y)
    check_points(x, y, 2)
    n = len(x)
    u_y = check_uncertainties(u_y, "u_y", n)
    u_x = check_uncertainties(u_x, "u_x", n)
    mixed = [0.0] * n if covariances is None else list(covariances)
    for i, (ux, uy, c) in enumerate(zip(u_x, u_y, mixed, strict=True)):
        if ux == 0 and uy == 0:
            raise Refused(_EXACT, f"u_y[{i}]")
        if abs(c) > ux * uy:
            raise Refused(_COVARIANCE.put(value=c, most=ux * uy), f"covariances[{i}]")
    if not any(u_x):
        return _weighted(x, y, [1 / (uy * uy) for uy in u_y])
    return _generalised_distance(list(zip(x, y, u_x, u_y, mixed, strict=True)))


def _weighted(x: Sequence[float], y: Sequence[float], weights: Sequence[float]) -> Line:
    """Clause 6: weights 1/u(y)²."""
    if max(x) == min(x):
        raise Refused(SAME, "x")
    total = math.fsum(weights)
    center, level = _mean(weights, x, total), _mean(weights, y, total)
    moved, raised = [xi - center for xi in x], [yi - level for yi in y]
    spread = _weighted_sum(weights, moved, moved)
    slope = _weighted_sum(weights, moved, raised) / spread
    residuals = [r - slope * d for r, d in zip(raised, moved, strict=True)]
    chi_square = _weighted_sum(weights, residuals, residuals)
    return Line("wls", center, level, slope, 1 / total, 1 / spread, dof=len(x) - 2, chi_square=chi_square)


def _generalised_distance(points: Sequence[_Point]) -> Line:
    """Clauses 7 and 8: each step weighs the points for the current slope and moves each x to its best place."""
    x, y = [point[0] for point in points], [point[1] for point in points]
    center, level, slope = math.fsum(x) / len(x), math.fsum(y) / len(y), ordinary_slope(x, y)
    for _ in range(_MOST_STEPS):
        weights = [1 / _distance_variance(slope, ux, uy, c) for _, _, ux, uy, c in points]
        residuals = [yi - level - slope * (xi - center) for xi, yi, *_ in points]
        adjusted = [
            xi + (slope * ux * ux - c) * w * z
            for (xi, _, ux, _, c), w, z in zip(points, weights, residuals, strict=True)
        ]
        total = math.fsum(weights)
        middle, mean = _mean(weights, adjusted, total), _mean(weights, residuals, total)
        moved = [a - middle for a in adjusted]
        spread = _weighted_sum(weights, moved, moved)
        if not 0 < spread < math.inf:
            raise Refused(SAME, "x")
        change = _weighted_sum(weights, moved, residuals) / spread
        level += slope * (middle - center) + mean
        center = middle
        if abs(change) <= _SETTLED / math.sqrt(spread):
            chi_square = _weighted_sum(weights, residuals, residuals)
            return Line("gdr", center, level, slope, 1 / total, 1 / spread, dof=len(x) - 2, chi_square=chi_square)
        slope += change
    raise Refused(DIVERGES, "u_x")


def _distance_variance(slope: float, u_x: float, u_y: float, covariance: float) -> float:
    """Variance of y − b·x."""
    variance = u_y * u_y - slope * (2 * covariance - slope * u_x * u_x)
    if not variance > 0:
        raise Refused(DIVERGES, "u_x")
    return variance


def _mean(weights: Sequence[float], values: Sequence[float], total: float) -> float:
    return math.fsum(w * v for w, v in zip(weights, values, strict=True)) / total


def _weighted_sum(weights: Sequence[float], a: Sequence[float], b: Sequence[float]) -> float:
    return math.fsum(w * p * q for w, p, q in zip(weights, a, b, strict=True))
