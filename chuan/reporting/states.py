"""Figures at a province's size, where no page can count anew: computed in the worker, shown with their as-of.

Where one register is large all figures are kept; at an office's size all are live.

    the supervisor looks   renewal.py: keep_up: is any standing question behind the ledger?
      └─ one job           renewal.py: refresh_next: the one most wanted, computed by the indicator itself
           └─ FigureState  value, readings, breakdown, reasons, the three lists of rows; definition, position, as-of
    a page asks            current(question): the state where some register is large, else the figure computed live
      └─ Figure            either way the same properties and lists; `as_of` says which it is

A page writes nothing. Figures that are frozen, confirmed by units or verified are asked of `queries`, not of this.
"""

import time
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, Q, QuerySet

from chuan.audit import memory
from chuan.audit.models import AuditEntry
from chuan.lib.dates import Window, day_of
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import members, queries
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.engine import Tally
from chuan.reporting.models import FigureState, StateRows
from chuan.reporting.pace import years_before
from chuan.reporting.queries import AsOf, Figure, Listing, Named
from chuan.reporting.readings import Reading

SINCE_PLAN = FigureState.SINCE_PLAN
#: Entries of these contexts change no row that an indicator or a target reads (tested).
IDLE = ("accounts.", "reporting.")
_figures: memory.Memory[Figure] = memory.Memory(size=64)
_plans: memory.Memory[Plan] = memory.Memory(size=4)
#: Seconds for which a process that found no large register believes that there is none.
LOOK = 60
#: When this process last found none.
_found_none: list[float] = []


@dataclass(frozen=True)
class Question:
    """What a page asks of an indicator: in which frame, over which report year, other days, or since the plan."""

    indicator: str
    frame: Frame = Frame.COMPARABLE
    year: int = SINCE_PLAN
    #: Days that a letter asked about; of these no state is kept.
    days: Window | None = None

    def window(self, plan: Plan, at: date) -> Window:
        """The days it counts."""
        if self.days is not None:
            return self.days
        return plan.year_window(self.year) if self.year else plan.cumulative_window(at)

    def beside(self, plan: Plan, at: date) -> list[Window]:
        """Windows that its page shows too: every year's, and those that tell what is new in a year."""
        firsts = queries.first_time_windows(plan, self.window(plan, at), at) if self.year or self.days else ()
        return [*queries.year_windows(plan, at).values(), *(window for window in firsts if window)]

    @property
    def keys(self) -> dict[str, Any]:
        """Columns that tell its state from others: one of another definition is none of its."""
        sha256 = INDICATORS[self.indicator].definition_sha256()
        return {"indicator": self.indicator, "definition_sha256": sha256, "frame": self.frame, "year": self.year}


@dataclass(frozen=True)
class StoredFigure(Figure):
    """A figure that the worker computed; its lists are read from the state, a block at a time."""

    state: FigureState = field(kw_only=True)

    @property
    def member_ids(self) -> list[int]:
        """As the live figure's."""
        return sorted(self._ids(Listing.COUNTED))

    @property
    def members_sha256(self) -> str:
        """As the live figure's."""
        return self.state.members_sha256

    def page(self, listing: Listing, named: Named, start: int, stop: int) -> list[Any]:
        """The rows by their identities: nothing is ranked or sorted anew."""
        if listing == Listing.DOUBLES:
            both = self._ids(listing, 2 * start, 2 * stop)
            rows = self._rows(both[::2], self.indicator.candidates(self.scope), named)
            for row, other in zip(rows, both[1::2], strict=True):
                row.counted_in = other
            return rows
        excluded = listing == Listing.EXCLUDED
        among = self.indicator.excluded(self.scope) if excluded else self.indicator.candidates(self.scope)
        return self._rows(self._ids(listing, start, stop), among, named)

    def _rows(self, ids: list[int], among: QuerySet[Any], named: Named) -> list[Any]:
        member = self.indicator.spec.member
        found = {getattr(row, member): row for row in named(among.filter(**{f"{member}__in": ids}))}
        return [found[pk] for pk in ids]

    def _ids(self, listing: Listing, start: int = 0, stop: int | None = None) -> list[int]:
        size = StateRows.SIZE
        blocks = self.state.blocks.filter(listing=listing, number__gte=start // size).order_by("number")
        if stop is not None:
            blocks = blocks.filter(number__lte=stop // size)
        ids = [pk for packed in blocks.values_list("ids", flat=True) for pk in members.unpack(packed)]
        skipped = start // size * size
        return ids[start - skipped : None if stop is None else stop - skipped]


def current(plan: Plan, question: Question, *, at: date, known: datetime) -> Figure:
    """The figure for a page: from its state where registers are large and today is asked for, else live.

    A live one is remembered until something is written that it was read from.
    """
    for state in _kept(plan, Q(**question.keys)) if at == day_of(known) and question.days is None else ():
        return stored(plan, state)

    def compute() -> Figure:
        figure = live(plan_with_targets(plan.pk), question, at=at, known=max(known, memory.known()))
        # What its page shows too is read now, so that it is known what they were read from.
        claimed = figure.indicator.is_claimed(figure.scope)
        _read_further = figure.companions, figure.not_counted, claimed
        return figure

    return _figures.ask((plan.pk, question, at), compute)


def plan_with_targets(pk: int) -> Plan:
    """The plan and its targets, remembered."""
    return _plans.ask(pk, lambda: Plan.objects.prefetch_related("targets").get(pk=pk))


def live(plan: Plan, question: Question, *, at: date, known: datetime) -> Figure:
    """The figure computed for whoever asks."""
    window, beside = question.window(plan, at), question.beside(plan, at)
    indicator, frame, back = question.indicator, question.frame, years_before(at)
    return queries.compute(plan, indicator, frame, window, at=at, known=known, also=beside, back=back)


def whole(plan: Plan, question: Question, *, at: date, known: datetime) -> tuple[Figure, dict[Listing, list[int]]]:
    """The live figure with all its lists: what the worker keeps is what `members()` and the rest of it answer."""
    figure = live(plan, question, at=at, known=known)
    lists = {listing: figure.identities(listing) for listing in Listing}
    vars(figure)["member_ids"] = sorted(lists[Listing.COUNTED])
    return figure, lists


def stored(plan: Plan, state: FigureState) -> StoredFigure:
    """The figure that a state holds."""
    window = Window(state.first, state.last)
    figure = StoredFigure(
        indicator=INDICATORS[state.indicator],
        scope=queries.scope_for(plan, Frame(state.frame), window, at=state.at, known=state.known),
        frame=Frame(state.frame),
        value=state.value,
        flag=state.flag,
        readings=readings(state),
        in_windows={Window(*map(date.fromisoformat, days)): n for *days, n in state.in_windows},
        as_of=as_of(state),
        state=state,
    )
    tally = Tally(state.candidates, state.qualifying, dict(state.excluded))
    pairs = {name: dict(getattr(state, name)) for name in ("groups", "keepers", "companions")}
    vars(figure).update({"_tally": tally, **pairs})
    return figure


def readings(state: FigureState) -> list[Reading]:
    """Every reading as it was judged."""
    return [Reading.of(plain) for plain in state.readings]


def as_of(state: FigureState, position: int | None = None) -> AsOf:
    """When it was computed, and whether anything that figures read was written since; `position` where it was read."""
    return AsOf(state.known, moved=state.position < (last_move() if position is None else position))


def kept(plan: Plan, year: int = SINCE_PLAN) -> dict[str, FigureState]:
    """The state of each figure on the plan's ground; no query where no register is large."""
    wanted = Q()
    for code in INDICATORS:
        wanted |= Q(**Question(code, year=year).keys)
    return {state.indicator: state for state in _kept(plan, wanted)}


def forget() -> None:
    """Look for states and records, and compute, again when next asked."""
    queries.forget()
    memory.forget()
    _found_none.clear()


def _kept(plan: Plan, wanted: Q) -> list[FigureState]:
    """The states wanted, where some register is large: an office pays two queries a minute to learn that none is."""
    if _found_none and time.monotonic() - _found_none[0] < LOOK:
        return []
    large = FigureState.objects.filter(candidates__gt=settings.LIVE_ROWS)
    found = list(FigureState.objects.filter(wanted, Exists(large), plan=plan))
    if not found and not large.exists():
        _found_none[:] = [time.monotonic()]
    return found


def moved() -> QuerySet[AuditEntry]:
    """Entries that could change a figure."""
    idle = Q()
    for context in IDLE:
        idle |= Q(action__startswith=context)
    return AuditEntry.objects.exclude(idle)


def last_move() -> int:
    """Number of the last of them."""
    return moved().order_by("-seq").values_list("seq", flat=True).first() or 0
