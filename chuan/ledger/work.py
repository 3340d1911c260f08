"""The unit of work of one outermost service: its instant, its locks and the rows it wrote.

`chuan.audit.service` opens it; the writes here refuse to run without one, so no sealed row exists that the audit
chain does not name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from django.db import connection, models

from chuan.ledger.errors import OutsideService, Superseded
from chuan.ledger.models import VOID_FIELDS, Sealed, Statement
from chuan.lib import clock

SealedRow = TypeVar("SealedRow", bound=Sealed)
StatementRow = TypeVar("StatementRow", bound=Statement)
Lock = Literal["none", "shared", "exclusive"]

#: Keys of advisory locks: what orders evidence (shared) against freezing (exclusive), who draws a number, who adds to
#: the audit chain.
EVIDENCE_LOCK = 2828_01
NUMBERS_LOCK = 2828_02
HEAD_LOCK = 2828_03


@dataclass
class Work:
    """One transaction's worth of writing."""

    actor_id: int | None
    lock: Lock = "none"
    instant: datetime | None = None
    wrote: bool = False
    marks: list[dict[str, Any]] = field(default_factory=list)


_current: ContextVar[Work | None] = ContextVar("chuan_work", default=None)


@contextmanager
def open_work(actor_id: int | None) -> Iterator[Work]:
    """Begin the unit of work of an outermost service (inside its transaction)."""
    work = Work(actor_id)
    token = _current.set(work)
    try:
        yield work
    finally:
        _current.reset(token)


def current() -> Work:
    """The unit of work under way; OutsideService where there is none."""
    work = _current.get()
    if work is None:
        raise OutsideService("sealed rows are written by services only")
    return work


def has_written() -> bool:
    """A service is under way that wrote rows which no entry names yet."""
    work = _current.get()
    return work is not None and work.wrote


def take_lock(lock: Lock) -> None:
    """Take the evidence lock for the rest of the transaction.

    SQLite's IMMEDIATE transactions are already one at a time. A shared lock is never raised to exclusive: two
    transactions doing so would wait for each other for ever.
    """
    work = current()
    if lock == "none" or work.lock in {lock, "exclusive"}:
        return
    if work.lock == "shared":
        raise RuntimeError("a service that freezes cannot run inside one that writes evidence")
    if work.instant is not None:
        raise RuntimeError("the evidence lock is taken before the clock is read")
    if connection.vendor == "postgresql":
        suffix = "_shared" if lock == "shared" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{suffix}(%s), clock_timestamp()", [EVIDENCE_LOCK])
            instant: datetime = cursor.fetchone()[1]
        if clock.is_machine():
            # Several web servers share one database: its clock orders what their own, a little apart, could not.
            work.instant = instant.astimezone(UTC)
    work.lock = lock


def hold(model: type[models.Model], *keys: int) -> None:
    """Hold rows until the transaction ends, in order of key: who decides about one of them waits for who decides now.

    What is read to decide is read after it. SQLite's transactions are one at a time and need nothing.
    """
    current()
    rows = model._base_manager.select_for_update(no_key=True).filter(pk__in=keys)
    list(rows.order_by("pk").values_list("pk", flat=True))


def stamp() -> datetime:
    """The instant of the unit of work: read once, after the lock."""
    work = current()
    if work.instant is None:
        work.instant = clock.now()
    return work.instant


def append(row: SealedRow) -> SealedRow:
    """Insert a sealed row, stamped with the unit of work's instant and actor where it is a statement."""
    work = current()
    if isinstance(row, Statement):
        row.recorded_at = stamp()
        row.recorded_by = work.actor_id
    work.wrote = True
    row.save()
    work.marks.append({"t": row._meta.db_table, "id": row.pk, "h": row.sha256})
    return row


def void(row: Statement, reason: str) -> None:
    """Void a live statement; Superseded where somebody else did so first."""
    work = current()
    work.wrote = True
    values = {"voided_at": stamp(), "voided_by": work.actor_id, "void_reason": reason}
    changed = type(row)._base_manager.filter(pk=row.pk, voided_at__isnull=True).update(**values)
    if changed != 1:
        raise Superseded(row._meta.db_table, row.pk)
    for name in VOID_FIELDS:
        setattr(row, name, values[name])
    work.marks.append({"t": row._meta.db_table, "id": row.pk, "v": row.void_sha256()})


def correct(old: StatementRow, reason: str, **facts: Any) -> StatementRow:
    """Void `old` and append its successor, which says `facts` where they are given and the same elsewhere."""
    said = {**old.facts(), **{type(old)._meta.get_field(k).attname: _key(v) for k, v in facts.items()}}  # type: ignore[union-attr]
    about = {name: getattr(old, name) for name in old.subject_attnames()}
    new = type(old)(**about, **said)
    void(old, reason)
    return append(new)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
