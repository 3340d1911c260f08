"""Integrity checks of this context: frozen figures recompute, heads are the replay of their events."""

import zlib
from collections.abc import Iterator

from django.db import connection

from chuan.audit.models import GENESIS, AuditEntry, ChainHead
from chuan.ledger import triggers
from chuan.ledger.integrity import Checked, Finding, each
from chuan.reporting import dispatches, members, queries
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import (
    FrozenFigure,
    Report,
    ReportContent,
    ReportingPeriod,
    Submission,
    SubmissionContent,
)
from chuan.reporting.rules import ReportState

#: What steps set on a report's head.
_REPORT_FACTS = ("content_id", "number", "number_year", "dated", "signed_file_id", "replaces_id")


def figures() -> Iterator[Finding | Checked]:
    """Each frozen figure at its own dates gives its value, breakdown and members again.

    A figure of an older definition is not recomputed with today's code; its stored members are still checked.
    """
    count = older = 0
    for pk, frozen in each(FrozenFigure.objects.select_related("plan", "plan__scope")):
        count += 1
        if frozen is None:
            yield Finding(f"số liệu đã chốt thứ {pk}", "không đọc được bản ghi của số liệu")
            continue
        place = f"số liệu đã chốt {frozen.code}"
        try:
            kept = _kept(frozen)
            if kept is None or members.sha256(kept) != frozen.members_sha256:
                yield Finding(place, "danh sách bản ghi lưu kèm không khớp mã băm")
            indicator = INDICATORS.get(frozen.indicator)
            if indicator is None or indicator.definition_sha256() != frozen.definition_sha256:
                older += 1
            elif queries.recompute(frozen).result() != frozen.result():
                yield Finding(place, "tính lại tại thời điểm chốt không ra cùng giá trị, danh sách")
        except Exception as error:  # damaged content may raise anything; the other figures are still checked
            yield Finding(place, f"không kiểm tra được: {type(error).__name__}: {error}"[:300])
    yield Checked("số liệu đã chốt", count)
    if older:
        yield Checked("trong đó theo định nghĩa cũ, không tính lại", older)


def _kept(frozen: FrozenFigure) -> list[int] | None:
    """The stored members; None where they cannot be read."""
    try:
        return members.unpack(frozen.members)
    except (ValueError, zlib.error):
        return None


def heads() -> Iterator[Finding | Checked]:
    """Each head follows from its events, and an issued report was sent to somebody."""
    count = 0
    for report in Report.objects.select_related("content").prefetch_related("events", "content__dispatches"):
        count += 1
        facts: dict[str, object] = dict.fromkeys(_REPORT_FACTS)
        state = ""
        for event in report.events.all():
            state = event.after
            facts.update({k: v for k, v in event.facts.items() if k in facts})
        dated = report.dated.isoformat() if report.dated else None
        fixed = (report.number, report.number_year, dated, report.signed_file_id, report.replaces_id)
        now = (report.content_id, *fixed)
        if (report.state, *now) != (state, *facts.values()):
            yield Finding(f"báo cáo {report.code}", "trạng thái, số, ngày hoặc tệp ký khác với các bước đã ghi")
        sent = report.content is not None and bool(dispatches.standing(report.content.dispatches.all()))
        if sent != (report.state == ReportState.DISPATCHED):
            yield Finding(f"báo cáo {report.code}", "trạng thái phát hành khác với các nơi đã ghi gửi")
    for submission in Submission.objects.select_related("content").prefetch_related("events"):
        count += 1
        yield from _submission(submission)
    yield Checked("đầu mục báo cáo", count)


def _submission(submission: Submission) -> Iterator[Finding]:
    """State and content of a unit's report against its steps."""
    place, state, content_id, supplements = f"báo cáo của đơn vị, lần {submission}", "", None, ""
    for event in submission.events.all():
        state, content_id = event.after, event.facts.get("content_id", content_id)
        supplements = event.facts.get("supplements", supplements)
    if state != submission.state:
        yield Finding(place, "trạng thái khác với các bước đã ghi")
    if supplements != submission.supplements:
        yield Finding(place, "báo cáo được bổ sung khác với các bước đã ghi")
    content = submission.content
    if submission.content_id != content_id or (content is not None and content.submission_id != submission.pk):
        yield Finding(place, "nội dung đã gửi khác với các bước đã ghi")


def of_period(period: ReportingPeriod) -> Iterator[Finding]:
    """What a consolidated report of the period rests on, as far as it is checked before a freeze.

    The append-only tables are guarded, the audit chain ends where its head says, every report that units sent for the
    period is what was sealed and what its steps say. Evidence itself is checked by `chuan verify`, which reads it all.
    """
    for trigger in triggers.missing(connection):
        yield Finding(f"bảng {trigger.table}", f"thiếu trigger {trigger.name}")
    head = ChainHead.objects.filter(pk=1).first()
    entry = AuditEntry.objects.filter(seq=head.seq).values_list("sha256", flat=True).first() if head else None
    if head is None or head.sha256 != (entry or (GENESIS if head.seq == 0 else None)):
        yield Finding("nhật ký, đầu chuỗi", "số thứ tự hoặc mã băm cuối không khớp mục cuối cùng")
    rows = Submission.objects.filter(obligation__period=period).select_related("content")
    for submission in rows.prefetch_related("events"):
        yield from _submission(submission)
        content = submission.content
        if content is not None and not as_sealed(content):
            yield Finding(f"báo cáo của đơn vị, biên nhận {content.receipt}", "nội dung không khớp mã băm của bản ghi")


def as_sealed(content: SubmissionContent) -> bool:
    """The row still has the hash that it was sealed with; content without a canonical form has not."""
    try:
        return content.sealed_sha256() == content.sha256
    except (TypeError, ValueError):
        return False


def anchors() -> Iterator[Finding | Checked]:
    """The end of the audit chain that each frozen report names, on paper too, is still there and still that entry.

    Who shortens the chain, or computes all its hashes anew, cannot change what was printed.
    """
    count = 0
    for pk, content in each(ReportContent.objects.select_related("report")):
        count += 1
        if content is None:
            yield Finding(f"bản chốt báo cáo thứ {pk}", "không đọc được bản chốt")
            continue
        place = f"bản chốt {content.version} của báo cáo {content.report.code}"
        named = {"seq": content.chain_seq, "sha256": content.chain_sha256}
        if content.snapshot.get("chain") != named:
            yield Finding(place, "đầu chuỗi nhật ký ghi trong bản chốt và ghi kèm bản chốt khác nhau")
        entry = AuditEntry.objects.filter(seq=content.chain_seq).values_list("sha256", flat=True).first()
        if (entry or (GENESIS if content.chain_seq == 0 else None)) != content.chain_sha256:
            yield Finding(place, f"mục nhật ký {content.chain_seq} không còn là mục đã có lúc chốt")
    yield Checked("mốc nhật ký của bản chốt báo cáo", count)
