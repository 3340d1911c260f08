"""`[[fit]]`: parameters of a line as inputs of an `uncertainty` file (GUM H.3), beginning with refusals."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.checker import check
from chuan.metrology.files import Options, compute
from chuan.metrology.special import t_coverage
from chuan.metrology.words import Refused
from tests.metrology.published import agrees, at, published
from tests.metrology.uncertainty_documents import GUM, document, gum

POINTS = {"x": [1.0, 2.0, 3.0, 4.0], "y": [2.1, 3.9, 6.2, 7.8]}


def fitted(**changes: Any) -> dict[str, Any]:
    """y = a + 5·b of a line through four points."""
    fit = {"symbols": ["a", "b"], **POINTS} | changes
    return document(measurand=[{"symbol": "y", "equation": "a + 5*b"}], input=[], fit=[fit])


@pytest.mark.parametrize(
    ("found", "place", "reason"),
    [
        (fitted(symbols=["a"]), "fit[0].symbols", "at least 2"),
        (fitted(symbols=["a", "b", "c"]), "fit[0].symbols", "intercept and slope; found 3"),
        (fitted(symbols=["a", "c"]), "measurand[0].equation:7", ""),
        (fitted(symbols=["a", "a"]), "fit[0].symbols[1]", ""),
        (fitted(slope=1), "fit[0]", 'unknown key "slope"'),
        (fitted(x=[1, 2, 3]), "fit[0].y", "must have 3 values"),
        (fitted(x=[1, 2], y=[1, 2]), "fit[0].x", "at least 3 points"),
        (fitted(x=[1, 1, 1, 1]), "fit[0].x", "there is no slope"),
        (fitted(u_y=[0.1, 0, 0.1, 0.1]), "fit[0].u_y[1]", "its weight is infinite"),
        (fitted(units=["V"]), "fit[0].units", "must have 2 units"),
        (
            fitted() | {"correlation": [{"between": ["b", "a"], "coefficient": 0.1}]},
            "correlation[0].between",
            "comes from [[fit]]",
        ),
        (
            document(input=document()["input"], fit=[{"symbols": ["c", "d"], **POINTS}]),
            "fit[0].symbols[0]",
            "in no equation",
        ),
        (
            document(input=document()["input"], fit=[{"symbols": ["a", "d"], **POINTS}]),
            "fit[0].symbols[0]",
            "",
        ),
    ],
)
def test_a_wrong_fit_is_refused_with_its_place(found: dict[str, Any], place: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        compute(found, GUM)
    assert refused.value.place == place
    assert reason in refused.value.say("en")
    assert refused.value.say("vi").isprintable()


def test_gum_h3_as_a_file_has_the_printed_numbers() -> None:
    case = published("gum_h3_fit")
    result = compute(case["document"], GUM)
    for path, wanted in case["expected"].items():
        tolerance = case["tolerances"].get(path, case["tolerance"])
        assert agrees(at(result, path), wanted, tolerance), path


def test_one_residual_variance_is_one_term_and_gives_u() -> None:
    result = gum(fitted())
    assert (result["dof_method"], result["effective_dof"]) == ("block", pytest.approx(2))
    k = t_coverage(0.95, 2)
    assert result["expanded_uncertainty"] == pytest.approx(k * result["standard_uncertainty"])


def test_known_uncertainties_have_infinite_dof() -> None:
    result = gum(fitted(u_y=0.2))
    assert (result["effective_dof"], result["dof_method"]) == (None, "welch-satterthwaite")
    # u² at x = 5: u_y²·(1/n + (5 − 2.5)²/Σ(x − 2.5)²).
    assert result["standard_uncertainty"] == pytest.approx(0.2 * math.sqrt(1 / 4 + 2.5**2 / 5))


@pytest.mark.parametrize("origin", [-40.0, 0.0, 2.5, 20.0])
def test_the_origin_moves_the_intercept_and_not_the_line(origin: float) -> None:
    moved = fitted(origin=origin)
    moved["measurand"][0]["equation"] = f"a + ({5 - origin})*b"
    for key in ("estimate", "standard_uncertainty", "expanded_uncertainty"):
        assert gum(moved)[key] == pytest.approx(gum(fitted())[key], rel=1e-12)


NUMBERS = st.floats(-5, 5).map(lambda x: round(x, 3))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=4, max_size=7, unique_by=lambda p: p[0]), NUMBERS, st.booleans())
@settings(max_examples=25, deadline=None)
def test_the_second_kernel_agrees(points: list[tuple[float, float]], origin: float, known: bool) -> None:
    x, y = [p[0] for p in points], [p[1] for p in points]
    more = {"u_y": 0.3} if known else {}
    found = fitted(x=x, y=y, origin=origin, **more)
    assert check(found, compute(found, GUM)).beyond == ()


def test_draws_agree_with_another_generator_s() -> None:
    for more in ({}, {"u_y": 0.2}, {"u_y": 0.2, "u_x": 0.1}):
        found = fitted(x=[1.0, 2, 3, 4, 5, 6], y=[2.1, 3.9, 6.2, 7.8, 10.1, 11.9], **more)
        agreement = check(found, compute(found, Options(trials=20_000)))
        assert agreement.beyond == ()
        assert agreement.drawn >= 5
