"""Asking for figures: values and reasons, in the suite's short form."""

from datetime import date
from typing import Any

from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import queries
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.engine import Ask
from chuan.reporting.indicators.scope import Scope
from chuan.reporting.queries import Figure

AT = date(2026, 12, 11)
SIGNED = date(2020, 11, 13)


def scope_of(plan: Plan, *, frame: Frame = Frame.COMPARABLE, at: date = AT, window: Window | None = None) -> Scope:
    """Since the plan up to a day, or a window, with what is known now."""
    return queries.scope_for(plan, frame, window or plan.cumulative_window(at), at=at, known=clock.now())


def figure(plan: Plan, indicator: str, *, frame: Frame = Frame.COMPARABLE, at: date = AT, **more: Any) -> Figure:
    """A figure since the plan up to a day, or over a window."""
    window = more.pop("window", None) or plan.cumulative_window(at)
    return queries.compute(plan, indicator, frame, window, at=at, known=clock.now(), **more)


def reasons(plan: Plan, indicator: str, *, frame: Frame = Frame.COMPARABLE, at: date = AT) -> list[tuple[str, ...]]:
    """Why each record that is not counted is none, in order of the record."""
    member = INDICATORS[indicator].spec.member
    found = INDICATORS[indicator].why_not(scope_of(plan, frame=frame, at=at))
    return [why for _pk, why in sorted((getattr(row, member), why) for row, why in found)]


def counted(plan: Plan, indicator: str, variant: str, *, window: Window | None = None, part: str = "") -> int:
    """What a reading that counts in its own way gets."""
    return INDICATORS[indicator].values([Ask(scope_of(plan, window=window), variant, part)])[0]


def adds_up(plan: Plan, indicator: str) -> bool:
    """Candidates are members, duplicates and excluded in every frame, and the value is what its members add up to."""
    definition = INDICATORS[indicator]
    for frame in Frame:
        found = figure(plan, indicator, frame=frame)
        sorts = [definition.members, definition.duplicates, definition.excluded]
        sets = [set(sort(found.scope).order_by().values_list("pk", flat=True)) for sort in sorts]
        every = set(definition.candidates(found.scope).order_by().values_list("pk", flat=True))
        if set().union(*sets) != every or sum(map(len, sets)) != len(every) or found.value != len(sets[0]):
            return False
        if found.candidates != len(every) or len(found.member_ids) != found.value:
            return False
    return True
