"""One standard or instrument used twice is one cause: inputs that share its identity correlate by it (GUM F.1.2.3).

What a standard brings (its calibration at a point, its drift …) is told apart by the components' `source`, or label,
and `point`; of an instrument, what it brings to each reading anew (resolution, repeatability) is not shared.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chuan.metrology.inputs.quantities import Component, Correlation, Input, SharedCause
from chuan.metrology.words import Refused, Text

_NOT_INDEPENDENT = Text(
    '"{a}" và "{b}" dùng chung {identity} nên không độc lập; hệ số phải khác 0',
    '"{a}" and "{b}" share {identity}, so they are not independent; the coefficient must not be 0',
)
_TWO_DOFS = Text(
    '"{a}" và "{b}" dùng chung {identity} với hai bậc tự do khác nhau: {first:g} và {second:g}',
    '"{a}" and "{b}" share {identity} with two degrees of freedom: {first:g} and {second:g}',
)
_COUNTED_TWICE = Text(
    'độ phân giải của phương tiện đo {name} đã nằm trong độ lặp lại của nó ở "{other}"; chỉ tính một trong hai, cái '
    "lớn hơn (số đọc khác của nó: bỏ instrument)",
    'the resolution of the instrument {name} is already in its repeatability in "{other}"; count one of them, the '
    "larger (of another reading: leave its instrument out)",
)


@dataclass(frozen=True)
class SharedTerm:
    """One independent error of inputs that share identities: its signed part of each one's u, and its 1/ν."""

    weights: tuple[float, ...]
    inverse_dof: float


def shared_coefficient(first: Input, second: Input) -> tuple[float, SharedCause | None]:
    """r from the causes that two inputs share, Σ u_k(first)·u_k(second)/(u·u) with their signs, and one of them."""
    mine = _by_cause(first)
    other = _by_cause(second)
    shared = sorted(mine.keys() & other.keys())
    scale = first.standard_uncertainty * second.standard_uncertainty
    if not shared or not scale:
        return 0.0, None
    return max(-1.0, min(1.0, math.fsum(mine[key] * other[key] for key in shared) / scale)), shared[0]


def _by_cause(item: Input) -> dict[SharedCause, float]:
    """Signed u of an input from each cause that others may share."""
    return {part.cause: part.sign * part.standard_uncertainty for part in item.components if part.cause is not None}


def with_shared_causes(inputs: Sequence[Input], stated: Sequence[Correlation]) -> tuple[Correlation, ...]:
    """The stated correlations, and those that shared identities bring; a stated 0 that they deny is refused."""
    named = [item for item in inputs if any(part.standard or part.instrument for part in item.components)]
    if not named:
        return tuple(stated)
    given = {frozenset(correlation.between): correlation for correlation in stated}
    found = list(stated)
    for i, first in enumerate(named):
        for second in named[i + 1 :]:
            r, cause = shared_coefficient(first, second)
            if not r or cause is None:
                continue
            told = given.get(frozenset((first.symbol, second.symbol)))
            if told is None:
                found.append(Correlation((first.symbol, second.symbol), r))
            elif not told.coefficient:
                raise Refused(_denied(first, second, cause), f"correlation[{list(stated).index(told)}].coefficient")
    return tuple(found)


def _denied(first: Input, second: Input, cause: SharedCause) -> Text:
    return _of(_NOT_INDEPENDENT, cause, a=first.symbol, b=second.symbol)


def _of(text: Text, cause: SharedCause, **values: object) -> Text:
    """A text with the name of the cause's owner, in each language."""
    return Text(text.vi.format(identity=cause.shown.vi, **values), text.en.format(identity=cause.shown.en, **values))


def shared_terms(items: Sequence[Input]) -> tuple[SharedTerm, ...]:
    """The independent errors of inputs that only shared identities correlate: each is one Welch–Satterthwaite term.

    A shared cause moves several inputs, anything else its own alone. One cause has one ν; two are refused.
    """
    found: list[SharedTerm] = []
    uses: dict[SharedCause, list[tuple[int, Component]]] = {}
    for i, item in enumerate(items):
        for part in item.components:
            if part.cause is None:
                found.append(_term(items, [(i, part)]))
            else:
                uses.setdefault(part.cause, []).append((i, part))
    for cause, same in uses.items():
        (i, first), (j, other) = same[0], next((use for use in same if use[1].dof != same[0][1].dof), same[0])
        if first.dof != other.dof:
            symbols = {"a": items[i].symbol, "b": items[j].symbol, "first": first.dof, "second": other.dof}
            raise Refused(_of(_TWO_DOFS, cause, **symbols), "input")
        found.append(_term(items, same))
    return tuple(found)


def _term(items: Sequence[Input], uses: Sequence[tuple[int, Component]]) -> SharedTerm:
    weights = [0.0] * len(items)
    for i, part in uses:
        u = items[i].standard_uncertainty
        weights[i] = part.sign * part.standard_uncertainty / u if u else 0.0
    return SharedTerm(tuple(weights), 1 / uses[0][1].dof)


def refuse_counted_twice(inputs: Sequence[Input]) -> None:
    """Readings of an instrument scatter by its resolution too, in whichever input they stand (EA-4/02 S10)."""
    scatter = {
        part.instrument: item.symbol
        for item in inputs
        for part in item.components
        if part.is_scatter and part.instrument
    }
    for i, item in enumerate(inputs):
        for part in item.components:
            if part.source == "resolution" and part.instrument in scatter:
                other = scatter[part.instrument]
                raise Refused(_COUNTED_TWICE.put(name=part.instrument, other=other), f"input[{i}]")
