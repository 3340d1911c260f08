"""A difference of two budgets in one sentence, with what else its reader must know; and its printed columns."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chuan.metrology.explaining.apportion import apportioned
from chuan.metrology.explaining.budget import Budget
from chuan.metrology.explaining.difference import Difference, Part, Side
from chuan.metrology.explaining.phrases import (
    beside,
    called,
    degrees,
    expanded,
    factor,
    joined,
    number,
    put,
    same,
    signed,
    to_place_of,
    written,
)
from chuan.metrology.words import Text

_SENTENCE = Text(
    "Từ {before} đến {after}, {value}; {uncertainty}.", "From {before} to {after}, {value}; {uncertainty}."
)
_CHANGED = Text(
    "{symbol} {way} {change}{unit} (từ {a} đến {b}{unit}), {mostly} {causes}",
    "{symbol} {way} by {change}{unit} (from {a} to {b}{unit}), {mostly} through {causes}",
)
_MOSTLY, _WHOLLY = Text("chủ yếu do", "mostly"), Text("do", "wholly")
_SAME = Text("{symbol} không đổi ({a}{unit})", "{symbol} stays the same ({a}{unit})")
_CANCELS = Text(
    "{symbol} không đổi ({a}{unit}), vì các phần bù trừ nhau: {causes}",
    "{symbol} stays the same ({a}{unit}), since parts cancel: {causes}",
)
_UP, _DOWN = Text("tăng", "rises"), Text("giảm", "falls")
_CAUSE = Text("{name} ({part}{unit}{how})", "{name} ({part}{unit}{how})")
_VALUE = Text(", giá trị từ {a} đến {b}", ", its value from {a} to {b}")
_SPREAD = Text(", u từ {a} đến {b}", ", its u from {a} to {b}")
_SLOPE = Text(", hệ số độ nhạy từ {a} đến {b}", ", its sensitivity from {a} to {b}")
_TIED = Text(", tương quan của nó đã đổi", ", its correlation has changed")
_ONLY = Text(", chỉ có ở {where}", ", only in {where}")
_FACTOR = Text("hệ số phủ k", "the coverage factor k")
_FACTOR_HOW = Text(", từ {a} đến {b}", ", from {a} to {b}")
_EQUATION = Text("phương trình", "the equation")
_REST = Text("phần không quy được cho đầu vào nào", "what cannot be laid on any input")
_MODELS = Text(
    "Hai bên dùng phương trình khác nhau; riêng điều đó làm {symbol} thay đổi {part}{unit}.",
    "The two sides use different equations; that alone changes {symbol} by {part}{unit}.",
)
_ONLY_IN = Text("Chỉ có ở {where}: {names}.", "Only in {where}: {names}.")
_WHY_K = Text("k đổi từ {a} đến {b}, {reasons}.", "k changes from {a} to {b}, {reasons}.")
_DOF = Text("vì ν_eff đổi từ {a} đến {b}", "since ν_eff changes from {a} to {b}")
_PROBABILITY = Text("vì xác suất phủ đổi từ {a} đến {b} %", "since the coverage probability changes from {a} to {b} %")
_STATED = Text("vì {where} cho trước k", "since {where} states k")
_NO_U = Text(
    "Có bên không có U (bậc tự do hiệu dụng không xác định), nên phần so sánh là của u.",
    "One side has no U (its effective degrees of freedom are undefined), so u is compared instead.",
)
_UNLAID = Text(
    "{part}{unit} không quy được cho đầu vào nào: ở giữa hai bên có chỗ mô hình không có giá trị hữu hạn.",
    "{part}{unit} cannot be laid on any input: somewhere between the two sides the model has no finite value.",
)

#: Causes are named until they make up this part of all that moved, at most so many.
_ENOUGH, _MOST_CAUSES = 0.8, 3
#: Below this part of U a change is rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Column:
    """One printed column: a number for each part, for what stands below them, and the total they add up to."""

    parts: tuple[Decimal, ...]
    #: The equation's part of Δy, or k's part of ΔU.
    other: Decimal
    remainder: Decimal
    total: Decimal


def value_column(difference: Difference) -> Column:
    """Δy and its parts as printed."""
    parts = [part.value_part for part in difference.parts]
    return _column(difference, parts, difference.model_part, difference.value_remainder, difference.value_change)


def uncertainty_column(difference: Difference) -> Column:
    """ΔU, or Δu, and its parts as printed."""
    parts = [part.uncertainty_part for part in difference.parts]
    rest, total = difference.uncertainty_remainder, difference.uncertainty_change
    return _column(difference, parts, difference.factor_part, rest, total)


def _column(difference: Difference, parts: Sequence[float], other: float, rest: float, total: float) -> Column:
    noise = _ROUNDING * max(difference.uncertainties)
    every = [x if abs(x) > noise else 0.0 for x in (*parts, other, rest)]
    cells, whole = apportioned(every, total if abs(total) > noise else 0.0)
    return Column(cells[:-2], cells[-2], cells[-1], whole)


def describe(difference: Difference, before: str, after: str) -> tuple[Text, ...]:
    """One sentence for Δy and ΔU with their causes, then remarks; the sides are called `before` and `after`."""
    names = (before, after)
    value, uncertainty = _value_clause(difference, names), _uncertainty_clause(difference, names)
    sentence = put(_SENTENCE, before=before, after=after, value=value, uncertainty=uncertainty)
    return (sentence, *_remarks(difference, names))


def _value_clause(difference: Difference, names: tuple[str, str]) -> Text:
    column = value_column(difference)
    causes = [
        (cell, part.value_part, same(part.symbol), _value_how(part))
        for cell, part in zip(column.parts, difference.parts, strict=True)
    ]
    causes.append((column.other, difference.model_part, _EQUATION, same("")))
    causes.append((column.remainder, difference.value_remainder, _REST, same("")))
    first, second = difference.before, difference.after
    ends = [to_place_of(side.estimate, column.total) for side in (first, second)]
    if not column.total:
        ends = [beside(first.estimate, first.standard_uncertainty)]
    return _clause(difference, difference.symbol, column, causes, ends)


def _uncertainty_clause(difference: Difference, names: tuple[str, str]) -> Text:
    column = uncertainty_column(difference)
    causes = [
        (cell, part.uncertainty_part, _name(part), _uncertainty_how(difference, part, names))
        for cell, part in zip(column.parts, difference.parts, strict=True)
    ]
    k_a, k_b = difference.before.coverage_factor, difference.after.coverage_factor
    if k_a is not None and k_b is not None:
        how = put(_FACTOR_HOW, a=factor(k_a), b=factor(k_b))
        causes.append((column.other, difference.factor_part, _FACTOR, how))
    ends = [to_place_of(uncertainty, column.total) for uncertainty in difference.uncertainties]
    if not column.total:
        ends = [expanded(difference.uncertainties[0], difference.before.rounding)]
    return _clause(difference, "U" if difference.expanded else "u", column, causes, ends)


Cause = tuple[Decimal, float, Text, Text]


def _clause(difference: Difference, symbol: str, column: Column, causes: Sequence[Cause], ends: Sequence[Text]) -> Text:
    unit = difference.after.unit
    moved = _leading(causes)
    named = [put(_CAUSE, name=name, part=signed(cell), unit=unit, how=how) for cell, _, name, how in moved]
    if not column.total:
        text = _CANCELS if named else _SAME
        return put(text, symbol=symbol, a=ends[0], unit=unit, causes=joined(named) if named else same(""))
    if not named:
        named = [_EQUATION]
    every = sum(1 for cell, *_ in causes if cell) == len(moved)
    return put(
        _CHANGED,
        symbol=symbol,
        way=_UP if column.total > 0 else _DOWN,
        change=written(abs(column.total)),
        unit=unit,
        a=ends[0],
        b=ends[-1],
        mostly=_WHOLLY if every else _MOSTLY,
        causes=joined(named),
    )


def _leading(causes: Sequence[Cause]) -> list[Cause]:
    """The causes to name, the largest first."""
    whole = math.fsum(abs(size) for cell, size, *_ in causes if cell)
    found: list[Cause] = []
    for cause in sorted((cause for cause in causes if cause[0]), key=lambda cause: -abs(cause[1])):
        if len(found) == _MOST_CAUSES or math.fsum(abs(one[1]) for one in found) >= _ENOUGH * whole:
            break
        found.append(cause)
    return found


def _name(part: Part) -> Text:
    return called(part.symbol, part.label)


def _value_how(part: Part) -> Text:
    if part.before is None or part.after is None or part.before.value == part.after.value:
        return same("")
    a, b = _apart(part.before.value, part.after.value, part.before.standard_uncertainty)
    return put(_VALUE, a=a, b=b)


def _apart(a: float, b: float, u: float) -> tuple[Text, Text]:
    """Two values to the second digit of u, or of their difference where that is smaller: they must not look alike."""
    change = abs(b - a)
    scale = min(u, change) if u and change else u or change
    return beside(a, scale), beside(b, scale)


def _uncertainty_how(difference: Difference, part: Part, names: tuple[str, str]) -> Text:
    a, b = part.before, part.after
    if a is None or b is None:
        return put(_ONLY, where=names[1] if a is None else names[0])
    whole = [side.variance_share * y.standard_uncertainty**2 for side, y in _beside_its_y(difference, a, b)]
    own = [(side.sensitivity * side.standard_uncertainty) ** 2 for side in (a, b)]
    if abs(whole[1] - own[1] - whole[0] + own[0]) > abs(whole[1] - whole[0]) / 2:
        return _TIED
    by_u = _ratio(a.standard_uncertainty, b.standard_uncertainty)
    by_c = _ratio(a.sensitivity, b.sensitivity)
    if not by_u and not by_c:
        return same("")
    if by_u >= by_c:
        u = _apart(a.standard_uncertainty, b.standard_uncertainty, 0.0)
        return put(_SPREAD, a=u[0], b=u[1])
    c = _apart(a.sensitivity, b.sensitivity, 0.0)
    return put(_SLOPE, a=c[0], b=c[1])


def _beside_its_y(difference: Difference, a: Side, b: Side) -> tuple[tuple[Side, Budget], ...]:
    return (a, difference.before), (b, difference.after)


def _ratio(a: float, b: float) -> float:
    """By how much two sizes differ, as a factor's logarithm; infinite where only one of them is 0."""
    if a == b:
        return 0.0
    return abs(math.log(abs(b / a))) if a and b and b / a else math.inf


def _remarks(difference: Difference, names: tuple[str, str]) -> list[Text]:
    unit, column = difference.after.unit, value_column(difference)
    found = []
    if difference.model_differs:
        found.append(put(_MODELS, symbol=difference.symbol, part=signed(column.other), unit=unit))
    for missing, where in (("after", names[0]), ("before", names[1])):
        only = [_name(part) for part in difference.parts if getattr(part, missing) is None]
        if only:
            found.append(put(_ONLY_IN, where=where, names=joined(only)))
    if not difference.expanded:
        found.append(_NO_U)
    elif uncertainty_column(difference).other:
        found.append(_why_k(difference, names))
    if column.remainder:
        found.append(put(_UNLAID, part=signed(column.remainder), unit=unit))
    return found


def _why_k(difference: Difference, names: tuple[str, str]) -> Text:
    a, b = difference.before, difference.after
    reasons = []
    stated = [name for side, name in ((a, names[0]), (b, names[1])) if side.stated]
    if stated:
        reasons.append(put(_STATED, where=joined([same(name) for name in stated])))
    else:
        if a.coverage_probability and b.coverage_probability and a.coverage_probability != b.coverage_probability:
            p, q = 100 * a.coverage_probability, 100 * b.coverage_probability
            reasons.append(put(_PROBABILITY, a=number(p, 4), b=number(q, 4)))
        if a.effective_dof and b.effective_dof and a.effective_dof != b.effective_dof:
            reasons.append(put(_DOF, a=degrees(a.effective_dof), b=degrees(b.effective_dof)))
    k_a, k_b = a.coverage_factor or 0.0, b.coverage_factor or 0.0
    return put(_WHY_K, a=factor(k_a), b=factor(k_b), reasons=joined(reasons or [same("")]))
