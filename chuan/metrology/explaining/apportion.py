"""Rounding parts so that, as printed, they still add up to their printed total."""

import math
from collections.abc import Sequence
from decimal import Decimal

from chuan.metrology.numerals import exact, round_to_place


def apportioned(parts: Sequence[float], total: float, digits: int = 3) -> tuple[tuple[Decimal, ...], Decimal]:
    """Parts and their total to one place: `digits` significant digits of the largest of them.

    Each is rounded by itself; what the rounded parts then miss of the total is laid, one last place each, on those
    that rounding moved most the other way. So none is more than one unit of the last place off.
    """
    largest = max((abs(x) for x in (*parts, total)), default=0.0)
    if not largest:
        return (Decimal(0),) * len(parts), Decimal(0)
    power = math.floor(math.log10(largest)) - digits + 1
    whole = round_to_place(total, power)
    rounded = [round_to_place(part, power) for part in parts]
    unit = Decimal((0, (1,), power))
    missing = int((whole - sum(rounded, Decimal(0))) / unit)
    moved = [exact(part) - near for part, near in zip(parts, rounded, strict=True)]
    sign = 1 if missing > 0 else -1
    order = sorted(range(len(parts)), key=lambda i: (-sign * moved[i], i))
    for i in order[: abs(missing)]:
        rounded[i] += sign * unit
    return tuple(one if one else one.copy_abs() for one in rounded), whole
