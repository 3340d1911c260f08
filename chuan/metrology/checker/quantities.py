"""Inputs of a document read a second time: values, standard uncertainties, degrees of freedom, correlations.

Doubles of the document are taken as they are, exactly; everything after is at the context's precision.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chuan.metrology.checker import ready
from chuan.metrology.checker.expressions import identity
from chuan.metrology.checker.fitted_line import FittedLine

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One component: its u, 1/ν (0 for infinite), and whose error it is with its sign, where others may share it."""

    label: str
    u: Any
    inverse_dof: Any
    cause: tuple[tuple[str, ...], int] | None = None


@dataclass(frozen=True)
class Quantity:
    """One input: its value and components; `block` tells which set of simultaneous observations it is of."""

    symbol: str
    value: Any
    parts: tuple[Part, ...]
    u: Any
    block: int | None = None


@dataclass(frozen=True)
class Inputs:
    """All inputs in the document's order, r between them, and which sets of observations have which ν."""

    quantities: tuple[Quantity, ...]
    correlation: tuple[tuple[Any, ...], ...]
    block_dof: tuple[int, ...]
    #: The pairs of inputs whose correlation the document states.
    stated: frozenset[tuple[int, int]] = frozenset()

    @property
    def correlated(self) -> bool:
        """Whether any two hang together."""
        return bool(self.block_dof) or any(r for i, row in enumerate(self.correlation) for r in row[:i])


def read(ctx: Any, document: Table) -> Inputs:
    """The inputs of an `uncertainty` document that the first kernel has accepted."""
    quantities = [_single(ctx, ready.plain_input(ctx, table)) for table in document.get("input", ())]
    blocks = document.get("simultaneous", ())
    for b, table in enumerate(blocks):
        quantities += _simultaneous(ctx, table, b)
    lines = [FittedLine(ctx, table) for table in document.get("fit", ())]
    for b, (table, line) in enumerate(zip(document.get("fit", ()), lines, strict=True), len(blocks)):
        quantities += _parameters(ctx, table, line, b)
    places = {identity(quantity.symbol): i for i, quantity in enumerate(quantities)}
    r = [[ctx.mpf(i == j) for j in range(len(quantities))] for i in range(len(quantities))]
    _share(ctx, quantities, r)
    stated = set()
    for table in document.get("correlation", ()):
        i, j = (places[identity(symbol)] for symbol in table["between"])
        r[i][j] = r[j][i] = ctx.mpf(table["coefficient"])
        stated |= {(i, j), (j, i)}
    for table in blocks:
        _between(ctx, table, [places[identity(symbol)] for symbol in table["symbols"]], r)
    for table, line in zip(document.get("fit", ()), lines, strict=True):
        i, j = (places[identity(symbol)] for symbol in table["symbols"])
        mixed = (ctx.mpf(table.get("origin", 0)) - line.center) * line.var_b
        size = quantities[i].u * quantities[j].u
        r[i][j] = r[j][i] = mixed / size if size else ctx.mpf(0)
        stated |= {(i, j), (j, i)}
    dofs = (*(len(table["observations"]) - 1 for table in blocks), *(line.dof for line in lines))
    return Inputs(tuple(quantities), tuple(map(tuple, r)), dofs, frozenset(stated))


def _share(ctx: Any, quantities: Sequence[Quantity], r: list[list[Any]]) -> None:
    """r from the errors that inputs share (GUM F.1.2.3)."""
    for i, one in enumerate(quantities):
        mine = {part.cause[0]: part.cause[1] * part.u for part in one.parts if part.cause}
        for j, other in enumerate(quantities[:i]):
            size = one.u * other.u
            common = [part for part in other.parts if part.cause and part.cause[0] in mine]
            if common and size:
                inner = ctx.fsum(mine[part.cause[0]] * part.cause[1] * part.u for part in common if part.cause)
                r[i][j] = r[j][i] = inner / size


def _single(ctx: Any, table: Table) -> Quantity:
    """GUM 4.2 for observations, 4.3 for what is stated; components add in quadrature."""
    parts: list[Part] = []
    label = str(table.get("label", ""))
    several = "components" in table
    if "observations" in table:
        value, u = _type_a(ctx, table["observations"])
        own = label or ("observations" if several else "")
        parts.append(Part(own, u, ctx.mpf(1) / (len(table["observations"]) - 1)))
    elif several:
        value = ctx.mpf(table["value"])
    else:
        value = _mean(ctx, table)
        parts.append(_part(ctx, table))
    parts += [_part(ctx, part) for part in table.get("components", ())]
    return Quantity(table["symbol"], value, tuple(parts), ctx.sqrt(sum(part.u**2 for part in parts)))


def _part(ctx: Any, table: Table) -> Part:
    label = str(table.get("label", ""))
    return Part(label, _u(ctx, table), _inverse_dof(ctx, table), table.get("cause"))


def _type_a(ctx: Any, readings: Sequence[float]) -> tuple[Any, Any]:
    n = len(readings)
    mean = ctx.fsum(map(ctx.mpf, readings)) / n
    return mean, ctx.sqrt(ctx.fsum((ctx.mpf(x) - mean) ** 2 for x in readings) / (n * (n - 1)))


def _mean(ctx: Any, table: Table) -> Any:
    if "low" in table:
        return (ctx.mpf(table["low"]) + ctx.mpf(table["high"])) / 2
    if table.get("distribution") == "gamma":
        return ctx.mpf(table["shape"]) * ctx.mpf(table["scale"])
    return ctx.mpf(table["value"])


def _half_width(ctx: Any, table: Table) -> Any:
    if "half_width" in table:
        return ctx.mpf(table["half_width"])
    return (ctx.mpf(table["high"]) - ctx.mpf(table["low"])) / 2


def _stated(ctx: Any, table: Table) -> Any:
    if "expanded_uncertainty" in table:
        return ctx.mpf(table["expanded_uncertainty"]) / ctx.mpf(table["coverage_factor"])
    return ctx.mpf(table["standard_uncertainty"])


#: u of each distribution (GUM 4.3; JCGM 101 table 1).
_UNCERTAINTIES: dict[str, Callable[[Any, Table], Any]] = {
    "normal": _stated,
    "student_t": _stated,
    "rectangular": lambda ctx, t: _half_width(ctx, t) / ctx.sqrt(3),
    "triangular": lambda ctx, t: _half_width(ctx, t) / ctx.sqrt(6),
    "trapezoidal": lambda ctx, t: _half_width(ctx, t) * ctx.sqrt((1 + ctx.mpf(t["beta"]) ** 2) / 6),
    "arcsine": lambda ctx, t: _half_width(ctx, t) / ctx.sqrt(2),
    "curvilinear_trapezoid": lambda ctx, t: ctx.sqrt(
        _half_width(ctx, t) ** 2 / 3 + ctx.mpf(t["half_width_limit"]) ** 2 / 9
    ),
    "exponential": lambda ctx, t: ctx.mpf(t["value"]),
    "gamma": lambda ctx, t: ctx.mpf(t["scale"]) * ctx.sqrt(ctx.mpf(t["shape"])),
    "constant": lambda ctx, t: ctx.mpf(0),
}


def _u(ctx: Any, table: Table) -> Any:
    return _UNCERTAINTIES[table.get("distribution", "normal")](ctx, table)


def _inverse_dof(ctx: Any, table: Table) -> Any:
    if "dof" in table:
        return 1 / ctx.mpf(table["dof"])
    return 2 * ctx.mpf(table.get("relative_uncertainty_of_uncertainty", 0)) ** 2


def _simultaneous(ctx: Any, table: Table, block: int) -> list[Quantity]:
    found = []
    for symbol, column in zip(table["symbols"], zip(*table["observations"], strict=True), strict=True):
        value, u = _type_a(ctx, column)
        part = Part("", u, ctx.mpf(1) / (len(column) - 1))
        found.append(Quantity(symbol, value, (part,), u, block))
    return found


def _parameters(ctx: Any, table: Table, line: FittedLine, block: int) -> list[Quantity]:
    """Intercept at the origin and slope: one s² of ν = n − 2 where the points' scatter is all that is known."""
    origin = ctx.mpf(table.get("origin", 0))
    values = line.level + line.b * (origin - line.center), line.b
    us = ctx.sqrt(line.variance(origin)), ctx.sqrt(line.var_b)
    scatter = line.model == "ols"
    inverse = ctx.mpf(1) / line.dof if scatter else ctx.mpf(0)
    return [
        Quantity(symbol, value, (Part("", u, inverse),), u, block if scatter else None)
        for symbol, value, u in zip(table["symbols"], values, us, strict=True)
    ]


def _between(ctx: Any, table: Table, places: Sequence[int], r: list[list[Any]]) -> None:
    """r of the means of simultaneous observations (GUM 5.2.3)."""
    columns = [[ctx.mpf(x) for x in column] for column in zip(*table["observations"], strict=True)]
    means = [ctx.fsum(column) / len(column) for column in columns]
    d = [[x - mean for x in column] for column, mean in zip(columns, means, strict=True)]
    size = [ctx.sqrt(ctx.fsum(x * x for x in column)) for column in d]
    for a, i in enumerate(places):
        for b, j in enumerate(places):
            if a != b:
                inner = ctx.fsum(x * y for x, y in zip(d[a], d[b], strict=True))
                r[i][j] = inner / (size[a] * size[b]) if size[a] and size[b] else ctx.mpf(0)
