"""Stored results in any number, all different: the proofs of a few models with other inputs in each.

To prove each by itself would take minutes; so its numbers are computed in columns and written where those of one real
proof stand. A sample is held against the kernel's own computation of one document, digit for digit within 10⁻¹².
"""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chuan.metrology import proof
from chuan.metrology.files import Options
from chuan.metrology.files.reading import load
from chuan.metrology.recomputing import alone
from chuan.metrology.recomputing.budgets import Form, compared, computed
from chuan.metrology.recomputing.rows import Layout, row_of
from chuan.metrology.validation_report import cases

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
_MARK = re.compile(r'"@(\d+)@"')
#: What differs from one stored result to the next; degrees of freedom and coverage factors are as they are.
_VARIED = ("value", "standard_uncertainty", "expanded_uncertainty", "half_width")
_SAMPLE = 25


def documents() -> list[dict[str, Any]]:
    """The models: of six certificates and published cases, one with two measurands and correlated inputs."""
    names = ("gum_h1", "ea402_s2", "xrf_ratio")
    found = [cases.load(name)["document"] for name in names]
    examples = ("weight_10kg", "clinical_thermometer", "fuel_dispenser")
    return [*found, *(load(str(EXAMPLES / f"{name}.toml")) for name in examples)]


def stored(count: int, seed: int = 1) -> list[bytes]:
    """So many proofs, the models in turn, as `--proof` writes them but for spaces."""
    models = documents()
    each = [list(_of_model(document, -(-count // len(models)), seed + i)) for i, document in enumerate(models)]
    return [each[i % len(models)][i // len(models)] for i in range(count)]


def _of_model(document: dict[str, Any], count: int, seed: int) -> Iterator[bytes]:
    proved = json.loads(proof.write(proof.prove(document, Options(method="gum"))))
    numbers: list[float] = []

    def mark(text: str) -> str:
        numbers.append(json.loads(text))
        return f"@{len(numbers) - 1}@"

    marked = json.loads(json.dumps(proved), parse_float=mark, parse_int=mark)
    pieces = _MARK.split(json.dumps(marked, ensure_ascii=False, separators=(",", ":")))
    found, wanted = row_of(proved), row_of(marked)
    if found is None or wanted is None:
        raise SystemExit("bench: a document that columns do not hold")
    layout = Layout.of(found[0])
    columns = _varied(layout, found[1], count, random.Random(seed))
    right, computed_numbers = computed(Form.of(layout, proved, found[1]), columns)
    if not right.all():
        raise SystemExit("bench: a number that the reader refuses")
    at = {place: int(leaf[1:-1]) for place, leaf in enumerate(wanted[1]) if str(leaf).startswith("@")}
    changes = [(at[place], list(columns[place])) for place in _places(layout)]
    # A null, infinite degrees of freedom, stays one.
    rows = zip(compared(layout), computed_numbers.tolist(), strict=True)
    changes += [(at[place], row) for (_, place), row in rows if place in at]
    order = [int(number) for number in pieces[1::2]]
    for i in range(count):
        for number, column in changes:
            numbers[number] = column[i]
        pieces[1::2] = [repr(numbers[number]) for number in order]
        text = "".join(pieces).encode()
        if i % -(-count // _SAMPLE) == 0 and alone.differences(json.loads(text)):
            raise SystemExit("bench: a stored result that is wrong")
        yield text


def _places(layout: Layout) -> list[int]:
    tables = [*layout.inputs, *(part for parts in layout.components for part in parts)]
    found = [table[key] for table in tables for key in _VARIED if key in table]
    return found + [first + i for first, number in layout.readings for i in range(number)]


def _varied(layout: Layout, row: list[Any], count: int, generator: random.Random) -> list[tuple[Any, ...]]:
    """A column for each leaf: what varies within one part in a hundred, readings of one input in their own scatter."""
    columns = [(leaf,) * count for leaf in row]
    for place in _places(layout):
        spread = 0.001 if any(first <= place < first + n for first, n in layout.readings) else 0.01
        columns[place] = (row[place], *(row[place] * (1 + spread * generator.random()) for _ in range(count - 1)))
    return columns
