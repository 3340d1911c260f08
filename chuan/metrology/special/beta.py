"""The beta distribution and the variance ratio F."""

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
from chuan.metrology.special.gamma import chi2_quantile, gamma_both
from chuan.metrology.special.normal import normal_quantile
from chuan.metrology.words import Refused


def f_cdf(f: float, d1: float, d2: float) -> float:
    """P(F ≤ f) of the variance ratio with d1 and d2 degrees of freedom."""
    return _f_both(f, d1, d2)[0]


def f_sf(f: float, d1: float, d2: float) -> float:
    """P(F > f)."""
    return _f_both(f, d1, d2)[1]


def f_quantile(p: float, d1: float, d2: float) -> float:
    """f with P(F ≤ f) = p."""
    if math.isinf(positive(d2, "d2", infinite=True)):
        return chi2_quantile(p, d1) / d1
    if math.isinf(positive(d1, "d1", infinite=True)):
        return d2 / chi2_quantile(1 - probability(p), d2)
    odds = beta_odds(probability(p), 1 - p, d1 / 2, d2 / 2)
    return odds * (d2 / d1)


def beta_cdf(x: float, a: float, b: float) -> float:
    """P(X ≤ x) of the beta distribution: the regularised incomplete beta function I_x(a, b)."""
    return beta_both(x, a, b)[0]


def beta_sf(x: float, a: float, b: float) -> float:
    """P(X > x) of the beta distribution."""
    return beta_both(x, a, b)[1]


def beta_quantile(p: float, a: float, b: float) -> float:
    """x with I_x(a, b) = p."""
    odds = beta_odds(probability(p), 1 - p, positive(a, "a"), positive(b, "b"))
    return odds / (1 + odds) if odds < 1 else 1 / (1 + 1 / odds)


def _f_both(f: float, d1: float, d2: float) -> tuple[float, float]:
    positive(d1, "d1")
    if number(f, "f") <= 0:
        return 0.0, 1.0
    if math.isinf(positive(d2, "d2", infinite=True)):
        return gamma_both(d1 * f, d1 / 2, 2.0)
    return (1.0, 0.0) if math.isinf(f) else both(beta_side_at_odds(d1 / 2, d2 / 2, f, d1 / d2))


def beta_both(x: float, a: float, b: float) -> tuple[float, float]:
    """I_x(a, b) and 1 − I_x(a, b)."""
    positive(a, "a")
    positive(b, "b")
    if number(x, "x") <= 0:
        return 0.0, 1.0
    return (1.0, 0.0) if x >= 1 else both(_beta_side(a, b, x, 1 - x))


def beta_odds(lower: float, upper: float, a: float, b: float) -> float:
    """x/(1 − x) with I_x(a, b) = lower."""
    width = math.hypot(log_spread(a), log_spread(b))
    start = math.log(a / b) + normal_quantile(lower) * width
    least = (math.log(lower * a) + log_beta(a, b)) / a
    most = -(math.log(upper * b) + log_beta(a, b)) / b
    return solve(lambda odds: beta_side_at_odds(a, b, odds, 1.0), lower, upper, max(least, min(most, start)), width)


def beta_side_at_odds(a: float, b: float, factor: float, other: float) -> Side:
    """At the odds factor·other; beyond what a number holds, the tail is its own power law."""
    odds = factor * other
    if odds < TINY:
        return True, a * (math.log(factor) + math.log(other)) - log_beta(a, b), 1 / a, a
    if odds <= 1:
        return _beta_side(a, b, odds / (1 + odds), 1 / (1 + odds))
    inverse = 1 / factor / other
    if inverse < TINY:
        return False, -b * (math.log(factor) + math.log(other)) - log_beta(a, b), 1 / b, -b
    return _beta_side(a, b, 1 / (1 + inverse), inverse / (1 + inverse))


def _beta_side(a: float, b: float, x: float, y: float) -> Side:
    """At x = 1 − y, both given so that neither loses digits."""
    slope = a * y - b * x
    is_lower = slope >= 0 if min(a, b) >= 1 else x * (a + b + 2) <= a + 1
    log_density = log_beta_density(a, b, x, y)
    if is_lower:
        return True, log_density, _beta_fraction(a, b, x, y), slope
    return False, log_density, _beta_fraction(b, a, y, x), slope


def log_beta(a: float, b: float) -> float:
    """log B(a, b), by Stirling's form so that large parameters keep their digits."""
    corrections = stirling_error(a) + stirling_error(b) - stirling_error(a + b)
    powers = -a * math.log1p(b / a) - b * math.log1p(a / b)
    return corrections + powers + 0.5 * math.log(2 * math.pi * (1 / a + 1 / b))


def log_beta_density(a: float, b: float, x: float, y: float) -> float:
    """log of x^a y^b / B(a, b), the density of the log odds."""
    difference = a * y - b * x
    corrections = stirling_error(a + b) - stirling_error(a) - stirling_error(b)
    scale = 0.5 * math.log(a / (2 * math.pi) / (1 + a / b))
    return scale + corrections - deviance(a, difference, (a + b) * x) - deviance(b, -difference, (a + b) * y)


def _beta_fraction(a: float, b: float, x: float, y: float) -> float:
    """I_x(a, b) over x^a y^b / B(a, b): the even part of its continued fraction (DiDonato and Morris, 1992, eq. 9)."""
    excess = a * y - b * x + 1
    value = excess * a / (a + 1)
    numerator, denominator = value, 0.0
    for n in range(1, MOST_TERMS):
        odd = a + 2 * n - 1
        alpha = ((a + n - 1) / odd) * (((a + b + n - 1) * x) / odd) * n * ((b - n) * x)
        beta = n + n * ((b - n) * x) / odd + (a + n) / (odd + 2) * (excess + n * (1 + y))
        denominator = 1 / ((beta + alpha * denominator) or TINY)
        numerator = (beta + alpha / numerator) or TINY
        change = numerator * denominator
        value *= change
        if abs(change - 1) <= 2 * EPSILON:
            return 1 / value
    raise Refused(SLOW, "beta")
