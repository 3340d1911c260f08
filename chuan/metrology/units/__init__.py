"""Units as exact data, read from plain symbols and D-SI strings, with exact conversion (SI Brochure, 9th edition)."""

from chuan.metrology.units.reading import is_per_celsius, name_unit, parse_unit, write_dsi
from chuan.metrology.units.unit import Unit, convert, convert_difference

__all__ = ["Unit", "convert", "convert_difference", "is_per_celsius", "name_unit", "parse_unit", "write_dsi"]
