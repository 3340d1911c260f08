"""The law of propagation against GTC, fifty digits and its own symmetries."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.inputs import Correlation, Input, Measurement
from chuan.metrology.model import Model
from tests.metrology import dual_numbers
from tests.metrology.measurements import measured, normal, only

EQUATIONS = (
    "a*b + c",
    "a/b - c",
    "sqrt(a^2 + b^2)*c",
    "a*exp(-b/10) + ln(c + 20)",
    "(a + b)*(a - c)/(b + 30)",
    "sin(a/5)*cos(b/5) + c^3/100",
    "atan(a/(b + 30)) + tanh(c/10)",
    "hypot(a + 20, b) - abs(c + 50)",
)
EQUATION_OF = {Model.from_equations([("y", text)], ["a", "b", "c"]).hash: text for text in EQUATIONS}
#: Not so small that squares vanish, not so large that they overflow.
numbers = st.floats(-9, 9).filter(lambda x: abs(x) > 0.01)
sizes = st.floats(0.001, 3)
dofs = st.one_of(st.just(math.inf), st.floats(1, 200))


@st.composite
def measurements(draw: st.DrawFn) -> Measurement:
    """Random values, components and degrees of freedom in one of several models."""
    inputs = [
        normal(symbol, draw(numbers), *draw(st.lists(st.tuples(sizes, dofs), min_size=1, max_size=3)))
        for symbol in "abc"
    ]
    return measured(draw(st.sampled_from(EQUATIONS)), *inputs)


@given(measurements())
@settings(max_examples=80)
def test_gtc_agrees(measurement: Measurement) -> None:
    gtc = pytest.importorskip("GTC")
    functions = {name: getattr(gtc, name) for name in ("sqrt", "exp", "sin", "cos", "atan", "tanh")}
    functions |= {"ln": gtc.log, "abs": gtc.magnitude, "hypot": lambda x, y: gtc.sqrt(x * x + y * y)}
    for item in measurement.inputs:
        parts = [
            gtc.ureal(0 if k else item.value, part.standard_uncertainty, part.dof)
            for k, part in enumerate(item.components)
        ]
        functions[item.symbol] = sum(parts[1:], parts[0])
    equation = EQUATION_OF[measurement.model.hash]
    other = eval(equation.replace("^", "**"), {"__builtins__": {}}, functions)
    result = only(measurement)
    assert gtc.value(other) == pytest.approx(result.estimate, rel=1e-12, abs=1e-12)
    assert gtc.uncertainty(other) == pytest.approx(result.standard_uncertainty, rel=1e-11)
    assert result.effective_dof is not None
    if math.isfinite(result.effective_dof):
        assert gtc.dof(other) == pytest.approx(result.effective_dof, rel=1e-9)
    else:
        assert math.isinf(gtc.dof(other))


@given(measurements(), st.permutations(range(3)))
@settings(max_examples=40)
def test_the_order_of_inputs_changes_nothing(measurement: Measurement, order: Sequence[int]) -> None:
    turned = replace(measurement, inputs=tuple(measurement.inputs[i] for i in order))
    assert only(turned) == only(measurement)


@given(measurements(), st.floats(0.01, 100))
@settings(max_examples=40)
def test_uncertainty_scales_with_its_causes(measurement: Measurement, factor: float) -> None:
    larger = replace(
        measurement,
        inputs=tuple(
            normal(
                item.symbol, item.value, *((part.standard_uncertainty * factor, part.dof) for part in item.components)
            )
            for item in measurement.inputs
        ),
    )
    before, after = only(measurement), only(larger)
    assert after.standard_uncertainty == pytest.approx(before.standard_uncertainty * factor, rel=1e-12)
    assert after.effective_dof == pytest.approx(before.effective_dof, rel=1e-9)


@given(st.lists(st.tuples(numbers, sizes), min_size=2, max_size=2), st.floats(-1, 1))
def test_correlation_is_symmetric_and_exact_in_a_sum(parts: list[tuple[float, float]], r: float) -> None:
    (x, u), (y, w) = parts
    inputs = (normal("a", x, (u, math.inf)), normal("b", y, (w, math.inf)))
    one = only(measured("a + b", *inputs, correlations=(Correlation(("a", "b"), r),)))
    other = only(measured("a + b", *inputs, correlations=(Correlation(("b", "a"), r),)))
    assert one == replace(other, measurement=one.measurement)
    assert one.standard_uncertainty**2 == pytest.approx(u * u + w * w + 2 * r * u * w, rel=1e-9, abs=1e-12)
    assert math.fsum(line.share or 0 for line in one.budget) == pytest.approx(1 if one.standard_uncertainty else 0)


def in_fifty_digits(text: str, parts: Sequence[tuple[float, float, float]]) -> tuple[Any, Any, Any] | None:
    """Estimate, u and ν_eff of an equation in a, b, c, each (value, u, ν), by dual numbers of mpmath.

    None where sums cancel to less than a thousandth: doubles have not the digits of such a model.
    """
    names: dict[str, Any] = dict(dual_numbers.FUNCTIONS)
    for i, (value, _, _) in enumerate(parts):
        names["abc"[i]] = dual_numbers.variable(value, i, len(parts))
    names["number"] = mpmath.mpf
    code = re.sub(r"[0-9]+(\.[0-9]+)?", r"number(\g<0>)", text.replace("^", "**"))
    found = dual_numbers.Dual.of(eval(code, {"__builtins__": {}}, names), len(parts))
    if found.kept < 1e-3:
        return None
    squares = [(slope * mpmath.mpf(u)) ** 2 for slope, (_, u, _) in zip(found.slopes, parts, strict=True)]
    variance = mpmath.fsum(squares)
    inverse = mpmath.fsum(square**2 / mpmath.mpf(nu) for square, (_, _, nu) in zip(squares, parts, strict=True))
    return found.value, mpmath.sqrt(variance), variance**2 / inverse if inverse else mpmath.inf


def error_of_factor(k: float, probability: float, dof: Any) -> Any:
    """The relative error of k: what Student's t leaves outside it beyond 1 − p, over the density there."""
    k_ = mpmath.mpf(k)
    left = mpmath.betainc(dof / 2, mpmath.mpf(1) / 2, 0, dof / (dof + k_ * k_), regularized=True)
    lead = mpmath.gamma((dof + 1) / 2) / mpmath.gamma(dof / 2) / mpmath.sqrt(dof * mpmath.pi)
    density = lead * (1 + k_ * k_ / dof) ** (-(dof + 1) / 2)
    return (left - (1 - mpmath.mpf(probability))) / (2 * density * k_)


@pytest.mark.parametrize(
    ("seed", "models"), [(1, 300), pytest.param(2, 10_000, marks=pytest.mark.deep)], ids=["300 models", "10⁴ models"]
)
def test_random_models_agree_with_fifty_digits(seed: int, models: int) -> None:
    """Estimate, u, ν_eff and k within 1e-12 of mpmath: each time another tape, other values, u, ν and p."""
    random = Random(seed)
    tapes: set[str] = set()
    with mpmath.workdps(50):
        while len(tapes) < models:
            text = expression(random, random.randint(1, 4))
            parts = [(random.uniform(0.5, 3), random.uniform(0.001, 0.5), random.uniform(1, 60)) for _ in range(3)]
            model = Model.from_equations([("y", text)], ["a", "b", "c"])
            if set(model.used) != {"a", "b", "c"} or model.hash in tapes:
                continue
            exact = in_fifty_digits(text, parts)
            if exact is None:
                continue
            tapes.add(model.hash)
            estimate, u, dof = exact
            probability = random.choice([0.9, 0.95, 0.9545, 0.99])
            coverage = random.choice(["t", "t-real"])
            inputs = tuple(normal(s, x, (u, nu)) for s, (x, u, nu) in zip("abc", parts, strict=True))
            result = only(Measurement(model, inputs, coverage=coverage, coverage_probability=probability))
            assert abs(result.estimate / estimate - 1) < 1e-12, text
            assert abs(result.standard_uncertainty / u - 1) < 1e-12, text
            assert result.effective_dof is not None
            assert abs(result.effective_dof / dof - 1) < 1e-12, text
            used = dof if coverage == "t-real" else max(1, mpmath.floor(dof * (1 + mpmath.mpf(10) ** -9)))
            assert result.coverage_factor is not None
            assert abs(error_of_factor(result.coverage_factor, probability, used)) < 1e-12, text


@given(measurements(), st.floats(-5, 5).filter(lambda x: abs(x) > 0.01), st.floats(-100, 100))
@settings(max_examples=40)
def test_a_linear_change_of_the_measurand_changes_only_its_scale(
    measurement: Measurement, factor: float, shift: float
) -> None:
    text = EQUATION_OF[measurement.model.hash]
    changed = Model.from_equations([("y", f"({factor!r})*({text}) + ({shift!r})")], ["a", "b", "c"])
    before, after = only(measurement), only(replace(measurement, model=changed))
    assert after.estimate == pytest.approx(factor * before.estimate + shift, rel=1e-12, abs=1e-12)
    assert after.standard_uncertainty == pytest.approx(abs(factor) * before.standard_uncertainty, rel=1e-12)
    assert after.effective_dof == pytest.approx(before.effective_dof, rel=1e-9)
    assert [line.share for line in after.budget] == pytest.approx([line.share for line in before.budget], rel=1e-9)


@given(st.lists(st.tuples(numbers, sizes), min_size=3, max_size=3))
def test_second_order_adds_nothing_to_a_linear_model(parts: list[tuple[float, float]]) -> None:
    inputs = [normal(symbol, value, (u, math.inf)) for symbol, (value, u) in zip("abc", parts, strict=True)]
    result = only(measured("2*a - b/3 + c + 7", *inputs))
    assert result.second_order is not None
    assert result.second_order.estimate == result.estimate
    assert result.second_order.standard_uncertainty == pytest.approx(result.standard_uncertainty, rel=1e-14)


@pytest.mark.deep
@pytest.mark.parametrize("n", [2, 4, 10])
def test_type_a_intervals_hold_what_they_claim(n: int) -> None:
    """Of 10⁴ simulated series of n readings, 95 % ± 0.7 % of the intervals hold the true value."""
    numpy = pytest.importorskip("numpy")
    random = numpy.random.default_rng(20261130)
    model = Model.from_equations([("y", "a")], ["a"])
    held = 0
    for readings in random.standard_normal((10_000, n)).tolist():
        result = only(Measurement(model, (Input.from_observations("a", readings),)))
        assert result.interval is not None
        held += result.interval[0] <= 0 <= result.interval[1]
    assert held / 10_000 == pytest.approx(0.95, abs=0.007)


def expression(random: Random, depth: int) -> str:
    """A random equation in a, b, c whose functions are defined everywhere near positive values."""
    if depth == 0:
        return random.choice(["a", "b", "c", "a", "b", "c", f"{random.uniform(0.5, 3):.3f}"])
    left, right = expression(random, depth - 1), expression(random, depth - 1)
    return random.choice(
        [
            f"({left} + {right})",
            f"({left} - {right}/3)",
            f"({left})*({right})",
            f"({left})/(({right})^2 + 1)",
            f"sqrt(({left})^2 + 2)",
            f"exp(-(({left})/9)^2)",
            f"sin({left})",
            f"atan({left})",
            f"ln(({left})^2 + 3)",
            f"tanh(({left})/5)*({right})",
        ]
    )


@pytest.mark.deep
def test_thousands_of_generated_models_agree_with_uncertainties_and_gtc() -> None:
    uncertainties = pytest.importorskip("uncertainties")
    umath = pytest.importorskip("uncertainties.umath")
    gtc = pytest.importorskip("GTC")
    random = Random(4)
    seen = 0
    while seen < 2000:
        text = expression(random, random.randint(2, 4))
        if not all(symbol in text.replace("tanh", "").replace("atan", "") for symbol in "abc"):
            continue
        seen += 1
        parts = [(random.uniform(0.5, 3), random.uniform(0.001, 0.5), random.uniform(1, 60)) for _ in range(3)]
        result = only(measured(text, *(normal(s, x, (u, n)) for s, (x, u, n) in zip("abc", parts, strict=True))))
        code = compile(text.replace("^", "**"), "model", "eval")
        names = ("sqrt", "exp", "sin", "atan", "tanh")
        one = {name: getattr(umath, name) for name in names} | {"ln": umath.log}
        one |= {s: uncertainties.ufloat(x, u) for s, (x, u, _) in zip("abc", parts, strict=True)}
        other = {name: getattr(gtc, name) for name in names} | {"ln": gtc.log}
        other |= {s: gtc.ureal(x, u, n) for s, (x, u, n) in zip("abc", parts, strict=True)}
        first, second = eval(code, one), eval(code, other)
        assert result.estimate == pytest.approx(first.nominal_value, rel=1e-12, abs=1e-12), text
        assert result.standard_uncertainty == pytest.approx(first.std_dev, rel=1e-9, abs=1e-13), text
        assert result.standard_uncertainty == pytest.approx(gtc.uncertainty(second), rel=1e-9, abs=1e-13), text
        if result.standard_uncertainty > 1e-9:
            assert result.effective_dof == pytest.approx(gtc.dof(second), rel=1e-7), text
