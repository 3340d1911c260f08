"""Answers that a process remembers until something is written in a table that they were read from.

    a page asks           memory.ask(key, compute)
      └─ the log          what was written since this process last looked: one query, of no rows most of the time
      └─ held?            yes, where no entry since names a table that the answer was read from
      └─ else compute()   and note every table that its queries read

The audit log names each sealed row that a service writes, so it says which tables moved. An answer that was read from
a table that is not sealed is not remembered, nor one that a service asks for after it wrote. What is known is asked as
of `known()`: clocks of a database and its web servers are a little apart, and an answer that leaves out an entry which
the log holds would be remembered as if it had counted it.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db import connection

from chuan.audit.models import GENESIS, AuditEntry
from chuan.ledger.triggers import sealed_models
from chuan.ledger.work import has_written
from chuan.lib import clock

Answer = TypeVar("Answer")

#: Entries read to catch up; behind by more, a process begins anew.
CATCH_UP = 1000
#: How far clocks may be apart; with an entry further ahead nothing is remembered.
APART = timedelta(minutes=10)
_TABLE = re.compile(r'\b(?:FROM|JOIN) "(\w+)"')


class Era:
    """A stretch of the log that one process has read without a gap."""


@dataclass(frozen=True)
class Log:
    """The log as far as it was read."""

    seq: int
    sha256: str
    era: Era
    #: When the latest of its entries was made: instants are not in the order of numbers.
    at: datetime
    #: Table → number of the last entry of this era that wrote in it.
    last: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Held(Generic[Answer]):
    answer: Answer
    tables: frozenset[str]
    seq: int
    era: Era

    def holds(self, log: Log) -> bool:
        return self.era is log.era and all(log.last.get(table, 0) <= self.seq for table in self.tables)


class Memory(Generic[Answer]):
    """Up to `size` answers, the oldest forgotten first."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._held: dict[Hashable, _Held[Answer]] = {}
        self._lock = Lock()
        on_forget(self.forget)

    def ask(self, key: Hashable, compute: Callable[[], Answer], log: Log | None = None) -> Answer:
        """The answer to `key`, computed where none is held that still holds.

        `log` where the caller has read it; what an answer asks for itself rests on the same one.
        """
        log = log or _asking.get() or read()
        held, unseen = self._held.get(key), has_written()
        if held is None or unseen or not held.holds(log):
            with _reading(log) as tables:
                answer = compute()
            held = _Held(answer, frozenset(tables), log.seq, log.era)
            if not unseen and held.tables <= _sealed() and log.at <= clock.now() + APART:
                self._keep(key, held)
        for collected in _collecting.get():
            collected |= held.tables
        return held.answer

    def _keep(self, key: Hashable, held: _Held[Answer]) -> None:
        with self._lock:
            self._held.pop(key, None)
            while len(self._held) >= self.size:
                self._held.pop(next(iter(self._held)))
            self._held[key] = held

    def forget(self) -> None:
        """Compute every answer anew."""
        self._held.clear()


_on_forget: list[Callable[[], None]] = []
#: The log as this process has read it; replaced as a whole, so that threads need no lock.
_log: list[Log] = []
_collecting: ContextVar[tuple[set[str], ...]] = ContextVar("chuan_tables_read", default=())
_asking: ContextVar[Log | None] = ContextVar("chuan_log_read", default=None)


def read() -> Log:
    """The log as it stands."""
    had = _log[0] if _log else None
    if had is None:
        return _begun()
    rows = AuditEntry.objects.filter(seq__gte=had.seq).order_by("seq").values_list("seq", "sha256", "at", "rows")
    found = list(rows[: CATCH_UP + 1])
    # Nothing was in the log, or its end as it was read is still there: else it is another log, a restored copy.
    goes_on = not had.seq or (bool(found) and found[0][:2] == (had.seq, had.sha256))
    if not goes_on or len(found) > CATCH_UP:
        return _begun()
    new = [entry for entry in found if entry[0] > had.seq]
    if not new:
        return had
    last = {str(row["t"]): seq for seq, _sha256, _at, rows in new for row in rows if "t" in row}
    at = max(had.at, *(entry[2] for entry in new))
    return _kept(Log(new[-1][0], new[-1][1], had.era, at, {**had.last, **last}))


def known() -> datetime:
    """Now, and no earlier than any entry of the log that an answer is computed from."""
    log, now = _asking.get() or read(), clock.now()
    return log.at if now < log.at <= now + APART else now


def on_forget(clear: Callable[[], None]) -> None:
    """Clear this too when everything is forgotten."""
    _on_forget.append(clear)


def forget() -> None:
    """Read the log anew and compute every answer anew."""
    _log.clear()
    for clear in _on_forget:
        clear()


def _begun() -> Log:
    latest = list(AuditEntry.objects.order_by("-seq").values_list("seq", "sha256", "at")[:CATCH_UP])
    seq, sha256 = latest[0][:2] if latest else (0, GENESIS)
    at = max((entry[2] for entry in latest), default=datetime.min.replace(tzinfo=UTC))
    return _kept(Log(seq, sha256, Era(), at))


def _kept(log: Log) -> Log:
    _log[:] = [log]
    return log


@contextmanager
def _reading(log: Log) -> Iterator[set[str]]:
    """Collect the tables that queries read meanwhile."""
    tables: set[str] = set()
    collecting, asking = _collecting.set((*_collecting.get(), tables)), _asking.set(log)

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        tables.update(_TABLE.findall(str(sql)))
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(note):
            yield tables
    finally:
        _collecting.reset(collecting)
        _asking.reset(asking)


@cache
def _sealed() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in sealed_models())
