"""A report before it is frozen: its figures computed now, shaped like a snapshot so that the same paper prints."""

from typing import Any

from django.db.models import prefetch_related_objects

from chuan.audit.service import head
from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.organisations.territory import Atlas, Frame
from chuan.reporting import queries, snapshots
from chuan.reporting.indicators import REPORTED
from chuan.reporting.models import FrozenFigure, Report


def live_figures(report: Report) -> list[dict[str, Any]]:
    """The report's figures as they would be frozen now."""
    return [snapshots.figure_of(figure) for figure in _figures(report, with_members=False)]


def snapshot(report: Report) -> dict[str, Any]:
    """What would be frozen now."""
    return snapshots.build(report, _figures(report), version=0, frozen_at=clock.now(), chain=head())


def _figures(report: Report, *, with_members: bool = True) -> list[FrozenFigure]:
    """Unsaved figures, coded by their indicator; a page does without the hash of the members."""
    period, known = report.period, clock.now()
    atlas = Atlas(known)
    prefetch_related_objects([period.plan], "targets")
    at = min(clock.today(), period.last)
    found = []
    for code in REPORTED:
        window = Window(period.first, period.last)
        figure = queries.compute(period.plan, code, Frame.COMPARABLE, window, at=at, known=known, atlas=atlas)
        found.append(
            FrozenFigure(
                code=code,
                plan=period.plan,
                indicator=code,
                definition_version=figure.indicator.spec.version,
                definition_sha256=figure.indicator.definition_sha256(),
                frame=Frame.COMPARABLE,
                first=window.start,
                last=window.end,
                at=at,
                known=known,
                value=figure.value,
                unit=figure.indicator.spec.unit,
                flag=figure.flag,
                readings=[reading.plain() for reading in figure.readings],
                members_sha256=figure.members_sha256 if with_members else "",
            )
        )
    return found
