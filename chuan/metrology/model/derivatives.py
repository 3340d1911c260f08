"""Exact derivatives: reverse accumulation on the graph gives the gradient as further nodes of it.

Applied to a gradient's own nodes it gives second and third derivatives; nothing is approximated by differences.
"""

import math
from collections.abc import Callable, Sequence

from chuan.metrology.model.graph import Graph
from chuan.metrology.words import Refused, Text

#: Of a graph with second and third derivatives, and of one with first derivatives alone, which grow with the number of
#: measurands and the steps behind each.
MOST_NODES = 2_500
MOST_FIRST = 20_000
_LARGE = Text(
    "mô hình quá lớn để tính đạo hàm, cho phép {most} nút",
    "the model is too large for derivatives, allowed {most} nodes",
)


class TooLarge(Refused):
    """The derivatives of a model would take more nodes than are allowed."""


#: For each operation: the partial derivative with respect to each operand, given the graph, the operands, the node.
Partial = Callable[[Graph, Sequence[int], int], int]


def _minus_one(graph: Graph, operands: Sequence[int], node: int) -> int:
    return graph.constant(-1.0)


def _over(graph: Graph, value: float, node: int) -> int:
    return graph.apply("div", graph.constant(value), node)


def _power_of_base(graph: Graph, operands: Sequence[int], node: int) -> int:
    """y·x^(y−1)."""
    base, exponent = operands
    less = graph.apply("sub", exponent, graph.constant(1.0))
    return graph.apply("mul", exponent, graph.apply("pow", base, less))


def _power_of_exponent(graph: Graph, operands: Sequence[int], node: int) -> int:
    """x^y·ln x."""
    return graph.apply("mul", node, graph.apply("ln", operands[0]))


def _sech_squared(graph: Graph, operands: Sequence[int], node: int) -> int:
    """1/cosh², which keeps its digits where 1 − tanh² loses them."""
    return graph.power(_over(graph, 1.0, graph.apply("cosh", operands[0])), 2.0)


def _arcsine(sign: float) -> Partial:
    def partial(graph: Graph, operands: Sequence[int], node: int) -> int:
        """±1/√((1 − x)(1 + x)), which keeps its digits near ±1."""
        one = graph.constant(1.0)
        inside = graph.apply("mul", graph.apply("sub", one, operands[0]), graph.apply("add", one, operands[0]))
        return _over(graph, sign, graph.apply("sqrt", inside))

    return partial


PARTIALS: dict[str, tuple[Partial, ...]] = {
    "neg": (_minus_one,),
    "mul": (lambda g, x, n: x[1], lambda g, x, n: x[0]),
    "div": (
        lambda g, x, n: _over(g, 1.0, x[1]),
        lambda g, x, n: g.apply("neg", g.apply("div", n, x[1])),
    ),
    "pow": (_power_of_base, _power_of_exponent),
    "exp": (lambda g, x, n: n,),
    "ln": (lambda g, x, n: _over(g, 1.0, x[0]),),
    "log10": (lambda g, x, n: _over(g, math.log10(math.e), x[0]),),
    "sqrt": (lambda g, x, n: _over(g, 0.5, n),),
    "sin": (lambda g, x, n: g.apply("cos", x[0]),),
    "cos": (lambda g, x, n: g.apply("neg", g.apply("sin", x[0])),),
    "tan": (lambda g, x, n: g.apply("add", g.constant(1.0), g.power(n, 2.0)),),
    "asin": (_arcsine(1.0),),
    "acos": (_arcsine(-1.0),),
    "atan": (lambda g, x, n: _over(g, 1.0, g.apply("add", g.constant(1.0), g.power(x[0], 2.0))),),
    "sinh": (lambda g, x, n: g.apply("cosh", x[0]),),
    "cosh": (lambda g, x, n: g.apply("sinh", x[0]),),
    "tanh": (_sech_squared,),
    "abs": (lambda g, x, n: g.apply("div", x[0], n),),
    "hypot": (lambda g, x, n: g.apply("div", x[0], n), lambda g, x, n: g.apply("div", x[1], n)),
}


def gradient(graph: Graph, result: int, most: int = MOST_NODES) -> tuple[int | None, ...]:
    """The nodes of ∂result/∂input for each input; None where `result` does not depend on it.

    Errors: `TooLarge` when the derivatives of a very large model would take more than `most` nodes.
    """
    active = _active(graph, result)
    adjoints = {result: graph.constant(1.0)}
    for node in sorted(active, reverse=True):
        if graph.nodes[node].operation != "input":
            if len(graph.nodes) > most:
                raise TooLarge(_LARGE.put(most=most), "measurand")
            _pass_on(graph, node, adjoints, active)
    graph.step = -1
    inputs = {
        graph.nodes[node].operands[0]: adjoints[node] for node in active if graph.nodes[node].operation == "input"
    }
    return tuple(inputs.get(slot) for slot in range(graph.inputs))


def _active(graph: Graph, result: int) -> set[int]:
    """The nodes between the inputs and `result`."""
    needed = reachable(graph, (result,))
    active: set[int] = set()
    for node in needed:
        found = graph.nodes[node]
        if found.operation == "input" or any(operand in active for operand in found.operands):
            active.add(node)
    return active


def reachable(graph: Graph, results: Sequence[int]) -> list[int]:
    """The nodes that `results` need, in order."""
    seen: set[int] = set()
    waiting = list(results)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            found = graph.nodes[node]
            waiting.extend(() if found.operation == "input" else found.operands)
    return sorted(seen)


def _pass_on(graph: Graph, node: int, adjoints: dict[int, int], active: set[int]) -> None:
    """Adds this node's share to the adjoints of its operands."""
    graph.step = graph.steps[node]
    found = graph.nodes[node]
    for position, operand in enumerate(found.operands):
        if operand not in active:
            continue
        share = _share(graph, node, position, adjoints[node])
        earlier = adjoints.get(operand)
        adjoints[operand] = share if earlier is None else graph.apply("add", earlier, share)


def _share(graph: Graph, node: int, position: int, adjoint: int) -> int:
    """adjoint × ∂node/∂operand; sums only pass it on, and a division by b is one division, not a product with 1/b."""
    found = graph.nodes[node]
    if found.operation in ("add", "sub"):
        return adjoint if found.operation == "add" or position == 0 else graph.apply("neg", adjoint)
    if found.operation == "div" and position == 0:
        return graph.apply("div", adjoint, found.operands[1])
    return graph.apply("mul", adjoint, PARTIALS[found.operation][position](graph, found.operands, node))


def second_order(graph: Graph, result: int) -> tuple[tuple[int | None, ...], ...]:
    """What the second-order terms of GUM 5.1.2 (note) need, as rows of nodes: f_i, then f_ij by i, then f_ijj by i."""
    first = gradient(graph, result)
    second = _gradients(graph, first)
    columns = _gradients(graph, [second[slot][slot] for slot in range(graph.inputs)])
    third = tuple(tuple(columns[j][i] for j in range(graph.inputs)) for i in range(graph.inputs))
    return (first, *second, *third)


def hessian_diagonal(graph: Graph, result: int) -> tuple[int | None, ...]:
    """The nodes of f_ii."""
    second = _gradients(graph, gradient(graph, result))
    return tuple(row[slot] for slot, row in enumerate(second))


def _gradients(graph: Graph, nodes: Sequence[int | None]) -> tuple[tuple[int | None, ...], ...]:
    """The gradient of each of `nodes`, once for those that are one node."""
    none: tuple[int | None, ...] = (None,) * graph.inputs
    known = {node: gradient(graph, node) for node in dict.fromkeys(nodes) if node is not None}
    return tuple(none if node is None else known[node] for node in nodes)
