"""Why an evaluation failed: the operation, its numbers and the equation, found by going through the tape."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from chuan.metrology.model.arithmetic import shown
from chuan.metrology.model.graph import Graph
from chuan.metrology.model.scalar import Failed, interpret, operate
from chuan.metrology.model.tape import Tape
from chuan.metrology.words import Refused, Text

_OPERATION = Text("{what} không có giá trị hữu hạn", "{what} has no finite value")
_DERIVATIVE = Text("đạo hàm của {what} không hữu hạn tại đây", "the derivative of {what} is not finite here")
_INPUT = Text("giá trị của {symbol} không phải là số hữu hạn: {value}", "the value of {symbol} is not finite: {value}")
_COUNT = Text("cần {needed} giá trị, đang có {found}", "needs {needed} values, found {found}")
_WHOLE = Text("mô hình không tính được tại các giá trị này", "the model cannot be computed at these values")


def wrong_count(tape: Tape, found: int) -> Refused:
    """The refusal of a number of values or columns that is not the number of inputs."""
    return Refused(_COUNT.put(needed=len(tape.inputs), found=found), "input")


def check_inputs(tape: Tape, x: Sequence[float]) -> None:
    """Refuses a wrong number of values and values that are not finite."""
    if len(x) != len(tape.inputs):
        raise wrong_count(tape, len(x))
    for index, value in enumerate(x):
        if not math.isfinite(value):
            raise Refused(_INPUT.put(symbol=tape.inputs[index], value=value), f"input[{index}].value")


def check_constants(tape: Tape) -> None:
    """Refuses an operation on numbers alone that has no finite value, such as 1/0 or 9^9^9^9."""
    values: dict[int, float] = {}
    for number, step in enumerate(tape.steps):
        if step.operation == "constant":
            values[len(tape.inputs) + number] = step.number
        elif all(slot in values for slot in step.operands):
            values[len(tape.inputs) + number] = _step(tape, number, [values[slot] for slot in step.operands])


def _step(tape: Tape, number: int, operands: list[float]) -> float:
    operation = tape.steps[number].operation
    try:
        return operate(number, operation, operands)
    except Failed:
        text = _OPERATION.put(what=shown(operation, operands))
        raise Refused(text, tape.origins[number].place) from None


class Failure(NamedTuple):
    """An operation without a finite value: what and where, and the inputs that it depends on."""

    reason: Text
    place: str
    symbols: tuple[str, ...]


def failure_of(tape: Tape, output: int, x: Sequence[float]) -> Failure | None:
    """The first operation behind an output that has no finite value at `x`; None where each has one."""
    count = len(tape.inputs)
    behind = tape.behind(tape.results[output])
    values = list(x)
    for number, step in enumerate(tape.steps):
        operands = [values[slot] for slot in step.operands]
        if count + number not in behind:
            values.append(math.nan)
            continue
        try:
            values.append(step.number if step.operation == "constant" else _step(tape, number, operands))
        except Refused as refused:
            inputs = tape.behind(count + number)
            symbols = tuple(tape.inputs[slot] for slot in sorted(inputs) if slot < count)
            return Failure(refused.reason, refused.place, symbols)
    return None


def explain(tape: Tape, graph: Graph, nodes: Sequence[int], x: Sequence[float]) -> Refused:
    """The refusal for an evaluation that failed at `x`: an input, a step of the tape or a derivative in `nodes`."""
    try:
        check_inputs(tape, x)
        values = list(x)
        for number, step in enumerate(tape.steps):
            operands = [values[slot] for slot in step.operands]
            values.append(step.number if step.operation == "constant" else _step(tape, number, operands))
    except Refused as refusal:
        return refusal
    try:
        interpret(graph, nodes, x)
    except Failed as failed:
        step_number = graph.steps[failed.node]
        if step_number >= 0:
            step = tape.steps[step_number]
            what = shown(step.operation, [values[slot] for slot in step.operands])
            return Refused(_DERIVATIVE.put(what=what), tape.origins[step_number].place)
    return Refused(_WHOLE, "measurand")
