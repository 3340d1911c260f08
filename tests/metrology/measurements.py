"""Builders of measurements for the tests of the kernel."""

import math
from typing import Any

from chuan.metrology.distributions import Normal
from chuan.metrology.gum import GumResult, propagate
from chuan.metrology.inputs import Component, Input, Measurement, Simultaneous
from chuan.metrology.model import Model

H1 = (
    ("l_s", 50000623.0, ((25.0, 18.0),)),
    ("d", 215.0, ((5.8, 24.0), (3.9, 5.0), (6.7, 8.0))),
    ("alpha_s", 11.5e-6, ((2e-6 / math.sqrt(3), math.inf),)),
    ("dalpha", 0.0, ((1e-6 / math.sqrt(3), 50.0),)),
    ("theta", -0.1, ((0.2, math.inf), (0.5 / math.sqrt(2), math.inf))),
    ("dtheta", 0.0, ((0.05 / math.sqrt(3), 2.0),)),
)


def normal(symbol: str, value: float, *parts: tuple[float, float]) -> Input:
    """An input of normal components, each (u, ν)."""
    return Input(symbol, value, tuple(Component(f"{k}", Normal(0.0, u), dof) for k, (u, dof) in enumerate(parts)))


def measured(equation: str, *inputs: Input, **more: Any) -> Measurement:
    """y of one equation, or several written "y = …; z = …"."""
    pairs = [part.split("=", 1) for part in (equation if "=" in equation else f"y = {equation}").split(";")]
    symbols = [item.symbol for item in inputs]
    symbols += [symbol for block in more.get("simultaneous", ()) for symbol in block.symbols]
    return Measurement(Model.from_equations([(name.strip(), text) for name, text in pairs], symbols), inputs, **more)


def only(measurement: Measurement) -> GumResult:
    """The result of the one measurand."""
    (result,) = propagate(measurement)
    return result


def end_gauge(**more: Any) -> Measurement:
    """GUM H.1."""
    return measured(
        "l_s + d - l_s*(dalpha*theta + alpha_s*dtheta)",
        *(normal(symbol, value, *parts) for symbol, value, parts in H1),
        **more,
    )


#: GUM H.2, table H.2.
H2 = Simultaneous(
    ("V", "I", "phi"),
    (
        (5.007, 19.663e-3, 1.0456),
        (4.994, 19.639e-3, 1.0438),
        (5.005, 19.640e-3, 1.0468),
        (4.990, 19.685e-3, 1.0428),
        (4.999, 19.678e-3, 1.0433),
    ),
)
