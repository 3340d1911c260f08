"""Draws from each distribution, into memory that is already there (JCGM 101 6.4).

A draw fills `out`, in place and in one pass per step, so that a chunk stays in the processor's cache; `scratch` has the
same length and holds what a distribution needs a second number for. Beside the generator's own numbers only + − × ÷ √
are used, which every processor rounds alike: a seed gives the same draws everywhere, as a sine would not.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.distributions import (
    Arcsine,
    Constant,
    CurvilinearTrapezoid,
    Distribution,
    Exponential,
    Gamma,
    Normal,
    Rectangular,
    StudentT,
    Trapezoidal,
    Triangular,
)

Column = NDArray[np.float64]


def draw(distribution: Distribution, generator: np.random.Generator, out: Column, scratch: Column) -> None:
    """Fill `out` with independent draws of `distribution`; `scratch`, of the same shape (m,), is overwritten."""
    _DRAWS[type(distribution)](distribution, generator, out, scratch)


def _place(out: Column, scale: float, mean: float) -> None:
    if scale != 1:
        out *= scale
    if mean:
        out += mean


def _constant(distribution: Constant, generator: np.random.Generator, out: Column, scratch: Column) -> None:
    out.fill(distribution.mean)


def _normal(distribution: Normal, generator: np.random.Generator, out: Column, scratch: Column) -> None:
    generator.standard_normal(out=out)
    _place(out, distribution.u, distribution.mean)


def student_scale(distribution: StudentT) -> float:
    """What a draw of t(ν) is multiplied by: u, or u·√((ν−2)/ν) where u is to be the standard deviation."""
    if distribution.rescaled:
        return distribution.u * float(np.sqrt((distribution.dof - 2) / distribution.dof))
    return distribution.u


def _student(distribution: StudentT, generator: np.random.Generator, out: Column, scratch: Column) -> None:
    """N(0, 1)·√(ν / χ²(ν)), with χ²(ν) = 2·Γ(ν/2) (JCGM 101 6.4.9.5)."""
    generator.standard_normal(out=out)
    generator.standard_gamma(distribution.dof / 2, out=scratch)
    scratch *= 2 / distribution.dof
    np.sqrt(scratch, out=scratch)
    out /= scratch
    _place(out, student_scale(distribution), distribution.mean)


def _rectangular(distribution: Rectangular, generator: np.random.Generator, out: Column, scratch: Column) -> None:
    generator.random(out=out)
    _place(out, 2 * distribution.half_width, distribution.mean - distribution.half_width)


def _triangular(distribution: Triangular, generator: np.random.Generator, out: Column, scratch: Column) -> None:
    """a·(r₁ + r₂ − 1) (JCGM 101 6.4.5.4)."""
    generator.random(out=out)
    generator.random(out=scratch)
    out += scratch
    _place(out, distribution.half_width, distribution.mean - distribution.half_width)


def _trapezoidal(distribution: Trapezoidal, generator: np.random.Generator, out: Column, scratch: Column) -> None:
    """a·((1 + β)r₁ + (1 − β)r₂ − 1) (JCGM 101 6.4.4.4)."""
    generator.random(out=out)
    generator.random(out=scratch)
    out *= 1 + distribution.beta
    scratch *= 1 - distribution.beta
    out += scratch
    _place(out, distribution.half_width, distribution.mean - distribution.half_width)


def _arcsine(distribution: Arcsine, generator: np.random.Generator, out: Column, scratch: Column) -> None:
    """a·x/√(x² + y²), x and y Gaussian: the cosine of a uniform angle, as a·sin(2πr) is (JCGM 101 6.4.6.4)."""
    generator.standard_normal(out=out)
    generator.standard_normal(out=scratch)
    scratch *= scratch
    scratch += out * out
    np.sqrt(scratch, out=scratch)
    out /= scratch
    _place(out, distribution.half_width, distribution.mean)


def _curvilinear(
    distribution: CurvilinearTrapezoid, generator: np.random.Generator, out: Column, scratch: Column
) -> None:
    """(2r₂ − 1)·h with h = (a − d) + 2d·r₁, the half width itself drawn (JCGM 101 6.4.3.4)."""
    generator.random(out=scratch)
    _place(scratch, 2 * distribution.half_width_limit, distribution.half_width - distribution.half_width_limit)
    generator.random(out=out)
    _place(out, 2.0, -1.0)
    out *= scratch
    out += distribution.mean


def _exponential(distribution: Exponential, generator: np.random.Generator, out: Column, scratch: Column) -> None:
    generator.standard_exponential(out=out)
    out *= distribution.mean


def _gamma(distribution: Gamma, generator: np.random.Generator, out: Column, scratch: Column) -> None:
    generator.standard_gamma(distribution.shape, out=out)
    out *= distribution.scale


_DRAWS: Mapping[type, Callable[[Any, np.random.Generator, Column, Column], None]] = {
    Constant: _constant,
    Normal: _normal,
    StudentT: _student,
    Rectangular: _rectangular,
    Triangular: _triangular,
    Trapezoidal: _trapezoidal,
    Arcsine: _arcsine,
    CurvilinearTrapezoid: _curvilinear,
    Exponential: _exponential,
    Gamma: _gamma,
}
