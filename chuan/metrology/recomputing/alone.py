"""One stored result computed anew by itself, with every check of the reader, and each number that differs."""

from collections.abc import Iterator, Mapping
from typing import Any

from chuan.metrology.files import Options, compute
from chuan.metrology.proof import Mismatch, relative_difference, shown
from chuan.metrology.recomputing.budgets import TOLERANCE
from chuan.metrology.recomputing.rows import NUMBERS
from chuan.metrology.words import Refused

_KEYS = (*NUMBERS, "dof_method", "interval", "budget")


def differences(stored: Mapping[str, Any]) -> tuple[Mismatch, ...]:
    """Every number and word of the measurands' budgets that does not come out again, by its key in the proof.

    Numbers within 10⁻¹² of each other are one. A document that is refused now differs as a whole.
    """
    result = stored["result"]
    try:
        found = compute(stored["document"], Options(method="gum"))
    except Refused as refused:
        return (Mismatch("result", shown(result.get("measurands")), "–", refusal=refused),)
    pairs = [("result.model_hash", result.get("model_hash"), found.get("model_hash"))]
    pairs.append(("result.measurands", _budgets(result), _budgets(found)))
    return tuple(mismatch for place, one, other in pairs for mismatch in _unlike(one, other, place))


def has_budget(stored: Mapping[str, Any]) -> bool:
    """Whether a stored result has a budget at all: other kinds than `uncertainty` and Monte Carlo alone have none."""
    measurands = stored["result"].get("measurands")
    if stored["document"].get("kind") != "uncertainty" or not isinstance(measurands, list):
        return False
    return any(isinstance(one, Mapping) and one.get("gum") is not None for one in measurands)


def _budgets(result: Mapping[str, Any]) -> list[Any]:
    return [_budget(one) if isinstance(one, Mapping) else one for one in result["measurands"]]


def _budget(measurand: Mapping[str, Any]) -> dict[str, Any]:
    gum = measurand.get("gum")
    kept = {key: gum[key] for key in _KEYS if key in gum} if isinstance(gum, Mapping) else gum
    return {"symbol": measurand.get("symbol"), "unit": measurand.get("unit"), "gum": kept}


def _unlike(stored: object, found: object, place: str) -> Iterator[Mismatch]:
    """Every key at which two values differ."""
    if isinstance(stored, Mapping) and isinstance(found, Mapping):
        for key in sorted({*map(str, stored), *found}):
            yield from _unlike(stored.get(key, ...), found.get(key, ...), f"{place}.{key}")
    elif isinstance(stored, list) and isinstance(found, list) and len(stored) == len(found):
        for i, (one, other) in enumerate(zip(stored, found, strict=True)):
            yield from _unlike(one, other, f"{place}[{i}]")
    elif stored is not found:
        relative = relative_difference(stored, found)
        if not relative <= TOLERANCE if relative is not None else type(stored) is not type(found) or stored != found:
            yield Mismatch(place, shown(stored), shown(found), relative)
