"""Estimates of a year: what may be estimated, and what became of an estimate once its day has come.

An estimate is what is still expected of a figure before its year closes. While its day is ahead it stands beside the
figure; from that day on the figure itself tells, and what was estimated is held against it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuan.lib.dates import day_of, format_date
from chuan.organisations.territory import Frame
from chuan.reporting import beside, queries
from chuan.reporting.models import EstimateFacts, FrozenFigure, Report, ReportingPeriod
from chuan.reporting.rules import ReportState


def refused(expected_on: date, period: ReportingPeriod, today: date, *, before: date | None = None) -> str:
    """Why nothing can be expected on that day; "" where it can. `before`: the day that was said until now."""
    days = {"day": format_date(expected_on), "last": format_date(period.last)}
    if expected_on > period.last:
        return _("Ngày %(day)s sau ngày cuối kỳ số liệu (%(last)s): kết quả ấy thuộc kỳ sau.") % days
    if expected_on <= today and expected_on != before:
        return _("Ngày %(day)s không sau hôm nay: kết quả đã có thì ghi vào sổ, không ước.") % days
    return ""


def told(period: ReportingPeriod, figures: Sequence[FrozenFigure]) -> dict[str, dict[str, Any]]:
    """Indicator → its estimate as a snapshot prints it; one whose day has come with what was expected then."""
    on = {figure.indicator: figure.at for figure in figures}
    return {
        code: {**beside.plain_estimate(said), "then": None if said.expected_on > on[code] else _then(period, said)}
        for code, said in beside.estimates(period).items()
        if code in on
    }


def _then(period: ReportingPeriod, said: EstimateFacts) -> dict[str, Any]:
    """What was expected of the year: as an issued report printed it, else as the registers were when it was said."""
    for report in _issued(period):
        snapshot = report.content.snapshot if report.content else {}
        one = snapshot.get("collected", {}).get("estimates", {}).get(said.indicator)
        value = next((f["value"] for f in snapshot.get("figures", []) if f["indicator"] == said.indicator), None)
        if one and value is not None and one["then"] is None:
            named = {"number": report.number, "dated": report.dated}
            return {"value": value, "increment": one["increment"], "on": report.dated, "report": named}
    known = said.recorded_at
    on = min(day_of(known), period.last)
    figure = queries.compute(
        period.plan, said.indicator, Frame.COMPARABLE, period.window, at=on, known=known, judged=False
    )
    return {"value": figure.value, "increment": said.increment, "on": on, "report": None}


def _issued(period: ReportingPeriod) -> Sequence[Report]:
    """The period's issued reports, the latest first."""
    issued = Report.objects.filter(period=period, state=ReportState.DISPATCHED).select_related("content")
    return list(issued.order_by("-dated", "-pk"))
