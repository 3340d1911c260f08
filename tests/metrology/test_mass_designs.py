"""Weighing designs: refusals, the catalogue's solution matrices, and what any design must give back."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.mass_designs import Design, Restraint, solve, weigh
from chuan.metrology.words import Refused
from tests.metrology.published import published

CATALOGUE = published("mass_designs_nist")
DESIGNS: list[dict[str, Any]] = CATALOGUE["design"]
BASE: dict[str, Any] = {
    "kind": "mass-design",
    "design": [[1, -1, 0], [1, 0, -1], [0, 1, -1]],
    "nominal": [1, 1, 1],
    "observations": [0.3, -0.2, -0.46],
    "restraint": {"vector": [1, 0, 0], "value": 0.5, "u": 0.05},
}
KEYS = {
    "values",
    "type_a",
    "type_restraint",
    "standard_uncertainties",
    "covariance",
    "residual_sd",
    "dof",
    "check",
    "f",
}


def run(**changes: Any) -> dict[str, Any]:
    return compute({key: value for key, value in {**BASE, **changes}.items() if value is not None}, Options())


def design_of(entry: dict[str, Any]) -> Design:
    return Design(tuple(map(tuple, entry["rows"])), tuple(entry["nominal"]), tuple(entry["restraint"]))


def restraint(**changes: Any) -> dict[str, Any]:
    return {**BASE["restraint"], **changes}


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"design": None}, "", "design"),
        ({"nominal": [1]}, "design[0]", "1 numbers"),
        ({"nominal": [1, 0, 1]}, "nominal[1]", "above 0"),
        ({"design": [[1, -1, 0], [1, -1]]}, "design[1]", "3 numbers"),
        ({"design": [[1, -1, 0], [1, 0, -1], [0, 0, 0]]}, "design[2]", "zeros"),
        ({"design": [[1, -1, 0], [1, 0, -1], [0, 1, 1]]}, "design[2]", "balance"),
        ({"design": [[1, -1, 0], [1, -1, 0], [-1, 1, 0]]}, "design", "connect"),
        ({"observations": [0.1, 0.2]}, "observations", "3 readings"),
        ({"observations": [0.1, 0.2, math.nan]}, "observations[2]", "finite"),
        ({"restraint": restraint(vector=[1, 0])}, "restraint.vector", "3 numbers"),
        ({"restraint": restraint(vector=[0, 0, 0])}, "restraint.vector", "zeros"),
        ({"restraint": restraint(vector=[1, -1, 0])}, "restraint.vector", "nominal sum"),
        ({"restraint": restraint(u=-1)}, "restraint.u", "negative"),
        ({"restraint": {"vector": [1, 0, 0], "value": 0.5}}, "restraint", "u"),
        ({"design": [[1, -1, 0], [1, 0, -1]], "observations": [0.1, 0.2]}, "accepted_sd", "degrees of freedom"),
        ({"accepted_sd": 0.0}, "accepted_sd", "above 0"),
        ({"accepted_dof": 20}, "accepted_dof", "accepted_sd"),
        ({"accepted_sd": 0.1, "accepted_dof": 0.5}, "accepted_dof", "at least 1"),
        ({"check": {"vector": [0, 1], "accepted": 0.1, "sd": 0.1}}, "check.vector", "3 numbers"),
        ({"check": {"vector": [0, 1, 0], "accepted": 0.1, "sd": 0.0}}, "check.sd", "above 0"),
        ({"check": {"vector": [0, 1, 0], "accepted": 0.1}}, "check", "sd"),
        ({"weights": 3}, "", "weights"),
    ],
)
def test_a_wrong_file_is_refused_at_its_key(changes: dict[str, Any], place: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        run(**changes)
    assert refused.value.place == place
    assert words in refused.value.say("en")
    assert "\n" not in refused.value.say("vi")


@pytest.mark.parametrize("entry", DESIGNS, ids=lambda entry: entry["name"])
def test_the_catalogue_is_recovered(entry: dict[str, Any]) -> None:
    solution = solve(design_of(entry))
    assert solution.dof == entry["dof"]
    assert solution.divisor == entry["divisor"]
    by_observation = [[value * solution.divisor for value in row] for row in zip(*solution.multipliers, strict=True)]
    assert by_observation == entry["solution"]
    assert [value * solution.divisor for value in solution.share] == entry["share"]
    k1 = [solution.repeatability_factor(vector) for vector in entry["sums"]]
    assert k1 == pytest.approx(entry["k1"], abs=CATALOGUE["tolerance"])
    k2 = [solution.between_day_factor(vector) for vector in entry["sums"][: len(entry["k2"])]]
    assert k2 == pytest.approx(entry["k2"], abs=CATALOGUE["tolerance"])


def test_every_key_is_there_and_null_where_not_computed() -> None:
    found = run()
    assert set(found) == KEYS
    assert found["check"] is None
    assert found["f"] is None
    full = run(accepted_sd=0.1, check={"vector": [0, 1, 0], "accepted": 0.2, "sd": 0.1})
    assert set(full["check"]) == {"value", "t", "critical", "in_control"}
    assert set(full["f"]) == {"value", "critical", "in_control"}


def test_the_three_weights_by_hand() -> None:
    # e-Handbook 2.3.3.3: values from the solution matrix over its divisor, plus the restraint.
    found = run()
    y1, y2, y3 = BASE["observations"]
    assert found["values"] == pytest.approx([0.5, 0.5 + (-2 * y1 - y2 + y3) / 3, 0.5 + (-y1 - 2 * y2 - y3) / 3])
    # One degree of freedom: the misclosure y1 − y2 + y3 over √3.
    s = abs(y1 - y2 + y3) / math.sqrt(3)
    assert found["residual_sd"] == pytest.approx(s)
    assert found["type_a"] == pytest.approx([0, s * math.sqrt(2 / 3), s * math.sqrt(2 / 3)])
    assert found["type_restraint"] == pytest.approx([0.05, 0.05, 0.05])
    assert found["standard_uncertainties"] == pytest.approx([math.hypot(0.05, a) for a in found["type_a"]])
    assert found["covariance"][1][2] == pytest.approx(s**2 / 3 + 0.05**2)


def test_the_accepted_scatter_takes_the_place_of_the_residuals() -> None:
    found = run(accepted_sd=0.2, accepted_dof=100)
    assert found["type_a"][1] == pytest.approx(0.2 * math.sqrt(2 / 3))
    assert found["f"]["value"] == pytest.approx((found["residual_sd"] / 0.2) ** 2)
    assert found["f"]["critical"] == pytest.approx(float(stats.f.ppf(0.95, 1, 100)), rel=1e-10)
    assert found["f"]["in_control"]


def test_a_changed_check_standard_is_told() -> None:
    check = {"vector": [0, 1, 0], "accepted": -0.5, "sd": 0.1}
    found = run(accepted_sd=0.2, accepted_dof=30, check=check)["check"]
    assert found["t"] == pytest.approx((found["value"] + 0.5) / 0.1)
    assert found["critical"] == pytest.approx(float(stats.t.ppf(0.975, 30)), rel=1e-10)
    assert not found["in_control"]
    assert run(check=check)["check"]["critical"] == pytest.approx(1.959964, abs=5e-7)
    assert run(check={**check, "dof": 5})["check"]["critical"] == pytest.approx(float(stats.t.ppf(0.975, 5)), rel=1e-10)


def test_no_degrees_of_freedom_need_an_accepted_scatter() -> None:
    found = run(design=[[1, -1, 0], [1, 0, -1]], observations=[0.1, 0.2], accepted_sd=0.1)
    assert found["dof"] == 0
    assert found["residual_sd"] is None
    assert found["f"] is None


@settings(max_examples=40)
@given(st.sampled_from(DESIGNS), st.lists(st.integers(-(10**6), 10**6), min_size=7, max_size=7))
def test_readings_without_error_give_the_weights_back_exactly(entry: dict[str, Any], true: list[int]) -> None:
    design = design_of(entry)
    weights = true[: len(design.nominal)]
    readings = [sum(d * w for d, w in zip(row, weights, strict=True)) for row in design.rows]
    held = sum(r * w for r, w in zip(design.restraint, weights, strict=True))
    found = weigh(design, readings, Restraint(held, 0.0))
    assert list(found.values) == weights
    assert found.residual_sd == 0


@settings(max_examples=30)
@given(st.sampled_from(DESIGNS), st.lists(st.floats(-1, 1), min_size=12, max_size=12), st.floats(-3, 3))
def test_values_agree_with_least_squares_in_floating_point(
    entry: dict[str, Any], noise: list[float], held: float
) -> None:
    """numpy: a heavy weight on the restraint's row is the constrained solution in the limit."""
    design = design_of(entry)
    readings = noise[: len(design.rows)]
    heavy = 1e6
    x = np.vstack([design.rows, heavy * np.array(design.restraint)])
    wanted = np.linalg.lstsq(x, np.array([*readings, heavy * held]), rcond=None)[0]
    found = weigh(design, readings, Restraint(held, 0.1))
    assert found.values == pytest.approx(wanted, rel=1e-7, abs=1e-8)
    assert sum(r * v for r, v in zip(design.restraint, found.values, strict=True)) == pytest.approx(held, abs=1e-12)


@settings(max_examples=30)
@given(st.sampled_from(DESIGNS), st.randoms(use_true_random=False), st.floats(0.01, 100))
def test_order_and_scale_change_nothing_else(entry: dict[str, Any], random: Any, scale: float) -> None:
    design = design_of(entry)
    readings = [random.uniform(-1, 1) for _ in design.rows]
    here = weigh(design, readings, Restraint(1.0, 0.3))
    order = random.sample(range(len(design.rows)), len(design.rows))
    there = weigh(
        Design(tuple(design.rows[i] for i in order), design.nominal, design.restraint),
        [readings[i] * scale for i in order],
        Restraint(scale, 0.3 * scale),
    )
    assert there.values == pytest.approx([value * scale for value in here.values], rel=1e-9, abs=1e-12)
    assert there.standard_uncertainties == pytest.approx([u * scale for u in here.standard_uncertainties], rel=1e-9)


def test_decimal_nominal_values_balance_as_decimals() -> None:
    # In binary 0.3 − 0.2 − 0.1 is not zero; as decimals the weighing balances.
    design = Design(((1.0, -1.0, -1.0), (0.0, 1.0, -2.0)), (0.3, 0.2, 0.1), (1.0, 0.0, 0.0))
    assert solve(design).share == (Fraction(1), Fraction(2, 3), Fraction(1, 3))


@pytest.mark.deep
@pytest.mark.parametrize("entry", DESIGNS, ids=lambda entry: entry["name"])
def test_claimed_uncertainties_are_those_of_simulated_weighings(entry: dict[str, Any]) -> None:
    rng = np.random.default_rng(7)
    design, s, u, n = design_of(entry), 0.3, 0.2, 2000
    claimed = np.array(weigh(design, [0.0] * len(design.rows), Restraint(0.0, u), accepted_sd=s).covariance)
    found = []
    for _ in range(n):
        readings = rng.normal(0, s, len(design.rows)).tolist()
        found.append(weigh(design, readings, Restraint(float(rng.normal(0, u)), u), accepted_sd=s).values)
    # A sample covariance of n draws has a standard deviation of at most the largest variance times √(2/n).
    assert np.cov(np.array(found).T) == pytest.approx(claimed, abs=5 * claimed.max() * math.sqrt(2 / n))


def test_the_table_is_readable_in_both_languages() -> None:
    result = run(accepted_sd=0.1, check={"vector": [0, 1, 0], "accepted": 0.2, "sd": 0.1})
    assert "chuẩn kiểm tra" in KINDS["mass-design"].table(result, "vi")
    assert "check standard" in KINDS["mass-design"].table(result, "en")
