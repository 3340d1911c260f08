"""`line` a second time: normal equations, and for errors in both axes the least χ² over the slope (ISO/TS 28037)."""

from collections.abc import Mapping
from typing import Any

from chuan.metrology.checker.agreement import Left, Within
from chuan.metrology.checker.fitted_line import CorrelatedLine, FittedLine
from chuan.metrology.checker.functions import mean

Table = Mapping[str, Any]
AnyLine = CorrelatedLine | FittedLine

#: What the first kernel's steps leave of u(b) and u(a).
_SETTLED = 1e-10


def recompute(ctx: Any, document: Table, result: Table) -> Table:
    """Every number of the line and of what is read from it."""
    line: AnyLine = CorrelatedLine(ctx, document) if "covariance_y" in document else FittedLine(ctx, document)
    size = max(map(abs, line.y))
    u_a, u_b = ctx.sqrt(line.variance(0)), ctx.sqrt(line.var_b)
    mixed = -line.center * line.var_b
    around = ctx.sqrt(mean(ctx, [(x - line.center) ** 2 for x in line.x]))
    chi: Any = Left(line.chi, ctx.sqrt(line.chi) * size * ctx.sqrt(max(line.weights)))

    def u(variance: Any) -> Any:
        """Where the scatter is all that is known of u, u is no more exact than the residuals."""
        found = ctx.sqrt(variance)
        return Left(found, found / ctx.sqrt(line.scale) * size) if line.model == "ols" and line.scale else found

    def read(item: Table) -> Table:
        y, own = ctx.mpf(item["y"]), ctx.mpf(item["u"])
        x = line.center + (y - line.level) / line.b
        found = ctx.sqrt(line.variance(x) + own**2) / abs(line.b)
        value = _parameter(line, x, found, max(abs(line.center), abs(y / line.b), size / abs(line.b)))
        return {"y": y, "value": value, "standard_uncertainty": _near(found, line)}

    def predicted(at: Any) -> Table:
        x = ctx.mpf(at)
        found = ctx.sqrt(line.variance(x))
        value = _parameter(line, line.level + line.b * (x - line.center), found, size + abs(line.b * x))
        return {"x": x, "value": value, "standard_uncertainty": _near(u(line.variance(x)), line)}

    intercept = _parameter(line, line.level - line.b * line.center, u_a, size + abs(line.b * line.center))
    return {
        "model": line.model,
        "intercept": intercept,
        "slope": _parameter(line, line.b, u_b, size / around),
        "standard_uncertainties": [_near(u(line.variance(0)), line), _near(u(line.var_b), line)],
        "covariance": [
            [_near(line.variance(0), line), _near(mixed, line)],
            [_near(mixed, line), _near(line.var_b, line)],
        ],
        "residual_sd": Left(ctx.sqrt(line.chi), size) if line.model == "ols" else None,
        "chi_square": None if line.model == "ols" else chi,
        "dof": line.dof,
        "predictions": [predicted(at) for at in document.get("predict", ())],
        "inversions": [read(item) for item in document.get("invert", ())],
    }


def _parameter(line: AnyLine, value: Any, u: Any, size: Any) -> Any:
    """A value of the line, as exactly as the fit is."""
    return Within(value, _SETTLED * (u + abs(value))) if line.model == "gdr" else Left(value, size)


def _near(value: Any, line: AnyLine) -> Any:
    """An uncertainty, which hangs on where the first kernel's steps for the slope stopped."""
    return Within(value, _SETTLED * abs(value) * 10) if line.model == "gdr" and not isinstance(value, Left) else value
