"""Performance of participants: differences and scores (ISO 13528:2022 clause 9, ISO/IEC 17043), Horwitz's σ."""

import math
from dataclasses import dataclass
from typing import Literal

from chuan.metrology.words import Refused, Text

Verdict = Literal["satisfactory", "questionable", "unsatisfactory"]

_FRACTION = Text("phải lớn hơn 0 và không quá 1, đang là {value:g}", "must be above 0 and at most 1, found {value:g}")

#: 2.2 − 2 over 0.1 is 2 to a person, and a little above it in binary.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Reference:
    """The value to compare with, its u, its U as stated, and the standard deviation for proficiency assessment."""

    value: float
    standard_uncertainty: float | None = None
    expanded_uncertainty: float | None = None
    sigma_pt: float | None = None


@dataclass(frozen=True)
class Participant:
    """One laboratory's result, with U as stated and its k.

    `in_reference` tells that the reference is a mean weighted by 1/u² of which this result is a part: its difference
    then has the variance u² − u(reference)² (Cox 2002, procedure A).
    """

    code: str
    value: float
    expanded_uncertainty: float | None = None
    coverage_factor: float = 2.0
    in_reference: bool = False

    @property
    def standard_uncertainty(self) -> float | None:
        """U/k."""
        return None if self.expanded_uncertainty is None else self.expanded_uncertainty / self.coverage_factor


@dataclass(frozen=True)
class Scores:
    """One participant's scores, each with the sign of the difference; None where an input is missing."""

    code: str
    difference: float
    difference_percent: float | None
    z: float | None
    z_prime: float | None
    zeta: float | None
    en: float | None

    @property
    def verdicts(self) -> dict[str, Verdict | None]:
        """|z| ≤ 2, < 3, ≥ 3, the same for z′ and ζ; |En| ≤ 1."""
        return {
            "z": _by_z(self.z),
            "z_prime": _by_z(self.z_prime),
            "zeta": _by_z(self.zeta),
            "en": None if self.en is None else "satisfactory" if abs(self.en) <= 1 + _ROUNDING else "unsatisfactory",
        }


def score(participant: Participant, reference: Reference) -> Scores:
    """D and D % (9.3), z (9.4), z′ (9.5), ζ (9.6) and En (9.7)."""
    difference = participant.value - reference.value
    u, sigma = reference.standard_uncertainty, reference.sigma_pt
    zeta = _over(difference, participant.standard_uncertainty, u)
    en = _over(difference, participant.expanded_uncertainty, reference.expanded_uncertainty)
    if participant.in_reference:
        zeta = _beside(difference, participant.standard_uncertainty, u)
        en = None if zeta is None else zeta / participant.coverage_factor
    return Scores(
        participant.code,
        difference,
        100 * difference / abs(reference.value) if reference.value else None,
        _over(difference, sigma, 0.0),
        _over(difference, sigma, u),
        zeta,
        en,
    )


def _over(difference: float, a: float | None, b: float | None) -> float | None:
    if a is None or b is None or a == b == 0:
        return None
    return difference / math.hypot(a, b)


def _beside(difference: float, own: float | None, mean: float | None) -> float | None:
    """Over √(own² − mean²), the u of a result's distance from a mean that it is a part of; None where it is 0."""
    if own is None or mean is None or not (own - mean) > _ROUNDING * own:
        return None
    return difference / math.sqrt((own - mean) * (own + mean))


def _by_z(z: float | None) -> Verdict | None:
    if z is None:
        return None
    if abs(z) <= 2 + _ROUNDING:
        return "satisfactory"
    return "questionable" if abs(z) < 3 - _ROUNDING else "unsatisfactory"


def horwitz(mass_fraction: float) -> float:
    """Horwitz's reproducibility standard deviation as a mass fraction, as Thompson modified it (8.4, E.9)."""
    if not 0 < mass_fraction <= 1:
        raise Refused(_FRACTION.put(value=mass_fraction), "mass_fraction")
    if mass_fraction < 1.2e-7:
        return 0.22 * mass_fraction
    return 0.02 * mass_fraction**0.8495 if mass_fraction <= 0.138 else 0.01 * math.sqrt(mass_fraction)
