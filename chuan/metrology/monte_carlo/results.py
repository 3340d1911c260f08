"""What a Monte Carlo run gives: plain data, no numpy, so that a reader of results needs none."""

from dataclasses import dataclass

#: Trials that are drawn together; a part of what is stored, because it decides which draw comes when.
CHUNK = 32768
GENERATOR = "SFC64"
#: No run may ask for more: 10⁸ draws of one measurand take 800 MB; nothing in metrology needs more.
MOST_TRIALS = 100_000_000

NO_VARIANCE = "no-variance"
NO_JOINT_DISTRIBUTION = "no-joint-distribution"
NOT_STABLE = "not-stable"
REJECTED_DRAWS = "rejected-draws"


@dataclass(frozen=True)
class MonteCarloResult:
    """One measurand (JCGM 101 7.6, 7.7); `seed`, `generator`, `chunk`, `trials` and `library` repeat it bit for bit."""

    #: Mean of the draws; None where the distribution has none (Student's t with ν ≤ 1 among the inputs).
    estimate: float | None
    #: Standard deviation of the draws; None where the distribution has none (ν ≤ 2).
    standard_uncertainty: float | None
    symmetric_interval: tuple[float, float]
    shortest_interval: tuple[float, float]
    trials: int
    seed: int
    adaptive: bool
    #: Draws for which the model gave no finite number; left out of everything above.
    rejected_draws: int
    #: Standard errors of the ends of `symmetric_interval`, from the draws themselves.
    endpoint_standard_errors: tuple[float, float]
    coverage_probability: float
    library: str
    #: Whether all figures are stable to two digits; True of a number of trials that was given, which nobody judged.
    stable: bool = True
    generator: str = GENERATOR
    chunk: int = CHUNK


@dataclass(frozen=True)
class Simulation:
    """All measurands of one run, drawn together.

    `results` is None where the inputs have no joint distribution that the file states; `correlation` is then None too.
    """

    results: tuple[MonteCarloResult, ...] | None
    #: Correlation of the measurands' draws; None where a variance does not exist or is zero (off the diagonal).
    correlation: tuple[tuple[float | None, ...], ...] | None
    notes: tuple[str, ...]
