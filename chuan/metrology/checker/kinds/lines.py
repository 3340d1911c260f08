"""`line` a second time: normal equations, and for errors in both axes the least χ² over the slope (ISO/TS 28037)."""

from collections.abc import Mapping, Sequence
from typing import Any

from chuan.metrology.checker.agreement import Left, Within
from chuan.metrology.checker.functions import mean

Table = Mapping[str, Any]

#: What the first kernel's steps leave of u(b) and u(a).
_SETTLED = 1e-10


class _Line:
    """y = a + b·x through given points, and how exactly the first kernel can know it."""

    def __init__(self, ctx: Any, document: Table) -> None:
        self.ctx = ctx
        self.x, self.y = ([ctx.mpf(value) for value in document[key]] for key in "xy")
        self.ux, self.uy = (self._u(document.get(f"u_{axis}")) for axis in "xy")
        known = "u_x" in document or "u_y" in document
        self.model = ("gdr" if any(self.ux) else "wls") if known else "ols"
        weights = [1 / u**2 for u in self.uy] if self.model == "wls" else [ctx.mpf(1)] * len(self.x)
        self.weigh(weights, self.x, None)
        if self.model == "gdr":
            self.bend()
        residuals = [y - self.level - self.b * (x - self.center) for x, y in zip(self.x, self.y, strict=True)]
        self.chi = ctx.fsum(w * r**2 for w, r in zip(self.weights, residuals, strict=True))
        self.dof = len(self.x) - 2
        if self.model == "ols":
            self.chi /= self.dof
            self.scale = self.chi
        else:
            self.scale = ctx.mpf(1)
        self.var_level, self.var_b = self.scale / self.total, self.scale / self.spread

    def _u(self, given: Any) -> list[Any]:
        if isinstance(given, Sequence):
            return [self.ctx.mpf(u) for u in given]
        return [self.ctx.mpf(given or 0)] * len(self.x)

    def weigh(self, weights: Sequence[Any], places: Sequence[Any], slope: Any) -> None:
        """The line of given weights; a slope that is given stays."""
        ctx = self.ctx
        self.weights, self.total = weights, ctx.fsum(weights)
        self.center = ctx.fsum(w * x for w, x in zip(weights, places, strict=True)) / self.total
        self.spread = ctx.fsum(w * (x - self.center) ** 2 for w, x in zip(weights, places, strict=True))
        if slope is None:
            rows = zip(weights, self.x, self.y, strict=True)
            self.b = ctx.fsum(w * (x - self.center) * y for w, x, y in rows) / self.spread
        else:
            self.b = slope
        through = mean_of(ctx, weights, [y - self.b * x for x, y in zip(self.x, self.y, strict=True)])
        self.level = through + self.b * self.center

    def chi_square(self, slope: Any) -> Any:
        """Least χ² of a slope, over the intercept (clause 7: weights 1/(u_y² + b²u_x²))."""
        weights = [1 / (v**2 + (slope * u) ** 2) for u, v in zip(self.ux, self.uy, strict=True)]
        heights = [y - slope * x for x, y in zip(self.x, self.y, strict=True)]
        a = mean_of(self.ctx, weights, heights)
        return self.ctx.fsum(w * (h - a) ** 2 for w, h in zip(weights, heights, strict=True))

    def bend(self) -> None:
        """The slope where χ² is stationary, and the points' places on the line that weigh the parameters."""
        ctx = self.ctx
        slope = ctx.findroot(lambda b: ctx.diff(self.chi_square, b), self.b, tol=ctx.mpf(10) ** (20 - ctx.dps))
        weights = [1 / (v**2 + (slope * u) ** 2) for u, v in zip(self.ux, self.uy, strict=True)]
        self.weigh(weights, self.x, slope)
        places = [
            x + slope * u**2 * w * (y - self.level - slope * (x - self.center))
            for x, y, u, w in zip(self.x, self.y, self.ux, weights, strict=True)
        ]
        self.weigh(weights, places, slope)

    def variance(self, x: Any) -> Any:
        """u² of the line's value at x."""
        return self.var_level + (x - self.center) ** 2 * self.var_b

    def parameter(self, value: Any, u: Any, size: Any) -> Any:
        """A value of the line, as exactly as the fit is."""
        return Within(value, _SETTLED * (u + abs(value))) if self.model == "gdr" else Left(value, size)


def mean_of(ctx: Any, weights: Sequence[Any], values: Sequence[Any]) -> Any:
    """Weighted mean."""
    return ctx.fsum(w * v for w, v in zip(weights, values, strict=True)) / ctx.fsum(weights)


def recompute(ctx: Any, document: Table, result: Table) -> Table:
    """Every number of the line and of what is read from it."""
    line = _Line(ctx, document)
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
        value = line.parameter(x, found, max(abs(line.center), abs(y / line.b), size / abs(line.b)))
        return {"y": y, "value": value, "standard_uncertainty": _near(found, line)}

    def predicted(at: Any) -> Table:
        x = ctx.mpf(at)
        found = ctx.sqrt(line.variance(x))
        value = line.parameter(line.level + line.b * (x - line.center), found, size + abs(line.b * x))
        return {"x": x, "value": value, "standard_uncertainty": _near(u(line.variance(x)), line)}

    intercept = line.parameter(line.level - line.b * line.center, u_a, size + abs(line.b * line.center))
    return {
        "model": line.model,
        "intercept": intercept,
        "slope": line.parameter(line.b, u_b, size / around),
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


def _near(value: Any, line: _Line) -> Any:
    """An uncertainty, which hangs on where the first kernel's steps for the slope stopped."""
    return Within(value, _SETTLED * abs(value) * 10) if line.model == "gdr" and not isinstance(value, Left) else value
