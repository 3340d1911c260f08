"""numpy code for many evaluations, made from the graph alone; operations write into buffers that stay in the cache.

Columns are worked through in blocks; a temporary's buffer is used again as soon as its last reader is done. What
depends only on inputs given as single numbers is computed as single numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.model.derivatives import reachable
from chuan.metrology.model.graph import Graph

Column = NDArray[np.float64]
_Row = Sequence[int | None]

BLOCK = 8192
"""Rows per block: a buffer of 64 KiB, so that those of a usual model stay in a core's second-level cache."""

_NAMES = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "div": "divide",
    "neg": "negative",
    "pow": "power",
    "ln": "log",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "abs": "absolute",
}
_OWN = ("exp", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "hypot")
_SPACE: dict[str, object] = {name: getattr(np, name) for name in (*_NAMES.values(), *_OWN)} | {"__builtins__": {}}


@dataclass(frozen=True)
class ColumnsCode:
    """Compiled code, and where each wanted node's numbers end up: a row of the answer, or a single number."""

    compute: Callable[[Sequence[object], Sequence[Column], Sequence[Column]], tuple[float, ...]]
    rows: dict[int, int]
    singles: dict[int, int]
    spares: int


def compile_columns(graph: Graph, wanted: Sequence[int], arrays: frozenset[int]) -> ColumnsCode:
    """Code for the `wanted` nodes where the inputs in `arrays` are columns and all others single numbers."""
    writer = _Writer(graph, sorted(set(wanted)), arrays)
    writer.run()
    source = "def compute(x, out, spare):\n" + "".join(f"    {line}\n" for line in writer.lines)
    space: dict[str, Any] = dict(_SPACE)
    exec(compile(source, "<model>", "exec"), space)  # noqa: S102 - our own text, made from numbered slots
    compute: Callable[[Sequence[object], Sequence[Column], Sequence[Column]], tuple[float, ...]]
    compute = space["compute"]
    return ColumnsCode(compute, writer.rows, writer.singles, writer.spares)


@dataclass
class _Writer:
    graph: Graph
    wanted: Sequence[int]
    arrays: frozenset[int]
    lines: list[str] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    is_column: dict[int, bool] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    singles: dict[int, int] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)
    spares: int = 0

    def run(self) -> None:
        order = reachable(self.graph, self.wanted)
        last = {operand: node for node in order for operand in self._operands(node)}
        body: list[str] = []
        for node in order:
            self._place(node, body, last)
        self.singles = {
            node: number for number, node in enumerate(one for one in self.wanted if not self.is_column[one])
        }
        for name, letter, count in (
            ("x", "v", self.graph.inputs),
            ("out", "o", len(self.rows)),
            ("spare", "s", self.spares),
        ):
            if count:
                self.lines.append(f"{''.join(f'{letter}{number},' for number in range(count))} = {name}")
        self.lines += body
        self.lines.append(f"return ({''.join(self.texts[node] + ',' for node in self.singles)})")

    def _operands(self, node: int) -> Sequence[int]:
        found = self.graph.nodes[node]
        return () if found.operation == "input" else found.operands

    def _place(self, node: int, body: list[str], last: dict[int, int]) -> None:
        found = self.graph.nodes[node]
        self.is_column[node] = any(self.is_column[operand] for operand in self._operands(node))
        if found.operation == "input":
            self.texts[node] = f"v{found.operands[0]}"
            self.is_column[node] = found.operands[0] in self.arrays
        elif found.operation == "constant":
            self.texts[node] = repr(found.number)
        else:
            call = (
                f"{_NAMES.get(found.operation, found.operation)}({','.join(self.texts[one] for one in found.operands)}"
            )
            self._release(node, last)
            self.texts[node] = self._target(node)
            body.append(f"{call},{self.texts[node]})" if self.is_column[node] else f"{self.texts[node]} = {call})")

    def _release(self, node: int, last: dict[int, int]) -> None:
        """Gives back the spare buffers that this operation is the last to read; it may write where it reads."""
        for operand in set(self.graph.nodes[node].operands):
            if last[operand] == node and self.texts[operand].startswith("s"):
                self.free.append(self.texts[operand])

    def _target(self, node: int) -> str:
        if not self.is_column[node]:
            return f"n{node}"
        if node in self.wanted:
            self.rows[node] = len(self.rows)
            return f"o{self.rows[node]}"
        if self.free:
            return self.free.pop()
        self.spares += 1
        return f"s{self.spares - 1}"


def as_columns(columns: Sequence[object]) -> tuple[list[Column | float], frozenset[int]]:
    """The columns as arrays of doubles or floats, and which of them are arrays."""
    given: list[Column | float] = []
    for column in columns:
        array = np.asarray(column, dtype=np.float64)
        given.append(array if array.ndim else float(array))
    return given, frozenset(index for index, column in enumerate(given) if isinstance(column, np.ndarray))


def evaluate(
    code: ColumnsCode, graph: Graph, rows: Sequence[_Row], columns: Sequence[Column | float]
) -> list[tuple[Column, ...]]:
    """The columns of each of `rows`; None is zero. Where an operation fails the numbers are infinite or not numbers.

    Columns that equal an input or one number throughout are read-only views, which take no memory.
    """
    sizes = {column.shape for column in columns if isinstance(column, np.ndarray)}
    if len(sizes) > 1 or any(len(shape) != 1 for shape in sizes):
        raise ValueError(f"columns must have one dimension and one length, found {sorted(sizes)}")
    shape = next(iter(sizes), ())
    count = shape[0] if shape else 1
    answer = np.empty((len(code.rows), count))
    spare = np.empty((code.spares, min(count, BLOCK)))
    singles: tuple[float, ...] = ()
    with np.errstate(all="ignore"):
        for start in range(0, max(count, 1), BLOCK):
            end = min(start + BLOCK, count)
            block = [column[start:end] if isinstance(column, np.ndarray) else column for column in columns]
            singles = code.compute(block, list(answer[:, start:end]), list(spare[:, : end - start]))

    def column_of(node: int | None) -> Column:
        if node in code.rows:
            row: Column = answer[code.rows[node]]
            return row
        number = 0.0 if node is None else singles[code.singles[node]] if node in code.singles else None
        if number is not None:
            return np.broadcast_to(np.float64(number), shape)
        given = np.asarray(columns[graph.nodes[node or 0].operands[0]], dtype=np.float64)
        return np.broadcast_to(given, shape)

    return [tuple(column_of(node) for node in row) for row in rows]
