"""Probability functions against mpmath at 50 digits and scipy: values, both tails, quantiles, refusals."""

import math
import random
from collections.abc import Callable, Iterator

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from chuan.metrology import special
from chuan.metrology.words import Refused

PROBABILITIES = (1e-200, 1e-30, 1e-9, 1e-3, 0.025, 0.2, 0.49999, 0.6, 0.9, 0.975, 0.995, 1 - 1e-12)
DOF = (0.5, 1, 2, 3, 4.5, 7, 16, 29.7, 100, 1e12)


@pytest.fixture(autouse=True, scope="module")
def fifty_digits() -> Iterator[None]:
    with mp.workdps(50):
        yield


@pytest.mark.parametrize("p", [0.0, 1.0, -0.1, 1.5, math.nan])
@pytest.mark.parametrize(
    "quantile",
    [
        special.normal_quantile,
        special.normal_coverage,
        lambda p: special.t_quantile(p, 5),
        lambda p: special.t_coverage(p, 5),
        lambda p: special.f_quantile(p, 3, 4),
        lambda p: special.chi2_quantile(p, 3),
        lambda p: special.beta_quantile(p, 3, 4),
    ],
)
def test_a_probability_outside_0_to_1_is_refused(quantile: Callable[[float], float], p: float) -> None:
    with pytest.raises(Refused, match=r"^p: must lie between 0 and 1"):
        quantile(p)


@pytest.mark.parametrize("dof", [0.0, -3.0, math.nan])
def test_degrees_of_freedom_not_above_0_are_refused(dof: float) -> None:
    for refused in (special.t_quantile, special.t_coverage, special.chi2_quantile):
        with pytest.raises(Refused, match="must be above 0"):
            refused(0.9, dof)
    with pytest.raises(Refused, match="dof: must be above 0"):
        special.t_cdf(1.0, dof)


def test_impossible_counts_and_points_are_refused() -> None:
    with pytest.raises(Refused, match="k: must be a whole number 0 to 5, found 6"):
        special.binomial_cdf(6, 5, 0.5)
    with pytest.raises(Refused, match="p: must be 0 to 1"):
        special.binomial_pmf(1, 5, 1.5)
    with pytest.raises(Refused, match="x: must be a number"):
        special.normal_cdf(math.nan)


def test_a_quantile_beyond_the_largest_number_is_refused() -> None:
    with pytest.raises(Refused, match="beyond the largest number"):
        special.t_quantile(1e-30, 0.05)


def _relative(found: float, true: mp.mpf) -> float:
    return float(abs((mp.mpf(found) - true) / true))


def _normal_tail(x: float) -> mp.mpf:
    return mp.erfc(mp.mpf(x) / mp.sqrt(2)) / 2


def _t_density(t: mp.mpf, dof: mp.mpf) -> mp.mpf:
    constant = mp.exp(mp.loggamma((dof + 1) / 2) - mp.loggamma(dof / 2)) / mp.sqrt(dof * mp.pi)
    return constant * mp.exp(-(dof + 1) / 2 * mp.log1p(t * t / dof))


def _t_tail(x: float, dof: float) -> mp.mpf:
    """P(T > x), x > 0: by the incomplete beta function, by integration where that would not converge."""
    t, nu = mp.mpf(x), mp.mpf(dof)
    if nu < 300:
        return mp.betainc(nu / 2, mp.mpf(1) / 2, 0, nu / (nu + t * t), regularized=True) / 2
    # 22 digits are enough for 1e-13; scaled, for the quadrature's own error is an absolute one.
    scale = _t_density(t, nu)
    with mp.workdps(22):
        if t < 2:
            return mp.mpf(1) / 2 - mp.quad(lambda u: _t_density(u, nu), [0, t])
        return scale * mp.quad(lambda u: _t_density(u, nu) / scale, [t + k / t for k in range(0, 64, 8)])


def test_normal_tails_and_quantiles_are_right_to_the_last_digits() -> None:
    for x in (1e-12, 0.1, 1.0, 1.96, 3.0, 8.0, 20.0, 37.0):
        assert _relative(special.normal_sf(x), _normal_tail(x)) < 1e-15
        assert _relative(special.normal_cdf(-x), _normal_tail(x)) < 1e-15
        assert _relative(special.normal_cdf(x), 1 - _normal_tail(x)) < 1e-15
    for p in (1e-300, *PROBABILITIES, 0.5 + 1e-10):
        z = special.normal_quantile(p)
        tail = min(mp.mpf(p), 1 - mp.mpf(p))
        slope = mp.exp(-(mp.mpf(z) ** 2) / 2) / mp.sqrt(2 * mp.pi)
        assert abs(float((_normal_tail(abs(z)) - tail) / slope / z)) < 4e-16
    assert special.normal_quantile(0.5) == 0


@pytest.mark.parametrize("dof", DOF)
def test_student_t_is_right_in_the_middle_and_in_the_tails(dof: float) -> None:
    for t in (1e-9, 0.3, 1.0, 2.5, 8.0):
        tail = _t_tail(t, dof)
        assert _relative(special.t_sf(t, dof), tail) < 1e-13
        assert _relative(special.t_cdf(-t, dof), tail) < 1e-13
        assert _relative(special.t_cdf(t, dof), 1 - tail) < 1e-13


@pytest.mark.parametrize("dof", DOF)
def test_student_t_quantiles_are_right_to_1e_12(dof: float) -> None:
    for p in PROBABILITIES:
        if p**-1 > 1e100 and dof < 1:
            continue
        t = special.t_quantile(p, dof)
        tail = min(mp.mpf(p), 1 - mp.mpf(p))
        error = (_t_tail(abs(t), dof) - tail) / _t_density(mp.mpf(t), mp.mpf(dof)) / t
        assert abs(float(error)) < 1e-12


def test_student_t_in_closed_form_and_at_infinity() -> None:
    for p in PROBABILITIES:
        exact = mp.mpf(p)
        assert _relative(special.t_quantile(p, 1), -mp.cot(mp.pi * exact)) < 1e-13
        assert _relative(special.t_quantile(p, 2), (2 * exact - 1) / mp.sqrt(2 * exact * (1 - exact))) < 1e-13
        assert special.t_quantile(p, math.inf) == special.normal_quantile(p)
    assert special.t_quantile(0.5, 3) == 0
    assert special.t_sf(math.inf, 3) == 0
    assert special.t_sf(0.0, 3) == 0.5
    assert special.t_sf(-math.inf, 3) == 1


def test_coverage_factors_of_the_guide() -> None:
    """GUM table G.2, as printed."""
    for dof, p, printed in [
        (1, 0.6827, 1.84), (1, 0.9973, 235.80), (5, 0.95, 2.57), (10, 0.99, 3.17), (16, 0.99, 2.92), (50, 0.9545, 2.05),
        (math.inf, 0.95, 1.960), (math.inf, 0.9973, 3.000),
    ]:  # fmt: skip
        # The guide's 68.27 %, 95.45 % and 99.73 % stand for one, two and three standard deviations.
        exact = {0.6827: math.erf(1 / math.sqrt(2)), 0.9973: math.erf(3 / math.sqrt(2))}.get(p, p)
        assert special.t_coverage(exact, dof) == pytest.approx(printed, abs=0.005)


def test_small_central_probabilities_keep_their_digits() -> None:
    for p in (1e-14, 1e-8, 0.3):
        k = special.t_coverage(p, 7)
        central = mp.betainc(mp.mpf(1) / 2, mp.mpf(7) / 2, 0, mp.mpf(k) ** 2 / (7 + mp.mpf(k) ** 2), regularized=True)
        assert _relative(p, central) < 1e-13


@pytest.mark.parametrize(("d1", "d2"), [(1, 1), (2, 7), (9, 40), (120, 3), (1e4, 2e4), (0.5, 30)])
def test_variance_ratio_agrees_with_scipy(d1: float, d2: float) -> None:
    for f in (1e-6, 0.2, 0.99, 2.2, 50.0):
        assert special.f_cdf(f, d1, d2) == pytest.approx(stats.f.cdf(f, d1, d2), rel=2e-12, abs=1e-300)
        assert special.f_sf(f, d1, d2) == pytest.approx(stats.f.sf(f, d1, d2), rel=2e-12, abs=1e-300)
    for p in (1e-10, 0.05, 0.5, 0.95, 0.999):
        assert special.f_quantile(p, d1, d2) == pytest.approx(stats.f.ppf(p, d1, d2), rel=1e-10)
        assert special.f_cdf(special.f_quantile(p, d1, d2), d1, d2) == pytest.approx(p, rel=1e-12)


def test_variance_ratio_with_infinite_degrees_of_freedom_is_chi_squared() -> None:
    assert special.f_quantile(0.95, 9, math.inf) == pytest.approx(stats.chi2.ppf(0.95, 9) / 9, rel=1e-12)
    assert special.f_quantile(0.95, math.inf, 9) == pytest.approx(9 / stats.chi2.ppf(0.05, 9), rel=1e-12)
    assert special.f_sf(1.7, 9, math.inf) == pytest.approx(stats.chi2.sf(15.3, 9), rel=1e-12)


@pytest.mark.parametrize("shape", [0.05, 0.5, 1, 4, 33.3, 1e3, 1e6])
def test_gamma_and_chi_squared_agree_with_mpmath(shape: float) -> None:
    a = mp.mpf(shape)
    for factor in (1e-3, 0.4, 0.98, 1.0, 1.3, 4.0):
        x = mp.mpf(shape * factor)
        if shape < 1e6:
            lower = mp.gammainc(a, 0, x, regularized=True)
            upper = mp.gammainc(a, x, mp.inf, regularized=True)
            if lower > 1e-290:
                assert _relative(special.gamma_cdf(shape * factor, shape), lower) < 1e-12
            if upper > 1e-290:
                assert _relative(special.chi2_sf(2 * shape * factor, 2 * shape), upper) < 1e-12
    for p in (1e-12, 0.05, 0.5, 0.9, 0.999):
        x0 = special.gamma_quantile(p, shape, 3.0)
        if x0 > 0:
            assert special.gamma_cdf(x0, shape, 3.0) == pytest.approx(p, rel=1e-12)
            assert special.chi2_quantile(p, 2 * shape) == pytest.approx(x0 / 1.5, rel=1e-12)
            assert x0 == pytest.approx(stats.gamma.ppf(p, shape, scale=3.0), rel=1e-9)


@given(a=st.floats(0.05, 1e4), b=st.floats(0.05, 1e4), p=st.floats(1e-12, 1 - 1e-12))
def test_beta_quantile_inverts_the_distribution_function(a: float, b: float, p: float) -> None:
    x = special.beta_quantile(p, a, b)
    if 1e-250 < x < 0.999:
        sensitivity = stats.beta.pdf(x, a, b) * x / p
        assert special.beta_cdf(x, a, b) == pytest.approx(p, rel=1e-12 + 1e-15 * sensitivity)
        assert special.beta_cdf(x, a, b) + special.beta_sf(x, a, b) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (20, 0.95), (300, 0.01), (3000, 0.4999)])
def test_binomial_is_the_exact_sum(n: int, p: float) -> None:
    exact = mp.mpf(p)
    term = (1 - exact) ** n
    total = mp.mpf(0)
    checked = {0, 1, n // 3, n // 2, n - 1, n}
    for k in range(n + 1):
        total += term
        if k in checked:
            if term > 1e-300:
                assert _relative(special.binomial_pmf(k, n, p), term) < 2e-12
            if total > 1e-300:
                assert _relative(special.binomial_cdf(k, n, p), total) < 2e-12
            if 1 - total > 1e-30:
                assert _relative(special.binomial_sf(k, n, p), 1 - total) < 2e-12
        term *= exact * (n - k) / ((k + 1) * (1 - exact))


def test_binomial_at_its_ends() -> None:
    assert special.binomial_pmf(0, 5, 0.0) == 1
    assert special.binomial_pmf(5, 5, 1.0) == 1
    assert special.binomial_pmf(4, 5, 1.0) == 0
    assert special.binomial_cdf(-1, 5, 0.5) == 0
    assert special.binomial_sf(-1, 5, 0.5) == 1
    assert special.binomial_cdf(5, 5, 0.2) == 1
    assert special.binomial_sf(5, 5, 0.2) == 0


def test_points_beyond_the_support_have_probability_0_or_1() -> None:
    assert special.gamma_cdf(-1.0, 2.0) == 0
    assert special.gamma_sf(math.inf, 2.0) == 0
    assert special.beta_cdf(-0.1, 2, 3) == 0
    assert special.beta_cdf(1.1, 2, 3) == 1
    assert special.f_sf(0.0, 2, 3) == 1
    assert special.f_sf(math.inf, 2, 3) == 0


@pytest.mark.deep
def test_thousands_of_random_arguments_agree_with_mpmath() -> None:
    rng = random.Random(11)
    half = mp.mpf(1) / 2
    for _ in range(3000):
        dof = 10 ** rng.uniform(-0.5, 2.4)
        p = rng.choice([rng.random(), 10 ** rng.uniform(-30, -1), 1 - 10 ** rng.uniform(-14, -1)])
        t, nu = special.t_quantile(p, dof), mp.mpf(dof)
        tail = mp.betainc(nu / 2, half, 0, nu / (nu + mp.mpf(t) ** 2), regularized=True) / 2
        error = (tail - min(mp.mpf(p), 1 - mp.mpf(p))) / _t_density(mp.mpf(t), nu) / t
        assert abs(float(error)) < 1e-12
        a, b, x = 10 ** rng.uniform(-1, 2), 10 ** rng.uniform(-1, 2), rng.random()
        lower = mp.betainc(mp.mpf(a), mp.mpf(b), 0, mp.mpf(x), regularized=True)
        if lower > 1e-280:
            assert _relative(special.beta_cdf(x, a, b), lower) < 2e-13
        upper = mp.gammainc(mp.mpf(a), mp.mpf(3 * a * x), mp.inf, regularized=True)
        if upper > 1e-280:
            assert _relative(special.gamma_sf(3 * a * x, a), upper) < 2e-13
