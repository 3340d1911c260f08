"""`conformity` a second time: tails, guard bands, risks by integrals (JCGM 106 7–9; ILAC-G8 4.2; ISO 14253-1)."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from chuan.metrology.checker.agreement import SKIPPED, Within
from chuan.metrology.checker.functions import decimal, normal_cdf, normal_quantile, rational, root

Table = Mapping[str, Any]

#: What the first kernel promises of its integrals.
_OF_INTEGRALS = 1e-12
#: Of a limit that is written as a double.
_OF_A_DOUBLE = 2.0**-52
#: Digits of an integral here.
_DIGITS = 18
#: And of the guard band that they give.
_NARROW = 12
#: In standard deviations: beyond, a normal distribution leaves 10⁻⁴⁴, a gamma distribution 10⁻¹⁷.
_FAR_NORMAL, _FAR_GAMMA = 14, 40
_FARTHEST = 40


class _Case:
    """The document's tolerance, u and prior at the context's precision, counted from a normal prior's mean."""

    def __init__(self, ctx: Any, document: Table) -> None:
        self.ctx = ctx
        self.u = ctx.mpf(document["standard_uncertainty"])
        self.prior: Table = document.get("prior", {})
        self.origin = decimal(self.prior.get("mean", 0))
        self.lower, self.upper, self.value = (self.counted(document.get(key)) for key in ("lower", "upper", "value"))

    def counted(self, y: float | None) -> Any:
        """A value from the origin."""
        return None if y is None else rational(self.ctx, decimal(y) - self.origin)

    def shown(self, end: Any) -> Any:
        """An acceptance limit as the document counts."""
        return None if end is None else end + rational(self.ctx, self.origin)

    def ends(self, w: Any) -> tuple[Any, Any]:
        """The acceptance limits with the guard band w."""
        low = None if self.lower is None else self.lower + w
        high = None if self.upper is None else self.upper - w
        return low, high

    def outside(self, center: Any, spread: Any, low: Any, high: Any) -> Any:
        """P(N(center, spread²) beyond the ends)."""
        below = 0 if low is None else normal_cdf(self.ctx, (low - center) / spread)
        above = 0 if high is None else normal_cdf(self.ctx, (center - high) / spread)
        return below + above

    def inside(self, center: Any, spread: Any, low: Any, high: Any) -> Any:
        """P between the ends, by the tail on whose side both lie."""
        a = -self.ctx.inf if low is None else (low - center) / spread
        b = self.ctx.inf if high is None else (high - center) / spread
        if a > 0:
            a, b = -b, -a
        return normal_cdf(self.ctx, b) - (normal_cdf(self.ctx, a) if a != -self.ctx.inf else 0)

    def over_prior(self, low: Any, high: Any, g: Callable[[Any], Any], w: Any) -> Any:
        """∫ g dP(y) between two values, None being the prior's own end."""
        ctx, prior = self.ctx, self.prior
        if prior["distribution"] == "normal":
            middle, sd, digits = ctx.mpf(0), ctx.mpf(prior["sd"]), _DIGITS
            least, most = -_FAR_NORMAL * sd, _FAR_NORMAL * sd

            def density(y: Any) -> Any:
                return ctx.exp(-((y / sd) ** 2) / 2) / (sd * ctx.sqrt(2 * ctx.pi))
        else:
            shape, scale = ctx.mpf(prior["shape"]), ctx.mpf(prior["scale"])
            middle, sd = shape * scale, scale * ctx.sqrt(shape)
            least, most = ctx.mpf(0), middle + _FAR_GAMMA * max(sd, scale)
            digits = _DIGITS + len(str(int(shape)))

            def density(y: Any) -> Any:
                return (y / scale) ** (shape - 1) * ctx.exp(-y / scale) / (scale * ctx.gamma(shape)) if y > 0 else 0

        a, b = (least if low is None else max(least, low)), (most if high is None else high)
        if b <= a:
            return ctx.mpf(0)
        marks = [middle + k * sd for k in (-8, -3, 0, 3, 8)]
        marks += [end + k * self.u for end in self.ends(w) if end is not None for k in (-8, -3, 0, 3, 8)]
        with ctx.workdps(digits):
            return ctx.quad(lambda y: density(y) * g(y), [a, *sorted({x for x in marks if a < x < b}), b])

    def consumer(self, w: Any) -> Any:
        """P(Y ∉ T, X ∈ A)."""
        low, high = self.ends(w)

        def accept(y: Any) -> Any:
            return self.inside(y, self.u, low, high)

        below = 0 if self.lower is None else self.over_prior(None, self.lower, accept, w)
        above = 0 if self.upper is None else self.over_prior(self.upper, None, accept, w)
        return below + above

    def shares(self, w: Any) -> tuple[Any, Any]:
        """P(Y ∈ T, X ∉ A) and P(X ∈ A)."""
        low, high = self.ends(w)
        rejected = self.over_prior(self.lower, self.upper, lambda y: self.outside(y, self.u, low, high), w)
        accepted = self.over_prior(self.lower, self.upper, lambda y: self.inside(y, self.u, low, high), w)
        return rejected, accepted + self.consumer(w)


def recompute(ctx: Any, document: Table, result: Table) -> Table:
    """Every probability, limit and verdict; the formulas in words are not."""
    case = _Case(ctx, document)
    exact, w = _guard_band(case, document)
    low, high = case.ends(w)
    at, prior = case.value, document.get("prior")
    consumer = producer = accepted = None
    if prior is not None:
        consumer = case.consumer(w)
        producer, accepted = case.shares(w)
    by_integral = "maximum_global_consumer_risk" in document
    risk = None if at is None else case.outside(at, case.u, case.lower, case.upper)
    return {
        "conformance_probability": None if at is None else case.inside(at, case.u, case.lower, case.upper),
        "verdict": None if at is None else _verdict(document, exact),
        "guard_band": Within(w, ctx.mpf(10) ** -8 * case.u) if by_integral else w,
        "acceptance_lower": _limit(case, case.shown(low), by_integral),
        "acceptance_upper": _limit(case, case.shown(high), by_integral),
        "specific_consumer_risk": risk,
        "global_consumer_risk": _integral(consumer),
        "global_producer_risk": _integral(producer),
        "conditional_consumer_risk": _integral(consumer / accepted if accepted else None),
        "definition": SKIPPED,
    }


def _integral(value: Any) -> Any:
    return None if value is None else Within(value, _OF_INTEGRALS + abs(value) * _OF_INTEGRALS)


def _limit(case: _Case, end: Any, by_integral: bool) -> Any:
    if not by_integral or end is None:
        return end
    return Within(end, case.ctx.mpf(10) ** -8 * case.u + abs(end) * _OF_A_DOUBLE)


def _guard_band(case: _Case, document: Table) -> tuple[Fraction, Any]:
    """w, exact where it is a decimal factor's."""
    ctx = case.ctx
    exact = decimal(document.get("guard_factor", 0)) * 2 * decimal(document["standard_uncertainty"])
    both = case.lower is not None and case.upper is not None
    half = (case.upper - case.lower) / 2 if both else ctx.inf
    if "maximum_specific_risk" in document:
        risk = ctx.mpf(document["maximum_specific_risk"])
        if not both:
            w = -case.u * normal_quantile(ctx, risk)
        else:
            w = _least(case, min(half, _FARTHEST * case.u), lambda w: _specific(case, w, half) - risk)
    elif "maximum_global_consumer_risk" in document:
        risk = ctx.mpf(document["maximum_global_consumer_risk"])
        most = min(case.u, half)
        while most < half and case.consumer(most) > risk:
            most = min(2 * most, half)
        w = _least(case, most, lambda w: case.consumer(w) - risk, _NARROW)
    else:
        return exact, rational(ctx, exact)
    return Fraction(float(w)), w


def _specific(case: _Case, w: Any, half: Any) -> Any:
    return normal_cdf(case.ctx, -w / case.u) + normal_cdf(case.ctx, (w - 2 * half) / case.u)


def _least(case: _Case, most: Any, excess: Callable[[Any], Any], narrow: int = 25) -> Any:
    """The least w from 0 on with no excess of risk."""
    if excess(case.ctx.mpf(0)) <= 0:
        return case.ctx.mpf(0)
    return most if excess(most) >= 0 else root(case.ctx, excess, case.ctx.mpf(0), most, narrow)


def _verdict(document: Table, w: Fraction) -> str:
    """By how far the value is beyond the nearest limit, in decimals."""
    value = decimal(document["value"])
    beyond = []
    if "lower" in document:
        beyond.append(decimal(document["lower"]) - value)
    if "upper" in document:
        beyond.append(value - decimal(document["upper"]))
    far, outcome = max(beyond), document.get("outcome", "binary")
    if far <= -w:
        return "pass"
    if outcome == "binary" or far > w:
        return "fail"
    names = {"four": ("conditionalPass", "conditionalFail"), "proof": ("noFail", "noPass")}
    return names[outcome][far > 0]
