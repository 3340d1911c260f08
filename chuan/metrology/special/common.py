"""What the distributions share: checks, Stirling's error, the deviance, and the solver of quantiles.

Quantiles are solved on the log of the smaller tail against the log of the variable (of the odds, for beta, F and t).
There every tail is concave, so Newton's steps (with Halley's correction) cannot run away, and no tail underflows.
"""

import math
from collections.abc import Callable
from functools import lru_cache

from chuan.metrology.words import Refused, Text

_PROBABILITY = Text("phải nằm giữa 0 và 1, đang là {value}", "must lie between 0 and 1, found {value}")
_POSITIVE = Text("phải lớn hơn 0, đang là {value}", "must be above 0, found {value}")
_NUMBER = Text("phải là một số, đang là {value}", "must be a number, found {value}")
_RANGE = Text(
    "phân vị vượt quá số lớn nhất mà máy tính biểu diễn được",
    "the quantile is beyond the largest number a computer holds",
)
SLOW = Text("phép tính không hội tụ", "the computation does not converge")

TINY = 1e-300
EPSILON = 2.0**-53
MOST_TERMS = 10_000_000
CACHED = 4096

#: One side of a distribution at a point: is it the lower one; the log of the density per log of the variable; the
#: side's probability over that density; the density's logarithmic slope.
Side = tuple[bool, float, float, float]


def number(value: float, key: str) -> float:
    """`value`, refused where it is not a number."""
    if math.isnan(value):
        raise Refused(_NUMBER.put(value=value), key)
    return value


def positive(value: float, key: str, *, infinite: bool = False) -> float:
    """`value` above 0, refused otherwise; infinity only where it means something."""
    if not value > 0 or (math.isinf(value) and not infinite):
        raise Refused(_POSITIVE.put(value=value), key)
    return value


def probability(p: float) -> float:
    """`p` between 0 and 1, refused otherwise."""
    if not 0 < p < 1:
        raise Refused(_PROBABILITY.put(value=p), "p")
    return p


def both(side: Side) -> tuple[float, float]:
    """The lower and the upper probability."""
    is_lower, log_density, ratio, _ = side
    probability = min(1.0, math.exp(log_density) * ratio)
    return (probability, 1 - probability) if is_lower else (1 - probability, probability)


def signed(p: float, two_sided: Callable[[float, float], float]) -> float:
    """The quantile of a distribution symmetric about 0; `two_sided` takes P(|X| ≤ x) and P(|X| > x)."""
    if p == 0.5:
        return 0.0
    tail = 2 * min(p, 1 - p)
    return math.copysign(two_sided(2 * abs(p - 0.5) if tail > 0.5 else 1 - tail, tail), p - 0.5)


def log_spread(a: float) -> float:
    """About the standard deviation of the log of a gamma variable of shape a."""
    return math.sqrt(1 + a) / a


@lru_cache(CACHED)
def stirling_error(z: float) -> float:
    """log Γ(z) − [(z − ½) log z − z + ½ log 2π]."""
    below = 0.0
    while z < 12:
        below += (z + 0.5) * math.log1p(1 / z) - 1
        z += 1
    s = 1 / (z * z)
    series = 1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s / 156)))))
    return below + series / z


def deviance(k: float, difference: float, mean: float) -> float:
    """k log(k/mean) + mean − k, with difference = k − mean known better than their subtraction gives it."""
    if abs(difference) > 0.1 * (k + mean):
        return k * math.log(k / mean) - difference
    v = difference / (k + mean)
    total, power, n = difference * v, 2 * k * v, 1
    while True:
        power *= v * v
        n += 2
        before, total = total, total + power / n
        if total == before:
            return total


def solve(side: Callable[[float], Side], lower: float, upper: float, start: float, width: float) -> float:
    """The point whose lower probability is `lower` and upper one `upper`, from the log of a guess and its spread."""
    wants_lower = lower <= upper
    sign = 1 if wants_lower else -1
    target = math.log(lower if wants_lower else upper)
    try:
        point = math.exp(start)
        for _ in range(200):
            if point == 0:
                return 0.0
            is_lower, log_density, ratio, slope = side(point)
            if is_lower == wants_lower:
                log_tail, hazard = log_density + math.log(ratio), 1 / ratio
            else:
                density = math.exp(log_density)
                log_tail, hazard = math.log1p(-density * ratio), density / (1 - density * ratio)
            newton = sign * (log_tail - target) / hazard
            halley = 1 - newton * (slope - sign * hazard) / 2
            step = newton / min(2.0, max(0.5, halley))
            point *= math.exp(-max(-8 * width, min(8 * width, step)))
            if abs(step) < 1e-6 * min(1.0, width):
                return point
    except OverflowError:
        raise Refused(_RANGE, "p") from None
    raise Refused(SLOW, "p")
