"""A fitted line y = a + b·x as a value with a covariance, and what is read from it."""

import math
from dataclasses import dataclass
from typing import Literal

from chuan.metrology.numerals import measurable
from chuan.metrology.words import Refused, Text

Model = Literal["ols", "wls", "gdr"]
"""Least squares with the scatter of the points; with known u(y); generalised distance, with u(x) too."""

_FLAT = Text(
    "đường thẳng có độ dốc 0, không suy ngược được x từ y", "the line's slope is 0, so x cannot be found from y"
)
_NOT_NEGATIVE = Text("không được âm, đang là {value:g}", "must not be negative, found {value:g}")


@dataclass(frozen=True)
class LineValue:
    """A value read from a line, at `at`."""

    at: float
    value: float
    standard_uncertainty: float


@dataclass(frozen=True)
class Line:
    """y = level + slope·(x − center); level and slope are uncorrelated, for the center is the weighted mean of the x.

    Kept in this form, a line whose points are far from x = 0 loses no digits.
    """

    model: Model
    center: float
    level: float
    slope: float
    variance_level: float
    variance_slope: float
    dof: int
    #: Standard deviation of the points about the line, where the scatter is the only knowledge of u(y).
    residual_sd: float | None = None
    #: Weighted sum of squared distances, where uncertainties were given.
    chi_square: float | None = None

    @property
    def intercept(self) -> float:
        """a, the line's value at x = 0."""
        return self.level - self.slope * self.center

    @property
    def covariance(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Covariance matrix of (a, b)."""
        mixed = -self.center * self.variance_slope
        return (self._variance_at(0.0), mixed), (mixed, self.variance_slope)

    @property
    def standard_uncertainties(self) -> tuple[float, float]:
        """u(a), u(b)."""
        return math.sqrt(self._variance_at(0.0)), math.sqrt(self.variance_slope)

    @property
    def correlation(self) -> float:
        """r(a, b)."""
        u_a, u_b = self.standard_uncertainties
        return self.covariance[0][1] / (u_a * u_b) if u_a and u_b else 0.0

    def predict(self, x: float, standard_uncertainty: float = 0.0) -> LineValue:
        """The line's value at x, and its uncertainty with u(x) if any, without a new reading's scatter (11.2)."""
        _check("predict", x, standard_uncertainty)
        value = self.level + self.slope * (x - self.center)
        variance = self._variance_at(x) + (self.slope * standard_uncertainty) ** 2
        return LineValue(x, value, math.sqrt(variance))

    def invert(self, y: float, standard_uncertainty: float = 0.0) -> LineValue:
        """The x at which the line has the value y ± u, and its uncertainty (11.1)."""
        _check("invert", y, standard_uncertainty)
        if self.slope == 0:
            raise Refused(_FLAT, "invert")
        x = self.center + (y - self.level) / self.slope
        return LineValue(y, x, math.sqrt(self._variance_at(x) + standard_uncertainty**2) / abs(self.slope))

    def _variance_at(self, x: float) -> float:
        return self.variance_level + (x - self.center) ** 2 * self.variance_slope


def _check(key: str, value: float, standard_uncertainty: float) -> None:
    measurable(value, key)
    if not measurable(standard_uncertainty, f"{key}.u") >= 0:
        raise Refused(_NOT_NEGATIVE.put(value=standard_uncertainty), f"{key}.u")
