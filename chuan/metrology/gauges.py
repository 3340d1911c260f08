"""Gauge studies: how much of the scatter is the measuring system's (AIAG MSA 4th ed., chapter III; ISO 22514-7).

Readings are data[part][operator][trial]. By analysis of variance the interaction of part and operator is told apart; by
ranges (average and range method) it is not.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chuan.metrology.control.constants import d2_star
from chuan.metrology.distributions import finite, positive
from chuan.metrology.special import f_sf
from chuan.metrology.words import Refused, Text

Method = Literal["anova", "range"]

_COMPONENTS = ("repeatability", "operator", "interaction", "reproducibility", "grr", "part", "total")
_AXES = (
    Text("cần ít nhất 2 chi tiết, đang có {found}", "needs at least 2 parts, found {found}"),
    Text("cần ít nhất 2 người đo, đang có {found}", "needs at least 2 operators, found {found}"),
    Text("cần ít nhất 2 lần đo, đang có {found}", "needs at least 2 trials, found {found}"),
)
_RAGGED = Text(
    "phải có {wanted} phần tử như chỗ đầu, đang có {found}", "must have {wanted} items like the first, found {found}"
)
_STILL = Text("mọi giá trị bằng nhau: không có gì để phân tích", "all readings are equal: there is nothing to analyse")
_SHARE = Text("phải từ 0 đến 1, đang là {found:g}", "must be 0 to 1, found {found:g}")


@dataclass(frozen=True)
class Component:
    """One source of scatter; `percent` of the total standard deviation, `percent_tolerance` of it by 6 sd."""

    variance: float
    sd: float
    percent: float
    percent_tolerance: float | None


@dataclass(frozen=True)
class AnovaRow:
    """One line of the analysis of variance; F and p are None where there is no test."""

    source: str
    df: int
    ss: float
    ms: float | None
    f: float | None
    p: float | None


@dataclass(frozen=True)
class GaugeStudy:
    """Components by name; `interaction` is None by ranges, which cannot see it."""

    components: Mapping[str, Component | None]
    #: With interaction, as tested for pooling; None by ranges.
    anova: tuple[AnovaRow, ...] | None
    #: The interaction was not significant and is counted as repeatability; None by ranges.
    interaction_pooled: bool | None
    #: GRR in per cent of the total standard deviation.
    percent_grr: float
    #: Number of distinct categories; None where the measuring system adds no scatter at all.
    ndc: int | None


Readings = Sequence[Sequence[Sequence[float]]]


def gauge_study(
    data: Readings, method: Method = "anova", *, tolerance: float | None = None, pool_above: float = 0.05
) -> GaugeStudy:
    """Repeatability and reproducibility of a measuring system from parts × operators × trials."""
    shape = _shape(data)
    if tolerance is not None:
        positive(tolerance, "tolerance")
    if not 0 <= finite(pool_above, "pool_above") <= 1:
        raise Refused(_SHARE.put(found=pool_above), "pool_above")
    if method == "range":
        return _study(_by_ranges(data, shape), tolerance, None, None)
    rows = _anova(data, shape)
    p = rows[2].p
    pooled = p is not None and p > pool_above
    return _study(_by_anova(rows, shape, pooled), tolerance, rows, pooled)


def _shape(data: Readings) -> tuple[int, int, int]:
    """Numbers of parts, operators and trials of a complete study."""
    parts = len(data)
    operators = len(data[0]) if data else 0
    trials = len(data[0][0]) if operators else 0
    for reason, found, place in zip(_AXES, (parts, operators, trials), ("data", "data[0]", "data[0][0]"), strict=True):
        if found < 2:
            raise Refused(reason.put(found=found), place)
    for i, part in enumerate(data):
        _as_many(part, operators, f"data[{i}]")
        for j, cell in enumerate(part):
            _as_many(cell, trials, f"data[{i}][{j}]")
            for k, value in enumerate(cell):
                finite(value, f"data[{i}][{j}][{k}]")
    return parts, operators, trials


def _as_many(items: Sequence[object], wanted: int, place: str) -> None:
    if len(items) != wanted:
        raise Refused(_RAGGED.put(wanted=wanted, found=len(items)), place)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _squares(values: Sequence[float]) -> float:
    """Sum of squared deviations from the mean."""
    middle = _mean(values)
    return math.fsum((value - middle) ** 2 for value in values)


def _anova(data: Readings, shape: tuple[int, int, int]) -> tuple[AnovaRow, ...]:
    """Two crossed random factors: both are tested against their interaction, and that against repeatability."""
    parts, operators, trials = shape
    cells = [[_mean(cell) for cell in part] for part in data]
    part_means = [_mean(row) for row in cells]
    operator_means = [_mean(column) for column in zip(*cells, strict=True)]
    middle = _mean(part_means)
    interaction_ss = trials * math.fsum(
        (cell - part_means[i] - operator_means[j] + middle) ** 2
        for i, row in enumerate(cells)
        for j, cell in enumerate(row)
    )
    sums = (
        operators * trials * _squares(part_means),
        parts * trials * _squares(operator_means),
        interaction_ss,
        math.fsum(_squares(cell) for part in data for cell in part),
    )
    dfs = (parts - 1, operators - 1, (parts - 1) * (operators - 1), parts * operators * (trials - 1))
    squares = [ss / df for ss, df in zip(sums, dfs, strict=True)]
    against = (2, 2, 3, None)
    rows = []
    for i, source in enumerate(("part", "operator", "interaction", "repeatability")):
        f, p = _test(squares, dfs, i, against[i])
        rows.append(AnovaRow(source, dfs[i], sums[i], squares[i], f, p))
    return (*rows, AnovaRow("total", sum(dfs), math.fsum(sums), None, None, None))


def _test(
    squares: Sequence[float], dfs: Sequence[int], i: int, against: int | None
) -> tuple[float | None, float | None]:
    """F and its probability, or neither where there is nothing to divide by."""
    if against is None or squares[against] <= 0:
        return None, None
    f = squares[i] / squares[against]
    return f, f_sf(f, dfs[i], dfs[against])


def _by_anova(rows: Sequence[AnovaRow], shape: tuple[int, int, int], pooled: bool) -> dict[str, float | None]:
    """Variances from expected mean squares; a negative one is 0 (AIAG MSA, appendix A)."""
    parts, operators, trials = shape
    part, operator, interaction, repeatability = (row.ms or 0.0 for row in rows[:4])
    error, between = repeatability, interaction
    if pooled:
        error = between = (rows[2].ss + rows[3].ss) / (rows[2].df + rows[3].df)
    return {
        "repeatability": error,
        "operator": max(0.0, (operator - between) / (parts * trials)),
        "interaction": 0.0 if pooled else max(0.0, (interaction - error) / trials),
        "part": max(0.0, (part - between) / (operators * trials)),
    }


def _by_ranges(data: Readings, shape: tuple[int, int, int]) -> dict[str, float | None]:
    """Variances from mean ranges over d2*, computed for the very number of ranges averaged (AIAG MSA, III.B).

    AIAG's tables give d2* to three digits and replace it by d2 above 15 ranges.
    """
    parts, operators, trials = shape
    mean_range = _mean([max(cell) - min(cell) for part in data for cell in part])
    repeatability = (mean_range / d2_star(trials, parts * operators)) ** 2
    operator_means = [_mean([value for part in data for value in part[j]]) for j in range(operators)]
    part_means = [_mean([value for cell in part for value in cell]) for part in data]
    operator = ((max(operator_means) - min(operator_means)) / d2_star(operators, 1)) ** 2
    return {
        "repeatability": repeatability,
        "operator": max(0.0, operator - repeatability / (parts * trials)),
        "interaction": None,
        "part": ((max(part_means) - min(part_means)) / d2_star(parts, 1)) ** 2,
    }


def _study(
    variances: dict[str, float | None], tolerance: float | None, rows: tuple[AnovaRow, ...] | None, pooled: bool | None
) -> GaugeStudy:
    found = {name: value or 0.0 for name, value in variances.items()}
    found["reproducibility"] = found["operator"] + found["interaction"]
    found["grr"] = found["repeatability"] + found["reproducibility"]
    found["total"] = found["grr"] + found["part"]
    if found["total"] <= 0:
        raise Refused(_STILL, "data")
    total = math.sqrt(found["total"])
    components: dict[str, Component | None] = {}
    for name in _COMPONENTS:
        sd = math.sqrt(found[name])
        known = Component(found[name], sd, 100 * sd / total, None if tolerance is None else 600 * sd / tolerance)
        components[name] = None if name in variances and variances[name] is None else known
    grr = math.sqrt(found["grr"])
    ndc = max(1, math.floor(1.41 * math.sqrt(found["part"]) / grr)) if grr > 0 else None
    return GaugeStudy(components, rows, pooled, 100 * grr / total, ndc)
