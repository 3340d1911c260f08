"""S12: the leader's page says what waits for them, what is in red, who reported and what was spent."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.portal.brief import why_red
from chuan.programme.models import Plan, Target
from chuan.programme.rules import TimingRule
from chuan.reporting import jobs, papers
from chuan.reporting.collecting import TRIEU, Parts, TaskWord
from chuan.reporting.collecting import Part as ReportPart
from chuan.reporting.models import Obligation, ReportingPeriod
from chuan.reporting.services import reports, submissions
from chuan.reporting.services.figures import approve_definition, propose_definition
from chuan.reporting.services.issuing import delegate_signing
from tests.cast import SYSTEM, Cast, Member
from tests.reporting.conftest import add_target, make_plan, plan
from tests.reporting.tasks import make_tasks
from tests.reporting.test_consolidation import below
from tests.reporting.test_report import RIGHT, dispatched, period, reviewed
from tests.training.builders import course, line

__all__ = ["period", "plan"]

SIGNED = date(2020, 11, 13)
BY_2025 = TimingRule("by", 2025)
TODAY = date(2026, 12, 11)


def shown(sign_in: Any, who: Member) -> str:
    return " ".join(sign_in(who, fresh=True).get("/").content.decode().split())


def turned_in(cast: Cast, period: ReportingPeriod, unit: str, parts: Parts) -> None:
    mine = Obligation.objects.select_related("period__plan", "unit").get(period=period, unit__code=unit)
    made = submissions.start_submission(actor=SYSTEM, obligation=mine)
    submissions.save_draft(
        actor=SYSTEM, submission=made, version=0, figures=RIGHT, narrative="Có.", nil=False, parts=parts
    )
    for verb in ("present", "approve", "send"):
        submissions.move_submission(actor=SYSTEM, submission=made, verb=verb)


def test_tasks_that_units_left_undone_are_named_and_money_is_added_up(
    cast: Cast, plan: Plan, period: ReportingPeriod, sign_in: Any
) -> None:
    make_tasks(actor=SYSTEM, cast=cast, plan=plan)
    nothing = [p.value for p in ReportPart]
    for unit, money in (("so-ct", {"budget": 120 * TRIEU}), ("so-yt", {"budget": 80 * TRIEU, "sponsor": 5 * TRIEU})):
        status = "not_begun" if unit == "so-ct" else "done"
        tasks = {code: TaskWord(status, "Chưa có kinh phí.") for code in ("PL.I.1", "PL.I.2")}
        turned_in(cast, period, unit, Parts(tasks=tasks, money=money, none=nothing))
    page = shown(sign_in, cast.director)
    assert "Chưa thực hiện: Sở Công Thương." in page
    assert "2/3 nhiệm vụ của Phụ lục có kết quả được ghi nhận" in page
    assert '<th scope="row">Cộng</th><td class="num">205</td>' in page
    assert "Theo báo cáo của 2 đơn vị có nêu kinh phí." in page
    assert "2/2" in page


@pytest.mark.parametrize(
    ("words", "rules", "has_result", "why"),
    [
        ([("Sở Y tế", "done")], [BY_2025], True, ""),
        ([], [BY_2025], False, "Kế hoạch in đến năm 2025; chưa ghi nhận kết quả."),
        ([], [BY_2025], True, ""),
        ([], [TimingRule("by", 2026), TimingRule("annual")], False, ""),
        (
            [],
            [TimingRule("after", years=(3, 5))],
            False,
            "Đến hạn năm 2023, 2025 theo thời gian in trong Kế hoạch; chưa ghi nhận kết quả.",
        ),
        ([], [TimingRule("after", years=(3, 5))], True, ""),
        ([], [TimingRule("after", years=(3, 6))], False, ""),
        ([("Sở Y tế", "not_begun")], [], True, "Chưa thực hiện: Sở Y tế."),
        (
            [(f"Xã {n}", "not_begun") for n in range(1, 6)],
            [],
            False,
            "Chưa thực hiện: Xã 1, Xã 2, Xã 3 và 2 đơn vị khác.",
        ),
    ],
)
def test_a_task_is_in_red_for_a_reason(words: Any, rules: Any, has_result: bool, why: str) -> None:
    assert why_red(words, rules, signed=SIGNED, has_result=has_result, today=TODAY) == why


def test_tasks_with_a_result_are_counted_as_the_paper_counts_them(
    cast: Cast, plan: Plan, period: ReportingPeriod, sign_in: Any
) -> None:
    """What was done in an earlier year is no result of this one, nor what is recorded after the freeze."""
    trained = make_tasks(actor=SYSTEM, cast=cast, plan=plan)[2]
    asked = {"indicator": "CT2", "place": "Phụ lục, dòng 3", "words": "đào tạo 5 người", "spans": [[0, 10]]}
    target = Target(
        code="T-3", plan=plan, item=trained.item, **asked, horizon=date(2030, 12, 31), operator=">=", value=5,
        unit="người", readings=[{"label": "A", "basis": "cumulative", "from": "2020-11-13", "words": "lũy kế"}],
    )  # fmt: skip
    add_target(actor=SYSTEM, target=target)
    line(cast, course(cast, start=date(2025, 5, 5), end=date(2025, 5, 6)), "Người Học Năm Trước")
    report = reviewed(cast, period)
    none, one = (f"{n}/3 nhiệm vụ của Phụ lục có kết quả được ghi nhận" for n in (0, 1))
    assert none in shown(sign_in, cast.director)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    told = below(papers.document(content.snapshot), "2. Theo Phụ lục")
    assert "có 03 nhiệm vụ; 0 nhiệm vụ có kết quả được ghi nhận" in " ".join(told)
    with clock.at(clock.now() + timedelta(minutes=1)):
        line(cast, course(cast), "Người Học Sau")
        assert none in shown(sign_in, cast.director)
        reports.refuse(actor=cast.director.actor, report=report, note="Bổ sung lớp mới.")
        assert one in shown(sign_in, cast.director)


def test_a_report_waits_for_who_may_sign_it(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    assert "Không có việc nào đang chờ bạn." in shown(sign_in, cast.director)
    report = reviewed(cast, period)
    jobs.print_papers(reports.freeze(actor=cast.specialist.actor, report=report).pk)
    waits, link = "Báo cáo tổng hợp năm 2026 chờ ký.", reverse("reporting:report", args=[report.code])
    page = shown(sign_in, cast.director)
    assert waits in page
    assert link in page
    assert waits not in shown(sign_in, cast.deputy)
    delegate_signing(
        actor=cast.director.actor, deputy=cast.deputy.user, first=TODAY, last=TODAY, document="Văn bản số 12"
    )
    assert waits in shown(sign_in, cast.deputy)


def test_a_proposed_definition_waits_for_the_director_until_it_is_approved(cast: Cast, sign_in: Any) -> None:
    make_plan(actor=SYSTEM, cast=cast)
    waits = "Định nghĩa chỉ tiêu “Số người được đào tạo, bồi dưỡng về đo lường” chờ phê duyệt."
    assert waits not in shown(sign_in, cast.director)
    propose_definition(actor=cast.specialist.actor, indicator_id="CT2", note="bản đầu")
    assert waits in shown(sign_in, cast.director)
    assert waits not in shown(sign_in, cast.deputy)
    approve_definition(actor=cast.director.actor, indicator_id="CT2", note="được")
    assert waits not in shown(sign_in, cast.director)


def test_without_a_plan_the_page_says_what_to_do(cast: Cast, sign_in: Any) -> None:
    page = shown(sign_in, cast.director)
    assert "Chưa mở kỳ báo cáo nào" in page
    assert "Chưa có kế hoạch nào đang hiệu lực." in page


def test_after_it_is_issued_the_report_is_still_one_press_away(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    report = dispatched(cast, period)
    page = shown(sign_in, cast.director)
    assert "Báo cáo đã phát hành" in page
    assert f'href="{reverse("reporting:report", args=[report.code])}">Xem báo cáo tổng hợp</a>' in page


def test_the_page_costs_at_most_twelve_queries(
    cast: Cast, plan: Plan, period: ReportingPeriod, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    make_tasks(actor=SYSTEM, cast=cast, plan=plan)
    reviewed(cast, period)
    browser = sign_in(cast.director)
    browser.get("/")
    with django_assert_max_num_queries(12):
        browser.get("/")
