"""Maximum likelihood of a reliability model from counts in tolerance: damped Fisher scoring from several starts."""

import math
from collections.abc import Callable, Sequence

from chuan.metrology.intervals.models import ReliabilityModel

#: Probabilities of exactly 0 or 1 would make one contrary outcome impossible.
_LEAST = 1e-12
#: A scaled parameter that went towards 0 so far is 0.
_NEGLIGIBLE = 1e-9
_STEP = 1e-5
_MOST_STEPS = 300


def maximise(
    model: ReliabilityModel, days: Sequence[float], n: Sequence[int], in_tolerance: Sequence[int], scale: float
) -> tuple[float, ...]:
    """θ of greatest likelihood; `scale` is a typical time (1/rate), in which the model's starts are written."""
    times = [t / scale for t in days]

    def curve(free: Sequence[float]) -> list[float]:
        theta = _bounded(model, free)
        return [min(1 - _LEAST, max(_LEAST, model.reliability(theta, t))) for t in times]

    def likelihood(r: Sequence[float]) -> float:
        return math.fsum(
            g * math.log(ri) + (ni - g) * math.log1p(-ri) for ri, ni, g in zip(r, n, in_tolerance, strict=True)
        )

    found = [_climb(curve, likelihood, _freed(model, start), n, in_tolerance) for start in model.starts]
    best = max(found, key=lambda free: likelihood(curve(free)))
    theta = [
        0.0 if above and p < _NEGLIGIBLE else p for p, above in zip(_bounded(model, best), model.positive, strict=True)
    ]
    return tuple(p * scale**-power for p, power in zip(theta, model.powers, strict=True))


def _bounded(model: ReliabilityModel, free: Sequence[float]) -> list[float]:
    return [math.exp(min(60.0, f)) if above else f for f, above in zip(free, model.positive, strict=True)]


def _freed(model: ReliabilityModel, theta: Sequence[float]) -> list[float]:
    return [math.log(p) if above else p for p, above in zip(theta, model.positive, strict=True)]


def _climb(
    curve: Callable[[Sequence[float]], list[float]],
    likelihood: Callable[[Sequence[float]], float],
    start: list[float],
    n: Sequence[int],
    in_tolerance: Sequence[int],
) -> list[float]:
    """Fisher scoring, its steps damped while they do not climb (Levenberg and Marquardt)."""
    free, r = start, curve(start)
    height, damping = likelihood(r), 1e-3
    for _ in range(_MOST_STEPS):
        information, score = _fisher(curve, free, r, n, in_tolerance)
        step = _solve(information, score, damping)
        tried = [f + s for f, s in zip(free, step, strict=True)]
        tried_r = curve(tried)
        tried_height = likelihood(tried_r)
        if tried_height >= height:
            settled = max(map(abs, step)) < 1e-11
            free, r, height, damping = tried, tried_r, tried_height, max(1e-12, damping / 10)
            if settled:
                break
        else:
            damping *= 10
            if damping > 1e12:
                break
    return free


def _fisher(
    curve: Callable[[Sequence[float]], list[float]],
    free: Sequence[float],
    r: Sequence[float],
    n: Sequence[int],
    in_tolerance: Sequence[int],
) -> tuple[list[list[float]], list[float]]:
    """Information matrix and score by central differences of the curve."""
    slopes = []
    for j in range(len(free)):
        up, down = ([f + sign * _STEP * (i == j) for i, f in enumerate(free)] for sign in (1, -1))
        slopes.append([(a - b) / (2 * _STEP) for a, b in zip(curve(up), curve(down), strict=True)])
    weights = [1 / (ri * (1 - ri)) for ri in r]
    residuals = [w * (g - ni * ri) for w, g, ni, ri in zip(weights, in_tolerance, n, r, strict=True)]
    score = [math.fsum(d * e for d, e in zip(slope, residuals, strict=True)) for slope in slopes]
    information = [
        [math.fsum(ni * w * a * b for ni, w, a, b in zip(n, weights, p, q, strict=True)) for q in slopes]
        for p in slopes
    ]
    return information, score


def _solve(matrix: Sequence[Sequence[float]], right: Sequence[float], damping: float) -> list[float]:
    """(A + damping·diag A)⁻¹·right by elimination; a direction that changes nothing gets no step."""
    size = len(right)
    top = max(matrix[i][i] for i in range(size)) or 1.0
    rows = [
        [*row[:i], row[i] * (1 + damping) + 1e-14 * top, *row[i + 1 :], b]
        for i, (row, b) in enumerate(zip(matrix, right, strict=True))
    ]
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    found = [0.0] * size
    for i in reversed(range(size)):
        found[i] = (rows[i][size] - math.fsum(rows[i][j] * found[j] for j in range(i + 1, size))) / rows[i][i]
    largest = max(map(abs, found))
    return found if largest <= 3 else [f * 3 / largest for f in found]
