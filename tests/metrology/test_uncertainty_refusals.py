"""What an `uncertainty` file may not say: each in one line that names table and key, in both languages."""

import datetime
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.files import compute, distributions
from chuan.metrology.files.uncertainty import fits, ready
from chuan.metrology.words import Refused
from tests.metrology.uncertainty_documents import GUM, document, with_input

N = {"distribution": "normal", "value": 2.0}
T = {"distribution": "student_t", "value": 2.0, "standard_uncertainty": 0.4}
R = {"distribution": "rectangular", "value": 2.0}


@pytest.mark.parametrize(
    ("found", "place", "reason"),
    [
        (document(color="red"), "", 'unknown key "color"; allowed: kind, title'),
        (document(measurand=[]), "measurand", "at least 1"),
        (document(measurand={"symbol": "y"}), "measurand", "[[...]]"),
        (document(measurand=[{"symbol": "y"}]), "measurand[0]", '"equation" is missing'),
        (document(measurand=[{"symbol": "y", "equation": 3}]), "measurand[0].equation", "must be a text, found 3"),
        (document(input=[]), "", "at least one [[input]]"),
        (document(coverage_probability=1), "coverage_probability", "below 1, found 1"),
        (document(coverage_probability="0.95"), "coverage_probability", 'the text "0.95"'),
        (document(coverage="k=0.5"), "coverage", "at least 1"),
        (document(coverage="2"), "coverage", '"t", "t-real"'),
        (document(rounding="down"), "rounding", '"half_away", "up", "ea"; found "down"'),
        (document(joint="normal"), "joint", "gaussian-copula"),
        (
            document(correlation=[{"between": ["a", "b"], "coefficient": 1.5}]),
            "correlation[0].coefficient",
            "at most 1",
        ),
        (document(correlation=[{"between": ["a"], "coefficient": 1}]), "correlation[0].between", "at least 2"),
        (document(correlation=[{"between": ["a", "a"], "coefficient": 1}]), "correlation[0].between", "different"),
        (document(correlation=[{"between": ["a", "x"], "coefficient": 1}]), "correlation[0].between", '"x"'),
        (with_input(value=2.0), "input[1]", '"distribution" is missing'),
        (with_input(**N), "input[1]", "needs standard_uncertainty"),
        (with_input(**N, standard_uncertainty=0), "input[1].standard_uncertainty", "above 0, found 0"),
        (with_input(**N, standard_uncertainty=-0.1), "input[1].standard_uncertainty", "above 0, found -0.1"),
        (with_input(**N, standard_uncertainty=1e-200), "input[1]", "variance is beyond"),
        (with_input(**N, standard_uncertainty=1e200), "input[1]", "variance is beyond"),
        (with_input(**R, half_width=1e-170), "input[1]", "variance is beyond"),
        (with_input(observations=[1e300, -1e300]), "", "too large"),
        (with_input(**N, standard_uncertainty=math.inf), "input[1].standard_uncertainty", "finite"),
        (with_input(**N, standard_uncertainty=True), "input[1].standard_uncertainty", "a number, found True"),
        (with_input(**N, standard_uncertainty=1, dof=0), "input[1].dof", "above 0"),
        (with_input(**N, standard_uncertainty=1, dof=-3), "input[1].dof", "above 0"),
        (with_input(**N, standard_uncertainty=1, half_width=1), "input[1].half_width", 'takes no key "half_width"'),
        (with_input(**N, expanded_uncertainty=1), "input[1]", '"coverage_factor" is missing'),
        (with_input(**N, coverage_factor=2), "input[1].coverage_factor", "needs expanded_uncertainty"),
        (
            with_input(**N, expanded_uncertainty=1, coverage_factor=0.9),
            "input[1].coverage_factor",
            "at least 1, found 0.9",
        ),
        (
            with_input(**N, expanded_uncertainty=1, coverage_factor=2, standard_uncertainty=1),
            "input[1].expanded_uncertainty",
            "only one of",
        ),
        (
            with_input(**N, standard_uncertainty=1, dof=3, relative_uncertainty_of_uncertainty=0.1),
            "input[1].relative_uncertainty_of_uncertainty",
            "only one of",
        ),
        (with_input(distribution="normal", value="1.234,5"), "input[1].value", 'the text "1.234,5"'),
        (with_input(distribution="cauchy", value=1), "input[1].distribution", '"normal", "student_t"'),
        (with_input(**T), "input[1]", "needs dof"),
        (with_input(**T, dof=2, scale="standard_deviation"), "input[1].dof", "above 2"),
        (with_input(**R), "input[1]", "half_width | low + high"),
        (with_input(**R, half_width=-1), "input[1].half_width", "above 0"),
        (with_input(**R, half_width=1, low=1), "input[1].low", "only one of"),
        (with_input(**R, low=1), "input[1]", '"high" is missing'),
        (with_input(**R, low=3, high=1), "input[1].low", "below high"),
        (with_input(**R, low=1, high=3.1), "input[1].value", "mean 2.05, found 2.0"),
        (with_input(distribution="trapezoidal", value=1, half_width=1, beta=1.1), "input[1].beta", "at most 1"),
        (
            with_input(distribution="curvilinear_trapezoid", value=1, half_width=1, half_width_limit=1.1),
            "input[1].half_width_limit",
            "0 to half_width (1)",
        ),
        (with_input(distribution="exponential", value=-1), "input[1].value", "above 0"),
        (with_input(distribution="gamma", shape=4, scale=0.25, value=2), "input[1].value", "mean 1.0"),
        (with_input(observations=[1]), "input[1].observations", "at least 2"),
        (with_input(observations=1), "input[1].observations", "a list"),
        (with_input(observations=[1, "2"]), "input[1].observations[1]", "without quotes"),
        (with_input(observations=[1, 2], distribution="normal"), "input[1].distribution", "with observations"),
        (with_input(observations=[1, 2], value=3), "input[1].value", "mean 1.5"),
        (with_input(value=1, components=[]), "input[1].components", "at least 1"),
        (with_input(components=[{**N, "standard_uncertainty": 1}]), "input[1].components[0]", 'unknown key "value"'),
        (
            with_input(value=1, components=[{"distribution": "exponential"}]),
            "input[1].components[0].distribution",
            "symmetric",
        ),
        (
            with_input(value=1, components=[{"distribution": "rectangular", "low": -1, "high": 1}]),
            "input[1].components[0]",
            "needs half_width",
        ),
        (
            document(input=[], simultaneous=[{"symbols": ["a", "b"], "observations": [[1, 2], [2, 3], [3]]}]),
            "simultaneous[0].observations[2]",
            "2 numbers",
        ),
        (
            document(input=[], simultaneous=[{"symbols": ["a", "b"], "observations": [[1, 2], [2, 3]]}]),
            "simultaneous[0].observations",
            "at least 3 rows",
        ),
        (
            document(simultaneous=[{"symbols": ["c", "b"], "observations": [[1, 2], [2, 3], [3, 1]]}]),
            "simultaneous[0].symbols[1]",
            "",
        ),
        (document(input=document()["input"] + document()["input"][:1]), "input[2].symbol", ""),
        (document(input=document()["input"][:1]), "measurand[0].equation:5", ""),
        (document(measurand=[{"symbol": "y", "equation": "2*a"}]), "input[1].symbol", "in no equation"),
        (document(measurand=[{"symbol": "y", "equation": "a + b +"}]), "measurand[0].equation:8", ""),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(found: dict[str, Any], place: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        compute(found, GUM)
    assert refused.value.place == place
    assert reason in refused.value.say("en")
    for language in ("vi", "en"):
        assert refused.value.say(language).isprintable()


def test_units_that_do_not_match_are_refused() -> None:
    found = document()
    found["input"][0]["unit"], found["input"][1]["unit"] = "mm", "s"
    with pytest.raises(Refused, match="measurand"):
        compute(found, GUM)
    found["input"][1]["unit"] = "parsnip"
    with pytest.raises(Refused, match=r"input\[1\].unit"):
        compute(found, GUM)
    del found["input"][1]["unit"]
    assert compute(found, GUM)["units_checked"] is False
    found["input"][1]["unit"] = "mm"
    assert compute(found, GUM)["units_checked"] is True


def test_units_of_a_block_must_be_as_many_as_its_symbols() -> None:
    block = {"symbols": ["a", "b"], "units": ["V"], "observations": [[1, 2], [2, 3], [3, 1]]}
    with pytest.raises(Refused, match=r"simultaneous\[0\].units: must have 2 units, found 1"):
        compute(document(input=[], simultaneous=[block]), GUM)


#: What a person or a broken program may put where something else belongs.
JUNK = st.one_of(
    st.none().map(lambda _: {}),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([10**400, 1e308, -1e308, 1e-308, 5e-324, math.inf, -math.inf, math.nan, 0.0, 0.5, 2.0]),
    st.sampled_from(
        ["", " ", "a", "b", "normal", "rectangular", "student_t", "gamma", "k=2", "t-real", "1.234,5", "e"]
    ),
    st.text(max_size=5),
    st.lists(st.sampled_from([1, 2.5, "a", [1, 2], {}, math.inf]), max_size=4),
    st.lists(st.lists(st.floats(), min_size=2, max_size=2), max_size=4),
    st.sampled_from([datetime.date(2026, 1, 1), datetime.time(1, 2)]),
)
KEYS = (
    *distributions.ALL_KEYS,
    *ready.ALL_KEYS,
    "certificate",
    "symbol",
    "value",
    "unit",
    "distribution",
    "components",
    "observations",
    "label",
)
#: What stands inside ready components and certificates.
INSIDE = (
    "observations",
    "standard_deviation",
    "dof",
    "readings",
    "date",
    "day",
    "value",
    "points",
    "at",
    "correlation",
)
TOP = (
    "coverage",
    "coverage_probability",
    "rounding",
    "joint",
    "measurand",
    "input",
    "correlation",
    "simultaneous",
    "fit",
)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(KEYS), JUNK), max_size=3),
    st.none() | st.tuples(st.sampled_from(TOP), JUNK),
)
@settings(max_examples=200)
def test_whatever_stands_in_a_file_is_computed_or_refused(
    changes: list[tuple[int, str, object]], top: tuple[str, object] | None
) -> None:
    found = with_input(value=2.0, components=[{"distribution": "normal", "standard_uncertainty": 0.1}])
    found["correlation"] = [{"between": ["a", "b"], "coefficient": 0.5}]
    tables = [*found["input"], found["input"][1]["components"][0], found["correlation"][0]]
    for i, key, junk in changes:
        tables[i][key] = junk
    if top:
        found[top[0]] = top[1]
    said = ["computed"]
    try:
        json.dumps(compute(found, GUM), allow_nan=False)
    except Refused as refused:
        said = [refused.say("vi"), refused.say("en")]
    assert all(line.isprintable() for line in said)


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from((*KEYS, *INSIDE, *fits.KEYS)), JUNK), max_size=3))
@settings(max_examples=200)
def test_whatever_stands_in_ready_components_is_computed_or_refused(changes: list[tuple[int, str, object]]) -> None:
    found = document(measurand=[{"symbol": "y", "implicit": "y - a - b*c - d", "start": 1.0}])
    history = [{"date": "2024-01-01", "value": 1.0}, {"date": "2025-01-01", "value": 1.1}]
    certificate = {"points": [[0, 0.0, 0.1], [1, 1.0, 0.1]], "coverage_factor": 2, "at": 0.5, "correlation": 0.5}
    scatter = {"observations": [[1.0, 1.1], [2.0, 2.2]]}
    parts: list[dict[str, Any]] = [{"history": history, "days": 3, "standard": "S"}, {"repeatability": scatter}]
    found["input"][0] = {"symbol": "a", "standard": "S", "certificate": certificate, "components": parts}
    found["fit"] = [{"symbols": ["c", "d"], "x": [1, 2, 3], "y": [1.0, 2.1, 2.9]}]
    tables = [*found["input"], *parts, certificate, scatter, history[0], found["fit"][0], found["measurand"][0]]
    for i, key, junk in changes:
        tables[i % len(tables)][key] = junk
    said = ["computed"]
    try:
        json.dumps(compute(found, GUM), allow_nan=False)
    except Refused as refused:
        said = [refused.say("vi"), refused.say("en")]
    assert all(line.isprintable() for line in said)
