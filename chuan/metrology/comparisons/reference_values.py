"""Reference value of a comparison from the laboratories' results and uncertainties.

M. G. Cox, "The evaluation of key comparison data", Metrologia 39 (2002), procedure A; and "… determining the largest
consistent subset", Metrologia 44 (2007).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from chuan.metrology.numerals import measurable
from chuan.metrology.special import chi2_sf
from chuan.metrology.words import Refused, Text

_FEW = Text("cần ít nhất 2 kết quả, đang có {found}", "needs at least 2 results, found {found}")
_LENGTHS = Text(
    "phải có {wanted} giá trị như values, đang có {found}", "must have {wanted} values as values has, found {found}"
)
_POSITIVE = Text("phải lớn hơn 0, đang là {value:g}", "must be above 0, found {value:g}")
_MANY = Text(
    "phải thử hơn {most} tập con: bỏ bớt kết quả rõ ràng sai trước",
    "over {most} subsets to try: leave out plain errors first",
)

#: Results agree unless a χ² as large has a smaller probability.
_LEAST = 0.05
_MOST_SUBSETS = 50_000


@dataclass(frozen=True)
class WeightedMean:
    """Mean weighted by 1/u², and whether the results agree with it."""

    value: float
    standard_uncertainty: float
    chi_square: float
    dof: int
    #: P(χ² > observed); below 5 % the results do not agree.
    probability: float
    consistent: bool
    #: Which results were used, by their index.
    used: tuple[int, ...]


def weighted_mean(values: Sequence[float], standard_uncertainties: Sequence[float]) -> WeightedMean:
    """Of all results, with the χ² test of their consistency."""
    _check(values, standard_uncertainties)
    return _mean_of(values, standard_uncertainties, tuple(range(len(values))))


def largest_consistent_subset(values: Sequence[float], standard_uncertainties: Sequence[float]) -> WeightedMean:
    """The consistent subset that leaves out fewest results; of several, the one with the smallest χ²."""
    _check(values, standard_uncertainties)
    n, tried = len(values), 0
    found = _mean_of(values, standard_uncertainties, tuple(range(n)))
    for size in range(n - 1, 0, -1):
        if found.consistent:
            break
        tried += math.comb(n, size)
        if tried > _MOST_SUBSETS:
            raise Refused(_MANY.put(most=_MOST_SUBSETS), "values")
        subsets = combinations(range(n), size)
        best = min(subsets, key=lambda used: _weighted(values, standard_uncertainties, used)[2])
        found = _mean_of(values, standard_uncertainties, best)
    return found


def _weighted(
    values: Sequence[float], uncertainties: Sequence[float], used: Sequence[int]
) -> tuple[float, float, float]:
    """Mean, sum of weights, χ²."""
    weights = [1 / uncertainties[i] ** 2 for i in used]
    total = math.fsum(weights)
    mean = math.fsum(w * values[i] for w, i in zip(weights, used, strict=True)) / total
    return mean, total, math.fsum(w * (values[i] - mean) ** 2 for w, i in zip(weights, used, strict=True))


def _mean_of(values: Sequence[float], uncertainties: Sequence[float], used: tuple[int, ...]) -> WeightedMean:
    mean, total, chi_square = _weighted(values, uncertainties, used)
    dof = len(used) - 1
    probability = chi2_sf(chi_square, dof) if dof else 1.0
    return WeightedMean(mean, 1 / math.sqrt(total), chi_square, dof, probability, probability >= _LEAST, used)


def _check(values: Sequence[float], standard_uncertainties: Sequence[float]) -> None:
    if len(values) < 2:
        raise Refused(_FEW.put(found=len(values)), "values")
    if len(standard_uncertainties) != len(values):
        raise Refused(_LENGTHS.put(wanted=len(values), found=len(standard_uncertainties)), "standard_uncertainties")
    for i, (value, u) in enumerate(zip(values, standard_uncertainties, strict=True)):
        measurable(value, f"values[{i}]")
        if not measurable(u, f"standard_uncertainties[{i}]", divides=True) > 0:
            raise Refused(_POSITIVE.put(value=u), f"standard_uncertainties[{i}]")
