"""Run rules: which points of a control chart say that the process has changed.

Points are looked at as z = (point − centre)/σ_point. Each rule names a stretch of points that ends with the point that
completes it; that last point is what is reported, and again each later point that completes the rule anew. A point
exactly on a boundary is not beyond it, and one exactly on the centre line is on neither side.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from chuan.metrology.words import Text

RuleSet = Literal["western_electric", "nelson"]
Located = Literal["location", "spread"]


@dataclass(frozen=True)
class Violation:
    """A rule broken: in which chart, which rule, and the index of the point that completes it."""

    chart: Located
    rule: int
    index: int


@dataclass(frozen=True)
class RunRule:
    """One rule: what it says, how many points it looks at, and whether such a stretch of z breaks it."""

    text: Text
    length: int
    broken: Callable[[Sequence[float]], bool]


def _beyond(limit: float, wanted: int) -> Callable[[Sequence[float]], bool]:
    """`wanted` of the stretch beyond `limit` on the side on which the last is."""

    def broken(z: Sequence[float]) -> bool:
        side = 1 if z[-1] > 0 else -1
        return side * z[-1] > limit and sum(side * point > limit for point in z) >= wanted

    return broken


def _trend(z: Sequence[float]) -> bool:
    steps = [after - before for before, after in pairwise(z)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def _alternating(z: Sequence[float]) -> bool:
    steps = [after - before for before, after in pairwise(z)]
    return all(first * second < 0 for first, second in pairwise(steps))


_ONE = RunRule(Text("một điểm ngoài giới hạn 3σ", "one point beyond the 3σ limits"), 1, _beyond(3, 1))
_TWO_OF_THREE = RunRule(
    Text("2 trong 3 điểm liên tiếp ngoài 2σ, cùng phía", "2 of 3 points in a row beyond 2σ on one side"),
    3,
    _beyond(2, 2),
)
_FOUR_OF_FIVE = RunRule(
    Text("4 trong 5 điểm liên tiếp ngoài 1σ, cùng phía", "4 of 5 points in a row beyond 1σ on one side"),
    5,
    _beyond(1, 4),
)


def _one_side(count: int) -> RunRule:
    return RunRule(
        Text(
            f"{count} điểm liên tiếp cùng một phía của đường tâm", f"{count} points in a row on one side of the centre"
        ),
        count,
        _beyond(0, count),
    )


#: Western Electric, Statistical Quality Control Handbook (1956); NIST/SEMATECH e-Handbook 6.3.2.
WESTERN_ELECTRIC: Mapping[int, RunRule] = {1: _ONE, 2: _TWO_OF_THREE, 3: _FOUR_OF_FIVE, 4: _one_side(8)}

#: L. S. Nelson, "The Shewhart Control Chart – Tests for Special Causes", J. Quality Technology 16 (1984); ISO 7870-2.
NELSON: Mapping[int, RunRule] = {
    1: _ONE,
    2: _one_side(9),
    3: RunRule(
        Text("6 điểm liên tiếp cùng tăng hoặc cùng giảm", "6 points in a row all rising or all falling"), 6, _trend
    ),
    4: RunRule(
        Text("14 điểm liên tiếp lên xuống xen kẽ", "14 points in a row alternating up and down"), 14, _alternating
    ),
    5: _TWO_OF_THREE,
    6: _FOUR_OF_FIVE,
    7: RunRule(
        Text("15 điểm liên tiếp trong ±1σ", "15 points in a row within ±1σ"), 15, lambda z: all(abs(p) < 1 for p in z)
    ),
    8: RunRule(
        Text("8 điểm liên tiếp ngoài ±1σ, ở cả hai phía", "8 points in a row beyond ±1σ, on both sides"),
        8,
        lambda z: all(abs(p) > 1 for p in z) and min(z) < 0 < max(z),
    ),
}

RULES: Mapping[RuleSet, Mapping[int, RunRule]] = {"western_electric": WESTERN_ELECTRIC, "nelson": NELSON}


def violations(z: Sequence[float], rules: RuleSet) -> tuple[Violation, ...]:
    """Every completed rule of the location chart, point by point."""
    return tuple(
        Violation("location", number, i)
        for i in range(len(z))
        for number, rule in RULES[rules].items()
        if i + 1 >= rule.length and rule.broken(z[i + 1 - rule.length : i + 1])
    )


def beyond_limits(
    chart: Located, points: Sequence[float], lower: Sequence[float], upper: Sequence[float]
) -> tuple[Violation, ...]:
    """Rule 1 alone, for charts whose points are skewed or not independent: those of spread, and EWMA."""
    return tuple(
        Violation(chart, 1, i)
        for i, (point, low, high) in enumerate(zip(points, lower, upper, strict=True))
        if not low <= point <= high
    )
