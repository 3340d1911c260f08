"""What stands in the way of a report's signature, and what is warned of and printed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chuan.ledger.integrity import one_instant
from chuan.programme.queries import contradictions_of, settled_readings
from chuan.reporting import obligations, queries, regime, verify
from chuan.reporting.collecting import Parts
from chuan.reporting.indicators import INDICATORS, REPORTED
from chuan.reporting.models import Report, SubmissionContent
from chuan.reporting.rules import ReportState

#: The report's words by field, as a person looks for them.
WORDS = {
    "direction": "I. Công tác chỉ đạo",
    "results": "II. Kết quả",
    "money": "III. Kinh phí",
    "difficulties": "IV. Khó khăn",
    "next": "V. Phương hướng",
    "requests": "VI. Kiến nghị",
}
#: What people leave where something is still to be written: `……`, `[...]`, `[bổ sung số]`, `____`, `xx/xx`.
PLACEHOLDER = re.compile(
    r"\[[\s.…_]*\]|\[(?:bổ sung|điền|nhập|ghi)[^\]]*\]|<[\s.…_]+>|\.{4,}|…[.…]+|…/…?|/…|_{3,}|\?{2,}|\bx{2,}\b",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"X+", re.ASCII)


@dataclass(frozen=True)
class Item:
    """One line of the checklist; a block stops the freeze, a warning is printed."""

    text: str
    blocks: bool


def items(
    report: Report, *, today: date, rows: Sequence[obligations.Row] | None = None, whole: bool = True
) -> list[Item]:
    """Blocks first, then warnings; `rows` are the period's as tracked, where the caller has them already.

    `whole`: check the seals of what the report rests on, and the open readings, too; a glance does without, the
    freeze never does.
    """
    rows = obligations.tracking(report.period, today=today) if rows is None else rows
    blocks = [*_definitions(), *_unwritten(report)]
    blocks += _broken(report) if whole else []
    warnings = [*_warnings(report, rows, today), *(_readings(report) if whole else [])]
    return [Item(text, blocks=True) for text in blocks] + [Item(text, blocks=False) for text in warnings]


def _broken(report: Report) -> list[str]:
    """Seals that do not hold any more: what was changed outside the software is not signed."""
    with one_instant():
        return [f"{finding.where}: {finding.what}" for finding in verify.of_period(report.period)]


def _definitions() -> Iterator[str]:
    approved = queries.approved_definitions()
    for indicator in (INDICATORS[code] for code in REPORTED):
        if (indicator.spec.id, indicator.definition_sha256()) not in approved:
            yield f"định nghĩa chỉ tiêu {indicator.spec.id} chưa được phê duyệt"


def _unwritten(report: Report) -> Iterator[str]:
    """What people have not said yet: the review, the day of closing, words, and what stands for words."""
    if report.state == ReportState.DRAFT:
        yield "trưởng phòng chưa soát xét dự thảo"
    if regime.cut_off_of(report.period) is None:
        yield "chưa ấn định ngày chốt số liệu của kỳ"
    if not report.draft.get("direction", "").strip():
        yield "chưa ghi phần công tác chỉ đạo"
    for field, title in WORDS.items():
        for found in placeholders(report.draft.get(field, "")):
            yield f"phần {title} còn chỗ chưa điền: “{found}”"


def placeholders(words: str) -> list[str]:
    """Marks that stand where something is still to be written, each once; a Roman numeral is none."""
    found = (match.group() for match in PLACEHOLDER.finditer(words))
    return list(dict.fromkeys(mark for mark in found if not _ROMAN.fullmatch(mark)))


def _warnings(report: Report, rows: Sequence[obligations.Row], today: date) -> Iterator[str]:
    missing = [row.unit_name for row in rows if row.is_missing]
    if missing:
        yield f"{len(missing)} đơn vị chưa gửi: {', '.join(missing)}"
    disputed = [row.unit_name for row in rows if row.disputed]
    if disputed:
        yield f"số liệu còn ý kiến khác của: {', '.join(disputed)}"
    unfilled = [row.unit_name for row in rows if row.content and placeholders(_words_of(row.content))]
    if unfilled:
        yield f"lời báo cáo của đơn vị còn chỗ chưa điền: {', '.join(unfilled)}"
    last = report.period.last
    if today <= last:
        yield f"kỳ số liệu chưa đóng (đến {last:%d/%m/%Y}); in là số liệu tạm tính"


def _words_of(content: SubmissionContent) -> str:
    """Everything that a unit wrote, line after line."""
    parts = Parts.of(content.parts)
    lines = [task.words for task in parts.tasks.values()]
    lines += [line.words for line in parts.difficulties] + [line.words for line in parts.proposals]
    return "\n".join([content.narrative, *lines])


def _readings(report: Report) -> Iterator[str]:
    """What the plan can be read to say in several ways is printed in every way, until a reply settles it."""
    settled = {one.contradiction for one in settled_readings(report.period.plan, report.period.last)}
    unsettled = sum(one.code not in settled for one in contradictions_of(report.period.plan))
    if unsettled:
        yield f"{unsettled} chỗ của Kế hoạch còn nhiều cách hiểu; báo cáo in đủ các cách"
