"""Implicit models f(y, x) = 0: the measurands by Newton's method, their sensitivities by the implicit function theorem.

JCGM 102 6.3: with C_y = ∂f/∂y and C_x = ∂f/∂x, ∂y/∂x = −C_y⁻¹·C_x.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from chuan.metrology.inputs.matrices import solve
from chuan.metrology.model import Model, SecondOrder
from chuan.metrology.model.core import Divisor
from chuan.metrology.model.failures import Failure
from chuan.metrology.model.tape import Tape
from chuan.metrology.model.writing import Form, write
from chuan.metrology.units import Unit
from chuan.metrology.words import Language, Refused, Text

if TYPE_CHECKING:
    from chuan.metrology.model.vector import Column

_STEPS = 100
_HALVINGS = 40

_COUNT = Text("{equations} phương trình cho {unknowns} ẩn", "{equations} equations for {unknowns} unknowns")
_SINGULAR = Text("đạo hàm theo {unknowns} bằng 0 tại {at}", "the derivative to {unknowns} is 0 at {at}")
_DIVERGED = Text("không tìm được nghiệm sau {steps} bước từ {start}", "no solution found in {steps} steps from {start}")
_NO_SECOND = Text("mô hình ẩn chưa có đạo hàm bậc hai", "an implicit model has no second-order terms")


@dataclass(frozen=True)
class ImplicitModel(Model):
    """A model whose measurands solve f(y, x) = 0; used wherever a `Model` is.

    `tape` is that of f, whose inputs are the unknowns and the true inputs; `start` gives each unknown a first guess.
    Of several solutions that near `start` is found.
    """

    start: tuple[tuple[str, float], ...] = ()

    @classmethod
    def from_implicit(
        cls, equations: Sequence[str], start: Mapping[str, float], inputs: Sequence[str]
    ) -> "ImplicitModel":
        """The model of texts f_k that are zero, as many as `start` names unknowns; errors as `Model.from_equations`."""
        if len(equations) != len(start):
            raise Refused(_COUNT.put(equations=len(equations), unknowns=len(start)), "measurand")
        names = [f"residual_{k}" for k in range(len(equations))]
        of_f = Model.from_equations(list(zip(names, equations, strict=True)), [*start, *inputs])
        return cls(of_f.tape, tuple(start.items()))

    def __reduce__(self) -> tuple[type["ImplicitModel"], tuple[Tape, tuple[tuple[str, float], ...]]]:
        return type(self), (self.tape, self.start)

    @cached_property
    def residual(self) -> Model:
        """f as an explicit model of unknowns and inputs."""
        return Model(self.tape)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The true inputs x."""
        return self.tape.inputs[len(self.start) :]

    @property
    def outputs(self) -> tuple[str, ...]:
        """The unknowns y."""
        return tuple(symbol for symbol, _ in self.start)

    @cached_property
    def used(self) -> tuple[str, ...]:
        """The true inputs that some equation reads."""
        return tuple(symbol for symbol in self.residual.used if symbol not in self.outputs)

    def values(self, x: Sequence[float]) -> tuple[float, ...]:
        """The solution y at x, to the last digits (Newton with halved steps); refused where none is found."""
        y = [value for _, value in self.start]
        for _ in range(_STEPS):
            f, gradients = self.residual.value_and_gradient([*y, *x])
            if not any(f):
                return tuple(y)
            step = self._newton(f, gradients, y)
            settled = all(abs(d) <= 4e-16 * abs(v) for d, v in zip(step, y, strict=True))
            moved = self._descend(y, x, step, _norm(f))
            if settled or moved is None or moved == y:
                return self._accept(y, step)
            y = moved
        raise self._diverged()

    def _newton(self, f: Sequence[float], gradients: Sequence[Sequence[float]], y: Sequence[float]) -> list[float]:
        n = len(self.start)
        try:
            return [row[0] for row in solve([row[:n] for row in gradients], [[-value] for value in f])]
        except ZeroDivisionError:
            at = ", ".join(f"{value:g}" for value in y)
            raise Refused(_SINGULAR.put(unknowns=", ".join(self.outputs), at=at), "measurand") from None

    def _descend(self, y: list[float], x: Sequence[float], step: list[float], size: float) -> list[float] | None:
        """The largest halved step that brings f nearer to zero; None where rounding lets none do so."""
        for halving in range(_HALVINGS):
            tried = [v + d * 0.5**halving for v, d in zip(y, step, strict=True)]
            try:
                if _norm(self.residual.values([*tried, *x])) < size:
                    return tried
            except Refused:
                continue
        return None

    def _accept(self, y: list[float], step: list[float]) -> tuple[float, ...]:
        """y where Newton's step is down to rounding; else the search is stuck away from a solution."""
        if all(abs(d) <= 1e-9 * max(abs(v), 1e-300) or not d for d, v in zip(step, y, strict=True)):
            return tuple(y)
        raise self._diverged()

    def _diverged(self) -> Refused:
        start = ", ".join(f"{symbol} = {value:g}" for symbol, value in self.start)
        return Refused(_DIVERGED.put(steps=_STEPS, start=start), "measurand")

    def value_and_gradient(self, x: Sequence[float]) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
        """y and −C_y⁻¹·C_x."""
        y = self.values(x)
        n = len(y)
        _, gradients = self.residual.value_and_gradient([*y, *x])
        try:
            found = solve([row[:n] for row in gradients], [[-c for c in row[n:]] for row in gradients])
        except ZeroDivisionError:
            at = ", ".join(f"{value:g}" for value in y)
            raise Refused(_SINGULAR.put(unknowns=", ".join(self.outputs), at=at), "measurand") from None
        return y, tuple(map(tuple, found))

    def gives_second_order(self, output: int) -> bool:
        """Never: second-order terms of implicit models are not computed."""
        return False

    def second_order(self, x: Sequence[float], output: int) -> SecondOrder:
        """Refused: second-order terms of implicit models are not computed."""
        raise Refused(_NO_SECOND, "measurand")

    def vector(self, columns: "Sequence[Column | float]") -> "tuple[Column, ...]":
        """y of each row, by Newton on all rows at once from the solution at the columns' means; NaN where it fails."""
        import numpy as np  # noqa: PLC0415 - the GUM alone does not need it

        given = np.broadcast_arrays(*(np.asarray(column, dtype=float) for column in columns))
        n = len(self.start)
        centre = self.values([float(np.mean(column)) for column in given])
        y = np.array([np.full(given[0].shape, value) for value in centre])
        step = np.full_like(y, math.inf)
        with np.errstate(all="ignore"):
            for _ in range(_STEPS):
                f, gradients = self.residual.vector_value_and_gradient([*y, *given])
                jacobian = np.array([[np.broadcast_to(c, given[0].shape) for c in row[:n]] for row in gradients])
                step = _solve_rows(jacobian, np.array(f))
                y -= step
                if not np.any(np.abs(step) > 1e-14 * np.abs(y)):
                    break
            y[:, np.any(np.abs(step) > 1e-9 * np.abs(y), axis=0)] = np.nan
        return tuple(y)

    def vector_value_and_gradient(
        self, columns: "Sequence[Column | float]"
    ) -> "tuple[tuple[Column, ...], tuple[tuple[Column, ...], ...]]":
        """As `value_and_gradient` for many points at once; NaN where there is no solution."""
        import numpy as np  # noqa: PLC0415 - the GUM alone does not need it

        y = self.vector(columns)
        n = len(y)
        with np.errstate(all="ignore"):
            _, rows = self.residual.vector_value_and_gradient([*y, *columns])
            wide = [[np.broadcast_to(c, y[0].shape) for c in row] for row in rows]
            jacobian = np.array([row[:n] for row in wide])
            by_input = [_solve_rows(jacobian, np.array([-row[n + i] for row in wide])) for i in range(len(self.inputs))]
        return y, tuple(tuple(moved[k] for moved in by_input) for k in range(n))

    @cached_property
    def hash(self) -> str:
        """Identity of f and of where its solution is looked for."""
        return hashlib.sha256(f"implicit {self.tape.sha256()} {self.start!r}".encode()).hexdigest()

    def write(self, form: Form, output: str, language: Language = "vi") -> str:
        """The equation that stands in the place of an unknown, 0 = f(y, x); errors as `Model.write`."""
        residual = self.tape.outputs[self.outputs.index(output)]
        return write(self.tape, form, residual, language, zero=True)

    def check_units(
        self, units: Mapping[str, Unit | None], measurand_units: Mapping[str, Unit | None]
    ) -> tuple[bool, ...]:
        """For each equation whether its units were checked, those of the unknowns among them; errors as in `Model`."""
        return self.residual.check_units({**units, **measurand_units}, {})

    @cached_property
    def divisors(self) -> tuple[Divisor, ...]:
        """What the equations divide by; every unknown depends on each."""
        everyone = tuple(range(len(self.start)))
        return tuple(divisor._replace(outputs=everyone) for divisor in self.residual.divisors)

    def vector_divisors(self, columns: "Sequence[Column | float]") -> "tuple[Column, ...]":
        """The columns of `divisors` at the solutions."""
        return self.residual.vector_divisors([*self.vector(columns), *columns])

    def failure_of(self, output: int, x: Sequence[float]) -> Failure | None:
        """Nothing that one operation did: a solution was not found."""
        return None


def _solve_rows(jacobian: "Column", f: "Column") -> "Column":
    """J⁻¹·f for each row; NaN where J is singular."""
    import numpy as np  # noqa: PLC0415 - the GUM alone does not need it

    if len(f) == 1:
        solved: Column = f / jacobian[0]
        return solved
    j = np.moveaxis(jacobian, -1, 0)
    possible = np.abs(np.linalg.det(j)) > 0
    found = np.full(f.shape, np.nan)
    if possible.any():
        found[:, possible] = np.linalg.solve(j[possible], f.T[possible][..., None])[..., 0].T
    return found


def _norm(f: Sequence[float]) -> float:
    return math.hypot(*f)
