"""What the figures over registers share: the statement in force beside a row, leaf kinds, recognitions that hold."""

from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, FilteredRelation, OuterRef, Q, QuerySet, Value, When

from chuan.instruments.models import KindFacts
from chuan.ledger.models import known_q
from chuan.reporting.indicators.engine import Condition


def beside(rows: QuerySet[Any], name: str, path: str, known: datetime) -> QuerySet[Any]:
    """The rows with the statement at the end of `path` in force then as `name`; null where there is none."""
    joined: QuerySet[Any] = rows.annotate(**{name: FilteredRelation(path, condition=known_q(known, f"{path}__"))})
    return joined


def has_narrower(known: datetime, kind: str = "kind_id") -> Exists:
    """The kind in a column is the heading of narrower ones: it is no leaf of its list."""
    return Exists(KindFacts.objects.known(known).filter(parent=OuterRef(kind)))


def of_kind() -> tuple[Condition, ...]:
    """The kind stands in a list and has no narrower rows there; rows carry `kind_said` and `narrower`."""
    return (
        Condition("kind_voided", Q(kind_said__isnull=False)),
        Condition("kind_not_leaf", Q(narrower=False)),
    )


def certainly(condition: Q) -> Q:
    """The condition is true; where a column that it asks is unknown, it is not."""
    return Q(Case(When(condition, then=Value(True)), default=Value(False)))
