"""What inputs share: a certificate's points, a standard, an instrument, the residuals of a fit."""

import math
from dataclasses import replace
from typing import Any

import pytest

from chuan.metrology.coverage_audit import AuditOptions, run
from chuan.metrology.distributions import Normal
from chuan.metrology.gum import propagate
from chuan.metrology.gum.many import propagate_many
from chuan.metrology.inputs import Component, Correlation, Input, Measurement
from chuan.metrology.inputs.ready import CertificatePoint, between_points, calibration, fitted, resolution, zero
from chuan.metrology.model import Model
from chuan.metrology.monte_carlo import simulate
from chuan.metrology.words import Refused
from tests.metrology.uncertainty_documents import gum

SUM = Model.from_equations([("y", "a + b")], ["a", "b"])
DIFFERENCE = Model.from_equations([("y", "x - z")], ["x", "z"])


def normal(symbol: str, value: float, u: float, *, standard: str = "") -> Input:
    """An input of one normal component."""
    return Input(symbol, value, (Component("", Normal(0.0, u), standard=standard),))


def sum_of(a: Input, b: Input, **more: Any) -> Measurement:
    """y = a + b."""
    return Measurement(SUM, (a, b), **more)


POINTS = [CertificatePoint(x, 0.0, 0.01) for x in (0.0, 10.0, 20.0, 30.0)]


def certificate_value(symbol: str, x: float, first: int, r: float, standard: str = "S1") -> Input:
    return between_points(symbol, x, POINTS[first], POINTS[first + 1], correlation=r, standard=standard)


def difference_of(x: Input, z: Input) -> float:
    """u of x − z."""
    (result,) = propagate(Measurement(DIFFERENCE, (x, z)))
    return result.standard_uncertainty


@pytest.mark.parametrize("r", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(
    ("z", "first", "weights"),
    [(7, 0, (0.3, 0.7, 0, 0)), (15, 1, (0, 0.5, 0.5, 0)), (10, 1, (0, 1, 0, 0)), (26, 2, (0, 0, 0.4, 0.6))],
)
def test_values_of_one_certificate_correlate_by_the_points_they_share(
    r: float, z: float, first: int, weights: tuple[float, ...]
) -> None:
    """x at 2: the difference has one weight for each point; the points correlate by r, as stated."""
    g = [a - b for a, b in zip((0.8, 0.2, 0, 0), weights, strict=True)]
    variance = (1 - r) * sum(a * a for a in g) + r * sum(g) ** 2
    found = difference_of(certificate_value("x", 2, 0, r), certificate_value("z", z, first, r))
    assert found == pytest.approx(0.01 * math.sqrt(variance), abs=1e-9)


@pytest.mark.parametrize("r", [-0.4, -1.0])
def test_points_that_correlate_by_less_than_0_share_their_error_out(r: float) -> None:
    x, z = certificate_value("x", 2, 0, r), certificate_value("z", 7, 0, r)
    assert x.standard_uncertainty == pytest.approx(0.01 * math.sqrt(0.64 + 0.04 + 2 * r * 0.16))
    assert difference_of(x, z) == pytest.approx(0.01 * math.sqrt(0.5 - 0.5 * r))


def test_a_coefficient_of_0_may_be_stated_where_no_point_is_shared() -> None:
    zero_stated = (Correlation(("x", "z"), 0.0),)
    apart = (certificate_value("x", 5, 0, 0), certificate_value("z", 25, 2, 0))
    assert propagate(Measurement(DIFFERENCE, apart, zero_stated))[0].standard_uncertainty == pytest.approx(0.01)
    with pytest.raises(Refused, match="share the standard S1"):
        Measurement(DIFFERENCE, (certificate_value("x", 5, 0, 0), certificate_value("z", 15, 1, 0)), zero_stated)


def test_an_instrument_read_twice_brings_its_own_errors_once() -> None:
    def read(symbol: str, instrument: str, *parts: Component) -> Input:
        return Input(symbol, 10, (zero(0.1, instrument=instrument), *parts))

    (same,) = propagate(Measurement(DIFFERENCE, (read("x", "B1"), read("z", "B1"))))
    assert same.standard_uncertainty == pytest.approx(0, abs=1e-12)
    (other,) = propagate(Measurement(DIFFERENCE, (read("x", "B1"), read("z", "B2"))))
    assert other.standard_uncertainty == pytest.approx(0.1 * math.sqrt(2 / 3))
    # Each reading is rounded, and scatters, on its own.
    step = resolution(0.2, instrument="B1")
    both = Measurement(DIFFERENCE, (read("x", "B1", step), read("z", "B1", step)))
    assert propagate(both)[0].standard_uncertainty == pytest.approx(0.1 * math.sqrt(2 / 3))
    (drawn,) = simulate(both, trials=100_000)
    assert drawn.standard_uncertainty == pytest.approx(0.1 * math.sqrt(2 / 3), rel=0.02)
    with pytest.raises(Refused, match="share the instrument B1"):
        Measurement(DIFFERENCE, (read("x", "B1"), read("z", "B1")), (Correlation(("x", "z"), 0.0),))
    with pytest.raises(Refused, match="from the instrument B1 is already in"):
        read("x", "B1", zero(0.2, instrument="B1"))


def test_inputs_that_share_a_standard_correlate_by_it() -> None:
    a = Input("a", 1, (calibration(0.6, 2, standard="S1"), resolution(0.8, instrument="N")))
    b = Input("b", 2, (calibration(0.6, 2, standard="S1"),))
    measurement = sum_of(a, b)
    (correlation,) = measurement.pairs
    assert replace(measurement, coverage="k=2").pairs == (correlation,)
    assert correlation.coefficient == pytest.approx(0.3 / math.hypot(0.3, 0.4 / math.sqrt(3)))
    assert sum_of(a, Input("b", 2, (calibration(0.6, 2, standard="S2"),))).pairs == ()


def test_independence_of_inputs_that_share_a_standard_is_refused() -> None:
    a, b = normal("a", 1, 0.1, standard="S1"), normal("b", 2, 0.2, standard="S1")
    with pytest.raises(Refused, match=r"correlation\[0\].coefficient: .*share the standard S1"):
        sum_of(a, b, correlations=(Correlation(("a", "b"), 0.0),))
    stated = sum_of(a, b, correlations=(Correlation(("a", "b"), 0.4),))
    assert [c.coefficient for c in stated.pairs] == [0.4]
    assert replace(stated, coverage="k=2").pairs == stated.pairs


def test_a_fitted_line_predicts_with_its_covariance() -> None:
    """GUM H.3.4: the correction of a thermometer at 30 °C is −0.1494 °C with u = 0.0041 °C."""
    u1, u2, r = 0.0029, 0.00067, -0.930
    inputs, pairs = fitted(["y1", "y2"], [-0.1712, 0.00218], [[u1 * u1, r * u1 * u2], [r * u1 * u2, u2 * u2]])
    model = Model.from_equations([("b", "y1 + 10*y2")], ["y1", "y2"])
    (result,) = propagate(Measurement(model, inputs, pairs))
    assert result.estimate == pytest.approx(-0.1494, abs=5e-5)
    assert result.standard_uncertainty == pytest.approx(0.0041, abs=5e-5)
    assert (result.effective_dof, result.dof_method) == (math.inf, "welch-satterthwaite")
    with pytest.raises(Refused, match="as many"):
        fitted(["y1"], [1.0, 2.0], [[1.0]])


@pytest.mark.parametrize("r", [-0.930, 0.0])
def test_parameters_of_one_fit_are_one_term_with_the_residuals_dof(r: float) -> None:
    """gᵀCg of a line is s² times a number, so its ν is n − 2 exactly; Welch–Satterthwaite on its parts is not."""
    u1, u2 = 0.0029, 0.00067
    covariance = [[u1 * u1, r * u1 * u2], [r * u1 * u2, u2 * u2]]
    inputs, pairs = fitted(["y1", "y2"], [-0.1712, 0.00218], covariance, 9)
    model = Model.from_equations([("b", "y1 + 10*y2")], ["y1", "y2"])
    measurement = Measurement(model, inputs, pairs)
    (result,) = propagate(measurement)
    assert result.effective_dof == pytest.approx(9)
    assert result.dof_method == "block"
    assert result.expanded_uncertainty == pytest.approx(2.2621571628 * result.standard_uncertainty)
    (drawn,) = simulate(measurement, trials=200_000)
    half = (drawn.symmetric_interval[1] - drawn.symmetric_interval[0]) / 2
    assert half == pytest.approx(result.expanded_uncertainty, rel=0.02)
    assert drawn.standard_uncertainty == pytest.approx(result.standard_uncertainty * math.sqrt(9 / 7), rel=0.02)


def test_a_fit_beside_another_uncertainty_shares_its_term() -> None:
    inputs, pairs = fitted(["a", "b"], [1.0, 2.0], [[0.04, 0.01], [0.01, 0.09]], 5)
    model = Model.from_equations([("y", "a + b + c")], ["a", "b", "c"])
    measurement = Measurement(model, (*inputs, normal("c", 0, 0.3)), pairs)
    (result,) = propagate(measurement)
    assert result.effective_dof == pytest.approx(5 * (0.15 + 0.09) ** 2 / 0.15**2)
    tied = replace(measurement, correlations=(*pairs, Correlation(("a", "c"), 0.1)))
    assert propagate(tied)[0].dof_method == "undefined"


def three_errors() -> Measurement:
    """a + b: a common calibration of ν = 6, and a scatter of ν = 3 in each."""

    def read(symbol: str, value: float, u: float) -> Input:
        return Input(
            symbol,
            value,
            (
                Component("", Normal(0.0, 0.3), 6, source="calibration", standard="S1"),
                Component("", Normal(0.0, u), 3, source="repeatability"),
            ),
        )

    return sum_of(read("a", 1.0, 0.2), read("b", 2.0, 0.4))


def test_each_error_of_inputs_that_share_a_standard_is_one_term() -> None:
    """ν_eff = u⁴/Σ u_k⁴/ν_k with u_k = 2·0.3, 0.2 and 0.4 (GUM G.4.1)."""
    measurement = three_errors()
    variance = 0.6**2 + 0.2**2 + 0.4**2
    expected = variance**2 / (0.6**4 / 6 + 0.2**4 / 3 + 0.4**4 / 3)
    (result,) = propagate(measurement)
    assert result.effective_dof == pytest.approx(expected)
    assert result.dof_method == "welch-satterthwaite"
    told = replace(measurement, correlations=(Correlation(("a", "b"), 0.5),))
    assert propagate(told)[0].dof_method == "undefined"


def test_many_budgets_keep_the_terms_of_shared_standards() -> None:
    measurement = three_errors()
    given = measurement.structure
    many = propagate_many(measurement.model, given.values, given.uncertainties, given.inverse_dof, groups=given.groups)
    (result,) = propagate(measurement)
    assert many.effective_dof is not None
    assert many.effective_dof[0] == pytest.approx(result.effective_dof)
    assert many.standard_uncertainty[0] == pytest.approx(result.standard_uncertainty)


def test_an_audit_takes_the_same_terms() -> None:
    found = {
        "kind": "uncertainty",
        "measurand": [{"symbol": "y", "equation": "a + b"}],
        "input": [
            {
                "symbol": symbol,
                "value": 1.0,
                "components": [
                    {"distribution": "normal", "standard_uncertainty": 0.3, "standard": "S1"},
                    {"distribution": "student_t", "standard_uncertainty": 0.4, "dof": 6},
                ],
            }
            for symbol in "ab"
        ],
    }
    (one,) = run(found, AuditOptions(repetitions=20_000))["measurands"]
    claimed = gum(found)["expanded_uncertainty"]
    assert one["median_expanded_uncertainty"] == pytest.approx(claimed, rel=0.03)
    assert one["achieved_coverage"] == pytest.approx(0.95, abs=0.01)
