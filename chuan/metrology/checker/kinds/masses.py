"""`mass-design` a second time: the bordered normal equations solved as they stand (NBS TN 952; NIST 2.3.3, 2.3.4.1)."""

from collections.abc import Mapping
from typing import Any

from chuan.metrology.checker.agreement import Left
from chuan.metrology.checker.functions import decimal, f_quantile, rational
from chuan.metrology.checker.propagation import factor

Table = Mapping[str, Any]

#: Both tests of a check standard.
_CONFIDENCE = 0.95


def recompute(ctx: Any, document: Table, result: Table) -> Table:
    """Values, uncertainties and both tests."""

    def row(values: Any) -> list[Any]:
        return [rational(ctx, decimal(value)) for value in values]

    design, observed = [row(line) for line in document["design"]], row(document["observations"])
    nominal, restraint = row(document["nominal"]), document["restraint"]
    held, count = row(restraint["vector"]), len(nominal)
    inverse = _bordered(ctx, design, held) ** -1
    cofactors = [[inverse[i, j] for j in range(count)] for i in range(count)]
    share = [inverse[i, count] for i in range(count)]
    right = [ctx.fdot(column, observed) for column in zip(*design, strict=True)]
    known, u = rational(ctx, decimal(restraint["value"])), rational(ctx, decimal(restraint["u"]))
    values = [ctx.fdot(line, right) + part * known for line, part in zip(cofactors, share, strict=True)]
    dof = len(design) - count + 1
    left = [y - ctx.fdot(line, values) for line, y in zip(design, observed, strict=True)]
    residual: Any = ctx.sqrt(ctx.fsum(r**2 for r in left) / dof) if dof > 0 else None
    accepted = document.get("accepted_sd")
    s: Any = residual if accepted is None else ctx.mpf(accepted)
    size = max(map(abs, observed))
    covariance = [
        [s**2 * c + u**2 * share[i] * share[j] for j, c in enumerate(line)] for i, line in enumerate(cofactors)
    ]
    by_scatter = (lambda x: Left(x, size, 2)) if accepted is None else (lambda x: x)
    return {
        "values": [Left(value, abs(known) + size) for value in values],
        "type_a": [by_scatter(s * ctx.sqrt(abs(line[i]))) for i, line in enumerate(cofactors)],
        "type_restraint": [u * abs(part) for part in share],
        "standard_uncertainties": [ctx.sqrt(line[i]) for i, line in enumerate(covariance)],
        "covariance": [[Left(c, s**2 + u**2) for c in line] for line in covariance],
        "residual_sd": None if residual is None else Left(residual, size),
        "dof": dof,
        "check": _check(ctx, document, values, row) if "check" in document else None,
        "f": _scatter(ctx, document, residual, dof) if accepted is not None and residual is not None else None,
    }


def _bordered(ctx: Any, design: list[list[Any]], held: list[Any]) -> Any:
    """[[X'X, r], [r', 0]]."""
    columns = list(zip(*design, strict=True))
    rows = [[ctx.fdot(a, b) for b in columns] + [held[i]] for i, a in enumerate(columns)]
    return ctx.matrix([*rows, [*held, ctx.mpf(0)]])


def _check(ctx: Any, document: Table, values: list[Any], row: Any) -> Table:
    """t of the check standard against the two-sided critical value."""
    check = document["check"]
    value = ctx.fdot(row(check["vector"]), values)
    dof = check.get("dof", document.get("accepted_dof"))
    t = (value - rational(ctx, decimal(check["accepted"]))) / ctx.mpf(check["sd"])
    critical = factor(ctx, ctx.mpf(_CONFIDENCE), None if dof is None else ctx.mpf(dof))
    size = max(abs(value), abs(check["accepted"]))
    return {
        "value": Left(value, max(map(abs, values))),
        "t": Left(t, size / check["sd"]),
        "critical": critical,
        "in_control": bool(abs(t) <= critical),
    }


def _scatter(ctx: Any, document: Table, residual: Any, dof: int) -> Table:
    """F of the residuals' scatter over the accepted one."""
    f = (residual / ctx.mpf(document["accepted_sd"])) ** 2
    critical = f_quantile(ctx, ctx.mpf(_CONFIDENCE), dof, document.get("accepted_dof"))
    size = max(map(abs, document["observations"])) / document["accepted_sd"]
    return {"value": Left(f, ctx.sqrt(f) * size), "critical": critical, "in_control": bool(f <= critical)}
