"""One standard or instrument used twice is one cause: inputs that share its identity correlate by it (GUM F.1.2.3).

What a standard brings (its calibration at a point, its drift …) is told apart by the components' `source`, or label,
and `point`; of an instrument, what it brings to each reading anew (resolution, repeatability) is not shared.
"""

import math
from collections.abc import Sequence

from chuan.metrology.inputs.quantities import Correlation, Input, SharedCause
from chuan.metrology.words import Refused, Text

_NOT_INDEPENDENT = Text(
    '"{a}" và "{b}" dùng chung {identity} nên không độc lập; hệ số phải khác 0',
    '"{a}" and "{b}" share {identity}, so they are not independent; the coefficient must not be 0',
)


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
    return Text(
        _NOT_INDEPENDENT.vi.format(a=first.symbol, b=second.symbol, identity=cause.shown.vi),
        _NOT_INDEPENDENT.en.format(a=first.symbol, b=second.symbol, identity=cause.shown.en),
    )
