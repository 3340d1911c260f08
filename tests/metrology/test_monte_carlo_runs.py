"""Runs: rejected draws are counted, a seed gives the same digits, trials are as many as needed and fit in memory."""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from chuan.metrology.distributions import (
    Constant,
    CurvilinearTrapezoid,
    Exponential,
    Normal,
    Rectangular,
    StudentT,
)
from chuan.metrology.inputs import Component, Input, Measurement
from chuan.metrology.monte_carlo import (
    Simulation,
    numerical_tolerance,
    propagate_distributions,
    simulate,
    validate,
)
from chuan.metrology.monte_carlo.run import Plan, Trials
from chuan.metrology.monte_carlo.simulation import Problem, simulation_of
from chuan.metrology.monte_carlo.sobol import preview
from chuan.metrology.monte_carlo.sources import Alone
from chuan.metrology.monte_carlo.translation import problem_of
from chuan.metrology.words import Refused
from tests.metrology.monte_carlo_cases import known, measured, only

# Repeatability


def nonlinear() -> Measurement:
    return measured(
        "y = a*exp(b) + c*d; z = a/d",
        known("a", StudentT(5, 0.1, 7)),
        known("b", CurvilinearTrapezoid(0.2, 0.05, 0.01)),
        known("c", Exponential(0.3)),
        Input("d", 7, (Component("one", Rectangular(0, 0.2)), Component("two", StudentT(0, 0.1, 9)))),
    )


@pytest.mark.parametrize("trials", [100_000, 32_768, 40_001, None])
def test_the_same_seed_gives_the_same_digits_whatever_the_threads(trials: int | None) -> None:
    first, *rest = (propagate_distributions(nonlinear(), trials=trials, seed=3, threads=n) for n in (1, 2, 4))
    assert all(first == other for other in rest)


def test_another_seed_gives_other_draws() -> None:
    assert simulate(nonlinear(), trials=1000, seed=1) != simulate(nonlinear(), trials=1000, seed=2)


def test_an_adaptive_run_is_the_exact_run_of_as_many_trials() -> None:
    adaptive = propagate_distributions(nonlinear(), seed=5)
    assert adaptive.results is not None
    trials = adaptive.results[0].trials
    assert trials % 10_000 == 0
    exact = propagate_distributions(nonlinear(), seed=5, trials=trials)
    assert exact.results is not None
    assert tuple(replace(result, adaptive=True) for result in exact.results) == adaptive.results
    assert exact.correlation == adaptive.correlation


def test_a_short_run_is_the_beginning_of_a_long_one() -> None:
    plan = Plan((Alone(0, (Normal(0, 1),)), Alone(1, (StudentT(0, 1, 4),))), 2, 1, lambda c: (c[0] + c[1],))
    short, long = (Trials(plan, seed=9, capacity=n) for n in (1000, 70_000))
    short.reach(1000)
    long.reach(70_000)
    assert np.array_equal(short.values[0], long.values[0, :1000])


def test_anyone_can_repeat_a_run_with_numpy_alone() -> None:
    """Chunk i: SFC64 of the i-th child of SeedSequence(seed), input after input, 32,768 numbers each (JCGM 101 C.5)."""
    count, seed = 40_000, 77
    y = []
    for child in np.random.SeedSequence(seed).spawn(2):
        generator = np.random.Generator(np.random.SFC64(child))
        a = 5 + 2 * generator.standard_normal(32_768)
        b = 1 + 6 * generator.random(32_768)
        y.append(a * b)
    by_hand = np.sort(np.concatenate(y)[:count])
    result = only(measured("a*b", known("a", Normal(5, 2)), known("b", Rectangular(4, 3))), trials=count, seed=seed)
    assert result.symmetric_interval == (by_hand[999], by_hand[38_999])
    assert result.estimate == pytest.approx(by_hand.mean(), rel=1e-13)
    assert result.standard_uncertainty == pytest.approx(by_hand.std(ddof=1), rel=1e-13)


def test_a_result_says_what_repeats_it() -> None:
    result = only(measured("2*x", known("x", Normal(0, 1))), trials=1000, seed=42)
    told = (result.trials, result.seed, result.generator, result.chunk, result.adaptive)
    assert told == (1000, 42, "SFC64", 32768, False)
    assert result.library == f"numpy {np.__version__}"


# What is counted, and what is compared


def test_rejected_draws_are_left_out_and_counted() -> None:
    asked = measured("y = sqrt(x); z = 2*x", known("x", Normal(3.3, 1)))
    simulation = propagate_distributions(asked, trials=100_000, seed=8)
    assert simulation.results is not None
    y, z = simulation.results
    assert 0 < y.rejected_draws <= 100
    assert z.rejected_draws == 0
    assert simulation.notes == ("rejected-draws",)
    assert y.estimate is not None
    assert math.isfinite(y.estimate)
    assert y.symmetric_interval[0] > 0


def test_an_adaptive_run_counts_them_too() -> None:
    """P(x ≤ 0) = 0.00048 for N(3.3, 1): counted over all blocks, whichever chunk they fall in."""
    simulation = propagate_distributions(measured("ln(x)", known("x", Normal(3.3, 1))), seed=2)
    assert simulation.results is not None
    (result,) = simulation.results
    assert 0 < result.rejected_draws <= result.trials / 1000
    assert "rejected-draws" in simulation.notes


def test_a_probability_next_to_one_takes_one_block_of_the_cap() -> None:
    plan = Plan((Alone(0, (Normal(0, 1),)),), 1, 1, lambda c: (c[0],))
    simulation = simulation_of(Problem(plan, (True,), (True,)), probability=1 - 1e-6, cap=2_000_000)
    assert simulation.results is not None
    assert simulation.results[0].trials == 2_000_000
    assert simulation.notes == ("not-stable",)


def test_outputs_drawn_together_are_correlated() -> None:
    """a + b and a − b with u 2 and 1: r = (4 − 1)/5."""
    asked = measured("y = a + b; z = a - b", known("a", Normal(0, 2)), known("b", Normal(0, 1)))
    correlation = propagate_distributions(asked, trials=200_000).correlation
    assert correlation is not None
    assert correlation[0][0] == correlation[1][1] == 1
    assert correlation[0][1] == correlation[1][0] == pytest.approx(0.6, abs=0.01)


def test_what_does_not_scatter_has_no_uncertainty() -> None:
    asked = measured("y = 0.1*a; z = b", known("a", Constant(3)), known("b", Normal(0, 1)))
    simulation = propagate_distributions(asked, trials=1000)
    assert simulation.results is not None
    y, _ = simulation.results
    assert (y.estimate, y.standard_uncertainty) == (0.1 * 3, 0)
    assert y.symmetric_interval == y.shortest_interval == (0.1 * 3, 0.1 * 3)
    assert simulation.correlation == ((1.0, None), (None, 1.0))


def test_a_measurement_of_constants_runs_too() -> None:
    asked = measured("a*b", Input("a", 3), known("b", Constant(0.5)))
    for result in (only(asked), only(asked, trials=50_000), preview(asked)[0]):
        assert (result.estimate, result.standard_uncertainty) == (1.5, 0)
        assert result.symmetric_interval == (1.5, 1.5)


def test_a_small_scatter_on_a_large_value_is_kept() -> None:
    result = only(measured("x", known("x", Normal(1e9, 1e-3))), trials=100_000)
    assert result.standard_uncertainty == pytest.approx(1e-3, rel=0.02)


def test_adaptive_trials_are_as_many_as_two_digits_need() -> None:
    """N(0, 2): δ = 0.05 needs ends known to 0.025, that is M ≥ 0.025·0.975/(0.0292·0.025)² ≈ 46,000."""
    runs = [only(measured("x", known("x", Normal(0, 2))), seed=seed) for seed in range(12)]
    assert all(run.adaptive and 40_000 <= run.trials <= 200_000 for run in runs)
    assert all(max(run.endpoint_standard_errors) < 0.035 for run in runs)
    assert sum(abs(run.symmetric_interval[1] - 3.92) > 0.05 for run in runs) <= 2


def test_a_tighter_tolerance_takes_the_trials_that_a_validation_needs() -> None:
    asked = measured("a + b", known("a", Rectangular(0, 1)), known("b", Rectangular(0, 1)))
    (result,) = propagate_distributions(asked, tolerance_factor=0.2).results or ()
    assert max(result.endpoint_standard_errors) <= numerical_tolerance(result.standard_uncertainty or 0) / 5


def test_a_cap_is_said() -> None:
    problem = Problem(Plan((Alone(0, (StudentT(0, 1, 2.5),)),), 1, 1, lambda c: (c[0],)), (True,), (True,))
    simulation = simulation_of(problem, probability=0.95, tolerance_factor=1e-3, cap=50_000)
    assert simulation.results is not None
    assert simulation.results[0].trials == 50_000
    assert simulation.notes == ("not-stable",)


# What a run costs


def test_importing_the_package_brings_no_numpy() -> None:
    code = "import sys, chuan.metrology.monte_carlo; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(("outputs", "trials"), [(1, 10_000_000), (6, 3_000_000), (30, 600_000)])
def test_the_trials_of_any_number_of_measurands_fit_in_150_megabytes(outputs: int, trials: int) -> None:
    code = (
        "from chuan.metrology.distributions import Normal\n"
        "from chuan.metrology.inputs import Component, Input, Measurement\n"
        "from chuan.metrology.model import Model\n"
        "from chuan.metrology.monte_carlo import simulate\n"
        "x = Input('x', 0, (Component('', Normal(0, 1)),))\n"
        f"equations = [(f'y{{i}}', '2*x') for i in range({outputs})]\n"
        "m = Measurement(Model.from_equations(equations, ['x']), (x,))\n"
        f"r = simulate(m, trials={trials})[-1]\n"
        "assert abs(r.standard_uncertainty - 2) < 0.01\n"
        "print(*(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))\n"
    )
    # Not ru_maxrss, which starts from what the test's own process took.
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert int(done.stdout) * 1024 <= 150e6


THREE = "y = a*exp(b) + c*d; z = a/d; w = a + b"


@pytest.mark.parametrize(("trials", "cap"), [(100_001, 10_000_000), (3 * 32_768, 10_000_000), (None, 240_000)])
@pytest.mark.parametrize("threads", [1, 3])
def test_trials_that_are_not_kept_give_the_same_digits(
    trials: int | None, cap: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = problem_of(replace(nonlinear(), model=measured(THREE, *nonlinear().inputs).model))
    assert problem is not None

    def run() -> Simulation:
        return simulation_of(
            problem, probability=0.95, trials=trials, seed=3, threads=threads, tolerance_factor=0.05, cap=cap
        )

    kept = run()
    monkeypatch.setattr("chuan.metrology.monte_carlo.run.MOST_KEPT", 3 * 32_768)
    assert run() == kept
    monkeypatch.setattr("chuan.metrology.monte_carlo.run.MOST_KEPT", 210_000)
    assert run() == kept


def test_a_block_of_many_measurands_that_is_too_large_is_refused() -> None:
    equations = "; ".join(f"y{i} = {i + 1}*x" for i in range(6))
    with pytest.raises(Refused, match="blocks of 10000000 trials, too many for 6 measurands"):
        propagate_distributions(measured(equations, known("x", Normal(0, 1))), coverage_probability=0.999995)


@pytest.mark.deep
def test_adaptive_runs_reach_their_digits_nearly_always() -> None:
    """Of 300 runs to two digits, each end lies within δ of the exact one in 95 % or more (JCGM 101 7.9.1)."""
    exact = 1.959963984540054
    runs = [only(measured("x", known("x", Normal(0, 1))), seed=seed) for seed in range(300)]
    right = [abs(end) for run in runs for end in run.symmetric_interval]
    assert np.mean([abs(end - exact) <= 0.05 for end in right]) >= 0.95


@pytest.mark.deep
def test_the_guides_examples_converge() -> None:
    """10⁷ trials of the mass example (9.3): converged 1.23402, 0.07546, [1.0845, 1.3835], to the last unit or two."""
    asked = measured(
        "(m + d)*(1 + (a - 1.2)*(1/w - 1/r)) - 100000",
        known("m", Normal(100000, 0.05)),
        known("d", Normal(1.234, 0.02)),
        known("a", Rectangular(1.2, 0.1)),
        known("w", Rectangular(8000, 1000)),
        known("r", Rectangular(8000, 50)),
    )
    result = only(asked, trials=10_000_000)
    assert result.estimate == pytest.approx(1.23402, abs=0.0001)
    assert result.standard_uncertainty == pytest.approx(0.07546, abs=0.00005)
    assert result.symmetric_interval == pytest.approx((1.0845, 1.3835), abs=0.0002)
    found = validate((1.1285, 1.3395), 0.0539, result.symmetric_interval, 0.0754, result.endpoint_standard_errors)
    assert found.gum_validated is False
