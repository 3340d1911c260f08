"""Coverage audit: what cannot be audited is refused; exact procedures achieve what they claim, wrong ones are shown."""

import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.coverage_audit import AuditOptions, run, table
from chuan.metrology.coverage_audit.data_path import step_of
from chuan.metrology.coverage_audit.laboratory import rounded
from chuan.metrology.numerals import place, round_expanded, round_to_place
from chuan.metrology.words import Refused

EXAMPLES = Path(__file__).parents[2] / "examples"
#: Five standard errors of a share near 95 % in 100,000 repetitions.
CLOSE = 5 * math.sqrt(0.95 * 0.05 / 100_000)


def document(text: str) -> dict[str, Any]:
    return tomllib.loads('kind = "uncertainty"\n' + text)


def indicated(readings: str, more: str = "", top: str = "") -> dict[str, Any]:
    """One quantity read several times."""
    return document(
        f'{top}\nmeasurand = [{{ symbol = "y", equation = "x" }}]\n'
        f'[[input]]\nsymbol = "x"\nobservations = {readings}\n{more}'
    )


def normal(top: str = "", u: float = 1) -> dict[str, Any]:
    """One Gaussian quantity y = x, value 0."""
    return document(
        f'{top}\nmeasurand = [{{ symbol = "y", equation = "x" }}]\n'
        f'input = [{{ symbol = "x", value = 0, distribution = "normal", standard_uncertainty = {u} }}]'
    )


def coverage(source: dict[str, Any], **options: Any) -> dict[str, Any]:
    (only,) = run(source, AuditOptions(**options))["measurands"]
    found: dict[str, Any] = only
    return found


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        run({"kind": "sampling"})
    assert refused.value.place == "kind"


def test_a_file_without_a_claim_is_refused() -> None:
    """Correlated inputs with a finite ν: no U is claimed, so there is nothing to audit."""
    source = document("""
measurand = [{ symbol = "y", equation = "a + b" }]
input = [
  { symbol = "a", value = 1, distribution = "normal", standard_uncertainty = 0.1, dof = 4 },
  { symbol = "b", value = 1, distribution = "normal", standard_uncertainty = 0.1 },
]
correlation = [{ between = ["a", "b"], coefficient = 0.5 }]
""")
    with pytest.raises(Refused, match='"y" claims no U') as refused:
        run(source)
    assert refused.value.place == "coverage"


@pytest.mark.parametrize(
    ("options", "place_of"),
    [
        ({"repetitions": 10}, "repetitions"),
        ({"guard_factor": 1.0}, "guard_factor"),
        ({"seed": -1}, "seed"),
        ({"prior_mean": 0.0, "prior_sd": 1.0}, "prior_sd"),
        ({"upper": 1.0, "prior_mean": 0.0}, "prior_sd"),
        ({"upper": 1.0, "prior_mean": 0.0, "prior_sd": 0.0}, "prior_sd"),
        ({"measurand": "z"}, "measurand"),
        ({"lower": 2.0, "upper": 1.0}, "lower"),
    ],
)
def test_senseless_options_are_refused(options: dict[str, Any], place_of: str) -> None:
    with pytest.raises(Refused) as refused:
        run(normal(), AuditOptions(**options))
    assert refused.value.place == place_of


def test_a_model_that_is_often_not_finite_is_refused() -> None:
    source = document(
        'measurand = [{ symbol = "y", equation = "ln(x)" }]\n'
        'input = [{ symbol = "x", value = 2, distribution = "normal", standard_uncertainty = 1 }]'
    )
    with pytest.raises(Refused, match="no finite number"):
        run(source)


def test_a_gaussian_quantity_is_covered_as_claimed() -> None:
    found = coverage(normal("coverage_probability = 0.9"))
    assert found["claimed_coverage"] == 0.9
    assert found["achieved_coverage"] == pytest.approx(0.9, abs=0.005)
    assert found["truth_below"] == pytest.approx(0.05, abs=0.004)
    assert found["truth_above"] == pytest.approx(0.05, abs=0.004)


@pytest.mark.parametrize("readings", ["[10.0012, 10.0034, 9.9988]", "[1.07, 1.23, 0.99, 1.11, 1.02, 1.09]"])
def test_readings_are_covered_exactly_by_students_t(readings: str) -> None:
    """(x̄ − μ)/(s/√n) is t(n − 1), so the interval is exact where the step is small beside s."""
    found = coverage(indicated(readings))
    assert found["achieved_coverage"] == pytest.approx(0.95, abs=CLOSE + 0.001)


def test_two_standard_deviations_of_three_readings_are_not_95_percent() -> None:
    """P(|t(2)| ≤ 2) = 0.81650; the result says so too."""
    found = coverage(indicated("[10.0012, 10.0034, 9.9988]", top='coverage = "k=2"'))
    assert found["claimed_coverage"] == pytest.approx(0.8164965809, abs=1e-9)
    assert found["achieved_coverage"] == pytest.approx(0.8165, abs=0.007)


def test_components_that_were_estimated_vary_as_their_dof_says() -> None:
    """Alone, a t of 4 degrees is exact; k for ν = ∞ would cover P(|t(4)| ≤ 1.96) = 0.8784."""
    text = """
measurand = [{{ symbol = "y", equation = "x" }}]
[[input]]
symbol = "x"
value = 5
distribution = "student_t"
standard_uncertainty = 0.2
dof = 4
"""
    found = coverage(document(text.format()))
    assert found["achieved_coverage"] == pytest.approx(0.95, abs=CLOSE)
    found = coverage(document('coverage = "k=1.96"\n' + text.format()))
    assert found["achieved_coverage"] == pytest.approx(0.87838, abs=0.006)


def test_identical_readings_claim_nothing_and_cover_nothing() -> None:
    """The step of the indication is 0.1: the truth lies anywhere in it, while s = 0."""
    found = coverage(indicated("[20.1, 20.1, 20.1]"))
    assert found["claimed_expanded_uncertainty"] == 0
    assert found["achieved_coverage"] < 0.001
    assert found["root_mean_square_error"] == pytest.approx(0.1 / math.sqrt(12), rel=0.02)


def test_the_resolution_counted_covers_them() -> None:
    """±0.05 as a component: U = 1.96·0.05/√3 = 0.0566 is beyond every rounding error. It is not drawn twice."""
    more = 'components = [{ label = "resolution", distribution = "rectangular", half_width = 0.05 }]'
    found = coverage(indicated("[20.1, 20.1, 20.1]", more))
    assert found["achieved_coverage"] == 1
    assert found["root_mean_square_error"] == pytest.approx(0.1 / math.sqrt(12), rel=0.02)


def test_a_nonlinear_model_is_shown_to_cover_less() -> None:
    """y = x² at x = 0: first order claims U = 0."""
    source = document(
        'measurand = [{ symbol = "y", equation = "x^2" }]\n'
        'input = [{ symbol = "x", value = 0, distribution = "normal", standard_uncertainty = 1 }]'
    )
    found = coverage(source)
    assert found["achieved_coverage"] == 0
    assert found["causes"] == ["nonlinearity"]


def test_the_cause_of_a_difference_is_named() -> None:
    """Steps that were not counted; a curve within u; a lone rectangle, which k = 1.96 covers wholly at ±1.13a."""
    assert coverage(indicated("[20.1, 20.1, 20.2]"))["causes"] == ["steps"]
    curve = document(
        'measurand = [{ symbol = "y", equation = "exp(x)" }]\n'
        'input = [{ symbol = "x", value = 0, distribution = "normal", standard_uncertainty = 0.8 }]'
    )
    assert coverage(curve)["causes"] == ["nonlinearity"]
    rectangle = document(
        'measurand = [{ symbol = "y", equation = "x" }]\n'
        'input = [{ symbol = "x", value = 0, distribution = "rectangular", half_width = 1 }]'
    )
    found = coverage(rectangle)
    assert (found["achieved_coverage"], found["causes"]) == (1, ["distribution"])
    assert coverage(normal())["causes"] == []


def test_simultaneous_observations_and_real_degrees_of_freedom() -> None:
    source = tomllib.loads((EXAMPLES / "resistance.toml").read_text(encoding="utf-8"))
    source["coverage"] = "t-real"
    result = run(source, AuditOptions(repetitions=50_000))
    for found in result["measurands"]:
        assert found["achieved_coverage"] == pytest.approx(0.95, abs=0.006)
    assert result["steps"]["V"] == 0.001


def test_correlated_inputs_move_together() -> None:
    """a − b, r = 0.9, u = 1 each: u = √0.2; a correlation that is not drawn would cover 46 %."""
    source = document("""
measurand = [{ symbol = "y", equation = "a - b" }]
input = [
  { symbol = "a", value = 1, distribution = "normal", standard_uncertainty = 1 },
  { symbol = "b", value = 1, distribution = "normal", standard_uncertainty = 1 },
]
correlation = [{ between = ["a", "b"], coefficient = 0.9 }]
""")
    assert coverage(source)["achieved_coverage"] == pytest.approx(0.95, abs=CLOSE)


# The verdict


def test_simple_acceptance_passes_half_of_what_lies_at_the_limit() -> None:
    verdict = run(normal(u=0.1), AuditOptions(lower=-5, upper=5))["verdict"]
    assert verdict["item_at"] == 5
    assert verdict["claimed_acceptance_at_limit"] == pytest.approx(0.5)
    assert verdict["achieved_acceptance_at_limit"] == pytest.approx(0.5, abs=0.008)
    assert verdict["production"] is None


def test_a_guard_band_of_u_passes_one_in_forty_four() -> None:
    """w = 2u: Φ(−2) = 0.02275 (ILAC-G8)."""
    verdict = run(normal(u=0.1), AuditOptions(upper=5, guard_factor=1))["verdict"]
    assert verdict["claimed_acceptance_at_limit"] == pytest.approx(0.0227501, abs=1e-7)
    assert verdict["achieved_acceptance_at_limit"] == pytest.approx(0.02275, abs=0.0024)


def test_a_guard_band_from_few_readings_passes_more_than_it_claims() -> None:
    """w = 2·s/√3 with ν = 2: P(t(2) ≤ −2) = 0.09175, not 0.02275."""
    verdict = run(indicated("[10.0012, 10.0034, 9.9988]"), AuditOptions(upper=10.5, guard_factor=1))["verdict"]
    assert verdict["claimed_acceptance_at_limit"] == pytest.approx(0.0227501, abs=1e-7)
    assert verdict["achieved_acceptance_at_limit"] == pytest.approx(0.09175, abs=0.006)


def test_a_production_has_the_published_risks() -> None:
    """Process N(0, 4²), measurement u 1, limits ±8: false accept 0.0080061, false reject 0.0148509."""
    options = AuditOptions(lower=-8, upper=8, prior_mean=0, prior_sd=4, repetitions=400_000)
    production = run(normal(), options)["verdict"]["production"]
    assert production["claimed_false_accept"] == pytest.approx(0.0080061, abs=5e-8)
    assert production["claimed_false_reject"] == pytest.approx(0.0148509, abs=5e-8)
    assert production["achieved_false_accept"] == pytest.approx(0.0080061, abs=0.0008)
    assert production["achieved_false_reject"] == pytest.approx(0.0148509, abs=0.001)


# What it is made of


def test_the_same_seed_gives_the_same_audit() -> None:
    source = tomllib.loads((EXAMPLES / "end_gauge.toml").read_text(encoding="utf-8"))
    options = AuditOptions(repetitions=2000, seed=7)
    assert run(source, options) == run(source, options)
    assert run(source, options) != run(source, AuditOptions(repetitions=2000, seed=8))


@pytest.mark.parametrize(
    ("readings", "step"),
    [([20.13, 20.1], 0.01), ([7.0, 12.0], 1), ([0.0005], 0.0001), ([1e-7, 3.5e-6], 1e-7), ([19.663e-3], 1e-6)],
)
def test_the_step_is_what_the_decimals_show(readings: list[float], step: float) -> None:
    assert step_of(readings) == step


@settings(max_examples=60)
@given(st.floats(1e-6, 1e6), st.floats(-1e6, 1e6), st.sampled_from(["half_away", "up", "ea"]))
def test_columns_are_rounded_as_certificates_are(expanded: float, value: float, rule: Any) -> None:
    """Against the exact decimals of `numerals`; a tie that doubles cannot see is left out."""
    exact = round_expanded(expanded, 2, rule)
    digits = float(expanded) / 10 ** (math.floor(math.log10(expanded)) - 1)
    if abs(digits % 1 - 0.5) < 1e-6 or digits % 1 < 1e-6 or abs(digits - round(digits)) > 0.05 * digits - 1e-6:
        return
    printed, uncertainty = rounded(np.array([value]), np.array([expanded]), rule)
    assert uncertainty[0] == pytest.approx(float(exact), rel=1e-9)
    assert printed[0] == pytest.approx(float(round_to_place(value, place(exact))), abs=1.001 * 10.0 ** place(exact))


@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.toml")))
def test_every_uncertainty_example_can_be_audited_and_read(name: str) -> None:
    source = tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
    if source["kind"] != "uncertainty":
        return
    result = run(source, AuditOptions(repetitions=2000))
    assert "công bố" in table(result, "vi")
    assert "claimed" in table(result, "en")


def test_the_table_says_where_claims_and_achievement_differ() -> None:
    options = AuditOptions(upper=10.5, guard_factor=1, prior_mean=10.0, prior_sd=0.3)
    text = table(run(indicated("[10.0012, 10.0034, 9.9988]", top='coverage = "k=2"'), options), "en")
    assert "y: the interval covers what it claims." in text
    assert "an item at the limit 10.5: probability of acceptance" in text
    assert "of the accepted, P(Y ∉ T | accepted)" in text
    assert "Steps of the indication, by the readings' decimals: x 1·10⁻⁴." in text
    assert "covers less than it claims" in table(run(indicated("[20.1, 20.1, 20.1]")), "en")
