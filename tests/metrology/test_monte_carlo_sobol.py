"""The preview: refused where the model is not finite, quick, near the exact answer, and honest about how near."""

import math
import time

import numpy as np
import pytest
from scipy import stats

from chuan.metrology.distributions import (
    Arcsine,
    CurvilinearTrapezoid,
    Gamma,
    Normal,
    Rectangular,
    StudentT,
)
from chuan.metrology.inputs import Correlation, Input, Measurement, Simultaneous
from chuan.metrology.monte_carlo.quantiles import quantile, tabulated
from chuan.metrology.monte_carlo.sobol import DIMENSIONS, POINTS, SETS, preview, shifted_points, sobol_points
from chuan.metrology.words import Refused
from tests.metrology.monte_carlo_cases import known, measured, only


def end_gauge() -> Measurement:
    """JCGM 101 9.5 less 50 mm, in nm."""
    return measured(
        "ls + d + d1 + d2 - 50000000 - ls*(dalpha*(theta + delta) + alpha*dtheta)",
        known("ls", StudentT(50000623, 25, 18)),
        known("d", StudentT(215, 6, 24)),
        known("d1", StudentT(0, 4, 5)),
        known("d2", StudentT(0, 7, 8)),
        known("alpha", Rectangular(11.5e-6, 2e-6)),
        known("theta", Normal(-0.1, 0.2)),
        known("delta", Arcsine(0, 0.5)),
        known("dalpha", CurvilinearTrapezoid(0, 1e-6, 0.1e-6)),
        known("dtheta", CurvilinearTrapezoid(0, 0.05, 0.025)),
    )


def test_a_model_that_is_often_not_finite_is_refused() -> None:
    with pytest.raises(Refused, match="of 16384 draws"):
        preview(measured("ln(x)", known("x", Normal(2, 1))))


def test_inputs_without_a_joint_distribution_have_no_preview() -> None:
    pair = (known("a", Rectangular(1, 0.1)), known("b", Normal(2, 0.1)))
    assert preview(measured("a*b", *pair, correlations=(Correlation(("a", "b"), 0.5),))) == ()


def test_points_are_those_of_the_published_directions() -> None:
    """Against scipy, which has the same authors' table: the first points of every dimension, in the same order."""
    theirs = stats.qmc.Sobol(DIMENSIONS, scramble=False, bits=32).random(POINTS)
    assert np.array_equal(sobol_points(DIMENSIONS).T * 2.0**-32, theirs)


def test_every_set_is_balanced_in_every_dimension() -> None:
    """Of 2,048 points exactly one lies in each interval of width 1/2,048, shifted or not."""
    uniforms = shifted_points(DIMENSIONS, 7).reshape(DIMENSIONS, SETS, POINTS)
    cells = np.sort((uniforms * POINTS).astype(int), axis=2)
    assert np.array_equal(cells, np.broadcast_to(np.arange(POINTS), cells.shape))


def test_more_dimensions_than_directions_are_filled_at_random() -> None:
    uniforms = shifted_points(DIMENSIONS + 3, 1)
    assert uniforms.shape == (DIMENSIONS + 3, SETS * POINTS)
    assert uniforms.min() > 0
    assert uniforms.max() < 1
    assert stats.kstest(uniforms[-1], stats.uniform.cdf).pvalue > 0.001


@pytest.mark.parametrize(
    "distribution",
    [
        StudentT(2, 3, 1),
        StudentT(0, 1, 50),
        StudentT(0, 1, 5, rescaled=True),
        Gamma(0.7, 2),
        CurvilinearTrapezoid(1, 2, 0.5),
    ],
)
def test_tables_agree_with_the_quantiles_to_four_digits(distribution: StudentT | Gamma | CurvilinearTrapezoid) -> None:
    u = np.linspace(0.0005, 0.9995, 4001)
    exact = quantile(distribution, u)
    scale = np.ptp(quantile(distribution, np.array([0.16, 0.84])))
    assert np.max(np.abs(tabulated(distribution, u) - exact) / (scale + np.abs(exact))) < 3e-4


def test_a_preview_is_near_the_exact_answer() -> None:
    """Four N(0, 1): u = 2, ends ±3.919928; far nearer than 16,384 random draws would be (0.011 and 0.042)."""
    (found,) = preview(measured("a + b + c + d", *(known(s, Normal(0, 1)) for s in "abcd")))
    assert found.points == 16_384
    assert found.estimate == pytest.approx(0, abs=0.002)
    assert found.standard_uncertainty == pytest.approx(2, abs=0.004)
    assert found.symmetric_interval[1] == pytest.approx(3.919928, abs=0.03)


def test_its_standard_errors_tell_how_far_it_is() -> None:
    """Over 40 seeds the figures scatter about the exact ones as much as their standard errors say."""
    exact = np.array([0.05, math.sqrt(1 / 3 + 0.05**2 * 2)])
    found = [
        preview(measured("a + 0.05*b^2", known("a", Rectangular(0, 1)), known("b", Normal(0, 1))), seed=seed)[0]
        for seed in range(40)
    ]
    errors = np.array([[one.estimate, one.standard_uncertainty] for one in found], dtype=float) - exact
    told = np.sqrt(np.mean(np.square([one.standard_errors[:2] for one in found]), axis=0))
    assert np.sqrt(np.mean(errors**2, axis=0)) == pytest.approx(told, rel=0.6)


def test_the_end_gauge_previews_as_it_simulates() -> None:
    (found,) = preview(end_gauge())
    assert found.estimate == pytest.approx(838, abs=0.5)
    assert found.standard_uncertainty == pytest.approx(35.80, abs=0.3)
    run = only(end_gauge(), trials=300_000)
    for quick, slow in zip(found.symmetric_interval, run.symmetric_interval, strict=True):
        assert quick == pytest.approx(slow, abs=1.5)


def test_blocks_and_heavy_tails_preview_too() -> None:
    rows = ((5.007, 19.663), (4.994, 19.639), (5.005, 19.640), (4.990, 19.685), (4.999, 19.678))
    asked = measured("V/I", simultaneous=(Simultaneous(("V", "I"), rows),))
    (found,) = preview(asked)
    run = only(asked, trials=300_000)
    for quick, slow in zip(found.symmetric_interval, run.symmetric_interval, strict=True):
        assert quick == pytest.approx(slow, abs=3e-5)
    (cauchy,) = preview(measured("x + c", known("x", StudentT(0, 1, 1)), Input("c", 2)))
    assert cauchy.estimate is None
    assert cauchy.standard_uncertainty is None


def test_a_preview_is_quick() -> None:
    """25 ms of processor time for nine inputs once what it needs is loaded."""
    asked = end_gauge()
    preview(asked)
    times = []
    for seed in range(5):
        before = time.thread_time()
        preview(asked, seed=seed)
        times.append(time.thread_time() - before)
    assert min(times) < 0.025
