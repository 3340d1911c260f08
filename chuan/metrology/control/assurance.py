"""The t and F tests of a check standard (NIST/SEMATECH e-Handbook 2.2.2 and 2.2.3)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chuan.metrology.distributions import finite, not_negative, positive
from chuan.metrology.special import f_quantile, t_quantile
from chuan.metrology.words import Refused, Text

_LENGTHS = Text(
    "phải có {wanted} giá trị như sums_of_squares, đang có {found}",
    "must have {wanted} values like sums_of_squares, found {found}",
)
_SHARE = Text("phải nằm giữa 0 và 1, đang là {found:g}", "must lie between 0 and 1, found {found:g}")

#: Of the handbook's tests: a process in control fails each in one case of twenty.
SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class ControlTest:
    """A statistic beside its critical value."""

    value: float
    critical: float

    @property
    def in_control(self) -> bool:
        """|value| does not exceed the critical value."""
        return abs(self.value) <= self.critical


@dataclass(frozen=True)
class PooledDeviation:
    """A standard deviation from several series, and its degrees of freedom."""

    sd: float
    dof: float


def pooled_deviation(sums_of_squares: Sequence[float], dofs: Sequence[float]) -> PooledDeviation:
    """√(Σ SS_i / Σ ν_i) (e-Handbook 2.3.5.1; GUM H.3.6)."""
    if len(sums_of_squares) != len(dofs):
        raise Refused(_LENGTHS.put(wanted=len(sums_of_squares), found=len(dofs)), "dofs")
    for i, (ss, dof) in enumerate(zip(sums_of_squares, dofs, strict=True)):
        not_negative(ss, f"sums_of_squares[{i}]")
        positive(dof, f"dofs[{i}]")
    dof = positive(math.fsum(dofs), "dofs")
    return PooledDeviation(math.sqrt(math.fsum(sums_of_squares) / dof), dof)


def check_standard_test(
    value: float, accepted: float, sd: float, dof: float = math.inf, significance: float = SIGNIFICANCE
) -> ControlTest:
    """t = (value − accepted)/sd against t(1 − α/2, ν): has the check standard's value changed (e-Handbook 2.2.2.3)?

    `sd` is the standard deviation of the check standard's own values and `dof` its degrees of freedom.
    """
    t = (finite(value, "value") - finite(accepted, "accepted")) / positive(sd, "sd")
    return ControlTest(t, t_quantile(1 - _share(significance) / 2, dof))


def precision_test(
    sd: float, dof: float, accepted_sd: float, accepted_dof: float = math.inf, significance: float = SIGNIFICANCE
) -> ControlTest:
    """F = (sd/accepted_sd)² against F(1 − α; ν, ν_accepted): has the scatter grown (e-Handbook 2.2.3.3)?"""
    f = (not_negative(sd, "sd") / positive(accepted_sd, "accepted_sd")) ** 2
    return ControlTest(f, f_quantile(1 - _share(significance), dof, accepted_dof))


def _share(significance: float) -> float:
    if not 0 < finite(significance, "significance") < 1:
        raise Refused(_SHARE.put(found=significance), "significance")
    return significance
