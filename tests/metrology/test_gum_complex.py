"""Complex quantities: what is refused, H.2 in complex form, ports, and agreement with GTC."""

import cmath
import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.gum.complex_quantities import (
    ComplexQuantity,
    TwoPort,
    cascade,
    complex_quantity,
    corrected_reflection,
    exp,
    log,
    quantity,
    real_quantity,
    region_factor,
    simultaneous_quantities,
    sqrt,
)
from chuan.metrology.words import Refused
from tests.metrology.measurements import H2

PLAIN = ((0.01, 0.0), (0.0, 0.01))


def cells(z: ComplexQuantity) -> list[float]:
    """The covariance of (Re, Im) in one row."""
    return [cell for row in z.covariance for cell in row]


@pytest.mark.parametrize(
    "make",
    [
        lambda: complex_quantity(1, ((0.01, 0.02), (0.02, 0.01))),
        lambda: complex_quantity(1, ((-0.01, 0.0), (0.0, 0.01))),
        lambda: complex_quantity(1, ((0.01, 0.001), (0.002, 0.01))),
        lambda: real_quantity(1, -0.1),
        lambda: quantity(complex(math.nan, 0)),
        lambda: quantity(1) / quantity(0),
        lambda: quantity(0).magnitude,
        lambda: quantity(0).phase,
        lambda: sqrt(quantity(0)),
        lambda: log(quantity(0)),
        lambda: exp(quantity(1000)),
        lambda: region_factor(0.95, 1),
    ],
)
def test_what_has_no_value_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(Refused):
        make()


def test_impedance_of_h2_in_complex_form() -> None:
    """GUM H.2: Z = V/I·e^{jφ}: R 127.732 (0.071), X 219.847 (0.295), r(R, X) −0.588; |Z| 254.260 (0.236)."""
    v, i, phi = simultaneous_quantities(H2)
    z = v / i * exp(1j * phi)
    assert z.value.real == pytest.approx(127.732, abs=5e-4)
    assert z.value.imag == pytest.approx(219.847, abs=5e-4)
    u_r, u_x = z.standard_uncertainties
    assert u_r == pytest.approx(0.071, abs=5e-4)
    assert u_x == pytest.approx(0.29558, abs=5e-6)
    assert z.covariance[0][1] / u_r / u_x == pytest.approx(-0.588, abs=5e-4)
    assert z.effective_dof == pytest.approx(4)
    size = z.magnitude
    assert size.value.real == pytest.approx(254.260, abs=5e-4)
    assert size.standard_uncertainties[0] == pytest.approx(0.236, abs=5e-4)
    together = size.covariance_with(z)
    assert together[0][0] / size.standard_uncertainties[0] / u_r == pytest.approx(-0.485, abs=5e-4)
    assert together[0][1] / size.standard_uncertainties[0] / u_x == pytest.approx(0.993, abs=5e-4)


def test_polar_and_rectangular_forms_agree() -> None:
    z = complex_quantity(3 + 4j, ((0.04, 0.01), (0.01, 0.09)))
    back = z.magnitude * exp(1j * z.phase)
    assert back.value == pytest.approx(z.value)
    assert cells(back) == pytest.approx([0.04, 0.01, 0.01, 0.09])
    assert cells(z.real + 1j * z.imag) == pytest.approx(cells(z))
    assert (z * z.conjugate()).standard_uncertainties[1] == pytest.approx(0, abs=1e-15)


def test_what_is_taken_away_from_itself_leaves_nothing() -> None:
    z = complex_quantity(3 + 4j, PLAIN)
    assert max((z - z).standard_uncertainties) == 0
    assert (z / z).standard_uncertainties == pytest.approx((0, 0), abs=1e-15)
    other = complex_quantity(3 + 4j, PLAIN)
    assert (z - other).standard_uncertainties == pytest.approx((math.sqrt(0.02), math.sqrt(0.02)))


def test_inverse_functions_give_back_covariance() -> None:
    z = complex_quantity(0.3 - 0.4j, ((0.04, 0.01), (0.01, 0.09)))
    for back in (log(exp(z)), sqrt(z) * sqrt(z), 1 / (1 / z), 0 - (-z), 2 - (2 - z)):
        assert back.value == pytest.approx(z.value)
        assert cells(back) == pytest.approx([0.04, 0.01, 0.01, 0.09])


def test_a_reflection_is_found_again_from_what_the_port_reads() -> None:
    gamma, d, r, m = 0.3 + 0.2j, 0.01 - 0.02j, 0.95 + 0.05j, 0.03j
    reads = d + r * gamma / (1 - m * gamma)
    found = corrected_reflection(quantity(reads), *(complex_quantity(t, PLAIN) for t in (d, r, m)))
    assert found.value == pytest.approx(gamma)
    # dΓ/dD = −(1 − MΓ)²/R, dΓ/dR = −Γ(1 − MΓ)/R, dΓ/dM = −Γ².
    wanted = abs((1 - m * gamma) ** 2 / r) ** 2 + abs(gamma * (1 - m * gamma) / r) ** 2 + abs(gamma) ** 4
    assert found.covariance[0][0] == pytest.approx(0.01 * wanted)
    assert found.covariance[1][1] == pytest.approx(0.01 * wanted)


def test_a_cascade_with_a_through_line_changes_nothing() -> None:
    def port(s11: complex, s12: complex, s21: complex, s22: complex) -> TwoPort:
        made = [complex_quantity(s, PLAIN) if s else quantity(s) for s in (s11, s12, s21, s22)]
        return ((made[0], made[1]), (made[2], made[3]))

    device = port(0.1 + 0.1j, 0.7j, 0.7j, 0.2)
    through = ((quantity(0), quantity(1)), (quantity(1), quantity(0)))
    for result in (cascade(device, through), cascade(through, device)):
        for row, wanted in zip(result, device, strict=True):
            for found, original in zip(row, wanted, strict=True):
                assert found.value == pytest.approx(original.value)
                assert cells(found) == pytest.approx(cells(original))
    (_, _), (s21, _) = cascade(device, device)
    # Both are the same device: S21 = S21²/(1 − S22·S11).
    assert s21.value == pytest.approx((0.7j) ** 2 / (1 - 0.2 * (0.1 + 0.1j)))


def test_the_region_factor_of_a_gaussian_is_chi_squared() -> None:
    assert region_factor(0.95, math.inf) == pytest.approx(2.4477, abs=5e-5)
    assert region_factor(0.95, 1e7) == pytest.approx(region_factor(0.95, math.inf), rel=1e-6)
    assert region_factor(0.95, 4) > region_factor(0.95, 10) > region_factor(0.95, math.inf)


#: GTC takes the parts of a complex number without correlation as two causes, not as one set of observations.
correlations = st.floats(-0.99, 0.99).filter(lambda r: abs(r) > 0.01)
values = st.complex_numbers(min_magnitude=0.1, max_magnitude=10)
spreads = st.tuples(st.floats(0.01, 1), st.floats(0.01, 1), correlations, st.floats(2, 50))


@given(st.lists(st.tuples(values, spreads), min_size=3, max_size=3))
@settings(max_examples=40)
def test_gtc_agrees(parts: list[tuple[complex, tuple[float, float, float, float]]]) -> None:
    gtc = pytest.importorskip("GTC")
    ours: list[ComplexQuantity] = []
    theirs = []
    for value, (a, b, r, dof) in parts:
        covariance = ((a * a, r * a * b), (r * a * b, b * b))
        ours.append(complex_quantity(value, covariance, dof))
        theirs.append(gtc.ucomplex(value, (a * a, r * a * b, r * a * b, b * b), dof))
    (x, y, z), (p, q, s) = ours, theirs
    one, other = x * y / z + exp(y / 20) - sqrt(z), p * q / s + gtc.exp(q / 20) - gtc.sqrt(s)
    assert one.value == pytest.approx(gtc.value(other), rel=1e-12, abs=1e-12)
    scale = max(map(abs, cells(one)))
    wanted = gtc.variance(other)
    assert cells(one) == pytest.approx([wanted.rr, wanted.ri, wanted.ir, wanted.ii], rel=1e-9, abs=1e-12 * scale)
    assert one.effective_dof == pytest.approx(gtc.dof(other), rel=1e-6)
    assert cmath.isfinite(one.value)
