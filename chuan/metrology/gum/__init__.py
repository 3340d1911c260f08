"""Uncertainty by the GUM (JCGM 100, JCGM 102): the law of propagation and what follows from it."""

from chuan.metrology.gum.propagate import propagate
from chuan.metrology.gum.results import BudgetLine, GumResult
from chuan.metrology.gum.second_order import SecondOrder, is_nonlinear, second_order

__all__ = ["BudgetLine", "GumResult", "SecondOrder", "is_nonlinear", "propagate", "second_order"]
