"""Student's t (GUM G.3, JCGM 101 6.4.9)."""

import math
from functools import lru_cache

from chuan.metrology.special.beta import beta_side_at_odds, log_beta
from chuan.metrology.special.common import CACHED, Side, both, number, positive, probability, signed, solve
from chuan.metrology.special.normal import normal_sf, normal_two_sided


def t_cdf(t: float, dof: float) -> float:
    """P(T ≤ t) of Student's t."""
    return t_sf(-t, dof)


def t_sf(t: float, dof: float) -> float:
    """P(T > t) of Student's t."""
    if math.isinf(positive(dof, "dof", infinite=True)) or math.isinf(number(t, "t")) or t == 0:
        return normal_sf(t)
    _, tail = both(_t_side(abs(t) / math.sqrt(dof), dof))
    return tail / 2 if t > 0 else 1 - tail / 2


def t_quantile(p: float, dof: float) -> float:
    """t with P(T ≤ t) = p. Asked again for the same p and ν, it is remembered."""
    return _t_quantile(p, dof)


def t_coverage(p: float, dof: float) -> float:
    """k with P(|T| ≤ k) = p: the coverage factor (GUM G.3.2, table G.2). Remembered."""
    return _t_coverage(p, dof)


@lru_cache(CACHED)
def _t_quantile(p: float, dof: float) -> float:
    positive(dof, "dof", infinite=True)
    return signed(probability(p), lambda central, tail: _t_two_sided(central, tail, dof))


@lru_cache(CACHED)
def _t_coverage(p: float, dof: float) -> float:
    positive(dof, "dof", infinite=True)
    return _t_two_sided(probability(p), 1 - p, dof)


def _t_two_sided(central: float, tail: float, dof: float) -> float:
    normal = normal_two_sided(central, tail)
    if math.isinf(dof):
        return normal
    # D. L. Wallace, "Bounds on normal approximations to Student's and the chi-square distributions" (1959), for t.
    exponent = (normal * (8 * dof + 3) / (8 * dof + 1)) ** 2 / dof
    start = 0.5 * (math.log(math.expm1(exponent)) if exponent < 30 else exponent)
    most = (math.log(2 / (tail * dof)) - log_beta(dof / 2, 0.5)) / dof
    return solve(lambda ratio: _t_side(ratio, dof), central, tail, min(start, most), 1 + 1 / dof) * math.sqrt(dof)


def _t_side(ratio: float, dof: float) -> Side:
    """Of |T| at ratio·√ν: a beta variable's odds are ratio²."""
    is_lower, log_density, fraction, slope = beta_side_at_odds(0.5, dof / 2, ratio, ratio)
    return is_lower, log_density + math.log(2), fraction / 2, 2 * slope
