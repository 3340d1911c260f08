"""`comparison` a second time: robust means by their definitions, scores from them (ISO 13528:2022 9, B, C)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from chuan.metrology.checker.agreement import Left
from chuan.metrology.checker.functions import decimal, mean, normal_quantile, rational, squares

Table = Mapping[str, Any]

#: Factors as ISO 13528 prints them.
_MADE, _NIQR, _OF_A = "1.483", "0.7413", "1.134"
_SETTLED = 1e-10
_MEANS = ("weighted-mean", "largest-consistent-subset")
#: A score that a person reads as 2 or 1 may be a little above it in doubles.
_BOUNDARY = 1e-9


def recompute(ctx: Any, document: Table, result: Table) -> Table:
    """Reference, consensus, items and every participant's scores with their verdicts."""
    given = [ctx.mpf(item["value"]) for item in document["result"]]
    size = max(map(abs, given))
    wanted = "consensus" in document or document.get("sigma_pt") == "consensus"
    agreed: dict[str, Any] = _consensus(ctx, document, given) if wanted else {}
    sigma = document.get("sigma_pt")
    sigma = agreed["sd"] if agreed and sigma == "consensus" else None if sigma is None else ctx.mpf(sigma)
    k = ctx.mpf(document.get("coverage_factor", 2))
    source = document.get("assigned_value", "consensus")
    weighted = _weighted(ctx, document, given) if source in _MEANS else None
    if weighted:
        value, expanded = weighted["value"], k * weighted["u"]
    elif "assigned_value" in document:
        value, expanded = ctx.mpf(document["assigned_value"]), document.get("expanded_uncertainty")
        expanded = None if expanded is None else ctx.mpf(expanded)
    else:
        value, expanded = agreed["mean"], k * agreed["u"]
    u = None if expanded is None else expanded / k
    size = max(size, abs(value))
    by_consensus = Left(u, size) if agreed and "assigned_value" not in document else u
    of_sigma = Left(sigma, size) if document.get("sigma_pt") == "consensus" else sigma
    return {
        "reference": {
            "value": Left(value, size),
            "standard_uncertainty": by_consensus,
            "sigma_pt": of_sigma,
            "source": source if isinstance(source, str) else "assigned",
        },
        "consensus": None if not agreed else agreed | {key: Left(agreed[key], size) for key in ("mean", "sd", "u")},
        "weighted_mean": None if weighted is None else weighted["said"],
        **_items(ctx, document, sigma),
        "results": [
            _scores(ctx, item, (value, u, expanded, sigma), size, weighted is not None and i in weighted["used"])
            for i, item in enumerate(document["result"])
        ],
    }


def _weighted(ctx: Any, document: Table, values: list[Any]) -> dict[str, Any]:
    """The mean weighted by 1/u² of all results, or of the most that agree at 5 % (Cox 2002, 2007)."""
    us = [ctx.mpf(item["expanded_uncertainty"]) / item.get("coverage_factor", 2) for item in document["result"]]
    everyone = range(len(values))
    for count in range(len(values), 0, -1):
        found = min((_mean_of(ctx, values, us, used) for used in combinations(everyone, count)), key=lambda m: m["chi"])
        if found["probability"] >= ctx.mpf("0.05") or document["assigned_value"] == "weighted-mean":
            break
    chi = Left(found["chi"], ctx.sqrt(found["chi"]) * max(map(abs, values)) / min(us))
    codes = [document["result"][i]["code"] for i in found["used"]]
    exactly = Left(found["probability"], found["probability"] + ctx.mpf(1) / 1000)
    said = {"chi_square": chi, "dof": count - 1, "probability": exactly, "used": codes}
    return found | {"said": said}


def _mean_of(ctx: Any, values: list[Any], us: list[Any], used: tuple[int, ...]) -> dict[str, Any]:
    total = ctx.fsum(1 / us[i] ** 2 for i in used)
    value = ctx.fsum(values[i] / us[i] ** 2 for i in used) / total
    chi = ctx.fsum(((values[i] - value) / us[i]) ** 2 for i in used)
    dof = len(used) - 1
    above = ctx.gammainc(ctx.mpf(dof) / 2, chi / 2, regularized=True) if dof else ctx.mpf(1)
    return {"value": value, "u": 1 / ctx.sqrt(total), "chi": chi, "probability": above, "used": used}


def _quantile(ordered: Sequence[Any], share: Fraction) -> Any:
    """Type 7: linear between order statistics."""
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    part = at - below
    return ordered[below] + (ordered[above] - ordered[below]) * part.numerator / part.denominator


def _consensus(ctx: Any, document: Table, values: list[Any]) -> dict[str, Any]:
    method, rule, steps = document.get("consensus", "algorithm_a"), None, None
    ordered = sorted(values)
    middle = _quantile(ordered, Fraction(1, 2))
    if method == "algorithm_a":
        rule = document.get("stopping_rule", "converged")
        center, sd, steps = _algorithm_a(ctx, ordered, middle, rule)
    elif method == "median":
        center, sd = middle, _niqr(ctx, ordered)
    else:
        sd = _q(ctx, [decimal(item["value"]) for item in document["result"]])
        center = _hampel(ctx, ordered, middle, sd) if sd else middle
    n = len(values)
    u = ctx.mpf("1.25") * sd / ctx.sqrt(n)
    return {"method": method, "mean": center, "sd": sd, "u": u, "n": n, "iterations": steps, "stopping_rule": rule}


def _niqr(ctx: Any, ordered: list[Any]) -> Any:
    return ctx.mpf(_NIQR) * (_quantile(ordered, Fraction(3, 4)) - _quantile(ordered, Fraction(1, 4)))


def _algorithm_a(ctx: Any, ordered: list[Any], middle: Any, rule: str) -> tuple[Any, Any, int]:
    """Results beyond 1.5 s* drawn in, again and again, until the rule is content (C.3.1)."""
    n = len(ordered)
    center, sd = middle, ctx.mpf(_MADE) * _quantile(sorted(abs(x - middle) for x in ordered), Fraction(1, 2))
    sd = sd or _niqr(ctx, ordered) or ctx.sqrt(squares(ctx, ordered) / (n - 1))
    places = [int(Decimal(repr(float(x))).normalize().as_tuple().exponent) for x in ordered if x]
    least = max(ctx.mpf(10) ** (min(places, default=0) - 3), max(map(abs, ordered)) * ctx.mpf(10) ** -14)
    for step in range(1, 10_000):
        drawn = [min(max(x, center - sd * 3 / 2), center + sd * 3 / 2) for x in ordered]
        after = mean(ctx, drawn), ctx.mpf(_OF_A) * ctx.sqrt(squares(ctx, drawn) / (n - 1))
        if after[1] < least:
            return middle, ctx.mpf(0), step
        moved = [abs(after[0] - center), abs(after[1] - sd)]
        figures = [f"{float(x):.2e}" for x in (center, sd, *after)]
        center, sd = after
        if figures[:2] == figures[2:] if rule == "three_figures" else max(moved) <= _SETTLED * sd:
            return center, sd, step
    raise ArithmeticError("algorithm A")


def _q(ctx: Any, values: list[Fraction]) -> Any:
    """s* of the Q method: the smoothed distribution of differences read backwards (C.5.2)."""
    differences = sorted(abs(a - b) for a, b in combinations(values, 2))
    pairs = len(differences)
    equal = Fraction(differences.count(Fraction(0)), pairs)
    if equal == 1:
        return ctx.mpf(0)
    wanted = Fraction(1, 4) + Fraction(3, 4) * equal
    corners = [(Fraction(0), equal if equal else Fraction(0))]
    below = differences.count(Fraction(0))
    for x in sorted(set(differences) - {Fraction(0)}):
        upto = below + differences.count(x)
        corners.append((x, Fraction(below + upto, 2 * pairs)))
        below = upto
    for (x0, g0), (x1, g1) in pairwise(corners):
        if g1 >= wanted:
            at = x0 + (x1 - x0) * (wanted - g0) / (g1 - g0)
            p = Fraction(5, 8) + Fraction(3, 8) * equal
            return rational(ctx, at) / (ctx.sqrt(2) * normal_quantile(ctx, rational(ctx, p)))
    raise ArithmeticError("Q method")


def _hampel(ctx: Any, ordered: list[Any], middle: Any, sd: Any) -> Any:
    """The zero of Σ ψ((x − t)/s*) nearest the median, between the corners of its broken line (C.5.3)."""

    def total(t: Any) -> Any:
        return ctx.fsum(_psi(ctx, (x - t) / sd) for x in ordered)

    corners = sorted({x + corner * sd / 2 for x in ordered for corner in (-9, -6, -3, 3, 6, 9)})
    sums = [total(t) for t in corners]
    tiny = ctx.mpf(10) ** -30
    zeros = [t for t, s in zip(corners[1:-1], sums[1:-1], strict=True) if abs(s) < tiny]
    for i in range(len(corners) - 1):
        if abs(sums[i]) >= tiny and abs(sums[i + 1]) >= tiny and sums[i] * sums[i + 1] < 0:
            zeros.append(corners[i] + (corners[i + 1] - corners[i]) * sums[i] / (sums[i] - sums[i + 1]))
    return min(zeros, key=lambda t: abs(t - middle)) if zeros else middle


def _psi(ctx: Any, q: Any) -> Any:
    size = max(ctx.mpf(0), min(abs(q), ctx.mpf(3) / 2, ctx.mpf(9) / 2 - abs(q)))
    return size if q > 0 else -size


def _items(ctx: Any, document: Table, sigma: Any) -> Table:
    """Homogeneity and stability of the items (annex B)."""
    if "homogeneity" not in document:
        return {"homogeneity": None, "stability": None}
    rows = [[ctx.mpf(x) for x in row] for row in document["homogeneity"]]
    means, m = [mean(ctx, row) for row in rows], len(rows[0])
    size = max(abs(x) for row in rows for x in row)
    s_x = ctx.sqrt(squares(ctx, means) / (len(rows) - 1))
    s_w = ctx.sqrt(ctx.fsum(squares(ctx, row) for row in rows) / (len(rows) * (m - 1)))
    s_s = ctx.sqrt(max(ctx.mpf(0), s_x**2 - s_w**2 / m))
    first = mean(ctx, means)
    allowed = None if sigma is None else sigma * 3 / 10 * (1 + ctx.mpf(_BOUNDARY) ** 2)
    found: dict[str, Any] = {
        "homogeneity": {
            "mean": first,
            "s_x": Left(s_x, size),
            "s_w": Left(s_w, size),
            "s_s": Left(s_s, s_x + size * ctx.mpf(10) ** -10, 2),
            "adequate": None if allowed is None else bool(s_s <= allowed),
        },
        "stability": None,
    }
    if "stability" in document:
        later = mean(ctx, [ctx.mpf(x) for row in document["stability"] for x in row])
        adequate = None if allowed is None else bool(abs(later - first) <= allowed)
        found["stability"] = {"mean": later, "difference": Left(later - first, size), "adequate": adequate}
    return found


def _scores(ctx: Any, item: Table, reference: tuple[Any, Any, Any, Any], size: Any, part: bool) -> Table:
    value, u, expanded, sigma = reference
    d, own = ctx.mpf(item["value"]) - value, item.get("expanded_uncertainty")
    own_u = None if own is None else ctx.mpf(own) / ctx.mpf(item.get("coverage_factor", 2))
    scores = {
        "z": _over(ctx, d, sigma, 0),
        "z_prime": _over(ctx, d, sigma, u),
        "zeta": _over(ctx, d, own_u, u),
        "en": _over(ctx, d, None if own is None else ctx.mpf(own), expanded),
    }
    if part and own_u is not None and u is not None:
        # What is part of a weighted mean is as far from it as √(u² − u(mean)²) says.
        rest = own_u**2 - u**2
        scores["zeta"] = d / ctx.sqrt(rest) if rest > 2 * _BOUNDARY * own_u**2 else None
        scores["en"] = scores["zeta"] and scores["zeta"] / ctx.mpf(item.get("coverage_factor", 2))
    verdicts = {key: None if score is None else _verdict(key, abs(score)) for key, score in scores.items()}
    percent = Left(100 * d / abs(value), 100 * size / abs(value)) if value else None
    return {
        "code": item["code"],
        "difference": Left(d, size),
        "difference_percent": percent,
        **{key: None if s is None else Left(s, abs(s) * size / abs(d) if d else size) for key, s in scores.items()},
        "verdicts": verdicts,
    }


def _over(ctx: Any, d: Any, a: Any, b: Any) -> Any:
    if a is None or b is None or (not a and not b):
        return None
    return d / ctx.sqrt(a**2 + b**2)


def _verdict(score: str, size: Any) -> str:
    if score == "en":
        return "satisfactory" if size <= 1 + _BOUNDARY else "unsatisfactory"
    if size <= 2 + _BOUNDARY:
        return "satisfactory"
    return "questionable" if size < 3 - _BOUNDARY else "unsatisfactory"
