"""Small symmetric matrices in plain Python: correlations from covariances, and which matrices are possible."""

import math
from collections.abc import Sequence

Matrix = tuple[tuple[float, ...], ...]

#: Published coefficients are rounded, so a pivot this much below zero is taken as zero.
_ROUNDING = 1e-9


def correlation_of(covariance: Sequence[Sequence[float]]) -> Matrix:
    """Correlation matrix of a covariance matrix; 0 beside a quantity without uncertainty (GUM 5.2.2)."""
    u = [math.sqrt(covariance[i][i]) for i in range(len(covariance))]
    return tuple(
        tuple(
            1.0 if i == j else max(-1.0, min(1.0, cell / u[i] / u[j])) if u[i] and u[j] else 0.0
            for j, cell in enumerate(row)
        )
        for i, row in enumerate(covariance)
    )


def is_positive_semidefinite(matrix: Sequence[Sequence[float]]) -> bool:
    """Whether a symmetric matrix with unit diagonal can be a correlation matrix.

    Cholesky with the largest pivot first; what is left when no pivot is above the rounding must be zero too.
    """
    rest = [list(row) for row in matrix]
    left = list(range(len(rest)))
    while left:
        pivot = max(left, key=lambda i: rest[i][i])
        if min(rest[i][i] for i in left) < -_ROUNDING:
            return False
        size = rest[pivot][pivot]
        if size <= _ROUNDING:
            # Of a possible matrix nothing is left but rounding: |a_ij| ≤ √(a_ii a_jj).
            return all(abs(rest[i][j]) <= 2 * _ROUNDING for i in left for j in left)
        left.remove(pivot)
        for i in left:
            factor = rest[i][pivot] / size
            for j in left:
                rest[i][j] -= factor * rest[pivot][j]
    return True


def possible_coefficients(matrix: Sequence[Sequence[float]], i: int, j: int) -> tuple[float, float] | None:
    """Between what the coefficient of i and j may lie with all others as they are; None where they allow none.

    b'S⁻¹c ± √((1 − b'S⁻¹b)(1 − c'S⁻¹c)), S the matrix of the others and b, c their coefficients with i and j.
    """
    others = [k for k in range(len(matrix)) if k not in (i, j)]
    rest = [[matrix[a][b] for b in others] for a in others]
    if not is_positive_semidefinite(rest):
        return None
    sides = [[matrix[k][i], matrix[k][j]] for k in others]
    try:
        found = solve(rest, sides)
    except ZeroDivisionError:
        return None
    bb, bc, cc = (
        math.fsum(side[m] * row[n] for side, row in zip(sides, found, strict=True)) for m, n in ((0, 0), (0, 1), (1, 1))
    )
    if bb > 1 or cc > 1:
        return None
    reach = math.sqrt((1 - bb) * (1 - cc))
    return max(-1.0, bc - reach), min(1.0, bc + reach)


def cholesky(matrix: Sequence[Sequence[float]]) -> Matrix:
    """Lower triangle L with L·Lᵀ = matrix, zero columns where a pivot is zero; the matrix is positive semi-definite."""
    n = len(matrix)
    lower = [[0.0] * n for _ in range(n)]
    for j in range(n):
        size = matrix[j][j] - math.fsum(x * x for x in lower[j][:j])
        if size <= _ROUNDING * abs(matrix[j][j]):
            continue
        lower[j][j] = math.sqrt(size)
        for i in range(j + 1, n):
            inner = math.fsum(a * b for a, b in zip(lower[i][:j], lower[j][:j], strict=True))
            lower[i][j] = (matrix[i][j] - inner) / lower[j][j]
    return tuple(map(tuple, lower))


def solve(matrix: Sequence[Sequence[float]], right: Sequence[Sequence[float]]) -> list[list[float]]:
    """X of matrix·X = right by Gaussian elimination with partial pivoting; ZeroDivisionError when singular."""
    n = len(matrix)
    rows = [[*a, *b] for a, b in zip(matrix, right, strict=True)]
    for k in range(n):
        best = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[best] = rows[best], rows[k]
        for i in range(k + 1, n):
            factor = rows[i][k] / rows[k][k]
            for j in range(k, len(rows[i])):
                rows[i][j] -= factor * rows[k][j]
    width = len(rows[0]) - n if n else 0
    found = [[0.0] * width for _ in range(n)]
    for k in range(n - 1, -1, -1):
        for c in range(width):
            known = math.fsum(rows[k][j] * found[j][c] for j in range(k + 1, n))
            found[k][c] = (rows[k][n + c] - known) / rows[k][k]
    return found
