"""A unit without an account answers by a link: once, until a day, and sees nothing but its own report."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.lib import clock
from chuan.programme.models import Plan
from chuan.reporting import verify
from chuan.reporting.errors import Blocked, LinkSpent, MovedMeanwhile, NotAllowed, ReasonNeeded
from chuan.reporting.models import AnswerLink, AnswerLinkUse, ReportingPeriod, Submission
from chuan.reporting.services import links
from tests.cast import Cast
from tests.reporting.test_bound import findings
from tests.reporting.test_pages import obligation, page, words
from tests.reporting.test_report import RIGHT, period, sent, step

__all__ = ["period"]

UNTIL = date(2026, 12, 15)
SAID: dict[str, Any] = {"figures": RIGHT, "narrative": "Một lớp.", "nil": False}
TYPED = {
    "send": "1", "narrative": "Một lớp.", "right_CT2": "yes", "seen_CT2": "0",
    "right_CT2-L": "yes", "seen_CT2-L": "0",
}  # fmt: skip


def linked(cast: Cast, period: ReportingPeriod) -> tuple[AnswerLink, str]:
    made, token = links.make_link(
        actor=cast.specialist.actor, obligation=obligation(period), contact="ông Tư", until=UNTIL
    )
    return AnswerLink.objects.select_related("obligation__period__plan", "obligation__unit").get(pk=made.pk), token


def test_a_link_is_made_by_the_specialist_for_somebody_and_a_day_to_come(cast: Cast, period: ReportingPeriod) -> None:
    said: Any = {"obligation": obligation(period), "contact": "ông Tư", "until": UNTIL}
    for name in ("focal", "leader", "head", "director", "clerk", "administrator"):
        with pytest.raises(NotAllowed):
            links.make_link(actor=getattr(cast, name).actor, **said)
    with pytest.raises(ReasonNeeded):
        links.make_link(actor=cast.specialist.actor, **{**said, "contact": " "})
    with pytest.raises(Blocked):
        links.make_link(actor=cast.specialist.actor, **{**said, "until": date(2026, 12, 10)})
    sent(cast, period)
    with pytest.raises(MovedMeanwhile):
        links.make_link(actor=cast.specialist.actor, **said)


def test_only_the_hash_of_a_token_is_kept(cast: Cast, period: ReportingPeriod) -> None:
    link, token = linked(cast, period)
    assert link.token_sha256 == links.sha256_of(token)
    assert token not in repr(list(AnswerLink.objects.values()))
    assert token not in repr(list(AuditEntry.objects.values()))


def test_a_link_answers_for_its_own_unit_alone(cast: Cast, period: ReportingPeriod) -> None:
    link, _token = linked(cast, period)
    for actor in (cast.focal.actor, cast.specialist.actor):
        with pytest.raises(NotAllowed):
            links.answer(actor=actor, link=link, **SAID)
    with pytest.raises(NotAllowed):
        step(sent(cast, period), "answer", cast.focal)


def test_a_link_is_spent_by_its_use_and_by_its_day(cast: Cast, period: ReportingPeriod) -> None:
    link, _token = linked(cast, period)
    with clock.at(clock.now() + timedelta(days=5)), pytest.raises(LinkSpent):
        links.answer(actor=links.bearer(link), link=link, **SAID)
    links.answer(actor=links.bearer(link), link=link, **SAID)
    with pytest.raises(LinkSpent):
        links.answer(actor=links.bearer(link), link=link, **SAID)


def test_what_is_incomplete_is_refused_and_spends_nothing(cast: Cast, period: ReportingPeriod) -> None:
    link, _token = linked(cast, period)
    with pytest.raises(Blocked):
        links.answer(actor=links.bearer(link), link=link, **{**SAID, "narrative": ""})
    assert not AnswerLinkUse.objects.exists()
    assert not Submission.objects.exists()


def test_the_bearer_reads_and_sends_one_report_without_signing_in(
    sign_in: Any, cast: Cast, period: ReportingPeriod, django_assert_max_num_queries: Any
) -> None:
    _link, token = linked(cast, period)
    browser, url = Client(), reverse("reporting:answer", args=[token])
    browser.get(url)
    with django_assert_max_num_queries(12):
        shown = browser.get(url)
    assert shown.status_code == 200
    assert "đến hết ngày 15/12/2026" in words(shown)
    assert "no-store" in shown["Cache-Control"]
    assert "/training/" not in shown.content.decode().split("<main")[1]
    assert browser.get(reverse("reporting:answer", args=["x" * 43])).status_code == 404
    assert browser.post(url, {**TYPED, "line": "add-proposal"}).status_code == 200
    assert browser.post(url, {**TYPED, "narrative": ""}).status_code == 409
    assert browser.post(url, {**TYPED, "money-budget": "x"}).status_code == 422
    done = browser.post(url, TYPED)
    assert done.status_code == 200
    assert "TN-2026-0001" in words(done)
    assert browser.get(url).status_code == 410
    assert browser.post(url, TYPED).status_code == 410
    entry = AuditEntry.objects.get(action="reporting.answer_link")
    assert (entry.actor_id, entry.actor_name, entry.role) == (None, "ông Tư (qua liên kết)", "link")
    assert "ông Tư (qua liên kết)" in words(page(sign_in, cast, "specialist", "submission", obligation(period).code))
    assert findings(verify.heads) == []


def test_the_address_is_shown_once(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:make-link", args=[obligation(period).code])
    assert "/tra-loi/" not in browser.get(url).content.decode()
    assert browser.post(url, {"contact": "", "until": "15/12/2026"}).status_code == 422
    made = browser.post(url, {"contact": "ông Tư", "until": "15/12/2026"}, follow=True)
    assert "/tra-loi/" in made.content.decode()
    assert "/tra-loi/" not in browser.get(url).content.decode()


def test_a_form_pressed_twice_makes_one_link(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:make-link", args=[obligation(period).code])
    key = re.search(r'name="_key" value="([^"]+)"', browser.get(url).content.decode())
    sent = {"contact": "ông Tư", "until": "15/12/2026", "_key": key[1] if key else ""}
    first, second = (browser.post(url, sent, follow=True).content.decode() for _ in range(2))
    told = re.compile(r"/tra-loi/[\w-]+")
    assert told.findall(first) == told.findall(second) != []
    assert AnswerLink.objects.count() == 1
    elsewhere = {**sent, "_key": "another", "_acting": "clerk@1"}
    assert browser.post(url, elsewhere).status_code == 409
    assert AnswerLink.objects.count() == 1


def test_what_was_returned_says_why_by_the_next_link_and_in_the_table(
    sign_in: Any, cast: Cast, period: ReportingPeriod, django_assert_max_num_queries: Any
) -> None:
    link, _token = linked(cast, period)
    made = links.answer(actor=links.bearer(link), link=link, **SAID)
    step(made, "return_lines", cast.specialist, note="Kinh phí chưa khớp quyết toán.", lines=["money"])
    _link, token = linked(cast, period)
    browser, url = Client(), reverse("reporting:answer", args=[token])
    browser.get(url)
    with django_assert_max_num_queries(12):
        shown = words(browser.get(url))
    assert "Kinh phí chưa khớp quyết toán." in shown
    assert "Phần cần sửa: Kinh phí thực hiện trong năm" in shown
    table = words(page(sign_in, cast, "specialist", "tracking"))
    assert "Bị trả lại" in table
    assert "Đang soạn" not in table
    assert "Sửa, gửi lại" in words(sign_in(cast.focal, fresh=True).get("/")), "the unit's own page says so too"
    assert browser.post(url, TYPED).status_code == 200
    assert "Bị trả lại" not in words(page(sign_in, cast, "specialist", "tracking"))


def test_a_refused_link_or_period_says_what_could_not_be_done(
    sign_in: Any, cast: Cast, plan: Plan, period: ReportingPeriod
) -> None:
    browser = sign_in(cast.specialist, fresh=True)
    link = reverse("reporting:make-link", args=[obligation(period).code])
    shown = words(browser.post(link, {"contact": "ông Tư", "until": "10/12/2026"}))
    assert "Chưa tạo được liên kết: ngày hết hạn của liên kết đã qua" in shown
    assert "Chưa chốt được" not in shown
    assert "Chưa gửi được" not in shown
    said = {"year": "2026", "deadline": "10/12/2026", "basis": "Mục IV", "units": ["so-ct"]}
    again = words(browser.post(reverse("reporting:new-period"), said))
    assert "Chưa mở được kỳ báo cáo: năm 2026 đã mở kỳ báo cáo" in again
    assert "Chưa chốt được" not in again


def test_a_unit_that_has_not_begun_is_offered_a_link_in_the_table(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    table = page(sign_in, cast, "specialist", "tracking").content.decode()
    assert reverse("reporting:make-link", args=[obligation(period).code]) in table
    director = page(sign_in, cast, "director", "tracking").content.decode()
    assert reverse("reporting:make-link", args=[obligation(period).code]) not in director
