"""Inputs: what is refused, Type A evaluation against published figures, ready components, shared standards."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuan.metrology.distributions import Constant, Exponential, Normal, Rectangular, StudentT
from chuan.metrology.inputs import Component, Correlation, Input, Measurement, Simultaneous, type_a
from chuan.metrology.inputs.matrices import (
    cholesky,
    correlation_of,
    is_positive_semidefinite,
    possible_coefficients,
    solve,
)
from chuan.metrology.inputs.ready import (
    CertificatePoint,
    CertificateValue,
    between_points,
    calibration,
    drift,
    hysteresis,
    reading,
    repeatability,
    resolution,
    zero,
)
from chuan.metrology.inputs.type_a import between_days, pooled_standard_deviation, type_a_autocorrelated, type_a_pooled
from chuan.metrology.model import Model
from chuan.metrology.special import f_quantile
from chuan.metrology.words import Refused

SUM = Model.from_equations([("y", "a + b")], ["a", "b"])


def normal(symbol: str, value: float, u: float, *, standard: str = "") -> Input:
    """An input of one normal component."""
    return Input(symbol, value, (Component("", Normal(0.0, u), standard=standard),))


def sum_of(a: Input, b: Input, **more: Any) -> Measurement:
    """y = a + b."""
    return Measurement(SUM, (a, b), **more)


A, B = normal("a", 1, 0.1), normal("b", 2, 0.2)
A_CERTIFICATES = [CertificateValue(0, 1.0), CertificateValue(365, 1.2), CertificateValue(730, 1.1)]


@pytest.mark.parametrize(
    ("make", "place", "reason"),
    [
        (lambda: type_a([1.0]), "observations", "at least 2"),
        (lambda: type_a([1.0, math.nan]), "observations[1]", "finite"),
        (lambda: Component("", Normal(0, 1), 0), "dof", "above 0"),
        (lambda: Component("", Normal(0, 1), math.nan), "dof", "above 0"),
        (lambda: Component("", StudentT(0, 1, 5), 6), "dof", "dof 5"),
        (lambda: Input("a", math.inf), "value", "finite"),
        (lambda: Input("a", 1, (Component("", Normal(3, 1)),)), "components[0]", "mean 3"),
        (lambda: Input("a", 1, (Component("", Normal(1, 1)), Component("", Normal(0, 1)))), "components[0]", "mean 1"),
        (
            lambda: Input("a", 1, (Component("", Exponential(1)), Component("", Normal(0, 1)))),
            "components[0].distribution",
            "symmetric",
        ),
        (lambda: Correlation(("a", "a"), 0.5), "between", "two different"),
        (lambda: Correlation(("a", "b"), 1.01), "coefficient", "−1 to 1"),
        (lambda: Correlation(("a", "b"), math.nan), "coefficient", "finite"),
        (lambda: Simultaneous(("a", "b"), ((1, 2), (1, 3))), "observations", "at least 3"),
        (lambda: Simultaneous(("a", "b"), ((1, 2), (1,))), "observations[1]", "2 numbers"),
        (lambda: sum_of(A, A), "input[1].symbol", "twice"),
        (lambda: Measurement(SUM, (A,)), "input", '"b" is not declared'),
        (lambda: Measurement(SUM, (A, B, normal("c", 0, 1))), "input[2].symbol", '"c" is in no equation'),
        (lambda: sum_of(A, B, coverage_probability=1.0), "coverage_probability", "below 1"),
        (lambda: sum_of(A, B, coverage="k=0.5"), "coverage", "at least 1"),
        (lambda: sum_of(A, B, coverage="k=x"), "coverage", "at least 1"),
        (lambda: sum_of(A, B, coverage="k=inf"), "coverage", "at least 1"),
        (lambda: sum_of(A, B, coverage="normal"), "coverage", "normal"),
        (lambda: sum_of(A, B, rounding="down"), "rounding", "half_away"),
        (lambda: sum_of(A, B, joint="independent"), "joint", "gaussian-copula"),
        (lambda: sum_of(A, B, correlations=(Correlation(("a", "z"), 0.1),)), "correlation[0].between", '"z"'),
        (
            lambda: sum_of(A, B, correlations=(Correlation(("a", "b"), 0.1), Correlation(("b", "a"), 0.2))),
            "correlation[1].between",
            "twice",
        ),
        (
            lambda: sum_of(
                A, Input("b", 2, (Component("", Constant(2)),)), correlations=(Correlation(("a", "b"), 0.1),)
            ),
            "correlation[0].between",
            "constant",
        ),
        (
            lambda: sum_of(
                A,
                Input("b", 2, (Component("", Normal(0, 1)), Component("", Rectangular(0, 1)))),
                correlations=(Correlation(("a", "b"), 0.1),),
            ),
            "correlation[0].between",
            "not all normal",
        ),
    ],
)
def test_a_wrong_input_is_refused_with_its_place(make: Callable[[], object], place: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        make()
    assert refused.value.place == place
    assert reason in refused.value.say("en")
    assert "\n" not in refused.value.say("vi")


def test_an_impossible_correlation_matrix_is_refused() -> None:
    model = Model.from_equations([("y", "a + b + c")], ["a", "b", "c"])
    three = (A, B, normal("c", 0, 1))

    def measured(ab: float, ac: float, bc: float) -> Measurement:
        pairs = ((("a", "b"), ab), (("a", "c"), ac), (("b", "c"), bc))
        return Measurement(model, three, tuple(Correlation(pair, r) for pair, r in pairs))

    with pytest.raises(
        Refused, match=r"coefficient of b and c contradicts the others: must be 0\.62 to 1, found -0\.9"
    ) as no:
        measured(0.9, 0.9, -0.9)
    assert no.value.place == "correlation[2].coefficient"
    assert len(measured(0.9, 0.9, 0.9).correlations) == 3
    assert len(measured(1.0, -1.0, -1.0).correlations) == 3


@given(st.lists(st.lists(st.floats(-1, 1), min_size=4, max_size=4), min_size=4, max_size=4))
def test_coefficients_are_possible_just_up_to_the_limits_that_the_others_leave(rows: list[list[float]]) -> None:
    """Of a correlation matrix made of vectors: the limits are where its least eigenvalue becomes 0."""
    vectors = np.array(rows) + 2 * np.eye(4)
    vectors /= np.linalg.norm(vectors, axis=1)[:, None]
    matrix = vectors @ vectors.T
    found = possible_coefficients(matrix.tolist(), 1, 3)
    assert found is not None
    assert found[0] - 1e-9 <= matrix[1, 3] <= found[1] + 1e-9
    middle = sum(found) / 2
    for end in found:
        moved = matrix.copy()
        moved[1, 3] = moved[3, 1] = middle + 0.99 * (end - middle)
        assert np.linalg.eigvalsh(moved)[0] > -1e-9
        moved[1, 3] = moved[3, 1] = end + math.copysign(0.01, end - middle)
        assert np.linalg.eigvalsh(moved)[0] < -1e-9


def test_where_the_others_contradict_each_other_already_no_coefficient_is_possible() -> None:
    matrix = [[1, 0.9, 0.9, 0.1], [0.9, 1, -0.9, 0], [0.9, -0.9, 1, 0], [0.1, 0, 0, 1]]
    assert possible_coefficients(matrix, 0, 3) is None


def test_a_correlation_into_a_block_is_refused() -> None:
    block = Simultaneous(("b", "c"), ((1, 2), (2, 3), (3, 5)))
    model = Model.from_equations([("y", "a + b + c")], ["a", "b", "c"])
    with pytest.raises(Refused, match=r"correlation\[0\].between: .*\[\[simultaneous\]\]"):
        Measurement(model, (A,), (Correlation(("a", "b"), 0.2),), (block,))


@given(st.lists(st.lists(st.floats(-1, 1), min_size=4, max_size=4), min_size=4, max_size=4))
def test_a_matrix_that_comes_from_data_is_possible(rows: list[list[float]]) -> None:
    covariance = [[sum(a * b for a, b in zip(p, q, strict=True)) for q in rows] for p in rows]
    if min(covariance[i][i] for i in range(4)) > 1e-6:
        assert is_positive_semidefinite(correlation_of(covariance))


def test_possible_matrices_are_those_without_a_negative_eigenvalue() -> None:
    numpy = pytest.importorskip("numpy")
    random = numpy.random.default_rng(20261130)
    seen = set()
    for _ in range(300):
        n = int(random.integers(2, 6))
        matrix = numpy.eye(n)
        for i in range(n):
            for j in range(i):
                matrix[i, j] = matrix[j, i] = random.uniform(-1, 1)
        smallest = float(numpy.linalg.eigvalsh(matrix)[0])
        if abs(smallest) > 1e-6:
            assert is_positive_semidefinite(matrix.tolist()) == (smallest > 0)
            seen.add(smallest > 0)
    assert seen == {True, False}


def test_cholesky_gives_back_its_matrix_and_solve_its_right_side() -> None:
    matrix = ((4.0, 2.0, 0.6), (2.0, 2.0, 0.5), (0.6, 0.5, 3.0))
    lower = cholesky(matrix)
    for i in range(3):
        for j in range(3):
            assert sum(lower[i][k] * lower[j][k] for k in range(3)) == pytest.approx(matrix[i][j], rel=1e-14)
    found = solve(((0.0, 2.0), (3.0, 1.0)), ((4.0,), (5.0,)))
    assert [row[0] for row in found] == pytest.approx([1.0, 2.0])


def test_type_a_keeps_the_digits_of_readings_far_from_zero() -> None:
    found = type_a([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
    assert found.mean == 1e9 + 10
    assert found.standard_deviation**2 == pytest.approx(30, rel=1e-14)
    assert found.dof == 3


def test_readings_that_do_not_scatter_have_no_uncertainty_of_type_a() -> None:
    found = type_a([20.1] * 9)
    assert found.standard_uncertainty == 0
    assert not found.autocorrelated


def test_the_voltage_standard_of_h5() -> None:
    """GUM H.5, table H.9: s(V̄) 57 µV, s̄ 85 µV, F = 2.25 printed from rounded figures, F.95(9, 40) = 2.12."""
    means = [10 + 1e-6 * m for m in (172, 116, 13, 144, 106, 31, 60, 125, 163, 41)]
    deviations = [1e-6 * s for s in (60, 77, 111, 101, 67, 93, 80, 73, 88, 86)]
    found = between_days(means, deviations, 5)
    assert found.mean == pytest.approx(10.000097, abs=5e-7)
    assert found.day_standard_deviation == pytest.approx(57e-6, abs=5e-7)
    assert found.pooled_standard_deviation == pytest.approx(85e-6, abs=5e-7)
    assert found.f == pytest.approx(2.2615, abs=5e-5)
    assert found.standard_uncertainty == pytest.approx(18e-6, abs=5e-7)
    assert (found.dof_days, found.dof_within) == (9, 40)
    assert f_quantile(0.95, 9, 40) == pytest.approx(2.12, abs=0.005)


def test_pooled_readings_weigh_by_their_degrees_of_freedom() -> None:
    s, dof = pooled_standard_deviation([[1.0, 3.0], [5.0, 6.0, 7.0, 8.0]])
    assert dof == 4
    assert s**2 == pytest.approx((1 * 2 + 3 * 5 / 3) / 4)
    found = type_a_pooled([10.0, 11.0, 12.0], s, dof)
    assert (found.mean, found.dof) == (11.0, 4)
    assert found.standard_uncertainty == pytest.approx(s / math.sqrt(3))


def test_readings_that_wander_are_flagged_and_their_uncertainty_grows() -> None:
    wander = [math.sin(k / 6) for k in range(60)]
    assert type_a(wander).autocorrelated
    grown = type_a_autocorrelated(wander)
    assert grown.standard_uncertainty > 1.5 * type_a(wander).standard_uncertainty
    assert grown.dof < 59
    assert not type_a([1, -1] * 30).autocorrelated


def test_one_independent_series_in_a_hundred_is_flagged() -> None:
    numpy = pytest.importorskip("numpy")
    random = numpy.random.default_rng(7)
    flagged = sum(type_a(random.standard_normal(20).tolist()).autocorrelated for _ in range(2000))
    assert 4 <= flagged <= 40


def test_resolution_beside_the_repeatability_of_the_same_instrument_is_refused() -> None:
    parts = (repeatability([1.0, 1.1, 1.2], instrument="N1"), resolution(0.1, instrument="N1"))
    with pytest.raises(Refused, match="already in the repeatability"):
        Input("a", 1.1, parts)
    assert Input("a", 1.1, (parts[0], resolution(0.1, instrument="N2"))).standard_uncertainty > 0


def test_one_cause_of_one_standard_is_counted_once() -> None:
    with pytest.raises(Refused, match="already in"):
        Input("a", 1, (calibration(0.2, 2, standard="S1"), calibration(0.3, 2, standard="S1")))


def test_a_reading_takes_the_larger_of_scatter_and_step() -> None:
    mean, part = reading([5.0, 5.0, 5.0], 0.1, instrument="N1")
    assert (mean, part.source, part.label) == (5.0, "reading", "độ phân giải")
    assert part.standard_uncertainty == pytest.approx(0.05 / math.sqrt(3))
    _, part = reading([4.0, 5.0, 6.0], 0.1, instrument="N1")
    assert (part.source, part.label) == ("reading", "độ lặp lại")
    assert part.dof == 2


@pytest.mark.parametrize(
    ("make", "u"),
    [
        (lambda: hysteresis(-0.6), 0.3 / math.sqrt(3)),
        (lambda: zero(0.3), 0.3 / math.sqrt(3)),
        (lambda: calibration(0.3, 2.5), 0.12),
        # The fastest change was 0.2 in 365 days; 73 days later it may be 0.04 either way.
        (lambda: drift(A_CERTIFICATES, 73), 0.04 / math.sqrt(3)),
    ],
)
def test_ready_components(make: Callable[[], Component], u: float) -> None:
    assert make().standard_uncertainty == pytest.approx(u, rel=1e-12)


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: resolution(0), "step"),
        (lambda: calibration(0.3, 0.9), "coverage_factor"),
        (lambda: drift(A_CERTIFICATES[:1], 10), "history"),
        (lambda: drift(A_CERTIFICATES, -1), "days"),
        (lambda: between_points("a", 3, CertificatePoint(1, 1, 1), CertificatePoint(2, 2, 1), correlation=0), "x"),
        (lambda: between_points("a", 1, CertificatePoint(1, 1, 1), CertificatePoint(1, 2, 1), correlation=0), "x"),
        (
            lambda: between_points("a", 1, CertificatePoint(1, 1, 1), CertificatePoint(2, 2, 1), correlation=2),
            "correlation",
        ),
    ],
)
def test_ready_components_refuse(make: Callable[[], object], place: str) -> None:
    with pytest.raises(Refused) as refused:
        make()
    assert refused.value.place == place


def test_between_two_points_the_covariance_counts() -> None:
    low, high = CertificatePoint(10, 10.1, 0.3), CertificatePoint(20, 20.3, 0.4)
    assert between_points("a", 15, low, high, correlation=0).standard_uncertainty == pytest.approx(0.25)
    assert between_points("a", 15, low, high, correlation=1).standard_uncertainty == pytest.approx(0.35)
    found = between_points("a", 12.5, low, high, correlation=0.5, nonlinearity=0.1)
    assert found.value == pytest.approx(12.65)
    assert found.standard_uncertainty**2 == pytest.approx(0.225**2 + 0.1**2 + 0.225 * 0.1 + 0.01 / 3)
