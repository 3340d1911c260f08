"""Input quantities: a value, and the components of its uncertainty with their distributions (GUM 4; JCGM 101 6)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from chuan.metrology.distributions import (
    ASYMMETRIC,
    Constant,
    Distribution,
    Normal,
    StudentT,
    finite,
)
from chuan.metrology.inputs.lazily import lazily
from chuan.metrology.inputs.matrices import Matrix, correlation_of
from chuan.metrology.inputs.type_a import TypeA, mean_of, type_a
from chuan.metrology.words import Refused, Text

_DOF = Text("phải lớn hơn 0, đang là {found:g}", "must be above 0, found {found:g}")
_DOF_DIFFERS = Text(
    "student_t có dof {own:g}, không thể tính với dof {found:g}", "student_t has dof {own:g}, not dof {found:g}"
)
_ASYMMETRIC = Text(
    "thành phần phải đối xứng quanh 0; {found} thì không", "a component must be symmetric about 0; {found} is not"
)
_MEAN_DIFFERS = Text(
    "value {found:g} không khớp phân bố, có trung bình {mean:g}",
    "value {found:g} is not the distribution's mean {mean:g}",
)
_TWICE = Text(
    "độ phân giải đã nằm trong độ lặp lại của chính phương tiện đó; chỉ tính một trong hai, cái lớn hơn",
    "the resolution is already in the repeatability of the same instrument; count one of them, the larger",
)
_SCATTER_TWICE = Text(
    "độ lặp lại của phương tiện đo {name} đã được tính", "the repeatability of the instrument {name} is already in"
)
_CAUSE_TWICE = Text("cùng một nguyên nhân từ {identity} đã được tính", "the same cause from {identity} is already in")
_STANDARD = Text("chuẩn {name}", "the standard {name}")
_INSTRUMENT = Text("phương tiện đo {name}", "the instrument {name}")
_COEFFICIENT = Text("phải từ −1 đến 1, đang là {found:g}", "must be −1 to 1, found {found:g}")
_SAME = Text("phải là hai đại lượng khác nhau", "must be two different quantities")
_ROWS = Text(
    "{n} đại lượng cần ít nhất {least} hàng quan trắc đồng thời, đang có {found}",
    "{n} quantities need at least {least} rows of simultaneous observations, found {found}",
)
_WIDTH = Text(
    "mỗi hàng phải có {width} số, hàng này có {found}", "each row must have {width} numbers, this has {found}"
)

#: What an instrument brings to each reading anew, so that two readings do not share it.
OF_ONE_READING = ("resolution", "repeatability", "reading")


class SharedCause(NamedTuple):
    """An error that several inputs may share: whose it is, what of it, and at which point of a certificate."""

    kind: Literal["standard", "instrument"]
    identity: str
    source: str
    point: str

    @property
    def shown(self) -> Text:
        """Its owner in words."""
        return (_STANDARD if self.kind == "standard" else _INSTRUMENT).put(name=self.identity)


@dataclass(frozen=True)
class Component:
    """One cause of an input's uncertainty.

    The distribution is centred on 0 where the input has several components; a sole one may stand at the value.
    `dof` is the ν of its own Welch–Satterthwaite term; a Student t brings its own. `source` is the ready component
    that it came from ("resolution", "repeatability" …), `standard` the identity of the measurement standard and
    `instrument` that of the instrument behind it: one identity is one cause, wherever it appears. `point` tells the
    points of a certificate apart, `sign` in which direction the shared error moves this input. `fit` names the fit
    whose parameters share one residual variance with ν = `dof`.
    """

    label: str
    distribution: Distribution
    dof: float = math.inf
    source: str = ""
    standard: str = ""
    instrument: str = ""
    point: str = ""
    sign: Literal[1, -1] = 1
    fit: str = ""

    def __post_init__(self) -> None:
        if not self.dof > 0:
            raise Refused(_DOF.put(found=self.dof), "dof")
        if isinstance(self.distribution, StudentT):
            if math.isinf(self.dof):
                object.__setattr__(self, "dof", self.distribution.dof)
            elif self.dof != self.distribution.dof:
                raise Refused(_DOF_DIFFERS.put(own=self.distribution.dof, found=self.dof), "dof")

    @property
    def cause(self) -> SharedCause | None:
        """The error that it is, where others may be the same; None for an error of its own."""
        if self.standard:
            return SharedCause("standard", self.standard, self.source or self.label, self.point)
        if self.instrument and self.source not in OF_ONE_READING:
            return SharedCause("instrument", self.instrument, self.source or self.label, self.point)
        return None

    @property
    def is_scatter(self) -> bool:
        """Whether it holds the scatter of readings, and with it their resolution; not where they do not scatter."""
        return self.source in ("repeatability", "reading") and self.standard_uncertainty > 0

    @lazily
    def standard_uncertainty(self) -> float:
        """Of this component, as the GUM uses it: a Student t counts with its scale."""
        d = self.distribution
        return d.u if isinstance(d, (Normal, StudentT)) else math.sqrt(d.variance)


@dataclass(frozen=True)
class Input:
    """One input quantity: x = value + Σ (draw_k − mean_k) over its components; variances add.

    `readings` is what a Type A evaluation found, where the input comes from observations.
    """

    symbol: str
    value: float
    components: tuple[Component, ...] = ()
    readings: TypeA | None = None

    def __post_init__(self) -> None:
        finite(self.value, "value")
        several = len(self.components) > 1
        for i, part in enumerate(self.components):
            mean = part.distribution.mean
            if isinstance(part.distribution, ASYMMETRIC) and (several or mean != self.value):
                kind = type(part.distribution).__name__.lower()
                raise Refused(_ASYMMETRIC.put(found=kind), f"components[{i}].distribution")
            if mean not in (0.0, self.value) or (several and mean):
                raise Refused(_MEAN_DIFFERS.put(found=self.value, mean=mean), f"components[{i}]")
        self._refuse_counted_twice()

    def _refuse_counted_twice(self) -> None:
        """Readings of an instrument scatter by its resolution too (EA-4/02 S10; JCGM 100 F.2.2.1)."""
        if not any(part.source or part.standard or part.instrument for part in self.components):
            return
        repeated = [part.instrument for part in self.components if part.is_scatter]
        for i, part in enumerate(self.components):
            if part.source == "resolution" and part.instrument in repeated:
                raise Refused(_TWICE, f"components[{i}]")
            if part.instrument and part.is_scatter and repeated.count(part.instrument) > 1:
                same = [k for k, other in enumerate(self.components) if other.instrument == part.instrument]
                last = max(k for k in same if self.components[k].is_scatter)
                raise Refused(_SCATTER_TWICE.put(name=part.instrument), f"components[{last}]")
            cause = part.cause
            if cause is not None and cause in (other.cause for other in self.components[:i]):
                vi, en = cause.shown.vi, cause.shown.en
                text = Text(_CAUSE_TWICE.vi.format(identity=vi), _CAUSE_TWICE.en.format(identity=en))
                raise Refused(text, f"components[{i}]")

    @classmethod
    def from_observations(cls, symbol: str, readings: Sequence[float]) -> "Input":
        """Type A: t(n − 1) about the mean with scale s/√n (GUM 4.2; JCGM 101 6.4.9.2)."""
        found = type_a(readings)
        t = StudentT(found.mean, found.standard_uncertainty, found.dof)
        return cls(symbol, found.mean, (Component("", t, source="repeatability"),), found)

    @property
    def offset(self) -> float:
        """What is added to the sum of the components' draws."""
        return self.value - math.fsum(part.distribution.mean for part in self.components)

    @lazily
    def standard_uncertainty(self) -> float:
        """u(x) = √Σ u_k²."""
        if len(self.components) == 1:
            return self.components[0].standard_uncertainty
        return math.hypot(*(part.standard_uncertainty for part in self.components))

    @lazily
    def inverse_dof(self) -> float:
        """1/ν of the whole input, Σ (u_k/u)⁴/ν_k: its share in the Welch–Satterthwaite formula (GUM G.4.1)."""
        u = self.standard_uncertainty
        if not u:
            return 0.0
        if len(self.components) == 1:
            return 1 / self.components[0].dof
        return math.fsum((part.standard_uncertainty / u) ** 4 / part.dof for part in self.components)

    @property
    def dof(self) -> float:
        """ν of the whole input; infinite where no component has a finite one."""
        return 1 / self.inverse_dof if self.inverse_dof else math.inf

    @property
    def is_constant(self) -> bool:
        """Whether nothing is stated to be uncertain in it."""
        return all(isinstance(part.distribution, Constant) for part in self.components)


@dataclass(frozen=True)
class Correlation:
    """r between two inputs as wholes (GUM 5.2.2)."""

    between: tuple[str, str]
    coefficient: float

    def __post_init__(self) -> None:
        if self.between[0] == self.between[1]:
            raise Refused(_SAME, "between")
        if not -1 <= finite(self.coefficient, "coefficient") <= 1:
            raise Refused(_COEFFICIENT.put(found=self.coefficient), "coefficient")


@dataclass(frozen=True)
class Simultaneous:
    """Rows of simultaneous observations of N quantities: means, covariance of the means, ν = n − 1 (GUM 5.2.3).

    `observations[k][i]` is the k-th reading of `symbols[i]`; n > N rows are needed, since Monte Carlo draws from a
    multivariate t with ν = n − N.
    """

    symbols: tuple[str, ...]
    observations: Matrix

    def __post_init__(self) -> None:
        width = len(self.symbols)
        for k, row in enumerate(self.observations):
            if len(row) != width:
                raise Refused(_WIDTH.put(width=width, found=len(row)), f"observations[{k}]")
            for i, reading in enumerate(row):
                finite(reading, f"observations[{k}][{i}]")
        if self.n < max(2, width + 1):
            raise Refused(_ROWS.put(n=width, least=max(2, width + 1), found=self.n), "observations")

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.observations)

    @property
    def dof(self) -> int:
        """ν = n − 1 of the block's Welch–Satterthwaite term."""
        return self.n - 1

    @lazily
    def means(self) -> tuple[float, ...]:
        """Arithmetic means (GUM 4.2.1)."""
        return tuple(mean_of(column) for column in zip(*self.observations, strict=True))

    @lazily
    def scatter(self) -> Matrix:
        """Σ (x − x̄)(x − x̄)ᵀ over the rows."""
        d = [
            [x - mean for x in column]
            for column, mean in zip(zip(*self.observations, strict=True), self.means, strict=True)
        ]
        return tuple(tuple(math.fsum(a * b for a, b in zip(p, q, strict=True)) for q in d) for p in d)

    @lazily
    def covariance(self) -> Matrix:
        """Covariance matrix of the means, scatter/(n(n − 1)) (GUM 5.2.3)."""
        divisor = self.n * (self.n - 1)
        return tuple(tuple(cell / divisor for cell in row) for row in self.scatter)

    @lazily
    def standard_uncertainties(self) -> tuple[float, ...]:
        """u of each mean."""
        return tuple(math.sqrt(self.covariance[i][i]) for i in range(len(self.symbols)))

    @lazily
    def correlation(self) -> Matrix:
        """Correlation matrix of the means."""
        return correlation_of(self.covariance)
