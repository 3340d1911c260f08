"""From the tables of an `uncertainty` file to a `Measurement`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from chuan.metrology.distributions import StudentT
from chuan.metrology.explaining.phrases import OBSERVATIONS
from chuan.metrology.files import distributions
from chuan.metrology.files.reading import Table
from chuan.metrology.inputs import Component, Correlation, Input, Measurement, Simultaneous, type_a
from chuan.metrology.inputs.measurement import JOINT, ROUNDING
from chuan.metrology.model import Model
from chuan.metrology.numerals import Rounding
from chuan.metrology.units import Unit, parse_unit
from chuan.metrology.words import Refused, Text

_DOCUMENT = (
    "kind",
    "title",
    "coverage_probability",
    "coverage",
    "rounding",
    "joint",
    "measurand",
    "input",
    "correlation",
    "simultaneous",
)
_MEASURAND = ("symbol", "equation", "unit")
_INPUT = ("symbol", "label", "value", "unit", "distribution", "components", "observations", *distributions.ALL_KEYS)
_COMPONENT = ("label", "distribution", *distributions.ALL_KEYS)
_CORRELATION = ("between", "coefficient")
_SIMULTANEOUS = ("symbols", "units", "observations")

_PAIR = Text("phải là hai ký hiệu, đang có {found}", "must be two symbols, found {found}")
_UNITS = Text("phải có {wanted} đơn vị, đang có {found}", "must have {wanted} units, found {found}")
_NOTHING = Text("cần ít nhất một [[input]] hoặc [[simultaneous]]", "needs at least one [[input]] or [[simultaneous]]")
_ONLY_WITH = Text(
    "không dùng được cùng {other}; khóa được phép: {allowed}", "cannot stand with {other}; allowed keys: {allowed}"
)
_MEAN = Text(
    "không khớp trung bình {mean!r} của observations; đang là {found!r}",
    "is not the mean {mean!r} of the observations, found {found!r}",
)


@dataclass(frozen=True)
class Document:
    """An `uncertainty` file as read: the measurement, and what only people and units need."""

    measurement: Measurement
    title: str
    units: tuple[str | None, ...]
    units_checked: bool


def read(document: Mapping[str, object]) -> Document:
    """Read and check a whole document; anything wrong is refused with table and key."""
    top = Table(document, "", _DOCUMENT)
    measurands = top.tables("measurand", _MEASURAND, least=1)
    inputs = top.tables("input", _INPUT)
    blocks = top.tables("simultaneous", _SIMULTANEOUS)
    model = _model(measurands, inputs, blocks)
    measurement = Measurement(
        model=model,
        inputs=tuple(map(_input, inputs)),
        correlations=tuple(map(_correlation, top.tables("correlation", _CORRELATION))),
        simultaneous=tuple(map(_simultaneous, blocks)),
        coverage_probability=top.number("coverage_probability", 0.95, above=0, below=1),
        coverage=top.text("coverage", "t"),
        rounding=cast("Rounding", top.choice("rounding", ROUNDING, "half_away")),
        joint=top.choice("joint", JOINT[1:], "") if "joint" in top else "",
    )
    units, checked = _check_units(model, measurands, inputs, blocks)
    return Document(measurement, top.text("title", ""), units, checked)


def _model(measurands: tuple[Table, ...], inputs: tuple[Table, ...], blocks: tuple[Table, ...]) -> Model:
    """The model with the symbols of all inputs; a wrong symbol is refused where it stands, also in a block."""
    declared = [(table.text("symbol"), table.where("symbol")) for table in inputs]
    for table in blocks:
        declared += [(symbol, f"{table.where('symbols')}[{i}]") for i, symbol in enumerate(table.texts("symbols"))]
    if not declared:
        raise Refused(_NOTHING)
    equations = [(table.text("symbol"), table.text("equation")) for table in measurands]
    try:
        return Model.from_equations(equations, [symbol for symbol, _ in declared])
    except Refused as refused:
        places = {f"input[{j}].symbol": place for j, (_, place) in enumerate(declared)}
        raise Refused(refused.reason, places.get(refused.place, refused.place)) from None


def _input(table: Table) -> Input:
    try:
        if "observations" in table or "components" in table:
            return _composed(table)
        symbol = table.text("symbol")
        distribution = distributions.distribution(table, centred=False)
        dof = distributions.degrees_of_freedom(table)
        part = Component(table.text("label", ""), distribution, dof)
        return Input(symbol, distribution.mean, (part,))
    except Refused as refused:
        raise _inside(refused, table.place) from None


def _composed(table: Table) -> Input:
    """An input of observations, of components, or of both: the scatter of readings is then the first component."""
    given = "observations" if "observations" in table else "components"
    allowed = ("symbol", "label", "value", "unit", "observations", "components")
    for key in table.data:
        if key not in allowed:
            raise table.refuse(key, _ONLY_WITH.put(other=given, allowed=", ".join(allowed)))
    symbol, label = table.text("symbol"), table.text("label", "")
    parts = tuple(map(_component, table.tables("components", _COMPONENT, least=1 if "components" in table else 0)))
    if "observations" not in table:
        return Input(symbol, table.number("value"), parts)
    found = type_a(table.numbers("observations", least=2))
    value = table.number("value", found.mean)
    if abs(value - found.mean) > 1e-9 * found.standard_uncertainty:
        raise table.refuse("value", _MEAN.put(mean=found.mean, found=value))
    if parts:
        own = Component(label or OBSERVATIONS, StudentT(0.0, found.standard_uncertainty, found.dof))
    else:
        own = Component(label, StudentT(found.mean, found.standard_uncertainty, found.dof))
    return Input(symbol, found.mean, (own, *parts), found)


def _component(table: Table) -> Component:
    try:
        distribution = distributions.distribution(table, centred=True)
        return Component(table.text("label", ""), distribution, distributions.degrees_of_freedom(table))
    except Refused as refused:
        raise _inside(refused, table.place) from None


def _correlation(table: Table) -> Correlation:
    between = table.texts("between", least=2)
    if len(between) != 2:
        raise table.refuse("between", _PAIR.put(found=len(between)))
    try:
        return Correlation((between[0], between[1]), table.number("coefficient", at_least=-1, at_most=1))
    except Refused as refused:
        raise _inside(refused, table.place) from None


def _simultaneous(table: Table) -> Simultaneous:
    symbols = table.texts("symbols")
    try:
        return Simultaneous(symbols, table.rows("observations", least=2, width=len(symbols)))
    except Refused as refused:
        raise _inside(refused, table.place) from None


def _inside(refused: Refused, place: str) -> Refused:
    """A refusal with the table in front, unless it names it already."""
    return refused if refused.place.startswith(place) else refused.at(place)


def _check_units(
    model: Model, measurands: tuple[Table, ...], inputs: tuple[Table, ...], blocks: tuple[Table, ...]
) -> tuple[tuple[str | None, ...], bool]:
    """Units of the measurands as written, and whether all dimensions could be checked."""
    known: dict[str, Unit] = {}
    for table in inputs:
        if "unit" in table:
            known[table.text("symbol")] = _unit(table.text("unit", ""), table.where("unit"))
    for table in blocks:
        if "units" in table:
            symbols, units = table.texts("symbols"), table.texts("units")
            if len(units) != len(symbols):
                raise table.refuse("units", _UNITS.put(wanted=len(symbols), found=len(units)))
            for i, (symbol, unit) in enumerate(zip(symbols, units, strict=True)):
                known[symbol] = _unit(unit, f"{table.where('units')}[{i}]")
    written = tuple(table.text("unit", "") if "unit" in table else None for table in measurands)
    wanted = {
        table.text("symbol"): _unit(unit, table.where("unit"))
        for table, unit in zip(measurands, written, strict=True)
        if unit is not None
    }
    return written, all(model.check_units(known, wanted))


def _unit(text: str, place: str) -> Unit:
    try:
        return parse_unit(text)
    except Refused as refused:
        raise Refused(refused.reason, place) from None
