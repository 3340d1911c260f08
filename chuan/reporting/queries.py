"""Figures computed live: value, breakdown, readings, members, reasons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chuan.lib import clock
from chuan.lib.dates import Window, end_of_day
from chuan.organisations.models import OrganisationUnit, PersonFacts
from chuan.organisations.territory import Atlas, Frame, ground
from chuan.programme.models import Plan, Target
from chuan.programme.queries import targets_of
from chuan.reporting import members as packed
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.engine import Indicator
from chuan.reporting.indicators.scope import Scope
from chuan.reporting.models import DefinitionApproval, FrozenFigure
from chuan.reporting.rules import judge


@dataclass(frozen=True)
class Reading:
    """One reading of one printed target, judged."""

    label: str
    basis: str
    words: str
    horizon: date
    operator: str
    target: int
    value: int
    verdict: str
    source: str
    span: tuple[int, int]

    def plain(self) -> dict[str, Any]:
        """As it is frozen and printed in JSON."""
        return {
            "label": self.label,
            "basis": self.basis,
            "words": self.words,
            "horizon": self.horizon.isoformat(),
            "operator": self.operator,
            "target": self.target,
            "value": self.value,
            "composition": None,
            "verdict": self.verdict,
            "source": self.source,
            "source_spans": [list(self.span)],
        }


@dataclass(frozen=True)
class Figure:
    """A figure computed now: what the page shows and what a freeze keeps."""

    indicator: Indicator
    scope: Scope
    frame: Frame
    value: int
    flag: str
    breakdown: list[dict[str, Any]]
    unallocated: int
    readings: list[Reading]
    member_ids: list[int]
    candidates: int
    excluded: dict[str, int]
    duplicates: int

    @property
    def members_sha256(self) -> str:
        """Hash of the member identities."""
        return packed.sha256(self.member_ids)

    def result(self) -> dict[str, Any]:
        """What a frozen figure is compared with."""
        return {
            "value": self.value,
            "members_sha256": self.members_sha256,
            "breakdown": self.breakdown,
            "unallocated": self.unallocated,
        }


def scope_for(
    plan: Plan, frame: Frame, window: Window, *, at: date, known: datetime, atlas: Atlas | None = None
) -> Scope:
    """The four coordinates for a plan's figure in a frame."""
    atlas = atlas or Atlas(known)
    return Scope(window, at, known, ground(frame, atlas=atlas, scope=plan.scope_id, signed=plan.signed, at=at))


def compute(plan: Plan, indicator_id: str, frame: Frame, window: Window, *, at: date, known: datetime) -> Figure:
    """The figure over `window`, read on `at`, as known at `known`."""
    indicator = INDICATORS[indicator_id]
    atlas = Atlas(known)
    scope = scope_for(plan, frame, window, at=at, known=known, atlas=atlas)
    groups = indicator.by_group(scope, indicator.spec.place, scope.ground.groups)
    codes = dict(OrganisationUnit.objects.filter(pk__in=[g for g in groups if g]).values_list("pk", "code"))
    breakdown = sorted(
        ({"unit": codes[g], "value": n} for g, n in groups.items() if g), key=lambda row: str(row["unit"])
    )
    ids = indicator.member_ids(scope)
    excluded = indicator.excluded_counts(scope)
    duplicates = indicator.duplicates(scope).count()
    return Figure(
        indicator=indicator,
        scope=scope,
        frame=frame,
        value=indicator.value(scope),
        flag="final" if at >= window.end and known >= end_of_day(window.end) else "provisional",
        breakdown=breakdown,
        unallocated=groups.get(None, 0),
        readings=judged_readings(plan, indicator, scope),
        member_ids=ids,
        candidates=indicator.candidates(scope).count(),
        excluded=excluded,
        duplicates=duplicates,
    )


def judged_readings(plan: Plan, indicator: Indicator, scope: Scope) -> list[Reading]:
    """Every reading of every target of the indicator, at the scope's two dates and in its frame."""
    found: list[Reading] = []
    values: dict[Window, int] = {}
    for target in targets_of(plan, indicator.spec.id):
        for reading, window in target.windows():
            if window not in values:
                values[window] = indicator.value(Scope(window, scope.at, scope.known, scope.ground))
            found.append(_reading(target, reading, values[window], scope.at))
    return found


def _reading(target: Target, reading: dict[str, Any], value: int, at: date) -> Reading:
    verdict = judge(value, target.value, target.operator, horizon=target.horizon, at=at)
    return Reading(
        label=reading["label"],
        basis=reading["basis"],
        words=reading["words"],
        horizon=target.horizon,
        operator=target.operator,
        target=target.value,
        value=value,
        verdict=verdict.value,
        source=f"{target.place}: “{target.words}”",
        span=(target.span[0], target.span[1]),
    )


def first_time(plan: Plan, indicator_id: str, scope: Scope) -> int:
    """How many members of the window are counted for the first time since the plan ("tăng thêm")."""
    indicator = INDICATORS[indicator_id]
    if not indicator.spec.distinct:
        return indicator.value(scope)
    since = Scope(plan.cumulative_window(scope.last), scope.at, scope.known, scope.ground)
    return indicator.among_members(since).filter(**{f"{indicator.order()[0]}__gte": scope.first}).count()


def of_unit(indicator_id: str, scope: Scope, unit_id: int) -> int:
    """The figure counted in the records that one unit keeps."""
    indicator = INDICATORS[indicator_id]
    return indicator.by_group(scope, indicator.spec.keeper).get(unit_id, 0)


def recompute(frozen: FrozenFigure) -> Figure:
    """The frozen figure computed again at its own dates, window and frame, with today's code."""
    window = Window(frozen.first, frozen.last)
    return compute(frozen.plan, frozen.indicator, Frame(frozen.frame), window, at=frozen.at, known=frozen.known)


def today_of(frozen: FrozenFigure) -> Figure:
    """The same question asked with what is known now."""
    window = Window(frozen.first, frozen.last)
    return compute(frozen.plan, frozen.indicator, Frame(frozen.frame), window, at=frozen.at, known=clock.now())


def definition_approved(indicator: Indicator) -> bool:
    """The code's definition is one that was approved."""
    return DefinitionApproval.objects.filter(
        indicator=indicator.spec.id, definition_sha256=indicator.definition_sha256(), step="approved"
    ).exists()


def definition_steps(indicator: Indicator) -> list[DefinitionApproval]:
    """The definition's life, oldest first."""
    return list(DefinitionApproval.objects.filter(indicator=indicator.spec.id))


def people_names(ids: Iterator[int] | list[int]) -> dict[int, str]:
    """Names in force of people."""
    return dict(PersonFacts.objects.live().filter(person_id__in=list(ids)).values_list("person_id", "full_name"))
