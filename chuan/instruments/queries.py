"""Reads of kinds, named for the question."""

from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from chuan.instruments.models import KindFacts, KindIntervalFacts
from chuan.registers.forms import Shelf


def kind_choices(_shelf: Shelf) -> list[tuple[str, int, str]]:
    """(code, key, label) of every kind in force, in order of name."""
    rows = KindFacts.objects.live().order_by("order", "kind_id")
    return [
        (code, key, f"{number} {name}" if number else name)
        for code, key, number, name in rows.values_list("kind__code", "kind_id", "row_number", "name")
    ]


def kind_names() -> dict[int, str]:
    """Key → name of every kind in force."""
    return dict(KindFacts.objects.live().values_list("kind_id", "name"))


def with_kind_name(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    """The rows with `kind_name`, the name in force of the kind at the end of `path`."""
    name = KindFacts.objects.live().filter(kind=OuterRef(path)).values("name")
    dressed: QuerySet[Any] = rows.annotate(kind_name=Subquery(name[:1]))
    return dressed


def kind_name(said: Any, kind_id: int) -> str:
    """The name of a statement's kind: as `with_kind_name` read it, else read now."""
    if hasattr(said, "kind_name"):
        return said.kind_name or ""
    return KindFacts.objects.live().filter(kind_id=kind_id).values_list("name", flat=True).first() or ""


def leaves(known: datetime | None = None) -> QuerySet[KindFacts]:
    """Kinds that have none below them, as known now or at `known`: another range or class is no kind of its own."""
    said = KindFacts.objects.live() if known is None else KindFacts.objects.known(known)
    return said.exclude(kind__in=said.filter(parent__isnull=False).values("parent"))


def matching(word: str) -> QuerySet[KindFacts, int]:
    """Keys of kinds whose folded words hold `word`."""
    return KindFacts.objects.live().filter(search__contains=word).values_list("kind_id", flat=True)


def intervals_of(kind_id: int) -> QuerySet[Any]:
    """A kind's intervals in force as statements, oldest rule first."""
    said = KindIntervalFacts.objects.live().filter(interval__kind_id=kind_id)
    rows: QuerySet[Any] = with_kind_name(said.select_related("interval__kind"), "interval__kind_id")
    return rows.order_by("valid_from", "interval_id")


def interval_on(kind_id: int, day: date, known: datetime | None = None) -> KindIntervalFacts | None:
    """The interval that holds for a verification on `day`; none where no rule, or more than one, says so."""
    said = KindIntervalFacts.objects.live() if known is None else KindIntervalFacts.objects.known(known)
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    found = list(said.filter(begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=day)), interval__kind_id=kind_id)[:2])
    return found[0] if len(found) == 1 else None


def parents(known: datetime | None = None) -> dict[int, int | None]:
    """Kind → the kind above it."""
    said = KindFacts.objects.live() if known is None else KindFacts.objects.known(known)
    return dict(said.values_list("kind_id", "parent_id"))
