"""Many budgets at once: what is refused, and that each row is what one budget gives."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from chuan.metrology.distributions import Normal
from chuan.metrology.gum import propagate
from chuan.metrology.gum.coverage import coverage_factor
from chuan.metrology.gum.many import coverage_factors, propagate_many
from chuan.metrology.inputs import Component, Correlation, Group, Input, Measurement
from chuan.metrology.model import Model
from chuan.metrology.words import Refused

MODEL = Model.from_equations([("y", "a*b + exp(c/10)"), ("z", "a - b")], ["a", "b", "c"])
ONES = [np.ones(4)] * 3


@pytest.mark.parametrize(
    ("make", "place", "reason"),
    [
        (lambda: propagate_many(MODEL, ONES[:2], ONES), "values", "needs 3 columns, found 2"),
        (lambda: propagate_many(MODEL, ONES, ONES[:2]), "uncertainties", "needs 3 columns"),
        (lambda: propagate_many(MODEL, [np.ones(4), np.ones(5), 1.0], ONES), "values", "one length"),
        (lambda: propagate_many(MODEL, [np.ones((2, 2)), 1.0, 1.0], ONES), "values", "one length"),
        (lambda: propagate_many(MODEL, ONES, [np.array([1, 1, -1, 1.0]), 1.0, 1.0]), "uncertainties", "row 2"),
        (lambda: propagate_many(MODEL, ONES, [math.nan, 1.0, 1.0]), "uncertainties", "row 0"),
        (lambda: propagate_many(MODEL, ONES, ONES, [-1.0, 0.0, 0.0]), "inverse_dof", "row 0"),
        (lambda: propagate_many(MODEL, [1.0, 1.0, np.array([1.0, 1e9])], [1.0] * 3), "values", "row 1"),
    ],
)
def test_wrong_columns_are_refused(make: Callable[[], object], place: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        make()
    assert refused.value.place == place
    assert reason in refused.value.say("en")


@pytest.mark.parametrize("output", [0, 1])
@pytest.mark.parametrize("coefficient", [0.0, -0.7])
def test_each_row_is_what_one_budget_gives(output: int, coefficient: float) -> None:
    random = np.random.default_rng(3)
    rows = 20_000
    values = [random.uniform(1, 5, rows) for _ in range(3)]
    uncertainties = [random.uniform(0.01, 1, rows) for _ in range(3)]
    # a and b may be correlated, so their ν is infinite; c has ν = 7 or less.
    inverse_c = random.uniform(1 / 7, 1, rows)
    groups = (Group((0, 1), ((1.0, coefficient), (coefficient, 1.0)), None, (False, False)),) if coefficient else ()
    many = propagate_many(
        MODEL, values, uncertainties, [0.0, 0.0, inverse_c], groups=groups, coverage_probability=0.99, output=output
    )
    assert many.effective_dof is not None
    assert many.coverage_factor is not None
    assert many.expanded_uncertainty is not None
    stated = (Correlation(("a", "b"), coefficient),) if coefficient else ()
    for row in (0, 1, 8191, 8192, rows - 1):
        inputs = []
        for i, symbol in enumerate("abc"):
            dof = 1 / float(inverse_c[row]) if i == 2 else math.inf
            part = Component("", Normal(0.0, float(uncertainties[i][row])), dof)
            inputs.append(Input(symbol, float(values[i][row]), (part,)))
        one = propagate(Measurement(MODEL, tuple(inputs), stated, coverage_probability=0.99))[output]
        assert one.effective_dof is not None
        assert many.estimate[row] == pytest.approx(one.estimate, rel=1e-14)
        assert many.standard_uncertainty[row] == pytest.approx(one.standard_uncertainty, rel=1e-13)
        assert many.contributions[:, row] == pytest.approx(one.contributions, rel=1e-13)
        assert many.effective_dof[row] == pytest.approx(one.effective_dof, rel=1e-12)
        assert many.coverage_factor[row] == one.coverage_factor
        assert many.expanded_uncertainty[row] == pytest.approx(one.expanded_uncertainty, rel=1e-13)


def test_single_numbers_hold_for_every_row() -> None:
    many = propagate_many(MODEL, [np.array([1.0, 2.0]), 3.0, 0.0], [0.1, 0.0, 0.0])
    assert many.estimate == pytest.approx([4, 7])
    assert many.standard_uncertainty == pytest.approx([0.3, 0.3])
    assert many.coverage_factor is None


def test_a_row_without_uncertainty_has_infinite_dof() -> None:
    many = propagate_many(MODEL, ONES, [np.array([0, 0, 0.1, 0.1])] * 3, [0.5, 0.5, 0.5])
    assert many.effective_dof is not None
    assert np.isinf(many.effective_dof[:2]).all()
    assert np.isfinite(many.effective_dof[2:]).all()
    assert many.expanded_uncertainty is not None
    assert many.expanded_uncertainty[0] == 0


def test_factors_of_every_size_of_dof() -> None:
    dof = np.array([0.3, 1.0, 6.9999999999, 7.0, 16.75, 4095.5, 5000.2, 1e12, np.inf])
    whole = [1, 1, 7, 7, 16, 4095, 5000, 1e12, math.inf]
    assert coverage_factors(0.95, dof).tolist() == [coverage_factor(0.95, float(nu)) for nu in whole]
