"""The places where a measurement can be improved, and the same measurement improved there (GUM 3.4.1)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chuan.metrology.distributions import (
    ASYMMETRIC,
    Constant,
    CurvilinearTrapezoid,
    Distribution,
    Exponential,
    Gamma,
    Normal,
    StudentT,
    finite,
    positive,
)
from chuan.metrology.inputs import Component, Input, Measurement, Simultaneous
from chuan.metrology.inputs.quantities import SharedCause
from chuan.metrology.words import Refused, Text

_UNKNOWN = Text('không có đại lượng đầu vào "{found}"; có: {known}', 'there is no input "{found}"; there are: {known}')
_COMPONENT = Text(
    '"{symbol}" có {count} thành phần, đếm từ 0; không có thành phần {found}',
    '"{symbol}" has {count} components, counted from 0; there is no component {found}',
)
_CERTAIN = Text('"{symbol}" không có độ không đảm bảo để thay đổi', '"{symbol}" has no uncertainty to change')
_VALUE_FIXED = Text(
    'giá trị của "{symbol}" do phân bố quyết định, đổi nó là đổi cả u',
    'the value of "{symbol}" comes from its distribution, changing it changes its u too',
)


@dataclass(frozen=True)
class Lever:
    """An input as a whole (`component` None), or one of its components, counted from 0.

    What shares its measurement standard and cause moves with it, in every input: it is the same error.
    """

    symbol: str
    component: int | None = None


def levers(measurement: Measurement) -> tuple[Lever, ...]:
    """Every input with an uncertainty, and each component where it has several, in the model's order."""
    inputs = {item.symbol: item for item in measurement.inputs}
    found: list[Lever] = []
    for symbol, u in zip(measurement.model.inputs, measurement.structure.uncertainties, strict=True):
        if not u:
            continue
        found.append(Lever(symbol))
        parts = inputs[symbol].components if symbol in inputs else ()
        if len(parts) > 1:
            found += [Lever(symbol, k) for k, part in enumerate(parts) if part.standard_uncertainty]
    return tuple(found)


def input_of(measurement: Measurement, symbol: str) -> Input | None:
    """The input of a symbol; None where simultaneous observations bring it. An unknown symbol is refused."""
    if symbol not in measurement.positions:
        raise Refused(_UNKNOWN.put(found=symbol, known=", ".join(measurement.model.inputs)), "input")
    return next((item for item in measurement.inputs if item.symbol == symbol), None)


def component_of(measurement: Measurement, lever: Lever) -> Component | None:
    """The one component that a lever names, by number or because it is the only one; None otherwise."""
    item = input_of(measurement, lever.symbol)
    parts = item.components if item else ()
    if lever.component is None:
        return parts[0] if len(parts) == 1 else None
    if not 0 <= lever.component < len(parts):
        raise Refused(_COMPONENT.put(symbol=lever.symbol, count=len(parts), found=lever.component), "component")
    return parts[lever.component]


def standard_uncertainty(measurement: Measurement, lever: Lever) -> float:
    """The u that a lever moves; one without uncertainty is refused."""
    part = component_of(measurement, lever)
    position = measurement.positions[lever.symbol]
    u = part.standard_uncertainty if part else measurement.structure.uncertainties[position]
    if not u:
        raise Refused(_CERTAIN.put(symbol=lever.symbol), "input")
    return u


def scaled(measurement: Measurement, lever: Lever, factor: float) -> Measurement:
    """The measurement with the lever's u times `factor`, its values, kinds, ν and correlations kept."""
    positive(factor, "factor")
    standard_uncertainty(measurement, lever)
    if input_of(measurement, lever.symbol) is None:
        return _with_block(measurement, lever.symbol, lambda mean, x: mean + factor * (x - mean))
    return changed(measurement, lever, lambda part: _scaled_part(part, factor))


def changed(measurement: Measurement, lever: Lever, change: Callable[[Component], Component]) -> Measurement:
    """The measurement with `change` made to each component that the lever moves, in every input."""
    causes = _causes(measurement, lever)

    def moves(symbol: str, k: int, part: Component) -> bool:
        own = symbol == lever.symbol and lever.component in (None, k)
        return own or part.cause in causes

    inputs = []
    for item in measurement.inputs:
        parts = tuple(change(part) if moves(item.symbol, k, part) else part for k, part in enumerate(item.components))
        inputs.append(item if parts == item.components else _rebuilt(item, parts))
    return replace(measurement, inputs=tuple(inputs))


def with_value(measurement: Measurement, symbol: str, value: float) -> Measurement:
    """The measurement with another value of one input, its u kept."""
    finite(value, "value")
    item = input_of(measurement, symbol)
    if item is None:
        shift = value - measurement.structure.values[measurement.positions[symbol]]
        return _with_block(measurement, symbol, lambda _, x: x + shift)
    if any(isinstance(part.distribution, ASYMMETRIC) for part in item.components):
        raise Refused(_VALUE_FIXED.put(symbol=symbol), "input")
    parts = tuple(replace(part, distribution=_centred(part.distribution)) for part in item.components)
    other = Input(symbol, value, parts)
    return replace(measurement, inputs=tuple(other if one is item else one for one in measurement.inputs))


def _causes(measurement: Measurement, lever: Lever) -> set[SharedCause]:
    """What of which measurement standard or instrument a lever moves."""
    item = input_of(measurement, lever.symbol)
    parts = enumerate(item.components if item else ())
    return {part.cause for k, part in parts if lever.component in (None, k) and part.cause is not None}


def _rebuilt(item: Input, parts: tuple[Component, ...]) -> Input:
    """The input with other components; an asymmetric one brings its own mean, the same but for rounding."""
    own = parts[0].distribution
    return Input(item.symbol, own.mean if isinstance(own, ASYMMETRIC) else item.value, parts)


def _scaled_part(part: Component, factor: float) -> Component:
    return replace(part, distribution=scaled_distribution(part.distribution, factor))


def scaled_distribution(distribution: Distribution, factor: float) -> Distribution:
    """The same kind about the same mean with `factor` times the u; an exponential becomes the gamma it is one of."""
    match distribution:
        case Constant():
            return distribution
        case Normal() | StudentT():
            return replace(distribution, u=distribution.u * factor)
        case CurvilinearTrapezoid(mean, half_width, limit):
            return CurvilinearTrapezoid(mean, half_width * factor, limit * factor)
        case Exponential(mean):
            return Gamma(1 / factor**2, mean * factor**2)
        case Gamma(shape, scale):
            return Gamma(shape / factor**2, scale * factor**2)
        case _:
            return replace(distribution, half_width=distribution.half_width * factor)


def _centred(distribution: Distribution) -> Distribution:
    """The distribution about 0, where a component adds to whatever value its input has."""
    if isinstance(distribution, ASYMMETRIC):
        return distribution
    return replace(distribution, mean=0.0)


def _with_block(measurement: Measurement, symbol: str, change: Callable[[float, float], float]) -> Measurement:
    """The measurement with each reading x of one simultaneous quantity changed to change(mean, x)."""
    blocks = []
    for block in measurement.simultaneous:
        if symbol in block.symbols:
            k = block.symbols.index(symbol)
            mean = block.means[k]
            rows = tuple((*row[:k], change(mean, row[k]), *row[k + 1 :]) for row in block.observations)
            blocks.append(Simultaneous(block.symbols, rows))
        else:
            blocks.append(block)
    return replace(measurement, simultaneous=tuple(blocks))
