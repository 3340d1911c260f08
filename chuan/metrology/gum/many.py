"""Many budgets of one model at once, in columns: 10⁵ certificates recomputed in a moment (GUM 5, 6, G.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.gum.coverage import coverage_factor
from chuan.metrology.inputs import Group
from chuan.metrology.model import Model
from chuan.metrology.words import Refused, Text

Column = NDArray[np.float64]
Given = Column | float

_COUNT = Text("cần {wanted} cột, đang có {found}", "needs {wanted} columns, found {found}")
_LENGTH = Text("các cột phải dài bằng nhau", "the columns must be of one length")
_NOT_FINITE = Text(
    "hàng {row}: giá trị hoặc độ không đảm bảo đo không hữu hạn", "row {row}: a value or its uncertainty is not finite"
)
_OUT_OF_RANGE = Text("hàng {row}: u không được âm, ν phải lớn hơn 0", "row {row}: u must not be negative, ν above 0")

#: Rows worked on together: all columns of a chunk of a small model stay in the processor's cache.
_CHUNK = 8192
#: Whole ν up to which k is looked up in a table.
_TABLE = 4096


@dataclass(frozen=True)
class Many:
    """Budgets in rows 0…m−1: columns (m,), `contributions` and `sensitivities` (inputs, m).

    `effective_dof`, `coverage_factor`, `expanded_uncertainty` and `sensitivities` are None where they were not asked
    for; infinite ν are `inf`.
    """

    estimate: Column
    standard_uncertainty: Column
    contributions: Column
    effective_dof: Column | None = None
    coverage_factor: Column | None = None
    expanded_uncertainty: Column | None = None
    sensitivities: Column | None = None


def propagate_many(
    model: Model,
    values: Sequence[Given],
    uncertainties: Sequence[Given],
    inverse_dof: Sequence[Given] | None = None,
    *,
    groups: Sequence[Group] = (),
    coverage_probability: float = 0.95,
    output: int = 0,
    with_sensitivities: bool = False,
    refusing: bool = True,
) -> Many:
    """Value, u and contributions of each row; with `inverse_dof` (1/ν of each input, 0 for infinite) also ν_eff, k, U.

    Columns are in the order of `model.inputs`, each (m,) or one number for all rows. `groups` of stated correlations
    hold for every row and need ν = ∞ in their inputs; blocks bring their own ν, and so do the errors of a group that
    shared identities correlate. k is Student's t at ν truncated (GUM G.4.1). A row that is not finite is refused by its
    number, or kept as NaN where `refusing` is False.
    """
    rows = _rows(model, values, uncertainties, inverse_dof)
    estimate, u = np.empty(rows), np.empty(rows)
    contributions = np.empty((len(model.inputs), rows))
    sensitivities = np.empty((len(model.inputs), rows)) if with_sensitivities else None
    dof = None if inverse_dof is None else np.empty(rows)
    for start in range(0, rows, _CHUNK):
        piece = slice(start, min(start + _CHUNK, rows))
        x = [_cut(column, piece) for column in values]
        outcome, gradients = model.vector_value_and_gradient(x)
        estimate[piece] = outcome[output]
        part = contributions[:, piece]
        for i, (gradient, given) in enumerate(zip(gradients[output], uncertainties, strict=True)):
            np.multiply(gradient, _cut(given, piece), out=part[i])
            if sensitivities is not None:
                sensitivities[i, piece] = gradient
        terms = _variances(part, groups)
        total = terms[0].copy()
        for term in terms[1:]:
            total += term
        np.sqrt(total, out=u[piece])
        if dof is not None and inverse_dof is not None:
            dof[piece] = _dof(terms, total, _inverse(inverse_dof, groups, piece))
    if refusing:
        _refuse_wrong(estimate, u)
    elif dof is not None:
        dof[np.isnan(dof)] = np.inf
    if dof is None:
        return Many(estimate, u, contributions, sensitivities=sensitivities)
    k = coverage_factors(coverage_probability, dof)
    return Many(estimate, u, contributions, dof, k, k * u, sensitivities)


def coverage_factors(probability: float, effective_dof: Column) -> Column:
    """k at each ν truncated to a whole number, never below 1: computed once for each whole number that occurs."""
    whole = np.floor(effective_dof * (1 + 1e-9))
    np.maximum(whole, 1.0, out=whole)
    small = np.where(whole < _TABLE, whole, 0.0).astype(np.intp)
    table = np.zeros(_TABLE)
    for number in np.flatnonzero(np.bincount(small, minlength=_TABLE)[1:]) + 1:
        table[number] = coverage_factor(probability, float(number))
    k = table[small]
    large = np.flatnonzero(small == 0)
    if large.size:
        numbers, where = np.unique(whole[large], return_inverse=True)
        k[large] = np.array([coverage_factor(probability, float(number)) for number in numbers])[where]
    return k


def _rows(
    model: Model,
    values: Sequence[Given],
    uncertainties: Sequence[Given],
    inverse_dof: Sequence[Given] | None,
) -> int:
    lengths: set[int] = set()
    for place, columns in (("values", values), ("uncertainties", uncertainties), ("inverse_dof", inverse_dof)):
        if columns is None:
            continue
        if len(columns) != len(model.inputs):
            raise Refused(_COUNT.put(wanted=len(model.inputs), found=len(columns)), place)
        for column in columns:
            shape = np.shape(column)
            lengths.update(shape)
            if len(shape) > 1 or len(lengths) > 1:
                raise Refused(_LENGTH, place)
            if place != "values" and not np.all(np.asarray(column) >= 0):
                row = int(np.argmin(np.atleast_1d(np.asarray(column) >= 0)))
                raise Refused(_OUT_OF_RANGE.put(row=row), place)
    return lengths.pop() if lengths else 1


def _cut(column: Given, piece: slice) -> Given:
    return column if isinstance(column, (int, float)) or not column.ndim else column[piece]


def _variances(part: Column, groups: Sequence[Group]) -> list[Column]:
    """Variances of the terms: of each group, or of its independent errors, and of each input outside them."""
    if not groups:
        return [own * own for own in part]
    terms = []
    for group in groups:
        own = part[list(group.indices)]
        if group.terms:
            terms += [np.square(np.array(term.weights) @ own) for term in group.terms]
            continue
        total = np.sum(own * (np.array(group.correlation) @ own), axis=0)
        terms.append(np.maximum(total, 0.0))
    grouped = {i for group in groups for i in group.indices}
    return terms + [own * own for i, own in enumerate(part) if i not in grouped]


def _inverse(inverse_dof: Sequence[Given], groups: Sequence[Group], piece: slice) -> list[Given]:
    """1/ν of each term, in the order of `_variances`."""
    grouped = {i for group in groups for i in group.indices}
    found: list[Given] = []
    for group in groups:
        own = 0.0 if group.block_dof is None else 1 / group.block_dof
        found += [term.inverse_dof for term in group.terms] or [own]
    return found + [_cut(column, piece) for i, column in enumerate(inverse_dof) if i not in grouped]


def _dof(terms: Sequence[Column], total: Column, inverse: Sequence[Given]) -> Column:
    """u⁴ / Σ v_i²/ν_i; infinite where no term with a finite ν contributes."""
    below = np.zeros(len(total))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(total > 0, 1 / total, 0.0)
        for variance, share in zip(terms, inverse, strict=True):
            if isinstance(share, (int, float)) and not share:
                continue
            # In units of the whole, so that small uncertainties do not vanish when squared.
            relative = variance * scale
            relative *= relative
            relative *= share
            below += relative
        return np.divide(1.0, below, out=below)


def _refuse_wrong(estimate: Column, u: Column) -> None:
    right = np.isfinite(estimate) & np.isfinite(u)
    if not right.all():
        raise Refused(_NOT_FINITE.put(row=int(np.argmin(right))), "values")
