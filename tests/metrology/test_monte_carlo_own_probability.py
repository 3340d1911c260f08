"""A stated k gives each measurand a coverage probability of its own; all are still drawn in one run."""

import pytest

from chuan.metrology.distributions import Normal
from chuan.metrology.files import Options, compute
from chuan.metrology.inputs import Component, Input, Measurement
from chuan.metrology.monte_carlo import propagate_distributions, run
from chuan.metrology.words import Refused
from tests.metrology.measurements import measured
from tests.metrology.test_many_measurands import normal

OWN = (0.6827, 0.9973)


def two() -> Measurement:
    """Two independent measurands that differ in nothing."""
    return measured("y = a; z = b", *(Input(s, 1.0, (Component("", Normal(1.0, 0.01)),)) for s in "ab"))


def points(count: int) -> dict[str, object]:
    """Points whose readings are few or many, so that k = 2 is another probability at each, and U at k = 2."""
    readings = (10.01, 10.02, 9.99, 10.03, 10.0, 9.98, 10.01, 10.02)
    return {
        "kind": "uncertainty",
        "coverage": "k=2",
        "measurand": [{"symbol": f"E{k}", "equation": f"i{k} - r*1"} for k in range(count)],
        "input": [{"symbol": f"i{k}", "observations": list(readings[: 4 + k])} for k in range(count)]
        + [normal("r", 10.0, 0.001)],
    }


def test_trials_too_few_for_the_largest_probability_are_refused() -> None:
    with pytest.raises(Refused, match=r"200 trials are too few for coverage probability 0\.9999"):
        propagate_distributions(two(), trials=200, coverage_probability=(0.95, 0.9999))


def test_every_interval_has_the_probability_of_its_measurand() -> None:
    found = propagate_distributions(two(), trials=50_000, coverage_probability=OWN).results
    assert found is not None
    for i, probability in enumerate(OWN):
        alike = propagate_distributions(two(), trials=50_000, coverage_probability=probability).results
        assert alike is not None
        assert found[i] == alike[i]
        assert found[i].coverage_probability == probability


def test_an_adaptive_run_stops_when_each_interval_at_its_own_probability_is_stable() -> None:
    def trials(*probabilities: float) -> int:
        results = propagate_distributions(two(), coverage_probability=probabilities).results or ()
        assert len({result.trials for result in results}) == 1
        return results[0].trials

    low, high = trials(OWN[0], OWN[0]), trials(OWN[1], OWN[1])
    assert low < high
    assert low < trials(*OWN) <= high
    assert max(trials(*OWN), trials(*reversed(OWN))) == high


def test_a_stated_k_draws_once_for_all_measurands(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = run._draw

    def counted(plan: run.Plan, seed: int, index: int, columns: run.Values, scratch: run.Values) -> object:
        drawn.append(index)
        return draw(plan, seed, index, columns, scratch)

    monkeypatch.setattr(run, "_draw", counted)
    measurands = compute(points(5), Options(trials=100_000))["measurands"]
    assert len({measurand["gum"]["coverage_probability"] for measurand in measurands}) == 5
    assert len(drawn) == len(set(drawn))
    for measurand in measurands:
        gum, (low, high) = measurand["gum"], measurand["monte_carlo"]["symmetric_interval"]
        # The readings dominate, so the GUM's U = 2u is Student's t, as the draws are.
        assert (high - low) / 2 == pytest.approx(gum["expanded_uncertainty"], rel=0.03)
