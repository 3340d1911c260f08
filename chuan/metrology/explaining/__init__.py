"""Results in words that a technician understands, in Vietnamese and English (GUM 7; JCGM 101 8).

One result: what dominates, why k is what it is, correlation, curvature, and what Monte Carlo says of it. Two results:
which inputs account for the difference, in one sentence and in parts that add up to it.
"""

from chuan.metrology.explaining.apportion import apportioned
from chuan.metrology.explaining.budget import Budget, Drawn, budget_of
from chuan.metrology.explaining.difference import Difference, Part, Side, differences
from chuan.metrology.explaining.difference_words import describe
from chuan.metrology.explaining.result import explain

__all__ = [
    "Budget",
    "Difference",
    "Drawn",
    "Part",
    "Side",
    "apportioned",
    "budget_of",
    "describe",
    "differences",
    "explain",
]
