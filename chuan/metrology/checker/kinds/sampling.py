"""`sampling` a second time: lots of prepackages, with a second copy of the tables of law (OIML R 87; 76/211/EEC).

Of units only the common ones are known here; in others T is taken from the stored result, and that is said.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from chuan.metrology.checker.agreement import SKIPPED, Left
from chuan.metrology.checker.functions import decimal, rational
from chuan.metrology.checker.propagation import factor

Table = Mapping[str, Any]

#: The one-sided 99.5 % of the test of the mean, as the two-sided probability of k.
_TWO_SIDED = "0.99"

#: Nominal quantity up to, per cent of it or amount that may be missing (g or ml).
_MISSING = (
    (50, "9 %"),
    (100, "4.5"),
    (200, "4.5 %"),
    (300, "9"),
    (500, "3 %"),
    (1000, "15"),
    (10_000, "1.5 %"),
    (15_000, "150"),
    (50_000, "1 %"),
)
_UNITS = {"mg": "0.001", "g": "1", "kg": "1000", "mL": "1", "ml": "1", "cL": "10", "cl": "10", "L": "1000", "l": "1000"}
#: Lot from, packages in all and most that may be short by more than T; for 76/211 at both stages.
_PLANS = {
    "R87": ((3201, ((125, 7),)), (501, ((80, 5),)), (100, ((50, 3),))),
    "76/211": ((3201, ((80, 3), (160, 8))), (501, ((50, 2), (100, 6))), (100, ((30, 1), (60, 4)))),
}
_REJECTED = {"R87": {3: 4, 5: 6, 7: 8}, "76/211": {1: 3, 4: 5, 2: 5, 6: 7, 3: 7, 8: 9}}
_OF_MEAN = {30: 30, 50: 50, 80: 50}
_DESTRUCTIVE = ((20, 1),)


def recompute(ctx: Any, document: Table, result: Table) -> Table:
    """Sizes, counts, the test of the mean and the verdict."""
    net, nominal, n = [decimal(x) for x in document["net"]], decimal(document["nominal"]), len(document["net"])
    missing = _tolerable(document)
    # Elsewhere it is the stored one that the counts are of.
    allowed = decimal(result["tolerable_deficiency"]) if missing is None else missing
    errors = [x - nominal for x in net]
    t1, t2 = (sum(error < -times * allowed for error in errors) for times in (1, 2))
    stages, of_mean, whole = _plan(document, n)
    size, accepted = stages[1] if len(stages) > 1 and n == stages[1][0] else stages[0]
    tested = errors[:of_mean]
    middle = sum(tested, Fraction(0)) / len(tested)
    sd = ctx.sqrt(rational(ctx, sum(((e - middle) ** 2 for e in tested), Fraction(0))) / (len(tested) - 1))
    count = len(tested)
    k = ctx.mpf(0) if n == document["lot"] else factor(ctx, ctx.mpf(_TWO_SIDED), ctx.mpf(count - 1)) / ctx.sqrt(count)
    passes = bool(rational(ctx, middle) >= -k * sd)
    mean, scale = rational(ctx, nominal + middle), max(map(abs, net))
    return {
        "sample_size_required": stages[0][0],
        "n": n,
        "mean": mean,
        "sd": Left(sd, rational(ctx, scale)),
        "correction_factor": k,
        "mean_limit": rational(ctx, nominal) - k * sd,
        "average_test": passes,
        "tolerable_deficiency": SKIPPED if missing is None else rational(ctx, missing),
        "t1_count": t1,
        "t1_allowed": accepted,
        "t2_count": t2,
        "errors": [Left(rational(ctx, e), rational(ctx, scale)) for e in errors],
        "verdict": _verdict(n, size, (t1, t2), (accepted, _rejects(document, accepted, whole)), passes=passes),
    }


def _tolerable(document: Table) -> Fraction | None:
    """T, rounded up to a tenth of a gram or millilitre, or above 1000 of R 87 to a whole one."""
    if document["unit"] not in _UNITS:
        return None
    unit = Fraction(_UNITS[document["unit"]])
    quantity = decimal(document["nominal"]) * unit
    said = next(amount for most, amount in _MISSING if quantity <= most)
    number = Fraction(said.removesuffix(" %"))
    missing = number * quantity / 100 if said.endswith("%") else number
    step = Fraction(1) if document["scheme"] == "R87" and quantity > 1000 else Fraction(1, 10)
    return -(-missing // step) * step / unit


def _plan(document: Table, n: int) -> tuple[Sequence[tuple[int, int]], int | None, bool]:
    """Stages, packages for the test of the mean, and whether the lot is examined whole."""
    scheme, lot = document["scheme"], document["lot"]
    if scheme == "R87" and (lot < 100 or n == lot):
        return ((lot, lot * 25 // 1000),), None, True
    if scheme == "76/211" and document.get("destructive", False):
        return _DESTRUCTIVE, 20, False
    stages = next(stages for least, stages in _PLANS[scheme] if lot >= least)
    return stages, _OF_MEAN[stages[0][0]] if scheme == "76/211" else None, False


def _rejects(document: Table, accepted: int, whole: bool) -> int:
    """How many defective packages reject the lot."""
    if whole or document.get("destructive", False):
        destructive = not whole and document["scheme"] == "76/211"
        return 2 if destructive else accepted + 1
    return _REJECTED[document["scheme"]][accepted]


def _verdict(n: int, size: int, counts: tuple[int, int], limits: tuple[int, int], *, passes: bool) -> str:
    (t1, t2), (accepted, rejected) = counts, limits
    if t2 or t1 >= rejected:
        return "rejected"
    if n < size:
        return "second_sample"
    if not passes:
        return "rejected"
    return "accepted" if t1 <= accepted else "second_sample"
