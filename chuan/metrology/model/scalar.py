"""Python code for one evaluation, made from the graph alone, and the same evaluation without code.

The source holds integers, operators, `math` functions and numbers written by `repr`; no letter of the author's
equation.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from chuan.metrology.model.arithmetic import SCALAR
from chuan.metrology.model.derivatives import reachable
from chuan.metrology.model.graph import Graph

Nodes = Sequence[int | None]
Row = tuple[float, ...]

_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_NAMES = {"pow": "power", "ln": "log"}
_FUNCTIONS: dict[str, object] = {
    name: getattr(math, name)
    for name in (
        "exp",
        "log",
        "log10",
        "sqrt",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "sinh",
        "cosh",
        "tanh",
        "hypot",
    )
} | {
    "power": math.pow,
    "abs": abs,
    "finite": math.isfinite,
    "__builtins__": {"all": all, "OverflowError": OverflowError},
}

#: An expression longer than this is given a name of its own; keeps nesting far below Python's limit.
_LONGEST = 200
_GROUP = 50


Compute = Callable[[Sequence[float]], tuple[Row, ...]]

#: Above so many nodes or numbers in the answer, compiling costs more than it saves.
_MOST_COMPILED = 3_000


def rows_function(graph: Graph, rows: Sequence[Nodes]) -> Compute:
    """A function from the inputs' values to one tuple of numbers for each of `rows`; None is zero.

    It raises ArithmeticError or ValueError where an operation fails or a number of the answer is not finite.
    """
    needed = sorted({node for row in rows for node in row if node is not None})
    if len(reachable(graph, needed)) + sum(map(len, rows)) <= _MOST_COMPILED:
        return compile_rows(graph, rows)

    def compute(x: Sequence[float]) -> tuple[Row, ...]:
        if len(x) != graph.inputs:
            raise ValueError(len(x))
        values = interpret(graph, needed, x)
        return tuple(tuple(0.0 if node is None else values[node] for node in row) for row in rows)

    return compute


def compile_rows(graph: Graph, rows: Sequence[Nodes]) -> Compute:
    """`rows_function` as compiled code."""
    needed = sorted({node for row in rows for node in row if node is not None})
    lines, texts = _body(graph, needed)
    answer = "".join(f"({''.join(_text(texts, node) + ',' for node in row)})," for row in rows)
    lines.append(f"answer = ({answer})")
    varying = [texts[node] for node in needed if graph.constants[node] is None]
    if varying:
        # One sum tells whether any number is infinite or NaN; it may overflow by itself, hence the second look.
        lines.append(f"if ({_sum(varying)}) * 0.0 != 0.0 and not all(finite(one) for row in answer for one in row):")
        lines.append("    raise OverflowError")
    lines.append("return answer")
    source = "def compute(x):\n" + "".join(f"    {line}\n" for line in lines)
    space: dict[str, Any] = dict(_FUNCTIONS)
    exec(compile(source, "<model>", "exec"), space)  # noqa: S102 - our own text, made above from numbered slots
    compute: Compute = space["compute"]
    return compute


def _sum(texts: Sequence[str]) -> str:
    """A sum in groups, so that it nests no deeper than a group is long."""
    groups = [texts[start : start + _GROUP] for start in range(0, len(texts), _GROUP)]
    return "+".join(f"({'+'.join(group)})" for group in groups)


def _text(texts: dict[int, str], node: int | None) -> str:
    return "0.0" if node is None else texts[node]


def _body(graph: Graph, results: Sequence[int]) -> tuple[list[str], dict[int, str]]:
    """Assignments in order, and the text by which each node is read."""
    order = reachable(graph, results)
    uses = dict.fromkeys(results, 2)
    for node in order:
        if graph.nodes[node].operation != "input":
            for operand in graph.nodes[node].operands:
                uses[operand] = uses.get(operand, 0) + 1
    lines = [f"{''.join(f'v{slot},' for slot in range(graph.inputs))} = x"] if graph.inputs else []
    texts: dict[int, str] = {}
    for node in order:
        found = graph.nodes[node]
        if found.operation == "input":
            texts[node] = f"v{found.operands[0]}"
        elif found.operation == "constant":
            texts[node] = f"({found.number!r})" if found.number < 0 else repr(found.number)
        else:
            expression = _expression(found.operation, [texts[operand] for operand in found.operands])
            if uses[node] > 1 or len(expression) > _LONGEST:
                lines.append(f"n{node} = {expression}")
                texts[node] = f"n{node}"
            else:
                texts[node] = expression
    return lines, texts


def _expression(operation: str, operands: list[str]) -> str:
    if operation in _SIGNS:
        return f"({operands[0]}{_SIGNS[operation]}{operands[1]})"
    if operation == "neg":
        return f"(-{operands[0]})"
    return f"{_NAMES.get(operation, operation)}({','.join(operands)})"


class Failed(ValueError):
    """An operation that failed at `node` on `values`."""

    def __init__(self, node: int, values: list[float]) -> None:
        super().__init__(node)
        self.node = node
        self.values = values


def interpret(graph: Graph, results: Sequence[int], x: Sequence[float]) -> dict[int, float]:
    """The values of all nodes that `results` need, one operation at a time.

    Errors: `Failed` at the first operation that fails or gives a number that is not finite.
    """
    values: dict[int, float] = {}
    for node in reachable(graph, results):
        found = graph.nodes[node]
        if found.operation == "input":
            values[node] = x[found.operands[0]]
        elif found.operation == "constant":
            values[node] = found.number
        else:
            values[node] = operate(node, found.operation, [values[operand] for operand in found.operands])
    return values


def operate(node: int, operation: str, values: list[float]) -> float:
    """One operation; `Failed` where it has no finite value."""
    try:
        value = SCALAR[operation](*values)
    except (ArithmeticError, ValueError):
        raise Failed(node, values) from None
    if not math.isfinite(value):
        raise Failed(node, values)
    return value
