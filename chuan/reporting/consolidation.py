"""What units reported, put together: tasks, money, difficulties, proposals; as plain values for the snapshot.

Only reports that were turned in count. Words stay whose they are: each carries its unit's name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from chuan.programme.document import PlanDocument
from chuan.programme.models import Plan
from chuan.programme.queries import contradictions_of, settled_readings
from chuan.programme.rules import ItemKind
from chuan.programme.solutions import Solution, alone_elsewhere, solutions_of
from chuan.programme.spans import spans_of
from chuan.reporting import beside, contributions
from chuan.reporting.collecting import Parts, TaskWord
from chuan.reporting.models import Report, ReportingPeriod, Submission
from chuan.reporting.obligations import Row
from chuan.reporting.own_words import NAME, OwnWord
from chuan.reporting.unit_reports import known_document

#: Cells of the annex that are printed again.
PRINTED = ("number", "text", "lead", "coordinators", "timing")


def gather(period: ReportingPeriod, rows: Sequence[Row]) -> dict[str, Any]:
    """Everything besides figures that the consolidated report prints; `rows` as `obligations.tracking` gives them."""
    plan = period.plan
    document = known_document(plan)
    contents = _contents(rows)
    outputs = [beside.plain_output(one) for one in beside.outputs(period)]
    return {
        "tasks": tasks_of(document, rows, outputs),
        "groups": _groups(document),
        "money": money_of(rows),
        "difficulties": [
            {
                "unit": row.authority,
                "code": row.obligation.unit.code,
                "ref": f"{row.content.receipt}/{contributions.difficulty(place)}",
                **line,
            }
            for row in rows
            if row.is_in and row.content
            for place, line in enumerate(row.content.parts.get("difficulties", []), start=1)
        ],
        "proposals": _proposals(contents),
        "outputs": outputs,
        "historical": [beside.plain_historical(one) for one in beside.historical(plan)],
        "contradictions": _contradictions(plan, document, period),
    }


def _contents(rows: Sequence[Row]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each report that was turned in: whose, and its parts as sealed."""
    return [(row.authority, row.content.parts) for row in rows if row.is_in and row.content]


def frozen_in(submission: Submission) -> list[Report]:
    """Reports whose frozen content was put together from what the submission sent, issued ones or on their way."""
    content, period = submission.content, submission.obligation.period_id
    frozen = Report.objects.filter(period=period, content__isnull=False).select_related("content") if content else []
    return [one for one in frozen if content and content.receipt in _receipts(one)]


def _receipts(report: Report) -> set[str | None]:
    return {unit["receipt"] for unit in report.content.snapshot["units"]} if report.content else set()


def said_of(rows: Sequence[Row], own: Mapping[str, OwnWord]) -> dict[str, list[tuple[str, str]]]:
    """Row of the annex → (unit, status) of Sở where it says something of it, then of each report that arrived."""
    found = {code: [(NAME, word.status)] for code, word in own.items() if word.status}
    for unit, parts in _contents(rows):
        for code, word in parts.get("tasks", {}).items():
            if word.get("status"):
                found.setdefault(code, []).append((unit, word["status"]))
    return found


def tasks_of(
    document: PlanDocument | None,
    rows: Sequence[Row],
    outputs: Sequence[Mapping[str, Any]],
    indicators: Mapping[str, set[str]] | None = None,
) -> list[dict[str, Any]]:
    """The annex's rows as printed, lists of a cell in lines; headings between them have no words.

    Each with what units said of it, which money they tie to it, and the figures that count it. `indicators`: as
    `rows_of_indicators` gives them, where they are known.
    """
    if document is None:
        return []
    reports = [(unit, parts.get("tasks", {})) for unit, parts in _contents(rows)]
    money = _money_of_tasks(reports)
    indicators = rows_of_indicators(document) if indicators is None else indicators
    found = []
    for item in document.items:
        if item.kind not in {ItemKind.GROUP, ItemKind.TASK}:
            continue
        cells = {cell: document.display(item, cell) for cell in PRINTED}
        words = [
            {"unit": unit, "status": tasks[item.code]["status"], "words": tasks[item.code]["words"]}
            for unit, tasks in reports
            if tasks.get(item.code, {}).get("status")
        ]
        proofs = [line for line in outputs if line["task"] == item.code]
        found.append(
            {
                "code": item.code,
                "label": document.label(item),
                "task": hasattr(item, "task"),
                **cells,
                "said": words,
                "money": money.get(item.code, []),
                "outputs": proofs,
                "indicators": [code for code, rows in indicators.items() if item.code in rows],
            }
        )
    return found


def _money_of_tasks(reports: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Task → each unit that ties money to it, with its amounts (đồng)."""
    found: dict[str, list[dict[str, Any]]] = {}
    for unit, tasks in reports:
        for code, said in tasks.items():
            if amounts := TaskWord.of(said).amounts():
                found.setdefault(code, []).append({"unit": unit, **amounts})
    return found


def _groups(document: PlanDocument | None) -> list[dict[str, Any]]:
    """The plan's groups of solutions with their rows, indicators and bullets without a row; last, those of other
    parts, in a group of which nothing is printed where nothing is said."""
    if document is None:
        return []
    indicators = rows_of_indicators(document)
    taken: set[str] = set()
    found: list[dict[str, Any]] = []
    for one in solutions_of(document):
        own = [code for code, at in indicators.items() if code not in taken and at & set(one.rows)]
        taken |= set(own)
        found.append({**asdict(one), "indicators": own})
    rest = Solution("", "Nội dung khác nêu ở phần thân của Kế hoạch", alone=alone_elsewhere(document))
    return [*found, {**asdict(rest), "indicators": [], "rest": True}] if found and rest.alone else found


def rows_of_indicators(document: PlanDocument) -> dict[str, set[str]]:
    """Indicator → the annex rows that its targets stand in or are carried out by."""
    found: dict[str, set[str]] = {}
    for target in document.plan.targets.all():
        item = document.by_pk.get(target.item_id or 0)
        if item is not None:
            rows = item.rows if item.rows else [item.code]
            found.setdefault(target.indicator, set()).update(rows)
    return found


def money_of(rows: Sequence[Row]) -> dict[str, Any]:
    """Đồng by source, over the units that said so, and how many did."""
    total: dict[str, int] = {}
    told = 0
    for parts in (Parts.of(sealed) for _unit, sealed in _contents(rows)):
        told += bool(parts.money)
        for source, amount in parts.money.items():
            total[source] = total.get(source, 0) + amount
    return {"by_source": total, "units": told}


def _proposals(contents: Iterable[tuple[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {"unit": unit, "words": line["words"], "label": line.get("label", ""), "money": line["money"]}
        for unit, parts in contents
        for line in parts.get("proposals", [])
    ]


def _contradictions(plan: Plan, document: PlanDocument | None, period: ReportingPeriod) -> list[dict[str, Any]]:
    """What the plan can be read to say in several ways, each place quoted, and the reply that settled it if any."""
    if document is None:
        return []
    settled = {one.contradiction: one for one in settled_readings(plan, period.last)}
    return [
        {
            "title": one.title,
            "quotes": [f"{s['place']}: “{document.quote(spans_of(s['spans']))}”" for s in one.sources],
            "settled": f"{settled[one.code].document} ({settled[one.code].label})" if one.code in settled else "",
        }
        for one in contradictions_of(plan)
    ]
