"""`Model`: what the rest of the kernel sees of an equation (GUM 4.1.1–4.1.2: Y = f(X1 … XN))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from chuan.metrology.model import failures
from chuan.metrology.model.derivatives import MOST_FIRST, TooLarge, gradient, hessian_diagonal, second_order
from chuan.metrology.model.dimensions import check_units
from chuan.metrology.model.graph import Graph, lower
from chuan.metrology.model.parsing import read_model
from chuan.metrology.model.scalar import Compute, Row, rows_function
from chuan.metrology.model.tape import Origin, Tape
from chuan.metrology.model.writing import Form, write
from chuan.metrology.units import Unit
from chuan.metrology.words import Language, Refused

if TYPE_CHECKING:
    from chuan.metrology.model.vector import Column, ColumnsCode

Nodes = tuple[int | None, ...]


@dataclass(frozen=True)
class SecondOrder:
    """f_i, f_ij and f_ijj of one output at a point; `third[i][j]` is f_ijj."""

    first: Row
    second: tuple[Row, ...]
    third: tuple[Row, ...]


class Divisor(NamedTuple):
    """What is divided by: its text, the place of the quotient, and the numbers of the measurands that depend on it."""

    text: str
    place: str
    outputs: tuple[int, ...]


class Part(NamedTuple):
    """A measurand alone: its model, and the places of the model's inputs among those of the whole."""

    model: "Model"
    places: tuple[int, ...]


@dataclass(frozen=True)
class Model:
    """One or more measurands as functions of named inputs, from checked text.

    Only the tape is data; code and derivatives are made from it when first needed, and again after copying or
    unpickling.
    """

    tape: Tape

    @classmethod
    def from_equations(cls, equations: Sequence[tuple[str, str]], inputs: Sequence[str]) -> "Model":
        """The model of (symbol, text) pairs in order; a later equation may use earlier symbols.

        Errors: `Refused` at "measurand[i].equation:column" (columns from 1), "measurand[i].symbol" or
        "input[j].symbol".
        """
        tape = read_model(equations, inputs)
        failures.check_constants(tape)
        return cls(tape)

    def __getstate__(self) -> dict[str, Tape]:
        return {"tape": self.tape}

    @property
    def inputs(self) -> tuple[str, ...]:
        """Symbols of the inputs as declared, in the order of every `x`."""
        return self.tape.inputs

    @property
    def outputs(self) -> tuple[str, ...]:
        """Symbols of the measurands as declared, in the order of every result."""
        return self.tape.outputs

    @cached_property
    def used(self) -> tuple[str, ...]:
        """The inputs that some measurand depends on."""
        return self.tape.used()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the tape's canonical text: the identity, whatever the spelling or the release of Python."""
        return self.tape.sha256()

    @cached_property
    def _lowered(self) -> tuple[Graph, tuple[int, ...]]:
        return lower(self.tape)

    @cached_property
    def _gradients(self) -> tuple[Graph, tuple[Nodes, ...]]:
        graph, results = lower(self.tape)
        return graph, (results, *(gradient(graph, result, MOST_FIRST) for result in results))

    @cached_property
    def _compute(self) -> Compute:
        graph, results = self._lowered
        return rows_function(graph, (results,))

    @cached_property
    def _compute_gradient(self) -> Compute:
        graph, rows = self._gradients
        return rows_function(graph, rows)

    def values(self, x: Sequence[float]) -> Row:
        """The measurands' values at `x` (floats, in the order of `inputs`).

        Errors: `Refused` naming the operation and the equation where one has no finite value.
        """
        try:
            return self._compute(x)[0]
        except (ArithmeticError, ValueError):
            graph, results = self._lowered
            raise self._explained(graph, (results,), x) from None

    def value_and_gradient(self, x: Sequence[float]) -> tuple[Row, tuple[Row, ...]]:
        """The values, and for each measurand its sensitivity coefficients c_i = ∂f/∂x_i (GUM 5.1.3).

        Errors: as `values`, also where a derivative is not finite, such as that of a square root at zero.
        """
        try:
            rows = self._compute_gradient(x)
        except (ArithmeticError, ValueError):
            raise self._explained(*self._gradients, x) from None
        return rows[0], rows[1:]

    @cached_property
    def parts(self) -> "tuple[Part, ...]":
        """Each measurand as a model of its own, of the inputs that it depends on."""
        if len(self.tape.outputs) == 1 and self.used == self.tape.inputs:
            return (Part(self, tuple(range(len(self.tape.inputs)))),)
        return tuple(Part(Model(tape), places) for tape, places in map(self.tape.part, range(len(self.tape.outputs))))

    @cached_property
    def _second(self) -> "tuple[Graph, tuple[Nodes, ...], Compute] | TooLarge":
        """Of a model of one measurand; why there is none, where it is too large."""
        graph, (result,) = lower(self.tape)
        try:
            rows: tuple[Nodes, ...] = ((result,), *second_order(graph, result))
        except TooLarge as refused:
            return refused
        return graph, rows, rows_function(graph, rows)

    def gives_second_order(self, output: int) -> bool:
        """Whether a measurand's model is small enough for third derivatives."""
        return not isinstance(self.parts[output].model._second, TooLarge)

    def second_order(self, x: Sequence[float], output: int) -> SecondOrder:
        """Of one measurand the derivatives that the second-order terms need (GUM 5.1.2, note), exact.

        They are those to the inputs of its `parts`, in their order; it depends on no others.
        Errors: as `value_and_gradient`; also `Refused` where the measurand's model is too large for third derivatives;
        such a result is "not computed", not wrong.
        """
        if len(x) != len(self.inputs):
            raise failures.wrong_count(self.tape, len(x))
        part, places = self.parts[output]
        found = part._second
        if isinstance(found, TooLarge):
            raise found
        graph, nodes, compute = found
        own = [x[place] for place in places]
        try:
            rows = compute(own)
        except (ArithmeticError, ValueError):
            raise part._explained(graph, nodes, own) from None
        count = len(places)
        return SecondOrder(rows[1], rows[2 : 2 + count], rows[2 + count :])

    @cached_property
    def _diagonals(self) -> tuple[Graph, tuple[Nodes, ...]]:
        graph, results = lower(self.tape)
        return graph, (results, *(hessian_diagonal(graph, result) for result in results))

    @cached_property
    def _compute_diagonals(self) -> Compute:
        return rows_function(*self._diagonals)

    def hessian_diagonal(self, x: Sequence[float]) -> tuple[Row, ...]:
        """For each measurand its f_ii at `x`; errors as `second_order`."""
        try:
            return self._compute_diagonals(x)[1:]
        except (ArithmeticError, ValueError):
            raise self._explained(*self._diagonals, x) from None

    def _explained(self, graph: Graph, rows: Sequence[Nodes], x: Sequence[float]) -> Refused:
        nodes = [node for row in rows for node in row if node is not None]
        return failures.explain(self.tape, graph, nodes, x)

    def failure_of(self, output: int, x: Sequence[float]) -> failures.Failure | None:
        """Why the measurand number `output` has no finite value at `x`; None where it has one."""
        return failures.failure_of(self.tape, output, x)

    @cached_property
    def divisors(self) -> tuple[Divisor, ...]:
        """What the equations divide by and is not a number alone."""
        behind = [self.tape.behind(result) for result in self.tape.results]
        parts = self._divisor_model
        return tuple(
            Divisor(
                parts.write("plain", name).removeprefix(f"{name} = "),
                origin.place,
                tuple(i for i, slots in enumerate(behind) if slot in slots),
            )
            for name, slot, origin in zip(parts.outputs, parts.tape.results, self._divisor_origins, strict=True)
        )

    @cached_property
    def _divisor_origins(self) -> tuple[Origin, ...]:
        return tuple(origin for _, origin in self.tape.divisors())

    @cached_property
    def _divisor_model(self) -> "Model":
        """The same steps with the divisors as results."""
        results = tuple(slot for slot, _ in self.tape.divisors())
        names = tuple(f"d{number}" for number in range(len(results)))
        return Model(replace(self.tape, outputs=names, results=results))

    def vector_divisors(self, columns: "Sequence[Column | float]") -> "tuple[Column, ...]":
        """The columns of `divisors`, as `vector` gives those of the measurands."""
        return self._divisor_model.vector(columns)

    def check_units(
        self, units: Mapping[str, Unit | None], measurand_units: Mapping[str, Unit | None]
    ) -> tuple[bool, ...]:
        """For each measurand whether its units were checked: they are where all its inputs have one (`dimensions`).

        Keys are symbols as in `inputs` and `outputs`; missing and None are "not given". Only the units are looked at,
        not the values: nothing is converted.
        Errors: `Refused` naming both units, at the place in the equation or at "measurand[i].unit".
        """
        return check_units(self.tape, units, measurand_units)

    def write(self, form: Form, output: str, language: Language = "vi") -> str:
        """The equation of a measurand as "plain" text, "mathml" or "typst"; decimal commas in Vietnamese formulas.

        Plain text keeps the decimal point and reads back to the same tape.
        Errors: `ValueError` for a symbol that is not among `outputs`.
        """
        return write(self.tape, form, output, language)

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
