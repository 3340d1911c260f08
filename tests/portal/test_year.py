"""S0 and S1: the specialist's year in one page, the focal officer's three cards."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.portal.year import verdict_words
from chuan.programme.models import Plan
from chuan.programme.services.assignments import AssignmentEntry, assign_task
from chuan.reporting.collecting import Difficulty, Parts
from chuan.reporting.models import Obligation, ReportingPeriod
from chuan.reporting.readings import Reading
from chuan.reporting.services import reports, submissions
from tests.cast import SYSTEM, Cast
from tests.reporting.conftest import add_task, plan
from tests.reporting.test_report import RIGHT, dispatched, period, sent

__all__ = ["period", "plan"]

READING = Reading(
    label="A",
    basis="cumulative",
    words="lũy kế",
    horizon=date(2025, 12, 31),
    operator=">=",
    target=2,
    value=2,
    unit="người",
    composition={},
    verdict="met",
    source="Mục I.2: “ít nhất 2 cán bộ”",
    spans=((0, 10),),
)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def on(day: date) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, 8, tzinfo=clock.VN))


@pytest.mark.parametrize(
    ("verdicts", "said", "status"),
    [
        ([], "Không có chỉ tiêu cho giai đoạn này", "grey"),
        (["undetermined"], "Chưa xác định", "grey"),
        (["met", "met"], "Đạt", "green"),
        (["not_met", "not_met"], "Chưa đạt", "red"),
        (["not_met", "met"], "Đạt theo cách hiểu B, chưa đạt theo A", "amber"),
        (["met", "not_met", "met"], "Đạt theo cách hiểu A, C, chưa đạt theo B", "amber"),
        (["undetermined", "not_met"], "Chưa đạt theo cách hiểu B, chưa xác định theo A", "amber"),
    ],
)
def test_readings_that_differ_are_never_one_verdict(verdicts: list[str], said: str, status: str) -> None:
    readings = [replace(READING, label="ABC"[i], verdict=v) for i, v in enumerate(verdicts)]
    assert verdict_words(readings) == (said, status)


def test_what_is_not_reached_before_its_day_is_not_due_and_what_nobody_counts_is_unknown() -> None:
    ahead = replace(READING, label="A", verdict="undetermined", value=8, ahead=True)
    assert verdict_words([ahead]) == ("Chưa đến hạn", "grey")
    uncounted, late = replace(ahead, label="B", value=None), replace(ahead, label="C", ahead=False)
    assert verdict_words([ahead, uncounted, late]) == ("Chưa đến hạn theo cách hiểu A, chưa xác định theo B, C", "grey")
    assert verdict_words([replace(ahead, verdict="met")]) == ("Đạt", "green")
    assert Reading.of(ahead.plain()) == ahead


def test_without_plan_and_period_the_page_says_what_comes_next(cast: Cast, sign_in: Any) -> None:
    shown = words(sign_in(cast.specialist).get("/"))
    assert "Chưa mở kỳ báo cáo nào" in shown
    assert "Chưa có kế hoạch nào đang hiệu lực" in shown
    assert reverse("reporting:new-period") in shown


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 12, 1), "Còn 9 ngày đến hạn đơn vị gửi · 2 đơn vị chưa gửi · số liệu chốt 14/12"),
        (date(2026, 12, 10), "Hôm nay là hạn đơn vị gửi · 2 đơn vị chưa gửi"),
        (date(2026, 12, 11), "Đã quá hạn đơn vị gửi 1 ngày · 2 đơn vị chưa gửi"),
    ],
)
def test_one_sentence_says_where_the_year_stands(
    cast: Cast, period: ReportingPeriod, sign_in: Any, day: date, said: str
) -> None:
    browser = sign_in(cast.specialist)
    with on(day):
        assert said in words(browser.get("/"))


def test_the_page_names_who_is_late_and_leads_to_the_reminder(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    sent(cast, period)
    shown = words(sign_in(cast.specialist).get("/"))
    assert "1/2</a>" in shown
    assert "Quá hạn:</strong> Sở Y tế." in shown
    assert reverse("reporting:letters", args=[period.code]) in shown


def test_a_target_stands_in_printed_words_with_its_verdict_value_and_records(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    shown = words(sign_in(cast.specialist).get("/"))
    assert "Mục I.2: “ít nhất 3 cán bộ”" in shown
    assert "Chưa xác định" in shown
    assert "0/3 người" in shown
    assert "0 bản ghi" in shown


def test_what_is_in_the_way_leads_to_where_it_is_dealt_with(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    begin = words(sign_in(cast.specialist).get("/"))
    assert "Mở dự thảo báo cáo" in begin
    assert "Còn vướng" not in begin
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    shown = words(sign_in(cast.specialist).get("/"))
    page = reverse("reporting:report", args=[report.code])
    units = f"{reverse('reporting:tracking')}?period={period.code}"
    assert "Xem dự thảo báo cáo" in shown
    assert f'<a href="{page}">trưởng phòng chưa soát xét dự thảo</a>' in shown
    assert f'<a href="{page}#id_direction">chưa ghi phần công tác chỉ đạo</a>' in shown
    assert f'<a href="{units}">2 đơn vị chưa gửi' in shown


def test_the_page_costs_at_most_twelve_queries(
    cast: Cast, period: ReportingPeriod, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    sent(cast, period, {**RIGHT, "CT2": {"right": False, "missing": "Thiếu một lớp"}})
    reports.start_report(actor=cast.specialist.actor, period=period)
    browser = sign_in(cast.specialist)
    browser.get("/")
    with django_assert_max_num_queries(12):
        browser.get("/")


def test_after_the_report_is_issued_nobody_is_told_of_its_deadline(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    assert "đã quá hạn nộp" in words(sign_in(cast.other_focal, fresh=True).get("/"))
    dispatched(cast, period)
    for who, said in (
        (cast.specialist, "Báo cáo đã phát hành · 2 đơn vị chưa gửi"),
        (cast.director, "Báo cáo đã phát hành · 2 đơn vị chưa gửi"),
        (cast.other_focal, "Sở đã phát hành báo cáo năm 2026; báo cáo của đơn vị gửi từ nay là tài liệu bổ sung."),
    ):
        shown = words(sign_in(who, fresh=True).get("/"))
        assert said in shown
        assert "quá hạn nộp" not in shown
        assert "Đã quá hạn đơn vị gửi" not in shown


def test_a_focal_officer_has_three_cards_and_nothing_else(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    shown = words(sign_in(cast.focal).get("/"))
    assert shown.count('class="card is-') == 3
    assert "Chưa có nhiệm vụ nào của Phụ lục" in shown
    assert "Chưa nêu khó khăn, vướng mắc nào trong báo cáo năm 2026" in shown
    mine = Obligation.objects.get(period=period, unit=cast.unit("so-ct"))
    current = submissions.start_submission(actor=cast.focal.actor, obligation=mine)
    raised = Parts(difficulties=[Difficulty("money", "Kinh phí chưa bố trí.", "committee")])
    submissions.save_draft(
        actor=cast.focal.actor, submission=current, version=0, figures=RIGHT, narrative="", nil=False, parts=raised
    )
    assert "Đã nêu 1 khó khăn, vướng mắc" in words(sign_in(cast.focal).get("/"))


def test_tasks_that_a_unit_leads_are_told_from_those_it_has_a_part_in(
    cast: Cast, period: ReportingPeriod, plan: Plan, sign_in: Any
) -> None:
    task = add_task(actor=SYSTEM, plan=plan)
    entry = AssignmentEntry(unit=cast.unit("so-ct"), duty="lead", valid_from=date(2026, 1, 1), document="QĐ thử")
    assign_task(actor=cast.specialist.actor, task=task, entry=entry)
    other = replace(entry, unit=cast.unit("so-yt"), duty="coordinate")
    assign_task(actor=cast.specialist.actor, task=task, entry=other)
    assert "Chủ trì 1, phối hợp 0 nhiệm vụ" in words(sign_in(cast.focal, fresh=True).get("/"))
    assert "Chủ trì 0, phối hợp 1 nhiệm vụ" in words(sign_in(cast.other_focal, fresh=True).get("/"))
