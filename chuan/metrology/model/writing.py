"""Equations written out from the tape: plain text that reads back to the same tape, MathML, typst.

A measurand that an equation uses is written by its symbol. Nothing of the author's text is copied but symbols, and
those are letters, digits and `_` only.
"""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from chuan.metrology.model import symbols
from chuan.metrology.model.tape import Tape
from chuan.metrology.words import Language

Form = Literal["plain", "mathml", "typst"]

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)


class _Piece(NamedTuple):
    """A written expression and how tightly it binds."""

    text: str
    level: int
    #: It begins with a minus sign, and needs parentheses behind another sign.
    signed: bool = False


class _Style(NamedTuple):
    """How one form writes each thing; every function takes finished texts."""

    symbol: Callable[[str], str]
    number: Callable[[str], str]
    group: Callable[[str], str]
    infix: Callable[[str, str, str], str]
    prefix: Callable[[str], str]
    power: Callable[[str, str], str]
    call: Callable[[str, Sequence[str]], str]
    #: A fraction of two lines; None where a solidus is used.
    fraction: Callable[[str, str], str] | None
    whole: Callable[[str], str]


def write(tape: Tape, form: Form, output: str, language: Language, *, zero: bool = False) -> str:
    """The equation of `output`, such as `l = l_s + d`, or with `zero` on its left instead of the symbol.

    Errors: `ValueError` for a symbol that is no output.
    """
    index = tape.outputs.index(output)
    style = _STYLES[form]
    names = {slot: style.symbol(symbol) for slot, symbol in enumerate(tape.inputs)}
    for earlier in range(index):
        slot = tape.results[earlier]
        if slot >= len(tape.inputs) and slot != tape.results[index] and tape.steps[slot - len(tape.inputs)].operands:
            names.setdefault(slot, style.symbol(tape.outputs[earlier]))
    pieces = {slot: _Piece(name, _ATOM) for slot, name in names.items()}
    for slot in _needed(tape, tape.results[index], pieces):
        step = tape.steps[slot - len(tape.inputs)]
        pieces[slot] = _write_step(style, step.operation, [pieces[one] for one in step.operands], step.number, language)
    left = style.number("0") if zero else style.symbol(output)
    return style.whole(style.infix("=", left, pieces[tape.results[index]].text))


def _needed(tape: Tape, result: int, written: dict[int, _Piece]) -> list[int]:
    seen: set[int] = set()
    waiting = [result]
    while waiting:
        slot = waiting.pop()
        if slot not in written and slot not in seen:
            seen.add(slot)
            waiting.extend(tape.steps[slot - len(tape.inputs)].operands)
    return sorted(seen)


def _write_step(style: _Style, operation: str, pieces: list[_Piece], number: float, language: Language) -> _Piece:
    if operation == "constant":
        return _number(style, number, language)
    if operation == "pi":
        return _Piece(style.symbol("pi"), _ATOM)
    if operation in ("add", "sub"):
        right = _behind(style, pieces[1], _PRODUCT)
        return _Piece(style.infix("+" if operation == "add" else "−", pieces[0].text, right), _SUM, pieces[0].signed)
    if operation == "mul":
        return _Piece(
            style.infix("·", _at_least(style, pieces[0], _PRODUCT), _behind(style, pieces[1], _SIGN)),
            _PRODUCT,
            pieces[0].signed,
        )
    if operation == "div":
        return _quotient(style, pieces)
    if operation == "neg":
        return _Piece(style.prefix(_behind(style, pieces[0], _SIGN)), _SIGN, True)
    if operation == "pow":
        exponent = pieces[1]
        plain = style.fraction or exponent.level == _ATOM or (exponent.level == _SIGN and "^" not in exponent.text)
        raised = exponent.text if plain else style.group(exponent.text)
        return _Piece(style.power(_at_least(style, pieces[0], _ATOM), raised), _POWER)
    return _Piece(style.call(operation, [piece.text for piece in pieces]), _ATOM)


def _quotient(style: _Style, pieces: list[_Piece]) -> _Piece:
    if style.fraction:
        return _Piece(style.fraction(pieces[0].text, pieces[1].text), _PRODUCT)
    return _Piece(
        style.infix("/", _at_least(style, pieces[0], _PRODUCT), _behind(style, pieces[1], _SIGN)),
        _PRODUCT,
        pieces[0].signed,
    )


def _at_least(style: _Style, piece: _Piece, level: int) -> str:
    return piece.text if piece.level >= level else style.group(piece.text)


def _behind(style: _Style, piece: _Piece, level: int) -> str:
    """A piece that stands behind an operator."""
    return style.group(piece.text) if piece.signed else _at_least(style, piece, level)


def _number(style: _Style, number: float, language: Language) -> _Piece:
    shown = repr(number).removesuffix(".0")
    if style.fraction is None:
        return _Piece(shown, _ATOM)
    if language == "vi":
        shown = shown.replace(".", ",")
    digits, _, exponent = shown.partition("e")
    if not exponent:
        return _Piece(style.number(digits), _ATOM)
    ten = style.power(style.number("10"), style.number(str(int(exponent)).replace("-", "−")))
    return _Piece(style.infix("·", style.number(digits), ten), _PRODUCT)


def _subscripted(symbol: str) -> tuple[str, str]:
    """A symbol's letter and its subscript: Greek names become letters, `_` begins the subscript."""
    base, _, below = symbols.identity(symbol).partition("_")
    return (base, below.replace("_", ",")) if base and below else (symbols.identity(symbol), "")


def _plain_call(name: str, arguments: Sequence[str]) -> str:
    return f"{name}({', '.join(arguments)})"


_PLAIN = _Style(
    symbol=lambda symbol: symbol,
    number=lambda number: number,
    group=lambda text: f"({text})",
    infix=lambda sign, a, b: f"{a}{sign}{b}" if sign in "·/" else f"{a} {sign} {b}",
    prefix=lambda text: f"−{text}",
    power=lambda base, exponent: f"{base}^{exponent}",
    call=_plain_call,
    fraction=None,
    whole=lambda text: text,
)

_SHOWN_NAMES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}


def _mathml_symbol(symbol: str) -> str:
    base, below = _subscripted(symbol)
    return f"<msub><mi>{base}</mi><mi>{below}</mi></msub>" if below else f"<mi>{base}</mi>"


def _mathml_call(name: str, arguments: Sequence[str]) -> str:
    if name == "sqrt":
        return f"<msqrt>{arguments[0]}</msqrt>"
    if name == "abs":
        return f"<mrow><mo>|</mo>{arguments[0]}<mo>|</mo></mrow>"
    if name == "exp":
        return f"<msup><mi>e</mi><mrow>{arguments[0]}</mrow></msup>"
    if name == "hypot":
        squares = [f"<msup>{_MATHML.group(argument)}<mn>2</mn></msup>" for argument in arguments]
        return f"<msqrt>{squares[0]}<mo>+</mo>{squares[1]}</msqrt>"
    shown = "<msub><mi>log</mi><mn>10</mn></msub>" if name == "log10" else f"<mi>{_SHOWN_NAMES.get(name, name)}</mi>"
    return f"<mrow>{shown}<mo>&#8289;</mo>{_MATHML.group(arguments[0])}</mrow>"


_MATHML = _Style(
    symbol=_mathml_symbol,
    number=lambda number: f"<mn>{number}</mn>",
    group=lambda text: f"<mrow><mo>(</mo>{text}<mo>)</mo></mrow>",
    infix=lambda sign, a, b: f"{a}<mo>{'⋅' if sign == '·' else sign}</mo>{b}",
    prefix=lambda text: f"<mo>−</mo>{text}",
    power=lambda base, exponent: f"<msup>{base}<mrow>{exponent}</mrow></msup>",
    call=_mathml_call,
    fraction=lambda a, b: f"<mfrac><mrow>{a}</mrow><mrow>{b}</mrow></mfrac>",
    whole=lambda text: f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{text}</math>',
)


def _typst_word(word: str) -> str:
    return word if len(word) == 1 else f'"{word}"'


def _typst_symbol(symbol: str) -> str:
    base, below = _subscripted(symbol)
    return f"{_typst_word(base)}_{_typst_word(below)}" if below else _typst_word(base)


def _typst_call(name: str, arguments: Sequence[str]) -> str:
    if name == "hypot":
        return f"sqrt(({arguments[0]})^2 + ({arguments[1]})^2)"
    if name == "exp":
        return f"upright(e)^({arguments[0]})"
    if name == "log10":
        return f"log_10 ({arguments[0]})"
    return f"{_SHOWN_NAMES.get(name, name)}({arguments[0]})"


_TYPST = _Style(
    symbol=_typst_symbol,
    number=lambda number: f'"{number}"' if "," in number else number,
    group=lambda text: f"({text})",
    infix=lambda sign, a, b: f"{a} {'⋅' if sign == '·' else sign} {b}",
    prefix=lambda text: f"−{text}",
    power=lambda base, exponent: f"{base}^({exponent})",
    call=_typst_call,
    fraction=lambda a, b: f"frac({a}, {b})",
    whole=lambda text: text,
)

_STYLES: dict[Form, _Style] = {"plain": _PLAIN, "mathml": _MATHML, "typst": _TYPST}
