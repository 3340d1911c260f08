"""The tables of law for prepackages, as data: sample sizes, allowed numbers, tolerable deficiencies.

These numbers are set by regulation and cannot be computed. Each table says where it was read and whether it has been
compared with the regulation itself (`verified`); a table marked "chưa đối chiếu" is to be compared with the regulation
in force before a lot is judged by it. What can be computed — the factor of the test of the mean — stands in no table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from chuan.metrology.units import Unit, parse_unit
from chuan.metrology.words import Refused, Text

Scheme = Literal["R87", "76/211"]


@dataclass(frozen=True)
class Source:
    """Where a table's numbers are from."""

    text: Text
    verified: bool

    @property
    def status(self) -> Text:
        """Whether the table was compared with the regulation."""
        return (
            Text("đã đối chiếu", "compared with its source")
            if self.verified
            else Text("chưa đối chiếu", "not yet compared")
        )


@dataclass(frozen=True)
class Stage:
    """So many packages in all, accepted with at most `accepted` defective ones, rejected with `rejected` or more."""

    size: int
    accepted: int
    rejected: int


@dataclass(frozen=True)
class LotPlan:
    """The plan for lots of `least` packages up to `most`; a second stage is the second sample added to the first."""

    least: int
    most: int | None
    stages: tuple[Stage, ...]
    #: Packages for the test of the mean, drawn from the first sample; None is all of them.
    mean_size: int | None = None


@dataclass(frozen=True)
class SamplingTable:
    """The plans of a scheme by lot size."""

    source: Source
    plans: tuple[LotPlan, ...]


@dataclass(frozen=True)
class Step:
    """Tolerable deficiency of nominal quantities up to and including `most`: a share of it, or a fixed quantity."""

    most: Fraction | None
    share: Fraction | None = None
    fixed: Fraction | None = None


@dataclass(frozen=True)
class Rounding:
    """Deficiencies of nominal quantities up to and including `most` are rounded up to a multiple of `multiple`."""

    most: Fraction | None
    multiple: Fraction


@dataclass(frozen=True)
class DeficiencyTable:
    """T by nominal quantity, in `unit`; `least` is the smallest quantity that the table knows."""

    source: Source
    unit: str
    least: Fraction
    steps: tuple[Step, ...]
    roundings: tuple[Rounding, ...]

    def tolerable_deficiency(self, nominal: Fraction, place: str) -> Fraction:
        """T for a nominal quantity, rounded up as the table says; both in the table's unit."""
        most = self.steps[-1].most
        if nominal < self.least or (most is not None and nominal > most):
            raise Refused(
                _OUTSIDE.put(unit=self.unit, least=float(self.least), most="∞" if most is None else f"{float(most):g}"),
                place,
            )
        step = next(step for step in self.steps if step.most is None or nominal <= step.most)
        deficiency = step.share * nominal if step.share is not None else step.fixed or Fraction(0)
        for rounding in self.roundings:
            if rounding.most is None or nominal <= rounding.most:
                return -(-deficiency // rounding.multiple) * rounding.multiple
        return deficiency


_OUTSIDE = Text(
    "ngoài phạm vi của bảng: {least:g} đến {most} {unit}", "outside the table's range: {least:g} to {most} {unit}"
)


def _percent(most: int | None, percent: str) -> Step:
    return Step(None if most is None else Fraction(most), share=Fraction(percent) / 100)


def _fixed(most: int, quantity: str) -> Step:
    return Step(Fraction(most), fixed=Fraction(quantity))


_R87_READ = (
    "Australia, National Trade Measurement Regulations 2009, 4.34 & 4.36; New Zealand SR 1999/373, Schedule 7A, table 2"
)
_R87_SAMPLES = Source(
    Text(
        f"OIML R 87, bảng kích thước mẫu; đọc trong quy định chép theo: {_R87_READ}",
        f"OIML R 87, table of sample sizes; read in regulations that follow it: {_R87_READ}",
    ),
    verified=False,
)
_R87_DEFICIENCIES = Source(
    Text(
        f"OIML R 87, bảng lượng thiếu cho phép; đọc trong quy định chép theo: {_R87_READ}",
        f"OIML R 87, table of tolerable deficiencies; read in regulations that follow it: {_R87_READ}",
    ),
    verified=False,
)
_EEC_SAMPLES = Source(
    Text(
        "Chỉ thị 76/211/EEC, phụ lục II, 2.2.1, 2.2.2, 2.3.3 (sửa đổi bởi 78/891/EEC), bản tiếng Anh",
        "Directive 76/211/EEC, annex II, 2.2.1, 2.2.2, 2.3.3 (as amended by 78/891/EEC)",
    ),
    verified=True,
)
_EEC_DEFICIENCIES = Source(
    Text(
        "Chỉ thị 76/211/EEC, phụ lục I, 2.4 (sửa đổi bởi 78/891/EEC); chưa đọc được dòng từ 1 000 g trở lên",
        "Directive 76/211/EEC, annex I, 2.4 (as amended by 78/891/EEC); its lines from 1 000 g on were not read",
    ),
    verified=False,
)

SAMPLES: Mapping[Scheme, SamplingTable] = {
    "R87": SamplingTable(
        _R87_SAMPLES,
        (
            LotPlan(100, 500, (Stage(50, 3, 4),)),
            LotPlan(501, 3200, (Stage(80, 5, 6),)),
            LotPlan(3201, None, (Stage(125, 7, 8),)),
        ),
    ),
    "76/211": SamplingTable(
        _EEC_SAMPLES,
        (
            LotPlan(100, 500, (Stage(30, 1, 3), Stage(60, 4, 5)), 30),
            LotPlan(501, 3200, (Stage(50, 2, 5), Stage(100, 6, 7)), 50),
            LotPlan(3201, None, (Stage(80, 3, 7), Stage(160, 8, 9)), 50),
        ),
    ),
}

#: 76/211/EEC annex II 2.2.2 and 2.3.3.2. R 87 has no plan of its own for tests that destroy the package.
DESTRUCTIVE: Mapping[Scheme, LotPlan] = {"76/211": LotPlan(100, None, (Stage(20, 1, 2),), 20)}

#: Share of a lot that may exceed T where every package is examined.
WHOLE_LOT_SHARE = Fraction(25, 1000)
WHOLE_LOT = Source(
    Text(
        "Thông tư 21/2014/TT-BKHCN, yêu cầu khi cỡ mẫu bằng cỡ lô (n = N): trung bình ≥ Qn, không quá 2,5 % cỡ lô; "
        "đọc qua bản trích trên trang tư vấn",
        "Circular 21/2014/TT-BKHCN of Việt Nam, where the sample is the lot (n = N): mean ≥ Qn, at most 2.5 % of the "
        "lot; read in an excerpt",
    ),
    verified=False,
)

_MASS_OR_VOLUME = (
    _percent(50, "9"),
    _fixed(100, "4.5"),
    _percent(200, "4.5"),
    _fixed(300, "9"),
    _percent(500, "3"),
    _fixed(1000, "15"),
    _percent(10_000, "1.5"),
)
_R87_MASS_OR_VOLUME = (*_MASS_OR_VOLUME, _fixed(15_000, "150"), _percent(50_000, "1"))
_TENTHS_THEN_WHOLE = (Rounding(Fraction(1000), Fraction(1, 10)), Rounding(None, Fraction(1)))
_TENTHS = (Rounding(None, Fraction(1, 10)),)

#: Tables of a scheme; the one whose unit has the dimension of the nominal quantity applies.
DEFICIENCIES: Mapping[Scheme, tuple[DeficiencyTable, ...]] = {
    "R87": (
        DeficiencyTable(_R87_DEFICIENCIES, "g", Fraction(0), _R87_MASS_OR_VOLUME, _TENTHS_THEN_WHOLE),
        DeficiencyTable(_R87_DEFICIENCIES, "mL", Fraction(0), _R87_MASS_OR_VOLUME, _TENTHS_THEN_WHOLE),
        DeficiencyTable(_R87_DEFICIENCIES, "m", Fraction(0), (_percent(5, "0"), _percent(None, "2")), ()),
        DeficiencyTable(_R87_DEFICIENCIES, "m2", Fraction(0), (_percent(None, "3"),), ()),
        DeficiencyTable(
            _R87_DEFICIENCIES,
            "1",
            Fraction(0),
            (_percent(50, "0"), _percent(None, "1")),
            (Rounding(None, Fraction(1)),),
        ),
    ),
    "76/211": (
        DeficiencyTable(_EEC_DEFICIENCIES, "g", Fraction(5), _MASS_OR_VOLUME, _TENTHS),
        DeficiencyTable(_EEC_DEFICIENCIES, "mL", Fraction(5), _MASS_OR_VOLUME, _TENTHS),
    ),
}

_NO_TABLE = Text(
    "{scheme} không có bảng lượng thiếu cho đơn vị “{unit}”; có: {known}",
    "{scheme} has no table of deficiencies for the unit “{unit}”; known: {known}",
)


#: Words for goods sold by number, beside the unit 1.
COUNTED = frozenset({"cái", "chiếc", "viên", "quả", "item", "items"})


def deficiency_table(scheme: Scheme, unit: str) -> tuple[DeficiencyTable, Unit]:
    """The table for quantities in `unit`, and the unit."""
    try:
        wanted = parse_unit("1" if unit in COUNTED else unit)
    except Refused as refused:
        raise refused.at("unit") from None
    for table in DEFICIENCIES[scheme]:
        if parse_unit(table.unit).dimension == wanted.dimension:
            return table, wanted
    known = ", ".join(table.unit for table in DEFICIENCIES[scheme])
    raise Refused(_NO_TABLE.put(scheme=scheme, unit=unit, known=known), "unit")
