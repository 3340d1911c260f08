"""Several measurands of one model: covariance, correlation and coverage regions (JCGM 102)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chuan.metrology.gum.results import GumResult
from chuan.metrology.inputs import Structure
from chuan.metrology.inputs.matrices import Matrix
from chuan.metrology.special import chi2_quantile, normal_quantile


@dataclass(frozen=True)
class Multivariate:
    """Estimates with their covariance matrix; correlation is None beside a measurand without uncertainty."""

    symbols: tuple[str, ...]
    estimates: tuple[float, ...]
    covariance: Matrix
    correlation: tuple[tuple[float | None, ...], ...]


def multivariate(results: Sequence[GumResult]) -> Multivariate:
    """U_y = C U_x Cᵀ of the measurands of one measurement (JCGM 102 6.2)."""
    structure = results[0].measurement.structure
    u = [result.standard_uncertainty for result in results]
    # Relative to u(y), so that no product overflows or vanishes.
    relative = [[c / size for c in r.contributions] if size else None for r, size in zip(results, u, strict=True)]
    weighed = [_weighed(own, structure) if own else None for own in relative]
    # A point of many has few inputs of its own and in common with the others; the rest need no products.
    counting = [[(k, c) for k, c in enumerate(own) if c] if own else None for own in relative]
    correlation = tuple(
        tuple(_coefficient(counting[i], weighed[j], i == j) for j in range(len(u))) for i in range(len(u))
    )
    covariance = tuple(
        tuple((r or 0.0) * a * b if i != j else a * a for j, (r, b) in enumerate(zip(row, u, strict=True)))
        for i, (row, a) in enumerate(zip(correlation, u, strict=True))
    )
    return Multivariate(
        tuple(result.symbol for result in results),
        tuple(result.estimate for result in results),
        covariance,
        correlation,
    )


def _weighed(contributions: Sequence[float], structure: Structure) -> list[float]:
    """Σ_j r_ij c_j u_j for each input i."""
    found = list(contributions)
    for group in structure.groups:
        for i, row in zip(group.indices, group.correlation, strict=True):
            found[i] = math.fsum(contributions[j] * r for j, r in zip(group.indices, row, strict=True))
    return found


def _coefficient(own: Sequence[tuple[int, float]] | None, other: Sequence[float] | None, same: bool) -> float | None:
    if same:
        return 1.0
    if own is None or other is None:
        return None
    return max(-1.0, min(1.0, math.fsum([a * other[k] for k, a in own])))


def ellipsoid_factor(probability: float, measurands: int) -> float:
    """k of a hyper-ellipsoidal region of jointly Gaussian measurands, k² = χ²_p(m) (JCGM 102 6.5)."""
    return math.sqrt(chi2_quantile(probability, measurands))


def rectangle_factor(probability: float, measurands: int) -> float:
    """k of a hyper-rectangular region that holds at least p whatever the correlations (Bonferroni; JCGM 102 6.5)."""
    return -normal_quantile((1 - probability) / (2 * measurands))
