"""How every figure follows from its conditions: one place decides what a member is and why another row is none.

A condition *holds* or it does not (unknown is "does not"): members satisfy all conditions, every other candidate
fails at least one, so candidates = members + duplicates + excluded by construction.
"""

import ast
import inspect
import sys
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import FirstValue, RowNumber

from chuan.lib import canonical
from chuan.organisations import territory
from chuan.reporting.indicators.scope import Scope


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

    def why_not(self, scope: Scope) -> Iterator[tuple[Any, tuple[str, ...]]]:
        """Each excluded row with all its failing conditions' codes, in order."""
        codes = [c.code for c in self.conditions(scope)]
        for row in self.excluded(scope).order_by(self.spec.member).iterator(2000):
            yield row, tuple(code for code in codes if getattr(row, f"fails_{code}"))

    def reduce(self, rows: QuerySet[Any]) -> int:
        """The value of a set of member rows."""
        if self.spec.weight:
            return int(rows.aggregate(total=Sum(self.spec.weight))["total"] or 0)
        return rows.count()

    def value(self, scope: Scope) -> int:
        """The figure."""
        return self.reduce(self.members(scope))

    def member_ids(self, scope: Scope) -> list[int]:
        """Sorted identities of the members."""
        return sorted(self.members(scope).values_list(self.spec.member, flat=True))

    def by_group(self, scope: Scope, column: str, groups: Mapping[int, int] | None = None) -> dict[int | None, int]:
        """The figure of each group, counted in the group itself: distinct counts are not additive."""
        rows = self.qualifying(scope).annotate(grouped=_mapped(column, groups)).order_by().values("grouped")
        if self.spec.weight:
            found = rows.annotate(n=Sum(self.spec.weight))
        else:
            found = rows.annotate(n=Count(self.spec.distinct or self.spec.member, distinct=True))
        return {row["grouped"]: int(row["n"]) for row in found if row["n"]}

    def excluded_counts(self, scope: Scope) -> dict[str, int]:
        """How many rows fail each condition; a row that fails several is in several."""
        codes = [c.code for c in self.conditions(scope)]
        sums = {code: Sum(f"fails_{code}") for code in codes}
        found: dict[str, int | None] = self.excluded(scope).aggregate(**sums)
        return {code: n for code in codes if (n := found[code])}

    def definition_sha256(self) -> str:
        """Hash of the spec and of the syntax trees that decide: formatting and docstrings do not count."""
        modules = {c.__module__ for c in type(self).__mro__ if issubclass(c, Indicator)} | {territory.__name__}
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


def _tree(module: str) -> str:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            first = body[0].value
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                body[0] = ast.Pass()
    return ast.dump(tree)
