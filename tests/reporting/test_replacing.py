"""An issued report stays as it is; another of its period may take its place, and both say so."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuan.ledger.integrity import Finding
from chuan.lib import clock
from chuan.portal.brief import brief_of
from chuan.reporting import drafts, jobs, papers, verify
from chuan.reporting.errors import AlreadyBegun, Blocked, MovedMeanwhile, NotAllowed, ReasonNeeded
from chuan.reporting.models import Report, ReportingPeriod
from chuan.reporting.rules import Recipient, ReportState
from chuan.reporting.services import reports
from chuan.reporting.services.starting import replace_report
from tests.cast import Cast
from tests.reporting.test_issuing import by_committee
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import WORDS, dispatched, period, reviewed, send_to
from tests.training.builders import course, line

__all__ = ["period"]

WHY = "Số liệu đào tạo thiếu một lớp."


def replaced(cast: Cast, report: Report) -> Report:
    return replace_report(actor=cast.specialist.actor, report=report, note=WHY)


def issue(cast: Cast, report: Report, number: int) -> Report:
    reports.review(actor=cast.head.actor, report=report)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(content.pk)
    reports.sign(actor=cast.director.actor, report=report)
    reports.number_report(actor=cast.clerk.actor, report=report, number=number, dated=date(2026, 12, 11))
    jobs.print_papers(content.pk)
    send_to(cast, report)
    return Report.objects.select_related("content", "period__plan").get(pk=report.pk)


def text_of(report: Report, recipient: Recipient = Recipient.COMMITTEE) -> str:
    shown = papers.document(drafts.snapshot(report), recipient=recipient, draft=True)
    return " ".join(
        inline.text for block in shown.body for inline in getattr(block, "inlines", ()) if hasattr(inline, "text")
    )


def test_the_new_draft_has_the_words_and_todays_figures_and_the_old_one_stays(
    cast: Cast, period: ReportingPeriod
) -> None:
    old = dispatched(cast, period)
    assert old.content
    before = old.content.sha256
    with clock.at(clock.now() + timedelta(hours=1)):
        line(cast, course(cast), "Người Học Thêm")
        new = issue(cast, replaced(cast, old), 346)
    assert new.content
    assert {name: new.draft[name] for name in WORDS} == WORDS
    values = [
        {f["indicator"]: f["value"] for f in one.content.snapshot["figures"]} for one in (old, new) if one.content
    ]
    assert [one["CT2"] for one in values] == [0, 1]
    old.refresh_from_db()
    assert (old.state, old.content.sha256) == (ReportState.DISPATCHED, before)
    assert new.content.snapshot["replaces"] == {"number": 345, "dated": "2026-12-11"}
    assert [f for f in verify.heads() if isinstance(f, Finding)] == []


def test_its_paper_names_the_report_that_it_replaces_in_sos_name_alone(cast: Cast, period: ReportingPeriod) -> None:
    by_committee(cast, period)
    old = dispatched(cast, period)
    said = "Báo cáo này thay thế Báo cáo số 345/BC-SKHCN ngày 11/12/2026."
    assert said not in text_of(old)
    new = replaced(cast, old)
    assert said in text_of(new)
    assert said not in text_of(new, Recipient.MINISTRY), "the Committee's report has a number of its own"


def test_who_may_not_write_and_what_is_not_issued_and_no_reason_are_refused(
    cast: Cast, period: ReportingPeriod
) -> None:
    draft = reviewed(cast, period)
    with pytest.raises(MovedMeanwhile):
        replaced(cast, draft)
    issued = issue_of(cast, draft)
    for name, person in cast.people.items():
        if name not in {"specialist", "head"}:
            with pytest.raises(NotAllowed):
                replace_report(actor=person.actor, report=issued, note=WHY)
    with pytest.raises(ReasonNeeded):
        replace_report(actor=cast.specialist.actor, report=issued, note="  ")
    assert Report.objects.count() == 1


def issue_of(cast: Cast, reviewed_report: Report) -> Report:
    """From reviewed on."""
    reports.reopen(actor=cast.head.actor, report=reviewed_report, note="để soát lại")
    return issue(cast, reviewed_report, 345)


def test_one_at_a_time_and_always_the_latest(cast: Cast, period: ReportingPeriod) -> None:
    old = dispatched(cast, period)
    new = replaced(cast, old)
    with pytest.raises(AlreadyBegun):
        replaced(cast, old)
    issue(cast, new, 346)
    with pytest.raises(Blocked, match="hãy thay thế báo cáo mới nhất của kỳ"):
        replaced(cast, old)
    assert replaced(cast, new).replaces == new


def test_both_pages_say_so(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    old = dispatched(cast, period)
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:replace-report", args=[old.code])
    assert "Mở báo cáo thay thế" in words(page(sign_in, cast, "specialist", "report", old.code))
    assert "Mở báo cáo thay thế" not in words(page(sign_in, cast, "director", "report", old.code))
    refused = browser.post(url, {"note": ""})
    assert refused.status_code == 409
    assert "lý do" in words(refused).lower()
    assert browser.post(url, {"note": WHY}).status_code == 302
    new = Report.objects.exclude(pk=old.pk).get()
    assert "Báo cáo thay thế đang được soạn" in words(page(sign_in, cast, "specialist", "report", old.code))
    assert "Báo cáo này thay thế" in words(page(sign_in, cast, "specialist", "report", new.code))
    assert brief_of(cast.director.actor).report_url == reverse("reporting:report", args=[new.code])
    assert "đang được soạn" not in words(page(sign_in, cast, "other_focal", "report", old.code)), "a draft is Sở's"
    issue(cast, new, 346)
    for who in ("specialist", "other_focal", "committee"):
        shown = words(page(sign_in, cast, who, "report", old.code))
        assert "đã được thay thế bởi" in shown
        assert "Báo cáo số 346/BC-SKHCN ngày 11/12/2026" in shown
        assert "Mở báo cáo thay thế" not in shown


def test_a_link_between_them_that_was_changed_is_found(cast: Cast, period: ReportingPeriod) -> None:
    new = replaced(cast, dispatched(cast, period))
    Report.objects.filter(pk=new.pk).update(replaces=None)
    (finding,) = [f for f in verify.heads() if isinstance(f, Finding)]
    assert new.code in finding.where
