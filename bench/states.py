"""Pages of figures at a province's size, from what the worker keeps, and what keeping it costs.

    .venv/bin/python bench/states.py [lines] [people]                                                       SQLite
    .venv/bin/python scripts/with_postgres.py --durable .venv/bin/python bench/states.py [lines] [people]   PostgreSQL

10^6 attendances of 10^5 persons without arguments. Prints a table and writes docs/reliability/bench-states.json; 1
where something is over its budget. A state that differs from the live figure stops the bench. Beside each time on the
clock stands what this process computed (SQLite is part of it, PostgreSQL is not): on a busy machine the difference is
waiting for others.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.figures import AT, NOW, beside, engine, prepare  # noqa: E402, I001 - sets Django up
from bench.by_hand import ByHand  # noqa: E402

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from chuan.accounts.services import create_user  # noqa: E402
from chuan.audit.actor import system  # noqa: E402
from chuan.lib import clock  # noqa: E402
from chuan.organisations.models import OrganisationUnit  # noqa: E402
from chuan.organisations.rules import Role  # noqa: E402
from chuan.organisations.services import grant_membership  # noqa: E402
from chuan.programme.models import Plan  # noqa: E402
from chuan.reporting import renewal, states  # noqa: E402
from chuan.reporting.evidence import evidence_of  # noqa: E402
from chuan.reporting.indicators import INDICATORS  # noqa: E402
from chuan.reporting import queries  # noqa: E402
from chuan.reporting.models import StateRows  # noqa: E402
from chuan.reporting.queries import Listing  # noqa: E402

OUT = ROOT / "docs" / "reliability" / "bench-states.json"
PLAIN = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
RUNS = 9
#: Milliseconds (issue 3, figures to reach).
PAGE, OVERVIEW, RECOMPUTE, WHY_NOT, RATIO = 150, 400, 4000, 1000, 1.3


def signed_in() -> Client:
    """A specialist of Sở KH&CN with a second factor."""
    actor = system("bench")
    user = create_user(actor=actor, username="bench", full_name="Bench", password="mot-mat-khau-dai")
    unit = OrganisationUnit.objects.get(code="so-khcn")
    grant_membership(actor=actor, user=user, unit=unit, role=Role.SPECIALIST, valid_from=AT.replace(year=2020))
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser


@dataclass(frozen=True)
class Cost:
    """Milliseconds on the clock, and of this process alone."""

    clock: float
    process: float


def cost(work: Callable[[], Any]) -> tuple[Cost, Any]:
    """What the work costs, and its answer."""
    clock_began, process_began = time.perf_counter(), time.process_time()
    answer = work()
    return Cost((time.perf_counter() - clock_began) * 1000, (time.process_time() - process_began) * 1000), answer


def page(browser: Client, url: str) -> tuple[Cost, int, bool]:
    """The median of a warm page, its queries, and whether it says its as-of."""
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(url)
    asked = len(captured.captured_queries)  # before the next answer begins a new list
    if answer.status_code != 200:
        raise SystemExit(f"{url}: {answer.status_code}")
    costs = sorted((cost(lambda: browser.get(url))[0] for _ in range(RUNS)), key=lambda one: one.clock)
    return costs[RUNS // 2], asked, "Theo dữ liệu lúc" in answer.content.decode()


def timed(work: Callable[[], Any], runs: int = 1) -> tuple[Cost, Any]:
    """The best of some runs, and the last answer."""
    done = [cost(work) for _ in range(runs)]
    return min((one for one, _answer in done), key=lambda one: one.clock), done[-1][1]


def recomputed(plan: Plan, code: str) -> list[dict[str, Any]]:
    """What the worker does for one question, in its parts; the state equals the live figure."""
    question = states.Question(code)

    def figure() -> int:
        found = states.live(plan, question, at=AT, known=NOW)
        return found.value + len(found.companions) + len(found.groups)

    told, _answer = timed(figure)
    judged, _answer = timed(lambda: states.live(plan, question, at=AT, known=NOW).identities(Listing.EXCLUDED))
    whole, state = timed(lambda: renewal.refresh(plan, question), 1)
    kept, live = states.stored(plan, state), states.live(plan, question, at=AT, known=NOW)
    if (kept.result(), kept.excluded, dict(kept.in_windows)) != (live.result(), live.excluded, dict(live.in_windows)):
        raise SystemExit(f"{code}: the state is not the live figure")
    size = sum(map(len, StateRows.objects.filter(state=state).values_list("ids", flat=True))) // 1024
    return [
        row(f"{code}: value, readings, years, breakdown, companions", told, RECOMPUTE),
        row(f"{code}: every row with its reasons", judged),
        row(f"{code}: the whole state, lists and writing with it", whole, kilobytes=size),
    ]


def asked_for(plan: Plan, browser: Client) -> list[dict[str, Any]]:
    """The pages, from states."""
    figure = reverse("reporting:figure", args=["CT2"])
    pages = {"S6 CT2": (figure, PAGE), "S6 CT2-L": (reverse("reporting:figure", args=["CT2-L"]), PAGE)}
    pages |= {f"S6 CT2, {tab}": (f"{figure}?tab={tab}", WHY_NOT if tab == "excluded" else PAGE) for tab in TABS}
    pages |= {"S6 CT2, excluded, page 20000": (f"{figure}?tab=excluded&page=20000", WHY_NOT)}
    pages |= {f"S6 {code}": (reverse("reporting:figure", args=[code]), PAGE) for code in SMALL}
    pages |= {"overview": (reverse("reporting:figures"), OVERVIEW), "S0, home": ("/", OVERVIEW)}
    found = []
    for name, (url, budget) in pages.items():
        took, asked, as_of = page(browser, url)
        if not as_of:
            raise SystemExit(f"{name}: not from a state")
        found.append(row(name, took, budget, queries=asked))
    return found


SMALL = ("CT1a", "CT3", "CT4")
TABS = ("excluded", "doubles", "breakdown", "definition", "issued")


def told(plan: Plan) -> list[dict[str, Any]]:
    """Why records are not counted, as a page asks; members beside the best SQL by hand."""
    question, indicator = states.Question("CT2"), INDICATORS["CT2"]
    kept = states.current(plan, question, at=AT, known=NOW)
    named = evidence_of("CT2").named

    def why_not() -> int:
        rows = kept.page(Listing.EXCLUDED, named, 0, 50)
        return len([indicator.reasons(kept.scope, one) for one in rows])

    why, _answer = timed(why_not, RUNS)
    scope = queries.scope_for(plan, question.frame, question.window(plan, AT), at=AT, known=NOW)
    hand = ByHand(scope)
    ours, best, answer, expected = beside(lambda: indicator.member_ids(scope), hand.members)
    if answer != expected:
        raise SystemExit("members: ours and by hand differ")
    ratio = {"by_hand_ms": round(best, 1), "ratio": round(ours / best, 2)}
    return [row("why_not, first 50 rows", why, WHY_NOT), {"what": "members()", "ms": round(ours, 1), **ratio}]


def row(name: str, took: Cost, budget: int | None = None, **more: Any) -> dict[str, Any]:
    """One line of the table."""
    times = {"ms": round(took.clock, 1), "process_ms": round(took.process, 1)}
    return {"what": name, **times, **({"budget_ms": budget} if budget else {}), **more}


def late(line: dict[str, Any]) -> bool:
    """Over its budget."""
    over = line["ms"] > line.get("budget_ms", float("inf"))
    return bool(over or line.get("ratio", 0) > RATIO)


def main() -> int:
    """Fill, keep, measure, print, write."""
    lines, people = (int(float(a)) for a in (sys.argv[1:] + ["1e6", "1e5"][len(sys.argv) - 1 :])[:2])
    seconds = prepare(lines, people)
    plan = Plan.objects.get(code="KH-2828")
    settings.LIVE_ROWS = min(settings.LIVE_ROWS, lines // 2)
    with clock.at(NOW), override_settings(STORAGES=PLAIN):
        rows = [line for code in ("CT2", "CT2-L") for line in recomputed(plan, code)]
        for code in INDICATORS:
            if INDICATORS[code].spec.small:
                renewal.refresh(plan, states.Question(code))
        rows += asked_for(plan, signed_in())
        rows += told(plan)
    print(f"{engine()}: {lines} attendances, {people} persons, written in {seconds:.1f} s")
    print(f"{'':58}{'ms':>10}{'process':>10}{'budget':>8}")
    for line in rows:
        more = "".join(f"  {k} {v}" for k, v in line.items() if k not in {"what", "ms", "process_ms", "budget_ms"})
        times = f"{line['ms']:>10}{line.get('process_ms', ''):>10}{line.get('budget_ms', ''):>8}"
        print(f"{line['what']:58}{times}{more}{'  over' if late(line) else ''}")
    known = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "load": os.getloadavg()}
    known[f"{engine()}, {lines} attendances, {people} persons"] = {
        "measured": datetime.now(clock.VN).isoformat(timespec="seconds"),
        "machine": {**machine, "python": platform.python_version()},
        "rows": rows,
    }
    OUT.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return int(any(map(late, rows)))


if __name__ == "__main__":
    sys.exit(main())
