"""Prepackages: is a lot what its packages say (OIML R 87; Directive 76/211/EEC)?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from chuan.metrology.distributions import finite, positive
from chuan.metrology.numerals import exact
from chuan.metrology.sampling.acceptance import acceptance_probability, double_acceptance_probability
from chuan.metrology.sampling.tables import (
    DESTRUCTIVE,
    SAMPLES,
    WHOLE_LOT_SHARE,
    LotPlan,
    Scheme,
    Stage,
    deficiency_table,
)
from chuan.metrology.special import t_quantile
from chuan.metrology.units import convert, parse_unit
from chuan.metrology.words import Refused, Text

__all__ = [
    "LotInspection",
    "Scheme",
    "acceptance_probability",
    "correction_factor",
    "double_acceptance_probability",
    "inspect_lot",
    "plan_for",
    "tolerable_deficiency",
]

Verdict = Literal["accepted", "rejected", "second_sample"]

#: Of the test of the mean (R 87; 76/211/EEC annex II 2.3.1): a lot that is just right fails once in 200 times.
_CONFIDENCE = 0.995

_FEW = Text("cần ít nhất 2 gói, đang có {found}", "needs at least 2 packages, found {found}")
_MORE_THAN_LOT = Text("có {found} gói, nhiều hơn cỡ lô {lot}", "has {found} packages, more than the lot's {lot}")
_LOT = Text("phải là số nguyên lớn hơn 1, đang là {found}", "must be a whole number above 1, found {found}")
_SMALL_LOT = Text(
    "76/211/EEC không có tiêu chí cho lô dưới 100 gói, đang là {found}",
    "76/211/EEC has no criterion for lots under 100 packages, found {found}",
)
_SIZES = Text(
    "76/211/EEC lấy {sizes} gói cho lô này, đang có {found}",
    "76/211/EEC takes {sizes} packages of this lot, found {found}",
)
_OR = Text(" hoặc ", " or ")


@dataclass(frozen=True)
class LotInspection:
    """What the sample says of the lot; quantities in the unit of the nominal quantity.

    `verdict` is "second_sample" where the plan asks for more packages: between the two criteria of a double plan, or
    when fewer were examined than the plan takes and nothing is decided against the lot yet.
    """

    sample_size_required: int
    n: int
    #: Mean and standard deviation of the packages of the test of the mean.
    mean: float
    sd: float
    #: t(0.995; n − 1)/√n; 0 where the whole lot was examined.
    correction_factor: float
    #: Qn − correction_factor·sd.
    mean_limit: float
    average_test: bool
    tolerable_deficiency: float
    #: Packages with error < −T, and how many the plan accepts.
    t1_count: int
    t1_allowed: int
    #: Packages with error < −2T; none is accepted.
    t2_count: int
    errors: tuple[float, ...]
    verdict: Verdict


def correction_factor(n: int) -> float:
    """t(0.995; n − 1)/√n: 0.379 for 50 packages, 0.503 for 30 (R 87; 76/211/EEC annex II 2.3.1)."""
    if n < 2:
        raise Refused(_FEW.put(found=n), "n")
    return t_quantile(_CONFIDENCE, n - 1) / math.sqrt(n)


def tolerable_deficiency(scheme: Scheme, nominal: float, unit: str) -> Fraction:
    """T of a nominal quantity, exact, in its unit (R 87 table of tolerable deficiencies; 76/211/EEC annex I 2.4)."""
    table, own = deficiency_table(scheme, unit)
    theirs = parse_unit(table.unit)
    quantity = convert(_exact(positive(nominal, "nominal")), own, theirs)
    return convert(table.tolerable_deficiency(quantity, "nominal"), theirs, own)


def plan_for(scheme: Scheme, lot: int, *, destructive: bool = False) -> LotPlan:
    """The plan for a lot; lots under 100 are examined whole under R 87."""
    if lot < 2:
        raise Refused(_LOT.put(found=lot), "lot")
    plans = SAMPLES[scheme].plans
    if lot < plans[0].least:
        if scheme == "76/211":
            raise Refused(_SMALL_LOT.put(found=lot), "lot")
        return _whole_lot(lot)
    if destructive and scheme in DESTRUCTIVE:
        return DESTRUCTIVE[scheme]
    return next(plan for plan in plans if plan.most is None or lot <= plan.most)


def _whole_lot(lot: int) -> LotPlan:
    allowed = math.floor(WHOLE_LOT_SHARE * lot)
    return LotPlan(lot, lot, (Stage(lot, allowed, allowed + 1),))


def inspect_lot(
    scheme: Scheme, nominal: float, unit: str, net: Sequence[float], lot: int, *, destructive: bool = False
) -> LotInspection:
    """Examine a sample of packages: each against T and 2T, their mean against Qn − k·s.

    `net` are the net quantities in the order in which the packages were drawn, in the nominal quantity's unit: where
    the test of the mean takes fewer than were drawn (76/211/EEC annex II 2.1.4), it takes the first.
    """
    deficiency = tolerable_deficiency(scheme, nominal, unit)
    plan = plan_for(scheme, lot, destructive=destructive)
    n = len(net)
    if n < 2:
        raise Refused(_FEW.put(found=n), "net")
    if n > lot:
        raise Refused(_MORE_THAN_LOT.put(found=n, lot=lot), "net")
    if n == lot and scheme == "R87":
        plan = _whole_lot(lot)
    stage = _stage(scheme, plan, n)
    errors = [_exact(finite(value, f"net[{i}]")) - _exact(nominal) for i, value in enumerate(net)]
    t1 = sum(error < -deficiency for error in errors)
    t2 = sum(error < -2 * deficiency for error in errors)
    mean_error, sd = _mean_and_sd(errors[: plan.mean_size])
    factor = 0.0 if n == lot else correction_factor(min(n, plan.mean_size or n))
    average = float(mean_error) >= -factor * sd
    return LotInspection(
        sample_size_required=plan.stages[0].size,
        n=n,
        mean=float(_exact(nominal) + mean_error),
        sd=sd,
        correction_factor=factor,
        mean_limit=nominal - factor * sd,
        average_test=average,
        tolerable_deficiency=float(deficiency),
        t1_count=t1,
        t1_allowed=stage.accepted,
        t2_count=t2,
        errors=tuple(map(float, errors)),
        verdict=_verdict(stage, n, t1, t2, average),
    )


def _stage(scheme: Scheme, plan: LotPlan, n: int) -> Stage:
    """The stage that a sample of n has reached; 76/211 counts by fixed sizes, R 87 by a least size."""
    sizes = [stage.size for stage in plan.stages]
    if scheme == "76/211" and n > sizes[0] and n not in sizes:
        listed = Text(_OR.vi.join(map(str, sizes)), _OR.en.join(map(str, sizes)))
        raise Refused(
            Text(_SIZES.vi.format(sizes=listed.vi, found=n), _SIZES.en.format(sizes=listed.en, found=n)), "net"
        )
    return plan.stages[1] if len(sizes) > 1 and n == sizes[1] else plan.stages[0]


def _verdict(stage: Stage, n: int, t1: int, t2: int, average: bool) -> Verdict:
    if t2 > 0 or t1 >= stage.rejected:
        return "rejected"
    if n < stage.size:
        return "second_sample"
    if not average:
        return "rejected"
    return "accepted" if t1 <= stage.accepted else "second_sample"


def _mean_and_sd(values: Sequence[Fraction]) -> tuple[Fraction, float]:
    n = len(values)
    mean = sum(values, Fraction(0)) / n
    return mean, math.sqrt(math.fsum(float(value - mean) ** 2 for value in values) / (n - 1))


def _exact(value: float) -> Fraction:
    """The number that the decimal digits of `value` say."""
    return Fraction(exact(value))
