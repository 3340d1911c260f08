"""The readable result of an `uncertainty` file as a laboratory's budget: title, equation, units, distributions."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuan.metrology.command import main
from chuan.metrology.distributions import Distribution
from chuan.metrology.explaining.phrases import degrees
from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.files.reading import parse
from chuan.metrology.files.uncertainty.description import NAMES, description, quotient
from chuan.metrology.gum.coverage import truncated
from chuan.metrology.words import Language
from tests.metrology.uncertainty_documents import GUM, document

EXAMPLES = Path(__file__).parents[2] / "examples"
BUDGETS = sorted(path for path in EXAMPLES.glob("*.toml") if b'kind = "uncertainty"' in path.read_bytes())


def example(name: str) -> dict[str, Any]:
    """A file that comes with the software."""
    return parse((EXAMPLES / f"{name}.toml").read_bytes())


def said(content: dict[str, Any], language: Language = "en") -> str:
    """The readable text of a document, with plain spaces."""
    result = compute(content, Options("gum", language=language))
    return KINDS["uncertainty"].table(result, language, content).replace("\u00a0", " ")


def points(n: int) -> dict[str, Any]:
    """One measurand for each of n points, each with a reading of its own beside a common standard."""
    readings = [
        {"symbol": f"i_{k}", "value": 10 + k, "unit": "mm", "distribution": "rectangular", "half_width": 0.01}
        for k in range(n)
    ]
    standard = {"symbol": "r", "value": 10, "unit": "mm", "standard_uncertainty": 0.01}
    measurands = [{"symbol": f"E_{k}", "equation": f"i_{k} - r", "unit": "mm"} for k in range(n)]
    return {"kind": "uncertainty", "measurand": measurands, "input": [standard, *readings]}


# What is left out


def test_a_result_without_its_document_shows_no_column_for_what_it_does_not_know() -> None:
    text = KINDS["uncertainty"].table(compute(document(), GUM), "en")
    assert "Distribution" not in text
    assert "Unit" not in text


def test_an_input_that_is_not_in_the_equation_has_no_line_and_one_of_zero_sensitivity_has() -> None:
    content = example("resistance")
    impedance = said(content).split("Z = V/I")[1]
    assert not re.search(r"^phi ", impedance, re.MULTILINE)
    assert re.search(r"^alpha_s .* 0 %$", said(example("end_gauge")), re.MULTILINE)


def test_an_input_spelled_otherwise_in_the_equation_keeps_its_line() -> None:
    one = {"symbol": "alpha", "value": 0.0, "standard_uncertainty": 0.1}
    other = {"symbol": "b", "value": 0.0, "standard_uncertainty": 0.1}
    measurands = [{"symbol": "δ", "equation": "α * b"}, {"symbol": "y", "equation": "2 * delta + b"}]
    text = said({"kind": "uncertainty", "measurand": measurands, "input": [one, other]})
    assert len(re.findall(r"^alpha ", text, re.MULTILINE)) == 2


# What is shown


@pytest.mark.parametrize("path", BUDGETS, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_title_equations_units_and_distributions_fit_on_a_page(path: Path, language: Language) -> None:
    content = example(path.stem)
    text = said(content, language)
    assert text.startswith(f"{content['title']}\n")
    for measurand in content["measurand"]:
        implicit = "implicit" in measurand
        assert (
            f"0 = {measurand['implicit']}" if implicit else f"{measurand['symbol']} = {measurand['equation']}"
        ) in text
        assert f"c·u, {measurand['unit']}" in text
    known = description(content)
    assert all(f" {unit} " in text for unit in known.units.values() if unit)
    assert all(shape.say(language) in text for shapes in known.distributions.values() for shape in shapes)
    assert max(map(len, text.splitlines())) <= 120


def test_each_line_of_the_budget_has_the_distribution_of_its_component() -> None:
    text = said(example("pressure_gauge"), "vi")
    lines = [line for line in text.splitlines() if line.startswith("p_i (")]
    assert [re.findall("chữ nhật|Student t|chuẩn", line)[-1] for line in lines] == [
        "chữ nhật",
        "Student t",
        "chữ nhật",
        "chữ nhật",
    ]


def test_every_distribution_has_a_name() -> None:
    assert set(NAMES) == set(get_args(Distribution))


@pytest.mark.parametrize(
    ("unit", "divisor", "expected"),
    [
        ("nm", "nm", ""),
        ("nm", "K", "nm/K"),
        ("nm", "1", "nm"),
        ("1", "K", "1/K"),
        ("", "", ""),
        ("nm", "1/K", "nm·K"),
        ("1", "1/K", "K"),
        ("g", "kg/m3", "g/(kg/m3)"),
        ("g", "1/(m·K)", "g/(1/(m·K))"),
    ],
)
def test_the_unit_of_a_sensitivity(unit: str, divisor: str, expected: str) -> None:
    assert quotient(unit, divisor) == expected


def test_long_names_are_broken_and_numbers_stay_in_their_columns() -> None:
    content = points(1)
    content["input"][1]["label"] = "độ phân giải của bộ chỉ thị số " * 6
    lines = said(content, "vi").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("i_0"))
    assert max(map(len, lines)) <= 120
    assert lines[start + 1].startswith("  ")
    percent = [line for line in lines if line.endswith(" %")]
    assert len({len(line) for line in percent}) == 1


def test_many_results_begin_with_a_summary_and_end_without_a_matrix() -> None:
    text = said(points(30), "en")
    summary = text.split("\n\n")[0]
    assert [line.split()[0] for line in summary.splitlines()[1:]] == [f"E_{k}" for k in range(30)]
    assert max(map(len, text.splitlines())) <= 120
    assert len(re.findall(r"^i_\d+ ", text, re.MULTILINE)) == 30
    assert "is in --json; the largest in size: r(" in text


def test_a_result_without_u_stands_in_the_summary_too() -> None:
    content = points(2)
    content["input"][1]["dof"] = 5
    content["correlation"] = [{"between": ["r", "i_0"], "coefficient": 0.5}]
    assert re.search(r"^E_0 .*–", said(content).split("\n\n")[0], re.MULTILINE)


def test_every_kind_shows_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    path = EXAMPLES / "conformity.toml"
    assert main(["compute", str(path)]) == 0
    assert capsys.readouterr().out.startswith(f"{parse(path.read_bytes())['title']}\n───")


# Degrees of freedom


def test_the_degrees_of_freedom_of_statement_and_explanation_are_the_same() -> None:
    text = said(example("clinical_thermometer"))
    (stated,) = re.findall(r"degrees of freedom ν = ([\d ]+)", text)
    assert f"with {stated.strip()} degrees of freedom" in text


@given(st.floats(1, 9e8))
def test_the_whole_part_of_what_is_printed_is_the_dof_that_k_is_of(dof: float) -> None:
    printed = degrees(dof).say("en").replace("\u00a0", "")
    assert int(float(printed)) == truncated(dof)
    assert float(printed) == pytest.approx(dof, rel=1e-3)
