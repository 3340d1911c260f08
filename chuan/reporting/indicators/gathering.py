"""Everything that a page says of a figure, read in two passes: over what could count in some window, and over all rows.

The engine asks one question at a time, which is best where a page shows one tab; who keeps all answers reads the same
rows of the same conditions once and adds them up here.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, Value, When

from chuan.reporting.indicators.engine import Ask, Indicator, Tally
from chuan.reporting.indicators.scope import Scope


@dataclass(frozen=True)
class Counted:
    """What the qualifying rows give."""

    #: One for each ask.
    values: list[int]
    #: The first ask's value in each unit of the breakdown.
    groups: dict[int | None, int]
    #: Members of the first ask as they came to be counted; then the doubles by identity, each with what counts it.
    members: list[int]
    doubles: list[tuple[int, int]]

    @property
    def qualifying(self) -> int:
        """Rows of the first ask of which every condition holds."""
        return len(self.members) + len(self.doubles)


def count(indicator: Indicator, asks: Sequence[Ask]) -> Counted:
    """The asks' values and what stands behind the first; one query."""
    rows = _could_count(indicator, asks)
    values = [_reduced(indicator, rows, ask) for ask in range(len(asks))]
    mine = [row for row in rows if row[_ASKED] & 1]
    places = asks[0].scope.ground.groups
    by_group: dict[int | None, list[Any]] = defaultdict(list)
    for row in mine:
        by_group[places.get(row[_PLACE])].append(row)
    groups = {group: _reduced(indicator, found, 0) for group, found in by_group.items()}
    counted_in: dict[Any, int] = {}
    members, doubles = [], []
    for row in mine:
        member = row[_MEMBER]
        first = counted_in.setdefault(row[_KEY], member) if indicator.spec.distinct else member
        if first == member:
            members.append(member)
        else:
            doubles.append((member, first))
    return Counted(values, {g: n for g, n in groups.items() if n}, members, sorted(doubles))


#: Columns of a row: its member, whose identity it is, its place and weight; bit n is set where ask n counts it.
_MEMBER, _KEY, _PLACE, _WEIGHT, _ASKED = range(5)


def _could_count(indicator: Indicator, asks: Sequence[Ask]) -> list[Any]:
    """Rows of which all holds that the asks share, in the order in which identities are counted."""
    spec, first = indicator.spec, asks[0].scope
    windowed = {condition.code for condition in indicator.in_window(first)}
    rows = indicator.candidates(first)
    for condition in indicator.conditions(first):
        if condition.code not in windowed:
            rows = rows.filter(condition.holds)
    asked: Any = _flag(indicator, asks[0], 0)
    for bit, ask in enumerate(asks[1:], 1):
        asked = asked + _flag(indicator, ask, bit)
    columns = (spec.member, spec.distinct or spec.member, spec.place, spec.weight or spec.member)
    return list(rows.annotate(asked=asked).order_by(*indicator.order()).values_list(*columns, "asked"))


def _flag(indicator: Indicator, ask: Ask, bit: int) -> Case:
    own = indicator.variant(ask.scope, ask.variant)
    for condition in indicator.in_window(ask.scope):
        own &= condition.holds
    if ask.part:
        own &= indicator.parts(ask.scope)[ask.part]
    return Case(When(own, then=Value(1 << bit)), default=Value(0), output_field=BigIntegerField())


def _reduced(indicator: Indicator, rows: Sequence[Any], ask: int) -> int:
    bit = 1 << ask
    if indicator.spec.weight:
        return sum(row[_WEIGHT] for row in rows if row[_ASKED] & bit)
    return len({row[_KEY] for row in rows if row[_ASKED] & bit})


@dataclass(frozen=True)
class Judged:
    """What all candidates give: how many of each sort, and those that are not counted in the order of reading."""

    tally: Tally
    excluded: list[int]


def judge(indicator: Indicator, scope: Scope) -> Judged:
    """Every candidate with the conditions that it fails; one query, in the order in which the table holds them."""
    member, conditions = indicator.spec.member, indicator.conditions(scope)
    windowed = {condition.code for condition in indicator.in_window(scope)}
    mask = sum(1 << bit for bit, condition in enumerate(conditions) if condition.code in windowed)
    sorts: Counter[int] = Counter()
    read: dict[int, list[int]] = defaultdict(list)
    # In the order of the table SQLite reads it once through, else it looks each row up. All at once: PostgreSQL plans a
    # cursor for its first rows and takes twice the time for all (tried).
    for fails, pk in indicator.flagged(scope).order_by("pk").values_list("fails", member):
        sorts[fails] += 1
        if fails:
            read[fails & mask].append(pk)
    excluded = {c.code: sum(n for fails, n in sorts.items() if fails >> b & 1) for b, c in enumerate(conditions)}
    tally = Tally(sorts.total(), sorts[0], {code: n for code, n in excluded.items() if n})
    return Judged(tally, [pk for _masked, pks in sorted(read.items()) for pk in sorted(pks)])
