"""Numbers drawn from a counter row under its lock: "max + 1" gave 260 duplicates of 300 on PostgreSQL."""

from django.db import connection
from django.db.models import F

from chuan.ledger.models import Counter
from chuan.ledger.work import NUMBERS_LOCK, current


def draw(name: str) -> int:
    """The next number of the series `name`, first 1; held until the transaction ends, returned if it fails."""
    current()
    if connection.vendor == "postgresql":
        # One transaction at a time draws. With the rows' own locks alone a list that draws line, person and a line
        # that draws person, line wait for each other (tried: "deadlock detected").
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERS_LOCK])
    if not Counter.objects.filter(name=name).update(last=F("last") + 1):
        Counter.objects.bulk_create([Counter(name=name, last=0)], ignore_conflicts=True)
        Counter.objects.filter(name=name).update(last=F("last") + 1)
    return Counter.objects.values_list("last", flat=True).get(name=name)
