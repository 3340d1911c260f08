"""Published cases against their functions; the cases are data of the product, which reports on them too.

See `chuan.metrology.validation_report.cases` for what such a file holds; `tests/metrology/reference` leads there.
"""

from typing import Any

from chuan.metrology.files import Options, compute
from chuan.metrology.validation_report.cases import FOLDER, agrees, at, load

__all__ = ["FOLDER", "agrees", "at", "check", "published"]


def published(name: str) -> dict[str, Any]:
    """One case by the name of its file."""
    case = load(name)
    assert case["source"]
    assert case["clause"]
    return case


def check(name: str) -> None:
    """Compute the case's document and compare each printed value; texts, flags and lists of flags exactly."""
    case = published(name)
    result = compute(case["document"], Options())
    assert case["expected"], name
    for path, wanted in case["expected"].items():
        found = at(result, path)
        tolerance = case.get("tolerances", {}).get(path, case["tolerance"])
        assert agrees(found, wanted, tolerance), f"{name} {path}: {found}, printed {wanted} ± {tolerance}"
