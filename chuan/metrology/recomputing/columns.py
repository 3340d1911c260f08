"""Inputs of many documents of one form, in columns, and in which rows every number is one that the reader accepts.

The rules are those of `files/distributions.py` and `files/uncertainty/document.py`; a row that breaks one is not judged
here but read by itself, so that its refusal is the reader's own (GUM 4.2, 4.3; JCGM 101 6.4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Rows = NDArray[np.bool_]
Numbers = Mapping[str, Column]

#: A value that a file states must agree with its distribution within this part of u.
_AGREES = 1e-9
_BOUNDED = ("rectangular", "triangular", "trapezoidal", "arcsine", "curvilinear_trapezoid")


@dataclass(frozen=True)
class Part:
    """One component: u and ν, infinite where none is stated."""

    u: Column
    dof: Column


@dataclass(frozen=True)
class Quantity:
    """One input: value, components, u and 1/ν; `right` tells the rows that its rules accept."""

    value: Column
    parts: tuple[Part, ...]
    u: Column
    inverse_dof: Column
    right: Rows


@dataclass(frozen=True)
class Stated:
    """What a table says of a distribution: its words, and its numbers in columns."""

    kind: str
    scale: str
    numbers: Numbers


def alone(stated: Stated) -> Quantity:
    """An input with a distribution of its own."""
    mean, part, right = _distribution(stated, centred=False)
    if "value" in stated.numbers:
        right &= np.abs(stated.numbers["value"] - mean) <= _AGREES * part.u
    return _quantity(mean, (part,), right)


def composed(value: Column, parts: Sequence[Stated]) -> Quantity:
    """An input of components about a value."""
    found = [_distribution(part, centred=True) for part in parts]
    right = np.isfinite(value)
    for _, _, own in found:
        right &= own
    return _quantity(value, tuple(part for _, part, _ in found), right)


def observed(readings: Column, value: Column | None, parts: Sequence[Stated]) -> Quantity:
    """An input of readings, (n, m), n of each row, with further components or none (GUM 4.2)."""
    n = len(readings)
    rough = readings.sum(axis=0) / n
    mean = rough + (readings - rough).sum(axis=0) / n
    squares = ((readings - mean) ** 2).sum(axis=0)
    own = Part(np.sqrt(squares / (n - 1)) / np.sqrt(n), np.full(len(mean), float(n - 1)))
    others = composed(mean, parts)
    right = others.right & np.isfinite(squares)
    if value is not None:
        right &= np.abs(value - mean) <= _AGREES * own.u
    return _quantity(mean, (own, *others.parts), right)


def _quantity(value: Column, parts: tuple[Part, ...], right: Rows) -> Quantity:
    variance = sum((part.u * part.u for part in parts), np.zeros(len(value)))
    u = parts[0].u if len(parts) == 1 else np.sqrt(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = sum(((part.u * part.u / variance) ** 2 / part.dof for part in parts), np.zeros(len(value)))
    inverse[variance == 0] = 0.0
    return Quantity(value, parts, u, inverse, right & np.isfinite(value) & np.isfinite(u) & np.isfinite(inverse))


def _distribution(stated: Stated, *, centred: bool) -> tuple[Column, Part, Rows]:
    """Mean, u and ν of one distribution, and the rows that may be so."""
    numbers = stated.numbers
    some = next(iter(numbers.values()))
    right: Rows = np.ones(len(some), dtype=bool)
    for column in numbers.values():
        right &= np.isfinite(column)
    zero = np.zeros(len(some))
    mean = zero if centred else numbers.get("value", zero)
    dof = _dof(numbers, right)
    with np.errstate(all="ignore"):
        if stated.kind == "constant":
            return mean, Part(zero, dof), right
        if stated.kind in _BOUNDED:
            mean, variance = _bounded(stated.kind, mean, numbers, right)
            u = np.sqrt(variance)
        elif stated.kind == "exponential":
            right &= mean > 0
            u, variance = mean, mean * mean
        elif stated.kind == "gamma":
            shape, scale = numbers["shape"], numbers["scale"]
            right &= (shape > 0) & (scale > 0)
            mean, variance = shape * scale, shape * scale**2
            u = np.sqrt(variance)
        else:
            u = _stated_u(numbers, right)
            variance = u * u
    right &= (variance > 0) & np.isfinite(variance)
    if stated.scale == "standard_deviation":
        right &= dof > 2
    return mean, Part(u, dof), right


def _dof(numbers: Numbers, right: Rows) -> Column:
    """ν as stated, or 1/(2r²) (GUM G.4.2)."""
    for key in ("dof", "relative_uncertainty_of_uncertainty"):
        if key in numbers:
            right &= numbers[key] > 0
            with np.errstate(all="ignore"):
                return numbers[key] if key == "dof" else 1 / (2 * numbers[key] ** 2)
    return np.full(len(right), np.inf)


def _stated_u(numbers: Numbers, right: Rows) -> Column:
    if "expanded_uncertainty" in numbers:
        right &= (numbers["expanded_uncertainty"] > 0) & (numbers["coverage_factor"] >= 1)
        return numbers["expanded_uncertainty"] / numbers["coverage_factor"]
    right &= numbers["standard_uncertainty"] > 0
    return numbers["standard_uncertainty"]


def _bounded(kind: str, mean: Column, numbers: Numbers, right: Rows) -> tuple[Column, Column]:
    """Mean and variance of what stays within bounds."""
    if "half_width" in numbers:
        half = numbers["half_width"]
        right &= half > 0
    else:
        low, high = numbers["low"], numbers["high"]
        right &= low < high
        half = (high - low) / 2
        mean = low + half
    square = half * half
    if kind == "trapezoidal":
        beta = numbers["beta"]
        right &= (beta >= 0) & (beta <= 1)
        return mean, square * (1 + beta * beta) / 6
    if kind == "curvilinear_trapezoid":
        limit = numbers["half_width_limit"]
        right &= (limit >= 0) & (limit <= half)
        return mean, square / 3 + limit * limit / 9
    return mean, square / {"rectangular": 3, "triangular": 6, "arcsine": 2}[kind]
