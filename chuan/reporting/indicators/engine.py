"""How every figure follows from its conditions: one place decides what a member is and why another row is none.

A condition *holds* or it does not (unknown is "does not"): members satisfy all conditions, every other candidate
fails at least one, so candidates = members + duplicates + excluded by construction.
"""

import ast
import inspect
import sys
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, ClassVar

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import FirstValue, RowNumber

from chuan.ledger.models import known_q
from chuan.lib import canonical
from chuan.organisations import territory
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


@dataclass(frozen=True)
class Condition:
    """One thing that must hold of a member; its code names the reason why another row is not counted."""

    code: str
    holds: Q


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

    @abstractmethod
    def candidates(self, scope: Scope) -> QuerySet[Any]:
        """Every row that could be counted, as known at `scope.known`."""

    @abstractmethod
    def conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """What must hold, in the order in which reasons are given."""

    @abstractmethod
    def order(self) -> tuple[str, ...]:
        """Which of several rows of one identity is the one counted: the first in this order."""

    def qualifying(self, scope: Scope) -> QuerySet[Any]:
        """Candidates of which every condition holds, duplicates of one identity among them."""
        rows = self.candidates(scope)
        for condition in self.conditions(scope):
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

    def counted_elsewhere(self, scope: Scope, ids: Collection[int]) -> dict[int, int]:
        """Of some rows, those that qualify but are counted through another row, and that row."""
        if not self.spec.distinct or not ids:
            return {}
        member = self.spec.member
        wanted = self.candidates(scope).filter(**{f"{member}__in": ids}).values_list(self.spec.distinct, flat=True)
        # Narrowing to whole identities does not disturb the ranking within each.
        rows = self.duplicates(scope).filter(
            **{f"{self.spec.distinct}__in": [key for key in wanted if key is not None]}
        )
        return {pk: other for pk, other in rows.values_list(member, "counted_in") if pk in ids}

    def excluded(self, scope: Scope) -> QuerySet[Any]:
        """Candidates that fail a condition; `fails_<code>` is 1 for each that does."""
        rows = self.candidates(scope)
        flags = {
            f"fails_{c.code}": Case(When(c.holds, then=Value(0)), default=Value(1), output_field=IntegerField())
            for c in self.conditions(scope)
        }
        failed = Q()
        for name in flags:
            failed |= Q(**{name: 1})
        failing: QuerySet[Any] = rows.annotate(**flags).filter(failed)
        return failing

    def why_not(self, scope: Scope, only: Collection[int] | None = None) -> Iterator[tuple[Any, tuple[str, ...]]]:
        """Each excluded row (of those named by `only`) with all its failing conditions' codes, in order.

        What merely lies outside the window comes last: a reader looks for what could have been counted in it.
        """
        codes = [c.code for c in self.conditions(scope)]
        outside = [f"fails_{code}" for code in codes if code.endswith("_window")]
        rows = self.excluded(scope)
        if only is not None:
            rows = rows.filter(**{f"{self.spec.member}__in": only})
        for row in rows.order_by(*outside, self.spec.member).iterator(2000):
            yield row, tuple(code for code in codes if getattr(row, f"fails_{code}"))

    def value(self, scope: Scope) -> int:
        """The figure."""
        return self.values((scope,))[0]

    def values(self, scopes: Sequence[Scope]) -> list[int]:
        """The figure in several windows on one day, as known at one instant, on one ground: one query."""
        sets = [self.conditions(scope) for scope in scopes]
        shared = [all(c.holds == other[i].holds for other in sets) for i, c in enumerate(sets[0])]
        rows = self.candidates(scopes[0])
        for condition in (c for c, same in zip(sets[0], shared, strict=True) if same):
            rows = rows.filter(condition.holds)
        totals = {}
        for number, conditions in enumerate(sets):
            own = Q()
            for condition in (c for c, same in zip(conditions, shared, strict=True) if not same):
                own &= condition.holds
            totals[f"v{number}"] = self._total(own)
        found = rows.aggregate(**totals)
        return [int(found[name] or 0) for name in totals]

    def _total(self, only: Q | None = None) -> Sum | Count:
        if self.spec.weight:
            return Sum(self.spec.weight, filter=only or None)
        distinct = bool(self.spec.distinct)
        return Count(self.spec.distinct or self.spec.member, distinct=distinct, filter=only or None)

    def member_ids(self, scope: Scope) -> list[int]:
        """Sorted identities of the members."""
        return sorted(self.members(scope).values_list(self.spec.member, flat=True))

    def by_group(self, scope: Scope, column: str, groups: Mapping[int, int] | None = None) -> dict[int | None, int]:
        """The figure of each group, counted in the group itself: distinct counts are not additive."""
        rows = self.qualifying(scope).annotate(grouped=_mapped(column, groups)).order_by().values("grouped")
        found = rows.annotate(n=self._total())
        return {row["grouped"]: int(row["n"]) for row in found if row["n"]}

    def tally(self, scope: Scope) -> Tally:
        """How many rows there are of each sort; one query."""
        conditions = self.conditions(scope)
        fails = {
            c.code: Sum(Case(When(c.holds, then=Value(0)), default=Value(1), output_field=IntegerField()))
            for c in conditions
        }
        every = Q()
        for condition in conditions:
            every &= condition.holds
        found: dict[str, int | None] = self.candidates(scope).aggregate(
            every_row=Count(self.spec.member), qualifying=Count(self.spec.member, filter=every), **fails
        )
        excluded = {c.code: n for c in conditions if (n := found[c.code])}
        return Tally(found["every_row"] or 0, found["qualifying"] or 0, excluded)

    def definition_sha256(self) -> str:
        """Hash of the spec and of the syntax trees that decide: formatting and docstrings do not count."""
        modules = {c.__module__ for c in type(self).__mro__ if issubclass(c, Indicator)}
        modules |= {territory.__name__, Scope.__module__, known_q.__module__, TERRITORIAL_RULES}
        trees = {name: _tree(name) for name in sorted(modules)}
        return canonical.sha256({"spec": asdict(self.spec), "code": trees})

    def _window(self, expression: Any) -> Window:
        return Window(
            expression, partition_by=[F(self.spec.distinct)], order_by=[F(name).asc() for name in self.order()]
        )


def _mapped(column: str, groups: Mapping[int, int] | None) -> Any:
    if groups is None:
        return F(column)
    members: dict[int, list[int]] = {}
    for place, group in groups.items():
        members.setdefault(group, []).append(place)
    whens = [When(**{f"{column}__in": places}, then=Value(group)) for group, places in sorted(members.items())]
    return Case(*whens, default=Value(None), output_field=IntegerField())


@cache
def _tree(module: str) -> str:
    """Hash of a module's syntax tree, docstrings aside: of the code that runs, read when first asked (40 ms)."""
    return canonical.sha256(_plain(ast.parse(inspect.getsource(sys.modules[module]))))


def _plain(node: Any) -> Any:
    """A syntax tree as lists that no release of Python writes otherwise: type, then what is not empty.

    Docstrings are left out, and so are the marks that only newer releases make.
    """
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, ast.AST):
        return [type(node).__name__, repr(node)]
    fields = dict(ast.iter_fields(node))
    body = fields.get("body")
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and _is_text(body[0].value):
        fields["body"] = body[1:]
    said = {name: _plain(value) for name, value in fields.items() if value not in (None, []) and name not in _MARKS}
    return [type(node).__name__, said]


#: Fields of bookkeeping: how a literal was written, where a name is loaded or stored, types in comments.
_MARKS = frozenset({"kind", "ctx", "type_comment", "type_ignores"})


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
