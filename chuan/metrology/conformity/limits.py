"""Tolerance, decision rules and verdicts (JCGM 106 clauses 7 and 8; ILAC-G8:09/2019; ISO 14253-1).

Limits that are given by decimals are kept as exact fractions: a value printed equal to an acceptance limit is accepted,
whatever the last binary digit of `upper − w` would be.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from chuan.metrology.conformity.quadrature import root
from chuan.metrology.distributions import finite, not_negative, positive
from chuan.metrology.numerals import exact as decimal
from chuan.metrology.special import normal_cdf, normal_quantile, normal_sf
from chuan.metrology.words import Refused, Text

Outcome = Literal["binary", "four", "proof"]
#: The six conformity statements of the digital calibration certificate (DCC 3.2.1).
Verdict = Literal["pass", "conditionalPass", "conditionalFail", "fail", "noPass", "noFail"]

_NO_LIMIT = Text('cần ít nhất một trong "lower", "upper"', 'needs at least one of "lower", "upper"')
_ORDER = Text("phải nhỏ hơn upper ({upper:g}), đang là {lower:g}", "must be below upper ({upper:g}), found {lower:g}")
_EMPTY = Text(
    "dải bảo vệ w = {w:g} ở cả hai phía không chừa lại miền chấp nhận nào trong [{lower:g}, {upper:g}]",
    "the guard band w = {w:g} on both sides leaves no acceptance interval in [{lower:g}, {upper:g}]",
)
_RISK = Text("phải lớn hơn 0 và không quá 0.5, đang là {risk:g}", "must be above 0 and at most 0.5, found {risk:g}")
_UNREACHABLE = Text(
    "là {risk:g}, nhưng ngay ở giữa hai giới hạn rủi ro đã là {least:.3g}: cần độ không đảm bảo đo nhỏ hơn",
    "is {risk:g}, but even midway between the limits the risk is {least:.3g}: a smaller uncertainty is needed",
)

#: In units of u: beyond, one tail is less than any risk that a double can hold.
_FARTHEST = 40.0
#: A difference of doubles that rounding changes by less than this part of it is taken as it is.
_LOST = 1e-14


def exact(value: float) -> Fraction:
    """The number that the decimal digits of `value` say."""
    return Fraction(decimal(value))


def apart(a: float, b: float) -> float:
    """a − b, by their decimals where doubles would lose digits: 10 000 000.001 from a limit 0.004 away."""
    difference = a - b
    if math.ulp(max(abs(a), abs(b))) <= _LOST * abs(difference):
        return difference
    return float(exact(a) - exact(b))


@dataclass(frozen=True)
class Tolerance:
    """The interval of permissible values, ends included; None where a side has no limit (JCGM 106 3.3.5)."""

    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        for key, limit in (("lower", self.lower), ("upper", self.upper)):
            if limit is not None:
                finite(limit, key)
        if self.lower is None and self.upper is None:
            raise Refused(_NO_LIMIT)
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise Refused(_ORDER.put(lower=self.lower, upper=self.upper), "lower")

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """Both limits, exact."""
        lower, upper = self.lower, self.upper
        return None if lower is None else exact(lower), None if upper is None else exact(upper)

    @property
    def half_width(self) -> float | None:
        """(upper − lower)/2, rounded down so that the middle is still accepted; None with one limit."""
        if self.lower is None or self.upper is None:
            return None
        return math.nextafter(float((exact(self.upper) - exact(self.lower)) / 2), 0.0)

    def nonconformance(self, value: float, u: float) -> float:
        """P(Y outside | value) for Y ~ N(value, u²), each tail relatively right (JCGM 106 7.2)."""
        below = 0.0 if self.lower is None else normal_cdf(apart(self.lower, value) / u)
        above = 0.0 if self.upper is None else normal_sf(apart(self.upper, value) / u)
        return below + above

    def conformance(self, value: float, u: float) -> float:
        """Φ((upper − value)/u) − Φ((lower − value)/u), by the tails where both lie on one side (JCGM 106 7.2)."""
        low = -math.inf if self.lower is None else apart(self.lower, value) / u
        high = math.inf if self.upper is None else apart(self.upper, value) / u
        return normal_sf(low) - normal_sf(high) if low > 0 else normal_cdf(high) - normal_cdf(low)


@dataclass(frozen=True)
class GuardFactor:
    """w = r·U with U = 2u (ILAC-G8 4.2.2; JCGM 106 8.3.2). r = 0 is simple acceptance (JCGM 106 8.2)."""

    factor: float

    def __post_init__(self) -> None:
        not_negative(self.factor, "guard_factor")


SIMPLE = GuardFactor(0.0)


@dataclass(frozen=True)
class MaximumSpecificRisk:
    """Acceptance up to where the probability of a non-conforming item is `risk` (JCGM 106 8.3.2)."""

    risk: float

    def __post_init__(self) -> None:
        checked_risk(self.risk, "maximum_specific_risk")


@dataclass(frozen=True)
class MaximumGlobalConsumerRisk:
    """Acceptance limits with a global consumer's risk of at most `risk` (JCGM 106 9.5); needs a prior."""

    risk: float

    def __post_init__(self) -> None:
        checked_risk(self.risk, "maximum_global_consumer_risk")


Rule = GuardFactor | MaximumSpecificRisk | MaximumGlobalConsumerRisk


def checked_risk(risk: float, key: str) -> float:
    """A risk above 0 and at most one half; beyond, the rule would accept outside the tolerance."""
    if not 0 < finite(risk, key) <= 0.5:
        raise Refused(_RISK.put(risk=risk), key)
    return risk


@dataclass(frozen=True)
class Acceptance:
    """The acceptance interval of a tolerance with the guard band w, ends included (JCGM 106 3.3.9)."""

    tolerance: Tolerance
    guard_band: Fraction

    def __post_init__(self) -> None:
        lower, upper = self.ends
        if lower is not None and upper is not None and lower > upper:
            w, ends = float(self.guard_band), self.tolerance
            raise Refused(_EMPTY.put(w=w, lower=ends.lower, upper=ends.upper), "guard_factor")

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """lower + w and upper − w, exact."""
        lower, upper = self.tolerance.ends
        return None if lower is None else lower + self.guard_band, None if upper is None else upper - self.guard_band

    @property
    def lower(self) -> float | None:
        """lower + w."""
        end = self.ends[0]
        return None if end is None else float(end)

    @property
    def upper(self) -> float | None:
        """upper − w."""
        end = self.ends[1]
        return None if end is None else float(end)

    def verdict(self, value: float, outcome: Outcome) -> Verdict:
        """What is said of a measured value under the rule's outcomes.

        binary: pass inside the acceptance limits, else fail. four (ILAC-G8 4.2.3): conditionalPass inside the
        tolerance, conditionalFail outside it by at most w. proof (ISO 14253-1): neither conformity nor
        non-conformity is proved there; noFail inside the tolerance, noPass outside.
        """
        outside = self._beyond(exact(value))
        if outside <= -self.guard_band:
            return "pass"
        if outcome == "binary" or outside > self.guard_band:
            return "fail"
        if outcome == "four":
            return "conditionalPass" if outside <= 0 else "conditionalFail"
        return "noFail" if outside <= 0 else "noPass"

    def _beyond(self, value: Fraction) -> Fraction:
        """How far the value lies beyond the nearest tolerance limit; negative inside."""
        lower, upper = self.tolerance.lower, self.tolerance.upper
        below = [] if lower is None else [exact(lower) - value]
        above = [] if upper is None else [value - exact(upper)]
        return max(below + above)


def guard_band_of_factor(factor: float, u: float) -> Fraction:
    """w = r·2u, exact."""
    return exact(factor) * 2 * exact(u)


def guard_band_of_specific_risk(risk: float, tolerance: Tolerance, u: float) -> Fraction:
    """w with 1 − P = risk at the acceptance limits, both tails counted (JCGM 106 8.3.2).

    With one limit w = u·z(1 − risk). With two, the root between the limit and the middle; refused where even the middle
    carries more risk.
    """
    positive(u, "standard_uncertainty")
    half = tolerance.half_width
    if half is None:
        return Fraction(u * -normal_quantile(risk))

    def excess(w: float) -> float:
        return normal_sf(w / u) + normal_sf((2 * half - w) / u) - risk

    least = 2 * normal_sf(half / u)
    if least > risk:
        raise Refused(_UNREACHABLE.put(risk=risk, least=least), "maximum_specific_risk")
    return smallest_guard_band(excess, min(half, _FARTHEST * u))


def smallest_guard_band(excess: Callable[[float], float], most: float) -> Fraction:
    """The least w from 0 to `most` at which a decreasing `excess` is no longer above zero."""
    if excess(0.0) <= 0:
        return Fraction(0)
    if excess(most) >= 0:
        return Fraction(most)
    return Fraction(root(excess, 0.0, most))
