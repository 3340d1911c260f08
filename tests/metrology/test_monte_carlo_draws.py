"""Draws: impossible correlations are refused; each distribution, drawn or inverted, is the one of its name."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from chuan.metrology.distributions import (
    Arcsine,
    Constant,
    CurvilinearTrapezoid,
    Distribution,
    Exponential,
    Gamma,
    Normal,
    Rectangular,
    StudentT,
    Trapezoidal,
    Triangular,
)
from chuan.metrology.monte_carlo.draws import draw
from chuan.metrology.monte_carlo.quantiles import quantile
from chuan.metrology.monte_carlo.sources import Alone, Common, Copula, JointNormal, JointStudent, Source, factor_of
from chuan.metrology.words import Refused

Cdf = Callable[[Any], Any]


def curvilinear_cdf(x: np.ndarray, mean: float, a: float, d: float) -> np.ndarray:
    """By the definition: a rectangle on ±h, h itself uniform on [a − d, a + d] (JCGM 101 6.4.3.1)."""
    widths = np.linspace(a - d, a + d, 20_001)
    widths = (widths[1:] + widths[:-1]) / 2
    return np.array([np.mean(np.clip((x_i - mean + widths) / (2 * widths), 0, 1)) for x_i in np.atleast_1d(x)])


#: Each distribution with its scipy twin.
TWINS: list[tuple[Distribution, Cdf]] = [
    (Normal(3, 2), stats.norm(3, 2).cdf),
    (StudentT(-1, 0.5, 3), stats.t(3, -1, 0.5).cdf),
    (StudentT(7, 2, 1.5), stats.t(1.5, 7, 2).cdf),
    (StudentT(0, 2, 5, rescaled=True), stats.t(5, 0, 2 * math.sqrt(3 / 5)).cdf),
    (Rectangular(10, 2), stats.uniform(8, 4).cdf),
    (Triangular(1, 3), stats.triang(0.5, -2, 6).cdf),
    (Trapezoidal(1, 2, 0.4), stats.trapezoid(0.3, 0.7, -1, 4).cdf),
    (Trapezoidal(1, 2, 0), stats.triang(0.5, -1, 4).cdf),
    (Trapezoidal(1, 2, 1), stats.uniform(-1, 4).cdf),
    (Arcsine(2, 3), stats.arcsine(-1, 6).cdf),
    (CurvilinearTrapezoid(1, 2, 0.5), lambda x: curvilinear_cdf(x, 1, 2, 0.5)),
    (CurvilinearTrapezoid(0, 1, 1), lambda x: curvilinear_cdf(x, 0, 1, 1)),
    (CurvilinearTrapezoid(0, 1, 0), stats.uniform(-1, 2).cdf),
    (Exponential(4), stats.expon(0, 4).cdf),
    (Gamma(0.6, 2), stats.gamma(0.6, 0, 2).cdf),
    (Gamma(4, 0.25), stats.gamma(4, 0, 0.25).cdf),
]
NAMES = [f"{type(d).__name__}-{i}" for i, (d, _) in enumerate(TWINS)]


def drawn(distribution: Distribution, count: int, seed: int = 20) -> np.ndarray:
    out, scratch = np.empty(count), np.empty(count)
    draw(distribution, np.random.Generator(np.random.SFC64(seed)), out, scratch)
    return out


def filled(source: Source, width: int, count: int, seed: int = 5) -> np.ndarray:
    columns, scratch = np.zeros((width, count)), np.empty(count)
    source.draw(np.random.Generator(np.random.SFC64(seed)), columns, scratch)
    return columns


def transformed(source: Source, width: int, count: int, seed: int = 6) -> np.ndarray:
    columns = np.zeros((width, count))
    source.transform(np.random.default_rng(seed).random((source.dimension, count)), columns)
    return columns


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]],
        [[1, 1, 0], [1, 1, 0.5], [0, 0.5, 1]],
    ],
)
def test_correlations_that_cannot_be_are_refused(matrix: list[list[float]]) -> None:
    with pytest.raises(Refused, match="correlation matrix of a, b, c"):
        factor_of(matrix, ("a", "b", "c"))


@pytest.mark.parametrize(("distribution", "cdf"), TWINS, ids=NAMES)
def test_draws_follow_the_distribution(distribution: Distribution, cdf: Cdf) -> None:
    found = stats.kstest(drawn(distribution, 4000), cdf)
    assert found.pvalue > 0.001


@pytest.mark.parametrize(("distribution", "cdf"), TWINS, ids=NAMES)
def test_quantiles_invert_the_distribution(distribution: Distribution, cdf: Cdf) -> None:
    u = np.array([1e-6, 0.001, 0.03, 0.2, 0.2500001, 0.4, 0.5, 0.6, 0.75, 0.9, 0.97, 0.999, 1 - 1e-6])
    tolerance = 2e-8 if isinstance(distribution, CurvilinearTrapezoid) else 1e-10
    assert cdf(quantile(distribution, u)) == pytest.approx(u, rel=0, abs=tolerance)


@pytest.mark.parametrize(
    "distribution",
    [d for d, _ in TWINS if not isinstance(d, StudentT)],
    ids=[name for name, (d, _) in zip(NAMES, TWINS, strict=True) if not isinstance(d, StudentT)],
)
def test_quantiles_have_the_moments_the_distribution_claims(distribution: Distribution) -> None:
    """E and V as integrals of the quantile function over (0, 1), against `distributions.py`."""

    def moment(power: int) -> float:
        return float(
            integrate.quad(
                lambda u: float(quantile(distribution, np.array([u]))[0] - distribution.mean) ** power,
                0,
                1,
                limit=200,
                points=[0.25, 0.5, 0.75],
            )[0]
        )

    u = math.sqrt(distribution.variance)
    assert moment(1) == pytest.approx(0, abs=1e-6 * u)
    assert moment(2) == pytest.approx(distribution.variance, rel=1e-5)


def test_a_student_draw_has_scale_u_unless_rescaled() -> None:
    """JCGM 101 6.4.9.4: V = u²·ν/(ν − 2); with scale = "standard_deviation" it is u²."""
    assert np.std(drawn(StudentT(0, 2, 10), 400_000)) == pytest.approx(2 * math.sqrt(10 / 8), rel=0.01)
    assert np.std(drawn(StudentT(0, 2, 10, rescaled=True), 400_000)) == pytest.approx(2, rel=0.01)


def test_a_constant_does_not_scatter() -> None:
    assert set(drawn(Constant(0.1), 50)) == {0.1}
    assert set(quantile(Constant(0.1), np.array([0.2, 0.7]))) == {0.1}


def test_components_add_to_the_value() -> None:
    source = Alone(1, (Normal(5, 3), StudentT(0, 4, 10, rescaled=True)))
    for columns in (filled(source, 2, 200_000), transformed(source, 2, 200_000)):
        assert not columns[0].any()
        assert np.mean(columns[1]) == pytest.approx(5, abs=0.05)
        assert np.std(columns[1]) == pytest.approx(5, rel=0.01)


def test_correlated_inputs_are_jointly_gaussian() -> None:
    covariance = [[4.0, -1.5, 0.0], [-1.5, 1.0, 0.3], [0.0, 0.3, 9.0]]
    source = JointNormal((2, 0, 1), (10.0, 20.0, 30.0), factor_of(covariance))
    for columns in (filled(source, 3, 300_000), transformed(source, 3, 300_000)):
        ordered = columns[[2, 0, 1]]
        assert np.mean(ordered, axis=1) == pytest.approx([10, 20, 30], abs=0.03)
        assert np.cov(ordered) == pytest.approx(np.array(covariance), abs=0.08)


def test_a_correlation_of_one_moves_inputs_together() -> None:
    columns = filled(JointNormal((0, 1), (1.0, 2.0), factor_of([[1, 3], [3, 9]])), 2, 100)
    assert columns[1] - 2 == pytest.approx(3 * (columns[0] - 1))


def test_simultaneous_observations_are_a_multivariate_t() -> None:
    """Margins are t(ν); the Mahalanobis distance/N is F(N, ν): the χ² is common to all."""
    shape = [[4.0, 1.0], [1.0, 2.0]]
    source = JointStudent((0, 1), (5.0, -5.0), factor_of(shape), 4.0)
    for columns in (filled(source, 2, 5000), transformed(source, 2, 5000)):
        d = columns - np.array([[5.0], [-5.0]])
        assert stats.kstest(d[0] / 2, stats.t(4).cdf).pvalue > 0.001
        assert stats.kstest(d[1] / math.sqrt(2), stats.t(4).cdf).pvalue > 0.001
        distance = np.einsum("ij,ik,kj->j", d, np.linalg.inv(shape), d)
        assert stats.kstest(distance / 2, stats.f(2, 4).cdf).pvalue > 0.001


def test_a_copula_keeps_the_margins_and_the_scores_correlation() -> None:
    """Two rectangles at normal scores 0.5: Pearson's correlation is 6/π·asin(0.25) = 0.48258."""
    source = Copula((0, 1), (Rectangular(0, 1), Rectangular(10, 2)), factor_of([[1, 0.5], [0.5, 1]]))
    for columns in (filled(source, 2, 100_000), transformed(source, 2, 100_000)):
        assert stats.kstest(columns[0][:5000], stats.uniform(-1, 2).cdf).pvalue > 0.001
        assert stats.kstest(columns[1][:5000], stats.uniform(8, 4).cdf).pvalue > 0.001
        assert np.corrcoef(columns)[0, 1] == pytest.approx(6 / math.pi * math.asin(0.25), abs=0.01)


def test_a_shared_deviation_is_drawn_once() -> None:
    source = Common(Rectangular(0, 1), ((0, 2.0), (1, -6.0)))
    for columns in (filled(source, 2, 100), transformed(source, 2, 100)):
        assert columns[1] == pytest.approx(-3 * columns[0])
        assert np.ptp(columns[0]) > 2
