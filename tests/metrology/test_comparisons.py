"""Comparisons: refusals, the printed cases of ISO 13528, robust estimates against plain searches, and properties."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chuan.metrology.checker import check as check_again
from chuan.metrology.comparisons import (
    Participant,
    Reference,
    algorithm_a,
    consensus,
    hampel_mean,
    homogeneity,
    horwitz,
    largest_consistent_subset,
    made,
    median,
    niqr,
    q_standard_deviation,
    quantile,
    score,
    stability,
    weighted_mean,
)
from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.words import Refused
from tests.metrology.published import check

RESULTS = [{"code": code, "value": value} for code, value in (("A", 10.1), ("B", 9.8), ("C", 10.0), ("D", 10.4))]
BASE: dict[str, Any] = {
    "kind": "comparison",
    "assigned_value": 10.0,
    "expanded_uncertainty": 0.1,
    "sigma_pt": 0.2,
    "result": RESULTS,
}
E3 = [
    0.040, 0.055, 0.178, 0.202, 0.206, 0.227, 0.228, 0.230, 0.230, 0.235, 0.236, 0.237, 0.243, 0.244, 0.245, 0.2555,
    0.260, 0.264, 0.267, 0.270, 0.273, 0.274, 0.274, 0.278, 0.2811, 0.287, 0.287, 0.288, 0.289, 0.295, 0.296, 0.311,
    0.331, 0.4246,
]  # fmt: skip


def run(**changes: Any) -> dict[str, Any]:
    return compute({key: value for key, value in {**BASE, **changes}.items() if value is not None}, Options())


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"result": None}, "", '"result" is missing'),
        ({"result": []}, "result", "at least 1"),
        ({"result": [{"code": "A"}]}, "result[0]", '"value" is missing'),
        ({"result": [*RESULTS, {"code": "B", "value": 1.0}]}, "result[4].code", 'code "B" is that of result[1]'),
        ({"result": [{"code": "A", "value": 1.0, "u": 1.0}]}, "result[0]", 'unknown key "u"'),
        ({"result": [{"code": "A", "value": 1.0, "coverage_factor": 0.0}]}, "result[0].coverage_factor", "above 0"),
        (
            {"result": [{"code": "A", "value": 1.0, "expanded_uncertainty": -1.0}]},
            "result[0].expanded_uncertainty",
            "0",
        ),
        ({"assigned_value": None}, "assigned_value", "no assigned value"),
        ({"assigned_value": None, "consensus": "median"}, "expanded_uncertainty", "goes only with assigned_value"),
        ({"sigma_pt": 0.0}, "sigma_pt", "above 0"),
        ({"sigma_pt": "robust"}, "sigma_pt", "without quotes"),
        ({"consensus": "mean"}, "consensus", "must be one of"),
        ({"stopping_rule": "converged"}, "stopping_rule", "algorithm_a"),
        ({"consensus": "median", "stopping_rule": "converged"}, "stopping_rule", "algorithm_a"),
        ({"consensus": "algorithm_a", "result": RESULTS[:2]}, "result", "at least 3 results, found 2"),
        ({"homogeneity": [[1.0, 1.1]]}, "homogeneity", "at least 2 values"),
        ({"homogeneity": [[1.0, 1.1], [1.0]]}, "homogeneity[1]", "must have 2 numbers"),
        ({"homogeneity": [[1.0, 1.1], [1e300, 1.0]]}, "homogeneity[1][0]", "of size 1e40 at most"),
        ({"consensus": "median", "result": [*RESULTS, {"code": "E", "value": 1e50}]}, "result[4].value", "1e40"),
        ({"stability": [[1.0, 1.1], [1.0, 1.2]]}, "stability", "needs homogeneity"),
    ],
)
def test_wrong_files_are_refused_in_one_line(changes: dict[str, Any], place: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        run(**changes)
    assert refused.value.place == place
    assert words in refused.value.say("en")
    assert "\n" not in refused.value.say("vi")


EQUAL = [[10, 10, 10, 10, 10.1], [0, 0, 0, 0, 1], [5e-7, 5e-7, 5e-7, 5e-7, 5e-7, 6e-7], [10.0, 10.0, 10.0]]


@pytest.mark.parametrize("values", EQUAL)
@pytest.mark.parametrize(
    "how", [{"consensus": "algorithm_a"}, {"stopping_rule": "three_figures"}, {"consensus": "median"}]
)
def test_results_that_are_all_but_equal_give_no_sigma(values: list[float], how: dict[str, Any]) -> None:
    results = [{"code": str(i), "value": value} for i, value in enumerate(values)]
    with pytest.raises(Refused, match="robust standard deviation is 0; give σ_pt as a number") as refused:
        run(result=results, sigma_pt="consensus", **how)
    assert refused.value.place == "sigma_pt"


@pytest.mark.parametrize("values", EQUAL)
@pytest.mark.parametrize("rule", ["converged", "three_figures"])
def test_results_drawn_in_for_ever_have_the_value_of_the_rest_and_no_scatter(values: list[float], rule: Any) -> None:
    found = algorithm_a(values, rule)
    assert (found.mean, found.sd) == (values[0], 0.0)
    document = {"kind": "comparison", "consensus": "algorithm_a", "stopping_rule": rule, "sigma_pt": 0.1}
    document["result"] = [{"code": str(i), "value": value} for i, value in enumerate(values)]
    assert check_again(document, compute(document, Options())).beyond == ()


def test_a_scatter_below_the_last_place_is_one_where_results_differ_enough() -> None:
    """Six of nine equal: the fixed point is a hundredth of the last place or more, not what rounding leaves."""
    found = algorithm_a([5.0] * 6 + [5.1, 4.9, 5.1])
    assert found.sd > 0.001


def test_impossible_inputs_of_the_functions_are_refused() -> None:
    with pytest.raises(Refused, match="mass_fraction: must be above 0"):
        horwitz(0.0)
    with pytest.raises(Refused, match=r"standard_uncertainties\[1\]: must be above 0"):
        weighted_mean([1.0, 2.0], [0.1, 0.0])
    with pytest.raises(Refused, match="needs at least 2 results"):
        weighted_mean([1.0], [0.1])
    with pytest.raises(Refused, match="subsets to try"):
        largest_consistent_subset([float(i**3) for i in range(30)], [0.1] * 30)
    with pytest.raises(Refused, match="2 or more"):
        homogeneity([[1.0], [2.0]])


@pytest.mark.parametrize(
    "name",
    [
        "comparison_e1_three_figures",
        "comparison_e1_converged",
        "comparison_e2",
        "comparison_e3",
        "comparison_e3_median",
        "comparison_e4",
    ],
)
def test_printed_cases_of_iso_13528(name: str) -> None:
    check(name)


def test_simple_robust_estimates_of_iso_13528_e3() -> None:
    assert median(E3) == pytest.approx(0.2620, abs=5e-5)
    assert niqr(E3) == pytest.approx(0.0402, abs=5e-5)
    assert made(E3) == pytest.approx(0.0386, abs=5e-5)
    assert np.mean(E3) == pytest.approx(0.2512, abs=5e-5)


def test_horwitz_of_iso_13528_e9_and_its_three_branches() -> None:
    assert horwitz(1.195e-6) * 1e6 == pytest.approx(0.186, abs=5e-4)
    assert horwitz(1e-8) == pytest.approx(2.2e-9)
    assert horwitz(0.5) == pytest.approx(0.01 * math.sqrt(0.5))
    assert horwitz(1.2e-7) == pytest.approx(0.22 * 1.2e-7, rel=0.02)
    assert horwitz(0.138) == pytest.approx(0.01 * math.sqrt(0.138), rel=0.01)


def test_scores_carry_their_sign_and_missing_inputs_leave_null() -> None:
    result = run(expanded_uncertainty=None, sigma_pt=None)
    first = result["results"][0]
    assert first["difference"] == pytest.approx(0.1)
    assert [first[key] for key in ("z", "z_prime", "zeta", "en")] == [None] * 4
    assert set(first["verdicts"].values()) == {None}
    assert run()["results"][1]["z"] == pytest.approx(-1.0)
    assert score(Participant("A", 1.0), Reference(0.0)).difference_percent is None
    assert score(Participant("A", -9.0), Reference(-10.0)).difference_percent == pytest.approx(10)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(2.2, "satisfactory"), (2.2001, "questionable"), (2.2999, "questionable"), (2.3, "unsatisfactory"),
     (1.7, "unsatisfactory"), (1.8, "satisfactory")],
)  # fmt: skip
def test_the_limits_of_z_are_those_a_person_reads(value: float, verdict: str) -> None:
    """2.2 − 2 over 0.1 is 2, whatever the binary fraction says."""
    assert score(Participant("A", value), Reference(2.0, sigma_pt=0.1)).verdicts["z"] == verdict


def test_en_takes_the_stated_uncertainties_and_zeta_the_standard_ones() -> None:
    one = score(Participant("A", 11.0, 0.9, 3.0), Reference(10.0, 0.2, 0.4, None))
    assert one.zeta == pytest.approx(1 / math.hypot(0.3, 0.2))
    assert one.en == pytest.approx(1 / math.hypot(0.9, 0.4))
    assert one.verdicts["en"] == "unsatisfactory"


def test_a_consensus_may_give_sigma_the_value_or_both() -> None:
    values = [float(str(item["value"])) for item in RESULTS]
    agreed = algorithm_a(values)
    sigma = run(sigma_pt="consensus")
    assert sigma["reference"] == {
        "value": 10.0, "standard_uncertainty": 0.05, "sigma_pt": agreed.sd, "source": "assigned",
    }  # fmt: skip
    both = run(assigned_value=None, expanded_uncertainty=None, sigma_pt="consensus", consensus="algorithm_a")
    assert both["reference"]["value"] == agreed.mean
    assert both["reference"]["standard_uncertainty"] == pytest.approx(1.25 * agreed.sd / 2)
    assert both["consensus"]["stopping_rule"] == "converged"
    assert run(consensus="q_hampel")["consensus"]["iterations"] is None
    assert run()["consensus"] is None


def test_items_are_judged_against_sigma() -> None:
    pairs = [[1.00, 1.02], [1.01, 0.99], [1.03, 1.01], [0.98, 1.00]]
    means = np.mean(pairs, axis=1)
    expected = math.sqrt(max(0, np.var(means, ddof=1) - np.mean(np.var(pairs, axis=1, ddof=1)) / 2))
    alike = homogeneity(pairs, 0.2)
    assert alike.s_s == pytest.approx(expected)
    assert alike.adequate
    assert homogeneity(pairs, expected).adequate is False
    assert homogeneity(pairs).adequate is None
    later = stability([[1.1, 1.1]], alike.mean, 0.2)
    assert later.difference == pytest.approx(1.1 - np.mean(pairs))
    assert later.adequate is False
    result = run(homogeneity=pairs, stability=[[1.0, 1.02], [1.01, 1.0]])
    assert result["homogeneity"]["adequate"]
    assert result["stability"]["adequate"]


def test_equal_results_do_not_freeze_algorithm_a() -> None:
    """More than half equal: MADe is 0."""
    mostly = algorithm_a([5.0] * 6 + [5.1, 4.9, 5.3])
    assert mostly.sd > 0
    assert algorithm_a([5.0] * 4).sd == 0
    assert q_standard_deviation([5.0] * 4) == 0
    assert hampel_mean([5.0] * 4, 0.0) == 5.0


def _psi(q: float) -> float:
    if abs(q) <= 1.5:
        return q
    if abs(q) <= 3:
        return math.copysign(1.5, q)
    return math.copysign(4.5 - abs(q), q) if abs(q) <= 4.5 else 0.0


@pytest.mark.parametrize(
    "values", [E3, [10, 10, 12, 19, 20, 20, 23, 23, 25, 25, 26, 28, 28, 30, 45, 50], [1.0, 1.1, 5.0]]
)
def test_hampels_mean_solves_its_equation(values: list[float]) -> None:
    sd = q_standard_deviation(values)
    mean = hampel_mean(values, sd)
    assert math.fsum(_psi((x - mean) / sd) for x in values) == pytest.approx(0, abs=1e-9)


def test_the_q_method_is_right_for_normal_results() -> None:
    """Its factor makes it agree with σ of many normal results."""
    rng = np.random.default_rng(7)
    values = rng.normal(3.0, 2.0, 200)
    assert q_standard_deviation(list(values)) == pytest.approx(2.0, rel=0.15)
    values[:30] += 1000
    assert q_standard_deviation(list(values)) < 3.5
    assert consensus(list(values), "q_hampel").mean == pytest.approx(3.0, abs=0.5)


def test_differences_that_are_equal_in_decimals_are_one_jump() -> None:
    """0.1, 0.2, 0.3 as ten times less than 1, 2, 3, though 0.3 − 0.2 is not 0.2 − 0.1 in binary."""
    assert 0.3 - 0.2 != 0.2 - 0.1
    assert q_standard_deviation([0.1, 0.2, 0.3]) == pytest.approx(q_standard_deviation([1.0, 2.0, 3.0]) / 10, rel=1e-12)


def test_the_q_method_agrees_with_its_formula_in_arrays() -> None:
    """C.5.2.2 step by step with numpy, on differences rounded to the data's four decimals."""
    x = np.array(E3)
    differences = np.round(np.abs(x[:, None] - x[None, :])[np.triu_indices(len(x), 1)], 4)
    points, counts = np.unique(differences, return_counts=True)
    h = np.cumsum(counts) / len(differences)
    g = np.where(points == 0, h, (h + np.concatenate([[0.0], h[:-1]])) / 2)
    h_0 = h[0] if points[0] == 0 else 0.0
    expected = np.interp(0.25 + 0.75 * h_0, g, points) / (math.sqrt(2) * stats.norm.ppf(0.625 + 0.375 * h_0))
    assert q_standard_deviation(E3) == pytest.approx(expected, rel=1e-9)


def test_the_q_method_by_hand() -> None:
    """Three results 0, 1, 3: differences 1, 2, 3 with G = 1/6, 1/2, 5/6; G⁻¹(1/4) = 1.25."""
    assert q_standard_deviation([0.0, 1.0, 3.0]) == pytest.approx(1.25 / (math.sqrt(2) * stats.norm.ppf(0.625)))


results = st.lists(st.floats(-100, 100), min_size=4, max_size=15)


eighths = st.lists(st.integers(-800, 800).map(lambda i: i / 8), min_size=4, max_size=12)


@settings(max_examples=40)
@given(
    eighths, st.sampled_from(["algorithm_a", "q_hampel", "median"]), st.integers(-50, 50), st.sampled_from([0.25, 4])
)
def test_consensus_moves_and_scales_with_the_results(
    values: list[float], method: Any, shift: int, scale: float
) -> None:
    """Exact in binary, so that equal results stay equal."""
    before = consensus(values, method)
    after = consensus([scale * x + shift for x in reversed(values)], method)
    assert after.sd == pytest.approx(scale * before.sd, rel=1e-6, abs=1e-9)
    assert after.mean == pytest.approx(scale * before.mean + shift, rel=1e-6, abs=1e-6)
    assert min(values) <= before.mean <= max(values)


@given(results, st.floats(0.01, 0.99))
def test_quantiles_are_of_type_7(values: list[float], p: float) -> None:
    assert quantile(values, p) == pytest.approx(np.quantile(values, p), rel=1e-12, abs=1e-12)


@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(0.1, 5)), min_size=2, max_size=10))
def test_the_weighted_mean_and_its_test(data: list[tuple[float, float]]) -> None:
    x, u = (np.array(column) for column in zip(*data, strict=True))
    found = weighted_mean(list(x), list(u))
    assert found.value == pytest.approx(np.average(x, weights=u**-2.0), rel=1e-9, abs=1e-9)
    assert found.standard_uncertainty == pytest.approx(np.sum(u**-2.0) ** -0.5)
    chi_square = float(np.sum(((x - found.value) / u) ** 2))
    assert found.chi_square == pytest.approx(chi_square, abs=1e-6)
    assert found.consistent == (stats.chi2.sf(found.chi_square, len(x) - 1) >= 0.05)


def test_the_largest_consistent_subset_leaves_out_as_few_as_it_can() -> None:
    values, u = [10.0, 10.1, 9.9, 10.05, 12.0, 8.0], [0.1, 0.1, 0.1, 0.1, 0.1, 0.2]
    assert not weighted_mean(values, u).consistent
    found = largest_consistent_subset(values, u)
    assert found.used == (0, 1, 2, 3)
    assert found.value == pytest.approx(np.mean(values[:4]))
    agreeing = largest_consistent_subset(values[:4], u[:4])
    assert agreeing.used == (0, 1, 2, 3)
    apart = largest_consistent_subset([0.0, 100.0], [0.1, 0.2])
    assert len(apart.used) == 1


def test_the_table_speaks_both_languages() -> None:
    result = run(consensus="algorithm_a", homogeneity=[[1.0, 1.1], [1.2, 1.1]], stability=[[1.0, 1.1], [1.0, 1.1]])
    assert "không đạt" in KINDS["comparison"].table(run(sigma_pt=0.01), "vi")
    assert "consensus mean" in KINDS["comparison"].table(result, "en")
