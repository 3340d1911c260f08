"""A line through points whose errors are correlated with one another (ISO/TS 28037 clauses 9 and 10)."""

import math
from collections.abc import Sequence

from chuan.metrology.lines.checks import DIVERGES, check_points, ordinary_slope
from chuan.metrology.lines.line import Line, Model
from chuan.metrology.words import Refused, Text

Matrix = Sequence[Sequence[float]]

_SIZE = Text("phải là ma trận {n} × {n}", "must be a matrix of {n} × {n}")
_SYMMETRIC = Text("không đối xứng tại [{i}][{j}]", "is not symmetric at [{i}][{j}]")
_IMPOSSIBLE = Text("không phải ma trận hiệp phương sai xác định dương", "is no positive definite covariance matrix")
_MOST_STEPS = 200
_SETTLED = 1e-12


def fit_correlated(
    x: Sequence[float], y: Sequence[float], covariance_y: Matrix, covariance_x: Matrix | None = None
) -> Line:
    """The line by Gauss–Markov regression with the covariance matrices of the y (clause 9) and of the x (clause 10).

    The errors of x and y are taken as independent of each other. n × n matrices; cost n³/6 for each of a few steps.
    """
    n = len(x)
    check_points(x, y, 2)
    _check(covariance_y, "covariance_y", n)
    if covariance_x is not None:
        _check(covariance_x, "covariance_x", n)
    center, slope = math.fsum(x) / n, ordinary_slope(x, y)
    level = math.fsum(y) / n
    for _ in range(_MOST_STEPS):
        lower = _cholesky(_of_distance(covariance_y, covariance_x, slope))
        residuals = [yi - level - slope * (xi - center) for xi, yi in zip(x, y, strict=True)]
        ones = _forward(lower, [1.0] * n)
        h = _forward(lower, residuals)
        g = _forward(lower, _adjusted(x, covariance_x, slope, _backward(lower, h)))
        total = _dot(ones, ones)
        middle, mean = _dot(ones, g) / total, _dot(ones, h) / total
        across = [gi - middle * oi for gi, oi in zip(g, ones, strict=True)]
        spread = _dot(across, across)
        change = _dot(across, h) / spread
        level += slope * (middle - center) + mean
        center = middle
        if abs(change) <= _SETTLED / math.sqrt(spread):
            model: Model = "wls" if covariance_x is None else "gdr"
            return Line(model, center, level, slope, 1 / total, 1 / spread, dof=n - 2, chi_square=_dot(h, h))
        slope += change
    raise Refused(DIVERGES, "covariance_x")


def _of_distance(covariance_y: Matrix, covariance_x: Matrix | None, slope: float) -> list[list[float]]:
    """Covariance of y − b·x."""
    if covariance_x is None:
        return [list(row) for row in covariance_y]
    return [
        [vy + slope * slope * vx for vy, vx in zip(row_y, row_x, strict=True)]
        for row_y, row_x in zip(covariance_y, covariance_x, strict=True)
    ]


def _adjusted(x: Sequence[float], covariance_x: Matrix | None, slope: float, weighted: Sequence[float]) -> list[float]:
    """Each x moved to its best place for the current line."""
    if covariance_x is None:
        return list(x)
    return [xi + slope * _dot(row, weighted) for xi, row in zip(x, covariance_x, strict=True)]


def _check(matrix: Matrix, key: str, n: int) -> None:
    if len(matrix) != n or any(len(row) != n for row in matrix):
        raise Refused(_SIZE.put(n=n), key)
    for i in range(n):
        for j in range(i):
            if abs(matrix[i][j] - matrix[j][i]) > 1e-12 * math.sqrt(abs(matrix[i][i] * matrix[j][j])):
                raise Refused(_SYMMETRIC.put(i=i, j=j), key)


def _cholesky(matrix: list[list[float]]) -> list[list[float]]:
    """Lower factor of a positive definite matrix."""
    lower: list[list[float]] = []
    for i, row in enumerate(matrix):
        line: list[float] = []
        for j in range(i):
            line.append((row[j] - _dot(line, lower[j][:j])) / lower[j][j])
        pivot = row[i] - _dot(line, line)
        if not pivot > 1e-14 * row[i]:
            raise Refused(_IMPOSSIBLE, "covariance_y")
        lower.append([*line, math.sqrt(pivot)])
    return lower


def _forward(lower: list[list[float]], right: Sequence[float]) -> list[float]:
    """L⁻¹·right."""
    found: list[float] = []
    for row, value in zip(lower, right, strict=True):
        found.append((value - _dot(found, row[:-1])) / row[-1])
    return found


def _backward(lower: list[list[float]], right: Sequence[float]) -> list[float]:
    """L⁻ᵀ·right."""
    found = list(right)
    for i in reversed(range(len(lower))):
        found[i] /= lower[i][i]
        for j in range(i):
            found[j] -= lower[i][j] * found[i]
    return found


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return math.fsum(p * q for p, q in zip(a, b, strict=True))
