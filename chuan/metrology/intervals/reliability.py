"""Interval from reliability models fitted to outcomes at several intervals (NCSLI RP-1, method S2)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chuan.metrology.intervals.likelihood import maximise
from chuan.metrology.intervals.models import MODELS, ReliabilityModel
from chuan.metrology.numerals import measurable
from chuan.metrology.special import f_cdf, f_quantile
from chuan.metrology.words import Refused, Text

_FEW = Text("cần ít nhất {least} nhóm, đang có {found}", "needs at least {least} groups, found {found}")
_LENGTHS = Text(
    "phải có {wanted} giá trị như days, đang có {found}", "must have {wanted} values as days has, found {found}"
)
_DAYS = Text("phải lớn hơn 0, đang là {value:g}", "must be above 0, found {value:g}")
_SAME = Text("khoảng thời gian này đã có ở nhóm {other}", "this interval is that of group {other} already")
_GROUP = Text("phải từ 1 trở lên, đang là {value}", "must be at least 1, found {value}")
_COUNT = Text("phải từ 0 đến n = {n}, đang là {value}", "must be 0 to n = {n}, found {value}")
_ALL_PASSED = Text(
    "không có kết quả nào ngoài dung sai: chưa biết khi nào phương tiện đo mất độ chính xác",
    "nothing was out of tolerance: the data do not say when it would be",
)
_ALL_FAILED = Text("không có kết quả nào trong dung sai", "nothing was in tolerance")
_SHARE = Text("phải nằm giữa 0 và 1, đang là {value:g}", "must lie between 0 and 1, found {value:g}")
_CERTAIN = Text(
    "ở mỗi khoảng hoặc tất cả đều trong dung sai hoặc tất cả đều ngoài: không kiểm tra được mô hình",
    "at each interval either all or none were in tolerance: no model can be tested",
)

_CONFIDENCE = 0.95
#: Intervals within this factor of one another count as one group in the figure of merit.
_ALIKE = 1.2
#: A rejection confidence below this says no more than that the fit is good.
_LEAST_REJECTION = 0.01
#: The longest interval that is looked for, in multiples of the longest observed.
_FARTHEST = 100.0
#: And the shortest, in the same.
_NEAREST = 1e-6


@dataclass(frozen=True)
class ReliabilityFit:
    """One model's fit; what cannot be computed is None."""

    name: str
    parameters: tuple[float, ...]
    #: Where R(t) falls to the target.
    days: float | None
    #: Lack of fit over pure error, and what it may be at 95 %.
    f: float | None
    f_critical: float | None
    rejection_confidence: float | None
    accepted: bool
    figure_of_merit: float | None


@dataclass(frozen=True)
class ReliabilityStudy:
    """Every model's fit, and the interval of the accepted one of greatest merit."""

    recommended_days: float | None
    best: str | None
    models: tuple[ReliabilityFit, ...]


def reliability_study(
    days: Sequence[float], n: Sequence[int], in_tolerance: Sequence[int], target_reliability: float
) -> ReliabilityStudy:
    """Fit each model by maximum likelihood, test its lack of fit, and choose (RP-1 appendix D).

    Groups: `in_tolerance` of `n` calibrations at each of `days` since the last. A model is accepted when F is below its
    95 % quantile. Merit G = N·t^(1/4)/C: N accepted models with about its interval t, C its rejection confidence.
    """
    _check(days, n, in_tolerance, target_reliability)
    failures = sum(n) - sum(in_tolerance)
    scale = math.fsum(t * ni for t, ni in zip(days, n, strict=True)) / failures
    fits = []
    for model in MODELS:
        theta = maximise(model, days, n, in_tolerance, scale)
        interval = _solve_for(model, theta, target_reliability, max(days))
        fits.append(_tested(model, theta, interval, days, n, in_tolerance))
    rated = tuple(_rated(fit, fits) for fit in fits)
    best = max((fit for fit in rated if fit.figure_of_merit is not None), key=_merit, default=None)
    return ReliabilityStudy(best.days if best else None, best.name if best else None, rated)


def _check(days: Sequence[float], n: Sequence[int], in_tolerance: Sequence[int], target: float) -> None:
    if len(days) < 3:
        raise Refused(_FEW.put(least=3, found=len(days)), "days")
    for key, values in (("n", n), ("in_tolerance", in_tolerance)):
        if len(values) != len(days):
            raise Refused(_LENGTHS.put(wanted=len(days), found=len(values)), key)
    for i, (t, ni, g) in enumerate(zip(days, n, in_tolerance, strict=True)):
        _check_group(i, t, ni, g, days)
    if not 0 < target < 1:
        raise Refused(_SHARE.put(value=target), "target_reliability")
    if sum(in_tolerance) == sum(n):
        raise Refused(_ALL_PASSED, "in_tolerance")
    if sum(in_tolerance) == 0:
        raise Refused(_ALL_FAILED, "in_tolerance")
    if all(g in (0, ni) for ni, g in zip(n, in_tolerance, strict=True)):
        raise Refused(_CERTAIN, "in_tolerance")


def _check_group(i: int, t: float, n: int, passed: int, days: Sequence[float]) -> None:
    if not measurable(t, f"days[{i}]", divides=True) > 0:
        raise Refused(_DAYS.put(value=t), f"days[{i}]")
    if t in days[:i]:
        raise Refused(_SAME.put(other=list(days).index(t)), f"days[{i}]")
    if n < 1:
        raise Refused(_GROUP.put(value=n), f"n[{i}]")
    if not 0 <= passed <= n:
        raise Refused(_COUNT.put(n=n, value=passed), f"in_tolerance[{i}]")


def _solve_for(model: ReliabilityModel, theta: Sequence[float], target: float, longest: float) -> float | None:
    """The first t at which R(t) is the target; None if it is below at once or never comes down to it."""
    low, high = longest * _NEAREST, longest / 1024
    if model.reliability(theta, low) <= target:
        return None
    while model.reliability(theta, high) > target:
        low, high = high, high * 2
        if high > _FARTHEST * longest:
            return None
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return middle
        if model.reliability(theta, middle) > target:
            low = middle
        else:
            high = middle


def _tested(
    model: ReliabilityModel,
    theta: tuple[float, ...],
    interval: float | None,
    days: Sequence[float],
    n: Sequence[int],
    in_tolerance: Sequence[int],
) -> ReliabilityFit:
    """F of lack of fit: Σ n(R − R̂)²/(k − m) over Σ n·R(1 − R)/(Σn − k), k groups, m parameters."""
    spare, errors = len(days) - len(theta), sum(n) - len(days)
    if spare < 1 or errors < 1:
        return ReliabilityFit(model.name, theta, interval, None, None, None, False, None)
    observed = [g / ni for g, ni in zip(in_tolerance, n, strict=True)]
    lack = (
        math.fsum(ni * (r - model.reliability(theta, t)) ** 2 for ni, r, t in zip(n, observed, days, strict=True))
        / spare
    )
    error = math.fsum(ni * r * (1 - r) for ni, r in zip(n, observed, strict=True)) / errors
    f, critical = lack / error, f_quantile(_CONFIDENCE, spare, errors)
    accepted = f <= critical and interval is not None
    return ReliabilityFit(model.name, theta, interval, f, critical, f_cdf(f, spare, errors), accepted, None)


def _rated(fit: ReliabilityFit, fits: Sequence[ReliabilityFit]) -> ReliabilityFit:
    """With its figure of merit, if it is accepted."""
    if not fit.accepted or fit.days is None or fit.rejection_confidence is None:
        return fit
    alike = sum(
        other.accepted and other.days is not None and 1 / _ALIKE <= other.days / fit.days <= _ALIKE for other in fits
    )
    merit = alike * fit.days**0.25 / max(_LEAST_REJECTION, fit.rejection_confidence)
    return ReliabilityFit(
        fit.name, fit.parameters, fit.days, fit.f, fit.f_critical, fit.rejection_confidence, True, merit
    )


def _merit(fit: ReliabilityFit) -> float:
    return fit.figure_of_merit or 0.0
