"""Validation of the GUM's interval by Monte Carlo (JCGM 101 clause 8)."""

import pytest

from chuan.metrology.distributions import Normal
from chuan.metrology.files import Options, compute
from chuan.metrology.files.reading import load
from chuan.metrology.files.uncertainty import read
from chuan.metrology.monte_carlo import numerical_tolerance, propagate_distributions, validate
from chuan.metrology.monte_carlo.run import Plan
from chuan.metrology.monte_carlo.simulation import Problem, simulation_of
from chuan.metrology.monte_carlo.sources import Alone
from tests.metrology.explained import EXAMPLES

# Validation of the GUM (JCGM 101 clause 8)


@pytest.mark.parametrize(
    ("u", "tolerance"),
    [(2.0, 0.05), (36, 0.5), (0.0996, 0.005), (0.0994, 0.0005), (5e-5, 5e-7), (1234, 50), (9.96, 0.5), (0, 0)],
)
def test_the_tolerance_is_half_of_the_second_digit(u: float, tolerance: float) -> None:
    assert numerical_tolerance(u) == pytest.approx(tolerance, rel=1e-15)


def test_the_guides_mass_example_is_not_validated() -> None:
    """JCGM 101 table 5: d_low 0.0451 and d_high 0.0430; of u = 0.0754 the second digit is worth 0.001."""
    found = validate((1.1285, 1.3395), 0.0539, (1.0834, 1.3825), 0.0754, (1e-5, 1e-5))
    assert found.d_low == pytest.approx(0.0451, abs=1e-9)
    assert found.d_high == pytest.approx(0.0430, abs=1e-9)
    assert found.gum_validated is False
    assert found.numerical_tolerance == 0.0005


def test_ends_within_the_tolerance_validate_the_gum() -> None:
    assert validate((-3.92, 3.92), 2.0, (-3.96, 3.94), 2.0, (0.005, 0.005)).gum_validated is True
    assert validate((-3.92, 3.92), 2.0, (-3.96, 3.98), 2.0, (0.005, 0.005)).gum_validated is False


def test_ends_that_are_not_known_well_enough_say_nothing() -> None:
    assert validate((-3.92, 3.92), 2.0, (-3.96, 3.94), 2.0, (0.005, 0.011)).gum_validated is None
    assert validate(None, 2.0, (-3.96, 3.94), 2.0, (0.005, 0.005)).gum_validated is None


def test_a_run_that_is_not_stable_says_nothing() -> None:
    assert validate((-3.92, 3.92), 2.0, (-3.96, 3.94), 2.0, (0.005, 0.005), stable=False).gum_validated is None


def test_a_tolerance_that_is_not_small_beside_the_interval_says_nothing() -> None:
    """1/x at x = 0.1, u = 0.1: a few draws near zero make u(y) 31,120, and δ = 500 would let any interval pass."""
    found = validate((-9.6, 29.6), 10.0, (-91.4, 101.6), 31_120.0, (0.2, 0.2))
    assert (found.numerical_tolerance, found.gum_validated) == (500, None)
    # Of a sound distribution it is small at every probability that is reported.
    assert validate((-0.674, 0.674), 0.995, (-0.674, 0.674), 0.995, (0, 0)).gum_validated is True


def test_a_mean_and_u_that_rare_draws_make_confirm_nothing() -> None:
    """exp(x) with u(x) = 3 has u = 8,100 beside an interval of half width 180."""
    asked = {
        "kind": "uncertainty",
        "measurand": [{"symbol": "y", "equation": "exp(x)"}],
        "input": [{"symbol": "x", "value": 0, "distribution": "normal", "standard_uncertainty": 3}],
    }
    for trials in (20_000, 500_000):
        (found,) = compute(asked, Options(trials=trials))["measurands"]
        assert found["validation"]["gum_validated"] is None
    (settled,) = propagate_distributions(read(asked).measurement, tolerance_factor=1e-9).results or ()
    assert not settled.stable


@pytest.mark.parametrize("path", ["clinical_thermometer", "weight_10kg"])
def test_a_computation_of_both_goes_on_until_the_validation_is_decided(path: str) -> None:
    document = load(str(EXAMPLES / f"{path}.toml"))
    (both,) = compute(document, Options())["measurands"]
    (alone,) = compute(document, Options(method="monte-carlo"))["measurands"]
    assert both["validation"]["gum_validated"] is not None
    assert both["monte_carlo"]["trials"] > alone["monte_carlo"]["trials"]


def test_where_the_cap_would_not_decide_the_run_ends_when_it_is_stable() -> None:
    plan = Plan((Alone(0, (Normal(0, 1),)),), 1, 1, lambda c: (c[0],))
    problem = Problem(plan, (True,), (True,))
    plain, far, near = (
        (simulation_of(problem, probability=0.95, cap=cap, to_validate=asked).results or ())[0].trials
        for cap, asked in ((1_000_000, False), (50_000, True), (1_000_000, True))
    )
    assert plain == far
    # √(0.025·0.975)/0.0584 = 2.67: ends known to 0.01 take 71,000 trials.
    assert 71_000 <= near <= 120_000


def test_without_a_monte_carlo_uncertainty_the_gums_gives_the_tolerance() -> None:
    assert validate((-1, 1), 0.1, (-1, 1), None, (0, 0)).numerical_tolerance == 0.005
