"""Which input must improve, and to what u, for U ≤ target (target uncertainty, VIM 2.34)."""

import math
from dataclasses import dataclass
from functools import cache

from chuan.metrology.inputs import Measurement
from chuan.metrology.planning.levers import Lever, component_of, levers, scaled, standard_uncertainty
from chuan.metrology.planning.reached import Reached, checked_target, reached
from chuan.metrology.planning.search import NOTHING, Search


@dataclass(frozen=True)
class Improvement:
    """How far one lever alone must go.

    `needed` is the largest u of the lever for which U ≤ target, above the present u where the target is met already,
    infinite where any will do, None where the lever alone cannot reach it. `reached` is the chain at `needed`; at the
    present u where any will do; and at `best`, the u of the smallest U, where the target is out of reach (0 where
    even an exact input would not do).
    """

    lever: Lever
    label: str
    standard_uncertainty: float
    needed: float | None
    best: float | None
    reached: Reached


def improvements(measurement: Measurement, symbol: str, target: float) -> tuple[Improvement, ...]:
    """Every lever of the measurement, the least demanding first, then those that cannot reach the target alone.

    Among the latter the one that comes nearest is first. A lever that does not act on the measurand is left out.
    """
    checked_target(target)
    now = reached(measurement, symbol)
    acting = [
        lever
        for lever in levers(measurement)
        if reached(scaled(measurement, lever, 0.5), symbol).standard_uncertainty != now.standard_uncertainty
    ]
    return tuple(sorted((required(measurement, symbol, target, lever) for lever in acting), key=_order))


def _order(one: Improvement) -> tuple[bool, float]:
    if one.needed is None:
        return True, one.reached.expanded_uncertainty
    return False, -one.needed / one.standard_uncertainty


def required(measurement: Measurement, symbol: str, target: float, lever: Lever) -> Improvement:
    """To what u one lever must go for U ≤ target; U there is the target, or just below it where k has a step."""
    checked_target(target)
    u = standard_uncertainty(measurement, lever)
    part = component_of(measurement, lever)
    label = part.label if part is not None else ""

    @cache
    def chain(factor: float) -> Reached:
        return reached(scaled(measurement, lever, factor), symbol)

    steps = measurement.coverage_probability if measurement.coverage == "t" else None
    search = Search(chain, target, steps)
    if search.meets(1.0):
        factor = search.allowed()
        if factor is None:
            return Improvement(lever, label, u, math.inf, None, chain(1.0))
    else:
        factor = search.needed()
        if factor is None:
            best = search.best
            return Improvement(lever, label, u, None, best * u if best > NOTHING else 0.0, chain(best))
    return Improvement(lever, label, u, factor * u, None, chain(factor))
