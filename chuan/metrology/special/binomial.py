"""The binomial distribution, summed exactly through the incomplete beta function."""

import math

from chuan.metrology.special.beta import beta_cdf, beta_sf, log_beta_density
from chuan.metrology.words import Refused, Text

_SHARE = Text("phải từ 0 đến 1, đang là {value}", "must be 0 to 1, found {value}")
_WHOLE = Text("phải là số nguyên không âm, đang là {value}", "must be a whole number, 0 or more, found {value}")
_COUNT = Text("phải là số nguyên từ 0 đến {most}, đang là {value}", "must be a whole number 0 to {most}, found {value}")


def binomial_pmf(k: int, n: int, p: float) -> float:
    """P(X = k) of n trials that each succeed with probability p, 0 ≤ p ≤ 1."""
    _trials(k, n, p)
    if p in (0, 1):
        return float(k == n * p)
    if k in (0, n):
        return math.exp(n * (math.log1p(-p) if k == 0 else math.log(p)))
    # The beta density with the counts as its parameters, per trial instead of per unit of log odds.
    return math.exp(log_beta_density(k, n - k, p, 1 - p)) * n / (k * (n - k))


def binomial_cdf(k: int, n: int, p: float) -> float:
    """P(X ≤ k)."""
    if k == -1:
        return 0.0
    _trials(k, n, p)
    return 1.0 if k == n else beta_sf(p, k + 1, n - k)


def binomial_sf(k: int, n: int, p: float) -> float:
    """P(X > k)."""
    if k == -1:
        return 1.0
    _trials(k, n, p)
    return 0.0 if k == n else beta_cdf(p, k + 1, n - k)


def _trials(k: int, n: int, p: float) -> None:
    if n < 0 or n != int(n):
        raise Refused(_WHOLE.put(value=n), "n")
    if not 0 <= k <= n or k != int(k):
        raise Refused(_COUNT.put(value=k, most=n), "k")
    if not 0 <= p <= 1:
        raise Refused(_SHARE.put(value=p), "p")
