"""The model of an `uncertainty` file: equations, or implicit ones f(y, x) = 0 (GUM 4.1; JCGM 102 6.3)."""

import re
from collections.abc import Mapping, Sequence

from chuan.metrology.files.reading import Table
from chuan.metrology.model import Model
from chuan.metrology.units import Unit
from chuan.metrology.words import Refused, Text

KEYS = ("symbol", "equation", "implicit", "start", "unit")

_NOTHING = Text(
    "cần ít nhất một [[input]], [[simultaneous]] hoặc [[fit]]",
    "needs at least one [[input]], [[simultaneous]] or [[fit]]",
)
_MIXED = Text(
    "mọi [[measurand]] phải cùng có implicit, hoặc cùng có equation (viết equation thành implicit: y − (…))",
    "every [[measurand]] must have implicit, or every one equation (an equation as implicit: y − (…))",
)
_START = Text("chỉ đi cùng implicit", "goes only with implicit")
_UNKNOWN = Text('"{symbol}" không có trong phương trình nào', '"{symbol}" is in no equation')
_INPUT = re.compile(r"input\[(\d+)\]\.symbol")


def read_model(measurands: Sequence[Table], inputs: Sequence[Table], blocks: Sequence[Table]) -> Model:
    """The model with the symbols of all inputs; a wrong symbol is refused where it stands, also in a block."""
    declared = [(table.text("symbol"), table.where("symbol")) for table in inputs]
    for table in blocks:
        declared += [(symbol, f"{table.where('symbols')}[{i}]") for i, symbol in enumerate(table.texts("symbols"))]
    if not declared:
        raise Refused(_NOTHING)
    symbols = [symbol for symbol, _ in declared]
    if any("implicit" in table for table in measurands):
        own = [(table.text("symbol"), table.where("symbol")) for table in measurands]
        try:
            return _implicit(measurands, symbols)
        except Refused as refused:
            raise _placed(refused, [*own, *declared]) from None
    for table in measurands:
        if "start" in table:
            raise table.refuse("start", _START)
    equations = [(table.text("symbol"), table.text("equation")) for table in measurands]
    try:
        return Model.from_equations(equations, symbols)
    except Refused as refused:
        raise _placed(refused, declared) from None


def _placed(refused: Refused, declared: Sequence[tuple[str, str]]) -> Refused:
    """A refusal of a declared symbol at its place in the file."""
    found = _INPUT.fullmatch(refused.place)
    return Refused(refused.reason, declared[int(found[1])][1]) if found else refused


def _implicit(measurands: Sequence[Table], symbols: Sequence[str]) -> Model:
    """The model whose measurands solve all equations together, each looked for from its `start`."""
    from chuan.metrology.gum.implicit import ImplicitModel  # noqa: PLC0415 - few files need it

    for table in measurands:
        if "equation" in table or "implicit" not in table:
            raise Refused(_MIXED, table.where("equation" if "equation" in table else "implicit"))
    start = {table.text("symbol"): table.number("start") for table in measurands}
    texts = [table.text("implicit") for table in measurands]
    try:
        model = ImplicitModel.from_implicit(texts, start, symbols)
    except Refused as refused:
        raise implicitly(refused) from None
    for table in measurands:
        if table.text("symbol") not in model.residual.used:
            raise table.refuse("symbol", _UNKNOWN.put(symbol=table.text("symbol")))
    return model


def implicitly(refused: Refused) -> Refused:
    """A refusal of an equation at the key that holds it."""
    return Refused(refused.reason, re.sub(r"^(measurand\[\d+\])\.equation", r"\1.implicit", refused.place))


def checked_units(
    model: Model,
    units: Mapping[str, Unit | None],
    measurand_units: Mapping[str, Unit | None],
    measurands: Sequence[Table],
) -> tuple[bool, ...]:
    """As `Model.check_units`, refusals at the keys of the file."""
    try:
        return model.check_units(units, measurand_units)
    except Refused as refused:
        raise implicitly(refused) if "implicit" in measurands[0] else refused from None
