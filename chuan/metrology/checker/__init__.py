"""The second kernel: any stored result recomputed at 50 digits with mpmath, to 1e-10 of every number.

Written separately from the first: it reads the document and its equations itself, differentiates numerically, takes
distributions by their integrals, draws with another generator, and imports nothing of this package but its words.
"""

from chuan.metrology.checker.agreement import TOLERANCE, Agreement, Difference
from chuan.metrology.checker.comparing import check
from chuan.metrology.checker.draws import STANDARD_ERRORS

__all__ = ["STANDARD_ERRORS", "TOLERANCE", "Agreement", "Difference", "check"]
