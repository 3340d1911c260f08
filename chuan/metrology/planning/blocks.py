"""Simultaneous observations, if there were more or fewer rows of them (GUM 4.2.3, 5.2.3)."""

import math
from dataclasses import replace

from chuan.metrology.inputs import Measurement, Simultaneous
from chuan.metrology.inputs.matrices import cholesky


def block_of(measurement: Measurement, symbol: str) -> Simultaneous | None:
    """The simultaneous observations that a symbol belongs to."""
    return next((block for block in measurement.simultaneous if symbol in block.symbols), None)


def least_rows(block: Simultaneous) -> int:
    """The fewest rows that a block may have."""
    return max(2, len(block.symbols) + 1)


def with_rows(measurement: Measurement, block: Simultaneous, n: int) -> Measurement:
    """The measurement if the block had `n` rows with the means, variances and correlations of one reading found."""
    other = _rows(block, n)
    return replace(measurement, simultaneous=tuple(other if one is block else one for one in measurement.simultaneous))


def _rows(block: Simultaneous, n: int) -> Simultaneous:
    """Rows mean + H·Lᵀ: H has orthonormal columns that sum to 0, and L·Lᵀ is the scatter wanted."""
    width = len(block.symbols)
    lower = cholesky([[cell * (n - 1) / block.dof for cell in row] for row in block.scatter])
    rows = []
    for k in range(n):
        contrasts = [_contrast(j, k) for j in range(1, width + 1)]
        shift = [math.fsum(h * lower[i][j] for j, h in enumerate(contrasts)) for i in range(width)]
        rows.append(tuple(mean + d for mean, d in zip(block.means, shift, strict=True)))
    return Simultaneous(block.symbols, tuple(rows))


def _contrast(j: int, k: int) -> float:
    """Row k of Helmert's j-th contrast: j equal entries, then one that balances them, then zeros."""
    if k > j:
        return 0.0
    return (1.0 if k < j else -float(j)) / math.sqrt(j * (j + 1))
