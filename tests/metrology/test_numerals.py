"""Rounding and writing of results: refusals, the rules, Vietnamese and English forms, and what holds for any."""

import math
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuan.metrology.numerals import (
    Rounding,
    measurable,
    place,
    report,
    round_expanded,
    round_to_place,
    write_number,
    write_rounded,
)
from chuan.metrology.words import Refused

RULES: tuple[Rounding, ...] = ("half_away", "up", "ea")
uncertainties = st.floats(1e-300, 1e300)
values = st.floats(-1e15, 1e15)


def spaced(text: str) -> str:
    """With plain spaces, to be readable here."""
    return text.replace("\u00a0", " ")


def test_what_is_no_uncertainty_is_refused() -> None:
    for value in (math.nan, math.inf):
        with pytest.raises(Refused, match="expanded_uncertainty: must be finite"):
            report(1.0, value)
        with pytest.raises(Refused, match="value: must be finite"):
            report(value, 1.0)
    with pytest.raises(Refused, match=r"expanded_uncertainty: must not be negative, found -0\.1"):
        round_expanded(-0.1)
    with pytest.raises(Refused, match="digits: significant digits must be 1 or 2, found 3"):
        round_expanded(0.1, 3)
    with pytest.raises(Refused, match="rounding: rounding must be"):
        round_expanded(0.1, 2, cast("Any", "down"))


def test_what_no_measurement_gives_is_refused() -> None:
    assert measurable(0.0, "x") == 0
    assert measurable(-1e40, "x") == -1e40
    assert measurable(1e-300, "x") == 1e-300
    for value in (-1.1e40, 1e-41, math.nan):
        with pytest.raises(Refused, match=r"^u: must be"):
            measurable(value, "u", divides=True)


@pytest.mark.parametrize(
    ("expanded", "digits", "rule", "rounded"),
    [
        (92.4, 2, "half_away", "92"),
        (0.125, 2, "half_away", "0.13"),
        (0.135, 2, "half_away", "0.14"),
        (9.96, 2, "half_away", "10"),
        (0.0996, 2, "half_away", "0.10"),
        (0.0996, 1, "half_away", "0.1"),
        (99.6, 2, "up", "1.0E+2"),
        (12.01, 2, "up", "13"),
        (12.0, 2, "up", "12"),
        (3 * 0.1, 2, "up", "0.30"),
        (1.1 * 1.1, 1, "up", "2"),
        (0.1 + 0.7, 1, "up", "0.8"),
        (99.99999999999999, 2, "up", "1.0E+2"),
        (0.300000000001, 2, "up", "0.31"),
        (0.3000000000004, 2, "up", "0.30"),
        (Decimal("0.3000000000000001"), 2, "up", "0.31"),
        (1.04, 1, "ea", "1"),
        (1.06, 1, "ea", "2"),
        (1.4, 1, "ea", "2"),
        (7.6, 1, "ea", "8"),
        (8.4, 1, "ea", "8"),
        (12.4, 2, "ea", "12"),
        (0.0, 2, "up", "0"),
        (5e-324, 1, "half_away", "5E-324"),
    ],
)
def test_expanded_uncertainty_is_rounded_by_its_rule(
    expanded: float | Decimal, digits: int, rule: Rounding, rounded: str
) -> None:
    assert str(round_expanded(expanded, digits, rule)) == rounded


@given(uncertainties, st.sampled_from([1, 2]), st.sampled_from(RULES))
def test_rounding_never_understates_by_more_than_its_rule(expanded: float, digits: int, rule: Rounding) -> None:
    exact, rounded = Decimal(repr(expanded)), round_expanded(expanded, digits, rule)
    unit = Decimal((0, (1,), exact.adjusted() - digits + 1))
    lowered = exact - rounded
    # Up: by no more than the noise of a float, half of its twelfth digit.
    noise = Decimal((0, (5,), exact.adjusted() - 12))
    assert lowered <= {"half_away": unit / 2, "up": noise, "ea": exact * Decimal("0.05")}[rule]
    assert -lowered < unit
    assert len(rounded.as_tuple().digits) == digits


@given(st.integers(10, 99), st.integers(-12, 9), st.sampled_from([1.0, 2.0, 3.0, 1.65]))
def test_an_uncertainty_of_two_digits_is_not_rounded_up_for_the_noise_of_its_computation(
    digits: int, power: int, k: float
) -> None:
    wanted = Decimal((0, tuple(map(int, str(digits))), power))
    assert round_expanded(k * (float(wanted) / k), 2, "up") == wanted


@given(values, st.floats(1e-12, 1e12), st.sampled_from(RULES))
def test_the_value_is_within_half_a_unit_of_the_last_place_of_the_uncertainty(
    value: float, expanded: float, rule: Rounding
) -> None:
    power = place(round_expanded(expanded, 2, rule))
    assert abs(round_to_place(value, power) - Decimal(repr(value))) * 2 <= Decimal((0, (1,), power))


@given(values, st.floats(1e-12, 1e12), st.sampled_from(["vi", "en"]))
def test_both_are_printed_to_the_same_place_with_one_exponent_and_read_back(
    value: float, expanded: float, language: str
) -> None:
    shown = report(value, expanded, language="vi" if language == "vi" else "en")

    def read(text: str) -> tuple[Decimal, int, str]:
        mantissa, _, power = text.partition("·10")
        plain = mantissa.replace("\u00a0", "").replace("−", "-").replace(",", ".")
        exponent = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        return Decimal(f"{plain}E{exponent or 0}"), len(plain.partition(".")[2]), exponent

    number, decimals, exponent = read(shown.value)
    rounded, same_decimals, same_exponent = read(shown.expanded_uncertainty)
    assert (decimals, exponent) == (same_decimals, same_exponent)
    assert rounded == round_expanded(expanded)
    assert number == round_to_place(value, place(round_expanded(expanded)))
    assert not shown.value.startswith("−0") or number != 0


@pytest.mark.parametrize(
    ("value", "expanded", "vi", "en"),
    [
        (50000838, 92.4, ("50 000 838", "92"), ("50 000 838", "92")),
        (5.67037442e-8, 1.14e-12, ("5,670 37·10⁻⁸", "0,000 11·10⁻⁸"), ("5.670 37·10⁻⁸", "0.000 11·10⁻⁸")),
        (-0.1712, 0.0065, ("−0,171 2", "0,006 5"), ("−0.171 2", "0.006 5")),
        (10000.025, 0.0586, ("10 000,025", "0,059"), ("10 000.025", "0.059")),
        (0.001, 0.000021, ("0,001 000", "0,000 021"), ("0.001 000", "0.000 021")),
        (999999999.4, 12.0, ("999 999 999", "12"), ("999 999 999", "12")),
        (999999999.6, 12.0, ("1,000 000 000·10⁹", "0,000 000 012·10⁹"), ("1.000 000 000·10⁹", "0.000 000 012·10⁹")),
        (0.0, 0.12, ("0,00", "0,12"), ("0.00", "0.12")),
        (0.0, 1.5e-4, ("0,0·10⁻⁴", "1,5·10⁻⁴"), ("0.0·10⁻⁴", "1.5·10⁻⁴")),
        (-0.0004, 0.01, ("0,000", "0,010"), ("0.000", "0.010")),
        (8e-4, 1.2e-3, ("0,8·10⁻³", "1,2·10⁻³"), ("0.8·10⁻³", "1.2·10⁻³")),
        (5.0, 1234.0, ("0", "1 200"), ("0", "1 200")),
        (50000838.0, 9234.0, ("50 000 800", "9 200"), ("50 000 800", "9 200")),
        (1.25, 0.0, ("1,25", "0"), ("1.25", "0")),
        (25.0, None, ("25", ""), ("25", "")),
        (1e10, None, ("1,000 000 000 0·10¹⁰", ""), ("1.000 000 000 0·10¹⁰", "")),
    ],
)
def test_results_are_written_as_the_contract_says(
    value: float, expanded: float | None, vi: tuple[str, str], en: tuple[str, str]
) -> None:
    shown = report(value, expanded, language="vi")
    assert (spaced(shown.value), spaced(shown.expanded_uncertainty)) == vi
    shown = report(value, expanded, language="en")
    assert (spaced(shown.value), spaced(shown.expanded_uncertainty)) == en


def test_groups_are_held_by_no_break_spaces() -> None:
    assert write_number(Decimal("1234567.8901")) == "1\u00a0234\u00a0567,890\u00a01"


def test_a_float_is_the_decimal_that_it_is_written_as() -> None:
    """2.675 is stored as 2.67499…: a person rounds what stands on the certificate."""
    assert str(round_to_place(2.675, -2)) == "2.68"
    assert str(round_expanded(0.145)) == "0.15"


def test_numbers_for_tables_have_so_many_significant_digits() -> None:
    assert write_rounded(2.9208, 3) == "2,92"
    assert write_rounded(2, 3, "en") == "2.00"
    assert write_rounded(9.999, 3) == "10,0"
    assert write_rounded(0, 3) == "0"
    assert write_rounded(-0.00001234, 2, "en") == "−1.2·10⁻⁵"


def test_zero_is_measurable_even_where_it_may_be_divided_by() -> None:
    assert measurable(0.0, "x", divides=True) == 0.0
