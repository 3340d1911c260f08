"""What stands in the way of a report's signature, and what is warned of and printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chuan.reporting import obligations, queries
from chuan.reporting.indicators import INDICATORS, REPORTED
from chuan.reporting.models import Report
from chuan.reporting.rules import ReportState


@dataclass(frozen=True)
class Item:
    """One line of the checklist; a block stops the freeze, a warning is printed."""

    text: str
    blocks: bool


def items(report: Report, *, today: date, rows: Sequence[obligations.Row] | None = None) -> list[Item]:
    """Blocks first, then warnings; `rows` are the period's as tracked, where the caller has them already."""
    period = report.period
    found: list[Item] = []
    approved = queries.approved_definitions()
    for indicator in (INDICATORS[code] for code in REPORTED):
        if (indicator.spec.id, indicator.definition_sha256()) not in approved:
            found.append(Item(f"định nghĩa chỉ tiêu {indicator.spec.id} chưa được phê duyệt", blocks=True))
    if report.state == ReportState.DRAFT:
        found.append(Item("trưởng phòng chưa soát xét dự thảo", blocks=True))
    if not report.draft.get("direction", "").strip():
        found.append(Item("chưa ghi phần công tác chỉ đạo", blocks=True))
    rows = obligations.tracking(period, today=today) if rows is None else rows
    missing = [row.unit_name for row in rows if row.is_missing]
    if missing:
        found.append(Item(f"{len(missing)} đơn vị chưa gửi: {', '.join(missing)}", blocks=False))
    disputed = [row.unit_name for row in rows if row.disputed]
    if disputed:
        found.append(Item(f"số liệu còn ý kiến khác của: {', '.join(disputed)}", blocks=False))
    if today <= period.last:
        found.append(Item(f"kỳ số liệu chưa đóng (đến {period.last:%d/%m/%Y}); in là số liệu tạm tính", blocks=False))
    return found
