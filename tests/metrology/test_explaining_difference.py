"""The difference of two budgets, in parts that add up to it and in words."""

import json
import math
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from chuan.metrology.command import main
from chuan.metrology.distributions import Normal, Rectangular
from chuan.metrology.explaining.apportion import apportioned
from chuan.metrology.explaining.difference import Difference, differences
from chuan.metrology.explaining.difference_words import describe, uncertainty_column, value_column
from chuan.metrology.inputs import Component, Correlation, Input, Measurement
from chuan.metrology.planning import Lever
from chuan.metrology.planning.levers import changed
from chuan.metrology.words import Refused
from tests.metrology.explained import EXAMPLES, INFINITE, said
from tests.metrology.measurements import end_gauge, measured, normal
from tests.metrology.test_gum_agreement import EQUATION_OF, measurements


def difference(before: Measurement, after: Measurement) -> Difference:
    """The difference of the one measurand."""
    (found,) = differences(before, after)
    return found


def value_parts(found: Difference) -> dict[str, float]:
    """Each input's part of Δy."""
    parts: dict[str, float] = {}
    for part in found.parts:
        parts[part.symbol] = parts.get(part.symbol, 0.0) + part.value_part
    return parts


# What is refused


def test_two_results_without_a_common_measurand_are_not_compared() -> None:
    first = measured("p = a; q = 2*a", normal("a", 1.0, (0.1, 5)))
    second = measured("r = a; s = 2*a", normal("a", 1.0, (0.1, 5)))
    with pytest.raises(Refused, match="no common measurand to compare: p, q and r, s"):
        differences(first, second)


def test_values_in_two_units_are_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (EXAMPLES / "end_gauge.toml").read_text(encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text(text.replace('value = 215\nunit = "nm"', 'value = 215\nunit = "µm"'), encoding="utf-8")
    assert main(["metrology", "explain", str(EXAMPLES / "end_gauge.toml"), str(other), "--lang", "en"]) == 2
    assert "µm" in capsys.readouterr().err


def budget_of_two(folder: Path, name: str, symbols: str = "yab", unit: str = "", unit_of_a: str = "") -> str:
    """A file of y = a + b in one unit; without a unit it states none."""
    y, a, b = tuple(symbols)
    lines = [f'kind = "uncertainty"\n[[measurand]]\nsymbol = "{y}"\nequation = "{a} + {b}"', unit]
    for symbol, stated in ((a, unit_of_a or unit), (b, unit)):
        lines += [f'[[input]]\nsymbol = "{symbol}"\nvalue = 10\nstandard_uncertainty = 0.01', stated]
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return str(folder / name)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"unit": 'unit = "µm"'}, 'units of "y" differ: mm and µm'),
        ({"symbols": "zcd", "unit": 'unit = "µm"'}, 'units of "y, z" differ: mm and µm'),
        ({}, 'units of "y" differ: mm and none stated'),
        ({"symbols": "zcd"}, 'units of "y, z" differ: mm and none stated'),
    ],
)
def test_measurands_in_two_units_or_in_none_are_not_subtracted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], other: dict[str, str], words: str
) -> None:
    first = budget_of_two(tmp_path, "a.toml", unit='unit = "mm"')
    second = budget_of_two(tmp_path, "b.toml", **other)
    for pair, last in (((first, second), second), ((second, first), first)):
        assert main(["metrology", "explain", *pair, "--lang", "en"]) == 2
        said_of = capsys.readouterr().err
        assert last in said_of
        assert said_of.count("\n") == 1
    assert main(["metrology", "explain", first, second, "--lang", "en"]) == 2
    assert words in capsys.readouterr().err


def test_an_input_that_states_its_unit_on_one_side_only_is_not_subtracted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = budget_of_two(tmp_path, "a.toml", unit_of_a='unit = "mm"')
    second = budget_of_two(tmp_path, "b.toml")
    assert main(["metrology", "explain", first, second, "--lang", "en"]) == 2
    assert 'units of "a" differ: mm and none stated' in capsys.readouterr().err


def test_a_plain_number_may_leave_its_unit_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = budget_of_two(tmp_path, "a.toml", unit='unit = "1"')
    second = budget_of_two(tmp_path, "b.toml", symbols="zcd")
    assert main(["metrology", "explain", first, second, "--lang", "en"]) == 0
    assert capsys.readouterr().out


# The difference of two


@given(measurements(), measurements())
@settings(max_examples=60)
def test_parts_sum_to_the_differences_and_exchanging_sides_changes_only_signs(
    before: Measurement, after: Measurement
) -> None:
    found, other = difference(before, after), difference(after, before)
    value = [part.value_part for part in found.parts]
    spread = [part.uncertainty_part for part in found.parts]
    scale = max(map(abs, (*value, found.model_part, found.value_change)), default=0.0)
    total = math.fsum([*value, found.model_part, found.value_remainder])
    assert total == pytest.approx(found.value_change, rel=1e-15, abs=1e-15 * scale)
    scale = max(map(abs, (*spread, found.factor_part)), default=0.0)
    total = math.fsum([*spread, found.factor_part, found.uncertainty_remainder])
    assert total == pytest.approx(found.uncertainty_change, rel=1e-15, abs=1e-15 * scale)
    # Besides rounding nothing is left of ΔU; of Δy nothing where the model is the same all the way.
    assert abs(found.uncertainty_remainder) <= 1e-12 * max(scale, *found.uncertainties)
    assert value_parts(other) == {symbol: -part for symbol, part in value_parts(found).items()}
    assert [part.uncertainty_part for part in other.parts] == [-part for part in spread]
    assert (other.model_part, other.factor_part) == (-found.model_part, -found.factor_part)
    assert (other.value_remainder, other.uncertainty_remainder) == (
        -found.value_remainder,
        -found.uncertainty_remainder,
    )
    assert found.model_differs == (EQUATION_OF[before.model.hash] != EQUATION_OF[after.model.hash])


@given(measurements(), st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=3))
@settings(max_examples=40)
def test_a_year_s_change_is_laid_on_the_inputs_without_a_rest(measurement: Measurement, shifts: list[float]) -> None:
    inputs = [
        replace(item, value=item.value * (1 + shift)) for item, shift in zip(measurement.inputs, shifts, strict=True)
    ]
    found = difference(measurement, replace(measurement, inputs=tuple(inputs)))
    scale = max(1.0, *map(abs, value_parts(found).values()))
    assert abs(found.value_remainder) <= 1e-9 * scale
    assert found.model_part == 0
    assert not found.model_differs


def test_a_linear_model_lays_c_times_the_change_on_each_input() -> None:
    def at(a: float, b: float) -> Measurement:
        return measured("3*a - 2*b", normal("a", a, (0.1, 9)), normal("b", b, (0.1, 9)))

    assert value_parts(difference(at(1, 5), at(1.5, 4))) == {"a": pytest.approx(1.5), "b": pytest.approx(2.0)}


def test_a_product_lays_half_of_the_joint_change_on_each() -> None:
    def at(a: float, b: float) -> Measurement:
        return measured("a*b", normal("a", a, (0.1, 9)), normal("b", b, (0.1, 9)))

    # Δ(ab) = Δa·(b₁ + b₂)/2 + Δb·(a₁ + a₂)/2.
    assert value_parts(difference(at(2, 5), at(3, 9))) == {"a": pytest.approx(7.0), "b": pytest.approx(10.0)}


def test_parts_are_the_mean_sensitivity_along_the_way() -> None:
    def at(a: float, b: float) -> Measurement:
        return measured("exp(a)/b + sin(a*b)", normal("a", a, (0.1, 9)), normal("b", b, (0.1, 9)))

    start, end = (0.2, 1.5), (1.1, 2.3)
    found = value_parts(difference(at(*start), at(*end)))

    def slope_a(t: float) -> float:
        a, b = (s + t * (e - s) for s, e in zip(start, end, strict=True))
        return math.exp(a) / b + b * math.cos(a * b)

    def slope_b(t: float) -> float:
        a, b = (s + t * (e - s) for s, e in zip(start, end, strict=True))
        return -math.exp(a) / b**2 + a * math.cos(a * b)

    for symbol, slope, change in (("a", slope_a, 0.9), ("b", slope_b, 0.8)):
        assert found[symbol] == pytest.approx(change * quad(slope, 0, 1, epsabs=1e-13)[0], rel=1e-11)


def test_one_changed_u_accounts_for_all_of_the_change() -> None:
    def with_u(u: float) -> Measurement:
        inputs = (normal("a", 1.0, (u, INFINITE)), normal("b", 1.0, (4.0, INFINITE)))
        return measured("a + b", *inputs, coverage="k=2")

    found = difference(with_u(0.1), with_u(3.0))
    assert [part.uncertainty_part for part in found.parts] == pytest.approx([found.uncertainty_change, 0.0], abs=1e-14)
    assert found.uncertainty_change == pytest.approx(2 * (5 - math.hypot(0.1, 4)))
    assert (found.factor_part, found.value_change) == (0, 0)


def test_a_changed_k_alone_accounts_for_all_of_the_change() -> None:
    first = measured("a", normal("a", 1.0, (0.5, 4)))
    second = measured("a", normal("a", 1.0, (0.5, 20)))
    found = difference(first, second)
    assert [part.uncertainty_part for part in found.parts] == [0.0]
    assert found.factor_part == pytest.approx(found.uncertainty_change, rel=1e-14)
    assert "since ν_eff changes from 4 to 20" in said(describe(found, "A", "B"))


def test_an_input_in_one_budget_only_and_another_equation_are_said() -> None:
    first = measured("a + b", normal("a", 1.0, (0.3, 9)), normal("b", 2.0, (0.1, 9)))
    second = measured("a + b + c", normal("a", 1.5, (0.3, 9)), normal("b", 2.0, (0.1, 9)), normal("c", 0.2, (0.4, 9)))
    found = difference(first, second)
    assert found.model_differs
    assert found.model_part == pytest.approx(0.2, rel=1e-12)
    assert value_parts(found)["a"] == pytest.approx(0.5)
    only_after = next(part for part in found.parts if part.symbol == "c")
    assert only_after.before is None
    assert only_after.after is not None
    text = said(describe(found, "last year", "now"))
    assert "The two sides use different equations; that alone changes y by +0.200." in text
    assert "Only in now: c (0)." in text


def test_an_equation_that_its_predecessor_changes_differs_too() -> None:
    first = measured("p = 2*a; y = p + b", normal("a", 1.0, (0.1, 9)), normal("b", 1.0, (0.1, 9)))
    second = measured("p = 3*a; y = p + b", normal("a", 1.0, (0.1, 9)), normal("b", 1.0, (0.1, 9)))
    unrelated = measured("p = 3*a; y = 2*a + b", normal("a", 1.0, (0.1, 9)), normal("b", 1.0, (0.1, 9)))
    assert [found.model_differs for found in differences(first, second)] == [True, True]
    assert [found.model_part for found in differences(first, second)] == pytest.approx([1.0, 1.0])
    assert [found.symbol for found in differences(first, unrelated)] == ["p", "y"]


def test_the_only_measurand_of_each_is_compared_whatever_it_is_called() -> None:
    first = measured("L = a", normal("a", 1.0, (0.1, 9)))
    second = measured("l = a", normal("a", 1.25, (0.1, 9)))
    found = difference(first, second)
    assert (found.symbol, found.model_differs, found.value_change) == ("l", False, 0.25)


def test_without_u_on_one_side_u_is_compared() -> None:
    inputs = (normal("a", 1.0, (0.1, 5)), normal("b", 1.0, (0.2, 5)))
    tied = measured("a + b", *inputs, correlations=(Correlation(("a", "b"), 0.5),))
    free = measured("a + b", *inputs)
    found = difference(free, tied)
    assert not found.expanded
    assert found.uncertainty_change == pytest.approx(math.sqrt(0.07) - math.sqrt(0.05))
    text = said(describe(found, "A", "B"))
    assert "its correlation has changed" in text
    assert "so u is compared instead" in text


def test_what_a_pole_on_the_way_leaves_is_said() -> None:
    def at(a: float) -> Measurement:
        return measured("sqrt(a^2 - 1)", normal("a", a, (0.01, 9)))

    found = difference(at(-2.0), at(3.0))
    assert value_parts(found) == {"a": 0.0}
    assert found.value_remainder == found.value_change
    assert "cannot be laid on any input" in said(describe(found, "A", "B"))


def test_a_pole_that_no_sensitivity_meets_leaves_no_parts_of_its_own() -> None:
    """a/b from b = 2 to b = −2: the mean of 1/b² grows without end, so b's part is not +249 of a Δy of −10."""
    before = measured("a/b", normal("a", 10.0, (0.1, 9)), normal("b", 2.0, (0.01, 9)))
    after = measured("a/b + c", *(normal(s, x, (0.01, 9)) for s, x in (("a", 10.0), ("b", -2.0), ("c", 0.1))))
    found = difference(before, after)
    assert value_parts(found) == {"a": 0.0, "b": 0.0, "c": 0.0}
    assert found.model_part == pytest.approx(0.1)
    assert found.value_remainder == pytest.approx(-10)
    column = value_column(found)
    assert (str(column.total), str(column.remainder), str(column.other)) == ("-9.9", "-10.0", "0.1")
    assert "y falls by 9.9 (from 5.0 to −4.9), mostly through what cannot be laid on any input (−10.0)" in said(
        describe(found, "A", "B")
    )


def test_components_are_matched_by_their_labels() -> None:
    def of(*parts: tuple[str, float]) -> Measurement:
        components = tuple(Component(label, Rectangular(0.0, half)) for label, half in parts)
        return measured("a", Input("a", 1.0, components), coverage="k=2")

    found = difference(of(("drift", 1.0), ("zero", 2.0)), of(("zero", 2.0), ("drift", 3.0), ("zero", 1.0)))
    assert [(part.label, part.before is None) for part in found.parts] == [
        ("drift", False),
        ("zero", False),
        ("zero", True),
    ]
    assert found.parts[1].uncertainty_part == pytest.approx(0.0, abs=1e-15)


def test_nothing_changed_is_said_as_such() -> None:
    text = said(describe(difference(end_gauge(), end_gauge()), "A", "B"))
    assert text == "From A to B, y stays the same (50 000 838); U stays the same (67)."


def test_parts_that_cancel_are_named() -> None:
    def at(a: float, b: float) -> Measurement:
        return measured("a - b", normal("a", a, (0.1, 9)), normal("b", b, (0.1, 9)))

    text = said(describe(difference(at(1, 1), at(2, 2)), "A", "B"))
    assert "y stays the same (0.00), since parts cancel: a (+1.00, its value from 1.00 to 2.00) and b (−1.00" in text


def test_one_sentence_names_the_causes_in_both_languages() -> None:
    before = end_gauge(coverage_probability=0.99)
    inputs = tuple(replace(item, value=item.value + 12.5) if item.symbol == "d" else item for item in before.inputs)
    after = changed(
        replace(before, inputs=inputs),
        Lever("dtheta"),
        lambda part: replace(part, distribution=Normal(0.0, 0.05)),
    )
    found = difference(before, after)
    sentence = describe(found, "A", "B")[0]
    assert said(sentence).count(". ") == 0
    assert "From A to B, y rises by 12.5 (from 50 000 838.0 to 50 000 850.5), wholly through d (" in said(sentence)
    assert "dtheta (0) (+" in said(sentence)
    assert "its u from 0.029 to 0.050" in said(sentence)
    vietnamese = said(sentence, "vi")
    assert vietnamese.startswith("Từ A đến B, y tăng 12,5 (từ 50 000 838,0 đến 50 000 850,5), do d (")
    assert "hệ số phủ k (+" in vietnamese


@given(measurements(), measurements())
@settings(max_examples=40)
def test_printed_columns_add_up_as_printed(before: Measurement, after: Measurement) -> None:
    found = difference(before, after)
    for column, total in (
        (value_column(found), found.value_change),
        (uncertainty_column(found), found.uncertainty_change),
    ):
        assert sum((*column.parts, column.other, column.remainder), Decimal(0)) == column.total
        assert float(column.total) == pytest.approx(
            total, rel=0.5, abs=0.006 * max(1.0, *map(abs, map(float, column.parts)))
        )
    for text in describe(found, "A", "B"):
        assert text.vi.endswith(".")
        assert text.en.endswith(".")
        assert not re.search(r"[{}]|None|nan|inf\b", text.vi + text.en)


@given(st.lists(st.floats(-1e6, 1e6), max_size=12), st.integers(1, 6))
def test_rounded_parts_add_up_and_none_is_more_than_one_place_off(parts: list[float], digits: int) -> None:
    total = math.fsum(parts)
    cells, whole = apportioned(parts, total, digits)
    assert sum(cells, Decimal(0)) == whole
    largest = max(map(abs, (*parts, total)), default=0.0)
    if largest:
        unit = Decimal(10) ** (math.floor(math.log10(largest)) - digits + 1)
        assert all(abs(Decimal(repr(part)) - cell) <= unit for part, cell in zip(parts, cells, strict=True))
        assert abs(Decimal(repr(total)) - whole) <= unit / 2


def test_the_command_explains_one_file_and_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gauge = EXAMPLES / "end_gauge.toml"
    now = tmp_path / "now.toml"
    text = gauge.read_text(encoding="utf-8")
    now.write_text(text.replace("value = 215", "value = 216.25"), encoding="utf-8")
    assert main(["metrology", "explain", str(gauge), str(now), "--lang", "vi"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Từ end_gauge đến now, l tăng 1,25\u00a0nm")
    columns = [re.split(r" {2,}", line) for line in out.splitlines()]
    (total,) = (row for row in columns if row[0] == "Tổng")
    parts = [row[3] for row in columns if row[0] in ("l_s", "d (độ lặp lại)", "dalpha", "alpha_s", "dtheta")]
    numbers = [Decimal(cell.replace("−", "-").replace(",", ".")) for cell in (*parts, total[3])]
    assert sum(numbers[:-1]) == numbers[-1] == Decimal("1.25")
    assert main(["metrology", "explain", str(gauge), str(now), "--json"]) == 0
    (measurand,) = json.loads(capsys.readouterr().out)["measurands"]
    assert measurand["value_change"] == pytest.approx(1.25, abs=1e-7)
    assert math.fsum(part["value_part"] for part in measurand["parts"]) == pytest.approx(1.25, abs=1e-7)
    assert main(["metrology", "explain", str(EXAMPLES / "pressure_gauge.toml"), "--lang", "en"]) == 0
    assert "Explanation\n– " in capsys.readouterr().out
