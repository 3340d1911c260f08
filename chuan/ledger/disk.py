"""Waiting for the disk, where a commit that others already see did not wait itself (docs/adr/0012)."""

from django.db import connection

#: PostgreSQL: an empty commit with the server's own setting, which waits until the log is on disk up to there.
WAIT_FOR_DISK = "SELECT pg_logical_emit_message(true, 'chuan', '')"


def wait_for_disk() -> None:
    """Return once everything that was visible before is on disk; at once on SQLite, whose commits all wait."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(WAIT_FOR_DISK)
