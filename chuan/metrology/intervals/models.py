"""Reliability models: the share still in tolerance at time t after calibration (NCSLI RP-1, appendix D)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chuan.metrology.special import normal_cdf


@dataclass(frozen=True)
class ReliabilityModel:
    """R(t) of the parameters θ, and where a fit may start.

    `positive` says which θ are above 0; `starts` are θ for times scaled so that the exponential rate is 1.
    """

    name: str
    formula: str
    reliability: Callable[[Sequence[float], float], float]
    positive: tuple[bool, ...]
    starts: tuple[tuple[float, ...], ...]
    #: Which power of time each θ is per: θ_i of scaled times is multiplied by scale^-power.
    powers: tuple[int, ...]


def _walk(spread: float) -> float:
    return math.erf(1 / math.sqrt(spread)) if spread > 0 else 1.0


def _weibull(p: Sequence[float], t: float) -> float:
    # By logarithms, for a power of a trial step may overflow.
    return math.exp(-math.exp(min(700.0, p[1] * math.log(p[0] * t)))) if p[0] * t > 0 else 1.0


def _modified_gamma(p: Sequence[float], t: float) -> float:
    a = p[0] * t
    return math.exp(-a) * (1 + a * (1 + a / 2 * (1 + a / 3)))


def _lognormal(p: Sequence[float], t: float) -> float:
    return normal_cdf(-math.log(p[0] * t) / p[1]) if p[0] * t > 0 and p[1] > 0 else 1.0


def _warranty(p: Sequence[float], t: float) -> float:
    return 1 / (1 + math.exp(min(700.0, p[0] * (t - p[1]))))


MODELS: tuple[ReliabilityModel, ...] = (
    ReliabilityModel("exponential", "exp(−θ1·t)", lambda p, t: math.exp(-p[0] * t), (True,), ((1.0,),), (1,)),
    ReliabilityModel(
        "weibull", "exp(−(θ1·t)^θ2)", _weibull, (True, True), ((1.0, 1.0), (1.0, 0.4), (1.0, 2.5)), (1, 0)
    ),
    ReliabilityModel(
        "mixed_exponential",
        "(1 + θ2·t)^−θ1",
        lambda p, t: (1 + p[1] * t) ** -p[0],
        (True, True),
        ((1.0, 1.0), (0.3, 5.0), (5.0, 0.2)),
        (0, 1),
    ),
    ReliabilityModel(
        "random_walk",
        "erf(1/√(θ1 + θ2·t))",
        lambda p, t: _walk(p[0] + p[1] * t),
        (True, True),
        ((0.3, 1.0), (0.05, 3.0), (0.5, 6.0)),
        (0, 1),
    ),
    ReliabilityModel(
        "restricted_random_walk",
        "erf(1/√(θ1 + θ2·(1 − exp(−θ3·t))))",
        lambda p, t: _walk(p[0] - p[1] * math.expm1(-p[2] * t)),
        (True, True, True),
        ((0.3, 2.0, 1.0), (0.05, 5.0, 3.0), (0.3, 5.0, 0.2), (0.1, 2.0, 10.0)),
        (0, 0, 1),
    ),
    ReliabilityModel(
        "modified_gamma", "exp(−θ1·t)·Σ (θ1·t)^n/n!, n = 0…3", _modified_gamma, (True,), ((3.0,), (1.0,), (10.0,)), (1,)
    ),
    ReliabilityModel(
        "mortality_drift",
        "exp(−(θ1·t + θ2·t²))",
        lambda p, t: math.exp(-t * (p[0] + p[1] * t)),
        (True, True),
        ((0.7, 0.3), (0.1, 1.0), (1.0, 0.01)),
        (1, 2),
    ),
    ReliabilityModel(
        "warranty", "1/(1 + exp(θ1·(t − θ2)))", _warranty, (True, False), ((1.0, 1.0), (4.0, 1.0), (0.5, 0.0)), (1, -1)
    ),
    ReliabilityModel(
        "drift",
        "Φ(θ1 + θ3·t) + Φ(θ2 − θ3·t) − 1",
        lambda p, t: normal_cdf(p[0] + p[2] * t) + normal_cdf(p[1] - p[2] * t) - 1,
        (True, True, True),
        ((1.5, 1.5, 1.0), (2.5, 1.0, 0.3), (1.0, 2.5, 3.0)),
        (0, 0, 1),
    ),
    ReliabilityModel(
        "lognormal",
        "1 − Φ(ln(θ1·t)/θ2)",
        _lognormal,
        (True, True),
        ((1.0, 1.5), (0.5, 0.7), (2.0, 3.0)),
        (1, 0),
    ),
)
