"""A line through points a second time: normal equations; for errors in both axes the least χ² over the slope."""

from collections.abc import Mapping, Sequence
from typing import Any

Table = Mapping[str, Any]


class FittedLine:
    """y = a + b·x through given points, and how exactly the first kernel can know it."""

    def __init__(self, ctx: Any, document: Table) -> None:
        self.ctx = ctx
        self.x, self.y = ([ctx.mpf(value) for value in document[key]] for key in "xy")
        self.mixed = [ctx.mpf(value) for value in document.get("covariance_xy", [0] * len(self.x))]
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
        weights = self.weights_of(slope)
        heights = [y - slope * x for x, y in zip(self.x, self.y, strict=True)]
        a = mean_of(self.ctx, weights, heights)
        return self.ctx.fsum(w * (h - a) ** 2 for w, h in zip(weights, heights, strict=True))

    def weights_of(self, slope: Any) -> list[Any]:
        """1/variance of y − b·x at each point (clauses 7, 8)."""
        rows = zip(self.ux, self.uy, self.mixed, strict=True)
        return [1 / (v**2 - 2 * slope * c + (slope * u) ** 2) for u, v, c in rows]

    def bend(self) -> None:
        """The slope where χ² is stationary, and the points' places on the line that weigh the parameters."""
        ctx = self.ctx
        slope = ctx.findroot(lambda b: ctx.diff(self.chi_square, b), self.b, tol=ctx.mpf(10) ** (20 - ctx.dps))
        weights = self.weights_of(slope)
        self.weigh(weights, self.x, slope)
        places = [
            x + (slope * u**2 - c) * w * (y - self.level - slope * (x - self.center))
            for x, y, u, c, w in zip(self.x, self.y, self.ux, self.mixed, weights, strict=True)
        ]
        self.weigh(weights, places, slope)

    def variance(self, x: Any) -> Any:
        """u² of the line's value at x."""
        return self.var_level + (x - self.center) ** 2 * self.var_b


def mean_of(ctx: Any, weights: Sequence[Any], values: Sequence[Any]) -> Any:
    """Weighted mean."""
    return ctx.fsum(w * v for w, v in zip(weights, values, strict=True)) / ctx.fsum(weights)


class CorrelatedLine:
    """A line through points with covariance matrices of the y and of the x (clauses 9, 10): the least rᵀV⁻¹r."""

    def __init__(self, ctx: Any, document: Table) -> None:
        self.ctx = ctx
        self.x, self.y = (ctx.matrix([ctx.mpf(value) for value in document[key]]) for key in "xy")
        self.ones = ctx.matrix([1] * len(self.x))
        self.of_y = ctx.matrix([[ctx.mpf(cell) for cell in row] for row in document["covariance_y"]])
        rows = document.get("covariance_x") or [[0] * len(self.x)] * len(self.x)
        self.of_x = ctx.matrix([[ctx.mpf(cell) for cell in row] for row in rows])
        self.model, self.dof, self.scale = "gdr" if "covariance_x" in document else "wls", len(self.x) - 2, ctx.mpf(1)
        middle = ctx.fsum(self.x) / len(self.x)
        away = self.x - middle * self.ones
        start = (away.T * self.y)[0] / (away.T * away)[0]
        tol = ctx.mpf(10) ** (20 - ctx.dps)
        self.b = ctx.findroot(lambda b: ctx.diff(lambda t: self._fit(t)[0], b), start, tol=tol)
        self.chi, a, inverse = self._fit(self.b)
        residuals = self.y - a * self.ones - self.b * self.x
        places = self.x + self.b * self.of_x * (inverse * residuals)
        self.weights = [inverse[i, i] for i in range(len(self.x))]
        total = (self.ones.T * inverse * self.ones)[0]
        self.center = (self.ones.T * inverse * places)[0] / total
        moved = places - self.center * self.ones
        self.var_level, self.var_b = 1 / total, 1 / (moved.T * inverse * moved)[0]
        self.level = a + self.b * self.center

    def _fit(self, slope: Any) -> tuple[Any, Any, Any]:
        """Least χ² of a slope, its intercept, and V⁻¹."""
        inverse = (self.of_y + slope**2 * self.of_x) ** -1
        heights = self.y - slope * self.x
        a = (self.ones.T * inverse * heights)[0] / (self.ones.T * inverse * self.ones)[0]
        left = heights - a * self.ones
        return (left.T * inverse * left)[0], a, inverse

    def variance(self, x: Any) -> Any:
        """u² of the line's value at x."""
        return self.var_level + (x - self.center) ** 2 * self.var_b
