"""What an `uncertainty` document says beside its numbers: equations, units, distributions, as a budget shows them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chuan.metrology.model.symbols import identity
from chuan.metrology.words import Text

#: How the distributions are called in a budget, by their names in files.
NAMES: Mapping[str, Text] = {
    "normal": Text("chuẩn", "normal"),
    "student_t": Text("Student t", "Student t"),
    "rectangular": Text("chữ nhật", "rectangular"),
    "triangular": Text("tam giác", "triangular"),
    "trapezoidal": Text("hình thang", "trapezoidal"),
    "arcsine": Text("arcsin", "arcsine"),
    "curvilinear_trapezoid": Text("thang cong", "curvilinear"),
    "exponential": Text("mũ", "exponential"),
    "gamma": Text("gamma", "gamma"),
    "constant": Text("hằng số", "constant"),
}
#: Signs of a unit that is divided as a whole.
_COMPOUND = "/·*. \\"
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Description:
    """By symbol: the equation as written, the unit, the distribution of each component; empty where not known."""

    equations: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    distributions: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)

    def distribution(self, symbol: str, component: int) -> Text:
        """The distribution of an input's component, counted from 0."""
        found = self.distributions.get(symbol, ())
        return found[component] if component < len(found) else Text("", "")

    def acts(self, symbol: str, measurand: str) -> bool:
        """Whether an input stands in a measurand's equation or in an earlier one that it uses; True if not known."""
        return not self.equations or identity(symbol) in self._behind(measurand)

    def _behind(self, measurand: str) -> set[str]:
        equations = {identity(symbol): equation for symbol, equation in self.equations.items()}
        found: set[str] = set()
        waiting = [identity(measurand)]
        while waiting:
            words = {identity(word) for word in _WORD.findall(equations.get(waiting.pop(), ""))} - found
            found |= words
            waiting += words & equations.keys()
        return found


def description(document: Mapping[str, Any]) -> Description:
    """The description of a document that was computed, so that its tables are known to be right."""
    inputs, blocks = document.get("input", ()), document.get("simultaneous", ())
    units = {table["symbol"]: table.get("unit", "") for table in inputs}
    distributions = {table["symbol"]: tuple(_distributions(table)) for table in inputs}
    for block in blocks:
        units |= dict(zip(block["symbols"], block.get("units", ()), strict=False))
        distributions |= dict.fromkeys(block["symbols"], (NAMES["student_t"],))
    return Description({table["symbol"]: table["equation"] for table in document["measurand"]}, units, distributions)


def _distributions(table: Mapping[str, Any]) -> Iterable[Text]:
    if "observations" in table:
        yield NAMES["student_t"]
    for component in table.get("components", () if "observations" in table else (table,)):
        yield NAMES[component.get("distribution", "normal")]


def quotient(unit: str, divisor: str) -> str:
    """The unit of a sensitivity: that of the measurand over that of the input; empty for a plain number."""
    if unit == divisor or (_plain(unit) and _plain(divisor)):
        return ""
    if _plain(divisor):
        return unit
    whole = divisor.removeprefix("1/")
    if whole != divisor and not any(sign in whole for sign in _COMPOUND):
        return whole if _plain(unit) else f"{unit}·{whole}"
    compound = any(sign in divisor for sign in _COMPOUND)
    return f"{'1' if _plain(unit) else unit}/{f'({divisor})' if compound else divisor}"


def _plain(unit: str) -> bool:
    return unit in ("", "1")
