"""Integrity checks of this context: frozen figures recompute, heads are the replay of their events."""

from collections.abc import Iterator

from chuan.ledger.integrity import Checked, Finding
from chuan.reporting import members, queries
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import FrozenFigure, Report, Submission


def figures() -> Iterator[Finding | Checked]:
    """Each frozen figure at its own dates gives its value, breakdown and members again.

    A figure of an older definition is not recomputed with today's code; its stored members are still checked.
    """
    count = older = 0
    for frozen in FrozenFigure.objects.select_related("plan", "plan__scope").iterator(200):
        count += 1
        place = f"số liệu đã chốt {frozen.code}"
        try:
            kept = members.unpack(frozen.members)
        except ValueError:
            kept = []
        if members.sha256(kept) != frozen.members_sha256:
            yield Finding(place, "danh sách bản ghi lưu kèm không khớp mã băm")
        indicator = INDICATORS.get(frozen.indicator)
        if indicator is None or indicator.definition_sha256() != frozen.definition_sha256:
            older += 1
            continue
        if queries.recompute(frozen).result() != frozen.result():
            yield Finding(place, "tính lại tại thời điểm chốt không ra cùng giá trị, danh sách")
    yield Checked("số liệu đã chốt", count)
    if older:
        yield Checked("trong đó theo định nghĩa cũ, không tính lại", older)


def heads() -> Iterator[Finding | Checked]:
    """State, number, date, signed file and content of each head are what its last events set."""
    count = 0
    for report in Report.objects.prefetch_related("events"):
        count += 1
        facts: dict[str, object] = {"content_id": None, "number": None, "dated": None, "signed_file_id": None}
        state = ""
        for event in report.events.all():
            state = event.after
            facts.update({k: v for k, v in event.facts.items() if k in facts})
        dated = report.dated.isoformat() if report.dated else None
        now = (report.state, report.content_id, report.number, dated, report.signed_file_id)
        if now != (state, facts["content_id"], facts["number"], facts["dated"], facts["signed_file_id"]):
            yield Finding(f"báo cáo {report.code}", "trạng thái, số, ngày hoặc tệp ký khác với các bước đã ghi")
    for submission in Submission.objects.prefetch_related("events"):
        count += 1
        last = submission.events.all()[len(submission.events.all()) - 1] if submission.events.all() else None
        if last is None or last.after != submission.state:
            yield Finding(f"báo cáo của đơn vị, lần {submission}", "trạng thái khác với các bước đã ghi")
    yield Checked("đầu mục báo cáo", count)
