"""Which issued report took another's place, and what it says of a figure that the replaced one prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from chuan.reporting.models import FrozenFigure, Report
from chuan.reporting.rules import ReportState


@dataclass(frozen=True)
class Instead:
    """A report that took another's place, the figure of the same question that it prints, and by how much it differs.

    `figure` is as the report's snapshot holds it; None where it prints no such figure.
    """

    replaced: Report
    report: Report
    figure: dict[str, Any] | None
    difference: int


def replaced_by(reports: Iterable[Report]) -> dict[int, Report]:
    """The issued report that took the place of each that was replaced, by its key; one query."""
    replaced = [one.pk for one in reports if one.state == ReportState.DISPATCHED]
    return _by_replaced(Report.objects.filter(replaces__in=replaced))


def instead_of(report: Report, frozen: FrozenFigure, among: Iterable[Report]) -> list[Instead]:
    """What stands in the place of a figure of a replaced report: its successor's, then that one's, to the last.

    `among`: the reports of the period, with their contents.
    """
    next_, chain = _by_replaced(among), [report]
    while chain[-1].pk in next_:
        chain.append(next_[chain[-1].pk])
    return [_instead(replaced, one, frozen) for replaced, one in pairwise(chain)]


def _by_replaced(reports: Iterable[Report]) -> dict[int, Report]:
    issued = (one for one in reports if one.state == ReportState.DISPATCHED)
    return {one.replaces_id: one for one in issued if one.replaces_id is not None}


def _instead(replaced: Report, report: Report, frozen: FrozenFigure) -> Instead:
    printed = report.content.snapshot["figures"] if report.content else []
    asked = (frozen.indicator, frozen.frame)
    figure = next((one for one in printed if (one["indicator"], one["frame"]) == asked), None)
    return Instead(replaced, report, figure, figure["value"] - frozen.value if figure else 0)
