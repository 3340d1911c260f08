"""The second kernel: what it refuses, what it finds wrong, and that it agrees with the first to 1e-10."""

import ast
import copy
import math
import tomllib
from pathlib import Path
from random import Random
from typing import Any

import mpmath
import pytest
from scipy import stats

import chuan.metrology.checker
from chuan.metrology.checker import TOLERANCE, check, expressions, propagation
from chuan.metrology.files import Options, compute
from chuan.metrology.model import Model
from chuan.metrology.words import Refused
from tests.metrology import model_exercise, random_documents
from tests.metrology.published import FOLDER
from tests.metrology.uncertainty_documents import GUM, document

EXAMPLES = Path(__file__).parents[2] / "examples"
PACKAGE = Path(chuan.metrology.checker.__file__).parent


def uncertainty_documents() -> dict[str, dict[str, Any]]:
    """Every example and published case of the kind."""
    found = {}
    for path in [*EXAMPLES.glob("*.toml"), *FOLDER.glob("*.toml")]:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        content = content.get("document", content)
        if content.get("kind") == "uncertainty":
            found[path.stem] = content
    return found


DOCUMENTS = uncertainty_documents()


def test_another_kind_is_refused() -> None:
    with pytest.raises(Refused, match=r'^kind: the second kernel does not recompute kind = "horoscope"'):
        check({"kind": "horoscope"}, {})


@pytest.mark.parametrize("text", ["", "a +", "(a", "a)", "a b", "2 a", "exp", "exp a", "a $ b", "hypot(a; b)", "1,,2"])
def test_what_it_cannot_read_is_refused_with_the_column(text: str) -> None:
    with pytest.raises(Refused, match="column"):
        expressions.read(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"measurand": [{"symbol": "y", "equation": "a + c"}]},
        {"measurand": [{"symbol": "y", "equation": "a/0 + b"}]},
        {"measurand": [{"symbol": "y", "equation": "hypot(a) + b"}]},
        {"input": [{"symbol": "a", "value": 1, "distribution": "cauchy"}]},
        {"input": []},
        {"coverage": "k=many"},
    ],
)
def test_what_it_cannot_compute_is_refused_in_one_line(changes: dict[str, Any]) -> None:
    result = compute(document(), GUM)
    with pytest.raises(Refused) as refused:
        check(document(**changes), result)
    assert "\n" not in refused.value.say("vi")


def test_a_result_of_another_shape_is_refused() -> None:
    result = compute(document(), GUM)
    del result["measurands"][0]["gum"]["budget"][0]
    with pytest.raises(Refused, match="budget"):
        check(document(), result)
    result["measurands"] = []
    with pytest.raises(Refused, match="measurands"):
        check(document(), result)


def numbers(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all numbers in a result."""
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in numbers(item, (*place, key))]
    if isinstance(value, list):
        return [found for i, item in enumerate(value) for found in numbers(item, (*place, i))]
    return [place] if isinstance(value, (int, float)) and not isinstance(value, bool) else []


@pytest.mark.parametrize("name", ["gum_h1", "gum_h2", "xrf_ratio"])
def test_a_change_of_any_number_is_found(name: str) -> None:
    """Each number of `gum` in turn, off by 1e-8 of it (of u for signed ones near zero): every one must be seen."""
    content = DOCUMENTS[name]
    result = compute(content, GUM)
    places = [place for place in numbers(result) if "gum" in place]
    for place in places if name == "xrf_ratio" else Random(1).sample(places, 12):
        other = copy.deepcopy(result)
        inside: Any = other
        for key in place[:-1]:
            inside = inside[key]
        u = result["measurands"][place[1]]["gum"]["standard_uncertainty"] if place[0] == "measurands" else 1.0
        inside[place[-1]] += 1e-8 * max(abs(inside[place[-1]]), u if place[-1] != "share" else 1.0)
        assert check(content, other).beyond, place


def test_a_number_that_is_missing_is_found() -> None:
    result = compute(document(), GUM)
    for key in ("coverage_factor", "expanded_uncertainty", "interval"):
        other = copy.deepcopy(result)
        other["measurands"][0]["gum"][key] = None
        assert check(document(), other).beyond[0].key.startswith(f"measurands[0].gum.{key}")
    other = copy.deepcopy(result)
    other["measurands"][0]["gum"]["dof_method"] = "block"
    assert check(document(), other).beyond[0].key == "measurands[0].gum.dof_method"


def test_it_imports_nothing_of_the_package_but_the_words() -> None:
    names = {
        name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if name.startswith("chuan")
    }
    assert all(name == "chuan.metrology.words" or name.startswith("chuan.metrology.checker") for name in names)
    assert "chuan.metrology.words" in names


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_examples_and_published_cases_agree(name: str) -> None:
    result = compute(DOCUMENTS[name], GUM)
    found = check(DOCUMENTS[name], result)
    assert found.beyond == ()
    assert found.compared > 15
    assert found.largest is not None
    assert found.largest.relative <= TOLERANCE


@pytest.mark.parametrize("count", [40, pytest.param(10_000, marks=pytest.mark.deep)])
def test_random_documents_agree(count: int) -> None:
    refused = 0
    methods = set()
    for seed in range(count):
        content = random_documents.document(Random(seed))
        try:
            result = compute(content, GUM)
        except Refused:
            refused += 1
            continue
        methods |= {measurand["gum"]["dof_method"] for measurand in result["measurands"]}
        assert check(content, result).beyond == (), seed
    assert refused < 0.1 * count
    assert methods == {"welch-satterthwaite", "block", "undefined"}


def test_both_kernels_read_the_same_in_every_spelling() -> None:
    x = {"a": 1.7, "b": -0.3, "theta_1": 0.4, "ΔT": 2.5, "x₂": 3.1, "đ": 0.9}
    for text in (
        "-a^2 + b − −b",
        "2^-a^2 + 2**3**0.5",
        "-a² · x₂⁻¹ ÷ 3",
        "8,5·a + 0,125*b + 1234,567",
        "hypot(a,b) + hypot((1,5), 2) + hypot(1.5,2)",
        "θ_1·Δ_T/7 + ∆T",
        "a/b/x₂*đ - (a - (b - x₂))",
        "1.5e-3*a + .5*b + 2.*x₂ + 1E2",
        "sin(pi*a) + cos(π/3) + log10(x₂) + ln(đ) + abs(b)",
        "+a - +b^2^0",
        "(a)^(b)*exp(-x₂)tanh(a)".replace(")tanh", ")*tanh"),
    ):
        known = {**x, "Δ_T": 4.0} if "Δ_T" in text else x
        value = Model.from_equations([("y", text)], tuple(known)).values(tuple(known.values()))[0]
        ctx = propagation.context()
        mine = expressions.read(text)(ctx, {expressions.identity(s): ctx.mpf(v) for s, v in known.items()})
        assert float(mine) == pytest.approx(value, rel=1e-14), text


def test_both_kernels_give_the_hostile_texts_that_are_equations_one_value() -> None:
    ctx = propagation.context()
    known = {expressions.identity(symbol): ctx.mpf(value) for symbol, value in model_exercise.INPUTS.items()}
    texts = [hostile.text for hostile in model_exercise.corpus() if hostile.outcome == "value"]
    texts += [text for text in model_exercise.fuzzed() if model_exercise.exercise(text)[0] == "value"]
    for text in texts:
        model = Model.from_equations([(model_exercise.OUTPUT, text)], tuple(model_exercise.INPUTS))
        value = model.values(tuple(model_exercise.INPUTS.values()))[0]
        mine = expressions.read(text)(ctx, known)
        assert float(mine) == pytest.approx(value, rel=1e-12, abs=1e-15), text
    assert len(texts) > 20


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_normalised_text_of_a_proof_means_the_same(name: str) -> None:
    """The text that is written beside a result, read by the second kernel, has the first kernel's value."""
    content = DOCUMENTS[name]
    symbols = [table["symbol"] for table in content.get("input", ())]
    for key in ("simultaneous", "fit"):
        symbols += [symbol for table in content.get(key, ()) for symbol in table["symbols"]]
    equations = [(table["symbol"], table["equation"]) for table in content["measurand"] if "equation" in table]
    unknown = [table for table in content["measurand"] if "implicit" in table]
    equations += [(f"residual_{k}", table["implicit"]) for k, table in enumerate(unknown)]
    symbols += [table["symbol"] for table in unknown]
    model = Model.from_equations(equations, symbols)
    x = [1.0 + 0.37 * i for i in range(len(symbols))]
    ctx = propagation.context()
    known = {expressions.identity(s): ctx.mpf(v) for s, v in zip(symbols, x, strict=True)}
    for symbol, value in zip(model.outputs, model.values(x), strict=True):
        text = model.write("plain", symbol).partition(" = ")[2]
        known[expressions.identity(symbol)] = expressions.read(text)(ctx, known)
        assert float(known[expressions.identity(symbol)]) == pytest.approx(value, rel=1e-13)


@pytest.mark.parametrize("p", [0.5, 0.68, 0.95, 0.9973, 0.999999])
@pytest.mark.parametrize("dof", [1, 1.3, 2, 5, 16.7, 200, 1e5, 1e9])
def test_its_student_factor_is_right(p: float, dof: float) -> None:
    ctx = propagation.context()
    k = propagation.factor(ctx, ctx.mpf(p), ctx.mpf(dof))
    assert float(k) == pytest.approx(float(stats.t.isf((1 - p) / 2, dof)), rel=1e-10)
    assert abs(propagation.outside(ctx, k, ctx.mpf(dof)) - (1 - ctx.mpf(p))) < 1e-35


def test_nobody_elses_precision_changes() -> None:
    before = mpmath.mp.dps
    check(document(), compute(document(), GUM))
    assert mpmath.mp.dps == before
    assert propagation.context().dps == 50


def test_full_correlation_that_cancels_is_judged_by_what_cancelled() -> None:
    """y = a − b with r = 1: u is 0 in exact numbers and noise in doubles; neither kernel is blamed."""
    content = document(
        measurand=[{"symbol": "y", "equation": "4*a/3 - b"}], correlation=[{"between": ["a", "b"], "coefficient": 1}]
    )
    found = check(content, compute(content, GUM))
    assert found.beyond == ()


def test_parts_that_were_not_computed_are_not_compared() -> None:
    result = compute(document(), Options(method="monte-carlo", trials=1000))
    assert check(document(), result).compared == 0
    assert math.isinf(
        check(document(), {**compute(document(), GUM), "correlation": {"gum": [[None]]}}).beyond[0].relative
    )


@pytest.mark.parametrize(
    ("equation", "value", "u", "second"),
    [
        ("a^3", 0.0, 0.0, 0.0),
        ("a^4", 0.0, 0.0, 0.0),
        ("a^2", 0.0, 0.0, 2**0.5 * 0.09),
        ("a*3", 0.0, 0.9, 0.9),
        ("cos(a)", 0.0, 0.0, 0.045 * 2**0.5),
        ("1e-34*a^3 + 1e-34*a", 0.0, 0.3e-34, None),
        ("1e30*a^3", 2.0, 12e30 * 0.3, None),
    ],
)
def test_flat_and_extreme_models_agree(equation: str, value: float, u: float, second: float | None) -> None:
    """A slope that is zero stays zero, at any size of the numbers."""
    content = document(
        measurand=[{"symbol": "y", "equation": equation}],
        input=[{"symbol": "a", "value": value, "distribution": "normal", "standard_uncertainty": 0.3}],
    )
    result = compute(content, GUM)
    found = result["measurands"][0]["gum"]
    assert found["standard_uncertainty"] == pytest.approx(u, rel=1e-12)
    if second is not None:
        assert found["second_order"]["standard_uncertainty"] == pytest.approx(second, rel=1e-12)
    assert check(content, result).beyond == ()
