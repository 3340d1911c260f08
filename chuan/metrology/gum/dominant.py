"""Coverage factors where one or two rectangular contributions dominate (EA-4/02 M:2022 S9, S10).

The sum is then not near normal, and Student's t would claim an interval that is too wide.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chuan.metrology.distributions import Rectangular
from chuan.metrology.gum.results import GumResult
from chuan.metrology.gum.second_order import is_nonlinear

#: All other contributions together may be at most this part of what dominates (EA-4/02 S9).
NEGLIGIBLE = 0.3

Shape = Literal["rectangular", "double-rectangular"]
"""One rectangle, or the trapezoid of two (EA-4/02 S9, S10)."""


@dataclass(frozen=True)
class Dominant:
    """What dominates, the edge parameter β of the trapezoid (1 for one rectangle), and k for the probability asked."""

    kind: Shape
    edge: float
    coverage_factor: float
    expanded_uncertainty: float


def trapezoid_factor(probability: float, edge: float) -> float:
    """k of a symmetric trapezoid with β = top/base in units of its standard deviation (EA-4/02 S10.11–S10.12).

    β = 1 is the rectangle, k = p·√3 (S9.8); β = 0 the triangle.
    """
    spread = math.sqrt((1 + edge * edge) / 6)
    if probability <= 2 * edge / (1 + edge):
        # The interval ends under the flat top.
        return probability * (1 + edge) / 2 / spread
    return (1 - math.sqrt((1 - probability) * (1 - edge * edge))) / spread


def trapezoid_probability(factor: float, edge: float) -> float:
    """Probability of ±k standard deviations of the same trapezoid: the inverse of `trapezoid_factor`, 1 beyond it."""
    half = factor * math.sqrt((1 + edge * edge) / 6)
    if half >= 1:
        return 1.0
    if half <= edge:
        return 2 * half / (1 + edge)
    return 1 - (1 - half) ** 2 / (1 - edge * edge)


def dominant(result: GumResult, probability: float = 0.95) -> Dominant | None:
    """The dominating one or two rectangular contributions and their k; None where nothing dominates.

    Independent inputs and models without curvature only. Half widths add up to the trapezoid a₁ + a₂ with
    β = |a₁ − a₂|/(a₁ + a₂).
    """
    u = result.standard_uncertainty
    if not u or result.measurement.structure.correlated or is_nonlinear(result.estimate, u, result.second_order):
        return None
    parts = {
        (item.symbol, i): isinstance(part.distribution, Rectangular)
        for item in result.measurement.inputs
        for i, part in enumerate(item.components)
    }
    sizes = sorted(
        ((abs(line.contribution), flat) for line, flat in zip(result.budget, _in_order(result, parts), strict=True)),
        key=lambda pair: -pair[0],
    )
    shapes: tuple[tuple[int, Shape], ...] = ((1, "rectangular"), (2, "double-rectangular"))
    for count, kind in shapes:
        largest, rest = sizes[:count], sizes[count:]
        size = math.hypot(*(a for a, _ in largest))
        if len(largest) == count and all(flat for _, flat in largest) and _small(rest, size):
            edge = edge_of([a for a, _ in largest])
            k = trapezoid_factor(probability, edge)
            return Dominant(kind, edge, k, k * u)
    return None


def dominant_note(kind: Shape, symbol: str) -> str:
    """A result's note that one or two rectangles dominate a measurand: "dominant-rectangular: y"."""
    return f"dominant-{kind}: {symbol}"


def edge_of(largest: Sequence[float]) -> float:
    """β of one or two rectangular contributions c·u, the larger first: |a₁ − a₂|/(a₁ + a₂)."""
    first, second = abs(largest[0]), (abs(largest[1]) if len(largest) > 1 else 0.0)
    return (first - second) / (first + second)


def _small(rest: list[tuple[float, bool]], size: float) -> bool:
    return math.hypot(*(a for a, _ in rest)) <= NEGLIGIBLE * size


def _in_order(result: GumResult, parts: dict[tuple[str, int], bool]) -> list[bool]:
    """Whether each budget line is a rectangle, in the lines' order."""
    inputs = {item.symbol: item for item in result.measurement.inputs}
    return [
        parts.get((symbol, i), False)
        for symbol in result.measurement.model.inputs
        for i in range(max(1, len(inputs[symbol].components)))
    ]
