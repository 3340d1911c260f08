"""Figures computed live: value, breakdown, readings, members, reasons."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet, Value

from chuan.audit import memory
from chuan.lib.dates import Window
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.territory import Atlas, Frame, ground
from chuan.programme.models import Plan
from chuan.reporting import members as packed
from chuan.reporting.evidence import evidence_of
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.engine import Ask, Indicator, Spec, Tally
from chuan.reporting.indicators.scope import Scope
from chuan.reporting.models import DefinitionApproval, FrozenFigure
from chuan.reporting.readings import Reading, wanted

#: Adds to the rows of a list what shows them to a reader.
Named = Callable[[QuerySet[Any]], QuerySet[Any]]


class Listing(StrEnum):
    """A list of the records behind a figure."""

    COUNTED = "counted"
    EXCLUDED = "excluded"
    DOUBLES = "doubles"


@dataclass(frozen=True)
class AsOf:
    """When a figure that was computed beforehand was computed, and whether the registers have changed since."""

    instant: datetime
    moved: bool


@dataclass(frozen=True)
class Figure:
    """A figure computed now. Value and readings are known at once; what stands behind them is read when asked for."""

    indicator: Indicator
    scope: Scope
    frame: Frame
    value: int
    flag: str
    readings: list[Reading]
    #: The figure in every window that was asked for together with it.
    in_windows: Mapping[Window, int] = field(default_factory=dict)
    #: None where it was computed for whoever asks.
    as_of: AsOf | None = None

    @cached_property
    def _tally(self) -> Tally:
        return self.indicator.tally(self.scope)

    @property
    def candidates(self) -> int:
        """Rows that could be counted."""
        return self._tally.candidates

    @property
    def excluded(self) -> dict[str, int]:
        """Reason → how many rows it excludes."""
        return self._tally.excluded

    @property
    def counted(self) -> int:
        """Rows that the figure stands for."""
        return counted_rows(self.indicator.spec, self.value, self._tally.qualifying)

    @property
    def duplicates(self) -> int:
        """Rows whose identity is counted through another row."""
        return self._tally.qualifying - self.counted

    @property
    def not_counted(self) -> int:
        """Rows that fail a condition."""
        return self._tally.candidates - self._tally.qualifying

    @cached_property
    def member_ids(self) -> list[int]:
        """Sorted identities of the rows that the figure stands for."""
        return self.indicator.member_ids(self.scope)

    def listed(self, listing: Listing, named: Named = lambda rows: rows) -> QuerySet[Any]:
        """The rows of a list in the order in which it is read."""
        indicator, scope = self.indicator, self.scope
        if listing == Listing.COUNTED:
            # As they came to be counted.
            return named(indicator.members(scope)).order_by(*indicator.order())
        if listing == Listing.EXCLUDED:
            return indicator.in_reading_order(scope, named(indicator.excluded(scope)))
        return named(indicator.duplicates(scope)).order_by(indicator.spec.member)

    def page(self, listing: Listing, named: Named, start: int, stop: int) -> list[Any]:
        """Some rows of a list, as numbered in its order; each double with `counted_in`."""
        return list(self.listed(listing, named)[start:stop])

    def identities(self, listing: Listing) -> list[int]:
        """The members of every row of a list, in its order; after each double the member through which it counts."""
        member = self.indicator.spec.member
        if listing != Listing.DOUBLES:
            return list(self.listed(listing).values_list(member, flat=True))
        if not self.indicator.spec.distinct:
            return []
        return [pk for pair in self.listed(listing).values_list(member, "counted_in") for pk in pair]

    @cached_property
    def groups(self) -> dict[int | None, int]:
        return self.indicator.by_group(self.scope, self.indicator.spec.place, self.scope.ground.groups)

    @cached_property
    def keepers(self) -> dict[int | None, int]:
        """The figure of each unit that keeps records, counted in its own."""
        return self.indicator.by_keeper(self.scope)

    @cached_property
    def breakdown(self) -> list[dict[str, Any]]:
        """[{unit code, value}] in order of code; distinct counts are not additive."""
        codes = dict(OrganisationUnit.objects.filter(pk__in=[g for g in self.groups if g]).values_list("pk", "code"))
        rows = ({"unit": codes[g], "value": n} for g, n in self.groups.items() if g)
        return sorted(rows, key=lambda row: str(row["unit"]))

    @property
    def unallocated(self) -> int:
        """What lies in scope but in no unit of the breakdown."""
        return self.groups.get(None, 0)

    @cached_property
    def companions(self) -> dict[str, int]:
        """Numbers told beside the figure and never added to it, by the code of their words."""
        return self.indicator.companions(self.scope)

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


def counted_rows(spec: Spec, value: int, qualifying: int) -> int:
    """How many rows a figure stands for: one for each identity, or every one that qualifies."""
    return value if spec.distinct and not spec.weight else qualifying


def scope_for(
    plan: Plan, frame: Frame, window: Window, *, at: date, known: datetime, atlas: Atlas | None = None
) -> Scope:
    """The four coordinates for a plan's figure in a frame."""
    atlas = atlas or Atlas(known)
    found = ground(frame, atlas=atlas, scope=plan.scope_id, signed=plan.signed, at=at)
    return Scope(window, at, known, found, plan.signed)


def compute(
    plan: Plan,
    indicator_id: str,
    frame: Frame,
    window: Window,
    *,
    at: date,
    known: datetime,
    atlas: Atlas | None = None,
    also: Sequence[Window] = (),
    back: date | None = None,
    judged: bool = True,
) -> Figure:
    """The figure over `window`, in every reading's and in some further windows: one query.

    `atlas` where one was read for that instant; `back` where open readings tell their value of an earlier day too; not
    `judged`, it is held against no target.
    """
    indicator = INDICATORS[indicator_id]
    scope = scope_for(plan, frame, window, at=at, known=known, atlas=atlas)
    readings = list(wanted(plan, indicator_id, scope, back)) if judged else []
    further = {w: Ask(scope.over(w)) for w in (window, *also)}
    asks = {ask.key: ask for ask in [*further.values(), *(ask for reading in readings for ask in reading.asks)]}
    empty = is_empty(indicator_id)
    answers = [0] * len(asks) if empty else indicator.values(list(asks.values()))
    values = dict(zip(asks, answers, strict=True))
    known_already = _nothing(indicator) if empty else {}
    if not empty and readings and not any(answers):
        # The rows are told apart once: the page asks for the same counts.
        known_already = {"_tally": indicator.tally(scope)}
    # An empty register misses no target.
    recorded = "_tally" not in known_already or known_already["_tally"].candidates > 0
    figure = Figure(
        indicator=indicator,
        scope=scope,
        frame=frame,
        value=values[further[window].key],
        flag="final" if at >= window.end else "provisional",
        readings=[reading.judged(values, at, recorded=recorded) for reading in readings],
        in_windows={w: values[ask.key] for w, ask in further.items()},
    )
    vars(figure).update(known_already)
    return figure


#: Figures of which a record was once seen by this process: none is ever deleted, so it is not looked for again.
_begun: set[str] = set()


def is_empty(indicator_id: str) -> bool:
    """Nothing was ever recorded that the figure could count, so there is nothing to ask of it."""
    if indicator_id not in _begun and evidence_of(indicator_id).model._default_manager.exists():
        _begun.add(indicator_id)
    return indicator_id not in _begun


def forget() -> None:
    """Look again whether anything was recorded."""
    _begun.clear()


def _nothing(indicator: Indicator) -> dict[str, Any]:
    """What a figure's properties are where nothing was recorded."""
    return {
        "_tally": Tally(0, 0, {}),
        "member_ids": [],
        "groups": {},
        "keepers": {},
        "companions": dict.fromkeys(indicator.told, 0),
    }


def report_year(plan: Plan, day: date) -> int:
    """The report year that the day falls in, also before the plan had any."""
    closes = (plan.year_closes["month"], plan.year_closes["day"])
    return day.year + (day > Window.annual(day.year, closes=closes).end)


def year_windows(plan: Plan, at: date) -> dict[int, Window]:
    """The window of each report year since the plan, up to the one that holds the day; none before the plan."""
    first = report_year(plan, plan.signed)
    return {year: plan.year_window(year) for year in range(first, report_year(plan, at) + 1)}


def first_time_windows(plan: Plan, window: Window, at: date) -> tuple[Window, Window | None]:
    """From the plan to the window's end, and to the day before it begins: what lies between is counted first in it."""
    eve = window.start - timedelta(days=1)
    return plan.cumulative_window(min(window.end, at)), Window(plan.signed, eve) if eve >= plan.signed else None


def first_time(figure: Figure, windows: tuple[Window, Window | None]) -> int | None:
    """How many members of the window are counted for the first time since the plan ("tăng thêm"); a level has none."""
    if figure.indicator.spec.level:
        return None
    if not figure.indicator.spec.distinct:
        return figure.value
    since, before = windows
    return figure.in_windows[since] - (figure.in_windows[before] if before else 0)


@dataclass(frozen=True)
class Share:
    """A unit's own figure, and how many records stand behind it."""

    value: int
    #: Not counted where many units are asked about at once.
    records: int | None = None


def of_unit(indicator_id: str, scope: Scope, unit_id: int) -> int:
    """The figure counted in the records that one unit keeps or claims; the others' are not read."""
    return shares([indicator_id], scope, unit_id)[indicator_id].value


def shares(indicator_ids: Iterable[str], scope: Scope, unit_id: int, *, had: Iterable[str] = ()) -> dict[str, Share]:
    """What one unit's records, kept or claimed, come to, one query for all figures.

    Of the figures in `had` all candidates that it keeps or claims are counted, whether they count or not.
    """
    asked = [_counted(code, scope, unit_id, own=True) for code in indicator_ids]
    asked += [_counted(code, scope, unit_id, own=False) for code in had]
    rows = asked[0].union(*asked[1:], all=True) if asked else ()
    return {code: Share(int(n or 0), records) for code, n, records in rows}


def _counted(code: str, scope: Scope, unit_id: int, *, own: bool) -> QuerySet[Any, tuple[str, int, int]]:
    indicator = INDICATORS[code]
    rows = indicator.own(scope) if own else indicator.candidates(scope)
    told = indicator.had_by(scope, unit_id, rows).order_by().annotate(code=Value(code)).values("code")
    totals = {"n": indicator.total(), "records": Count(indicator.spec.member)}
    found: QuerySet[Any, tuple[str, int, int]] = told.annotate(**totals).values_list("code", "n", "records")
    return found


def of_units(indicator_ids: Iterable[str], scope: Scope) -> dict[str, dict[int, int]]:
    """Figures counted in the records of every unit that has some: figure → unit → value; one query a figure."""
    found = {code: _of_keepers(INDICATORS[code], scope) for code in indicator_ids}
    return {code: {unit: n for unit, n in values.items() if unit is not None} for code, values in found.items()}


def concerned(indicator_ids: Iterable[str], scope: Scope) -> dict[str, set[int | None]]:
    """Units that keep or claim a record of each figure, counted or not; two queries a figure."""
    return {code: INDICATORS[code].concerned(scope) for code in indicator_ids if not is_empty(code)}


def _of_keepers(indicator: Indicator, scope: Scope) -> dict[int | None, int]:
    return {} if is_empty(indicator.spec.id) else indicator.by_keeper(scope)


def members_of_unit(indicator_id: str, scope: Scope, unit_id: int) -> str:
    """Hash of the rows behind a unit's share: every one that it keeps or claims, second rows of a person too."""
    indicator = INDICATORS[indicator_id]
    rows = indicator.had_by(scope, unit_id, indicator.own(scope))
    return packed.sha256(rows.order_by().values_list(indicator.spec.member, flat=True))


def recompute(frozen: FrozenFigure) -> Figure:
    """The frozen figure computed again at its own dates, window and frame, with today's code."""
    window = Window(frozen.first, frozen.last)
    return compute(frozen.plan, frozen.indicator, Frame(frozen.frame), window, at=frozen.at, known=frozen.known)


def today_of(frozen: FrozenFigure) -> tuple[Scope, list[int], int]:
    """The same question asked with what is known now: its scope, its members and its value."""
    indicator, window = INDICATORS[frozen.indicator], Window(frozen.first, frozen.last)
    scope = scope_for(frozen.plan, Frame(frozen.frame), window, at=frozen.at, known=memory.known())
    weights = indicator.member_weights(scope)
    return scope, sorted(weights), sum(weights.values())


def definition_approved(indicator: Indicator) -> bool:
    """The code's definition is one that was approved."""
    return DefinitionApproval.objects.filter(
        indicator=indicator.spec.id, definition_sha256=indicator.definition_sha256(), step="approved"
    ).exists()


def approved_definitions() -> set[tuple[str, str]]:
    """(indicator, hash) of every definition that was approved."""
    return set(DefinitionApproval.objects.filter(step="approved").values_list("indicator", "definition_sha256"))


def definition_steps(indicator: Indicator) -> list[DefinitionApproval]:
    """The definition's life, oldest first."""
    return list(DefinitionApproval.objects.filter(indicator=indicator.spec.id))
