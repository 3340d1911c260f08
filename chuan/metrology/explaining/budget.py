"""What an explanation needs of one result: from the GUM's own result, or from a stored one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from chuan.metrology.gum import BudgetLine, GumResult, SecondOrder
from chuan.metrology.gum.dof import DofMethod
from chuan.metrology.gum.dominant import Shape, dominant
from chuan.metrology.numerals import Rounding

#: Shares are sums of a few products; what differs by more than this is not rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Budget:
    """One measurand with its lines; `unit` is "" where none is shown, `stated` tells that k was given, not computed.

    Infinite degrees of freedom are `inf`; None as in `GumResult`.
    """

    symbol: str
    unit: str
    estimate: float
    standard_uncertainty: float
    effective_dof: float | None
    dof_used: float | None
    dof_method: DofMethod
    coverage_probability: float | None
    coverage_factor: float | None
    expanded_uncertainty: float | None
    stated: bool
    second_order: SecondOrder | None
    lines: tuple[BudgetLine, ...]
    rounding: Rounding = "half_away"
    #: One or two rectangular contributions beside which all others are small (EA-4/02 S9, S10).
    dominant: Shape | None = None

    @cached_property
    def correlated(self) -> tuple[BudgetLine, ...]:
        """The lines whose share is not that of their own variance: correlation adds to it or takes from it."""
        return tuple(line for line in self.lines if not self._independent(line))

    def _independent(self, line: BudgetLine) -> bool:
        own = self.own_share(line)
        return line.share is None or abs(line.share - own) <= _ROUNDING * max(1.0, own)

    def own_share(self, line: BudgetLine) -> float:
        """(c·u)²/u² of a line, without what correlation adds."""
        u = self.standard_uncertainty
        return (line.contribution / u) ** 2 if u else 0.0

    @cached_property
    def dof_terms(self) -> tuple[tuple[tuple[BudgetLine, ...], float], ...]:
        """Each term of 1/ν_eff with the lines behind it, the largest first (GUM G.4.1).

        Simultaneous observations, and what shares an error, are one term together: what independent lines leave.
        """
        if self.effective_dof is None or math.isinf(self.effective_dof):
            return ()
        total = 1 / self.effective_dof
        alone = [line for line in self.lines if line not in self.correlated]
        terms: list[tuple[tuple[BudgetLine, ...], float]] = [
            ((line,), self.own_share(line) ** 2 / line.dof) for line in alone if line.contribution
        ]
        rest = total - math.fsum(size for _, size in terms)
        if self.correlated and rest > _ROUNDING * total:
            finite = tuple(line for line in self.correlated if not math.isinf(line.dof))
            terms.append((finite, rest))
        return tuple(sorted(((lines, size) for lines, size in terms if size), key=lambda term: -term[1]))


@dataclass(frozen=True)
class Drawn:
    """Monte Carlo's result of the same measurand, and its comparison with the GUM's (JCGM 101 8.1)."""

    estimate: float | None
    standard_uncertainty: float | None
    interval: tuple[float, float]
    trials: int
    tolerance: float | None
    d_low: float | None
    d_high: float | None
    validated: bool | None


def budget_of(result: GumResult, unit: str = "") -> Budget:
    """The budget of a GUM result, in the unit that its reader sees."""
    found = dominant(result)
    return Budget(
        result.symbol,
        unit,
        result.estimate,
        result.standard_uncertainty,
        result.effective_dof,
        result.dof_used,
        result.dof_method,
        result.coverage_probability,
        result.coverage_factor,
        result.expanded_uncertainty,
        result.measurement.coverage_factor is not None,
        result.second_order,
        result.budget,
        result.measurement.rounding,
        found.kind if found else None,
    )


def largest_first(lines: Sequence[BudgetLine]) -> list[BudgetLine]:
    """The lines that have a share, by its size."""
    return sorted((line for line in lines if line.share), key=lambda line: -abs(line.share or 0.0))
