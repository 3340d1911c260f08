"""The gamma distribution (JCGM 101 6.4.11) and χ²."""

import math

from chuan.metrology.special.common import (
    EPSILON,
    MOST_TERMS,
    SLOW,
    TINY,
    Side,
    both,
    deviance,
    log_spread,
    number,
    positive,
    probability,
    solve,
    stirling_error,
)
from chuan.metrology.special.normal import normal_quantile
from chuan.metrology.words import Refused


def chi2_cdf(x: float, dof: float) -> float:
    """P(χ² ≤ x)."""
    return gamma_cdf(x, dof / 2, 2.0)


def chi2_sf(x: float, dof: float) -> float:
    """P(χ² > x)."""
    return gamma_sf(x, dof / 2, 2.0)


def chi2_quantile(p: float, dof: float) -> float:
    """x with P(χ² ≤ x) = p."""
    return gamma_quantile(p, positive(dof, "dof") / 2, 2.0)


def gamma_cdf(x: float, shape: float, scale: float = 1.0) -> float:
    """P(X ≤ x) of the gamma distribution with mean shape·scale."""
    return gamma_both(x, shape, scale)[0]


def gamma_sf(x: float, shape: float, scale: float = 1.0) -> float:
    """P(X > x) of the gamma distribution."""
    return gamma_both(x, shape, scale)[1]


def gamma_quantile(p: float, shape: float, scale: float = 1.0) -> float:
    """x with P(X ≤ x) = p of the gamma distribution."""
    a = positive(shape, "shape")
    lower, upper = probability(p), 1 - p
    # Wilson and Hilferty's cube root, held above the bound that the lower tail's power law gives.
    root = 1 - 1 / (9 * a) + normal_quantile(p) / (3 * math.sqrt(a))
    least = (math.log(lower) + math.lgamma(a + 1)) / a
    start = max(least, math.log(a) + 3 * math.log(root)) if root > 0.1 else least
    return solve(lambda x: _gamma_side(x, a), lower, upper, start, log_spread(a)) * positive(scale, "scale")


def gamma_both(x: float, shape: float, scale: float) -> tuple[float, float]:
    """P(X ≤ x) and P(X > x)."""
    point = number(x, "x") / positive(scale, "scale")
    positive(shape, "shape")
    if point <= 0:
        return 0.0, 1.0
    return (1.0, 0.0) if math.isinf(point) else both(_gamma_side(point, shape))


def _gamma_side(x: float, a: float) -> Side:
    log_density = 0.5 * math.log(a / (2 * math.pi)) - stirling_error(a) - deviance(a, a - x, x)
    if x < max(a, 1.0):
        return True, log_density, _gamma_series(x, a), a - x
    return False, log_density, _gamma_fraction(x, a), a - x


def _gamma_series(x: float, a: float) -> float:
    """P(a, x) over x^a e^−x / Γ(a)."""
    term = total = 1 / a
    for n in range(1, MOST_TERMS):
        term *= x / (a + n)
        total += term
        if term <= total * EPSILON:
            return total
    raise Refused(SLOW, "gamma")


def _gamma_fraction(x: float, a: float) -> float:
    """Q(a, x) over x^a e^−x / Γ(a): Legendre's continued fraction."""
    value = numerator = (x + 1 - a) or TINY
    denominator = 0.0
    for n in range(1, MOST_TERMS):
        alpha, beta = n * (a - n), x + 2 * n + 1 - a
        denominator = 1 / ((beta + alpha * denominator) or TINY)
        numerator = (beta + alpha / numerator) or TINY
        change = numerator * denominator
        value *= change
        if abs(change - 1) <= 2 * EPSILON:
            return 1 / value
    raise Refused(SLOW, "gamma")
