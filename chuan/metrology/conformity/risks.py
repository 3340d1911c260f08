"""Global risks of accepting the wrong items and rejecting the right ones (JCGM 106 clause 9).

Y is the value of an item drawn from production, with the `prior` as its distribution; X = Y + N(0, u²) is what is
measured. T is the tolerance, A the acceptance interval.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from chuan.metrology.conformity.limits import Acceptance, Tolerance, apart, exact, smallest_guard_band
from chuan.metrology.conformity.quadrature import integrate
from chuan.metrology.distributions import Gamma, Normal, positive
from chuan.metrology.special import gamma_cdf, gamma_sf
from chuan.metrology.special.common import deviance, stirling_error

Prior = Normal | Gamma

_ROOT_HALF = math.sqrt(0.5)
#: Steps from a place, in units of the scale there, at which integrals are first split.
_STEPS = (-8.0, -3.0, 0.0, 3.0, 8.0)
#: Beyond so many standard deviations nothing is left that a double could hold beside 1.
_FAR = 40.0
#: In units of the prior: below, u would vanish, and it is a step to any double long before.
_LEAST_U = 1e-290
#: Above, a gamma density is reckoned from its mean.
_LARGE_SHAPE = 10.0
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


class _Prior:
    """The density of a production in z = (y − origin)/unit: no digit of the spread is lost beside a large mean.

    From 0 in units of the scale for a gamma distribution of small shape, else from the mean in standard deviations.
    """

    def __init__(self, prior: Prior) -> None:
        if isinstance(prior, Normal):
            self.origin, self.unit = exact(prior.mean), prior.u
            self.mean, self.sd, self.scale, self.least = 0.0, 1.0, 1.0, -_FAR
        elif prior.shape > _LARGE_SHAPE:
            root = math.sqrt(prior.shape)
            self.origin, self.unit = exact(prior.shape) * exact(prior.scale), prior.scale * root
            self.mean, self.sd, self.scale, self.least = 0.0, 1.0, 1 / root, -root
        else:
            self.origin, self.unit = Fraction(0), prior.scale
            self.mean, self.sd, self.scale, self.least = prior.shape, math.sqrt(prior.shape), 1.0, 0.0
        self.shape = prior.shape if isinstance(prior, Gamma) else None
        #: Where a gamma density is infinite at 0, integrals are in z to this power.
        self.power = min(1.0, self.shape or 1.0)

    def at(self, y: Fraction | None) -> float | None:
        """z of a limit, rounded once."""
        return None if y is None else float((y - self.origin) / exact(self.unit))

    def weighted(self, g: Callable[[float], float]) -> Callable[[float], float]:
        """g times the density, in z, or where `power` is below 1 in z^power.

        The order of the factors, and the scale's own factor, keep the last digits of what earlier versions gave.
        """
        shape, scale = self.shape, self.unit
        if shape is None:
            factor = 1 / math.sqrt(2 * math.pi)
            return lambda z: g(z) * factor * math.exp(-0.5 * z**2)
        if shape > _LARGE_SHAPE:
            density = _about_the_mean(shape)
            return lambda z: g(z) * density(z)
        if self.power < 1:
            factor = math.exp(-math.lgamma(shape + 1))
            return lambda t: g(t ** (1 / shape)) * factor * math.exp(-(t ** (1 / shape)))
        log_factor = -math.lgamma(shape) - math.log(scale)
        return lambda z: g(z) * (scale * math.exp(log_factor + (shape - 1) * math.log(z) - z)) if z > 0 else 0.0


def _about_the_mean(shape: float) -> Callable[[float], float]:
    """A gamma density from its mean in standard deviations, without the cancellation of log Γ (Loader 2000)."""
    root = math.sqrt(shape)
    log_factor = 0.5 * math.log(shape / (2 * math.pi)) - stirling_error(shape)

    def density(z: float) -> float:
        x = shape + root * z
        return root / x * math.exp(log_factor - deviance(shape, -root * z, x)) if x > 0 else 0.0

    return density


class _Integrand:
    """Integrals over the prior, limits and u in its z."""

    def __init__(self, prior: Prior, u: float, acceptance: Acceptance) -> None:
        self.prior = _Prior(prior)
        self.u = max(u / self.prior.unit, _LEAST_U)
        self.lower, self.upper = map(self.prior.at, acceptance.ends)
        self.tolerance = tuple(map(self.prior.at, acceptance.tolerance.ends))
        mean, sd = self.prior.mean, self.prior.sd
        self.most = mean + _FAR * max(sd, self.prior.scale)
        ends = [end for end in (self.lower, self.upper) if end is not None]
        self.marks = [mean + step * sd for step in _STEPS]
        self.marks += [end + step * self.u for end in ends for step in _STEPS]

    def over(self, low: float | None, high: float | None, g: Callable[[float], float]) -> float:
        """∫ g dP from `low` to `high`; None is the prior's own end, or far beyond the other limit."""
        least, reach = self.prior.least, _FAR * self.prior.scale
        a = min(least, (high or 0.0) - reach) if low is None else low
        b = max(self.most, (low or 0.0) + reach) if high is None else high
        if self.prior.shape is not None:
            a = max(a, least)
        if b <= a:
            return 0.0
        points = [a, b, *(mark for mark in self.marks if a < mark < b)]
        return integrate(self.prior.weighted(g), [point**self.prior.power for point in points])

    def accept(self, z: float) -> float:
        """P(X ∈ A | Y = y)."""
        low = -math.inf if self.lower is None else (self.lower - z) / self.u * _ROOT_HALF
        high = math.inf if self.upper is None else (self.upper - z) / self.u * _ROOT_HALF
        if low > 0:
            return 0.5 * (math.erfc(low) - math.erfc(high))
        return 0.5 * (math.erfc(-high) - math.erfc(-low))

    def reject(self, z: float) -> float:
        """P(X ∉ A | Y = y)."""
        below = 0.0 if self.lower is None else math.erfc((z - self.lower) / self.u * _ROOT_HALF)
        above = 0.0 if self.upper is None else math.erfc((self.upper - z) / self.u * _ROOT_HALF)
        return 0.5 * (below + above)

    def inside(self, g: Callable[[float], float]) -> float:
        """∫ g dP over the values that conform."""
        lower, upper = self.tolerance
        return self.over(lower, upper, g)

    def outside(self, g: Callable[[float], float]) -> float:
        """∫ g dP over the values that do not conform."""
        lower, upper = self.tolerance
        below = 0.0 if lower is None else self.over(None, lower, g)
        above = 0.0 if upper is None else self.over(upper, None, g)
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
    consumer = integrand.outside(integrand.accept)
    producer = integrand.inside(integrand.reject)
    nonconforming = nonconforming_share(tolerance, prior)
    conforming_accepted = 1 - nonconforming - producer
    if conforming_accepted < _CANCELLED:
        conforming_accepted = integrand.inside(integrand.accept)
    return GlobalRisks(nonconforming, consumer + conforming_accepted, consumer, producer)


def guard_band_of_global_risk(risk: float, tolerance: Tolerance, u: float, prior: Prior) -> Fraction:
    """The least w ≥ 0 on each limit with P(Y ∉ T, X ∈ A) ≤ risk (JCGM 106 9.5)."""
    positive(u, "standard_uncertainty")

    def excess(w: float) -> float:
        acceptance = Acceptance(tolerance, Fraction(w))
        integrand = _Integrand(prior, u, acceptance)
        return integrand.outside(integrand.accept) - risk

    widest = math.inf if tolerance.half_width is None else tolerance.half_width
    most = min(u, widest)
    while most < widest and excess(most) > 0:
        most = min(2 * most, widest)
    return smallest_guard_band(excess, most)


def capability(tolerance: Tolerance, mean: float, sd: float) -> float:
    """C_pk: the distance from the mean to the nearer limit in units of 3 sd."""
    positive(sd, "sd")
    below = [] if tolerance.lower is None else [apart(mean, tolerance.lower)]
    above = [] if tolerance.upper is None else [apart(tolerance.upper, mean)]
    return min(below + above) / (3 * sd)
