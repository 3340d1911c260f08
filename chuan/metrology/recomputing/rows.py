"""A stored result as one flat row of leaves, so that alike results become columns: what is a word, what a number.

Two results are alike where their tables have the same keys in the same order; the rest is their leaves. Nothing is
judged here: what has another form than the contract's is None, and is computed by itself (`alone`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

Key = tuple[Any, ...]
Tables = Sequence[Mapping[str, Any]]

#: The numbers of a measurand and of a budget line that are compared; "interval" follows with its two ends.
NUMBERS = (
    "estimate",
    "standard_uncertainty",
    "effective_dof",
    "dof_used",
    "coverage_probability",
    "coverage_factor",
    "expanded_uncertainty",
)
LINE_NUMBERS = ("value", "standard_uncertainty", "dof", "sensitivity", "contribution", "share")
#: Where null stands for infinite.
DOF = ("effective_dof", "dof_used", "dof")

_GUM = itemgetter("dof_method", "interval", "budget", *NUMBERS)
_LINE = itemgetter("symbol", "label", *LINE_NUMBERS)
_LINE_KEYS = len(LINE_NUMBERS) + 2
#: With the interval, the method, the lines and the second order, which is left to `check`.
_GUM_KEYS = len(NUMBERS) + 4
#: Simultaneous observations are computed by themselves.
_BY_ITSELF = ("simultaneous", "joint")
#: Words of the document that every row of a group shares; "title" is for people alone.
_HEAD = ("coverage_probability", "coverage", "rounding")
_MEASURAND = ("symbol", "equation", "unit")


def row_of(proof: Mapping[str, Any]) -> tuple[Key, list[Any]] | None:
    """The form of a proof's document and budget, and their leaves in order; None for what is computed by itself."""
    try:
        return _row(proof["document"], proof["result"])
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _row(document: Mapping[str, Any], result: Mapping[str, Any]) -> tuple[Key, list[Any]] | None:
    inputs, measurands = document["input"], document["measurand"]
    if any(key in document for key in _BY_ITSELF) or not isinstance(document.get("title", ""), str):
        return None
    parts = [part for table in inputs if "components" in table for part in table["components"]]
    readings = [table["observations"] for table in inputs if "observations" in table]
    row = [document.get(key) for key in _HEAD]
    for table in measurands:
        row += [table.get(key) for key in _MEASURAND]
    for table in inputs:
        row += table.values()
    for table in parts:
        row += table.values()
    for series in readings:
        row += series
    correlations = document.get("correlation", ())
    for table in correlations:
        first, second = table["between"]
        row += (first, second, table["coefficient"])
    lines = _add_result(row, result)
    if lines is None:
        return None
    key = (
        tuple(document),
        tuple(map(tuple, measurands)),
        tuple(map(tuple, inputs)),
        tuple(map(tuple, parts)),
        tuple(len(table["components"]) for table in inputs if "components" in table),
        tuple(map(len, readings)),
        tuple(map(tuple, correlations)),
        lines,
    )
    return key, row


def _add_result(row: list[Any], result: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Adds the result's leaves; the numbers of budget lines, None where a table has not the contract's keys."""
    row.append(result["model_hash"])
    counts = []
    for measurand in result["measurands"]:
        gum = measurand["gum"]
        method, (low, high), budget, *numbers = _GUM(gum)
        row += (measurand["symbol"], measurand["unit"], method, low, high)
        row += numbers
        for line in budget:
            row += _LINE(line)
            if len(line) != _LINE_KEYS:
                return None
        counts.append(len(budget))
        if len(gum) != _GUM_KEYS:
            return None
    return tuple(counts)


@dataclass(frozen=True)
class Layout:
    """Where each leaf of a row stands."""

    #: Of `_HEAD` and of each measurand's symbol, equation and unit.
    head: dict[str, int]
    measurands: tuple[dict[str, int], ...]
    #: Of each input's keys, its components' keys, and its first reading with their number.
    inputs: tuple[dict[str, int], ...]
    components: tuple[tuple[dict[str, int], ...], ...]
    readings: tuple[tuple[int, int], ...]
    #: Of each correlation's symbols and coefficient, all words.
    correlations: tuple[int, ...]
    model_hash: int
    #: Of each result: "symbol", "unit", "dof_method", "low", "high", NUMBERS; and of its lines.
    results: tuple[dict[str, int], ...]
    lines: tuple[tuple[dict[str, int], ...], ...]
    size: int

    @classmethod
    def of(cls, key: Key) -> "Layout":
        """From the form that `row_of` gave."""
        _, measurands, inputs, parts, counts, lengths, correlations, lines = key
        places = _Places()
        head = places.take(_HEAD)
        asked = tuple(places.take(_MEASURAND) for _ in measurands)
        tables = tuple(places.take(keys) for keys in inputs)
        given, several, series = iter(parts), iter(counts), iter(lengths)
        flat = [places.take(keys) for keys in given]
        components, at = [], 0
        for keys in inputs:
            count = next(several) if "components" in keys else 0
            components.append(tuple(flat[at : at + count]))
            at += count
        readings = tuple(places.block(next(series)) if "observations" in keys else (0, 0) for keys in inputs)
        pairs = tuple(places.block(1)[0] for _ in range(3 * len(correlations)))
        model_hash = places.block(1)[0]
        results, budgets = [], []
        for count in lines:
            results.append(places.take(("symbol", "unit", "dof_method", "low", "high", *NUMBERS)))
            budgets.append(tuple(places.take(("symbol", "label", *LINE_NUMBERS)) for _ in range(count)))
        return cls(
            head,
            asked,
            tables,
            tuple(components),
            readings,
            pairs,
            model_hash,
            tuple(results),
            tuple(budgets),
            places.next,
        )


class _Places:
    """Counts places off in order."""

    def __init__(self) -> None:
        self.next = 0

    def take(self, keys: Sequence[str]) -> dict[str, int]:
        first = self.next
        self.next += len(keys)
        return {key: first + i for i, key in enumerate(keys)}

    def block(self, count: int) -> tuple[int, int]:
        first = self.next
        self.next += count
        return first, count
