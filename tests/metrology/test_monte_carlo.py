"""Propagation of distributions: what is refused, the published examples of JCGM 101, what each input draws."""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.distributions import (
    Distribution,
    Exponential,
    Normal,
    Rectangular,
    StudentT,
    Triangular,
)
from chuan.metrology.files import Options, compute
from chuan.metrology.inputs import Component, Correlation, Input, Simultaneous
from chuan.metrology.monte_carlo import (
    Simulation,
    propagate_distributions,
    simulate,
)
from chuan.metrology.monte_carlo.run import Plan, Trials
from chuan.metrology.monte_carlo.sobol import preview
from chuan.metrology.monte_carlo.sources import Alone
from chuan.metrology.words import Refused
from tests.metrology.monte_carlo_cases import known, measured, only
from tests.metrology.published import agrees, at, published

PUBLISHED = ("jcgm101_9_2_2", "jcgm101_9_3", "jcgm101_9_4", "jcgm101_9_5")


# What is refused


def test_a_logarithm_of_many_negative_draws_is_refused_with_their_count() -> None:
    with pytest.raises(Refused) as refused:
        simulate(measured("ln(x)", known("x", Normal(2, 1))), trials=100_000)
    assert refused.value.place == "measurand[0].equation:1"
    assert re.search(r"ln\(-\S+\) has no finite value at x = -\S+; give x a distribution", refused.value.say("en"))
    assert "hãy cho x phân bố nằm trong miền xác định" in refused.value.say("vi")
    expected = 100_000 * 0.02275
    (found,) = (int(word) for word in str(refused.value).split() if word.isdigit() and word != "100000")
    assert found == pytest.approx(expected, abs=5 * math.sqrt(expected))


def test_a_rejected_draw_names_the_inputs_of_the_operation_alone() -> None:
    asked = measured("y = 2*z; w = z + sqrt(a - b)", known("z", Normal(0, 1)), known("a", Normal(3, 1)), Input("b", 2))
    with pytest.raises(Refused, match=r"measurand\[1\].equation:5: .* sqrt\(-\S+\) .* at a = \S+, b = 2; give a, b a"):
        simulate(asked, trials=50_000)
    with pytest.raises(Refused, match=r"sqrt\(-\S+\) .* at a = "):
        preview(asked)


@pytest.mark.parametrize(
    ("equation", "divisor", "place"),
    [
        ("1/x", "x", 1),
        ("3 + x/(x - 0.1)", "x − 0.1", 5),
        ("4*x^-2", "x", 3),
        ("4*x⁻³", "x", 3),
        ("exp(x)*(1/(x/7))", "x/7", 9),
    ],
)
def test_a_divisor_that_crosses_zero_is_refused_by_name(equation: str, divisor: str, place: int) -> None:
    asked = measured(equation, known("x", Normal(0.1, 0.1)))
    for draw in (lambda: simulate(asked, trials=50_000), lambda: preview(asked)):
        with pytest.raises(Refused) as refused:
            draw()
        assert refused.value.place == f"measurand[0].equation:{place}"
        assert f"the divisor {divisor} crosses zero (" in refused.value.say("en")
        assert f"mẫu số {divisor} đổi dấu qua 0 (" in refused.value.say("vi")


@pytest.mark.parametrize("equation", ["sin(x)/x", "x/x", "atan(1/x)", "x^2", "1/(1 + x^2)"])
def test_a_divisor_that_crosses_zero_without_a_pole_is_drawn(equation: str) -> None:
    assert math.isfinite(
        only(measured(equation, known("x", Normal(0.1, 0.1))), trials=50_000).standard_uncertainty or 0
    )


def test_a_divisor_with_a_t_that_has_no_variance_keeps_its_interval() -> None:
    result = only(measured("1/x", known("x", StudentT(10, 0.2, 1))), trials=100_000)
    assert result.standard_uncertainty is None
    assert result.symmetric_interval[0] < 0.1 < result.symmetric_interval[1]


def test_a_model_that_is_nowhere_finite_is_refused_while_it_adapts() -> None:
    with pytest.raises(Refused, match="10000 of 10000 draws"):
        simulate(measured("sqrt(x - 100)", known("x", Normal(2, 1))))


@pytest.mark.parametrize(
    ("options", "place"),
    [({"trials": 0}, "trials"), ({"trials": 10**9}, "trials"), ({"trials": 9}, "trials"), ({"seed": -1}, "seed")],
)
def test_senseless_options_are_refused(options: dict[str, int], place: str) -> None:
    with pytest.raises(Refused) as refused:
        simulate(measured("x + 1", known("x", Normal(0, 1))), **options)
    assert refused.value.place == place


def test_what_a_worker_raises_comes_out() -> None:
    def broken(columns: Sequence[Any]) -> Sequence[Any]:
        raise ArithmeticError("broken")

    plan = Plan((Alone(0, (Normal(0, 1),)),), 1, 1, broken)
    for threads in (1, 2):
        with pytest.raises(ArithmeticError, match="broken"):
            Trials(plan, seed=1, capacity=100_000, threads=threads).reach(100_000)


# Published examples


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_guides_examples_come_out(name: str) -> None:
    case = published(name)
    result = compute(case["document"], Options(trials=case["trials"]))
    for path, wanted in case["expected"].items():
        tolerance = case["tolerances"].get(path, case["tolerance"])
        assert agrees(at(result, path), wanted, tolerance), (
            f"{path}: {at(result, path)}, printed {wanted} ± {tolerance}"
        )


@pytest.mark.parametrize("r", [0.0, 0.9])
@pytest.mark.parametrize("x1", [0.0, 0.010, 0.050])
def test_comparison_loss_has_its_exact_moments(x1: float, r: float) -> None:
    """X1² + X2² (JCGM 101 9.4): E = x1² + 2u², V = 4u⁴(1 + r²) + 4x1²u², within 5 standard errors."""
    u = 0.005
    correlations = (Correlation(("a", "b"), r),) if r else ()
    inputs = (known("a", Normal(x1, u)), known("b", Normal(0, u)))
    result = only(measured("a^2 + b^2", *inputs, correlations=correlations), trials=300_000)
    exact = math.sqrt(4 * u**4 * (1 + r**2) + 4 * x1**2 * u**2)
    assert result.estimate == pytest.approx(x1**2 + 2 * u**2, abs=5 * exact / math.sqrt(300_000))
    assert result.standard_uncertainty == pytest.approx(exact, rel=0.012)


def test_thermal_expansion_with_rescaled_student_inputs() -> None:
    """NIST TN 1900 E13: u = 1.76e-6 where the scale of each t is chosen to make u its standard deviation."""
    inputs = [
        known(symbol, StudentT(mean, u, 3, rescaled=True))
        for symbol, mean, u in (
            ("L0", 1.4999, 0.0001),
            ("T0", 288.15, 0.02),
            ("L1", 1.5021, 0.0002),
            ("T1", 373.10, 0.05),
        )
    ]
    result = only(measured("(L1 - L0)/(L0*(T1 - T0))", *inputs), trials=400_000)
    assert result.estimate == pytest.approx(1.7266209e-5, abs=0.02e-6)
    assert result.standard_uncertainty == pytest.approx(1.76e-6, abs=0.05e-6)


def test_observations_are_a_t_about_their_mean() -> None:
    """t(n − 1) with scale s/√n: the interval is mean ± t(0.975; 4)·s/√n = ± 2.77644511·s/√n."""
    item = Input.from_observations("x", [10.1, 10.3, 9.9, 10.2, 10.0])
    low, high = only(measured("x", item), trials=400_000).symmetric_interval
    half = 2.7764451051977934 * math.sqrt(0.025 / 5)
    assert low == pytest.approx(10.1 - half, abs=0.02 * half)
    assert high == pytest.approx(10.1 + half, abs=0.02 * half)


def test_simultaneous_observations_have_n_less_their_number_degrees_of_freedom() -> None:
    """JCGM 100 H.2, n 5, N 3: V/I is nearly linear, so its half width is t(0.975; 2)·u·√((n − 1)/(n − N)), u 0.2363."""
    v = (5.007, 4.994, 5.005, 4.990, 4.999)
    i = (19.663e-3, 19.639e-3, 19.640e-3, 19.685e-3, 19.678e-3)
    phi = (1.0456, 1.0438, 1.0468, 1.0428, 1.0433)
    block = Simultaneous(("V", "I", "phi"), tuple(zip(v, i, phi, strict=True)))
    simulation = propagate_distributions(measured("Z = V/I; R = Z*cos(phi)", simultaneous=(block,)), trials=400_000)
    assert simulation.notes == ("no-variance",)
    assert simulation.results is not None
    z, _ = simulation.results
    assert z.standard_uncertainty is None
    assert z.estimate == pytest.approx(254.26, abs=0.05)
    half = 4.302652729749464 * 0.23634 * math.sqrt(2)
    assert (z.symmetric_interval[1] - z.symmetric_interval[0]) / 2 == pytest.approx(half, rel=0.02)
    assert simulation.correlation == ((1.0, None), (None, 1.0))


# What is drawn


def test_components_are_drawn_one_by_one_and_added() -> None:
    """Four rectangles ±1 in one input, so x is 6 + 2S with S the sum of four uniform numbers."""
    parts = tuple(Component(str(i), Rectangular(0, 1)) for i in range(4))
    result = only(measured("x", Input("x", 10, parts), coverage_probability=0.9), trials=300_000)
    assert result.estimate == pytest.approx(10, abs=0.01)
    assert result.standard_uncertainty == pytest.approx(math.sqrt(4 / 3), rel=0.01)
    # Irwin–Hall of 4 on [0, 4]: P(S ≤ s) = (s⁴ − 4(s − 1)⁴)/24 for 1 ≤ s ≤ 2; here it is to be 0.05.
    roots = (np.poly1d([1, 0, 0, 0, 0]) - 4 * np.poly1d([1, -1]) ** 4 - 24 * 0.05).roots
    (point,) = (root.real for root in roots if abs(root.imag) < 1e-9 and 1 <= root.real <= 2)
    assert result.symmetric_interval[0] == pytest.approx(6 + 2 * point, abs=0.02)


def test_a_correlated_pair_that_is_not_normal_has_no_joint_distribution() -> None:
    pair = (known("a", Rectangular(1, 0.1)), known("b", Normal(2, 0.1)))
    asked = measured("a*b", *pair, correlations=(Correlation(("a", "b"), 0.5),))
    assert propagate_distributions(asked) == Simulation(None, None, ("no-joint-distribution",))
    assert simulate(asked) == ()


def test_a_gaussian_copula_gives_it_one() -> None:
    """a + b of two equal rectangles ±1: V = 2/3·(1 + 6/π·asin(r/2))."""
    pair = (known("a", Rectangular(0, 1)), known("b", Rectangular(0, 1)))
    r = (Correlation(("a", "b"), 0.8),)
    result = only(measured("a + b", *pair, correlations=r, joint="gaussian-copula"), trials=300_000)
    expected = math.sqrt(2 / 3 * (1 + 6 / math.pi * math.asin(0.4)))
    assert result.standard_uncertainty == pytest.approx(expected, rel=0.005)


def test_a_normal_with_degrees_of_freedom_is_normal_here() -> None:
    """ν counts in the GUM only; and such inputs may be correlated."""
    pair = [Input(s, 0, (Component("", Normal(0, 1), 3.0),)) for s in ("a", "b")]
    result = only(measured("a - b", *pair, correlations=(Correlation(("a", "b"), 0.5),)), trials=300_000)
    assert result.standard_uncertainty == pytest.approx(1, rel=0.01)
    assert result.symmetric_interval[1] == pytest.approx(1.96, abs=0.02)


def test_a_standard_used_twice_is_drawn_once() -> None:
    """Its deviation cancels in a difference whatever its distribution; the repeatabilities, not normal, remain."""

    def item(symbol: str) -> Input:
        shared = Component("standard", Rectangular(0, 5), standard="M1")
        return Input(symbol, 100, (shared, Component("repeatability", StudentT(0, 0.1, 10, rescaled=True))))

    difference, total = (
        only(measured(equation, item("a"), item("b")), trials=200_000) for equation in ("a - b", "a + b")
    )
    assert difference.standard_uncertainty == pytest.approx(0.1 * math.sqrt(2), rel=0.02)
    assert total.standard_uncertainty == pytest.approx(math.hypot(10 / math.sqrt(3), 0.1 * math.sqrt(2)), rel=0.01)


def test_two_causes_of_one_standard_are_drawn_apart() -> None:
    """Calibration ±5 is shared, drift ±3 only in b, by another shape: a − b leaves the drift alone."""
    calibration = Component("calibration", Rectangular(0, 5), standard="M1")
    drift = Component("drift", Triangular(0, 3), standard="M1")
    a, b = Input("a", 100, (calibration,)), Input("b", 90, (calibration, drift))
    result = only(measured("a - b", a, b), trials=200_000)
    assert result.estimate == pytest.approx(10, abs=0.02)
    assert result.standard_uncertainty == pytest.approx(3 / math.sqrt(6), rel=0.01)


def test_one_cause_in_two_shapes_has_no_joint_distribution() -> None:
    shapes: tuple[Distribution, ...] = (Rectangular(0, 5), Normal(0, 1))
    a, b = (Input(s, 1, (Component("c", d, standard="M1"),)) for s, d in zip("ab", shapes, strict=True))
    assert propagate_distributions(measured("a - b", a, b)).results is None


# Where a variance does not exist


@pytest.mark.parametrize(("dof", "has_estimate"), [(2.0, True), (1.5, True), (1.0, False), (0.5, False)])
def test_a_t_of_two_degrees_or_fewer_has_no_standard_uncertainty(dof: float, has_estimate: bool) -> None:
    asked = measured("y = a + b; z = 2*b", known("a", StudentT(0, 1, dof)), known("b", Normal(0, 1)))
    simulation = propagate_distributions(asked, trials=20_000)
    assert simulation.results is not None
    y, z = simulation.results
    assert y.standard_uncertainty is None
    assert (y.estimate is not None) == has_estimate
    assert y.symmetric_interval[0] < 0 < y.symmetric_interval[1]
    assert z.standard_uncertainty == pytest.approx(2, rel=0.05)
    assert simulation.notes == ("no-variance",)
    assert simulation.correlation == ((1.0, None), (None, 1.0))


def test_it_still_adapts() -> None:
    result = only(measured("a", known("a", StudentT(0, 1, 1)), coverage_probability=0.68))
    assert result.symmetric_interval[1] == pytest.approx(math.tan(math.pi * 0.34), rel=0.03)


# Properties


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 3)), min_size=1, max_size=4),
    st.integers(0, 2**32),
)
def test_linear_gaussian_models_come_out_exactly(terms: list[tuple[float, float]], seed: int) -> None:
    """y = Σ c·x: u = √Σ(c·u)² and ±1.96 u, within 6 standard errors."""
    inputs = [known(f"x{i}", Normal(i, u)) for i, (_, u) in enumerate(terms)]
    text = " + ".join(f"({c!r})*x{i}" for i, (c, _) in enumerate(terms))
    result = only(measured(text, *inputs), trials=20_000, seed=seed)
    mean = math.fsum(c * i for i, (c, _) in enumerate(terms))
    u = math.hypot(*(c * u for c, u in terms))
    slack = 1e-12 * (1 + abs(mean))
    assert result.estimate == pytest.approx(mean, abs=6 * u / math.sqrt(20_000) + slack)
    assert result.standard_uncertainty == pytest.approx(u, rel=6 / math.sqrt(40_000), abs=slack)
    assert result.symmetric_interval[1] - result.symmetric_interval[0] == pytest.approx(3.92 * u, rel=0.09, abs=slack)


def test_monte_carlo_goes_to_the_gum_as_the_model_straightens() -> None:
    """y = x + ε·x², x ~ N(0, 1): u² = 1 + 2ε² exactly, mean ε; both go to the GUM's 1 and 0 as ε → 0."""
    for epsilon in (0.5, 0.1, 0.01, 0.0):
        result = only(measured(f"x + {epsilon}*x^2", known("x", Normal(0, 1))), trials=200_000, seed=4)
        assert result.estimate == pytest.approx(epsilon, abs=0.015)
        assert result.standard_uncertainty == pytest.approx(math.sqrt(1 + 2 * epsilon**2), rel=0.012)


def test_intervals_hold_their_probability() -> None:
    """The probability inside [y(r), y(r+q)] is Beta(q, M − q + 1), mean q/(M + 1), whatever the distribution."""
    held = []
    for seed in range(60):
        low, high = only(measured("x", known("x", Exponential(1))), trials=2000, seed=seed).symmetric_interval
        held.append(math.exp(-low) - math.exp(-high))
    assert np.mean(held) == pytest.approx(1900 / 2001, abs=5 * math.sqrt(0.95 * 0.05 / 2000 / 60))


@given(st.floats(0.001, 1000), st.floats(-100, 100))
@settings(max_examples=10)
def test_scaling_and_shifting_the_model_scales_and_shifts_the_result(scale: float, shift: float) -> None:
    inputs = (known("a", StudentT(1, 0.1, 5)), known("b", Rectangular(2, 0.3)))
    plain = only(measured("a*b", *inputs), trials=5000)
    other = only(measured(f"{scale!r}*(a*b) + ({shift!r})", *inputs), trials=5000)
    for before, after in zip(plain.shortest_interval, other.shortest_interval, strict=True):
        assert after == pytest.approx(scale * before + shift, rel=1e-9, abs=1e-9)
    assert other.standard_uncertainty == pytest.approx(scale * (plain.standard_uncertainty or 0), rel=1e-9)
