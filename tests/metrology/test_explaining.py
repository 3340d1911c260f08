"""Results in words: what dominates, why this k, and Monte Carlo's verdict."""

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.command import main
from chuan.metrology.distributions import Rectangular
from chuan.metrology.explaining import Budget, Drawn, budget_of, explain
from chuan.metrology.explaining.verdict import trials_needed, verdict
from chuan.metrology.files import Options, compute
from chuan.metrology.files.reading import load
from chuan.metrology.files.uncertainty import read, table
from chuan.metrology.files.uncertainty.explanation import budget, shown_unit
from chuan.metrology.gum import propagate
from chuan.metrology.gum.coverage import coverage_factor
from chuan.metrology.inputs import Component, Correlation, Input, Measurement
from chuan.metrology.monte_carlo.results import MOST_TRIALS
from chuan.metrology.planning import Lever
from chuan.metrology.planning.levers import changed
from tests.metrology.explained import EXAMPLES, INFINITE, said
from tests.metrology.measurements import H2, end_gauge, measured, normal, only
from tests.metrology.test_gum_agreement import measurements
from tests.metrology.uncertainty_documents import document

UNCERTAINTY = sorted(path for path in EXAMPLES.glob("*.toml") if load(str(path)).get("kind") == "uncertainty")


def words(measurement: Measurement, drawn: Drawn | None = None, language: str = "en") -> str:
    """The explanation of the one measurand."""
    return said(explain(budget_of(only(measurement)), drawn), language)


def of_run(content: dict[str, Any], **options: Any) -> str:
    """The explanation of a real run, as one line."""
    return " ".join(table(compute(content, Options(**options)), "en").replace("\u00a0", " ").split())


def sum_of(*inputs: dict[str, Any], equation: str = "") -> dict[str, Any]:
    """A document of y = the sum of its inputs, or another equation of them."""
    names = " + ".join(item["symbol"] for item in inputs)
    measurand = {"symbol": "y", "equation": equation or names}
    return {"kind": "uncertainty", "measurand": [measurand], "input": list(inputs)}


def uncertain(symbol: str = "x", **changes: Any) -> dict[str, Any]:
    """An input whose u has 4 degrees of freedom."""
    item = {"symbol": symbol, "value": 1, "distribution": "normal", "standard_uncertainty": 0.1, "dof": 4}
    return item | changes


# What is refused


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ((), "the file's name is missing"),
        (("nowhere.toml",), "there is no such file"),
        (("a", "b", "c"), "only two files"),
        ((str(EXAMPLES / "line.toml"),), "only kind"),
        ((str(EXAMPLES / "end_gauge.toml"), "nowhere.toml"), "nowhere.toml: there is no such file"),
        ((str(EXAMPLES / "end_gauge.toml"), "--json"), "use chuan compute --json"),
        (("--colour",), "--colour"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(
    files: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["metrology", "explain", *files, "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err


# One result


def test_the_end_gauge_is_explained_as_a_metrologist_would() -> None:
    text = words(end_gauge(coverage_probability=0.99))
    assert "The largest contribution is l_s (0) with 62.3 % of the variance; without it u would be 19.4." in text
    assert "Next: dtheta (0) (27.5 %)." in text
    assert "k = 2.92 is Student's t for a coverage probability of 99 % with 16 degrees of freedom" in text
    assert "(ν_eff = 16.75, truncated), above the 2.58 of the normal distribution" in text
    assert "mostly dtheta (0, ν = 2), with 63.3 % of 1/ν_eff" in text
    assert "with second-order terms u = 33.8 instead of u = 31.7" in text


def test_what_is_said_of_certainty_is_what_a_certain_input_gives() -> None:
    gauge = end_gauge(coverage_probability=0.99)
    certain = only(changed(gauge, Lever("dtheta"), lambda part: replace(part, dof=INFINITE)))
    assert certain.effective_dof is not None
    assert certain.coverage_factor is not None
    claim = f"ν_eff would be {certain.effective_dof:.4g} and k = {certain.coverage_factor:.2f}."
    assert claim in words(gauge)


def test_what_is_said_of_u_without_the_largest_is_what_the_others_give() -> None:
    rest = [0.3, 0.2]
    measurement = measured("a+b+c", *(normal(s, 1.0, (u, INFINITE)) for s, u in zip("abc", [0.9, *rest], strict=True)))
    assert f"without it u would be {math.hypot(*rest):.3g}" in words(measurement)


@pytest.mark.parametrize(
    ("measurement", "says"),
    [
        (measured("2*a", Input("a", 3.0)), "No input contributes to the uncertainty of y."),
        (measured("2*a", normal("a", 3.0, (0.1, INFINITE))), "All of the uncertainty of y comes from a (0)."),
        (
            measured("a+b+c", *(normal(s, 1.0, (0.1, INFINITE)) for s in "abc")),
            "No contribution makes up half of the variance; the largest is a (0) with 33.3 %",
        ),
        (measured("2*a", normal("a", 3.0, (0.1, INFINITE))), "k = 1.96 is the factor of the normal distribution"),
        (measured("2*a", normal("a", 3.0, (0.1, 4))), "They come from a (0, ν = 4) alone"),
        (measured("2*a", normal("a", 3.0, (0.1, 900))), "close to the 1.96 of the normal distribution."),
        (measured("2*a", normal("a", 3.0, (0.1, 8.5)), coverage="t-real"), "with 8.5 degrees of freedom, above"),
        (
            measured("2*a", normal("a", 3.0, (0.1, 4)), coverage="k=2"),
            "k = 2 is stated; by Student's t with ν_eff = 4 the coverage",
        ),
        (measured("a", normal("a", 3.0, (0.1, INFINITE)), coverage="k=2"), "is 95.45 %."),
    ],
)
def test_each_case_is_said(measurement: Measurement, says: str) -> None:
    assert says in words(measurement)


def test_without_degrees_of_freedom_it_is_said_what_to_do() -> None:
    inputs = (normal("a", 1.0, (0.1, 5)), normal("b", 1.0, (0.2, 5)))
    tied = measured("a - b", *inputs, correlations=(Correlation(("a", "b"), 0.5),))
    text = words(tied)
    assert "There is no k and no U" in text
    assert f"makes u fall to {math.sqrt(0.01 + 0.04 - 0.02):.3g}, from {math.hypot(0.1, 0.2):.3g} if they were" in text
    assert "cannot be told" in words(replace(tied, coverage="k=2"))


def test_simultaneous_observations_limit_the_degrees_of_freedom_together() -> None:
    text = words(measured("V/I*cos(phi)", simultaneous=(H2,)))
    assert "They come from V, I and phi, determined together (ν = 4) alone" in text
    assert "The correlation of V, I and phi makes u fall to" in text


def test_a_block_and_an_independent_input_share_the_limit() -> None:
    both = measured("V/I*cos(phi) + c", normal("c", 0.0, (0.2, 3)), simultaneous=(H2,))
    result = budget_of(only(both))
    terms = result.dof_terms
    assert result.effective_dof is not None
    assert math.fsum(size for _, size in terms) == pytest.approx(1 / result.effective_dof, rel=1e-12)
    assert [line.symbol for line in terms[0][0]] == ["c"]
    assert [line.symbol for line in terms[1][0]] == ["V", "I", "phi"]


@given(measurements())
@settings(max_examples=40)
def test_the_terms_of_degrees_of_freedom_make_up_all_of_it(measurement: Measurement) -> None:
    result = budget_of(only(measurement))
    assert result.effective_dof is not None
    total = 0.0 if math.isinf(result.effective_dof) else 1 / result.effective_dof
    assert math.fsum(size for _, size in result.dof_terms) == pytest.approx(total, rel=1e-9)
    assert not result.correlated


@given(measurements(), st.sampled_from(["t", "t-real", "k=2"]))
@settings(max_examples=30)
def test_every_explanation_is_whole_sentences_with_the_numbers_of_its_language(
    measurement: Measurement, coverage: str
) -> None:
    for text in explain(budget_of(only(replace(measurement, coverage=coverage)), " mm")):
        for language, wrong in ((text.vi, r"\d\.\d"), (text.en, r"\d,\d")):
            assert language.replace("\u00a0", " ").isprintable()
            assert language.endswith(".")
            assert not re.search(wrong, language)
            assert not re.search(r"[{}]|  |None|nan|inf\b", language)


@pytest.mark.parametrize("path", UNCERTAINTY, ids=lambda path: path.stem)
def test_a_stored_result_is_explained_as_a_fresh_one(path: Path) -> None:
    content = load(str(path))
    stored = compute(content, Options(method="gum"))
    fresh = propagate(read(content).measurement)
    for measurand, result in zip(stored["measurands"], fresh, strict=True):
        assert budget(measurand, stored["notes"]) == budget_of(result, shown_unit(measurand["unit"]))


def flat(symbol: str, half_width: float) -> Input:
    """A rectangular input about 1."""
    return Input(symbol, 1.0, (Component("", Rectangular(0.0, half_width)),))


S9 = measured("l - s", flat("l", 0.05), normal("s", 1.0, (0.004, INFINITE)))
S10 = measured("a + b", flat("a", 0.05), flat("b", 0.03))


@pytest.mark.parametrize(
    ("measurement", "says"),
    [
        (S9, "One rectangular contribution, l, dominates: y is nearly rectangular"),
        (S9, "k = 1.65 is enough for a probability of 95 %, U = 0.048 (EA-4/02 S9)."),
        (S10, "Two rectangular contributions, a and b, dominate: y is nearly a trapezoid"),
        (S10, "k = 1.86 is enough for a probability of 95 %, U = 0.063 (EA-4/02 S10)."),
        (replace(S9, coverage="k=1.65"), "by Student's t with ν_eff = ∞ the coverage probability is 90.11 %."),
        (replace(S9, coverage="k=1.65"), "By that distribution the coverage probability of k = 1.65 is 95.26 %"),
        (replace(S9, coverage="k=2"), "By that distribution the coverage probability of k = 2 is 100 %"),
    ],
)
def test_dominating_rectangles_are_said_without_a_run(measurement: Measurement, says: str) -> None:
    assert says in words(measurement)


def test_a_bent_model_is_not_called_rectangular() -> None:
    assert "dominate" not in words(measured("a^2", flat("a", 0.5))).replace("contribution dominates", "")


def test_so_many_degrees_of_freedom_that_they_cannot_matter_are_infinite() -> None:
    many = measured("2*a", normal("a", 3.0, (0.1, 3e15)))
    assert "with ∞ degrees of freedom, close to the 1.96" in words(many)
    content = sum_of(uncertain(dof=3e15))
    (part,) = compute(content, Options("gum"))["measurands"]
    assert part["gum"]["effective_dof"] == pytest.approx(3e15)
    assert "effective degrees of freedom ν = ∞" in of_run(content, method="gum")


@pytest.mark.parametrize("equation", ["a^2", "a*b"])
def test_a_u_of_zero_that_only_the_first_order_has_is_said(equation: str) -> None:
    names = [name for name in "ab" if name in equation]
    zero = measured(equation, *(normal(name, 0.0, (0.01, INFINITE)) for name in names))
    text = words(zero)
    assert "not the uncertainty of y. With second-order terms y = " in text
    assert "k =" not in text
    content = sum_of(*({**uncertain(name, value=0), "dof": 1e6} for name in names), equation=equation)
    shown = of_run(content, method="gum")
    assert "y = 0 (u = 0 in first order only; there is no U)" in shown
    assert "±" not in shown


def test_without_any_uncertainty_none_is_stated() -> None:
    alike = sum_of({"symbol": "x", "observations": [1.5, 1.5, 1.5]})
    text = of_run(alike, trials=10_000, language="en")
    assert "y = 1.5 (u = 0: no input brings an uncertainty)" in text
    assert "Observations are all alike" in text
    assert not re.search("±|k =|confirms", text)


# Monte Carlo's verdict


def judged(measurement: Measurement, **changes: Any) -> str:
    """The verdict on a made-up run whose figures are the GUM's, but for the changes."""
    result = budget_of(only(measurement))
    low = result.estimate - (result.expanded_uncertainty or 0.0)
    high = result.estimate + (result.expanded_uncertainty or 0.0)
    drawn = Drawn(result.estimate, result.standard_uncertainty, (low, high), 10**6, 0.005, 0.001, 0.002, True)
    found = verdict(result, replace(drawn, **changes))
    assert found is not None
    return said(found)


PLAIN = measured("a + b", normal("a", 1.0, (0.3, INFINITE)), normal("b", 1.0, (0.4, INFINITE)))
FEW = measured("a + b", normal("a", 1.0, (0.3, 4)), normal("b", 1.0, (0.4, INFINITE)))
CURVED = measured("a^2", normal("a", 0.5, (0.3, INFINITE)))
OFF = {"validated": False, "d_high": 0.02}


@pytest.mark.parametrize(
    ("measurement", "changes", "says"),
    [
        (PLAIN, {}, "confirms the GUM's interval: its ends differ by at most 0.002, 0.005 is allowed"),
        (PLAIN, {**OFF, "interval": (1.05, 2.95)}, "shorter tails than the one behind k = 1.96"),
        (PLAIN, {**OFF, "interval": (0.95, 3.05)}, "longer tails than the one behind k = 1.96"),
        (PLAIN, {**OFF, "interval": (1.02, 3.05)}, "is not symmetric"),
        (PLAIN, {**OFF, "standard_uncertainty": 0.55}, "Monte Carlo's u is 0.55, not 0.5"),
        (PLAIN, {**OFF, "standard_uncertainty": None}, "whose distribution has no variance"),
        (PLAIN, {**OFF, "estimate": 2.02}, "the nonlinear model moves the mean to 2.02"),
        (FEW, {**OFF, "standard_uncertainty": 0.58}, "drawn from Student's t, wider than u (u = 0.58, not 0.5)"),
        (CURVED, {**OFF, "standard_uncertainty": 0.327}, "the model is nonlinear: Monte Carlo has u = 0.327"),
        (PLAIN, {**OFF, "estimate": 2.5, "standard_uncertainty": 0.5, "tolerance": 0.0}, "moves the mean to 2.5"),
        (PLAIN, {"d_low": None, "d_high": None, "validated": None}, "There is no interval of the GUM to validate"),
        (PLAIN, {"validated": None, "trials": 1000}, "run it again with about 3 000 000 trials (--trials 3000000)"),
        (PLAIN, {"validated": None, "tolerance": 50.0}, "50, says nothing. The GUM's interval is off by 0.002."),
        (PLAIN, {"validated": None, "d_low": 0.3, "interval": (1.05, 2.95)}, "almost certainly not validated"),
    ],
)
def test_the_verdict_says_why_and_what_to_do(measurement: Measurement, changes: dict[str, Any], says: str) -> None:
    assert says in judged(measurement, **changes)


@given(st.floats(1e-3, 1e3), st.floats(0.5, 0.999))
@settings(max_examples=40)
def test_the_trials_advised_make_the_ends_certain_enough(u: float, probability: float) -> None:
    measurement = measured("a", normal("a", 1.0, (u, INFINITE)), coverage_probability=probability)
    result = budget_of(only(measurement))
    tolerance = 0.5 * 10.0 ** (math.floor(math.log10(u)) - 1)
    drawn = Drawn(1.0, u, (0.0, 2.0), 100, tolerance, 0.0, 0.0, None)
    trials = trials_needed(result, drawn)
    z = coverage_factor(probability, INFINITE)
    q = (1 - probability) / 2
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / u
    assert math.sqrt(q * (1 - q) / trials) / density <= tolerance / 5
    assert trials_needed(result, replace(drawn, trials=trials)) >= 4 * trials


@pytest.mark.parametrize("trials", [1000, 200_000])
@pytest.mark.parametrize(
    "item", [uncertain(), uncertain(distribution="student_t", scale="standard_deviation")], ids=["normal", "rescaled"]
)
def test_an_interval_that_leaves_degrees_of_freedom_out_is_never_recommended(item: dict[str, Any], trials: int) -> None:
    text = of_run(sum_of(item), trials=trials)
    assert "it leaves the degrees of freedom of x out of account" in text
    assert "Keep U = 0.28" in text
    assert not re.search(r"[Rr]eport|shorter tails", text)


def test_where_such_an_interval_reaches_beyond_u_neither_is_recommended() -> None:
    bent = of_run(sum_of(uncertain(value=0.1, dof=9), equation="x^2"), trials=200_000)
    assert 'neither may be reported: state distribution = "student_t"' in bent
    assert "Keep U" not in bent


def test_a_bent_model_beside_such_an_interval_is_not_sent_to_it() -> None:
    text = of_run(load(str(EXAMPLES / "end_gauge.toml")), trials=2_000_000)
    assert "printed digits change, so the first order alone is not enough." in text
    assert "The model is nonlinear too, so state distribution = " in text
    assert "until then keep U = 92 nm" in text
    assert "use Monte Carlo" not in text
    assert "so use Monte Carlo's result." in of_run(load(str(EXAMPLES / "end_gauge.toml")), method="gum")


@pytest.mark.parametrize(
    "inputs",
    [
        (uncertain(distribution="student_t", dof=30), {**uncertain("b"), "standard_uncertainty": 0.001}),
        (uncertain(dof=900), {"symbol": "b", "distribution": "rectangular", "low": -1, "high": 1}),
    ],
    ids=["drawn from t", "too many to matter"],
)
def test_degrees_of_freedom_that_are_counted_or_do_not_matter_are_not_said_to_be_left_out(
    inputs: tuple[dict[str, Any], ...],
) -> None:
    assert "degrees of freedom of" not in of_run(sum_of(*inputs), trials=200_000)


def test_more_trials_than_a_run_may_ask_for_are_not_advised() -> None:
    text = judged(PLAIN, validated=None, trials=1000, tolerance=1e-4)
    assert "it would need more than the 100 000 000 trials that are the most allowed" in text
    assert "--trials" not in text
    assert main(["compute", "x.toml", "--trials", str(MOST_TRIALS + 1)]) == 2


def test_a_dominant_rectangle_is_named_in_the_words_of_a_real_run() -> None:
    flat = document()
    flat["input"][1] = {"symbol": "b", "value": 2.0, "distribution": "rectangular", "half_width": 9}
    text = table(compute(flat, Options(trials=200_000)), "en").replace("\u00a0", " ").replace("\n  ", " ")
    assert "not validated" in text
    assert "as where a rectangular contribution dominates" in text


def test_the_table_ends_each_result_with_its_explanation() -> None:
    result = compute(load(str(EXAMPLES / "resistance.toml")), Options(method="gum"))
    assert table(result, "vi").count("Giải thích\n– Thành phần lớn nhất là ") == 3
    assert table(result, "en").count("Explanation\n– The largest contribution is ") == 3
    assert max(map(len, table(result, "vi").splitlines())) <= 120


def test_a_budget_without_lines_that_count_has_no_terms() -> None:
    result = budget_of(only(measured("2*a", Input("a", 3.0))))
    assert isinstance(result, Budget)
    assert (result.dof_terms, result.correlated) == ((), ())
