"""What an `uncertainty` document says beside its numbers: equations, units, distributions, as a budget shows them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
from chuan.metrology.files.uncertainty.document import read
from chuan.metrology.model.symbols import identity
from chuan.metrology.words import Text

#: How the distributions are called in a budget.
NAMES: Mapping[type[Distribution], Text] = {
    Normal: Text("chuẩn", "normal"),
    StudentT: Text("Student t", "Student t"),
    Rectangular: Text("chữ nhật", "rectangular"),
    Triangular: Text("tam giác", "triangular"),
    Trapezoidal: Text("hình thang", "trapezoidal"),
    Arcsine: Text("arcsin", "arcsine"),
    CurvilinearTrapezoid: Text("thang cong", "curvilinear"),
    Exponential: Text("mũ", "exponential"),
    Gamma: Text("gamma", "gamma"),
    Constant: Text("hằng số", "constant"),
}
#: Signs of a unit that is divided as a whole.
_COMPOUND = "/·*. \\"
_IMPLICIT = "0 = "
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Description:
    """By symbol: the whole equation, the unit, the distribution of each component; empty where not known."""

    equations: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    distributions: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)

    def distribution(self, symbol: str, component: int) -> Text:
        """The distribution of an input's component, counted from 0."""
        found = self.distributions.get(symbol, ())
        return found[component] if component < len(found) else Text("", "")

    def acts(self, symbol: str, measurand: str) -> bool:
        """Whether an input stands in a measurand's equation or in an earlier one that it uses; True if not known, and
        where all equations hold together, as implicit ones do."""
        together = any(equation.startswith(_IMPLICIT) for equation in self.equations.values())
        return not self.equations or together or identity(symbol) in self._behind(measurand)

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
    units = {table["symbol"]: table.get("unit", "") for table in document.get("input", ())}
    distributions = {
        item.symbol: tuple(NAMES[type(one.distribution)] for one in item.components)
        for item in read(document).measurement.inputs
    }
    for block in (*document.get("simultaneous", ()), *document.get("fit", ())):
        units |= dict(zip(block["symbols"], block.get("units", ()), strict=False))
    for block in document.get("simultaneous", ()):
        distributions |= dict.fromkeys(block["symbols"], (NAMES[StudentT],))
    equations = {table["symbol"]: _equation(table) for table in document["measurand"]}
    return Description(equations, units, distributions)


def _equation(table: Mapping[str, Any]) -> str:
    """ "y = a + b", or "0 = a·y − b" of an implicit model."""
    return f"{table['symbol']} = {table['equation']}" if "equation" in table else f"{_IMPLICIT}{table['implicit']}"


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
