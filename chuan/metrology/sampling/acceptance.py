"""Acceptance sampling by attributes (NIST/SEMATECH e-Handbook 6.2.3.2), by the exact hypergeometric distribution."""

import math
from fractions import Fraction

from chuan.metrology.words import Refused, Text

_COUNT = Text(
    "phải là số nguyên từ {least} đến {most}, đang là {found}",
    "must be a whole number {least} to {most}, found {found}",
)


def acceptance_probability(lot: int, sample: int, accepted: int, defective: int) -> float:
    """P(a sample of `sample` from `lot` packages, `defective` of them bad, holds at most `accepted` bad ones).

    Exact in integers; the usual binomial differs in the third digit already for samples of a twentieth of the lot.
    """
    _whole(lot, 1, lot, "lot")
    _whole(sample, 1, lot, "sample")
    _whole(defective, 0, lot, "defective")
    _whole(accepted, 0, sample, "accepted")
    ways = sum(math.comb(defective, i) * math.comb(lot - defective, sample - i) for i in range(accepted + 1))
    return float(Fraction(ways, math.comb(lot, sample)))


def double_acceptance_probability(
    lot: int, sizes: tuple[int, int], accepted: tuple[int, int], rejected: int, defective: int
) -> float:
    """P(acceptance) of a double plan: at once with ≤ accepted[0], or in all ≤ accepted[1] after a second sample.

    `sizes` are those of the two samples; the second is drawn where the first holds more than accepted[0] and fewer than
    `rejected` bad packages.
    """
    first, second = sizes
    _whole(second, 1, lot - first, "sizes[1]")
    ways = Fraction(0)
    for i in range(rejected):
        share = Fraction(math.comb(defective, i) * math.comb(lot - defective, first - i), math.comb(lot, first))
        if i <= accepted[0]:
            ways += share
        elif share and i <= accepted[1]:
            rest, bad = lot - first, defective - i
            most = min(accepted[1] - i, second)
            later = sum(math.comb(bad, j) * math.comb(rest - bad, second - j) for j in range(most + 1))
            ways += share * Fraction(later, math.comb(rest, second))
    return float(ways)


def _whole(value: int, least: int, most: int, place: str) -> None:
    if not least <= value <= most:
        raise Refused(_COUNT.put(least=least, most=max(least, most), found=value), place)
