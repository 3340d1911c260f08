"""What the law of propagation of uncertainty gives: results and budget lines."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import mul
from typing import Any, NamedTuple

from chuan.metrology.gum.dof import DofMethod
from chuan.metrology.gum.second_order import SecondOrder, second_order_of
from chuan.metrology.inputs import Measurement
from chuan.metrology.inputs.lazily import lazily


class BudgetLine(NamedTuple):
    """One line of the budget: `contribution` = c·u with its sign, `share` of u² (sums to 1, may be negative).

    `dof` is infinite where it is not stated; `share` is None where u(y) is 0.
    """

    symbol: str
    label: str
    value: float
    standard_uncertainty: float
    dof: float
    sensitivity: float
    contribution: float
    share: float | None


#: A line from its fields as one tuple, without the detour of naming them.
_line: Callable[[tuple[Any, ...]], BudgetLine] = partial(tuple.__new__, BudgetLine)


@dataclass(frozen=True)
class GumResult:
    """One measurand by GUM 5 and 6.

    `sensitivities` and `contributions` (c_i·u_i) are in the model's order of inputs. Infinite degrees of freedom are
    `inf`; effective_dof, dof_used, k, U and interval are None where ν_eff is undefined.
    """

    symbol: str
    estimate: float
    standard_uncertainty: float
    effective_dof: float | None
    dof_used: float | None
    dof_method: DofMethod
    coverage_probability: float | None
    coverage_factor: float | None
    expanded_uncertainty: float | None
    sensitivities: tuple[float, ...]
    contributions: tuple[float, ...]
    measurement: Measurement = field(repr=False, compare=False)

    @property
    def interval(self) -> tuple[float, float] | None:
        """estimate ± U."""
        if self.expanded_uncertainty is None:
            return None
        return self.estimate - self.expanded_uncertainty, self.estimate + self.expanded_uncertainty

    @lazily
    def second_order(self) -> SecondOrder | None:
        """Estimate and u with second-order terms (GUM 5.1.2 note); None with any correlation."""
        return second_order_of(self.measurement, self.measurement.model.outputs.index(self.symbol))

    @lazily
    def budget(self) -> tuple[BudgetLine, ...]:
        """One line for each component of each input, in the model's order."""
        places, symbols, labels, values, uncertainties, dof, parts = self.measurement.cause_columns
        # + 0.0: a sensitivity of −0.0 is 0 to its readers.
        own = [c + 0.0 for c in self.sensitivities]
        sensitivities = [own[place] for place in places]
        contributions = [contribution + 0.0 for contribution in map(mul, sensitivities, uncertainties)]
        of_inputs = self._shares()
        shares: Iterable[float | None] = (None,) * len(places)
        if of_inputs:
            shares = map(mul, [of_inputs[place] for place in places], parts)
        lines = zip(symbols, labels, values, uncertainties, dof, sensitivities, contributions, shares, strict=True)
        return tuple(map(_line, lines))

    def _shares(self) -> Sequence[float] | None:
        """c_i u_i Σ_j c_j u_j r_ij / u² of each input."""
        u = self.standard_uncertainty
        if not u:
            return None
        relative = [contribution / u for contribution in self.contributions]
        shares = [w * w for w in relative]
        for group in self.measurement.structure.groups:
            for i, row in zip(group.indices, group.correlation, strict=True):
                shares[i] = relative[i] * math.fsum(relative[j] * r for j, r in zip(group.indices, row, strict=True))
        return shares
