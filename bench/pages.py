"""Server time and queries of the main pages, on the illustration, through the whole middleware.

    .venv/bin/python bench/pages.py [runs]

Builds a sample database of its own, prints a table and writes docs/reliability/bench-pages.json.
"""

import atexit
import json
import os
import platform
import re
import shutil
import statistics
import sys
import tempfile
import time
from html import unescape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuan.settings")
os.environ["CHUAN_MODE"] = "sample"
os.environ["CHUAN_HOME"] = tempfile.mkdtemp(prefix="chuan-pages-")
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402

atexit.register(shutil.rmtree, os.environ["CHUAN_HOME"], ignore_errors=True)

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import resolve, reverse  # noqa: E402

from chuan.accounts.models import User  # noqa: E402
from chuan.audit.actor import system  # noqa: E402
from chuan.lib import clock  # noqa: E402
from chuan.lib.garbage import collect_rarely  # noqa: E402
from chuan.reporting.models import FrozenFigure  # noqa: E402
from chuan.training.models import AttendanceFacts  # noqa: E402
from chuan.training.services import correct_attendance  # noqa: E402

OUT = ROOT / "docs" / "reliability" / "bench-pages.json"
MILLISECONDS, QUERIES = 60, 12
HREF = re.compile(r'<a [^>]*href="([^"]+)"')
PLAIN = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


#: Who reads which of the pages: each user's are found by following links from their home.
USERS = ("chuyenvien", "daumoi.ct", "giamdoc")
#: Heavy pages whose tabs and periods are asked for besides.
MORE = {
    "reporting:figure": (
        "year=2026",
        *(f"tab={t}" for t in ("excluded", "doubles", "breakdown", "definition", "issued")),
    )
}


def follow(browser: Client, home: str) -> dict[str, str]:
    """Route → the first address of it that links lead to from `home`; files are no pages."""
    found: dict[str, str] = {}
    waiting, seen = [home], {home}
    while waiting:
        url = waiting.pop(0)
        name = resolve(url.partition("?")[0]).view_name
        if name in found:
            continue
        answer = browser.get(url)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        found[name] = url
        links = (unescape(link).partition("#")[0] for link in HREF.findall(answer.content.decode()))
        new = [link for link in links if link.startswith("/") and not link.startswith(("/static/", "/account/"))]
        waiting += [link for link in new if link not in seen]
        seen.update(new)
    return found


def pages(browser: Client) -> dict[str, str]:
    """Name → address of every page that the user of `browser` can reach by links."""
    found = follow(browser, reverse("home"))
    frozen = FrozenFigure.objects.filter(indicator="CT2").latest("pk")
    found["reporting:origin"] = reverse("reporting:origin", args=[frozen.code])
    more = {
        f"{r} {q}": f"{found[r].partition('?')[0]}?{q}" for r, queries in MORE.items() if r in found for q in queries
    }
    return found | more


def measure(browser: Client, url: str, runs: int) -> dict[str, Any]:
    """Queries of one answer; of `runs`, the median time and the least work of the process; the first answer after
    somebody wrote what figures read.

    With SQLite the process waits for nobody: its own work is the time on a machine that does nothing else.
    """
    browser.get(url)  # once a minute the session notes that it was seen: not this page's doing
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(url)
    seen = [query["sql"] for query in captured.captured_queries]
    if answer.status_code != 200:
        raise SystemExit(f"{url}: {answer.status_code}")
    write()
    began = time.process_time()
    with CaptureQueriesContext(connection) as captured:
        browser.get(url)
    first = {"queries": len(captured.captured_queries), "cpu_ms": round((time.process_time() - began) * 1000, 1)}
    times, works = [], []
    for _ in range(runs):
        began, worked = time.perf_counter(), time.process_time()
        browser.get(url)
        works.append((time.process_time() - worked) * 1000)
        times.append((time.perf_counter() - began) * 1000)
    return {
        "median_ms": round(statistics.median(times), 1),
        "cpu_ms": round(min(works), 1),
        "queries": len(seen),
        "repeated": len(seen) - len(set(seen)),
        "after_write": first,
        "kilobytes": round(len(answer.content) / 1024, 1),
    }


def write() -> None:
    """Correct a line of a list: every figure of persons trained may move."""
    seen = AttendanceFacts.objects.live().select_related("attendance__course").earliest("pk")
    note = "" if seen.note else "Đã đối chiếu"
    correct_attendance(actor=system("bench"), seen=seen, reason="đo", note=note)


def signed_in(user: User) -> Client:
    """A browser that was signed in with a second factor."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser


def loop_ms() -> float:
    """A million multiplications in Python: how fast the machine is just now, which on a shared host varies by half."""
    began, total = time.process_time(), 0
    for n in range(1_000_000):
        total += n * n
    return round((time.process_time() - began) * 1000, 1)


def main() -> int:
    """Build, measure, print, write; 1 where a page is over its budget."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    call_command("prepare", quiet=True)
    collect_rarely()  # as the served process does
    rows: dict[str, dict[str, Any]] = {}
    with override_settings(STORAGES=PLAIN):
        for user in USERS:
            browser = signed_in(User.objects.get(username=user))
            for name, url in sorted(pages(browser).items()):
                rows[f"{user} {name}"] = measure(browser, url, runs)
    print(f"{'page':54}{'median ms':>10}{'CPU ms':>9}{'queries':>9}{'repeated':>9}{'KiB':>7}{'after a write':>18}")
    over = 0
    for name, row in rows.items():
        late = row["cpu_ms"] > MILLISECONDS or row["queries"] > QUERIES
        over += late
        times = f"{row['median_ms']:>10}{row['cpu_ms']:>9}"
        values = f"{times}{row['queries']:>9}{row['repeated']:>9}{row['kilobytes']:>7}"
        first = f"{row['after_write']['cpu_ms']:>9} ms{row['after_write']['queries']:>5}q"
        print(f"{name:54}{values}{first}{'  over' if late else ''}")
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "load": os.getloadavg(), "loop_ms": loop_ms()}
    document = {
        "measured": clock.system_now().astimezone(clock.VN).isoformat(timespec="seconds"),
        "budget": {"ms": MILLISECONDS, "queries": QUERIES},
        "machine": machine,
        "runs": runs,
        "pages": rows,
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
