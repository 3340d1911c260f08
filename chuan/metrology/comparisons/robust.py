"""Robust location and scale of the participants' results (ISO 13528:2022 annex C).

The standard's printed factors 1.483, 0.7413 and 1.134 are used as printed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chuan.metrology.comparisons.hampel import hampel_mean, q_standard_deviation
from chuan.metrology.numerals import exact, measurable
from chuan.metrology.words import Refused, Text

ConsensusMethod = Literal["algorithm_a", "q_hampel", "median"]
StoppingRule = Literal["converged", "three_figures"]
"""Until mean and sd move by less than 10⁻¹⁰ of the sd, or until their third significant figure stays (C.3.1)."""

_FEW = Text("cần ít nhất {least} kết quả, đang có {found}", "needs at least {least} results, found {found}")
_DIVERGES = Text("thuật toán A không hội tụ", "algorithm A does not converge")

_LEAST = 3
_SETTLED = 1e-10
#: The smallest sd that tells results apart, of their last place and of their size.
_OF_A_PLACE, _OF_SIZE = 1e-3, 1e-14
_MOST_STEPS = 10_000


@dataclass(frozen=True)
class Consensus:
    """What the participants' results agree on; u = 1.25·sd/√n (ISO 13528 7.7.3)."""

    method: ConsensusMethod
    mean: float
    sd: float
    n: int
    iterations: int | None = None
    stopping_rule: StoppingRule | None = None

    @property
    def u(self) -> float:
        """Standard uncertainty of the mean."""
        return 1.25 * self.sd / math.sqrt(self.n)


def quantile(values: Sequence[float], p: float) -> float:
    """Linear between order statistics (Hyndman and Fan's type 7)."""
    ordered = sorted(values)
    position = p * (len(ordered) - 1)
    below = min(int(position), len(ordered) - 2) if len(ordered) > 1 else 0
    if len(ordered) == 1:
        return ordered[0]
    return ordered[below] + (position - below) * (ordered[below + 1] - ordered[below])


def median(values: Sequence[float]) -> float:
    """The middle result (C.2.1)."""
    return quantile(values, 0.5)


def made(values: Sequence[float]) -> float:
    """1.483 × the median of the distances from the median (C.2.2)."""
    center = median(values)
    return 1.483 * median([abs(x - center) for x in values])


def niqr(values: Sequence[float]) -> float:
    """0.7413 × the interquartile range (C.2.3)."""
    return 0.7413 * (quantile(values, 0.75) - quantile(values, 0.25))


def consensus(
    values: Sequence[float], method: ConsensusMethod = "algorithm_a", stopping_rule: StoppingRule = "converged"
) -> Consensus:
    """Algorithm A; Q method with Hampel's mean; or the median with the normalised interquartile range."""
    _check(values)
    if method == "algorithm_a":
        return algorithm_a(values, stopping_rule)
    if method == "q_hampel":
        sd = q_standard_deviation(values)
        return Consensus(method, hampel_mean(values, sd), sd, len(values))
    return Consensus(method, median(values), niqr(values), len(values))


def algorithm_a(values: Sequence[float], stopping_rule: StoppingRule = "converged") -> Consensus:
    """Mean and sd of the results drawn in to 1.5 sd from the mean, until both stay (C.3.1).

    Where so many results are equal that the rest are drawn in for ever, the sd is 0 and the mean what they are.
    """
    _check(values)
    n, least = len(values), _least_sd(values)
    mean, sd = median(values), _starting_sd(values)
    for step in range(1, _MOST_STEPS):
        low, high = mean - 1.5 * sd, mean + 1.5 * sd
        drawn = [min(high, max(low, x)) for x in values]
        next_mean = math.fsum(drawn) / n
        next_sd = 1.134 * math.sqrt(math.fsum((x - next_mean) ** 2 for x in drawn) / (n - 1))
        if next_sd < least:
            return Consensus("algorithm_a", median(values), 0.0, n, step, stopping_rule)
        stays = _stays(stopping_rule, (mean, sd), (next_mean, next_sd))
        mean, sd = next_mean, next_sd
        if stays:
            return Consensus("algorithm_a", mean, sd, n, step, stopping_rule)
    raise Refused(_DIVERGES, "result")


def _check(values: Sequence[float]) -> None:
    if len(values) < _LEAST:
        raise Refused(_FEW.put(least=_LEAST, found=len(values)), "result")
    for i, value in enumerate(values):
        measurable(value, f"result[{i}].value")


def _starting_sd(values: Sequence[float]) -> float:
    """MADe; where more than half of the results are equal it is 0 and would freeze the algorithm."""
    center = math.fsum(values) / len(values)
    plain = math.sqrt(math.fsum((x - center) ** 2 for x in values) / (len(values) - 1))
    return made(values) or niqr(values) or plain


def _least_sd(values: Sequence[float]) -> float:
    """What is no scatter of results: far below their last decimal place, or rounding beside their size."""
    places = [int(exact(x).normalize().as_tuple().exponent) for x in values if x]
    return max(_OF_A_PLACE * 10.0 ** min(places, default=0), _OF_SIZE * max(map(abs, values)))


def _stays(rule: StoppingRule, before: tuple[float, float], after: tuple[float, float]) -> bool:
    if rule == "three_figures":
        return all(f"{a:.2e}" == f"{b:.2e}" for a, b in zip(before, after, strict=True))
    return all(abs(a - b) <= _SETTLED * after[1] for a, b in zip(before, after, strict=True))
