"""Planning: which input must improve for U ≤ target, and to what u."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chuan.metrology.distributions import (
    Arcsine,
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
from chuan.metrology.inputs import Component, Correlation, Input, Measurement
from chuan.metrology.planning import (
    Improvement,
    Lever,
    Offer,
    cheapest,
    fewest_readings,
    improvements,
    levers,
    reached,
    required,
    scaled,
    standard_uncertainty,
    sweep_uncertainty,
    with_readings,
    with_value,
)
from chuan.metrology.special import t_coverage
from chuan.metrology.words import Refused
from tests.metrology.measurements import H2, end_gauge, measured, normal
from tests.metrology.planned import read_and, summed
from tests.metrology.test_gum_agreement import measurements

# What is refused


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda m: improvements(m, "z", 1.0), 'there is no measurand "z"; there are: y'),
        (lambda m: improvements(m, "y", 0.0), "target: must be above 0"),
        (lambda m: improvements(m, "y", math.nan), "target: must be"),
        (lambda m: required(m, "y", 1.0, Lever("q")), 'there is no input "q"; there are: a, b'),
        (lambda m: required(m, "y", 1.0, Lever("a", 1)), '"a" has 1 components'),
        (lambda m: scaled(m, Lever("a"), -1.0), "factor: must be above 0"),
        (lambda m: fewest_readings(m, "y", 1.0, "b"), '"b" has no observations'),
        (lambda m: fewest_readings(m, "y", 1.0, "a", most=1), "most: must be at least 2"),
        (lambda m: with_readings(m, "a", 1), "n: needs at least 2 observations, found 1"),
        (lambda m: cheapest(m, "y", 1.0, Lever("b"), []), "at least one standard"),
        (lambda m: sweep_uncertainty(m, "y", Lever("a"), [0.0]), "must be above 0"),
        (lambda m: with_value(m, "a", math.inf), "value: must be finite"),
        (lambda _: Offer("x", 0.0, 1.0), "standard_uncertainty: must be above 0"),
        (lambda _: Offer("x", 1.0, -1.0), "cost: must not be negative"),
        (lambda _: Offer("x", 1.0, 1.0, 0.5), "dof: must be at least 1"),
    ],
)
def test_what_cannot_be_planned_is_refused(call: Callable[[Measurement], object], says: str) -> None:
    with pytest.raises(Refused) as refused:
        call(read_and())
    assert says in refused.value.say("en")


def test_a_result_without_u_is_not_planned() -> None:
    tied = measured(
        "a + b", normal("a", 1.0, (0.1, 5)), normal("b", 1.0, (0.1, 5)), correlations=(Correlation(("a", "b"), 0.5),)
    )
    with pytest.raises(Refused, match="has no U"):
        improvements(tied, "y", 0.1)
    assert improvements(replace(tied, coverage="k=2"), "y", 0.1)


def test_a_constant_is_no_lever_and_several_components_need_a_number() -> None:
    several = measured("a*b", normal("a", 1.0, (0.1, 5), (0.2, 9)), Input("b", 2.0))
    assert levers(several) == (Lever("a"), Lever("a", 0), Lever("a", 1))
    with pytest.raises(Refused, match="no uncertainty to change"):
        required(several, "y", 0.1, Lever("b"))
    with pytest.raises(Refused, match="say which of its components"):
        cheapest(several, "y", 0.1, Lever("a"), [Offer("x", 0.1, 1.0)])


def test_an_asymmetric_value_is_not_moved_alone() -> None:
    with pytest.raises(Refused, match="comes from its distribution"):
        with_value(measured("2*a", Input("a", 3.0, (Component("", Exponential(3.0)),))), "a", 4.0)


# To what u


def test_the_needed_u_of_a_sum_is_what_algebra_says() -> None:
    found = required(summed((3.0, math.inf), (4.0, math.inf)), "y", 9.0, Lever("b"))
    k = t_coverage(0.95, math.inf)
    assert found.needed == pytest.approx(math.sqrt((9 / k) ** 2 - 9), rel=1e-12)
    assert found.reached.expanded_uncertainty == pytest.approx(9.0, rel=1e-12)
    assert (found.standard_uncertainty, found.best) == (4.0, None)


def test_a_target_below_what_the_others_leave_cannot_be_reached_alone() -> None:
    found = required(summed((3.0, math.inf), (4.0, math.inf)), "y", 5.8, Lever("b"))
    assert (found.needed, found.best) == (None, 0.0)
    assert found.reached.expanded_uncertainty == pytest.approx(3 * t_coverage(0.95, math.inf), rel=1e-9)


def test_what_is_met_already_says_how_much_worse_an_input_may_get() -> None:
    found = required(summed((3.0, math.inf), (4.0, math.inf)), "y", 20.0, Lever("a"))
    assert found.needed == pytest.approx(math.sqrt((20 / t_coverage(0.95, math.inf)) ** 2 - 16), rel=1e-12)


def test_an_input_that_does_not_act_may_be_anything_and_is_not_listed() -> None:
    idle = measured("a + 0*b", normal("a", 1.0, (1.0, 9)), normal("b", 1.0, (1.0, 9)))
    assert required(idle, "y", 5.0, Lever("b")).needed == math.inf
    assert [one.lever.symbol for one in improvements(idle, "y", 5.0)] == ["a"]
    assert [one.lever.symbol for one in improvements(idle, "y", 0.5)] == ["a"]


def test_an_input_whose_correlation_compensates_is_listed_though_less_of_it_makes_u_larger() -> None:
    found = improvements(measured("V/I*cos(phi)", simultaneous=(H2,)), "y", 0.1)
    assert {one.lever.symbol for one in found} == {"V", "I", "phi"}
    voltage = next(one for one in found if one.lever.symbol == "V")
    assert (voltage.needed, voltage.best) == (None, voltage.standard_uncertainty)


def test_where_k_grows_faster_than_u_falls_the_lowest_u_lies_on_the_way() -> None:
    few = summed((5.0, math.inf), (1.0, 1.0), coverage="t-real")
    found = required(few, "y", 3.0, Lever("a"))
    assert found.needed is None
    lowest = min(t_coverage(0.95, (x * x + 1) ** 2) * math.hypot(x, 1) for x in (0.5 + k * 1e-3 for k in range(5000)))
    assert found.reached.expanded_uncertainty == pytest.approx(lowest, rel=1e-6)
    assert found.reached.expanded_uncertainty <= lowest
    assert found.best is not None
    assert 0.5 < found.best < 5


def test_all_inputs_better_alike_lower_u_alike() -> None:
    gauge = end_gauge(coverage_probability=0.99)
    now = reached(gauge, "y")
    for lever in [one for one in levers(gauge) if one.component is None]:
        gauge = scaled(gauge, lever, 0.7)
    assert reached(gauge, "y").expanded_uncertainty == pytest.approx(0.7 * now.expanded_uncertainty, rel=1e-12)


def put_back(measurement: Measurement, found: Improvement, factor: float = 1.0) -> float:
    """U with the needed u, times a factor, put in place of the present one."""
    assert found.needed is not None
    ratio = factor * found.needed / standard_uncertainty(measurement, found.lever)
    return reached(scaled(measurement, found.lever, ratio), "y").expanded_uncertainty


@given(
    measurements(),
    st.floats(0.3, 1.5),
    st.sampled_from(["t", "t-real", "k=2"]),
    st.lists(st.floats(0.001, 1), max_size=5),
)
@settings(max_examples=12)
def test_the_planned_u_gives_the_target_and_none_above_it_does(
    measurement: Measurement, of_now: float, coverage: str, tried: list[float]
) -> None:
    measurement = replace(measurement, coverage=coverage)
    now = reached(measurement, "y").expanded_uncertainty
    assume(now > 1e-6)
    target = of_now * now
    lever = levers(measurement)[0]
    found = required(measurement, "y", target, lever)
    u = standard_uncertainty(measurement, lever)
    if found.needed is None:
        assert now > target
        for factor in tried:
            assert reached(scaled(measurement, lever, factor), "y").expanded_uncertainty > target
        return
    if math.isinf(found.needed):
        return
    expanded = put_back(measurement, found)
    assert expanded <= target * (1 + 1e-12)
    # Where k jumps U may be below the target, and above it a hair further.
    assert expanded == pytest.approx(target, rel=1e-9) or put_back(measurement, found, 1 + 1e-9) > target
    if coverage != "t":
        assert expanded == pytest.approx(target, rel=1e-9)
    if found.needed < u:
        for share in tried:
            factor = (found.needed + share * (u - found.needed)) / u * (1 + 1e-9)
            assert reached(scaled(measurement, lever, factor), "y").expanded_uncertainty > target


@pytest.mark.parametrize("u", [4.0, 4.3, 4.7])
def test_the_lowest_u_is_found_on_either_side_of_a_grid_point(u: float) -> None:
    few = summed((u, math.inf), (1.0, 1.0), coverage="t-real")
    found = required(few, "y", 3.0, Lever("a"))
    near = [
        reached(summed((1.2 + k * 1e-4, math.inf), (1.0, 1.0), coverage="t-real"), "y") for k in range(-5000, 5000, 50)
    ]
    lowest = min(one.expanded_uncertainty for one in near)
    assert found.reached.expanded_uncertainty <= lowest
    assert found.reached.expanded_uncertainty == pytest.approx(lowest, rel=1e-6)


def test_a_target_that_only_a_jump_of_k_reaches_is_found() -> None:
    gauge = end_gauge(coverage_probability=0.99)
    lever = Lever("l_s")
    # The lowest U of a fine grid lies beside a jump; a hair above it is reachable, a hair below the true one is not.
    grid = [reached(scaled(gauge, lever, k / 4000), "y").expanded_uncertainty for k in range(1, 4001)]
    assert required(gauge, "y", min(grid), lever).needed is not None
    unreachable = required(gauge, "y", 0.999 * min(grid), lever)
    assert unreachable.needed is None
    assert unreachable.reached.expanded_uncertainty <= min(grid)


def test_the_least_demanding_is_first_and_the_hopeless_last() -> None:
    found = improvements(end_gauge(coverage_probability=0.99), "y", 85.0)
    shares = [one.needed / one.standard_uncertainty for one in found if one.needed is not None]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) == 2
    left = [one.reached.expanded_uncertainty for one in found[len(shares) :]]
    assert left == sorted(left)
    assert all(one.needed is None for one in found[len(shares) :])


# What moves


@pytest.mark.parametrize(
    "distribution",
    [
        Normal(3.0, 0.2),
        StudentT(3.0, 0.2, 5.0),
        Rectangular(3.0, 0.2),
        Triangular(3.0, 0.2),
        Trapezoidal(3.0, 0.2, 0.4),
        Arcsine(3.0, 0.2),
        CurvilinearTrapezoid(3.0, 0.2, 0.1),
        Exponential(3.0),
        Gamma(6.0, 0.5),
    ],
)
def test_a_scaled_input_keeps_its_mean_and_kind(distribution: Distribution) -> None:
    measurement = measured("2*a", Input("a", 3.0, (Component("", distribution),)))
    (other,) = scaled(measurement, Lever("a"), 0.25).inputs
    assert other.value == pytest.approx(3.0, rel=1e-15)
    assert other.standard_uncertainty == pytest.approx(0.25 * measurement.inputs[0].standard_uncertainty, rel=1e-12)
    kind = Gamma if isinstance(distribution, Exponential) else type(distribution)
    assert isinstance(other.components[0].distribution, kind)
    assert other.dof == measurement.inputs[0].dof


def test_one_component_moves_alone() -> None:
    measurement = measured("a", normal("a", 1.0, (0.3, 5), (0.4, math.inf)))
    (other,) = scaled(measurement, Lever("a", 1), 0.5).inputs
    assert [part.standard_uncertainty for part in other.components] == [0.3, 0.2]
    assert other.standard_uncertainty == pytest.approx(math.hypot(0.3, 0.2))


def test_what_shares_a_standard_moves_together() -> None:
    inputs = [
        Input(
            name,
            1.0,
            (Component("", Normal(0.0, u), source="calibration", standard="S1"), Component("", Normal(0.0, 0.1))),
        )
        for name, u in (("a", 0.3), ("b", 0.6))
    ]
    measurement = measured("a + b", *inputs)
    moved = scaled(measurement, Lever("a", 0), 0.5)
    assert [item.components[0].standard_uncertainty for item in moved.inputs] == [0.15, 0.3]
    assert [item.components[1].standard_uncertainty for item in moved.inputs] == [0.1, 0.1]
    # One standard: its errors add up, the others do not.
    expected = math.sqrt(0.45**2 + 2 * 0.01)
    assert reached(moved, "y").standard_uncertainty == pytest.approx(expected, rel=1e-12)


def test_simultaneous_observations_scale_about_their_means_and_stay_correlated() -> None:
    measurement = measured("V/I*cos(phi)", simultaneous=(H2,))
    moved = scaled(measurement, Lever("V"), 0.5)
    before, after = measurement.structure, moved.structure
    assert after.values == pytest.approx(before.values, rel=1e-14)
    assert after.uncertainties[0] == pytest.approx(before.uncertainties[0] / 2, rel=1e-9)
    assert after.uncertainties[1:] == before.uncertainties[1:]
    assert after.groups[0].correlation[0] == pytest.approx(before.groups[0].correlation[0], rel=1e-9)
    shifted = with_value(measurement, "I", 0.02).structure
    assert shifted.values[1] == pytest.approx(0.02, rel=1e-12)
    assert shifted.uncertainties[1] == pytest.approx(before.uncertainties[1], rel=1e-9)
