"""Calibration intervals: refusals, the published A3 case, fits against scipy, and what must hold for any data."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from chuan.metrology.checker import check as check_again
from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.intervals import (
    MODELS,
    drift_fit,
    interval_test,
    reliability_study,
    staircase,
)
from chuan.metrology.intervals.polynomials import first_root, value
from chuan.metrology.words import Refused
from tests.metrology.published import check

A3: dict[str, Any] = {
    "kind": "interval", "method": "A3", "assigned_days": 365, "target_reliability": 0.9, "passed": 18, "total": 20,
}  # fmt: skip
S2: dict[str, Any] = {
    "kind": "interval",
    "method": "S2",
    "days": [4, 7, 10, 13, 21, 28, 40, 48],
    "n": [4, 6, 14, 13, 22, 49, 18, 6],
    "in_tolerance": [4, 5, 9, 8, 12, 20, 9, 2],
    "target_reliability": 0.75,
}
VARIABLES: dict[str, Any] = {
    "kind": "interval",
    "method": "variables",
    "days": [100, 200, 300, 400, 500],
    "deltas": [0.1, 0.25, 0.29, 0.45, 0.5],
    "u0": 0.02,
    "y0": 0.0,
    "target_u": 0.1,
    "upper": 1.0,
}


def run(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return compute({key: value for key, value in {**base, **changes}.items() if value is not None}, Options())


@pytest.mark.parametrize(
    ("base", "changes", "place", "words"),
    [
        (A3, {"method": "A1"}, "method", "must be one of"),
        (A3, {"method": None}, "", '"method" is missing'),
        (A3, {"days": [1, 2, 3]}, "", 'unknown key "days"'),
        (A3, {"total": None}, "", '"total" is missing'),
        (A3, {"passed": 21}, "passed", "must be 0 to 20, found 21"),
        (A3, {"outcomes": "1101"}, "passed", "not both"),
        (A3, {"outcomes": "110x1", "passed": None, "total": None}, "outcomes", "digits 1"),
        (A3, {"target_reliability": 1.0}, "target_reliability", "below 1"),
        (A3, {"max_change": 1.0}, "max_change", "above 1"),
        (A3, {"min_days": 2000}, "min_days", "below max_days"),
        (S2, {"days": [4, 7], "n": [4, 6], "in_tolerance": [4, 5]}, "days", "at least 3 values"),
        (S2, {"n": [4, 6, 14]}, "n", "must have 8 values"),
        (S2, {"in_tolerance": [4, 7, 9, 8, 12, 20, 9, 2]}, "in_tolerance[1]", "0 to n = 6, found 7"),
        (S2, {"n": [4, 6, 14, 13, 22, 49.5, 18, 6]}, "n[5]", "whole number"),
        (S2, {"days": [4, 7, 10, 13, 21, 21, 40, 48]}, "days[5]", "group 4 already"),
        (S2, {"days": [0, 7, 10, 13, 21, 28, 40, 48]}, "days[0]", "above 0"),
        (S2, {"in_tolerance": [4, 6, 14, 13, 22, 49, 18, 6]}, "in_tolerance", "nothing was out of tolerance"),
        (S2, {"in_tolerance": [0] * 8}, "in_tolerance", "nothing was in tolerance"),
        (S2, {"in_tolerance": [4, 6, 14, 13, 22, 49, 18, 0]}, "in_tolerance", "no model can be tested"),
        (VARIABLES, {"target_u": None, "upper": None}, "", "needs target_u"),
        (VARIABLES, {"order": 5}, "order", "at most 4"),
        (VARIABLES, {"order": 4, "days": [1, 2, 3, 4], "deltas": [1, 2, 3, 4]}, "days", "at least 5 values"),
        (VARIABLES, {"days": [100, 100, 100, 100, 100]}, "days", "2 different values"),
        (VARIABLES, {"deltas": [0.1]}, "deltas", "must have 5 values"),
        (VARIABLES, {"days": [-1, 200, 300, 400, 500]}, "days[0]", "above 0"),
        (VARIABLES, {"lower": 2.0}, "lower", "below upper"),
        (VARIABLES, {"target_u": 1e99}, "target_u", "of size 1e40 at most"),
        (VARIABLES, {"u0": -1.0}, "u0", "at least 0"),
    ],
)
def test_wrong_data_are_refused_in_one_line(
    base: dict[str, Any], changes: dict[str, Any], place: str, words: str
) -> None:
    with pytest.raises(Refused) as refused:
        run(base, **changes)
    assert refused.value.place == place
    assert words in refused.value.say("en")
    assert "\n" not in refused.value.say("vi")


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("days", {"days": 0.0}),
        ("maximum_permissible_error", {"maximum_permissible_error": 0.0}),
        ("lengthen", {"lengthen": 0.9}),
        ("shorten", {"shorten": 1.0}),
        ("within", {"within": 1.1}),
    ],
)
def test_a_staircase_that_leads_nowhere_is_refused(key: str, changes: dict[str, float]) -> None:
    arguments = {"days": 365.0, "maximum_permissible_error": 1.0, "lengthen": 1.25, "shorten": 0.5, **changes}
    with pytest.raises(Refused, match=f"^{key}: "):
        staircase(error=0.1, **arguments)


@pytest.mark.parametrize("name", ["interval_a3", "interval_a3_range95"])
def test_published_interval_test(name: str) -> None:
    check(name)


def test_a_target_met_keeps_the_interval() -> None:
    result = interval_test(365, 0.9, 18, 20)
    assert not result.changed
    assert result.recommended_days == 365
    assert result.calculated_days == pytest.approx(365)


def test_reliability_well_above_its_target_lengthens_by_the_contract() -> None:
    """The lengthening branch, by the formula with scipy's binomial."""
    passed, total, target = 96, 100, 0.8
    rejection = 2 * stats.binom.cdf(passed - 1, total, target) - 1
    factor = 10 ** min(300, (passed / total - target) / (1 - rejection))
    result = interval_test(365, target, passed, total)
    assert result.rejection_confidence == pytest.approx(rejection, abs=1e-12)
    assert result.recommended_days == pytest.approx(365 * min(2, factor))
    gentle = interval_test(365, target, 82, total, confidence=0.3, min_change_days=0)
    q = 2 * stats.binom.cdf(81, total, target) - 1
    assert gentle.calculated_days == pytest.approx(365 * 10 ** (0.02 / (1 - q)))


@pytest.mark.parametrize(("passed", "total", "target"), [(9, 10, 0.85), (1, 2, 0.4), (17, 20, 0.86), (3, 4, 0.7)])
def test_a_target_within_any_limits_takes_the_formula_with_q_below_0(passed: int, total: int, target: float) -> None:
    """The contract's Q and factor, by scipy's binomial."""
    excess = passed / total - target
    if excess <= 0:
        q = 1 - 2 * stats.binom.cdf(passed, total, target)
        factor = 10 ** (excess * q)
    else:
        q = 2 * stats.binom.cdf(passed - 1, total, target) - 1
        factor = 10 ** (excess / (1 - q))
    assert q < 0
    document = {"kind": "interval", "method": "A3", "assigned_days": 365.0, "target_reliability": target}
    result = compute({**document, "passed": passed, "total": total}, Options())
    assert result["rejection_confidence"] == pytest.approx(q, abs=1e-12)
    assert result["calculated_days"] == pytest.approx(365 * factor, rel=1e-12)
    assert result["recommended_days"] == 365
    assert check_again({**document, "passed": passed, "total": total}, result).beyond == ()


def test_all_or_none_in_tolerance_use_the_one_sided_confidence() -> None:
    every, none = interval_test(365, 0.95, 20, 20), interval_test(365, 0.95, 0, 3)
    assert every.rejection_confidence == pytest.approx(1 - 0.95**20)
    assert every.reliability_interval[1] == 1
    assert not every.changed
    assert none.rejection_confidence == pytest.approx(1 - 0.05**3)
    assert none.reliability_interval[0] == 0
    assert none.recommended_days == pytest.approx(182.5)


def test_small_and_extreme_changes_are_held() -> None:
    assert interval_test(365, 0.95, 15, 20, min_change_days=200).recommended_days == 365
    assert interval_test(20, 0.95, 2, 20).recommended_days == 14
    assert interval_test(1500, 0.5, 999, 1000).recommended_days == 1826


@given(
    st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
)
def test_an_interval_never_moves_against_the_evidence(counts: tuple[int, int], target: float, level: float) -> None:
    passed, total = counts
    result = interval_test(365, target, passed, total, range_confidence=level)
    low, high = result.reliability_interval
    assert low <= passed / total <= high
    assert -1 <= result.rejection_confidence <= 1
    assert 182.5 <= result.calculated_days <= 730
    # Where not even the narrowest limits leave the target out, the formula moves either way, and nothing is changed.
    assert (result.calculated_days - 365) * (passed / total - target) >= -1e-9 or result.rejection_confidence < 0
    assert result.rejection_confidence > 0 or not result.changed
    outside = result.reliability_interval[0] > target or result.reliability_interval[1] < target
    if abs(result.rejection_confidence - level) > 1e-6 and 0 < passed < total:
        assert outside == (result.rejection_confidence > level)


def _log_likelihood(name: str, theta: Any) -> float:
    model = next(model for model in MODELS if model.name == name)
    total = 0.0
    for t, n, g in zip(S2["days"], S2["n"], S2["in_tolerance"], strict=True):
        r = min(1 - 1e-12, max(1e-12, model.reliability(theta, t)))
        total += g * math.log(r) + (n - g) * math.log(1 - r)
    return total


@pytest.mark.parametrize("model", [model.name for model in MODELS])
def test_each_model_is_at_its_greatest_likelihood(model: str) -> None:
    """No search by scipy from our answer or from elsewhere climbs higher."""
    fit = next(fit for fit in run(S2)["models"] if fit["name"] == model)
    ours = _log_likelihood(model, fit["parameters"])
    spec = next(candidate for candidate in MODELS if candidate.name == model)

    def down(theta: np.ndarray) -> float:
        if any(p < 0 for p, positive in zip(theta, spec.positive, strict=True) if positive):
            return 1e9
        return -_log_likelihood(model, theta)

    for start in ([p or 0.01 for p in fit["parameters"]], *([p / 20**k for p, k in zip(s, spec.powers, strict=True)]
                                                            for s in spec.starts)):  # fmt: skip
        found = optimize.minimize(down, start, method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-9})
        assert -found.fun <= ours + 1e-6
    if fit["days"] is not None:
        assert spec.reliability(fit["parameters"], fit["days"]) == pytest.approx(0.75, abs=1e-12)


def test_table_d1_agrees_with_another_programs_published_run() -> None:
    """Weeks and rejection confidence that suncal's manual prints for RP-1 table D-1, whose counts it truncates."""
    printed = {
        "random_walk": (7, 0.0781), "mixed_exponential": (7, 0.1165), "lognormal": (7, 0.1210),
        "restricted_random_walk": (7, 0.1449), "weibull": (6, 0.1611), "exponential": (10, 0.2409),
        "mortality_drift": (10, 0.3452), "modified_gamma": (17, 0.9913),
    }  # fmt: skip
    fits = {fit["name"]: fit for fit in run(S2)["models"]}
    for name, (weeks, rejection) in printed.items():
        assert fits[name]["days"] == pytest.approx(weeks, abs=1.0)
        assert fits[name]["rejection_confidence"] == pytest.approx(rejection, abs=0.015)
        assert fits[name]["accepted"] == (name != "modified_gamma")
    assert run(S2)["best"] == "random_walk"


def test_lack_of_fit_is_the_f_test_of_the_groups() -> None:
    """The exponential model by hand, with scipy's F."""
    fit = run(S2)["models"][0]
    assert fit["name"] == "exponential"
    t, n, g = (np.array(S2[key], dtype=float) for key in ("days", "n", "in_tolerance"))
    observed, predicted = g / n, np.exp(-fit["parameters"][0] * t)
    lack = np.sum(n * (observed - predicted) ** 2) / 7
    error = np.sum(n * observed * (1 - observed)) / (n.sum() - 8)
    assert fit["f"] == pytest.approx(lack / error, rel=1e-12)
    assert fit["f_critical"] == pytest.approx(stats.f.ppf(0.95, 7, n.sum() - 8), rel=1e-9)
    assert fit["rejection_confidence"] == pytest.approx(stats.f.cdf(fit["f"], 7, n.sum() - 8), rel=1e-9)
    assert fit["days"] == pytest.approx(-math.log(0.75) / fit["parameters"][0])


def test_the_study_recommends_the_accepted_model_of_greatest_merit() -> None:
    result = run(S2)
    accepted = [fit for fit in result["models"] if fit["accepted"]]
    best = max(accepted, key=lambda fit: fit["figure_of_merit"])
    assert (result["best"], result["recommended_days"]) == (best["name"], best["days"])
    rejected = next(fit for fit in result["models"] if fit["name"] == "modified_gamma")
    assert rejected["f"] > rejected["f_critical"]
    assert rejected["figure_of_merit"] is None
    keys = {"name", "parameters", "days", "f", "f_critical", "rejection_confidence", "accepted", "figure_of_merit"}
    assert all(set(fit) == keys for fit in result["models"])


def test_time_units_scale_the_interval_and_leave_the_choice() -> None:
    weeks, days = run(S2), run(S2, days=[7 * t for t in S2["days"]])
    assert days["best"] == weeks["best"]
    assert days["recommended_days"] == pytest.approx(7 * weeks["recommended_days"], rel=1e-6)


@settings(max_examples=5)
@given(st.integers(0, 10**6), st.floats(0.2, 4.0))
def test_data_made_by_a_model_give_its_interval_back(seed: int, scale: float) -> None:
    """Many calibrations of an exponential: the exponential fit finds the rate within four standard deviations."""
    rng = np.random.default_rng(seed)
    days = [100.0, 200.0, 300.0, 400.0, 500.0]
    n = [2000] * 5
    g = [int(rng.binomial(2000, math.exp(-t * scale / 1000))) for t in days]
    assume(all(0 < gi < 2000 for gi in g))
    study = reliability_study(days, n, g, 0.8)
    assert study.models[0].days == pytest.approx(-math.log(0.8) * 1000 / scale, rel=0.15)


def test_too_few_groups_for_a_model_leave_its_test_null() -> None:
    study = reliability_study([10, 20, 30], [10, 10, 10], [9, 8, 6], 0.8)
    drift = next(fit for fit in study.models if fit.name == "drift")
    assert (drift.f, drift.f_critical, drift.accepted) == (None, None, False)
    assert study.models[0].f is not None


@pytest.mark.parametrize("order", [1, 2, 3])
def test_drift_is_least_squares_without_intercept(order: int) -> None:
    t, y = np.array(VARIABLES["days"], dtype=float), np.array(VARIABLES["deltas"])
    fit = drift_fit(list(t), list(y), order)
    design = np.column_stack([(t / 500) ** (k + 1) for k in range(order)])
    scale = np.array([500.0 ** -(k + 1) for k in range(order)])
    b, *_ = np.linalg.lstsq(design, y, rcond=None)
    s2 = float(np.sum((y - design @ b) ** 2) / (5 - order))
    assert np.array(fit.coefficients) == pytest.approx(b * scale, rel=1e-9)
    assert fit.residual_sd == pytest.approx(math.sqrt(s2))
    covariance = s2 * np.linalg.inv(design.T @ design) * np.outer(scale, scale)
    assert np.array(fit.covariance) == pytest.approx(covariance, rel=1e-8)


def test_days_until_the_target_and_until_a_limit_by_the_formulas() -> None:
    result = run(VARIABLES)
    b, v, s = (np.array(result["fit"][key]) for key in ("coefficients", "covariance", "residual_sd"))
    k = stats.t.ppf(0.95, 3)
    assert result["coverage_factor"] == pytest.approx(k, rel=1e-12)

    def u(t: float) -> float:
        x = np.array([t, t * t])
        return float(np.sqrt(0.02**2 + s**2 + x @ v @ x))

    assert u(result["days_uncertainty_target"]) == pytest.approx(0.1, rel=1e-9)
    limit = result["days_limits"]
    assert b @ [limit, limit**2] + k * u(limit) == pytest.approx(1.0, rel=1e-9)
    for t in np.linspace(0, limit * 0.999, 200):
        assert b @ [t, t * t] + k * u(t) < 1.0
    assert result["recommended_days"] == min(result["days_uncertainty_target"], limit)
    both = run(VARIABLES, lower=-1.0)
    assert both["coverage_factor"] == pytest.approx(stats.t.ppf(0.975, 3), rel=1e-12)


def test_what_is_already_reached_gives_0_days_and_what_never_is_gives_null() -> None:
    assert run(VARIABLES, target_u=0.02)["days_uncertainty_target"] == 0
    assert run(VARIABLES, y0=0.999)["days_limits"] == 0
    assert run(VARIABLES, y0=1.5)["recommended_days"] == 0
    straight = {**VARIABLES, "deltas": [0.1, 0.2, 0.3, 0.4, 0.5], "order": 1, "u0": 0.0, "upper": None, "lower": -1.0}
    assert run(straight, target_u=None)["recommended_days"] is None
    assert run(VARIABLES, upper=None)["coverage_factor"] is None
    assert run(VARIABLES, target_u=None)["days_uncertainty_target"] is None


def test_the_staircase_steps_by_the_share_of_the_permissible_error() -> None:
    def step(error: float, u: float = 0.0) -> Any:
        return staircase(400, error, 1.0, lengthen=1.25, shorten=0.5, expanded_uncertainty=u)

    assert (step(-0.8).days, step(-0.8).action) == (500, "lengthened")
    assert (step(0.9).days, step(0.9).action) == (400, "kept")
    assert (step(-1.01).days, step(-1.01).action) == (200, "shortened")
    assert step(0.7, 0.2).action == "kept"
    assert step(0.7, 0.4).action == "shortened"
    assert staircase(1800, 0.0, 1.0, lengthen=2, shorten=0.5).days == 1826


@settings(max_examples=60)
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=6))
def test_the_first_root_is_the_first_sign_change(coefficients: list[int]) -> None:
    found = first_root([float(c) for c in coefficients])
    until = 200.0 if found is None else found * (1 - 1e-9)
    signs = {np.sign(round(value(coefficients, t), 9)) for t in np.linspace(0, until, 200)[1:]} - {0}
    assert len(signs) <= 1
    if found is not None:
        size = sum(abs(c) * found**i for i, c in enumerate(coefficients))
        assert abs(value(coefficients, found)) <= 1e-12 * size


def test_the_tables_speak_both_languages() -> None:
    for base in (A3, S2, VARIABLES):
        result = run(base)
        assert "chu kỳ đề nghị" in KINDS["interval"].table(result, "vi")
        assert "recommended interval" in KINDS["interval"].table(result, "en")


def test_a_reliability_better_than_its_target_is_not_said_to_miss_it() -> None:
    found = {"kind": "interval", "method": "A3", "assigned_days": 365, "target_reliability": 0.85}
    shown = KINDS["interval"].table(compute({**found, "passed": 40, "total": 40}, Options()), "en")
    assert "confidence in rejecting the target reliability  0.998" in shown
