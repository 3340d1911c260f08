"""The registry behind `chuan verify`: each mechanism or context adds a check that names what it found wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, models, transaction

BATCH = 2000
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed."""

    where: str
    what: str


@dataclass(frozen=True)
class Checked:
    """How much a check looked at."""

    name: str
    count: int


Check = Callable[[], Iterator[Finding | Checked]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check under a name that is used once."""
    if _checks.setdefault(name, check) is not check:
        raise RuntimeError(f"two integrity checks are called {name}")


def run(only: str | None = None) -> Iterator[Finding | Checked]:
    """All findings of all checks (or of one), in order of name; a check that content breaks is itself a finding."""
    with one_instant():
        for name in sorted(_checks):
            if only in (None, name):
                yield from _whole(name)


def _whole(name: str) -> Iterator[Finding | Checked]:
    try:
        with _savepoint():
            yield from _checks[name]()
    except Exception as error:  # damaged content may raise anything, and nobody should read a traceback of it
        yield Finding(f"phép kiểm tra {name}", f"không chạy được đến hết: {type(error).__name__}: {error}"[:300])


def each(rows: models.QuerySet[Row]) -> Iterator[tuple[Any, Row | None]]:
    """(key, row) in order of key; None where the row's content cannot be read."""
    last: Any = None
    while True:
        ahead = rows.order_by("pk") if last is None else rows.order_by("pk").filter(pk__gt=last)
        batch: list[tuple[Any, Row | None]]
        try:
            with _savepoint():
                batch = [(row.pk, row) for row in ahead[:BATCH]]
        except Exception:  # one row spoils its batch: the others are read alone
            batch = [(pk, _alone(rows, pk)) for pk in list(ahead.values_list("pk", flat=True)[:BATCH])]
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1][0]


def _alone(rows: models.QuerySet[Row], pk: Any) -> Row | None:
    try:
        with _savepoint():
            return rows.get(pk=pk)
    except Exception:
        return None


@contextmanager
def _savepoint() -> Iterator[None]:
    """What fails inside leaves the transaction usable; outside one nothing is begun (it would be a writer's)."""
    if not connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield


@contextmanager
def one_instant() -> Iterator[None]:
    """Read everything as it is at one instant: what others write meanwhile is no finding, and none of them waits."""
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        wrapper: Any = connection
        mode, wrapper.transaction_mode = wrapper.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                wrapper.transaction_mode = mode
                yield
        finally:
            wrapper.transaction_mode = mode
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
