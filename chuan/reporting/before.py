"""What a report is read against: levels as its period began, and values of a closed stage as they were issued."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from chuan.lib.dates import Window
from chuan.organisations.territory import Atlas, Frame
from chuan.reporting import queries
from chuan.reporting.collecting import PeriodKind
from chuan.reporting.models import FrozenFigure, Report, ReportingPeriod
from chuan.reporting.rules import ReportState


def level(figure: FrozenFigure, atlas: Atlas | None = None) -> dict[str, Any] | None:
    """A level on the eve of the figure's window, as known with the figure; None where that is before the plan.

    `atlas` where one of that instant was read.
    """
    eve = figure.first - timedelta(days=1)
    if eve < figure.plan.signed:
        return None
    window = Window(figure.plan.signed, eve)
    found = queries.compute(
        figure.plan, figure.indicator, Frame(figure.frame), window, at=eve, known=figure.known, atlas=atlas,
        judged=False,
    )  # fmt: skip
    return {"on": eve, "value": found.value}


def moved(period: ReportingPeriod, figures: Sequence[FrozenFigure]) -> list[dict[str, Any]]:
    """Values of a stage that ended before the period's year, where the report of the stage's last year issued others.

    Readings of one target that moved alike are one.
    """
    closed = {_year(reading) for figure in figures for reading in figure.readings if _year(reading) < period.year}
    issued = {year: report for year, report in _issued(period, closed).items() if not period.is_ad_hoc}
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for figure in figures:
        for reading in figure.readings:
            report = issued.get(_year(reading))
            then = _printed(report, figure.indicator, reading) if report else None
            if report is None or then is None or then[1] == reading["value"]:
                continue
            printed, was = then
            place = {"indicator": figure.indicator, "horizon": reading["horizon"], "source": reading["source"]}
            alike = (*place.values(), was, reading["value"])
            entry = {
                **place,
                "labels": [],
                "was": was,
                "code": printed["code"],
                "at": printed["at"],
                "same_definition": printed["definition_sha256"] == figure.definition_sha256,
                "number": report.number,
                "dated": report.dated,
            }
            found.setdefault(alike, entry)["labels"].append(reading["label"])
    return list(found.values())


def _year(reading: Mapping[str, Any]) -> int:
    return date.fromisoformat(reading["horizon"]).year


def _issued(period: ReportingPeriod, years: Iterable[int]) -> dict[int, Report]:
    """The latest issued report of each year of the plan."""
    asked = {"period__plan": period.plan_id, "period__kind": PeriodKind.ANNUAL, "period__year__in": list(years)}
    found = Report.objects.filter(state=ReportState.DISPATCHED, **asked).select_related("period", "content")
    return {report.period.year: report for report in found.order_by("dated", "pk")}


def _printed(report: Report, indicator: str, reading: Mapping[str, Any]) -> tuple[Mapping[str, Any], int] | None:
    """The figure by which a report issued the same reading of the same target, and its value; None where it did not."""
    same = [reading[name] for name in ("horizon", "source", "label")]
    for figure in report.content.snapshot["figures"] if report.content else []:
        for one in figure["readings"] if figure["indicator"] == indicator else []:
            if [one["horizon"], one["source"], one["label"]] == same and one["value"] is not None:
                return figure, one["value"]
    return None
