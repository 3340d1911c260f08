"""`chuan metrology explain A.toml [B.toml]`: one result in words, or what accounts for the difference of two."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chuan.metrology import KERNEL
from chuan.metrology.command.calls import Parser
from chuan.metrology.command.results import as_document, write_json
from chuan.metrology.explaining.difference import Difference, Part, differences, paired
from chuan.metrology.explaining.difference_words import Column, describe, uncertainty_column, value_column
from chuan.metrology.explaining.phrases import called, signed
from chuan.metrology.files import Options, compute
from chuan.metrology.files.reading import load, one_line
from chuan.metrology.files.showing import columns, shown
from chuan.metrology.files.uncertainty import Document, read
from chuan.metrology.files.uncertainty.explanation import bullets, explanation, shown_unit
from chuan.metrology.files.uncertainty.table import statement
from chuan.metrology.units import parse_unit
from chuan.metrology.words import Language, Refused, Text

_USAGE = Text(
    """chuan metrology explain A.toml [B.toml] [--json] [--lang vi|en]

Một tệp: kết quả bằng lời: thành phần nào lớn nhất, vì sao có hệ số phủ k ấy, tương quan, phi tuyến, Monte Carlo.
Hai tệp (năm ngoái và nay, phòng thí nghiệm A và B): đầu vào nào làm giá trị và U khác nhau; các phần cộng lại đúng
bằng hiệu. Phần của Δy: Δx nhân hệ số độ nhạy trung bình trên đoạn thẳng giữa hai bên; phần của ΔU: thay đổi phương
sai của từng thành phần, rồi thay đổi của k.

Mã thoát: 0 đã tính; 2 tệp hoặc lệnh sai, một dòng lý do.
""",
    """chuan metrology explain A.toml [B.toml] [--json] [--lang vi|en]

One file: its result in words: which contribution is the largest, why this coverage factor k, correlation,
nonlinearity, Monte Carlo. Two files (last year and now, laboratories A and B): which inputs account for the change of
the value and of U; the parts add up to the difference. Parts of Δy: Δx times the mean sensitivity along the straight
line between the two sides; parts of ΔU: the change of each component's variance, then that of k.

Exit status: 0 computed; 2 a file or the call is wrong, one line says why.
""",
)
_MISSING = Text("thiếu tên tệp", "the file's name is missing")
_KIND = Text('chỉ giải thích được kind = "uncertainty"', 'only kind = "uncertainty" can be explained')
_UNITS = Text(
    'đơn vị của "{symbol}" khác nhau: {a} và {b}; hãy ghi cùng một đơn vị rồi so sánh',
    'the units of "{symbol}" differ: {a} and {b}; write both in one unit, then compare',
)
_NO_UNIT = Text("không ghi", "none stated")
_JSON_ONE = Text(
    "--json của một tệp: dùng chuan compute --json", "--json of a single file: use chuan compute --json instead"
)
_HEAD = (Text("Đại lượng", "Quantity"), Text("Giá trị {a}", "Value {a}"), Text("Giá trị {b}", "Value {b}"))
_HEAD_Y = Text("Phần của Δ{symbol}", "Part of Δ{symbol}")
_HEAD_S = (Text("u {a}", "u {a}"), Text("u {b}", "u {b}"), Text("Phần của Δ{u}", "Part of Δ{u}"))
_EQUATION = Text("phương trình", "equation")
_FACTOR = Text("hệ số phủ k", "coverage factor k")
_REST = Text("không quy được", "not laid on any")
_TOTAL = Text("Tổng", "Total")


def main(arguments: Sequence[str], language: Language) -> int:
    """Explain one file, or the difference of two."""
    parser = Parser(prog="chuan metrology explain", add_help=False, allow_abbrev=False)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("-h", "--help", action="store_true")
    asked = parser.parse_args(list(arguments))
    if asked.help:
        sys.stdout.write(_USAGE.say(language))
        return 0
    if not 1 <= len(asked.files) <= 2:
        raise Refused(
            _MISSING if not asked.files else Text("chỉ so sánh được hai tệp", "only two files can be compared")
        )
    if len(asked.files) == 1:
        if asked.json:
            raise Refused(_JSON_ONE)
        sys.stdout.write(_one(asked.files[0], language))
        return 0
    found = compared(*asked.files)
    if asked.json:
        write_json(as_json_document(found))
    else:
        sys.stdout.write(_two(found, names_of(*asked.files), language))
    return 0


def _one(file: str, language: Language) -> str:
    """One file's result in words."""
    document = _document(file)
    try:
        result = compute(document, Options(language=language))
    except Refused as refused:
        raise refused.of_file(file) from None
    blocks = [
        "\n".join([statement(measurand, language), "", *explanation(measurand, language, result["notes"])])
        for measurand in result["measurands"]
    ]
    return "\n\n".join(blocks) + "\n"


def _document(file: str) -> dict[str, object]:
    try:
        document = load(file)
        if document.get("kind") != "uncertainty":
            raise Refused(_KIND, "kind")
    except Refused as refused:
        raise refused.of_file(file) from None
    return document


def compared(before: str, after: str) -> tuple[Difference, ...]:
    """The differences of two files; quantities of one name must be in one unit."""
    documents = [_document(before), _document(after)]
    sides = [_read(document, file) for document, file in zip(documents, (before, after), strict=True)]
    models = [side.measurement.model for side in sides]
    pairs = paired(models[0].outputs, models[1].outputs)
    inputs = [(symbol, symbol) for symbol in models[0].inputs if symbol in models[1].inputs]
    try:
        _check_units(units_of(documents[0]), units_of(documents[1]), [*pairs, *inputs])
    except Refused as refused:
        raise refused.of_file(after) from None
    units = dict(zip(sides[1].measurement.model.outputs, map(shown_unit, sides[1].units), strict=True))
    return differences(sides[0].measurement, sides[1].measurement, units)


def _read(document: Mapping[str, object], file: str) -> Document:
    try:
        return read(document)
    except Refused as refused:
        raise one_line(refused).of_file(file) from None


def units_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The units that a read document states, by symbol."""
    found = {
        table["symbol"]: table["unit"]
        for key in ("measurand", "input")
        for table in document.get(key, ())
        if "unit" in table
    }
    for table in (*document.get("simultaneous", ()), *document.get("fit", ())):
        found |= dict(zip(table["symbols"], table.get("units", ()), strict=False))
    return found


def _check_units(before: Mapping[str, str], after: Mapping[str, str], pairs: Iterable[tuple[str, str]]) -> None:
    """Refuse quantities that are subtracted from each other and are not in one unit.

    Without a unit a value may be in any; only a plain number may leave its unit out on one side.
    """
    for a, b in pairs:
        units = before.get(a), after.get(b)
        if parse_unit(units[0] or "1") == parse_unit(units[1] or "1"):
            continue
        first, second = (_NO_UNIT if unit is None else Text(unit, unit) for unit in units)
        raise Refused(_UNITS.put(symbol=a if a == b else f"{a}, {b}", a=first, b=second))


def names_of(before: str, after: str) -> tuple[str, str]:
    """What the two files are called: their names without ending, or as written where those are the same."""
    stems = Path(before).stem, Path(after).stem
    return stems if stems[0] != stems[1] else (before, after)


def _two(found: Sequence[Difference], names: tuple[str, str], language: Language) -> str:
    blocks = []
    for difference in found:
        sentence, *remarks = describe(difference, *names)
        blocks.append("\n".join(bullets([sentence], language)).removeprefix("– ").replace("\n  ", "\n"))
        blocks.append(_table(difference, names, language))
        if remarks:
            blocks.append("\n".join(bullets(remarks, language)))
    return "\n\n".join(blocks) + "\n"


def _table(difference: Difference, names: tuple[str, str], language: Language) -> str:
    """Both differences with their parts; each column of parts adds up, as printed, to its total."""
    y, u = value_column(difference), uncertainty_column(difference)
    head = [text.put(a=names[0], b=names[1]) for text in _HEAD] + [_HEAD_Y.put(symbol=difference.symbol)]
    head += [text.put(a=names[0], b=names[1], u="U" if difference.expanded else "u") for text in _HEAD_S]
    rows: list[list[str]] = []
    seen: set[str] = set()
    for part, own, spread in zip(difference.parts, y.parts, u.parts, strict=True):
        first = part.symbol not in seen
        seen.add(part.symbol)
        rows.append(_row(part, signed(own).say(language) if first else "", signed(spread).say(language), language))
    rows += _below(difference, y, u, language)
    return columns(head, rows, language)


def _row(part: Part, own: str, spread: str, language: Language) -> list[str]:
    a, b = part.before, part.after
    name = called(part.symbol, part.label).say(language)
    values = [shown(side.value if side else None, language, 9) for side in (a, b)]
    us = [shown(side.standard_uncertainty if side else None, language, 4) for side in (a, b)]
    return [name, *values, own, *us, spread]


def _below(difference: Difference, y: Column, u: Column, language: Language) -> list[list[str]]:
    rows = []
    if difference.model_differs:
        rows.append([_EQUATION.say(language), "", "", signed(y.other).say(language), "", "", ""])
    if difference.expanded:
        k = [shown(side.coverage_factor, language, 4) for side in (difference.before, difference.after)]
        rows.append([_FACTOR.say(language), "", "", "", *k, signed(u.other).say(language)])
    if y.remainder or u.remainder:
        rest = [signed(one.remainder).say(language) if one.remainder else "" for one in (y, u)]
        rows.append([_REST.say(language), "", "", rest[0], "", "", rest[1]])
    values = [shown(side.estimate, language, 9) for side in (difference.before, difference.after)]
    totals = [shown(uncertainty, language, 4) for uncertainty in difference.uncertainties]
    rows.append([_TOTAL.say(language), *values, signed(y.total).say(language), *totals, signed(u.total).say(language)])
    return rows


def as_json_document(found: Sequence[Difference]) -> dict[str, Any]:
    """The differences with every number unrounded; null is infinite for degrees of freedom, else absent."""
    return {
        "kind": "difference",
        "kernel": KERNEL,
        "measurands": [
            {
                "symbol": one.symbol,
                "value_change": one.value_change,
                "uncertainty_change": one.uncertainty_change,
                "expanded": one.expanded,
                "parts": [as_document(part) for part in one.parts],
                "model_differs": one.model_differs,
                "model_part": one.model_part,
                "factor_part": one.factor_part,
                "value_remainder": one.value_remainder,
                "uncertainty_remainder": one.uncertainty_remainder,
            }
            for one in found
        ],
    }
