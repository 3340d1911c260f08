"""What the laboratory makes of each way: estimate, u, ν_eff, k, U, and the numbers it prints (GUM 5, 6, 7, G.4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.coverage_audit.data_path import Ways
from chuan.metrology.gum.many import coverage_factors
from chuan.metrology.inputs import Measurement
from chuan.metrology.monte_carlo.quantiles import special

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Stated:
    """One measurand in all repetitions, columns (repetitions,): the truth, and what is stated of it.

    `printed` and `printed_uncertainty` are rounded as on a certificate.
    """

    truth: Column
    estimate: Column
    standard_uncertainty: Column
    expanded_uncertainty: Column
    printed: Column
    printed_uncertainty: Column


@dataclass(frozen=True)
class Tangent:
    """A model's first-order Taylor expansion, evaluated as a model is."""

    at: tuple[float, ...]
    values: tuple[float, ...]
    gradients: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, measurement: Measurement) -> "Tangent":
        """At the values of the inputs."""
        at = measurement.structure.values
        return cls(at, *measurement.model.value_and_gradient(at))

    def vector(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """The tangents' values, (repetitions,) each."""
        return tuple(
            value + sum((c * (x - x0) for c, x, x0 in zip(row, columns, self.at, strict=True)), np.zeros(()))
            for value, row in zip(self.values, self.gradients, strict=True)
        )

    def vector_value_and_gradient(
        self, columns: Sequence[Column]
    ) -> tuple[tuple[Column, ...], tuple[tuple[Column, ...], ...]]:
        """With the same gradients everywhere."""
        gradients = tuple(tuple(np.broadcast_to(c, columns[0].shape) for c in row) for row in self.gradients)
        return self.vector(columns), gradients


def stated(measurement: Measurement, ways: Ways, *, straight: bool = False) -> tuple[Stated, ...]:
    """Each measurand as the laboratory states it; rows that are not finite stay so.

    `straight` puts the model's tangent at the file's values in place of the model.
    """
    model = Tangent.of(measurement) if straight else measurement.model
    truths = model.vector(ways.truth)
    estimates, gradients = model.vector_value_and_gradient(ways.estimate)
    return tuple(
        _one(measurement, ways, np.broadcast_to(truth, shape), np.broadcast_to(estimate, shape), gradient)
        for truth, estimate, gradient in zip(truths, estimates, gradients, strict=True)
        for shape in [ways.truth[0].shape]
    )


def _one(measurement: Measurement, ways: Ways, truth: Column, estimate: Column, gradient: Sequence[Column]) -> Stated:
    terms = _terms(measurement, ways, gradient)
    variance = np.zeros(truth.shape)
    for term, _ in terms:
        variance = variance + term
    u = np.sqrt(variance)
    expanded = _factors(measurement, _dof(terms, variance)) * u
    printed, printed_uncertainty = rounded(estimate, expanded, measurement.rounding)
    return Stated(truth, estimate, u, expanded, printed, printed_uncertainty)


def _terms(measurement: Measurement, ways: Ways, gradient: Sequence[Column]) -> list[tuple[Column, Column | float]]:
    """Variances of the independent terms, each with its 1/ν."""
    terms: list[tuple[Column, Column | float]] = []
    alone = set(range(len(gradient)))
    for block in ways.blocks:
        c = np.array([np.broadcast_to(gradient[i], ways.truth[0].shape) for i in block.columns])
        terms.append((np.maximum(np.einsum("ir,ijr,jr->r", c, block.covariance, c), 0.0), 1 / block.dof))
        alone -= set(block.columns)
    for group in measurement.structure.groups:
        if not group.observed and not group.terms:
            own = np.array([gradient[i] * ways.uncertainty[i] for i in group.indices])
            variance = np.maximum(np.einsum("ir,ij,jr->r", own, np.array(group.correlation), own), 0.0)
            terms.append((variance, 1 / (group.block_dof or math.inf)))
            alone -= set(group.indices)
    for common in ways.commons:
        moved = sum(gradient[i] * u for i, u in zip(common.columns, common.uncertainties, strict=True))
        terms.append((np.square(moved) * common.known, 1 / common.dof))
    terms += [((gradient[i] * ways.uncertainty[i]) ** 2, ways.inverse_dof[i]) for i in sorted(alone)]
    return terms


def _dof(terms: Sequence[tuple[Column, Column | float]], variance: Column) -> Column:
    """ν_eff by Welch–Satterthwaite; infinite where nothing with a finite ν contributes."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(variance > 0, 1 / variance, 0.0)
        inverse: Column = sum(((term * scale) ** 2 * share for term, share in terms), start=np.zeros(variance.shape))
        dof: Column = 1 / inverse
    return dof


def _factors(measurement: Measurement, dof: Column) -> Column | float:
    """k as the file's `coverage` says: stated, Student's t at ν truncated, or at ν as it is."""
    if measurement.coverage_factor is not None:
        return measurement.coverage_factor
    if measurement.coverage == "t":
        return coverage_factors(measurement.coverage_probability, dof)
    upper = (1 + measurement.coverage_probability) / 2
    k: Column = np.where(np.isinf(dof), special().ndtri(upper), special().stdtrit(np.minimum(dof, 1e300), upper))
    return k


def rounded(estimate: Column, expanded: Column, rule: str) -> tuple[Column, Column]:
    """U to two significant digits by the file's rule and the value to the same place; unchanged where U is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        place = 10.0 ** (np.floor(np.log10(expanded)) - 1)
        digits = expanded / place
        half_away = np.floor(digits + 0.5)
        up = np.ceil(digits - 1e-9)
        if rule == "half_away":
            whole = half_away
        elif rule == "up":
            whole = up
        else:
            whole = np.where(digits - half_away > 0.05 * digits, up, half_away)
        place = np.where(whole >= 100, place * 10, place)
        value = np.copysign(np.floor(np.abs(estimate) / place + 0.5) * place, estimate)
        usable = (expanded > 0) & np.isfinite(expanded)
        return (
            np.where(usable, value, estimate),
            np.where(usable, np.where(whole >= 100, 10.0, whole) * place, expanded),
        )


def standard_error(share: float, count: int) -> float:
    """Of a share found in `count` repetitions; of none or all as if one had been the other way."""
    inside = min(max(share, 1 / count), 1 - 1 / count)
    return math.sqrt(inside * (1 - inside) / count)
