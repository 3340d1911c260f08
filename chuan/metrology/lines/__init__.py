"""Straight lines through calibration points, their uncertainties, prediction and inversion (ISO/TS 28037, GUM H.3)."""

from chuan.metrology.lines.fitting import fit, ordinary
from chuan.metrology.lines.general import fit_correlated
from chuan.metrology.lines.line import Line, LineValue

__all__ = ["Line", "LineValue", "fit", "fit_correlated", "ordinary"]
