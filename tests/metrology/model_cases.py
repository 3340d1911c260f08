"""Random models whose values can be had in other arithmetic: one tree, written as an equation or evaluated."""

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
from hypothesis import reject
from hypothesis import strategies as st

from chuan.metrology.model import Model
from chuan.metrology.words import Refused

Tree = tuple[Any, ...]
SYMBOLS = ("x", "y", "z")

_BINARY = {"+": "{} + {}", "-": "{} - {}", "*": "{}*{}", "/": "{}/{}"}
_LEAVES = st.one_of(
    st.sampled_from([("symbol", name) for name in SYMBOLS]),
    st.floats(0.1, 4.0).map(lambda number: ("number", round(number, 3))),
)


def _grown(children: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.tuples(st.sampled_from(sorted(_BINARY)), children, children),
        st.tuples(st.sampled_from(["exp", "sin", "cos", "tanh", "atan", "sinh", "neg", "cosh"]), children),
        st.tuples(st.sampled_from(["ln", "sqrt", "log10", "abs", "tan", "asin", "acos"]), children),
        st.tuples(st.just("hypot"), children, children),
        st.tuples(st.just("^"), children, st.sampled_from([-3, -2, -1, 2, 3, 4, 7, 9, 0.5, 1.5])),
        st.tuples(st.just("raise"), children, children),
    )


#: Trees of up to some ten operations over x, y, z.
trees = st.recursive(_LEAVES, _grown, max_leaves=8).filter(lambda tree: _symbols(tree) != set())

#: A point well inside the usual domains.
points = st.tuples(*[st.floats(0.3, 2.5) for _ in SYMBOLS])


def _symbols(tree: Tree) -> set[str]:
    if tree[0] == "symbol":
        return {tree[1]}
    return set().union(*[_symbols(child) for child in tree[1:] if isinstance(child, tuple)])


def written(tree: Tree) -> str:
    """The tree as an equation, with every parenthesis."""
    kind, *rest = tree
    if kind in ("symbol", "number"):
        return str(rest[0])
    parts = [written(child) if isinstance(child, tuple) else f"({child})" for child in rest]
    if kind in _BINARY:
        return "(" + _BINARY[kind].format(*parts) + ")"
    if kind in ("^", "raise"):
        return f"(({parts[0]})^({parts[1]}))"
    if kind == "neg":
        return f"(-({parts[0]}))"
    return f"{kind}({', '.join(parts)})"


def model_of(tree: Tree) -> Model:
    """The tree as a model; a tree with a constant part that has no value is passed over."""
    try:
        return Model.from_equations([("r", written(tree))], SYMBOLS)
    except Refused:
        reject()


class OutsideError(Exception):
    """The tree has no well-conditioned real value here."""


_MP: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
    "raise": lambda a, b: a**b,
    "neg": lambda a: -a,
    "abs": lambda a: -a if a < 0 else a,
    "log10": lambda a: mpmath.log(a) / mpmath.log(10),
    "ln": mpmath.log,
    "hypot": lambda a, b: mpmath.sqrt(a * a + b * b),
}


def evaluated(tree: Tree, x: Sequence[Any], seen: list[Any]) -> Any:
    """The tree's value in mpmath; each node's value is added to `seen`."""
    kind, *rest = tree
    if kind == "symbol":
        value = x[SYMBOLS.index(rest[0])]
    elif kind == "number":
        value = mpmath.mpf(rest[0])
    else:
        operands = [evaluated(child, x, seen) if isinstance(child, tuple) else mpmath.mpf(child) for child in rest]
        _check(kind, operands)
        value = (_MP[kind] if kind in _MP else getattr(mpmath, kind))(*operands)
    seen.append(value)
    if not 1e-3 < abs(value) < 1e3:
        raise OutsideError
    return value


def _check(kind: str, operands: list[Any]) -> None:
    if kind in ("ln", "log10", "sqrt", "^", "raise") and operands[0] < 0.05:
        raise OutsideError
    if kind in ("asin", "acos") and abs(operands[0]) > 0.95:
        raise OutsideError
    if kind == "tan" and abs(operands[0]) > 1.4:
        raise OutsideError
    if kind in ("exp", "sinh", "cosh") and abs(operands[0]) > 6:
        raise OutsideError
