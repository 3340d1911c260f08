"""How files name the distributions of the contract, with the keys that each takes (GUM 4.3; JCGM 101 6.4)."""

import math
from collections.abc import Callable

from chuan.metrology.distributions import (
    Arcsine,
    Constant,
    CurvilinearTrapezoid,
    Distribution,
    Exponential,
    Gamma,
    Normal,
    Rectangular,
    StudentT,
    Trapezoidal,
    Triangular,
)
from chuan.metrology.files.reading import Table
from chuan.metrology.words import Refused, Text

_CONFLICT = Text("chỉ một trong {keys}", "only one of {keys}")
_NEEDS = Text("cần {keys}", "needs {keys}")
_ONLY_FOR = Text(
    'phân bố "{kind}" không có khóa "{key}"; được phép: {allowed}',
    'distribution "{kind}" takes no key "{key}"; allowed: {allowed}',
)
_ORDER = Text("low {low:g} phải nhỏ hơn high {high:g}", "low {low:g} must be below high {high:g}")
_VALUE = Text(
    "không khớp phân bố, có trung bình {mean!r}; đang là {found!r}",
    "is not the distribution's mean {mean!r}, found {found!r}",
)
_CENTRED = Text(
    "thành phần phải đối xứng quanh 0; {kind} thì không", "a component must be symmetric about 0; {kind} is not"
)
_NO_DOF = Text(
    "student_t cần dof hoặc relative_uncertainty_of_uncertainty",
    "student_t needs dof or relative_uncertainty_of_uncertainty",
)
_OUT_OF_RANGE = Text(
    "phương sai vượt khả năng tính toán (thành {variance:g})",
    "the variance is beyond what can be computed ({variance:g})",
)

_U = ("standard_uncertainty", "expanded_uncertainty", "coverage_factor")
_DOF = ("dof", "relative_uncertainty_of_uncertainty")
_BOUNDS = ("half_width", "low", "high")

#: Keys of each distribution beside `distribution`, `value`, `unit`, `label` and `symbol`.
KEYS: dict[str, tuple[str, ...]] = {
    "normal": (*_U, *_DOF),
    "student_t": (*_U, *_DOF, "scale"),
    "rectangular": (*_BOUNDS, *_DOF),
    "triangular": (*_BOUNDS, *_DOF),
    "trapezoidal": (*_BOUNDS, "beta", *_DOF),
    "arcsine": (*_BOUNDS, *_DOF),
    "curvilinear_trapezoid": (*_BOUNDS, "half_width_limit", *_DOF),
    "exponential": _DOF,
    "gamma": ("shape", "scale", *_DOF),
    "constant": (),
}
ALL_KEYS = tuple(dict.fromkeys(key for keys in KEYS.values() for key in keys))

_COMMON = ("symbol", "label", "value", "unit", "distribution")


def distribution(table: Table, centred: bool) -> Distribution:
    """The distribution that a table states; `centred` is a component's, on 0 and without a value of its own."""
    default = "normal" if _states_u(table) else None
    kind = table.choice("distribution", tuple(KEYS), default)
    allowed = [*(key for key in _COMMON if not centred or key in ("label", "distribution")), *KEYS[kind]]
    for key in table.data:
        if key not in allowed:
            raise table.refuse(key, _ONLY_FOR.put(kind=kind, key=key, allowed=", ".join(allowed)))
    if centred and kind in ("exponential", "gamma"):
        raise table.refuse("distribution", _CENTRED.put(kind=kind))
    try:
        found = _READERS[kind](table, centred)
    except Refused as refused:
        # The dataclasses name their key alone; readers name the whole place.
        raise refused if refused.place.startswith(table.place) else refused.at(table.place) from None
    refuse_out_of_range(found, table.place, may_vanish=kind == "constant")
    if not centred and "value" in table:
        _agree(table, found)
    return found


def refuse_out_of_range(found: Distribution, place: str, *, may_vanish: bool = False) -> None:
    """A variance that a double cannot hold: an uncertainty must neither vanish nor become infinite."""
    try:
        variance = found.variance
    except OverflowError:
        variance = math.inf
    if not 0 <= variance < math.inf or not (variance or may_vanish):
        raise Refused(_OUT_OF_RANGE.put(variance=variance), place)


def degrees_of_freedom(table: Table) -> float:
    """`dof`, or ν = 1/(2r²) of `relative_uncertainty_of_uncertainty` (GUM G.4.2); infinite where neither stands."""
    only_one(table, *_DOF)
    stated = table.optional("dof", above=0)
    if stated is not None:
        return stated
    relative = table.optional("relative_uncertainty_of_uncertainty", above=0)
    if relative is None:
        return math.inf
    try:
        return 1 / (2 * relative**2)
    except ZeroDivisionError:
        return math.inf


def only_one(table: Table, *keys: str) -> None:
    """Refuse a table that has more than one of these keys."""
    found = [key for key in keys if key in table]
    if len(found) > 1:
        raise table.refuse(found[1], _CONFLICT.put(keys=", ".join(keys)))


def _states_u(table: Table) -> bool:
    return "standard_uncertainty" in table or "expanded_uncertainty" in table


def _agree(table: Table, found: Distribution) -> None:
    value = table.number("value")
    if abs(value - found.mean) > 1e-9 * math.sqrt(found.variance):
        raise table.refuse("value", _VALUE.put(mean=found.mean, found=value))


def _value(table: Table, centred: bool) -> float:
    return 0.0 if centred else table.number("value")


def _u(table: Table) -> float:
    """u as stated, or U/k with k at least 1 (GUM 4.3.3); zero is refused, a constant says so."""
    only_one(table, "standard_uncertainty", "expanded_uncertainty")
    if "expanded_uncertainty" in table:
        u = table.number("expanded_uncertainty", above=0) / table.number("coverage_factor", at_least=1)
    elif "coverage_factor" in table:
        raise table.refuse("coverage_factor", _NEEDS.put(keys="expanded_uncertainty"))
    elif "standard_uncertainty" not in table:
        raise Refused(_NEEDS.put(keys="standard_uncertainty | expanded_uncertainty + coverage_factor"), table.place)
    else:
        u = table.number("standard_uncertainty", above=0)
    return u


def _bounds(table: Table, centred: bool) -> tuple[float, float]:
    """Middle and half width: of `half_width` about `value`, or of `low` and `high`."""
    only_one(table, "half_width", "low")
    only_one(table, "half_width", "high")
    if "half_width" in table:
        return _value(table, centred), table.number("half_width", above=0)
    if centred or not ("low" in table or "high" in table):
        raise Refused(_NEEDS.put(keys="half_width" if centred else "half_width | low + high"), table.place)
    low, high = table.number("low"), table.number("high")
    if not low < high:
        raise table.refuse("low", _ORDER.put(low=low, high=high))
    return low + (high - low) / 2, (high - low) / 2


def _normal(table: Table, centred: bool) -> Distribution:
    return Normal(_value(table, centred), _u(table))


def _student_t(table: Table, centred: bool) -> Distribution:
    scale = table.choice("scale", ("u", "standard_deviation"), "u")
    dof = degrees_of_freedom(table)
    if math.isinf(dof):
        raise Refused(_NO_DOF, table.place)
    return StudentT(_value(table, centred), _u(table), dof, rescaled=scale == "standard_deviation")


def _rectangular(table: Table, centred: bool) -> Distribution:
    return Rectangular(*_bounds(table, centred))


def _triangular(table: Table, centred: bool) -> Distribution:
    return Triangular(*_bounds(table, centred))


def _trapezoidal(table: Table, centred: bool) -> Distribution:
    return Trapezoidal(*_bounds(table, centred), table.number("beta", at_least=0, at_most=1))


def _arcsine(table: Table, centred: bool) -> Distribution:
    return Arcsine(*_bounds(table, centred))


def _curvilinear(table: Table, centred: bool) -> Distribution:
    return CurvilinearTrapezoid(*_bounds(table, centred), table.number("half_width_limit", at_least=0))


def _exponential(table: Table, centred: bool) -> Distribution:
    return Exponential(table.number("value", above=0))


def _gamma(table: Table, centred: bool) -> Distribution:
    return Gamma(table.number("shape", above=0), table.number("scale", above=0))


def _constant(table: Table, centred: bool) -> Distribution:
    return Constant(_value(table, centred))


_READERS: dict[str, Callable[[Table, bool], Distribution]] = {
    "normal": _normal,
    "student_t": _student_t,
    "rectangular": _rectangular,
    "triangular": _triangular,
    "trapezoidal": _trapezoidal,
    "arcsine": _arcsine,
    "curvilinear_trapezoid": _curvilinear,
    "exponential": _exponential,
    "gamma": _gamma,
    "constant": _constant,
}
