"""Records of any register for readers: what differs between registers is the names a record is told with."""

from abc import abstractmethod
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import F, Model, OuterRef, QuerySet, Subquery
from django.urls import reverse

from chuan.audit.actor import Actor
from chuan.ledger.models import Statement
from chuan.registers.register import Register
from chuan.reporting.evidence.base import Cell, Evidence, Record


class RegisterEvidence(Evidence):
    """Statements of one register's table."""

    kept_in: ClassVar[Register]

    def names(self, on: date | None, known: datetime | None) -> Mapping[str, Any]:
        """Annotations that a record is told with: names of a day as known at an instant, else today's."""
        return {}

    @abstractmethod
    def told(self, row: Any) -> tuple[str, tuple[Cell, ...]]:
        """What a record is called, and its cells."""

    def touched(self, row: Any) -> set[tuple[type[Model], int | None]]:
        """Identities besides the record's own that a deed touching it is filed under."""
        return set()

    @property
    def subject(self) -> str:
        """Name of the foreign key to the record's identity."""
        return self.kept_in.subject

    def named(self, rows: QuerySet[Any], *, on: date | None = None, known: datetime | None = None) -> QuerySet[Any]:
        """With the record's public code and its names."""
        found: QuerySet[Any] = rows.annotate(code=F(f"{self.subject}__code"), **self.names(on, known))
        return found

    def statements(self, ids: Collection[int]) -> QuerySet[Any]:
        """Oldest first, with today's names."""
        rows = self.kept_in.model._default_manager.filter(**{f"{self.subject}__in": ids})
        return self.named(rows.order_by("recorded_at", "pk"))

    def said(self, ids: Collection[int], *, on: date, known: datetime) -> QuerySet[Any]:
        """In the words of that time."""
        model: Any = self.kept_in.model
        return self.named(model.objects.known(known).filter(**{f"{self.subject}__in": ids}), on=on, known=known)

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those that the register shows the actor."""
        seen = self.kept_in.visible_to(actor).values(f"{self.subject}_id")
        found: QuerySet[Any] = rows.filter(**{f"{self.subject}__in": seen})
        return found

    def record(self, row: Any) -> Record:
        """A row with a link to its page."""
        name, cells = self.told(row)
        page = reverse(self.kept_in.route("record"), args=[row.code])
        return Record(getattr(row, self.member), row.code, name, (Cell(row.code, page), *cells))

    def subjects(self, row: Any) -> set[tuple[str, str]]:
        """The record and what it rests on."""
        own = {(self.kept_in.identity, getattr(row, self.member))} | self.touched(row)
        return {(model._meta.db_table, str(pk)) for model, pk in own if pk is not None}

    def register(self) -> tuple[str, Any]:
        """The register's list."""
        return reverse(self.kept_in.route("list")), self.kept_in.title


def name_of(model: type[Statement], subject: str, column: str, fact: str, *, known: datetime | None = None) -> Subquery:
    """A fact of whatever a column points at, as known at an instant, else now."""
    said: Any = model._default_manager
    rows = said.live() if known is None else said.known(known)
    return Subquery(rows.filter(**{subject: OuterRef(column)}).values(fact)[:1])
