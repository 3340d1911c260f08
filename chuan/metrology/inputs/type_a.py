"""Type A evaluation: from repeated readings (GUM 4.2), pooled (4.2.4), between days (H.5), autocorrelated."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chuan.metrology.distributions import finite, positive
from chuan.metrology.words import Refused, Text

_FEW = Text("cần ít nhất {least} lần quan trắc, đang có {found}", "needs at least {least} observations, found {found}")
_EQUAL_GROUPS = Text("mỗi nhóm cần một độ lệch chuẩn", "each group needs one standard deviation")

#: Fewer readings than this cannot show a drift from chance.
_LEAST_FOR_AUTOCORRELATION = 8
#: One in a hundred independent series is flagged (one-sided normal quantile at 99 %).
_FLAG_QUANTILE = 2.326


@dataclass(frozen=True)
class TypeA:
    """Mean of readings and what its scatter tells."""

    mean: float
    standard_deviation: float
    standard_uncertainty: float
    dof: float
    n: int
    #: Of the readings with the next ones; NaN-free: 0 where they do not scatter.
    autocorrelation: float = 0.0

    @property
    def autocorrelated(self) -> bool:
        """Whether neighbours are alike beyond chance, so that s/√n claims too little (GUM 4.2.7)."""
        if self.n < _LEAST_FOR_AUTOCORRELATION:
            return False
        return self.autocorrelation + 1 / self.n > _FLAG_QUANTILE / math.sqrt(self.n)


def mean_of(readings: Sequence[float]) -> float:
    """Arithmetic mean, without losing digits of readings that share a large part."""
    rough = math.fsum(readings) / len(readings)
    return rough + math.fsum(x - rough for x in readings) / len(readings)


def _checked(readings: Sequence[float], least: int) -> Sequence[float]:
    if len(readings) < least:
        raise Refused(_FEW.put(least=least, found=len(readings)), "observations")
    for i, reading in enumerate(readings):
        finite(reading, f"observations[{i}]")
    return readings


def autocorrelations(readings: Sequence[float], most: int) -> tuple[float, ...]:
    """Autocorrelation at lags 1…most; all 0 where the readings do not scatter."""
    mean = mean_of(readings)
    d = [x - mean for x in readings]
    total = math.fsum(x * x for x in d)
    if not total:
        return (0.0,) * most
    return tuple(math.fsum(d[i] * d[i + lag] for i in range(len(d) - lag)) / total for lag in range(1, most + 1))


def type_a(readings: Sequence[float]) -> TypeA:
    """Mean, s, s/√n and ν = n − 1 of independent readings (GUM 4.2.1–4.2.3); fewer than two are refused."""
    n = len(_checked(readings, 2))
    mean = mean_of(readings)
    s = math.sqrt(math.fsum((x - mean) ** 2 for x in readings) / (n - 1))
    return TypeA(mean, s, s / math.sqrt(n), n - 1, n, autocorrelations(readings, 1)[0])


def pooled_standard_deviation(groups: Sequence[Sequence[float]]) -> tuple[float, float]:
    """s_p and its ν from several series of the same measurement (GUM 4.2.4, H.5)."""
    parts = [type_a(group) for group in groups]
    if not parts:
        raise Refused(_FEW.put(least=2, found=0), "observations")
    dof = math.fsum(part.dof for part in parts)
    return math.sqrt(math.fsum(part.dof * part.standard_deviation**2 for part in parts) / dof), dof


def type_a_pooled(readings: Sequence[float], standard_deviation: float, dof: float) -> TypeA:
    """Mean of one or more readings with s_p/√n and the ν of s_p, which was found before (GUM 4.2.4)."""
    n = len(_checked(readings, 1))
    s = positive(standard_deviation, "standard_deviation")
    lag = autocorrelations(readings, 1)[0] if n > 1 else 0.0
    return TypeA(mean_of(readings), s, s / math.sqrt(n), positive(dof, "dof"), n, lag)


def type_a_autocorrelated(readings: Sequence[float]) -> TypeA:
    """Mean of a stationary autocorrelated series (GUM 4.2.7; Zhang, Metrologia 43 (2006) S276).

    u² = s²/n·(1 + 2 Σ (1 − k/n)·ρ_k) over lags up to the last that chance does not explain, at most n/4.
    """
    plain = type_a(_checked(readings, _LEAST_FOR_AUTOCORRELATION))
    n = plain.n
    rho = autocorrelations(readings, n // 4)
    last = 0
    for k, value in enumerate(rho, 1):
        spread = math.sqrt((1 + 2 * math.fsum(r * r for r in rho[: k - 1])) / n)
        if abs(value) > 1.96 * spread:
            last = k
    growth = max(1.0, 1 + 2 * math.fsum((1 - k / n) * rho[k - 1] for k in range(1, last + 1)))
    u = plain.standard_uncertainty * math.sqrt(growth)
    return TypeA(plain.mean, plain.standard_deviation, u, max(1.0, n / growth - 1), n, plain.autocorrelation)


@dataclass(frozen=True)
class BetweenDays:
    """Readings of several days: whether the days differ, and the uncertainty of the grand mean (GUM H.5)."""

    mean: float
    day_standard_deviation: float
    pooled_standard_deviation: float
    f: float
    dof_days: int
    dof_within: int
    standard_uncertainty: float


def between_days(means: Sequence[float], standard_deviations: Sequence[float], n: int) -> BetweenDays:
    """Grand mean, F of days against within days, and u from the scatter of the day means (GUM H.5.2, H.5.3).

    `means` and `standard_deviations` of each day, both of `n` readings.
    """
    if len(means) != len(standard_deviations):
        raise Refused(_EQUAL_GROUPS, "standard_deviations")
    _checked([0.0] * n, 2)
    days = type_a(means)
    pooled = math.sqrt(math.fsum(positive(s, "standard_deviations") ** 2 for s in standard_deviations) / len(means))
    return BetweenDays(
        mean=days.mean,
        day_standard_deviation=days.standard_deviation,
        pooled_standard_deviation=pooled,
        f=n * days.standard_deviation**2 / pooled**2,
        dof_days=len(means) - 1,
        dof_within=len(means) * (n - 1),
        standard_uncertainty=days.standard_uncertainty,
    )
