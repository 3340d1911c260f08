"""To whom a report went: each recipient once, on its own day, with the first of them making the report issued."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.actor import ANONYMOUS
from chuan.audit.models import AuditEntry
from chuan.ledger.integrity import Finding
from chuan.lib import clock
from chuan.reporting import jobs, policies, verify
from chuan.reporting.errors import (
    AlreadySent,
    ChangedMeanwhile,
    MovedMeanwhile,
    NotAllowed,
    NotPrinted,
    WrongDispatch,
)
from chuan.reporting.models import Dispatch, Report, ReportingPeriod
from chuan.reporting.rules import Recipient, ReportState
from chuan.reporting.services import dispatching, reports
from chuan.reporting.services.issuing import number_paper
from tests.cast import Cast
from tests.reporting.test_ad_hoc_report import asked, begun
from tests.reporting.test_issuing import DAY, TODAY, by_committee, frozen
from tests.reporting.test_pages import page, words
from tests.reporting.test_replacing import issue, replaced
from tests.reporting.test_report import dispatched, period, send_to

__all__ = ["asked", "period"]


def numbered(cast: Cast, period: ReportingPeriod) -> Report:
    report = frozen(cast, period)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=TODAY)
    jobs.print_papers(report.content_id or 0)
    return report


def post(browser: Any, report: Report, to: str, **typed: Any) -> Any:
    data = {"sent_on": "11/12/2026", "channel": "axis", "seen": str(report.content_id), **typed}
    return browser.post(reverse("reporting:dispatch-report", args=[report.code, to]), data)


def test_only_sos_own_clerk_records_it(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    report = numbered(cast, period)
    for name, person in cast.people.items():
        if name != "clerk":
            with pytest.raises(NotAllowed):
                send_to(cast, report, actor=person.actor)
    assert post(sign_in(cast.specialist, fresh=True), report, "ubnd").status_code == 403
    assert post(sign_in(cast.clerk, fresh=True), report, "huyen").status_code == 404
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize("sent_on", [TODAY - DAY, TODAY + DAY])
def test_it_went_out_on_no_day_before_the_papers_or_after_today(
    cast: Cast, period: ReportingPeriod, sent_on: date
) -> None:
    report = numbered(cast, period)
    with pytest.raises(WrongDispatch, match="từ ngày văn bản"):
        send_to(cast, report, sent_on=sent_on)
    assert Report.objects.get().state == ReportState.NUMBERED


def test_the_first_recipient_makes_it_issued_and_the_other_is_added(cast: Cast, period: ReportingPeriod) -> None:
    report = numbered(cast, period)
    assert not policies.visible_figures(ANONYMOUS).exists()
    send_to(cast, report, "bo", channel="post")
    assert report.state == ReportState.DISPATCHED
    assert policies.visible_figures(ANONYMOUS).exists()
    with clock.at(clock.now() + 4 * DAY):
        send_to(cast, report, "ubnd", sent_on=TODAY + 4 * DAY, channel="hand", received_by="Bà Hoa, Văn phòng")
    rows = list(Dispatch.objects.order_by("id").values_list("recipient", "sent_on", "channel", "received_by"))
    assert rows == [("bo", TODAY, "post", ""), ("ubnd", TODAY + 4 * DAY, "hand", "Bà Hoa, Văn phòng")]
    assert [e.verb for e in report.events.all()].count("dispatch") == 1
    entries = AuditEntry.objects.filter(action="reporting.dispatch").order_by("seq")
    assert [("state" in e.changes, e.changes["recipient"]) for e in entries] == [
        (True, [None, "bo"]),
        (False, [None, "ubnd"]),
    ]
    assert [f for f in verify.heads() if isinstance(f, Finding)] == []


def test_a_recipient_is_recorded_once(cast: Cast, period: ReportingPeriod) -> None:
    report = numbered(cast, period)
    send_to(cast, report)
    with pytest.raises(AlreadySent, match="Đã ghi gửi Ủy ban nhân dân tỉnh ngày 11/12/2026"):
        send_to(cast, report, channel="post")
    assert Dispatch.objects.count() == 1


def test_it_holds_for_the_content_that_was_shown(cast: Cast, period: ReportingPeriod) -> None:
    report = numbered(cast, period)
    with pytest.raises(ChangedMeanwhile):
        send_to(cast, report, seen=(report.content_id or 0) + 1)
    reports.annul(actor=cast.director.actor, report=report, note="sai ngày")
    with pytest.raises(MovedMeanwhile):
        send_to(cast, report)


def test_what_is_handed_over_is_taken_by_somebody(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    report = numbered(cast, period)
    with pytest.raises(WrongDispatch, match="người nhận"):
        send_to(cast, report, channel="hand")
    browser = sign_in(cast.clerk, fresh=True)
    assert post(browser, report, "bo", channel="").status_code == 422, "how it went is chosen, never assumed"
    answer = post(browser, report, "bo", channel="hand")
    assert answer.status_code == 422
    assert 'id="id_bo_received_by_error"' in answer.content.decode()
    assert 'id="id_ubnd_received_by_error"' not in answer.content.decode()


def test_the_committees_report_goes_to_the_ministry_once_it_has_its_own_number(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    by_committee(cast, period)
    report = numbered(cast, period)
    with pytest.raises(WrongDispatch, match="chưa có số"):
        send_to(cast, report, "bo")
    send_to(cast, report, "ubnd")
    shown = words(page(sign_in, cast, "clerk", "report", report.code))
    assert "ghi số và ngày của báo cáo đó trước" in shown
    with clock.at(clock.now() + DAY):
        facts: dict[str, Any] = {"number": 88, "dated": TODAY + DAY, "signs_as": "chairman", "signer": "Nguyễn Văn A"}
        number_paper(actor=cast.clerk.actor, report=report, form="report", **facts)
        with pytest.raises(NotPrinted):
            send_to(cast, report, "bo", sent_on=TODAY + DAY)
        jobs.print_papers(report.content_id or 0)
        with pytest.raises(WrongDispatch, match="12/12/2026"):
            send_to(cast, report, "bo", sent_on=TODAY)
        send_to(cast, report, "bo", sent_on=TODAY + DAY)
    assert Dispatch.objects.count() == 2


def test_the_page_says_who_waits_and_where_the_printed_list_says_otherwise(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    report = numbered(cast, period)
    clerk = sign_in(cast.clerk, fresh=True)
    url = reverse("reporting:report", args=[report.code])
    shown = clerk.get(url).content.decode()
    assert (shown.count("/dispatch/ubnd/"), shown.count("/dispatch/bo/")) == (1, 1)
    assert "chưa ghi gửi nơi đó" not in shown
    assert post(clerk, report, "ubnd").status_code == 302
    told = words(clerk.get(url))
    assert "Đã gửi UBND tỉnh ngày 11/12/2026 · chưa gửi Bộ KH&amp;CN" in told
    assert "in “Bộ Khoa học và Công nghệ (để báo cáo)”, nhưng ở đây chưa ghi gửi nơi đó" in told
    assert "Ghi đã gửi" in words(clerk.get("/")), "the other recipient waits for the clerk"
    assert "chưa gửi Bộ" in words(page(sign_in, cast, "director", "reports"))
    assert "chưa gửi Bộ" not in words(page(sign_in, cast, "other_focal", "reports"))
    stale = post(clerk, report, "ubnd", channel="post")
    assert stale.status_code == 409
    assert "mỗi nơi nhận ghi một lần" in words(stale)
    assert post(clerk, report, "bo").status_code == 302
    told = words(clerk.get(url))
    assert "Đã gửi UBND tỉnh ngày 11/12/2026 · đã gửi Bộ KH&amp;CN ngày 11/12/2026" in told
    assert "chưa ghi gửi nơi đó" not in told
    assert "Ghi đã gửi" not in words(clerk.get("/"))


def correct(browser: Any, report: Report, to: str, held: Dispatch, **typed: Any) -> Any:
    data = {"sent_on": "11/12/2026", "channel": "axis", "reason": "Gõ nhầm", "seen": str(held.pk), **typed}
    return browser.post(reverse("reporting:correct-dispatch", args=[report.code, to]), data)


def test_a_mistyped_record_is_corrected_by_another_and_both_stay(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    report, clerk = numbered(cast, period), sign_in(cast.clerk, fresh=True)
    with clock.at(clock.now() + 3 * DAY):
        wrong = send_to(cast, report, "ubnd", sent_on=TODAY)
        url = reverse("reporting:report", args=[report.code])
        assert 'value="11/12/2026"' in clerk.get(url).content.decode(), "what was recorded stands in the form"
        answer = correct(clerk, report, "ubnd", wrong, sent_on="13/12/2026", channel="hand", received_by="Bà Hoa")
        assert answer.status_code == 302
        told = words(clerk.get(url))
    assert "Đã gửi UBND tỉnh ngày 13/12/2026 · chưa gửi Bộ KH&amp;CN" in told
    assert "Lý do sửa: Gõ nhầm." in told
    assert "Đã gửi ngày 11/12/2026. Cách gửi: Trục liên thông văn bản." in told
    entry = AuditEntry.objects.get(action="reporting.correct_dispatch")
    assert entry.reason == "Gõ nhầm"
    assert entry.changes["sent_on"] == ["2026-12-11", "2026-12-13"]
    assert [f for f in verify.heads() if isinstance(f, Finding)] == []
    assert "Các lần ghi trước" in words(page(sign_in, cast, "specialist", "report", report.code))
    assert "Các lần ghi trước" not in words(page(sign_in, cast, "other_focal", "report", report.code))


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"reason": ""}, 422, "id_ubnd_reason_error"),
        ({"sent_on": ""}, 422, "id_ubnd_sent_on_error"),
        ({"sent_on": "12/12/2026"}, 409, "đến hôm nay"),
        ({}, 409, "không có gì để sửa"),
        ({"seen": "0", "channel": "post"}, 409, "khác"),
        ({"taken_back": "on"}, 409, "ít nhất một nơi đã gửi"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_kept_in_the_form(
    cast: Cast, period: ReportingPeriod, sign_in: Any, typed: dict[str, str], status: int, said: str
) -> None:
    report = numbered(cast, period)
    held = send_to(cast, report)
    answer = correct(sign_in(cast.clerk, fresh=True), report, "ubnd", held, **typed)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert '<details class="confirm" open>' in answer.content.decode()
    assert Dispatch.objects.get() == held


def test_a_recipient_chosen_by_mistake_waits_again(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    report, clerk = numbered(cast, period), sign_in(cast.clerk, fresh=True)
    wrong = send_to(cast, report, "bo")
    send_to(cast, report, "ubnd")
    assert correct(clerk, report, "bo", wrong, taken_back="on", reason="Bấm nhầm nơi nhận").status_code == 302
    url = reverse("reporting:report", args=[report.code])
    told = words(clerk.get(url))
    assert "Đã gửi UBND tỉnh ngày 11/12/2026 · chưa gửi Bộ KH&amp;CN" in told
    assert "Ghi nhầm: chưa gửi nơi này. Lý do sửa: Bấm nhầm nơi nhận." in told
    assert "chưa gửi Bộ" in words(page(sign_in, cast, "director", "reports"))
    with pytest.raises(ChangedMeanwhile):
        dispatching.correct_dispatch(
            actor=cast.clerk.actor, report=report, recipient="bo", seen=wrong.pk, sent_on=TODAY, channel="post",
            reason="lần nữa",
        )  # fmt: skip
    assert post(clerk, report, "bo", channel="email").status_code == 302
    assert "đã gửi Bộ KH&amp;CN ngày 11/12/2026" in words(clerk.get(url))
    assert [(d.recipient, d.taken_back) for d in Dispatch.objects.all()] == [
        ("bo", False), ("ubnd", False), ("bo", True), ("bo", False),
    ]  # fmt: skip
    assert [f for f in verify.heads() if isinstance(f, Finding)] == []


def test_only_sos_own_clerk_corrects_and_only_an_issued_report(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    report = numbered(cast, period)
    fields: dict[str, Any] = {"sent_on": TODAY, "channel": "post", "reason": "nhầm", "recipient": "ubnd"}
    with pytest.raises(MovedMeanwhile):
        dispatching.correct_dispatch(actor=cast.clerk.actor, report=report, seen=0, **fields)
    held = send_to(cast, report)
    for name, person in cast.people.items():
        if name != "clerk":
            with pytest.raises(NotAllowed):
                dispatching.correct_dispatch(actor=person.actor, report=report, seen=held.pk, **fields)
    with pytest.raises(WrongDispatch, match="lý do"):
        dispatching.correct_dispatch(actor=cast.clerk.actor, report=report, seen=held.pk, **{**fields, "reason": " "})
    assert correct(sign_in(cast.specialist, fresh=True), report, "ubnd", held).status_code == 403
    assert Dispatch.objects.get() == held


def test_a_form_that_is_sent_twice_records_once(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    report, clerk = numbered(cast, period), sign_in(cast.clerk, fresh=True)
    answers = [post(clerk, report, "ubnd", _key="k" * 32) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert Dispatch.objects.count() == 1


def test_a_page_of_an_issued_report_costs_a_known_number_of_queries(
    cast: Cast, period: ReportingPeriod, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    by_committee(cast, period)
    report = numbered(cast, period)
    send_to(cast, report)
    for name, route in (("clerk", "report"), ("specialist", "report"), ("specialist", "reports")):
        browser = sign_in(cast.people[name], fresh=True)
        url = reverse(f"reporting:{route}", args=[report.code] if route == "report" else [])
        browser.get(url)
        with django_assert_max_num_queries(12):
            assert browser.get(url).status_code == 200


def test_a_report_that_is_issued_to_nobody_is_found(cast: Cast, period: ReportingPeriod) -> None:
    report = numbered(cast, period)
    Report.objects.filter(pk=report.pk).update(state=ReportState.DISPATCHED)
    assert "khác với các nơi đã ghi gửi" in " ".join(f.what for f in verify.heads() if isinstance(f, Finding))


def test_a_replaced_report_goes_to_nobody_any_more(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    old = dispatched(cast, period)
    with clock.at(clock.now() + timedelta(hours=1)):
        replaced_report = replaced(cast, old)
        assert "/dispatch/bo/" in page(sign_in, cast, "clerk", "report", old.code).content.decode(), "only a draft yet"
        issue(cast, replaced_report, 346)
        with pytest.raises(WrongDispatch, match="346/BC-SKHCN"):
            send_to(cast, old, "bo")
        assert "/dispatch/bo/" not in page(sign_in, cast, "clerk", "report", old.code).content.decode()
        home = words(sign_in(cast.clerk, fresh=True).get("/"))
        assert home.count("Ghi đã gửi") == 1, "the one that stands"
        assert "Số 346/BC-SKHCN" in home


def test_the_clerk_is_told_of_whoever_still_waits_though_a_later_report_went_out(
    cast: Cast, period: ReportingPeriod, asked: ReportingPeriod, sign_in: Any
) -> None:
    dispatched(cast, period)
    extra = begun(cast, asked)
    reports.review(actor=cast.head.actor, report=extra)
    content = reports.freeze(actor=cast.specialist.actor, report=extra)
    jobs.print_papers(content.pk)
    reports.sign(actor=cast.director.actor, report=extra)
    reports.number_report(actor=cast.clerk.actor, report=extra, number=350, dated=TODAY)
    jobs.print_papers(content.pk)
    for to in Recipient:
        send_to(cast, extra, to)
    home = words(sign_in(cast.clerk, fresh=True).get("/"))
    assert "Số 345/BC-SKHCN" in home
    assert "chưa gửi Bộ KH&amp;CN" in home
    assert "Số 350/BC-SKHCN" not in home
