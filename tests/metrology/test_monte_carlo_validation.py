"""Validation of the GUM's interval by Monte Carlo (JCGM 101 clause 8)."""

import pytest

from chuan.metrology.monte_carlo import (
    numerical_tolerance,
    validate,
)

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


def test_without_a_monte_carlo_uncertainty_the_gums_gives_the_tolerance() -> None:
    assert validate((-1, 1), 0.1, (-1, 1), None, (0, 0)).numerical_tolerance == 0.005
