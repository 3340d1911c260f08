"""The second kernel: any stored `uncertainty` result recomputed at 50 digits with mpmath, to 1e-10 of every number.

Written separately from the first: it reads the document and its equations itself, differentiates numerically, and
imports nothing of this package but its words (GUM 5.1, 5.2, 6, G.4; GUM 5.1.2 note; JCGM 102 6.2).
"""

from chuan.metrology.checker.comparing import TOLERANCE, Agreement, Difference, check

__all__ = ["TOLERANCE", "Agreement", "Difference", "check"]
