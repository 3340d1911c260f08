"""What stands in the way of a report's signature, and what is warned of and printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils import translation

from chuan.audit.service import head
from chuan.programme.models import Plan
from chuan.programme.queries import contradictions_of, settled_readings
from chuan.reporting import contributions, issuing, obligations, queries
from chuan.reporting.contributions import SECTIONS, Inserts
from chuan.reporting.indicators import INDICATORS, REPORTED
from chuan.reporting.models import Report
from chuan.reporting.rules import ReportState, placeholders_in


@dataclass(frozen=True)
class Item:
    """One line of the checklist; a block stops the freeze, a warning is printed."""

    text: str
    blocks: bool


def items(
    report: Report,
    *,
    today: date,
    rows: Sequence[obligations.Row] | None = None,
    at: tuple[int, str] | None = None,
) -> list[Item]:
    """Blocks first, then warnings; `rows` are the period's as tracked and `at` the position of the ledger, where the
    caller has them already."""
    rows = obligations.tracking(report.period, today=today) if rows is None else rows
    unsettled, signed_by = _standing(report.period.plan_id, report.period.last, today, *(at or head()))
    found = [*_definitions(), *_written(report, rows)]
    if not signed_by:
        # A paper for signature has its number and day blank, and nothing else.
        words = "chưa xác định người ký: Sở chưa có đúng một Giám đốc và không có ủy quyền ký"
        found.append(Item(words, blocks=True))
    return [*found, *_warnings(report, rows, unsettled, today)]


@lru_cache(maxsize=4)
def _standing(plan_id: int, last: date, today: date, _position: int, _sha256: str) -> tuple[int, str]:
    """How many contradictions of the plan are open, and who signs today: once for each position of the ledger."""
    plan = Plan.objects.get(pk=plan_id)
    settled = {one.contradiction for one in settled_readings(plan, last)}
    unsettled = sum(one.code not in settled for one in contradictions_of(plan))
    return unsettled, issuing.signer_on(today).name


def _definitions() -> Iterator[Item]:
    approved = queries.approved_definitions()
    for indicator in (INDICATORS[code] for code in REPORTED):
        if (indicator.spec.id, indicator.definition_sha256()) not in approved:
            yield Item(f"định nghĩa chỉ tiêu {indicator.spec.id} chưa được phê duyệt", blocks=True)


def _written(report: Report, rows: Sequence[obligations.Row]) -> Iterator[Item]:
    """What is wrong with the draft itself: not reviewed, not written, left blank, taken from what no longer stands."""
    if report.state == ReportState.DRAFT:
        yield Item("trưởng phòng chưa soát xét dự thảo", blocks=True)
    inserts = Inserts.of(report.inserts)
    begun = any(one.section == "direction" for one in inserts.paragraphs)
    if not report.draft.get("direction", "").strip() and not begun:
        yield Item("chưa ghi phần công tác chỉ đạo", blocks=True)
    with translation.override("vi"):
        written = [(str(SECTIONS.get(name, name)), words) for name, words in report.draft.items()]
        written += [(str(SECTIONS[one.section]), one.text) for one in inserts.paragraphs]
        written += [(f"câu số liệu {code}", said.more) for code, said in inserts.sentences.items()]
        offered = contributions.given(rows)
    for place, words in written:
        for blank in placeholders_in(words):
            yield Item(f"còn chỗ chưa điền “{blank}” ở {place}", blocks=True)
    broken = [row.unit_name for row in rows if row.content and row.content.sealed_sha256() != row.content.sha256]
    if broken:
        words = "nội dung đã gửi không còn khớp mã băm, chạy `chuan verify` trước"
        yield Item(f"{words}: {', '.join(broken)}", blocks=True)
    names = sorted({one.origin.unit_name for one in contributions.adrift(offered, inserts.paragraphs)})
    if names:
        words = "đoạn lấy từ báo cáo đã trả lại hoặc được thay thế, cần lấy lại hoặc bỏ ra"
        yield Item(f"{words}: {', '.join(names)}", blocks=True)


def _warnings(report: Report, rows: Sequence[obligations.Row], unsettled: int, today: date) -> Iterator[Item]:
    """What the paper says of itself (`papers/body.py: limits`), each with its place there."""
    missing = [row.unit_name for row in rows if row.is_missing]
    if missing:
        yield Item(f"{len(missing)} đơn vị chưa gửi: {', '.join(missing)}", blocks=False)
    disputed = [row.unit_name for row in rows if row.disputed]
    if disputed:
        yield Item(f"số liệu còn ý kiến khác của: {', '.join(disputed)}", blocks=False)
    if unsettled:
        words = "điểm của Kế hoạch còn hiểu được theo nhiều cách; in mọi cách hiểu"
        yield Item(f"{unsettled} {words}", blocks=False)
    if today <= report.period.last:
        last = f"{report.period.last:%d/%m/%Y}"
        yield Item(f"kỳ số liệu chưa đóng (đến {last}); in là số liệu tạm tính", blocks=False)


def unconfirmed(indicators: Sequence[str]) -> list[Item]:
    """Generated sentences that nobody has confirmed with the numbers that they have now: warned of, not printed."""
    if not indicators:
        return []
    return [Item(f"{len(indicators)} câu số liệu chưa được xác nhận: {', '.join(indicators)}", blocks=False)]
