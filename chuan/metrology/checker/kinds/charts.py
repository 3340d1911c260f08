"""`control-chart` a second time: constants by their integrals, rules in words of points (ISO 7870-2; NIST 6.3.2)."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from chuan.metrology.checker.agreement import Left, Within
from chuan.metrology.checker.functions import mean, squares

Table = Mapping[str, Any]

#: Of the integrals for the constants of ranges.
_STEP, _EDGE, _PIECES = 0.125, 10, (0.0, 2.0, 4.0, 7.0, 14.0)
#: A point so near a boundary may be on either side of it in doubles.
_NEAR = 1e-9


def constants(ctx: Any, chart: str, n: int) -> tuple[Any, Any]:
    """Mean and standard deviation of the spread statistic of n normal values, in units of σ."""
    if chart == "xbar_s":
        c4 = ctx.sqrt(ctx.mpf(2) / (n - 1)) * ctx.gamma(ctx.mpf(n) / 2) / ctx.gamma(ctx.mpf(n - 1) / 2)
        return c4, ctx.sqrt(1 - c4**2)
    return of_range(n)


@lru_cache(maxsize=64)
def of_range(n: int) -> tuple[float, float]:
    """d2 and d3 from P(R > w): E[R] = ∫ P dw, E[R²] = 2∫ w P dw.

    In doubles, which hold fifteen digits of them; the integrals over x are sums over the whole line.
    """
    from mpmath import fp  # noqa: PLC0415 - mpmath is needed only where a result is recomputed

    nodes = [i * _STEP for i in range(-round(_EDGE / _STEP), round(_EDGE / _STEP) + 1)]
    grid = [(x, fp.npdf(x), math.erfc(-x / math.sqrt(2)) / 2) for x in nodes]

    @cache
    def exceeds(w: float) -> float:
        inside = (p * (math.erfc(-(x + w) / math.sqrt(2)) / 2 - q) ** (n - 1) for x, p, q in grid)
        return 1 - n * _STEP * math.fsum(inside)

    first = fp.quad(exceeds, _PIECES)
    second = 2 * fp.quad(lambda w: w * exceeds(w), _PIECES)
    return first, math.sqrt(second - first**2)


def recompute(ctx: Any, document: Table, result: Table) -> Table:
    """Centre, limits, points, spread and violations."""
    if document["chart"] == "ewma":
        return _ewma(ctx, document, result)
    chart = document["chart"]
    single = chart == "individuals"
    data = [[ctx.mpf(x) for x in ([group] if single else group)] for group in document["data"]]
    points = [mean(ctx, group) for group in data]
    if single:
        spreads = [abs(b - a) for a, b in pairwise(points)]
    elif chart == "xbar_r":
        spreads = [max(group) - min(group) for group in data]
    else:
        spreads = [ctx.sqrt(squares(ctx, group) / (len(group) - 1)) for group in data]
    middle, sd = constants(ctx, "xbar_r" if single else chart, 2 if single else len(data[0]))
    given_sd, given_mean = document.get("baseline_sd"), document.get("baseline_mean")
    sigma = mean(ctx, spreads) / middle if given_sd is None else ctx.mpf(given_sd)
    center = mean(ctx, points) if given_mean is None else ctx.mpf(given_mean)
    of_point = sigma / ctx.sqrt(len(data[0]))
    size = max(abs(x) for group in data for x in group)
    low, high = max(ctx.mpf(0), (middle - 3 * sd) * sigma), (middle + 3 * sd) * sigma
    z = [(point - center) / of_point for point in points]
    slack = size / of_point * ctx.mpf(10) ** -14 + _NEAR
    found = _both(
        lambda near: (
            _broken(z, document.get("rules", "western_electric"), near)
            | _out(spreads, low, high, near * sigma, "spread")
        ),
        slack,
    )
    return {
        "center": Left(center, size),
        "lower": Left(center - 3 * of_point, size),
        "upper": Left(center + 3 * of_point, size),
        "sigma": Left(sigma, size),
        "points": [Left(point, size) for point in points],
        "spread": {
            "center": Left(middle * sigma, size),
            "lower": Left(low, max(size, sigma)),
            "upper": Left(high, size),
            "points": [Left(spread, size) for spread in spreads],
        },
        "violations": _agreed(result, found),
    }


def _ewma(ctx: Any, document: Table, result: Table) -> Table:
    """z_i = λx_i + (1 − λ)z_(i−1), with 3 sd √(λ/(2 − λ)·(1 − (1 − λ)^2i))."""
    weight, last, sd = (ctx.mpf(document[key]) for key in ("lambda", "baseline_mean", "baseline_sd"))
    center, points = last, []
    for x in document["data"]:
        last = weight * ctx.mpf(x) + (1 - weight) * last
        points.append(last)
    reach = 3 * sd * ctx.sqrt(weight / (2 - weight))
    exact = document.get("limits", "asymptotic") == "exact"
    reaches = [reach * ctx.sqrt(1 - (1 - weight) ** (2 * i)) if exact else reach for i in range(1, len(points) + 1)]
    size = max(abs(center), *(abs(ctx.mpf(x)) for x in document["data"]))

    def out(near: Any) -> set[tuple[str, int, int]]:
        z = [(point - center) / r for point, r in zip(points, reaches, strict=True)]
        return {("location", 1, i) for i, value in enumerate(z) if abs(value) > 1 + near}

    lower, upper = ([Left(center + sign * r, size) for r in reaches] for sign in (-1, 1))
    return {
        "center": center,
        "lower": lower if exact else lower[0],
        "upper": upper if exact else upper[0],
        "sigma": sd,
        "points": [Left(point, size) for point in points],
        "spread": None,
        "violations": _agreed(result, _both(out, _NEAR)),
    }


Found = set[tuple[str, int, int]]


def _both(broken: Callable[[Any], Found], slack: Any) -> tuple[Found, Found]:
    """What is broken for certain, and what may be where points lie on boundaries."""
    return broken(slack), broken(-slack)


def _agreed(result: Table, found: tuple[Found, Found]) -> Any:
    """The stored violations, if they are between what is certain and what may be; else those that are certain."""
    certain, possible = found
    stored = [dict(item) for item in result["violations"]]
    named = [(item["chart"], item["rule"], item["index"]) for item in stored]
    if len(set(named)) == len(named) and certain <= set(named) <= possible:
        return [{**item, **{key: Within(item[key], 0) for key in ("rule", "index")}} for item in stored]
    order = sorted(certain, key=lambda item: (item[0], item[2], item[1]))
    return [{"chart": chart, "rule": Within(rule, 0), "index": Within(index, 0)} for chart, rule, index in order]


def _out(points: Sequence[Any], low: Any, high: Any, near: Any, chart: str) -> Found:
    return {(chart, 1, i) for i, point in enumerate(points) if point < low - near or point > high + near}


def _broken(z: Sequence[Any], rules: str, near: Any) -> Found:
    """Western Electric's and Nelson's rules, each at the point that completes it."""
    found = set()
    for i in range(len(z)):
        tests = _western(z[: i + 1], near) if rules == "western_electric" else _nelson(z[: i + 1], near)
        found |= {("location", rule, i) for rule, broken in tests.items() if broken}
    return found


def _side(z: Sequence[Any], length: int, wanted: int, limit: int, near: Any) -> bool:
    """`wanted` of the last `length` beyond `limit` on one side, the last among them."""
    last = z[-length:]
    return len(last) == length and any(
        sign * z[-1] > limit + near and sum(sign * x > limit + near for x in last) >= wanted for sign in (1, -1)
    )


def _western(z: Sequence[Any], near: Any) -> dict[int, bool]:
    return {
        1: _side(z, 1, 1, 3, near),
        2: _side(z, 3, 2, 2, near),
        3: _side(z, 5, 4, 1, near),
        4: _side(z, 8, 8, 0, near),
    }


def _nelson(z: Sequence[Any], near: Any) -> dict[int, bool]:
    steps = [b - a for a, b in pairwise(z)]
    turns = [(a > near and b < -near) or (a < -near and b > near) for a, b in pairwise(steps[-13:])]
    return {
        1: _side(z, 1, 1, 3, near),
        2: _side(z, 9, 9, 0, near),
        3: len(z) >= 6 and (all(s > near for s in steps[-5:]) or all(s < -near for s in steps[-5:])),
        4: len(z) >= 14 and all(turns),
        5: _side(z, 3, 2, 2, near),
        6: _side(z, 5, 4, 1, near),
        7: len(z) >= 15 and all(abs(x) < 1 - near for x in z[-15:]),
        8: len(z) >= 8 and all(abs(x) > 1 + near for x in z[-8:]) and min(z[-8:]) < -near and max(z[-8:]) > near,
    }
