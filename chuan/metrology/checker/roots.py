"""Implicit equations a second time: Newton's method with numerical derivatives, from near the start (JCGM 102 6.3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_STEPS, _HALVINGS = 200, 60

Node = Callable[[Any, Mapping[str, Any]], Any]


def solve(ctx: Any, nodes: Sequence[tuple[str, Node]], x: Mapping[str, Any], start: Sequence[Any]) -> list[Any]:
    """The unknowns at which every equation is zero, to all digits of the context but a few."""
    names = [name for name, _ in nodes]

    def of(y: Sequence[Any]) -> Any:
        known = {**x, **dict(zip(names, y, strict=True))}
        return ctx.matrix([node(ctx, known) for _, node in nodes])

    y, here = list(start), of(start)
    for _ in range(_STEPS):
        if not any(here):
            return y
        step = ctx.lu_solve(_jacobian(ctx, of, y), -here)
        y, here = _nearer(ctx, of, y, step, ctx.norm(here))
        if all(abs(d) <= abs(v) * ctx.mpf(10) ** (5 - ctx.dps) for d, v in zip(step, y, strict=True)):
            return y
    raise ArithmeticError("no solution")


def _jacobian(ctx: Any, of: Callable[[Sequence[Any]], Any], y: Sequence[Any]) -> Any:
    """∂f/∂y by central differences."""
    found = ctx.matrix(len(y), len(y))
    for j, value in enumerate(y):
        h = (abs(value) or ctx.mpf(1)) * ctx.mpf(10) ** (-ctx.dps // 3)
        ahead, behind = (of([*y[:j], value + d, *y[j + 1 :]]) for d in (h, -h))
        for i in range(len(y)):
            found[i, j] = (ahead[i] - behind[i]) / (2 * h)
    return found


def _nearer(
    ctx: Any, of: Callable[[Sequence[Any]], Any], y: Sequence[Any], step: Any, size: Any
) -> tuple[list[Any], Any]:
    """The largest halved step that brings the equations nearer to zero; the whole one where none does."""
    for halving in range(_HALVINGS):
        tried = [v + d / 2**halving for v, d in zip(y, step, strict=True)]
        try:
            there = of(tried)
        except (ArithmeticError, ValueError):
            continue
        if all(ctx.isfinite(value) and not ctx.im(value) for value in there) and ctx.norm(there) < size:
            return tried, there
    tried = [v + d for v, d in zip(y, step, strict=True)]
    return tried, of(tried)


#: New draws are compared within their scatter, so a solution need not be better than this part of it.
_NEAR, _FEW_STEPS = 1e-9, 50


class Near:
    """The unknowns in doubles at inputs not far from those of one solution, by steps with the slopes at that one."""

    def __init__(self, ctx: Any, nodes: Sequence[tuple[str, Node]], x: Mapping[str, float], y: Sequence[float]) -> None:
        self.ctx, self.nodes, self.start = ctx, nodes, list(y)
        self.names = [name for name, _ in nodes]
        inverse = ctx.inverse(_jacobian(ctx, lambda tried: self._of(x, tried), self.start))
        self.inverse = [[float(inverse[i, j]) for j in range(len(y))] for i in range(len(y))]

    def _of(self, x: Mapping[str, float], y: Sequence[float]) -> list[Any]:
        known = {**x, **dict(zip(self.names, y, strict=True))}
        return [node(self.ctx, known) for _, node in self.nodes]

    def at(self, x: Mapping[str, float]) -> list[float]:
        """The solution at other inputs; an ArithmeticError where the steps do not come down on one."""
        y = self.start
        for _ in range(_FEW_STEPS):
            f = self._of(x, y)
            step = [-sum(a * b for a, b in zip(row, f, strict=True)) for row in self.inverse]
            y = [v + d for v, d in zip(y, step, strict=True)]
            if all(abs(d) <= _NEAR * abs(v) for d, v in zip(step, y, strict=True)):
                return y
        raise ArithmeticError("no solution")
