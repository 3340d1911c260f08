"""Budgets of many stored results of one form, computed anew in columns and held against the stored numbers."""

import math
from array import array
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from chuan.metrology.files.uncertainty import Document, read
from chuan.metrology.gum.many import Many, propagate_many
from chuan.metrology.inputs import Group, Measurement
from chuan.metrology.recomputing.columns import Column, Quantity, Rows, Stated, alone, composed, observed
from chuan.metrology.recomputing.rows import DOF, LINE_NUMBERS, NUMBERS, Layout

#: Two numbers are one within this part of them: what correct mathematical libraries may differ by.
TOLERANCE = 1e-12
#: Keys of inputs and components that are words.
_WORDS = ("symbol", "label", "unit", "distribution", "scale")
_NOT_LEAVES = ("components", "observations")
_FLOAT = {float}
_NUMBER = {int, float}
_NUMBER_OR_NULL = {int, float, type(None)}

Columns = Sequence[tuple[Any, ...]]


class Unlike(Exception):
    """Rows that cannot be computed in columns after all."""


@dataclass(frozen=True)
class Form:
    """What all rows of a group share: where leaves stand, and the document as read with every check."""

    layout: Layout
    document: Document

    @classmethod
    def of(cls, layout: Layout, stored: dict[str, Any], row: Sequence[Any]) -> "Form":
        """From one of the group and its row; its words are those of all. Refused: what the reader refuses.

        What columns make of the row must be what the reader makes of the document: two readers that differ would hide
        what they differ in.
        """
        form = cls(layout, read(stored["document"]))
        if not _agree(form, _quantities(layout, [(leaf,) for leaf in row])):
            raise Unlike
        return form


def words_of(layout: Layout) -> tuple[int, ...]:
    """The places whose leaves must be the same in all rows of a group: every text, the coverage probability, and the
    coefficients of correlation.
    """
    tables = [*layout.inputs, *(part for parts in layout.components for part in parts)]
    found = [*layout.head.values(), *layout.correlations, layout.model_hash]
    found += [place for table in layout.measurands for place in table.values()]
    found += [table[key] for table in tables for key in _words(table)]
    found += [table[key] for table in layout.results for key in ("symbol", "unit", "dof_method")]
    found += [table[key] for lines in layout.lines for table in lines for key in ("symbol", "label")]
    return tuple(found)


def _words(table: dict[str, int]) -> list[str]:
    """The keys of an input or a component that are words; a gamma distribution's scale is a number."""
    return [key for key in table if key in _WORDS and not (key == "scale" and "shape" in table)]


def differing(form: Form, columns: Columns) -> Rows:
    """The rows in which some stored number is not the one computed anew, or that could not be computed in columns."""
    if not _same_words(form, columns):
        raise Unlike
    right, found = computed(form, columns)
    stored = _stored(form.layout, columns)[:, right]
    wrong = ~right
    wrong[right] = _unlike(stored, found)
    return wrong


def computed(form: Form, columns: Columns) -> tuple[Rows, Column]:
    """Rows whose inputs the reader accepts, and of those every number of `compared` in its order (numbers, rows)."""
    measurement = form.document.measurement
    groups = measurement.structure.groups
    if measurement.coverage == "t-real" or any(any(group.finite) for group in groups):
        # Of correlated inputs with finite ν there is no ν_eff.
        raise Unlike
    quantities = _quantities(form.layout, columns)
    right: Rows = np.logical_and.reduce([quantity.right for quantity in quantities])
    if not right.all():
        quantities = [_only(quantity, right) for quantity in quantities]
    found: list[Column] = []
    for output in range(len(form.layout.results)):
        many = propagate_many(
            measurement.model,
            [quantity.value for quantity in quantities],
            [quantity.u for quantity in quantities],
            [quantity.inverse_dof for quantity in quantities],
            groups=groups,
            coverage_probability=measurement.coverage_probability,
            output=output,
            with_sensitivities=True,
            refusing=False,
        )
        found += _numbers(measurement, many, quantities)
    return right, np.array(found)


def compared(layout: Layout) -> list[tuple[str, int]]:
    """The key and the place of each stored number, measurand by measurand and line by line."""
    found = []
    for places, lines in zip(layout.results, layout.lines, strict=True):
        found += [(key, places[key]) for key in (*NUMBERS, "low", "high")]
        found += [(key, line[key]) for line in lines for key in LINE_NUMBERS]
    return found


def _stored(layout: Layout, columns: Columns) -> Column:
    """The stored numbers; null is infinite in degrees of freedom, else NaN, which nothing equals."""
    wanted = compared(layout)
    found = np.empty((len(wanted), len(columns[0])))
    for row, (key, place) in zip(found, wanted, strict=True):
        row[:] = _floats(columns[place], _NUMBER_OR_NULL)
        if key in DOF:
            row[np.isnan(row)] = np.inf
    return found


def _floats(column: tuple[Any, ...], kinds: Set[type]) -> Column:
    """A column of leaves as doubles, null as NaN; a leaf of another kind is no number of the contract."""
    found = set(map(type, column))
    if found == _FLOAT:
        # Three times as fast as an array from numbers that may be of several kinds.
        return np.frombuffer(array("d", column))
    if not found <= kinds:
        raise Unlike
    try:
        return np.array(column, dtype=float)
    except OverflowError:
        raise Unlike from None


def _unlike(stored: Column, found: Column) -> Rows:
    with np.errstate(invalid="ignore"):
        near = np.abs(stored - found) <= TOLERANCE * np.maximum(np.abs(stored), np.abs(found))
    # Infinite degrees of freedom are equal without being near; what is no number is neither.
    near &= np.isfinite(stored) & np.isfinite(found)
    wrong: Rows = ~(near | (stored == found)).all(axis=0)
    return wrong


def _same_words(form: Form, columns: Columns) -> bool:
    """Whether what the results say in words is what they should say."""
    layout, model = form.layout, form.document.measurement.model
    if columns[layout.model_hash][0] != model.hash or len(layout.results) != len(model.outputs):
        return False
    causes = [(cause.symbol, cause.label) for cause in form.document.measurement.causes]
    for symbol, unit, places, lines in zip(
        model.outputs, form.document.units, layout.results, layout.lines, strict=True
    ):
        said = [columns[places[key]][0] for key in ("symbol", "unit", "dof_method")]
        told = [(columns[line["symbol"]][0], columns[line["label"]][0]) for line in lines]
        if said != [symbol, unit, "welch-satterthwaite"] or told != causes:
            return False
    return True


def _quantities(layout: Layout, columns: Columns) -> list[Quantity]:
    def number(place: int) -> Column:
        return _floats(columns[place], _NUMBER)

    def stated(table: dict[str, int]) -> Stated:
        words = _words(table)
        word = {key: columns[table[key]][0] for key in words}
        given = {key: number(table[key]) for key in table if key not in words and key not in _NOT_LEAVES}
        return Stated(word.get("distribution", "normal"), word.get("scale", ""), given)

    found = []
    for table, parts, (first, count) in zip(layout.inputs, layout.components, layout.readings, strict=True):
        value = number(table["value"]) if "value" in table else None
        if count:
            readings = np.array([number(place) for place in range(first, first + count)])
            found.append(observed(readings, value, [stated(part) for part in parts]))
        elif parts and value is not None:
            found.append(composed(value, [stated(part) for part in parts]))
        else:
            found.append(alone(stated(table)))
    return found


def _agree(form: Form, quantities: Sequence[Quantity]) -> bool:
    """Whether the only row is what the reader made of it."""
    structure, causes = form.document.measurement.structure, form.document.measurement.causes
    wanted = [*structure.values, *structure.uncertainties, *structure.inverse_dof]
    wanted += [x for cause in causes for x in (cause.standard_uncertainty, cause.dof)]
    mine = [q.value[0] for q in quantities] + [q.u[0] for q in quantities] + [q.inverse_dof[0] for q in quantities]
    mine += [column[0] for q in quantities for part in q.parts for column in (part.u, part.dof)]
    return len(wanted) == len(mine) and all(
        math.isclose(a, b, rel_tol=TOLERANCE) for a, b in zip(wanted, mine, strict=True)
    )


def _only(quantity: Quantity, rows: Rows) -> Quantity:
    parts = tuple(type(part)(part.u[rows], part.dof[rows]) for part in quantity.parts)
    return Quantity(quantity.value[rows], parts, quantity.u[rows], quantity.inverse_dof[rows], quantity.right[rows])


def _numbers(measurement: Measurement, many: Many, quantities: Sequence[Quantity]) -> list[Column]:
    """A measurand's numbers in the order of `compared`."""
    dof, u, y = many.effective_dof, many.standard_uncertainty, many.estimate
    k, sensitivities, stated = many.coverage_factor, many.sensitivities, measurement.coverage_factor
    if dof is None or k is None or sensitivities is None:
        raise Unlike
    used = np.maximum(np.floor(dof * (1 + 1e-9)), 1.0)
    probability = np.full(len(u), measurement.coverage_probability)
    if stated is not None:
        k = np.full(len(u), stated)
        probability = _probabilities(stated, dof)
    expanded = k * u
    found = [y, u, dof, used, probability, k, expanded, y - expanded, y + expanded]
    with np.errstate(all="ignore"):
        shares = _shares(many.contributions / u, measurement.structure.groups)
        for c, share, quantity in zip(sensitivities, shares, quantities, strict=True):
            for part in quantity.parts:
                own = np.where(quantity.u > 0, (part.u / quantity.u) ** 2, 1.0)
                found += [quantity.value, part.u, part.dof, c, c * part.u, share * own]
    return found


def _probabilities(factor: float, dof: Column) -> Column:
    """Probability of ±k under Student's t with each ν, to the last digits but a few."""
    from scipy.special import ndtr, stdtr  # noqa: PLC0415 - only where k is stated

    below = np.where(np.isinf(dof), ndtr(-factor), stdtr(np.where(np.isinf(dof), 1.0, dof), -factor))
    return np.asarray(1 - 2 * below, dtype=float)


def _shares(relative: Column, groups: Sequence[Group]) -> Column:
    """c_i u_i Σ_j c_j u_j r_ij / u² of each input."""
    weighed = relative.copy()
    for group in groups:
        places = list(group.indices)
        weighed[places] = np.array(group.correlation) @ relative[places]
    return relative * weighed
