"""Whether the units of a model fit: what is refused, with both units named, and what is not."""

import pytest

from chuan.metrology.model import Model
from chuan.metrology.units import parse_unit
from chuan.metrology.words import Refused

H1 = "l_s + d - l_s*(dalpha*theta + alpha_s*dtheta)"
H1_UNITS = {"l_s": "nm", "d": "nm", "dalpha": "1/°C", "theta": "°C", "alpha_s": "1/°C", "dtheta": "°C"}
Units = dict[str, str | None]


def checked(text: str, unit: str | None, **units: str | None) -> bool:
    """Whether the units of `y = text` were checked."""
    return checked_all([("result", text)], {"result": unit}, units)[0]


def checked_all(equations: list[tuple[str, str]], measurands: Units, units: Units) -> tuple[bool, ...]:
    model = Model.from_equations(equations, list(units))
    return model.check_units(
        *({k: v if v is None else parse_unit(v) for k, v in m.items()} for m in (units, measurands))
    )


@pytest.mark.parametrize(
    ("text", "unit", "units", "place", "said"),
    [
        (
            "a + b",
            "mm",
            {"a": "mm", "b": "m"},
            "equation:1",
            "mm and m have one dimension but differ in size (ratio 0.001)",
        ),
        ("a - b", "V", {"a": "V", "b": "A"}, "equation:1", "V and A differ in dimension"),
        ("2*(a + b/c)", "V", {"a": "V", "b": "V", "c": "A"}, "equation:4", "V and Ω differ in dimension"),
        ("hypot(a, b)", "mm", {"a": "mm", "b": "µm"}, "equation:1", "mm and µm"),
        ("a/b", "Ω", {"a": "V", "b": "mA"}, "unit", "the equation gives kΩ, not Ω"),
        ("a*b", "W", {"a": "V", "b": "V"}, "unit", "differ in dimension"),
        ("a", "mm", {"a": "nm"}, "unit", "nm and mm have one dimension but differ in size (ratio 1e-06)"),
        ("exp(a)", "1", {"a": "V"}, "equation:1", "exp needs a pure number, found the unit V"),
        ("ln(a/b)", "1", {"a": "mm", "b": "m"}, "equation:1", "ln needs a pure number"),
        ("sin(a)", "1", {"a": "°"}, "equation:1", "sin needs a pure number, found the unit °"),
        ("sin(a*pi/90)", "1", {"a": "°"}, "equation:1", "sin needs a pure number"),
        ("1 + p", "1", {"p": "%"}, "equation:1", "needs a pure number, found the unit %"),
        ("1 + a*t", "1", {"a": "µm/(m·K)", "t": "K"}, "equation:1", "needs a pure number"),
        ("a^b", "m", {"a": "m", "b": "1"}, "equation:1", "^ needs a pure number, found the unit m"),
        ("2^b", "1", {"b": "s"}, "equation:1", "^ needs a pure number, found the unit s"),
        ("a^0.123", "m", {"a": "m"}, "equation:1", "needs a pure number"),
        ("sqrt(a/g)", "s", {"a": "mm", "g": "m/s2"}, "equation:1", "no exact size"),
        ("t + 1", "K", {"t": "°C"}, "unit", "differ in their zero"),
        ("T - t", "K", {"T": "K", "t": "°C"}, "equation:1", "differ in their zero"),
        ("T", "°C", {"T": "K"}, "unit", "differ in their zero"),
        ("L + n", "dB", {"L": "dB", "n": "1"}, "equation:1", "dB and 1 differ in dimension"),
        ("2^L", "1", {"L": "dB"}, "equation:1", "needs a pure number"),
        ("10*log10(p/q)", "B", {"p": "W", "q": "W"}, "unit", "differ in dimension"),
        ("log10(p/q)", "Np", {"p": "W", "q": "W"}, "unit", "differ in dimension"),
        ("ln(p/q)", "dB", {"p": "W", "q": "W"}, "unit", "differ in dimension"),
        ("L + n", "Np", {"L": "Np", "n": "1"}, "equation:1", "Np and 1 differ in dimension"),
        ("sin(L)", "1", {"L": "Np"}, "equation:1", "needs a pure number"),
        ("L + M", "dB", {"L": "Np", "M": "dB"}, "equation:1", "differ in size"),
        ("p + n", "pH", {"p": "pH", "n": "1"}, "equation:1", "pH and 1 differ in dimension"),
        ("p*2", "1", {"p": "pH"}, "unit", "differ in dimension"),
    ],
)
def test_units_that_do_not_fit_are_refused_by_name(
    text: str, unit: str, units: dict[str, str], place: str, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        checked(text, unit, **units)
    assert refused.value.place == f"measurand[0].{place}"
    assert said in refused.value.say("en")
    assert refused.value.say("vi") != refused.value.say("en")


def test_gum_h1_fits_in_nanometres_and_in_nothing_else() -> None:
    assert checked(H1, "nm", **H1_UNITS)
    for symbol, wrong in (("d", "µm"), ("dalpha", "µm/(m·K)"), ("dtheta", "mK"), ("theta", "1"), ("l_s", "mm")):
        with pytest.raises(Refused):
            checked(H1, "nm", **{**H1_UNITS, symbol: wrong})


@pytest.mark.parametrize(
    ("text", "unit", "units"),
    [
        ("V/I*cos(phi)", "Ω", {"V": "V", "I": "A", "phi": "rad"}),
        ("U^2/R", "W", {"U": "V", "R": "Ω"}),
        ("m/V", "g/cm3", {"m": "g", "V": "mL"}),
        ("F/A", "MPa", {"F": "N", "A": "mm2"}),
        ("2*pi*sqrt(l/g)", "s", {"l": "m", "g": "m/s2"}),
        ("sqrt(a^2 + b^2)", "mm", {"a": "mm", "b": "mm"}),
        (
            "(m + dm)*(1 + (ra - 1.2)*(1/rw - 1/rr)) - 100000",
            "mg",
            dict.fromkeys(("m", "dm"), "mg") | dict.fromkeys(("ra", "rw", "rr"), "kg/m3"),
        ),
        ("(l1 - l0)/(l0*(t1 - t0))", "1/K", {"l1": "mm", "l0": "mm", "t1": "K", "t0": "K"}),
        ("(R/R0 - 1)/a", "°C", {"R": "Ω", "R0": "Ω", "a": "1/°C"}),
        ("q*t", "L", {"q": "L/min", "t": "min"}),
        ("abs(-a)*n", "kg", {"a": "kg", "n": "1"}),
        ("3.5", "kg", {}),
        ("a", None, {"a": "kg"}),
        ("p*c", "mm", {"p": "m", "c": "mm/m"}),
    ],
)
def test_units_that_follow_from_the_inputs_are_accepted(text: str, unit: str | None, units: dict[str, str]) -> None:
    assert checked(text, unit, **units)


@pytest.mark.parametrize(
    ("text", "unit", "units"),
    [
        ("1000*L + d", "mm", {"L": "m", "d": "mm"}),
        ("d + L*1000", "mm", {"L": "m", "d": "mm"}),
        ("L/1000", "km", {"L": "m"}),
        ("V/I*1000", "Ω", {"V": "V", "I": "mA"}),
        ("sin(phi*pi/180)", "1", {"phi": "°"}),
        ("1 + p/100", "1", {"p": "%"}),
        ("exp(-1e-6*x)", "1", {"x": "ppm"}),
        ("10*log10(p/q)", "dB", {"p": "W", "q": "W"}),
        ("20*log10(p/q) + L", "dB", {"p": "Pa", "q": "Pa", "L": "dB"}),
        ("q*10^(L/20)", "Pa", {"q": "Pa", "L": "dB"}),
        ("log10(p/q)", "B", {"p": "W", "q": "W"}),
        ("q*10^L", "W", {"q": "W", "L": "B"}),
        ("ln(p/q)", "Np", {"p": "V", "q": "V"}),
        ("0.5*ln(p/q) + L", "Np", {"p": "W", "q": "W", "L": "Np"}),
        ("q*exp(2*L)", "W", {"q": "W", "L": "Np"}),
        ("10*L + M", "dB", {"L": "B", "M": "dB"}),
        ("-log10(a)", "pH", {"a": "1"}),
        ("10^(-p)", "1", {"p": "pH"}),
        ("p - E/s", "pH", {"p": "pH", "E": "mV", "s": "mV/pH"}),
    ],
)
def test_a_bare_factor_that_is_just_the_ratio_of_two_units_converts(
    text: str, unit: str, units: dict[str, str]
) -> None:
    assert checked(text, unit, **units)


@pytest.mark.parametrize(
    ("text", "unit", "units"),
    [
        ("t + 273.15", "K", {"t": "°C"}),
        ("T - 273.15", "°C", {"T": "K"}),
        ("t + c", "°C", {"t": "°C", "c": "K"}),
        ("t + c", "°C", {"t": "°C", "c": "°C"}),
        ("t1 - t2", "K", {"t1": "°C", "t2": "°C"}),
        ("t1 - t2", "°C", {"t1": "°C", "t2": "°C"}),
        ("(t1 + t2)/2", "°C", {"t1": "°C", "t2": "°C"}),
        ("L*a*(t - 20)", "mm", {"L": "mm", "a": "1/K", "t": "°C"}),
        ("(t1 - t2)*s", "mV", {"t1": "°C", "t2": "°C", "s": "mV/K"}),
    ],
)
def test_celsius_and_kelvin_are_of_one_size_and_two_zeros(text: str, unit: str, units: dict[str, str]) -> None:
    assert checked(text, unit, **units)


GAS = {"n": "mol", "R": "J/(mol·K)", "p": "Pa"}


@pytest.mark.parametrize(
    ("text", "unit", "units", "place"),
    [
        ("n*R*T/p", "m3", {**GAS, "T": "°C"}, "equation:1"),
        ("n*T/p*R", "m3", {**GAS, "T": "°C"}, "equation:1"),
        ("n*R*(T/p)", "m3", {**GAS, "T": "°C"}, "equation:1"),
        ("p*V/(R*T)", "mol", {**GAS, "V": "m3", "T": "°C"}, "equation:6"),
        ("V*T/T0", "m3", {"V": "m3", "T": "°C", "T0": "°C"}, "equation:1"),
        ("V*T/T0", "m3", {"V": "m3", "T": "°C", "T0": "K"}, "equation:1"),
        ("exp(B*(1/T - 1/T0))", "1", {"B": "K", "T": "°C", "T0": "K"}, "equation:5"),
        ("s*T^4", "W/m2", {"s": "W/(m2·K4)", "T": "°C"}, "equation:1"),
        ("s*T*T*T*T", "W/m2", {"s": "W/(m2·K4)", "T": "°C"}, "equation:1"),
        ("L*a*theta", "mm", {"L": "mm", "a": "1/K", "theta": "°C"}, "equation:1"),
        ("L*(a*(theta*k))", "mm", {"L": "mm", "a": "1/K", "theta": "°C", "k": "1"}, "equation:4"),
        ("k*T", "J", {"k": "J/K", "T": "°C"}, "equation:1"),
        ("m*T", "kg·K", {"m": "kg", "T": "°C"}, "unit"),
    ],
)
def test_a_reading_in_celsius_is_not_multiplied_with_kelvins(
    text: str, unit: str, units: dict[str, str], place: str
) -> None:
    with pytest.raises(Refused, match=r"a reading in °C .* write \(t \+ 273.15\)") as refused:
        checked(text, unit, **units)
    assert refused.value.place == f"measurand[0].{place}"
    assert "hãy viết (t + 273.15)" in refused.value.say("vi")


@pytest.mark.parametrize(
    ("text", "unit", "units"),
    [
        ("n*R*(T + 273.15)/p", "m3", {**GAS, "T": "°C"}),
        ("n*R*T/p", "m3", {**GAS, "T": "K"}),
        ("V*(T + 273.15)/(T0 + 273.15)", "m3", {"V": "m3", "T": "°C", "T0": "°C"}),
        ("R0*(1 + A*t + B*t^2)", "Ω", {"R0": "Ω", "A": "1/°C", "B": "1/°C²", "t": "°C"}),
        ("R0*(1 + A*t + B*t*t)", "Ω", {"R0": "Ω", "A": "1/°C", "B": "1/°C²", "t": "°C"}),
        ("R0*A*t", "Ω", {"R0": "Ω", "A": r"\degreecelsius\tothe{-1}", "t": "°C"}),
        ("t*(1 + e)", "°C", {"t": "°C", "e": "1"}),
        ("(t + a)^2*(t + b)/(c*(t + d))/(t + a)^2*c", "1", dict.fromkeys("tabd", "K") | {"c": "K/K"}),
        ("100*(t - s)/s", "%", {"t": "°C", "s": "°C"}),
        ("L*a*(theta - 20)", "mm", {"L": "mm", "a": "1/K", "theta": "°C"}),
        ("m*T", "kg·°C", {"m": "kg", "T": "°C"}),
    ],
)
def test_a_reading_in_celsius_is_multiplied_with_what_is_given_per_celsius(
    text: str, unit: str, units: dict[str, str]
) -> None:
    assert checked(text, unit, **units)


def test_nothing_is_checked_where_an_input_has_no_unit() -> None:
    assert not checked("a + b*c", "V", a="V", b=None, c="A")
    assert not checked("(a + b)*c", "V", a="V", b="A", c=None)
    assert checked_all([("P", "V*I"), ("E", "P*t")], {"P": "W", "E": None}, {"V": "V", "I": "A", "t": None}) == (
        True,
        False,
    )
    with pytest.raises(Refused, match=r"measurand\[0\]\.unit"):
        checked_all([("P", "V*I"), ("E", "P*t")], {"P": "V", "E": None}, {"V": "V", "I": "A", "t": None})


def test_units_are_found_by_any_spelling_of_a_symbol() -> None:
    model = Model.from_equations([("Δ", "alpha*x")], ["alpha", "x"])
    metre, kelvin = parse_unit("m"), parse_unit("K")
    assert model.check_units({"α": metre / kelvin, "x": kelvin}, {"Delta": metre}) == (True,)


def test_a_later_measurand_has_the_unit_that_follows_from_the_earlier() -> None:
    equations = [("rho", "m/V"), ("F", "rho*V*g")]
    assert checked_all(equations, {"rho": "kg/m3", "F": "N"}, {"m": "kg", "V": "m3", "g": "m/s2"}) == (True, True)
    with pytest.raises(Refused, match=r"measurand\[1\]\.unit"):
        checked_all(equations, {"rho": "kg/m3", "F": "J"}, {"m": "kg", "V": "m3", "g": "m/s2"})
