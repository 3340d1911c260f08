"""Where the columns of a chunk come from: inputs of their own, or several with a joint distribution.

A source fills the columns of the inputs it names, in two ways that follow the same distribution: `draw` with a
generator, and `transform` from uniform numbers in (0, 1), one row for each of its `dimension` (quasi-random previews).
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.distributions import Distribution, Gamma, Normal
from chuan.metrology.monte_carlo.draws import draw
from chuan.metrology.monte_carlo.quantiles import normal_cdf, normal_quantile, quantile, tabulated
from chuan.metrology.words import Refused, Text

#: A square root of a covariance: lower triangle, row by row.
Factor = tuple[tuple[float, ...], ...]
Columns = NDArray[np.float64]

_NOT_SEMIDEFINITE = Text(
    "ma trận tương quan của {symbols} không xác định không âm", "the correlation matrix of {symbols} is not possible"
)


class Source(Protocol):
    """Fills the columns (rows of a (inputs, m) array) of the inputs it stands for."""

    @property
    def dimension(self) -> int:
        """How many uniform numbers one draw takes in `transform`."""
        ...

    def draw(self, generator: np.random.Generator, columns: Columns, scratch: Columns) -> None:
        """Fill its columns; `scratch` (m,) is overwritten."""
        ...

    def transform(self, uniforms: Columns, columns: Columns) -> None:
        """Fill its columns from uniform numbers (dimension, m), strictly between 0 and 1."""
        ...


@dataclass(frozen=True)
class Alone:
    """An independent input: the sum of its parts, of which the first carries the value and the rest are centred."""

    column: int
    parts: tuple[Distribution, ...]

    @property
    def dimension(self) -> int:
        """One for each part."""
        return len(self.parts)

    def draw(self, generator: np.random.Generator, columns: Columns, scratch: Columns) -> None:
        """The parts drawn one after the other and added."""
        out = columns[self.column]
        draw(self.parts[0], generator, out, scratch)
        for part in self.parts[1:]:
            more = np.empty_like(out)
            draw(part, generator, more, scratch)
            out += more

    def transform(self, uniforms: Columns, columns: Columns) -> None:
        """The parts' quantiles added."""
        out = columns[self.column]
        out.fill(0.0)
        for part, u in zip(self.parts, uniforms, strict=True):
            out += tabulated(part, u)


@dataclass(frozen=True)
class Common:
    """One deviation that several inputs share, added to each with its own scale; their own parts are filled before."""

    distribution: Distribution
    scales: tuple[tuple[int, float], ...]

    @property
    def dimension(self) -> int:
        """One, for all."""
        return 1

    def draw(self, generator: np.random.Generator, columns: Columns, scratch: Columns) -> None:
        """Drawn once and added to each."""
        deviation = np.empty_like(scratch)
        draw(self.distribution, generator, deviation, scratch)
        self._add(deviation, columns)

    def transform(self, uniforms: Columns, columns: Columns) -> None:
        """Its quantile, added to each."""
        self._add(tabulated(self.distribution, uniforms[0]), columns)

    def _add(self, deviation: Columns, columns: Columns) -> None:
        for column, scale in self.scales:
            columns[column] += scale * deviation


def _combine(factor: Factor, rows: Sequence[Columns], scratch: Columns) -> None:
    """rows ← L·rows in place, from the last row up; not by BLAS, whose threads would decide the order of sums."""
    for i in range(len(factor) - 1, -1, -1):
        rows[i] *= factor[i][i]
        for j in range(i):
            if factor[i][j] != 0:
                np.multiply(rows[j], factor[i][j], out=scratch)
                rows[i] += scratch


class _Scores(ABC):
    """Normal scores z of several inputs, drawn column by column or as z = Φ⁻¹(u), which a kind of its own finishes."""

    columns: tuple[int, ...]

    @property
    def dimension(self) -> int:
        """One for each input."""
        return len(self.columns)

    def draw(self, generator: np.random.Generator, columns: Columns, scratch: Columns) -> None:
        """z drawn column by column."""
        rows = [columns[c] for c in self.columns]
        for row in rows:
            generator.standard_normal(out=row)
        self._finish(rows, scratch)

    def transform(self, uniforms: Columns, columns: Columns) -> None:
        """z = Φ⁻¹(u)."""
        rows = [columns[c] for c in self.columns]
        for row, u in zip(rows, uniforms, strict=True):
            row[:] = normal_quantile(u)
        self._finish(rows, np.empty_like(rows[0]))

    @abstractmethod
    def _finish(self, rows: Sequence[Columns], scratch: Columns) -> None:
        """Values from independent scores, in place."""


@dataclass(frozen=True)
class JointNormal(_Scores):
    """Correlated inputs, jointly Gaussian: means + L·z (JCGM 101 6.4.8)."""

    columns: tuple[int, ...]
    means: tuple[float, ...]
    factor: Factor

    def _finish(self, rows: Sequence[Columns], scratch: Columns) -> None:
        _combine(self.factor, rows, scratch)
        for row, mean in zip(rows, self.means, strict=True):
            row += mean


@dataclass(frozen=True)
class JointStudent:
    """Simultaneous observations: multivariate t with ν = n − N about the means (JCGM 102 5.3.2).

    `factor` is a square root of the shape matrix Σ(x−x̄)(x−x̄)ᵀ/(n·ν).
    """

    columns: tuple[int, ...]
    means: tuple[float, ...]
    factor: Factor
    dof: float

    @property
    def dimension(self) -> int:
        """One for each input and one for the common χ²."""
        return len(self.columns) + 1

    def draw(self, generator: np.random.Generator, columns: Columns, scratch: Columns) -> None:
        """z column by column, then χ²(ν) = 2·Γ(ν/2), common to all."""
        rows = [columns[c] for c in self.columns]
        for row in rows:
            generator.standard_normal(out=row)
        _combine(self.factor, rows, scratch)
        generator.standard_gamma(self.dof / 2, out=scratch)
        self._finish(rows, scratch)

    def transform(self, uniforms: Columns, columns: Columns) -> None:
        """z = Φ⁻¹(u); χ² by its quantile."""
        rows = [columns[c] for c in self.columns]
        for row, u in zip(rows, uniforms[:-1], strict=True):
            row[:] = normal_quantile(u)
        _combine(self.factor, rows, np.empty_like(rows[0]))
        self._finish(rows, tabulated(Gamma(self.dof / 2, 1), uniforms[-1]))

    def _finish(self, rows: Sequence[Columns], gamma: Columns) -> None:
        gamma *= 2 / self.dof
        np.sqrt(gamma, out=gamma)
        for row, mean in zip(rows, self.means, strict=True):
            row /= gamma
            row += mean


@dataclass(frozen=True)
class Copula(_Scores):
    """Correlated inputs of any distribution through a Gaussian copula; the coefficient is that of the normal scores.

    The correlation of the values themselves differs a little from it (for two rectangles at 0.5: 0.4826).
    """

    columns: tuple[int, ...]
    marginals: tuple[Distribution, ...]
    factor: Factor

    def _finish(self, rows: Sequence[Columns], scratch: Columns) -> None:
        _combine(self.factor, rows, scratch)
        for row, marginal in zip(rows, self.marginals, strict=True):
            if isinstance(marginal, Normal):
                row *= marginal.u
                row += marginal.mean
            else:
                # Φ of a score below −8.3 would be 0 or of one above 8.3 would be 1, where some quantiles are infinite.
                row[:] = quantile(marginal, np.clip(normal_cdf(row), 1e-17, 1 - 1e-16))


def factor_of(covariance: Sequence[Sequence[float]], symbols: Sequence[str] = ()) -> Factor:
    """L with L·Lᵀ = covariance, positive semi-definite, of any scale (Cholesky; a zero pivot gives a zero column).

    A pivot below zero by more than rounding is refused: no such quantities exist.
    """
    size = len(covariance)
    scale = [math.sqrt(covariance[i][i]) for i in range(size)]
    lower = [[0.0] * size for _ in range(size)]
    for j in range(size):
        for i in range(j, size):
            if scale[i] == 0 or scale[j] == 0:
                continue
            rest = covariance[i][j] / (scale[i] * scale[j]) - sum(lower[i][k] * lower[j][k] for k in range(j))
            lower[i][j] = _pivot(rest, symbols) if i == j else (rest / lower[j][j] if lower[j][j] else 0.0)
            if lower[j][j] == 0 and abs(rest) > 1e-6:
                raise Refused(_NOT_SEMIDEFINITE.put(symbols=", ".join(symbols)), "correlation")
    return tuple(tuple(scale[i] * value for value in row) for i, row in enumerate(lower))


def _pivot(rest: float, symbols: Sequence[str]) -> float:
    if rest < -1e-9:
        raise Refused(_NOT_SEMIDEFINITE.put(symbols=", ".join(symbols)), "correlation")
    return math.sqrt(rest) if rest > 1e-13 else 0.0
