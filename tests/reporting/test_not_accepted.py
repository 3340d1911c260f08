"""A report that arrived and that Sở has not accepted yet: counted apart, warned of by name, marked on paper."""

from datetime import timedelta
from typing import Any

from chuan.lib import clock
from chuan.rendering.blocks import OfficialDocument, Paragraph
from chuan.reporting import checklist, drafts, papers
from chuan.reporting.models import Report, ReportingPeriod, Submission
from chuan.reporting.rules import Recipient
from chuan.reporting.services import reports
from tests.cast import Cast
from tests.reporting.test_consolidation import annex, sentence, table
from tests.reporting.test_pages import obligation, page, words
from tests.reporting.test_report import dispatched, period, reviewed, sent, step

__all__ = ["period"]


def told(report: Report, recipient: Recipient) -> tuple[str, OfficialDocument]:
    doc = papers.document(drafts.snapshot(report), recipient=recipient, draft=True)
    return " ".join(sentence(block.inlines) for block in doc.body[:2] if isinstance(block, Paragraph)), doc


def test_it_is_warned_of_by_name_and_marked_until_it_is_accepted(cast: Cast, period: ReportingPeriod) -> None:
    made = sent(cast, period)
    report = reviewed(cast, period)
    warned = "1 báo cáo đã gửi mà Sở chưa tiếp nhận: Sở Công Thương"
    assert warned in [item.text for item in checklist.items(report, today=clock.today()) if not item.blocks]
    begins, doc = told(report, Recipient.COMMITTEE)
    assert "01 báo cáo đã gửi, chưa được tiếp nhận (Phụ lục III). " in begins
    assert [row.split(" | ")[6] for row in table(annex(doc, "TÌNH HÌNH GỬI"))] == ["Chưa được tiếp nhận", ""]
    assert "01 báo cáo đã gửi, chưa được tiếp nhận. " in told(report, Recipient.MINISTRY)[0]
    step(made, "accept", cast.specialist)
    assert warned not in [item.text for item in checklist.items(report, today=clock.today())]
    assert "chưa được tiếp nhận" not in told(report, Recipient.COMMITTEE)[0]


def test_pages_count_what_was_sent_and_what_was_accepted_apart(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    made = sent(cast, period)
    homes = (cast.specialist, cast.director)
    assert "Đã gửi 1/2 báo cáo, Sở đã tiếp nhận 0." in words(page(sign_in, cast, "specialist", "tracking"))
    for who in homes:
        shown = words(sign_in(who, fresh=True).get("/"))
        assert "1/2 báo cáo đã gửi" in shown
        assert "Sở đã tiếp nhận 0 báo cáo. Chờ tiếp nhận: Sở Công Thương." in shown
    step(made, "accept", cast.specialist)
    assert "Đã gửi 1/2 báo cáo, Sở đã tiếp nhận 1." in words(page(sign_in, cast, "specialist", "tracking"))
    for who in homes:
        assert "Chờ tiếp nhận" not in words(sign_in(who, fresh=True).get("/"))


def test_after_the_freeze_its_page_says_that_the_frozen_report_stays(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    sent(cast, period)
    stays = "Báo cáo tổng hợp đã chốt với nội dung này và không đổi theo"
    shown = page(sign_in, cast, "specialist", "submission", obligation(period).code)
    assert "Trả lại để sửa" in words(shown)
    assert stays not in words(shown)
    reports.freeze(actor=cast.specialist.actor, report=reviewed(cast, period))
    assert stays in words(page(sign_in, cast, "specialist", "submission", obligation(period).code))


def test_one_that_the_issued_report_holds_is_no_supplement_when_it_is_accepted_later(
    cast: Cast, period: ReportingPeriod
) -> None:
    made = sent(cast, period)
    dispatched(cast, period)
    with clock.at(clock.now() + timedelta(hours=1)):
        step(made, "accept", cast.specialist)
    assert Submission.objects.get(pk=made.pk).supplements == ""
