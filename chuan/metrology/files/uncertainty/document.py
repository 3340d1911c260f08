"""From the tables of an `uncertainty` file to a `Measurement`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from chuan.metrology.explaining.phrases import OBSERVATIONS
from chuan.metrology.files import distributions
from chuan.metrology.files.reading import Table
from chuan.metrology.files.uncertainty import fits, models, ready
from chuan.metrology.files.uncertainty.certificates import certified
from chuan.metrology.inputs import Component, Correlation, Input, Measurement, Simultaneous
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
    "fit",
)
_INPUT = (
    "symbol",
    "label",
    "value",
    "unit",
    "distribution",
    "components",
    "observations",
    "certificate",
    *distributions.ALL_KEYS,
    *ready.ALL_KEYS,
)
#: What may stand beside the key that an input is made of; components may be added to readings and to a certificate.
_BESIDE: Mapping[str, tuple[str, ...]] = {
    "observations": ("instrument", "resolution", "repeatability", "components"),
    "certificate": ("standard", "components"),
    "components": (),
}
_CORRELATION = ("between", "coefficient")
_SIMULTANEOUS = ("symbols", "units", "observations")

#: A component as an input counts them, its own part first.
_PART = re.compile(r"components\[(\d+)\](.*)")

_PAIR = Text("phải là hai ký hiệu, đang có {found}", "must be two symbols, found {found}")
_UNITS = Text("phải có {wanted} đơn vị, đang có {found}", "must have {wanted} units, found {found}")
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
    #: Symbols of inputs whose resolution may be counted a second time: no instrument tells that it is another's.
    beside_repeatability: tuple[str, ...] = ()


def read(document: Mapping[str, object]) -> Document:
    """Read and check a whole document; anything wrong is refused with table and key."""
    top = Table(document, "", _DOCUMENT)
    measurands = top.tables("measurand", models.KEYS, least=1)
    inputs = top.tables("input", _INPUT)
    blocks = top.tables("simultaneous", _SIMULTANEOUS)
    lines = top.tables("fit", fits.KEYS)
    for table in lines:
        fits.symbols_of(table)
    stated = top.tables("correlation", _CORRELATION)
    model = models.read_model(measurands, inputs, (*blocks, *lines))
    own = tuple(map(_input, inputs))
    found = fits.read_fits(lines, stated)
    try:
        measurement = Measurement(
            model=model,
            inputs=(*own, *found.inputs),
            correlations=(*map(_correlation, stated), *found.correlations),
            simultaneous=tuple(map(_simultaneous, blocks)),
            coverage_probability=top.number("coverage_probability", 0.95, above=0, below=1),
            coverage=top.text("coverage", "t"),
            rounding=cast("Rounding", top.choice("rounding", ROUNDING, "half_away")),
            joint=top.choice("joint", JOINT[1:], "") if "joint" in top else "",
        )
    except Refused as refused:
        raise found.moved(refused, len(own)) from None
    units, checked = _check_units(model, measurands, inputs, (*blocks, *lines))
    twice = tuple(table.text("symbol") for table in inputs if ready.may_count_twice(table))
    return Document(measurement, top.text("title", ""), units, checked, twice)


def _input(table: Table) -> Input:
    try:
        made_of = next((key for key in _BESIDE if key in table), None)
        if made_of is not None:
            return _composed(table, made_of)
        key = ready.ready_key(table)
        if key is None:
            part = ready.plain(table, centred=False)
            return Input(table.text("symbol"), part.distribution.mean, (part,))
        ready.only(table, key, ("symbol", "label", "value", "unit", key, *ready.KEYS[key]))
        return Input(table.text("symbol"), table.number("value"), (ready.ready_component(table, key),))
    except Refused as refused:
        raise _inside(refused, table.place) from None


def _composed(table: Table, made_of: str) -> Input:
    """An input of observations, of a certificate's points or of components; components are added to the former two."""
    allowed = ("symbol", "label", "value", "unit", made_of, *_BESIDE[made_of])
    for key in table.data:
        if key not in allowed:
            raise table.refuse(key, _ONLY_WITH.put(other=made_of, allowed=", ".join(allowed)))
    parts = tuple(map(_component, table.tables("components", ready.COMPONENT, least=1 if "components" in table else 0)))
    if made_of == "components":
        return Input(table.text("symbol"), table.number("value"), parts)
    if made_of == "certificate":
        found = certified(table)
        return _joined(table, made_of, found, parts)
    symbol, label = table.text("symbol"), table.text("label", "")
    mean, own, readings = ready.observed(table, label or (OBSERVATIONS if parts else ""))
    value = table.number("value", mean)
    if abs(value - mean) > 1e-9 * own.standard_uncertainty:
        raise table.refuse("value", _MEAN.put(mean=mean, found=value))
    return _joined(table, made_of, Input(symbol, mean, (own,), readings), parts)


def _joined(table: Table, made_of: str, own: Input, parts: tuple[Component, ...]) -> Input:
    """An input with further components; refusals at the places that these have in the file."""
    try:
        return replace(own, components=(*own.components, *parts))
    except Refused as refused:
        found = _PART.fullmatch(refused.place)
        if found is None:
            raise
        place = int(found[1]) - len(own.components)
        where = f"{table.where('components')}[{place}]{found[2]}" if place >= 0 else table.where(made_of)
        raise Refused(refused.reason, where) from None


def _component(table: Table) -> Component:
    try:
        return ready.component(table)
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
    return written, all(models.checked_units(model, known, wanted, measurands))


def _unit(text: str, place: str) -> Unit:
    try:
        return parse_unit(text)
    except Refused as refused:
        raise Refused(refused.reason, place) from None
