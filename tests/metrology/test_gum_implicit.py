"""Implicit models: what is refused, and that f(y, x) = 0 gives what the explicit model gives."""

import copy
import math
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.distributions import Normal
from chuan.metrology.gum import propagate
from chuan.metrology.gum.implicit import ImplicitModel
from chuan.metrology.inputs import Component, Input, Measurement
from chuan.metrology.model import Model
from chuan.metrology.words import Refused


def normal(symbol: str, value: float, u: float) -> Input:
    """A normal input."""
    return Input(symbol, value, (Component("", Normal(0.0, u), 9.0),))


@pytest.mark.parametrize(
    ("equations", "start", "x"),
    [
        (["y^2 + a"], {"y": 1.0}, 1.0),
        (["exp(y) + a"], {"y": 0.0}, 1.0),
        (["y^2 - a"], {"y": 0.0}, 1.0),
        (["ln(y) - a"], {"y": -1.0}, 1.0),
        (["y + z - a", "2*y + 2*z - a"], {"y": 0.0, "z": 0.0}, 1.0),
    ],
)
def test_where_no_solution_is_found_is_refused(equations: list[str], start: dict[str, float], x: float) -> None:
    with pytest.raises(Refused) as refused:
        ImplicitModel.from_implicit(equations, start, ["a"]).values([x])
    assert "\n" not in refused.value.say("vi")


def test_as_many_equations_as_unknowns_are_needed() -> None:
    with pytest.raises(Refused, match="1 equations for 2 unknowns"):
        ImplicitModel.from_implicit(["y - a"], {"y": 0.0, "z": 0.0}, ["a"])
    with pytest.raises(Refused, match="second-order"):
        ImplicitModel.from_implicit(["y - a"], {"y": 0.0}, ["a"]).second_order([1.0], 0)


@given(st.floats(0.1, 50), st.floats(-3, 3))
@settings(max_examples=60)
def test_an_implicit_form_gives_the_explicit_result(a: float, b: float) -> None:
    implicit = ImplicitModel.from_implicit(["y^3 - a*exp(b)"], {"y": 1.0}, ["a", "b"])
    inputs = (normal("a", a, 0.1), normal("b", b, 0.2))
    (found,) = propagate(Measurement(implicit, inputs))
    (wanted,) = propagate(Measurement(Model.from_equations([("y", "(a*exp(b))^(1/3)")], ["a", "b"]), inputs))
    assert found.estimate == pytest.approx(wanted.estimate, rel=1e-13)
    assert found.sensitivities == pytest.approx(wanted.sensitivities, rel=1e-11)
    assert found.standard_uncertainty == pytest.approx(wanted.standard_uncertainty, rel=1e-11)
    assert found.effective_dof == pytest.approx(wanted.effective_dof, rel=1e-9)
    assert found.second_order is None


def test_several_unknowns_are_solved_together() -> None:
    """Intersection of a circle and a line: y² + z² = a², z = b·y."""
    model = ImplicitModel.from_implicit(["y^2 + z^2 - a^2", "z - b*y"], {"y": 1.0, "z": 1.0}, ["a", "b"])
    y, z = propagate(Measurement(model, (normal("a", 5.0, 0.1), normal("b", 0.75, 0.01))))
    assert (y.estimate, z.estimate) == pytest.approx((4, 3))
    # y = a/√(1 + b²): ∂y/∂a = 0.8, ∂y/∂b = −a·b/(1 + b²)^1.5 = −1.92; z = b·y: 0.6, 4 − 0.75·1.92.
    assert y.sensitivities == pytest.approx((0.8, -1.92))
    assert z.sensitivities == pytest.approx((0.6, 2.56))


def test_the_fall_of_pressure_in_a_pipe() -> None:
    """Colebrook's friction factor, which has no explicit form: residual zero and derivative as by differences."""
    model = ImplicitModel.from_implicit(["1/sqrt(f) + 2*log10(k/3.7 + 2.51/(Re*sqrt(f)))"], {"f": 0.02}, ["k", "Re"])
    (f,), ((by_k, by_re),) = model.value_and_gradient([1e-4, 1e5])
    assert 1 / math.sqrt(f) + 2 * math.log10(1e-4 / 3.7 + 2.51 / (1e5 * math.sqrt(f))) == pytest.approx(0, abs=1e-13)
    step = 1e-7
    assert by_k == pytest.approx((model.values([1e-4 + step, 1e5])[0] - f) / step, rel=1e-3)
    assert by_re == pytest.approx((model.values([1e-4, 1e5 + 1])[0] - f), rel=1e-3)


def test_many_rows_are_solved_at_once_and_a_row_without_solution_is_not_a_number() -> None:
    numpy = pytest.importorskip("numpy")
    model = ImplicitModel.from_implicit(["y^2 - a"], {"y": 1.0}, ["a"])
    a = numpy.array([1.0, 4.0, 9.0, -1.0, 2.0])
    (y,) = model.vector([a])
    assert y[[0, 1, 2, 4]] == pytest.approx(numpy.sqrt(a[[0, 1, 2, 4]]))
    assert numpy.isnan(y[3])
    two = ImplicitModel.from_implicit(["y + z - a", "y - z - b"], {"y": 0.0, "z": 0.0}, ["a", "b"])
    y, z = two.vector([numpy.array([3.0, 5.0]), 1.0])
    assert y == pytest.approx([2, 3])
    assert z == pytest.approx([1, 2])


def test_a_model_survives_copying_and_storing() -> None:
    model = ImplicitModel.from_implicit(["y^2 - a"], {"y": 1.0}, ["a"])
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert other == model
        assert other.values([9.0]) == pytest.approx((3.0,))
