"""Planning: the fewest readings, the cheapest standard, a sweep, and the command."""

import json
import math
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.command import main
from chuan.metrology.distributions import StudentT
from chuan.metrology.inputs import Component, Input
from chuan.metrology.inputs.type_a import type_a, type_a_autocorrelated, type_a_pooled
from chuan.metrology.planning import (
    Lever,
    Offer,
    cheapest,
    fewest_readings,
    reached,
    sweep_uncertainty,
    sweep_value,
    with_readings,
)
from chuan.metrology.special import t_coverage
from chuan.metrology.words import Refused
from tests.metrology.measurements import H2, measured, normal
from tests.metrology.planned import READINGS, read_and, summed

ROOT = Path(__file__).parents[2]
GAUGE = str(ROOT / "examples" / "end_gauge.toml")

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
@settings(max_examples=15)
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
        ((GAUGE, "--sweep", "theta", "--from", "0", "--to", "2"), "--from is a u and must be above 0; found 0"),
        ((GAUGE, "--sweep", "theta", "--from", "1", "--to", "-2"), "--to is a u and must be above 0; found -2"),
        ((str(ROOT / "examples" / "line.toml"), "--target", "1"), "line.toml: kind: only kind"),
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
    assert "a still smaller u makes U rise again" in " ".join(out.split())
    assert "The cheapest standard that meets the target: 0, cost 500" in out
    vietnamese = run(GAUGE, "--target", "80", capsys=capsys, lang="vi")[1]
    assert "Cùng cải thiện mọi đầu vào như nhau: mỗi u còn 86,5 %." in vietnamese


def test_only_inputs_below_whose_best_u_the_uncertainty_rises_are_said_to_do_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "two.toml"
    file.write_text(
        'kind = "uncertainty"\nmeasurand = [{ symbol = "y", equation = "x + c" }]\n'
        'input = [{ symbol = "x", observations = [10.02, 10.05, 10.01, 10.04] },'
        '{ symbol = "c", value = 0, distribution = "normal", standard_uncertainty = 0.004 }]\n',
        encoding="utf-8",
    )
    out = " ".join(run(str(file), "--target", "0.005", capsys=capsys)[1].replace("\u00a0", " ").split())
    best = {
        one["lever"]["symbol"]: one["best"]
        for one in json.loads(run(str(file), "--target", "0.005", "--json", capsys=capsys)[1])["improvements"]
    }
    assert best["x"] == 0 < best["c"]
    assert "Of c (u = 0.003 591) a still smaller u makes U rise again" in out


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
