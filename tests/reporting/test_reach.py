"""Rows of the annex that nobody was asked about: said when a period is opened, and before the report is signed."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuan.lib import clock
from chuan.organisations.models import PartyClass
from chuan.organisations.services import add_class_members
from chuan.programme.models import Plan
from chuan.programme.services import assign_task
from chuan.reporting import checklist
from chuan.reporting.reach import Unreached, unreached
from chuan.reporting.services import reports
from tests.cast import SYSTEM, Cast
from tests.programme.builders import assigned, real_plan, task_of
from tests.reporting.test_obliged import opened
from tests.reporting.test_pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def kh2828(cast: Cast) -> Plan:
    """The real plan: nobody said who is in its groups."""
    return real_plan(cast)


def listed(cast: Cast, code: str, *units: str) -> None:
    group = PartyClass.objects.get(code=code)
    made = [cast.unit(one) for one in units]
    add_class_members(actor=SYSTEM, party_class=group, units=made, year=2026, basis="Văn bản (thử)")


def groups(cast: Cast, plan: Plan, *asked: str) -> dict[str, Unreached]:
    found = unreached(plan, clock.today(), [cast.unit(code).pk for code in asked])
    return {one.code: one for one in found}


def test_a_group_without_a_list_is_named_with_its_rows(cast: Cast, kh2828: Plan) -> None:
    found = groups(cast, kh2828, "so-ct", "so-tc", "x-tb")
    assert found["don-vi-lien-quan"].rows == ["I.1", "I.2", "II.1", "2.1", "5.1"]
    assert found["to-chuc-dich-vu"].rows == ["2.2", "3.3", "4.2"]
    assert all(one.unlisted for one in found.values())
    assert not {"so-ban-nganh", "ubnd-cap-xa"} & found.keys(), "words that name whole kinds reach those of the kind"
    assert "3.1" not in str(found), "a row that names a unit reaches it"


def test_a_list_an_assignment_or_a_name_reaches(cast: Cast, kh2828: Plan) -> None:
    listed(cast, "don-vi-lien-quan", "so-ct")
    assign_task(actor=SYSTEM, task=task_of(kh2828, "PL.II.3.2"), entry=assigned(cast.unit("so-tc"), duty="coordinate"))
    found = groups(cast, kh2828, "so-ct", "so-tc")
    assert not {"don-vi-lien-quan", "nganh-lien-quan"} & found.keys()


def test_a_list_of_whom_nobody_is_asked_reaches_nobody(cast: Cast, kh2828: Plan) -> None:
    listed(cast, "to-chuc-dich-vu", "tt-khcn")
    listed(cast, "doanh-nghiep", "dn-a")
    found = groups(cast, kh2828, "so-ct")
    assert (found["to-chuc-dich-vu"].unlisted, found["to-chuc-dich-vu"].rows[0]) == (False, "2.2")
    assert "doanh-nghiep" not in found, "enterprises owe no report"
    assert "to-chuc-dich-vu" not in groups(cast, kh2828, "tt-khcn")


def test_opening_a_period_says_which_rows_reach_nobody(cast: Cast, kh2828: Plan, sign_in: Any) -> None:
    browser, url = sign_in(cast.specialist), reverse("reporting:new-period")
    page = browser.get(url)
    told = words(page)
    assert "Các đơn vị liên quan : chưa lập danh sách năm 2026; dòng I.1, I.2, II.1, 2.1, 5.1" in told
    assert reverse("organisations:class", args=["don-vi-lien-quan", 2026]) in page.content.decode()
    listed(cast, "don-vi-lien-quan", "so-ct")
    listed(cast, "ptn-cong-nhan", "tt-khcn")
    now = words(browser.get(url))
    assert "Các đơn vị liên quan : " not in now
    assert "dòng 2.4" not in now, "who is on a list is proposed"
    refused = words(browser.post(url, {"year": "2026", "units": ["so-ct"]}))
    assert "không đơn vị nào của nhóm được đánh dấu; dòng 2.4" in refused


def test_the_page_stays_within_its_queries(cast: Cast, kh2828: Plan, sign_in: Any) -> None:
    opened(cast, kh2828, 2025, ["so-ct", "x-tb"])
    browser, url = sign_in(cast.specialist), reverse("reporting:new-period")
    browser.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert "dòng I.1, I.2" in words(browser.get(url))
    assert len(asked) <= 12, [query["sql"][:90] for query in asked]


def test_the_checklist_warns_of_rows_that_stay_empty(cast: Cast, kh2828: Plan) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=opened(cast, kh2828, 2026, ["so-ct"]))
    found = {one.address: one for one in checklist.items(report, today=clock.today()) if not one.blocks}
    one = found[reverse("organisations:class", args=["don-vi-lien-quan", 2026])]
    assert one.text.startswith("dòng I.1, I.2, II.1, 2.1, 5.1 của Phụ lục chưa hỏi đơn vị nào: nhóm “Các đơn vị liên ")
    assert one.text.endswith("chưa lập danh sách năm 2026")
