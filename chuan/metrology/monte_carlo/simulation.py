"""From a problem to its results: how many trials, each measurand's figures, correlation (JCGM 101 7.2–7.9)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.model import Model
from chuan.metrology.monte_carlo.adaptive import CAP, Wanted, settle
from chuan.metrology.monte_carlo.failing import explained, refuse_poles
from chuan.metrology.monte_carlo.interval import tails_of, within
from chuan.metrology.monte_carlo.moments import Account, Moments
from chuan.metrology.monte_carlo.results import (
    MOST_TRIALS,
    NO_VARIANCE,
    NOT_STABLE,
    REJECTED_DRAWS,
    MonteCarloResult,
    Simulation,
)
from chuan.metrology.monte_carlo.run import Plan, TooManyRejected, Trials, refuse_many_rejected
from chuan.metrology.words import Refused, Text

_TRIALS = Text("phải từ 1 đến {most}, đang là {found}", "must be 1 to {most}, found {found}")
#: Values in a block of all measurands together, 400 MB: the adaptive procedure looks at whole blocks.
_MOST_IN_BLOCK = 50_000_000
_BLOCK = Text(
    "xác suất phủ {probability:g} cần khối {block} phép thử, quá lớn cho {outputs} đại lượng đo; hãy cho ít đại lượng "
    "đo hơn, hoặc chọn số phép thử",
    "coverage probability {probability:g} needs blocks of {block} trials, too many for {outputs} measurands; give "
    "fewer measurands, or the number of trials",
)
_SEED = Text("không được âm, đang là {found}", "must not be negative, found {found}")


@dataclass(frozen=True)
class Problem:
    """A plan, and which of its outputs have a mean and a standard deviation (a t with ν ≤ 1 or ν ≤ 2 takes them)."""

    plan: Plan
    has_mean: tuple[bool, ...]
    has_deviation: tuple[bool, ...]
    #: The model that the plan evaluates, to say why draws fail; None where it is not known.
    model: Model | None = None


@dataclass(frozen=True)
class _Ran:
    """What all measurands of one run share."""

    probabilities: tuple[float, ...]
    trials: int
    seed: int
    adaptive: bool
    stable: tuple[bool, ...]


def simulation_of(
    problem: Problem,
    *,
    probability: float | Sequence[float],
    trials: int | None = None,
    seed: int = 1,
    threads: int = 1,
    tolerance_factor: float = 1.0,
    cap: int = CAP,
    to_validate: bool = False,
) -> Simulation:
    """The results of exactly `trials` trials, or of as many as JCGM 101 7.9 asks for.

    `probability`, strictly between 0 and 1, is that of every interval, or one of each measurand's: all measurands are
    drawn together, and the run goes on until each is stable with its own.
    `to_validate` goes on to what clause 8 asks for, where the cap allows it.
    """
    if seed < 0:
        raise Refused(_SEED.put(found=seed), "seed")
    with saying_why(problem, seed):
        outputs = problem.plan.outputs
        own = (probability,) * outputs if isinstance(probability, float) else tuple(probability)
        return _simulated(problem, own, trials, seed, threads, tolerance_factor, cap, to_validate)


@contextmanager
def saying_why(problem: Problem, seed: int) -> Iterator[None]:
    """Refuse divisors that cross zero before, and let the refusal of rejected draws say what failed in one."""
    if problem.model is None:
        yield
        return
    refuse_poles(problem.model, problem.plan, seed, problem.has_deviation)
    try:
        yield
    except TooManyRejected as rejected:
        raise explained(problem.model, problem.plan, seed, rejected) from None


def _simulated(
    problem: Problem,
    probabilities: tuple[float, ...],
    trials: int | None,
    seed: int,
    threads: int,
    tolerance_factor: float,
    cap: int,
    to_validate: bool,
) -> Simulation:
    wanted = Wanted(probabilities, problem.has_mean, problem.has_deviation, tolerance_factor, cap, to_validate)
    drawn, count, stable = _drawn(problem.plan, wanted, trials, seed, threads)
    account = drawn.account(count)
    ran = _Ran(probabilities, count, seed, trials is None, stable)
    results = tuple(_result(i, row, account.single[i], problem, ran) for i, row in enumerate(drawn.rows(count)))
    notes = [] if all(problem.has_deviation) else [NO_VARIANCE]
    notes += [] if all(stable) else [NOT_STABLE]
    notes += [REJECTED_DRAWS] if any(result.rejected_draws for result in results) else []
    return Simulation(results, _correlation(account, problem.has_deviation), tuple(notes))


def _drawn(
    plan: Plan, wanted: Wanted, trials: int | None, seed: int, threads: int
) -> tuple[Trials, int, tuple[bool, ...]]:
    """The trials, how many of them count, and for which outputs they are enough (all, where the number was given)."""
    if trials is None:
        if plan.outputs > 1 and plan.outputs * wanted.block > _MOST_IN_BLOCK:
            text = _BLOCK.put(probability=max(wanted.probabilities), block=wanted.block, outputs=plan.outputs)
            raise Refused(text, "coverage_probability")
        drawn = Trials(plan, seed=seed, capacity=wanted.cap, threads=threads)
        return drawn, *settle(drawn, wanted)
    if not 1 <= trials <= MOST_TRIALS:
        raise Refused(_TRIALS.put(most=MOST_TRIALS, found=trials), "trials")
    for probability in wanted.probabilities:
        within(trials, probability)  # refuses too few before any is drawn
    drawn = Trials(plan, seed=seed, capacity=trials, threads=threads)
    drawn.reach(trials)
    return drawn, trials, (True,) * plan.outputs


def _result(index: int, values: NDArray[np.float64], moments: Moments, problem: Problem, ran: _Ran) -> MonteCarloResult:
    """One measurand's figures; `values` (M,) are put in another order."""
    rejected = ran.trials - moments.count
    refuse_many_rejected(index, rejected, ran.trials)
    tails = tails_of(values[np.isfinite(values)] if rejected else values, ran.probabilities[index])
    # One draw has no standard deviation; `tails_of` has refused it already.
    return MonteCarloResult(
        estimate=float(moments.mean[0]) if problem.has_mean[index] else None,
        standard_uncertainty=float(moments.standard_deviation[0]) if problem.has_deviation[index] else None,
        symmetric_interval=tails.symmetric,
        shortest_interval=tails.shortest,
        trials=ran.trials,
        seed=ran.seed,
        adaptive=ran.adaptive,
        rejected_draws=rejected,
        endpoint_standard_errors=tails.endpoint_standard_errors,
        coverage_probability=ran.probabilities[index],
        stable=ran.stable[index],
        library=f"numpy {np.__version__}",
    )


def _correlation(account: Account, has_deviation: Sequence[bool]) -> tuple[tuple[float | None, ...], ...]:
    """Correlation matrix of the outputs' draws (JCGM 102 7.6); None where a variance is zero or does not exist."""
    scatter = account.joint.scatter
    size = len(scatter)

    def cell(i: int, j: int) -> float | None:
        if i == j:
            return 1.0
        if not (has_deviation[i] and has_deviation[j] and scatter[i, i] > 0 and scatter[j, j] > 0):
            return None
        root = float(np.sqrt(scatter[i, i])) * float(np.sqrt(scatter[j, j]))
        return max(-1.0, min(1.0, float(scatter[i, j]) / root))

    return tuple(tuple(cell(i, j) for j in range(size)) for i in range(size))
