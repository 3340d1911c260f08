"""What goes wrong while reports are collected: late pages, cut lines, letters from outside the list, other windows."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.programme.models import Plan
from chuan.reporting import obligations
from chuan.reporting.collecting import Parts, Proposal
from chuan.reporting.models import Obligation, ReportingPeriod, Submission, SubmissionContent
from chuan.reporting.services import behalf, links, periods, submissions
from tests.cast import Cast
from tests.reporting.test_behalf import SILENT, begin, row
from tests.reporting.test_links import TYPED
from tests.reporting.test_pages import obligation, page, words
from tests.reporting.test_report import period, started, step
from tests.training.builders import course, line

__all__ = ["period"]

LAST_MINUTE = datetime(2026, 12, 10, 23, 58, tzinfo=clock.VN)


def key_of(answer: Any) -> str:
    """The key of the page's first form."""
    shown = answer.content.decode()
    start = shown.index('name="_key" value="') + len('name="_key" value="')
    return str(shown[start : shown.index('"', start)])


def test_a_page_that_was_open_when_the_deadline_passed_sends_and_says_that_it_is_late(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    with clock.at(LAST_MINUTE):
        made = started(cast, period)
        step(made, "present", cast.focal)
        step(made, "approve", cast.leader)
        browser = sign_in(cast.focal, fresh=True)
        opened = browser.get(reverse("reporting:submission", args=[obligation(period).code]))
        assert "Hôm nay là hạn nộp" in words(opened)
    with clock.at(LAST_MINUTE + timedelta(minutes=5)):
        url = reverse("reporting:move-submission", args=[obligation(period).code, "send"])
        assert browser.post(url, {"seen": "1", "_key": key_of(opened)}).status_code == 302
        shown = words(browser.get(reverse("reporting:submission", args=[obligation(period).code])))
    assert "Gửi sau hạn 10/12/2026." in shown
    assert row(period).late


def test_a_draft_that_is_saved_after_the_deadline_loses_nothing(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    with clock.at(LAST_MINUTE):
        made = submissions.start_submission(actor=cast.focal.actor, obligation=obligation(period))
        browser = sign_in(cast.focal, fresh=True)
        browser.get(reverse("reporting:submission", args=[obligation(period).code]))
    url = reverse("reporting:save-draft", args=[obligation(period).code])
    assert browser.post(url, {"version": "0", "narrative": "Gõ lúc 23:58."}).status_code == 302
    made.refresh_from_db()
    assert made.draft["narrative"] == "Gõ lúc 23:58."


def test_a_line_that_was_cut_at_send_is_pressed_again_with_one_effect(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    made = started(cast, period)
    step(made, "present", cast.focal)
    step(made, "approve", cast.leader)
    browser = sign_in(cast.focal, fresh=True)
    key = key_of(browser.get(reverse("reporting:submission", args=[obligation(period).code])))
    url = reverse("reporting:move-submission", args=[obligation(period).code, "send"])
    first, again = (browser.post(url, {"seen": "1", "_key": key}) for _press in range(2))
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert SubmissionContent.objects.count() == 1
    assert made.events.filter(verb="send").count() == 1


def test_a_bearer_whose_line_was_cut_reads_the_receipt_at_the_same_address(cast: Cast, period: ReportingPeriod) -> None:
    _made, token = links.make_link(
        actor=cast.specialist.actor, obligation=obligation(period), contact="ông Tư", until=date(2026, 12, 15)
    )
    url = reverse("reporting:answer", args=[token])
    assert "Biên nhận" in words(Client().post(url, TYPED))
    receipt = SubmissionContent.objects.get().receipt
    for answer in (Client().post(url, TYPED), Client().get(url)):
        assert answer.status_code == 410
        assert f"Biên nhận {receipt}" in words(answer)
    assert Submission.objects.count() == 1


def test_a_link_whose_day_has_passed_says_so_and_gives_no_receipt(cast: Cast, period: ReportingPeriod) -> None:
    _made, token = links.make_link(
        actor=cast.specialist.actor, obligation=obligation(period), contact="ông Tư", until=date(2026, 12, 11)
    )
    with clock.at(clock.now() + timedelta(days=1)):
        answer = Client().get(reverse("reporting:answer", args=[token]))
    assert answer.status_code == 410
    assert "đã hết hạn" in words(answer)
    assert "Biên nhận" not in words(answer)


def test_a_letter_of_a_unit_outside_the_list_is_entered_once_the_unit_is_on_it(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    assert "đơn vị ngoài danh sách" in words(page(sign_in, cast, "specialist", "tracking"))
    owes = periods.add_obligation(
        actor=cast.specialist.actor, period=period, unit=cast.unit("so-tc"), basis="tự gửi báo cáo",
        document="Báo cáo 9/BC-STC",
    )  # fmt: skip
    made = behalf.begin_on_behalf(
        actor=cast.specialist.actor, obligation=owes, number="9/BC-STC", dated=date(2026, 12, 9),
        arrived=date(2026, 12, 10),
    )  # fmt: skip
    said: Any = {"figures": SILENT, "narrative": "Không có nhiệm vụ.", "nil": False, "parts": Parts()}
    submissions.save_and_enter(actor=cast.specialist.actor, submission=made, version=made.draft_version, **said)
    [found] = [r for r in obligations.tracking(period, today=clock.today()) if r.obligation.pk == owes.pk]
    assert (found.is_in, found.late, found.on_behalf) == (True, False, True)
    assert found.letter
    assert found.letter.number == "9/BC-STC"


def test_one_letter_brings_the_report_and_the_proposal(cast: Cast, period: ReportingPeriod) -> None:
    made = begin(cast, period, number="45/BC-SCT")
    parts = Parts(proposals=[Proposal("", "Mở ba lớp tập huấn", {"budget": 90_000_000})])
    said: Any = {"figures": SILENT, "narrative": "Kết quả năm.", "nil": False, "parts": parts}
    submissions.save_and_enter(actor=cast.specialist.actor, submission=made, version=made.draft_version, **said)
    found = row(period)
    assert (found.is_in, found.proposals) == (True, "1")
    assert found.letter
    assert found.letter.number == "45/BC-SCT", "one letter, typed once, is read in both columns"


@pytest.mark.parametrize(
    ("first", "last", "value"), [((2026, 1, 1), (2026, 4, 30), 0), ((2026, 5, 1), (2026, 6, 30), 1)]
)
def test_an_ad_hoc_report_counts_the_days_that_the_ministrys_letter_names(
    sign_in: Any, cast: Cast, plan: Plan, period: ReportingPeriod, first: Any, last: Any, value: int
) -> None:
    line(cast, course(cast, start=date(2026, 5, 4), end=date(2026, 5, 6)), "Lê Văn A")
    opened = periods.open_period(
        actor=cast.specialist.actor, plan=plan, year=2026, deadline=date(2026, 12, 20), letter="Công văn 88/BKHCN",
        title="Báo cáo đột xuất theo Công văn 88/BKHCN", window=Window(date(*first), date(*last)),
        units=[(cast.unit("so-ct"), "Công văn 88/BKHCN")],
    )  # fmt: skip
    owes = Obligation.objects.select_related("period__plan", "unit").get(period=opened)
    lines = {one.id: one.value for one in obligations.prefilled(owes, {})}
    assert lines["CT2"] == value
    shown = words(page(sign_in, cast, "focal", "submission", owes.code))
    assert "Báo cáo đột xuất theo Công văn 88/BKHCN – Sở Công Thương" in shown
    assert "Hạn nộp 20/12/2026" in shown
    assert obligation(period).pk != owes.pk, "the year's report stands beside it"
