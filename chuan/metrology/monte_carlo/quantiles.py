"""Quantile functions, over arrays: for quasi-random points and for the Gaussian copula (JCGM 101 C.2).

A quantile here takes `u`, probabilities strictly between 0 and 1 of shape (m,), and gives new values of the same shape.
`scipy.special` is imported when one of them is first used: it takes longer to load than a run takes.
"""

import functools
import importlib
import math
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
from chuan.metrology.monte_carlo.draws import student_scale

Column = NDArray[np.float64]


def quantile(distribution: Distribution, u: Column) -> Column:
    """The values below which a draw of `distribution` lies with probabilities `u` (m,), 0 < u < 1."""
    result: Column = _QUANTILES[type(distribution)](distribution, u)
    return result


def tabulated(distribution: Distribution, u: Column) -> Column:
    """As `quantile`, to four digits of u, and fast also for Student's t, gamma and curvilinear trapezoids.

    Their quantiles have no closed form: tables over normal scores are made once for each shape and interpolated.
    """
    match distribution:
        case StudentT(mean, _, dof, _):
            return mean + student_scale(distribution) * _interpolated(u, StudentT(0, 1, dof))
        case Gamma(shape, scale):
            return scale * _interpolated(u, Gamma(shape, 1))
        case CurvilinearTrapezoid(mean, a, d) if d > 0:
            return mean + a * _interpolated(u, CurvilinearTrapezoid(0, 1, d / a))
        case _:
            return quantile(distribution, u)


#: Normal scores of the tables; the outermost are beyond what 32 bits of probability reach.
_SCORES = np.linspace(-6.5, 6.5, 1041)


def _interpolated(u: Column, shape: Distribution) -> Column:
    # Equal steps, so that a place in the table is a multiplication: np.interp searches, and takes ten times as long.
    place = (normal_quantile(u) - _SCORES[0]) * ((len(_SCORES) - 1) / (_SCORES[-1] - _SCORES[0]))
    index = np.clip(place.astype(np.intp), 0, len(_SCORES) - 2)
    place -= index
    values, rises = _table(shape)
    result: Column = values[index] + place * rises[index]
    return result


@functools.lru_cache(maxsize=256)
def _table(shape: Distribution) -> tuple[Column, Column]:
    values = quantile(shape, normal_cdf(_SCORES))
    return values, np.diff(values)


def special() -> Any:
    """`scipy.special`, loaded when it is first needed."""
    return importlib.import_module("scipy.special")


def normal_quantile(u: Column) -> Column:
    """Φ⁻¹(u)."""
    result: Column = special().ndtri(u)
    return result


def normal_cdf(z: Column) -> Column:
    """Φ(z)."""
    result: Column = special().ndtr(z)
    return result


def _student(distribution: StudentT, u: Column) -> Column:
    result: Column = distribution.mean + student_scale(distribution) * special().stdtrit(distribution.dof, u)
    return result


def _gamma(distribution: Gamma, u: Column) -> Column:
    result: Column = distribution.scale * special().gammaincinv(distribution.shape, u)
    return result


def _trapezoidal(distribution: Trapezoidal, u: Column) -> Column:
    """Flat top of half width βa; the sloping sides hold (1 − β)/(2(1 + β)) each."""
    a, beta = distribution.half_width, distribution.beta
    nearer = np.minimum(u, 1 - u)
    with np.errstate(invalid="ignore"):
        side = -1 + np.sqrt(2 * nearer * (1 - beta**2))
        top = (2 * nearer - 1) * (1 + beta) / 2
    corner = (1 - beta) / (2 * (1 + beta))
    below = np.where(nearer < corner, side, top)
    return distribution.mean + a * np.where(u <= 0.5, below, -below)


def _curvilinear(distribution: CurvilinearTrapezoid, u: Column) -> Column:
    """Density constant inside ±(a − d); outside, 1 − F = (w − x − x·ln(w/x))/(4d) with w = a + d, inverted."""
    a, d = distribution.half_width, distribution.half_width_limit
    if d == 0:
        return distribution.mean + a * (2 * u - 1)
    w, inner = a + d, a - d
    tail = np.minimum(u, 1 - u)
    density = math.log(w / inner) / (4 * d) if inner > 0 else math.inf
    with np.errstate(invalid="ignore"):
        flat = (0.5 - tail) / density
    corner = 0.5 - density * inner if inner > 0 else 0.5
    x = np.where(tail > corner, flat, w * _tail_root(np.minimum(tail, corner) * 4 * d / w, inner / w))
    return distribution.mean + np.where(u >= 0.5, x, -x)


def _tail_root(c: Column, least: float) -> Column:
    """s in [least, 1] with 1 − s + s·ln s = c: Newton from below, where the function falls and is convex."""
    s = np.full_like(c, max(least, 1e-300))
    for _ in range(60):
        log = np.log(s)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.nan_to_num((1 - s + s * log - c) / log)
        s = np.clip(s - step, s, 1.0)
        if float(np.max(np.abs(step))) < 1e-15:
            break
    return s


_QUANTILES: Mapping[type, Callable[[Any, Column], Column]] = {
    Constant: lambda d, u: np.full_like(u, d.mean),
    Normal: lambda d, u: d.mean + d.u * normal_quantile(u),
    StudentT: _student,
    Rectangular: lambda d, u: d.mean + d.half_width * (2 * u - 1),
    Triangular: lambda d, u: _trapezoidal(Trapezoidal(d.mean, d.half_width, 0.0), u),
    Trapezoidal: _trapezoidal,
    Arcsine: lambda d, u: d.mean - d.half_width * np.cos(np.pi * u),
    CurvilinearTrapezoid: _curvilinear,
    Exponential: lambda d, u: -d.mean * np.log1p(-u),
    Gamma: _gamma,
}
