"""A report before it is frozen: its figures computed now, shaped like a snapshot so that the same paper prints."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import prefetch_related_objects

from chuan.audit.service import head
from chuan.lib import clock
from chuan.lib.dates import Window, day_of
from chuan.organisations.territory import Atlas, Frame
from chuan.reporting import issuing, queries, snapshots
from chuan.reporting.indicators import REPORTED
from chuan.reporting.models import FrozenFigure, Report, ReportingPeriod


def live_figures(report: Report) -> list[dict[str, Any]]:
    """The report's figures as they would be frozen now; computed once for each position of the ledger."""
    period = report.period
    return list(_live(period.pk, min(clock.today(), period.last), *head()))


@lru_cache(maxsize=4)
def _live(period_id: int, at: date, _position: int, _sha256: str) -> tuple[dict[str, Any], ...]:
    period = ReportingPeriod.objects.select_related("plan").get(pk=period_id)
    return tuple(snapshots.figure_of(figure) for figure in _figures(period, at, with_members=False))


def snapshot(report: Report, known: datetime | None = None) -> dict[str, Any]:
    """What would be frozen now; its figures as known at an instant, for a draft that was printed then.

    Whole seconds, since that is what the foot of the draft says.
    """
    known = (known or clock.now()).replace(microsecond=0)
    figures = _figures(report.period, min(day_of(known), report.period.last), known=known)
    made = snapshots.build(report, figures, version=0, frozen_at=known, chain=head())
    return {**made, "names": issuing.names_on(report.period.plan, clock.today())}


def _figures(
    period: ReportingPeriod, at: date, *, known: datetime | None = None, with_members: bool = True
) -> list[FrozenFigure]:
    """Unsaved figures, coded by their indicator; a page does without the hash of the members."""
    known = known or clock.now()
    atlas = Atlas(known)
    prefetch_related_objects([period.plan], "targets")
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
                companions=figure.companions,
                members_sha256=figure.members_sha256 if with_members else "",
            )
        )
    return found
