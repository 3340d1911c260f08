"""Small builders for Monte Carlo tests."""

from typing import Any

from chuan.metrology.distributions import Distribution
from chuan.metrology.inputs import Component, Input, Measurement
from chuan.metrology.model import Model
from chuan.metrology.monte_carlo import MonteCarloResult, simulate


def known(symbol: str, distribution: Distribution) -> Input:
    """An input of one distribution, which stands at the value."""
    return Input(symbol, distribution.mean, (Component("", distribution),))


def measured(equation: str, *inputs: Input, **more: Any) -> Measurement:
    """One measurand y, or several written "y = …; z = …"."""
    equations = [tuple(part.split("=", 1)) for part in f"{equation if '=' in equation else 'y=' + equation}".split(";")]
    symbols = [item.symbol for item in inputs]
    symbols += [symbol for block in more.get("simultaneous", ()) for symbol in block.symbols]
    model = Model.from_equations([(name.strip(), text.strip()) for name, text in equations], symbols)
    return Measurement(model, inputs, **more)


def only(measurement: Measurement, **options: Any) -> MonteCarloResult:
    """The result of a measurement with one measurand."""
    (result,) = simulate(measurement, **options)
    return result
