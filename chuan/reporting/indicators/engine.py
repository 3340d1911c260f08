"""How every figure follows from its conditions: one place decides what a member is and why another row is none.

A condition *holds* or it does not (unknown is "does not"): members satisfy all conditions, every other candidate
fails at least one, so candidates = members + duplicates + excluded by construction.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models import Window as Over
from django.db.models.functions import FirstValue, RowNumber

from chuan.ledger.models import known_q
from chuan.lib import canonical
from chuan.lib.dates import Window
from chuan.organisations import territory
from chuan.reporting.indicators import claims, trees
from chuan.reporting.indicators.among import Among
from chuan.reporting.indicators.ground import places_on
from chuan.reporting.indicators.scope import Scope

#: Where the kinds of places and the arithmetic of periods stand, which frames rest on.
TERRITORIAL_RULES = "chuan.organisations.rules"


@dataclass(frozen=True)
class Spec:
    """What an indicator is, apart from its queries."""

    id: str
    version: int
    unit: str
    #: Table whose rows are the candidates.
    universe: str
    #: Attribute of a candidate row that is the member's identity.
    member: str
    #: Candidates that share this are one ("" where each row counts).
    distinct: str
    #: Column that is added up ("" where rows are counted).
    weight: str
    #: Place of the activity, and the unit that keeps the record.
    place: str
    keeper: str
    #: The figure is a level on the window's last day, not what happened in it.
    level: bool = False
    #: The register is one of a province's offices (10^4 rows at most), so that its rows are read and added up here.
    small: bool = False
    #: Other units than its keeper may claim a record of the register.
    claimable: bool = False


@dataclass(frozen=True)
class Condition:
    """One thing that must hold of a member; its code names the reason why another row is not counted."""

    code: str
    holds: Q


@dataclass(frozen=True)
class Ask:
    """A value that is wanted: over which scope, counted how (a reading's `counts`), and of which part."""

    scope: Scope
    variant: str = ""
    part: str = ""

    @property
    def key(self) -> tuple[Window, str, str]:
        """What tells asks of one question apart."""
        return self.scope.window, self.variant, self.part


@dataclass(frozen=True)
class Standing:
    """Why one candidate is not counted itself: its failing conditions, or the row through which its identity is."""

    reasons: tuple[str, ...]
    counted_in: int | None


@dataclass(frozen=True)
class Tally:
    """Rows of the universe: all candidates, those that qualify, and how many fail each condition."""

    candidates: int
    qualifying: int
    #: A row that fails several conditions is in several.
    excluded: dict[str, int]


class Indicator(ABC):
    """An indicator: `candidates` and `conditions` are its definition, the rest follows."""

    spec: ClassVar[Spec]
    #: Functions of other modules that decide with it; they belong to the definition.
    rests_on: ClassVar[tuple[Any, ...]] = ()
    #: Codes of the companions that are always told, zero where nothing was ever recorded.
    told: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def candidates(self, scope: Scope) -> QuerySet[Any]:
        """Every row that could be counted, as known at `scope.known`."""

    @abstractmethod
    def conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """What must hold, in the order in which reasons are given."""

    def in_window(self, scope: Scope) -> tuple[Condition, ...]:
        """Those conditions that ask for the window: the others are shared by all windows of one day."""
        return self.conditions(scope)

    def variant(self, scope: Scope, name: str) -> Q:
        """What a reading that counts in a narrower way asks besides the conditions; KeyError for one not known."""
        return {"": Q()}[name]

    def parts(self, scope: Scope) -> dict[str, Q]:
        """Kinds of members of which a target wants some, by what its rows are; none by default."""
        return {}

    def companions(self, scope: Scope) -> dict[str, int]:
        """Numbers told beside the figure and never added to it, by the code of their words."""
        return {}

    @abstractmethod
    def order(self) -> tuple[str, ...]:
        """Which of several rows of one identity is the one counted: the first in this order."""

    def qualifying(self, scope: Scope) -> QuerySet[Any]:
        """Candidates of which every condition holds, duplicates of one identity among them."""
        return self._holding(scope, self.conditions(scope))

    def own(self, scope: Scope) -> QuerySet[Any]:
        """Rows that count for the unit that keeps them: of one thing that several units record, each counts its own."""
        return self._holding(scope, self.own_conditions(scope))

    def had_by(self, scope: Scope, unit: int, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Of some candidates, those that a unit keeps or claims."""
        kept = Q(**{self.spec.keeper: unit})
        if self.spec.claimable:
            kept |= claims.of_unit(scope, self.spec.universe, self.spec.member, unit)
        return rows.filter(kept)

    def is_claimed(self, scope: Scope) -> bool:
        """Some record of the register was by then claimed by a unit beside its keeper."""
        return self.spec.claimable and claims.is_claimed(scope, self.spec.universe)

    def own_conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """All but those that ask which of several units' records of one thing is counted."""
        return self.conditions(scope)

    def _holding(self, scope: Scope, conditions: Sequence[Condition]) -> QuerySet[Any]:
        rows = self.candidates(scope)
        for condition in conditions:
            rows = rows.filter(condition.holds)
        return rows

    def members(self, scope: Scope) -> QuerySet[Any]:
        """The rows that the figure stands for, one for each identity."""
        rows: QuerySet[Any] = self.qualifying(scope)
        if not self.spec.distinct:
            return rows
        ranked: QuerySet[Any] = rows.annotate(place_in_line=self._window(RowNumber())).filter(place_in_line=1)
        return ranked

    def among_members(self, scope: Scope) -> QuerySet[Any]:
        """The members as a set to ask further: a filter on `members()` itself would be applied before the ranking."""
        ids = self.members(scope).order_by().values("pk")
        rows: QuerySet[Any] = self.candidates(scope).filter(pk__in=ids)
        return rows

    def duplicates(self, scope: Scope) -> QuerySet[Any]:
        """Rows that qualify but whose identity is counted through another row, named by `counted_in`."""
        rows = self.qualifying(scope)
        if not self.spec.distinct:
            return rows.none()
        later: QuerySet[Any] = rows.annotate(
            place_in_line=self._window(RowNumber()), counted_in=self._window(FirstValue(F(self.spec.member)))
        ).filter(place_in_line__gt=1)
        return later

    def standings(self, scope: Scope, ids: Collection[int]) -> dict[int, Standing]:
        """Of some candidates: why each is not counted, if it is not; one query.

        A row of which every condition holds and that is counted itself has neither reason nor `counted_in`.
        """
        member, distinct = self.spec.member, self.spec.distinct
        wanted = Q(**{f"{member}__in": ids})
        rows = self._flagged(scope)
        if distinct:
            # Narrowing to whole identities does not disturb the ranking within each.
            keys = self.candidates(scope).filter(wanted).order_by().values(distinct)
            rows = rows.filter(Q(**{f"{distinct}__in": keys}) | wanted).annotate(
                counted_in=self._window(FirstValue(F(member)), F("fails"))
            )
        found = {}
        for row in rows:
            pk = getattr(row, member)
            reasons = self.reasons(scope, row)
            other = row.counted_in if distinct and not reasons and row.counted_in != pk else None
            if pk in ids:
                found[pk] = Standing(reasons, other)
        return found

    def excluded(self, scope: Scope) -> QuerySet[Any]:
        """Candidates that fail a condition; `reasons` reads which."""
        failing: QuerySet[Any] = self._flagged(scope).filter(fails__gt=0)
        return failing

    def reasons(self, scope: Scope, row: Any) -> tuple[str, ...]:
        """Codes of the conditions that a row of `excluded` fails, in order."""
        return tuple(c.code for bit, c in enumerate(self.conditions(scope)) if row.fails >> bit & 1)

    def instead(self, scope: Scope, reasons: Mapping[int, Sequence[str]]) -> dict[int, int]:
        """Of candidates with their reasons: which one of several units' records of a thing is asked instead.

        Its key, in the register of such things; one query where there is such a reason, else none.
        """
        return {}

    def _flagged(self, scope: Scope) -> QuerySet[Any]:
        """Candidates with `fails`: bit n is set where condition n does not hold.

        One number instead of a column for each: Django spends a millisecond on every column of a condition.
        """
        fails: Any = Value(0)
        for bit, condition in enumerate(self.conditions(scope)):
            failing = Case(When(condition.holds, then=Value(0)), default=Value(1 << bit), output_field=IntegerField())
            fails = failing if not bit else fails + failing
        rows: QuerySet[Any] = self.candidates(scope).annotate(fails=fails)
        return rows

    def why_not(self, scope: Scope) -> Iterator[tuple[Any, tuple[str, ...]]]:
        """Each excluded row with all its failing conditions' codes, in order."""
        codes = [c.code for c in self.conditions(scope)]
        for row in self.in_reading_order(scope, self.excluded(scope)).iterator(2000):
            yield row, tuple(code for bit, code in enumerate(codes) if row.fails >> bit & 1)

    def in_reading_order(self, scope: Scope, excluded: QuerySet[Any]) -> QuerySet[Any]:
        """What merely lies outside the window comes last: a reader looks for what could have been counted in it."""
        windowed = {c.code for c in self.in_window(scope)}
        mask = sum(1 << bit for bit, c in enumerate(self.conditions(scope)) if c.code in windowed)
        return excluded.order_by(F("fails").bitand(mask), self.spec.member)

    def value(self, scope: Scope) -> int:
        """The figure."""
        return self.values((Ask(scope),))[0]

    def values(self, asks: Sequence[Ask]) -> list[int]:
        """The figure asked for in several ways on one day, as known at one instant, on one ground: one query."""
        first = asks[0].scope
        windowed = {c.code for c in self.in_window(first)}
        rows = self.candidates(first)
        for condition in self.conditions(first):
            if condition.code not in windowed:
                rows = rows.filter(condition.holds)
        flags = {ask.key[:2]: (f"counted{n}", ask) for n, ask in enumerate(asks)}
        rows = rows.annotate(**{name: self._counted(ask) for name, ask in flags.values()})
        names = [flags[ask.key[:2]][0] for ask in asks]
        if self.spec.small:
            return self._reduced(rows, first, asks, names)
        found = rows.aggregate(**{f"v{n}": self.total(Q(**{name: 1})) for n, name in enumerate(names)})
        return [int(found[f"v{n}"] or 0) for n in range(len(asks))]

    def _reduced(self, rows: QuerySet[Any], scope: Scope, asks: Sequence[Ask], names: Sequence[str]) -> list[int]:
        """The same sums over rows that are read: Django writes a flag anew into every aggregate that asks it."""
        parts = {ask.part: f"part_{ask.part}" for ask in asks if ask.part}
        told = {name: _flag(self.parts(scope)[part]) for part, name in parts.items()}
        columns = list(dict.fromkeys(names))
        key = self.spec.distinct or self.spec.member
        read = list(rows.annotate(**told).order_by().values(key, *columns, *parts.values()))
        wanted = [(name, parts.get(ask.part)) for name, ask in zip(names, asks, strict=True)]
        return [len({row[key] for row in read if row[name] and (not part or row[part])}) for name, part in wanted]

    def _counted(self, ask: Ask) -> Case:
        """1 where a row counts for window and variant: a column, since an aggregate cannot look into other tables."""
        own = self.variant(ask.scope, ask.variant)
        for condition in self.in_window(ask.scope):
            own &= condition.holds
        return _flag(own)

    def total(self, only: Q | None = None) -> Sum | Count:
        """How qualifying rows add up to the figure: those of a condition where one is given."""
        if self.spec.weight:
            return Sum(self.spec.weight, filter=only or None)
        distinct = bool(self.spec.distinct)
        return Count(self.spec.distinct or self.spec.member, distinct=distinct, filter=only or None)

    def member_ids(self, scope: Scope) -> list[int]:
        """Sorted identities of the members."""
        return sorted(self.members(scope).values_list(self.spec.member, flat=True))

    def member_weights(self, scope: Scope) -> dict[int, int]:
        """Each member and what it adds to the figure, which is their sum."""
        member, weight = self.spec.member, self.spec.weight
        if weight:
            return dict(self.members(scope).values_list(member, weight))
        return dict.fromkeys(self.member_ids(scope), 1)

    def by_group(self, scope: Scope, column: str, groups: Mapping[int, int]) -> dict[int | None, int]:
        """The figure of each group, counted in the group itself: distinct counts are not additive."""
        return self._grouped(self.qualifying(scope), _mapped(column, groups))

    def by_keeper(self, scope: Scope) -> dict[int | None, int]:
        """The figure of each unit that keeps or claims records: units that share a record count it each."""
        own = self.own(scope)
        if not self.is_claimed(scope):
            return self._grouped(own, F(self.spec.keeper))
        return {unit: len(found) for unit, found in self._shared_out(scope, own).items()}

    def concerned(self, scope: Scope) -> set[int | None]:
        """Units that keep or claim a candidate, counted or not: to the others the figure is nothing."""
        return set(self._shared_out(scope, self.candidates(scope)))

    def _shared_out(self, scope: Scope, rows: QuerySet[Any]) -> dict[int | None, set[Any]]:
        columns = (self.spec.member, self.spec.keeper, self.spec.distinct or self.spec.member)
        return claims.shared_out(scope, self.spec.universe, rows.order_by().values_list(*columns))

    def _grouped(self, rows: QuerySet[Any], column: Any) -> dict[int | None, int]:
        found = rows.annotate(grouped=column).order_by().values("grouped").annotate(n=self.total())
        return {row["grouped"]: int(row["n"]) for row in found if row["n"]}

    def tally(self, scope: Scope) -> Tally:
        """How many rows there are of each sort; one query."""
        conditions = self.conditions(scope)
        rows = self._flagged(scope).order_by().values("fails").annotate(n=Count(self.spec.member))
        found = dict(rows.values_list("fails", "n"))
        excluded = {c.code: sum(n for fails, n in found.items() if fails >> b & 1) for b, c in enumerate(conditions)}
        return Tally(sum(found.values()), found.get(0, 0), {code: n for code, n in excluded.items() if n})

    def definition_sha256(self) -> str:
        """Hash of the spec and of the syntax trees that decide: formatting and docstrings do not count."""
        modules = {c.__module__ for c in type(self).__mro__ if issubclass(c, Indicator)}
        modules |= {
            territory.__name__,
            claims.__name__,
            Scope.__module__,
            Among.__module__,
            places_on.__module__,
            known_q.__module__,
        }
        modules |= {TERRITORIAL_RULES}
        code = {name: trees.of_module(name) for name in sorted(modules)}
        code |= {f"{f.__module__}.{f.__qualname__}": trees.of_function(f) for f in self.rests_on}
        return canonical.sha256({"spec": asdict(self.spec), "code": code})

    def _window(self, expression: Any, *apart: F) -> Over:
        same = [F(self.spec.distinct), *apart]
        return Over(expression, partition_by=same, order_by=[F(name).asc() for name in self.order()])


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _mapped(column: str, groups: Mapping[int, int]) -> Any:
    members: dict[int, list[int]] = {}
    for place, group in groups.items():
        members.setdefault(group, []).append(place)
    whens = [When(Among(column, frozenset(places)), then=Value(group)) for group, places in sorted(members.items())]
    return Case(*whens, default=Value(None), output_field=IntegerField())
