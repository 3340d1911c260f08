"""What an append-only row is: sealed, an identity, or a statement about one (architecture, rules 3 and 4)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from chuan.ledger.errors import FrozenRow
from chuan.lib import canonical

VOID_FIELDS = ("voided_at", "voided_by", "void_reason")


class Sealed(models.Model):
    """A row that is inserted once, carries the SHA-256 of its content and is never changed or deleted.

    The primary key is not part of the hash (it is unknown before the insert); the audit chain binds table, key
    and hash together.
    """

    #: "frozen": nothing may change; "statement": empty void columns may be filled once.
    trigger: ClassVar[str] = "frozen"

    #: Columns added after rows were sealed, with the value that says "not there then": such a column is left out of
    #: the hash while it holds that value, so that the hashes of older rows stay true.
    added: ClassVar[Mapping[str, Any]] = {}

    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def content_fields(cls) -> tuple[str, ...]:
        """Attribute names of the hashed columns, in no order (canonical JSON sorts them)."""
        outside = {cls._meta.pk.attname, "sha256", *VOID_FIELDS}
        return tuple(f.attname for f in cls._meta.concrete_fields if f.attname not in outside)

    def sealed_facts(self) -> dict[str, Any]:
        """The hashed facts of the row."""
        facts = {name: getattr(self, name) for name in self.content_fields()}
        return {n: v for n, v in facts.items() if n not in self.added or v != self.added[n]}

    def sealed_sha256(self) -> str:
        """SHA-256 of the row as it now reads."""
        return canonical.sha256({"table": self._meta.db_table, **self.sealed_facts()})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; an update is refused here and again by the database."""
        if not self._state.adding:
            raise FrozenRow(self._meta.db_table, self.pk)
        self.full_clean_content()
        self.sha256 = self.sealed_sha256()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def full_clean_content(self) -> None:
        """Bring every column to the Python type it will be read back as, so that the hash is the stored row's."""
        for field in self._meta.concrete_fields:
            if not field.primary_key and field.attname != "sha256":
                value = getattr(self, field.attname)
                if value is not None and not hasattr(value, "resolve_expression"):
                    setattr(self, field.attname, _as_read(field, value))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Always refused."""
        raise FrozenRow(self._meta.db_table, self.pk)


def _as_read(field: models.Field[Any, Any], value: Any) -> Any:
    """The value as the column gives it back: a decimal with all of the column's places ("51" is read as "51.00")."""
    found = field.to_python(value)
    return round(found, field.decimal_places) if isinstance(field, models.DecimalField) else found


class Identity(Sealed):
    """Something that is pointed at: a public code that never changes, and nothing else that could."""

    code = models.CharField(max_length=40, unique=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


StatementModel = TypeVar("StatementModel", bound="Statement", covariant=True)


class StatementQuerySet(models.QuerySet[StatementModel]):
    """Reads of statements by knowledge date."""

    def live(self) -> Self:
        """Statements in force now: not voided."""
        return self.filter(voided_at__isnull=True)

    def known(self, at: datetime) -> Self:
        """Statements that were in force when the ledger was read at `at`."""
        return self.filter(known_q(at))


def known_q(at: datetime, prefix: str = "") -> Q:
    """The condition "recorded by `at` and not voided by `at`" on the statement reached through `prefix`."""
    recorded = Q(**{f"{prefix}recorded_at__lte": at})
    return recorded & (Q(**{f"{prefix}voided_at__isnull": True}) | Q(**{f"{prefix}voided_at__gt": at}))


class Statement(Sealed):
    """What was said of an identity, by whom and when; a correction voids it and says it anew."""

    trigger: ClassVar[str] = "statement"
    #: Names of the foreign keys that say what the statement is about; one live statement for each.
    subject: ClassVar[tuple[str, ...]] = ()

    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.BigIntegerField(null=True, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.BigIntegerField(null=True, editable=False)
    void_reason = models.TextField(blank=True, editable=False)

    objects = StatementQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def fact_fields(cls) -> tuple[str, ...]:
        """Attribute names of what the statement says, without who said it when."""
        outside = {"recorded_at", "recorded_by", *cls.subject_attnames()}
        return tuple(name for name in cls.content_fields() if name not in outside)

    @classmethod
    def subject_attnames(cls) -> tuple[str, ...]:
        """Column attributes of `subject`."""
        return tuple(cls._meta.get_field(name).attname for name in cls.subject)  # type: ignore[union-attr]

    def facts(self) -> dict[str, Any]:
        """What the statement says."""
        return {name: getattr(self, name) for name in self.fact_fields()}

    def void_sha256(self) -> str:
        """SHA-256 of the three void columns."""
        return canonical.sha256({name: getattr(self, name) for name in VOID_FIELDS})


def changes(old: Statement | None, new: Statement | None, fields: Iterable[str] = ()) -> dict[str, list[Any]]:
    """`{fact: [old, new]}` where the two statements differ, in canonical form."""
    model = type(new or old)
    names = tuple(fields) or model.fact_fields()  # type: ignore[union-attr]
    pairs = {n: [canonical.plain(getattr(s, n)) if s else None for s in (old, new)] for n in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


class Counter(models.Model):
    """A counter row: numbers are drawn from it under its lock, never as max + 1."""

    name = models.CharField(max_length=80, primary_key=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
