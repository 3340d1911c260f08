"""Equations written out: plain text reads back to the same model, MathML is well-formed, typst compiles."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
import typst
from hypothesis import given, settings

from chuan.metrology.model import Model
from tests.metrology.model_cases import SYMBOLS, Tree, model_of, trees

MATHML = "{http://www.w3.org/1998/Math/MathML}"


def equation(text: str, *inputs: str) -> Model:
    return Model.from_equations([("r", text)], inputs or ("a", "b", "c"))


def test_a_symbol_that_is_no_measurand_cannot_be_written() -> None:
    with pytest.raises(ValueError):
        equation("a").write("plain", "a")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a+b*c", "a + b·c"),
        ("(a+b)*c", "(a + b)·c"),
        ("a-(b-c)", "a − (b − c)"),
        ("a-b-c", "a − b − c"),
        ("a/(b*c)", "a/(b·c)"),
        ("a/b/c", "a/b/c"),
        ("a*(b/c)", "a·(b/c)"),
        ("-a^2", "−a^2"),
        ("(-a)^2", "(−a)^2"),
        ("a^-2", "a^−2"),
        ("a^b^c", "a^(b^c)"),
        ("(a^b)^c", "(a^b)^c"),
        ("a - -b", "a − (−b)"),
        ("a*-b", "a·(−b)"),
        ("2*pi*sqrt(a/b)", "2·pi·sqrt(a/b)"),
        ("hypot(a, b)", "hypot(a, b)"),
        ("1e-6*a", "1e-06·a"),
    ],
)
def test_plain_text_has_the_parentheses_that_are_needed(text: str, plain: str) -> None:
    assert equation(text).write("plain", "r") == f"r = {plain}"


@settings(max_examples=150)
@given(trees)
def test_plain_text_reads_back_to_the_same_model(tree: Tree) -> None:
    model = model_of(tree)
    again = model.write("plain", "r").split(" = ")[1]
    assert Model.from_equations([("r", again)], SYMBOLS).hash == model.hash


def test_measurands_are_written_by_their_symbol_where_they_are_used() -> None:
    model = Model.from_equations([("V", "a*b"), ("k", "2"), ("rho", "m/V + k*a")], ["a", "b", "m"])
    assert [model.write("plain", one) for one in model.outputs] == ["V = a·b", "k = 2", "rho = m/V + 2·a"]


@settings(max_examples=40)
@given(trees)
def test_mathml_is_well_formed(tree: Tree) -> None:
    model = model_of(tree)
    root = ElementTree.fromstring(model.write("mathml", "r"))
    assert root.tag == f"{MATHML}math"
    assert {element.tag for element in root.iter()} <= {
        MATHML + tag for tag in ("math", "mrow", "mi", "mn", "mo", "mfrac", "msup", "msub", "msqrt")
    }


def test_mathml_shows_greek_letters_subscripts_and_decimal_commas() -> None:
    model = equation("0.5*alpha_s/L_1 + 1.5e-7", "alpha_s", "L_1")
    vietnamese, english = model.write("mathml", "r"), model.write("mathml", "r", "en")
    assert "<msub><mi>α</mi><mi>s</mi></msub>" in vietnamese
    assert "<mn>0,5</mn>" in vietnamese
    assert "<mn>0.5</mn>" in english
    assert "<msup><mn>10</mn><mrow><mn>−7</mn></mrow></msup>" in english


def test_typst_of_every_operation_compiles(tmp_path: Path) -> None:
    texts = [
        "a + b - c*2.5/(a - b)",
        "-a^2 + (-b)^-0.5 - 1e-7*c",
        "exp(-a/2)*ln(b) + log10(c) - sqrt(a*b)",
        "sin(a) + cos(b)*tan(c) - asin(a) + acos(b) + atan(c)",
        "sinh(a) + cosh(b) - tanh(c) + abs(a - b) + hypot(a, b)*pi",
        "dalpha*alpha_s2 + độ_ẩm + x₁",
    ]
    inputs = ["a", "b", "c", "dalpha", "alpha_s2", "độ_ẩm", "x₁"]
    model = Model.from_equations([(f"r_{number}", text) for number, text in enumerate(texts)], inputs)
    source = tmp_path / "equations.typ"
    for language in ("vi", "en"):
        lines = [f"$ {model.write('typst', one, language)} $" for one in model.outputs]
        source.write_text("\n".join(lines), encoding="utf-8")
        assert typst.compile(str(source), format="svg")
    assert "frac(a, b)" in equation("a/b").write("typst", "r")
    assert '"0,5"' in equation("0.5*a").write("typst", "r")
