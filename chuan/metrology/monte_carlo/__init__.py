"""Propagation of distributions by Monte Carlo (JCGM 101; JCGM 102 for several measurands).

Importing this package costs nothing: numpy comes with the first run.
"""

from typing import TYPE_CHECKING

from chuan.metrology.monte_carlo.results import (
    NO_JOINT_DISTRIBUTION,
    NO_VARIANCE,
    NOT_STABLE,
    REJECTED_DRAWS,
    MonteCarloResult,
    Simulation,
)
from chuan.metrology.monte_carlo.validation import Validation, numerical_tolerance, validate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuan.metrology.inputs import Measurement

__all__ = [
    "NOT_STABLE",
    "NO_JOINT_DISTRIBUTION",
    "NO_VARIANCE",
    "REJECTED_DRAWS",
    "MonteCarloResult",
    "Simulation",
    "Validation",
    "numerical_tolerance",
    "propagate_distributions",
    "simulate",
    "validate",
]


def propagate_distributions(
    measurement: "Measurement",
    *,
    trials: int | None = None,
    seed: int = 1,
    threads: int = 1,
    coverage_probability: "float | Sequence[float] | None" = None,
    tolerance_factor: float = 1.0,
    to_validate: bool = False,
) -> Simulation:
    """All measurands drawn together, with their correlation and notes.

    `coverage_probability` is that of every interval, or one of each measurand's; by default the measurement's.
    Exactly `trials` draws, or by JCGM 101 7.9 as many as two digits of each figure need, or that part of them that
    `tolerance_factor` says; `to_validate` goes on until the ends are known as a validation by clause 8 needs them,
    unless that takes more than the cap. The same `seed` gives the same digits whatever `threads`. Refused: more
    than 0.1 % of draws without a finite result, too few trials for the coverage probability.
    """
    from chuan.metrology.monte_carlo.simulation import simulation_of  # noqa: PLC0415 - numpy is not for the GUM alone
    from chuan.metrology.monte_carlo.translation import problem_of  # noqa: PLC0415 - numpy is not for the GUM alone

    problem = problem_of(measurement)
    if problem is None:
        return Simulation(None, None, (NO_JOINT_DISTRIBUTION,))
    return simulation_of(
        problem,
        probability=measurement.coverage_probability if coverage_probability is None else coverage_probability,
        trials=trials,
        seed=seed,
        threads=threads,
        tolerance_factor=tolerance_factor,
        to_validate=to_validate,
    )


def simulate(
    measurement: "Measurement", *, trials: int | None = None, seed: int = 1, threads: int = 1
) -> tuple[MonteCarloResult, ...]:
    """The measurands' results alone, in the model's order; none where the inputs have no stated joint distribution."""
    return propagate_distributions(measurement, trials=trials, seed=seed, threads=threads).results or ()
