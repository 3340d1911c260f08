"""Global risks of accepting the wrong items and rejecting the right ones (JCGM 106 clause 9).

Y is the value of an item drawn from production, with the `prior` as its distribution; X = Y + N(0, u²) is what is
measured. T is the tolerance, A the acceptance interval.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from chuan.metrology.conformity.limits import Acceptance, Tolerance, smallest_guard_band
from chuan.metrology.conformity.quadrature import integrate
from chuan.metrology.distributions import Gamma, Normal, positive
from chuan.metrology.special import gamma_cdf, gamma_sf

Prior = Normal | Gamma

_ROOT_HALF = math.sqrt(0.5)
#: Steps from a place, in units of the scale there, at which integrals are first split.
_STEPS = (-8.0, -3.0, 0.0, 3.0, 8.0)
#: Beyond so many standard deviations nothing is left that a double could hold beside 1.
_FAR = 40.0
#: Below, the difference from 1 would have lost too many digits.
_CANCELLED = 0.01


@dataclass(frozen=True)
class GlobalRisks:
    """The joint outcomes of making and measuring (JCGM 106 9.2, 9.5)."""

    #: P(Y ∉ T): the share of production that does not conform.
    nonconforming: float
    #: P(X ∈ A).
    accepted: float
    #: P(Y ∉ T, X ∈ A).
    consumer: float
    #: P(Y ∈ T, X ∉ A).
    producer: float

    @property
    def conditional_consumer(self) -> float | None:
        """P(Y ∉ T | X ∈ A): of the accepted items, the share that does not conform; None if nothing is accepted."""
        return self.consumer / self.accepted if self.accepted > 0 else None

    @property
    def conditional_producer(self) -> float | None:
        """P(Y ∈ T | X ∉ A): of the rejected items, the share that conforms; None if nothing is rejected."""
        rejected = self.nonconforming - self.consumer + self.producer
        return self.producer / rejected if rejected > 0 else None


class _Integrand:
    """Integrals over the prior, in the variable t = y, or y^shape where a gamma density is infinite at 0."""

    def __init__(self, prior: Prior, u: float, acceptance: Acceptance) -> None:
        self.prior = prior
        self.u = u
        self.lower, self.upper = acceptance.lower, acceptance.upper
        self.power = prior.shape if isinstance(prior, Gamma) and prior.shape < 1 else 1.0
        sd = math.sqrt(prior.variance)
        scale = prior.scale if isinstance(prior, Gamma) else sd
        self.least = 0.0 if isinstance(prior, Gamma) else prior.mean - _FAR * sd
        self.most = prior.mean + _FAR * max(sd, scale)
        self.reach = _FAR * scale
        ends = [end for end in (self.lower, self.upper) if end is not None]
        self.marks = [prior.mean + step * sd for step in _STEPS]
        self.marks += [end + step * u for end in ends for step in _STEPS]

    def over(self, low: float | None, high: float | None, g: Callable[[float], float]) -> float:
        """∫ g dP(y) from `low` to `high`; None is the prior's own end, or far beyond the other limit."""
        a = min(self.least, (high or 0.0) - self.reach) if low is None else low
        b = max(self.most, (low or 0.0) + self.reach) if high is None else high
        if isinstance(self.prior, Gamma):
            a = max(a, 0.0)
        if b <= a:
            return 0.0
        points = [a, b, *(mark for mark in self.marks if a < mark < b)]
        return integrate(self._in_t(g), [point**self.power for point in points])

    def _in_t(self, g: Callable[[float], float]) -> Callable[[float], float]:
        prior = self.prior
        if isinstance(prior, Normal):
            factor = 1 / (prior.u * math.sqrt(2 * math.pi))
            return lambda y: g(y) * factor * math.exp(-0.5 * ((y - prior.mean) / prior.u) ** 2)
        shape, scale = prior.shape, prior.scale
        if self.power < 1:
            factor = math.exp(-math.lgamma(shape + 1) - shape * math.log(scale))
            return lambda t: g(t ** (1 / shape)) * factor * math.exp(-(t ** (1 / shape)) / scale)
        log_factor = -math.lgamma(shape) - math.log(scale)

        def density(y: float) -> float:
            ratio = y / scale
            return math.exp(log_factor + (shape - 1) * math.log(ratio) - ratio) if ratio > 0 else 0.0

        return lambda y: g(y) * density(y)

    def accept(self, y: float) -> float:
        """P(X ∈ A | Y = y)."""
        low = -math.inf if self.lower is None else (self.lower - y) / self.u * _ROOT_HALF
        high = math.inf if self.upper is None else (self.upper - y) / self.u * _ROOT_HALF
        if low > 0:
            return 0.5 * (math.erfc(low) - math.erfc(high))
        return 0.5 * (math.erfc(-high) - math.erfc(-low))

    def reject(self, y: float) -> float:
        """P(X ∉ A | Y = y)."""
        below = 0.0 if self.lower is None else math.erfc((y - self.lower) / self.u * _ROOT_HALF)
        above = 0.0 if self.upper is None else math.erfc((self.upper - y) / self.u * _ROOT_HALF)
        return 0.5 * (below + above)

    def outside(self, tolerance: Tolerance, g: Callable[[float], float]) -> float:
        """∫ g dP over the values that do not conform."""
        below = 0.0 if tolerance.lower is None else self.over(None, tolerance.lower, g)
        above = 0.0 if tolerance.upper is None else self.over(tolerance.upper, None, g)
        return below + above


def nonconforming_share(tolerance: Tolerance, prior: Prior) -> float:
    """P(Y ∉ T): each tail relatively right (JCGM 106 7.2 for a production)."""
    lower, upper = tolerance.lower, tolerance.upper
    if isinstance(prior, Normal):
        return tolerance.nonconformance(prior.mean, prior.u)
    below = 0.0 if lower is None or lower <= 0 else gamma_cdf(lower, prior.shape, prior.scale)
    above = 0.0 if upper is None else gamma_sf(max(upper, 0.0), prior.shape, prior.scale)
    return below + above


def global_risks(acceptance: Acceptance, u: float, prior: Prior) -> GlobalRisks:
    """Consumer's and producer's risks by numerical integration over the prior, to about 1e-12 (JCGM 106 9.5)."""
    positive(u, "standard_uncertainty")
    positive(prior.variance, "prior.sd")
    tolerance = acceptance.tolerance
    integrand = _Integrand(prior, u, acceptance)
    consumer = integrand.outside(tolerance, integrand.accept)
    producer = integrand.over(tolerance.lower, tolerance.upper, integrand.reject)
    nonconforming = nonconforming_share(tolerance, prior)
    conforming_accepted = 1 - nonconforming - producer
    if conforming_accepted < _CANCELLED:
        conforming_accepted = integrand.over(tolerance.lower, tolerance.upper, integrand.accept)
    return GlobalRisks(nonconforming, consumer + conforming_accepted, consumer, producer)


def guard_band_of_global_risk(risk: float, tolerance: Tolerance, u: float, prior: Prior) -> Fraction:
    """The least w ≥ 0 on each limit with P(Y ∉ T, X ∈ A) ≤ risk (JCGM 106 9.5)."""
    positive(u, "standard_uncertainty")

    def excess(w: float) -> float:
        acceptance = Acceptance(tolerance, Fraction(w))
        integrand = _Integrand(prior, u, acceptance)
        return integrand.outside(tolerance, integrand.accept) - risk

    widest = math.inf if tolerance.half_width is None else tolerance.half_width
    most = min(u, widest)
    while most < widest and excess(most) > 0:
        most = min(2 * most, widest)
    return smallest_guard_band(excess, most)


def capability(tolerance: Tolerance, mean: float, sd: float) -> float:
    """C_pk: the distance from the mean to the nearer limit in units of 3 sd."""
    positive(sd, "sd")
    below = [] if tolerance.lower is None else [mean - tolerance.lower]
    above = [] if tolerance.upper is None else [tolerance.upper - mean]
    return min(below + above) / (3 * sd)
