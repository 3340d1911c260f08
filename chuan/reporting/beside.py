"""Reads of what is said beside the computed figures; nothing here is added to one."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from chuan.programme.models import Plan
from chuan.reporting.models import EstimateFacts, HistoricalFigureFacts, OutputLineFacts, ReportingPeriod


def historical(plan: Plan, indicator: str = "") -> QuerySet[HistoricalFigureFacts]:
    """Totals of earlier letters, by indicator and first day."""
    rows = HistoricalFigureFacts.objects.live().filter(figure__plan=plan).select_related("figure")
    return (rows.filter(indicator=indicator) if indicator else rows).order_by("indicator", "first", "pk")


def estimates(period: ReportingPeriod, *, known: datetime | None = None) -> dict[str, EstimateFacts]:
    """Indicator → what is still expected of it in the period."""
    rows = EstimateFacts.objects.live() if known is None else EstimateFacts.objects.known(known)
    return {said.indicator: said for said in rows.filter(estimate__period=period).select_related("estimate")}


def outputs(period: ReportingPeriod, *, known: datetime | None = None) -> QuerySet[OutputLineFacts]:
    """Outputs that no register counts, in the order of the plan's text."""
    rows = OutputLineFacts.objects.live() if known is None else OutputLineFacts.objects.known(known)
    named = rows.filter(line__period=period).select_related("line__item")
    return named.order_by("line__item__order", "order", "pk")


def plain_historical(said: HistoricalFigureFacts) -> dict[str, Any]:
    """As a snapshot prints it; who confirmed it is told on its page alone."""
    return {
        "indicator": said.indicator,
        "first": said.first,
        "last": said.last,
        "value": said.value,
        "document": said.document,
        "page": said.page,
    }


def plain_estimate(said: EstimateFacts) -> dict[str, Any]:
    """As a snapshot prints it."""
    return {"increment": said.increment, "expected_on": said.expected_on, "basis": said.basis}


def plain_output(said: OutputLineFacts) -> dict[str, Any]:
    """As a snapshot prints it; `task` is the row of the annex, or the bullet of the body."""
    return {
        "task": said.line.item.code,
        "what": said.what,
        "value": said.value,
        "unit": said.unit,
        "evidence": said.evidence,
    }
