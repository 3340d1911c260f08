"""Interval test from found in or out of tolerance at one assigned interval (NCSLI RP-1, method A3)."""

from dataclasses import dataclass

from chuan.metrology.special import beta_quantile, binomial_cdf, binomial_pmf
from chuan.metrology.words import Refused, Text

_COUNT = Text("phải từ 0 đến {total}, đang là {passed}", "must be 0 to {total}, found {passed}")
_TOTAL = Text("phải là số nguyên từ 1 trở lên, đang là {total}", "must be a whole number, 1 or more, found {total}")
_SHARE = Text("phải nằm giữa 0 và 1, đang là {value:g}", "must lie between 0 and 1, found {value:g}")
_POSITIVE = Text("phải lớn hơn 0, đang là {value:g}", "must be above 0, found {value:g}")
_CHANGE = Text("phải lớn hơn 1, đang là {value:g}", "must be above 1, found {value:g}")
_LIMITS = Text("phải nhỏ hơn max_days {most:g}, đang là {value:g}", "must be below max_days {most:g}, found {value:g}")


@dataclass(frozen=True)
class IntervalTest:
    """What the calibrations so far say of the assigned interval."""

    recommended_days: float
    #: The interval by the formula, whether or not the test asks for a change and within whatever days.
    calculated_days: float
    changed: bool
    passed: int
    total: int
    observed_reliability: float
    #: Q; below 0 where the target lies within any limits of the observed reliability.
    rejection_confidence: float
    #: Clopper–Pearson limits of the reliability at `range_confidence`.
    reliability_interval: tuple[float, float]


def interval_test(
    assigned_days: float,
    target_reliability: float,
    passed: int,
    total: int,
    *,
    confidence: float = 0.95,
    range_confidence: float = 0.5,
    max_change: float = 2.0,
    min_change_days: float = 5.0,
    min_days: float = 14.0,
    max_days: float = 1826.0,
) -> IntervalTest:
    """Does the share found in tolerance agree with the target? If not, the interval that should (RP-1 A3).

    The interval changes only when the target is rejected with more than `confidence` and the change is worth making.
    """
    _check(assigned_days, target_reliability, passed, total)
    for key, share in (("confidence", confidence), ("range_confidence", range_confidence)):
        if not 0 < share < 1:
            raise Refused(_SHARE.put(value=share), key)
    if not max_change > 1:
        raise Refused(_CHANGE.put(value=max_change), "max_change")
    if not min_days < max_days:
        raise Refused(_LIMITS.put(value=min_days, most=max_days), "min_days")
    observed = passed / total
    rejection = _rejection_confidence(target_reliability, passed, total)
    factor = _factor(observed - target_reliability, rejection, max_change)
    calculated = assigned_days * factor
    allowed = min(max_days, max(min_days, calculated))
    changed = rejection > confidence and abs(allowed - assigned_days) >= min_change_days
    return IntervalTest(
        recommended_days=allowed if changed else assigned_days,
        calculated_days=calculated,
        changed=changed,
        passed=passed,
        total=total,
        observed_reliability=observed,
        rejection_confidence=rejection,
        reliability_interval=_clopper_pearson(passed, total, range_confidence),
    )


def _check(assigned_days: float, target_reliability: float, passed: int, total: int) -> None:
    if not assigned_days > 0:
        raise Refused(_POSITIVE.put(value=assigned_days), "assigned_days")
    if not 0 < target_reliability < 1:
        raise Refused(_SHARE.put(value=target_reliability), "target_reliability")
    if total < 1:
        raise Refused(_TOTAL.put(total=total), "total")
    if not 0 <= passed <= total:
        raise Refused(_COUNT.put(passed=passed, total=total), "passed")


def _rejection_confidence(target: float, passed: int, total: int) -> float:
    """Q: the greatest confidence at which the target lies outside the limits of the observed reliability.

    Below 0 where even the narrowest limits hold the target: binomial limits of whole numbers overlap (RP-1 A3).
    """
    if passed in (0, total):
        return 1 - binomial_pmf(passed, total, target)
    if passed / total <= target:
        return 1 - 2 * binomial_cdf(passed, total, target)
    return 2 * binomial_cdf(passed - 1, total, target) - 1


def _factor(excess: float, rejection: float, max_change: float) -> float:
    """By what the interval is multiplied: 10^((R₀ − R)·Q), above the target 10^((R₀ − R)/(1 − Q)), within limits."""
    # Beyond 300 any exponent is above any allowed change, and 10**x would overflow.
    exponent = excess * rejection if excess <= 0 else excess / (1 - rejection) if rejection < 1 else 300.0
    return min(max_change, max(1 / max_change, 10 ** min(exponent, 300.0)))


def _clopper_pearson(passed: int, total: int, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    low = beta_quantile(tail, passed, total - passed + 1) if passed else 0.0
    high = beta_quantile(1 - tail, passed + 1, total - passed) if passed < total else 1.0
    return low, high
