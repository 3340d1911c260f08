"""A report that came as a letter: three dates, what the letter says and no more; a report that replaces another."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuan.files import store
from chuan.lib import clock
from chuan.reporting import drafts, obligations, papers, verify
from chuan.reporting.collecting import Parts, Proposal
from chuan.reporting.errors import Blocked, MovedMeanwhile, NotAllowed, ReasonNeeded
from chuan.reporting.models import IncomingLetter, ReportingPeriod, Submission
from chuan.reporting.rules import SubmissionState
from chuan.reporting.services import behalf, reports, submissions
from tests.access.reporting_world import blank_pdf
from tests.cast import Cast, Member
from tests.reporting.test_bound import findings
from tests.reporting.test_pages import obligation, page, words
from tests.reporting.test_report import RIGHT, dispatched, period, reviewed, sent, started, step

__all__ = ["period"]

SILENT: dict[str, Any] = {"CT2": {"right": None, "missing": ""}, "CT2-L": {"right": None, "missing": ""}}


def begin(cast: Cast, period: ReportingPeriod, who: Member | None = None, **facts: Any) -> Submission:
    usual: dict[str, Any] = {"number": "45/BC-SCT", "dated": date(2026, 12, 8), "arrived": date(2026, 12, 10)}
    made = behalf.begin_on_behalf(
        actor=(who or cast.specialist).actor, obligation=obligation(period), **{**usual, **facts}
    )
    return Submission.objects.select_related("obligation__period__plan", "obligation__unit", "letter").get(pk=made.pk)


def entered(cast: Cast, period: ReportingPeriod, words: str = "", **facts: Any) -> Submission:
    made = begin(cast, period, **facts)
    said: Any = {"figures": SILENT, "narrative": words, "nil": False}
    submissions.save_and_enter(
        actor=cast.specialist.actor, submission=made, version=made.draft_version, parts=Parts(), **said
    )
    made.refresh_from_db()
    return made


def row(period: ReportingPeriod) -> obligations.Row:
    found = obligations.tracking(period, today=clock.today())
    return next(one for one in found if one.obligation.unit.code == "so-ct")


# -- refusals


def test_a_letter_is_entered_by_sos_specialist_alone(cast: Cast, period: ReportingPeriod) -> None:
    for name in ("focal", "leader", "head", "director", "clerk", "auditor", "administrator", "other_focal"):
        with pytest.raises(NotAllowed):
            begin(cast, period, getattr(cast, name))


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"number": " "}, ReasonNeeded),
        ({"arrived": date(2026, 12, 12)}, Blocked),
        ({"arrived": date(2026, 12, 7)}, Blocked),
    ],
)
def test_a_letter_without_a_number_or_with_impossible_dates_is_refused(
    cast: Cast, period: ReportingPeriod, facts: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        begin(cast, period, **facts)


def test_a_letter_is_not_entered_beside_a_report_that_waits_or_another_that_is_typed(
    cast: Cast, period: ReportingPeriod
) -> None:
    sent(cast, period)
    with pytest.raises(Blocked, match="chờ tiếp nhận"):
        begin(cast, period)


def test_two_letters_are_not_typed_at_once(cast: Cast, period: ReportingPeriod) -> None:
    begin(cast, period)
    with pytest.raises(Blocked, match="nhập dở"):
        begin(cast, period, number="46/BC-SCT")


def test_the_unit_does_not_write_in_what_is_typed_from_its_letter(cast: Cast, period: ReportingPeriod) -> None:
    made = begin(cast, period)
    said: Any = {"figures": SILENT, "narrative": "x", "nil": False}
    with pytest.raises(NotAllowed):
        submissions.save_draft(actor=cast.focal.actor, submission=made, version=0, **said)
    for verb, who in (("present", cast.focal), ("enter", cast.focal)):
        with pytest.raises(NotAllowed):
            step(made, verb, who)


def test_what_the_unit_itself_writes_is_not_entered_for_it(cast: Cast, period: ReportingPeriod) -> None:
    with pytest.raises(NotAllowed):
        step(started(cast, period), "enter", cast.specialist)


def test_a_scan_that_is_no_pdf_is_refused_on_the_form(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    url = reverse("reporting:enter-letter", args=[obligation(period).code])
    data = {"number": "45/BC-SCT", "dated": "08/12/2026", "arrived": "10/12/2026"}
    browser = sign_in(cast.specialist, fresh=True)
    png = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\nxx")
    answer = browser.post(url, {**data, "scan": png})
    assert answer.status_code == 422
    assert "phải là tệp PDF" in words(answer)
    assert 'value="45/BC-SCT"' in answer.content.decode()
    assert browser.post(url, {**data, "arrived": "07/12/2026"}).status_code == 422
    assert not IncomingLetter.objects.exists()


# -- entering


def test_a_letter_that_says_little_is_entered_as_it_is_and_judged_by_the_day_it_arrived(
    cast: Cast, period: ReportingPeriod
) -> None:
    made = entered(cast, period)
    content = made.content
    assert content
    assert (made.state, content.arrived, content.counted_on) == ("sent", date(2026, 12, 10), date(2026, 12, 10))
    assert content.figures["CT2"]["right"] is None
    found = row(period)
    assert (found.late, found.on_behalf, found.disputed, found.proposals) == (False, True, False, "")
    step(made, "accept", cast.specialist)
    assert findings(verify.heads) == []


def test_a_letter_that_arrived_late_is_late_though_it_was_dated_in_time(cast: Cast, period: ReportingPeriod) -> None:
    entered(cast, period, arrived=date(2026, 12, 11))
    assert row(period).late
    annex = papers.document(drafts.snapshot(reviewed(cast, period))).annexes[2]
    assert "11/12/2026" in repr(annex)
    assert "Quá hạn" in repr(annex)


def test_what_the_unit_had_begun_is_set_aside_and_kept(cast: Cast, period: ReportingPeriod) -> None:
    begun = started(cast, period)
    made = begin(cast, period)
    begun.refresh_from_db()
    assert (begun.state, begun.draft["narrative"]) == (SubmissionState.WITHDRAWN, "Đã mở một lớp.")
    assert (made.attempt, made.draft) == (2, {})
    assert findings(verify.heads) == []


def test_a_letter_is_typed_beside_its_scan(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    browser = sign_in(cast.specialist, fresh=True)
    code = obligation(period).code
    scan = SimpleUploadedFile("bao-cao.pdf", blank_pdf())
    data = {"number": "45/BC-SCT", "dated": "08/12/2026", "arrived": "10/12/2026", "scan": scan}
    assert browser.post(reverse("reporting:enter-letter", args=[code]), data).status_code == 302
    answer = browser.get(reverse("reporting:submission", args=[code]))
    body = answer.content.decode()
    source = reverse("reporting:letter-file", args=[code, IncomingLetter.objects.get().pk])
    assert f'<iframe src="{source}"' in body
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    assert 'name="enter"' in body
    assert 'name="present"' not in body
    shown = browser.get(source)
    assert (shown["Content-Type"], shown["X-Frame-Options"]) == ("application/pdf", "SAMEORIGIN")
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Security-Policy"] == "frame-ancestors 'self'"
    typed = {"version": "0", "enter": "1", "narrative": "Theo văn bản", "seen_CT2": "0", "seen_CT2-L": "0"}
    assert browser.post(reverse("reporting:save-draft", args=[code]), typed).status_code == 302
    assert Submission.objects.get().state == SubmissionState.SENT
    assert "nhập thay từ văn bản" in words(browser.get(reverse("reporting:tracking")))
    unit = words(page(sign_in, cast, "focal", "submission", code))
    assert "Theo văn bản" in unit
    assert "45/BC-SCT" in unit


def test_the_scan_is_for_the_unit_and_so_alone(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    digest, kind = store.receive("a.pdf", blank_pdf())
    begin(cast, period, scan=(digest, "a.pdf", kind.media_type, 10))
    letter = IncomingLetter.objects.get().pk
    code, other = obligation(period).code, obligation(period, "so-yt").code
    assert page(sign_in, cast, "focal", "letter-file", code, letter).status_code == 200
    assert page(sign_in, cast, "other_focal", "letter-file", code, letter).status_code == 404
    assert page(sign_in, cast, "other_focal", "letter-file", other, letter).status_code == 404


def test_a_letter_that_is_returned_opens_an_attempt_for_the_unit(cast: Cast, period: ReportingPeriod) -> None:
    following = step(entered(cast, period), "return_lines", cast.specialist, note="thiếu số", lines=["CT2"])
    assert (following.letter_id, following.state) == (None, SubmissionState.DRAFT)
    begin(cast, period, number="50/BC-SCT")
    following.refresh_from_db()
    assert following.state == SubmissionState.WITHDRAWN


# -- replacing


def test_only_an_accepted_report_is_replaced_and_by_its_own_unit(cast: Cast, period: ReportingPeriod) -> None:
    made = sent(cast, period)
    with pytest.raises(MovedMeanwhile):
        behalf.start_replacement(actor=cast.focal.actor, obligation=obligation(period), reason="sửa")
    step(made, "accept", cast.specialist)
    for name in ("other_focal", "specialist", "unit_clerk"):
        with pytest.raises(NotAllowed):
            behalf.start_replacement(actor=getattr(cast, name).actor, obligation=obligation(period), reason="sửa")
    with pytest.raises(ReasonNeeded):
        behalf.start_replacement(actor=cast.focal.actor, obligation=obligation(period), reason=" ")


def test_the_accepted_report_stands_until_its_replacement_is_accepted(cast: Cast, period: ReportingPeriod) -> None:
    first = sent(cast, period)
    step(first, "accept", cast.specialist)
    behalf.start_replacement(actor=cast.focal.actor, obligation=obligation(period), reason="thiếu một lớp")
    found = row(period)
    assert (found.state, found.submission, found.replacement is not None) == ("accepted", first, True)
    second = Submission.objects.select_related("obligation__period__plan", "obligation__unit").get(attempt=2)
    assert second.draft["narrative"] == "Đã mở một lớp."
    for verb, who in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(second, verb, who)
    assert row(period).submission == second
    step(second, "accept", cast.specialist)
    first.refresh_from_db()
    assert first.state == SubmissionState.SUPERSEDED
    assert second.content
    assert second.content.replacing == "Báo cáo thay thế Báo cáo có biên nhận TN-2026-0001"
    assert findings(verify.heads) == []


def test_a_replacement_that_is_returned_is_still_one(cast: Cast, period: ReportingPeriod) -> None:
    step(sent(cast, period), "accept", cast.specialist)
    second = begin(cast, period)
    said: Any = {"figures": SILENT, "narrative": "", "nil": False}
    submissions.save_and_enter(actor=cast.specialist.actor, submission=second, version=second.draft_version, **said)
    third = step(second, "return_lines", cast.specialist, note="sai số")
    assert third.replaces_id == second.replaces_id is not None
    assert row(period).state == "accepted"


def test_a_letter_after_acceptance_names_the_letter_that_it_replaces(cast: Cast, period: ReportingPeriod) -> None:
    step(entered(cast, period), "accept", cast.specialist)
    second = entered(cast, period, number="60/BC-SCT", dated=date(2026, 12, 10), arrived=date(2026, 12, 11))
    assert second.content
    assert second.content.replacing == "Báo cáo thay thế Báo cáo số 45/BC-SCT ngày 08/12/2026"


def test_what_is_accepted_after_the_report_was_issued_is_a_supplement(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    report = dispatched(cast, period)
    sealed = report.content.sha256 if report.content else ""
    with clock.at(clock.now() + timedelta(minutes=1)):
        late = sent(cast, period)
        step(late, "accept", cast.specialist)
    late.refresh_from_db()
    assert late.supplements == report.code
    report.refresh_from_db()
    assert report.content
    assert report.content.sealed_sha256() == sealed
    assert f"bổ sung cho {report.code}" in words(page(sign_in, cast, "specialist", "tracking"))
    assert findings(verify.heads) == []
    Submission.objects.filter(pk=late.pk).update(supplements="")
    assert [what for _where, what in findings(verify.heads)] == ["báo cáo được bổ sung khác với các bước đã ghi"]


def test_what_is_accepted_before_is_none(cast: Cast, period: ReportingPeriod) -> None:
    made = sent(cast, period)
    reports.start_report(actor=cast.specialist.actor, period=period)
    step(made, "accept", cast.specialist)
    made.refresh_from_db()
    assert made.supplements == ""


def test_the_tracking_says_proposals_and_difficulties_or_that_nothing_was_said(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    made = started(cast, period)
    parts = Parts(proposals=[Proposal("", "Mua chuẩn"), Proposal("", "Mở lớp")], none=["difficulties"])
    said: Any = {"figures": RIGHT, "narrative": "Có.", "nil": False, "parts": parts}
    submissions.save_draft(actor=cast.focal.actor, submission=made, version=1, **said)
    assert row(period).proposals == "", "nothing is known before it is sent"
    for verb, who in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(made, verb, who)
    assert (row(period).proposals, row(period).difficulties) == ("2", "none")
    shown = words(page(sign_in, cast, "specialist", "tracking"))
    assert "không có" in shown


def test_while_a_replacement_is_written_the_page_does_not_call_the_unit_late(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    made = started(cast, period)
    assert "đã quá hạn nộp" in words(page(sign_in, cast, "focal", "submission", obligation(period).code))
    for verb, who in (
        ("present", cast.focal), ("approve", cast.leader), ("send", cast.focal), ("accept", cast.specialist),
    ):  # fmt: skip
        step(made, verb, who)
    behalf.start_replacement(actor=cast.focal.actor, obligation=made.obligation, reason="thêm một lớp")
    assert "đã quá hạn nộp" not in words(page(sign_in, cast, "focal", "submission", obligation(period).code))
