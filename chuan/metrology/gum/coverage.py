"""Coverage factors from Student's t, or as stated (GUM 6.3, G.3, G.4)."""

import math
from functools import lru_cache

from chuan.metrology.special import t_cdf, t_coverage

#: Lifts an effective ν that is a whole number but for rounding back over it before it is truncated.
_ROUNDING = 1e-9


@lru_cache(maxsize=4096)
def coverage_factor(probability: float, dof: float) -> float:
    """k of a two-sided interval of Student's t; dof may be infinite (GUM G.3.4)."""
    return t_coverage(probability, dof)


def truncated(effective_dof: float) -> float:
    """ν truncated to the integer behind k, never below 1; infinite stays (GUM G.4.1)."""
    if math.isinf(effective_dof):
        return effective_dof
    return max(1.0, float(math.floor(effective_dof * (1 + _ROUNDING))))


@lru_cache(maxsize=4096)
def coverage_probability(factor: float, dof: float) -> float:
    """Probability of ±k under Student's t with ν."""
    return 1 - 2 * t_cdf(-factor, dof)
