"""Distributions of input quantities and their moments (JCGM 101 6.4; GUM 4.3).

Each is data: how it is drawn stands in `monte_carlo/draws.py`, how a file names it in `files/`.
"""

import math
from dataclasses import dataclass

from chuan.metrology.words import Refused, Text

_POSITIVE = Text("phải lớn hơn 0, đang là {value:g}", "must be above 0, found {value:g}")
_NOT_NEGATIVE = Text("không được âm, đang là {value:g}", "must not be negative, found {value:g}")
_FINITE = Text("phải là số hữu hạn, đang là {value}", "must be finite, found {value}")


def finite(value: float, key: str) -> float:
    """`value`, or a refusal that names `key`."""
    if not math.isfinite(value):
        raise Refused(_FINITE.put(value=value), key)
    return value


def positive(value: float, key: str) -> float:
    """`value` above zero, or a refusal that names `key`."""
    if finite(value, key) <= 0:
        raise Refused(_POSITIVE.put(value=value), key)
    return value


def not_negative(value: float, key: str) -> float:
    """`value` of zero or more, or a refusal that names `key`."""
    if finite(value, key) < 0:
        raise Refused(_NOT_NEGATIVE.put(value=value), key)
    return value


@dataclass(frozen=True)
class Constant:
    """A value known without uncertainty."""

    mean: float

    @property
    def variance(self) -> float:
        """Zero."""
        return 0.0


@dataclass(frozen=True)
class Normal:
    """N(mean, u²) (JCGM 101 6.4.7)."""

    mean: float
    u: float

    def __post_init__(self) -> None:
        not_negative(self.u, "standard_uncertainty")

    @property
    def variance(self) -> float:
        """u²."""
        return self.u**2


@dataclass(frozen=True)
class StudentT:
    """mean + u·t(ν), scale u (JCGM 101 6.4.9); the GUM takes u itself as the standard uncertainty."""

    mean: float
    u: float
    dof: float
    #: Draws are rescaled so that u is their standard deviation; needs ν > 2.
    rescaled: bool = False

    def __post_init__(self) -> None:
        not_negative(self.u, "standard_uncertainty")
        positive(self.dof, "dof")
        if self.rescaled and self.dof <= 2:
            raise Refused(
                Text(
                    'scale = "standard_deviation" cần dof lớn hơn 2', 'scale = "standard_deviation" needs dof above 2'
                ),
                "dof",
            )

    @property
    def variance(self) -> float:
        """u² as the GUM uses it; the variance of what is drawn is u²·ν/(ν−2) unless `rescaled`."""
        return self.u**2


@dataclass(frozen=True)
class _Within:
    """Symmetric about its mean, nowhere further from it than a half width."""

    mean: float
    half_width: float

    def __post_init__(self) -> None:
        not_negative(self.half_width, "half_width")


@dataclass(frozen=True)
class Rectangular(_Within):
    """R(mean − a, mean + a): variance a²/3 (JCGM 101 6.4.2)."""

    @property
    def variance(self) -> float:
        """a²/3."""
        return self.half_width**2 / 3


@dataclass(frozen=True)
class Triangular(_Within):
    """Symmetric triangle of half width a: variance a²/6 (JCGM 101 6.4.5)."""

    @property
    def variance(self) -> float:
        """a²/6."""
        return self.half_width**2 / 6


@dataclass(frozen=True)
class Trapezoidal(_Within):
    """Symmetric trapezoid, top = β·base, 0 ≤ β ≤ 1: variance a²(1 + β²)/6 (JCGM 101 6.4.4)."""

    beta: float

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= finite(self.beta, "beta") <= 1:
            raise Refused(
                Text("phải từ 0 đến 1, đang là {value:g}", "must be 0 to 1, found {value:g}").put(value=self.beta),
                "beta",
            )

    @property
    def variance(self) -> float:
        """a²(1 + β²)/6."""
        return self.half_width**2 * (1 + self.beta**2) / 6


@dataclass(frozen=True)
class Arcsine(_Within):
    """U-shaped on ±a: variance a²/2 (JCGM 101 6.4.6)."""

    @property
    def variance(self) -> float:
        """a²/2."""
        return self.half_width**2 / 2


@dataclass(frozen=True)
class CurvilinearTrapezoid(_Within):
    """Rectangle whose half width is itself R(a − d, a + d): variance a²/3 + d²/9 (JCGM 101 6.4.3)."""

    half_width_limit: float

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= finite(self.half_width_limit, "half_width_limit") <= self.half_width:
            raise Refused(
                Text(
                    "phải từ 0 đến half_width ({most:g}), đang là {value:g}",
                    "must be 0 to half_width ({most:g}), found {value:g}",
                ).put(value=self.half_width_limit, most=self.half_width),
                "half_width_limit",
            )

    @property
    def variance(self) -> float:
        """a²/3 + d²/9."""
        return self.half_width**2 / 3 + self.half_width_limit**2 / 9


@dataclass(frozen=True)
class Exponential:
    """Exponential on [0, ∞): u = mean (JCGM 101 6.4.10)."""

    mean: float

    def __post_init__(self) -> None:
        positive(self.mean, "value")

    @property
    def variance(self) -> float:
        """mean²."""
        return self.mean**2


@dataclass(frozen=True)
class Gamma:
    """Gamma: mean = shape·scale, u = scale·√shape (JCGM 101 6.4.11)."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        positive(self.shape, "shape")
        positive(self.scale, "scale")

    @property
    def mean(self) -> float:
        """shape·scale."""
        return self.shape * self.scale

    @property
    def variance(self) -> float:
        """shape·scale²."""
        return self.shape * self.scale**2


Distribution = (
    Constant
    | Normal
    | StudentT
    | Rectangular
    | Triangular
    | Trapezoidal
    | Arcsine
    | CurvilinearTrapezoid
    | Exponential
    | Gamma
)

#: Kinds that are not symmetric about their mean; refused in components, which are centred on 0.
ASYMMETRIC = (Exponential, Gamma)
