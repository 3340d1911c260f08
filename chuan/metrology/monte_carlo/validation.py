"""Is the GUM's coverage interval good enough? Comparison with Monte Carlo (JCGM 101 clause 8; 7.9.2 for δ)."""

import math
from dataclasses import dataclass

#: δ may be this part of half the interval's width.
_SMALL = 0.1


@dataclass(frozen=True)
class Validation:
    """The comparison; `gum_validated` is None where the Monte Carlo ends are not known well enough to say."""

    numerical_tolerance: float | None
    d_low: float | None
    d_high: float | None
    gum_validated: bool | None


def numerical_tolerance(standard_uncertainty: float, digits: int = 2) -> float:
    """δ = 10^l / 2 where u ≈ c·10^l and c has `digits` digits (JCGM 101 7.9.2); zero for u = 0.

    Rounding may carry: u = 0.0996 is 10·10⁻², so δ = 0.005.
    """
    if standard_uncertainty == 0:
        return 0.0
    exponent = int(f"{standard_uncertainty:.{digits - 1}e}".partition("e")[2]) - (digits - 1)
    return float(f"5e{exponent - 1}")


def tells_nothing(tolerance: float, interval: tuple[float, float]) -> bool:
    """Whether δ is so large beside the interval that any interval would pass.

    Of a distribution with a variance δ is at most a twentieth of u. Where rare draws lie far out, as of an
    exponential, the draws' standard deviation is theirs, and so is δ.
    """
    return tolerance > _SMALL * (interval[1] - interval[0]) / 2


def validate(
    gum_interval: tuple[float, float] | None,
    gum_uncertainty: float | None,
    monte_carlo_interval: tuple[float, float],
    monte_carlo_uncertainty: float | None,
    endpoint_standard_errors: tuple[float, float],
    *,
    stable: bool = True,
) -> Validation:
    """Both ends of the GUM's interval within δ of Monte Carlo's probabilistically symmetric ones (JCGM 101 8.1).

    δ is taken from Monte Carlo's u, from the GUM's where Monte Carlo has none. Not decided (None) where the verdict
    would be chance: an end's standard error is above δ/5 (JCGM 101 8.2), or the run is not `stable`, so that δ itself
    is not known; and where it would say nothing, since δ is not small beside the interval.
    """
    u = gum_uncertainty if monte_carlo_uncertainty is None else monte_carlo_uncertainty
    tolerance = None if u is None or not math.isfinite(u) else numerical_tolerance(u)
    if gum_interval is None:
        return Validation(tolerance, None, None, None)
    d_low, d_high = (abs(g - m) for g, m in zip(gum_interval, monte_carlo_interval, strict=True))
    if tolerance is None or not stable or tells_nothing(tolerance, monte_carlo_interval):
        return Validation(tolerance, d_low, d_high, None)
    if max(endpoint_standard_errors) > tolerance / 5:
        return Validation(tolerance, d_low, d_high, None)
    return Validation(tolerance, d_low, d_high, d_low <= tolerance and d_high <= tolerance)
