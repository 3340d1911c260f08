"""Units: what is refused, that the table is exact, agreement with pint, D-SI strings, conversion."""

import math
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.units import Unit, convert, convert_difference, name_unit, parse_unit, write_dsi
from chuan.metrology.units.table import DEFINITIONS, PREFIXES, SPELLINGS, Definition
from chuan.metrology.words import Refused

REGISTRY: Any = pint.UnitRegistry()

#: What pint calls the units whose D-SI name it does not know.
PINT = {
    "": "dimensionless",
    "K": "kelvin",
    "°C": "delta_degC",
    "au": "astronomical_unit",
    "°": "degree",
    "L": "litre",
    "t": "metric_ton",
    "eV": "electron_volt",
    "Da": "dalton",
    "1": "dimensionless",
    "‰": "permille",
    "ppb": "1e-9",
    "Wh": "watt_hour",
    "VA": "volt_ampere",
    "var": "volt_ampere",
    "varh": "volt_ampere * hour",
    "Ah": "ampere_hour",
    "mmHg": "mmHg",
    "Torr": "torr",
    "atm": "atm",
    "mmH2O": "9.80665 pascal",
    "kgf": "kilogram_force",
    "lbf": "pound_force",
    "psi": "psi",
    "rpm": "1 / minute",
    "nmi": "nautical_mile",
    "kn": "knot",
    "in": "inch",
    "ft": "foot",
    "lb": "pound",
    "ct": "carat",
    "tex": "gram / kilometre",
    "dpt": "1 / metre",
    "′": "arcminute",
    "″": "arcsecond",
    "Gal": "galileo",
    "P": "poise",
    "St": "stokes",
    "G": "1e-4 tesla",
    "gon": "grade",
}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("furlong", "furlong"),
        ("Mm Hg x", "x"),
        ("J/kg·K", "two ways"),
        ("m/s/s", "two ways"),
        ("kg/m s", "two ways"),
        ("m//s", "cannot be read"),
        ("m/", "cannot be read"),
        ("/m", "cannot be read"),
        ("·m", "cannot be read"),
        ("kg/(m·s", "cannot be read"),
        ("kg/m)", "cannot be read"),
        ("(m)", "cannot be read"),
        ("m^21", "cannot be read"),
        ("m^-", "cannot be read"),
        ("m^x", "cannot be read"),
        ("m**2", "cannot be read"),
        ("0", "cannot be read"),
        ("0 m", "cannot be read"),
        ("-1 m", "cannot be read"),
        ("kmin", "not in the table"),
        ("mha", "not in the table"),
        ("kkg", "not in the table"),
        ("__import__", "cannot be read"),
        ("m\u200b", "cannot be read"),
        ("m" * 101, "101 characters, allowed 100"),
        (r"\metre\per\second\per\second", "not in the table"),
        (r"\per\second", "not in the table"),
        (r"\metre\per", "cannot be read"),
        (r"\milli\milli\metre", "not in the table"),
        (r"\milli\kilogram", "not in the table"),
        (r"\kilo", "cannot be read"),
        (r"\tothe{2}", "not in the table"),
        (r"\metre\tothe{2}\tothe{3}", "not in the table"),
        (r"\metre{2}", "not in the table"),
        (r"\input{x}", "not in the table"),
        (r"\metre + \second", "cannot be read"),
    ],
)
def test_a_unit_that_cannot_be_read_in_one_way_is_refused(text: str, part: str) -> None:
    with pytest.raises(Refused, match=part) as refused:
        parse_unit(text)
    assert "\n" not in refused.value.say("vi")


def test_units_of_other_dimensions_are_not_converted() -> None:
    with pytest.raises(Refused, match="units mm and s differ in dimension"):
        convert(1.0, parse_unit("mm"), parse_unit("s"))


def test_nepers_and_bels_are_the_si_brochures_levels() -> None:
    """SI Brochure, 9th edition, table 8: 1 B = 10 dB, 1 dB = (ln 10)/20 Np."""
    neper, bel, decibel = map(parse_unit, ("Np", "B", "dB"))
    assert convert(1.0, neper, decibel) == pytest.approx(20 / math.log(10), rel=1e-15)
    assert convert(1.0, decibel, neper) == pytest.approx(math.log(10) / 20, rel=1e-15)
    assert convert(Fraction(3), bel, decibel) == 30
    assert parse_unit(r"\neper") == neper != parse_unit("1")
    with pytest.raises(Refused, match="no exact result"):
        convert(Fraction(1), neper, decibel)
    assert not neper.is_rational
    with pytest.raises(Refused, match="differ in dimension"):
        convert(1.0, neper, parse_unit("1"))


def test_ph_is_a_scale_and_no_picohenry() -> None:
    assert parse_unit("pH") != parse_unit(r"\pico\henry")
    with pytest.raises(Refused, match="differ in dimension"):
        convert(1.0, parse_unit("pH"), parse_unit("1"))
    assert parse_unit("mV/pH").power(-1) == parse_unit("pH/mV")
    assert parse_unit("nH").factor == Fraction(1, 10**9)


@pytest.mark.parametrize(("text", "same"), [("m^2.5", "m^(5/2)"), ("m^-0.5", "m^(-1/2)"), ("V/Hz^0.5", "V/Hz^(1/2)")])
def test_a_decimal_exponent_is_read_as_one(text: str, same: str) -> None:
    assert parse_unit(text) == parse_unit(same)


@pytest.mark.parametrize("text", ["m2.5", "m².5", "10^2.5", "m^2.555", "kg m2.5", "m^2.5.2"])
def test_a_point_between_digits_is_no_product(text: str) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        parse_unit(text)
    assert parse_unit("kg.m2.s-2") == parse_unit("J")


def test_levels_are_not_numbers() -> None:
    with pytest.raises(Refused, match="differ in dimension"):
        convert(1.0, parse_unit("dB"), parse_unit("1"))


def test_an_exact_result_is_not_made_up_where_there_is_a_factor_pi() -> None:
    degree, radian = parse_unit("°"), parse_unit("rad")
    assert not degree.is_rational
    with pytest.raises(Refused, match="no exact result"):
        convert(Decimal("180"), degree, radian)
    assert convert(180.0, degree, radian) == math.pi
    assert convert(Fraction(1), degree, parse_unit("″")) == 3600


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_only_finite_values_are_converted(value: float) -> None:
    with pytest.raises(Refused, match="no finite value"):
        convert(value, parse_unit("mm"), parse_unit("m"))


def test_a_result_beyond_a_double_is_refused() -> None:
    with pytest.raises(Refused, match="no finite value"):
        convert(1e300, parse_unit("Qm"), parse_unit("qm"))


def test_a_root_without_exact_size_is_refused() -> None:
    assert parse_unit("mm2").power(Fraction(1, 2)) == parse_unit("mm")
    assert parse_unit("V²/Hz").power(Fraction(1, 2)) == parse_unit("V/Hz^(1/2)")
    with pytest.raises(Refused, match="power 1/2 of the unit mm has no exact size"):
        parse_unit("mm").power(Fraction(1, 2))


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.symbol)
def test_the_table_agrees_with_pint(definition: Definition) -> None:
    symbol, dsi = definition.symbol, definition.dsi
    unit = parse_unit(symbol)
    if definition.dimension in ("dB", "pH"):
        # Levels are no numbers here.
        return
    theirs = REGISTRY(PINT.get(symbol, dsi))
    theirs = theirs if hasattr(theirs, "to_base_units") else REGISTRY.Quantity(theirs)
    base = theirs.to_base_units()
    assert float(unit.factor) * math.pi**unit.pi == pytest.approx(base.magnitude, rel=1e-8 if symbol == "Da" else 1e-12)
    names = dict(
        zip(("metre", "kilogram", "second", "ampere", "kelvin", "mole", "candela"), unit.dimension, strict=False)
    )
    numbers = {"radian", "steradian", "count"}
    assert {name: float(power) for name, power in names.items() if power} == {
        {"meter": "metre"}.get(name, name): float(power) for name, power in base.unit_items() if name not in numbers
    }


@pytest.mark.parametrize("symbol", PREFIXES)
def test_prefixes_are_powers_of_ten_in_both_forms(symbol: str) -> None:
    name, power = PREFIXES[symbol]
    assert parse_unit(f"{symbol}m").factor == Fraction(10) ** power
    assert parse_unit(f"\\{name}\\metre") == parse_unit(f"{symbol}m")
    assert float(Fraction(10) ** power) == pytest.approx(
        REGISTRY(f"{name if name != 'deca' else 'deka'}meter").to("m").m
    )


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("kg/m3", "kg·m⁻³"),
        ("kg/m3", "kg m^-3"),
        ("kg/m3", "g/L"),
        ("m·s⁻¹", "m/s"),
        ("m.s-1", "m/s"),
        ("W/(m2·K)", "W·m-2·K-1"),
        ("µm/(m·°C)", "10⁻⁶/K"),
        ("µm/(m·°C)", "1e-6/°C"),
        ("µm", "μm"),
        ("µm", "um"),
        ("kΩ", "kohm"),
        ("Ω", "\u2126"),
        ("°C", "℃"),
        ("°C", "ºC"),
        ("°C", "oC"),
        ("°C", "degC"),
        ("L/min", "l/phút"),
        ("m³/h", "m3/giờ"),
        ("rpm", "vòng/phút"),
        ("mmHg", "mm Hg"),
        ("kgf/cm²", "98066.5 Pa"),
        ("N/mm2", "MPa"),
        ("kWh", "3600000 J"),
        ("g/cm³", "kg/L"),
        ("mL", "cm³"),
        ("%", "0.01"),
        ("", "1"),
        ("m/m", "1"),
        ("m°C", "\\milli\\degreecelsius"),
        (r"\metre\second\tothe{-1}", "m/s"),
        (r"\kilo\metre\per\hour", "km/h"),
        (r"\kilogram\metre\tothe{-3}", "kg/m3"),
        (r"\micro\metre\per\metre\kelvin", "µm/(m·K)"),
        (r"\volt\hertz\tothe{-0.5}", "V/Hz^(1/2)"),
        (r"\percent", "%"),
        (r"\one", "1"),
        (r"\degreecelsius", "°C"),
        (r"\milli\bar", "hPa"),
    ],
)
def test_one_unit_has_many_spellings(text: str, same: str) -> None:
    assert parse_unit(text) == parse_unit(same)
    assert parse_unit(text).text == (text or "1")


def test_every_spelling_names_a_unit_of_the_table() -> None:
    for spelling in SPELLINGS:
        assert isinstance(parse_unit(spelling), Unit)


def test_a_whole_symbol_comes_before_a_prefixed_one() -> None:
    assert parse_unit("min") == parse_unit("60 s")
    assert parse_unit("cd").dimension != parse_unit("d").dimension
    assert parse_unit("Pa") == parse_unit("N/m2")
    assert parse_unit("ha") == parse_unit("10000 m2")
    assert parse_unit("mmol") == parse_unit("0.001 mol")


def test_conversion_is_exact_where_it_is_exact() -> None:
    inch, millimetre = parse_unit("in"), parse_unit("mm")
    assert convert(Fraction(1, 3), inch, millimetre) == Fraction(127, 15)
    assert convert(Decimal("0.1"), millimetre, inch) == Fraction(1, 254)
    assert convert(Decimal("760"), parse_unit("Torr"), parse_unit("Pa")) == 101325
    assert convert(0.1, parse_unit("kg"), parse_unit("g")) == 100.0
    assert convert(1.1, parse_unit("m"), parse_unit("mm")) == 1100.0


def test_a_float_becomes_the_double_nearest_to_the_exact_result() -> None:
    """0.3 is not 3/10: the exact product is rounded once, not the double of the factor multiplied."""
    for value in (0.3, 1.7, 1e-7, 123456.789):
        exact = Fraction(value) * Fraction("4.4482216152605") / Fraction("0.00064516")
        assert convert(value, parse_unit("psi"), parse_unit("Pa")) == float(exact)


def test_a_reading_in_celsius_is_shifted_and_a_difference_is_not() -> None:
    celsius, kelvin, millikelvin = parse_unit("°C"), parse_unit("K"), parse_unit("mK")
    assert convert(20.0, celsius, kelvin) == 293.15
    assert convert(Decimal("-273.15"), celsius, kelvin) == 0
    assert convert(300.0, kelvin, celsius) == 26.85
    assert convert_difference(20.0, celsius, kelvin) == 20.0
    assert convert_difference(0.05, celsius, millikelvin) == 50.0
    assert parse_unit("1/°C").offset == parse_unit("°C/m").offset == parse_unit("°C²").offset == 0


@settings(max_examples=200)
@given(st.floats(-1e9, 1e9), st.sampled_from(["mm", "in", "µm", "km", "ft", "nmi"]), st.sampled_from(["m", "ft", "nm"]))
def test_there_and_back_again(value: float, one: str, other: str) -> None:
    there = convert(Fraction(value), parse_unit(one), parse_unit(other))
    assert convert(there, parse_unit(other), parse_unit(one)) == Fraction(value)
    assert float(there) == pytest.approx(
        REGISTRY.Quantity(value, PINT.get(one, one)).to(PINT.get(other, other)).m, rel=1e-12
    )


def test_units_are_written_as_d_si() -> None:
    for text, dsi in (
        ("kg/m3", r"\kilogram\metre\tothe{-3}"),
        ("µm/(m·°C)", r"\micro\metre\metre\tothe{-1}\degreecelsius\tothe{-1}"),
        ("mbar", r"\milli\bar"),
        ("V/Hz^(1/2)", r"\volt\hertz\tothe{-0.5}"),
        ("", r"\one"),
        ("%", r"\percent"),
    ):
        assert write_dsi(text) == dsi
        assert parse_unit(dsi) == parse_unit(text)
    for text in ("psi", "10⁻⁶/K", "rpm"):
        with pytest.raises(Refused, match="D-SI"):
            write_dsi(text)


def test_a_computed_unit_is_named_by_a_symbol_of_its_size() -> None:
    assert name_unit(parse_unit("V") / parse_unit("mA")) == "kΩ"
    assert name_unit(parse_unit("nm") * parse_unit("1/°C") * parse_unit("°C")) == "nm"
    assert name_unit(parse_unit("m") * parse_unit("kg")) == "m·kg"
    assert name_unit(parse_unit("m") * parse_unit("%")) == "cm"
    assert name_unit(parse_unit("g") * parse_unit("ppm")) == "µg"
    assert name_unit(parse_unit("m") / parse_unit("m")) == "1"
    assert name_unit(parse_unit("kJ") / parse_unit("J")) == "1000"
    assert name_unit(parse_unit("g") / parse_unit("kg")) == "‰"
    assert name_unit(parse_unit("kg") * parse_unit("%")) == "0.01·kg"


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=30), st.text("mkgsµ°C/·()^-²³⁻1.0 e\\{}", max_size=30)))
def test_any_text_is_a_unit_or_refused(text: str) -> None:
    try:
        unit = parse_unit(text)
    except Refused as refused:
        assert refused.say("vi").isprintable()  # noqa: PT017 - most texts are refused, and some are units
        return
    assert unit.text.isprintable()
    assert unit.factor > 0
    assert name_unit(unit * unit)
    assert parse_unit(text) == unit


@pytest.mark.parametrize(
    "text", ["Qm^20·Qg^20", "1e99 1e99 1e99 1e99 m", "9" * 90, "9^99", "qm^20", "(" * 90, "m·" * 45 + "m"]
)
def test_large_numbers_in_units_cost_nothing(text: str) -> None:
    with suppress(Refused):
        assert str(parse_unit(text) * parse_unit(text))
