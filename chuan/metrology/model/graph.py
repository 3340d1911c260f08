"""The graph that derivatives and code are made from: a tape, lowered, with equal nodes shared and constants folded.

Folding is one floating-point operation at a time, so its cost is bounded; an operation that fails on its constants
(1/0) stays a node and fails when it is evaluated.
"""

from collections.abc import Sequence
from typing import NamedTuple

from chuan.metrology.model.arithmetic import SCALAR, is_finite
from chuan.metrology.model.tape import Tape

MOST_MULTIPLIED = 8
"""Integer powers up to this are multiplications; above it the rounding of a chain exceeds that of `pow`."""


class Node(NamedTuple):
    """An "input" (its slot in `operands`), a "constant", or an operation on earlier nodes."""

    operation: str
    operands: tuple[int, ...] = ()
    number: float = 0.0


class Graph:
    """Nodes in an order in which each comes after its operands, and the tape step that each came from."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.nodes: list[Node] = []
        self.steps: list[int] = []
        #: The tape step being worked on; -1 where there is none.
        self.step = -1
        #: The number of each node that is a constant, else None.
        self.constants: list[float | None] = []
        self._known: dict[tuple[str, tuple[int, ...], str], int] = {}

    def put(self, operation: str, operands: tuple[int, ...] = (), number: float = 0.0) -> int:
        """The node for this operation, shared with an equal one; no simplification."""
        ordered = operands
        if operation in ("add", "mul") and operands[0] > operands[1]:
            ordered = (operands[1], operands[0])
        key = (operation, ordered, number.hex() if operation == "constant" else "")
        known = self._known.setdefault(key, len(self.nodes))
        if known == len(self.nodes):
            self.nodes.append(Node(operation, operands, number))
            self.steps.append(self.step)
            self.constants.append(number if operation == "constant" else None)
        return known

    def constant(self, number: float) -> int:
        """A constant."""
        return self.put("constant", (), number)

    def apply(self, operation: str, *operands: int) -> int:
        """The node for this operation, folded or simplified where the value stays the same bit for bit.

        Powers are the exception: small integer powers become multiplications, x^0.5 a square root.
        """
        values = [self.constants[operand] for operand in operands]
        if operation == "pow" and values[1] is not None and values[0] is None:
            return self.power(operands[0], values[1])
        if None not in values:
            folded = _fold(operation, values)
            if folded is not None:
                return self.constant(folded)
        simpler = self._simplify(operation, operands, values)
        return self.put(operation, operands) if simpler is None else simpler

    def _simplify(self, operation: str, operands: Sequence[int], values: Sequence[float | None]) -> int | None:
        if operation == "neg" and self.nodes[operands[0]].operation == "neg":
            return self.nodes[operands[0]].operands[0]
        if operation == "mul":
            return self._product(operands, values)
        if operation == "div" and values[1] == 1:
            return operands[0]
        if operation in ("add", "sub") and self.nodes[operands[1]].operation == "neg":
            return self.apply("sub" if operation == "add" else "add", operands[0], self.nodes[operands[1]].operands[0])
        if operation == "add" and self.nodes[operands[0]].operation == "neg":
            return self.apply("sub", operands[1], self.nodes[operands[0]].operands[0])
        return None

    def _product(self, operands: Sequence[int], values: Sequence[float | None]) -> int | None:
        for value, other in ((values[0], operands[1]), (values[1], operands[0])):
            if value == 1:
                return other
            if value == -1:
                return self.apply("neg", other)
        left, right = (self.nodes[operand] for operand in operands)
        if left.operation == right.operation == "neg":
            return self.apply("mul", left.operands[0], right.operands[0])
        return None

    def power(self, base: int, exponent: float) -> int:
        """base^exponent for a constant exponent."""
        if exponent == 0:
            return self.constant(1.0)
        if exponent == 0.5:
            return self.apply("sqrt", base)
        if not exponent.is_integer() or abs(exponent) > MOST_MULTIPLIED:
            return self.put("pow", (base, self.constant(exponent)))
        if exponent < 0:
            return self.apply("div", self.constant(1.0), self.power(base, -exponent))
        return self._multiplied(base, int(exponent))

    def _multiplied(self, base: int, times: int) -> int:
        if times == 1:
            return base
        half = self._multiplied(base, times // 2)
        square = self.apply("mul", half, half)
        return self.apply("mul", square, base) if times % 2 else square


def _fold(operation: str, values: Sequence[float | None]) -> float | None:
    try:
        folded = SCALAR[operation](*values)
    except (ArithmeticError, ValueError):
        return None
    return folded if is_finite(folded) else None


def lower(tape: Tape) -> tuple[Graph, tuple[int, ...]]:
    """The graph of a tape and the node of each output."""
    graph = Graph(len(tape.inputs))
    slots = [graph.put("input", (slot,)) for slot in range(len(tape.inputs))]
    for number, step in enumerate(tape.steps):
        graph.step = number
        if step.operation in ("constant", "pi"):
            slots.append(graph.constant(SCALAR["pi"]() if step.operation == "pi" else step.number))
        else:
            slots.append(graph.apply(step.operation, *(slots[operand] for operand in step.operands)))
    graph.step = -1
    return graph, tuple(slots[slot] for slot in tape.results)
