"""The largest factor on a standard uncertainty for which U ≤ target, and where U is smallest.

U need not fall with u: a smaller u can leave the result to an input of few degrees of freedom, so that k grows. With
ν truncated (GUM G.4.1) U moreover jumps wherever ν_eff passes a whole number; its lowest points beside the untruncated
curve are just there, so they are looked up and not left to a grid.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from chuan.metrology.gum.coverage import coverage_factor, truncated
from chuan.metrology.planning.reached import Reached

#: Points for each decade of u, over so many decades; below them an input no longer counts.
_PER_DECADE, _DECADES = 16, 5
#: Stands for an input without uncertainty: its square is below the rounding of u².
NOTHING = 1e-9
#: Above this factor an input may be of any uncertainty: it does not count for this measurand.
_ANY = 1e9
#: Whole numbers that ν_eff may pass between two points; where it passes more, k hardly depends on ν.
_MOST_STEPS = 64
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Search:
    """One lever's U as a function of the factor on its u; `probability` is None where k does not jump."""

    chain: Callable[[float], Reached]
    target: float
    probability: float | None

    def meets(self, factor: float) -> bool:
        """Whether U ≤ target there."""
        return self._expanded(factor) <= self.target

    def allowed(self) -> float | None:
        """How much u may grow from factor 1, which meets the target; None without limit."""
        good, step = 1.0, 10.0 ** (1 / _PER_DECADE)
        while good < _ANY:
            if not self.meets(good * step):
                return self._edge(good, good * step)
            good *= step
        return None

    def needed(self) -> float | None:
        """The largest factor below 1 that meets the target, where 1 does not; None where none does."""
        for points in self._cells:
            for above, factor in pairwise(points):
                if self.meets(factor):
                    return self._edge(factor, above)
        return self._edge_of_best() if self.meets(self.best) else None

    @cached_property
    def best(self) -> float:
        """Where U is smallest; `NOTHING` where it falls to the end."""
        # A cell ends where the next begins: each factor once.
        points = list(dict.fromkeys(factor for cell in self._cells for factor in cell))
        k = min(range(len(points)), key=lambda i: self._expanded(points[i]))
        if points[k] == NOTHING:
            return NOTHING
        beside = points[max(k - 1, 0) : k + 2]
        lowest = [self._lowest(low, high) for high, low in pairwise(beside)]
        return min(*lowest, points[k], key=self._expanded)

    def _edge_of_best(self) -> float:
        above = min(factor for cell in self._cells for factor in cell if factor > self.best)
        return self._edge(self.best, above)

    def _expanded(self, factor: float) -> float:
        return self.chain(factor).expanded_uncertainty

    def _untruncated(self, reached: Reached) -> float:
        """U with the k of ν_eff as it is: what U with ν truncated is never below."""
        if self.probability is None or reached.effective_dof is None:
            return reached.expanded_uncertainty
        return coverage_factor(self.probability, max(1.0, reached.effective_dof)) * reached.standard_uncertainty

    @cached_property
    def _cells(self) -> tuple[tuple[float, ...], ...]:
        """Falling factors from 1 to nothing in small steps; within a step, those where k jumps, if they may matter."""
        grid = [10.0 ** (-k / _PER_DECADE) for k in range(_PER_DECADE * _DECADES + 1)] + [NOTHING]
        found = [self.chain(factor) for factor in grid]
        least = [self._untruncated(one) for one in found]
        # Only where the untruncated curve is low enough can a jump meet the target, or be the lowest point of all.
        bound = max(self.target, min(one.expanded_uncertainty for one in found))
        cells = []
        for k in range(len(grid) - 1):
            matters = min(least[k], least[k + 1]) <= bound
            jumps = self._jumps(grid[k], grid[k + 1], found[k], found[k + 1]) if matters else ()
            cells.append((grid[k], *sorted(jumps, reverse=True), grid[k + 1]))
        return tuple(cells)

    def _jumps(self, high: float, low: float, at_high: Reached, at_low: Reached) -> Iterator[float]:
        """The factors between two at which the truncated ν changes, on the side of the larger ν."""
        if self.probability is None:
            return
        ends = sorted((self._whole(at_high), self._whole(at_low)))
        if not ends[1] - ends[0] <= _MOST_STEPS:
            return
        for whole in range(int(ends[0]) + 1, int(ends[1]) + 1):
            good, bad = (high, low) if self._whole(at_high) >= whole else (low, high)
            while (middle := (good + bad) / 2) not in (good, bad):
                if self._whole(self.chain(middle)) >= whole:
                    good = middle
                else:
                    bad = middle
            yield good

    @staticmethod
    def _whole(reached: Reached) -> float:
        return math.inf if reached.effective_dof is None else truncated(reached.effective_dof)

    def _edge(self, good: float, bad: float) -> float:
        """The last factor that meets the target between one that does and one that does not, to the last digit."""
        while (middle := (good + bad) / 2) not in (good, bad):
            if self.meets(middle):
                good = middle
            else:
                bad = middle
        return good

    def _lowest(self, low: float, high: float) -> float:
        """Where U is smallest between two factors, by golden section."""
        for _ in range(40):
            left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
            if self._expanded(left) <= self._expanded(right):
                high = right
            else:
                low = left
        return (low + high) / 2
