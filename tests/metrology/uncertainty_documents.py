"""Builders of `uncertainty` documents."""

from typing import Any

from chuan.metrology.files import Options, compute

GUM = Options(method="gum")


def document(**changes: Any) -> dict[str, Any]:
    """y = a + b with two normal inputs, changed at the top."""
    found: dict[str, Any] = {
        "kind": "uncertainty",
        "measurand": [{"symbol": "y", "equation": "a + b"}],
        "input": [
            {"symbol": "a", "value": 1.0, "distribution": "normal", "standard_uncertainty": 0.3},
            {"symbol": "b", "value": 2.0, "distribution": "normal", "standard_uncertainty": 0.4},
        ],
    }
    return found | changes


def with_input(*keep: str, **changes: Any) -> dict[str, Any]:
    """The same, where b has only the keys of `keep` and `changes`."""
    found = document()
    b = found["input"][1]
    found["input"][1] = {key: value for key, value in b.items() if key == "symbol" or key in keep} | changes
    return found


def gum(found: dict[str, Any]) -> dict[str, Any]:
    """The GUM part of the one measurand."""
    part: dict[str, Any] = compute(found, GUM)["measurands"][0]["gum"]
    return part
