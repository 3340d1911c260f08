"""What this database is, and the clock that follows from it."""

from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection

from chuan.lib import clock
from chuan.web.models import Deployment

_cache: list[Deployment] = []


def current() -> Deployment | None:
    """The deployment row, read once a process; None before the database is prepared."""
    if not _cache:
        if Deployment._meta.db_table not in connection.introspection.table_names():
            return None
        _cache.extend(Deployment.objects.filter(pk=1))
    return _cache[0] if _cache else None


def forget() -> None:
    """Read the row again when next asked (tests, a database just made)."""
    _cache.clear()


def establish(*, sample: bool, rehearsal_at: datetime | None = None) -> Deployment:
    """Write what this database is: once, when it is made."""
    row, _ = Deployment.objects.get_or_create(
        pk=1, defaults={"sample": sample, "rehearsal_at": rehearsal_at, "started_at": clock.system_now()}
    )
    forget()
    return row


def finish() -> None:
    """Say that everything the database begins with is in it."""
    Deployment.objects.filter(pk=1).update(complete=True)
    forget()


def is_sample() -> bool:
    """Illustrative data: labelled on each page and paper, second-factor codes shown."""
    if settings.PRODUCTION:
        return False
    row = current()
    return bool(row and row.sample)


def install_clock() -> None:
    """Let the clock follow the database's rehearsal date; production has the machine's clock only."""
    if settings.PRODUCTION:
        clock.install(None)
        return

    def now() -> datetime:
        try:
            row = current()
        except DatabaseError:
            return clock.system_now()
        if row is None or row.rehearsal_at is None:
            return clock.system_now()
        return clock.rehearsal(row.rehearsal_at, row.started_at)()

    clock.install(now)
