"""Numbers of mpmath that carry their slopes: derivatives in other arithmetic, by the rules of differentiation alone.

Beside them goes how much cancelled on the way: what doubles could not keep is no measure of a kernel in doubles.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import mpmath


@dataclass(frozen=True)
class Dual:
    """A value and its slope along each input; `kept` is the least part that any sum left of its larger term."""

    value: Any
    slopes: tuple[Any, ...]
    kept: Any = 1.0

    @classmethod
    def of(cls, number: Any, count: int) -> "Dual":
        """The number itself, or a number of the text without slopes."""
        return number if isinstance(number, Dual) else cls(mpmath.mpf(number), (mpmath.mpf(0),) * count)

    def _joined(self, other: Any, value: Any, own: Any, its: Any) -> "Dual":
        terms = [(own * a, its * b) for a, b in zip(self.slopes, other.slopes, strict=True)]
        left = [abs(a + b) / max(abs(a), abs(b)) for a, b in terms if a and b]
        return Dual(value, tuple(a + b for a, b in terms), min([self.kept, other.kept, *left]))

    def _summed(self, other: Any, value: Any, sign: int) -> "Dual":
        joined = self._joined(other, value, 1, sign)
        return replace(joined, kept=min(joined.kept, abs(value) / max(abs(self.value), abs(other.value))))

    def __add__(self, other: Any) -> "Dual":
        b = Dual.of(other, len(self.slopes))
        return self._summed(b, self.value + b.value, 1)

    def __sub__(self, other: Any) -> "Dual":
        b = Dual.of(other, len(self.slopes))
        return self._summed(b, self.value - b.value, -1)

    def __mul__(self, other: Any) -> "Dual":
        b = Dual.of(other, len(self.slopes))
        return self._joined(b, self.value * b.value, b.value, self.value)

    def __truediv__(self, other: Any) -> "Dual":
        b = Dual.of(other, len(self.slopes))
        return self._joined(b, self.value / b.value, 1 / b.value, -self.value / b.value**2)

    def __radd__(self, other: Any) -> "Dual":
        return Dual.of(other, len(self.slopes)) + self

    def __rsub__(self, other: Any) -> "Dual":
        return Dual.of(other, len(self.slopes)) - self

    def __rmul__(self, other: Any) -> "Dual":
        return Dual.of(other, len(self.slopes)) * self

    def __rtruediv__(self, other: Any) -> "Dual":
        return Dual.of(other, len(self.slopes)) / self

    def __pow__(self, power: Any) -> "Dual":
        slope = power * self.value ** (power - 1)
        return Dual(self.value**power, tuple(slope * one for one in self.slopes), self.kept)

    def __neg__(self) -> "Dual":
        return Dual(-self.value, tuple(-one for one in self.slopes), self.kept)


#: Beyond such an argument a function of doubles tells little of its slope.
_LARGEST = 40


def variable(value: float, index: int, count: int) -> Dual:
    """The input number `index` of `count`."""
    return Dual(mpmath.mpf(value), tuple(mpmath.mpf(int(i == index)) for i in range(count)))


def _function(value: Callable[[Any], Any], slope: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def applied(x: Any) -> Any:
        if not isinstance(x, Dual):
            return value(mpmath.mpf(x))
        own, found = slope(x.value), value(x.value)
        # A relative error of x is one of the value x·f′/f times as large, and grows as fast in the slope.
        kept = min(x.kept, abs(found) / max(abs(x.value * own), 1), abs(own) / max(abs(x.value) * abs(found), 1))
        return Dual(found, tuple(own * one for one in x.slopes), kept if abs(x.value) < _LARGEST else mpmath.mpf(0))

    return applied


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sqrt": _function(mpmath.sqrt, lambda x: 1 / (2 * mpmath.sqrt(x))),
    "exp": _function(mpmath.exp, mpmath.exp),
    "sin": _function(mpmath.sin, mpmath.cos),
    "atan": _function(mpmath.atan, lambda x: 1 / (1 + x * x)),
    "ln": _function(mpmath.log, lambda x: 1 / x),
    "tanh": _function(mpmath.tanh, lambda x: mpmath.sech(x) ** 2),
}
