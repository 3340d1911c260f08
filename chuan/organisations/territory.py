"""Frames: which ground and which employers a figure counts, on which days, and under which unit it shows a place.

Three frames, never added to one another:

- *comparable*: the ground the plan was made for, whatever province it lies in later (the headline);
- *as of now*: today's province with everything on its ground, at all dates;
- *as it was*: the province's borders on the day of the event.

All three are derived from unit versions and successions as known at an instant, so a frozen figure recomputes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chuan.audit import memory
from chuan.organisations.models import Succession, UnitVersion
from chuan.organisations.rules import TERRITORIAL, Period, SuccessionScope, UnitKind


class Frame(TextChoices):
    """Whose borders count."""

    COMPARABLE = "comparable", _("Địa bàn của Kế hoạch (so sánh được)")
    AS_OF_NOW = "as_of_now", _("Địa bàn hiện nay")
    AS_IT_WAS = "as_it_was", _("Địa giới tại thời điểm diễn ra")


@dataclass(frozen=True)
class Span:
    """Days during which one set of places and employers is in scope."""

    period: Period
    places: frozenset[int]
    employers: frozenset[int]


@dataclass(frozen=True)
class Ground:
    """A frame made concrete: its spans, every place whose scope is certain, and the unit a place shows under."""

    frame: Frame
    spans: tuple[Span, ...]
    #: place → unit of the breakdown; a place in scope that is missing here is "chưa phân bổ".
    groups: Mapping[int, int] = field(default_factory=dict)
    #: Places of which a part may be in scope: what happened there without a closer place is of unknown scope.
    vague: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Version:
    unit: int
    parent: int | None
    period: Period


class Atlas:
    """Units and successions as known at an instant, read once (two queries), asked many times."""

    def __init__(self, known: datetime) -> None:
        rows = (
            UnitVersion.objects.known(known)
            .order_by()
            .values_list("unit_id", "unit__kind", "parent_id", "valid_from", "valid_to")
        )
        self.kinds: dict[int, str] = {}
        self.versions = []
        for unit, kind, parent, start, end in rows:
            self.kinds[unit] = kind
            self.versions.append(_Version(unit, parent, Period(start, end)))
        passed = Succession.objects.known(known).filter(scope=SuccessionScope.TERRITORY)
        self.passed = list(passed.values_list("predecessor_id", "successor_id", "event__on"))

    @classmethod
    def now(cls) -> "Atlas":
        """As known now, for pages: remembered until a unit or a succession is written."""
        return _atlas.ask("now", lambda: cls(memory.known()))

    @cached_property
    def after(self) -> dict[int, set[int]]:
        """Territorial successors of each unit."""
        return _grouped((before, after) for before, after, _on in self.passed)

    @cached_property
    def before(self) -> dict[int, set[int]]:
        """Territorial predecessors of each unit."""
        return _grouped((after, before) for before, after, _on in self.passed)

    @cached_property
    def above(self) -> dict[int, set[int]]:
        """Every unit below which each unit was in some version."""
        return _grouped((v.unit, v.parent) for v in self.versions if v.parent)

    def descendants(self, root: int, overlaps: Period) -> set[int]:
        """The unit and all units below it in versions that share a day with the period."""
        children = _grouped((v.parent, v.unit) for v in self.versions if v.parent and v.period.overlaps(overlaps))
        return _closure({root}, lambda unit: children.get(unit, set()))

    def territories(self, units: Iterable[int]) -> frozenset[int]:
        """Those of the units that are places."""
        return frozenset(u for u in units if self.kinds.get(u) in TERRITORIAL)

    def below_ever(self, roots: set[int]) -> set[int]:
        """The roots and every unit that was below one of them in any version."""
        children = _grouped((v.parent, v.unit) for v in self.versions if v.parent)
        return _closure(set(roots), lambda unit: children.get(unit, set()))

    def exists_on(self, unit: int, day: date) -> bool:
        """The unit has a version in force on the day."""
        return any(v.unit == unit and v.period.contains(day) for v in self.versions)

    def province_spans(self, scope: int) -> list[tuple[int, Period]]:
        """The plan's province and what it became, each with its days."""
        spans: list[tuple[int, Period]] = []
        unit, start = scope, None
        while True:
            passed = [(on, a) for b, a, on in self.passed if b == unit and self.kinds.get(a) == UnitKind.PROVINCE]
            on, successor = min(passed, default=(None, None))
            spans.append((unit, Period(start, on)))
            if successor is None:
                return spans
            unit, start = successor, on


def comparable(atlas: Atlas, scope: int, signed: date) -> Ground:
    """The ground of the plan's province on the day it was signed, and what that ground became.

    A successor belongs to it only when all of its ground came from it: the merged province does not.
    """
    places = set(atlas.territories(_below_on(atlas, scope, signed)))
    grown = True
    while grown:
        new = {a for b in places for a in atlas.after.get(b, ()) if a not in places and atlas.before[a] <= places}
        places |= new
        grown = bool(new)
    places |= atlas.territories(atlas.below_ever({p for p in places if p != scope}))
    employers = atlas.below_ever(places)
    districts = {p for p in places if atlas.kinds.get(p) == UnitKind.DISTRICT and atlas.exists_on(p, signed)}
    groups = {p: g for p in places if (g := _only(_climb(atlas, p, districts))) is not None}
    wider = _closure(set(places), lambda unit: atlas.after.get(unit, set())) - places
    span = Span(Period(None, None), frozenset(places), frozenset(employers))
    return Ground(Frame.COMPARABLE, (span,), groups, atlas.territories(wider))


def as_of_now(atlas: Atlas, scope: int, at: date) -> Ground:
    """Everything that lies in the province of the day `at`, with the units that stood on its ground before."""
    province = next(u for u, period in reversed(atlas.province_spans(scope)) if period.contains(at))
    today = atlas.territories(_below_on(atlas, province, at))
    places = _closure(set(today), lambda unit: atlas.before.get(unit, set()))
    places |= atlas.territories(atlas.below_ever(places))
    employers = atlas.below_ever(places)
    communes = {p for p in today if atlas.kinds.get(p) == UnitKind.COMMUNE}
    groups = {}
    for place in places:
        ends = _closure({place}, lambda unit: atlas.after.get(unit, set())) & communes
        if len(ends) == 1:
            groups[place] = next(iter(ends))
    return Ground(Frame.AS_OF_NOW, (Span(Period(None, None), frozenset(places), frozenset(employers)),), groups)


def as_it_was(atlas: Atlas, scope: int) -> Ground:
    """Each day by the borders of that day; places show under themselves."""
    spans, groups = [], {}
    for province, period in atlas.province_spans(scope):
        inside = atlas.descendants(province, period)
        places = atlas.territories(inside)
        spans.append(Span(period, places, frozenset(inside)))
        groups.update({p: p for p in places if atlas.kinds.get(p) != UnitKind.PROVINCE})
    return Ground(Frame.AS_IT_WAS, tuple(spans), groups)


def ground(frame: Frame, *, atlas: Atlas, scope: int, signed: date, at: date) -> Ground:
    """The frame made concrete for a plan with the territorial scope `scope`, signed on `signed`, read on `at`."""
    if frame == Frame.COMPARABLE:
        return comparable(atlas, scope, signed)
    if frame == Frame.AS_OF_NOW:
        return as_of_now(atlas, scope, at)
    return as_it_was(atlas, scope)


def _below_on(atlas: Atlas, root: int, day: date) -> set[int]:
    children = _grouped((v.parent, v.unit) for v in atlas.versions if v.parent and v.period.contains(day))
    return _closure({root}, lambda unit: children.get(unit, set()))


def _climb(atlas: Atlas, place: int, goals: set[int]) -> set[int]:
    """The goals from which the place came or below which it lies."""
    if place in goals:
        return {place}
    seen = _closure({place}, lambda unit: atlas.before.get(unit, set()) | atlas.above.get(unit, set()))
    return seen & goals


def _only(units: set[int]) -> int | None:
    return next(iter(units)) if len(units) == 1 else None


def _grouped(pairs: Iterable[tuple[int | None, int | None]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for key, value in pairs:
        if key is not None and value is not None:
            found.setdefault(key, set()).add(value)
    return found


def _closure(start: set[int], step: Callable[[int], set[int]]) -> set[int]:
    seen, todo = set(start), list(start)
    while todo:
        for unit in step(todo.pop()):
            if unit not in seen:
                seen.add(unit)
                todo.append(unit)
    return seen


_atlas: memory.Memory[Atlas] = memory.Memory(size=1)
