"""Every case run here and now: expected, got, tolerance, passed; with the program and the machine that it holds for."""

import hashlib
import importlib.metadata
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from chuan.metrology import KERNEL, checker
from chuan.metrology.files import Options, compute
from chuan.metrology.validation_report import cases
from chuan.metrology.validation_report.functions import FUNCTIONS, dominant_rectangles
from chuan.metrology.words import Refused

REQUIREMENT = "ISO/IEC 17025:2017, 7.11.2"

#: The program: every file of the package but the cases, which have a digest of their own.
_PACKAGE = Path(__file__).parents[1]


def run(made: datetime, names: Sequence[str] | None = None) -> dict[str, Any]:
    """The whole report; `made` is when, `names` the cases to run (None for all).

    Each case with a document is also recomputed by the second kernel, to 1e-10 of every number.
    """
    found = [_case(name) for name in (cases.names() if names is None else names)]
    values = [value for case in found for value in case["values"]]
    return {
        "requirement": REQUIREMENT,
        "kernel": KERNEL,
        "program_sha256": _digest(_PACKAGE.rglob("*.py")),
        "cases_sha256": _digest(cases.FOLDER.glob("*.toml")),
        "made": made.isoformat(timespec="seconds"),
        "machine": machine(),
        "passed": all(case["passed"] for case in found),
        "counts": {
            "cases": len(found),
            "cases_failed": sum(not case["passed"] for case in found),
            "values": len(values),
            "values_failed": sum(not value["passed"] for value in values),
            "second_hand": sum(case["second_hand"] for case in found),
        },
        "cases": found,
    }


def machine() -> dict[str, str]:
    """What the digits may depend on beside the program; it names no host and no person."""
    libc = " ".join(platform.libc_ver()).strip()
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "numpy": importlib.metadata.version("numpy"),
        "scipy": importlib.metadata.version("scipy"),
        "mpmath": importlib.metadata.version("mpmath"),
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "c_library": libc or "–",
        "float": f"{sys.float_info.mant_dig} bit",
    }


def _digest(paths: Iterator[Path]) -> str:
    """SHA-256 over names and contents, in the order of names."""
    total = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        total.update(f"{path.relative_to(_PACKAGE).as_posix()} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def _case(name: str) -> dict[str, Any]:
    """One case; where the kernel refuses or fails, that is the case's failure with its reason, not the report's end."""
    case = cases.load(name)
    document = case.get("document")
    values: list[dict[str, Any]] = []
    second, refusal = None, None
    try:
        values = list(_values(case))
        if document is not None:
            second = _second_kernel(document)
    except Refused as refused:
        refusal = {"vi": refused.say("vi"), "en": refused.say("en")}
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        refusal = {"vi": reason, "en": reason}
    passed = bool(values) and all(value["passed"] for value in values) and refusal is None
    return {
        "case": name,
        "source": case["source"],
        "clause": case["clause"],
        "kind": document["kind"] if document is not None else FUNCTIONS[case["function"]].kind,
        "second_hand": bool(case.get("check", False)),
        "passed": passed and (second is None or second["passed"]),
        "refusal": refusal,
        "values": values,
        "second_kernel": second,
    }


def _values(case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    result = _computed(case)
    for path, expected in _expected(case):
        tolerance = case.get("tolerances", {}).get(path, case["tolerance"])
        got = cases.at(result, path)
        yield {
            "key": path,
            "expected": expected,
            "got": got,
            "tolerance": tolerance if _has_number(expected) else None,
            "passed": cases.agrees(got, expected, tolerance),
        }


def _has_number(value: object) -> bool:
    """Whether a tolerance applies; texts and flags must be equal."""
    if isinstance(value, list):
        return any(map(_has_number, value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _computed(case: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a case; Monte Carlo only where the source prints what it gives."""
    if "document" not in case:
        return FUNCTIONS[case["function"]].compute(case)
    trials = case.get("trials")
    result = compute(case["document"], Options("gum" if trials is None else "both", trials, threads=1))
    return {**result, "dominant": dominant_rectangles(case)} if "dominant" in case else result


def _expected(case: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every printed value with its path."""
    yield from case.get("expected", {}).items()
    yield from ((f"dominant.{key}", value) for key, value in case.get("dominant", {}).items())
    for i, entry in enumerate(case.get("design", ())):
        for key in ("dof", "divisor", "solution", "share", "k1", "k2"):
            if entry[key] != []:
                yield f"design[{i}].{key}", entry[key]


def _second_kernel(document: Mapping[str, Any]) -> dict[str, Any]:
    found = checker.check(document, compute(document, Options("gum")))
    largest = found.largest
    return {
        "compared": found.compared,
        "largest_difference": None if largest is None else largest.relative,
        "at": None if largest is None else largest.key,
        "tolerance": checker.TOLERANCE,
        "passed": not found.beyond,
    }
