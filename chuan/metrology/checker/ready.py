"""Ready components and certificates read a second time: written out as plain components, with whose error each is.

What comes out are tables of the kind that a file could hold, with numbers at the context's precision and one key more,
`cause`: whose error it is, what of it and at which point of a certificate, and the sign with which it moves the input;
None of an error of its own.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

Table = Mapping[str, Any]

_READINGS_ANEW = ("resolution", "repeatability")


def plain_input(ctx: Any, table: Table) -> Table:
    """An input of plain components; one that has only plain ones stays, with their causes."""
    if "certificate" in table:
        return _certified(ctx, table)
    if "observations" in table and ("resolution" in table or "repeatability" in table):
        return _read(ctx, table)
    if "components" in table:
        return {**table, "components": [component(ctx, part) for part in table["components"]]}
    if "observations" in table:
        return table
    if any(key in table for key in _KEYS):
        return {"symbol": table["symbol"], "value": table["value"], "components": [component(ctx, table)]}
    return {**table, "cause": _cause(table)}


def component(ctx: Any, table: Table) -> Table:
    """One component as a plain one."""
    key = next((key for key in _KEYS if key in table), None)
    if key is None:
        return {**table, "cause": _cause(table)}
    source = "drift" if key == "history" else key
    shape = _KEYS[key](ctx, table)
    return {**shape, "label": table.get("label") or source, "cause": _cause({"cause": source, **table})}


def _cause(table: Table) -> tuple[tuple[str, ...], int] | None:
    source = table.get("cause", "calibration")
    for owner in ("standard", "instrument"):
        if owner in table and not (owner == "instrument" and source in _READINGS_ANEW):
            return (owner, table[owner], source, ""), 1
    return None


def _rectangle(half: Any) -> Table:
    return {"distribution": "rectangular", "half_width": half}


def _scatter(ctx: Any, table: Table, n: int) -> Table:
    """s_p/√n with Σ(n_i − 1) degrees of freedom, or as stated (GUM 4.2.4)."""
    if "observations" in table:
        sets = [[ctx.mpf(x) for x in row] for row in table["observations"]]
        means = [ctx.fsum(row) / len(row) for row in sets]
        total = ctx.fsum((x - mean) ** 2 for row, mean in zip(sets, means, strict=True) for x in row)
        dof = sum(len(row) - 1 for row in sets)
        u = ctx.sqrt(total / dof / n)
    else:
        u = ctx.mpf(table["standard_deviation"]) / ctx.sqrt(n)
        if "dof" not in table:
            return {"distribution": "normal", "standard_uncertainty": u}
        dof = table["dof"]
    return {"distribution": "student_t", "dof": dof, "standard_uncertainty": u}


def _repeated(ctx: Any, table: Table) -> Table:
    inside = table["repeatability"]
    return _scatter(ctx, inside, inside.get("readings", 1))


def _drifted(ctx: Any, table: Table) -> Table:
    """The largest rate of change between certificates, times the days since the last."""
    points = sorted((_day(entry.get("day", entry.get("date"))), ctx.mpf(entry["value"])) for entry in table["history"])
    rates = [abs(b - a) / (ctx.mpf(q) - p) for (p, a), (q, b) in pairwise(points) if q > p]
    days = table["days"] if "days" in table else ctx.mpf(_day(table["at"])) - points[-1][0]
    return _rectangle(max(rates) * days)


def _day(value: Any) -> Any:
    return datetime.date.fromisoformat(value).toordinal() if isinstance(value, str) else value


_KEYS: dict[str, Callable[[Any, Table], Table]] = {
    "resolution": lambda ctx, t: _rectangle(ctx.mpf(t["resolution"]) / 2),
    "repeatability": _repeated,
    "hysteresis": lambda ctx, t: _rectangle(ctx.mpf(t["hysteresis"]) / 2),
    "zero": lambda ctx, t: _rectangle(ctx.mpf(t["zero"])),
    "history": _drifted,
}


def _read(ctx: Any, table: Table) -> Table:
    """Readings with s_p known before, or with the step of their indication: the larger of step and scatter."""
    readings = [ctx.mpf(x) for x in table["observations"]]
    n = len(readings)
    mean = ctx.fsum(readings) / n
    label = table.get("label") or ("observations" if "components" in table else "")
    parts = [component(ctx, part) for part in table.get("components", ())]
    if "repeatability" in table:
        own = {**_scatter(ctx, table["repeatability"], n), "label": label}
    else:
        u = ctx.sqrt(ctx.fsum((x - mean) ** 2 for x in readings) / (n * (n - 1)))
        half = ctx.mpf(table["resolution"]) / 2
        scatter = {"distribution": "student_t", "standard_uncertainty": u, "dof": n - 1, "label": label}
        step = {**_rectangle(half), "label": table.get("label") or "resolution"}
        own = scatter if u > half / ctx.sqrt(3) else step
    return {"symbol": table["symbol"], "value": mean, "components": [{**own, "cause": None}, *parts]}


def _certified(ctx: Any, table: Table) -> Table:
    """The straight line between the two points about `at`; errors of each point, and what they have in common.

    Two errors of variances a², b² and covariance r·a·b as independent ones: (1 − |r|) of each variance is its own,
    and what is left moves both, together or apart.
    """
    inside = table["certificate"]
    points = sorted([ctx.mpf(x) for x in row] for row in inside["points"])
    at, k = ctx.mpf(inside["at"]), ctx.mpf(inside["coverage_factor"])
    low, high = next((p, q) for p, q in pairwise(points) if p[0] <= at <= q[0])
    share = (at - low[0]) / (high[0] - low[0])
    a, b = (1 - share) * low[2] / k, share * high[2] / k
    r = inside["correlation"] if "correlation" in inside else inside["covariance"] / (low[2] * high[2] / k**2)
    r = ctx.mpf(r)
    pair = "" if r > 0 else f"{_shown(low[0])} to {_shown(high[0])}"
    both = ctx.sqrt(abs(r)) * (a + b if r > 0 else a - b)
    own = ctx.sqrt(1 - abs(r))
    name = table.get("label") or "calibration"
    errors: Sequence[tuple[Any, str, str]] = (
        (own * a, f"{name} at {_shown(low[0])}", _shown(low[0])),
        (own * b, f"{name} at {_shown(high[0])}", _shown(high[0])),
        (both, f"{name}, common", pair),
    )
    parts: list[Table] = [
        {
            "distribution": "normal",
            "standard_uncertainty": abs(u),
            "label": label,
            "cause": (("standard", table["standard"], "calibration", point), 1 if u > 0 else -1)
            if "standard" in table
            else None,
        }
        for u, label, point in errors
        if u
    ]
    if inside.get("nonlinearity"):
        cause = ("standard", table.get("standard"), "nonlinearity", f"{_shown(low[0])} to {_shown(high[0])}")
        flat = _rectangle(ctx.mpf(inside["nonlinearity"]))
        parts.append({**flat, "label": "nonlinearity", "cause": (cause, 1) if "standard" in table else None})
    parts += [component(ctx, part) for part in table.get("components", ())]
    return {"symbol": table["symbol"], "value": (1 - share) * low[1] + share * high[1], "components": parts}


def _shown(x: Any) -> str:
    return repr(float(x)).removesuffix(".0")
