"""The operations of a model on plain floats: what they are, and how they fail."""

import math
import operator
from collections.abc import Callable

SCALAR: dict[str, Callable[..., float]] = {
    "pi": lambda: math.pi,
    "neg": operator.neg,
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": math.pow,
    "exp": math.exp,
    "ln": math.log,
    "log10": math.log10,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "abs": abs,
    "hypot": math.hypot,
}

is_finite = math.isfinite

#: How an operation is shown in a message, with its operands put in.
SHOWN = {"add": "{} + {}", "sub": "{} − {}", "mul": "{} × {}", "div": "{} / {}", "pow": "{} ^ {}", "neg": "−({})"}


def shown(operation: str, values: list[float]) -> str:
    """An operation with its values, as a person would write it: `sqrt(-1)`, `1 / 0`."""
    numbers = [f"{value:.10g}" for value in values]
    if operation in SHOWN:
        numbers = [f"({number})" if number.startswith("-") else number for number in numbers]
        return SHOWN[operation].format(*numbers)
    return f"{operation}({'; '.join(numbers)})"
