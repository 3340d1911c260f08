"""Planning: which input must improve for U ≤ target, the fewest readings, the cheapest standard, a sweep."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chuan.metrology.command import main
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
from chuan.metrology.inputs.type_a import type_a, type_a_autocorrelated, type_a_pooled
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
    sweep_value,
    with_readings,
    with_value,
)
from chuan.metrology.special import t_coverage
from chuan.metrology.words import Refused
from tests.metrology.measurements import H2, end_gauge, measured, normal
from tests.metrology.test_gum_agreement import measurements

ROOT = Path(__file__).parents[2]
GAUGE = str(ROOT / "examples" / "end_gauge.toml")
#: Mean 10, s = 2 exactly.
READINGS = (8.0, 12.0, 10.0, 8.0, 12.0)


def summed(*parts: tuple[float, float], **more: object) -> Measurement:
    """y = a + b + … with one normal component each, (u, ν)."""
    names = "abcdef"[: len(parts)]
    inputs = [normal(name, 1.0, part) for name, part in zip(names, parts, strict=True)]
    return measured("+".join(names), *inputs, **more)


def read_and(b: float = 0.1, **more: object) -> Measurement:
    """y = a + b with a from readings and b normal."""
    return measured("a + b", Input.from_observations("a", READINGS), normal("b", 1.0, (b, math.inf)), **more)


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
@settings(max_examples=12, deadline=None)
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


# How many readings


def test_as_many_readings_as_there_are_change_nothing() -> None:
    measurement = read_and()
    assert with_readings(measurement, "a", len(READINGS)) == measurement


@pytest.mark.parametrize("n", [2, 3, 6, 40])
def test_more_readings_with_the_same_scatter_are_what_type_a_finds(n: int) -> None:
    # Readings ±d about 10 with s = 2: d = 2·√((n − 1)/n) for even n; for odd n one reading is the mean.
    half = n // 2
    d = 2 * math.sqrt((n - 1) / (2 * half))
    readings = [10.0] * (n - 2 * half) + [10 - d, 10 + d] * half
    (item,) = (one for one in with_readings(read_and(), "a", n).inputs if one.symbol == "a")
    wanted = Input.from_observations("a", readings)
    assert item.standard_uncertainty == pytest.approx(wanted.standard_uncertainty, rel=1e-12)
    assert item.dof == wanted.dof


@given(st.floats(0.3, 6), st.floats(0.01, 2), st.sampled_from(["t", "t-real", "k=2"]))
@settings(max_examples=15, deadline=None)
def test_the_fewest_readings_meet_the_target_and_one_less_does_not(target: float, b: float, coverage: str) -> None:
    measurement = read_and(b, coverage=coverage)
    found = fewest_readings(measurement, "y", target, "a")
    most = 1000
    if found.n is None:
        assert reached(with_readings(measurement, "a", most), "y").expanded_uncertainty > target
        return
    assert reached(with_readings(measurement, "a", found.n), "y") == found.reached
    assert found.reached.expanded_uncertainty <= target
    for n in {2, max(2, found.n - 1), max(2, found.n // 2)} - {found.n}:
        assert n > found.n or reached(with_readings(measurement, "a", n), "y").expanded_uncertainty > target


def test_readings_alone_do_not_lower_what_the_rest_brings() -> None:
    found = fewest_readings(read_and(1.0), "y", 1.5, "a", most=500)
    assert (found.n, found.most, found.n_now) == (None, 500, 5)
    assert found.reached.expanded_uncertainty > 1.96


def test_simultaneous_observations_are_planned_together() -> None:
    measurement = measured("V/I*cos(phi)", simultaneous=(H2,))
    now = measurement.structure
    twelve = with_readings(measurement, "phi", 12).structure
    shrunk = [u * math.sqrt(5 / 12) for u in now.uncertainties]
    assert twelve.uncertainties == pytest.approx(shrunk, rel=1e-9)
    assert twelve.values == pytest.approx(now.values, rel=1e-14)
    for row, wanted in zip(twelve.groups[0].correlation, now.groups[0].correlation, strict=True):
        assert row == pytest.approx(wanted, rel=1e-9)
    assert twelve.groups[0].block_dof == 11
    u = reached(measurement, "y").standard_uncertainty
    found = fewest_readings(measurement, "y", 0.1, "V")
    assert found.symbols == ("V", "I", "phi")
    # One block: ν = n − 1 and u = s/√n.
    assert found.n == next(n for n in range(4, 99) if t_coverage(0.95, n - 1) * u * math.sqrt(5 / n) <= 0.1)
    with pytest.raises(Refused, match="needs at least 4 observations, found 3"):
        with_readings(measurement, "V", 3)


def test_a_pooled_scatter_keeps_its_degrees_of_freedom_and_allows_one_reading() -> None:
    found = type_a_pooled(READINGS, 2.5, 30)
    part = Component("", StudentT(found.mean, found.standard_uncertainty, found.dof))
    measurement = measured("a", Input("a", found.mean, (part,), found))
    once = reached(with_readings(measurement, "a", 1), "y")
    assert once.standard_uncertainty == 2.5
    assert once.effective_dof == pytest.approx(30)
    assert fewest_readings(measurement, "y", 6.0, "a").n == 1
    # k = t(30) throughout: n ≥ (k·2.5/1)².
    assert fewest_readings(measurement, "y", 1.0, "a").n == math.ceil((t_coverage(0.95, 30) * 2.5) ** 2)


def test_autocorrelated_readings_count_for_less_each() -> None:
    readings = [math.sin(k / 3) + 0.01 * (k % 3) for k in range(40)]
    found = type_a_autocorrelated(readings)
    assert found.standard_uncertainty > 1.5 * type_a(readings).standard_uncertainty
    part = Component("", StudentT(found.mean, found.standard_uncertainty, found.dof))
    measurement = measured("a", Input("a", found.mean, (part,), found))
    double = with_readings(measurement, "a", 80).inputs[0]
    assert double.standard_uncertainty == pytest.approx(found.standard_uncertainty / math.sqrt(2), rel=1e-12)
    assert double.dof == pytest.approx(2 * (found.dof + 1) - 1, rel=1e-9)


# Which standard


def test_the_cheapest_that_meets_the_target_is_chosen_and_all_are_judged() -> None:
    measurement = summed((3.0, math.inf), (4.0, math.inf))
    offers = [Offer("fine", 1.0, 900.0), Offer("good", 2.0, 300.0), Offer("poor", 9.0, 10.0), Offer("dear", 2.0, 400.0)]
    found = cheapest(measurement, "y", 8.0, Lever("b"), offers)
    assert found.chosen is not None
    assert found.chosen.offer.name == "good"
    assert [one.meets for one in found.judged] == [True, True, False, True]
    for one in found.judged:
        direct = reached(summed((3.0, math.inf), (one.offer.standard_uncertainty, math.inf)), "y")
        assert one.reached == direct
    assert cheapest(measurement, "y", 1.0, Lever("b"), offers).chosen is None


def test_of_two_that_cost_the_same_the_better_is_chosen_and_few_degrees_of_freedom_count() -> None:
    offers = [Offer("certain", 2.0, 5.0), Offer("uncertain", 1.9, 5.0, dof=2)]
    found = cheapest(summed((1.0, math.inf), (4.0, math.inf)), "y", 9.0, Lever("b"), offers)
    assert found.chosen is not None
    assert found.chosen.offer.name == "certain"


# Along one input


def test_a_sweep_is_the_measurement_made_anew_at_each_point() -> None:
    points = sweep_uncertainty(summed((3.0, 7.0), (4.0, math.inf)), "y", Lever("a"), [1.0, 2.0, 3.0])
    for point in points:
        direct = reached(summed((point.at, 7.0), (4.0, math.inf)), "y")
        assert point.reached.expanded_uncertainty == pytest.approx(direct.expanded_uncertainty, rel=1e-12)


def test_a_sweep_over_the_value_moves_sensitivities() -> None:
    points = sweep_value(measured("a^2", normal("a", 3.0, (0.1, math.inf))), "y", "a", [1.0, 2.0, -4.0])
    assert [point.reached.estimate for point in points] == [1.0, 4.0, 16.0]
    assert [point.reached.standard_uncertainty for point in points] == pytest.approx([0.2, 0.4, 0.8])


# The command


def run(*arguments: str, capsys: pytest.CaptureFixture[str], lang: str = "en") -> tuple[int, str, str]:
    """Status, output and errors of `chuan metrology plan`."""
    status = main(["metrology", "plan", *arguments, "--lang", lang])
    return (status, *capsys.readouterr())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "the file's name is missing"),
        ((GAUGE,), "needs --target U or --sweep INPUT"),
        ((GAUGE, "--target", "1", "--sweep", "d"), "do not go together"),
        ((GAUGE, "--target", "8,5"), "--target must be a finite number"),
        ((GAUGE, "--target", "nan"), "--target must be a finite number"),
        ((GAUGE, "--target", "-1"), "target"),
        ((GAUGE, "--target", "9", "--measurand", "z"), 'there is no measurand "z"'),
        ((GAUGE, "--sweep", "d"), "--sweep needs --from and --to"),
        ((GAUGE, "--sweep", "d", "--from", "1", "--to", "2", "--steps", "0"), "--steps must be 1 to 1000"),
        ((GAUGE, "--target", "80", "--offers", "nowhere.toml"), "nowhere.toml: there is no such file"),
        ((str(ROOT / "examples" / "line.toml"), "--target", "1"), "only kind"),
        (("nowhere.toml", "--target", "1"), "there is no such file"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(*arguments, capsys=capsys)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_an_offers_file_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    offers = tmp_path / "offers.toml"
    offers.write_text('input = "l_s"\noffer = [{ name = "x", standard_uncertainty = 0, cost = 1 }]', encoding="utf-8")
    status, _, err = run(GAUGE, "--target", "80", "--offers", str(offers), capsys=capsys)
    assert status == 2
    assert "offer[0].standard_uncertainty: must be above 0" in err


def test_the_plan_names_what_must_improve_and_the_cheapest_standard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offers = tmp_path / "offers.toml"
    offers.write_text(
        'input = "l_s"\noffer = [{ name = "K", standard_uncertainty = 13, cost = 900, dof = 50 },'
        '{ name = "0", standard_uncertainty = 15, cost = 500, dof = 50 }]',
        encoding="utf-8",
    )
    status, out, _ = run(GAUGE, "--target", "80", "--offers", str(offers), capsys=capsys)
    assert status == 0
    assert "now U = 92.48\u00a0nm" in out
    assert "the smallest possible: below it U rises again" in out
    assert "The cheapest standard that meets the target: 0, cost 500" in out
    vietnamese = run(GAUGE, "--target", "80", capsys=capsys, lang="vi")[1]
    assert "Cùng cải thiện mọi đầu vào như nhau: mỗi u còn 86,5 %." in vietnamese


def test_what_is_printed_as_needed_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(run(GAUGE, "--target", "80", "--json", capsys=capsys)[1])
    assert document["kind"] == "plan"
    needed = {one["lever"]["symbol"]: one["needed"] for one in document["improvements"] if one["needed"]}
    out = run(GAUGE, "--target", "80", capsys=capsys)[1]
    for line in out.splitlines():
        name = line.split(" ")[0]
        if name in needed and "not reached" not in line:
            printed = float(re.split(" {2,}", line)[2].replace("\u00a0", ""))
            assert 0.999 * needed[name] < printed <= needed[name]


def test_readings_are_planned_for_each_input_that_has_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "readings.toml"
    file.write_text(
        'kind = "uncertainty"\nmeasurand = [{ symbol = "y", equation = "a + b" }]\n'
        'input = [{ symbol = "a", observations = [8, 12, 10, 8, 12] },'
        '{ symbol = "b", value = 1, distribution = "normal", standard_uncertainty = 0.1 }]',
        encoding="utf-8",
    )
    assert "The fewest readings of a: " in run(str(file), "--target", "1.5", capsys=capsys)[1]
    assert "More readings of a are not enough" in run(str(file), "--target", "0.1", capsys=capsys)[1]
    assert "may get worse" in run(str(file), "--target", "9", capsys=capsys)[1]


def test_a_sweep_prints_a_line_for_each_point(capsys: pytest.CaptureFixture[str]) -> None:
    sweep = (GAUGE, "--sweep", "l_s", "--from", "0.1", "--to", "0.5", "--steps", "4")
    out = run(*sweep, capsys=capsys)[1]
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["0.1", "0.2", "0.3", "0.4", "0.5"]
    points = json.loads(run(*sweep, "--quantity", "value", "--json", capsys=capsys)[1])["points"]
    assert [point["at"] for point in points] == [0.1, 0.2, 0.3, 0.4, 0.5]
