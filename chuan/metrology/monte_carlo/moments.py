"""Means and scatter of drawn values, chunk by chunk, put together in a fixed order (JCGM 101 7.6)."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Of `count` draws of k quantities: `mean` (k,) and `scatter` (k, k) = Σ(y − ȳ)(y − ȳ)ᵀ."""

    count: int
    mean: Values
    scatter: Values

    @property
    def covariance(self) -> Values:
        """scatter/(M − 1) (JCGM 101 equation 17)."""
        return self.scatter / (self.count - 1)

    @property
    def standard_deviation(self) -> Values:
        """Square roots of the covariance's diagonal, (k,)."""
        root: Values = np.sqrt(np.diagonal(self.covariance))
        return root


@dataclass(frozen=True)
class Account:
    """One chunk's part in the result: each output over its own finite draws, and all over the trials finite in all."""

    single: tuple[Moments, ...]
    joint: Moments


def moments_of(values: Values, scratch: Values | None = None) -> Moments:
    """Of `values` (k, m); where one is not finite, neither is the scatter. `scratch` (k, ≥ m) is overwritten.

    Sums are taken about the first draw, so that a large value keeps its small scatter: what cancels in Σd² − (Σd)²/m is
    no more than the square of that draw's distance from the mean.
    """
    size, count = values.shape
    deviations = (np.empty(values.shape) if scratch is None else scratch)[:, :count]
    np.subtract(values, values[:, :1], out=deviations)
    sums = deviations.sum(axis=1)
    scatter = np.empty((size, size))
    for i in range(size):
        # Row i is squared last, in place. Not a dot product: BLAS sums in an order that depends on its threads.
        for j in range(i + 1, size):
            scatter[i, j] = scatter[j, i] = (deviations[i] * deviations[j]).sum()
        np.multiply(deviations[i], deviations[i], out=deviations[i])
        scatter[i, i] = deviations[i].sum()
    scatter -= np.outer(sums, sums) / count
    np.maximum(scatter.reshape(-1)[:: size + 1], 0.0, out=scatter.reshape(-1)[:: size + 1])
    return Moments(count, values[:, 0] + sums / count, scatter)


def merge(first: Moments, second: Moments) -> Moments:
    """The moments of both sets of draws together (Chan, Golub and LeVeque)."""
    if first.count == 0:
        return second
    if second.count == 0:
        return first
    count = first.count + second.count
    between = second.mean - first.mean
    mean = first.mean + between * (second.count / count)
    scatter = first.scatter + second.scatter + np.outer(between, between) * (first.count * second.count / count)
    return Moments(count, mean, scatter)


def account_of(values: Values, scratch: Values | None = None) -> Account:
    """The account of one chunk's `values` (k, m); draws that are not finite are left out."""
    with np.errstate(all="ignore"):
        joint = moments_of(values, scratch)
    if np.isfinite(joint.scatter).all():
        return Account(tuple(_row(joint, i) for i in range(len(values))), joint)
    finite = np.isfinite(values)
    single = tuple(_moments_or_none(values[i : i + 1, finite[i]]) for i in range(len(values)))
    return Account(single, _moments_or_none(values[:, finite.all(axis=0)]))


def add_up(accounts: Sequence[Account]) -> Account:
    """The account of all chunks together, added in their order whatever the order they were computed in."""
    single = tuple(functools.reduce(merge, rows) for rows in zip(*(a.single for a in accounts), strict=True))
    return Account(single, functools.reduce(merge, (a.joint for a in accounts)))


def _row(joint: Moments, i: int) -> Moments:
    return Moments(joint.count, joint.mean[i : i + 1], joint.scatter[i : i + 1, i : i + 1])


def _moments_or_none(values: Values) -> Moments:
    size = len(values)
    return moments_of(values) if values.shape[1] else Moments(0, np.zeros(size), np.zeros((size, size)))
