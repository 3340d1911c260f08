"""Interval from measured drift: until u reaches a target, or the value may reach a limit (RP-1, variables data).

The changes since adjustment are fitted with d(t) = b1·t + b2·t² + …; no intercept, for at t = 0 nothing has changed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chuan.metrology.intervals.polynomials import first_root
from chuan.metrology.numerals import measurable
from chuan.metrology.special import t_quantile
from chuan.metrology.words import Refused, Text

_ORDER = Text("phải từ 1 đến 4, đang là {order}", "must be 1 to 4, found {order}")
_FEW = Text(
    "cần ít nhất {least} giá trị cho bậc {order}, đang có {found}",
    "needs at least {least} values for order {order}, found {found}",
)
_LENGTHS = Text(
    "phải có {wanted} giá trị như days, đang có {found}", "must have {wanted} values as days has, found {found}"
)
_DAYS = Text("phải lớn hơn 0, đang là {value:g}", "must be above 0, found {value:g}")
_SAME = Text(
    "cần ít nhất {order} giá trị khác nhau để khớp bậc {order}",
    "needs at least {order} different values for order {order}",
)
_NOT_NEGATIVE = Text("không được âm, đang là {value:g}", "must not be negative, found {value:g}")
_NOTHING = Text("cần target_u, hoặc lower hay upper", "needs target_u, or lower or upper")
_SHARE = Text("phải nằm giữa 0 và 1, đang là {value:g}", "must lie between 0 and 1, found {value:g}")
_ORDERED = Text("phải nhỏ hơn upper {upper:g}, đang là {lower:g}", "must be below upper {upper:g}, found {lower:g}")

_MOST_ORDER = 4


@dataclass(frozen=True)
class DriftFit:
    """d(t) = Σ b_i·t^i, i from 1, with the covariance of the b and the scatter s about the curve."""

    coefficients: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    residual_sd: float
    dof: int

    def drift(self, t: float) -> float:
        """d(t)."""
        return math.fsum(b * t ** (i + 1) for i, b in enumerate(self.coefficients))

    def variance_polynomial(self) -> list[float]:
        """Variance of d(t) as a polynomial of t, from t⁰."""
        order = len(self.coefficients)
        polynomial = [0.0] * (2 * order + 1)
        for i, row in enumerate(self.covariance):
            for j, v in enumerate(row):
                polynomial[i + j + 2] += v
        return polynomial


@dataclass(frozen=True)
class VariablesInterval:
    """Days until each limit; None where it was not asked or is never reached."""

    recommended_days: float | None
    days_uncertainty_target: float | None
    days_limits: float | None
    fit: DriftFit
    coverage_factor: float | None


def drift_fit(days: Sequence[float], deltas: Sequence[float], order: int = 2) -> DriftFit:
    """Least squares of the changes on powers of t, by orthogonalisation of the scaled powers."""
    if not 1 <= order <= _MOST_ORDER:
        raise Refused(_ORDER.put(order=order), "order")
    n = len(days)
    if n <= order:
        raise Refused(_FEW.put(least=order + 1, order=order, found=n), "days")
    if len(deltas) != n:
        raise Refused(_LENGTHS.put(wanted=n, found=len(deltas)), "deltas")
    for i, (t, delta) in enumerate(zip(days, deltas, strict=True)):
        if not measurable(t, f"days[{i}]", divides=True) > 0:
            raise Refused(_DAYS.put(value=t), f"days[{i}]")
        measurable(delta, f"deltas[{i}]")
    if len(set(days)) < order:
        raise Refused(_SAME.put(order=order), "days")
    longest = max(days)
    columns = [[(t / longest) ** power for t in days] for power in range(1, order + 1)]
    upper, projections, residuals = _orthogonalise(columns, deltas)
    s = math.sqrt(math.fsum(r * r for r in residuals) / (n - order))
    inverse = _invert(upper)
    scaled = [math.fsum(row[j] * projections[j] for j in range(order)) for row in inverse]
    scale = [longest ** -(i + 1) for i in range(order)]
    covariance = tuple(
        tuple(
            s * s * scale[i] * scale[j] * math.fsum(inverse[i][k] * inverse[j][k] for k in range(order))
            for j in range(order)
        )
        for i in range(order)
    )
    return DriftFit(tuple(b * f for b, f in zip(scaled, scale, strict=True)), covariance, s, n - order)


def variables_interval(
    fit: DriftFit,
    *,
    u0: float,
    y0: float = 0.0,
    confidence: float = 0.95,
    target_u: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
) -> VariablesInterval:
    """The first day on which u(t) reaches `target_u`, or y0 + d(t) ± k·u(t) a limit.

    u(t)² = u0² + s² + variance of d(t); k is Student's t at the fit's ν, two-sided for two limits, one-sided for one.
    What is already reached at t = 0 gives 0 days.
    """
    if target_u is None and lower is None and upper is None:
        raise Refused(_NOTHING)
    for key, value in (("u0", u0), ("y0", y0), ("target_u", target_u), ("lower", lower), ("upper", upper)):
        measurable(value or 0.0, key)
    if not u0 >= 0:
        raise Refused(_NOT_NEGATIVE.put(value=u0), "u0")
    if not 0 < confidence < 1:
        raise Refused(_SHARE.put(value=confidence), "confidence")
    if lower is not None and upper is not None and not lower < upper:
        raise Refused(_ORDERED.put(lower=lower, upper=upper), "lower")
    variance = fit.variance_polynomial()
    variance[0] = u0 * u0 + fit.residual_sd**2
    to_target = None if target_u is None else _days_to_target(variance, target_u)
    k = None if lower is None and upper is None else _coverage_factor(confidence, fit.dof, lower, upper)
    to_limits = None if k is None else _days_to_limits(fit, variance, y0, k, lower, upper)
    reached = [days for days in (to_target, to_limits) if days is not None]
    return VariablesInterval(min(reached, default=None), to_target, to_limits, fit, k)


def _coverage_factor(confidence: float, dof: int, lower: float | None, upper: float | None) -> float:
    two_sided = lower is not None and upper is not None
    return t_quantile((1 + confidence) / 2 if two_sided else confidence, dof)


def _days_to_target(variance: Sequence[float], target_u: float) -> float | None:
    if not target_u > 0:
        raise Refused(_DAYS.put(value=target_u), "target_u")
    if variance[0] >= target_u**2:
        return 0.0
    return first_root([variance[0] - target_u**2, *variance[1:]])


def _days_to_limits(
    fit: DriftFit, variance: Sequence[float], y0: float, k: float, lower: float | None, upper: float | None
) -> float | None:
    """The band starts inside; it first touches a limit at a root of (limit − y)² = k²·u²."""
    reached = []
    for limit, sign in ((lower, -1), (upper, 1)):
        if limit is None:
            continue
        room = sign * (limit - y0)
        if room <= k * math.sqrt(variance[0]):
            return 0.0
        distance = [room, *(-sign * b for b in fit.coefficients)]
        squared = [0.0] * len(variance)
        for i, p in enumerate(distance):
            for j, q in enumerate(distance):
                squared[i + j] += p * q
        root = first_root([p - k * k * v for p, v in zip(squared, variance, strict=True)])
        if root is not None:
            reached.append(root)
    return min(reached, default=None)


def _orthogonalise(
    columns: Sequence[Sequence[float]], values: Sequence[float]
) -> tuple[list[list[float]], list[float], list[float]]:
    """R of the columns, the projections of `values` on their orthonormal basis, and what remains."""
    order = len(columns)
    upper = [[0.0] * order for _ in range(order)]
    basis: list[list[float]] = []
    remaining = list(values)
    projections = []
    for j, column in enumerate(columns):
        vector = list(column)
        # Twice, so that the basis is orthogonal to the last digit.
        for _ in range(2):
            for i, q in enumerate(basis):
                part = math.fsum(a * b for a, b in zip(q, vector, strict=True))
                upper[i][j] += part
                vector = [v - part * b for v, b in zip(vector, q, strict=True)]
        upper[j][j] = math.sqrt(math.fsum(v * v for v in vector))
        unit = [v / upper[j][j] for v in vector]
        basis.append(unit)
        along = math.fsum(a * b for a, b in zip(unit, remaining, strict=True))
        projections.append(along)
        remaining = [r - along * b for r, b in zip(remaining, unit, strict=True)]
    return upper, projections, remaining


def _invert(upper: Sequence[Sequence[float]]) -> list[list[float]]:
    """Inverse of an upper triangle."""
    n = len(upper)
    inverse = [[0.0] * n for _ in range(n)]
    for j in range(n):
        inverse[j][j] = 1 / upper[j][j]
        for i in reversed(range(j)):
            inverse[i][j] = -math.fsum(upper[i][k] * inverse[k][j] for k in range(i + 1, j + 1)) / upper[i][i]
    return inverse
