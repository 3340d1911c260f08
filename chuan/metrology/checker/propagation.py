"""The law of propagation a second time, at 50 digits (GUM 5, 6, G.4): numerical derivatives, own Student quantile.

Derivatives are central differences with every input in units of its u, so that the first are the contributions
themselves: steps of 10⁻²⁵ leave errors of 10⁻⁵⁰, and 125 digits are carried so that three divisions by a step leave 50.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chuan.metrology.checker import expressions, quantities, roots
from chuan.metrology.checker.quantities import Inputs, Table

#: Digits of every number here.
DIGITS = 50
#: Second order needs two derivatives for each pair of inputs; beyond so many pairs it is not recomputed.
MOST_PAIRS = 150
#: Degrees of freedom beyond this are infinite to every factor and probability here.
INFINITE_DOF = 1e20
_STEP = 25
_CARRIED = DIGITS + 3 * _STEP
#: What is this far below the change over a part of u is left by the differences, and not a cause.
_NOISE = 45


def context() -> Any:
    """An mpmath context of our own, so that nobody's precision is changed."""
    import mpmath  # noqa: PLC0415 - mpmath is needed only where a result is recomputed

    ctx = mpmath.MPContext()
    ctx.dps = DIGITS
    return ctx


class _Noting(dict[str, Any]):
    """Values by name that note which of them are read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


class Point:
    """The measurands as functions of steps from the inputs' values, in units of u (of 1 where u is 0)."""

    def __init__(self, ctx: Any, document: Table, inputs: Inputs) -> None:
        self.ctx = ctx
        self.inputs = inputs
        self.implicit = "implicit" in document["measurand"][0]
        key = "implicit" if self.implicit else "equation"
        self.nodes = [
            (expressions.identity(table["symbol"]), expressions.read(table[key])) for table in document["measurand"]
        ]
        self.found = [ctx.mpf(table["start"]) for table in document["measurand"]] if self.implicit else []
        self.names = [expressions.identity(quantity.symbol) for quantity in inputs.quantities]
        self.units = [quantity.u or ctx.mpf(1) for quantity in inputs.quantities]
        self.known: dict[tuple[Any, ...], Any] = {}

    def value(self, measurand: int, steps: Mapping[int, Any]) -> Any:
        """One measurand, earlier ones computed on the way."""
        x = {name: quantity.value for name, quantity in zip(self.names, self.inputs.quantities, strict=True)}
        for i, step in steps.items():
            x[self.names[i]] += self.units[i] * step
        if self.implicit:
            return roots.solve(self.ctx, self.nodes, x, self.found)[measurand]
        for name, node in self.nodes[: measurand + 1]:
            x[name] = node(self.ctx, x)
        return x[self.nodes[measurand][0]]

    def behind(self, measurand: int) -> set[int]:
        """The inputs that one measurand reads, by itself or through earlier ones."""
        x = _Noting({name: quantity.value for name, quantity in zip(self.names, self.inputs.quantities, strict=True)})
        inputs = {name: {i} for i, name in enumerate(self.names)}
        for name, node in self.nodes[: measurand + 1]:
            x.read.clear()
            value = node(self.ctx, x)
            inputs[name] = set().union(*(inputs[read] for read in x.read))
            x[name] = value
        return inputs[self.nodes[measurand][0]]

    def near(self, measurand: int, *steps: tuple[int, int]) -> Any:
        """One measurand so many small steps away along some inputs."""
        key = (measurand, *sorted(step for step in steps if step[1]))
        if key not in self.known:
            with self.ctx.workdps(_CARRIED):
                h = self.ctx.mpf(10) ** -_STEP
                self.known[key] = self.value(measurand, {i: count * h for i, count in steps})
        return self.known[key]

    def slope(self, m: int, i: int) -> Any:
        """∂y/∂x_i·u_i."""
        with self.ctx.workdps(_CARRIED):
            return (self.near(m, (i, 1)) - self.near(m, (i, -1))) * self.ctx.mpf(10) ** _STEP / 2

    def change(self, m: int, i: int) -> Any:
        """How much y changes over a part of u_i, to measure the noise of derivatives by; 0 where the model ends."""
        try:
            return abs(self.value(m, {i: self.ctx.mpf(1) / 8}) - self.near(m))
        except (ArithmeticError, ValueError):
            return self.ctx.mpf(0)

    def curve(self, m: int, i: int, j: int) -> tuple[Any, Any]:
        """f_ij·u_i·u_j and f_ijj·u_i·u_j²."""

        def f(a: int, b: int) -> Any:
            return self.near(m, (i, a), (j, b)) if i != j else self.near(m, (i, a + b))

        with self.ctx.workdps(_CARRIED):
            n = self.ctx.mpf(10) ** _STEP
            mixed = (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) * n**2 / 4
            third = (f(1, 1) - 2 * f(1, 0) + f(1, -1) - f(-1, 1) + 2 * f(-1, 0) - f(-1, -1)) * n**3 / 2
            return mixed, third


def propagate(ctx: Any, document: Table) -> list[dict[str, Any]]:
    """For each measurand the numbers of the contract's `gum` with mpf in place of floats, and what they hang on.

    `scale` is √ΣΣ |c_i u_i c_j u_j r_ij|, and `condition` the part of its square that is left in u².
    """
    inputs = quantities.read(ctx, document)
    point = Point(ctx, document, inputs)
    if point.implicit:
        point.found = roots.solve(
            ctx, point.nodes, dict(zip(point.names, (q.value for q in inputs.quantities), strict=True)), point.found
        )
    return [_measurand(ctx, document, point, m) for m in range(len(document["measurand"]))]


def _measurand(ctx: Any, document: Table, point: Point, m: int) -> dict[str, Any]:
    inputs = point.inputs
    everyone = range(len(inputs.quantities))
    slopes = [point.slope(m, i) for i in everyone]
    # A constant has a sensitivity, but contributes nothing.
    c = [slopes[i] if inputs.quantities[i].u else ctx.mpf(0) for i in everyone]
    noise = ctx.mpf(10) ** -_NOISE * max(point.change(m, i) for i in everyone)
    c = [x if abs(x) > noise else ctx.mpf(0) for x in c]
    variance = max(ctx.mpf(0), _form(ctx, inputs, c, everyone))
    scale = ctx.sqrt(ctx.fsum(abs(c[i] * c[j] * inputs.correlation[i][j]) for i in everyone for j in everyone))
    u = ctx.sqrt(variance)
    estimate = point.value(m, {})
    dof, method = _dof(ctx, inputs, c, variance)
    found = {"estimate": estimate, "standard_uncertainty": u, "effective_dof": dof, "dof_method": method}
    found |= _coverage(ctx, document, dof, method)
    k = found["coverage_factor"]
    found["expanded_uncertainty"] = None if k is None else k * u
    found["interval"] = None if k is None else [estimate - k * u, estimate + k * u]
    found["budget"] = _budget(ctx, point, slopes, c, variance)
    found["second_order"] = _second_order(ctx, point, m, c, estimate)
    condition = variance / scale**2 if scale else ctx.mpf(1)
    # What is compared with a scale must not be noise against noise.
    return found | {"scale": max(scale, noise * 10**15), "condition": condition, "contributions": c}


def _form(ctx: Any, inputs: Inputs, c: Sequence[Any], places: Sequence[int]) -> Any:
    """ΣΣ c_i u_i c_j u_j r_ij over some inputs (GUM 5.2.2)."""
    return ctx.fsum(c[i] * c[j] * inputs.correlation[i][j] for i in places for j in places)


def correlation(ctx: Any, inputs: Inputs, a: Mapping[str, Any], b: Mapping[str, Any]) -> Any:
    """r of two measurands of one document; None where one of them has no uncertainty (JCGM 102 6.2)."""
    if a is b:
        return ctx.mpf(1)
    size = a["standard_uncertainty"] * b["standard_uncertainty"]
    everyone = range(len(inputs.quantities))
    left, right = a["contributions"], b["contributions"]
    inner = ctx.fsum(left[i] * right[j] * inputs.correlation[i][j] for i in everyone for j in everyone)
    return inner / size if size else None


def _dof(ctx: Any, inputs: Inputs, c: Sequence[Any], variance: Any) -> tuple[Any, str]:
    """ν_eff, None for infinite or undefined, and the contract's word for how (GUM G.4.1)."""
    if not variance:
        return None, "welch-satterthwaite"
    inverse, method = ctx.mpf(0), "welch-satterthwaite"
    shared = sharing(inputs)
    for block, dof in enumerate(inputs.block_dof):
        places = [i for i, quantity in enumerate(inputs.quantities) if quantity.block == block]
        own = _form(ctx, inputs, c, places)
        if own > 0:
            inverse, method = inverse + (own / variance) ** 2 / dof, "block"
    for i, quantity in enumerate(inputs.quantities):
        if quantity.block is not None or not c[i]:
            continue
        if i in shared:
            continue
        term = ctx.fsum((part.u / quantity.u) ** 4 * part.inverse_dof for part in quantity.parts)
        if term and any(c[j] and r for j, r in enumerate(inputs.correlation[i]) if j != i):
            return None, "undefined"
        inverse += (c[i] ** 2 / variance) ** 2 * term
    inverse += _shared_dof(ctx, inputs, c, shared) / variance**2
    return (1 / inverse if inverse else None), method


def sharing(inputs: Inputs) -> set[int]:
    """Inputs that hang together by nothing but errors that they share: no correlation of their group is stated."""
    told = {i for i, _ in inputs.stated}
    found: set[int] = set()
    for i in range(len(inputs.quantities)):
        group, grown = {i}, True
        while grown:
            near = {j for k in group for j, r in enumerate(inputs.correlation[k]) if r and j != k}
            grown = not near <= group
            group |= near
        if len(group) > 1 and not group & told and all(inputs.quantities[k].block is None for k in group):
            found.add(i)
    return found


def _shared_dof(ctx: Any, inputs: Inputs, c: Sequence[Any], shared: set[int]) -> Any:
    """Σ v²/ν over the independent errors of those inputs."""
    errors: dict[Any, tuple[Any, Any]] = {}
    for i in shared:
        quantity = inputs.quantities[i]
        for k, part in enumerate(quantity.parts):
            name, sign = part.cause or ((i, k), 1)
            before, _ = errors.get(name, (ctx.mpf(0), 0))
            errors[name] = before + sign * c[i] * part.u / quantity.u, part.inverse_dof
    return ctx.fsum(moved**4 * inverse for moved, inverse in errors.values())


def _coverage(ctx: Any, document: Table, dof: Any, method: str) -> dict[str, Any]:
    """ν behind k, k and p by the contract's rule: ν truncated unless "t-real", k as stated where it is."""
    rule = document.get("coverage", "t")
    p = ctx.mpf(document.get("coverage_probability", 0.95))
    if method == "undefined":
        stated = ctx.mpf(float(rule[2:])) if rule.startswith("k=") else None
        return {
            "dof_used": None,
            "coverage_factor": stated,
            "coverage_probability": None if stated is not None else p,
        }
    used = dof
    if dof is not None and rule != "t-real":
        used = max(ctx.mpf(1), ctx.floor(dof * (1 + ctx.mpf(10) ** -9)))
    if rule.startswith("k="):
        k = ctx.mpf(float(rule[2:]))
        return {"dof_used": used, "coverage_factor": k, "coverage_probability": 1 - outside(ctx, k, dof)}
    return {"dof_used": used, "coverage_factor": factor(ctx, p, used), "coverage_probability": p}


def outside(ctx: Any, k: Any, dof: Any) -> Any:
    """Probability beyond ±k under Student's t; dof None is the normal distribution."""
    if dof is None or dof > INFINITE_DOF:
        return ctx.erfc(k / ctx.sqrt(2))
    return ctx.betainc(dof / 2, ctx.mpf(1) / 2, 0, dof / (dof + k * k), regularized=True)


def factor(ctx: Any, p: Any, dof: Any) -> Any:
    """Two-sided k of Student's t (GUM G.3.4).

    The logarithm of what is outside falls ever faster with ln k, so Newton's steps come down on the root from above.
    """
    k = ctx.sqrt(2) * ctx.erfinv(p)
    if dof is None or dof > INFINITE_DOF:
        return k
    lead = ctx.gamma((dof + 1) / 2) / ctx.gamma(dof / 2) / ctx.sqrt(ctx.pi * dof)
    for _ in range(200):
        rest = outside(ctx, k, dof)
        density = lead * (1 + k * k / dof) ** (-(dof + 1) / 2)
        step = ctx.ln(rest / (1 - p)) * rest / (2 * density * k)
        k *= ctx.exp(step)
        if abs(step) < ctx.mpf(10) ** (10 - DIGITS):
            break
    return k


def _budget(ctx: Any, point: Point, slopes: Sequence[Any], c: Sequence[Any], variance: Any) -> list[dict[str, Any]]:
    """One line for each component; shares are c_i u_i Σ_j c_j u_j r_ij / u², parted by the components' variances."""
    lines = []
    for i, quantity in enumerate(point.inputs.quantities):
        share = ctx.fsum(c[i] * c[j] * r for j, r in enumerate(point.inputs.correlation[i]))
        for part in quantity.parts:
            own = (part.u / quantity.u) ** 2 if quantity.u else 1
            lines.append(
                {
                    "symbol": quantity.symbol,
                    "label": part.label,
                    "value": quantity.value,
                    "standard_uncertainty": part.u,
                    "dof": 1 / part.inverse_dof if part.inverse_dof else None,
                    "sensitivity": slopes[i] / point.units[i],
                    "contribution": c[i] * part.u / point.units[i],
                    "share": share / variance * own if variance else None,
                }
            )
    return lines


def _second_order(ctx: Any, point: Point, m: int, c: Sequence[Any], estimate: Any) -> dict[str, Any] | None:
    """Σ f_i²u_i² + ΣΣ(½ f_ij² + f_i f_ijj)u_i²u_j² (GUM 5.1.2 note); None with correlation or too many inputs.

    The derivatives to inputs that the measurand does not read are zero.
    """
    if point.implicit or point.inputs.correlated:
        return None
    places = [i for i in sorted(point.behind(m)) if point.inputs.quantities[i].u]
    if len(places) ** 2 > MOST_PAIRS:
        return None
    shift, variance = ctx.mpf(0), ctx.fsum(x * x for x in c)
    for i in places:
        for j in places:
            second, third = point.curve(m, i, j)
            variance += second**2 / 2 + c[i] * third
            shift += second / 2 if i == j else 0
    # The expansion stops after the second order; where its variance falls below zero there is no u.
    return {"estimate": estimate + shift, "standard_uncertainty": ctx.sqrt(variance) if variance >= 0 else None}
