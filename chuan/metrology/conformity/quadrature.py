"""Numerical integration and root finding for the risks, in plain Python."""

import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise

from chuan.metrology.words import Refused, Text

_NODES = 16
_MOST_PANELS = 20_000
_RELATIVE = 1e-13
#: Of a probability, what rounding leaves undecided: no panel is halved for less.
_NOISE = 5e-16
_NO_CONVERGENCE = Text(
    "tích phân rủi ro theo phân bố này không hội tụ: độ rộng của nó, u và các giới hạn quá khác nhau về độ lớn",
    "the integral of a risk over this distribution does not converge: its width, u and the limits differ too much",
)


@lru_cache(maxsize=4)
def gauss_legendre(n: int) -> tuple[tuple[float, float], ...]:
    """Nodes and weights on [−1, 1]: the roots of the Legendre polynomial P_n by Newton's method."""
    rule = []
    for i in range(n):
        x = math.cos(math.pi * (i + 0.75) / (n + 0.5))
        slope = 1.0
        for _ in range(20):
            value, slope = _legendre(n, x)
            step = value / slope
            x -= step
            if abs(step) < 1e-16:
                break
        rule.append((x, 2 / ((1 - x * x) * slope * slope)))
    return tuple(rule)


def _legendre(n: int, x: float) -> tuple[float, float]:
    """P_n(x) and its derivative, by the three-term recurrence."""
    before, value = 1.0, x
    for k in range(2, n + 1):
        before, value = value, ((2 * k - 1) * x * value - (k - 1) * before) / k
    return value, n * (x * value - before) / (x * x - 1)


def _panel(f: Callable[[float], float], a: float, b: float) -> float:
    middle, half = (a + b) / 2, (b - a) / 2
    return half * math.fsum(weight * f(middle + half * x) for x, weight in gauss_legendre(_NODES))


def integrate(f: Callable[[float], float], points: Iterable[float]) -> float:
    """∫ f from the least to the greatest of `points`, first split at each of them.

    f is a probability times a density. A panel is halved until its value and the sum of its halves agree to 1e-13 of
    the whole, or to rounding; `points` should mark where f changes on its smallest scale, so that no peak lies unseen
    between two nodes.
    """
    edges = sorted(set(points))
    panels = [(a, b, _panel(f, a, b)) for a, b in pairwise(edges)]
    allowed = max(_NOISE, _RELATIVE * abs(math.fsum(value for _, _, value in panels)))
    parts: list[float] = []
    while panels:
        a, b, value = panels.pop()
        middle = (a + b) / 2
        left, right = _panel(f, a, middle), _panel(f, middle, b)
        if abs(left + right - value) <= allowed:
            parts += [left, right]
        elif len(parts) > _MOST_PANELS:
            raise Refused(_NO_CONVERGENCE, "prior")
        else:
            panels += [(a, middle, left), (middle, b, right)]
    return math.fsum(parts)


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """x between `low` and `high`, where f has opposite signs, with f(x) = 0 to the last digits (Chandrupatla 1997)."""
    a, b, fa, fb = low, high, f(low), f(high)
    share = 0.5
    while True:
        x = a + share * (b - a)
        fx = f(x)
        if (fx > 0) == (fa > 0):
            c, fc = a, fa
        else:
            c, fc, b, fb = b, fb, a, fa
        a, fa = x, fx
        best, least = (a, abs(fa)) if abs(fa) < abs(fb) else (b, abs(fb))
        nearest = 2 * math.ulp(best) / abs(b - a)
        if nearest > 0.5 or least == 0:
            return best
        share = min(1 - nearest, max(nearest, _inverse_quadratic(a, b, c, fa, fb, fc)))


def _inverse_quadratic(a: float, b: float, c: float, fa: float, fb: float, fc: float) -> float:
    """The share of [a, b] at which the inverse parabola through three points crosses zero; a half where it may not."""
    xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
    if phi**2 < xi and (1 - phi) ** 2 < 1 - xi:
        return fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    return 0.5
