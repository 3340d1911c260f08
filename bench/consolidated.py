"""The consolidated report of 100 units as Word, PDF and Excel, beside what its formats cost at least.

    .venv/bin/python bench/consolidated.py [units] [runs]

Builds an office's database of its own through the services: every unit's report is accepted with tasks, money,
difficulties and proposals; the report is frozen. Then it is printed for the People's Committee. Each run is a fresh
fork: typst keeps what it has set before, and a worker prints a report once. What a process reads once in its life (the
routes) was read before the fork.

The floors, measured in turn with the runs: typst alone on the same data, python-docx and xlsxwriter writing the same
words into plain tables. Prints a table and writes docs/reliability/bench-consolidated.json; 1 where the three files
together take longer than the budget.
"""

import atexit
import io
import json
import multiprocessing
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuan.settings")
os.environ["CHUAN_MODE"] = "office"
os.environ["CHUAN_HOME"] = tempfile.mkdtemp(prefix="chuan-consolidated-")
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402

atexit.register(shutil.rmtree, os.environ["CHUAN_HOME"], ignore_errors=True)

django.setup()

import docx  # noqa: E402
import pikepdf  # noqa: E402
import xlsxwriter  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench import hundred  # noqa: E402
from bench.hundred import ACTOR  # noqa: E402
from chuan.accounts.services import create_user  # noqa: E402
from chuan.lib import clock  # noqa: E402
from chuan.organisations.models import OrganisationUnit  # noqa: E402
from chuan.organisations.rules import Role  # noqa: E402
from chuan.organisations.services import grant_membership  # noqa: E402
from chuan.rendering import pdf as rendering_pdf  # noqa: E402
from chuan.rendering.blocks import Bullets, OfficialDocument, Paragraph, Table, plain_text  # noqa: E402
from chuan.rendering.engine import typeset  # noqa: E402
from chuan.reporting import contributions, drafts, obligations, papers  # noqa: E402
from chuan.reporting.models import Report, ReportContent, ReportingPeriod  # noqa: E402
from chuan.reporting.rules import Recipient  # noqa: E402
from chuan.reporting.services import drafting, reports  # noqa: E402

OUT = ROOT / "docs" / "reliability" / "bench-consolidated.json"
#: Milliseconds of the three files together (issue 3, figures to reach).
BUDGET = 3000
YEAR = 2026
WRITTEN = datetime(YEAR, 12, 7, 8, 0, tzinfo=clock.VN)
FROZEN = datetime(YEAR, 12, 15, 8, 0, tzinfo=clock.VN)
#: Units' paragraphs that the officer took into the text.
TAKEN = 20
WORDS = {
    "direction": "Sở Khoa học và Công nghệ đã hướng dẫn các đơn vị triển khai Kế hoạch và đôn đốc báo cáo.",
    "results": "Năm 2026 là năm đầu của giai đoạn 2026–2030; các xã, phường lần đầu báo cáo trực tiếp.",
    "difficulties": "Nhân lực làm công tác đo lường thay đổi sau sắp xếp tổ chức bộ máy.",
    "next": "Tiếp tục mở lớp theo nhu cầu của doanh nghiệp trên địa bàn.",
}
#: What is timed of a printing, and what is the least that its format costs.
PARTS = ("document", "docx", "pdf", "xlsx")
WORDS_OF = {
    "document": "the document from the snapshot",
    "docx": "Word",
    "pdf": "PDF/A-3a with the snapshot attached",
    "xlsx": "Excel",
}
FLOOR_OF = {"docx": "python-docx, plain tables", "pdf": "typst alone", "xlsx": "xlsxwriter, plain cells"}


def build(count: int) -> ReportingPeriod:
    """The office, its director, and every unit's accepted report."""
    call_command("prepare", quiet=True)
    director = create_user(actor=ACTOR, username="giamdoc", full_name="Lê Hoàng Nam", password="mot-mat-khau-dai")
    office = OrganisationUnit.objects.get(code="so-khcn")
    role, since = Role.DEPARTMENT_LEADER, WRITTEN.date().replace(month=1, day=1)
    grant_membership(actor=ACTOR, user=director, unit=office, role=role, valid_from=since)
    owed = hundred.opened(hundred.obliged(count), YEAR)
    for place, obligation in enumerate(owed):
        hundred.write(obligation, place, hundred.ACCEPTED)
    return owed[0].period


def reviewed(period: ReportingPeriod) -> Report:
    """The draft with its words and some of the units' paragraphs, ready to be frozen."""
    report = reports.start_report(actor=ACTOR, period=period)
    reports.save_words(actor=ACTOR, report=report, version=0, words=WORDS)
    offered = contributions.given(obligations.tracking(period, today=clock.today()))
    general = [one for one in offered if one.origin.ref.endswith("/narrative.1")][:TAKEN]
    chosen = [drafting.Choice(one.origin.ref, one.section, one.text) for one in general]
    drafting.arrange_paragraphs(actor=ACTOR, report=report, version=1, chosen=chosen)
    report.refresh_from_db()
    reports.review(actor=ACTOR, report=report)
    return report


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds, and the answer."""
    began = time.perf_counter()
    answer = work()
    return (time.perf_counter() - began) * 1000, answer


def frozen(content_id: int) -> tuple[ReportContent, OfficialDocument]:
    """A frozen content and its paper for signature, as the worker makes it."""
    content = ReportContent.objects.select_related("report__period__plan").get(pk=content_id)
    return content, papers.of_content(content, content.report, "for_signature", Recipient.COMMITTEE)


def printed(content_id: int) -> dict[str, tuple[float, int]]:
    """Each part of one printing: milliseconds and bytes."""
    took, (content, doc) = timed(lambda: frozen(content_id))
    found = {"document": (took, 0)}
    for kind in ("docx", "pdf", "xlsx"):
        took, made = timed(partial(papers.made, doc, kind, content.snapshot))
        found[kind] = (took, len(made))
    return found


def tables(doc: OfficialDocument) -> Iterator[list[list[str]]]:
    """The words of every table, row after row, the headings first."""
    for block in (*doc.body, *(block for annex in doc.annexes for block in annex.blocks)):
        if isinstance(block, Table):
            rows = [list(map(plain_text, row)) if isinstance(row, tuple) else [row.text] for row in block.rows]
            yield [[column.heading for column in block.columns], *rows]


def lines(doc: OfficialDocument) -> Iterator[str]:
    """The words outside tables."""
    for block in doc.body:
        if isinstance(block, Paragraph):
            yield plain_text(block.inlines)
        elif isinstance(block, Bullets):
            yield from map(plain_text, block.items)


def plain_word(doc: OfficialDocument) -> bytes:
    """The same words by python-docx alone, without any look.

    The cells are taken all at once: to ask for each row's is far slower.
    """
    file, out = docx.Document(), io.BytesIO()
    for line in lines(doc):
        file.add_paragraph(line)
    for rows in tables(doc):
        cells = iter(file.add_table(len(rows), len(rows[0]))._cells)
        for row in rows:
            for words in (*row, *[""] * (len(rows[0]) - len(row))):
                next(cells).text = words
    file.save(out)
    return out.getvalue()


def plain_excel(doc: OfficialDocument) -> bytes:
    """The same tables by xlsxwriter alone."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for rows in tables(doc):
            sheet = book.add_worksheet()
            for place, row in enumerate(rows):
                for column, words in enumerate(row):
                    sheet.write_string(place, column, words)
    return out.getvalue()


def floors(content_id: int) -> dict[str, float]:
    """What the formats cost without the product, in milliseconds."""
    content, doc = frozen(content_id)
    with mock.patch.object(rendering_pdf, "typeset", return_value=b"") as asked:
        papers.made(doc, "pdf", content.snapshot)
    call = asked.call_args
    return {
        "docx": timed(lambda: plain_word(doc))[0],
        "pdf": timed(lambda: typeset(*call.args, **call.kwargs))[0],
        "xlsx": timed(lambda: plain_excel(doc))[0],
    }


def apart(work: Callable[[int], Any], content_id: int) -> Any:
    """`work` in a fresh fork, which nothing that an earlier run kept can help."""
    connection.close()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(work, (content_id,))


def size_of(content_id: int) -> dict[str, int]:
    """How large the report is."""
    content, doc = frozen(content_id)
    held = list(tables(doc))
    with pikepdf.open(io.BytesIO(papers.made(doc, "pdf", content.snapshot))) as file:
        pages = len(file.pages)
    return {
        "pages": pages,
        "tables": len(held),
        "rows": sum(map(len, held)),
        "letters": sum(len(cell) for rows in held for row in rows for cell in row) + sum(map(len, lines(doc))),
    }


def row(what: str, ms: list[float], floor: list[float] | None = None, **more: Any) -> dict[str, Any]:
    """One line of the table: medians, and how many times its floor it takes."""
    found = {"what": what, "ms": round(statistics.median(ms), 1), "worst_ms": round(max(ms), 1)}
    if floor:
        least = statistics.median(floor)
        found |= {"floor_ms": round(least, 1), "ratio": round(statistics.median(ms) / least, 2)}
    return found | more


def compared(runs: list[dict[str, tuple[float, int]]], least: list[dict[str, float]]) -> list[dict[str, Any]]:
    """The parts and the whole, each beside its floor."""
    found = []
    for part in PARTS:
        floor = [one[part] for one in least] if part in FLOOR_OF else None
        more = {"beside": FLOOR_OF[part], "kilobytes": runs[0][part][1] // 1024} if part in FLOOR_OF else {}
        found.append(row(WORDS_OF[part], [one[part][0] for one in runs], floor, **more))
    whole = [sum(ms for ms, _bytes in one.values()) for one in runs]
    found.append(row("Word, PDF and Excel together", whole, [sum(one.values()) for one in least], budget_ms=BUDGET))
    return found


def main() -> int:
    """Build, freeze, print, compare, write; 1 where the three files together are over the budget."""
    count, runs = (int(a) for a in (sys.argv[1:] + ["100", "7"][len(sys.argv) - 1 :])[:2])
    with clock.at(WRITTEN):
        building, period = timed(lambda: build(count))
    reverse("home")
    with clock.at(FROZEN):
        report = reviewed(period)
        gathering, _snapshot = timed(lambda: drafts.snapshot(report))
        freezing, content = timed(lambda: reports.freeze(actor=ACTOR, report=report))
        pairs = [(apart(printed, content.pk), apart(floors, content.pk)) for _run in range(runs)]
        size = apart(size_of, content.pk)
    rows = compared([one for one, _floor in pairs], [floor for _one, floor in pairs])
    besides = [row("before it: the draft's snapshot", [gathering]), row("before it: the freeze", [freezing])]
    print(f"{count} units, {size}; built in {building / 1000:.0f} s; {runs} runs")
    print(f"{'':40}{'ms':>9}{'worst':>9}{'floor':>9}{'ratio':>7}")
    for one in (*rows, *besides):
        values = f"{one['ms']:>9}{one['worst_ms']:>9}{one.get('floor_ms', ''):>9}{one.get('ratio', ''):>7}"
        print(f"{one['what']:40}{values}  {one.get('beside', '')}{'  over' if over(one) else ''}")
    known = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "load": os.getloadavg()}
    known[f"{count} units"] = {
        "measured": clock.system_now().astimezone(clock.VN).isoformat(timespec="seconds"),
        "machine": {**machine, "python": platform.python_version()},
        "runs": runs,
        "size": size,
        "rows": [*rows, *besides],
    }
    OUT.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return int(any(map(over, rows)))


def over(one: dict[str, Any]) -> bool:
    """Over its budget."""
    return bool(one["ms"] > one.get("budget_ms", float("inf")))


if __name__ == "__main__":
    sys.exit(main())
