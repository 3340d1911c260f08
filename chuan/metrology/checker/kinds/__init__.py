"""The kinds of file besides `uncertainty`, each recomputed by a module that takes the document and the stored result.

A module's `recompute(ctx, document, result)` gives what the result should be, in its shape, with numbers of the
context; what it takes from the stored result instead of computing it stands there as `SKIPPED`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chuan.metrology.checker.kinds import charts, comparisons, conformity, gauges, intervals, lines, masses, sampling

Recompute = Callable[[Any, Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]

KINDS: Mapping[str, Recompute] = {
    "comparison": comparisons.recompute,
    "conformity": conformity.recompute,
    "control-chart": charts.recompute,
    "gauge-study": gauges.recompute,
    "interval": intervals.recompute,
    "line": lines.recompute,
    "mass-design": masses.recompute,
    "sampling": sampling.recompute,
}
