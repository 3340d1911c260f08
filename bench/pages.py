"""Server time and queries of the main pages, on the illustration, through the whole middleware.

    .venv/bin/python bench/pages.py [runs]

Builds a sample database of its own, prints a table and writes docs/reliability/bench-pages.json.
"""

import atexit
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
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
from django.urls import reverse  # noqa: E402

from chuan.accounts.models import User  # noqa: E402
from chuan.lib import clock  # noqa: E402
from chuan.reporting.models import FrozenFigure, Obligation, Report  # noqa: E402
from chuan.training.models import Course  # noqa: E402

OUT = ROOT / "docs" / "reliability" / "bench-pages.json"
MILLISECONDS, QUERIES = 60, 12
PLAIN = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def pages() -> dict[str, str]:
    """Name → address."""
    figure = reverse("reporting:figure", args=["CT2"])
    frozen = FrozenFigure.objects.filter(indicator="CT2").latest("pk")
    found = {
        "home": reverse("home"),
        "courses": reverse("training:courses"),
        "course": reverse("training:course", args=[Course.objects.earliest("pk").code]),
        "figures": reverse("reporting:figures"),
        "figure": figure,
        "figure, one year": f"{figure}?year=2026",
        "tracking": reverse("reporting:tracking"),
        "submission": reverse("reporting:submission", args=[Obligation.objects.latest("pk").code]),
        "report": reverse("reporting:report", args=[Report.objects.latest("pk").code]),
        "origin": reverse("reporting:origin", args=[frozen.code]),
    }
    return found | {f"figure, {tab}": f"{figure}?tab={tab}" for tab in TABS}


TABS = ("excluded", "doubles", "breakdown", "definition", "issued")


def measure(browser: Client, url: str, runs: int) -> dict[str, Any]:
    """Queries of one answer, milliseconds of `runs`."""
    browser.get(url)  # once a minute the session notes that it was seen: not this page's doing
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(url)
    seen = [query["sql"] for query in captured.captured_queries]
    if answer.status_code != 200:
        raise SystemExit(f"{url}: {answer.status_code}")
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        browser.get(url)
        times.append((time.perf_counter() - began) * 1000)
    return {
        "median_ms": round(statistics.median(times), 1),
        "best_ms": round(min(times), 1),
        "queries": len(seen),
        "repeated": len(seen) - len(set(seen)),
        "kilobytes": round(len(answer.content) / 1024, 1),
    }


def main() -> int:
    """Build, measure, print, write; 1 where a page is over its budget."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    call_command("prepare", quiet=True)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(username="chuyenvien"))
    with override_settings(STORAGES=PLAIN):
        rows = {name: measure(browser, url, runs) for name, url in sorted(pages().items())}
    print(f"{'page':22}{'median ms':>10}{'best ms':>9}{'queries':>9}{'repeated':>9}{'KiB':>7}")
    over = 0
    for name, row in rows.items():
        late = row["best_ms"] > MILLISECONDS or row["queries"] > QUERIES
        over += late
        times = f"{row['median_ms']:>10}{row['best_ms']:>9}"
        values = f"{times}{row['queries']:>9}{row['repeated']:>9}{row['kilobytes']:>7}"
        print(f"{name:22}{values}{'  over' if late else ''}")
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "load": os.getloadavg()}
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
