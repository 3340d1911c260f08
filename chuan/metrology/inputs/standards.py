"""One standard used twice is one cause: inputs that share its identity are correlated by it (GUM F.1.2.3).

What a standard brings (its calibration, its drift …) is told apart by the components' `source`, or label.
"""

import math
from collections.abc import Sequence

from chuan.metrology.inputs.quantities import Correlation, Input
from chuan.metrology.words import Refused, Text

_NOT_INDEPENDENT = Text(
    '"{a}" và "{b}" dùng chung chuẩn {standard} nên không độc lập; hệ số phải khác 0',
    '"{a}" and "{b}" share the standard {standard}, so they are not independent; the coefficient must not be 0',
)


def shared_coefficient(first: Input, second: Input) -> tuple[float, str]:
    """r from the standards that two inputs share, Σ u_k(first)·u_k(second)/(u·u), and one of them; (0, "") for none."""
    mine = _by_standard(first)
    other = _by_standard(second)
    shared = sorted(mine.keys() & other.keys())
    scale = first.standard_uncertainty * second.standard_uncertainty
    if not shared or not scale:
        return 0.0, ""
    return min(1.0, math.fsum(mine[key] * other[key] for key in shared) / scale), shared[0][0]


def _by_standard(item: Input) -> dict[tuple[str, str], float]:
    """u of an input from each cause that a measurement standard brings."""
    return {part.cause: part.standard_uncertainty for part in item.components if part.standard}


def with_shared_standards(inputs: Sequence[Input], stated: Sequence[Correlation]) -> tuple[Correlation, ...]:
    """The stated correlations, and those that shared identities bring; a stated 0 between sharers is refused."""
    named = [item for item in inputs if any(part.standard for part in item.components)]
    given = {frozenset(correlation.between): correlation for correlation in stated}
    found = list(stated)
    for i, first in enumerate(named):
        for second in named[i + 1 :]:
            r, standard = shared_coefficient(first, second)
            if not r:
                continue
            told = given.get(frozenset((first.symbol, second.symbol)))
            if told is None:
                found.append(Correlation((first.symbol, second.symbol), r))
            elif not told.coefficient:
                place = f"correlation[{list(stated).index(told)}].coefficient"
                raise Refused(_NOT_INDEPENDENT.put(a=first.symbol, b=second.symbol, standard=standard), place)
    return tuple(found)
