"""Published cases as data, and the comparison of what was computed with what was printed.

`[expected]` maps a path in the result ("components.part.variance", "points[19]") to the printed value; `tolerance` is
half a unit of the last printed digit unless `[tolerances]` says otherwise for a path. `check = true` marks digits that
were quoted second-hand.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "cases"

_STEP = re.compile(r"([A-Za-z_]\w*)|\[(\d+)\]")


def names() -> tuple[str, ...]:
    """Every case, by the name of its file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load(name: str) -> dict[str, Any]:
    """One case."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def at(result: Any, path: str) -> Any:
    """The value at a path of names and indices; None where the result does not go so far."""
    for name, index in _STEP.findall(path):
        if result is None:
            return None
        result = result[name] if name else result[int(index)]
    return result


def agrees(found: Any, wanted: Any, tolerance: float) -> bool:
    """Numbers within the tolerance, lists item by item, anything else equal; a flag is no number."""
    if isinstance(wanted, list) and isinstance(found, (list, tuple)):
        return len(found) == len(wanted) and all(agrees(f, w, tolerance) for f, w in zip(found, wanted, strict=True))
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    if isinstance(wanted, (Mapping, str, list)) or not isinstance(found, (int, float)):
        return bool(found == wanted)
    return bool(abs(found - wanted) <= tolerance)
