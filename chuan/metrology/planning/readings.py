"""The fewest readings of a Type A input for U ≤ target (GUM 4.2.3, 4.2.4)."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from chuan.metrology.distributions import StudentT
from chuan.metrology.inputs import Input, Measurement, TypeA
from chuan.metrology.planning.blocks import block_of, least_rows, with_rows
from chuan.metrology.planning.levers import input_of
from chuan.metrology.planning.reached import Reached, checked_target, reached
from chuan.metrology.words import Refused, Text

_NO_READINGS = Text('"{symbol}" không có các lần quan trắc', '"{symbol}" has no observations')
_FEW = Text("cần ít nhất {least} lần quan trắc, đang là {found}", "needs at least {least} observations, found {found}")
_MOST = Text("phải từ {least} trở lên, đang là {found}", "must be at least {least}, found {found}")

#: Every number up to here is tried one by one; above it more readings always help, but for rounding.
_ONE_BY_ONE = 200
#: Nobody reads an instrument more often than this for one result.
MOST_READINGS = 1000


@dataclass(frozen=True)
class ReadingsPlan:
    """How many readings meet the target: `n`, None where not even `most` do; `reached` is the chain there.

    `symbols` are those read together; `standard_uncertainty` is the first one's from its readings.
    """

    symbols: tuple[str, ...]
    n_now: int
    n: int | None
    most: int
    standard_uncertainty: float
    reached: Reached


def read_inputs(measurement: Measurement) -> tuple[str, ...]:
    """The inputs whose readings scatter, and the first of each block of simultaneous observations."""
    found = [item.symbol for item in measurement.inputs if item.readings and item.readings.standard_uncertainty]
    return (*found, *(block.symbols[0] for block in measurement.simultaneous))


def with_readings(measurement: Measurement, symbol: str, n: int) -> Measurement:
    """The measurement if the input had `n` readings with the scatter found: u = s/√n and ν of so many.

    Autocorrelated readings keep how much each of them counts; the ν of a pooled s stays; simultaneous observations are
    made together. Fewer than two are refused (one with a pooled s; the number of quantities and one, if simultaneous).
    """
    least = _least_of(measurement, symbol)
    if n < least:
        raise Refused(_FEW.put(least=least, found=n), "n")
    block = block_of(measurement, symbol)
    if block is not None:
        return with_rows(measurement, block, n)
    item, readings = _readings_of(measurement, symbol)
    u, dof = _of(readings, n)
    at = _component(item, readings)
    own = item.components[at]
    distribution = replace(cast("StudentT", own.distribution), u=u, dof=dof)
    parts = (*item.components[:at], replace(own, distribution=distribution, dof=dof), *item.components[at + 1 :])
    found = replace(readings, standard_uncertainty=u, dof=dof, n=n)
    other = Input(symbol, item.value, parts, found)
    return replace(measurement, inputs=tuple(other if one is item else one for one in measurement.inputs))


def fewest_readings(
    measurement: Measurement, symbol: str, target: float, input_symbol: str, *, most: int = MOST_READINGS
) -> ReadingsPlan:
    """The fewest readings of one input for which U of the measurand `symbol` is at most the target."""
    checked_target(target)
    least = _least_of(measurement, input_symbol)
    if most < least:
        raise Refused(_MOST.put(least=least, found=most), "most")

    def chain(n: int) -> Reached:
        return reached(with_readings(measurement, input_symbol, n), symbol)

    n = _first(lambda n: chain(n).expanded_uncertainty <= target, least, most)
    shown = most if n is None else n
    block = block_of(measurement, input_symbol)
    if block is not None:
        u = block.standard_uncertainties[0] * math.sqrt(block.n / shown)
        return ReadingsPlan(block.symbols, block.n, n, most, u, chain(shown))
    _, readings = _readings_of(measurement, input_symbol)
    return ReadingsPlan((input_symbol,), readings.n, n, most, _of(readings, shown)[0], chain(shown))


def _least_of(measurement: Measurement, symbol: str) -> int:
    block = block_of(measurement, symbol)
    if block is not None:
        return least_rows(block)
    _, readings = _readings_of(measurement, symbol)
    return 1 if _pooled(readings) else 2


def _first(meets: Callable[[int], bool], least: int, most: int) -> int | None:
    """The first number that meets the target; beyond the first two hundred the one after a number that does not."""
    last = min(most, _ONE_BY_ONE)
    for n in range(least, last + 1):
        if meets(n):
            return n
    bad = last
    while bad < most:
        good = min(most, bad + bad // 8)
        if meets(good):
            return _between(meets, bad, good)
        bad = good
    return None


def _between(meets: Callable[[int], bool], bad: int, good: int) -> int:
    while good - bad > 1:
        middle = (good + bad) // 2
        if meets(middle):
            good = middle
        else:
            bad = middle
    return good


def _readings_of(measurement: Measurement, symbol: str) -> tuple[Input, TypeA]:
    item = input_of(measurement, symbol)
    if item is None or item.readings is None or not item.readings.standard_uncertainty:
        raise Refused(_NO_READINGS.put(symbol=symbol), "input")
    return item, item.readings


def _component(item: Input, readings: TypeA) -> int:
    """The component that holds the scatter of the readings."""
    for k, part in enumerate(item.components):
        if isinstance(part.distribution, StudentT) and part.distribution.u == readings.standard_uncertainty:
            return k
    raise Refused(_NO_READINGS.put(symbol=item.symbol), "input")


def _growth(readings: TypeA) -> float:
    """By how much autocorrelation multiplies the variance s²/n of the mean; 1 for independent readings."""
    return readings.n * (readings.standard_uncertainty / readings.standard_deviation) ** 2


def _pooled(readings: TypeA) -> bool:
    """Whether s was found before, in other series, so that its ν does not depend on n."""
    return not math.isclose(readings.dof, max(1.0, readings.n / _growth(readings) - 1), rel_tol=1e-9)


def _of(readings: TypeA, n: int) -> tuple[float, float]:
    """u and ν of the mean of n readings."""
    growth = _growth(readings)
    u = readings.standard_deviation * math.sqrt(growth / n)
    if math.isclose(growth, 1.0, rel_tol=1e-9):
        growth, u = 1.0, readings.standard_deviation / math.sqrt(n)
    return u, readings.dof if _pooled(readings) else max(1.0, n / growth - 1)
