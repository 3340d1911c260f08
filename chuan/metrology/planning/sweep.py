"""U as a function of one input's u or value."""

from collections.abc import Sequence
from dataclasses import dataclass

from chuan.metrology.inputs import Measurement
from chuan.metrology.planning.levers import Lever, scaled, standard_uncertainty, with_value
from chuan.metrology.planning.reached import Reached, reached


@dataclass(frozen=True)
class SweepPoint:
    """The chain of a measurand at one u, or one value, of an input."""

    at: float
    reached: Reached


def sweep_uncertainty(
    measurement: Measurement, symbol: str, lever: Lever, uncertainties: Sequence[float]
) -> tuple[SweepPoint, ...]:
    """The measurand `symbol` at each u of a lever (in the input's unit, above 0), its ν kept."""
    now = standard_uncertainty(measurement, lever)
    return tuple(SweepPoint(u, reached(scaled(measurement, lever, u / now), symbol)) for u in uncertainties)


def sweep_value(
    measurement: Measurement, symbol: str, input_symbol: str, values: Sequence[float]
) -> tuple[SweepPoint, ...]:
    """The measurand `symbol` at each value of an input (in its unit), its u kept."""
    return tuple(SweepPoint(x, reached(with_value(measurement, input_symbol, x), symbol)) for x in values)
