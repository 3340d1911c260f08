"""Every figure of a plan at a glance.

Each live one is remembered until something is written that it was read from; those of large registers are read as the
worker left them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from chuan.audit import memory
from chuan.organisations.territory import Atlas, Frame
from chuan.programme.models import Plan
from chuan.reporting import queries, states
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import FigureState
from chuan.reporting.queries import AsOf
from chuan.reporting.readings import Reading

_glances: memory.Memory["Glance"] = memory.Memory(size=4 * len(INDICATORS))


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


def of_plan(
    plan: Plan, today: date, log: memory.Log | None = None, indicators: Collection[str] = INDICATORS.keys()
) -> tuple[Glance, ...]:
    """The headline values from the plan to a day, in the order of the indicators, or of some of them.

    One query where nothing was written that they were read from; none where the caller has read the `log`.
    """
    log, kept = log or memory.read(), states.kept(plan)
    last = states.last_move() if kept else 0
    return tuple(
        _stored(kept[code], last)
        if code in kept
        else _glances.ask((plan.pk, today, code), partial(_computed, plan.pk, today, code), log)
        for code in INDICATORS
        if code in indicators
    )


def oldest(glances: Sequence[Glance]) -> AsOf | None:
    """The oldest of the figures that were computed beforehand; None where all are live."""
    return min((one.as_of for one in glances if one.as_of), key=lambda as_of: as_of.instant, default=None)


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


def _computed(plan_id: int, today: date, code: str) -> Glance:
    plan = states.plan_with_targets(plan_id)
    figure = queries.compute(
        plan, code, Frame.COMPARABLE, plan.cumulative_window(today), at=today, known=memory.known(), atlas=Atlas.now()
    )
    counts = figure.counted, figure.not_counted
    return Glance(code, figure.value, figure.indicator.spec.unit, figure.flag, tuple(figure.readings), *counts, today)
