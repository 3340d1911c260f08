"""A measurement: a model, its inputs and how they hang together, checked once so that computing can be lean."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from chuan.metrology.distributions import Normal
from chuan.metrology.inputs.lazily import lazily
from chuan.metrology.inputs.matrices import Matrix, is_positive_semidefinite, possible_coefficients
from chuan.metrology.inputs.quantities import Correlation, Input, Simultaneous
from chuan.metrology.inputs.standards import SharedTerm, refuse_counted_twice, shared_terms, with_shared_causes
from chuan.metrology.model import Model
from chuan.metrology.numerals import Rounding
from chuan.metrology.words import Refused, Text

_TWICE = Text('"{symbol}" được khai hai lần', '"{symbol}" is declared twice')
_UNDECLARED = Text('đại lượng đầu vào "{symbol}" chưa được khai', 'input "{symbol}" is not declared')
_UNUSED = Text('"{symbol}" không có trong phương trình nào', '"{symbol}" is in no equation')
_UNKNOWN = Text(
    '"{symbol}" không phải đại lượng đầu vào; có: {known}', '"{symbol}" is not an input; there are: {known}'
)
_IN_BLOCK = Text(
    '"{symbol}" thuộc [[simultaneous]], tương quan của nó do số liệu quyết định',
    '"{symbol}" is in [[simultaneous]], its correlation comes from the observations',
)
_CONSTANT = Text('"{symbol}" là hằng số, không thể tương quan', '"{symbol}" is a constant, which cannot correlate')
_MIXED = Text(
    'tương quan là của cả đại lượng "{symbol}", nhưng nó có nhiều thành phần không cùng là chuẩn',
    'a correlation is of "{symbol}" as a whole, but its several components are not all normal',
)
_IMPOSSIBLE = Text(
    "các hệ số tương quan mâu thuẫn nhau: ma trận không nửa xác định dương",
    "the coefficients contradict each other: the matrix is not positive semi-definite",
)
_CONTRADICTS = Text(
    "hệ số của {a} và {b} mâu thuẫn với các hệ số khác: phải từ {low:.3g} đến {high:.3g}, đang là {found:g}",
    "the coefficient of {a} and {b} contradicts the others: must be {low:.3g} to {high:.3g}, found {found:g}",
)
_PROBABILITY = Text("phải lớn hơn 0 và nhỏ hơn 1, đang là {found:g}", "must be above 0 and below 1, found {found:g}")
_COVERAGE = Text(
    'phải là "t", "t-real" hoặc "k=…" với k từ 1 trở lên, đang là "{found}"',
    'must be "t", "t-real" or "k=…" with k at least 1, found "{found}"',
)
_CHOICE = Text('phải là một trong {allowed}; đang là "{found}"', 'must be one of {allowed}; found "{found}"')

ROUNDING = ("half_away", "up", "ea")
JOINT = ("", "gaussian-copula")


@dataclass(frozen=True)
class Group:
    """Inputs that are correlated: their places in the model's order, r between them, and their ν.

    `block_dof` is n − 1 of simultaneous observations and the ν of a fit, whose parameters share one residual variance;
    None where the correlation was stated. `finite` tells which of the inputs have a finite ν of their own; `observed`
    whether the group is a block of simultaneous observations; `terms` are the independent errors of a group that
    nothing but shared standards and instruments correlates.
    """

    indices: tuple[int, ...]
    correlation: Matrix
    block_dof: float | None
    finite: tuple[bool, ...]
    observed: bool = False
    terms: tuple[SharedTerm, ...] = ()


@dataclass(frozen=True)
class Structure:
    """What computing needs of the inputs, in the model's order."""

    values: tuple[float, ...]
    uncertainties: tuple[float, ...]
    #: 1/ν of each input, 0 for infinite.
    inverse_dof: tuple[float, ...]
    #: (place, 1/ν) of the inputs whose ν is finite.
    finite: tuple[tuple[int, float], ...]
    groups: tuple[Group, ...]
    #: Whether any two inputs are correlated.
    correlated: bool


class Cause(NamedTuple):
    """One line of the budget before it is computed: which input, which component, and its part of the input's u²."""

    place: int
    symbol: str
    label: str
    value: float
    standard_uncertainty: float
    dof: float
    part: float


@dataclass(frozen=True)
class Measurement:
    """A model with its inputs, correlations, blocks of simultaneous observations, and how U is to be stated.

    `inputs` in any order, without the symbols of `simultaneous`; `coverage` is "t", "t-real" or "k=2"; `joint` is ""
    or "gaussian-copula" (Monte Carlo of correlated inputs that are not normal). Inputs that share a measurement
    standard or an instrument are correlated by it (`standards`). Refused: an input unused or undeclared, impossible
    correlations.
    """

    model: Model
    inputs: tuple[Input, ...]
    correlations: tuple[Correlation, ...] = ()
    simultaneous: tuple[Simultaneous, ...] = ()
    coverage_probability: float = 0.95
    coverage: str = "t"
    rounding: Rounding = "half_away"
    joint: str = ""

    def __post_init__(self) -> None:
        self._check_symbols()
        refuse_counted_twice(self.inputs)
        if not 0 < self.coverage_probability < 1:
            raise Refused(_PROBABILITY.put(found=self.coverage_probability), "coverage_probability")
        for key, value, allowed in (("rounding", self.rounding, ROUNDING), ("joint", self.joint, JOINT)):
            if value not in allowed:
                raise Refused(_CHOICE.put(allowed=", ".join(f'"{a}"' for a in allowed if a), found=value), key)
        self.coverage_factor  # noqa: B018 - refuses what it cannot read
        self._check_correlations()
        for group in self.structure.groups:
            if not is_positive_semidefinite(group.correlation):
                raise self._contradiction(group)

    def _check_symbols(self) -> None:
        seen: set[str] = set()
        wanted = set(self.model.used)
        for place, symbol in self._declared():
            if symbol in seen:
                raise Refused(_TWICE.put(symbol=symbol), place)
            if symbol not in wanted:
                raise Refused(_UNUSED.put(symbol=symbol), place)
            seen.add(symbol)
        for symbol in self.model.inputs:
            if symbol not in seen:
                raise Refused(_UNDECLARED.put(symbol=symbol), "input")

    def _declared(self) -> list[tuple[str, str]]:
        found = [(f"input[{i}].symbol", item.symbol) for i, item in enumerate(self.inputs)]
        for b, block in enumerate(self.simultaneous):
            found += [(f"simultaneous[{b}].symbols[{i}]", symbol) for i, symbol in enumerate(block.symbols)]
        return found

    def _check_correlations(self) -> None:
        inputs = {item.symbol: item for item in self.inputs}
        blocks = {symbol for block in self.simultaneous for symbol in block.symbols}
        pairs: set[frozenset[str]] = set()
        for i, correlation in enumerate(self.correlations):
            place = f"correlation[{i}].between"
            for symbol in correlation.between:
                if symbol in blocks:
                    raise Refused(_IN_BLOCK.put(symbol=symbol), place)
                if symbol not in inputs:
                    raise Refused(_UNKNOWN.put(symbol=symbol, known=", ".join(inputs)), place)
                _check_whole(inputs[symbol], place)
            pair = frozenset(correlation.between)
            if pair in pairs:
                raise Refused(_TWICE.put(symbol=" – ".join(correlation.between)), place)
            pairs.add(pair)

    def _contradiction(self, group: Group) -> Refused:
        """The stated pair that the others leave no room for, the last of several, and what they would allow."""
        places = {self.model.inputs[index]: place for place, index in enumerate(group.indices)}
        for number, stated in reversed(list(enumerate(self.correlations))):
            a, b = stated.between
            if a in places and b in places:
                allowed = possible_coefficients(group.correlation, places[a], places[b])
                if allowed is not None:
                    said = _CONTRADICTS.put(a=a, b=b, low=allowed[0], high=allowed[1], found=stated.coefficient)
                    return Refused(said, f"correlation[{number}].coefficient")
        return Refused(_IMPOSSIBLE, "correlation")

    @lazily
    def coverage_factor(self) -> float | None:
        """The k that `coverage = "k=…"` states; None where it comes from Student's t."""
        if self.coverage in ("t", "t-real"):
            return None
        try:
            k = float(self.coverage.removeprefix("k=")) if self.coverage.startswith("k=") else 0.0
        except ValueError:
            k = 0.0
        if not 1 <= k < math.inf:
            raise Refused(_COVERAGE.put(found=self.coverage[:40]), "coverage")
        return k

    @lazily
    def pairs(self) -> tuple[Correlation, ...]:
        """The stated correlations and those that shared standards and instruments bring."""
        return with_shared_causes(self.inputs, self.correlations)

    @lazily
    def positions(self) -> dict[str, int]:
        """Place of each input's symbol in the model's order."""
        return {symbol: i for i, symbol in enumerate(self.model.inputs)}

    @lazily
    def structure(self) -> Structure:
        """Values, uncertainties and correlated groups in the model's order."""
        n = len(self.model.inputs)
        values, uncertainties, inverse = [0.0] * n, [0.0] * n, [0.0] * n
        for item in self.inputs:
            i = self.positions[item.symbol]
            values[i], uncertainties[i], inverse[i] = float(item.value), item.standard_uncertainty, item.inverse_dof
        groups = [self._block(block) for block in self.simultaneous]
        for block, group in zip(self.simultaneous, groups, strict=True):
            for k, i in enumerate(group.indices):
                values[i], uncertainties[i], inverse[i] = block.means[k], block.standard_uncertainties[k], 1 / block.dof
        groups += self._stated(inverse)
        finite = tuple((i, share) for i, share in enumerate(inverse) if share)
        return Structure(tuple(values), tuple(uncertainties), tuple(inverse), finite, tuple(groups), bool(groups))

    @lazily
    def cause_columns(self) -> tuple[tuple[Any, ...], ...]:
        """The causes' fields, each for all causes: what every budget of this measurement begins with."""
        return tuple(zip(*self.causes, strict=True))

    @lazily
    def causes(self) -> tuple[Cause, ...]:
        """Every component of every input, in the model's order; an input without components is one cause."""
        inputs = {item.symbol: item for item in self.inputs}
        found: list[Cause] = []
        for i, symbol in enumerate(self.model.inputs):
            value, u = self.structure.values[i], self.structure.uncertainties[i]
            parts = inputs[symbol].components if symbol in inputs else ()
            for part in parts:
                own = part.standard_uncertainty
                share = (own / u) ** 2 if u else 1.0
                found.append(Cause(i, symbol, part.label, value, own, part.dof, share))
            if not parts:
                inverse = self.structure.inverse_dof[i]
                found.append(Cause(i, symbol, "", value, u, 1 / inverse if inverse else math.inf, 1.0))
        return tuple(found)

    def _block(self, block: Simultaneous) -> Group:
        indices = tuple(self.positions[symbol] for symbol in block.symbols)
        return Group(indices, block.correlation, float(block.dof), (True,) * len(indices), observed=True)

    def _stated(self, inverse_dof: Sequence[float]) -> list[Group]:
        """Stated correlations, and the parameters of a fit, as groups of inputs that hang together."""
        r = {}
        if not self.pairs and not any(part.fit for item in self.inputs for part in item.components):
            return []
        fits = self._fits()
        groups = [set(members) for members in fits.values()]
        for correlation in self.pairs:
            if correlation.coefficient:
                a, b = (self.positions[symbol] for symbol in correlation.between)
                r[a, b] = r[b, a] = correlation.coefficient
                joined = {a, b}.union(*(group for group in groups if a in group or b in group))
                groups = [group for group in groups if not group & joined] + [joined]
        found = []
        for members in groups:
            indices = tuple(sorted(members))
            matrix = tuple(tuple(1.0 if i == j else r.get((i, j), 0.0) for j in indices) for i in indices)
            dof = next((dof for (_, dof), fitted in fits.items() if fitted == members), None)
            terms = () if dof is not None else self._terms(indices)
            found.append(Group(indices, matrix, dof, tuple(inverse_dof[i] > 0 for i in indices), terms=terms))
        return found

    def _terms(self, indices: Sequence[int]) -> tuple[SharedTerm, ...]:
        """The independent errors of a group; none where a correlation in it was stated, or comes from a fit."""
        stated = {self.positions[symbol] for correlation in self.correlations for symbol in correlation.between}
        items = {self.positions[item.symbol]: item for item in self.inputs}
        own = [items[i] for i in indices]
        if stated.intersection(indices) or any(part.fit for item in own for part in item.components):
            return ()
        return shared_terms(own)

    def _fits(self) -> dict[tuple[str, float], set[int]]:
        """The places of the parameters of each fit, by its name and ν."""
        found: dict[tuple[str, float], set[int]] = {}
        for item in self.inputs:
            part = item.components[0] if len(item.components) == 1 else None
            if part is not None and part.fit and math.isfinite(part.dof):
                found.setdefault((part.fit, part.dof), set()).add(self.positions[item.symbol])
        return {fit: members for fit, members in found.items() if len(members) > 1}


def _check_whole(item: Input, place: str) -> None:
    if item.is_constant:
        raise Refused(_CONSTANT.put(symbol=item.symbol), place)
    if len(item.components) > 1 and not all(isinstance(part.distribution, Normal) for part in item.components):
        raise Refused(_MIXED.put(symbol=item.symbol), place)
