"""Every figure of a plan at a glance: computed once for each position of the ledger, since nothing else changes it."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import prefetch_related_objects

from chuan.audit.service import head
from chuan.lib import clock
from chuan.organisations.territory import Atlas, Frame
from chuan.programme.models import Plan
from chuan.reporting import queries
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.readings import Reading

#: Positions of the ledger that one process remembers.
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


def of_plan(plan: Plan, today: date, at: tuple[int, str] | None = None) -> tuple[Glance, ...]:
    """The headline values from the plan to a day, in the order of the indicators; one query where nothing was written
    since they were last asked for, none where the caller knows the position of the ledger (`at`)."""
    position, sha256 = at or head()
    return _computed(plan.pk, today, position, sha256)


@lru_cache(maxsize=REMEMBERED)
def _computed(plan_id: int, today: date, _position: int, _sha256: str) -> tuple[Glance, ...]:
    plan, known = Plan.objects.get(pk=plan_id), clock.now()
    prefetch_related_objects([plan], "targets")
    window, atlas = plan.cumulative_window(today), Atlas(known)
    found = []
    for code in INDICATORS:
        figure = queries.compute(plan, code, Frame.COMPARABLE, window, at=today, known=known, atlas=atlas)
        unit, readings = figure.indicator.spec.unit, tuple(figure.readings)
        found.append(Glance(code, figure.value, unit, figure.flag, readings, figure.counted, figure.not_counted))
    return tuple(found)
