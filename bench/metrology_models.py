"""The models that the metrology bench runs: as measurements, and in numpy by hand as the floor of Monte Carlo."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.distributions import (
    Arcsine,
    CurvilinearTrapezoid,
    Distribution,
    Normal,
    Rectangular,
    StudentT,
)
from chuan.metrology.inputs import Component, Input, Measurement
from chuan.metrology.model import Model

Values = NDArray[np.float64]
Floor = Callable[[np.random.Generator, int], Values]

END_GAUGE = "l_s + d - l_s*(dalpha*theta + alpha_s*dtheta)"
END_GAUGE_INPUTS = ("l_s", "d", "alpha_s", "dalpha", "theta", "dtheta")
NONLINEAR = "a*b/c + exp(d/10)*sqrt(f) - g^2*sin(h) + ln(i)*j/(1 + k^2)"
#: Means and standard uncertainties of the ten inputs, by symbol.
NONLINEAR_INPUTS = {
    "a": (5.0, 0.05),
    "b": (3.0, 0.02),
    "c": (2.0, 0.03),
    "d": (7.0, 0.2),
    "f": (4.0, 0.1),
    "g": (1.5, 0.04),
    "h": (0.8, 0.02),
    "i": (6.0, 0.3),
    "j": (2.5, 0.05),
    "k": (0.7, 0.03),
}


@dataclass(frozen=True)
class Case:
    """One Monte Carlo model: the measurement and the same by hand."""

    name: str
    measurement: Measurement
    floor: Floor
    #: How much faster two threads must be.
    threads_target: float


def end_gauge_budget(model: Model | None = None) -> Measurement:
    """JCGM 100 H.1, its components apart."""
    return Measurement(
        model or Model.from_equations([("l", END_GAUGE)], END_GAUGE_INPUTS),
        (
            Input("l_s", 50000623.0, (Component("", Normal(50000623.0, 25), 18),)),
            Input("d", 215.0, tuple(Component("", StudentT(0, u, dof)) for u, dof in ((5.8, 24), (3.9, 5), (6.7, 8)))),
            Input("alpha_s", 11.5e-6, (Component("", Rectangular(0, 2e-6)),)),
            Input("dalpha", 0.0, (Component("", Rectangular(0, 1e-6), 50),)),
            Input("theta", -0.1, (Component("", Normal(0, 0.2)), Component("", Arcsine(0, 0.5)))),
            Input("dtheta", 0.0, (Component("", Rectangular(0, 0.05), 2),)),
        ),
    )


def _measurement(equation: str, inputs: dict[str, Distribution]) -> Measurement:
    model = Model.from_equations([("y", equation)], list(inputs))
    return Measurement(model, tuple(Input(s, d.mean, (Component("", d),)) for s, d in inputs.items()))


def _additive(generator: np.random.Generator, count: int) -> Values:
    y = generator.standard_normal(count)
    for _ in range(3):
        y += generator.standard_normal(count)
    return y


def _end_gauge(generator: np.random.Generator, count: int) -> Values:
    ls = 50000623 + 25 * generator.standard_t(18, count)
    d = 215 + 6 * generator.standard_t(24, count)
    d1 = 4 * generator.standard_t(5, count)
    d2 = 7 * generator.standard_t(8, count)
    alpha = generator.uniform(9.5e-6, 13.5e-6, count)
    theta = -0.1 + 0.2 * generator.standard_normal(count)
    delta = 0.5 * np.sin(2 * np.pi * generator.random(count))
    dalpha = (2 * generator.random(count) - 1) * (0.9e-6 + 0.2e-6 * generator.random(count))
    dtheta = (2 * generator.random(count) - 1) * (0.025 + 0.05 * generator.random(count))
    y: Values = ls + d + d1 + d2 - ls * (dalpha * (theta + delta) + alpha * dtheta)
    return y


def _nonlinear(generator: np.random.Generator, count: int) -> Values:
    a, b, c, d, f, g, h, i, j, k = (m + u * generator.standard_normal(count) for m, u in NONLINEAR_INPUTS.values())
    y: Values = a * b / c + np.exp(d / 10) * np.sqrt(f) - g**2 * np.sin(h) + np.log(i) * j / (1 + k**2)
    return y


def cases() -> tuple[Case, ...]:
    """The three models of `metrology-cases.md`."""
    additive = _measurement("x1 + x2 + x3 + x4", {f"x{i}": Normal(0, 1) for i in range(1, 5)})
    end_gauge = _measurement(
        "ls + d + d1 + d2 - ls*(dalpha*(theta + delta) + alpha*dtheta)",
        {
            "ls": StudentT(50000623, 25, 18),
            "d": StudentT(215, 6, 24),
            "d1": StudentT(0, 4, 5),
            "d2": StudentT(0, 7, 8),
            "alpha": Rectangular(11.5e-6, 2e-6),
            "theta": Normal(-0.1, 0.2),
            "delta": Arcsine(0, 0.5),
            "dalpha": CurvilinearTrapezoid(0, 1e-6, 0.1e-6),
            "dtheta": CurvilinearTrapezoid(0, 0.05, 0.025),
        },
    )
    nonlinear = _measurement(NONLINEAR, {s: Normal(m, u) for s, (m, u) in NONLINEAR_INPUTS.items()})
    return (
        Case("9.2.2", additive, _additive, 1.3),
        Case("9.5", end_gauge, _end_gauge, 1.6),
        Case("nonlinear", nonlinear, _nonlinear, 1.3),
    )
