"""Control charts and check standards: refusals, constants against their definitions, limits, run rules, t and F."""

import math
import re
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chuan.metrology.charts import Baseline, individuals, xbar_r, xbar_s
from chuan.metrology.charts.rules import RULES, RuleSet, violations
from chuan.metrology.control.assurance import check_standard_test, pooled_deviation, precision_test
from chuan.metrology.control.constants import c4, d2, d2_star, d3, e2
from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.words import Refused
from tests.metrology.published import check, published

GROUPS = [[10.1, 9.8, 10.0], [9.9, 10.3, 10.2], [10.0, 10.1, 9.7], [9.6, 10.0, 10.4]]
KEYS = {"center", "lower", "upper", "sigma", "points", "spread", "violations"}


def run(**document: Any) -> dict[str, Any]:
    return compute({"kind": "control-chart", **document}, Options())


@pytest.mark.parametrize(
    ("document", "place", "words"),
    [
        ({"chart": "pie", "data": GROUPS}, "chart", "xbar_s"),
        ({"chart": "xbar_s"}, "", "data"),
        ({"chart": "xbar_s", "data": [1.0, 2.0, 3.0]}, "data[0]", "list"),
        ({"chart": "xbar_s", "data": [[1.0, 2.0], [1.0]]}, "data[1]", "2 numbers"),
        ({"chart": "xbar_s", "data": [[1.0], [2.0]]}, "data[0]", "individuals"),
        ({"chart": "xbar_s", "data": [[1.0, 2.0]]}, "data", "at least 2"),
        ({"chart": "xbar_r", "data": [[1.0, math.nan], [1.0, 2.0]]}, "data[0][1]", "finite"),
        ({"chart": "xbar_s", "data": [[1.0, 1.0], [2.0, 2.0]]}, "data", "σ is 0"),
        ({"chart": "individuals", "data": GROUPS}, "data[0]", "number"),
        ({"chart": "individuals", "data": [1.0]}, "data", "at least 2"),
        ({"chart": "individuals", "data": [1.0, 1.0, 1.0]}, "data", "σ is 0"),
        ({"chart": "individuals", "data": [1.0, 2.0, 3.0], "lambda": 0.3}, "lambda", "ewma"),
        ({"chart": "individuals", "data": [1.0, 2.0, 3.0], "rules": "mine"}, "rules", "nelson"),
        ({"chart": "individuals", "data": [1.0, 2.0, 3.0], "baseline_sd": 0.0}, "baseline_sd", "above 0"),
        ({"chart": "ewma", "data": [1.0], "lambda": 0.3, "baseline_mean": 1.0}, "", "baseline_sd"),
        (
            {"chart": "ewma", "data": [1.0], "lambda": 0.0, "baseline_mean": 1.0, "baseline_sd": 1.0},
            "lambda",
            "above 0",
        ),
        (
            {"chart": "ewma", "data": [1.0], "lambda": 1.2, "baseline_mean": 1.0, "baseline_sd": 1.0},
            "lambda",
            "at most 1",
        ),
        ({"chart": "ewma", "data": [1.0], "baseline_mean": 1.0, "baseline_sd": 1.0}, "", "lambda"),
        ({"chart": "individuals", "data": [1.0, 2.0], "limits": "tight"}, "limits", "exact"),
        ({"chart": "individuals", "data": [1.0, 2.0], "limits": "exact"}, "limits", "goes only with"),
        ({"chart": "xbar_s", "data": [[1.0, 2.0], [1.0, 2.0]], "limits": "exact"}, "limits", "goes only with"),
        (
            {
                "chart": "ewma",
                "data": [1.0],
                "lambda": 0.2,
                "baseline_mean": 1.0,
                "baseline_sd": 0.1,
                "rules": "nelson",
            },
            "rules",
            "only rule 1 applies",
        ),
        ({"chart": "individuals", "data": [1.0, 2.0], "points": []}, "", "points"),
    ],
)
def test_a_wrong_file_is_refused_at_its_key(document: dict[str, Any], place: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        run(**document)
    assert refused.value.place == place
    assert words in refused.value.say("en")
    assert "\n" not in refused.value.say("vi")


@pytest.mark.parametrize(
    ("call", "key"), [(lambda: c4(1), "n"), (lambda: d2(101), "n"), (lambda: d2_star(3, 0), "groups")]
)
def test_constants_of_impossible_samples_are_refused(call: Any, key: str) -> None:
    with pytest.raises(Refused) as refused:
        call()
    assert refused.value.place == key


@pytest.mark.parametrize(
    "name",
    ["chart_ewma_nist", "chart_individuals_nist", "chart_xbar_s_piston_rings", "chart_xbar_r_piston_rings"],
)
def test_published_charts(name: str) -> None:
    check(name)


def test_constants_in_closed_form() -> None:
    root_pi = math.sqrt(math.pi)
    assert d2(2) == pytest.approx(2 / root_pi, rel=1e-14)
    assert d2(3) == pytest.approx(3 / root_pi, rel=1e-14)
    third = math.asin(1 / 3)
    assert d2(4) == pytest.approx(3 / root_pi * (1 + 2 * third / math.pi), rel=1e-14)
    assert d2(5) == pytest.approx(2.5 / root_pi * (1 + 6 * third / math.pi), rel=1e-14)
    assert d3(2) == pytest.approx(math.sqrt(2 - 4 / math.pi), rel=1e-13)
    assert d3(3) == pytest.approx(math.sqrt(2 + (3 * math.sqrt(3) - 9) / math.pi), rel=1e-13)
    assert d2_star(2, 1) == pytest.approx(math.sqrt(2), rel=1e-13)
    # Tables print 2.660 for E2(2); computed it is 2.6587.
    assert e2(2) == pytest.approx(1.5 * root_pi, rel=1e-14)
    assert f"{e2(2):.4f}" == "2.6587"
    assert c4(2) == pytest.approx(math.sqrt(2 / math.pi), rel=1e-14)


@pytest.mark.parametrize("n", [2, 4, 7, 25, 100])
def test_constants_agree_with_mpmath(n: int) -> None:
    with mpmath.workdps(30):
        wanted_c4 = (
            mpmath.sqrt(mpmath.mpf(2) / (n - 1))
            * mpmath.gamma(mpmath.mpf(n) / 2)
            / mpmath.gamma((mpmath.mpf(n) - 1) / 2)
        )
        phi = mpmath.ncdf
        wanted_d2 = 2 * mpmath.quad(lambda x: 1 - phi(x) ** n - (1 - phi(x)) ** n, [0, 1, 2, 4, 8, 14])
    assert c4(n) == pytest.approx(float(wanted_c4), rel=1e-13)
    assert d2(n) == pytest.approx(float(wanted_d2), rel=1e-13)


@pytest.mark.parametrize(("n", "printed"), [(3, 0.888), (5, 0.864), (10, 0.797), (25, 0.708)])
def test_d3_rounds_to_the_tables(n: int, printed: float) -> None:
    assert d3(n) == pytest.approx(printed, abs=5e-4)


@pytest.mark.parametrize("n", [3, 5, 12])
def test_d3_agrees_with_the_variance_of_extremes(n: int) -> None:
    """var R from the joint density of the least and the greatest value, integrated on a grid by numpy."""
    x = np.linspace(-9, 9, 3001)
    step = x[1] - x[0]
    density, below = stats.norm.pdf(x), stats.norm.cdf(x)
    between = np.clip(below[None, :] - below[:, None], 0, None)
    joint = n * (n - 1) * np.outer(density, density) * between ** (n - 2) * (x[None, :] >= x[:, None])
    ranges = x[None, :] - x[:, None]
    mean, second = (float((joint * ranges**power).sum() * step**2) for power in (1, 2))
    assert d3(n) == pytest.approx(math.sqrt(second - mean**2), rel=2e-5)


def test_shewhart_charts_from_their_data() -> None:
    found = run(chart="xbar_s", data=GROUPS)
    assert set(found) == KEYS
    sds = [float(np.std(group, ddof=1)) for group in GROUPS]
    sigma = float(np.mean(sds)) / c4(3)
    assert found["sigma"] == pytest.approx(sigma, rel=1e-14)
    assert found["center"] == pytest.approx(float(np.mean(GROUPS)), rel=1e-14)
    assert found["upper"] - found["center"] == pytest.approx(3 * sigma / math.sqrt(3), rel=1e-12)
    assert found["spread"]["center"] == pytest.approx(float(np.mean(sds)), rel=1e-14)
    assert found["spread"]["lower"] == 0
    assert found["spread"]["points"] == pytest.approx(sds, rel=1e-14)
    ranges = run(chart="xbar_r", data=GROUPS)
    assert ranges["sigma"] == pytest.approx(float(np.mean(np.ptp(GROUPS, axis=1))) / 1.692568750643269, rel=1e-13)
    singles = run(chart="individuals", data=[10.0, 10.2, 9.9, 10.1])
    assert singles["sigma"] == pytest.approx((0.2 + 0.3 + 0.2) / 3 / 1.1283791670955126, rel=1e-12)
    assert len(singles["spread"]["points"]) == 3


def test_a_baseline_takes_the_place_of_what_the_data_say() -> None:
    found = run(chart="xbar_s", data=GROUPS, baseline_mean=10.0, baseline_sd=0.2)
    assert (found["center"], found["sigma"]) == (10.0, 0.2)
    assert found["spread"]["center"] == pytest.approx(0.2 * c4(3), rel=1e-14)


def test_exact_ewma_limits_open_up_to_the_asymptotic() -> None:
    base: dict[str, Any] = {
        "chart": "ewma",
        "data": [50.0] * 60,
        "lambda": 0.3,
        "baseline_mean": 50.0,
        "baseline_sd": 2.0,
    }
    exact, asymptotic = run(**base, limits="exact"), run(**base)
    assert len(exact["upper"]) == 60
    # The first point is λ of one value: its standard deviation is λσ.
    assert exact["upper"][0] == pytest.approx(50 + 3 * 0.3 * 2, rel=1e-14)
    assert all(a < b for a, b in zip(exact["upper"][:20], exact["upper"][1:21], strict=True))
    assert exact["upper"][-1] == pytest.approx(asymptotic["upper"], rel=1e-9)
    assert asymptotic["spread"] is None


def test_ewma_with_a_weight_of_one_is_a_shewhart_chart() -> None:
    found = run(
        chart="ewma", data=[1.0, 5.0, 2.0], **{"lambda": 1.0}, baseline_mean=2.0, baseline_sd=0.5, limits="exact"
    )
    assert list(found["points"]) == [1.0, 5.0, 2.0]
    assert found["violations"] == ({"chart": "location", "rule": 1, "index": 1},)


Z = {
    # rule set, rule: a series in which the rule is completed for the first time at the last point, and only there
    ("western_electric", 1): [0.1, -0.2, 3.01],
    ("western_electric", 2): [2.5, 0.3, 2.1],
    ("western_electric", 3): [1.1, 1.2, 0.5, 1.5, 1.3],
    ("western_electric", 4): [0.1, 0.2, 0.3, 0.2, 0.1, 0.4, 0.2, 0.3],
    ("nelson", 1): [0.1, -0.2, -3.01],
    ("nelson", 2): [-0.1, -0.2, -0.3, -0.2, -0.1, -0.4, -0.2, -0.3, -0.1],
    ("nelson", 3): [-0.9, -0.6, -0.2, 0.1, 0.4, 0.8],
    ("nelson", 4): [1.1 * (-1) ** i if i == 5 else 0.5 * (-1) ** i for i in range(14)],
    ("nelson", 5): [-2.5, -0.3, -2.1],
    ("nelson", 6): [-1.1, -1.2, -0.5, -1.5, -1.3],
    ("nelson", 7): [0.3, 0.5, -0.2, -0.4, 0.1, 0.6, -0.5, -0.6, 0.2, 0.4, -0.1, 0.7, 0.8, -0.9, -0.3],
    ("nelson", 8): [1.5, 1.2, -1.1, -1.6, 1.3, 1.2, -1.4, -1.1],
}


@pytest.mark.parametrize(("rules", "rule"), Z)
def test_each_run_rule_is_completed_by_its_last_point(rules: RuleSet, rule: int) -> None:
    z = Z[rules, rule]
    found = [(broken.rule, broken.index) for broken in violations(z, rules)]
    assert found == [(rule, len(z) - 1)]
    assert violations(z[:-1], rules) == ()


@pytest.mark.parametrize("rules", RULES)
def test_points_on_a_boundary_break_nothing(rules: RuleSet) -> None:
    assert violations([3.0, -3.0, 0.0, 2.0, -2.0, 2.0], rules) == ()
    # A point on the centre line ends a run on one side.
    assert violations([0.5, 0.2] * 3 + [0.0] + [0.5, 0.2] * 3, rules) == ()


def test_a_run_that_goes_on_is_reported_at_each_further_point() -> None:
    z = [0.5, 0.2] * 5
    assert [broken.index for broken in violations(z, "western_electric")] == [7, 8, 9]


def test_a_violation_names_its_chart_and_counts_from_zero() -> None:
    data = [[10.0, 10.1]] * 12 + [[12.0, 12.1]] + [[9.0, 11.0]]
    found = run(chart="xbar_r", data=data, baseline_mean=10.05, baseline_sd=0.1)["violations"]
    assert {"chart": "location", "rule": 1, "index": 12} in found
    assert {"chart": "spread", "rule": 1, "index": 13} in found


@settings(max_examples=25)
@given(st.lists(st.lists(st.floats(-5, 5), min_size=4, max_size=4), min_size=3, max_size=12), st.floats(-50, 50))
def test_a_shifted_process_has_the_same_chart_shifted(data: list[list[float]], shift: float) -> None:
    if max(np.ptp(data, axis=1)) < 1e-3:
        return
    here, there = xbar_s(data), xbar_s([[value + shift for value in group] for group in data])
    assert there.sigma == pytest.approx(here.sigma, rel=1e-6)
    assert there.center - shift == pytest.approx(here.center, abs=1e-9)


@pytest.mark.deep
@pytest.mark.parametrize("chart", [xbar_s, xbar_r])
def test_sigma_is_unbiased(chart: Any) -> None:
    rng = np.random.default_rng(2)
    found = [chart(rng.normal(3, 2, (10, 4)).tolist()).sigma for _ in range(4000)]
    assert float(np.mean(found)) == pytest.approx(2, abs=5 * float(np.std(found)) / math.sqrt(4000))


@pytest.mark.deep
def test_three_sigma_limits_give_a_false_alarm_in_370_points() -> None:
    rng = np.random.default_rng(3)
    chart = individuals(rng.normal(0, 1, 200_000).tolist(), baseline=Baseline(0, 1))
    alarms = sum(v.rule == 1 and v.chart == "location" for v in chart.violations)
    assert alarms / 200_000 == pytest.approx(0.0027, abs=5 * math.sqrt(0.0027 / 200_000))


def test_pooled_repeatability_of_check_standards() -> None:
    case = published("check_standards_nist")
    found = pooled_deviation(case["inputs"]["sums_of_squares"], case["inputs"]["dofs"])
    assert found.sd == pytest.approx(case["expected"]["sd"], abs=case["tolerance"])
    assert found.dof == case["expected"]["dof"]


def test_check_standard_t_and_precision_f() -> None:
    t = check_standard_test(10.5, 10.0, 0.2, 20)
    assert t.value == pytest.approx(2.5)
    assert t.critical == pytest.approx(float(stats.t.ppf(0.975, 20)), rel=1e-12)
    assert not t.in_control
    f = precision_test(0.12, 5, 0.1029, 300)
    assert f.value == pytest.approx((0.12 / 0.1029) ** 2)
    assert f.critical == pytest.approx(float(stats.f.ppf(0.95, 5, 300)), rel=1e-10)
    assert f.in_control
    # With one degree of freedom against 300 the handbook's critical value at 5 % is 3.87.
    assert precision_test(0.1, 1, 0.1, 300).critical == pytest.approx(3.87, abs=5e-3)
    assert check_standard_test(-1.0, 0.0, 1.0).critical == pytest.approx(1.959964, abs=5e-7)


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: pooled_deviation([1.0], [1, 2]), "dofs"),
        (lambda: pooled_deviation([-1.0], [1]), "sums_of_squares[0]"),
        (lambda: check_standard_test(1.0, 1.0, 0.0), "sd"),
        (lambda: check_standard_test(1.0, 1.0, 1.0, significance=1.0), "significance"),
        (lambda: precision_test(1.0, 1, 0.0), "accepted_sd"),
        (lambda: precision_test(1.0, 0, 1.0), "dof"),
    ],
)
def test_impossible_control_tests_are_refused(call: Any, key: str) -> None:
    with pytest.raises(Refused) as refused:
        call()
    assert refused.value.place == key


def test_the_table_is_readable_in_both_languages() -> None:
    result = run(chart="xbar_s", data=GROUPS)
    assert "đường tâm" in KINDS["control-chart"].table(result, "vi")
    assert "in control" in KINDS["control-chart"].table(result, "en")
    out = run(chart="individuals", data=[1.0, 1.1, 0.9, 1.0, 5.0], baseline_mean=1.0, baseline_sd=0.1)
    assert "Vi phạm" in KINDS["control-chart"].table(out, "vi")
    varying = run(chart="ewma", data=[1.0], **{"lambda": 0.2}, baseline_mean=1.0, baseline_sd=0.1, limits="exact")
    assert "by point" in KINDS["control-chart"].table(varying, "en")


@settings(max_examples=50)
@given(
    st.sampled_from(["western_electric", "nelson"]),
    st.lists(st.floats(-3, 3).map(lambda x: round(x, 1)), min_size=16, max_size=24),
)
def test_each_broken_rule_stands_with_its_own_text(rules: RuleSet, values: list[float]) -> None:
    result = run(chart="individuals", data=[*values, 0.0, 0.5], rules=rules, baseline_mean=0, baseline_sd=0.9)
    lines = KINDS["control-chart"].table(result, "en").splitlines()
    for item in result["violations"]:
        wanted = [item["chart"], str(item["rule"]), str(item["index"]), *RULES[rules][item["rule"]].text.en.split()]
        assert wanted in [line.split() for line in lines]


def test_limits_of_each_point_and_points_of_the_spread_are_shown() -> None:
    exact = run(chart="ewma", data=[52.0, 47.0], **{"lambda": 0.3}, baseline_mean=50, baseline_sd=2, limits="exact")
    shown = KINDS["control-chart"].table(exact, "en")
    assert "point  value  lower limit  upper limit" in shown
    assert re.search(r"^0 +50\.6 +48\.2 +51\.8$", shown, re.M)
    ranges = KINDS["control-chart"].table(run(chart="individuals", data=[10.0, 10.2, 10.1]), "vi")
    assert re.search(r"điểm +độ phân tán\n0 +0,2\n1 +0,1\n", ranges)
