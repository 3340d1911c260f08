"""What blocks a report's freeze, each thing alone, and what is warned of and printed."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from chuan.ledger import triggers
from chuan.lib import clock
from chuan.reporting import checklist
from chuan.reporting.errors import Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import Report, ReportingPeriod, SubmissionContent
from chuan.reporting.rules import placeholders_in
from chuan.reporting.services import calendar, reports
from chuan.reporting.services.periods import open_period
from tests.cast import Cast
from tests.reporting.test_consolidation import real, told
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import WORDS, period, reviewed, sent, started, step

__all__ = ["period", "real", "told"]


def blocks(report: Report) -> list[str]:
    return [item.text for item in checklist.items(report, today=clock.today()) if item.blocks]


def warnings(report: Report) -> str:
    return "; ".join(item.text for item in checklist.items(report, today=clock.today()) if not item.blocks)


def refused(cast: Cast, report: Report) -> list[str]:
    with pytest.raises(Blocked) as error:
        reports.freeze(actor=cast.specialist.actor, report=report)
    return error.value.reasons


def written(cast: Cast, period: ReportingPeriod, **words_: str) -> Report:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words={**WORDS, **words_})
    reports.review(actor=cast.head.actor, report=report)
    return Report.objects.get(pk=report.pk)


@pytest.fixture
def unclosed(cast: Cast, plan: Any) -> ReportingPeriod:
    """A period that was opened before anybody knew when its figures are closed."""
    return open_period(
        actor=cast.specialist.actor, plan=plan, year=2026, deadline=date(2026, 12, 10), letter="",
        units=[(cast.unit("so-ct"), "Mục IV")],
    )  # fmt: skip


# -- where each line leads


def test_every_line_leads_to_the_place_where_it_is_dealt_with(
    cast: Cast, unclosed: ReportingPeriod, sign_in: Any
) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=unclosed)
    reports.save_words(
        actor=cast.specialist.actor, report=report, version=0, words={"requests": "Đề nghị [bổ sung tên sở]."}
    )
    report.refresh_from_db()
    browser = sign_in(cast.specialist)
    shown = browser.get(reverse("reporting:report", args=[report.code])).content.decode()
    items = checklist.items(report, today=clock.today())
    assert {"id_direction", "id_requests"} <= {item.address.partition("#")[2] for item in items}
    for item in items:
        address, _, place = item.address.partition("#")
        assert browser.get(address).status_code == 200, item
        if place:
            assert f'id="{place}"' in shown
            assert f'href="{item.address}"' in shown


def test_one_unit_that_is_missing_is_one_click_away(cast: Cast, unclosed: ReportingPeriod) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=unclosed)
    [missing] = [one for one in checklist.items(report, today=clock.today()) if "chưa gửi" in one.text]
    assert missing.address == reverse("reporting:submission", args=[unclosed.obligations.get().code])


# -- blocks


def test_nothing_blocks_a_report_that_is_ready(cast: Cast, period: ReportingPeriod) -> None:
    assert blocks(reviewed(cast, period)) == []


def test_an_unapproved_definition_blocks(cast: Cast, period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch) -> None:
    report = reviewed(cast, period)
    monkeypatch.setattr(type(INDICATORS["CT3"]), "definition_sha256", lambda self: "f" * 64)
    assert any("CT3 chưa được phê duyệt" in reason for reason in refused(cast, report))


def test_a_report_that_nobody_reviewed_is_blocked(cast: Cast, period: ReportingPeriod) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=WORDS)
    assert refused(cast, report) == ["trưởng phòng chưa soát xét dự thảo"]


@pytest.mark.parametrize("field", ["direction", "results", "money", "difficulties", "next", "requests"])
def test_a_place_that_is_still_to_be_filled_blocks_wherever_it_stands(
    cast: Cast, period: ReportingPeriod, field: str
) -> None:
    report = written(cast, period, **{field: "Đã mở …… lớp."})
    [reason] = refused(cast, report)
    assert "chỗ chưa điền “……”" in reason


@pytest.mark.parametrize(
    ("words_", "found"),
    [
        ("Tổ chức [...] lớp", ["[...]"]),
        ("Công văn số ____/SKHCN ngày …/…", ["____", "…/…"]),
        ("[bổ sung số liệu quý IV]", ["[bổ sung số liệu quý IV]"]),
        ("Có xx lớp, xx người", ["xx"]),
        ("Còn ?? đơn vị ....... chưa gửi", ["??", "......."]),
        ("cân, xăng dầu, v.v…", []),
        ("thế kỷ XX, khóa XXI", []),
        ("theo [1], Luật Đo lường...", []),
        ("", []),
    ],
)
def test_what_stands_for_words_that_are_missing(words_: str, found: list[str]) -> None:
    assert placeholders_in(words_) == found


def test_a_missing_cut_off_blocks_until_it_is_said_by_a_document(cast: Cast, unclosed: ReportingPeriod) -> None:
    report = reviewed(cast, unclosed)
    assert refused(cast, report) == ["chưa ấn định ngày chốt số liệu của kỳ"]
    actor = cast.specialist.actor
    with pytest.raises(NotAllowed):
        calendar.set_cut_off(actor=cast.head.actor, period=unclosed, on=date(2026, 12, 14), document="CV 3")
    with pytest.raises(ReasonNeeded):
        calendar.set_cut_off(actor=actor, period=unclosed, on=date(2026, 12, 14), document=" ")
    with pytest.raises(Blocked, match="không trước ngày cuối"):
        calendar.set_cut_off(actor=actor, period=unclosed, on=date(2026, 12, 13), document="CV 3")
    calendar.set_cut_off(actor=actor, period=unclosed, on=date(2026, 12, 15), document="CV 3")
    calendar.set_cut_off(actor=actor, period=unclosed, on=date(2026, 12, 14), document="CV 4")
    assert blocks(report) == []
    reports.freeze(actor=actor, report=report)
    with pytest.raises(Blocked, match="đã chốt"):
        calendar.set_cut_off(actor=actor, period=unclosed, on=date(2026, 12, 16), document="CV 5")


def test_a_period_that_has_its_cut_off_keeps_it(cast: Cast, period: ReportingPeriod) -> None:
    with pytest.raises(Blocked, match="khi mở kỳ"):
        calendar.set_cut_off(actor=cast.specialist.actor, period=period, on=date(2026, 12, 20), document="CV 3")


def test_a_content_that_was_changed_outside_the_software_blocks(cast: Cast, period: ReportingPeriod) -> None:
    sent(cast, period)
    report = reviewed(cast, period)
    triggers.remove(connection)
    SubmissionContent._base_manager.update(narrative="sửa tay")
    triggers.install(connection)
    [reason] = refused(cast, report)
    assert "không khớp mã băm" in reason


def test_a_table_without_its_guard_blocks(cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    triggers.remove(connection)
    try:
        assert any("thiếu trigger" in reason for reason in refused(cast, report))
    finally:
        triggers.install(connection)
    assert blocks(report) == []


# -- warnings


def test_what_is_warned_of_and_printed(cast: Cast, period: ReportingPeriod) -> None:
    said = warnings(reviewed(cast, period))
    assert "2 đơn vị chưa gửi: Sở Công Thương, Sở Y tế" in said
    assert "kỳ số liệu chưa đóng" in said


def test_a_units_words_with_a_place_to_fill_are_warned_of(cast: Cast, period: ReportingPeriod) -> None:
    made = started(cast, period, words="Đã mở …… lớp.")
    for verb, who in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(made, verb, who)
    report = reviewed(cast, period)
    assert "lời chung của đơn vị còn chỗ chưa điền, sửa khi lấy vào báo cáo: Sở Công Thương" in warnings(report)
    assert blocks(report) == []


# -- pages


def test_the_periods_page_asks_for_the_cut_off_and_takes_it(
    sign_in: Any, cast: Cast, unclosed: ReportingPeriod
) -> None:
    assert "Chưa ấn định" in words(page(sign_in, cast, "director", "period", unclosed.code))
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:set-cut-off", args=[unclosed.code])
    assert browser.post(url, {"on": "14/12/2026", "document": ""}).status_code == 422
    assert browser.post(url, {"on": "01/12/2026", "document": "CV 3"}).status_code == 409
    assert browser.post(url, {"on": "14/12/2026", "document": "CV 3"}).status_code == 302
    shown = words(browser.get(reverse("reporting:period", args=[unclosed.code])))
    assert "14/12/2026" in shown
    assert "Sửa ngày chốt" in shown


def test_readings_that_nobody_settled_are_warned_of(cast: Cast, period: ReportingPeriod) -> None:
    assert "cách hiểu" not in warnings(reviewed(cast, period))


def test_the_real_plans_open_readings_are_warned_of_and_printed_in_every_way(cast: Cast, told: ReportingPeriod) -> None:
    said = warnings(reviewed(cast, told))
    assert "9 điểm của Kế hoạch còn hiểu được theo nhiều cách; in mọi cách hiểu" in said
