"""The one clock: every "now" of the product is asked here, so that a test or a rehearsal can set it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

VN = ZoneInfo("Asia/Ho_Chi_Minh")

_set_here: ContextVar[Callable[[], datetime] | None] = ContextVar("chuan_clock", default=None)
_installed: Callable[[], datetime] | None = None


def system_now() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


def install(source: Callable[[], datetime] | None) -> None:
    """Make `source` the process-wide clock; None puts the machine's clock back."""
    global _installed
    _installed = source


def now() -> datetime:
    """The present instant, aware, in UTC."""
    source = _set_here.get() or _installed or system_now
    return source().astimezone(UTC)


def is_machine() -> bool:
    """Nothing has been put in the machine clock's place."""
    return _set_here.get() is None and _installed is None


def today() -> date:
    """The present day in Vietnam."""
    return now().astimezone(VN).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant` (aware) inside the block, in this context only."""
    if instant.tzinfo is None:
        raise ValueError("the clock takes an aware datetime")
    token = _set_here.set(lambda: instant)
    try:
        yield
    finally:
        _set_here.reset(token)


def rehearsal(anchor: datetime, started: datetime) -> Callable[[], datetime]:
    """A clock that begins at `anchor` when the machine says `started`, never goes back and never leaves the day.

    The hours left of the anchor's day (Vietnam) are approached, not reached: at first it runs at the true pace.
    """
    local = anchor.astimezone(VN)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    left = (midnight - local).total_seconds()

    def tick() -> datetime:
        elapsed = max(0.0, (system_now() - started).total_seconds())
        return anchor + timedelta(seconds=left * elapsed / (elapsed + left))

    return tick
