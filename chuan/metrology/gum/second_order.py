"""Second-order terms of the law of propagation (GUM 5.1.2 note), and whether they matter."""

import math
from dataclasses import dataclass

from chuan.metrology.inputs import Measurement
from chuan.metrology.words import Refused


@dataclass(frozen=True)
class SecondOrder:
    """Estimate f + ½ Σ f_ii u_i², and u with the terms ½ f_ij² + f_i f_ijj.

    The expansion stops after the second order, so that its variance can fall below zero where the model bends
    strongly; `standard_uncertainty` is None then.
    """

    estimate: float
    standard_uncertainty: float | None


def second_order(measurement: Measurement) -> tuple[SecondOrder | None, ...]:
    """Second-order estimate and u of each measurand, as `second_order_of` has them."""
    outputs = range(len(measurement.model.outputs))
    return tuple(second_order_of(measurement, output) for output in outputs)


def second_order_of(measurement: Measurement, output: int) -> SecondOrder | None:
    """Second-order estimate and u of one measurand; None with any correlation, where it has no finite second
    derivatives, and where its model is too large for them.

    u² = Σ f_i²u_i² + ΣΣ (½ f_ij² + f_i f_ijj) u_i²u_j², normal moments whatever the distributions.
    """
    structure, model = measurement.structure, measurement.model
    if structure.correlated:
        return None
    try:
        terms = model.second_order(structure.values, output)
    except Refused:
        # x^1.5 at 0 has a slope but no curvature; implicit models have no second order at all.
        return None
    part, places = model.parts[output]
    (value,) = part.values([structure.values[place] for place in places])
    squares = [structure.uncertainties[place] ** 2 for place in places]
    first, second, third = terms.first, terms.second, terms.third
    shift = math.fsum(second[i][i] * square for i, square in enumerate(squares)) / 2
    variance = math.fsum(first[i] ** 2 * square for i, square in enumerate(squares)) + math.fsum(
        (second[i][j] ** 2 / 2 + first[i] * third[i][j]) * a * b
        for i, a in enumerate(squares)
        for j, b in enumerate(squares)
    )
    if not (math.isfinite(variance) and math.isfinite(shift)):
        return None
    return SecondOrder(value + shift, math.sqrt(variance) if variance >= 0 else None)


def too_large(measurement: Measurement, output: int) -> bool:
    """Whether a measurand has no second-order terms because its model is too large for them."""
    return not measurement.structure.correlated and not measurement.model.gives_second_order(output)


def two_digit_tolerance(u: float) -> float:
    """δ = 10^l/2 with u = c·10^l and c of two digits (JCGM 101 7.9.2)."""
    if not u:
        return 0.0
    exponent = int(f"{u:.1e}".partition("e")[2]) - 1
    return 0.5 * 10.0**exponent


def is_nonlinear(estimate: float, u: float, second: SecondOrder | None) -> bool:
    """Whether second-order terms change a digit that is printed: u or estimate moves by more than δ of u."""
    if second is None:
        return False
    if second.standard_uncertainty is None:
        return True
    delta = two_digit_tolerance(u)
    return abs(second.standard_uncertainty - u) > delta or abs(second.estimate - estimate) > delta
