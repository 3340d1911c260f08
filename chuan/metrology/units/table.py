"""Units as exact data: symbol, D-SI name, size in coherent SI units, dimension, whether it takes prefixes.

SI Brochure, 9th edition, tables 2, 4, 7 and 8; units outside the SI that instruments in Việt Nam are marked in
(Decree 86/2012/NĐ-CP keeps the list of lawful ones; being listed here does not make a unit lawful on a document).
The factor is a quotient of decimal numbers; `pi` says that it is to be multiplied by π, `ln10` by a power of ln 10.
Nothing here is rounded except where the unit itself is a measured one (Da, eV is exact since 2019).
"""

from fractions import Fraction
from typing import NamedTuple

#: The seven base units, then the level of a logarithmic quantity and pH, which no factor turns into a number.
BASES = ("m", "kg", "s", "A", "K", "mol", "cd", "dB", "pH")


class Definition(NamedTuple):
    """One unit; `dimension` as "kg m-1 s-2"."""

    symbol: str
    dsi: str
    factor: str
    dimension: str
    prefixes: bool = True
    pi: bool = False
    offset: str = "0"
    #: The exponent of a factor ln 10.
    ln10: int = 0


def fraction(text: str) -> Fraction:
    """An exact number from "a/b" with decimal a and b."""
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or 1)


PREFIXES: dict[str, tuple[str, int]] = {
    "q": ("quecto", -30),
    "r": ("ronto", -27),
    "y": ("yocto", -24),
    "z": ("zepto", -21),
    "a": ("atto", -18),
    "f": ("femto", -15),
    "p": ("pico", -12),
    "n": ("nano", -9),
    "µ": ("micro", -6),
    "m": ("milli", -3),
    "c": ("centi", -2),
    "d": ("deci", -1),
    "da": ("deca", 1),
    "h": ("hecto", 2),
    "k": ("kilo", 3),
    "M": ("mega", 6),
    "G": ("giga", 9),
    "T": ("tera", 12),
    "P": ("peta", 15),
    "E": ("exa", 18),
    "Z": ("zetta", 21),
    "Y": ("yotta", 24),
    "R": ("ronna", 27),
    "Q": ("quetta", 30),
}

_ENERGY = "kg m2 s-2"
_POWER = "kg m2 s-3"
_PRESSURE = "kg m-1 s-2"

DEFINITIONS = (
    # SI base units (table 2); the gram carries the prefixes of the kilogram.
    Definition("m", "metre", "1", "m"),
    Definition("g", "gram", "0.001", "kg"),
    Definition("s", "second", "1", "s"),
    Definition("A", "ampere", "1", "A"),
    Definition("K", "kelvin", "1", "K"),
    Definition("mol", "mole", "1", "mol"),
    Definition("cd", "candela", "1", "cd"),
    # SI units with names of their own (table 4).
    Definition("rad", "radian", "1", ""),
    Definition("sr", "steradian", "1", ""),
    Definition("Hz", "hertz", "1", "s-1"),
    Definition("N", "newton", "1", "kg m s-2"),
    Definition("Pa", "pascal", "1", _PRESSURE),
    Definition("J", "joule", "1", _ENERGY),
    Definition("W", "watt", "1", _POWER),
    Definition("C", "coulomb", "1", "A s"),
    Definition("V", "volt", "1", "kg m2 s-3 A-1"),
    Definition("F", "farad", "1", "kg-1 m-2 s4 A2"),
    Definition("Ω", "ohm", "1", "kg m2 s-3 A-2"),
    Definition("S", "siemens", "1", "kg-1 m-2 s3 A2"),
    Definition("Wb", "weber", "1", "kg m2 s-2 A-1"),
    Definition("T", "tesla", "1", "kg s-2 A-1"),
    Definition("H", "henry", "1", "kg m2 s-2 A-2"),
    Definition("°C", "degreecelsius", "1", "K", offset="273.15"),
    Definition("lm", "lumen", "1", "cd"),
    Definition("lx", "lux", "1", "cd m-2"),
    Definition("Bq", "becquerel", "1", "s-1"),
    Definition("Gy", "gray", "1", "m2 s-2"),
    Definition("Sv", "sievert", "1", "m2 s-2"),
    Definition("kat", "katal", "1", "mol s-1"),
    # Used with the SI (table 8).
    Definition("min", "minute", "60", "s", prefixes=False),
    Definition("h", "hour", "3600", "s", prefixes=False),
    Definition("d", "day", "86400", "s", prefixes=False),
    Definition("au", "astronomicalunit", "149597870700", "m", prefixes=False),
    Definition("°", "degree", "1/180", "", prefixes=False, pi=True),
    Definition("′", "arcminute", "1/10800", "", prefixes=False, pi=True),
    Definition("″", "arcsecond", "1/648000", "", prefixes=False, pi=True),
    Definition("gon", "gon", "1/200", "", prefixes=False, pi=True),
    Definition("ha", "hectare", "10000", "m2", prefixes=False),
    Definition("L", "litre", "0.001", "m3"),
    Definition("t", "tonne", "1000", "kg"),
    Definition("Da", "dalton", "1.66053906892e-27", "kg"),
    Definition("eV", "electronvolt", "1.602176634e-19", _ENERGY),
    Definition("dB", "decibel", "1", "dB", prefixes=False),
    Definition("B", "bel", "10", "dB", prefixes=False),
    Definition("Np", "neper", "20", "dB", prefixes=False, ln10=-1),
    # A scale of its own (ISO 80000-9, annex C): not a picohenry.
    Definition("pH", "", "1", "pH", prefixes=False),
    # Numbers.
    Definition("1", "one", "1", "", prefixes=False),
    Definition("%", "percent", "0.01", "", prefixes=False),
    Definition("‰", "", "0.001", "", prefixes=False),
    Definition("ppm", "ppm", "1e-6", "", prefixes=False),
    Definition("ppb", "", "1e-9", "", prefixes=False),
    # Electrical energy and power as meters show them.
    Definition("Wh", "", "3600", _ENERGY),
    Definition("VA", "", "1", _POWER),
    Definition("var", "", "1", _POWER),
    Definition("varh", "", "3600", _ENERGY),
    Definition("Ah", "", "3600", "A s"),
    # Pressure, force, torque on gauges in use.
    Definition("bar", "bar", "100000", _PRESSURE),
    Definition("mmHg", "mmHg", "133.322387415", _PRESSURE, prefixes=False),
    Definition("Torr", "", "101325/760", _PRESSURE),
    Definition("atm", "", "101325", _PRESSURE, prefixes=False),
    Definition("mmH2O", "", "9.80665", _PRESSURE, prefixes=False),
    Definition("kgf", "", "9.80665", "kg m s-2", prefixes=False),
    Definition("lbf", "", "4.4482216152605", "kg m s-2", prefixes=False),
    Definition("psi", "", "4.4482216152605/0.00064516", _PRESSURE, prefixes=False),
    # Other units met on instruments.
    Definition("rpm", "", "1/60", "s-1", prefixes=False),
    Definition("nmi", "nauticalmile", "1852", "m", prefixes=False),
    Definition("kn", "knot", "1852/3600", "m s-1", prefixes=False),
    Definition("in", "", "0.0254", "m", prefixes=False),
    Definition("ft", "", "0.3048", "m", prefixes=False),
    Definition("lb", "", "0.45359237", "kg", prefixes=False),
    Definition("ct", "", "0.0002", "kg", prefixes=False),
    Definition("tex", "", "1e-6", "kg m-1"),
    Definition("dpt", "", "1", "m-1", prefixes=False),
    Definition("Å", "angstrom", "1e-10", "m", prefixes=False),
    Definition("P", "poise", "0.1", "kg m-1 s-1"),
    Definition("St", "stokes", "0.0001", "m2 s-1"),
    Definition("Gal", "gal", "0.01", "m s-2"),
    Definition("G", "gauss", "0.0001", "kg s-2 A-1"),
)

SYMBOLS = {definition.symbol: definition for definition in DEFINITIONS}
DSI_NAMES = {definition.dsi: definition for definition in DEFINITIONS if definition.dsi}
DSI_PREFIXES = {name: symbol for symbol, (name, _) in PREFIXES.items()}

#: Other spellings of a symbol; the first stands in the text alone, the second is what it means.
SPELLINGS = {
    "l": "L",
    "ohm": "Ω",
    "Ohm": "Ω",
    "degC": "°C",
    "oC": "°C",
    "℃": "°C",
    "deg": "°",
    "'": "′",
    "’": "′",
    '"': "″",
    "”": "″",
    "Tex": "tex",
    "carat": "ct",
    "inch": "in",
    "dB(A)": "dB",
    "vòng/phút": "rpm",
    "r/min": "rpm",
    "rev/min": "rpm",
    "mm Hg": "mmHg",
    "phút": "min",
    "giờ": "h",
    "ngày": "d",
    "lít": "L",
    "tấn": "t",
    "độ": "°",
    "giây": "s",
    "mét": "m",
}
