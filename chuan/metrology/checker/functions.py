"""Distributions and small algebra at the precision of an mpmath context, each by its integral or its root."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

#: A root is found when the next place is no further away than 10 to minus so much of it.
_NARROW = 25
_MOST_STEPS = 500


def decimal(value: float) -> Fraction:
    """The number that the digits of `value` say, for rules that hold at a boundary."""
    return Fraction(Decimal(repr(value)))


def rational(ctx: Any, value: Fraction) -> Any:
    """A fraction as a number of the context."""
    return ctx.mpf(value.numerator) / value.denominator


def mean(ctx: Any, values: Sequence[Any]) -> Any:
    """The arithmetic mean."""
    return ctx.fsum(values) / len(values)


def squares(ctx: Any, values: Sequence[Any]) -> Any:
    """Sum of squared deviations from the mean."""
    middle = mean(ctx, values)
    return ctx.fsum((value - middle) ** 2 for value in values)


def normal_cdf(ctx: Any, x: Any) -> Any:
    """Φ(x), right in its tail."""
    return ctx.erfc(-x / ctx.sqrt(2)) / 2


def normal_quantile(ctx: Any, p: Any) -> Any:
    """Φ⁻¹(p)."""
    return ctx.sqrt(2) * ctx.erfinv(2 * ctx.mpf(p) - 1)


def beta_cdf(ctx: Any, a: Any, b: Any, x: Any) -> Any:
    """I_x(a, b)."""
    return ctx.betainc(ctx.mpf(a), ctx.mpf(b), 0, x, regularized=True)


def f_sf(ctx: Any, f: Any, first: Any, second: Any) -> Any:
    """P(F > f); `second` None is infinite."""
    if second is None:
        return ctx.gammainc(ctx.mpf(first) / 2, first * f / 2, ctx.inf, regularized=True)
    return beta_cdf(ctx, ctx.mpf(second) / 2, ctx.mpf(first) / 2, second / (second + first * f))


def f_quantile(ctx: Any, p: Any, first: Any, second: Any) -> Any:
    """The F that is not exceeded with probability p."""
    high = ctx.mpf(1)
    while f_sf(ctx, high, first, second) > 1 - p:
        high *= 2
    return root(ctx, lambda f: f_sf(ctx, f, first, second) - (1 - p), ctx.mpf(0), high)


def binomial(ctx: Any, k: int, n: int, p: Any) -> Any:
    """P(K = k) of n trials."""
    return ctx.binomial(n, k) * p**k * (1 - p) ** (n - k)


def root(ctx: Any, f: Callable[[Any], Any], low: Any, high: Any, narrow: int = _NARROW) -> Any:
    """Where f changes sign between `low` and `high`: regula falsi whose idle end is halved (Illinois)."""
    at_low, at_high, last = f(low), f(high), None
    if not at_low:
        return low
    for _ in range(_MOST_STEPS):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = f(middle)
        if not value or (last is not None and abs(middle - last) <= ctx.mpf(10) ** -narrow * abs(middle)):
            return middle
        if value * at_high < 0:
            low, at_low = high, at_high
        else:
            at_low /= 2
        high, at_high, last = middle, value, middle
    raise ArithmeticError("no root")
