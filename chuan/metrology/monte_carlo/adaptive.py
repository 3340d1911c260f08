"""How many trials are enough: the adaptive procedure (JCGM 101 7.9), guarded against stopping by luck.

The guide stops when the blocks' figures agree. Two or three blocks often agree by chance, long before their digits are
right (Wübbeler, Harris, Cox and Elster, Metrologia 47 (2010) 317). So the ends of the interval must also have a
standard error, told by the ordered values inside the blocks, that fits the tolerance as the guide's figures must.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.monte_carlo.interval import tails_of
from chuan.metrology.monte_carlo.moments import moments_of
from chuan.metrology.monte_carlo.run import Trials, refuse_many_rejected
from chuan.metrology.monte_carlo.validation import numerical_tolerance

#: Trials in a block, and the most that are ever drawn.
BLOCK = 10_000
CAP = 10_000_000
#: The blocks tell the ends' standard errors about as well as the whole run will, but not to the last digit.
_IN_HAND = 0.9
#: A distribution without moments has no u to take digits from: half of its interval over this stands in for it.
_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Wanted:
    """What must be stable, of each measurand, before the trials stop."""

    #: Coverage probability of each measurand's own interval.
    probabilities: tuple[float, ...]
    #: Which measurands have a mean and a standard deviation at all.
    has_mean: tuple[bool, ...]
    has_deviation: tuple[bool, ...]
    #: The numerical tolerance δ belongs to u's two digits; 0.2 of it is what a validation needs (JCGM 101 8.2).
    tolerance_factor: float = 1.0
    cap: int = CAP
    #: Whether to go on, once stable, until the ends are known to δ/5, where the cap lets them be.
    to_validate: bool = False

    @property
    def block(self) -> int:
        """M = max(J, 10⁴), J the least whole number ≥ 100/(1 − p), p the largest (JCGM 101 7.9.4 b); never above the
        cap.
        """
        return min(max(math.ceil(round(100 / (1 - max(self.probabilities)), 6)), BLOCK), self.cap)


class _Spread:
    """Mean of the blocks' figures, and the standard deviation of that mean (JCGM 101 7.9.4 g), as blocks come.

    The figures, (outputs, 4): estimate, u, low end, high end. Beside them the ends' standard errors in a block.
    """

    def __init__(self, outputs: int) -> None:
        self.blocks = 0
        self.mean = np.zeros((outputs, 4))
        self._scatter = np.zeros((outputs, 4))
        self._ends = np.zeros((outputs, 2))

    def add(self, figures: NDArray[np.float64], ends: NDArray[np.float64]) -> None:
        self.blocks += 1
        before = figures - self.mean
        self.mean = self.mean + before / self.blocks
        self._scatter = self._scatter + before * (figures - self.mean)
        self._ends = self._ends + ends

    @property
    def of_mean(self) -> NDArray[np.float64]:
        deviation: NDArray[np.float64] = np.sqrt(self._scatter / (self.blocks * (self.blocks - 1)))
        # Of the ends, the larger of the two ways to tell: mean error of a block, over √blocks.
        deviation[:, 2:] = np.maximum(deviation[:, 2:], self._ends / self.blocks**1.5)
        return deviation


def settle(trials: Trials, wanted: Wanted) -> tuple[int, tuple[bool, ...]]:
    """Draw block by block until every figure is stable to two digits: trials, and whether each measurand is stable.

    The figures of each block are its mean, standard deviation and the two ends of its symmetric interval. A block whose
    tails are too short to tell a standard error (p near 1) never is stable; the block's size rules that out.
    """
    outputs = len(trials.values)
    spread = _Spread(outputs)
    block = wanted.block
    stable, settled = (False,) * outputs, False
    while (spread.blocks + 1) * block <= wanted.cap:
        first = spread.blocks * block
        blocks = trials.block(first, block)
        found = np.array([_figures(i, row, wanted.probabilities[i]) for i, row in enumerate(blocks)])
        spread.add(found[:, :4], found[:, 4:])
        if spread.blocks < 2:
            continue
        if not settled:
            stable = _stable(spread, wanted)
            settled = all(stable)
        if settled and not (wanted.to_validate and _undecided(spread, wanted)):
            break
    return spread.blocks * block, stable


def _figures(output: int, draws: NDArray[np.float64], probability: float) -> tuple[float, ...]:
    values = draws[np.isfinite(draws)]  # a copy, which is then put in order
    if 2 * len(values) < len(draws):  # fewer may be a cluster, which the whole run decides on
        refuse_many_rejected(output, len(draws) - len(values), len(draws))
    moments = moments_of(values[np.newaxis])
    tails = tails_of(values, probability)
    return (
        float(moments.mean[0]),
        float(moments.standard_deviation[0]),
        *tails.symmetric,
        *tails.endpoint_standard_errors,
    )


def _stable(spread: _Spread, wanted: Wanted) -> tuple[bool, ...]:
    """Of each measurand: twice each standard deviation within δ (JCGM 101 7.9.4 j–k); δ from the blocks' mean u."""
    found = []
    for mean, deviation, has_mean, has_deviation in zip(
        spread.mean, spread.of_mean, wanted.has_mean, wanted.has_deviation, strict=True
    ):
        u = mean[1] if has_deviation else (mean[3] - mean[2]) / (2 * _NORMAL_95)
        counted = [deviation[2], deviation[3]]
        counted += [deviation[0]] if has_mean else []
        counted += [deviation[1]] if has_deviation else []
        found.append(bool(2 * max(counted) <= numerical_tolerance(float(u)) * wanted.tolerance_factor))
    return tuple(found)


def _undecided(spread: _Spread, wanted: Wanted) -> bool:
    """Whether more trials, up to the cap, bring some measurand's ends to the δ/5 of a validation (JCGM 101 8.2).

    Without a standard deviation the tails are so heavy that no cap does.
    """
    count = spread.blocks * wanted.block
    for mean, deviation, has_deviation in zip(spread.mean, spread.of_mean, wanted.has_deviation, strict=True):
        enough = _IN_HAND * numerical_tolerance(float(mean[1])) / 5
        error = float(max(deviation[2], deviation[3]))
        if has_deviation and error > enough > 0 and count * (error / enough) ** 2 <= wanted.cap:
            return True
    return False
