"""Derivatives of models: exact to rounding against mpmath's at 60 digits, and against two other programs."""

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from numpy.typing import NDArray

from chuan.metrology.model import Model
from chuan.metrology.model.core import SecondOrder
from chuan.metrology.model.derivatives import MOST_NODES
from chuan.metrology.words import Refused
from tests.metrology.model_cases import SYMBOLS, OutsideError, Tree, evaluated, points, trees, written

H1 = "l_s + d - l_s*(dalpha*theta + alpha_s*dtheta)"
H1_INPUTS = ("l_s", "d", "alpha_s", "dalpha", "theta", "dtheta")
RELATIVE = 1e-10

examples = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def model_of(tree: Tree, point: tuple[float, ...]) -> tuple[Model, Any]:
    """The model, and the same function in mpmath; trees that are ill-conditioned at the point are passed over."""
    try:
        evaluated(tree, [mpmath.mpf(one) for one in point], [])
        model = Model.from_equations([("r", written(tree))], SYMBOLS)
        model.second_order(point, 0)
    except (OutsideError, Refused, ZeroDivisionError):
        assume(False)

    def exact(*x: Any) -> Any:
        try:
            return evaluated(tree, x, [])
        except OutsideError:
            assume(False)

    return model, exact


def partial(exact: Any, point: tuple[float, ...], *order: int) -> float:
    with mpmath.workdps(60):
        return float(mpmath.diff(exact, tuple(map(mpmath.mpf, point)), order))


def near(found: float, wanted: float, scale: float) -> bool:
    return abs(found - wanted) <= RELATIVE * max(abs(wanted), scale)


def whole(model: Model, found: SecondOrder) -> SecondOrder:
    """The derivatives to every input; to those that the measurand does not depend on they are zero."""
    (_, places), count = model.parts[0], len(SYMBOLS)

    def row(values: tuple[float, ...]) -> tuple[float, ...]:
        given = dict(zip(places, values, strict=True))
        return tuple(given.get(slot, 0.0) for slot in range(count))

    def rows(matrix: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
        given = dict(zip(places, map(row, matrix), strict=True))
        return tuple(given.get(slot, (0.0,) * count) for slot in range(count))

    return SecondOrder(row(found.first), rows(found.second), rows(found.third))


def orders(*slots: int) -> list[int]:
    return [slots.count(slot) for slot in range(len(SYMBOLS))]


def test_a_model_too_large_for_third_derivatives_is_refused_not_left_to_run() -> None:
    inputs = [f"x{number}" for number in range(200)]
    model = Model.from_equations([("r", "*".join(inputs))], inputs)
    assert len(model.value_and_gradient([1.0] * 200)[1][0]) == 200
    with pytest.raises(Refused, match=f"allowed {MOST_NODES} nodes"):
        model.second_order([1.0] * 200, 0)


def test_gum_h1_sensitivities_by_hand() -> None:
    """GUM H.1.3: c_s = 1 − (δα·θ + α_s·δθ), c_δα = −l_s·θ, c_δθ = −l_s·α_s and so on."""
    x = (50000623.0, 215.0, 11.5e-6, 1e-6, -0.1, 0.02)
    l_s, _, alpha_s, dalpha, theta, dtheta = x
    values, (gradient,) = Model.from_equations([("l", H1)], H1_INPUTS).value_and_gradient(x)
    assert values == (50000838.0 - l_s * (1e-6 * -0.1 + 11.5e-6 * 0.02),)
    assert gradient == pytest.approx(
        (1 - (dalpha * theta + alpha_s * dtheta), 1, -l_s * dtheta, -l_s * theta, -l_s * dalpha, -l_s * alpha_s),
        rel=1e-14,
    )


def test_gum_h1_second_order_terms_by_hand() -> None:
    """GUM H.1.7: the only second-order terms that count are l_s·u(δα)·u(θ) and l_s·u(α_s)·u(δθ)."""
    second = Model.from_equations([("l", H1)], H1_INPUTS).second_order((50000623.0, 215.0, 11.5e-6, 0.0, -0.1, 0.0), 0)
    assert second.second[3][4] == second.second[4][3] == -50000623.0
    assert second.second[2][5] == second.second[5][2] == -50000623.0
    assert all(value == 0 for row in second.third for value in row)
    assert [second.second[slot][slot] for slot in range(6)] == [0.0] * 6


@examples
@given(trees, points)
def test_values_and_gradients_agree_with_mpmath(tree: Tree, point: tuple[float, ...]) -> None:
    model, exact = model_of(tree, point)
    values, (gradient,) = model.value_and_gradient(point)
    scale = max(map(abs, (*gradient, values[0])))
    assert values == model.values(point)
    assert near(values[0], float(exact(*map(mpmath.mpf, point))), scale)
    for slot in range(len(SYMBOLS)):
        assert near(gradient[slot], partial(exact, point, *orders(slot)), scale)


@pytest.mark.deep
@settings(examples, max_examples=2000)
@given(trees, points)
def test_gradients_of_thousands_of_models_agree_with_mpmath(tree: Tree, point: tuple[float, ...]) -> None:
    model, exact = model_of(tree, point)
    values, (gradient,) = model.value_and_gradient(point)
    scale = max(map(abs, (*gradient, values[0])))
    for slot in range(len(SYMBOLS)):
        assert near(gradient[slot], partial(exact, point, *orders(slot)), scale)


@settings(examples, max_examples=15)
@given(trees, points)
def test_second_and_third_derivatives_agree_with_mpmath(tree: Tree, point: tuple[float, ...]) -> None:
    model, exact = model_of(tree, point)
    found = whole(model, model.second_order(point, 0))
    scale = max(abs(value) for row in (found.first, *found.second, *found.third) for value in row)
    assert found.first == model.value_and_gradient(point)[1][0]
    assert model.hessian_diagonal(point)[0] == pytest.approx([found.second[slot][slot] for slot in range(3)], rel=1e-9)
    for i in range(len(SYMBOLS)):
        for j in range(len(SYMBOLS)):
            assert near(found.second[i][j], partial(exact, point, *orders(i, j)), scale)
            assert near(found.third[i][j], partial(exact, point, *orders(i, j, j)), scale)


@settings(examples, max_examples=100)
@given(trees, points)
def test_columns_agree_with_single_values(tree: Tree, point: tuple[float, ...]) -> None:
    model, _ = model_of(tree, point)
    values, (gradient,) = model.value_and_gradient(point)
    columns: list[NDArray[np.float64] | float] = [np.full(3, point[0]), np.array([point[1], 0.7, point[1]]), point[2]]
    found, (slopes,) = model.vector_value_and_gradient(columns)
    scale = max(map(abs, (*gradient, values[0])))
    assert np.array_equal(found[0], model.vector(columns)[0], equal_nan=True)
    for row in (0, 2):
        assert near(float(found[0][row]), values[0], scale)
        assert all(near(float(slopes[slot][row]), gradient[slot], scale) for slot in range(len(SYMBOLS)))


@pytest.mark.parametrize(
    ("text", "x", "derivative"),
    [
        ("tanh(x)", 9.0, 1 / math.cosh(9.0) ** 2),
        ("asin(x)", 1 - 2.0**-40, 1 / math.sqrt(2.0**-39 - 2.0**-80)),
        ("x^9", 1.1, 9 * 1.1**8),
        ("x^-8", 1.1, -8 / 1.1**9),
        ("log10(x)", 3.0, 1 / (3 * math.log(10))),
        ("2^x", 3.0, 8 * math.log(2)),
        ("abs(x)", -2.0, -1.0),
        ("x^x", 2.0, 4 * (math.log(2) + 1)),
        ("5/x/x", 2.0, -1.25),
        ("x - x", 2.0, 0.0),
        ("-(-x)", 2.0, 1.0),
        ("3", 2.0, 0.0),
    ],
)
def test_derivatives_keep_their_digits_where_a_shorter_formula_loses_them(
    text: str, x: float, derivative: float
) -> None:
    _, ((found,),) = Model.from_equations([("r", text)], ["x"]).value_and_gradient([x])
    assert found == pytest.approx(derivative, rel=1e-14)


def test_a_measurand_passes_its_derivatives_on_to_later_ones() -> None:
    model = Model.from_equations([("V", "a*b"), ("rho", "m/V"), ("k", "rho^2 + V")], ["m", "a", "b"])
    values, gradients = model.value_and_gradient([6.0, 1.5, 2.0])
    assert values == (3.0, 2.0, 7.0)
    assert gradients[1] == pytest.approx((1 / 3, -6 / (1.5**2 * 2), -6 / (1.5 * 4)))
    assert gradients[2] == pytest.approx((4 / 3, 2 * 2 * gradients[1][1] + 2.0, 2 * 2 * gradients[1][2] + 1.5))


@pytest.mark.parametrize(
    "text",
    [
        "V/I*cos(phi)",
        "V/I*sin(phi)",
        "sqrt(V^2 + I^2)*exp(-phi)",
        "ln(V/I)^3 - phi^2.5",
        "atan(I/V) + tanh(phi)*hypot(V, I)",
    ],
)
def test_gtc_and_uncertainties_find_the_same_sensitivities(text: str) -> None:
    point = (4.999, 19.661e-3, 1.04446)
    _, (gradient,) = Model.from_equations([("r", text)], ["V", "I", "phi"]).value_and_gradient(point)
    gtc: Any = pytest.importorskip("GTC")
    uncertainties: Any = pytest.importorskip("uncertainties")
    umath: Any = pytest.importorskip("uncertainties.umath")
    python = text.replace("^", "**").replace("ln(", "log(")
    own = [uncertainties.ufloat(value, 1e-3) for value in point]
    shared = {name: getattr(umath, name) for name in ("cos", "sin", "sqrt", "exp", "log", "atan", "tanh", "hypot")}
    theirs = eval(python, shared | dict(zip(("V", "I", "phi"), own, strict=True)))
    assert gradient == pytest.approx([theirs.derivatives[one] for one in own], rel=1e-12)
    uncertain = [gtc.ureal(value, 1e-3) for value in point]
    names = {name: getattr(gtc, name) for name in ("cos", "sin", "sqrt", "exp", "log", "atan", "tanh")}
    names["hypot"] = lambda a, b: gtc.sqrt(a * a + b * b)
    result = eval(python, names | dict(zip(("V", "I", "phi"), uncertain, strict=True)))
    found = [gtc.rp.sensitivity(result, one) for one in uncertain]
    assert gradient == pytest.approx(found, rel=1e-12)
