"""SIGKILL an office at chosen and at chance instants, again and again, and hold an inquest after each blow.

python -m tests.reliability.crash --engine sqlite --kills 30 --home /tmp/x      prints one JSON document
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.urls import get_resolver

from tests.reliability.engines import ENGINES, Engine

#: Kills before the database is made anew, so that an inquest stays quick.
EPOCH = 15
#: What the blow is aimed at: (doing, point, passings to choose from).
AIMS = (
    ("freeze", "write", 4), ("freeze", "seal", 2), ("freeze_report", "write", 9), ("freeze_report", "before commit", 1),
    ("freeze_report", "after commit", 1), ("submission", "write", 6), ("report", "write", 5), ("report", "seal", 3),
    ("add_line", "write", 9), ("add_line", "seal", 4), ("correct", "write", 6), ("correct", "before commit", 3),
    ("attach", "bytes synced", 2), ("attach", "bytes named", 2), ("attach", "write", 3), ("", "after commit", 30),
)  # fmt: skip
JOB_AIMS = (
    ("write", 8),
    ("bytes synced", 4),
    ("bytes named", 2),
    ("before commit", 2),
    ("after commit", 2),
    ("seal", 2),
)

#: Lists of the outcome that must be empty.
WRONG = ("lost", "half_done", "damage", "undone")


@dataclass
class Outcome:
    """What the harness prints."""

    kills: Tally[str] = field(default_factory=Tally)
    doing: Tally[str] = field(default_factory=Tally)
    acknowledged: int = 0
    jobs_interrupted: int = 0
    leftovers: int = 0
    lost: list[str] = field(default_factory=list)
    half_done: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    seconds: float = 0


class Harness:
    """One long-lived parent that forks the office and its worker: no import is paid for twice."""

    def __init__(self, engine: Engine, seed: int) -> None:
        from tests.reliability import inquest, office

        self.engine, self.chance = engine, random.Random(seed)
        self.inquest, self.office = inquest, office
        self.board, self.outcome = office.Board(), Outcome()
        self.notebook = engine.home / "notebook.jsonl"

    def run(self, kills: int) -> Outcome:
        """`kills` blows, each with its inquest."""
        began = time.monotonic()
        for number in range(kills):
            if number % EPOCH == 0:
                self.begin_epoch()
            self.blow(number)
            self.judge(last=number % EPOCH == EPOCH - 1 or number == kills - 1)
        self.outcome.seconds = round(time.monotonic() - began, 1)
        return self.outcome

    def begin_epoch(self) -> None:
        """A fresh database, an empty notebook."""
        self.engine.renew()
        self.notebook.unlink(missing_ok=True)
        shutil.rmtree(self.engine.home / "files", ignore_errors=True)

    def blow(self, number: int) -> None:
        """One round: the office (every third time the worker) works until it is killed."""
        self.board.clear()
        if number % 3 == 2:
            self.supply_a_job()
            kind, victim = self.worker_round()
        else:
            kind, victim = self.office_round()
        deadline = time.monotonic() + (self.chance.uniform(0.02, 0.5) if kind == "at chance" else 2.5)
        doing, point, held, backend = self.board.read()
        while time.monotonic() < deadline and not held and not self.gone(victim):
            time.sleep(0.0005)
            doing, point, held, backend = self.board.read()
        part = self.chance.choice(self.engine.parts) if self.engine.parts and number % 5 == 1 else ""
        if part:
            self.engine.kill(part, backend)
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        self.outcome.kills[part or ("worker" if number % 3 == 2 else "office")] += 1
        self.outcome.doing[f"{doing or 'between'}: {point if held else 'at chance'}"] += 1
        self.engine.settle()

    def gone(self, victim: int) -> bool:
        """The process ended by itself; it stays to be reaped."""
        return os.waitid(os.P_PID, victim, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def office_round(self) -> tuple[str, int]:
        """An office whose blow is aimed, or falls when it falls."""
        aimed = self.chance.random() < 0.7
        doing, point, most = self.chance.choice(AIMS) if aimed else ("", "", 0)
        nth, seed = self.chance.randint(1, max(1, most)) if aimed else 0, self.chance.randrange(2**32)

        def work(aim: Any, notebook: Any) -> None:
            self.office.Office(seed, aim, notebook).run()

        return ("aimed" if aimed else "at chance"), self.fork(work, doing, point, nth)

    def supply_a_job(self) -> None:
        """Let an office work in peace until a report was frozen, so that the worker has something to print."""

        def work(aim: Any, notebook: Any) -> None:
            busy = self.office.Office(self.chance.randrange(2**32), aim, notebook)
            before = self.inquest.ReportContent.objects.count()
            while self.inquest.ReportContent.objects.count() == before:
                busy.report()

        self.wait(self.fork(work))

    def worker_round(self) -> tuple[str, int]:
        """A worker whose blow is aimed into the job, or falls when it falls."""
        point, most = self.chance.choice(JOB_AIMS)
        return "aimed", self.fork(self.office.work, "job", point, self.chance.randint(1, most))

    def fork(self, work: Callable[[Any, Any], None], doing: str = "", point: str = "", nth: int = 0) -> int:
        """A child that works and notes what was acknowledged."""
        parent, pid = os.getpid(), os.fork()
        if pid:
            return pid
        status = 1
        try:
            self.office.lives(parent)
            notebook, aim = self.office.Notebook(self.notebook), self.office.Aim(self.board, doing, point, nth)
            self.office.install(aim)
            work(aim, notebook)
            status = 0
        finally:
            if status:
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(status)

    def wait(self, child: int) -> None:
        """A child that must end by itself, and well."""
        status = os.waitpid(child, 0)[1]
        if status:
            self.outcome.undone.append(f"tiến trình kết thúc với mã {status}")

    def judge(self, *, last: bool) -> None:
        """The inquest; now and then, and at the end of an epoch, the worker first does what is left."""
        from chuan.portal.management.commands.serve import Command

        # An hour passes: on a shared database a job is given back when its lease is over.
        running = self.inquest.hours_later()
        self.outcome.jobs_interrupted += running
        Command().requeue()
        self.inquest.close()
        if running or last:
            self.wait(self.fork(lambda aim, notebook: self.office.work(aim, notebook, batch=True)))
            self.engine.settle()
            self.outcome.undone += self.inquest.undone()
        notes = self.inquest.read(self.notebook)
        self.outcome.lost += self.inquest.lost(notes)
        self.outcome.half_done += self.inquest.half_done(recompute=last)
        self.outcome.damage += self.engine.damage()
        self.inquest.close()
        if last:
            self.outcome.acknowledged += len(notes)
            self.outcome.leftovers += self.inquest.leftovers()


def prepare(engine: Engine) -> None:
    """The template: migrated, with the cast, the plan, a period and some evidence."""
    from chuan.audit.models import ChainHead
    from chuan.lib import clock
    from chuan.web import deployment
    from tests.reliability import world

    began = time.monotonic()
    start = datetime(2026, 12, 11, 8, 0, tzinfo=clock.VN).timestamp()
    clock.install(lambda: datetime.fromtimestamp(start + time.monotonic() - began, tz=clock.VN))
    call_command("migrate", verbosity=0, interactive=False)
    ChainHead.objects.get_or_create(pk=1)
    deployment.establish(sample=False)
    world.open_period(world.build())
    # Everything is imported before the first fork: a child pays for no import.
    get_resolver().url_patterns  # noqa: B018
    django.db.connections.close_all()
    engine.keep_as_template()


def main() -> int:
    """0 where nothing was lost, half-done, damaged or left undone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", choices=sorted(ENGINES), required=True)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chuan-crash-", ignore_cleanup_errors=True) as folder:
        engine = ENGINES[chosen.engine](Path(folder))
        try:
            os.environ.pop("DATABASE_URL", None)
            os.environ.update(engine.environment(), DJANGO_SETTINGS_MODULE="tests.settings", CHUAN_MODE="office")
            django.setup()
            prepare(engine)
            outcome = Harness(engine, chosen.seed).run(chosen.kills)
        finally:
            engine.close()
    for name in WRONG:
        setattr(outcome, name, list(dict.fromkeys(getattr(outcome, name)))[:20])
    sys.stdout.write(
        json.dumps({"engine": chosen.engine, "seed": chosen.seed, **vars(outcome)}, ensure_ascii=False) + "\n"
    )
    return 1 if any(getattr(outcome, name) for name in WRONG) else 0


if __name__ == "__main__":
    sys.exit(main())
