"""Several people at once: threads with real commits, each with a connection and the machine's own clock."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, TypeVar

from django.db import connection

from chuan.lib import clock
from chuan.web import deployment

T = TypeVar("T")
WAIT = 30


@contextmanager
def machine_clock() -> Iterator[None]:
    """In threads begun inside the block "now" is the machine's, on PostgreSQL the database's, as in production."""
    clock.install(None)
    try:
        yield
    finally:
        deployment.install_clock()


def alone(work: Callable[[], T]) -> T:
    """Run `work` in a thread of its own, outside the test's fixed clock."""
    return at_once([work])[0]


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """Begin all at the same instant; the first error is raised."""
    start = Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        try:
            start.wait(WAIT)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def outcome(work: Callable[[], Any]) -> Any:
    """What `work` returns, or the error that it raises."""
    try:
        return work()
    except Exception as error:
        return error
