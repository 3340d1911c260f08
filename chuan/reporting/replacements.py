"""Which issued report took another's place, and what it says of a figure that the replaced one prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from chuan.reporting.models import FrozenFigure, Report
from chuan.reporting.rules import ReportState


@dataclass(frozen=True)
class Instead:
    """A report that took another's place, its own figure of the same question, and by how much it differs."""

    replaced: Report
    report: Report
    figure: FrozenFigure | None
    difference: int


def replaced_by(reports: Iterable[Report]) -> dict[int, Report]:
    """The issued report that took the place of each that was replaced, by its key; one query."""
    replaced = [one.pk for one in reports if one.state == ReportState.DISPATCHED]
    found = Report.objects.filter(replaces__in=replaced, state=ReportState.DISPATCHED)
    return {one.replaces_id: one for one in found if one.replaces_id is not None}


def instead_of(report: Report, frozen: FrozenFigure) -> list[Instead]:
    """What stands in the place of a figure of a replaced report: its successor's, then that one's, to the last."""
    later = _successors(report)
    codes = {code: one.pk for one in later if one.content for code in one.content.figures}
    same = FrozenFigure.objects.filter(code__in=codes, indicator=frozen.indicator, frame=frozen.frame) if codes else ()
    figures = {codes[figure.code]: figure for figure in same}
    found = []
    for replaced, one in pairwise([report, *later]):
        figure = figures.get(one.pk)
        found.append(Instead(replaced, one, figure, figure.value - frozen.value if figure else 0))
    return found


def _successors(report: Report) -> list[Report]:
    """The issued reports of the period that follow one another in its place."""
    if report.state != ReportState.DISPATCHED:
        return []
    issued = Report.objects.filter(period=report.period_id, replaces__isnull=False, state=ReportState.DISPATCHED)
    by_replaced = {one.replaces_id: one for one in issued.select_related("content")}
    found, at = [], by_replaced.get(report.pk)
    while at is not None:
        found.append(at)
        at = by_replaced.get(at.pk)
    return found
