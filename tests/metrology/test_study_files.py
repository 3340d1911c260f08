"""Staircase, weighted reference values and correlated points as files, beginning with what they may not say."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chuan.metrology.checker import check
from chuan.metrology.files import Options, compute, kind_of
from chuan.metrology.words import Refused

STAIRCASE = {
    "kind": "interval",
    "method": "staircase",
    "days": 400,
    "error": -0.5,
    "maximum_permissible_error": 1.0,
    "lengthen": 1.25,
    "shorten": 0.5,
}
LINE: dict[str, Any] = {"kind": "line", "x": [1.0, 2.0, 3.0, 4.0], "y": [1.1, 2.0, 3.2, 3.9]}
ALIKE = [[0.02, 0.01, 0.01, 0.01], [0.01, 0.02, 0.01, 0.01], [0.01, 0.01, 0.02, 0.01], [0.01, 0.01, 0.01, 0.02]]


def comparison(*rows: tuple[float, float], **more: Any) -> dict[str, Any]:
    """Results with their U (k = 2) against their weighted mean."""
    results = [{"code": f"L{i}", "value": x, "expanded_uncertainty": u} for i, (x, u) in enumerate(rows)]
    return {"kind": "comparison", "assigned_value": "weighted-mean", "result": results} | more


def without(document: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: item for name, item in document.items() if name != key}


@pytest.mark.parametrize(
    ("document", "place", "reason"),
    [
        (without(STAIRCASE, "lengthen"), "", '"lengthen" is missing'),
        (STAIRCASE | {"lengthen": 0.9}, "lengthen", "at least 1"),
        (STAIRCASE | {"shorten": 1}, "shorten", "below 1"),
        (STAIRCASE | {"within": 1.2}, "within", "at most 1"),
        (STAIRCASE | {"maximum_permissible_error": 0}, "maximum_permissible_error", "above 0"),
        (STAIRCASE | {"outcomes": "111"}, "", 'unknown key "outcomes"'),
        (comparison((1, 0.1), (1, 0.1), assigned_value="median"), "assigned_value", 'found "median"'),
        (comparison((1, 0.1), (1, 0.1), expanded_uncertainty=1), "expanded_uncertainty", "is computed from"),
        (comparison((1, 0.1), (1, 0)), "result[1].expanded_uncertainty", "above 0 of every result"),
        (comparison((1, 0.1)), "result", "at least 2 results"),
        (comparison((1, 0.1), (2, 0.1)), "assigned_value", "below 5 %): their weighted mean is no reference"),
        (LINE | {"covariance_x": ALIKE}, "covariance_x", "needs covariance_y"),
        (LINE | {"covariance_y": ALIKE, "u_x": 0.1}, "u_x", "hold the variances too"),
        (LINE | {"covariance_y": ALIKE[:3]}, "covariance_y", "4 × 4"),
        (LINE | {"covariance_y": [row[:3] for row in ALIKE]}, "covariance_y[0]", "4"),
        (LINE | {"covariance_y": [[1.0] * 4] * 4}, "covariance_y", "positive definite"),
        (LINE | {"covariance_xy": [0.0] * 4, "u_y": 1}, "covariance_xy", "both u_x and u_y"),
        (LINE | {"covariance_xy": [0.0] * 3, "u_y": 1, "u_x": 1}, "covariance_xy", "4 values"),
        (LINE | {"covariance_xy": [0, 9, 0, 0], "u_y": 1, "u_x": 1}, "covariance_xy[1]", "beyond"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(document: dict[str, Any], place: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        compute(document, Options())
    assert refused.value.place == place
    assert reason in refused.value.say("en")
    assert refused.value.say("vi").isprintable()


@pytest.mark.parametrize(
    ("changes", "days", "action"),
    [
        ({}, 500, "lengthened"),
        ({"error": 0.9}, 400, "kept"),
        ({"error": -1.01}, 200, "shortened"),
        ({"error": 0.7, "expanded_uncertainty": 0.4}, 200, "shortened"),
        # As written 0.1 + 0.2 is 0.3, which in doubles it is not.
        ({"error": 0.1, "expanded_uncertainty": 0.2, "maximum_permissible_error": 0.3}, 400, "kept"),
        ({"days": 1800, "lengthen": 2}, 1826, "lengthened"),
    ],
)
def test_the_staircase_takes_one_step(changes: dict[str, float], days: float, action: str) -> None:
    document = STAIRCASE | changes
    result = compute(document, Options())
    assert (result["recommended_days"], result["action"]) == (days, action)
    assert check(document, result).beyond == ()
    for language in ("vi", "en"):
        assert kind_of(document).table(result, language)


def test_a_part_of_a_weighted_mean_is_compared_by_what_it_does_not_share() -> None:
    """u² of x_i − mean is u_i² − u(mean)² where x_i is in the mean, u_i² + u(mean)² where it is not (Cox 2002)."""
    rows = ((1.0, 0.2), (1.1, 0.4), (0.95, 0.3), (3.0, 0.2))
    document = comparison(*rows, assigned_value="largest-consistent-subset")
    result = compute(document, Options())
    assert result["weighted_mean"]["used"] == ["L0", "L1", "L2"]
    u = np.array([row[1] / 2 for row in rows])
    weights = np.array([*(1 / u[:3] ** 2), 0.0]) / (1 / u[:3] ** 2).sum()
    values = np.array([row[0] for row in rows])
    mean = float(weights @ values)
    assert result["reference"]["value"] == pytest.approx(mean)
    assert result["reference"]["source"] == "largest-consistent-subset"
    for i, one in enumerate(result["results"]):
        difference = np.eye(4)[i] - weights
        spread = math.sqrt(float(difference @ (u**2 * difference)))
        assert one["zeta"] == pytest.approx((values[i] - mean) / spread)
        assert one["en"] == pytest.approx((values[i] - mean) / (2 * spread))
    found = result["weighted_mean"]
    chi_square = float(((values[:3] - mean) ** 2 / u[:3] ** 2).sum())
    assert found["chi_square"] == pytest.approx(chi_square)
    assert found["probability"] == pytest.approx(stats.chi2.sf(chi_square, 2))


def test_a_result_that_is_its_own_reference_has_no_score() -> None:
    result = compute(comparison((0.0, 0.1), (100.0, 0.2), assigned_value="largest-consistent-subset"), Options())
    (used,) = result["weighted_mean"]["used"]
    alone = next(one for one in result["results"] if one["code"] == used)
    assert (alone["zeta"], alone["en"], alone["verdicts"]["en"]) == (None, None, None)


@given(
    st.lists(
        st.tuples(st.floats(-1, 1).map(lambda x: round(x, 3)), st.floats(0.05, 2).map(lambda x: round(x, 3))),
        min_size=2,
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None)
def test_the_second_kernel_agrees_on_weighted_means(rows: list[tuple[float, float]]) -> None:
    document = comparison(*rows, assigned_value="largest-consistent-subset")
    result = compute(document, Options())
    assert check(document, result).beyond == ()
    for language in ("vi", "en"):
        assert kind_of(document).table(result, language)


def test_points_that_share_an_error_fit_as_generalised_least_squares() -> None:
    """(XᵀV⁻¹X)⁻¹ and XᵀV⁻¹y by numpy (ISO/TS 28037 clause 9)."""
    result = compute(LINE | {"covariance_y": ALIKE}, Options())
    x = np.column_stack([np.ones(4), LINE["x"]])
    inverse = np.linalg.inv(np.array(ALIKE))
    covariance = np.linalg.inv(x.T @ inverse @ x)
    a, b = covariance @ x.T @ inverse @ np.array(LINE["y"])
    assert (result["intercept"], result["slope"]) == (pytest.approx(a), pytest.approx(b))
    assert result["covariance"] == [pytest.approx(row) for row in covariance]
    assert result["model"] == "wls"


def test_independent_errors_as_matrices_are_those_as_uncertainties() -> None:
    diagonal = np.diag([0.04] * 4).tolist(), np.diag([0.01] * 4).tolist()
    by_matrix = compute(LINE | {"covariance_y": diagonal[0], "covariance_x": diagonal[1]}, Options())
    by_u = compute(LINE | {"u_y": 0.2, "u_x": 0.1}, Options())
    for key in ("intercept", "slope", "chi_square"):
        assert by_matrix[key] == pytest.approx(by_u[key], rel=1e-9)


@pytest.mark.parametrize(
    "known",
    [
        {"covariance_y": ALIKE},
        {"covariance_y": ALIKE, "covariance_x": (np.array(ALIKE) / 5).tolist()},
        {"u_x": 0.1, "u_y": [0.1, 0.2, 0.1, 0.1], "covariance_xy": [0.001, -0.01, 0.002, 0.009]},
    ],
)
def test_the_second_kernel_agrees_on_lines(known: dict[str, Any]) -> None:
    document = LINE | known | {"predict": [2.5], "invert": [{"y": 2, "u": 0.1}]}
    assert check(document, compute(document, Options())).beyond == ()
