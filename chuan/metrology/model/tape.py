"""A model as an immutable single-assignment tape, and its identity.

Slots 0 … n−1 are the inputs; step k fills slot n + k from earlier slots. Nothing of the author's text is left but the
symbols. Equal expressions fill one slot; nothing is folded or reordered, so a tape can be written out as it was meant.
"""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from chuan.metrology.model import symbols

#: What is done in a step; functions are named as in equations.
BINARY = ("add", "sub", "mul", "div", "pow", "hypot")

FORMAT = "chuan tape 1"


class Step(NamedTuple):
    """One operation on earlier slots; `number` is the value of a "constant"."""

    operation: str
    operands: tuple[int, ...] = ()
    number: float = 0.0


class Origin(NamedTuple):
    """Where a step first stood: the equation's index and the column, from 1."""

    equation: int
    column: int

    @property
    def place(self) -> str:
        """As refusals name it."""
        return f"measurand[{self.equation}].equation:{self.column}"


@dataclass(frozen=True, slots=True)
class Tape:
    """Inputs and outputs by symbol, the steps between them, and the slot that each output reads."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    steps: tuple[Step, ...]
    results: tuple[int, ...]
    origins: tuple[Origin, ...] = field(compare=False)

    def used(self) -> tuple[str, ...]:
        """The inputs that some output depends on, in their order."""
        count = len(self.inputs)
        read = {slot for step in self.steps for slot in step.operands} | set(self.results)
        return tuple(self.inputs[slot] for slot in range(count) if slot in read)

    def behind(self, slot: int) -> set[int]:
        """The slots that a slot depends on, itself among them."""
        found, waiting = {slot}, [slot]
        while waiting:
            number = waiting.pop() - len(self.inputs)
            fresh = set(self.steps[number].operands) - found if number >= 0 else set()
            found |= fresh
            waiting += fresh
        return found

    def part(self, output: int) -> tuple["Tape", tuple[int, ...]]:
        """One measurand alone, of the inputs that it depends on, and their places among the inputs.

        Its steps keep their order; `origins` tell where they stood.
        """
        count = len(self.inputs)
        behind = sorted(self.behind(self.results[output]))
        places = {slot: place for place, slot in enumerate(behind)}
        numbers = [slot - count for slot in behind if slot >= count]
        inputs = tuple(slot for slot in behind if slot < count)
        steps = tuple(
            step._replace(operands=tuple(places[slot] for slot in step.operands))
            for step in (self.steps[number] for number in numbers)
        )
        tape = Tape(
            inputs=tuple(self.inputs[slot] for slot in inputs),
            outputs=(self.outputs[output],),
            steps=steps,
            results=(places[self.results[output]],),
            origins=tuple(self.origins[number] for number in numbers),
        )
        return tape, inputs

    def divisors(self) -> tuple[tuple[int, Origin], ...]:
        """Slots with an input behind them that something is divided by, x in a/x and x^-2 alike, and where."""
        count = len(self.inputs)
        found: dict[int, Origin] = {}
        for number, step in enumerate(self.steps):
            if step.operation == "div":
                found.setdefault(step.operands[1], self.origins[number])
            elif step.operation == "pow" and self._is_negative(step.operands[1] - count):
                found.setdefault(step.operands[0], self.origins[number])
        varying = {slot for slot in found if any(one < count for one in self.behind(slot))}
        return tuple((slot, origin) for slot, origin in found.items() if slot in varying)

    def _is_negative(self, number: int) -> bool:
        """Whether a step is a number with a minus sign."""
        step = self.steps[number] if number >= 0 else Step("input")
        return step.operation == "neg" and self._is_constant(step.operands[0] - len(self.inputs))

    def _is_constant(self, number: int) -> bool:
        return number >= 0 and self.steps[number].operation == "constant"

    def canonical(self) -> str:
        """The text whose SHA-256 is the model's identity.

        Inputs are named by `symbols.identity` and steps are numbered, so spaces, the spelling of operators, redundant
        parentheses, the order in which inputs are declared and the release of Python leave it unchanged. The order
        of terms and factors is part of it.
        """
        count = len(self.inputs)
        names = [symbols.identity(symbol) for symbol in self.inputs]
        names += [f"%{number}" for number in range(len(self.steps))]
        lines = [FORMAT]
        for number, step in enumerate(self.steps):
            operands = [step.number.hex()] if step.operation == "constant" else [names[slot] for slot in step.operands]
            lines.append(" ".join([names[count + number], step.operation, *operands]))
        lines += [
            f"output {symbols.identity(symbol)} {names[slot]}"
            for symbol, slot in zip(self.outputs, self.results, strict=True)
        ]
        return "\n".join(lines) + "\n"

    def sha256(self) -> str:
        """The identity in hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


class TapeWriter:
    """Collects the steps of a tape; an operation on the same slots is written once."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.steps: list[Step] = []
        self.origins: list[Origin] = []
        self._slots: dict[tuple[str, tuple[int, ...], str], int] = {}

    def put(self, operation: str, operands: tuple[int, ...], origin: Origin, number: float = 0.0) -> int:
        """The slot of this operation; a + b and b + a are one, as their values are."""
        ordered = tuple(sorted(operands)) if operation in ("add", "mul") else operands
        key = (operation, ordered, number.hex())
        if key not in self._slots:
            self._slots[key] = self.inputs + len(self.steps)
            self.steps.append(Step(operation, operands, number))
            self.origins.append(origin)
        return self._slots[key]
