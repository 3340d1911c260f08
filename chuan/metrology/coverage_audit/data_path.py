"""One laboratory's way from truth to estimates, gone many times at once: readings, steps of the indication, Type A.

Arrays are (repetitions,). The truth of an input is its value in the file, moved by what the laboratory cannot see: each
Type B cause by a draw of its distribution, an indication by its place between two steps. The estimate is that value
moved by what it does see: the mean of readings that scatter about the truth with the file's s.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.distributions import Distribution, Normal, Rectangular, StudentT
from chuan.metrology.inputs import Component, Input, Measurement, Simultaneous
from chuan.metrology.inputs.quantities import SharedCause
from chuan.metrology.monte_carlo.draws import draw
from chuan.metrology.monte_carlo.sources import factor_of
from chuan.metrology.monte_carlo.translation import joint_sources
from chuan.metrology.words import Refused, Text

Column = NDArray[np.float64]

_NO_JOINT = Text(
    'đầu vào tương quan không phải chuẩn: chưa biết phân bố đồng thời (joint = "gaussian-copula" nếu chấp nhận)',
    'correlated inputs are not normal: their joint distribution is unknown (joint = "gaussian-copula" is one)',
)


@dataclass(frozen=True)
class Block:
    """Simultaneous observations of one repetition each: `covariance` of the means (N, N, repetitions), ν = n − 1."""

    columns: tuple[int, ...]
    covariance: Column
    dof: float


@dataclass(frozen=True)
class Common:
    """One error that several inputs share: its signed u in each.

    `known` is u² as the laboratory estimated it, as a part of u² itself, (repetitions,); ν is `dof`.
    """

    columns: tuple[int, ...]
    uncertainties: tuple[float, ...]
    known: Column
    dof: float


@dataclass
class Ways:
    """All inputs in the model's order: truth, estimate, u and 1/ν as the laboratory finds them, (repetitions,) each.

    u and 1/ν are of what is each input's own; errors that inputs share are in `commons`.
    """

    truth: list[Column]
    estimate: list[Column]
    uncertainty: list[Column]
    inverse_dof: list[Column]
    blocks: list[Block] = field(default_factory=list)
    commons: list[Common] = field(default_factory=list)


def step_of(readings: Sequence[float]) -> float:
    """The indication's step, as the readings' decimals show it: 20.13, 20.1 → 0.01; whole numbers → 1."""
    decimals = 0
    for reading in readings:
        mantissa, _, exponent = repr(float(reading)).partition("e")
        digits = mantissa.partition(".")[2].rstrip("0")
        decimals = max(decimals, len(digits) - int(exponent or 0))
    return float(f"1e{-decimals}")


def believed_step(readings: Sequence[float], u: float) -> float:
    """The step that readings show, or 0 where its own uncertainty, step/√12, would be above the u that is stated.

    Readings of 10 may have been of 10.00: a file keeps no zeros at the end of a number.
    """
    step = step_of(readings)
    return step if step <= math.sqrt(12) * u else 0.0


def ways(measurement: Measurement, steps: Mapping[str, float], generator: np.random.Generator, count: int) -> Ways:
    """`count` ways of all inputs; `steps` of the indications by symbol, endlessly fine where there is none."""
    structure = measurement.structure
    found = Ways(
        [np.full(count, value) for value in structure.values],
        [np.full(count, value) for value in structure.values],
        [np.full(count, u) for u in structure.uncertainties],
        [np.full(count, share) for share in structure.inverse_dof],
    )
    for block in measurement.simultaneous:
        _observe_block(block, measurement, steps, found, generator)
    by_column = {measurement.positions[item.symbol]: item for item in measurement.inputs}
    for group in measurement.structure.groups:
        if group.terms:
            _observe_shared({c: by_column.pop(c) for c in group.indices}, steps, found, generator)
        elif not group.observed:
            sources = joint_sources(measurement, group, {c: by_column.pop(c) for c in group.indices})
            if sources is None:
                raise Refused(_NO_JOINT, "correlation")
            columns, scratch = np.empty((len(structure.values), count)), np.empty(count)
            for source in sources:
                source.draw(generator, columns, scratch)
            for column in group.indices:
                found.truth[column] = columns[column]
    for column, item in by_column.items():
        _observe(column, item, steps.get(item.symbol, 0.0), found, generator)
    return found


def _observe(column: int, item: Input, step: float, found: Ways, generator: np.random.Generator) -> None:
    """One input: its readings, if it has any, and its other components; variances add, each keeps its ν."""
    count = len(found.truth[column])
    variance, weighted = np.zeros(count), np.zeros(count)
    components = list(item.components)
    if item.readings is not None:
        between = _between(step, count, generator)
        found.truth[column] = found.truth[column] + between
        # The file's s holds the scatter of the steps already, step²/12 of it.
        scatter = math.sqrt(max(item.readings.standard_deviation**2 - step**2 / 12, 0.0))
        (mean,), ((s2,),) = _read([(scatter,)], [between], [step], item.readings.n, generator)
        found.estimate[column] = found.estimate[column] + mean
        variance += s2
        weighted += s2**2 / (item.readings.n - 1)
        components = components[1:]
    for part in components:
        if item.readings is None or not (step and _is_resolution(part.distribution, step)):
            found.truth[column] = found.truth[column] + _error(part, count, generator)
        known = _known_variance(part, count, generator)
        variance += known
        weighted += known**2 / part.dof
    found.uncertainty[column] = np.sqrt(variance)
    with np.errstate(invalid="ignore"):
        found.inverse_dof[column] = np.where(variance > 0, weighted / variance**2, 0.0)


def _observe_shared(
    items: Mapping[int, Input], steps: Mapping[str, float], found: Ways, generator: np.random.Generator
) -> None:
    """Inputs that shared identities correlate: what is each one's own, and each common error once for all."""
    count = len(found.truth[0])
    uses: dict[SharedCause, list[tuple[int, Component]]] = {}
    for column, item in items.items():
        own = tuple(part for part in item.components if part.cause is None)
        _observe(column, replace(item, components=own), steps.get(item.symbol, 0.0), found, generator)
        for part in item.components:
            if part.cause is not None and part.standard_uncertainty:
                uses.setdefault(part.cause, []).append((column, part))
    for same in uses.values():
        first = same[0][1]
        size = first.standard_uncertainty
        error = _error(first, count, generator) / size
        signed = tuple(part.sign * part.standard_uncertainty for _, part in same)
        for (column, _), u in zip(same, signed, strict=True):
            found.truth[column] = found.truth[column] + u * error
        known = _known_variance(first, count, generator) / size**2
        found.commons.append(Common(tuple(column for column, _ in same), signed, known, first.dof))


def _between(step: float, count: int, generator: np.random.Generator) -> Column:
    """Where the true indication lies between two steps."""
    return step * (generator.random(count) - 0.5)


def _is_resolution(distribution: Distribution, step: float) -> bool:
    """A rectangle of half a step is the resolution of an indication that is already shown in steps here."""
    return isinstance(distribution, Rectangular) and math.isclose(distribution.half_width, step / 2, rel_tol=1e-6)


def _error(part: Component, count: int, generator: np.random.Generator) -> Column:
    """How far the truth lies from the value through this cause; what a Student t tells of is a Gaussian error."""
    distribution: Distribution = part.distribution
    if isinstance(distribution, StudentT):
        distribution = Normal(distribution.mean, distribution.u)
    out = np.empty(count)
    draw(distribution, generator, out, np.empty(count))
    out -= distribution.mean
    return out


def _known_variance(part: Component, count: int, generator: np.random.Generator) -> Column:
    """u² as the laboratory knows it: u²·χ²(ν)/ν where it was estimated, else u² (GUM G.4.2)."""
    u2 = part.standard_uncertainty**2
    if math.isinf(part.dof) or not u2:
        return np.full(count, u2)
    return u2 * generator.chisquare(part.dof, count) / part.dof


def _read(
    factor: Sequence[Sequence[float]],
    truths: Sequence[Column],
    steps: Sequence[float],
    n: int,
    generator: np.random.Generator,
) -> tuple[list[Column], list[list[Column]]]:
    """n readings of each quantity about `truths`, shown in `steps` (0 is none): means, and covariances of the means.

    `factor` is a square root of the readings' covariance. Readings are summed as they come, so n costs no memory.
    """
    size, count = len(truths), len(truths[0])
    sums = [np.zeros(count) for _ in range(size)]
    products = [[np.zeros(count) for _ in range(size)] for _ in range(size)]
    for _ in range(n):
        z = [generator.standard_normal(count) for _ in range(size)]
        shown = []
        for i in range(size):
            reading = truths[i] + sum(factor[i][j] * z[j] for j in range(i + 1))
            shown.append(np.rint(reading / steps[i]) * steps[i] if steps[i] else reading)
            sums[i] += shown[i]
        for i in range(size):
            for j in range(i + 1):
                products[i][j] += shown[i] * shown[j]
    for i in range(size):
        for j in range(i + 1):
            products[i][j] = (products[i][j] - sums[i] * sums[j] / n) / (n * (n - 1))
            if i == j:
                np.maximum(products[i][j], 0.0, out=products[i][j])
            products[j][i] = products[i][j]
    return [total / n for total in sums], products


def _observe_block(
    block: Simultaneous,
    measurement: Measurement,
    steps: Mapping[str, float],
    found: Ways,
    generator: np.random.Generator,
) -> None:
    """Rows of simultaneous readings with the file's covariance, each column in the steps its readings show."""
    count = len(found.truth[0])
    columns = tuple(measurement.positions[symbol] for symbol in block.symbols)
    covariance = [[cell / (block.n - 1) for cell in row] for row in block.scatter]
    shown = [steps.get(symbol, 0.0) for symbol in block.symbols]
    between = [_between(step, count, generator) for step in shown]
    means, of_means = _read(factor_of(covariance, block.symbols), between, shown, block.n, generator)
    for k, column in enumerate(columns):
        found.truth[column] = found.truth[column] + between[k]
        found.estimate[column] = found.estimate[column] + means[k]
        found.uncertainty[column] = np.sqrt(of_means[k][k])
    found.blocks.append(Block(columns, np.array(of_means), float(block.dof)))
