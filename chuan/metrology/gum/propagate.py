"""The law of propagation of uncertainty, first order (GUM 5.1, 5.2), with ν_eff, k and U (GUM 6, G.4)."""

import math
from collections.abc import Sequence
from operator import mul

from chuan.metrology.gum.coverage import coverage_factor, coverage_probability, truncated
from chuan.metrology.gum.dof import DofMethod, effective_dof, grouped_uncertainty
from chuan.metrology.gum.results import GumResult
from chuan.metrology.inputs import Measurement
from chuan.metrology.words import Refused, Text

_NOT_FINITE = Text('giá trị của "{symbol}" không hữu hạn ({found})', 'the value of "{symbol}" is not finite ({found})')
_SENSITIVITY = Text(
    'hệ số độ nhạy của "{symbol}" theo "{input}" không hữu hạn ({found})',
    'the sensitivity of "{symbol}" to "{input}" is not finite ({found})',
)


def propagate(measurement: Measurement) -> tuple[GumResult, ...]:
    """Estimate, u, ν_eff, k, U and contributions of each measurand; a non-finite one is refused.

    Budget lines and second-order terms are computed when they are asked for.
    """
    model = measurement.model
    estimates, gradients = model.value_and_gradient(measurement.structure.values)
    return tuple(map(_result, [measurement] * len(estimates), model.outputs, estimates, gradients))


def _result(measurement: Measurement, symbol: str, estimate: float, gradient: tuple[float, ...]) -> GumResult:
    structure = measurement.structure
    contributions = tuple(map(mul, gradient, structure.uncertainties))
    method: DofMethod = "welch-satterthwaite"
    dof: float | None
    if structure.groups:
        u = _correlated(contributions, measurement)
        dof, method = effective_dof(contributions, u, structure.inverse_dof, structure.groups)
    else:
        u = math.hypot(*contributions)
        inverse = 0.0
        for i, share in structure.finite:
            # An input that does not contribute at all must not divide by a u of zero.
            ratio = contributions[i]
            if ratio:
                ratio /= u
                inverse += ratio * ratio * ratio * ratio * share
        dof = 1 / inverse if inverse else math.inf
    if not math.isfinite(u) or not math.isfinite(estimate):
        raise _not_finite(measurement, symbol, estimate, gradient)
    used, k, probability = _coverage(measurement, dof)
    expanded = None if k is None else k * u
    return GumResult(
        symbol, estimate, u, dof, used, method, probability, k, expanded, gradient, contributions, measurement
    )


def _coverage(measurement: Measurement, dof: float | None) -> tuple[float | None, float | None, float | None]:
    """ν behind k, k, and the coverage probability, by the measurement's rule; None where ν_eff is undefined."""
    stated = measurement.coverage_factor
    if dof is None:
        return None, stated, (None if stated is not None else measurement.coverage_probability)
    if stated is not None:
        return truncated(dof), stated, coverage_probability(stated, dof)
    used = dof if measurement.coverage == "t-real" else truncated(dof)
    return used, coverage_factor(measurement.coverage_probability, used), measurement.coverage_probability


def _correlated(contributions: Sequence[float], measurement: Measurement) -> float:
    groups = measurement.structure.groups
    alone = set(range(len(contributions))).difference(*(group.indices for group in groups))
    parts = [grouped_uncertainty(contributions, group) for group in groups]
    return math.hypot(*parts, *(contributions[i] for i in alone))


def _not_finite(measurement: Measurement, symbol: str, estimate: float, gradient: Sequence[float]) -> Refused:
    place = f"measurand[{measurement.model.outputs.index(symbol)}].equation"
    if math.isfinite(estimate):
        for name, c in zip(measurement.model.inputs, gradient, strict=True):
            if not math.isfinite(c):
                return Refused(_SENSITIVITY.put(symbol=symbol, input=name, found=c), place)
        return Refused(_NOT_FINITE.put(symbol=f"u({symbol})", found=math.inf), place)
    return Refused(_NOT_FINITE.put(symbol=symbol, found=estimate), place)
