"""When to calibrate again: NCSLI RP-1 methods A3 and S2, variables data, and the staircase of ILAC-G24."""

from chuan.metrology.intervals.interval_test import IntervalTest, interval_test
from chuan.metrology.intervals.models import MODELS
from chuan.metrology.intervals.reliability import ReliabilityFit, ReliabilityStudy, reliability_study
from chuan.metrology.intervals.staircase import Step, staircase
from chuan.metrology.intervals.variables import DriftFit, VariablesInterval, drift_fit, variables_interval

__all__ = [
    "MODELS",
    "DriftFit",
    "IntervalTest",
    "ReliabilityFit",
    "ReliabilityStudy",
    "Step",
    "VariablesInterval",
    "drift_fit",
    "interval_test",
    "reliability_study",
    "staircase",
    "variables_interval",
]
