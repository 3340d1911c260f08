"""Why draws give no result: the operation and the inputs of one that was rejected, and divisors that cross zero.

A quotient whose divisor takes both signs has neither mean nor variance: its draws would give numbers that mean nothing
(JCGM 101 5.10, 7.6). It is looked for in the first chunk, by the same measure as rejected draws.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.model import Model
from chuan.metrology.monte_carlo.results import CHUNK
from chuan.metrology.monte_carlo.run import TOLERATED, Plan, TooManyRejected, drawn_inputs
from chuan.metrology.words import Refused, Text

Values = NDArray[np.float64]

_EXAMPLE = Text(
    "{counted}: chẳng hạn {what} khi {inputs}; hãy cho {symbols} phân bố nằm trong miền xác định của phép tính",
    "{counted}: for one, {what} at {inputs}; give {symbols} a distribution within the range of the operation",
)
_POLE = Text(
    "mẫu số {divisor} đổi dấu qua 0 ({share:.2g} % số lần rút) nên kết quả không có trung bình và phương sai; hãy chọn "
    "phân bố giữ nó ở một phía của 0",
    "the divisor {divisor} crosses zero ({share:.2g} % of the draws), so the result has neither mean nor variance; "
    "choose distributions that keep it on one side of zero",
)
#: Chunks searched for a rejected draw: with one in a thousand rejected, the first has some 33.
_SEARCHED = 16
#: Draws with the least divisors, and how many typical deviations off they must be for a pole.
_NEAREST = 8
_FAR = 30.0


def explained(model: Model, plan: Plan, seed: int, rejected: TooManyRejected) -> Refused:
    """The refusal with the operation that failed at one rejected draw, and the values of the inputs it depends on."""
    for index in range(_SEARCHED):
        given = drawn_inputs(plan, seed, index)
        output = _column(plan.evaluate(given)[rejected.output])
        for row in np.flatnonzero(~np.isfinite(output))[:1]:
            x = [float(column[row]) if isinstance(column, np.ndarray) else column for column in given]
            failure = model.failure_of(rejected.output, x)
            if failure is not None:
                inputs = ", ".join(f"{symbol} = {x[model.inputs.index(symbol)]:.6g}" for symbol in failure.symbols)
                said = {"inputs": inputs, "symbols": ", ".join(failure.symbols)}
                text = Text(
                    _EXAMPLE.vi.format(counted=rejected.reason.vi, what=failure.reason.vi, **said),
                    _EXAMPLE.en.format(counted=rejected.reason.en, what=failure.reason.en, **said),
                )
                return Refused(text, failure.place)
    return rejected


def refuse_poles(model: Model, plan: Plan, seed: int, has_deviation: Sequence[bool]) -> None:
    """Refuse a divisor with more than 0.1 % of its draws on the other side of zero, where a result runs away there."""
    if not model.divisors:
        return
    given = drawn_inputs(plan, seed, 0)
    with np.errstate(all="ignore"):
        outputs = [_column(output) for output in plan.evaluate(given)]
        divisors = [_column(values) for values in model.vector_divisors(given)]
    for divisor, values in zip(model.divisors, divisors, strict=True):
        other_side = min(np.count_nonzero(values < 0), np.count_nonzero(values > 0)) / CHUNK
        if other_side <= TOLERATED:
            continue
        if any(has_deviation[output] and _runs_away(values, outputs[output]) for output in divisor.outputs):
            raise Refused(_POLE.put(divisor=divisor.text, share=100 * other_side), divisor.place)


def _runs_away(divisor: Values, output: Values) -> bool:
    """Whether the output is far off where the divisor is least: sin(x)/x is not, 1/x is."""
    finite = np.isfinite(output)
    values, size = output[finite], np.abs(divisor[finite])
    if len(values) <= 2 * _NEAREST:
        return False
    away = np.abs(values - np.median(values))
    nearest = np.argpartition(size, _NEAREST)[:_NEAREST]
    return bool(np.median(away[nearest]) > _FAR * np.median(away))


def _column(values: Values | float) -> Values:
    return np.broadcast_to(values, CHUNK)
