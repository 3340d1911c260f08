"""100 units send their reports within a minute while 200 people read, on PostgreSQL, against the served product.

    .venv/bin/python scripts/with_postgres.py --durable .venv/bin/python bench/submitting.py \\
        [units] [readers] [seconds] [pause]

`chuan serve` runs in production mode with two web processes and its worker; people are threads with kept connections
whose sessions were opened beforehand. A unit's focal officer opens the approved report and presses "send", some of
them twice at once and once more afterwards, with the same form key. A reader opens a page every `pause` seconds
(0: the next as soon as the last one came). The people's own work is done on the same cores.

Prints a table and writes docs/reliability/bench-submitting.json; 1 where a report was not sent exactly once, an answer
is late (p95) or an error, a unit was not done in time, or `verify` finds something.
"""

import atexit
import json
import os
import platform
import random
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.browser import HOST, Answer, Browser, Person, form_of, served  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuan.settings")
if not os.environ.get("DATABASE_URL"):
    raise SystemExit("run it under scripts/with_postgres.py --durable")
os.environ |= {
    "CHUAN_MODE": "production",
    "CHUAN_HOME": tempfile.mkdtemp(prefix="chuan-submitting-"),
    "CHUAN_SECRET_KEY": secrets.token_urlsafe(64),
    "CHUAN_HOSTS": HOST,
    "CHUAN_PUBLIC_URL": f"https://{HOST}",
    "CHUAN_WORKERS": "2",
}

import django  # noqa: E402

atexit.register(shutil.rmtree, os.environ["CHUAN_HOME"], ignore_errors=True)

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench import hundred  # noqa: E402
from bench.hundred import ACTOR  # noqa: E402
from chuan.accounts.services import create_user  # noqa: E402
from chuan.audit.models import AuditEntry  # noqa: E402
from chuan.ledger import integrity  # noqa: E402
from chuan.lib import clock  # noqa: E402
from chuan.organisations.models import OrganisationUnit  # noqa: E402
from chuan.organisations.rules import Role  # noqa: E402
from chuan.organisations.services import grant_membership  # noqa: E402
from chuan.reporting.models import Obligation, SubmissionContent, SubmissionEvent  # noqa: E402

OUT = ROOT / "docs" / "reliability" / "bench-submitting.json"
#: Milliseconds of the slowest answer but five in a hundred (issue 3, figures to reach).
P95 = 10_000
#: Every so many-th sender presses twice, and later once more.
TWICE = 4
#: The last unit begins at this share of the time.
LAST = 0.8
#: Of ten readers: one specialist of Sở, four leaders, five focal officers.
ROLES = (Role.SPECIALIST, *[Role.UNIT_LEADER] * 4, *[Role.FOCAL] * 5)
#: Pages that each role opens besides a unit's report.
READS = {
    Role.SPECIALIST: ("/", reverse("reporting:tracking"), reverse("reporting:figures"), reverse("training:courses")),
    Role.UNIT_LEADER: ("/", reverse("programme:plan", args=[hundred.PLAN])),
    Role.FOCAL: ("/", reverse("programme:tasks", args=[hundred.PLAN]), reverse("training:courses")),
}
SHARES = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99, "worst_ms": 1.0}
KINDS = ("read", "open", "send", "send again", "receipt")


def session_of(username: str, role: Role, unit: OrganisationUnit, password: str, year: int) -> str:
    """The session of a new account that was signed in with a second factor."""
    user = create_user(actor=ACTOR, username=username, full_name=f"Người {username}", hashed_password=password)
    since = clock.today().replace(year=year, month=1, day=1)
    grant_membership(actor=ACTOR, user=user, unit=unit, role=role, valid_from=since)
    browser = Client()
    browser.force_login(user)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return str(session.session_key)


def people(owed: Sequence[Obligation], readers: int, year: int) -> tuple[list[Person], list[Person]]:
    """Who sends and who reads, each with the pages that they open."""
    password, office = make_password("mot-mat-khau-dai"), OrganisationUnit.objects.get(code="so-khcn")
    reports = [reverse("reporting:submission", args=[one.code]) for one in owed]
    senders = [
        Person(session_of(f"gui{place}", Role.FOCAL, one.unit, password, year), (reports[place],))
        for place, one in enumerate(owed)
    ]
    reading = []
    for place in range(readers):
        role, own = ROLES[place % len(ROLES)], place % len(owed)
        unit = office if role == Role.SPECIALIST else owed[own].unit
        pages = (reports[own], *READS[role])
        reading.append(Person(session_of(f"doc{place}", role, unit, password, year), pages))
    return senders, reading


class Minute:
    """What happens between the first page and the last answer."""

    def __init__(self, port: int, seconds: float, pause: float) -> None:
        self.port, self.seconds, self.pause = port, seconds, pause
        self.answers: list[Answer] = []
        self.done: list[float] = []
        self.wrong: list[str] = []

    def run(self, senders: Sequence[Person], readers: Sequence[Person], seed: int = 2828) -> None:
        """Everybody at once, each in a thread."""
        chance = random.Random(seed)
        self.began = time.monotonic()
        threads = [threading.Thread(target=self.read, args=(one, random.Random(chance.random()))) for one in readers]
        for place, one in enumerate(senders):
            at = chance.uniform(0, self.seconds * LAST)
            threads.append(threading.Thread(target=self.send, args=(one, at, place % TWICE == 0)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    @property
    def now(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    def read(self, person: Person, chance: random.Random) -> None:
        """Open one of the pages after another."""
        browser = Browser(self.port, person.session, "read")
        time.sleep(chance.uniform(0, self.pause or 1))
        while self.now < self.seconds:
            answer = browser.ask(chance.choice(person.pages))
            if answer.status != 200:
                self.wrong.append(f"read {answer.path}: {answer.status}")
            time.sleep(chance.uniform(0.5, 1.5) * self.pause)
        self.answers += browser.answers

    def send(self, person: Person, at: float, twice: bool) -> None:
        """Open the approved report, press "send", see the receipt; some press twice at once and once more."""
        time.sleep(at)
        first = Browser(self.port, person.session, "open")
        url = person.pages[0]
        action = f"{url}send/"
        form = form_of(first.ask(url).text, action)
        if not form:
            self.wrong.append(f"send {url}: no form")
            self.answers += first.answers
            return
        first.doing = "send"
        second = Browser(self.port, person.session, "send again", first.cookies)
        other = threading.Thread(target=second.ask, args=(action, form))
        if twice:
            other.start()
        sent = [first.ask(action, form)]
        self.done.append(self.now)
        if twice:
            other.join()
            sent += [second.answers[0], second.ask(action, form)]
        self.wrong += [f"send {url}: {one.status}" for one in sent if (one.status, one.location) != (302, url)]
        first.doing = "receipt"
        if "Biên nhận" not in first.ask(url).text:
            self.wrong.append(f"receipt {url}: none")
        self.answers += [*first.answers, *second.answers]


def row(what: str, answers: Sequence[Answer], budget: int | None = None) -> dict[str, Any]:
    """One line of the table."""
    times = sorted(one.ms for one in answers) or [0.0]
    at = {name: times[min(len(times) - 1, int(len(times) * share))] for name, share in SHARES.items()}
    found = {"what": what, "answers": len(answers), **{name: round(value) for name, value in at.items()}}
    found["errors"] = sum(one.status >= 500 or one.status == 0 for one in answers)
    return found | ({"budget_ms": budget} if budget else {})


def once(owed: Sequence[Obligation]) -> dict[str, int]:
    """How often each report was sent, by everything that a sending leaves; and what `verify` finds."""
    contents = SubmissionContent.objects.filter(submission__obligation__in=owed)
    steps = SubmissionEvent.objects.filter(submission__obligation__in=owed, verb="send")
    return {
        "obligations with a content": contents.values("submission__obligation").distinct().count(),
        "contents": contents.count(),
        "receipts": contents.values("receipt").distinct().count(),
        "steps": steps.count(),
        "audit entries": AuditEntry.objects.filter(action="reporting.submission_send").count(),
        "findings": sum(isinstance(one, integrity.Finding) for one in integrity.run()),
    }


def prepared(units: int, readers: int) -> tuple[list[Obligation], list[Person], list[Person]]:
    """The office with every report approved; who sends and who reads."""
    call_command("prepare", quiet=True)
    year = clock.today().year
    owed = hundred.opened(hundred.obliged(units), year)
    for place, obligation in enumerate(owed):
        hundred.write(obligation, place, hundred.APPROVED)
    found = people(owed, readers, year)
    connection.close()
    return owed, *found


def alone(port: int, readers: Sequence[Person]) -> list[Answer]:
    """A specialist's and a focal officer's pages while nobody else is there, after a round that warms the server."""
    found: list[Answer] = []
    for _time in range(6):
        for one in (readers[0], readers[-1]):
            browser = Browser(port, one.session, "alone")
            found += [browser.ask(url) for url in one.pages]
    return found[len(found) // 2 :]


def failures(told: dict[str, int], minute: Minute, whole: dict[str, Any], units: int) -> list[str]:
    """What is not as promised."""
    wanted = {name: 0 if name == "findings" else units for name in told}
    found = [f"{name}: {told[name]}, not {wanted[name]}" for name in told if told[name] != wanted[name]]
    found += minute.wrong
    if len(minute.done) != units or max(minute.done) > minute.seconds:
        found.append(f"{len(minute.done)} sent, the last after {max(minute.done, default=0):.1f} s")
    if whole["p95_ms"] > P95 or whole["errors"]:
        found.append(f"p95 {whole['p95_ms']} ms, {whole['errors']} errors")
    return found


def main() -> int:
    """Build, serve, let them in, count, print, write."""
    given = [float(a) for a in (sys.argv[1:] + ["100", "200", "60", "5"][len(sys.argv) - 1 :])[:4]]
    units, readers, seconds, pause = int(given[0]), int(given[1]), given[2], given[3]
    owed, senders, reading = prepared(units, readers)
    with served(Path(os.environ["CHUAN_HOME"]) / "serve.log") as port:
        quiet, before = alone(port, reading), os.getloadavg()
        minute = Minute(port, seconds, pause)
        minute.run(senders, reading)
        load = os.getloadavg()
    told, last = once(owed), round(max(minute.done, default=0.0), 1)
    kinds = [row(kind, [one for one in minute.answers if one.doing == kind]) for kind in KINDS]
    rows = [row("all answers", minute.answers, P95), *kinds, row("a page, nobody else there", quiet)]
    wrong = failures(told, minute, rows[0], units)
    name = f"{units} units, {readers} readers, {seconds:.0f} s, a page every {pause:g} s"
    print(name)
    print(f"{'':28}{'answers':>8}{'p50 ms':>8}{'p95':>8}{'p99':>8}{'worst':>8}{'errors':>8}")
    for line in rows:
        print(f"{line['what']:28}" + "".join(f"{line[key]:>8}" for key in ("answers", *SHARES, "errors")))
    print(f"sent: {told}; the last after {last} s; load {load[0]:.1f}", *wrong[:20], sep="\n")
    known = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    known[name] = {
        "measured": clock.system_now().astimezone(clock.VN).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "load_before": before, "load": load},
        "sent": told,
        "last_sent_s": last,
        "wrong": wrong[:20],
        "rows": rows,
    }
    OUT.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
