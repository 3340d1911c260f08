"""The law of propagation against GTC, fifty digits and its own symmetries."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.inputs import Correlation, Measurement
from chuan.metrology.model import Model
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
@settings(max_examples=80, deadline=None)
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
@settings(max_examples=40, deadline=None)
def test_the_order_of_inputs_changes_nothing(measurement: Measurement, order: Sequence[int]) -> None:
    turned = replace(measurement, inputs=tuple(measurement.inputs[i] for i in order))
    assert only(turned) == only(measurement)


@given(measurements(), st.floats(0.01, 100))
@settings(max_examples=40, deadline=None)
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


@pytest.mark.deep
def test_random_models_agree_with_fifty_digits() -> None:
    """u, ν_eff and k within 1e-12 of mpmath on 10⁴ random sums of products (relative, without correlation)."""
    mpmath = pytest.importorskip("mpmath")
    numpy = pytest.importorskip("numpy")
    random = numpy.random.default_rng(1)
    model = Model.from_equations([("y", "a*b*exp(c/10) + a^2*d/(b^2 + 3)")], ["a", "b", "c", "d"])
    with mpmath.workdps(50):
        for _ in range(10_000):
            values = [float(x) for x in random.uniform(0.5, 5, 4)]
            uncertainties = [float(x) for x in random.uniform(0.001, 1, 4)]
            nus = [float(x) for x in random.uniform(1, 60, 4)]
            result = only(
                Measurement(
                    model,
                    tuple(normal(s, v, (u, n)) for s, v, u, n in zip("abcd", values, uncertainties, nus, strict=True)),
                )
            )
            a, b, c, d = map(mpmath.mpf, values)
            e, q = mpmath.exp(c / 10), b**2 + 3
            gradient = (b * e + 2 * a * d / q, a * e - 2 * b * a**2 * d / q**2, a * b * e / 10, a**2 / q)
            squares = [(g * mpmath.mpf(u)) ** 2 for g, u in zip(gradient, uncertainties, strict=True)]
            variance = mpmath.fsum(squares)
            dof = variance**2 / mpmath.fsum(s**2 / n for s, n in zip(squares, nus, strict=True))
            assert result.effective_dof is not None
            assert abs(result.standard_uncertainty / mpmath.sqrt(variance) - 1) < 1e-12
            assert abs(result.effective_dof / dof - 1) < 1e-12
