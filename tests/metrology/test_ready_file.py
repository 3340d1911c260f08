"""Ready components, certificates and identities in `uncertainty` files, beginning with what they may not say."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.checker import check
from chuan.metrology.files import Options, compute
from chuan.metrology.files.reading import parse
from chuan.metrology.words import Refused
from tests.metrology.uncertainty_documents import GUM, document, gum

N = {"distribution": "normal", "standard_uncertainty": 0.3}
POINTS = [[0, 0.0, 0.02], [10, 10.01, 0.02], [20, 20.03, 0.04]]
HISTORY = [{"date": "2023-01-01", "value": 10.0}, {"date": "2024-01-01", "value": 10.0365}]
CERTIFICATE = {"points": POINTS, "coverage_factor": 2, "correlation": 0.5}


def made_of(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """y = a + b, where b has these components."""
    found = document()
    found["input"][1] = {"symbol": "b", "value": 2.0, "components": list(parts)} | more
    return found


def with_b(**keys: Any) -> dict[str, Any]:
    """y = a + b, where b has these keys."""
    found = document()
    found["input"][1] = {"symbol": "b", **keys}
    return found


def between(**keys: Any) -> dict[str, Any]:
    """y = a + b, where b is read from a certificate."""
    return with_b(certificate={**CERTIFICATE, "at": 5, **keys})


@pytest.mark.parametrize(
    ("found", "place", "reason"),
    [
        (made_of({"resolution": 0}), "input[1].components[0].resolution", "above 0, found 0"),
        (made_of({"resolution": 0.1, "half_width": 1}), "input[1].components[0].half_width", 'beside "resolution"'),
        (made_of({"resolution": 0.1, "hysteresis": 1}), "input[1].components[0].hysteresis", "label, instrument"),
        (made_of({"zero": -1}), "input[1].components[0].zero", "above 0"),
        (made_of({"resolution": 1e-200}), "input[1].components[0].resolution", "beyond what can be computed"),
        (made_of({"repeatability": 0.1}), "input[1].components[0].repeatability", "table"),
        (made_of({"repeatability": {}}), "input[1].components[0].repeatability", "exactly one of observations |"),
        (
            made_of({"repeatability": {"observations": [1, 2]}}),
            "input[1].components[0].repeatability.observations[0]",
            "a list",
        ),
        (
            made_of({"repeatability": {"observations": [[1, 1], [2, 2]]}}),
            "input[1].components[0].repeatability.observations",
            "all alike",
        ),
        (
            made_of({"repeatability": {"observations": [[1, 2]], "dof": 3}}),
            "input[1].components[0].repeatability.dof",
            "cannot stand",
        ),
        (made_of({"history": HISTORY}), "input[1].components[0]", "exactly one of days | at"),
        (made_of({"history": HISTORY[:1], "days": 1}), "input[1].components[0].history", "at least 2"),
        (made_of({"history": [HISTORY[0]] * 2, "days": 1}), "input[1].components[0].history", "different days"),
        (made_of({"history": HISTORY, "at": "2023-06-01"}), "input[1].components[0].at", "before the last"),
        (made_of({"history": HISTORY, "at": "1/6/2025"}), "input[1].components[0].at", '"2026-03-01"'),
        (
            made_of({"history": [HISTORY[0], {"day": 1, "value": 2}], "days": 1}),
            "input[1].components[0].history[1].day",
            'all certificates must use "date"',
        ),
        (made_of({**N, "cause": "x"}), "input[1].components[0].cause", 'needs "standard" or "instrument"'),
        (
            made_of({**N, "standard": "S", "instrument": "I"}),
            "input[1].components[0].instrument",
            "only one of standard, instrument",
        ),
        (made_of({**N, "standard": "S"}, {**N, "standard": "S"}), "input[1].components[1]", "standard S is already in"),
        (
            made_of({"resolution": 0.1, "instrument": "I"}, observations=[1, 2], instrument="I", value=1.5),
            "input[1].components[0]",
            "count one of them",
        ),
        (
            with_b(
                observations=[1, 2],
                instrument="I",
                components=[{"repeatability": {"standard_deviation": 0.1}, "instrument": "I"}],
            ),
            "input[1].components[0]",
            "repeatability of the instrument I is already in",
        ),
        (with_b(resolution=0.1), "input[1]", '"value" is missing'),
        (with_b(resolution=0.1, value=1, dof=3), "input[1].dof", "cannot stand beside"),
        (
            with_b(observations=[1, 2], resolution=0.1, repeatability={"standard_deviation": 1}),
            "input[1].repeatability",
            "only one of",
        ),
        (
            with_b(observations=[1], repeatability={"standard_deviation": 1, "readings": 2}),
            "input[1].repeatability",
            'unknown key "readings"',
        ),
        (with_b(certificate=CERTIFICATE), "input[1].certificate", '"at" is missing'),
        (between(at=21), "input[1].certificate.at", "outside the calibrated range 0 to 20"),
        (between(correlation=2), "input[1].certificate.correlation", "at most 1"),
        (between(covariance=0), "input[1].certificate", "exactly one of correlation | covariance"),
        (between(points=[[0, 0], [1, 1]]), "input[1].certificate.points[0]", "[x, value, U], this has 2"),
        (between(points=[[0, 0, 1], [1, 1, 0]]), "input[1].certificate.points[1][2]", "above 0"),
        (between(points=[[5, 0, 1], [5, 1, 1]]), "input[1].certificate", "two different points"),
        (between(coverage_factor=0.5), "input[1].certificate.coverage_factor", "at least 1"),
        (with_b(certificate={**CERTIFICATE, "at": 5}, value=7), "input[1].value", "found 7"),
        (with_b(certificate={**CERTIFICATE, "at": 5}, observations=[1, 2]), "input[1].certificate", "cannot stand"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(found: dict[str, Any], place: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        compute(found, GUM)
    assert refused.value.place == place
    assert reason in refused.value.say("en")
    assert refused.value.say("vi").isprintable()


def test_a_covariance_is_of_two_points() -> None:
    without = {key: item for key, item in CERTIFICATE.items() if key != "correlation"}
    with pytest.raises(Refused, match="is of two points, found 3"):
        compute(with_b(certificate={**without, "at": 5, "covariance": 0}), GUM)
    two = {**without, "points": POINTS[:2], "at": 5}
    by_r = compute(with_b(certificate={**two, "correlation": 0.5}), GUM)
    assert compute(with_b(certificate={**two, "covariance": 0.5 * 0.01**2}), GUM) == by_r
    with pytest.raises(Refused, match="covariance"):
        compute(with_b(certificate={**two, "covariance": 0.00011}), GUM)


def test_one_instrument_s_resolution_and_repeatability_are_refused_across_inputs() -> None:
    found = document()
    found["input"] = [
        {"symbol": "a", "observations": [1.1, 1.2, 1.3], "instrument": "T1"},
        {"symbol": "b", "value": 0, "resolution": 0.1, "instrument": "T1"},
    ]
    with pytest.raises(Refused, match=r'^input\[1\]: the resolution of the instrument T1 is already .* in "a"'):
        compute(found, GUM)
    found["input"][1]["instrument"] = "T2"
    assert compute(found, GUM)["notes"] == []
    # Readings that do not scatter hold no resolution.
    found["input"][0]["observations"], found["input"][1]["instrument"] = [1.1, 1.1, 1.1], "T1"
    assert gum(found)["standard_uncertainty"] == pytest.approx(0.1 / math.sqrt(12))


def test_two_readings_of_one_instrument_count_each_its_own() -> None:
    found = document()
    found["input"] = [
        {"symbol": "a", "observations": [1.1, 1.1, 1.1], "resolution": 0.1, "instrument": "T1"},
        {"symbol": "b", "observations": [1.0, 2.0, 3.0], "resolution": 0.1, "instrument": "T1"},
    ]
    assert gum(found)["standard_uncertainty"] == pytest.approx(math.hypot(0.1 / math.sqrt(12), 1 / math.sqrt(3)))
    found["input"][0] = {"symbol": "a", "value": 0.0, "resolution": 0.1, "instrument": "T1"}
    with pytest.raises(Refused, match="already in its repeatability"):
        compute(found, GUM)


def test_a_cause_tells_errors_of_one_instrument_apart() -> None:
    zero = {"zero": 0.3, "instrument": "T1"}
    found = document(measurand=[{"symbol": "y", "equation": "a - b"}])
    found["input"] = [{"symbol": "a", "value": 1.0, **zero}, {"symbol": "b", "value": 2.0, **zero}]
    assert gum(found)["standard_uncertainty"] == pytest.approx(0, abs=1e-12)
    found["input"][1]["cause"] = "zero of the second range"
    result = compute(found, GUM)
    assert result["measurands"][0]["gum"]["standard_uncertainty"] == pytest.approx(0.3 * math.sqrt(2 / 3))
    assert check(found, result).beyond == ()
    with pytest.raises(Refused, match=r'input\[1\].cause: needs "standard"'):
        compute(with_b(value=1.0, zero=0.1, cause="x"), GUM)


@pytest.mark.parametrize("part", [{"resolution": 0.1}, {"label": "Độ phân giải", "distribution": "normal", **N}])
def test_a_resolution_beside_readings_of_no_named_instrument_is_noted(part: dict[str, Any]) -> None:
    found = with_b(observations=[1.1, 1.2, 1.4], components=[part])
    assert compute(found, GUM)["notes"] == ["resolution-beside-repeatability: b"]
    named = with_b(observations=[1.1, 1.2, 1.4], instrument="T1", components=[{**part, "instrument": "T2"}])
    assert compute(named, GUM)["notes"] == []
    alike = with_b(observations=[1.1, 1.1, 1.1], components=[part])
    assert compute(alike, GUM)["notes"] == []


def lines(found: dict[str, Any]) -> dict[str, Any]:
    """u and ν of b's budget lines, by label."""
    rows = [line for line in gum(found)["budget"] if line["symbol"] == "b"]
    return {line["label"]: (line["standard_uncertainty"], line["dof"]) for line in rows}


def test_ready_components_have_the_u_that_they_stand_for() -> None:
    """R(±step/2), R(±|difference|/2), R(±zero), s_p/√n with ν = Σ(n_i − 1), R(±rate·days) (GUM 4.3.7, 4.2.4)."""
    root3 = math.sqrt(3)
    days = made_of(
        {"resolution": 0.2},
        {"hysteresis": 0.6, "label": "trễ"},
        {"zero": 0.5},
        {"history": HISTORY, "at": "2024-04-10"},
        {"repeatability": {"observations": [[1.0, 1.2], [3.0, 3.1, 3.2]], "readings": 4}},
        {"repeatability": {"standard_deviation": 0.025, "readings": 3}, "label": "pooled"},
    )
    found = lines(days)
    expected = {
        "resolution": (0.1 / root3, None),
        "trễ": (0.3 / root3, None),
        "zero": (0.5 / root3, None),
        "drift": (0.0001 * 100 / root3, None),
        "repeatability": (math.sqrt((0.02 + 0.02) / 3) / 2, 3),
        "pooled": (0.025 / root3, None),
    }
    assert list(found) == list(expected)
    for label, (u, dof) in expected.items():
        assert found[label] == (pytest.approx(u), dof), label


def test_a_history_by_days_is_that_by_dates() -> None:
    by_day = [{"day": 10, "value": 10.0}, {"day": 375, "value": 10.0365}]
    assert lines(made_of({"history": by_day, "at": 475})) == lines(made_of({"history": HISTORY, "days": 100}))
    still = [{"day": 0, "value": 1.0}, {"day": 9, "value": 1.0}]
    assert lines(made_of({"history": still, "days": 5}, N))["drift"] == (0.0, None)


def test_an_input_of_one_ready_component_has_a_value() -> None:
    found = with_b(value=4.0, zero=0.3)
    assert gum(found)["estimate"] == 5.0
    assert lines(found) == {"zero": (pytest.approx(0.3 / math.sqrt(3)), None)}


def test_of_scatter_and_resolution_of_one_indication_the_larger_counts() -> None:
    """EA-4/02 S10: readings scatter by the step too."""
    readings = [1.0, 1.2, 1.1]
    s = 0.1 / math.sqrt(3)
    assert lines(with_b(observations=readings, resolution=0.1)) == {"": (pytest.approx(s), 2)}
    assert lines(with_b(observations=readings, resolution=0.5)) == {
        "resolution": (pytest.approx(0.25 / math.sqrt(3)), None)
    }
    pooled = with_b(observations=[1.0], repeatability={"standard_deviation": 0.2, "dof": 9})
    assert lines(pooled) == {"": (0.2, 9)}


def test_a_value_between_points_has_their_covariance() -> None:
    """u² = (1 − t)²u₁² + t²u₂² + 2t(1 − t)·r·u₁·u₂ (GUM 5.2.2)."""
    t, r, u1, u2 = 0.3, 0.5, 0.01, 0.02
    found = gum(between(at=13, nonlinearity=0.003))
    variance = ((1 - t) * u1) ** 2 + (t * u2) ** 2 + 2 * t * (1 - t) * r * u1 * u2 + 0.003**2 / 3
    assert found["estimate"] == pytest.approx(1 + 10.01 + t * 10.02)
    assert found["standard_uncertainty"] == pytest.approx(math.hypot(0.3, math.sqrt(variance)))
    labels = [line["label"] for line in found["budget"][1:]]
    assert labels == ["calibration at 10", "calibration at 20", "calibration, common", "nonlinearity"]


def shared(**more: Any) -> dict[str, Any]:
    """y = a − b, both with the calibration of the standard S."""
    own = {**N, "standard": "S"}
    found = document(measurand=[{"symbol": "y", "equation": "a - b"}])
    found["input"] = [{"symbol": "a", "value": 1.0, **own}, {"symbol": "b", "value": 2.0, **own} | more]
    return found


def test_a_standard_used_twice_is_one_error() -> None:
    assert gum(shared())["standard_uncertainty"] == pytest.approx(0, abs=1e-12)
    assert gum(shared(standard="other"))["standard_uncertainty"] == pytest.approx(0.3 * math.sqrt(2))
    assert gum(shared(cause="stability"))["standard_uncertainty"] == pytest.approx(0.3 * math.sqrt(2))
    points = shared()
    points["input"] = [
        {"symbol": "a", "standard": "S", "certificate": {**CERTIFICATE, "at": 5}},
        {"symbol": "b", "standard": "S", "certificate": {**CERTIFICATE, "at": 5}},
    ]
    assert gum(points)["standard_uncertainty"] == pytest.approx(0, abs=1e-9)


def test_what_a_file_says_against_a_shared_standard_is_refused() -> None:
    found = shared() | {"correlation": [{"between": ["a", "b"], "coefficient": 0}]}
    with pytest.raises(Refused, match=r"^correlation\[0\].coefficient: .* share the standard S"):
        compute(found, GUM)
    with pytest.raises(Refused, match=r"^input: .* share the standard S with two degrees of freedom: inf and 5"):
        compute(shared(dof=5), GUM)


def test_inputs_that_share_a_standard_keep_their_effective_dof() -> None:
    """Each error is a term of its own: the common one 2c·u_S, the readings of each with ν = 2 (GUM G.4.1)."""
    found = document()
    readings = ([1.0, 1.1, 1.2], [2.0, 2.2, 2.4])
    found["input"] = [
        {"symbol": symbol, "observations": row, "components": [{**N, "standard": "S", "dof": 8}]}
        for symbol, row in zip("ab", readings, strict=True)
    ]
    result = gum(found)
    own = [0.1 / math.sqrt(3), 0.2 / math.sqrt(3)]
    variance = 0.6**2 + own[0] ** 2 + own[1] ** 2
    assert result["standard_uncertainty"] ** 2 == pytest.approx(variance)
    assert result["effective_dof"] == pytest.approx(variance**2 / (0.6**4 / 8 + own[0] ** 4 / 2 + own[1] ** 4 / 2))
    assert result["dof_method"] == "welch-satterthwaite"
    drawn = compute(found, Options(trials=20_000))["measurands"][0]["monte_carlo"]
    assert drawn is not None


READY = st.sampled_from(
    [
        {"resolution": 0.2, "instrument": "I"},
        {"hysteresis": 0.6, "instrument": "I"},
        {"zero": 0.5, "instrument": "J", "label": "không"},
        {"history": HISTORY, "at": "2026-04-10", "standard": "S"},
        {"repeatability": {"observations": [[1.0, 1.2], [3.0, 3.1, 3.2]], "readings": 4}, "instrument": "K"},
        {"repeatability": {"standard_deviation": 0.25, "dof": 7}},
        {**N, "standard": "S", "dof": 5},
        {"distribution": "triangular", "half_width": 0.3, "instrument": "J", "cause": "tilt"},
    ]
)
MADE = st.sampled_from(
    [
        {"value": 3.0},
        {"observations": [1.1, 1.2, 1.4]},
        {"observations": [1.1, 1.2, 1.4], "resolution": 0.5},
        {"observations": [1.1], "repeatability": {"standard_deviation": 0.2, "dof": 9}},
        {"standard": "C", "certificate": {**CERTIFICATE, "at": 5}},
        {"standard": "C", "certificate": {**CERTIFICATE, "at": 13, "nonlinearity": 0.01}},
        {"certificate": {**CERTIFICATE, "at": 10, "correlation": -0.4}},
    ]
)


@given(st.lists(st.tuples(MADE, st.lists(READY, max_size=4, unique_by=str)), min_size=2, max_size=2))
@settings(max_examples=40, deadline=None)
def test_the_second_kernel_agrees(inputs: list[tuple[dict[str, Any], list[dict[str, Any]]]]) -> None:
    found = document(measurand=[{"symbol": "y", "equation": "2*a - b"}])
    found["input"] = [
        {"symbol": symbol, **made, "components": parts or [{"zero": 0.1}]}
        for symbol, (made, parts) in zip("ab", inputs, strict=True)
    ]
    try:
        result = compute(found, GUM)
    except Refused:
        return
    assert check(found, result).beyond == ()


def test_dates_are_read_from_toml_in_quotes() -> None:
    toml = b"""
    kind = "uncertainty"
    measurand = [{symbol = "y", equation = "a"}]
    [[input]]
    symbol = "a"
    value = 1
    days = 3
    history = [{date = 2024-01-01, value = 1}, {date = 2025-01-01, value = 2}]
    """
    with pytest.raises(Refused, match=r"history\[0\].date: must be a date .* found 2024-01-01"):
        compute(parse(toml), GUM)
