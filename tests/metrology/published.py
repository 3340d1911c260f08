"""Published cases as data: a computation file, the digits that its source prints, and how closely they must be met.

`[expected]` maps a path in the result ("components.part.variance", "points[19]") to the printed value; `tolerance` is
half a unit of the last printed digit unless `[tolerances]` says otherwise for a path.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chuan.metrology.files import Options, compute

FOLDER = Path(__file__).parent / "reference"


def published(name: str) -> dict[str, Any]:
    """One case by the name of its file."""
    case = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    assert case["source"]
    assert case["clause"]
    return case


def at(result: Any, path: str) -> Any:
    """The value at a path of names and indices."""
    for name, index in re.findall(r"([A-Za-z_]\w*)|\[(\d+)\]", path):
        result = result[name] if name else result[int(index)]
    return result


def check(name: str) -> None:
    """Compute the case's document and compare each printed value; texts, flags and lists of flags exactly."""
    case = published(name)
    result = compute(case["document"], Options())
    assert case["expected"], name
    for path, wanted in case["expected"].items():
        found = at(result, path)
        tolerance = case.get("tolerances", {}).get(path, case["tolerance"])
        assert agrees(found, wanted, tolerance), f"{name} {path}: {found}, printed {wanted} ± {tolerance}"


def agrees(found: Any, wanted: Any, tolerance: float) -> bool:
    """Numbers within the tolerance, lists item by item, anything else equal."""
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(agrees(f, w, tolerance) for f, w in zip(found, wanted, strict=True))
    if isinstance(wanted, (Mapping, bool, str)) or found is None:
        return bool(found == wanted)
    return bool(abs(found - wanted) <= tolerance)
