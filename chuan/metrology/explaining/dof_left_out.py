"""Whether Monte Carlo left degrees of freedom out of account that the GUM's k counts (GUM G.3; JCGM 101 6.4.9).

A u with finite ν is itself uncertain. The GUM widens k for that; Monte Carlo does only where it draws from Student's t
with u as its scale, whose variance is u²·ν/(ν − 2). Drawn as normal, or from a t scaled back to u, its interval is
that of a u known for certain: too narrow by as much as k is above the normal distribution's.
"""

import math

from chuan.metrology.explaining.budget import Budget
from chuan.metrology.gum import BudgetLine
from chuan.metrology.gum.coverage import coverage_factor
from chuan.metrology.gum.second_order import two_digit_tolerance

#: A k above the normal distribution's by no more than this part makes no difference to what is reported.
_NEAR_NORMAL = 0.01
#: Inputs are named until they make up this part of what is left out.
_ENOUGH = 0.9
#: A drawn variance of Student's t with few ν comes slowly to its limit from below; this part of it is enough.
_MOSTLY = 0.7


def dof_left_out(budget: Budget, drawn_uncertainty: float | None) -> tuple[str, ...]:
    """The inputs whose finite ν counts in the GUM's k and not in Monte Carlo's draws; empty where there are none.

    Told by Monte Carlo's u, which a stored result has too: where the draws counted every ν, its square is
    Σ u_i²·ν_i/(ν_i − 2), and with ν ≤ 2 there is none.
    """
    if drawn_uncertainty is None or not _matters(budget):
        return ()
    lines = [line for line in budget.lines if line.contribution and line.share and not math.isinf(line.dof)]
    if not lines or drawn_uncertainty >= _of_student(budget, lines):
        return ()
    lines.sort(key=lambda line: -((line.share or 0.0) ** 2) / line.dof)
    sizes = [(line.share or 0.0) ** 2 / line.dof for line in lines]
    count = next(i for i in range(1, len(sizes) + 1) if math.fsum(sizes[:i]) >= _ENOUGH * math.fsum(sizes))
    return tuple(dict.fromkeys(line.symbol for line in lines[:count]))


def _matters(budget: Budget) -> bool:
    """Whether k is above that of a u known for certain; also where ν_eff is undefined and nobody can say."""
    k, probability, dof = budget.coverage_factor, budget.coverage_probability, budget.effective_dof
    if k is None or dof is None or probability is None:
        return k is not None
    return not math.isinf(dof) and k > coverage_factor(probability, math.inf) * (1 + _NEAR_NORMAL)


def _of_student(budget: Budget, lines: list[BudgetLine]) -> float:
    """The least u of draws that count every ν, to the two digits that a drawn u is known to."""
    u, second = budget.standard_uncertainty, budget.second_order
    if second is not None and second.standard_uncertainty is not None:
        u = max(u, second.standard_uncertainty)
    added = math.fsum((line.share or 0.0) * (2 / (line.dof - 2) if line.dof > 2 else math.inf) for line in lines)
    return math.hypot(u, budget.standard_uncertainty * math.sqrt(_MOSTLY * max(0.0, added))) - two_digit_tolerance(u)
