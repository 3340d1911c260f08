"""Weighing designs: several weights from their differences, a restraint and a check standard.

Lagrange least squares (J. M. Cameron, M. C. Croarkin, R. C. Raybold, NBS TN 952; NIST/SEMATECH e-Handbook 2.3.3 and
2.3.4.1). The algebra of the design is done in exact fractions, so that divisor, multipliers and factors are those of
the catalogues to the last digit, and a design that does not determine its weights is refused rather than solved badly.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from chuan.metrology.control.assurance import ControlTest, check_standard_test, precision_test
from chuan.metrology.distributions import finite, not_negative, positive
from chuan.metrology.numerals import exact
from chuan.metrology.words import Refused, Text

_WIDTH = Text(
    "phải có {wanted} số, mỗi quả cân một số, đang có {found}",
    "must have {wanted} numbers, one for each weight, found {found}",
)
_HEIGHT = Text(
    "phải có {wanted} số đọc, mỗi dòng của design một số, đang có {found}",
    "must have {wanted} readings, one for each row of design, found {found}",
)
_FEW = Text("cần ít nhất 2 quả cân, đang có {found}", "needs at least 2 weights, found {found}")
_UNBALANCED = Text(
    "phép cân không cân bằng: tổng danh nghĩa hai bên chênh {found:g}",
    "the weighing does not balance: the nominal sums differ by {found:g}",
)
_NO_RESTRAINT = Text(
    "tổng danh nghĩa của restraint.vector bằng 0: không có quả nào làm chuẩn",
    "the nominal sum of restraint.vector is 0: no weight serves as the standard",
)
_UNDETERMINED = Text(
    "thiết kế không nối mọi quả cân với nhau: còn quả không xác định được",
    "the design does not connect all weights: some remain undetermined",
)
_NO_SCATTER = Text(
    "không còn bậc tự do (số phép cân bằng số quả chưa biết): cần accepted_sd",
    "no degrees of freedom are left (as many weighings as unknowns): give accepted_sd",
)
_EMPTY = Text("không được toàn số 0", "must not be all zeros")

Vector = Sequence[float]
_Row = list[Fraction]


def _exact(value: float) -> Fraction:
    """The number that the decimal digits of `value` say."""
    return Fraction(exact(value))


@dataclass(frozen=True)
class Design:
    """Which weights stand on which side in each weighing, their nominal values, and which are held to the restraint."""

    rows: tuple[tuple[float, ...], ...]
    nominal: tuple[float, ...]
    restraint: tuple[float, ...]

    def __post_init__(self) -> None:
        count = len(self.nominal)
        if count < 2:
            raise Refused(_FEW.put(found=count), "nominal")
        for j, value in enumerate(self.nominal):
            positive(value, f"nominal[{j}]")
        for i, row in enumerate(self.rows):
            _checked(row, count, f"design[{i}]")
            balance = _dot(map(_exact, row), map(_exact, self.nominal))
            if balance:
                raise Refused(_UNBALANCED.put(found=float(balance)), f"design[{i}]")
        _checked(self.restraint, count, "restraint.vector")
        if _dot(map(_exact, self.restraint), map(_exact, self.nominal)) == 0:
            raise Refused(_NO_RESTRAINT, "restraint.vector")


def _checked(vector: Vector, count: int, place: str) -> None:
    if len(vector) != count:
        raise Refused(_WIDTH.put(wanted=count, found=len(vector)), place)
    for j, value in enumerate(vector):
        finite(value, f"{place}[{j}]")
    if not any(vector):
        raise Refused(_EMPTY, place)


def _dot(left: "Sequence[Fraction] | map[Fraction]", right: "Sequence[Fraction] | map[Fraction]") -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


@dataclass(frozen=True)
class Solution:
    """What a design makes of its readings: values = multipliers · readings + share · restraint."""

    design: Design
    #: multipliers[weight][observation].
    multipliers: tuple[tuple[Fraction, ...], ...]
    #: Of the restraint in each weight: nominal_i/(nominal · restraint).
    share: tuple[Fraction, ...]
    #: Covariance of the values in units of the variance of one weighing.
    cofactors: tuple[tuple[Fraction, ...], ...]

    @property
    def dof(self) -> int:
        """Weighings less unknowns, one of which the restraint settles."""
        return len(self.design.rows) - len(self.design.nominal) + 1

    @property
    def divisor(self) -> int:
        """The least number that makes every multiplier and share whole, as the catalogues print them."""
        return math.lcm(*(f.denominator for row in (*self.multipliers, self.share) for f in row))

    def repeatability_factor(self, vector: Vector) -> float:
        """K1 of a sum of weights: its standard deviation for one weighing's of 1 (e-Handbook 2.3.3.4)."""
        line = list(map(_exact, vector))
        return math.sqrt(_dot(line, [_dot(row, line) for row in self.cofactors]))

    def between_day_factor(self, vector: Vector) -> float:
        """K2 of a sum of weights: its standard deviation if each weight varies from day to day by 1 (2.3.3.4)."""
        line, restraint = list(map(_exact, vector)), list(map(_exact, self.design.restraint))
        share = _dot(line, self.share)
        rest = [own - share * held for own, held in zip(line, restraint, strict=True)]
        return math.sqrt(_dot(rest, rest))


@lru_cache(maxsize=64)
def solve(design: Design) -> Solution:
    """The least-squares solution under the restraint, by the inverse of the bordered normal equations (TN 952).

    Remembered: a laboratory weighs by few designs, many times.
    """
    rows = [list(map(_exact, row)) for row in design.rows]
    held = list(map(_exact, design.restraint))
    columns = list(zip(*rows, strict=True)) or [() for _ in held]
    bordered = [[_dot(a, b) for b in columns] + [held[i]] for i, a in enumerate(columns)]
    inverse = _inverse([*bordered, [*held, Fraction(0)]])
    cofactors = tuple(tuple(line[:-1]) for line in inverse[:-1])
    return Solution(
        design,
        tuple(tuple(_dot(line, row) for row in rows) for line in cofactors),
        tuple(line[-1] for line in inverse[:-1]),
        cofactors,
    )


def _inverse(matrix: list[_Row]) -> list[_Row]:
    """Gauss–Jordan in fractions; a singular matrix is a design that leaves weights undetermined."""
    size = len(matrix)
    work = [row + [Fraction(int(i == j)) for j in range(size)] for i, row in enumerate(matrix)]
    for k in range(size):
        pivot = next((i for i in range(k, size) if work[i][k]), None)
        if pivot is None:
            raise Refused(_UNDETERMINED, "design")
        work[k], work[pivot] = work[pivot], work[k]
        head = work[k][k]
        work[k] = [value / head for value in work[k]]
        for i in range(size):
            factor = work[i][k]
            if i != k and factor:
                work[i] = [a - factor * b for a, b in zip(work[i], work[k], strict=True)]
    return [row[size:] for row in work]


@dataclass(frozen=True)
class Restraint:
    """The known value of the restraint and its standard uncertainty."""

    value: float
    u: float

    def __post_init__(self) -> None:
        finite(self.value, "restraint.value")
        not_negative(self.u, "restraint.u")


@dataclass(frozen=True)
class CheckStandard:
    """A sum of weights whose value is followed over time: its accepted value, standard deviation and ν."""

    vector: tuple[float, ...]
    accepted: float
    sd: float
    dof: float = math.inf

    def __post_init__(self) -> None:
        finite(self.accepted, "check.accepted")
        positive(self.sd, "check.sd")


@dataclass(frozen=True)
class Weighing:
    """Values of the weights with their uncertainties, and whether check standard and scatter are in control."""

    values: tuple[float, ...]
    #: s·K1.
    type_a: tuple[float, ...]
    #: u·nominal_i/(nominal · restraint).
    type_restraint: tuple[float, ...]
    standard_uncertainties: tuple[float, ...]
    #: Of both together; the weights share the restraint and the readings.
    covariance: tuple[tuple[float, ...], ...]
    #: None without degrees of freedom.
    residual_sd: float | None
    dof: int
    check_value: float | None
    check: ControlTest | None
    f: ControlTest | None


def weigh(
    design: Design,
    observations: Vector,
    restraint: Restraint,
    *,
    check: CheckStandard | None = None,
    accepted_sd: float | None = None,
    accepted_dof: float = math.inf,
) -> Weighing:
    """Values of the weights of a design from its readings (NIST/SEMATECH e-Handbook 2.3.3.3–2.3.3.5).

    The standard deviation of one weighing is `accepted_sd`, that of the process, where known, else the residuals'.
    """
    if len(observations) != len(design.rows):
        raise Refused(_HEIGHT.put(wanted=len(design.rows), found=len(observations)), "observations")
    readings = [_exact(finite(y, f"observations[{i}]")) for i, y in enumerate(observations)]
    if accepted_sd is not None:
        positive(accepted_sd, "accepted_sd")
    if check is not None:
        _checked(check.vector, len(design.nominal), "check.vector")
    solution = solve(design)
    values = [
        _dot(line, readings) + share * _exact(restraint.value)
        for line, share in zip(solution.multipliers, solution.share, strict=True)
    ]
    residual_sd = _residual_sd(solution, readings, values)
    s = residual_sd if accepted_sd is None else accepted_sd
    if s is None:
        raise Refused(_NO_SCATTER, "accepted_sd")
    covariance = _covariance(solution, s, restraint.u)
    tests = accepted_sd is not None and residual_sd is not None
    value = None if check is None else float(_dot(list(map(_exact, check.vector)), values))
    return Weighing(
        values=tuple(map(float, values)),
        type_a=tuple(s * math.sqrt(row[i]) for i, row in enumerate(solution.cofactors)),
        type_restraint=tuple(restraint.u * abs(float(share)) for share in solution.share),
        standard_uncertainties=tuple(math.sqrt(row[i]) for i, row in enumerate(covariance)),
        covariance=covariance,
        residual_sd=residual_sd,
        dof=solution.dof,
        check_value=value,
        check=None
        if check is None or value is None
        else check_standard_test(value, check.accepted, check.sd, check.dof),
        f=precision_test(residual_sd or 0.0, solution.dof, accepted_sd or 0.0, accepted_dof) if tests else None,
    )


def _residual_sd(solution: Solution, readings: _Row, values: _Row) -> float | None:
    """√(Σ (reading − fitted)²/ν)."""
    if solution.dof < 1:
        return None
    residuals = [y - _dot(map(_exact, row), values) for row, y in zip(solution.design.rows, readings, strict=True)]
    return math.sqrt(_dot(residuals, residuals) / solution.dof)


def _covariance(solution: Solution, s: float, u: float) -> tuple[tuple[float, ...], ...]:
    """s²·cofactors + u²·share·shareᵀ."""
    variance, held = _exact(s) ** 2, _exact(u) ** 2
    return tuple(
        tuple(float(variance * cofactor + held * a * b) for cofactor, b in zip(row, solution.share, strict=True))
        for row, a in zip(solution.cofactors, solution.share, strict=True)
    )
