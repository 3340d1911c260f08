"""`kind = "uncertainty"`: what has no coverage factor, the published cases end to end, every key of the contract."""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuan.metrology.distributions import Arcsine, CurvilinearTrapezoid, Exponential, Gamma, Rectangular, Trapezoidal
from chuan.metrology.files import Options, compute
from chuan.metrology.files.reading import parse
from chuan.metrology.files.uncertainty import read, table
from chuan.metrology.gum import propagate
from chuan.metrology.gum.dominant import dominant, trapezoid_factor, trapezoid_probability
from chuan.metrology.words import Language, Refused
from tests.metrology.published import agrees, at, published
from tests.metrology.uncertainty_documents import GUM, document, gum, with_input

EXAMPLES = Path(__file__).parents[2] / "examples"
EVERY = sorted(EXAMPLES.glob("*.toml"))
PUBLISHED = (
    "gum_h1",
    "gum_h2",
    "gum_h3",
    "gum_h5",
    "ea402_s2",
    "ea402_s9",
    "ea402_s10",
    "tn1900_e13",
    "xrf_ratio",
)


N = {"distribution": "normal", "value": 2.0}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_results(name: str) -> None:
    case = published(name)
    result = compute(case["document"], GUM)
    for path, wanted in case["expected"].items():
        tolerance = case.get("tolerances", {}).get(path, case["tolerance"])
        found = at(result, path)
        assert agrees(found, wanted, tolerance), f"{name} {path}: {found}, printed {wanted} ± {tolerance}"


@pytest.mark.parametrize("name", ["ea402_s9", "ea402_s10"])
def test_published_dominant_rectangles(name: str) -> None:
    case = published(name)
    (result,) = propagate(read(case["document"]).measurement)
    found = dominant(result)
    assert found is not None
    wanted = case["dominant"]
    assert found.kind == wanted["kind"]
    assert found.coverage_factor == pytest.approx(wanted["coverage_factor"], abs=0.005)
    assert found.expanded_uncertainty == pytest.approx(wanted["expanded_uncertainty"], abs=0.005)
    assert found.edge == pytest.approx(wanted.get("edge", 1.0), abs=0.005)


@pytest.mark.parametrize(
    ("stated", "u"),
    [
        ({"value": 2, "distribution": "rectangular", "half_width": 0.3}, 0.3 / math.sqrt(3)),
        ({"distribution": "rectangular", "low": 1.7, "high": 2.3}, 0.3 / math.sqrt(3)),
        ({"value": 2, "distribution": "triangular", "half_width": 0.3}, 0.3 / math.sqrt(6)),
        ({"value": 2, "distribution": "trapezoidal", "half_width": 0.3, "beta": 0.5}, 0.3 * math.sqrt(1.25 / 6)),
        ({"value": 2, "distribution": "arcsine", "half_width": 0.3}, 0.3 / math.sqrt(2)),
        (
            {"value": 2, "distribution": "curvilinear_trapezoid", "half_width": 0.3, "half_width_limit": 0.1},
            math.sqrt(0.03 + 0.01 / 9),
        ),
        ({"value": 2, "distribution": "exponential"}, 2.0),
        ({"distribution": "gamma", "shape": 4, "scale": 0.5}, 1.0),
        ({"value": 2, "distribution": "normal", "expanded_uncertainty": 0.75, "coverage_factor": 2.5}, 0.3),
        ({"value": 2, "distribution": "student_t", "standard_uncertainty": 0.3, "dof": 4}, 0.3),
        ({"value": 2, "distribution": "constant"}, 0.0),
    ],
)
def test_each_distribution_has_its_variance(stated: dict[str, Any], u: float) -> None:
    line = gum(with_input(**stated))["budget"][1]
    assert line["value"] == pytest.approx(2)
    assert line["standard_uncertainty"] == pytest.approx(u, rel=1e-12, abs=0)


def test_values_far_from_zero_agree_within_their_u() -> None:
    stated = {"distribution": "rectangular", "low": 1e6 - 0.1, "high": 1e6 + 0.1}
    assert gum(with_input(**stated, value=1e6))["budget"][1]["value"] == pytest.approx(1e6, abs=1e-9)
    with pytest.raises(Refused, match=r"input\[1\].value"):
        gum(with_input(**stated, value=1e6 + 1e-6))


def test_a_relative_uncertainty_of_the_uncertainty_gives_its_dof_untruncated() -> None:
    line = gum(with_input(**N, standard_uncertainty=1, relative_uncertainty_of_uncertainty=0.3))["budget"][1]
    assert line["dof"] == pytest.approx(1 / 0.18)


def test_observations_may_have_further_components() -> None:
    found = gum(
        with_input(observations=[1.0, 2.0, 3.0], components=[{"distribution": "rectangular", "half_width": 0.6}])
    )
    assert [line["label"] for line in found["budget"]] == ["", "observations", ""]
    assert found["budget"][1]["standard_uncertainty"] == pytest.approx(1 / math.sqrt(3))
    assert found["standard_uncertainty"] ** 2 == pytest.approx(0.09 + 1 / 3 + 0.12)
    assert found["budget"][1]["dof"] == 2


def test_the_label_of_observations_is_read_in_its_language() -> None:
    several = {"observations": [1.0, 2.0, 3.0], "components": [{"distribution": "rectangular", "half_width": 0.6}]}
    result = compute(with_input(**several), GUM)
    assert result["measurands"][0]["gum"]["budget"][1]["label"] == "observations"
    assert "observations" not in table(result, "vi")
    assert table(result, "vi").count("b (quan trắc") == 3
    assert "b (observations)" in table(result, "en")


@pytest.mark.parametrize(
    ("stated", "noted"),
    [
        ({"observations": [1.5, 1.5]}, True),
        ({"observations": [1.5, 1.6]}, False),
        ({"observations": [1.5, 1.5], "components": [{"distribution": "rectangular", "half_width": 0.05}]}, False),
    ],
)
def test_readings_that_do_not_scatter_are_noted(stated: dict[str, Any], noted: bool) -> None:
    result = compute(with_input(**stated), GUM)
    assert ("no-scatter" in result["notes"]) is noted
    assert ("Observations are all alike" in table(result, "en")) is noted


def test_simultaneous_readings_of_which_one_does_not_scatter_are_noted() -> None:
    rows = [[1.0, 2.0], [1.1, 2.0], [0.9, 2.0], [1.0, 2.0]]
    found = document(input=[], simultaneous=[{"symbols": ["a", "b"], "observations": rows}])
    assert compute(found, GUM)["notes"] == ["no-scatter"]


@pytest.mark.parametrize(
    ("name", "note"), [("ea402_s9", "dominant-rectangular"), ("ea402_s10", "dominant-double-rectangular")]
)
def test_dominating_rectangles_are_noted_with_their_measurand(name: str, note: str) -> None:
    result = compute(published(name)["document"], GUM)
    assert f"{note}: {result['measurands'][0]['symbol']}" in result["notes"]


@given(st.floats(0.01, 0.999), st.floats(0, 1))
def test_the_probability_of_a_trapezoids_factor_is_the_one_it_was_asked_for(probability: float, edge: float) -> None:
    assert trapezoid_probability(trapezoid_factor(probability, edge), edge) == pytest.approx(probability, abs=1e-12)
    assert trapezoid_probability(2.5, edge) == 1


def test_readings_that_wander_are_noted() -> None:
    result = compute(with_input(observations=[math.sin(k / 5) for k in range(40)]), GUM)
    assert result["notes"] == ["autocorrelated"]


def test_correlated_finite_dof_is_undefined_and_says_so() -> None:
    found = document(correlation=[{"between": ["a", "b"], "coefficient": 0.5}])
    found["input"][1]["dof"] = 9
    result = compute(found, GUM)
    part = result["measurands"][0]
    assert part["gum"]["dof_method"] == "undefined"
    for key in ("effective_dof", "dof_used", "coverage_factor", "expanded_uncertainty", "interval", "second_order"):
        assert part["gum"][key] is None
    assert part["reported"] == {"value": None, "expanded_uncertainty": None, "coverage_factor": None, "unit": None}
    assert 'coverage = "k=2"' in table(result, "vi")
    found["coverage"] = "k=2"
    stated = table(compute(found, GUM), "en")
    assert "(k = 2 as stated, coverage probability undefined)" in stated
    assert "effective degrees of freedom ν = undefined" in stated
    assert gum(found)["expanded_uncertainty"] == 2 * gum(found)["standard_uncertainty"]


MEASURAND = {"symbol", "unit", "gum", "monte_carlo", "validation", "reported"}
GUM_KEYS = {
    "estimate",
    "standard_uncertainty",
    "effective_dof",
    "dof_used",
    "dof_method",
    "coverage_probability",
    "coverage_factor",
    "expanded_uncertainty",
    "interval",
    "second_order",
    "budget",
}
MONTE_CARLO_KEYS = {
    "estimate",
    "standard_uncertainty",
    "symmetric_interval",
    "shortest_interval",
    "trials",
    "seed",
    "generator",
    "chunk",
    "adaptive",
    "rejected_draws",
}
LINE = {"symbol", "label", "value", "standard_uncertainty", "dof", "sensitivity", "contribution", "share"}


def test_every_key_of_the_contract_is_there() -> None:
    result = compute(document(), Options(trials=20_000, seed=7))
    assert list(result) == [
        "kind",
        "kernel",
        "model_hash",
        "units_checked",
        "notes",
        "measurands",
        "correlation",
    ]
    assert result["correlation"] == {"gum": [[1]], "monte_carlo": [[1]]}
    (part,) = result["measurands"]
    assert set(part) == MEASURAND
    assert set(part["gum"]) == GUM_KEYS
    assert set(part["gum"]["budget"][0]) == LINE
    assert set(part["monte_carlo"]) == MONTE_CARLO_KEYS
    assert part["monte_carlo"]["trials"] == 20_000
    assert part["monte_carlo"]["seed"] == 7
    assert part["monte_carlo"]["adaptive"] is False
    assert set(part["validation"]) == {"numerical_tolerance", "d_low", "d_high", "gum_validated"}
    assert set(part["reported"]) == {"value", "expanded_uncertainty", "coverage_factor", "unit"}
    assert part["gum"]["effective_dof"] is None
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_parts_not_asked_for_are_null() -> None:
    only_gum = compute(document(), GUM)
    assert only_gum["measurands"][0]["monte_carlo"] is None
    assert only_gum["measurands"][0]["validation"] is None
    assert only_gum["correlation"]["monte_carlo"] is None
    drawn = compute(document(), Options(method="monte-carlo", trials=10_000))
    assert drawn["measurands"][0]["gum"] is None
    assert drawn["measurands"][0]["reported"] is None
    assert drawn["correlation"]["gum"] is None
    assert drawn["measurands"][0]["monte_carlo"]["standard_uncertainty"] == pytest.approx(0.5, rel=0.05)
    assert "Monte Carlo" in table(drawn, "en")


def test_a_run_without_a_variance_is_shown_to_the_digits_of_its_interval() -> None:
    few = with_input(observations=[1.0, 2.0, 3.0])
    shown = table(compute(few, Options(trials=50_000)), "en").replace("\u00a0", " ")
    line = next(line for line in shown.splitlines() if line.startswith("Monte Carlo ("))
    assert re.fullmatch(r"Monte Carlo \(50 000 trials, seed 1\): \d\.\d\d, no u \(the .* has no variance\)", line)
    heavy = {"value": 2.0, "distribution": "student_t", "standard_uncertainty": 1, "dof": 1}
    shown = table(compute(with_input(**heavy), Options(trials=50_000)), "en")
    assert "the distribution has no mean and no variance" in shown


def test_monte_carlo_validates_a_linear_normal_result() -> None:
    normal = {"value": 1.0, "distribution": "normal"}
    inputs = [
        {"symbol": "a", **normal, "standard_uncertainty": 0.06},
        {"symbol": "b", **normal, "standard_uncertainty": 0.08},
    ]
    found = compute(document(input=inputs), Options(trials=1_000_000))["measurands"][0]["validation"]
    assert found["numerical_tolerance"] == 0.005
    assert found["gum_validated"] is True


def test_a_stated_k_and_monte_carlo_state_intervals_of_one_probability() -> None:
    """±2u of a normal result is 95.45 %, not 95 %; with ν = 4 it is 88.4 %."""
    found = document(measurand=[{"symbol": "y", "equation": "a + b"}, {"symbol": "z", "equation": "b"}], coverage="k=2")
    found["input"][1] |= {"distribution": "student_t", "standard_uncertainty": 0.001, "dof": 4}
    result = compute(found, Options(trials=400_000))
    for part in result["measurands"]:
        low, high = part["monte_carlo"]["symmetric_interval"]
        assert (high - low) / 2 == pytest.approx(part["gum"]["expanded_uncertainty"], rel=0.01)
    assert result["measurands"][1]["gum"]["coverage_probability"] == pytest.approx(0.8839, abs=5e-5)
    alone = compute(found, Options(method="monte-carlo", trials=400_000))
    assert alone["measurands"][1]["monte_carlo"] == result["measurands"][1]["monte_carlo"]


def test_monte_carlo_works_where_the_gum_has_no_derivative() -> None:
    found = document(measurand=[{"symbol": "y", "equation": "abs(a - 1)^0.5 + 0*b"}], coverage="k=2")
    with pytest.raises(Refused, match="measurand"):
        compute(found, GUM)
    result = compute(found, Options(method="monte-carlo", trials=10_000))
    assert result["measurands"][0]["monte_carlo"]["standard_uncertainty"] > 0


@pytest.mark.parametrize(("language", "value", "k"), [("vi", "3,00", "1,96"), ("en", "3.00", "1.96")])
def test_reported_strings_follow_the_language(language: Any, value: str, k: str) -> None:
    result = compute(document(), Options(method="gum", language=language))
    assert result["measurands"][0]["reported"]["value"] == value
    assert result["measurands"][0]["reported"]["expanded_uncertainty"] == ("0,98" if language == "vi" else "0.98")
    assert result["measurands"][0]["reported"]["coverage_factor"] == k


def test_a_stated_k_is_reported_as_written() -> None:
    result = compute(document(coverage="k=2"), GUM)["measurands"][0]
    assert result["reported"]["coverage_factor"] == "2"
    assert result["gum"]["coverage_probability"] == pytest.approx(0.9545, abs=5e-5)


def test_later_measurands_use_earlier_ones_and_correlate() -> None:
    found = document(measurand=[{"symbol": "y", "equation": "a + b"}, {"symbol": "z", "equation": "2*y"}])
    result = compute(found, GUM)
    assert result["correlation"]["gum"][0][1] == pytest.approx(1)
    assert result["measurands"][1]["gum"]["estimate"] == 6


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_each_example_computes_and_says_where_it_comes_from(path: Path) -> None:
    content = path.read_bytes()
    assert content.decode().count("\n# ") >= 1
    assert content.startswith(b"# ")
    assert json.dumps(compute(parse(content), GUM), allow_nan=False)


@pytest.mark.parametrize("path", [p for p in EVERY if b'kind = "uncertainty"' in p.read_bytes()], ids=lambda p: p.stem)
def test_each_uncertainty_example_checks_its_units_and_reads_in_both_languages(path: Path) -> None:
    result = compute(parse(path.read_bytes()), GUM)
    assert result["units_checked"] is True
    told: list[tuple[Language, str]] = [("vi", "độ không đảm bảo đo"), ("en", "standard uncertainty")]
    for language, words in told:
        assert words in table(result, language).lower()


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        ({"value": 2, "distribution": "arcsine", "half_width": 1}, Arcsine),
        ({"distribution": "rectangular", "low": 1, "high": 3}, Rectangular),
        ({"value": 2, "distribution": "trapezoidal", "half_width": 1, "beta": 0.5}, Trapezoidal),
        (
            {"value": 2, "distribution": "curvilinear_trapezoid", "half_width": 1, "half_width_limit": 0},
            CurvilinearTrapezoid,
        ),
        ({"value": 2, "distribution": "exponential"}, Exponential),
        ({"distribution": "gamma", "shape": 4, "scale": 0.5}, Gamma),
    ],
)
def test_each_distribution_is_read_as_itself(stated: dict[str, Any], kind: Callable[..., object]) -> None:
    part = read(with_input(**stated)).measurement.inputs[1].components[0]
    assert type(part.distribution) is kind
    assert part.distribution.mean == 2
