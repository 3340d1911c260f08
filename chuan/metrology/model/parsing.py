"""From checked tokens to the tape: Python's own grammar on placeholders, an allow-list of nodes, an iterative walk.

The text that `ast.parse` sees holds no letter of the author's: every symbol, function and number is `t0`, `t1` …, so
neither a reserved word, nor the folding of identifiers to NFKC, nor a long number can change what is meant.
"""

import ast
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chuan.metrology.model import reading, symbols
from chuan.metrology.model.reading import Token
from chuan.metrology.model.tape import Origin, Tape, TapeWriter
from chuan.metrology.words import Refused, Text

MOST_EQUATIONS = 200
MOST_INPUTS = 1_000
MOST_STEPS = 1_000
MOST_CHARACTERS = 10_000

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.Pow: "pow",
}


def read_model(equations: Sequence[tuple[str, str]], inputs: Sequence[str]) -> Tape:
    """The tape of (symbol, text) pairs in order, over the named inputs.

    Errors: `Refused` at "input[j].symbol", "measurand[i].symbol" or "measurand[i].equation:column" (columns from 1).
    """
    _check_counts(equations, inputs)
    slots = _declared(inputs)
    read = [_tokens(index, text) for index, (_, text) in enumerate(equations)]
    names = _outputs(equations, slots)
    _check_order(read, names, slots)
    writer = TapeWriter(len(inputs))
    results = []
    for index, (symbol, _) in enumerate(equations):
        result = _Walk(read[index], index, slots, writer).run()
        slots[symbols.identity(symbol)] = result
        results.append(result)
    return Tape(
        tuple(inputs),
        tuple(symbol for symbol, _ in equations),
        tuple(writer.steps),
        tuple(results),
        tuple(writer.origins),
    )


def _check_counts(equations: Sequence[tuple[str, str]], inputs: Sequence[str]) -> None:
    if not equations:
        raise Refused(Text("chưa có đại lượng đo nào", "there is no measurand"), "measurand")
    entries = Text("có {found} mục, cho phép {allowed}", "has {found} entries, allowed {allowed}")
    letters = Text(
        "các phương trình dài tổng cộng {found} ký tự, cho phép {allowed}",
        "the equations have {found} characters in all, allowed {allowed}",
    )
    for index, (_, equation) in enumerate(equations):
        if len(equation) > reading.MOST_CHARACTERS:
            raise _at_equation(index, reading.too_long(len(equation)))
    for key, text, found, allowed in (
        ("measurand", entries, len(equations), MOST_EQUATIONS),
        ("input", entries, len(inputs), MOST_INPUTS),
        ("measurand", letters, sum(len(equation) for _, equation in equations), MOST_CHARACTERS),
    ):
        if found > allowed:
            raise Refused(text.put(found=found, allowed=allowed), key)


def _declared(inputs: Sequence[str]) -> dict[str, int]:
    slots: dict[str, int] = {}
    for index, symbol in enumerate(inputs):
        _check_symbol(symbol, f"input[{index}].symbol", slots)
        slots[symbols.identity(symbol)] = index
    return slots


def _outputs(equations: Sequence[tuple[str, str]], slots: Mapping[str, int]) -> dict[str, int]:
    names: dict[str, int] = {}
    for index, (symbol, _) in enumerate(equations):
        _check_symbol(symbol, f"measurand[{index}].symbol", {**slots, **names})
        names[symbols.identity(symbol)] = index
    return names


def _check_symbol(symbol: str, place: str, taken: Mapping[str, int]) -> None:
    if not symbols.is_symbol(symbol):
        text = Text(
            "“{symbol}” không dùng làm ký hiệu được: "
            "bắt đầu bằng chữ cái, rồi chữ cái, chữ số, _; không trùng tên hàm hay pi",
            "“{symbol}” cannot be a symbol: a letter, then letters, digits, _; not a function's name nor pi",
        )
        raise Refused(text.put(symbol=symbols.shortened(symbol)), place)
    if symbols.identity(symbol) in taken:
        text = Text("ký hiệu {symbol} đã dùng rồi", "symbol {symbol} is already taken")
        raise Refused(text.put(symbol=symbol), place)


def _tokens(index: int, text: str) -> tuple[Token, ...]:
    try:
        return reading.tokens(text)
    except Refused as error:
        raise _at_equation(index, error) from None


def _at_equation(index: int, error: Refused) -> Refused:
    return Refused(error.reason, f"measurand[{index}].equation:{error.place}")


class _Use(NamedTuple):
    """A symbol in an equation."""

    name: str
    origin: Origin


def _check_order(read: Sequence[tuple[Token, ...]], outputs: Mapping[str, int], slots: Mapping[str, int]) -> None:
    """Every name is known, and none is used before its own equation."""
    uses = [_uses(index, found) for index, found in enumerate(read)]
    for index, found in enumerate(uses):
        for use in found:
            name = symbols.identity(use.name)
            if name in slots:
                continue
            if name not in outputs:
                raise _unknown(use)
            if outputs[name] >= index:
                raise _too_early(use, index, outputs[name], uses, outputs)


def _uses(index: int, found: Sequence[Token]) -> list[_Use]:
    return [
        _Use(token.text, Origin(index, token.column))
        for token in found
        if token.kind == "name"
        and token.text not in symbols.FUNCTIONS
        and symbols.identity(token.text) != symbols.identity(symbols.PI)
    ]


def _unknown(use: _Use) -> Refused:
    text = Text(
        "ký hiệu {name} chưa khai báo: không phải đại lượng vào, cũng không phải đại lượng đo đứng trước",
        "symbol {name} is not declared: neither an input nor an earlier measurand",
    )
    return Refused(text.put(name=use.name), use.origin.place)


def _too_early(
    use: _Use, index: int, target: int, uses: Sequence[Sequence[_Use]], outputs: Mapping[str, int]
) -> Refused:
    """A circle when the used measurand leads back to this one, else only a wrong order."""
    reached, ahead = {target}, [target]
    while ahead:
        for other in uses[ahead.pop()]:
            following = outputs.get(symbols.identity(other.name))
            if following is not None and following not in reached:
                reached.add(following)
                ahead.append(following)
    if index in reached:
        text = Text("{name} được tính từ chính nó (vòng tròn)", "{name} is computed from itself (a circle)")
    else:
        text = Text(
            "{name} được tính ở measurand[{target}], phía sau; hãy đặt nó lên trước",
            "{name} is computed later, in measurand[{target}]; put that one first",
        )
    return Refused(text.put(name=use.name, target=target), use.origin.place)


class _Walk:
    """Writes one equation to the tape, children before parents, without recursion."""

    def __init__(self, found: Sequence[Token], index: int, slots: Mapping[str, int], writer: TapeWriter) -> None:
        self.found = found
        self.index = index
        self.slots = slots
        self.writer = writer
        self.source, self.columns = _placeholders(found)
        self.done: dict[ast.AST, int] = {}

    def run(self) -> int:
        root = ast.parse(self.source, mode="eval").body
        waiting: list[tuple[ast.expr, bool]] = [(root, False)]
        while waiting:
            node, ready = waiting.pop()
            if ready:
                self.done[node] = self.write(node)
            else:
                waiting.append((node, True))
                waiting.extend((child, False) for child in reversed(_operands(node)))
        return self.done[root]

    def origin(self, node: ast.expr) -> Origin:
        return Origin(self.index, self.columns.get(node.col_offset, 1))

    def write(self, node: ast.expr) -> int:
        origin = self.origin(node)
        operands = tuple(self.done[child] for child in _operands(node))
        if isinstance(node, ast.Name):
            return self.leaf(self.token(node.id), origin)
        if isinstance(node, ast.UnaryOp) and operands:
            return operands[0] if isinstance(node.op, ast.UAdd) else self.put("neg", operands, origin)
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            return self.put(_BINARY[type(node.op)], operands, origin)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self.put(self.token(node.func.id).text, operands, origin)
        raise _not_allowed(origin)

    def token(self, placeholder: str) -> Token:
        return self.found[int(placeholder[1:])]

    def leaf(self, token: Token, origin: Origin) -> int:
        if token.kind in ("number", "raised"):
            return self.put("constant", (), origin, abs(token.number))
        name = symbols.identity(token.text)
        if name in self.slots:
            return self.slots[name]
        return self.put("pi", (), origin)

    def put(self, operation: str, operands: tuple[int, ...], origin: Origin, number: float = 0.0) -> int:
        if len(self.writer.steps) >= MOST_STEPS:
            text = Text(
                "mô hình quá lớn, cho phép {most} phép tính", "the model is too large, allowed {most} operations"
            )
            raise Refused(text.put(most=MOST_STEPS), origin.place)
        return self.writer.put(operation, operands, origin, number)


def _not_allowed(origin: Origin) -> Refused:
    return Refused(Text("cách viết này không được phép", "this form is not allowed"), origin.place)


def _operands(node: ast.expr) -> list[ast.expr]:
    """The children of an allowed node; anything else is refused by `_Walk.write`, which is reached without them."""
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd | ast.USub):
        return [node.operand]
    if isinstance(node, ast.Call) and not node.keywords:
        return list(node.args)
    return []


def _placeholders(found: Sequence[Token]) -> tuple[str, dict[int, int]]:
    """The text for `ast.parse`, and the author's column of each offset in it."""
    parts: list[str] = []
    columns: dict[int, int] = {}
    offset = 0
    for number, token in enumerate(found):
        if token.kind in ("number", "name"):
            part = f"t{number}"
        elif token.kind == "raised":
            part = f"**{'-' if token.number < 0 else ''}t{number}"
        else:
            part = token.text
        columns[offset] = token.column
        parts.append(part)
        offset += len(part) + 1
    return " ".join(parts), columns
