"""The way from a true line to what is read from a fitted one: points scatter, are shown in steps, the line is fitted
anew, and its parameters, values and inversions are stated with their u (ISO/TS 28037 6, 7, 11; GUM H.3).

Arrays are (points, repetitions). Fits are made in columns, by the same iteration for every model: generalised distance
regression is weighted least squares where the x are exact, and ordinary least squares where all weights are 1.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.coverage_audit import shares
from chuan.metrology.coverage_audit.data_path import believed_step
from chuan.metrology.files import Options, compute
from chuan.metrology.gum.many import coverage_factors
from chuan.metrology.special import t_coverage
from chuan.metrology.words import Refused, Text

Column = NDArray[np.float64]

#: No coverage probability stands in a line file; u is stated for intervals of this one.
COVERAGE = 0.95
_MOST_STEPS = 200
_SETTLED = 1e-10
#: Points times repetitions that are held at once.
_AT_ONCE = 2_000_000
_EXACT = Text(
    "mọi điểm nằm đúng trên đường thẳng: không có độ không đảm bảo nào để kiểm tra",
    "all points lie on the line exactly: there is no uncertainty to audit",
)


@dataclass(frozen=True)
class Fits:
    """Lines y = level + slope·(x − center), one for each repetition."""

    center: Column
    level: Column
    slope: Column
    variance_level: Column
    variance_slope: Column

    def variance_at(self, x: Column | float) -> Column:
        """u² of the line's value at x."""
        found: Column = self.variance_level + (x - self.center) ** 2 * self.variance_slope
        return found

    def value_at(self, x: Column | float) -> Column:
        """The line's value at x."""
        found: Column = self.level + self.slope * (x - self.center)
        return found


class _Case:
    """A line document with its result: the truth, how points scatter about it, and in which steps they are shown."""

    def __init__(self, document: Mapping[str, Any], result: Mapping[str, Any]) -> None:
        self.document, self.result = document, result
        self.x, self.y = (np.array(document[key], dtype=float) for key in ("x", "y"))
        self.ordinary = result["model"] == "ols"
        n = len(self.x)
        self.u_x = np.broadcast_to(np.array(document.get("u_x", 0.0), dtype=float), n)
        self.u_y = np.broadcast_to(np.array(document.get("u_y", result["residual_sd"] or 0.0), dtype=float), n)
        if not (self.u_x.any() or self.u_y.any()):
            raise Refused(_EXACT, "y")
        # What is exact is not shown in steps: u_x is 0 where the x were set.
        stated = {"y": float(self.u_y.max()), "x": float(self.u_x.max())}
        steps = {key: believed_step(document[key], u) for key, u in stated.items() if u}
        self.steps = {key: step for key, step in steps.items() if step}
        self.dof = float(result["dof"]) if self.ordinary else math.inf
        self.intercept, self.slope = float(result["intercept"]), float(result["slope"])

    def factor(self, of_line: Column, total: Column) -> Column | float:
        """k of a value's u², of which `of_line` is the line's: ν_eff by Welch–Satterthwaite (GUM G.4.1)."""
        if math.isinf(self.dof) or of_line is total:
            return t_coverage(COVERAGE, self.dof)
        return coverage_factors(COVERAGE, self.dof * (total / of_line) ** 2)

    def shown(self, truth: Column, u: Column, step: float, generator: np.random.Generator, count: int) -> Column:
        """Points about their truth; the u of what is shown in steps holds step²/12 of its variance already."""
        scatter = np.sqrt(np.maximum(u**2 - step**2 / 12 * (u > 0), 0.0))
        points = truth[:, None] + scatter[:, None] * generator.standard_normal((len(truth), count))
        return np.rint(points / step) * step if step else points

    def fits(self, generator: np.random.Generator, count: int, *, fine: bool) -> Fits:
        """Lines fitted to `count` sets of points; without steps where `fine`."""
        steps = {} if fine else self.steps
        y = self.shown(self.intercept + self.slope * self.x, self.u_y, steps.get("y", 0.0), generator, count)
        x = self.shown(self.x, self.u_x, steps.get("x", 0.0), generator, count) if self.u_x.any() else self.x[:, None]
        if not self.ordinary:
            return fit_columns(x, y, self.u_x, self.u_y)[0]
        found, chi_square = fit_columns(x, y, self.u_x, np.ones(len(self.x)))
        variance = chi_square / (len(self.x) - 2)
        return Fits(
            found.center, found.level, found.slope, found.variance_level * variance, found.variance_slope * variance
        )


def fit_columns(x: Column, y: Column, u_x: Column, u_y: Column) -> tuple[Fits, Column]:
    """Lines through the columns of x and y, and χ² of each (ISO/TS 28037 clause 7)."""
    count = y.shape[1]
    x = np.broadcast_to(x, y.shape)
    center, level = x.mean(axis=0), y.mean(axis=0)
    slope = ((x - center) * (y - level)).sum(axis=0) / ((x - center) ** 2).sum(axis=0)
    wx, wy = u_x[:, None] ** 2, u_y[:, None] ** 2
    for _ in range(_MOST_STEPS):
        weights = 1 / (wy + slope**2 * wx)
        residuals = y - level - slope * (x - center)
        adjusted = x + slope * wx * weights * residuals
        total = weights.sum(axis=0)
        middle = (weights * adjusted).sum(axis=0) / total
        moved = adjusted - middle
        spread = (weights * moved**2).sum(axis=0)
        change = (weights * moved * residuals).sum(axis=0) / spread
        level = level + slope * (middle - center) + (weights * residuals).sum(axis=0) / total
        center = middle
        slope = slope + change
        if np.all(np.abs(change) <= _SETTLED / np.sqrt(spread)):
            break
    weights = 1 / (wy + slope**2 * wx)
    chi_square = (weights * (y - level - slope * (x - center)) ** 2).sum(axis=0)
    return Fits(*(np.broadcast_to(part, count) for part in (center, level, slope, 1 / total, 1 / spread))), chi_square


def audit(document: Mapping[str, Any], repetitions: int, seed: int) -> dict[str, Any]:
    """Coverage of intercept, slope, values and inversions; achieved beside 95 %."""
    case = _Case(document, compute(document, Options()))
    found = [_shares(case, repetitions, seed, fine=fine) for fine in (False, True)]
    return shares.result("line", repetitions, seed, case.steps, shares.with_causes(*found))


def _shares(case: _Case, repetitions: int, seed: int, *, fine: bool) -> list[dict[str, Any]]:
    generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed)))
    asked = [("intercept", None), ("slope", None)]
    asked += [("predictions", x) for x in case.document.get("predict", ())]
    asked += [("inversions", item["y"]) for item in case.document.get("invert", ())]
    inside = np.zeros(len(asked), dtype=int)
    left, chunk = repetitions, max(1000, _AT_ONCE // len(case.x))
    while left:
        count = min(left, chunk)
        inside += np.array([int(one.sum()) for one in _covered(case, generator, count, fine=fine)])
        left -= count
    return [
        shares.share(name, at, COVERAGE, int(covered) / repetitions, repetitions)
        for (name, at), covered in zip(asked, inside, strict=True)
    ]


def _covered(case: _Case, generator: np.random.Generator, count: int, *, fine: bool) -> Iterator[NDArray[np.bool_]]:
    """Whether each interval that is stated covers its truth, in the order in which they are asked for."""
    fits = case.fits(generator, count, fine=fine)

    def covers(estimate: Column, truth: float, of_line: Column, total: Column | None = None) -> NDArray[np.bool_]:
        variance = of_line if total is None else total
        k = case.factor(of_line, variance)
        inside: NDArray[np.bool_] = np.abs(estimate - truth) <= k * np.sqrt(variance) * (1 + 1e-12)
        return inside

    yield covers(fits.value_at(0.0), case.intercept, fits.variance_at(0.0))
    yield covers(fits.slope, case.slope, fits.variance_slope)
    for x in case.document.get("predict", ()):
        yield covers(fits.value_at(x), case.intercept + case.slope * x, fits.variance_at(x))
    inversions: Sequence[Mapping[str, Any]] = case.document.get("invert", ())
    for item in inversions:
        u = float(item["u"])
        readings = item["y"] + u * generator.standard_normal(count)
        with np.errstate(divide="ignore", invalid="ignore"):
            x = fits.center + (readings - fits.level) / fits.slope
            of_line = fits.variance_at(x) / fits.slope**2
            total = of_line + (u / fits.slope) ** 2 if u else None
            yield covers(x, (item["y"] - case.intercept) / case.slope, of_line, total)
