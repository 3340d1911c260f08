"""A report before it is frozen: its figures computed now, shaped like a snapshot so that the same paper prints."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import prefetch_related_objects

from chuan.audit import memory
from chuan.audit.service import head
from chuan.lib import clock
from chuan.lib.dates import Window, day_of
from chuan.organisations.territory import Atlas, Frame
from chuan.programme.models import Plan
from chuan.reporting import issuing, queries, snapshots, states
from chuan.reporting.indicators import REPORTED
from chuan.reporting.models import FigureState, FrozenFigure, Report, ReportingPeriod

_figures_now: memory.Memory[dict[str, Any]] = memory.Memory(size=4 * len(REPORTED))


def live_figures(period: ReportingPeriod, log: memory.Log | None = None) -> list[dict[str, Any]]:
    """A report's figures as they would be frozen now, each remembered until something it was read from is written.

    Those of large registers as the worker keeps them, with `as_of`: a page shows them, nothing is frozen from here.
    """
    today, log = clock.today(), log or memory.read()
    kept = states.kept(period.plan, period.year) if _is_the_plans_year(period) and today <= period.last else {}
    asked = period.plan_id, period.window, min(today, period.last), not period.is_ad_hoc
    return [
        _stored(period, kept[code])
        if code in kept
        else _figures_now.ask((*asked, code), partial(_live, *asked, code), log)
        for code in REPORTED
    ]


def _is_the_plans_year(period: ReportingPeriod) -> bool:
    return not period.is_ad_hoc and period.window == period.plan.year_window(period.year)


def _stored(period: ReportingPeriod, state: FigureState) -> dict[str, Any]:
    figure = states.stored(period.plan, state)
    told = snapshots.figure_in_report(_unsaved(figure, state.indicator, period.plan))
    return {**told, "as_of": figure.as_of}


def _live(plan_id: int, window: Window, at: date, judged: bool, code: str) -> dict[str, Any]:
    plan, known, atlas = states.plan_with_targets(plan_id), memory.known(), Atlas.now()
    figure = queries.compute(plan, code, Frame.COMPARABLE, window, at=at, known=known, atlas=atlas, judged=judged)
    return snapshots.figure_in_report(_unsaved(figure, code, plan), atlas)


def snapshot(report: Report, known: datetime | None = None) -> dict[str, Any]:
    """What would be frozen now; its figures as known at an instant, for a draft that was printed then.

    Whole seconds, since that is what the foot of the draft says.
    """
    known = (known or clock.now()).replace(microsecond=0)
    figures = _figures(report.period, min(day_of(known), report.period.last), known)
    made = snapshots.build(report, figures, version=0, frozen_at=known, chain=head())
    return {**made, "names": issuing.names_on(report.period.plan, clock.today())}


def _figures(period: ReportingPeriod, at: date, known: datetime) -> list[FrozenFigure]:
    """Unsaved figures, coded by their indicator."""
    atlas = Atlas(known)
    prefetch_related_objects([period.plan], "targets")
    found = []
    for code in REPORTED:
        figure = queries.compute(
            period.plan, code, Frame.COMPARABLE, period.window, at=at, known=known, atlas=atlas,
            judged=not period.is_ad_hoc,
        )  # fmt: skip
        found.append(_unsaved(figure, code, period.plan, figure.members_sha256))
    return found


def _unsaved(figure: queries.Figure, code: str, plan: Plan, members_sha256: str = "") -> FrozenFigure:
    """A page does without the hash of the members."""
    scope, indicator = figure.scope, figure.indicator
    return FrozenFigure(
        code=code,
        plan=plan,
        indicator=code,
        definition_version=indicator.spec.version,
        definition_sha256=indicator.definition_sha256(),
        frame=figure.frame,
        first=scope.window.start,
        last=scope.window.end,
        at=scope.at,
        known=scope.known,
        value=figure.value,
        unit=indicator.spec.unit,
        flag=figure.flag,
        readings=[reading.plain() for reading in figure.readings],
        companions=figure.companions,
        members_sha256=members_sha256,
    )
