"""What is said and not computed: totals of letters, estimates, outputs by hand; beside the figures, in none of them."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.errors import NotAllowed
from chuan.audit.models import AuditEntry
from chuan.ledger.models import Identity
from chuan.programme.models import Plan, Task
from chuan.registers.errors import RegisterError
from chuan.registers.register import Register
from chuan.registers.services import add_record
from chuan.reporting import beside
from chuan.reporting.models import ReportingPeriod
from chuan.reporting.register import ESTIMATES, HISTORICAL, REGISTERS
from tests.cast import Cast, Member
from tests.reporting.asking import figure
from tests.reporting.test_report import period

__all__ = ["period"]


def historical(plan: Plan, **facts: Any) -> dict[str, Any]:
    """A total of 2023."""
    usual = {
        "plan_id": plan.pk,
        "indicator": "CT2",
        "first": date(2022, 12, 15),
        "last": date(2023, 12, 14),
        "value": 31,
        "document": "Báo cáo số 210/BC-SKHCN ngày 18/12/2023",
        "page": "Mục II.2",
        "confirmer": "Nguyễn Thị Minh Anh, chuyên viên",
        "note": "",
    }
    return {**usual, **facts}


def estimate(period: ReportingPeriod, **facts: Any) -> dict[str, Any]:
    """Six more persons, by a planned course."""
    usual = {
        "period_id": period.pk,
        "indicator": "CT2",
        "increment": 6,
        "expected_on": date(2026, 12, 14),
        "basis": "Lớp tập huấn theo Kế hoạch số 15/KH-SKHCN ngày 01/12/2026",
        "note": "",
    }
    return {**usual, **facts}


def output(period: ReportingPeriod, task: Task, **facts: Any) -> dict[str, Any]:
    """Two conferences, without a proof."""
    usual = {
        "period_id": period.pk,
        "item_id": task.item_id,
        "what": "Hội nghị về đo lường",
        "value": 2,
        "unit": "hội nghị",
        "evidence": "",
        "confirmer": "Nguyễn Thị Minh Anh, chuyên viên",
        "note": "",
    }
    return {**usual, **facts}


def said(by: Member, register: Register, facts: dict[str, Any]) -> Identity:
    return add_record(actor=by.actor, register=register, facts=facts)


def test_only_the_specialist_says_it(cast: Cast, period: ReportingPeriod) -> None:
    for who in (cast.focal, cast.director, cast.clerk, cast.laboratory):
        with pytest.raises(NotAllowed):
            said(who, HISTORICAL, historical(period.plan))
    assert not beside.historical(period.plan).exists()


def test_the_same_total_is_not_said_twice(cast: Cast, period: ReportingPeriod) -> None:
    said(cast.specialist, HISTORICAL, historical(period.plan))
    with pytest.raises(RegisterError):
        said(cast.specialist, HISTORICAL, historical(period.plan, value=33))


def test_nothing_said_changes_a_figure(cast: Cast, period: ReportingPeriod) -> None:
    said(cast.specialist, HISTORICAL, historical(period.plan))
    said(cast.specialist, ESTIMATES, estimate(period))
    found = figure(period.plan, "CT2")
    assert (found.value, found.candidates) == (0, 0)
    assert [row.value for row in beside.historical(period.plan, "CT2")] == [31]
    assert beside.estimates(period)["CT2"].increment == 6


def test_each_is_one_entry_of_the_audit(cast: Cast, period: ReportingPeriod) -> None:
    said(cast.specialist, ESTIMATES, estimate(period))
    entry = AuditEntry.objects.order_by("-seq")[0]
    assert (entry.action, entry.changes["increment"]) == ("reporting.add_estimate", [None, 6])


def test_the_page_of_a_figure_shows_it_apart_and_says_that_no_record_stands_behind(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    said(cast.specialist, HISTORICAL, historical(period.plan))
    page = sign_in(cast.specialist).get(reverse("reporting:figure", args=["CT2"]), {"tab": "issued"}).text
    assert "210/BC-SKHCN" in page
    assert "không truy vết được đến bản ghi" in page


@pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.slug)
def test_every_page_of_its_registers_answers(
    cast: Cast, period: ReportingPeriod, sign_in: Any, django_assert_max_num_queries: Any, register: Register
) -> None:
    browser = sign_in(cast.specialist, fresh=True)
    for page in ("list", "new", "import", "sheet"):
        browser.get(reverse(register.route(page)))
        with django_assert_max_num_queries(12):
            assert browser.get(reverse(register.route(page))).status_code == 200
