"""One measurand's chain u → ν_eff → k → U, computed whole, as planning compares it with a target (GUM 6, G.4)."""

from dataclasses import dataclass

from chuan.metrology.distributions import positive
from chuan.metrology.gum import propagate
from chuan.metrology.inputs import Measurement
from chuan.metrology.words import Refused, Text

_UNKNOWN = Text('không có kết quả đo "{found}"; có: {known}', 'there is no measurand "{found}"; there are: {known}')
_NO_U = Text(
    '"{symbol}" không có U: bậc tự do hiệu dụng không xác định; đặt coverage = "k=2" để lập kế hoạch',
    '"{symbol}" has no U, its effective degrees of freedom are undefined; state coverage = "k=2" to plan',
)


@dataclass(frozen=True)
class Reached:
    """What a measurement reaches for one measurand; `effective_dof` is infinite, or None beside a stated k."""

    estimate: float
    standard_uncertainty: float
    effective_dof: float | None
    coverage_factor: float
    expanded_uncertainty: float


def reached(measurement: Measurement, symbol: str) -> Reached:
    """The chain of one measurand; refused where it has no U."""
    result = propagate(measurement)[place_of(measurement, symbol)]
    k, expanded = result.coverage_factor, result.expanded_uncertainty
    if k is None or expanded is None:
        raise Refused(_NO_U.put(symbol=symbol), "coverage")
    return Reached(result.estimate, result.standard_uncertainty, result.effective_dof, k, expanded)


def place_of(measurement: Measurement, symbol: str) -> int:
    """The place of a measurand; an unknown one is refused."""
    outputs = measurement.model.outputs
    if symbol not in outputs:
        raise Refused(_UNKNOWN.put(found=symbol, known=", ".join(outputs)), "measurand")
    return outputs.index(symbol)


def checked_target(target: float) -> float:
    """A target U above 0, or a refusal."""
    return positive(target, "target")
