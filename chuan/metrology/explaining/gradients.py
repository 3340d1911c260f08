"""A difference of a function's values laid on its arguments, in parts that add up and do not prefer an end.

Aumann and Shapley's attribution: each part is Δx_i times the mean of ∂f/∂x_i along the straight line between the ends.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

Gradient = Callable[[Sequence[float]], Sequence[float]]

#: Exact for polynomials up to degree 31; a smooth model needs far less over the change of a year.
_POINTS = 16


@lru_cache(maxsize=1)
def _nodes() -> tuple[tuple[float, float], ...]:
    """Gauss–Legendre nodes and weights on [−1, 1] by Newton's method, exactly symmetric about 0."""
    positive = []
    for k in range(_POINTS // 2):
        x = math.cos(math.pi * (k + 0.75) / (_POINTS + 0.5))
        for _ in range(10):
            p, slope = _legendre(x)
            x -= p / slope
        slope = _legendre(x)[1]
        positive.append((x, 2 / ((1 - x * x) * slope * slope)))
    return tuple((sign * x, weight) for x, weight in positive for sign in (-1, 1))


def _legendre(x: float) -> tuple[float, float]:
    """The Legendre polynomial and its slope."""
    before, p = 1.0, x
    for n in range(2, _POINTS + 1):
        before, p = p, ((2 * n - 1) * x * p - (n - 1) * before) / n
    return p, _POINTS * (x * p - before) / (x * x - 1)


def attributed(gradient: Gradient, start: Sequence[float], end: Sequence[float]) -> tuple[float, ...]:
    """The part of each argument in f(end) − f(start); they sum to it but for the integration's error.

    Swapping the ends changes each sign and nothing else.
    """
    change = [b - a for a, b in zip(start, end, strict=True)]
    moving = [i for i, d in enumerate(change) if d]
    if not moving:
        return (0.0,) * len(change)
    middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
    terms: dict[int, list[float]] = {i: [] for i in moving}
    for t, weight in _nodes():
        slopes = gradient([m + t * d / 2 for m, d in zip(middle, change, strict=True)])
        for i in moving:
            terms[i].append(weight / 2 * slopes[i])
    return tuple(d * math.fsum(terms.get(i, ())) for i, d in enumerate(change))
