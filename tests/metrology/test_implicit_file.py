"""Implicit measurands in files, and `chuan metrology model`, beginning with refusals."""

import math
import random
from pathlib import Path
from typing import Any

import pytest

from chuan.metrology import proof
from chuan.metrology.checker import check
from chuan.metrology.command import main
from chuan.metrology.files import Options, compute
from chuan.metrology.words import Refused
from tests.metrology.uncertainty_documents import GUM, document, gum

EXAMPLES = Path(__file__).parents[2] / "examples"


def implicit(*texts: str, **changes: Any) -> dict[str, Any]:
    """Unknowns y, z … of these equations in a and b, looked for from 1."""
    unknowns = [{"symbol": s, "implicit": text, "start": 1.0} | changes for s, text in zip("yz", texts, strict=False)]
    return document(measurand=unknowns)


@pytest.mark.parametrize(
    ("found", "place", "reason"),
    [
        (implicit("y - a*b", start="x"), "measurand[0].start", 'the text "x"'),
        (implicit("y - a*"), "measurand[0].implicit:7", ""),
        (implicit("y - a*c*b"), "measurand[0].implicit:7", "c"),
        (implicit("a*b"), "measurand[0].symbol", '"y" is in no equation'),
        (implicit("y - a"), "input[1].symbol", '"b" is in no equation'),
        (implicit("y - a*b", equation="a"), "measurand[0].equation", "every [[measurand]] must have implicit"),
        (implicit("y^2 + a + b"), "measurand", "the derivative to y is 0 at 0"),
        (implicit("0*y + a + b"), "measurand", "the derivative to y is 0"),
        (implicit("y - z - a", "2*y - 2*z - b"), "measurand", "the derivative to y, z is 0"),
        (document(measurand=[{"symbol": "y", "equation": "a + b", "start": 1}]), "measurand[0].start", "only with"),
        (implicit("y - a*b", symbol="a"), "input[0].symbol", "already taken"),
    ],
)
def test_a_wrong_implicit_model_is_refused_with_its_place(found: dict[str, Any], place: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        compute(found, GUM)
    assert refused.value.place == place or (refused.value.place.startswith(place) and not reason)
    assert reason in refused.value.say("en")
    assert refused.value.say("vi").isprintable()


def test_units_of_the_unknown_are_checked_with_the_inputs() -> None:
    found = implicit("y - a*b", unit="m")
    found["input"][0]["unit"], found["input"][1]["unit"] = "m", "s"
    with pytest.raises(Refused, match=r"^measurand\[0\].implicit:"):
        compute(found, GUM)
    found["input"][1]["unit"] = "1"
    assert compute(found, GUM)["units_checked"] is True


def test_an_implicit_model_is_the_explicit_one_that_it_can_be_solved_to() -> None:
    explicit = gum(document(measurand=[{"symbol": "y", "equation": "(a*exp(b))^(1/3)"}]))
    solved = gum(implicit("y^3 - a*exp(b)"))
    for key in ("estimate", "standard_uncertainty", "effective_dof", "expanded_uncertainty"):
        assert solved[key] == pytest.approx(explicit[key])
    assert solved["second_order"] is None


def test_a_pt100_reads_as_its_table_prints() -> None:
    """IEC 60751, table of R(t) for 100 Ω: 80.31 Ω at −50 °C, 60.26 Ω at −100 °C."""
    found = compute(_pt100(80.31), GUM)["measurands"][0]["gum"]["estimate"]
    assert found == pytest.approx(-50, abs=0.013)
    assert compute(_pt100(60.26), GUM)["measurands"][0]["gum"]["estimate"] == pytest.approx(-100, abs=0.013)


def _pt100(resistance: float) -> dict[str, Any]:
    constants = {"R0": 100.0, "A": 3.9083e-3, "B": -5.775e-7, "C": -4.183e-12}
    inputs = [{"symbol": s, "value": value, "distribution": "constant"} for s, value in constants.items()]
    inputs.append({"symbol": "R", "value": resistance, "distribution": "normal", "standard_uncertainty": 0.002})
    equation = "R0*(1 + A*t + B*t^2 + C*(t - 100)*t^3) - R"
    unknown = {"symbol": "t", "implicit": equation, "start": -10}
    return {"kind": "uncertainty", "measurand": [unknown], "input": inputs}


def test_two_unknowns_solve_their_equations_together() -> None:
    found = implicit("y + z - a", "y - z - b")
    result = compute(found, Options(trials=20_000))
    y, z = (one["gum"] for one in result["measurands"])
    assert (y["estimate"], z["estimate"]) == (pytest.approx(1.5), pytest.approx(-0.5))
    assert y["standard_uncertainty"] == z["standard_uncertainty"] == pytest.approx(0.25)
    assert result["correlation"]["gum"][0][1] == pytest.approx((0.3**2 - 0.4**2) / 0.25)
    drawn = [one["monte_carlo"]["standard_uncertainty"] for one in result["measurands"]]
    assert drawn == pytest.approx([0.25, 0.25], rel=0.03)


def test_draws_of_a_t_with_two_dof_reach_every_unknown() -> None:
    found = implicit("y - a", "z - y - b")
    t = {"distribution": "student_t", "standard_uncertainty": 0.1, "dof": 2}
    found["input"][0] = {"symbol": "a", "value": 1.0, **t}
    result = compute(found, Options(trials=1000))
    assert [one["monte_carlo"]["standard_uncertainty"] for one in result["measurands"]] == [None, None]
    assert "no-variance" in result["notes"]


@pytest.mark.parametrize("texts", [("y^3 - a*exp(b)",), ("y*exp(y) - a - b",), ("y^2 + z^2 - 9*a^2", "z - b*y")])
def test_the_second_kernel_agrees(texts: tuple[str, ...]) -> None:
    found = implicit(*texts)
    found["input"][0]["dof"] = 5
    assert check(found, compute(found, GUM)).beyond == ()


def test_draws_agree_with_another_generator_s() -> None:
    found = implicit("y + z - a", "y - z - b")
    agreement = check(found, compute(found, Options(trials=5_000)))
    assert agreement.beyond == ()
    assert agreement.drawn >= 5


def test_a_proof_holds_the_equations_and_where_the_search_began() -> None:
    one, other = (proof.prove(implicit("y^2 - a*b", start=start), GUM) for start in (1.0, -1.0))
    assert one["model"]["equations"] == ["0 = y^2 − a·b"]
    assert one["model"]["hash"] != other["model"]["hash"]
    estimates = [made["result"]["measurands"][0]["gum"]["estimate"] for made in (one, other)]
    assert estimates == pytest.approx([math.sqrt(2), -math.sqrt(2)])
    assert proof.verify(proof.write(one)).mismatch is None


def test_gradients_of_many_points_are_those_of_each() -> None:
    numpy = pytest.importorskip("numpy")
    from chuan.metrology.gum.implicit import ImplicitModel

    model = ImplicitModel.from_implicit(["y^2 + z^2 - a^2", "z - b*y"], {"y": 1.0, "z": 1.0}, ["a", "b"])
    generator = random.Random(1)
    points = [(generator.uniform(1, 2), generator.uniform(0.5, 1.5)) for _ in range(5)]
    values, gradients = model.vector_value_and_gradient([numpy.array(column) for column in zip(*points, strict=True)])
    for k, point in enumerate(points):
        y, rows = model.value_and_gradient(point)
        assert [column[k] for column in values] == pytest.approx(y)
        assert [[column[k] for column in row] for row in gradients] == [pytest.approx(row) for row in rows]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "file's name is missing"),
        (["no.toml"], "no.toml"),
        ([str(EXAMPLES / "line.toml")], 'only a file of kind = "uncertainty" has a model'),
        ([str(EXAMPLES / "end_gauge.toml"), "--typst", "--mathml"], "only one of"),
    ],
)
def test_a_model_that_cannot_be_written_is_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["metrology", "model", *arguments, "--lang", "en"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ([], "R = V/I·cos(phi)\nX = V/I·sin(phi)\nZ = V/I\n"),
        (["--typst"], "R = frac(V, I) ⋅ cos(φ)"),
        (["--mathml"], "<mi>R</mi><mo>=</mo><mfrac>"),
        (["--help"], "chuan metrology model FILE.toml"),
    ],
)
def test_a_model_is_written_as_it_was_read(form: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrology", "model", str(EXAMPLES / "resistance.toml"), *form, "--lang", "en"]) == 0
    assert said in capsys.readouterr().out
