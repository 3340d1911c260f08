"""What was signed or numbered and has not gone out is taken back with a reason; a number once given is spent."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from chuan.audit import outbox
from chuan.audit.models import AuditEntry
from chuan.reporting import jobs, papers, verify
from chuan.reporting.errors import (
    IssuedElsewhere,
    MovedMeanwhile,
    NotAllowed,
    NotDelegated,
    NotPrintedToSign,
    ReasonNeeded,
    WrongNumber,
)
from chuan.reporting.models import Paper, Report, ReportContent, ReportEvent, ReportingPeriod
from chuan.reporting.rules import PaperForm, ReportState
from chuan.reporting.services import issuing, reports
from chuan.reporting.views.reports import PRINTING
from tests.cast import Cast
from tests.reporting.test_bound import findings
from tests.reporting.test_issuing import by_committee
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import period, reviewed, send_to

__all__ = ["period"]

DAY = date(2026, 12, 11)
WHY = "sai thể thức phụ lục"


def frozen(cast: Cast, period: ReportingPeriod) -> Report:
    report = reviewed(cast, period)
    reports.freeze(actor=cast.specialist.actor, report=report)
    return report


def signed(cast: Cast, period: ReportingPeriod) -> Report:
    report = frozen(cast, period)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    return report


def numbered(cast: Cast, period: ReportingPeriod) -> Report:
    report = signed(cast, period)
    reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=DAY)
    return report


def again(cast: Cast, report: Report) -> ReportContent:
    """The second frozen content of a report that came back, signed."""
    reports.review(actor=cast.head.actor, report=report)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(content.pk)
    reports.sign(actor=cast.director.actor, report=report)
    return content


@pytest.mark.parametrize(("step", "before"), [(reports.recall, signed), (reports.annul, numbered)])
def test_only_who_signs_takes_it_back_and_says_why(cast: Cast, period: ReportingPeriod, step: Any, before: Any) -> None:
    report = before(cast, period)
    for name, person in cast.people.items():
        if name == "director":
            continue
        with pytest.raises(NotDelegated if name == "deputy" else NotAllowed):
            step(actor=person.actor, report=report, note=WHY)
    with pytest.raises(ReasonNeeded):
        step(actor=cast.director.actor, report=report, note=" ")
    assert Report.objects.get(pk=report.pk).state == report.state


def test_what_is_dispatched_is_not_taken_back(cast: Cast, period: ReportingPeriod) -> None:
    report = numbered(cast, period)
    jobs.print_papers(report.content_id or 0)
    send_to(cast, report)
    for step in (reports.recall, reports.annul):
        with pytest.raises(MovedMeanwhile):
            step(actor=cast.director.actor, report=report, note=WHY)


def test_a_signed_report_goes_back_to_a_draft_and_its_content_is_kept(cast: Cast, period: ReportingPeriod) -> None:
    report = signed(cast, period)
    first = report.content_id
    reports.recall(actor=cast.director.actor, report=report, note=WHY)
    assert (report.state, report.content_id) == (ReportState.DRAFT, None)
    entry = AuditEntry.objects.latest("seq")
    assert (entry.action, entry.reason, entry.changes["state"]) == ("reporting.recall", WHY, ["signed", "draft"])
    second = again(cast, report)
    assert list(report.contents.order_by("pk").values_list("pk", flat=True)) == [first, second.pk]
    assert Paper.objects.filter(frozen=first, stage="issued").count() == 0
    assert findings(verify.heads) == []


def test_an_annulled_number_stays_in_the_story_and_is_never_given_again(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    report = numbered(cast, period)
    first = report.content_id
    assert "Hủy văn bản đã vào số" in words(page(sign_in, cast, "director", "report", report.code))
    assert "Hủy văn bản đã vào số" not in words(page(sign_in, cast, "clerk", "report", report.code))
    url = reverse("reporting:move-report", args=[report.code, "annul"])
    browser = sign_in(cast.director, fresh=True)
    assert browser.post(url, {"note": ""}).status_code in {409, 422}
    assert browser.post(url, {"note": WHY}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.number, report.dated, report.content) == (ReportState.DRAFT, None, None, None)
    entry = AuditEntry.objects.latest("seq")
    assert (entry.action, entry.reason) == ("reporting.annul", WHY)
    assert entry.changes == {"state": ["numbered", "draft"], "number": [345, None], "dated": ["2026-12-11", None]}
    shown = words(page(sign_in, cast, "specialist", "report", report.code))
    assert "hủy văn bản đã vào số, chưa phát hành" in shown
    assert "Số 345 ngày 11/12/2026: đã hủy, không dùng lại." in shown
    second = again(cast, report)
    with pytest.raises(WrongNumber, match="Số 345 năm 2026 đã cấp cho một bản bị hủy"):
        reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=DAY)
    report.refresh_from_db()
    assert (report.state, report.number) == (ReportState.SIGNED, None)
    reports.number_report(actor=cast.clerk.actor, report=report, number=346, dated=DAY)
    jobs.print_papers(second.pk)
    send_to(cast, report)
    assert papers.of_content(second, report, "issued").number == "346"
    assert report.contents.filter(pk=first or 0).exists()
    assert ReportEvent.objects.filter(verb="number").count() == 2
    assert findings(verify.heads) == []


def test_what_the_committee_has_issued_is_not_taken_back(cast: Cast, period: ReportingPeriod) -> None:
    by_committee(cast, period)
    report = numbered(cast, period)
    said: Any = {"form": PaperForm.REPORT.value, "number": 412, "dated": DAY, "signs_as": "chairman", "signer": "Lê A"}
    issuing.number_paper(actor=cast.clerk.actor, report=report, **said)
    with pytest.raises(IssuedElsewhere):
        reports.annul(actor=cast.director.actor, report=report, note=WHY)
    assert Report.objects.get(pk=report.pk).state == ReportState.NUMBERED


def test_nothing_is_signed_before_it_is_printed(cast: Cast, period: ReportingPeriod) -> None:
    report = frozen(cast, period)
    with pytest.raises(NotPrintedToSign):
        reports.sign(actor=cast.director.actor, report=report)
    assert Report.objects.get(pk=report.pk).state == ReportState.FOR_SIGNATURE
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)


def _failed(kind: str, words: str) -> None:
    """The waiting job as the worker leaves it when it raises."""
    traceback = f"Traceback (most recent call last):\n  File …\n{kind}: {words}\n"
    waiting = DBTaskResult.objects.filter(args_kwargs__args__0=PRINTING)
    waiting.update(status="FAILED", exception_class_path=kind, traceback=traceback)


def test_a_failed_print_says_why_and_can_be_asked_for_again(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    report = frozen(cast, period)
    assert "Đang in…" in words(page(sign_in, cast, "specialist", "report", report.code))
    _failed("chuan.rendering.errors.TextCannotBePrinted", "Phông chữ văn bản không có ký tự “中” (U+4E2D).")
    shown = words(page(sign_in, cast, "specialist", "report", report.code))
    assert "Đang in…" not in shown
    assert "Chưa in được văn bản. Phông chữ văn bản không có ký tự “中” (U+4E2D)." in shown
    assert "In lại" in shown
    reports.reprint(actor=cast.specialist.actor, report=report)
    assert "Đang in…" in words(page(sign_in, cast, "specialist", "report", report.code))


def test_a_defect_while_printing_is_told_without_its_inner_words(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    report = frozen(cast, period)
    _failed("builtins.KeyError", "'bí mật'")
    shown = words(page(sign_in, cast, "specialist", "report", report.code))
    assert "Chưa in được văn bản. Phần mềm gặp lỗi khi in" in shown
    assert "bí mật" not in shown
    assert outbox.failure_of(PRINTING, report.content_id or 0) == outbox.Failure("builtins.KeyError", "'bí mật'")
    assert outbox.failure_of(PRINTING, (report.content_id or 0) + 1) is None
