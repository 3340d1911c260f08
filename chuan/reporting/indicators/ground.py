"""Conditions of place: in the frame on the day of an event, or on one day."""

from datetime import date
from typing import Any

from django.db.models import Q

from chuan.reporting.indicators.among import Among
from chuan.reporting.indicators.scope import Scope


def places_on(scope: Scope, place: str, day: str) -> Q:
    """The place in a column lies in the frame on the day in another column."""
    found = Q()
    for span in scope.ground.spans:
        found |= _within(day, span.period.start, span.period.end) & Q(Among(place, span.places))
    return found


def units_on(scope: Scope, unit: str, day: str) -> Q:
    """The unit in a column is in the frame on the day in another column."""
    found = Q()
    for span in scope.ground.spans:
        found |= _within(day, span.period.start, span.period.end) & Q(Among(unit, span.employers))
    return found


def places_at(scope: Scope, place: str, day: date) -> Q:
    """The place in a column lies in the frame on one day."""
    spans = [span for span in scope.ground.spans if span.period.contains(day)]
    return Q(Among(place, frozenset[int]().union(*(span.places for span in spans))))


def units_at(scope: Scope, unit: str, day: date) -> Q:
    """The unit in a column is in the frame on one day."""
    spans = [span for span in scope.ground.spans if span.period.contains(day)]
    return Q(Among(unit, frozenset[int]().union(*(span.employers for span in spans))))


def unsure(scope: Scope, place: str) -> Q:
    """No place is said, or one too wide for the frame: the merged province, for the plan's ground."""
    return Q(**{f"{place}__isnull": True}) | Q(Among(place, scope.ground.vague))


def _within(column: str, start: Any, end: Any) -> Q:
    days = Q()
    if start is not None:
        days &= Q(**{f"{column}__gte": start})
    if end is not None:
        days &= Q(**{f"{column}__lt": end})
    return days
