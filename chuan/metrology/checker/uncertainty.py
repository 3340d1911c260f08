"""A stored `uncertainty` result beside the second kernel's: every number of `gum`, what is reported, what was drawn."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from chuan.metrology.checker import draws, propagation, quantities, reported
from chuan.metrology.checker.agreement import Difference, number, refused_shape

#: Where correlation leaves less than this part of the summed variance, doubles hold too few digits of what hangs on u.
_ILL_CONDITIONED = 1e-6
#: What is text, or says how the first kernel worked.
_NOT_RECOMPUTED = ("model_hash", "units_checked", "notes")


def compare_uncertainty(ctx: Any, document: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[Difference | str]:
    """Every number of a stored result beside this kernel's; a place alone where nothing was recomputed."""
    found = propagation.propagate(ctx, document)
    yield from _all(ctx, document, result, found)
    for m, stored in enumerate(result["measurands"]):
        if stored["gum"] is not None and stored["reported"] is not None:
            rounding = document.get("rounding", "half_away")
            yield from reported.compare(stored["gum"], stored["reported"], rounding, f"measurands[{m}].reported")
    yield from draws.compare(ctx, document, result)
    yield from _NOT_RECOMPUTED


def _all(
    ctx: Any, document: Mapping[str, Any], result: Mapping[str, Any], found: list[dict[str, Any]]
) -> Iterator[Difference | str]:
    stored = result["measurands"]
    if len(stored) != len(found):
        raise refused_shape("measurands")
    for m, (own, other) in enumerate(zip(stored, found, strict=True)):
        if own["gum"] is not None:
            yield from _measurand(own["gum"], other, f"measurands[{m}].gum")
    matrix = result["correlation"]["gum"]
    if matrix is None:
        return
    inputs = quantities.read(ctx, document)
    for i, a in enumerate(found):
        for j, b in enumerate(found):
            if min(a["condition"], b["condition"]) >= _ILL_CONDITIONED:
                r = propagation.correlation(ctx, inputs, a, b)
                yield number(f"correlation.gum[{i}][{j}]", matrix[i][j], r, 1.0)


#: What a combined uncertainty that a subtraction left nearly nothing of decides: it is not recomputed then, and said.
_COVERED = (
    "effective_dof",
    "dof_used",
    "coverage_probability",
    "coverage_factor",
    "expanded_uncertainty",
    "interval",
)


def _measurand(stored: Mapping[str, Any], found: Mapping[str, Any], place: str) -> Iterator[Difference | str]:
    scale, condition = found["scale"], found["condition"]
    u, other = stored["standard_uncertainty"], found["standard_uncertainty"]
    by_variance = float(abs(u * u - other * other) / (2 * scale * scale)) if scale else float(abs(u))
    yield Difference(f"{place}.standard_uncertainty", u, float(other), by_variance)
    yield from _words(stored, found, ("dof_method",), place)
    yield number(f"{place}.estimate", stored["estimate"], found["estimate"], scale)
    for i, line in enumerate(_lines(stored, found, place)):
        yield from _line(*line, f"{place}.budget[{i}]", found)
    if found["second_order"] is not None and stored["second_order"] is not None:
        for key in ("estimate", "standard_uncertainty"):
            where = f"{place}.second_order.{key}"
            yield number(where, stored["second_order"][key], found["second_order"][key], scale)
    elif found["second_order"] is not stored["second_order"]:
        yield f"{place}.second_order"
    if condition < _ILL_CONDITIONED:
        yield from (f"{place}.{key}" for key in ("budget.share", *_COVERED))
        return
    for key in ("effective_dof", "dof_used"):
        yield _dof(f"{place}.{key}", stored[key], found[key], condition)
    for key in ("coverage_probability", "coverage_factor", "expanded_uncertainty"):
        yield number(f"{place}.{key}", stored[key], found[key], 0, condition)
    ends = (stored["interval"] or [None, None], found["interval"] or [None, None])
    for i, (own, end) in enumerate(zip(*ends, strict=True)):
        yield number(f"{place}.interval[{i}]", own, end, scale)


def _lines(
    stored: Mapping[str, Any], found: Mapping[str, Any], place: str
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    if len(stored["budget"]) != len(found["budget"]):
        raise refused_shape(f"{place}.budget")
    return list(zip(stored["budget"], found["budget"], strict=True))


def _line(
    stored: Mapping[str, Any], found: Mapping[str, Any], place: str, whole: Mapping[str, Any]
) -> Iterator[Difference]:
    scale, condition, own = whole["scale"], whole["condition"], found["standard_uncertainty"]
    yield from _words(stored, found, ("symbol", "label"), place)
    yield number(f"{place}.value", stored["value"], found["value"], own)
    yield number(f"{place}.standard_uncertainty", stored["standard_uncertainty"], own, 0)
    yield number(f"{place}.dof", stored["dof"], found["dof"], 0)
    yield number(f"{place}.sensitivity", stored["sensitivity"], found["sensitivity"], scale / own if own else 0)
    yield number(f"{place}.contribution", stored["contribution"], found["contribution"], scale)
    if condition >= _ILL_CONDITIONED:
        yield number(f"{place}.share", stored["share"], found["share"], 1, condition)


def _words(
    stored: Mapping[str, Any], found: Mapping[str, Any], keys: tuple[str, ...], place: str
) -> Iterator[Difference]:
    for key in keys:
        same = stored[key] == found[key]
        yield Difference(f"{place}.{key}", stored[key], found[key], 0.0 if same else math.inf)


def _dof(key: str, stored: Any, found: Any, condition: Any) -> Difference:
    """Relative difference of ν; none (null) is infinite."""
    one, other = (0 if dof is None else 1 / dof for dof in (stored, found))
    relative = float(abs(one - other) / max(other, 1 / propagation.INFINITE_DOF) * condition)
    return Difference(key, stored, None if found is None else float(found), relative)
