"""`chuan metrology plan FILE.toml --target U`: which input must improve, how many readings, which standard, a sweep."""

import math
import sys
from argparse import Namespace
from collections.abc import Sequence
from decimal import Decimal

from chuan.metrology import KERNEL
from chuan.metrology.command.calls import Parser, number
from chuan.metrology.command.plans import Plan, plan_document, plan_text, sweep_text
from chuan.metrology.command.results import as_document, write_json
from chuan.metrology.files.reading import Table, load, one_line
from chuan.metrology.files.uncertainty import Document, read
from chuan.metrology.planning import (
    Lever,
    Offer,
    cheapest,
    fewest_readings,
    improvements,
    reached,
    read_inputs,
    sweep_uncertainty,
    sweep_value,
)
from chuan.metrology.words import Language, Refused, Text

_USAGE = Text(
    """chuan metrology plan TỆP.toml --target U [--measurand KÝ_HIỆU] [--offers CHUẨN.toml] [--json] [--lang vi|en]
chuan metrology plan TỆP.toml --sweep ĐẦU_VÀO --quantity u|value --from A --to B [--steps N] [--measurand …]

Cần cải thiện đầu vào nào, đến u bao nhiêu, để U ≤ mục tiêu; mỗi lần thử đều tính lại cả u, ν_eff, k và U, nên thấy được
cả trường hợp u giảm mà k tăng. Kèm số lần đọc ít nhất của mỗi đầu vào có observations.
  --target U      độ không đảm bảo đo mở rộng cần đạt, theo đơn vị của kết quả
  --measurand     kết quả đo nào, khi tệp có nhiều (mặc định: đầu tiên)
  --offers        các chuẩn đang được chào; chọn cái rẻ nhất đạt mục tiêu:
                    input = "l_s"            # đầu vào được thay; component = 0 nếu nó có nhiều thành phần
                    offer = [ { name = "hạng 1", standard_uncertainty = 10, cost = 900 }, … ]   # dof nếu hữu hạn
  --sweep         U theo u (hoặc giá trị) của một đầu vào, từ A đến B

Mã thoát: 0 đã tính; 2 tệp hoặc lệnh sai, một dòng lý do.
""",
    """chuan metrology plan FILE.toml --target U [--measurand SYMBOL] [--offers STANDARDS.toml] [--json] [--lang vi|en]
chuan metrology plan FILE.toml --sweep INPUT --quantity u|value --from A --to B [--steps N] [--measurand …]

Which input must improve, and to what u, for U ≤ target; each trial computes u, ν_eff, k and U again, so that it is seen
where a smaller u makes k grow. With the fewest readings of each input that has observations.
  --target U      the expanded uncertainty to reach, in the measurand's unit
  --measurand     which measurand, where the file has several (default: the first)
  --offers        standards on offer; the cheapest that meets the target is chosen:
                    input = "l_s"            # the input to replace; component = 0 where it has several
                    offer = [ { name = "grade 1", standard_uncertainty = 10, cost = 900 }, … ]   # dof where finite
  --sweep         U by the u (or the value) of one input, from A to B

Exit status: 0 computed; 2 the file or the call is wrong, one line says why.
""",
)
_MISSING = Text("thiếu tên tệp", "the file's name is missing")
_WANTED = Text("cần --target U hoặc --sweep ĐẦU_VÀO", "needs --target U or --sweep INPUT")
_BOTH = Text("--target và --sweep không đi cùng nhau", "--target and --sweep do not go together")
_ENDS = Text("--sweep cần --from và --to", "--sweep needs --from and --to")
_ABOVE = Text(
    "{option} là một u, phải lớn hơn 0; đang là {found}", "{option} is a u and must be above 0; found {found}"
)
_STEPS = Text("--steps phải từ 1 đến 1000, đang là {found}", "--steps must be 1 to 1000, found {found}")
_KIND = Text('chỉ lập kế hoạch được cho kind = "uncertainty"', 'only kind = "uncertainty" can be planned')


def main(arguments: Sequence[str], language: Language) -> int:
    """Plan one file for a target, or sweep one input."""
    asked = _parser().parse_args(list(arguments))
    if asked.help:
        sys.stdout.write(_USAGE.say(language))
        return 0
    if asked.file is None:
        raise Refused(_MISSING)
    if (asked.target is None) == (asked.sweep is None):
        raise Refused(_WANTED if asked.target is None else _BOTH)
    ask = _sweep if asked.target is None else _plan
    try:
        ask(asked, _read(asked.file), language)
    except Refused as refused:
        raise one_line(refused).of_file(asked.file) from None
    return 0


def _parser() -> Parser:
    parser = Parser(prog="chuan metrology plan", add_help=False, allow_abbrev=False)
    parser.add_argument("file", nargs="?")
    for option in ("--target", "--measurand", "--offers", "--sweep", "--from", "--to"):
        parser.add_argument(option)
    parser.add_argument("--quantity", choices=("u", "value"), default="u")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("-h", "--help", action="store_true")
    return parser


def _read(file: str) -> Document:
    document = load(file)
    if document.get("kind") != "uncertainty":
        raise Refused(_KIND, "kind")
    return read(document)


def _plan(asked: Namespace, document: Document, language: Language) -> None:
    measurement = document.measurement
    symbol = asked.measurand or measurement.model.outputs[0]
    target = number(asked.target, "--target")
    now = reached(measurement, symbol)
    plan = Plan(
        symbol,
        target,
        now,
        improvements(measurement, symbol, target),
        tuple(fewest_readings(measurement, symbol, target, read) for read in read_inputs(measurement)),
        None if asked.offers is None else cheapest(measurement, symbol, target, *offers(asked.offers)),
    )
    if asked.json:
        write_json(plan_document(plan))
    else:
        place = measurement.model.outputs.index(symbol)
        sys.stdout.write(plan_text(plan, document.units[place], language))


def offers(file: str) -> tuple[Lever, tuple[Offer, ...]]:
    """The lever and the standards of an offers file."""
    try:
        top = Table(load(file), "", ("input", "component", "offer"))
        component = top.whole("component") if "component" in top else None
        tables = top.tables("offer", ("name", "standard_uncertainty", "cost", "dof"), least=1)
        found = tuple(
            Offer(
                table.text("name"),
                table.number("standard_uncertainty", above=0),
                table.number("cost", at_least=0),
                table.number("dof", math.inf, at_least=1),
            )
            for table in tables
        )
        return Lever(top.text("input"), component), found
    except Refused as refused:
        raise one_line(refused).of_file(file) from None


def _sweep(asked: Namespace, document: Document, language: Language) -> None:
    measurement = document.measurement
    symbol = asked.measurand or measurement.model.outputs[0]
    start, end = getattr(asked, "from"), asked.to
    if start is None or end is None:
        raise Refused(_ENDS)
    if not 1 <= asked.steps <= 1000:
        raise Refused(_STEPS.put(found=asked.steps))
    ends = number(start, "--from"), number(end, "--to")
    if asked.quantity == "u":
        for option, found in zip(("--from", "--to"), ends, strict=True):
            if found <= 0:
                raise Refused(_ABOVE.put(option=option, found=f"{found:g}"))
    points = evenly(*ends, asked.steps)
    if asked.quantity == "u":
        swept = sweep_uncertainty(measurement, symbol, Lever(asked.sweep), points)
    else:
        swept = sweep_value(measurement, symbol, asked.sweep, points)
    if asked.json:
        head = {
            "kind": "sweep",
            "kernel": KERNEL,
            "measurand": symbol,
            "input": asked.sweep,
            "quantity": asked.quantity,
        }
        write_json({**head, "points": as_document(swept)})
    else:
        place = measurement.model.outputs.index(symbol)
        name = f"u({asked.sweep})" if asked.quantity == "u" else asked.sweep
        sys.stdout.write(sweep_text(swept, symbol, name, document.units[place], language))


def evenly(start: float, end: float, steps: int) -> tuple[float, ...]:
    """Both ends and `steps` equal steps between, each the decimal that a person expects: 0.1, 0.2, 0.3."""
    first, last = Decimal(repr(start)), Decimal(repr(end))
    return tuple(float(first + (last - first) * k / steps) for k in range(steps + 1))
