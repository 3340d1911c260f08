"""What stands in the way of a report's signature, and what is warned of and printed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

from django.utils import translation

from chuan.audit import memory
from chuan.ledger.integrity import one_instant
from chuan.programme.queries import contradictions_of, settled_readings
from chuan.rendering.fonts import lacking, spelled
from chuan.reporting import contributions, issuing, obligations, queries, regime, states, verify
from chuan.reporting.collecting import Parts
from chuan.reporting.contributions import SECTIONS, Given, Inserts
from chuan.reporting.indicators import INDICATORS, REPORTED
from chuan.reporting.models import Report, SubmissionContent
from chuan.reporting.rules import ReportState, placeholders_in


@dataclass(frozen=True)
class Item:
    """One line of the checklist; a block stops the freeze, a warning is printed."""

    text: str
    blocks: bool


class Standing(NamedTuple):
    """What a report rests on besides its own words; nothing but a write changes it."""

    #: Contradictions of the plan that are open.
    unsettled: int
    #: Who signs today.
    signer: issuing.Signer
    #: Definitions approved: (indicator, hash).
    approved: frozenset[tuple[str, str]]


def items(
    report: Report,
    *,
    today: date,
    rows: Sequence[obligations.Row] | None = None,
    stands: Standing | None = None,
    whole: bool = True,
) -> list[Item]:
    """Blocks first, then warnings.

    `rows` are the period's as tracked and `stands` what it rests on, where the caller has them already.

    `whole`: check all seals of what the report rests on, as the freeze does; a page looks at what it has read.
    """
    rows = obligations.tracking(report.period, today=today) if rows is None else rows
    stands = stands or standing(report, today)
    blocks = [*_definitions(stands.approved), *_written(report, rows)]
    if not stands.signer.name:
        # A paper for signature has its number and day blank, and nothing else.
        blocks.append("chưa xác định người ký: Sở chưa có đúng một Giám đốc và không có ủy quyền ký")
    blocks += _broken(report) if whole else _altered(rows)
    warnings = _warnings(report, rows, stands.unsettled, today)
    return [Item(text, blocks=True) for text in blocks] + [Item(text, blocks=False) for text in warnings]


_plans: memory.Memory[tuple[int, frozenset[tuple[str, str]]]] = memory.Memory(size=4)


def standing(report: Report, today: date) -> Standing:
    """What stands now; what only the ledger says is remembered until it says otherwise."""
    asked, log = (report.period.plan_id, report.period.last), memory.read()
    unsettled, approved = _plans.ask(asked, partial(_of_plan, *asked), log)
    return Standing(unsettled, _signer(today, log.seq, log.sha256), approved)


def _of_plan(plan_id: int, last: date) -> tuple[int, frozenset[tuple[str, str]]]:
    plan = states.plan_with_targets(plan_id)
    settled = {one.contradiction for one in settled_readings(plan, last)}
    unsettled = sum(one.code not in settled for one in contradictions_of(plan))
    return unsettled, frozenset(queries.approved_definitions())


@lru_cache(maxsize=4)
def _signer(today: date, _position: int, _sha256: str) -> issuing.Signer:
    """Asked once for each position of the ledger: people's names are theirs, and no sealed row."""
    return issuing.signer_on(today)


memory.on_forget(_signer.cache_clear)


def _broken(report: Report) -> list[str]:
    """Seals that do not hold any more: what was changed outside the software is not signed."""
    with one_instant():
        return [f"{finding.where}: {finding.what}" for finding in verify.of_period(report.period)]


def _altered(rows: Sequence[obligations.Row]) -> Iterator[str]:
    """Of the reports that were read, those that are not what was sent."""
    names = [row.unit_name for row in rows if row.content and not verify.as_sealed(row.content)]
    if names:
        yield f"nội dung đã gửi không còn khớp mã băm, chạy `chuan verify` trước: {', '.join(names)}"


def _definitions(approved: Collection[tuple[str, str]]) -> Iterator[str]:
    for indicator in (INDICATORS[code] for code in REPORTED):
        if (indicator.spec.id, indicator.definition_sha256()) not in approved:
            yield f"định nghĩa chỉ tiêu {indicator.spec.id} chưa được phê duyệt"


def _written(report: Report, rows: Sequence[obligations.Row]) -> Iterator[str]:
    """What is wrong with the draft itself: not reviewed, not closed, not written, left blank, or taken from what no
    longer stands."""
    if report.state == ReportState.DRAFT:
        yield "trưởng phòng chưa soát xét dự thảo"
    if regime.cut_off_of(report.period) is None:
        yield "chưa ấn định ngày chốt số liệu của kỳ"
    if report.period.is_ad_hoc and regime.request_of(report.period) is None:
        yield "chưa ghi văn bản yêu cầu báo cáo đột xuất (số, ngày, cơ quan, trích yếu) ở trang kỳ báo cáo"
    inserts = Inserts.of(report.inserts)
    begun = any(one.section == "direction" for one in inserts.paragraphs)
    if not report.draft.get("direction", "").strip() and not begun:
        yield "chưa ghi phần công tác chỉ đạo"
    with translation.override("vi"):
        written = [(str(SECTIONS.get(name, name)), words) for name, words in report.draft.items()]
        written += [(str(SECTIONS[one.section]), one.text) for one in inserts.paragraphs]
        written += [(f"câu số liệu {code}", said.more) for code, said in inserts.sentences.items()]
        offered = contributions.given(rows)
    for place, words in written:
        for blank in placeholders_in(words):
            yield f"còn chỗ chưa điền “{blank}” ở {place}"
        for letter in lacking(words):
            yield f"không in được ký tự {spelled(letter)} ở {place}; hãy xóa hoặc thay bằng chữ"
    yield from _unprintable(offered)
    names = sorted({one.origin.unit_name for one in contributions.adrift(offered, inserts.paragraphs)})
    if names:
        words = "đoạn lấy từ báo cáo đã trả lại hoặc được thay thế, cần lấy lại hoặc bỏ ra"
        yield f"{words}: {', '.join(names)}"


def _unprintable(offered: Sequence[Given]) -> Iterator[str]:
    """What units wrote, the paper prints as it stands, and the document font has no characters for."""
    for one in offered:
        for letter in lacking(one.text) if one.printed else ():
            where = f"{one.origin.label}, {one.printed}: lời của {one.origin.unit_name}"
            yield f"không in được ký tự {spelled(letter)} ở {where}; hãy để đơn vị sửa và gửi lại"


def _warnings(report: Report, rows: Sequence[obligations.Row], unsettled: int, today: date) -> Iterator[str]:
    """What the paper says of itself (`papers/body.py: limits`), and the words that units left unfilled."""
    missing = [row.unit_name for row in rows if row.is_missing]
    if missing:
        yield f"{len(missing)} đơn vị chưa gửi: {', '.join(missing)}"
    disputed = [row.unit_name for row in rows if row.disputed]
    if disputed:
        yield f"số liệu còn ý kiến khác của: {', '.join(disputed)}"
    unfilled = [row.unit_name for row in rows if row.content and placeholders_in(_words_of(row.content))]
    if unfilled:
        yield f"lời báo cáo của đơn vị còn chỗ chưa điền: {', '.join(unfilled)}"
    if unsettled and not report.period.is_ad_hoc:
        yield f"{unsettled} điểm của Kế hoạch còn hiểu được theo nhiều cách; in mọi cách hiểu"
    period, last = report.period, report.period.last
    if period.is_ad_hoc and period.first < period.plan.signed:
        yield f"kỳ số liệu bắt đầu trước ngày ban hành Kế hoạch ({period.plan.signed:%d/%m/%Y})"
    if today <= last:
        yield f"kỳ số liệu chưa đóng (đến {last:%d/%m/%Y}); in là số liệu tạm tính"


def _words_of(content: SubmissionContent) -> str:
    """Everything that a unit wrote, line after line."""
    parts = Parts.of(content.parts)
    lines = [task.words for task in parts.tasks.values()]
    lines += [line.words for line in parts.difficulties] + [line.words for line in parts.proposals]
    return "\n".join([content.narrative, *lines])


def unconfirmed(indicators: Sequence[str]) -> list[Item]:
    """Generated sentences that nobody has confirmed with the numbers that they have now: warned of, not printed."""
    if not indicators:
        return []
    return [Item(f"{len(indicators)} câu số liệu chưa được xác nhận: {', '.join(indicators)}", blocks=False)]
