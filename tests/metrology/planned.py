"""Sums that the tests of planning improve: of normal components, and of readings and one of them."""

import math

from chuan.metrology.inputs import Input, Measurement
from tests.metrology.measurements import measured, normal

#: Mean 10, s = 2 exactly.
READINGS = (8.0, 12.0, 10.0, 8.0, 12.0)


def summed(*parts: tuple[float, float], **more: object) -> Measurement:
    """y = a + b + … with one normal component each, (u, ν)."""
    names = "abcdef"[: len(parts)]
    inputs = [normal(name, 1.0, part) for name, part in zip(names, parts, strict=True)]
    return measured("+".join(names), *inputs, **more)


def read_and(b: float = 0.1, **more: object) -> Measurement:
    """y = a + b with a from readings and b normal."""
    return measured("a + b", Input.from_observations("a", READINGS), normal("b", 1.0, (b, math.inf)), **more)
