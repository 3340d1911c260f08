"""Complex quantities: impedances and S-parameters with the covariance of their real and imaginary parts (JCGM 102).

A quantity carries its derivative to each real influence, so that whatever is computed from the same influences stays
correlated: H.2 of the GUM in complex form, the error correction and cascading of ports.
"""

import cmath
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chuan.metrology.distributions import not_negative
from chuan.metrology.inputs import Simultaneous
from chuan.metrology.inputs.matrices import Matrix, cholesky
from chuan.metrology.special import f_quantile
from chuan.metrology.words import Refused, Text

_NOT_FINITE = Text("giá trị không hữu hạn", "the value is not finite")
_ZERO = Text("chia cho đại lượng bằng 0", "division by a quantity that is 0")
_COVARIANCE = Text("ma trận hiệp phương sai 2 × 2 không thể có", "this 2 × 2 covariance matrix is impossible")


@dataclass(frozen=True, eq=False)
class Cause:
    """One independent set of real influences of unit variance, with its ν; identity tells causes apart."""

    label: str
    dof: float = math.inf


#: An influence: its cause, and which of the cause's influences.
Influence = tuple[Cause, int]


@dataclass(frozen=True)
class ComplexQuantity:
    """A complex value and its derivative to each influence (of unit variance, independent of the others)."""

    value: complex
    derivatives: Mapping[Influence, complex] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not cmath.isfinite(self.value):
            raise Refused(_NOT_FINITE)

    def __add__(self, other: "ComplexQuantity | complex") -> "ComplexQuantity":
        other = quantity(other)
        return _linear(self.value + other.value, (1, self), (1, other))

    __radd__ = __add__

    def __neg__(self) -> "ComplexQuantity":
        return _linear(-self.value, (-1, self))

    def __sub__(self, other: "ComplexQuantity | complex") -> "ComplexQuantity":
        other = quantity(other)
        return _linear(self.value - other.value, (1, self), (-1, other))

    def __rsub__(self, other: complex) -> "ComplexQuantity":
        return quantity(other) - self

    def __mul__(self, other: "ComplexQuantity | complex") -> "ComplexQuantity":
        other = quantity(other)
        return _linear(self.value * other.value, (other.value, self), (self.value, other))

    __rmul__ = __mul__

    def __truediv__(self, other: "ComplexQuantity | complex") -> "ComplexQuantity":
        other = quantity(other)
        if not other.value:
            raise Refused(_ZERO)
        ratio = self.value / other.value
        return _linear(ratio, (1 / other.value, self), (-ratio / other.value, other))

    def __rtruediv__(self, other: complex) -> "ComplexQuantity":
        return quantity(other) / self

    def conjugate(self) -> "ComplexQuantity":
        """z*."""
        return ComplexQuantity(self.value.conjugate(), {k: d.conjugate() for k, d in self.derivatives.items()})

    @property
    def real(self) -> "ComplexQuantity":
        """Re z."""
        return ComplexQuantity(complex(self.value.real), {k: complex(d.real) for k, d in self.derivatives.items()})

    @property
    def imag(self) -> "ComplexQuantity":
        """Im z, a real quantity."""
        return ComplexQuantity(complex(self.value.imag), {k: complex(d.imag) for k, d in self.derivatives.items()})

    @property
    def magnitude(self) -> "ComplexQuantity":
        """|z|; refused at 0, where it has no derivative."""
        size = abs(self.value)
        if not size:
            raise Refused(_ZERO)
        unit = self.value.conjugate() / size
        return ComplexQuantity(complex(size), {k: complex((unit * d).real) for k, d in self.derivatives.items()})

    @property
    def phase(self) -> "ComplexQuantity":
        """arg z in radians; refused at 0."""
        if not self.value:
            raise Refused(_ZERO)
        return ComplexQuantity(
            complex(cmath.phase(self.value)),
            {k: complex((d / self.value).imag) for k, d in self.derivatives.items()},
        )

    @property
    def covariance(self) -> Matrix:
        """Covariance of (Re, Im)."""
        d = self.derivatives.values()
        cross = math.fsum(z.real * z.imag for z in d)
        return (
            (math.fsum(z.real * z.real for z in d), cross),
            (cross, math.fsum(z.imag * z.imag for z in d)),
        )

    @property
    def standard_uncertainties(self) -> tuple[float, float]:
        """u(Re), u(Im)."""
        (re, _), (_, im) = self.covariance
        return math.sqrt(re), math.sqrt(im)

    @property
    def effective_dof(self) -> float:
        """ν of the covariance matrix (R. Willink and B. D. Hall, Metrologia 39 (2002) 361); infinite if no ν is finite.

        (A + D + F)/(a + d + f) with A = 2v₁₁², D = v₁₁v₂₂ + v₁₂², F = 2v₂₂² of the whole, and a + d + f the same
        of each cause's covariance divided by its ν.
        """
        causes: dict[Cause, list[complex]] = {}
        for (cause, _), z in self.derivatives.items():
            causes.setdefault(cause, []).append(z)
        parts = [(_size(_covariance(z)), cause.dof) for cause, z in causes.items()]
        below = math.fsum(size / dof for size, dof in parts)
        return _size(self.covariance) / below if below else math.inf

    def covariance_with(self, other: "ComplexQuantity") -> Matrix:
        """Covariance of (Re, Im) of this with (Re, Im) of another that may share influences."""
        shared = [(z, other.derivatives[k]) for k, z in self.derivatives.items() if k in other.derivatives]
        return (
            (math.fsum(a.real * b.real for a, b in shared), math.fsum(a.real * b.imag for a, b in shared)),
            (math.fsum(a.imag * b.real for a, b in shared), math.fsum(a.imag * b.imag for a, b in shared)),
        )


def _covariance(derivatives: Sequence[complex]) -> Matrix:
    cross = math.fsum(z.real * z.imag for z in derivatives)
    re, im = math.fsum(z.real**2 for z in derivatives), math.fsum(z.imag**2 for z in derivatives)
    return (re, cross), (cross, im)


def _size(covariance: Matrix) -> float:
    (re, cross), (_, im) = covariance
    return 2 * re * re + re * im + cross * cross + 2 * im * im


def _linear(value: complex, *terms: tuple[complex, ComplexQuantity]) -> ComplexQuantity:
    """A value whose derivatives are Σ factor·derivative of its operands."""
    found: dict[Influence, complex] = {}
    for factor, operand in terms:
        for key, derivative in operand.derivatives.items():
            found[key] = found.get(key, 0) + factor * derivative
    return ComplexQuantity(value, found)


def quantity(value: "ComplexQuantity | complex") -> ComplexQuantity:
    """A quantity as it is; a number as one without uncertainty."""
    return value if isinstance(value, ComplexQuantity) else ComplexQuantity(complex(value))


def real_quantity(value: float, standard_uncertainty: float, dof: float = math.inf, label: str = "") -> ComplexQuantity:
    """A real input with u and ν."""
    u = not_negative(standard_uncertainty, "standard_uncertainty")
    return ComplexQuantity(complex(value), {(Cause(label, dof), 0): complex(u)})


def complex_quantity(
    value: complex, covariance: Sequence[Sequence[float]], dof: float = math.inf, label: str = ""
) -> ComplexQuantity:
    """A complex input with the covariance matrix of its (Re, Im)."""
    (re, cross), (other, im) = covariance
    if re < 0 or im < 0 or cross != other or cross * cross > re * im * (1 + 1e-9):
        raise Refused(_COVARIANCE, "covariance")
    lower = cholesky(covariance)
    cause = Cause(label, dof)
    return ComplexQuantity(complex(value), {(cause, k): complex(lower[0][k], lower[1][k]) for k in range(2)})


def simultaneous_quantities(block: Simultaneous) -> tuple[ComplexQuantity, ...]:
    """The means of simultaneous observations as real quantities of one cause with ν = n − 1 (GUM H.2)."""
    lower = cholesky(block.covariance)
    cause = Cause(", ".join(block.symbols), block.dof)
    return tuple(
        ComplexQuantity(complex(mean), {(cause, k): complex(u) for k, u in enumerate(row) if u})
        for mean, row in zip(block.means, lower, strict=True)
    )


def exp(z: ComplexQuantity) -> ComplexQuantity:
    """e^z."""
    try:
        value = cmath.exp(z.value)
    except OverflowError:
        raise Refused(_NOT_FINITE) from None
    return _linear(value, (value, z))


def sqrt(z: ComplexQuantity) -> ComplexQuantity:
    """The principal square root; refused at 0."""
    if not z.value:
        raise Refused(_ZERO)
    value = cmath.sqrt(z.value)
    return _linear(value, (0.5 / value, z))


def log(z: ComplexQuantity) -> ComplexQuantity:
    """The principal logarithm; refused at 0."""
    if not z.value:
        raise Refused(_ZERO)
    return _linear(cmath.log(z.value), (1 / z.value, z))


def region_factor(probability: float, dof: float) -> float:
    """k of the elliptical region of a complex quantity, k² = 2ν/(ν − 1)·F_p(2, ν − 1) (JCGM 102 6.5 for ν = ∞).

    Needs ν above 1.
    """
    if math.isinf(dof):
        return math.sqrt(-2 * math.log1p(-probability))
    if dof <= 1:
        raise Refused(
            Text("cần dof lớn hơn 1, đang là {found:g}", "needs dof above 1, found {found:g}").put(found=dof), "dof"
        )
    return math.sqrt(2 * dof / (dof - 1) * f_quantile(probability, 2, dof - 1))


def corrected_reflection(
    measured: ComplexQuantity, directivity: ComplexQuantity, tracking: ComplexQuantity, match: ComplexQuantity
) -> ComplexQuantity:
    """Γ of a one-port from its reading and the three error terms: (m − D)/(R + M·(m − D))."""
    offset = measured - directivity
    return offset / (tracking + match * offset)


TwoPort = tuple[tuple[ComplexQuantity, ComplexQuantity], tuple[ComplexQuantity, ComplexQuantity]]


def cascade(first: TwoPort, second: TwoPort) -> TwoPort:
    """S-parameters of two two-ports in a row (port 2 of the first on port 1 of the second)."""
    (a11, a12), (a21, a22) = first
    (b11, b12), (b21, b22) = second
    loop = 1 - a22 * b11
    return (
        (a11 + a12 * b11 * a21 / loop, a12 * b12 / loop),
        (b21 * a21 / loop, b22 + b21 * a22 * b12 / loop),
    )
