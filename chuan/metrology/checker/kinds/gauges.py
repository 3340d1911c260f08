"""`gauge-study` a second time: sums of squares from totals, mean ranges over their constants (AIAG MSA III)."""

from collections.abc import Mapping
from typing import Any

from chuan.metrology.checker.agreement import Left
from chuan.metrology.checker.functions import f_sf, mean, squares
from chuan.metrology.checker.kinds.charts import of_range

Table = Mapping[str, Any]

_SOURCES = ("part", "operator", "interaction", "repeatability")
#: The ratio of categories that AIAG prints.
_CATEGORIES = "1.41"


def recompute(ctx: Any, document: Table, result: Table) -> Table:
    """Components, the analysis of variance, and what is made of them."""
    data = [[[ctx.mpf(x) for x in cell] for cell in part] for part in document["data"]]
    size = max(abs(x) for part in data for cell in part for x in cell)
    if document.get("method", "anova") == "range":
        variances, rows, pooled = _by_ranges(ctx, data), [], None
    else:
        rows = _analysis(ctx, data, size)
        p = rows[2]["p"]
        pooled = p is not None and bool(p > document.get("pool_above", 0.05))
        variances = _by_analysis(ctx, rows, data, pooled)
    return _study(ctx, document, variances, size) | {
        "anova": [_shown(row, size) for row in rows] or None,
        "interaction_pooled": pooled,
    }


def _shown(row: Table, size: Any) -> Table:
    return {**row, "ss": Left(row["ss"], size**2), "ms": None if row["ms"] is None else Left(row["ms"], size**2)}


def _analysis(ctx: Any, data: Any, size: Any) -> list[dict[str, Any]]:
    """Sums of squares of cell, part and operator means; the interaction is what they leave of the cells'."""
    parts, operators, trials = len(data), len(data[0]), len(data[0][0])
    every = [x for part in data for cell in part for x in cell]
    of_cells = trials * squares(ctx, [mean(ctx, cell) for part in data for cell in part])
    of_parts = operators * trials * squares(ctx, [mean(ctx, [x for cell in part for x in cell]) for part in data])
    columns = zip(*data, strict=True)
    of_operators = (
        parts * trials * squares(ctx, [mean(ctx, [x for cell in column for x in cell]) for column in columns])
    )
    whole = squares(ctx, every)
    sums = [of_parts, of_operators, of_cells - of_parts - of_operators, whole - of_cells]
    dfs = [parts - 1, operators - 1, (parts - 1) * (operators - 1), parts * operators * (trials - 1)]
    # What 100 digits less would be is nothing: the sums are differences at the context's precision.
    sums = [ss if abs(ss) > size**2 * ctx.mpf(10) ** -30 else ctx.mpf(0) for ss in sums]
    rows = []
    for i, source in enumerate(_SOURCES):
        under = None if i == 3 else (3 if i == 2 else 2)
        f = None if under is None or not sums[under] else (sums[i] / dfs[i]) / (sums[under] / dfs[under])
        p = None if f is None else f_sf(ctx, f, dfs[i], dfs[under or 0])
        rows.append({"source": source, "df": dfs[i], "ss": sums[i], "ms": sums[i] / dfs[i], "f": f, "p": p})
    return [*rows, {"source": "total", "df": sum(dfs), "ss": whole, "ms": None, "f": None, "p": None}]


def _by_analysis(ctx: Any, rows: Any, data: Any, pooled: bool) -> dict[str, Any]:
    """Variance of each source, and the mean square that it was a difference of."""
    parts, operators, trials = len(data), len(data[0]), len(data[0][0])
    part, operator, interaction, error = (row["ms"] for row in rows[:4])
    beside = interaction
    if pooled:
        error = beside = (rows[2]["ss"] + rows[3]["ss"]) / (rows[2]["df"] + rows[3]["df"])
    zero = ctx.mpf(0)
    return {
        "repeatability": (error, error),
        "operator": (max(zero, operator - beside) / (parts * trials), operator / (parts * trials)),
        "interaction": (zero, zero) if pooled else (max(zero, interaction - error) / trials, interaction / trials),
        "part": (max(zero, part - beside) / (operators * trials), part / (operators * trials)),
    }


def _by_ranges(ctx: Any, data: Any) -> dict[str, Any]:
    """Mean ranges over d2* = √(d2² + d3²/g)."""
    parts, operators, trials = len(data), len(data[0]), len(data[0][0])

    def square(values: list[Any], n: int, groups: int) -> Any:
        d2, d3 = of_range(n)
        return mean(ctx, values) ** 2 / (ctx.mpf(d2) ** 2 + ctx.mpf(d3) ** 2 / groups)

    def extent(values: list[Any]) -> Any:
        return max(values) - min(values)

    error = square([extent(cell) for part in data for cell in part], trials, parts * operators)
    by_operator = [mean(ctx, [x for part in data for x in part[j]]) for j in range(operators)]
    between = square([extent(by_operator)], operators, 1)
    own = square([extent([mean(ctx, [x for cell in part for x in cell]) for part in data])], parts, 1)
    return {
        "repeatability": (error, error),
        "operator": (max(ctx.mpf(0), between - error / (parts * trials)), between),
        "interaction": None,
        "part": (own, own),
    }


def _study(ctx: Any, document: Table, given: Mapping[str, Any], size: Any) -> dict[str, Any]:
    found = {name: pair or (ctx.mpf(0), ctx.mpf(0)) for name, pair in given.items()}
    for name, among in (
        ("reproducibility", ("operator", "interaction")),
        ("grr", ("repeatability", "reproducibility")),
        ("total", ("grr", "part")),
    ):
        found[name] = tuple(sum(found[one][k] for one in among) for k in (0, 1))
    total, tolerance = ctx.sqrt(found["total"][0]), document.get("tolerance")
    floor = (size * ctx.mpf(10) ** -12) ** 2

    def component(variance: Any, of: Any) -> Table:
        sd, root_of = ctx.sqrt(variance), ctx.sqrt(of + floor)
        return {
            "variance": Left(variance, of + floor),
            "sd": Left(sd, root_of, 2),
            "percent": Left(100 * sd / total, 100 * root_of / total, 2),
            "percent_tolerance": None
            if tolerance is None
            else Left(600 * sd / tolerance, 600 * root_of / tolerance, 2),
        }

    order = ("repeatability", "operator", "interaction", "reproducibility", "grr", "part", "total")
    grr, part = ctx.sqrt(found["grr"][0]), ctx.sqrt(found["part"][0])
    return {
        "components": {name: None if given.get(name, True) is None else component(*found[name]) for name in order},
        "percent_grr": Left(100 * grr / total, 100 * ctx.sqrt(found["grr"][1]) / total, 2),
        "ndc": max(1, int(ctx.floor(ctx.mpf(_CATEGORIES) * part / grr))) if grr else None,
    }
