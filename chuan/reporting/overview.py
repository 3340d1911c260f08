"""Every figure of a plan at a glance.

Live ones are computed once for each move, since nothing else changes them; those of large registers are read as the
worker left them.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import prefetch_related_objects

from chuan.lib import clock
from chuan.organisations.territory import Atlas, Frame
from chuan.programme.models import Plan
from chuan.reporting import queries, states
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import FigureState
from chuan.reporting.queries import AsOf
from chuan.reporting.readings import Reading

#: Moves that one process remembers.
REMEMBERED = 4


@dataclass(frozen=True)
class Glance:
    """One figure as an overview shows it."""

    indicator: str
    value: int
    unit: str
    flag: str
    readings: tuple[Reading, ...]
    counted: int
    not_counted: int
    #: The last day that counts.
    at: date
    #: None where it was computed for the overview.
    as_of: AsOf | None = None


def of_plan(plan: Plan, today: date) -> tuple[Glance, ...]:
    """The headline values from the plan to a day, in the order of the indicators; one query where nothing that
    they read was written since they were last asked for."""
    moved = states.last_move()
    kept = states.kept(plan)
    others = tuple(code for code in INDICATORS if code not in kept)
    live = _computed(plan.pk, today, others, moved) if others else ()
    found = {glance.indicator: glance for glance in live}
    found |= {code: _stored(state, moved.seq) for code, state in kept.items()}
    return tuple(found[code] for code in INDICATORS)


def _stored(state: FigureState, last: int) -> Glance:
    spec = INDICATORS[state.indicator].spec
    return Glance(
        state.indicator,
        state.value,
        spec.unit,
        state.flag,
        tuple(states.readings(state)),
        queries.counted_rows(spec, state.value, state.qualifying),
        state.candidates - state.qualifying,
        state.at,
        states.as_of(state, last),
    )


@lru_cache(maxsize=REMEMBERED)
def _computed(plan_id: int, today: date, codes: tuple[str, ...], _moved: states.Move) -> tuple[Glance, ...]:
    plan, known = Plan.objects.get(pk=plan_id), clock.now()
    prefetch_related_objects([plan], "targets")
    window, atlas = plan.cumulative_window(today), Atlas(known)
    found = []
    for code in codes:
        figure = queries.compute(plan, code, Frame.COMPARABLE, window, at=today, known=known, atlas=atlas)
        unit, readings = figure.indicator.spec.unit, tuple(figure.readings)
        counts = figure.counted, figure.not_counted
        found.append(Glance(code, figure.value, unit, figure.flag, readings, *counts, today))
    return tuple(found)
