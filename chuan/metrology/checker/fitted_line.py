"""A line through points a second time: normal equations; for errors in both axes the least χ² over the slope."""

from collections.abc import Mapping, Sequence
from typing import Any

Table = Mapping[str, Any]


class FittedLine:
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


def mean_of(ctx: Any, weights: Sequence[Any], values: Sequence[Any]) -> Any:
    """Weighted mean."""
    return ctx.fsum(w * v for w, v in zip(weights, values, strict=True)) / ctx.fsum(weights)
