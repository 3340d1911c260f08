"""What the audit costs: 16 writers of the smallest service on PostgreSQL, beside the same inserts without it.

    .venv/bin/python scripts/with_postgres.py --durable .venv/bin/python bench/audit.py [seconds]

Prints transactions a second of both, their ratio, the deadlocks, and verifies the chain of what was written.
"""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuan.settings")
os.environ["CHUAN_MODE"] = "office"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connection, transaction  # noqa: E402

from chuan.audit import verify  # noqa: E402
from chuan.audit.actor import Actor, system  # noqa: E402
from chuan.audit.models import ChainHead  # noqa: E402
from chuan.audit.service import head, record, service  # noqa: E402
from chuan.ledger.integrity import Finding  # noqa: E402
from chuan.ledger.work import append  # noqa: E402
from chuan.organisations.models import Person  # noqa: E402
from chuan.web import deployment  # noqa: E402

WRITERS = 16
ACTOR = system("bench")


@service(lock="shared")
def smallest(*, actor: Actor, code: str) -> None:
    """One identity row, one entry."""
    person = append(Person(code=code))
    record("bench.smallest", person)


def floor(code: str) -> None:
    """The same row in a transaction, without audit or locks."""
    person = Person(code=code)
    person.sha256 = person.sealed_sha256()
    with transaction.atomic():
        Person.objects.bulk_create([person])


@dataclass
class Run:
    """What the writers of one run did."""

    done: int
    deadlocks: int
    seconds: float

    @property
    def rate(self) -> float:
        """Transactions a second."""
        return self.done / self.seconds


def audited(code: str) -> None:
    """The smallest service, called."""
    smallest(actor=ACTOR, code=code)


def run(name: str, seconds: float, write: Callable[[str], None]) -> Run:
    """All writers at once for `seconds`, a process each: threads would measure Python's lock."""
    connection.close()
    fork = multiprocessing.get_context("fork")
    start, answers = fork.Barrier(WRITERS), fork.SimpleQueue()
    writers = [fork.Process(target=_writer, args=(n, name, seconds, write, start, answers)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    counts = [answers.get() for _ in writers]
    for writer in writers:
        writer.join()
    return Run(sum(c[0] for c in counts), sum(c[1] for c in counts), max(c[2] for c in counts))


def _writer(number: int, name: str, seconds: float, write: Callable[[str], None], start: Any, answers: Any) -> None:
    done = deadlocks = 0
    connection.ensure_connection()
    start.wait()
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        try:
            write(f"{name}-{number}-{done + deadlocks}")
            done += 1
        except OperationalError as error:
            if "deadlock" not in str(error):
                raise
            deadlocks += 1
    answers.put((done, deadlocks, time.monotonic() - began))
    connection.close()


def main() -> int:
    """Run floor, service, floor; print and verify."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    if connection.vendor != "postgresql":
        sys.exit("run me under scripts/with_postgres.py --durable")
    call_command("migrate", verbosity=0)
    ChainHead.objects.get_or_create(pk=1)
    deployment.establish(sample=False)
    run("warm", 0.5, audited)
    entries = head()[0]
    before = run("floor-a", seconds / 2, floor)
    sealed = run("audited", seconds, audited)
    after = run("floor-b", seconds / 2, floor)
    written = head()[0] - entries
    findings = [item for item in verify.chain() if isinstance(item, Finding)]
    bare = Run(before.done + after.done, before.deadlocks + after.deadlocks, before.seconds + after.seconds)
    result = {
        "writers": WRITERS,
        "audited_per_second": round(sealed.rate),
        "floor_per_second": round(bare.rate),
        "ratio": round(sealed.rate / bare.rate, 2),
        "deadlocks": sealed.deadlocks,
        "entries": written,
        "successes": sealed.done,
        "chain": "whole" if not findings else [f"{f.where}: {f.what}" for f in findings[:5]],
    }
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0 if not findings and written == sealed.done and not sealed.deadlocks else 1


if __name__ == "__main__":
    sys.exit(main())
