"""The law of propagation: what is refused, published results, rules of ν_eff and k, agreement with other programs."""

import math

import pytest

from chuan.metrology.distributions import Constant, Rectangular, StudentT
from chuan.metrology.gum import GumResult, is_nonlinear, propagate
from chuan.metrology.gum.coverage import coverage_factor, coverage_probability, truncated
from chuan.metrology.gum.dof import effective_dof, grouped_uncertainty, willink_hall
from chuan.metrology.gum.dominant import dominant, trapezoid_factor
from chuan.metrology.gum.multivariate import ellipsoid_factor, multivariate, rectangle_factor
from chuan.metrology.gum.second_order import two_digit_tolerance
from chuan.metrology.inputs import Component, Correlation, Group, Input
from chuan.metrology.words import Refused
from tests.metrology.measurements import H1, H2, end_gauge, measured, normal, only

A, B = normal("a", 3.0, (0.1, math.inf)), normal("b", 2.0, (0.2, math.inf))


@pytest.mark.parametrize(
    ("equation", "place"),
    [
        ("ln(a - 3) + b", "measurand[0].equation"),
        ("sqrt(a - 3) + b", "measurand[0].equation"),
        ("b/(a - 3)", "measurand[0].equation"),
        ("exp(1000*a) + b", "measurand[0].equation"),
    ],
)
def test_a_result_that_is_not_finite_is_refused(equation: str, place: str) -> None:
    with pytest.raises(Refused) as refused:
        propagate(measured(equation, A, B))
    assert refused.value.place.startswith(place)
    assert "\n" not in refused.value.say("vi")


@pytest.mark.parametrize(
    ("contributions", "r", "u"),
    [
        ([0.0, 0.0], 0.5, 0.0),
        ([math.inf, 1.0], 0.5, math.inf),
        ([1e200, 1e200], 0.5, 1e200 * 3**0.5),
        ([1e-200, 1e-200], 0.5, 1e-200 * 3**0.5),
        ([0.3, 0.3], -1.0, 0.0),
        ([0.3, 0.4], 1.0, 0.7),
    ],
)
def test_a_correlated_group_has_its_uncertainty_at_any_size(contributions: list[float], r: float, u: float) -> None:
    group = Group((0, 1), ((1.0, r), (r, 1.0)), None, (False, False))
    assert grouped_uncertainty(contributions, group) == pytest.approx(u, rel=1e-14)


def test_terms_of_a_block_and_of_inputs_beside_it_add() -> None:
    """1/ν_eff = Σ (share of u²)²/ν: here shares of 0.36 with ν = 4 and of 0.64 with ν = 8."""
    group = Group((0, 1), ((1.0, 0.0), (0.0, 1.0)), 4.0, (True, True))
    dof, method = effective_dof([0.6, 0.0, 0.8], 1.0, [0.5, 0.5, 1 / 8], [group])
    assert method == "block"
    assert dof == pytest.approx(1 / (0.36**2 / 4 + 0.64**2 / 8), rel=1e-14)
    assert effective_dof([0.0, 0.0, 1.0], 1.0, [0.5, 0.5, 1 / 8], [group]) == (8.0, "welch-satterthwaite")


def test_an_uncertainty_beyond_all_numbers_is_refused() -> None:
    with pytest.raises(Refused, match="not finite"):
        propagate(measured("1e200*a + b", normal("a", 1.0, (1e200, math.inf)), B))


def test_the_end_gauge_of_h1() -> None:
    """GUM H.1: 50 000 838 nm, u 32 nm, ν 16.7 → 16, k 2.92 for 99 %; second order 34 nm (H.1.7)."""
    result = only(end_gauge(coverage_probability=0.99))
    assert result.estimate == 50000838
    assert result.standard_uncertainty == pytest.approx(31.663879111, rel=1e-10)
    assert result.effective_dof == pytest.approx(16.7518557, abs=5e-8)
    assert (result.dof_used, result.dof_method) == (16, "welch-satterthwaite")
    assert result.coverage_factor == pytest.approx(2.92, abs=0.005)
    assert result.expanded_uncertainty is not None
    assert result.expanded_uncertainty == pytest.approx(2.9208 * 31.6639, abs=1e-3)
    assert result.interval == (50000838 - result.expanded_uncertainty, 50000838 + result.expanded_uncertainty)
    assert result.second_order is not None
    assert result.second_order.standard_uncertainty == pytest.approx(34, abs=0.5)
    assert is_nonlinear(result.estimate, result.standard_uncertainty, result.second_order)
    d = end_gauge().inputs[1]
    assert d.standard_uncertainty == pytest.approx(9.6819420, abs=5e-8)
    # 93.74² / (33.64²/24 + 15.21²/5 + 44.89²/8): the guide prints 25.6 from u(d) rounded to 9.7.
    assert d.dof == pytest.approx(8787.1876 / 345.3098991666667, rel=1e-12)


def test_budget_lines_name_every_component_and_their_shares_sum_to_one() -> None:
    result = only(end_gauge())
    names = [(line.symbol, line.label) for line in result.budget]
    assert names == [(symbol, str(k)) for symbol, _, parts in H1 for k in range(len(parts))]
    assert math.fsum(line.share or 0 for line in result.budget) == pytest.approx(1, abs=1e-14)
    by_name = {(line.symbol, line.label): line for line in result.budget}
    assert by_name["dtheta", "0"].contribution == pytest.approx(-16.6, abs=0.05)
    assert by_name["d", "1"].contribution == pytest.approx(3.9)
    assert by_name["d", "1"].dof == 5


def test_shares_may_be_negative_with_correlation() -> None:
    result = only(measured("a - b", A, B, correlations=(Correlation(("a", "b"), 0.9),)))
    assert result.standard_uncertainty**2 == pytest.approx(0.01 + 0.04 - 2 * 0.9 * 0.02)
    shares = [line.share for line in result.budget]
    assert shares == pytest.approx([(0.01 - 0.018) / 0.014, (0.04 - 0.018) / 0.014])


def test_perfect_correlation_can_cancel_everything() -> None:
    c = normal("b", 2.0, (0.1, math.inf))
    result = only(measured("a - b", A, c, correlations=(Correlation(("a", "b"), 1.0),)))
    assert result.standard_uncertainty == 0
    assert [line.share for line in result.budget] == [None, None]
    assert result.expanded_uncertainty == 0


def test_a_constant_alone_has_no_uncertainty() -> None:
    result = only(measured("2*a", Input("a", 3.0, (Component("", Constant(3.0)),))))
    assert (result.estimate, result.standard_uncertainty, result.effective_dof) == (6.0, 0.0, math.inf)
    assert result.second_order is not None
    assert result.second_order.standard_uncertainty == 0


def test_resistance_and_reactance_of_h2() -> None:
    """GUM H.2, tables H.2 and H.4."""
    assert [H2.correlation[0][1], H2.correlation[0][2], H2.correlation[1][2]] == pytest.approx(
        [-0.36, 0.86, -0.65], abs=0.005
    )
    results = propagate(measured("R = V/I*cos(phi); X = V/I*sin(phi); Z = V/I", simultaneous=(H2,)))
    assert [r.estimate for r in results] == pytest.approx([127.732, 219.847, 254.260], abs=5e-4)
    assert [r.standard_uncertainty for r in results] == pytest.approx([0.071, 0.295, 0.236], abs=6e-4)
    assert [r.effective_dof for r in results] == pytest.approx([4, 4, 4])
    assert [r.dof_method for r in results] == ["block"] * 3
    together = multivariate(results)
    rows = together.correlation
    assert [rows[0][1], rows[0][2], rows[1][2]] == pytest.approx([-0.588, -0.485, 0.993], abs=5e-4)
    assert together.covariance[1][1] == pytest.approx(results[1].standard_uncertainty ** 2)
    assert results[0].second_order is None


def test_a_block_is_one_term_beside_independent_inputs() -> None:
    result = only(measured("R = V/I*cos(phi) + a", normal("a", 0.0, (0.3, 7.0)), simultaneous=(H2,)))
    block = only(measured("V/I*cos(phi)", simultaneous=(H2,))).standard_uncertainty ** 2
    expected = (block + 0.09) ** 2 / (block**2 / 4 + 0.09**2 / 7)
    assert result.effective_dof == pytest.approx(expected)
    assert result.dof_method == "block"


def test_correlated_inputs_of_finite_dof_have_no_effective_dof() -> None:
    a, b = normal("a", 3.0, (0.1, 9.0)), normal("b", 2.0, (0.2, math.inf))
    pair = (Correlation(("a", "b"), 0.5),)
    result = only(measured("a + b", a, b, correlations=pair))
    assert result.dof_method == "undefined"
    assert (result.effective_dof, result.dof_used, result.coverage_factor) == (None, None, None)
    assert (result.expanded_uncertainty, result.interval) == (None, None)
    stated = only(measured("a + b", a, b, correlations=pair, coverage="k=2"))
    assert stated.expanded_uncertainty == 2 * stated.standard_uncertainty
    assert stated.coverage_probability is None
    assert only(measured("a + b", a, b, correlations=(Correlation(("a", "b"), 0.0),))).dof_method != "undefined"


def test_correlated_inputs_of_infinite_dof_are_one_infinite_term() -> None:
    c = normal("c", 1.0, (0.3, 4.0))
    result = only(measured("a + b + c", A, B, c, correlations=(Correlation(("a", "b"), 0.5),)))
    variance = 0.01 + 0.04 + 0.02
    assert result.effective_dof == pytest.approx((variance + 0.09) ** 2 / (0.09**2 / 4))
    assert result.dof_method == "welch-satterthwaite"


def test_a_measurand_that_uses_one_of_two_correlated_inputs_has_its_dof() -> None:
    a, b = normal("a", 3.0, (0.1, 9.0)), normal("b", 2.0, (0.2, 5.0))
    first, second = propagate(measured("y = 2*a; z = a + b", a, b, correlations=(Correlation(("a", "b"), 0.5),)))
    assert first.effective_dof == pytest.approx(9)
    assert second.effective_dof is None


@pytest.mark.parametrize("dof", [1.0, 2.0, 7.0, 24.0, 49.0, 123.0])
def test_whole_degrees_of_freedom_stay_whole(dof: float) -> None:
    """Plain floor loses exact whole numbers to rounding: 1/((1 − ε)/7) truncates to 6."""
    result = only(measured("7.3*a", normal("a", 3.0, (0.1 / 3, dof))))
    assert result.dof_used == dof


def test_dof_is_truncated_but_never_below_one() -> None:
    assert truncated(16.999) == 16
    assert truncated(17 - 1e-9) == 17
    assert truncated(0.4) == 1
    assert truncated(math.inf) == math.inf


def test_coverage_t_real_does_not_truncate() -> None:
    whole, real = only(end_gauge()), only(end_gauge(coverage="t-real"))
    assert real.dof_used == real.effective_dof == whole.effective_dof
    assert real.coverage_factor is not None
    assert whole.coverage_factor is not None
    assert real.coverage_factor < whole.coverage_factor


def test_a_stated_k_has_the_probability_of_student_t() -> None:
    result = only(end_gauge(coverage="k=2", coverage_probability=0.99))
    assert result.coverage_factor == 2
    scipy = pytest.importorskip("scipy.stats")
    assert result.coverage_probability == pytest.approx(1 - 2 * scipy.t.sf(2, result.effective_dof), abs=1e-12)
    assert coverage_probability(2.0, math.inf) == pytest.approx(0.9545, abs=5e-5)


def test_second_order_of_a_product_at_zero() -> None:
    """y = a·b at 0: first order sees nothing, u = u_a·u_b exactly."""
    result = only(measured("a*b", normal("a", 0.0, (0.1, math.inf)), normal("b", 0.0, (0.2, math.inf))))
    assert result.standard_uncertainty == 0
    assert result.second_order is not None
    assert result.second_order.standard_uncertainty == pytest.approx(0.02)
    assert is_nonlinear(result.estimate, result.standard_uncertainty, result.second_order)


def test_second_order_of_a_square_is_exact_for_normals() -> None:
    """E(x²) = μ² + σ², V(x²) = 4μ²σ² + 2σ⁴."""
    result = only(measured("a^2", normal("a", 3.0, (0.1, math.inf))))
    assert result.second_order is not None
    assert result.second_order.estimate == pytest.approx(9.01)
    assert result.second_order.standard_uncertainty == pytest.approx(math.sqrt(4 * 9 * 0.01 + 2 * 1e-4))


def test_two_digit_tolerance() -> None:
    assert [two_digit_tolerance(u) for u in (31.66, 0.0996, 99.6, 1.0)] == pytest.approx([0.5, 0.005, 5, 0.05])
    assert two_digit_tolerance(0.0) == 0


def multimeter(*half_widths: float) -> GumResult:
    """Sum of inputs: the first normal with u, the others rectangular."""
    symbols = "abcdef"[: len(half_widths)]
    inputs = [normal("a", 0.1, (half_widths[0], math.inf))]
    inputs += [
        Input(s, 0.0, (Component("", Rectangular(0.0, h)),)) for s, h in zip(symbols[1:], half_widths[1:], strict=True)
    ]
    return only(measured(" + ".join(symbols), *inputs))


def test_one_dominant_rectangle_of_s9() -> None:
    """EA-4/02 S9: u 0.030 V, k 1.65, U 0.05 V [check]."""
    found = dominant(multimeter(0.001, 0.05, 0.011))
    assert found is not None
    assert found.kind == "rectangular"
    assert found.coverage_factor == pytest.approx(1.65, abs=0.005)
    assert found.expanded_uncertainty == pytest.approx(0.05, abs=0.005)


def test_two_dominant_rectangles_of_s10() -> None:
    """EA-4/02 S10: β 0.33, k 1.83, U 0.06 mm [check]."""
    found = dominant(multimeter(0.002, 0.05, 0.025))
    assert found is not None
    assert found.kind == "double-rectangular"
    assert found.edge == pytest.approx(0.33, abs=0.005)
    assert found.coverage_factor == pytest.approx(1.83, abs=0.005)


def test_nothing_dominates_the_end_gauge() -> None:
    assert dominant(only(end_gauge())) is None
    assert dominant(multimeter(0.02, 0.05)) is None


def test_the_trapezoid_factor_holds_its_probability() -> None:
    for edge in (0.0, 0.2, 0.33, 0.7, 0.95, 1.0):
        for p in (0.5, 0.95, 0.99):
            t = trapezoid_factor(p, edge) * math.sqrt((1 + edge**2) / 6)
            under = 2 * min(t, edge) / (1 + edge)
            slope = ((1 - edge) ** 2 - (1 - max(t, edge)) ** 2) / ((1 + edge) * (1 - edge)) if edge < 1 else 0.0
            assert under + slope == pytest.approx(p)


def test_coverage_regions_of_two_measurands() -> None:
    """JCGM 102: the 95 % ellipse of two Gaussians has k 2.45; a rectangle's k is that of p/2 in each tail."""
    assert ellipsoid_factor(0.95, 2) == pytest.approx(2.45, abs=0.005)
    assert ellipsoid_factor(0.95, 1) == pytest.approx(coverage_factor(0.95, math.inf))
    assert rectangle_factor(0.95, 1) == pytest.approx(coverage_factor(0.95, math.inf))
    assert rectangle_factor(0.95, 2) == pytest.approx(coverage_factor(0.975, math.inf))


def test_willink_hall_of_one_set_is_its_own_dof() -> None:
    assert willink_hall([((1.0, -2.0), ((0.04, 0.01), (0.01, 0.09)), 6)]) == pytest.approx(6)
    v = 0.04 - 4 * 0.01 + 4 * 0.09
    both = willink_hall([((1.0, -2.0), ((0.04, 0.01), (0.01, 0.09)), 6)], [(0.3, 8.0)])
    assert both == pytest.approx((v + 0.09) ** 2 / (v**2 / 6 + 0.09**2 / 8))
    assert willink_hall([((0.0,), ((1.0,),), 5)]) == math.inf
    with pytest.raises(Refused):
        willink_hall([((1.0,), ((1.0, 0.0), (0.0, 1.0)), 5)])


def test_student_components_count_with_their_scale() -> None:
    t = Input("a", 1.0, (Component("", StudentT(1.0, 0.3, 4.0)),))
    result = only(measured("2*a", t))
    assert result.standard_uncertainty == pytest.approx(0.6)
    assert result.effective_dof == pytest.approx(4)


def test_degrees_of_freedom_are_whole_within_a_part_in_a_thousand_million() -> None:
    assert truncated(10 * (1 - 8e-10)) == 10
    assert truncated(10 * (1 - 2e-9)) == 9
