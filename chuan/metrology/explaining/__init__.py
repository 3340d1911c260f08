"""Results in words that a technician understands, in Vietnamese and English (GUM 7; JCGM 101 8).

One result here: what dominates, why k is what it is, correlation, curvature, and what Monte Carlo says of it. Two
results in `difference` and `difference_words`, imported where they are compared, so that computing starts at once.
"""

from chuan.metrology.explaining.budget import Budget, Drawn, budget_of
from chuan.metrology.explaining.result import explain

__all__ = ["Budget", "Drawn", "budget_of", "explain"]
