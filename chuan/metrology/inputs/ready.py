"""Ready components: what a technician knows of an instrument or a certificate, as a distribution (GUM 4.3; EA-4/02).

Each names the `instrument` or `standard` behind it: one cause is counted once, and correlates what shares it. Labels
are Vietnamese unless the caller gives another; `source` is for programs.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from chuan.metrology.distributions import Normal, Rectangular, StudentT, finite, not_negative, positive
from chuan.metrology.inputs.matrices import correlation_of
from chuan.metrology.inputs.quantities import Component, Correlation, Input
from chuan.metrology.inputs.type_a import TypeA, type_a
from chuan.metrology.words import Refused, Text

_RESOLUTION = "độ phân giải"
_REPEATABILITY = "độ lặp lại"
_HYSTERESIS = "độ trễ"
_ZERO = "điểm không"
_DRIFT = "độ trôi"
_CALIBRATION = "hiệu chuẩn"

_HISTORY = Text(
    "cần ít nhất hai giấy chứng nhận khác ngày, đang có {found}",
    "needs at least two certificates of different days, found {found}",
)
_OUTSIDE = Text(
    "{x:g} nằm ngoài khoảng đã hiệu chuẩn từ {low:g} đến {high:g}",
    "{x:g} is outside the calibrated range {low:g} to {high:g}",
)
_POINTS = Text("hai điểm phải khác nhau, cùng là {x:g}", "two different points are needed, both are {x:g}")
_COEFFICIENT = Text("phải từ −1 đến 1, đang là {found:g}", "must be −1 to 1, found {found:g}")
_FIT = Text(
    "{symbols} ký hiệu, {values} giá trị, {rows} hàng hiệp phương sai: phải bằng nhau",
    "{symbols} symbols, {values} values, {rows} rows of covariance: they must be as many",
)
_FACTOR = Text("phải từ 1 trở lên, đang là {found:g}", "must be at least 1, found {found:g}")


def resolution(step: float, *, instrument: str = "", label: str = "") -> Component:
    """A digital step or scale interval read to the nearest: R(±step/2) (GUM F.2.2.1)."""
    return Component(
        label or _RESOLUTION,
        Rectangular(0.0, positive(step, "step") / 2),
        source="resolution",
        instrument=instrument,
    )


def repeatability(readings: Sequence[float], *, instrument: str = "", label: str = "") -> Component:
    """Scatter of the mean of readings: t(n − 1) with scale s/√n (GUM 4.2; JCGM 101 6.4.9)."""
    found = type_a(readings)
    return _repeated(found, instrument, label)


def _repeated(found: TypeA, instrument: str, label: str) -> Component:
    t = StudentT(0.0, found.standard_uncertainty, found.dof)
    return Component(label or _REPEATABILITY, t, source="repeatability", instrument=instrument)


def reading(readings: Sequence[float], step: float, *, instrument: str = "") -> tuple[float, Component]:
    """Mean of readings, and one component for their scatter and the instrument's step: the larger of the two.

    Readings of an instrument scatter by its resolution too, so adding both would count it twice; readings that do
    not scatter are known no better than the step (EA-4/02 S10).
    """
    found = type_a(readings)
    step_part = resolution(step, instrument=instrument)
    part = _repeated(found, instrument, "")
    larger = part if found.standard_uncertainty > step_part.standard_uncertainty else step_part
    return found.mean, replace(larger, source="reading")


def hysteresis(difference: float, *, instrument: str = "", label: str = "") -> Component:
    """Difference between readings with rising and falling quantity: R(±|difference|/2) (EURAMET cg-17)."""
    half = abs(finite(difference, "difference")) / 2
    return Component(label or _HYSTERESIS, Rectangular(0.0, half), source="hysteresis", instrument=instrument)


def zero(largest: float, *, instrument: str = "", label: str = "") -> Component:
    """Zero that is known to stay within ±largest: R(±largest)."""
    half = not_negative(largest, "largest")
    return Component(label or _ZERO, Rectangular(0.0, half), source="zero", instrument=instrument)


def calibration(
    expanded_uncertainty: float, coverage_factor: float, *, standard: str = "", dof: float = math.inf, label: str = ""
) -> Component:
    """U of a certificate with its k: N(0, U/k) (GUM 4.3.3)."""
    if not finite(coverage_factor, "coverage_factor") >= 1:
        raise Refused(_FACTOR.put(found=coverage_factor), "coverage_factor")
    u = positive(expanded_uncertainty, "expanded_uncertainty") / coverage_factor
    return Component(label or _CALIBRATION, Normal(0.0, u), dof, source="calibration", standard=standard)


@dataclass(frozen=True)
class CertificateValue:
    """One point of a certificate: what was found on a day (days from any origin), with its standard uncertainty."""

    day: float
    value: float
    standard_uncertainty: float = 0.0


def drift(
    history: Sequence[CertificateValue], days: float, *, standard: str = "", instrument: str = "", label: str = ""
) -> Component:
    """Change since the last calibration: R(±largest rate of change between successive certificates × days).

    `days` since the last of `history`; fewer than two certificates of different days are refused.
    """
    known = sorted(history, key=lambda point: point.day)
    pairs = [(a, b) for a, b in pairwise(known) if b.day > a.day]
    if not pairs:
        raise Refused(_HISTORY.put(found=len(known)), "history")
    rate = max(abs(b.value - a.value) / (b.day - a.day) for a, b in pairs)
    half = rate * not_negative(days, "days")
    return Component(label or _DRIFT, Rectangular(0.0, half), source="drift", standard=standard, instrument=instrument)


@dataclass(frozen=True)
class CertificatePoint:
    """A calibrated point: at nominal `x` the value is `y` with standard uncertainty u."""

    x: float
    y: float
    standard_uncertainty: float


def between_points(
    symbol: str,
    x: float,
    first: CertificatePoint,
    second: CertificatePoint,
    *,
    correlation: float,
    standard: str = "",
    nonlinearity: float = 0.0,
) -> Input:
    """Value of a standard between two points of its certificate, linearly, with their covariance (GUM 5.2.2).

    `correlation` of the two values has no default: of one certificate it is seldom 0, and the caller must say. The
    errors of the points are components of their own, and so is what correlates them: other values from the same
    certificate (`standard`) correlate by the points that they share and by what is common to all.
    `nonlinearity` is the largest departure from the straight line, R(±). Outside the points is refused.
    """
    if first.x == second.x:
        raise Refused(_POINTS.put(x=first.x), "x")
    if not min(first.x, second.x) <= x <= max(first.x, second.x):
        raise Refused(_OUTSIDE.put(x=x, low=min(first.x, second.x), high=max(first.x, second.x)), "x")
    if not -1 <= finite(correlation, "correlation") <= 1:
        raise Refused(_COEFFICIENT.put(found=correlation), "correlation")
    low, high = sorted((first, second), key=lambda point: point.x)
    t = (x - low.x) / (high.x - low.x)
    parts = _point_components(low, high, t, correlation, standard)
    if nonlinearity:
        half = positive(nonlinearity, "nonlinearity")
        segment = f"{low.x!r}…{high.x!r}"
        parts.append(Component("", Rectangular(0.0, half), source="nonlinearity", standard=standard, point=segment))
    return Input(symbol, (1 - t) * low.y + t * high.y, tuple(parts))


def _point_components(
    low: CertificatePoint, high: CertificatePoint, t: float, correlation: float, standard: str
) -> list[Component]:
    """Independent errors of the value: each point's own, and the one that both have (r > 0) or share out (r < 0).

    e = u·(√(1 − |r|)·own ± √|r|·common): the variance is a² + b² + 2·r·a·b whatever the sign of r. A common error of
    r > 0 is that of the whole certificate, one of r < 0 can be only that of the two points.
    """
    a, b = (1 - t) * low.standard_uncertainty, t * high.standard_uncertainty
    own, common = math.sqrt(1 - abs(correlation)), math.sqrt(abs(correlation))
    pair = "" if correlation > 0 else f"{low.x!r}…{high.x!r}"
    found = [
        (own * a, f"{low.x!r}"),
        (own * b, f"{high.x!r}"),
        (common * (a + b if correlation > 0 else a - b), pair),
    ]
    return [
        Component(
            _CALIBRATION,
            Normal(0.0, abs(u)),
            source="calibration",
            standard=standard,
            point=point,
            sign=1 if u > 0 else -1,
        )
        for u, point in found
        if u
    ]


def fitted(
    symbols: Sequence[str], values: Sequence[float], covariance: Sequence[Sequence[float]], dof: float = math.inf
) -> tuple[tuple[Input, ...], tuple[Correlation, ...]]:
    """Parameters of a fit, such as a line's intercept and slope, as inputs with their correlations (GUM H.3).

    `dof` is that of the residuals behind `covariance`, n − 2 of a line: gᵀCg is then one s² with just that ν, so what
    is computed from the parameters has a U, and Monte Carlo draws from a multivariate t. A fit of known uncertainties
    has ν infinite.
    """
    if not len(symbols) == len(values) == len(covariance) == len(covariance[0]):
        raise Refused(_FIT.put(symbols=len(symbols), values=len(values), rows=len(covariance)), "covariance")
    for i in range(len(symbols)):
        not_negative(covariance[i][i], f"covariance[{i}][{i}]")
    r = correlation_of(covariance)
    inputs = tuple(
        Input(symbol, value, (_parameter(value, covariance[i][i], dof, " ".join(symbols)),))
        for i, (symbol, value) in enumerate(zip(symbols, values, strict=True))
    )
    pairs = tuple(
        Correlation((symbols[i], symbols[j]), r[i][j]) for i in range(len(symbols)) for j in range(i) if r[i][j]
    )
    return inputs, pairs


def _parameter(value: float, variance: float, dof: float, fit: str) -> Component:
    return Component("", Normal(value, math.sqrt(variance)), dof, source="fit", fit=fit)
