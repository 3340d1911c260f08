"""`[[fit]]`: a line through points whose parameters are inputs, with the covariance of the fit (GUM H.3)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chuan.metrology.files.line import uncertainties_of_points
from chuan.metrology.files.reading import Table
from chuan.metrology.inputs import Correlation, Input
from chuan.metrology.inputs.ready import fitted
from chuan.metrology.lines import Line, fit
from chuan.metrology.words import Refused, Text

KEYS = ("symbols", "units", "x", "y", "u_x", "u_y", "origin")

_PAIR = Text(
    "phải là hai ký hiệu: hệ số chặn và độ dốc; đang có {found}",
    "must be two symbols, intercept and slope; found {found}",
)
_OF_FIT = Text("tương quan của chúng do [[fit]] quyết định", "their correlation comes from [[fit]]")
_INPUT = re.compile(r"input\[(\d+)\](.*)")


@dataclass(frozen=True)
class Fits:
    """The parameters of all fits of a file, as inputs with their correlations, and where each stands."""

    inputs: tuple[Input, ...]
    correlations: tuple[Correlation, ...]
    places: tuple[str, ...]

    def moved(self, refused: Refused, before: int) -> Refused:
        """A refusal of an input behind the file's own `before` ones, at its place in the file."""
        found = _INPUT.fullmatch(refused.place)
        place = int(found[1]) - before if found else -1
        return Refused(refused.reason, self.places[place]) if 0 <= place < len(self.places) else refused


def read_fits(tables: Sequence[Table], correlations: Sequence[Table]) -> Fits:
    """Every `[[fit]]`; what a file states of two parameters of one fit is refused."""
    inputs: list[Input] = []
    pairs: list[Correlation] = []
    places: list[str] = []
    for table in tables:
        symbols = symbols_of(table)
        for stated in correlations:
            if set(stated.texts("between")) == set(symbols):
                raise stated.refuse("between", _OF_FIT)
        own, between = _parameters(table, symbols)
        inputs += own
        pairs += between
        places += [f"{table.where('symbols')}[{i}]" for i in range(len(symbols))]
    return Fits(tuple(inputs), tuple(pairs), tuple(places))


def symbols_of(table: Table) -> tuple[str, str]:
    """Of the intercept and of the slope."""
    symbols = table.texts("symbols", least=2)
    if len(symbols) != 2:
        raise table.refuse("symbols", _PAIR.put(found=len(symbols)))
    return symbols[0], symbols[1]


def _parameters(table: Table, symbols: tuple[str, str]) -> tuple[tuple[Input, ...], tuple[Correlation, ...]]:
    """Intercept at `origin` and slope; ν = n − 2 where s is that of the points, infinite where their u is given."""
    origin = table.number("origin", 0.0)
    try:
        line = _line(table)
        level = line.predict(origin)
        mixed = (origin - line.center) * line.variance_slope
        covariance = [[level.standard_uncertainty**2, mixed], [mixed, line.variance_slope]]
        known: Mapping[str, float] = {"dof": line.dof} if line.model == "ols" else {}
        return fitted(symbols, (level.value, line.slope), covariance, **known)
    except Refused as refused:
        raise refused if refused.place.startswith(table.place) else refused.at(table.place) from None


def _line(table: Table) -> Line:
    x, y = table.numbers("x", least=2), table.numbers("y", least=2)
    return fit(x, y, uncertainties_of_points(table, "u_y", len(x)), uncertainties_of_points(table, "u_x", len(x)))
