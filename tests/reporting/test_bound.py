"""A step holds for what was read; a number is confirmed as it was seen; nobody says yes to their own work."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.organisations.rules import Role
from chuan.programme.models import Plan
from chuan.reporting import jobs, verify
from chuan.reporting.errors import (
    AlreadyBegun,
    Blocked,
    ChangedMeanwhile,
    MovedMeanwhile,
    NotAllowed,
    NotPrinted,
    OwnWork,
    WrongNumber,
)
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import Paper, Report, ReportingPeriod, Submission
from chuan.reporting.rules import ReportState, SubmissionState
from chuan.reporting.services import reports, submissions
from chuan.reporting.services.figures import approve_definition, propose_definition
from chuan.training.services import void_attendance
from tests.cast import Cast
from tests.reporting.test_pages import obligation, page, words
from tests.reporting.test_report import RIGHT, WORDS, dispatched, period, reviewed, send_to, sent, started, step
from tests.training.builders import course, line, said_of

__all__ = ["period"]


def findings(check: Any) -> list[tuple[str, str]]:
    return [(f.where, f.what) for f in check() if hasattr(f, "where")]


def save(cast: Cast, submission: Submission, narrative: str = "Viết lại.") -> None:
    submissions.save_draft(
        actor=cast.focal.actor,
        submission=submission,
        version=submission.draft_version,
        figures=RIGHT,
        narrative=narrative,
        nil=False,
    )


def test_a_draft_that_changed_since_it_was_read_is_not_reviewed(cast: Cast, period: ReportingPeriod) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=WORDS)
    reports.save_words(actor=cast.specialist.actor, report=report, version=1, words={**WORDS, "next": "Thêm."})
    with pytest.raises(ChangedMeanwhile):
        reports.review(actor=cast.head.actor, report=report, seen=1)
    reports.review(actor=cast.head.actor, report=report, seen=2)


def test_a_freeze_takes_the_words_that_stand_now_not_those_of_the_callers_copy(
    cast: Cast, period: ReportingPeriod
) -> None:
    report = reviewed(cast, period)
    stale = Report.objects.select_related("period__plan").get(pk=report.pk)
    reports.reopen(actor=cast.head.actor, report=report, note="thêm")
    reports.save_words(actor=cast.specialist.actor, report=report, version=1, words={**WORDS, "next": "Mới."})
    reports.review(actor=cast.head.actor, report=report)
    assert reports.freeze(actor=cast.specialist.actor, report=stale).snapshot["words"]["next"] == "Mới."


def test_sign_number_and_dispatch_hold_for_the_content_that_was_read(cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    old = reports.freeze(actor=cast.specialist.actor, report=report).pk
    reports.refuse(actor=cast.director.actor, report=report, note="sửa")
    reports.review(actor=cast.head.actor, report=report)
    new = reports.freeze(actor=cast.specialist.actor, report=report).pk
    with pytest.raises(ChangedMeanwhile):
        reports.sign(actor=cast.director.actor, report=report, seen=old)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report, seen=new)
    clerk: Any = {"actor": cast.clerk.actor, "report": report}
    with pytest.raises(ChangedMeanwhile):
        reports.number_report(**clerk, number=1, dated=date(2026, 12, 11), seen=old)
    reports.number_report(**clerk, number=1, dated=date(2026, 12, 11), seen=new)
    jobs.print_papers(new)
    with pytest.raises(ChangedMeanwhile):
        send_to(cast, report, seen=old)
    send_to(cast, report, seen=new)


def test_a_units_draft_that_changed_since_it_was_read_is_not_approved_or_sent(
    cast: Cast, period: ReportingPeriod
) -> None:
    submission = started(cast, period)
    step(submission, "present", cast.focal)
    step(submission, "give_back", cast.leader, note="viết thêm")
    save(cast, submission)
    step(submission, "present", cast.focal)
    with pytest.raises(ChangedMeanwhile):
        step(submission, "approve", cast.leader, seen=1)
    step(submission, "approve", cast.leader, seen=2)
    with pytest.raises(ChangedMeanwhile):
        step(submission, "send", cast.focal, seen=1)
    step(submission, "send", cast.focal, seen=2)


def test_a_page_without_what_it_showed_takes_no_step(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    submission = started(cast, period)
    step(submission, "present", cast.focal)
    url = reverse("reporting:move-submission", args=[obligation(period).code, "approve"])
    browser = sign_in(cast.leader, fresh=True)
    for seen in ("", "²", "1" * 13, "٣", "0"):
        assert browser.post(url, {"seen": seen}).status_code == 409
    assert browser.post(url, {"seen": "1"}).status_code == 302


@pytest.mark.parametrize("version", ["²", "1" * 40, "٣", ""])
def test_a_version_that_is_no_number_is_a_stale_tab(
    sign_in: Any, cast: Cast, period: ReportingPeriod, version: str
) -> None:
    started(cast, period)
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    for who, route, key in (
        ("focal", "save-draft", obligation(period).code),
        ("specialist", "save-words", report.code),
    ):
        url = reverse(f"reporting:{route}", args=[key])
        assert sign_in(getattr(cast, who), fresh=True).post(url, {"version": version}).status_code == 409


def test_each_page_posts_what_it_shows(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    submission = started(cast, period)
    assert (
        'name="seen_CT2" value="0"'
        in page(sign_in, cast, "focal", "submission", obligation(period).code).content.decode()
    )
    step(submission, "present", cast.focal)
    shown = page(sign_in, cast, "leader", "submission", obligation(period).code)
    assert 'name="seen" value="1"' in shown.content.decode()
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=WORDS)
    assert 'name="seen" value="1"' in page(sign_in, cast, "head", "report", report.code).content.decode()
    reports.review(actor=cast.head.actor, report=report)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    assert (
        f'name="seen" value="{content.pk}"' in page(sign_in, cast, "director", "report", report.code).content.decode()
    )


@pytest.mark.parametrize("verb", ["present", "approve", "send"])
def test_a_number_that_changed_since_the_unit_saw_it_is_seen_again(
    cast: Cast, period: ReportingPeriod, verb: str
) -> None:
    held = course(cast)
    one = line(cast, held, "Lê Văn A")
    line(cast, held, "Lê Văn B")
    submission = started(cast, period)
    people = {"present": cast.focal, "approve": cast.leader, "send": cast.focal}
    for before in list(people)[: list(people).index(verb)]:
        step(submission, before, people[before])
    void_attendance(actor=cast.focal.actor, seen=said_of(one), reason="trùng")
    with pytest.raises(Blocked) as error:
        step(submission, verb, people[verb])
    assert "số liệu CT2 đã đổi từ 2 thành 1, hãy xem và xác nhận lại" in error.value.reasons


def test_what_was_approved_and_changed_is_taken_back_and_confirmed_again(cast: Cast, period: ReportingPeriod) -> None:
    submission = started(cast, period)
    step(submission, "present", cast.focal)
    step(submission, "approve", cast.leader)
    line(cast, course(cast), "Lê Văn A")
    with pytest.raises(Blocked):
        step(submission, "send", cast.focal)
    step(submission, "take_back", cast.focal, note="số đổi")
    save(cast, submission)
    for verb, who in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(submission, verb, who)
    assert Submission.objects.get(pk=submission.pk).state == SubmissionState.SENT


def test_the_form_confirms_the_number_that_it_showed(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    started(cast, period)
    line(cast, course(cast), "Lê Văn A")
    url = reverse("reporting:save-draft", args=[obligation(period).code])
    typed = {"present": "1", "narrative": "Có.", "right_CT2": "yes", "right_CT2-L": "yes"}
    browser = sign_in(cast.focal, fresh=True)
    answer = browser.post(url, {**typed, "version": "1", "seen_CT2": "0", "seen_CT2-L": "1"})
    assert answer.status_code == 409
    assert "đã đổi từ 0 thành 1" in words(answer)
    assert Submission.objects.get().draft_version == 1
    assert browser.post(url, {**typed, "version": "1"}).status_code == 409
    assert browser.post(url, {**typed, "version": "1", "seen_CT2": "1", "seen_CT2-L": "1"}).status_code == 302
    assert Submission.objects.get().state == SubmissionState.WITH_LEADER


def test_saving_and_presenting_is_one_service(cast: Cast, period: ReportingPeriod) -> None:
    submission = started(cast, period)
    before = AuditEntry.objects.count()
    said: Any = {"figures": RIGHT, "narrative": "Có.", "nil": False}
    submissions.save_and_present(actor=cast.focal.actor, submission=submission, version=1, **said)
    actions = AuditEntry.objects.order_by("seq").values_list("action", flat=True)[before:]
    assert list(actions) == ["reporting.save_draft", "reporting.submission_present", "reporting.save_and_present"]


def test_who_froze_a_report_does_not_sign_it(cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    reports.freeze(actor=cast.specialist.actor, report=report)
    promoted = replace(cast.specialist.actor, role=Role.DEPARTMENT_LEADER)
    with pytest.raises(OwnWork):
        reports.sign(actor=promoted, report=report)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)


def test_who_proposed_a_definition_does_not_approve_it(
    sign_in: Any, cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(INDICATORS["CT2"]), "definition_sha256", lambda self: "d" * 64)
    both = replace(cast.director.actor, role=Role.SPECIALIST)
    assert propose_definition(actor=both, indicator_id="CT2", note="mới").by_id == cast.director.actor.user_id
    with pytest.raises(OwnWork):
        approve_definition(actor=cast.director.actor, indicator_id="CT2", note="được")
    url = reverse("reporting:approve-definition", args=["CT2"])
    browser = sign_in(cast.director, fresh=True)
    assert browser.post(url, {"note": "được"}).status_code == 409
    assert browser.post(url, {"note": "x" * 301}).status_code == 422
    assert browser.post(url, {"note": "a\0b"}).status_code == 422


def test_the_reason_of_a_reopened_report_is_read_by_its_form(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    url = reverse("reporting:move-report", args=[report.code, "reopen"])
    browser = sign_in(cast.head, fresh=True)
    for note in ("x" * 2001, "a\0b"):
        assert browser.post(url, {"note": note}).status_code == 422
    assert browser.post(url, {"note": "thêm  số liê\u0323u"}).status_code == 302
    event = report.events.get(verb="reopen")
    assert event.note == "thêm số liệu".replace("liệu", "liệu")


def test_a_period_has_one_report_that_is_not_issued(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    with pytest.raises(AlreadyBegun):
        reports.start_report(actor=cast.specialist.actor, period=period)
    answer = sign_in(cast.specialist, fresh=True).post(reverse("reporting:reports"))
    assert (answer.status_code, Report.objects.get()) == (409, report)


def test_a_number_is_given_once_a_year_though_two_clerks_looked_at_once(
    cast: Cast, plan: Plan, period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatched(cast, period)
    report = reviewed(cast, period)
    reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    monkeypatch.setattr(reports, "_require_possible", lambda *_: None)
    with pytest.raises(WrongNumber):
        reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=date(2026, 12, 11))
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(number=7, dated=date(2026, 12, 11))


def test_a_signed_file_is_a_pdf(cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    with pytest.raises(WrongNumber):
        reports.number_report(
            actor=cast.clerk.actor,
            report=report,
            number=1,
            dated=date(2026, 12, 11),
            signed=("0" * 64, "a.png", "image/png", 3),
        )


def test_nothing_goes_out_before_it_is_printed_and_it_can_be_printed_again(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    report = reviewed(cast, period)
    with pytest.raises(MovedMeanwhile):
        reports.reprint(actor=cast.specialist.actor, report=report)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    reports.number_report(actor=cast.clerk.actor, report=report, number=1, dated=date(2026, 12, 11))
    with pytest.raises(NotPrinted):
        send_to(cast, report)
    with pytest.raises(NotAllowed):
        reports.reprint(actor=cast.director.actor, report=report)
    assert "In lại" in words(page(sign_in, cast, "clerk", "report", report.code))
    url = reverse("reporting:reprint", args=[report.code])
    assert sign_in(cast.clerk, fresh=True).post(url).status_code == 302
    assert Report.objects.get(pk=report.pk).state == ReportState.NUMBERED
    jobs.print_papers(content.pk)
    assert "In lại" not in words(page(sign_in, cast, "clerk", "report", report.code))
    report.refresh_from_db()
    send_to(cast, report)


def test_a_paper_that_another_worker_printed_first_is_done(
    cast: Cast, period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = reports.freeze(actor=cast.specialist.actor, report=reviewed(cast, period))
    jobs.print_papers(content.pk)
    answers = iter([False, True] * 6)
    monkeypatch.setattr(jobs, "_exists", lambda *_: next(answers))
    jobs.print_papers(content.pk)
    assert Paper.objects.count() == 6
    monkeypatch.setattr(jobs, "_exists", lambda *_: False)
    with pytest.raises(IntegrityError):
        jobs.print_papers(content.pk)


def test_a_units_content_that_was_exchanged_is_named(cast: Cast, period: ReportingPeriod) -> None:
    submission = sent(cast, period)
    assert findings(verify.heads) == []
    following = step(submission, "return_lines", cast.specialist, note="thiếu", lines=["CT2"])
    assert findings(verify.heads) == []
    Submission.objects.filter(pk=following.pk).update(content=submission.content)
    assert [what for _where, what in findings(verify.heads)] == ["nội dung đã gửi khác với các bước đã ghi"]
