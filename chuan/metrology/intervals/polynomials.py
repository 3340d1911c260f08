"""The first positive root of a real polynomial, found between the turning points, and no root missed."""

from collections.abc import Sequence
from itertools import pairwise


def value(coefficients: Sequence[float], x: float) -> float:
    """c0 + c1·x + c2·x² + …"""
    total = 0.0
    for c in reversed(coefficients):
        total = total * x + c
    return total


def first_root(coefficients: Sequence[float]) -> float | None:
    """The smallest x > 0 where the polynomial is 0 or changes sign; None if there is none."""
    roots = _positive_roots(_trimmed(coefficients))
    return roots[0] if roots else None


def _trimmed(coefficients: Sequence[float]) -> list[float]:
    """Without leading zeros."""
    trimmed = list(coefficients)
    while trimmed and trimmed[-1] == 0:
        trimmed.pop()
    return trimmed


def _positive_roots(coefficients: list[float]) -> list[float]:
    """Every sign change above 0, in order; between two turning points there is at most one."""
    if len(coefficients) < 2:
        return []
    turns = _positive_roots([i * c for i, c in enumerate(coefficients)][1:])
    # Cauchy's bound: no root lies beyond it.
    bound = 1 + max(abs(c / coefficients[-1]) for c in coefficients[:-1])
    ends = [0.0, *turns, max(bound, turns[-1] * 2 if turns else 0.0)]
    roots = []
    for low, high in pairwise(ends):
        if value(coefficients, low) == 0 and low > 0:
            roots.append(low)
        elif value(coefficients, low) * value(coefficients, high) < 0:
            roots.append(_bisect(coefficients, low, high))
    return roots


def _bisect(coefficients: Sequence[float], low: float, high: float) -> float:
    negative_low = value(coefficients, low) < 0
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return middle
        if (value(coefficients, middle) < 0) == negative_low:
            low = middle
        else:
            high = middle
