"""The one write path: a service is one transaction, one actor and exactly one audit entry.

    @service(lock="shared")
    def void_course(*, actor: Actor, course: Course, reason: str) -> None:
        ...                                          # policy → rule → write
        record("training.void_course", course, reason=reason)

Entries of the outermost service and of those it calls are collected and written once, last, under the row lock of
the chain head; no business row is touched after it (tried: 963 transactions/s against 162 with the lock first, and
deadlocks with a lock in nested services).
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

from chuan.audit.actor import Actor
from chuan.audit.models import GENESIS, AuditEntry, ChainHead
from chuan.ledger import work
from chuan.ledger.disk import WAIT_FOR_DISK, wait_for_disk
from chuan.lib import canonical

P = ParamSpec("P")
R = TypeVar("R")

#: Every service by dotted name, for the tests that hold them to the rules.
REGISTRY: dict[str, Callable[..., Any]] = {}


class ServiceContract(RuntimeError):
    """A service broke the rules of this module: a defect of the program, never of the input."""


class ClockBehind(RuntimeError):
    """The clock was set back behind the latest freeze; nothing was written."""

    def __init__(self, now: str, frozen_at: str) -> None:
        super().__init__(f"the clock says {now}, but figures were frozen at {frozen_at}: set the server's clock right")


@dataclass
class _Frame:
    """One service under way: its actor, its entries and where its rows begin."""

    name: str
    actor: Actor
    marks: list[dict[str, Any]] = field(default_factory=list)
    entry: AuditEntry | None = None


@dataclass
class _Transaction:
    frames: list[_Frame] = field(default_factory=list)
    entries: list[AuditEntry] = field(default_factory=list)


_open: ContextVar[_Transaction | None] = ContextVar("chuan_service", default=None)


def service(*, lock: work.Lock = "none") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a service; `lock` is "shared" where it writes evidence, "exclusive" where it freezes."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__}.{function.__qualname__}"

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = kwargs.get("actor")
            if args or not isinstance(actor, Actor):
                raise ServiceContract(f"{name} takes keywords only, actor=Actor among them")
            outer = _open.get()
            if outer is not None:
                return _run(outer, name, actor, lock, lambda: function(*args, **kwargs))
            with transaction.atomic(), work.open_work(actor.user_id):
                opened = _Transaction()
                token = _open.set(opened)
                try:
                    result = _run(opened, name, actor, lock, lambda: function(*args, **kwargs))
                finally:
                    _open.reset(token)
                _seal(opened.entries)
                return result

        REGISTRY[name] = call
        return call

    return decorate


def _run(opened: _Transaction, name: str, actor: Actor, lock: work.Lock, body: Callable[[], R]) -> R:
    work.take_lock(lock)
    unit = work.current()
    outer_marks, unit.marks = unit.marks, []
    frame = _Frame(name, actor, unit.marks)
    opened.frames.append(frame)
    try:
        result = body()
    finally:
        opened.frames.pop()
        unit.marks = outer_marks
    if frame.entry is None:
        raise ServiceContract(f"{name} wrote no audit entry")
    frame.entry.rows = frame.marks
    opened.entries.append(frame.entry)
    return result


def record(
    action: str,
    subject: models.Model,
    *,
    label: str = "",
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Say what the service under way did; exactly once in each service.

    `changes` maps a fact to `[old, new]`; the subject's name is copied, so that the entry reads as a sentence for
    ever. ServiceContract outside a service or the second time.
    """
    opened = _open.get()
    if opened is None or not opened.frames:
        raise ServiceContract(f"{action} was recorded outside a service")
    frame = opened.frames[-1]
    if frame.entry is not None:
        raise ServiceContract(f"{frame.name} wrote a second audit entry")
    actor = frame.actor
    frame.entry = AuditEntry(
        action=action,
        actor_id=actor.user_id,
        actor_name=actor.name,
        role=actor.role,
        unit_id=actor.unit_id,
        unit_name=actor.unit_name,
        on_behalf_of=actor.on_behalf_of,
        origin=actor.origin,
        subject_table=subject._meta.db_table,
        subject_id=str(subject.pk),
        subject_label=(label or str(subject))[:300],
        changes=canonical.plain(dict(changes or {})),
        reason=reason,
    )


def _seal(entries: list[AuditEntry]) -> None:
    """Chain the entries to the head, which stays locked until the commit.

    Plain SQL in as few round trips as there can be: while the head is locked everybody waits.
    """
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_HEAD + _READ_HEAD if postgresql else _READ_HEAD)
        if postgresql:
            cursor.nextset()  # the answer of the lock
        row = cursor.fetchone()
        if row is None:
            # The first entry ever; `prepare` makes the row, so that this never races in a served database.
            ChainHead.objects.create(pk=1, seq=0, sha256=GENESIS)
        seq, previous, frozen_at = row or (0, GENESIS, "")
        instant = work.stamp()
        frozen_at = _in_order(canonical.plain(instant), frozen_at)
        for entry in entries:
            seq += 1
            entry.seq, entry.at, entry.previous = seq, instant, previous
            previous = entry.sha256 = entry.sealed_sha256()
        moved = [seq, previous, frozen_at]
        if not postgresql:
            for first in range(0, len(entries), _AT_ONCE):
                cursor.execute(*_insert(entries[first : first + _AT_ONCE]))
            cursor.execute(_MOVE_HEAD, moved)
            return
        insert, values = _insert(entries)
        if connection.savepoint_ids:
            # Within somebody else's transaction, who commits it.
            cursor.execute(f"{insert}; {_MOVE_HEAD} {_LET_GO}", [*values, *moved])
            transaction.on_commit(wait_for_disk)
        else:
            cursor.execute(f"{insert}; {_MOVE_HEAD} {_LET_GO}; COMMIT; {WAIT_FOR_DISK}", [*values, *moved])


def _insert(entries: list[AuditEntry]) -> tuple[str, list[Any]]:
    fields = AuditEntry._meta.concrete_fields
    backend = connections[DEFAULT_DB_ALIAS]  # the proxy `connection` would look it up for each value
    values = [field.get_db_prep_save(getattr(entry, field.attname), backend) for entry in entries for field in fields]
    row = f"({', '.join(['%s'] * len(fields))})"
    return f"{_ADD_ENTRIES} {', '.join([row] * len(entries))}", values


def _in_order(now: str, frozen_at: str) -> str:
    """Refuse evidence that would be dated at or before the latest freeze: a frozen figure would then read it.

    Returns the latest freeze. Instants are compared in canonical form, which sorts as time does.
    """
    lock = work.current().lock
    if lock == "none" or not frozen_at:
        return now if lock == "exclusive" else frozen_at
    if now < frozen_at or (now == frozen_at and lock == "shared"):
        raise ClockBehind(now, frozen_at)
    return now if lock == "exclusive" else frozen_at


_COLUMNS = ", ".join(f'"{field.column}"' for field in AuditEntry._meta.concrete_fields)
_ADD_ENTRIES = f"INSERT INTO {AuditEntry._meta.db_table} ({_COLUMNS}) VALUES"
#: Entries a statement on SQLite, which takes some 32 thousand values.
_AT_ONCE = 500
_READ_HEAD = "SELECT seq, sha256, frozen_at FROM audit_chainhead WHERE id = 1"
_MOVE_HEAD = "UPDATE audit_chainhead SET seq = %s, sha256 = %s, frozen_at = %s WHERE id = 1"

# PostgreSQL: who waits for a row is woken to ask for it anew; an advisory lock is handed over.
_LOCK_HEAD = f"SELECT pg_advisory_xact_lock({work.HEAD_LOCK}); "

# On PostgreSQL the chain head is let go before the disk has written, and the caller is answered only after it has:
# the commit itself does not wait, so the next writer gets the head at once; then an empty commit waits until
# everything up to it is on disk. Writers share that wait, and since the log is one sequence, nothing that is on disk
# can rest on something that is not. A crash in between loses only what nobody was told (docs/adr/0012). The server
# does both itself after the last statement, so that nobody waits for a round trip of ours; Django's own commit then
# finds the transaction ended and asks nothing.
_LET_GO = "RETURNING set_config('synchronous_commit', 'off', true)"


def head() -> tuple[int, str]:
    """Number and hash of the last entry."""
    row = ChainHead.objects.filter(pk=1).values_list("seq", "sha256").first()
    return row or (0, GENESIS)
