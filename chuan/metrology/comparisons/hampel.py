"""Q method for the standard deviation and Hampel's estimate of the mean (ISO 13528:2022 C.5)."""

import math
from collections.abc import Sequence
from itertools import combinations

from chuan.metrology.numerals import exact
from chuan.metrology.special import normal_quantile

_CORNERS = (-4.5, -3.0, -1.5, 1.5, 3.0, 4.5)


def q_standard_deviation(values: Sequence[float]) -> float:
    """s* from all differences between two laboratories (C.5.2): withstands half the results being anything.

    Equal results are allowed for: their share of the pairs moves the quantile that is taken. Differences are taken in
    decimals, for 0.274 − 0.273 and 0.231 − 0.230 are equal to a person and must be one jump.
    """
    decimals = [exact(value) for value in values]
    differences = sorted(float(abs(a - b)) for a, b in combinations(decimals, 2))
    pairs = len(differences)
    equal = sum(d == 0 for d in differences) / pairs
    if equal == 1:
        return 0.0
    wanted = 0.25 + 0.75 * equal
    return _inverse(differences, wanted) / (math.sqrt(2) * normal_quantile(0.625 + 0.375 * equal))


def _inverse(differences: Sequence[float], wanted: float) -> float:
    """Where the smoothed distribution of the differences is `wanted`: straight between the middles of its jumps."""
    pairs = len(differences)
    below_x, below_g, index = 0.0, 0.0, 0
    while index < pairs:
        x, jump_from = differences[index], index
        while index < pairs and differences[index] == x:
            index += 1
        # At zero the whole jump counts, for there is nothing below it.
        g = index / pairs if x == 0 else (jump_from + index) / (2 * pairs)
        if g >= wanted:
            return below_x + (x - below_x) * (wanted - below_g) / (g - below_g)
        below_x, below_g = x, g
    return below_x


def hampel_mean(values: Sequence[float], standard_deviation: float) -> float:
    """x* with Σ ψ((x_i − x*)/s*) = 0, the solution nearest the median (C.5.3.3, in finitely many steps)."""
    ordered = sorted(values)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    if standard_deviation == 0:
        return middle
    nodes = sorted({y - corner * standard_deviation for y in values for corner in _CORNERS})
    sums = [math.fsum(_psi((y - node) / standard_deviation) for y in values) for node in nodes]
    roots = _roots(nodes, sums)
    return min(roots, key=lambda root: abs(root - middle)) if roots else middle


def _psi(q: float) -> float:
    """Hampel's function: q up to 1.5, level to 3, down to 0 at 4.5."""
    return math.copysign(max(0.0, min(abs(q), 1.5, 4.5 - abs(q))), q)


def _roots(nodes: Sequence[float], sums: Sequence[float]) -> list[float]:
    """Zeros of the broken line, those at its corners among them, inside the range of the results."""
    roots = []
    for i, (x, p) in enumerate(zip(nodes, sums, strict=True)):
        if abs(p) < 1e-12 * len(nodes) and 0 < i < len(nodes) - 1:
            roots.append(x)
        elif i + 1 < len(nodes) and p * sums[i + 1] < 0:
            roots.append(x + (nodes[i + 1] - x) * p / (p - sums[i + 1]))
    return roots
