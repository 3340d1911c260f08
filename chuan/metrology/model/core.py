"""`Model`: what the rest of the kernel sees of an equation (GUM 4.1.1–4.1.2: Y = f(X1 … XN))."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from chuan.metrology.model import failures
from chuan.metrology.model.derivatives import gradient
from chuan.metrology.model.graph import Graph, lower
from chuan.metrology.model.parsing import read_model
from chuan.metrology.model.scalar import Row, compile_rows
from chuan.metrology.model.tape import Tape

if TYPE_CHECKING:
    from chuan.metrology.model.vector import Column, ColumnsCode

Nodes = tuple[int | None, ...]


@dataclass(frozen=True)
class SecondOrder:
    """f_i, f_ij and f_ijj of one output at a point; `third[i][j]` is f_ijj."""

    first: Row
    second: tuple[Row, ...]
    third: tuple[Row, ...]


@dataclass(frozen=True)
class Model:
    """One or more measurands as functions of named inputs, from checked text.

    Only the tape is data; code and derivatives are made from it when first needed, and again after copying or unpickling.
    """

    tape: Tape

    @classmethod
    def from_equations(cls, equations: Sequence[tuple[str, str]], inputs: Sequence[str]) -> "Model":
        """The model of (symbol, text) pairs in order; a later equation may use earlier symbols.

        Errors: `Refused` at "measurand[i].equation:column" (columns from 1), "measurand[i].symbol" or "input[j].symbol".
        """
        tape = read_model(equations, inputs)
        failures.check_constants(tape)
        return cls(tape)

    def __getstate__(self) -> dict[str, Tape]:
        return {"tape": self.tape}

    @property
    def inputs(self) -> tuple[str, ...]:
        """Symbols of the inputs in the order of every `x`."""
        return self.tape.inputs

    @property
    def outputs(self) -> tuple[str, ...]:
        """Symbols of the measurands in the order of every result."""
        return self.tape.outputs

    @cached_property
    def used(self) -> tuple[str, ...]:
        """The inputs that some measurand depends on."""
        return self.tape.used()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the tape's canonical text: the model's identity, whatever its spelling or the release of Python."""
        return self.tape.sha256()

    @cached_property
    def _lowered(self) -> tuple[Graph, tuple[int, ...]]:
        return lower(self.tape)

    @cached_property
    def _gradients(self) -> tuple[Graph, tuple[tuple[int | None, ...], ...]]:
        graph, results = lower(self.tape)
        return graph, (results, *(gradient(graph, result) for result in results))

    @cached_property
    def _compute(self) -> Callable[[Sequence[float]], tuple[Row, ...]]:
        graph, results = self._lowered
        return compile_rows(graph, (results,))

    @cached_property
    def _compute_gradient(self) -> Callable[[Sequence[float]], tuple[Row, ...]]:
        graph, rows = self._gradients
        return compile_rows(graph, rows)

    def values(self, x: Sequence[float]) -> Row:
        """The measurands' values at `x` (floats, in the order of `inputs`).

        Errors: `Refused` naming the operation and the equation where one has no finite value.
        """
        try:
            return self._compute(x)[0]
        except (ArithmeticError, ValueError):
            graph, results = self._lowered
            raise failures.explain(self.tape, graph, results, x) from None

    def value_and_gradient(self, x: Sequence[float]) -> tuple[Row, tuple[Row, ...]]:
        """The values, and for each measurand its sensitivity coefficients c_i = ∂f/∂x_i (GUM 5.1.3).

        Errors: as `values`, also where a derivative is not finite, such as that of a square root at zero.
        """
        try:
            values, *gradients = self._compute_gradient(x)
        except (ArithmeticError, ValueError):
            graph, rows = self._gradients
            nodes = [node for row in rows for node in row if node is not None]
            raise failures.explain(self.tape, graph, nodes, x) from None
        return values, tuple(gradients)

    def vector(self, columns: "Sequence[Column | float]") -> "tuple[Column, ...]":
        """Each measurand's column, from one column per input; columns of one length n, or single numbers.

        Rows at which an operation fails hold infinities or NaN: nothing is refused, so that draws can be counted out
        (JCGM 101 7.5). The answer's columns may be read-only views.
        """
        graph, results = self._lowered
        return self._columns("values", graph, (results,), columns)[0]

    def vector_value_and_gradient(
        self, columns: "Sequence[Column | float]"
    ) -> "tuple[tuple[Column, ...], tuple[tuple[Column, ...], ...]]":
        """As `value_and_gradient` for many points at once; failures as in `vector`."""
        graph, rows = self._gradients
        values, *gradients = self._columns("gradient", graph, rows, columns)
        return values, tuple(gradients)

    @cached_property
    def _columns_code(self) -> "dict[tuple[str, frozenset[int]], ColumnsCode]":
        return {}

    def _columns(
        self, what: str, graph: Graph, rows: Sequence[Nodes], columns: "Sequence[Column | float]"
    ) -> "list[tuple[Column, ...]]":
        from chuan.metrology.model import vector  # noqa: PLC0415 - brings numpy, which the GUM alone does not need

        if len(columns) != len(self.inputs):
            raise failures.wrong_count(self.tape, len(columns))
        given, arrays = vector.as_columns(columns)
        key = (what, arrays)
        if key not in self._columns_code:
            wanted = [node for row in rows for node in row if node is not None]
            self._columns_code[key] = vector.compile_columns(graph, wanted, arrays)
        return vector.evaluate(self._columns_code[key], graph, rows, given)
