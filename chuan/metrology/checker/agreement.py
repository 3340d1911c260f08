"""What two kernels say, side by side: every number with its relative difference, every word the same or not."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chuan.metrology.words import Refused, Text

#: The two kernels agree when no number differs by more than this part of it.
TOLERANCE = 1e-10
#: Doubles keep 10⁻¹⁶ of what a difference is taken of; less than 10⁻¹⁴ of that is no disagreement.
_KEPT = 1e-4

_SHAPE = Text("kết quả không có các phần như tài liệu nói", "the result has not the parts that its document says")


@dataclass(frozen=True)
class Difference:
    """One value in both kernels; `relative` is infinite where one of them has none, or where words differ."""

    key: str
    stored: object
    recomputed: object
    relative: float


@dataclass(frozen=True)
class Agreement:
    """How many values were recomputed, the largest difference, all beyond the tolerance, and the keys left out."""

    compared: int
    largest: Difference | None
    beyond: tuple[Difference, ...]
    #: Parts of the result that this kernel did not recompute.
    left_out: tuple[str, ...] = ()
    #: How many more were held against new draws, and the greatest distance in their standard errors.
    drawn: int = 0
    farthest: float = 0.0


@dataclass(frozen=True)
class Left:
    """What a subtraction left: compared no more finely than doubles allow for the numbers of size `of`.

    A root of what was left is compared by its square (`power` 2, `of` the root of what was subtracted from).
    """

    value: Any
    of: Any
    power: int = 1


@dataclass(frozen=True)
class Within:
    """A value of random draws or of an iteration that stopped: it agrees within `allowed`, an absolute amount."""

    value: Any
    allowed: Any


@dataclass(frozen=True)
class Skipped:
    """A part that is not recomputed."""


SKIPPED = Skipped()


def refused_shape(place: str) -> Refused:
    """The refusal of a result that has other parts than its document."""
    return Refused(_SHAPE, place)


def compare(stored: Any, found: Any, place: str) -> Iterator[Difference | str]:
    """Every value of a stored result beside what was found; a place alone where nothing was recomputed."""
    if isinstance(found, Skipped):
        yield place
    elif isinstance(found, Mapping):
        if not isinstance(stored, Mapping) or set(stored) != set(found):
            raise refused_shape(place)
        for key, item in found.items():
            yield from compare(stored[key], item, f"{place}.{key}" if place else str(key))
    elif isinstance(found, Sequence) and not isinstance(found, str):
        if not isinstance(stored, Sequence) or isinstance(stored, str) or len(stored) != len(found):
            raise refused_shape(place)
        for i, item in enumerate(found):
            yield from compare(stored[i], item, f"{place}[{i}]")
    else:
        yield one(place, stored, found)


def one(key: str, stored: Any, found: Any) -> Difference:
    """One value beside what was found."""
    if found is None or isinstance(found, (str, bool)):
        same = stored is found if found is None or isinstance(found, bool) else stored == found
        return Difference(key, stored, found, 0.0 if same else math.inf)
    value = found.value if isinstance(found, (Left, Within)) else found
    if isinstance(stored, (bool, str)) or not isinstance(stored, (int, float)):
        return Difference(key, stored, float(value), math.inf)
    if isinstance(found, Within):
        excess = float(abs(stored - value) / found.allowed) if found.allowed else (0.0 if stored == value else math.inf)
        # What is no number agrees with nothing.
        return Difference(key, stored, float(value), excess * TOLERANCE if excess == excess else math.inf)
    size, power = abs(value), 1
    if isinstance(found, Left):
        size, power = max(size, abs(found.of) * _KEPT ** (1 / found.power)), found.power
    difference = abs(stored**power - value**power)
    relative = float(difference / (power * size**power)) if size else (0.0 if not difference else math.inf)
    return Difference(key, stored, float(value), relative)


def number(key: str, stored: Any, found: Any, floor: Any, condition: Any = 1) -> Difference:
    """|stored − found| relative to `found`, or to `floor` where that is larger."""
    if stored is None or found is None:
        return Difference(key, stored, None if found is None else float(found), 0.0 if stored is found else math.inf)
    size = max(abs(found), floor)
    difference = abs(stored - found)
    relative = float(difference / size * condition) if size else (0.0 if not difference else math.inf)
    return Difference(key, stored, float(found), relative)
