"""What Monte Carlo gave, beside other draws by another generator: Python's own, with this kernel's reading of models.

Other draws agree within their scatter only: estimates and u within five standard errors, and so do the shares of new
draws that fall inside the stored intervals. That finds a wrong model, distribution or quantile, not a wrong digit.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from chuan.metrology.checker import expressions, propagation, quantities, ready, roots
from chuan.metrology.checker.agreement import TOLERANCE, Difference, one

Table = Mapping[str, Any]

#: Places of a result that are compared by draws.
STATISTICAL = (".monte_carlo.", "correlation.monte_carlo")
#: A right result is called wrong about once in a million values.
STANDARD_ERRORS = 5.0
_TRIALS = 10_000
_SEED = 20_080_100
_NO_JOINT = "joint"


def compare(ctx: Any, document: Table, result: Table) -> Iterator[Difference | str]:
    """Stored moments and intervals beside new draws; a place alone where there are none to compare with."""
    stored = [(m, part["monte_carlo"]) for m, part in enumerate(result["measurands"])]
    drawn = [(m, part) for m, part in stored if part is not None]
    if not drawn:
        return
    for m, part in enumerate(result["measurands"]):
        if part["validation"] is not None:
            yield from _validation(part, f"measurands[{m}].validation")
    samples = None if _NO_JOINT in document else _samples(ctx, document)
    if samples is None:
        yield from (f"measurands[{m}].monte_carlo" for m, _ in drawn)
        return
    for m, part in drawn:
        p = _probability(ctx, document, result, m)
        yield from _measurand(samples[m], part, p, f"measurands[{m}].monte_carlo")
    matrix = result["correlation"]["monte_carlo"]
    if matrix is not None:
        yield from _correlation(samples, matrix)


def _validation(part: Table, place: str) -> Iterator[Difference]:
    """δ of two digits of u, and how far the ends are apart (JCGM 101 7.9.2, 8.1); undecided is always allowed."""
    stored, gum, drawn = part["validation"], part["gum"], part["monte_carlo"]
    u = gum["standard_uncertainty"] if drawn["standard_uncertainty"] is None else drawn["standard_uncertainty"]
    tolerance = float(f"0.5e{int(f'{u:.1e}'[4:]) - 1}") if u else 0.0
    apart: list[float | None] = [None, None]
    if gum["interval"] is not None:
        ends = zip(gum["interval"], drawn["symmetric_interval"], strict=True)
        apart = [abs(a - b) for a, b in ends]
    yield one(f"{place}.numerical_tolerance", stored["numerical_tolerance"], tolerance)
    yield from (one(f"{place}.{key}", stored[key], d) for key, d in zip(("d_low", "d_high"), apart, strict=True))
    within = all(d is not None and d <= tolerance for d in apart)
    if stored["gum_validated"] is not None:
        yield one(f"{place}.gum_validated", stored["gum_validated"], within)


def _probability(ctx: Any, document: Table, result: Table, m: int) -> float:
    """The probability of a measurand's intervals: the document's, or that of a stated k."""
    stated = float(document.get("coverage_probability", 0.95))
    if not str(document.get("coverage", "t")).startswith("k="):
        return stated
    found = propagation.propagate(ctx, document)[m]["coverage_probability"]
    return stated if found is None else float(found)


def _measurand(values: Sequence[float], part: Table, p: float, place: str) -> Iterator[Difference | str]:
    n, trials = len(values), part["trials"]
    mean = math.fsum(values) / n
    second, fourth = (math.fsum((x - mean) ** power for x in values) / n for power in (2, 4))
    both = 1 / n + 1 / trials
    u = math.sqrt(second)
    if part["estimate"] is not None and part["standard_uncertainty"] is not None:
        yield _within(f"{place}.estimate", part["estimate"], mean, u * math.sqrt(both))
        spread = math.sqrt(max(fourth / second**2 - 1, 0.0)) / 2 if second else 0.0
        yield _within(f"{place}.standard_uncertainty", part["standard_uncertainty"], u, u * spread * math.sqrt(both))
    elif part["estimate"] is not None:
        # Without a variance a mean has no scatter to be held to.
        yield f"{place}.estimate"
    (start, end), (first, last) = part["symmetric_interval"], part["shortest_interval"]
    longer = last - first > (end - start) * (1 + 1e-9)
    yield Difference(f"{place}.shortest_interval", last - first, end - start, math.inf if longer else 0.0)
    for key in ("symmetric_interval", "shortest_interval"):
        low, high = part[key]
        slack = 1e-9 * max(abs(low), abs(high))
        share = sum(low - slack <= x <= high + slack for x in values) / n
        if low == high or not u:
            yield _within(f"{place}.{key}", 1.0, share, 0.0)
        else:
            # The shortest of many intervals is shorter than it should be, by more than chance alone.
            chance = math.sqrt(p * (1 - p) * both) + (p * (1 - p) / trials) ** (1 / 3) * (key == "shortest_interval")
            yield _within(f"{place}.{key}", p, share, chance)
    if start == end:
        return
    below = sum(x < start for x in values) / n
    tail = (1 - p) / 2
    yield _within(f"{place}.symmetric_interval[0]", tail, below, math.sqrt(tail * (1 - tail) * both) + 1 / n)


def _correlation(samples: Sequence[Sequence[float]], matrix: Sequence[Sequence[Any]]) -> Iterator[Difference]:
    n = len(samples[0])
    means = [math.fsum(values) / n for values in samples]
    moved = [[x - mean for x in values] for values, mean in zip(samples, means, strict=True)]
    sizes = [math.sqrt(math.fsum(x * x for x in values)) for values in moved]
    for i, a in enumerate(moved):
        for j, b in enumerate(moved):
            if matrix[i][j] is not None and sizes[i] and sizes[j]:
                r = math.fsum(x * y for x, y in zip(a, b, strict=True)) / (sizes[i] * sizes[j])
                # Tails heavier than the normal's scatter a correlation more than (1 − r²)/√n.
                yield _within(
                    f"correlation.monte_carlo[{i}][{j}]", matrix[i][j], r, 2 * (1 - r * r + 1e-9) / math.sqrt(n)
                )


def _within(key: str, stored: float, found: float, error: float) -> Difference:
    """A difference that is the tolerance at so many standard errors."""
    allowed = STANDARD_ERRORS * error
    apart = abs(stored - found)
    relative = 0.0 if apart <= 1e-9 * abs(stored) else apart / allowed * TOLERANCE if allowed else math.inf
    return Difference(key, stored, found, relative)


def _samples(ctx: Any, document: Table) -> list[list[float]] | None:
    """New values of every measurand, in doubles; None where the joint distribution is not this kernel's."""
    random = Random(_SEED)  # noqa: S311 - what is drawn is no secret, and must be the same each time
    inputs = quantities.read(ctx, document)
    singles = [ready.plain_input(ctx, table) for table in document.get("input", ())]
    count = len(singles)
    mixed = _cholesky([[float(x) for x in row[:count]] for row in inputs.correlation[:count]])
    shared = propagation.sharing(inputs)
    others = [table for i, table in enumerate(singles) if i not in shared and _joined(inputs, i, count)]
    if mixed is None or not all(map(_is_normal, others)):
        return None
    evaluate = _model(ctx, document, inputs)
    blocks = [_block(table) for table in document.get("simultaneous", ())]
    blocks += _fits(document, inputs)
    found: list[list[float]] = [[] for _ in document["measurand"]]
    for _ in range(_TRIALS):
        x = _one_draw(random, {**document, "input": singles}, inputs, mixed, blocks, shared)
        try:
            y = evaluate(x)
        except (ArithmeticError, ValueError):
            continue
        if all(isinstance(value, (int, float)) and math.isfinite(value) for value in y):
            for values, value in zip(found, y, strict=True):
                values.append(float(value))
    return found if len(found[0]) > _TRIALS // 2 else None


def _model(ctx: Any, document: Table, inputs: quantities.Inputs) -> Callable[[dict[str, Any]], Sequence[Any]]:
    """The measurands in doubles as a function of the inputs' values by name."""
    import mpmath  # noqa: PLC0415 - mpmath is needed only where a result is recomputed

    doubles: Any = mpmath.fp
    point = propagation.Point(ctx, document, inputs)
    if point.implicit:
        at = {name: quantity.value for name, quantity in zip(point.names, inputs.quantities, strict=True)}
        solved = [float(value) for value in roots.solve(ctx, point.nodes, at, point.found)]
        return roots.Near(doubles, point.nodes, {name: float(value) for name, value in at.items()}, solved).at

    def evaluate(x: dict[str, Any]) -> Sequence[Any]:
        for name, node in point.nodes:
            x[name] = node(doubles, x)
        return [x[name] for name, _ in point.nodes]

    return evaluate


def _cholesky(matrix: Sequence[Sequence[float]]) -> list[list[float]] | None:
    """L with L·Lᵀ = matrix; a direction without scatter is 0."""
    size = len(matrix)
    lower = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - math.fsum(a * b for a, b in zip(lower[i][:j], lower[j][:j], strict=True))
            if i == j:
                if rest < -1e-9 * abs(matrix[i][i]):
                    return None
                lower[i][i] = math.sqrt(max(rest, 0.0))
            else:
                lower[i][j] = rest / lower[j][j] if lower[j][j] else 0.0
    return lower


def _joined(inputs: quantities.Inputs, i: int, count: int) -> bool:
    """Whether one of the single inputs is correlated with another."""
    return any(inputs.correlation[i][j] for j in range(count) if j != i)


def _is_normal(table: Table) -> bool:
    return "components" not in table and "observations" not in table and table.get("distribution") == "normal"


def _block(table: Table) -> tuple[list[float], list[list[float]], int]:
    """Means, Cholesky's factor of their t's shape Σ(x − x̄)(x − x̄)ᵀ/(n·ν), and ν = n − N (JCGM 102 5.3.2)."""
    rows, width = table["observations"], len(table["symbols"])
    n, dof = len(rows), len(rows) - width
    means = [math.fsum(column) / n for column in zip(*rows, strict=True)]
    moved = [[x - mean for x, mean in zip(row, means, strict=True)] for row in rows]
    shape = [[math.fsum(row[i] * row[j] for row in moved) / (n * dof) for j in range(width)] for i in range(width)]
    return means, _cholesky(shape) or [], dof


def _fits(document: Table, inputs: quantities.Inputs) -> list[tuple[list[float], list[list[float]], int]]:
    """Parameters of fits: a t with ν = n − 2, or (0 for none) a normal where the points' u are known."""
    found = []
    places = {quantity.symbol: i for i, quantity in enumerate(inputs.quantities)}
    for table in document.get("fit", ()):
        own = [places[symbol] for symbol in table["symbols"]]
        us = [float(inputs.quantities[i].u) for i in own]
        shape = [
            [float(inputs.correlation[i][j]) * a * b for j, b in zip(own, us, strict=True)]
            for i, a in zip(own, us, strict=True)
        ]
        block = inputs.quantities[own[0]].block
        dof = 0 if block is None else inputs.block_dof[block]
        found.append(([float(inputs.quantities[i].value) for i in own], _cholesky(shape) or [], dof))
    return found


def _one_draw(
    random: Random,
    document: Table,
    inputs: quantities.Inputs,
    mixed: Sequence[Sequence[float]],
    blocks: Sequence[tuple[list[float], list[list[float]], int]],
    shared: set[int],
) -> dict[str, Any]:
    x: dict[str, Any] = {}
    errors: dict[Any, float] = {}
    normals = [random.gauss(0, 1) for _ in mixed]
    for i, table in enumerate(document.get("input", ())):
        quantity, symbol = inputs.quantities[i], expressions.identity(table["symbol"])
        if i in shared:
            x[symbol] = _sharing(random, table, quantity, errors)
        elif _joined(inputs, i, len(mixed)):
            joint = math.fsum(a * b for a, b in zip(mixed[i], normals, strict=True))
            x[symbol] = float(quantity.value) + float(quantity.u) * joint
        else:
            x[symbol] = _single(random, table, quantity)
    tables = (*document.get("simultaneous", ()), *document.get("fit", ()))
    for table, (means, lower, dof) in zip(tables, blocks, strict=True):
        scale = math.sqrt(dof / (2 * random.gammavariate(dof / 2, 1))) if dof else 1.0
        z = [random.gauss(0, 1) for _ in means]
        for symbol, mean, row in zip(table["symbols"], means, lower, strict=True):
            x[expressions.identity(symbol)] = mean + scale * math.fsum(a * b for a, b in zip(row, z, strict=True))
    return x


def _sharing(random: Random, table: Table, quantity: quantities.Quantity, errors: dict[Any, float]) -> float:
    """The value moved by its own errors and by those that others share, each drawn once in units of its u."""
    tables = list(table.get("components", ())) or [table]
    parts = quantity.parts
    value = float(quantity.value)
    if "observations" in table:
        value += float(parts[0].u) * _student(random, len(table["observations"]) - 1)
        tables, parts = list(table.get("components", ())), parts[1:]
    for stated, part in zip(tables, parts, strict=True):
        u = float(part.u)
        name, sign = part.cause or ((), 1)
        if name not in errors or not name:
            errors[name] = _stated(random, stated, 0.0, u) / u if u else 0.0
        value += sign * u * errors[name]
    return value


def _single(random: Random, table: Table, quantity: quantities.Quantity) -> float:
    """Observations, what is stated, or the sum of components about the value."""
    parts = list(table.get("components", ()))
    if "observations" in table:
        own = quantity.parts[0]
        start = float(quantity.value) + float(own.u) * _student(random, len(table["observations"]) - 1)
        stated = quantity.parts[1:]
    elif parts:
        start, stated = float(quantity.value), quantity.parts
    else:
        return _stated(random, table, float(quantity.value), float(quantity.u))
    return start + math.fsum(_stated(random, part, 0.0, float(own.u)) for part, own in zip(parts, stated, strict=True))


def _student(random: Random, dof: float) -> float:
    return random.gauss(0, 1) / math.sqrt(2 * random.gammavariate(dof / 2, 1) / dof)


def _stated(random: Random, table: Table, value: float, u: float) -> float:
    """One draw about a value (JCGM 101 6.4)."""
    kind = table.get("distribution", "normal")
    if kind == "student_t":
        dof: float = table.get("dof") or 1 / (2 * table["relative_uncertainty_of_uncertainty"] ** 2)
        scale: float = math.sqrt((dof - 2) / dof) if table.get("scale") == "standard_deviation" else 1.0
        return value + u * scale * _student(random, dof)
    if kind == "gamma":
        return random.gammavariate(float(table["shape"]), float(table["scale"]))
    if kind == "exponential":
        return random.expovariate(1 / value)
    first, second = random.uniform(-1, 1), random.uniform(-1, 1)
    if kind == "trapezoidal":
        # Two rectangles of half widths a(1 + β)/2 and a(1 − β)/2.
        beta = float(table["beta"])
        return value + u / math.sqrt((1 + beta * beta) / 6) * ((1 + beta) * first + (1 - beta) * second) / 2
    if kind == "curvilinear_trapezoid":
        half = float(table["half_width"] if "half_width" in table else (table["high"] - table["low"]) / 2)
        return value + (half + float(table["half_width_limit"]) * second) * first
    unit: dict[str, Callable[[], float]] = {
        "normal": lambda: random.gauss(0, 1),
        "rectangular": lambda: math.sqrt(3) * first,
        "triangular": lambda: math.sqrt(6) * (first + second) / 2,
        "arcsine": lambda: math.sqrt(2) * math.sin(math.pi * first),
        "constant": lambda: 0.0,
    }
    return value + u * unit[kind]()
