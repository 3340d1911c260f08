"""A preview while a budget is being typed: 16,384 quasi-random trials in milliseconds.

Sobol points with the direction numbers of Joe and Kuo (SIAM J. Sci. Comput. 30 (2008) 2635), eight sets of 2,048, each
shifted at random bit by bit. The sets are independent, so their scatter tells the preview's own standard errors.
"""

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.monte_carlo.interval import tails_of
from chuan.metrology.monte_carlo.moments import moments_of
from chuan.metrology.monte_carlo.run import refuse_many_rejected
from chuan.metrology.monte_carlo.simulation import Problem, saying_why
from chuan.metrology.monte_carlo.translation import problem_of

if TYPE_CHECKING:
    from chuan.metrology.inputs import Measurement

SETS = 8
#: Points in a set, a power of two: only then are they balanced.
POINTS = 2048
_BITS = 32

#: Primitive polynomial (its coefficients as bits) and initial direction numbers, from the second dimension on.
_DIRECTIONS = """
3 1; 7 1 3; 11 1 3 1; 13 1 1 1; 19 1 1 3 3; 25 1 3 5 13; 37 1 1 5 5 17; 41 1 1 5 5 5; 47 1 1 7 11 19; 55 1 1 5 1 1;
59 1 1 1 3 11; 61 1 3 5 5 31; 67 1 3 3 9 7 49; 91 1 1 1 15 21 21; 97 1 3 1 13 27 49; 103 1 1 1 15 7 5;
109 1 3 1 15 13 25; 115 1 1 5 5 19 61; 131 1 3 7 11 23 15 103; 137 1 3 7 13 13 15 69; 143 1 1 3 13 7 35 63;
145 1 3 5 9 1 25 53; 157 1 3 1 13 9 35 107; 167 1 3 1 5 27 61 31; 171 1 1 5 11 19 41 61; 185 1 3 5 3 3 13 69;
191 1 1 7 13 1 19 1; 193 1 3 7 5 13 19 59; 203 1 1 3 9 25 29 41; 211 1 3 5 13 23 1 55; 213 1 3 7 3 13 59 17;
229 1 3 1 3 5 53 69; 239 1 1 5 5 23 33 13; 241 1 1 7 7 1 61 123; 247 1 1 7 9 13 61 49
"""
#: Dimensions that have Sobol points; what a model needs beyond them is drawn at random.
DIMENSIONS = 1 + _DIRECTIONS.count(";") + 1


@dataclass(frozen=True)
class Preview:
    """One measurand, quickly. None as in `MonteCarloResult`; the standard errors are of the figures in their order."""

    estimate: float | None
    standard_uncertainty: float | None
    symmetric_interval: tuple[float, float]
    shortest_interval: tuple[float, float]
    #: Of the estimate, of u, of the low end and of the high end of the symmetric interval.
    standard_errors: tuple[float, float, float, float]
    #: Points at which the model gave a finite number.
    points: int


def preview(
    measurement: "Measurement", *, seed: int = 1, coverage_probability: float | None = None
) -> tuple[Preview, ...]:
    """A preview of each measurand, for a screen and not for a certificate; none where there is no joint distribution.

    Refused: more than 0.1 % of the points without a finite result.
    """
    problem = problem_of(measurement)
    if problem is None:
        return ()
    probability = measurement.coverage_probability if coverage_probability is None else coverage_probability
    return preview_of(problem, probability=probability, seed=seed)


def preview_of(problem: Problem, *, probability: float, seed: int = 1) -> tuple[Preview, ...]:
    """As `preview`, of a problem."""
    with saying_why(problem, seed):
        return _previewed(problem, probability, seed)


def _previewed(problem: Problem, probability: float, seed: int) -> tuple[Preview, ...]:
    plan = problem.plan
    uniforms = shifted_points(sum(source.dimension for source in plan.sources), seed)
    columns = np.empty((plan.inputs, SETS * POINTS))
    used = 0
    with np.errstate(all="ignore"):
        for source in plan.sources:
            source.transform(uniforms[used : used + source.dimension], columns)
            used += source.dimension
        given: list[NDArray[np.float64] | float] = list(columns)
        for column, value in plan.fixed:
            given[column] = value
        outputs = [np.broadcast_to(output, SETS * POINTS) for output in plan.evaluate(given)]
    return tuple(_figures(i, output, probability, problem) for i, output in enumerate(outputs))


def _figures(output: int, values: NDArray[np.float64], probability: float, problem: Problem) -> Preview:
    finite = np.isfinite(values)
    count = int(finite.sum())
    refuse_many_rejected(output, len(values) - count, len(values))
    sets = [row[kept] for row, kept in zip(values.reshape(SETS, -1), finite.reshape(SETS, -1), strict=True)]
    spread = np.std([_of_set(row, probability) for row in sets], axis=0, ddof=1) / math.sqrt(SETS)
    whole = moments_of(values[np.newaxis, finite])
    tails = tails_of(values[finite], probability)
    return Preview(
        estimate=float(whole.mean[0]) if problem.has_mean[output] else None,
        standard_uncertainty=float(whole.standard_deviation[0]) if problem.has_deviation[output] else None,
        symmetric_interval=tails.symmetric,
        shortest_interval=tails.shortest,
        standard_errors=(float(spread[0]), float(spread[1]), float(spread[2]), float(spread[3])),
        points=count,
    )


def _of_set(values: NDArray[np.float64], probability: float) -> tuple[float, float, float, float]:
    moments = moments_of(values[np.newaxis])
    low, high = tails_of(values, probability).symmetric
    return float(moments.mean[0]), float(moments.standard_deviation[0]), low, high


def shifted_points(dimension: int, seed: int) -> NDArray[np.float64]:
    """Uniform numbers (dimension, SETS·POINTS), strictly between 0 and 1, set after set."""
    generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed)))
    known = min(dimension, DIMENSIONS)
    shifts = generator.integers(0, 2**_BITS, size=(known, SETS, 1), dtype=np.uint32)
    shifted = sobol_points(known)[:, np.newaxis, :] ^ shifts
    uniforms = np.empty((dimension, SETS * POINTS))
    # Half a step in, so that neither 0 nor 1 occurs.
    uniforms[:known] = (shifted.reshape(known, SETS * POINTS) + 0.5) * 2.0**-_BITS
    generator.random(out=uniforms[known:])
    uniforms[known:] += 2.0**-54  # random() gives 0 but not 1
    return uniforms


@functools.lru_cache(maxsize=64)
def sobol_points(dimension: int) -> NDArray[np.uint32]:
    """The first POINTS points of the sequence in Gray code order, (dimension, POINTS); one array for all callers."""
    index = np.arange(1, POINTS, dtype=np.uint32)
    # Point i differs from point i − 1 by the direction of the lowest bit that is set in i.
    changed = np.log2(index & -index.astype(np.int64)).astype(np.intp)
    points = np.zeros((dimension, POINTS), dtype=np.uint32)
    for row, directions in zip(points, _directions()[:dimension], strict=True):
        row[1:] = np.bitwise_xor.accumulate(directions[changed])
    points.flags.writeable = False
    return points


@functools.lru_cache(maxsize=1)
def _directions() -> list[NDArray[np.uint32]]:
    """Direction numbers of each dimension, (_BITS,); the first is the van der Corput sequence."""
    found = [np.array([1 << (_BITS - 1 - k) for k in range(_BITS)], dtype=np.uint32)]
    for line in _DIRECTIONS.split(";"):
        polynomial, *initial = map(int, line.split())
        found.append(_extended(polynomial, initial))
    return found


def _extended(polynomial: int, initial: list[int]) -> NDArray[np.uint32]:
    """m_k = 2a₁m_{k−1} ⊕ 4a₂m_{k−2} ⊕ … ⊕ 2^s·m_{k−s} ⊕ m_{k−s}, s the polynomial's degree, as bits from the left."""
    degree = polynomial.bit_length() - 1
    m = list(initial)
    for k in range(degree, _BITS):
        value = m[k - degree] ^ (m[k - degree] << degree)
        for j in range(1, degree):
            if polynomial >> (degree - j) & 1:
                value ^= m[k - j] << j
        m.append(value)
    return np.array([value << (_BITS - 1 - k) for k, value in enumerate(m)], dtype=np.uint32)
