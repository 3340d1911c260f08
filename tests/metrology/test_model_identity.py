"""The identity of a model: what changes its hash and what does not; copies and pickles; what may be imported."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from chuan.metrology.model import Model
from tests.metrology.model_cases import Tree, model_of, trees

ROOT = Path(__file__).resolve().parents[2]


def hash_of(text: str, inputs: tuple[str, ...] = ("x", "y", "alpha_s")) -> str:
    return Model.from_equations([("r", text)], inputs).hash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x*y", "y*x + 0"),
        ("x - y", "y - x"),
        ("x*y", "y*x"),
        ("x/y", "x*y^-1"),
        ("x^2", "x*x"),
        ("x^2", "x^2.0000000000000004"),
        ("2*x", "x + x"),
        ("-(x^2)", "(-x)^2"),
        ("x + (y + 1)", "x + y + 1"),
        ("x", "y"),
        ("sin(x)", "cos(x)"),
        ("pi*x", "3.141592653589793*x"),
    ],
)
def test_another_computation_is_another_model(one: str, other: str) -> None:
    assert hash_of(one) != hash_of(other)


def test_other_symbols_or_another_order_of_results_are_another_model() -> None:
    assert hash_of("x", ("x",)) != hash_of("y", ("y",))
    assert Model.from_equations([("a", "x")], ["x"]).hash != Model.from_equations([("b", "x")], ["x"]).hash
    pair = [("a", "x"), ("b", "2*x")]
    assert Model.from_equations(pair, ["x"]).hash != Model.from_equations(pair[::-1], ["x"]).hash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x^2 + y", "x**2+y"),
        ("x^2 + y", "( x ** 2 ) + ( y )"),
        ("x^2 + y", "x² + y"),
        ("x^-1", "x⁻¹"),
        ("x*y - 1", "x×y − 1"),
        ("x*y - 1", "x · y – 1.000"),
        ("x/y", "x÷y"),
        ("0.5*x", "0,5*x"),
        ("0.5*x", ".50*x"),
        ("1e-3*x", "0.001*x"),
        ("alpha_s + x", "α_s + x"),
        ("pi*x", "π*x"),
        ("+x", "x"),
    ],
)
def test_spelling_is_not_part_of_the_identity(one: str, other: str) -> None:
    assert hash_of(one) == hash_of(other)


def test_neither_is_the_order_in_which_inputs_are_declared_nor_an_input_not_used() -> None:
    text = "x - y/alpha_s"
    assert hash_of(text) == hash_of(text, ("alpha_s", "y", "x")) == hash_of(text, ("spare", "y", "α_s", "x"))


def test_the_identity_is_the_sha256_of_a_text_that_can_be_read() -> None:
    """Frozen for ever: stored results name models by it. 0.1 is 0x1.999999999999ap-4 on every release of Python."""
    model = Model.from_equations([("P", "U^2/R"), ("q", "0.1*P + abs(α)")], ["U", "R", "alpha"])
    assert model.tape.canonical() == (
        "chuan tape 1\n"
        "%0 constant 0x1.0000000000000p+1\n"
        "%1 pow U %0\n"
        "%2 div %1 R\n"
        "%3 constant 0x1.999999999999ap-4\n"
        "%4 mul %3 %2\n"
        "%5 abs α\n"
        "%6 add %4 %5\n"
        "output P %2\n"
        "output q %6\n"
    )
    assert model.hash == "60f9564d04b69c1e2a89383c71d847fb07223efecd9d5e88fe05a628cf6f86ed"


@settings(max_examples=60)
@given(trees)
def test_a_copy_or_a_pickle_is_the_same_model(tree: Tree) -> None:
    model = model_of(tree)
    model.vector([1.0, 1.0, 1.0])
    for again in (copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert again == model
        assert again.hash == model.hash
        assert "_compute" not in vars(again)


def test_a_model_that_has_computed_can_be_pickled_and_computes_on() -> None:
    model = Model.from_equations([("r", "x*sin(y)")], ["x", "y"])
    before = model.value_and_gradient([2.0, 0.5]), model.second_order([2.0, 0.5], 0)
    again = pickle.loads(pickle.dumps(model))
    assert (again.value_and_gradient([2.0, 0.5]), again.second_order([2.0, 0.5], 0)) == before


def test_reading_and_differentiating_a_model_needs_no_numpy() -> None:
    program = (
        "import sys; from chuan.metrology.model import Model; import chuan.metrology.units;"
        "m = Model.from_equations([('r', 'x*y')], ['x', 'y']);"
        "m.second_order([1.0, 2.0], 0); m.value_and_gradient([1.0, 2.0]);"
        "sys.exit('numpy' in sys.modules or 'scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_symbols_are_kept_as_declared_and_matched_in_any_spelling() -> None:
    decomposed, composed = "đo\u0323\u0302", "độ"
    assert decomposed != composed
    model = Model.from_equations([("r", f"2*{composed} + μ")], [decomposed, "mu"])
    assert model.inputs == model.used == (decomposed, "mu")
    assert model.values([3.0, 1.0]) == (7.0,)
    assert model.hash == Model.from_equations([("r", f"2*{decomposed} + mu")], [composed, "µ"]).hash
