"""Estimates of a year: of days that are still to come in it, and held against the figure once they have come."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.registers.errors import RegisterError
from chuan.registers.services import correct_record
from chuan.reporting import drafts, papers
from chuan.reporting.models import EstimateFacts, Report, ReportingPeriod
from chuan.reporting.register import ESTIMATES
from chuan.reporting.rules import Recipient
from chuan.reporting.services.starting import replace_report
from tests.cast import Cast
from tests.reporting.test_consolidation import annex, notes, table
from tests.reporting.test_pages import words
from tests.reporting.test_report import dispatched, period, reviewed
from tests.reporting.test_said import estimate, said
from tests.training.builders import course, line

__all__ = ["period"]

CLOSED = datetime(2026, 12, 15, 8, 0, tzinfo=clock.VN)


def first_annex(report: Report, recipient: Recipient = Recipient.COMMITTEE) -> tuple[list[str], str]:
    """Estimates of the year as printed, one a target of 2030, and what is said below the table."""
    found = annex(papers.document(drafts.snapshot(report), recipient=recipient), "CHỈ TIÊU")
    expected = [row.split(" | ")[9] for row in table(found) if row.count(" | ") == 12 and row.split(" | ")[7] != "–"]
    return expected, notes(found)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2030, 6, 1), "sau ngày cuối kỳ số liệu (14/12/2026): kết quả ấy thuộc kỳ sau"),
        (date(2026, 12, 15), "sau ngày cuối kỳ số liệu (14/12/2026)"),
        (date(2026, 12, 11), "không sau hôm nay: kết quả đã có thì ghi vào sổ"),
    ],
)
def test_a_day_outside_what_is_left_of_the_period_is_refused(
    cast: Cast, period: ReportingPeriod, sign_in: Any, day: date, why: str
) -> None:
    with pytest.raises(RegisterError, match=r"kỳ sau|hôm nay"):
        said(cast.specialist, ESTIMATES, estimate(period, expected_on=day))
    typed = {
        "period": period.code,
        "indicator": "CT2",
        "increment": "6",
        "expected_on": f"{day:%d/%m/%Y}",
        "basis": "Kế hoạch",
    }
    answer = sign_in(cast.specialist).post(reverse("reporting:estimate-new"), typed)
    assert answer.status_code == 422
    assert why in words(answer)
    assert not EstimateFacts.objects.exists()


def test_after_its_day_has_come_its_other_facts_can_still_be_corrected(cast: Cast, period: ReportingPeriod) -> None:
    said(cast.specialist, ESTIMATES, estimate(period, expected_on=date(2026, 12, 12)))
    seen: Any = EstimateFacts.objects.live().select_related("estimate__period").get()
    with clock.at(clock.now() + timedelta(days=2)):
        facts = ESTIMATES.facts_of(seen)
        new = {**facts, "expected_on": date(2026, 12, 13)}
        with pytest.raises(RegisterError):
            correct_record(actor=cast.specialist.actor, register=ESTIMATES, seen=seen, facts=new, reason="Lùi ngày")
        new = {**facts, "increment": 4}
        correct_record(actor=cast.specialist.actor, register=ESTIMATES, seen=seen, facts=new, reason="Đếm lại")
    assert EstimateFacts.objects.live().get().increment == 4


@pytest.mark.parametrize("recipient", Recipient)
def test_while_its_day_is_ahead_the_year_is_expected_to_bring_both(
    cast: Cast, period: ReportingPeriod, recipient: Recipient
) -> None:
    line(cast, course(cast), "Người Học Một")
    said(cast.specialist, ESTIMATES, estimate(period))
    expected, below = first_annex(reviewed(cast, period), recipient)
    assert expected == ["07", "07"]
    assert "CT2: ước tăng thêm 06, căn cứ: Lớp tập huấn" in below


def test_on_a_final_figure_the_confirmed_value_stands_against_what_was_expected(
    cast: Cast, period: ReportingPeriod
) -> None:
    """One had been trained when six more were expected; three came."""
    where = course(cast)
    line(cast, where, "Người Học Một")
    said(cast.specialist, ESTIMATES, estimate(period))
    report = reviewed(cast, period)
    with clock.at(CLOSED):
        for name in ("Hai", "Ba", "Bốn"):
            line(cast, where, f"Người Học {name}")
        expected, below = first_annex(report)
    assert expected == ["07", "07"], "what was expected, not the final value and six more"
    assert (
        "CT2: ước cả năm 07 người (ngày 11/12/2026: đã có 01, ước tăng thêm 06, căn cứ: Lớp tập huấn theo Kế hoạch "
        "số 15/KH-SKHCN ngày 01/12/2026); số chính thức đến ngày 14/12/2026 là 04 người, thấp hơn ước 03."
    ) in below


def test_what_an_issued_report_printed_is_what_was_expected(cast: Cast, period: ReportingPeriod) -> None:
    """A learner who was recorded after the estimate and before the report was issued is in what that printed."""
    said(cast.specialist, ESTIMATES, estimate(period))
    with clock.at(clock.now() + timedelta(minutes=5)):
        line(cast, course(cast), "Người Học Một")
        old = dispatched(cast, period)
    with clock.at(CLOSED):
        new = replace_report(actor=cast.specialist.actor, report=old, note="Số liệu cả năm.")
        expected, below = first_annex(new)
    assert expected == ["07", "07"]
    assert "CT2: ước cả năm 07 người (Báo cáo số 345/BC-SKHCN ngày 11/12/2026: đã có 01, ước tăng thêm 06" in below
    assert "là 01 người, thấp hơn ước 06." in below
