"""Ready components as files name them: resolution, repeatability, hysteresis, zero, drift (GUM F.2.2.1, 4.2.4, 4.3)."""

import datetime
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chuan.metrology.distributions import Normal, StudentT
from chuan.metrology.files import distributions
from chuan.metrology.files.reading import Table, numbers, quote
from chuan.metrology.inputs import Component, TypeA, type_a
from chuan.metrology.inputs import ready as parts
from chuan.metrology.inputs.quantities import OF_ONE_READING
from chuan.metrology.inputs.ready import CertificateValue
from chuan.metrology.inputs.type_a import mean_of, pooled_standard_deviation
from chuan.metrology.words import Refused, Text

#: The keys that stand for a component, each with those that may stand beside it.
KEYS: Mapping[str, tuple[str, ...]] = {
    "resolution": ("label", "instrument"),
    "repeatability": ("label", "instrument"),
    "hysteresis": ("label", "instrument", "cause"),
    "zero": ("label", "instrument", "cause"),
    "history": ("label", "instrument", "standard", "cause", "days", "at"),
}
#: Whose error a component is; `cause` tells several errors of one standard or instrument apart.
IDENTITY = ("standard", "instrument", "cause")
ALL_KEYS = tuple(dict.fromkeys((*KEYS, *(key for beside in KEYS.values() for key in beside), *IDENTITY)))
#: All that a component may have.
COMPONENT = ("label", "distribution", *distributions.ALL_KEYS, *ALL_KEYS)
#: The cause of a plain component that names a standard or an instrument and no other.
CALIBRATION = "calibration"

#: How a plain component says in its label that it is a resolution.
_RESOLUTION = re.compile(r"phân giải|resolution", re.IGNORECASE)
_REPEATABILITY = ("observations", "standard_deviation", "dof", "readings")

_BESIDE = Text(
    'không đứng cạnh "{other}" được; được phép: {allowed}', 'cannot stand beside "{other}"; allowed: {allowed}'
)
_ONE_OF = Text("cần đúng một trong {keys}", "needs exactly one of {keys}")
_NO_OWNER = Text('cần "standard" hoặc "instrument"', 'needs "standard" or "instrument"')
_DATE = Text(
    'phải là ngày dạng "2026-03-01" (trong ngoặc kép), đang là {found}',
    'must be a date such as "2026-03-01" (in quotes), found {found}',
)
_SAME_FORM = Text('mọi giấy chứng nhận phải cùng dùng "{key}"', 'all certificates must use "{key}"')
_SETS = Text(
    "phải là các bộ quan trắc [[…], […]], đang là {found}", "must be sets of readings [[…], […]], found {found}"
)
_ALIKE = Text(
    "các lần quan trắc giống hệt nhau: không cho độ lặp lại; hãy dùng resolution",
    "readings are all alike: they tell no repeatability; use resolution",
)
_BEFORE = Text("trước lần hiệu chuẩn cuối", "is before the last calibration")


def ready_key(table: Table) -> str | None:
    """The key of a table that stands for a ready component; None of a plain one."""
    return next((key for key in KEYS if key in table), None)


def component(table: Table) -> Component:
    """One component on 0: a ready one by its key, or a plain distribution; whose error it is, where that is said."""
    key = ready_key(table)
    if key is not None:
        only(table, key, (key, *KEYS[key]))
        return ready_component(table, key)
    return plain(table, centred=True)


def plain(table: Table, *, centred: bool) -> Component:
    """A component by its distribution, with the standard or instrument whose error it is, if the table names one."""
    own = Table({k: item for k, item in table.data.items() if k not in IDENTITY}, table.place, tuple(table.data))
    distribution = distributions.distribution(own, centred=centred)
    part = Component(table.text("label", ""), distribution, distributions.degrees_of_freedom(own))
    distributions.only_one(table, "standard", "instrument")
    if "standard" in table or "instrument" in table:
        source = table.text("cause") if "cause" in table else CALIBRATION
        standard, instrument = table.text("standard", ""), table.text("instrument", "")
        return replace(part, source=source, standard=standard, instrument=instrument)
    if "cause" in table:
        raise table.refuse("cause", _NO_OWNER)
    return part


def ready_component(table: Table, key: str) -> Component:
    """The ready component that a key of a table stands for; keys beside it are the caller's to check."""
    part = _READERS[key](table)
    distributions.refuse_out_of_range(part.distribution, table.where(key), may_vanish=key == "history")
    instrument = table.text("instrument", "")
    # Of nobody's instrument it cannot be said that its resolution is in its repeatability: that is a note.
    source = "" if part.source in OF_ONE_READING and not instrument else part.source
    if "cause" in table:
        if not (instrument or part.standard):
            raise table.refuse("cause", _NO_OWNER)
        source = table.text("cause")
    return replace(part, label=table.text("label", "") or part.source, source=source, instrument=instrument)


def only(table: Table, other: str, allowed: Sequence[str]) -> None:
    """Refuse what cannot stand beside a key."""
    for key in table.data:
        if key not in allowed:
            raise table.refuse(key, _BESIDE.put(other=other, allowed=", ".join(allowed)))


def one_of(table: Table, *keys: str) -> str:
    """The one of these keys that a table has; none and two are refused."""
    found = [key for key in keys if key in table]
    if len(found) != 1:
        raise Refused(_ONE_OF.put(keys=" | ".join(keys)), table.place)
    return found[0]


def _resolution(table: Table) -> Component:
    return parts.resolution(table.number("resolution", above=0))


def _hysteresis(table: Table) -> Component:
    return parts.hysteresis(table.number("hysteresis", above=0))


def _zero(table: Table) -> Component:
    return parts.zero(table.number("zero", above=0))


def _repeatability(table: Table) -> Component:
    """s_p/√n: of earlier readings pooled, or stated, for the mean of `readings` readings (GUM 4.2.4)."""
    return _pooled(table, None)


def _pooled(table: Table, readings: int | None) -> Component:
    inside = table.table("repeatability", _REPEATABILITY if readings is None else _REPEATABILITY[:-1])
    s, dof = _scatter(inside)
    u = s / math.sqrt(inside.whole("readings", 1, at_least=1) if readings is None else readings)
    return Component("", Normal(0.0, u) if math.isinf(dof) else StudentT(0.0, u, dof), source="repeatability")


def _scatter(table: Table) -> tuple[float, float]:
    """s_p and its ν, of `observations` in sets or as stated; ν not stated is infinite."""
    if one_of(table, "observations", "standard_deviation") == "standard_deviation":
        return table.number("standard_deviation", above=0), table.number("dof", math.inf, above=0)
    only(table, "observations", ("observations", "readings"))
    place = table.where("observations")
    sets = table.data["observations"]
    if not isinstance(sets, list) or not sets:
        raise table.refuse("observations", _SETS.put(found=quote(sets)))
    s, dof = pooled_standard_deviation([numbers(row, f"{place}[{i}]", least=2) for i, row in enumerate(sets)])
    if not s:
        raise table.refuse("observations", _ALIKE)
    return s, dof


def _history(table: Table) -> Component:
    """Drift since the last calibration: the largest rate between successive certificates × days."""
    distributions.only_one(table, "standard", "instrument")
    entries = table.tables("history", ("date", "day", "value"), least=2)
    form = one_of(entries[0], "date", "day")
    known = []
    for entry in entries:
        if one_of(entry, "date", "day") != form:
            raise entry.refuse(one_of(entry, "date", "day"), _SAME_FORM.put(key=form))
        known.append(CertificateValue(_day(entry, form, form), entry.number("value")))
    if one_of(table, "days", "at") == "days":
        days = table.number("days", at_least=0)
    else:
        days = _day(table, "at", form) - max(one.day for one in known)
        if days < 0:
            raise table.refuse("at", _BEFORE)
    try:
        return parts.drift(known, days, standard=table.text("standard", ""))
    except Refused as refused:
        raise refused.at(table.place) from None


def _day(table: Table, key: str, form: str) -> float:
    if form == "day":
        return table.number(key)
    value = table.data[key]
    try:
        return float(datetime.date.fromisoformat(value if isinstance(value, str) else "").toordinal())
    except ValueError:
        raise table.refuse(key, _DATE.put(found=quote(value))) from None


_READERS: Mapping[str, Callable[[Table], Component]] = {
    "resolution": _resolution,
    "repeatability": _repeatability,
    "hysteresis": _hysteresis,
    "zero": _zero,
    "history": _history,
}


def observed(table: Table, label: str) -> tuple[float, Component, TypeA | None]:
    """Mean of readings and the component of their scatter, about 0, with the readings where they tell it.

    With `resolution` beside them: the larger of the two, for readings scatter by the instrument's step too (EA-4/02
    S10). With `repeatability`: its s_p/√n (GUM 4.2.4); one reading is then enough.
    """
    distributions.only_one(table, "resolution", "repeatability")
    instrument = table.text("instrument", "")
    source = "repeatability" if instrument else ""
    if "repeatability" in table:
        readings = table.numbers("observations")
        own = _pooled(table, len(readings))
        return mean_of(readings), replace(own, label=label, source=source, instrument=instrument), None
    found = type_a(table.numbers("observations", least=2))
    t = StudentT(0.0, found.standard_uncertainty, found.dof)
    own = Component(label, t, source=source, instrument=instrument)
    if "resolution" in table:
        # One part for both: another reading of the instrument has its own.
        source = "reading" if instrument else ""
        own, step = replace(own, source=source), replace(ready_component(table, "resolution"), source=source)
        if step.standard_uncertainty >= own.standard_uncertainty:
            return found.mean, step, None
    return found.mean, own, found


def may_count_twice(table: Table) -> bool:
    """Whether an input that was read has a resolution beside a repeatability, and no instruments to tell them apart.

    A plain component is known by its label; readings that are all alike tell no repeatability.
    """
    rows = [row for row in table.tables("components", COMPONENT) if "instrument" not in row]
    alone = "observations" in table and "instrument" not in table and "resolution" not in table
    scatters = alone and ("repeatability" in table or len(set(table.numbers("observations"))) > 1)
    steps = any("resolution" in row or _RESOLUTION.search(row.text("label", "")) for row in rows)
    return bool(steps) and (scatters or any("repeatability" in row for row in rows))
