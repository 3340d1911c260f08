"""What somebody may write as an equation to harm: nothing executes, hangs or takes memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chuan.metrology.model import Model
from chuan.metrology.words import Refused
from tests.metrology.model_exercise import INPUTS, OUTPUT, check_units, corpus, exercise, fuzzed

ROOT = Path(__file__).resolve().parents[2]
MOST_MS = 100
MOST_MB = 50

TEXTS = tuple(corpus())


def test_the_corpus_has_at_least_300_different_texts() -> None:
    assert len({hostile.text for hostile in TEXTS}) >= 300


@pytest.mark.parametrize("group", dict.fromkeys(hostile.group for hostile in TEXTS))
def test_each_text_is_refused_in_one_line_or_has_its_value(group: str) -> None:
    for hostile in TEXTS:
        if hostile.group != group:
            continue
        outcome, value = exercise(hostile.text)
        assert outcome == hostile.outcome, hostile.label
        if hostile.value is not None:
            assert value == pytest.approx(hostile.value, rel=1e-13), hostile.label


@pytest.mark.parametrize("text", fuzzed())
def test_what_a_search_found_is_refused_or_computed(text: str) -> None:
    outcome, value = exercise(text)
    assert (value is not None) == (outcome == "value")


def test_no_text_executes_hangs_or_takes_memory() -> None:
    """In a process of its own under an audit hook: only placeholders are parsed, only our own code runs."""
    command = [sys.executable, "-m", "tests.metrology.model_exercise"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seen = json.loads(run.stdout)
    assert seen["executed"] == []
    assert seen["ours"] > len(TEXTS), "the hook saw nothing at all"
    assert seen["ms"] < MOST_MS, seen["slowest"]
    assert seen["mb"] < MOST_MB, seen["largest"]
    assert not (ROOT / "owned").exists()


@pytest.mark.parametrize(
    ("text", "column"),
    [("(((x^100)^100)^100)^100", 3), ("(" * 30 + "x" + ")^2" * 30, 21), ("(((x^-99)^-99)^-99)^-99", 3)],
)
def test_powers_of_powers_of_a_unit_are_refused_where_they_grow_too_large(text: str, column: int) -> None:
    refusal = check_units(Model.from_equations([(OUTPUT, text)], ["x"]), {"x": "mm"})
    assert refusal is not None
    assert refusal.place == f"measurand[0].equation:{column}"
    assert "smaller powers" in refusal.say("en")
    assert "lũy thừa nhỏ hơn" in refusal.say("vi")


def test_units_that_double_from_equation_to_equation_are_bounded() -> None:
    doubling = [("y0", "x*x")] + [(f"y{number}", f"y{number - 1}*y{number - 1}") for number in range(1, 200)]
    refusal = check_units(Model.from_equations(doubling, ["x"]), {"x": "mm"})
    assert refusal is not None
    assert refusal.place == "measurand[9].equation:1"


@pytest.mark.parametrize("text", ["x\ud800", "\udfff", "x + \ud83d"])
def test_lone_surrogates_are_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        Model.from_equations([(OUTPUT, text)], list(INPUTS))
    assert "U+" in refused.value.say("en")


@pytest.mark.parametrize(
    "symbol",
    [
        "",
        " ",
        "x y",
        "1x",
        "_x",
        "__import__",
        "x.y",
        "x\u200b",
        "x-y",
        "pi",
        "π",
        "sin",
        "hypot",
        "x" * 65,
        "x\n",
        "'x'",
    ],
)
def test_a_hostile_symbol_is_refused_wherever_it_is_declared(symbol: str) -> None:
    with pytest.raises(Refused) as as_input:
        Model.from_equations([(OUTPUT, "1")], [symbol])
    with pytest.raises(Refused) as as_output:
        Model.from_equations([(symbol, "1")], [])
    assert as_input.value.place == "input[0].symbol"
    assert as_output.value.place == "measurand[0].symbol"
    assert "\n" not in as_input.value.say("vi")


@pytest.mark.parametrize(
    "symbol", ["lambda", "import", "None", "e", "j", "exec", "t0", "v0", "n1", "o0", "out", "answer"]
)
def test_a_symbol_may_be_a_word_of_python_or_of_our_own_code(symbol: str) -> None:
    model = Model.from_equations([(OUTPUT, f"2*{symbol} + x")], ["x", symbol])
    assert model.values([1.0, 3.0]) == (7.0,)
    assert model.value_and_gradient([1.0, 3.0]) == ((7.0,), ((1.0, 2.0),))


def test_many_equations_are_bounded_as_one_is() -> None:
    doubling = [("y0", "x+1")] + [(f"y{number}", f"y{number - 1}*y{number - 1}") for number in range(1, 200)]
    model = Model.from_equations(doubling, ["x"])
    with pytest.raises(Refused, match=r"measurand\[1\d\]\.equation:1: .*no finite value"):
        model.values([1.0])
    assert len(model.write("mathml", "y199")) < 1000
    for equations, inputs in (
        ([(f"y{number}", "x") for number in range(201)], ["x"]),
        ([("y", "x0")], [f"x{number}" for number in range(1001)]),
        ([(f"y{number}", "x+" * 150 + "x") for number in range(40)], ["x"]),
    ):
        with pytest.raises(Refused, match="allowed"):
            Model.from_equations(equations, inputs)
