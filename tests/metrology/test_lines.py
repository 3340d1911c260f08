"""Straight lines: refusals, published fits, other programs' fits, and what must hold for any points."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from GTC import type_a, ureal
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.lines import Line, fit, fit_correlated
from chuan.metrology.words import Refused
from tests.metrology.published import check

BASE: dict[str, Any] = {"kind": "line", "x": [1.0, 2.0, 3.0, 4.0], "y": [1.1, 1.9, 3.2, 3.9]}


def run(**changes: Any) -> dict[str, Any]:
    return compute({key: value for key, value in {**BASE, **changes}.items() if value is not None}, Options())


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"x": None}, "", "x"),
        ({"x": [1.0], "y": [2.0]}, "x", "at least 2 values, found 1"),
        ({"x": [1.0, 2.0], "y": [2.0, 3.0]}, "x", "at least 3 points, found 2"),
        ({"y": [1.1, 1.9]}, "y", "must have 4 values as x has, found 2"),
        ({"x": [2.0, 2.0, 2.0, 2.0]}, "x", "every x is the same"),
        ({"x": [2.0, 2.0, 2.0, 2.0], "u_y": 0.1}, "x", "every x is the same"),
        ({"x": [2.0, 2.0, 2.0, 2.0], "u_y": 0.1, "u_x": 0.1}, "x", "every x is the same"),
        ({"x": [1.0, "2,5", 3.0, 4.0]}, "x[1]", "without quotes"),
        ({"u_y": [0.1, 0.1]}, "u_y", "must have 4 values"),
        ({"u_y": [0.1, 0.1, -0.1, 0.1]}, "u_y[2]", "must not be negative"),
        ({"u_y": -0.1}, "u_y", "at least 0"),
        ({"u_y": [0.1, 0.1, 0.0, 0.1]}, "u_y[2]", "weight is infinite"),
        ({"u_y": [0.1, 0.1, 0.0, 0.1], "u_x": [0.1, 0.1, 0.0, 0.1]}, "u_y[2]", "weight is infinite"),
        ({"x": [1e200, 2.0, 3.0, 4.0]}, "x[0]", "of size 1e40 at most, found 1e+200"),
        ({"u_y": [0.1, 1e-200, 0.1, 0.1]}, "u_y[1]", "must be 0 or at least 1e-40"),
        ({"predict": [math.inf]}, "predict[0]", "finite"),
        ({"invert": [{"y": 2.0}]}, "invert[0]", '"u" is missing'),
        ({"invert": [{"y": 2.0, "u": -1.0}]}, "invert[0].u", "at least 0"),
        ({"y": [1.0, 1.0, 1.0, 1.0], "invert": [{"y": 2.0, "u": 0.1}]}, "invert", "slope is 0"),
        ({"weights": [1.0]}, "", 'unknown key "weights"'),
    ],
)
def test_wrong_points_are_refused_in_one_line(changes: dict[str, Any], place: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        run(**changes)
    assert refused.value.place == place
    assert words in refused.value.say("en")
    assert "\n" not in refused.value.say("vi")


@pytest.mark.parametrize(
    ("covariance", "place", "words"),
    [
        ([[1.0, 0.0], [0.0, 1.0]], "covariance_y", "must be a matrix of 3 × 3"),
        ([[1.0, 0.5, 0.0], [0.4, 1.0, 0.0], [0.0, 0.0, 1.0]], "covariance_y", r"not symmetric at [1][0]"),
        ([[1.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 1.0]], "covariance_y", "no positive definite"),
    ],
)
def test_an_impossible_covariance_matrix_is_refused(covariance: list[list[float]], place: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        fit_correlated([1.0, 2.0, 3.0], [1.0, 2.0, 2.5], covariance)
    assert refused.value.place == place
    assert words in refused.value.say("en")


def test_a_covariance_beyond_its_uncertainties_is_refused() -> None:
    with pytest.raises(Refused, match=r"covariances\[1\]: the covariance 0.03 is beyond"):
        fit([1.0, 2.0, 3.0], [1.0, 2.0, 2.5], [0.1] * 3, [0.2] * 3, [0.0, 0.03, 0.0])


@pytest.mark.parametrize(
    "name",
    [
        "line_gum_h3",
        "line_iso28037_wls1",
        "line_iso28037_wls2",
        "line_iso28037_gdr1",
        "line_iso28037_annex_e",
        "line_pearson_york",
    ],
)
def test_published_lines(name: str) -> None:
    check(name)


def test_correlation_of_the_thermometer_line() -> None:
    """GUM H.3.4 prints r(y1, y2) = −0.930."""
    x = [1.521, 2.012, 2.512, 3.003, 3.507, 3.999, 4.513, 5.002, 5.503, 6.010, 6.511]
    y = [-0.171, -0.169, -0.166, -0.159, -0.164, -0.165, -0.156, -0.157, -0.159, -0.161, -0.160]
    assert fit(x, y).correlation == pytest.approx(-0.930, abs=5e-4)


def test_forward_evaluation_with_an_uncertain_x() -> None:
    """ISO/TS 28037 11.2 (x 3.5, u 0.2 → 8.017, 0.406) and the values of 7.4 (8.138, 0.484; 10.297, 0.909)."""
    line = fit([1, 2, 3, 4, 5, 6], [3.3, 5.6, 7.1, 9.3, 10.7, 12.1], [0.5] * 6)
    assert line.predict(3.5, 0.2).standard_uncertainty == pytest.approx(0.406, abs=5e-4)
    both = fit(
        [1.2, 1.9, 2.9, 4.0, 4.7, 5.9], [3.4, 4.4, 7.2, 8.5, 10.8, 13.5], [0.2, 0.2, 0.2, 0.4, 0.4, 0.4], [0.2] * 6
    )
    for x, u, value, uncertainty in [(3.5, 0.2, 8.138, 0.484), (4.5, 0.4, 10.297, 0.909)]:
        assert both.predict(x, u).value == pytest.approx(value, abs=5e-4)
        assert both.predict(x, u).standard_uncertainty == pytest.approx(uncertainty, abs=5e-4)


def test_gauss_markov_regression_with_both_covariance_matrices() -> None:
    """ISO/TS 28037 clause 10's example; its printed results [check] are quoted second-hand."""
    u_x = [
        [0.5, 0, 0.25, 0, 0.25, 0, 0.25],
        [0, 1.25, 1, 0, 0, 1, 1],
        [0.25, 1, 1.5, 0, 0.25, 1, 1.25],
        [0, 0, 0, 1.25, 1, 1, 1],
        [0.25, 0, 0.25, 1, 1.5, 1, 1.25],
        [0, 1, 1, 1, 1, 2.25, 2],
        [0.25, 1, 1.25, 1, 1.25, 2, 2.5],
    ]
    u_y = [[5.0 if i == j else 1.0 for i in range(7)] for j in range(7)]
    x = [50.4, 99.0, 149.9, 200.4, 248.5, 299.7, 349.1]
    y = [52.3, 97.8, 149.7, 200.1, 250.4, 300.9, 349.2]
    line = fit_correlated(x, y, u_y, u_x)
    assert line.intercept == pytest.approx(0.3424, abs=5e-5)
    assert line.slope == pytest.approx(1.0012, abs=5e-5)
    assert line.standard_uncertainties == pytest.approx((2.0569, 0.0090), abs=5e-5)
    assert line.covariance[0][1] == pytest.approx(-0.0129, abs=5e-5)
    assert line.chi_square == pytest.approx(1.772, abs=5e-4)

    def distance(parameters: np.ndarray) -> float:
        a, b = parameters
        z = np.array(y) - a - b * np.array(x)
        return float(z @ np.linalg.solve(np.array(u_y) + b * b * np.array(u_x), z))

    least = optimize.minimize(distance, [0.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-14})
    assert line.chi_square == pytest.approx(least.fun, abs=1e-9)


def test_gauss_markov_regression_of_correlated_y_is_generalised_least_squares() -> None:
    """The data of ISO/TS 28037 clause 9 by the textbook formula."""
    n = 10
    v = np.array([[(2 if i < 5 else 5) if i == j else ((1 if i < 5 else 4) if (i < 5) == (j < 5) else 0)
                   for i in range(n)] for j in range(n)], dtype=float)  # fmt: skip
    x, y = np.arange(1.0, 11.0), np.array([1.3, 4.1, 6.9, 7.5, 10.2, 12.0, 14.5, 17.1, 19.5, 21.0])
    design = np.column_stack([np.ones(n), x])
    covariance = np.linalg.inv(design.T @ np.linalg.solve(v, design))
    a, b = covariance @ design.T @ np.linalg.solve(v, y)
    line = fit_correlated(list(x), list(y), v.tolist())
    assert (line.intercept, line.slope) == pytest.approx((a, b), rel=1e-12)
    assert np.array(line.covariance) == pytest.approx(covariance, rel=1e-11)


def _points(seed: int, n: int = 8) -> tuple[list[float], list[float], list[float], list[float]]:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0, 10, n))
    u_x, u_y = rng.uniform(0.05, 0.3, n), rng.uniform(0.05, 0.5, n)
    slope, intercept = rng.normal(0, 2), rng.normal(0, 5)
    return (
        list(x + rng.normal(0, u_x)),
        list(intercept + slope * x + rng.normal(0, u_y)),
        list(u_x),
        list(u_y),
    )


@pytest.mark.parametrize("seed", range(5))
def test_least_squares_agree_with_scipy(seed: int) -> None:
    x, y, _, u_y = _points(seed)
    line, other = fit(x, y), stats.linregress(x, y)
    assert (line.intercept, line.slope) == pytest.approx((other.intercept, other.slope), rel=1e-10)
    assert line.standard_uncertainties == pytest.approx((other.intercept_stderr, other.stderr), rel=1e-9)
    weighted = fit(x, y, u_y)
    parameters, covariance = optimize.curve_fit(
        lambda t, a, b: a + b * t, x, y, sigma=u_y, absolute_sigma=True, p0=[0, 1]
    )
    assert (weighted.intercept, weighted.slope) == pytest.approx(tuple(parameters), rel=1e-6)
    assert np.array(weighted.covariance) == pytest.approx(covariance, rel=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_least_squares_agree_with_gtc(seed: int) -> None:
    x, y, _, u_y = _points(seed)
    for line, other in ((fit(x, y), type_a.line_fit(x, y)), (fit(x, y, u_y), type_a.line_fit_wls(x, y, u_y))):
        a, b = other.a_b
        assert (line.intercept, line.slope) == pytest.approx((a.x, b.x), rel=1e-10)
        assert line.standard_uncertainties == pytest.approx((a.u, b.u), rel=1e-9)
        y_new = ureal(y[0] + 0.3, 0.2)
        x_new = (y_new - a) / b
        found = line.invert(y[0] + 0.3, 0.2)
        assert (found.value, found.standard_uncertainty) == pytest.approx((x_new.x, x_new.u), rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("r", [0.0, 0.6])
def test_distance_regression_is_the_minimum_over_every_true_x(seed: int, r: float) -> None:
    """The joint minimum over a, b and all ξ, found by a general optimiser."""
    x, y, u_x, u_y = _points(seed)
    mixed = [r * p * q for p, q in zip(u_x, u_y, strict=True)]
    line = fit(x, y, u_y, u_x, mixed)
    factors = [
        np.linalg.inv(np.linalg.cholesky(np.array([[p * p, c], [c, q * q]])))
        for p, q, c in zip(u_x, u_y, mixed, strict=True)
    ]

    def residuals(parameters: np.ndarray) -> np.ndarray:
        a, b, xi = parameters[0], parameters[1], parameters[2:]
        pairs = zip(x, y, xi, factors, strict=True)
        return np.concatenate([f @ np.array([xk - t, yk - a - b * t]) for xk, yk, t, f in pairs])

    start = np.array([line.intercept + 0.1, line.slope - 0.1, *x])
    best = optimize.least_squares(residuals, start, xtol=1e-14, ftol=1e-14, gtol=1e-14)
    assert line.chi_square == pytest.approx(2 * best.cost, rel=1e-9)
    assert (line.intercept, line.slope) == pytest.approx(tuple(best.x[:2]), rel=1e-5, abs=1e-6)
    full = np.linalg.inv(best.jac.T @ best.jac)[:2, :2]
    assert np.array(line.covariance) == pytest.approx(full, rel=1e-4)
    diagonal = [[u * u if i == j else 0.0 for j in range(len(x))] for i, u in enumerate(u_y)]
    diagonal_x = [[u * u if i == j else 0.0 for j in range(len(x))] for i, u in enumerate(u_x)]
    if r == 0:
        general = fit_correlated(x, y, diagonal, diagonal_x)
        assert (general.intercept, general.slope) == pytest.approx((line.intercept, line.slope), rel=1e-9)


def test_one_uncertainty_for_every_point_may_be_written_once() -> None:
    assert run(u_y=0.5, u_x=0.1) == run(u_y=[0.5] * 4, u_x=[0.1] * 4)


def test_two_points_with_known_uncertainties_make_a_line() -> None:
    line = fit([0.0, 2.0], [1.0, 5.0], [0.3, 0.4])
    assert (line.intercept, line.slope, line.chi_square) == pytest.approx((1.0, 2.0, 0.0))
    assert line.dof == 0
    assert line.standard_uncertainties[0] == pytest.approx(0.3)
    assert line.predict(2.0).standard_uncertainty == pytest.approx(0.4)


def test_every_key_is_there_and_what_is_not_computed_is_null() -> None:
    plain, weighted = run(), run(u_y=0.1)
    keys = {"model", "intercept", "slope", "standard_uncertainties", "covariance", "residual_sd", "chi_square", "dof",
            "predictions", "inversions"}  # fmt: skip
    assert set(plain) == set(weighted) == keys
    assert plain["chi_square"] is None
    assert weighted["residual_sd"] is None
    assert plain["predictions"] == []


def test_the_table_speaks_both_languages() -> None:
    result = run(u_y=0.1, predict=[2.5], invert=[{"y": 2.0, "u": 0.1}])
    assert "độ dốc b" in KINDS["line"].table(result, "vi")
    assert "slope b" in KINDS["line"].table(result, "en")


points = st.lists(
    st.tuples(st.floats(-100, 100), st.floats(-100, 100), st.floats(0.01, 1), st.floats(0.01, 1)),
    min_size=4,
    max_size=9,
)


def _fitted(kind: str, x: Sequence[float], y: Sequence[float], u_x: Sequence[float], u_y: Sequence[float]) -> Line:
    return fit(x, y, None if kind == "ols" else u_y, u_x if kind == "gdr" else None)


@settings(max_examples=60)
@given(
    points,
    st.sampled_from(["ols", "wls", "gdr"]),
    st.floats(-50, 50),
    st.floats(0.1, 10),
    st.randoms(use_true_random=False),
)
def test_order_shift_and_scale_do_not_matter(
    data: list[tuple[float, float, float, float]], kind: str, shift: float, scale: float, random: Any
) -> None:
    x, y, u_x, u_y = (list(column) for column in zip(*data, strict=True))
    y = [2 * xi + 0.01 * yi for xi, yi in zip(x, y, strict=True)]
    assume(max(x) - min(x) > 5)
    line = _fitted(kind, x, y, u_x, u_y)
    order = list(range(len(x)))
    random.shuffle(order)
    mixed = _fitted(kind, *([column[i] for i in order] for column in (x, y, u_x, u_y)))
    assert mixed.slope == pytest.approx(line.slope, rel=1e-9, abs=1e-12)
    moved = _fitted(kind, [xi + shift for xi in x], y, u_x, u_y)
    assert moved.slope == pytest.approx(line.slope, rel=1e-7, abs=1e-9)
    assert moved.predict(shift + 3).value == pytest.approx(line.predict(3).value, rel=1e-7, abs=1e-7)
    scaled = _fitted(kind, x, [scale * yi for yi in y], u_x, [scale * u for u in u_y])
    assert scaled.slope == pytest.approx(scale * line.slope, rel=1e-7, abs=1e-9)
    assert scaled.standard_uncertainties[1] == pytest.approx(scale * line.standard_uncertainties[1], rel=1e-6, abs=1e-9)


@given(st.floats(-100, 100), st.floats(0, 5))
def test_inversion_undoes_prediction(x: float, u: float) -> None:
    line = fit([1, 2, 3, 4, 5, 6], [3.3, 5.6, 7.1, 9.3, 10.7, 12.1], [0.5] * 6)
    found = line.invert(line.predict(x).value, u)
    assert found.value == pytest.approx(x, abs=1e-9)
    expected = math.hypot(line.predict(x).standard_uncertainty, u) / line.slope
    assert found.standard_uncertainty == pytest.approx(expected, rel=1e-9)


def test_points_far_from_zero_lose_no_digits() -> None:
    x = [1, 2, 3, 4, 5, 6]
    y = [3.3, 5.6, 7.1, 9.3, 10.7, 12.1]
    near, far = fit(x, y), fit([xi + 1e7 for xi in x], y)
    assert far.slope == pytest.approx(near.slope, rel=1e-9)
    assert far.predict(1e7 + 3).standard_uncertainty == pytest.approx(near.predict(3).standard_uncertainty, rel=1e-9)
