"""The normal distribution (JCGM 101 6.4.7)."""

import math
from functools import lru_cache

from chuan.metrology.special.common import CACHED, TINY, Side, number, probability, signed, solve

_ROOT_HALF = 0.7071067811865476


def normal_pdf(x: float) -> float:
    """Density of N(0, 1)."""
    return math.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)


def normal_cdf(x: float) -> float:
    """P(Z ≤ x) of N(0, 1), relatively right down to the smallest probabilities."""
    return 0.5 * erfc_root_half(-number(x, "x"))


def normal_sf(x: float) -> float:
    """P(Z > x) of N(0, 1)."""
    return 0.5 * erfc_root_half(number(x, "x"))


def normal_quantile(p: float) -> float:
    """x with P(Z ≤ x) = p."""
    return signed(probability(p), normal_two_sided)


def normal_coverage(p: float) -> float:
    """k with P(|Z| ≤ k) = p: 1.96 for 95 %."""
    return normal_two_sided(probability(p), 1 - p)


def erfc_root_half(x: float) -> float:
    """erfc(x/√2), the rounding of x/√2 made good: in the tail it would be multiplied by x²."""
    if not 1 < abs(x) < 40:
        return math.erfc(x * _ROOT_HALF)
    head = x * 134217729.0
    head -= head - x
    root, root_head = _ROOT_HALF, 0.7071067690849304
    product = x * root
    error = ((head * root_head - product) + head * (root - root_head) + (x - head) * root_head) + (x - head) * (
        root - root_head
    )
    error += x * -4.833646656726457e-17
    return math.erfc(product) - error * math.exp(-product * product) * 1.1283791670955126


@lru_cache(CACHED)
def normal_two_sided(central: float, tail: float) -> float:
    """k with P(|Z| ≤ k) = central and P(|Z| > k) = tail, the smaller of which is met to the last digit."""
    if central < 0.5:
        start = central * math.sqrt(math.pi / 2)
    else:
        start = math.sqrt(-2 * math.log(tail / 2))
        start -= math.log(start * math.sqrt(2 * math.pi)) / start
    k = solve(_normal_side, central, tail, math.log(start), 1.0)
    excess = central - math.erf(k * _ROOT_HALF) if central < 0.5 else erfc_root_half(k) - tail
    return k + excess / (2 * normal_pdf(k)) if tail > TINY else k


def _normal_side(x: float) -> Side:
    density = 2 * x * normal_pdf(x)
    log_density = math.log(2 * x / math.sqrt(2 * math.pi)) - 0.5 * x * x
    if x < 0.7:
        return True, log_density, math.erf(x * _ROOT_HALF) / density, 1 - x * x
    return False, log_density, erfc_root_half(x) / density, 1 - x * x
