"""`interval` a second time: binomial sums, likelihoods at the stored parameters, roots of the band (NCSLI RP-1)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chuan.metrology.checker.agreement import Left, Within
from chuan.metrology.checker.functions import beta_cdf, binomial, decimal, f_quantile, f_sf, normal_cdf, rational, root
from chuan.metrology.checker.propagation import factor

Table = Mapping[str, Any]

#: Of the lack-of-fit test; intervals within this factor count as alike; the least rejection in the merit.
_CONFIDENCE, _ALIKE, _LEAST_REJECTION = "0.95", "1.2", "0.01"
_NEAREST, _FARTHEST = 1e-6, 100
#: Along any parameter the likelihood must fall from the stored maximum at steps of this part of it.
_STEP, _HIGHER = 1e-3, 1e-7


def recompute(ctx: Any, document: Table, result: Table) -> Table:
    """By the document's method."""
    methods = {"A3": _a3, "S2": _s2, "variables": _variables, "staircase": _staircase}
    return methods[document["method"]](ctx, document, result)


def _staircase(ctx: Any, document: Table, result: Table) -> Table:
    """By the share of the permissible error that is taken up, as the digits of the file say."""
    taken = abs(decimal(document["error"])) + decimal(document.get("expanded_uncertainty", 0))
    share, days = taken / decimal(document["maximum_permissible_error"]), ctx.mpf(document["days"])
    if share > 1:
        days, action = max(ctx.mpf(document.get("min_days", 14)), days * document["shorten"]), "shortened"
    elif share <= decimal(document.get("within", 0.8)):
        days, action = min(ctx.mpf(document.get("max_days", 1826)), days * document["lengthen"]), "lengthened"
    else:
        action = "kept"
    return {"recommended_days": days, "action": action, "share_of_permissible_error": rational(ctx, share)}


def _a3(ctx: Any, document: Table, result: Table) -> Table:
    outcomes = document.get("outcomes", "")
    passed = outcomes.count("1") if outcomes else document["passed"]
    total = passed + outcomes.count("0") if outcomes else document["total"]
    target, days = ctx.mpf(document["target_reliability"]), ctx.mpf(document["assigned_days"])
    observed = ctx.mpf(passed) / total
    upto = [binomial(ctx, k, total, target) for k in range(passed + 1)]
    if passed in (0, total):
        q = 1 - upto[-1]
    elif decimal(document["target_reliability"]) * total >= passed:
        q = 1 - 2 * ctx.fsum(upto)
    else:
        q = 2 * ctx.fsum(upto[:-1]) - 1
    most, excess = ctx.mpf(document.get("max_change", 2)), observed - target
    change = ctx.mpf(10) ** (excess * q if excess <= 0 else min(excess / (1 - q), ctx.mpf(300)))
    calculated = days * min(most, max(1 / most, change))
    allowed = min(ctx.mpf(document.get("max_days", 1826)), max(ctx.mpf(document.get("min_days", 14)), calculated))
    changed = q > document.get("confidence", 0.95) and abs(allowed - days) >= document.get("min_change_days", 5)
    # As 1 − Q goes to 0, what is divided by it is no more exact than Q's last digit allows.
    exactly = 1e-10 * calculated if excess <= 0 else 1e-15 * calculated * (1e5 + abs(excess) / (1 - q) ** 2)
    return {
        "recommended_days": Within(allowed, exactly) if changed else days,
        "calculated_days": Within(calculated, exactly),
        "changed": bool(changed),
        "passed": passed,
        "total": total,
        "observed_reliability": observed,
        "rejection_confidence": Left(q, ctx.mpf(1)),
        "reliability_interval": _clopper_pearson(ctx, passed, total, ctx.mpf(document.get("range_confidence", 0.5))),
    }


def _clopper_pearson(ctx: Any, passed: int, total: int, confidence: Any) -> list[Any]:
    """Where the tails of the binomial are (1 − confidence)/2."""
    tail, ends = (1 - confidence) / 2, (ctx.mpf(0), ctx.mpf(1))
    low, high = ends
    if passed:
        low = root(ctx, lambda p: beta_cdf(ctx, passed, total - passed + 1, p) - tail, *ends)
    if passed < total:
        high = root(ctx, lambda p: beta_cdf(ctx, passed + 1, total - passed, p) - 1 + tail, *ends)
    return [low, high]


_MODELS: Mapping[str, Callable[[Any, Sequence[Any], Any], Any]] = {
    "exponential": lambda ctx, p, t: ctx.exp(-p[0] * t),
    "weibull": lambda ctx, p, t: ctx.exp(-((p[0] * t) ** p[1])),
    "mixed_exponential": lambda ctx, p, t: (1 + p[1] * t) ** -p[0],
    "random_walk": lambda ctx, p, t: _walk(ctx, p[0] + p[1] * t),
    "restricted_random_walk": lambda ctx, p, t: _walk(ctx, p[0] + p[1] * (1 - ctx.exp(-p[2] * t))),
    "modified_gamma": lambda ctx, p, t: ctx.gammainc(4, p[0] * t, ctx.inf, regularized=True),
    "mortality_drift": lambda ctx, p, t: ctx.exp(-(p[0] * t + p[1] * t**2)),
    "warranty": lambda ctx, p, t: 1 / (1 + ctx.exp(p[0] * (t - p[1]))),
    "drift": lambda ctx, p, t: normal_cdf(ctx, p[0] + p[2] * t) + normal_cdf(ctx, p[1] - p[2] * t) - 1,
    "lognormal": lambda ctx, p, t: normal_cdf(ctx, -ctx.ln(p[0] * t) / p[1]),
}


def _walk(ctx: Any, spread: Any) -> Any:
    return ctx.erf(1 / ctx.sqrt(spread)) if spread > 0 else ctx.mpf(1)


class _Groups:
    """What was found in tolerance at each interval, and a model's fit to it."""

    def __init__(self, ctx: Any, document: Table) -> None:
        self.ctx = ctx
        self.rows = list(
            zip(document["days"], map(int, document["n"]), map(int, document["in_tolerance"]), strict=True)
        )
        self.target, self.longest = ctx.mpf(document["target_reliability"]), ctx.mpf(max(document["days"]))

    def likelihood(self, name: str, p: Sequence[Any]) -> Any:
        """ln L, with R held off 0 and 1."""
        total, least = self.ctx.mpf(0), self.ctx.mpf(10) ** -12
        for days, n, passed in self.rows:
            r = min(1 - least, max(least, _MODELS[name](self.ctx, p, self.ctx.mpf(days))))
            total += passed * self.ctx.ln(r) + (n - passed) * self.ctx.ln(1 - r)
        return total

    def highest(self, name: str, p: Sequence[Any]) -> bool:
        """Whether a small step of any parameter to either side does not raise the likelihood."""
        here = self.likelihood(name, p)
        for i, value in enumerate(p):
            for step in (_STEP, -_STEP):
                near = [*p[:i], value * (1 + step), *p[i + 1 :]]
                if self.likelihood(name, near) > here + _HIGHER:
                    return False
        return True

    def days(self, name: str, p: Sequence[Any]) -> Any:
        """The first interval at which R is the target, within what is looked at."""

        def above(t: Any) -> Any:
            return _MODELS[name](self.ctx, p, t) - self.target

        low, high = self.longest * _NEAREST, self.longest / 1024
        if above(low) <= 0:
            return None
        while above(high) > 0:
            low, high = high, high * 2
            if high > _FARTHEST * self.longest:
                return None
        return root(self.ctx, above, low, high)

    def tested(self, name: str, p: Sequence[Any]) -> tuple[Any, Any, Any]:
        """F of lack of fit, its critical value and the confidence of rejecting; None without degrees of freedom."""
        ctx, n = self.ctx, sum(n for _, n, _ in self.rows)
        spare, errors = len(self.rows) - len(p), n - len(self.rows)
        if spare < 1 or errors < 1:
            return None, None, None
        observed = [(ctx.mpf(t), n, ctx.mpf(passed) / n) for t, n, passed in self.rows]
        lack = ctx.fsum(n * (r - _MODELS[name](ctx, p, t)) ** 2 for t, n, r in observed) / spare
        f = lack / (ctx.fsum(n * r * (1 - r) for _, n, r in observed) / errors)
        return f, f_quantile(ctx, ctx.mpf(_CONFIDENCE), spare, errors), 1 - f_sf(ctx, f, spare, errors)


def _s2(ctx: Any, document: Table, result: Table) -> Table:
    """Everything that follows from the stored parameters, and whether their likelihood is a maximum."""
    groups, models = _Groups(ctx, document), []
    for stored in result["models"]:
        name, p = stored["name"], [ctx.mpf(value) for value in stored["parameters"]]
        days, (f, critical, rejection) = groups.days(name, p), groups.tested(name, p)
        accepted = f is not None and days is not None and bool(f <= critical)
        right = groups.highest(name, p)
        models.append(
            {
                "name": name,
                "parameters": p if right else [None] * len(p),
                "days": days,
                "f": f,
                "f_critical": critical,
                "rejection_confidence": rejection,
                "accepted": accepted,
            }
        )
    alike, best = ctx.mpf(_ALIKE), None
    for model in models:
        merit = None
        if model["accepted"]:
            ratios = [other["days"] / model["days"] for other in models if other["accepted"]]
            count = sum(1 / alike <= ratio <= alike for ratio in ratios)
            rejected = max(ctx.mpf(_LEAST_REJECTION), model["rejection_confidence"])
            merit = count * ctx.root(model["days"], 4) / rejected
            best = model if best is None or merit > best["figure_of_merit"] else best
        model["figure_of_merit"] = merit
    names = {stored["name"] for stored in result["models"]}
    if names != set(_MODELS):
        raise ValueError("models")
    return {
        "recommended_days": best["days"] if best else None,
        "best": best["name"] if best else None,
        "models": models,
    }


def _variables(ctx: Any, document: Table, result: Table) -> Table:
    """Normal equations at this precision, and the least positive root of the band's polynomials."""
    order, n = int(document.get("order", 2)), len(document["days"])
    t, d = ([ctx.mpf(x) for x in document[key]] for key in ("days", "deltas"))
    powers = [[x ** (i + 1) for x in t] for i in range(order)]
    inverse = ctx.matrix([[ctx.fdot(a, b) for b in powers] for a in powers]) ** -1
    right = [ctx.fdot(a, d) for a in powers]
    b = [ctx.fdot([inverse[i, j] for j in range(order)], right) for i in range(order)]
    variance = ctx.fsum((y - ctx.fdot(b, [row[k] for row in powers])) ** 2 for k, y in enumerate(d)) / (n - order)
    s, size, longest = ctx.sqrt(variance), max(map(abs, d)), max(t)
    covariance = [[variance * inverse[i, j] for j in range(order)] for i in range(order)]
    band = [ctx.mpf(0)] * (2 * order + 1)
    for i in range(order):
        for j in range(order):
            band[i + j + 2] += covariance[i][j]
    band[0] = ctx.mpf(document["u0"]) ** 2 + variance
    k = _factor(ctx, document, n - order)
    to_target, target = None, document.get("target_u")
    if target is not None:
        above = [band[0] - ctx.mpf(target) ** 2, *band[1:]]
        to_target = ctx.mpf(0) if above[0] >= 0 else _first_root(ctx, above)
    to_limits = None if k is None else _to_limits(ctx, document, b, band, k)
    reached = [days for days in (to_target, to_limits) if days is not None]

    def days(value: Any) -> Any:
        return None if value is None else Within(value, ctx.mpf(10) ** -9 * value)

    return {
        "recommended_days": days(min(reached, default=None)),
        "days_uncertainty_target": days(to_target),
        "days_limits": days(to_limits),
        "fit": {
            "coefficients": [Left(x, size / longest ** (i + 1)) for i, x in enumerate(b)],
            "covariance": [
                [Left(x, s * size * abs(inverse[i, j])) for j, x in enumerate(row)] for i, row in enumerate(covariance)
            ],
            "residual_sd": Left(s, size),
        },
        "coverage_factor": k,
    }


def _factor(ctx: Any, document: Table, dof: int) -> Any:
    """Student's t, with one tail for one limit."""
    limits = sum(key in document for key in ("lower", "upper"))
    p = rational(ctx, decimal(document.get("confidence", 0.95)))
    return None if not limits else factor(ctx, p if limits > 1 else 2 * p - 1, ctx.mpf(dof))


def _to_limits(ctx: Any, document: Table, b: Sequence[Any], band: Sequence[Any], k: Any) -> Any:
    """The first touch of (limit − y0 − d)² = k²u², on the side of each limit."""
    reached = []
    for key, sign in (("lower", -1), ("upper", 1)):
        if key not in document:
            continue
        room = sign * (ctx.mpf(document[key]) - ctx.mpf(document.get("y0", 0)))
        if room <= k * ctx.sqrt(band[0]):
            return ctx.mpf(0)
        distance = [room, *(-sign * x for x in b)]
        polynomial = [-(k**2) * x for x in band]
        for i, p in enumerate(distance):
            for j, q in enumerate(distance):
                polynomial[i + j] += p * q
        reached.append(_first_root(ctx, polynomial))
    return min((days for days in reached if days is not None), default=None)


def _first_root(ctx: Any, polynomial: Sequence[Any]) -> Any:
    """The least positive root, among all that there are in the plane."""
    scale = ctx.mpf(1000)
    scaled = [c * scale**i for i, c in enumerate(polynomial)]
    while scaled and not scaled[-1]:
        scaled.pop()
    if len(scaled) < 2:
        return None
    roots = ctx.polyroots(scaled, maxsteps=500, extraprec=400, asc=True)
    real = [x.real for x in roots if abs(x.imag) <= ctx.mpf(10) ** -20 * abs(x) and x.real > 0]
    return scale * min(real) if real else None
