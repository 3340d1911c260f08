"""A stored result beside the second kernel's: every number of `gum`, and the largest relative difference."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chuan.metrology.checker import propagation, quantities
from chuan.metrology.words import Refused, Text

#: The two kernels agree when no number differs by more than this part of it.
TOLERANCE = 1e-10
#: Where correlation leaves less than this part of the summed variance, doubles hold too few digits of what hangs on u.
_ILL_CONDITIONED = 1e-6

_KIND = Text(
    'bộ tính thứ hai chỉ tính lại tệp kind = "uncertainty"', 'the second kernel recomputes kind = "uncertainty" only'
)
_SHAPE = Text("kết quả không có các phần như tài liệu nói", "the result has not the parts that its document says")
_FAILED = Text(
    "bộ tính thứ hai không tính được ({why}); không kết luận",
    "the second kernel cannot compute this ({why}); no conclusion",
)


@dataclass(frozen=True)
class Difference:
    """One number in both kernels; `relative` is infinite where one of them has none."""

    key: str
    stored: object
    recomputed: object
    relative: float


@dataclass(frozen=True)
class Agreement:
    """How many numbers were compared, the largest difference, and all beyond the tolerance."""

    compared: int
    largest: Difference | None
    beyond: tuple[Difference, ...]


def check(document: Mapping[str, Any], result: Mapping[str, Any]) -> Agreement:
    """Recompute the `gum` parts of a stored `uncertainty` result from its document at 50 digits, and compare.

    Relative differences; signed numbers in the measurand's unit are taken relative to u where they are smaller, and
    what hangs on u relative to the variance before correlations cancel it.
    Errors: `Refused` for another kind, and where the document cannot be read or computed by this kernel.
    """
    if document.get("kind") != "uncertainty":
        raise Refused(_KIND, "kind")
    ctx = propagation.context()
    try:
        found = propagation.propagate(ctx, document)
        differences = list(_all(ctx, document, result, found))
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(_FAILED.put(why=" ".join(f"{type(error).__name__} {error}".split()))) from None
    largest = max(differences, key=lambda difference: difference.relative, default=None)
    beyond = tuple(difference for difference in differences if not difference.relative <= TOLERANCE)
    return Agreement(len(differences), largest, beyond)


def _all(
    ctx: Any, document: Mapping[str, Any], result: Mapping[str, Any], found: list[dict[str, Any]]
) -> Iterator[Difference]:
    stored = result["measurands"]
    if len(stored) != len(found):
        raise Refused(_SHAPE, "measurands")
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
                yield _number(f"correlation.gum[{i}][{j}]", matrix[i][j], r, 1.0)


def _measurand(stored: Mapping[str, Any], found: Mapping[str, Any], place: str) -> Iterator[Difference]:
    scale, condition = found["scale"], found["condition"]
    u, other = stored["standard_uncertainty"], found["standard_uncertainty"]
    by_variance = float(abs(u * u - other * other) / (2 * scale * scale)) if scale else float(abs(u))
    yield Difference(f"{place}.standard_uncertainty", u, float(other), by_variance)
    yield from _words(stored, found, ("dof_method",), place)
    yield _number(f"{place}.estimate", stored["estimate"], found["estimate"], scale)
    for i, line in enumerate(_lines(stored, found, place)):
        yield from _line(*line, f"{place}.budget[{i}]", found)
    if found["second_order"] is not None and stored["second_order"] is not None:
        for key in ("estimate", "standard_uncertainty"):
            where = f"{place}.second_order.{key}"
            yield _number(where, stored["second_order"][key], found["second_order"][key], scale)
    if condition < _ILL_CONDITIONED:
        return
    for key in ("effective_dof", "dof_used"):
        yield _dof(f"{place}.{key}", stored[key], found[key], condition)
    for key in ("coverage_probability", "coverage_factor", "expanded_uncertainty"):
        yield _number(f"{place}.{key}", stored[key], found[key], 0, condition)
    ends = (stored["interval"] or [None, None], found["interval"] or [None, None])
    for i, (own, end) in enumerate(zip(*ends, strict=True)):
        yield _number(f"{place}.interval[{i}]", own, end, scale)


def _lines(
    stored: Mapping[str, Any], found: Mapping[str, Any], place: str
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    if len(stored["budget"]) != len(found["budget"]):
        raise Refused(_SHAPE, f"{place}.budget")
    return list(zip(stored["budget"], found["budget"], strict=True))


def _line(
    stored: Mapping[str, Any], found: Mapping[str, Any], place: str, whole: Mapping[str, Any]
) -> Iterator[Difference]:
    scale, condition, own = whole["scale"], whole["condition"], found["standard_uncertainty"]
    yield from _words(stored, found, ("symbol", "label"), place)
    yield _number(f"{place}.value", stored["value"], found["value"], own)
    yield _number(f"{place}.standard_uncertainty", stored["standard_uncertainty"], own, 0)
    yield _number(f"{place}.dof", stored["dof"], found["dof"], 0)
    yield _number(f"{place}.sensitivity", stored["sensitivity"], found["sensitivity"], scale / own if own else 0)
    yield _number(f"{place}.contribution", stored["contribution"], found["contribution"], scale)
    if condition >= _ILL_CONDITIONED:
        yield _number(f"{place}.share", stored["share"], found["share"], 1, condition)


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


def _number(key: str, stored: Any, found: Any, floor: Any, condition: Any = 1) -> Difference:
    """|stored − found| relative to `found`, or to `floor` where that is larger."""
    if stored is None or found is None:
        return Difference(key, stored, None if found is None else float(found), 0.0 if stored is found else math.inf)
    size = max(abs(found), floor)
    difference = abs(stored - found)
    relative = float(difference / size * condition) if size else (0.0 if not difference else math.inf)
    return Difference(key, stored, float(found), relative)
