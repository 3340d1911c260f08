"""Whether the units of a model fit: dimension and size, since values are used as they are given (GUM 4.1; VIM 1.7).

Rules, each where a looser check would let a wrong number pass:

- Both sides of + and − have one dimension and one size: mm + m is refused.
- A bare number multiplies as a number. Beside a quantity with a dimension in + and − it is taken in that quantity's
unit (`rho_a - 1.2`); beside a ratio it is the number itself, so the ratio must have the unit 1 (`1 + alpha*theta`). -
  A bare factor equal to the ratio of two units of one dimension converts explicitly: `1000*L + d` with L in m and d
  in mm, `sin(phi*pi/180)` with phi in °, `1 + p/100` with p in %. Any other conversion is an input with a unit such
  as mm/m.
- Arguments of functions, and exponents that are not bare numbers, are pure numbers (an angle in radians).
- A reading in °C plus or minus kelvins is a reading in °C; the difference of two readings is an interval, good as K or
  °C; K minus °C is refused, and so is a reading in °C given out as K, unless 273.15 is added.
- °C in compound units is an interval, as large as a kelvin. A reading in °C may multiply what is given per °C
  (`R0*(1 + A*t)`, A in 1/°C), for that is said of the scale; with kelvins (`n*R*t/p`, R in J/(mol·K)), or divided by
  another reading, it would be wrong by 273.15 and is refused, also where it comes to them by a power or a product.
- Levels: 10·log10(…) and 20·log10(…) may be dB, log10(…) and 2·log10(…) B, ln(…) and ½·ln(…) Np, −log10(…) pH; L/10
  and L/20 of an L in dB may be exponents, so may L and L/2 of one in B, and a pH; of an L in Np exp(L) and exp(2·L).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from chuan.metrology.model.arithmetic import SCALAR
from chuan.metrology.model.symbols import identity
from chuan.metrology.model.tape import Step, Tape
from chuan.metrology.units import Unit, is_per_celsius, name_unit, parse_unit
from chuan.metrology.units.table import BASES
from chuan.metrology.units.unit import ratio
from chuan.metrology.words import Refused, Text

Zero = Literal["celsius", "kelvin", "any"]

_ONE = parse_unit("1")
_DECIBEL, _BEL, _NEPER, _PH = map(parse_unit, ("dB", "B", "Np", "pH"))
#: Of which logarithm, and times what, a level is.
_LEVELS: Mapping[Unit, tuple[str, tuple[float, ...]]] = {
    _DECIBEL: ("log10", (10, 20)),
    _BEL: ("log10", (1, 2)),
    _NEPER: ("ln", (1, 0.5)),
    _PH: ("log10", (1,)),
}
#: Times what a level may be the argument of exp, or an exponent.
_IN_EXP: Mapping[Unit, tuple[float, ...]] = {_NEPER: (1, 2)}
_IN_EXPONENTS: Mapping[Unit, tuple[float, ...]] = {_BEL: (1, 0.5), _PH: (1,)}
_KELVIN = parse_unit("K")
_ICE_POINT = 273.15
_TEMPERATURE = BASES.index("K")

_DIMENSIONS = Text("{a} và {b} khác thứ nguyên", "{a} and {b} differ in dimension")
_SIZES = Text(
    "{a} và {b} cùng thứ nguyên nhưng khác độ lớn (tỉ số {ratio}); hãy cho giá trị theo một đơn vị",
    "{a} and {b} have one dimension but differ in size (ratio {ratio}); give the values in one unit",
)
_ZEROS = Text(
    "K và °C khác gốc (273,15); hãy cho giá trị theo một đơn vị, hoặc cộng 273.15",
    "K and °C differ in their zero (273.15); give the values in one unit, or add 273.15",
)
_READING = Text(
    "số đọc theo °C không nhân, chia được với {a} vì có gốc 0 khác kelvin; hãy viết (t + 273.15), cho hiệu nhiệt độ "
    "theo K, hoặc ghi hệ số theo °C",
    "a reading in °C cannot be multiplied or divided with {a}, for its zero is not that of the kelvin; write "
    "(t + 273.15), give an interval in K, or give the coefficient per °C",
)
_NOT_PURE = Text(
    "{what} cần số thuần túy, đang có đơn vị {a}",
    "{what} needs a pure number, found the unit {a}",
)
_MEASURAND = Text("phương trình cho {a}, không phải {b}: {why}", "the equation gives {a}, not {b}: {why}")


class Known(NamedTuple):
    """What is known of a slot: its unit (None for a bare number) and the bare factor already multiplied into it.

    `zero` is "celsius" for a reading in °C and for whatever depends on that scale's zero; `per_celsius` tells that the
    unit is written with °C.
    """

    unit: Unit | None
    factor: float = 1.0
    zero: Zero = "any"
    logarithm: str = ""
    per_celsius: bool = False

    @property
    def shown(self) -> Unit:
        """The unit, 1 for a bare number."""
        return _ONE if self.unit is None else self.unit

    @property
    def has_temperature(self) -> bool:
        """Whether its dimension holds that of temperature."""
        return bool(self.shown.dimension[_TEMPERATURE])


#: A slot that depends on an input without unit is None; one whose units do not fit holds its refusal.
Slot = Known | Refused | None


def check_units(
    tape: Tape, units: Mapping[str, Unit | None], measurand_units: Mapping[str, Unit | None]
) -> tuple[bool, ...]:
    """For each measurand whether its units could be checked, that is, whether all its inputs have one.

    Errors: `Refused` at "measurand[i].equation:column" or "measurand[i].unit" where they were checked and do not fit.
    """
    units, measurand_units = _by_identity(units), _by_identity(measurand_units)
    slots: list[Slot] = [_input(units.get(identity(symbol))) for symbol in tape.inputs]
    for number, step in enumerate(tape.steps):
        slots.append(_step(step, [slots[operand] for operand in step.operands], tape.origins[number].place))
    checked = []
    for index, (symbol, result) in enumerate(zip(tape.outputs, tape.results, strict=True)):
        found = slots[result]
        if isinstance(found, Refused):
            raise found
        if found is not None:
            _check_measurand(found, measurand_units.get(identity(symbol)), f"measurand[{index}].unit")
        checked.append(found is not None)
    return tuple(checked)


def _by_identity(units: Mapping[str, Unit | None]) -> dict[str, Unit | None]:
    return {identity(symbol): unit for symbol, unit in units.items()}


def _input(unit: Unit | None) -> Slot:
    if unit is None:
        return None
    zero: Zero = "celsius" if unit.offset else "kelvin"
    return Known(unit, zero=zero if unit.dimension == _KELVIN.dimension else "any", per_celsius=is_per_celsius(unit))


def _step(step: Step, operands: Sequence[Slot], place: str) -> Slot:
    known: list[Known] = []
    refusal: Refused | None = None
    for operand in operands:
        if operand is None:
            return None
        if isinstance(operand, Refused):
            refusal = refusal or operand
        else:
            known.append(operand)
    if refusal is not None:
        return refusal
    try:
        return _infer(step, known)
    except Refused as error:
        return Refused(error.reason, place)


def _infer(step: Step, known: Sequence[Known]) -> Known:
    operation = step.operation
    if operation == "constant":
        return Known(None, step.number)
    if all(one.unit is None for one in known):
        return Known(None, SCALAR[operation](*(one.factor for one in known)))
    rule = _RULES.get(operation)
    if rule is not None:
        return rule(known)
    _pure(known[0], operation, _IN_EXP if operation == "exp" else {})
    return Known(_ONE, logarithm=operation if operation in ("log10", "ln") else "")


def _product(known: Sequence[Known]) -> Known:
    a, b = known
    factor = a.factor * b.factor
    if a.unit is None or b.unit is None:
        return (b if a.unit is None else a)._replace(factor=factor)
    return _with_zero(Known(a.unit * b.unit, factor), a, b)


def _quotient(known: Sequence[Known]) -> Known:
    a, b = known
    factor = a.factor / b.factor if b.factor else math.nan
    if b.unit is None:
        return a._replace(factor=factor)
    if a.zero == b.zero == "celsius":
        raise Refused(_READING.put(a=name_unit(b.shown)))
    return _with_zero(Known(a.shown / b.unit, factor), a, b)


def _with_zero(result: Known, a: Known, b: Known) -> Known:
    """The product or quotient of a and b: what becomes of readings in °C among them."""
    result = result._replace(per_celsius=a.per_celsius or b.per_celsius)
    if "celsius" not in (a.zero, b.zero):
        return result
    other = b if a.zero == "celsius" else a
    if other.zero == "celsius" or not other.has_temperature:
        return result._replace(zero="celsius")
    if not other.per_celsius:
        raise Refused(_READING.put(a=name_unit(other.shown)))
    return result


def _negative(known: Sequence[Known]) -> Known:
    return known[0]._replace(factor=-known[0].factor)


def _same(known: Sequence[Known]) -> Known:
    return known[0]


def _sum(known: Sequence[Known]) -> Known:
    a, b = known
    if a.unit is None or b.unit is None:
        return _with_number(b if a.unit is None else a, a.factor if a.unit is None else b.factor, is_sum=True)
    unit = _common(a, b)
    zeros = {a.zero, b.zero}
    per_celsius = a.per_celsius or b.per_celsius
    return Known(
        unit,
        per_celsius=per_celsius,
        zero="celsius" if "celsius" in zeros else "kelvin" if "kelvin" in zeros else "any",
    )


def _difference(known: Sequence[Known]) -> Known:
    a, b = known
    if b.unit is None:
        return _with_number(a, b.factor, is_sum=False)
    if a.unit is None:
        return _with_number(b, a.factor, is_sum=False)._replace(zero="any")
    unit = _common(a, b)
    if (a.zero, b.zero) == ("kelvin", "celsius"):
        raise Refused(_ZEROS)
    per_celsius = a.per_celsius or b.per_celsius
    if unit.dimension != _KELVIN.dimension:
        # 1/t − 1/T depends on the zero of t whatever is taken from it.
        return Known(unit, per_celsius=per_celsius, zero="celsius" if "celsius" in (a.zero, b.zero) else "any")
    return Known(unit, per_celsius=per_celsius, zero=a.zero if b.zero != a.zero and a.zero != "any" else "any")


def _with_number(quantity: Known, number: float, *, is_sum: bool) -> Known:
    """quantity ± a bare number."""
    unit = quantity.shown
    if not unit.has_dimension:
        _pure(quantity, "+" if is_sum else "−")
        return Known(_ONE)
    wanted: Zero = "celsius" if is_sum else "kelvin"
    if number == _ICE_POINT and unit.factor == 1 and quantity.zero == wanted:
        return Known(_KELVIN if is_sum else parse_unit("°C"), zero="kelvin" if is_sum else "celsius")
    keeps = is_sum or unit.dimension != _KELVIN.dimension
    return Known(unit, zero=quantity.zero if keeps else "any", per_celsius=quantity.per_celsius)


def _hypotenuse(known: Sequence[Known]) -> Known:
    if known[0].unit is None or known[1].unit is None:
        return _sum(known)
    return Known(_common(known[0], known[1]))


def _power(known: Sequence[Known]) -> Known:
    base, exponent = known
    if exponent.unit is not None or base.unit is None:
        _pure(exponent, "^", _IN_EXPONENTS)
        _pure(base, "^")
        return Known(_ONE)
    if not base.unit.has_dimension and base.unit == _ONE:
        return Known(_ONE)
    rational = Fraction(exponent.factor).limit_denominator(12)
    if not math.isclose(float(rational), exponent.factor, rel_tol=1e-12) or abs(rational) > 100:
        _pure(base, "^")
        return Known(_ONE)
    unit = base.unit.power(rational)
    zero: Zero = "celsius" if base.zero == "celsius" and unit.has_dimension else "any"
    return Known(unit, _power_of_factor(base.factor, exponent.factor), zero, per_celsius=base.per_celsius)


def _power_of_factor(factor: float, exponent: float) -> float:
    try:
        return math.pow(abs(factor), exponent)
    except (ValueError, OverflowError):
        return math.nan


def _root(known: Sequence[Known]) -> Known:
    return _power((known[0], Known(None, 0.5)))


_RULES: dict[str, Callable[[Sequence[Known]], Known]] = {
    "add": _sum,
    "sub": _difference,
    "mul": _product,
    "div": _quotient,
    "neg": _negative,
    "abs": _same,
    "pow": _power,
    "sqrt": _root,
    "hypot": _hypotenuse,
}


def _ratio(a: Unit, b: Unit) -> float:
    """How many b one a is; infinite beyond what a double can hold."""
    try:
        return float(ratio(a, b))
    except OverflowError:
        return math.inf


def _is_converted(quantity: Known, target: Unit) -> bool:
    """Whether the quantity's bare factor is just what turns its unit into `target`."""
    unit = quantity.shown
    logarithm, factors = _LEVELS.get(target, ("", ()))
    if quantity.logarithm and quantity.logarithm == logarithm:
        return any(_is_near(quantity.factor, factor) for factor in factors)
    if unit == _DECIBEL and target == _ONE:
        return _is_near(quantity.factor, 1 / 10) or _is_near(quantity.factor, 1 / 20)
    return unit.dimension == target.dimension and _is_near(quantity.factor, _ratio(unit, target))


def _is_near(factor: float, wanted: float) -> bool:
    return math.isfinite(wanted) and math.isclose(abs(factor), wanted, rel_tol=1e-12)


def _fits(quantity: Known, target: Unit) -> bool:
    unit = quantity.shown
    return unit.as_difference() == target.as_difference() or _is_converted(quantity, target)


def _common(a: Known, b: Known) -> Unit:
    """The unit that both sides of a sum are in, without offset."""
    if _fits(a, b.shown):
        return b.shown.as_difference()
    if _fits(b, a.shown):
        return a.shown.as_difference()
    raise Refused(_mismatch(a.shown, b.shown))


def _mismatch(a: Unit, b: Unit) -> Text:
    if a.dimension != b.dimension:
        return _DIMENSIONS.put(a=name_unit(a), b=name_unit(b))
    return _SIZES.put(a=name_unit(a), b=name_unit(b), ratio=f"{_ratio(a, b):.6g}")


def _pure(quantity: Known, what: str, levels: Mapping[Unit, tuple[float, ...]] | None = None) -> None:
    """Refuse what is no pure number, nor one of the levels that may stand there."""
    if any(_is_near(quantity.factor, factor) for factor in (levels or {}).get(quantity.shown, ())):
        return
    if quantity.unit is not None and not _fits(quantity, _ONE):
        raise Refused(_NOT_PURE.put(what=what, a=name_unit(quantity.shown)))


def _check_measurand(found: Known, unit: Unit | None, place: str) -> None:
    """The measurand's unit follows from those of the inputs; a bare number may have any."""
    if unit is None or found.unit is None:
        return
    if not _fits(found, unit):
        why = _mismatch(found.unit, unit)
        raise Refused(
            Text(
                _MEASURAND.vi.format(a=name_unit(found.unit), b=unit, why=why.vi),
                _MEASURAND.en.format(a=name_unit(found.unit), b=unit, why=why.en),
            ),
            place,
        )
    if found.zero == "celsius" and unit.dimension != _KELVIN.dimension and not is_per_celsius(unit):
        raise Refused(_READING.put(a=name_unit(unit)), place)
    if unit.dimension == _KELVIN.dimension and found.zero != "any" and (found.zero == "celsius") != bool(unit.offset):
        raise Refused(_ZEROS, place)
