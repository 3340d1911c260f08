"""What must improve for U ≤ target: one input, more readings, or a better standard; and U along one input.

The whole chain is computed each time: u, ν_eff, k and U (GUM 5.1, G.4, 6.2), never u alone.
"""

from chuan.metrology.planning.levers import Lever, levers, scaled, standard_uncertainty, with_value
from chuan.metrology.planning.reached import Reached, reached
from chuan.metrology.planning.readings import ReadingsPlan, fewest_readings, read_inputs, with_readings
from chuan.metrology.planning.standards import Choice, Judged, Offer, cheapest
from chuan.metrology.planning.sweep import SweepPoint, sweep_uncertainty, sweep_value
from chuan.metrology.planning.targets import Improvement, improvements, required

__all__ = [
    "Choice",
    "Improvement",
    "Judged",
    "Lever",
    "Offer",
    "Reached",
    "ReadingsPlan",
    "SweepPoint",
    "cheapest",
    "fewest_readings",
    "improvements",
    "levers",
    "reached",
    "read_inputs",
    "required",
    "scaled",
    "standard_uncertainty",
    "sweep_uncertainty",
    "sweep_value",
    "with_readings",
    "with_value",
]
