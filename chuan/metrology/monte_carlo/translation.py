"""From a measurement to the sources that Monte Carlo draws (JCGM 101 6; the contract's conventions).

Independent inputs draw their components one by one. Correlated inputs are jointly Gaussian where all are normal; where
only a shared standard or instrument binds them, its deviation is drawn once for all, whatever its distribution;
otherwise a Gaussian copula if the measurement asks for one, else there is no joint distribution. Simultaneous
observations are a multivariate t with ν = n − N.
"""

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

from chuan.metrology.distributions import ASYMMETRIC, Constant, Distribution, Normal, StudentT
from chuan.metrology.inputs import Component, Group, Input, Measurement, Simultaneous
from chuan.metrology.inputs.quantities import SharedCause
from chuan.metrology.inputs.standards import shared_coefficient
from chuan.metrology.model.tape import Tape
from chuan.metrology.monte_carlo.run import Plan
from chuan.metrology.monte_carlo.simulation import Problem
from chuan.metrology.monte_carlo.sources import Alone, Common, Copula, JointNormal, JointStudent, Source, factor_of

_SCALES = ("u", "half_width", "half_width_limit")


def problem_of(measurement: Measurement) -> Problem | None:
    """The measurement as sources and an evaluator; None where its correlated inputs have no joint distribution."""
    sources: list[Source] = [_block(measurement, block) for block in measurement.simultaneous]
    by_column = {measurement.positions[item.symbol]: item for item in measurement.inputs}
    bound: set[int] = set()
    for group in measurement.structure.groups:
        if not group.observed:
            joint = joint_sources(measurement, group, {c: by_column[c] for c in group.indices})
            if joint is None:
                return None
            sources += joint
            bound.update(group.indices)
    alone = {c: item for c, item in sorted(by_column.items()) if c not in bound}
    sources += [Alone(c, _parts(item)) for c, item in alone.items() if not item.is_constant]
    fixed = tuple((c, item.value) for c, item in alone.items() if item.is_constant)
    model = measurement.model
    least = [_least_dof(measurement, used) for used in _dependencies(model.tape, model.outputs)]
    plan = Plan(tuple(sources), len(model.inputs), len(model.outputs), model.vector, fixed)
    return Problem(plan, tuple(dof > 1 for dof in least), tuple(dof > 2 for dof in least), model)


def _parts(item: Input, components: Sequence[Component] | None = None) -> tuple[Distribution, ...]:
    """The components' distributions, the first moved so that their means add to the input's value."""
    kept = item.components if components is None else components
    if not kept:
        return (Constant(item.value),)
    first, *rest = (part.distribution for part in kept)
    away = item.value - math.fsum(part.mean for part in (first, *rest))
    # Asymmetric distributions stand at the value already; all others have a mean of their own to move.
    return (_with(first, mean=first.mean + away) if away else first, *rest)


def _block(measurement: Measurement, block: Simultaneous) -> JointStudent:
    """Shape matrix Σ(x−x̄)(x−x̄)ᵀ/(n·ν), ν = n − N."""
    dof = block.n - len(block.symbols)
    shape = [[cell / (block.n * dof) for cell in row] for row in block.scatter]
    columns = tuple(measurement.positions[symbol] for symbol in block.symbols)
    return JointStudent(columns, block.means, factor_of(shape, block.symbols), float(dof))


def joint_sources(measurement: Measurement, group: Group, items: dict[int, Input]) -> list[Source] | None:
    """Sources for one group of correlated inputs, `items` by column; None where they have no joint distribution."""
    symbols = [item.symbol for item in items.values()]
    scale = [item.standard_uncertainty for item in items.values()]
    means = tuple(item.value for item in items.values())
    if group.block_dof is not None or all(_is_normal(item) for item in items.values()):
        covariance = [
            [r * a * b for r, b in zip(row, scale, strict=True)]
            for row, a in zip(group.correlation, scale, strict=True)
        ]
        factor = factor_of(covariance, symbols)
        if group.block_dof is not None:
            return [JointStudent(group.indices, means, factor, group.block_dof)]
        return [JointNormal(group.indices, means, factor)]
    shared = _shared(group, items)
    if shared is not None:
        return shared
    marginals = [_marginal(item) for item in items.values()]
    whole = tuple(marginal for marginal in marginals if marginal is not None)
    if measurement.joint != "gaussian-copula" or len(whole) < len(marginals):
        return None
    return [Copula(group.indices, whole, factor_of(group.correlation, symbols))]


def _is_normal(item: Input) -> bool:
    return all(isinstance(part.distribution, (Normal, Constant)) for part in item.components)


def _marginal(item: Input) -> Distribution | None:
    """The one distribution of the whole input, where it has one."""
    if _is_normal(item):
        return Normal(item.value, item.standard_uncertainty)
    parts = _parts(item)
    return parts[0] if len(parts) == 1 else None


def _shared(group: Group, items: dict[int, Input]) -> list[Source] | None:
    """Inputs that only shared causes bind: their own parts, and the deviation of each shared cause drawn once.

    None where a correlation was stated otherwise, or where one cause stands with two shapes of distribution.
    """
    for i, a in enumerate(group.indices):
        for j, b in enumerate(group.indices[:i]):
            if group.correlation[i][j] != shared_coefficient(items[a], items[b])[0]:
                return None
    sources: list[Source] = []
    commons: dict[SharedCause, list[tuple[int, float, Distribution]]] = {}
    for column, item in items.items():
        own = [part for part in item.components if part.cause is None]
        sources.append(Alone(column, _parts(item, own)))
        for part in item.components:
            cause, u = part.cause, part.standard_uncertainty
            if cause is not None and isinstance(part.distribution, ASYMMETRIC):
                return None
            if cause is not None and u:
                shape = _standardised(part.distribution, u)
                commons.setdefault(cause, []).append((column, part.sign * u, shape))
    for uses in commons.values():
        shape = uses[0][2]
        if not all(_alike(shape, other) for _, _, other in uses):
            return None
        sources.append(Common(shape, tuple((column, u) for column, u, _ in uses)))
    return sources


def _standardised(distribution: Distribution, u: float) -> Distribution:
    """The distribution with mean 0 and standard uncertainty 1 (a Student t: scale 1)."""
    scales = {f.name: getattr(distribution, f.name) / u for f in dataclasses.fields(distribution) if f.name in _SCALES}
    return _with(distribution, mean=0.0, **scales)


def _with(distribution: Any, **fields: float) -> Distribution:
    """A symmetric distribution with other parameters; Any, for not every distribution has all of them."""
    changed: Distribution = dataclasses.replace(distribution, **fields)
    return changed


def _alike(first: Distribution, second: Distribution) -> bool:
    if type(first) is not type(second):
        return False
    pairs = zip(dataclasses.astuple(first), dataclasses.astuple(second), strict=True)
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs)


def _dependencies(tape: Tape, outputs: Sequence[str]) -> list[set[str]]:
    """The inputs that each output depends on, in the outputs' order; all of them where equations hold unknowns."""
    used = [{symbol} for symbol in tape.inputs]
    for step in tape.steps:
        used.append(set().union(*(used[slot] for slot in step.operands)))
    found = [used[slot] for slot in tape.results]
    return [set().union(*found)] * len(outputs) if any(used & set(outputs) for used in found) else found


def _least_dof(measurement: Measurement, used: set[str]) -> float:
    """The least ν of the t distributions and fits among the inputs `used`; infinite where there is none."""
    found = [
        part.dof
        for item in measurement.inputs
        if item.symbol in used
        for part in item.components
        if isinstance(part.distribution, StudentT) or part.fit
    ]
    found += [float(block.n - len(block.symbols)) for block in measurement.simultaneous if used & set(block.symbols)]
    return min(found, default=math.inf)
