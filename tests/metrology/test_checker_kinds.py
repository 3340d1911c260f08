"""The second kernel on every kind: it agrees with examples and published cases, and any damaged value is found."""

import copy
import math
import tomllib
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chuan.metrology.checker import STANDARD_ERRORS, Agreement, check
from chuan.metrology.checker.agreement import Within, one
from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.validation_report import cases
from chuan.metrology.words import Refused
from tests.metrology.uncertainty_documents import document

EXAMPLES = Path(__file__).parents[2] / "examples"
DRAWN = Options(trials=20_000, language="en")
#: Texts, and what a text says of the document.
NOT_VALUES = {"definition", "notes", "model_hash", "units_checked", "kind", "kernel", "title"}
#: How the first kernel drew, which no other draws can tell.
HOW_DRAWN = {"trials", "seed", "generator", "chunk", "adaptive", "rejected_draws"}


def documents() -> dict[str, dict[str, Any]]:
    """Every example and published case that has a document, by its name."""
    found = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in EXAMPLES.glob("*.toml")}
    for name in cases.names():
        given = cases.load(name).get("document")
        if given is not None:
            found[f"case_{name}"] = given
    return found | MORE


LINE = {"kind": "line", "x": [1, 2, 3, 4], "y": [1.1, 2.0, 3.2, 3.9]}
GAUGE = [[[3.29, 3.41], [3.08, 3.25]], [[2.44, 2.32], [2.53, 1.78]], [[4.34, 4.17], [4.19, 3.94]]]
READINGS = [10.1, 9.8, 10.3, 10.0, 9.7, 10.6, 10.2, 9.9, 10.4, 10.8, 11.0, 11.3, 11.6]
NET = [Random(3).gauss(502, 3) for _ in range(80)]
#: Options that no example uses.
MORE: dict[str, dict[str, Any]] = {
    "line_both_axes": {
        **LINE,
        "u_x": 0.05,
        "u_y": [0.1, 0.1, 0.2, 0.1],
        "predict": [2.5],
        "invert": [{"y": 2, "u": 0.1}],
    },
    "line_scatter": {**LINE, "predict": [0, 9], "invert": [{"y": 3, "u": 0}]},
    "gauge_by_ranges": {"kind": "gauge-study", "method": "range", "data": GAUGE, "tolerance": 6},
    "gauge_unpooled": {"kind": "gauge-study", "data": GAUGE, "pool_above": 1},
    "chart_individuals_nelson": {"kind": "control-chart", "chart": "individuals", "data": READINGS, "rules": "nelson"},
    "chart_baseline": {
        "kind": "control-chart",
        "chart": "xbar_r",
        "baseline_mean": 10,
        "baseline_sd": 0.3,
        "data": [READINGS[i : i + 4] for i in range(0, 12, 4)],
    },
    "chart_ewma_exact": {
        "kind": "control-chart",
        "chart": "ewma",
        "data": READINGS,
        "lambda": 0.2,
        "limits": "exact",
        "baseline_mean": 10,
        "baseline_sd": 0.3,
    },
    "conformity_global": {
        "kind": "conformity",
        "standard_uncertainty": 0.3,
        "lower": 9,
        "upper": 11,
        "value": 10.8,
        "rule": "guard_band",
        "maximum_global_consumer_risk": 0.001,
        "outcome": "proof",
        "prior": {"distribution": "normal", "mean": 10, "sd": 0.5},
    },
    "conformity_gamma_spike": {
        "kind": "conformity",
        "standard_uncertainty": 0.3,
        "upper": 2,
        "prior": {"distribution": "gamma", "shape": 0.6, "scale": 1.1},
    },
    "conformity_specific_both": {
        "kind": "conformity",
        "standard_uncertainty": 0.3,
        "lower": 9,
        "upper": 11,
        "value": 10.8,
        "rule": "guard_band",
        "maximum_specific_risk": 0.02,
        "outcome": "four",
    },
    "interval_a3_lengthen": {
        "kind": "interval",
        "method": "A3",
        "assigned_days": 365,
        "target_reliability": 0.7,
        "passed": 29,
        "total": 30,
    },
    "interval_a3_all_passed": {
        "kind": "interval",
        "method": "A3",
        "assigned_days": 365,
        "target_reliability": 0.9,
        "passed": 12,
        "total": 12,
    },
    "interval_one_limit": {
        "kind": "interval",
        "method": "variables",
        "days": [90, 180, 270, 400, 500],
        "order": 1,
        "u0": 0.1,
        "deltas": [0.2, 0.5, 0.6, 1.1, 1.2],
        "upper": 4,
        "y0": 0.5,
    },
    "comparison_hampel": {
        "kind": "comparison",
        "consensus": "q_hampel",
        "sigma_pt": "consensus",
        "homogeneity": [[10.1, 10.2], [10.3, 10.1], [10.2, 10.2]],
        "stability": [[10.4, 10.3]],
        "result": [{"code": str(i), "value": x, "expanded_uncertainty": 0.4} for i, x in enumerate(READINGS)],
    },
    "sampling_eec": {
        "kind": "sampling",
        "scheme": "76/211",
        "nominal": 0.5,
        "unit": "kg",
        "lot": 900,
        "net": [x / 1000 for x in NET[:50]],
    },
    "sampling_r87_large": {"kind": "sampling", "scheme": "R87", "nominal": 500, "unit": "mL", "lot": 2000, "net": NET},
    "mass_by_residuals": {
        "kind": "mass-design",
        "nominal": [1, 1, 1],
        "observations": [0.02, -0.013, -0.031],
        "design": [[1, -1, 0], [1, 0, -1], [0, 1, -1]],
        "restraint": {"vector": [1, 0, 0], "value": 0.3, "u": 0.01},
    },
}
DOCUMENTS = documents()


def result_of(name: str) -> dict[str, Any]:
    """The first kernel's result, as JSON has it."""
    return compute(DOCUMENTS[name], DRAWN)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_both_kernels_agree_on_every_document(name: str) -> None:
    found = check(DOCUMENTS[name], result_of(name))
    assert found.beyond == ()
    assert found.compared > 2
    assert (found.drawn > 0) == (DOCUMENTS[name]["kind"] == "uncertainty")
    assert found.farthest < STANDARD_ERRORS
    allowed = {"definition", "model_hash", "units_checked", "notes"}
    assert all(key in allowed or key.endswith("monte_carlo.estimate") for key in found.left_out)


def test_every_kind_is_recomputed() -> None:
    assert {given["kind"] for given in DOCUMENTS.values()} == set(KINDS)


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all numbers, flags and words of a result that are compared."""
    if isinstance(value, dict):
        return [
            found
            for key, item in value.items()
            if key not in NOT_VALUES | HOW_DRAWN
            for found in places(item, (*place, key))
        ]
    if isinstance(value, (list, tuple)):
        return [found for i, item in enumerate(value) for found in places(item, (*place, i))]
    return [] if value is None else [place]


def damaged(value: Any, share: float) -> Any:
    """Another value: a flag turned, a word replaced, a whole number one more, any other off by a share."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "9"
    return value + 1 if isinstance(value, int) else value * (1 + share) or share


def changed(result: Any, place: tuple[Any, ...], share: float) -> dict[str, Any]:
    """The result with one value damaged."""
    other: dict[str, Any] = copy.deepcopy(result)
    inside: Any = other
    for key in place[:-1]:
        if isinstance(inside[key], tuple):
            inside[key] = list(inside[key])
        inside = inside[key]
    inside[place[-1]] = damaged(inside[place[-1]], share)
    return other


def finds(name: str, result: dict[str, Any], place: tuple[Any, ...], share: float) -> bool:
    """Whether a damaged value is found, as a difference or by refusing the shape."""
    try:
        found: Agreement = check(DOCUMENTS[name], changed(result, place, share))
    except Refused:
        return True
    return bool(found.beyond)


OTHER_KINDS = sorted(name for name, given in DOCUMENTS.items() if given["kind"] != "uncertainty")


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_any_damaged_value_is_found(name: str) -> None:
    """Each value in turn off by 10⁻⁶ of it; of long results some, the same each time."""
    result = result_of(name)
    every = places(result)
    some = 25 if DOCUMENTS[name]["kind"] != "conformity" else 5
    for place in Random(name).sample(every, min(len(every), some)):
        assert finds(name, result, place, 1e-6), place


@pytest.mark.parametrize("name", ["end_gauge", "weight_10kg"])
def test_damaged_draws_are_found_where_they_are_beyond_the_scatter(name: str) -> None:
    result = result_of(name)
    left_out = check(DOCUMENTS[name], result).left_out
    for place in places(result):
        key = f"measurands[{place[1]}].monte_carlo.{place[-1]}"
        if place[0] != "measurands" or "monte_carlo" not in place or key in left_out:
            continue
        part: Any = result["measurands"][place[1]]["monte_carlo"]
        inside: Any = result
        for key in place:
            inside = inside[key]
        low, high = part["shortest_interval"]
        assert finds(name, result, place, 0.2 * (high - low) / abs(inside)), place
        # The ends of the symmetric interval are also held to what the validation says of them.
        assert "symmetric_interval" in place or not finds(name, result, place, 1e-5 * (high - low) / abs(inside)), place


@pytest.mark.parametrize("rounding", ["half_away", "up", "ea"])
@pytest.mark.parametrize("size", [1e-9, 0.0123, 1.0, 98.7, 12_345.6, 3e11])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_printed_is_read_back(rounding: str, size: float, language: Any) -> None:
    """At any size and rule, and one unit more in the last digit of the value or of U is found."""
    inputs = [
        {"symbol": "a", "value": 7.123456 * size, "distribution": "normal", "standard_uncertainty": 0.0637 * size}
    ]
    given = document(input=inputs, measurand=[{"symbol": "y", "equation": "a"}], rounding=rounding)
    result = compute(given, Options("gum", language=language))
    assert check(given, result).beyond == ()
    for key in ("value", "expanded_uncertainty", "coverage_factor"):
        printed = result["measurands"][0]["reported"][key]
        head, _, tail = printed.partition("·")
        at = max(
            i for i, letter in enumerate(head) if letter.isdigit() and (letter != "0" or "," in head or "." in head)
        )
        other = copy.deepcopy(result)
        more = head[:at] + str((int(head[at]) + 2) % 10) + head[at + 1 :]
        other["measurands"][0]["reported"][key] = f"{more}·{tail}" if tail else more
        assert check(given, other).beyond, (printed, more)


def test_a_joint_distribution_of_its_own_kind_is_not_drawn_and_said() -> None:
    given = document(correlation=[{"between": ["a", "b"], "coefficient": 0.5}], joint="gaussian-copula")
    given["input"][0] = {"symbol": "a", "value": 1, "distribution": "rectangular", "half_width": 0.5}
    found = check(given, compute(given, DRAWN))
    assert found.beyond == ()
    assert "measurands[0].monte_carlo" in found.left_out
    assert found.drawn == 0


def test_a_deficiency_in_a_unit_that_it_does_not_know_is_said() -> None:
    given = {
        "kind": "sampling",
        "scheme": "R87",
        "nominal": 30,
        "unit": "m",
        "lot": 200,
        "net": [30.1] * 25 + [29.9] * 25,
    }
    found = check(given, compute(given, DRAWN))
    assert found.beyond == ()
    assert found.left_out == ("tolerable_deficiency",)


def test_what_nearly_cancels_out_is_said_to_be_left_out_with_all_that_rests_on_it() -> None:
    cancelling = document(
        measurand=[{"symbol": "y", "equation": "4*a/3 - b"}],
        correlation=[{"between": ["a", "b"], "coefficient": 1}],
    )
    result = compute(cancelling, Options(method="gum"))
    left_out = check(cancelling, result).left_out
    place = "measurands[0].gum"
    assert {f"{place}.coverage_factor", f"{place}.expanded_uncertainty", f"{place}.interval"} <= set(left_out)


@pytest.mark.parametrize("found", [Within(math.nan, 1), Within(5, math.nan)])
def test_what_is_no_number_agrees_with_nothing(found: Within) -> None:
    assert one("k", 1.0, found).relative == math.inf
