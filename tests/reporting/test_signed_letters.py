"""The signed letter of a report that was sent here: recorded afterwards, by whom, and read wherever it matters."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.files import store
from chuan.lib import clock
from chuan.reporting import obligations, papers
from chuan.reporting.errors import Blocked, MovedMeanwhile, NotAllowed, ReasonNeeded
from chuan.reporting.models import IncomingLetter, ReportingPeriod, SignedLetter, Submission
from chuan.reporting.services import behalf
from tests.access.reporting_world import blank_pdf
from tests.cast import Cast, Member
from tests.reporting.test_behalf import entered, row
from tests.reporting.test_pages import obligation, page, words
from tests.reporting.test_report import dispatched, period, sent, started, step

__all__ = ["period"]


def content_of(made: Submission) -> Any:
    made.refresh_from_db()
    assert made.content
    return made.content


def recorded(made: Submission, who: Member, **facts: Any) -> SignedLetter:
    usual: dict[str, Any] = {"number": "45/BC-SCT", "dated": date(2026, 12, 9)}
    return behalf.record_letter(actor=who.actor, content=content_of(made), **{**usual, **facts})


def pdf(name: str = "bao-cao-da-ky.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, blank_pdf(), content_type="application/pdf")


# -- refusals


def test_a_signed_letter_is_recorded_by_the_units_own_people_or_sos_specialist(
    cast: Cast, period: ReportingPeriod
) -> None:
    made = sent(cast, period)
    for name in ("other_focal", "other_leader", "clerk", "head", "director", "auditor", "finance", "administrator"):
        with pytest.raises(NotAllowed):
            recorded(made, getattr(cast, name))
    for name in ("unit_clerk", "focal", "leader", "specialist"):
        recorded(made, getattr(cast, name))
    assert SignedLetter.objects.live().count() == 1


def test_a_letter_without_a_number_or_from_the_future_is_refused(cast: Cast, period: ReportingPeriod) -> None:
    made = sent(cast, period)
    with pytest.raises(ReasonNeeded):
        recorded(made, cast.unit_clerk, number=" ")
    with pytest.raises(Blocked, match="tương lai"):
        recorded(made, cast.unit_clerk, dated=date(2026, 12, 12))
    with pytest.raises(Blocked, match="thứ tự"):
        recorded(made, cast.specialist, arrived=date(2026, 12, 8))
    assert not IncomingLetter.objects.exists()


def test_what_was_typed_from_a_letter_has_its_letter_and_what_was_returned_none(
    cast: Cast, period: ReportingPeriod
) -> None:
    with pytest.raises(Blocked, match="nhập từ văn bản"):
        recorded(entered(cast, period), cast.specialist)


def test_what_was_returned_gets_no_letter(cast: Cast, period: ReportingPeriod) -> None:
    made = sent(cast, period)
    step(made, "return_lines", cast.specialist, note="thiếu", lines=["CT2"])
    with pytest.raises(MovedMeanwhile):
        recorded(made, cast.unit_clerk)


def test_a_scan_that_is_no_pdf_is_refused_on_the_form(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    sent(cast, period)
    url = reverse("reporting:signed-letter", args=[obligation(period).code])
    png = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\nxx")
    answer = sign_in(cast.unit_clerk, fresh=True).post(url, {"number": "45/BC-SCT", "dated": "09/12/2026", "scan": png})
    assert answer.status_code == 422
    assert "phải là tệp PDF" in words(answer)
    assert 'value="45/BC-SCT"' in answer.content.decode()
    assert not IncomingLetter.objects.exists()


# -- recording


def test_the_clerk_records_number_and_day_first_and_the_file_later(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    made = sent(cast, period)
    assert row(period).lacks_letter
    browser, url = (
        sign_in(cast.unit_clerk, fresh=True),
        reverse("reporting:signed-letter", args=[obligation(period).code]),
    )
    data = {"number": "45/BC-SCT", "dated": "09/12/2026"}
    assert browser.post(url, data).status_code == 302
    shown = words(browser.get(reverse("reporting:submission", args=[obligation(period).code])))
    assert "45/BC-SCT" in shown
    assert "chưa có tệp" in shown
    assert row(period).lacks_letter, "its file is missing"
    assert browser.post(url, {**data, "number": "46/BC-SCT", "scan": pdf()}).status_code == 302
    assert browser.post(url, {**data, "number": "47/BC-SCT"}).status_code == 302
    letter = obligations.letter_of(made)
    assert letter
    assert letter.file
    assert (letter.number, letter.arrived, letter.file.name) == ("47/BC-SCT", None, "bao-cao-da-ky.pdf")
    assert store.read(letter.file) == blank_pdf()
    assert (
        letter.file.content_sha
        in browser.get(reverse("reporting:submission", args=[obligation(period).code])).content.decode()
    )
    assert not row(period).lacks_letter
    entry = AuditEntry.objects.filter(action="reporting.record_letter").order_by("seq").last()
    assert entry
    assert entry.changes["number"] == ["46/BC-SCT", "47/BC-SCT"]
    assert entry.changes["file"] == [letter.file.content_sha, letter.file.content_sha]


def test_the_letter_is_read_in_the_tracking_and_printed_in_the_list_of_units(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    made = sent(cast, period)
    assert "chưa có bản đã ký" in words(page(sign_in, cast, "specialist", "tracking"))
    recorded(made, cast.unit_clerk, scan=kept())
    shown = words(page(sign_in, cast, "specialist", "tracking"))
    assert "45/BC-SCT, ngày 09/12/2026" in shown
    assert "chưa có bản đã ký" not in shown
    report = dispatched(cast, period)
    assert report.content
    said = {unit["unit"]: (unit["number"], unit["dated"]) for unit in report.content.snapshot["units"]}
    assert said == {"so-ct": ("45/BC-SCT", "2026-12-09"), "so-yt": (None, None)}
    document = papers.of_content(report.content, report, "issued")
    assert "45/BC-SCT ngày 09/12/2026" in str(document)


def test_a_snapshot_that_was_frozen_before_letters_were_recorded_prints_a_dash(
    cast: Cast, period: ReportingPeriod
) -> None:
    sent(cast, period)
    report = dispatched(cast, period)
    assert report.content
    for unit in report.content.snapshot["units"]:
        unit.pop("number")
        unit.pop("dated")
    assert "ngày None" not in str(papers.of_content(report.content, report, "issued"))


def test_the_letter_of_the_department_says_when_the_paper_arrived_and_the_sending_still_counts(
    cast: Cast, period: ReportingPeriod
) -> None:
    with clock.at(clock.now().replace(day=10)):
        made = sent(cast, period)
    recorded(made, cast.specialist, arrived=date(2026, 12, 11))
    letter = row(period).letter
    assert letter
    assert letter.arrived == date(2026, 12, 11)
    assert not row(period).late


def test_a_replacement_names_the_signed_letter_of_what_it_replaces(cast: Cast, period: ReportingPeriod) -> None:
    first = sent(cast, period)
    recorded(first, cast.unit_clerk)
    step(first, "accept", cast.specialist)
    second = behalf.start_replacement(actor=cast.focal.actor, obligation=first.obligation, reason="thêm một lớp")
    for verb, who in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(second, verb, who)
    assert content_of(second).replacing == "Báo cáo thay thế Báo cáo số 45/BC-SCT ngày 09/12/2026"


def test_nothing_is_asked_of_a_report_that_is_not_sent(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    started(cast, period)
    assert "Văn bản đã ký" not in words(page(sign_in, cast, "unit_clerk", "submission", obligation(period).code))
    url = reverse("reporting:signed-letter", args=[obligation(period).code])
    assert sign_in(cast.unit_clerk, fresh=True).post(url, {"number": "1", "dated": "09/12/2026"}).status_code == 404


def kept() -> tuple[str, str, str, int]:
    digest, kind = store.receive("bao-cao-da-ky.pdf", blank_pdf())
    return digest, "bao-cao-da-ky.pdf", kind.media_type, len(blank_pdf())
