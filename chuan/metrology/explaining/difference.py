"""Two budgets of one measurand, last year and now or laboratories A and B: what accounts for Δy and ΔU.

Both differences are laid out in parts that add up and treat the two sides alike, so that exchanging them changes
every sign and nothing else:

* Δy: each input's Δx times its mean sensitivity along the straight line between the sides (Aumann and Shapley). Where
  the equations differ, the mean over both of them, and what the equation itself changes, the mean over both sides.
* ΔU = mean(k)·Δu + mean(u)·Δk, and Δu = Δ(u²)/(u₁ + u₂), where Δ(u²) is the sum of the lines' changes.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from chuan.metrology.explaining.budget import Budget, budget_of
from chuan.metrology.explaining.gradients import attributed
from chuan.metrology.gum import BudgetLine, GumResult, propagate
from chuan.metrology.inputs import Measurement
from chuan.metrology.words import Refused, Text

_NOTHING = Text(
    "không có kết quả đo chung để so sánh: {before} và {after}",
    "there is no common measurand to compare: {before} and {after}",
)

#: The mean sensitivities of a smooth model give Δy to many digits; parts that miss it by more than this are no parts.
_INTEGRATED = 1e-3


@dataclass(frozen=True)
class Side:
    """One line of the budget on one side; `variance_share` is its share of u²."""

    value: float
    standard_uncertainty: float
    dof: float
    sensitivity: float
    variance_share: float


@dataclass(frozen=True)
class Part:
    """What one line accounts for; a side is None where the line is not in its budget.

    `value_part` of Δy is the input's, on the first of its lines and 0 on the others.
    """

    symbol: str
    label: str
    before: Side | None
    after: Side | None
    value_part: float
    uncertainty_part: float


@dataclass(frozen=True)
class Difference:
    """Δy = Σ value_part + model_part + value_remainder, ΔU = Σ uncertainty_part + factor_part + uncertainty_remainder.

    `expanded` is False where a side has no U; the parts are then those of Δu. The remainders are rounding, except
    where the model has no values, or an infinite one, between the two sides: nothing can be laid on the inputs then.
    """

    symbol: str
    before: Budget
    after: Budget
    parts: tuple[Part, ...]
    model_differs: bool
    model_part: float
    factor_part: float
    value_remainder: float
    uncertainty_remainder: float
    expanded: bool

    @cached_property
    def value_change(self) -> float:
        """Δy."""
        return self.after.estimate - self.before.estimate

    @cached_property
    def uncertainties(self) -> tuple[float, float]:
        """U of both sides, or u where one has no U."""
        first, second = self.before.expanded_uncertainty, self.after.expanded_uncertainty
        if first is None or second is None:
            return self.before.standard_uncertainty, self.after.standard_uncertainty
        return first, second

    @property
    def uncertainty_change(self) -> float:
        """ΔU, or Δu."""
        return self.uncertainties[1] - self.uncertainties[0]


def differences(
    before: Measurement, after: Measurement, units: Mapping[str, str] | None = None
) -> tuple[Difference, ...]:
    """The difference of each measurand that both have, or of the only one of each whatever its symbol.

    Values of one symbol, and of measurands that are compared, must be in one unit on both sides; `units` are those that
    the reader sees, by symbol of `after`. Refused where there is nothing in common.
    """
    pairs = paired(before.model.outputs, after.model.outputs)
    first = {result.symbol: result for result in propagate(before)}
    second = {result.symbol: result for result in propagate(after)}
    shown = units or {}
    return tuple(_difference(first[a], second[b], shown.get(b, "")) for a, b in pairs)


def paired(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Which measurand of one side is compared with which of the other; refused where there is nothing in common."""
    pairs = [(symbol, symbol) for symbol in before if symbol in after]
    if not pairs and len(before) == len(after) == 1:
        pairs = [(before[0], after[0])]
    if not pairs:
        raise Refused(_NOTHING.put(before=", ".join(before), after=", ".join(after)), "measurand")
    return tuple(pairs)


def _difference(before: GumResult, after: GumResult, unit: str) -> Difference:
    differs = _equations(before) != _equations(after)
    values, model_part = _value_parts(before, after, differs)
    lines = _matched(before.budget, after.budget)
    spread, factor_part, expanded = _uncertainty_parts(before, after, lines)
    seen: set[str] = set()
    parts = []
    for (a, b), part in zip(lines, spread, strict=True):
        line = a or b
        if line is None:
            continue
        own = 0.0 if line.symbol in seen else values.get(line.symbol, 0.0)
        seen.add(line.symbol)
        parts.append(Part(line.symbol, line.label, _side(a), _side(b), own, part))
    found = Difference(
        after.symbol, budget_of(before, unit), budget_of(after, unit), tuple(parts), differs, model_part, factor_part,
        0.0, 0.0, expanded,
    )  # fmt: skip
    return _with_remainders(found)


def _with_remainders(found: Difference) -> Difference:
    """The same with what rounding leaves, so that each sum is exact."""
    value = found.value_change - math.fsum([*(part.value_part for part in found.parts), found.model_part])
    spread = [*(part.uncertainty_part for part in found.parts), found.factor_part]
    rest = found.uncertainty_change - math.fsum(spread)
    return replace(found, value_remainder=value, uncertainty_remainder=rest)


def _equations(result: GumResult) -> tuple[str, ...]:
    """The right side of a measurand's equation, with the earlier equations that it uses, as plain text."""
    model, found, wanted = result.measurement.model, [], {result.symbol}
    for symbol in reversed(model.outputs):
        if symbol in wanted:
            left, _, right = model.write("plain", symbol).partition(" = ")
            wanted.update(re.findall(r"\w+", right))
            found.append(right if symbol == result.symbol else f"{left} = {right}")
    return tuple(found)


def _side(line: BudgetLine | None) -> Side | None:
    if line is None:
        return None
    return Side(line.value, line.standard_uncertainty, line.dof, line.sensitivity, line.share or 0.0)


Lines = list[tuple[BudgetLine | None, BudgetLine | None]]


def _matched(before: Sequence[BudgetLine], after: Sequence[BudgetLine]) -> Lines:
    """Lines of the same input and label, beside each other; the k-th of several that are called the same by their k."""
    first, second = _keyed(before), _keyed(after)
    return [(first.get(key), second.get(key)) for key in _in_order(first, second)]


def _in_order(
    first: Mapping[tuple[str, str, int], object], second: Mapping[tuple[str, str, int], object]
) -> list[tuple[str, str, int]]:
    """Keys of both, those of one input together, inputs in the order in which they first appear."""
    keys = list(dict.fromkeys([*first, *second]))
    inputs = list(dict.fromkeys(symbol for symbol, _, _ in keys))
    return sorted(keys, key=lambda key: inputs.index(key[0]))


def _keyed(lines: Sequence[BudgetLine]) -> dict[tuple[str, str, int], BudgetLine]:
    found: dict[tuple[str, str, int], BudgetLine] = {}
    for line in lines:
        k = sum(1 for symbol, label, _ in found if (symbol, label) == (line.symbol, line.label))
        found[line.symbol, line.label, k] = line
    return found


def _uncertainty_parts(before: GumResult, after: GumResult, lines: Lines) -> tuple[list[float], float, bool]:
    """The lines' parts of ΔU, the part of k, and whether both sides have a U."""
    u_a, u_b = before.standard_uncertainty, after.standard_uncertainty
    k_a, k_b = before.coverage_factor, after.coverage_factor
    expanded = k_a is not None and k_b is not None
    if k_a is None or k_b is None:
        k_a = k_b = 1.0
    total = u_a + u_b
    if not total:
        return [0.0] * len(lines), 0.0, expanded
    mean = (k_a + k_b) / 2
    # Weighted with u/(u₁ + u₂) before multiplying, so that no square overflows or vanishes.
    weight_a, weight_b = mean * u_a * (u_a / total), mean * u_b * (u_b / total)
    parts = [(b.share or 0.0 if b else 0.0) * weight_b - (a.share or 0.0 if a else 0.0) * weight_a for a, b in lines]
    return parts, total / 2 * (k_b - k_a), expanded


@dataclass(frozen=True)
class _Function:
    """One side's equation as a function of values by symbol; a symbol of the other side alone does not act on it."""

    result: GumResult

    def own(self) -> dict[str, float]:
        """The values of this side's inputs."""
        measurement = self.result.measurement
        return dict(zip(measurement.model.inputs, measurement.structure.values, strict=True))

    def at(self, values: Mapping[str, float]) -> tuple[float, ...]:
        """The arguments: this side's inputs with the given values, its own where there is none."""
        return tuple(values.get(symbol, x) for symbol, x in self.own().items())

    def value(self, x: Sequence[float]) -> float:
        """y at the arguments."""
        return self.result.measurement.model.values(x)[self._place()]

    def gradient(self, x: Sequence[float]) -> Sequence[float]:
        """Its sensitivities there."""
        return self.result.measurement.model.value_and_gradient(x)[1][self._place()]

    def parts(self, start: Mapping[str, float], end: Mapping[str, float]) -> dict[str, float]:
        """What each input accounts for between the values of the two sides."""
        return dict(zip(self.own(), attributed(self.gradient, self.at(start), self.at(end)), strict=True))

    def _place(self) -> int:
        return self.result.measurement.model.outputs.index(self.result.symbol)


def _value_parts(before: GumResult, after: GumResult, differs: bool) -> tuple[dict[str, float], float]:
    """The inputs' parts of Δy and the equation's; none of the inputs' where they do not add up to the rest.

    They do not where a model has no values between the sides, or goes to infinity there, as 1/b from b < 0 to b > 0.
    """
    f, g = _Function(before), _Function(after)
    a, b = f.own(), g.own()
    change, model_part = after.estimate - before.estimate, 0.0
    try:
        if differs:
            at_a = g.value(g.at(a)) - before.estimate
            at_b = after.estimate - f.value(f.at(b))
            model_part = (at_a + at_b) / 2
        from_f, from_g = f.parts(a, b), g.parts(a, b)
    except Refused:
        return {}, model_part
    parts = {s: (from_f.get(s, 0.0) + from_g.get(s, 0.0)) / 2 for s in dict.fromkeys([*a, *b])}
    rest = change - model_part - math.fsum(parts.values())
    scale = max(abs(change), before.standard_uncertainty, after.standard_uncertainty)
    return (parts if abs(rest) <= _INTEGRATED * scale else {}), model_part
