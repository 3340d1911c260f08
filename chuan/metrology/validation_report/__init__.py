"""The record that ISO/IEC 17025:2017 7.11.2 asks of a laboratory's software: every published case, and how it came out.

The cases are data in `chuan/metrology/cases`: source, clause, inputs, printed digits and how closely they must be met.
"""

from chuan.metrology.validation_report.cases import FOLDER, agrees, at, load, names
from chuan.metrology.validation_report.running import run
from chuan.metrology.validation_report.text import as_text

__all__ = ["FOLDER", "agrees", "as_text", "at", "load", "names", "run"]
