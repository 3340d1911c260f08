"""What a report is read against: a level as its period began, a closed stage's value as it was issued."""

from datetime import date, timedelta
from typing import Any

import pytest

from chuan.laboratories.models import Laboratory
from chuan.lib import clock
from chuan.programme.models import Plan, Target
from chuan.rendering.blocks import Annex, Footnote, Table, as_inlines
from chuan.reporting import contributions, drafts, papers
from chuan.reporting.models import Report, ReportingPeriod
from chuan.reporting.papers import sentences
from chuan.reporting.rules import Recipient
from chuan.reporting.services.periods import open_period
from chuan.training.models import Attendance
from chuan.training.services import correct_attendance
from tests.cast import SYSTEM, Cast
from tests.instruments.builders import kind
from tests.laboratories.builders import laboratory, recognition
from tests.reporting.conftest import add_target
from tests.reporting.test_ad_hoc_report import opened
from tests.reporting.test_consolidation import sentence, table
from tests.reporting.test_ct1 import covered
from tests.reporting.test_report import dispatched, period, reviewed
from tests.training.builders import course, line, said_of

__all__ = ["period"]


@pytest.fixture
def levels(cast: Cast, plan: Plan) -> Laboratory:
    """The plan asks for ten kinds in 2030; one kind can be verified all the time."""
    readings = [{"label": "A", "basis": "level", "from": "2020-11-13", "words": "mức tại ngày"}]
    asked: dict[str, Any] = {"place": "Mục I.2.b", "words": "ít nhất 10 loại", "spans": [[0, 10]], "unit": "loại"}
    target = Target(
        code="T-1", plan=plan, indicator="CT1a", horizon=date(2030, 12, 31), operator=">=", value=10,
        readings=readings, **asked,
    )  # fmt: skip
    add_target(actor=SYSTEM, target=target)
    lab = laboratory(cast)
    covered(cast, kind(cast, "Cân bàn"), lab)
    return lab


def served(cast: Cast, lab: Laboratory, **facts: Any) -> None:
    """One more kind, covered from a day or until one."""
    covered(cast, kind(cast, "Taximet"), lab, by=recognition(cast, "N200", kind="designation", **facts))


def first_annex(report: Report, recipient: Recipient = Recipient.COMMITTEE) -> Annex:
    return papers.document(drafts.snapshot(report), recipient=recipient).annexes[0]


def told(report: Report, indicator: str = "CT1a") -> str:
    paragraph = sentences.of_indicator(drafts.snapshot(report), indicator)
    return sentence(paragraph.inlines) if paragraph else ""


def row_of_level(report: Report) -> list[str]:
    [row] = [one for one in table(first_annex(report)) if "ít nhất 10 loại" in one]
    return row.split(" | ")


def test_a_level_that_fell_says_so_and_is_no_work_of_the_year(
    cast: Cast, period: ReportingPeriod, levels: Laboratory
) -> None:
    served(cast, levels, last_day=date(2026, 6, 30))
    report = reviewed(cast, period)
    assert "được 01 loại chuẩn đo lường" in told(report)
    assert told(report).endswith("; giảm 01 loại so với ngày 14/12/2025 (02 loại).")
    assert row_of_level(report)[8:11] == ["giảm 01", "–", "01"]


def test_one_that_rose_or_stayed_is_told_by_its_change(cast: Cast, period: ReportingPeriod, levels: Laboratory) -> None:
    report = reviewed(cast, period)
    assert row_of_level(report)[8:11] == ["không đổi", "–", "01"]
    served(cast, levels, valid_from=date(2026, 3, 1))
    assert row_of_level(report)[8:11] == ["tăng 01", "–", "02"]
    assert "so với ngày" not in told(report)


def test_a_sentence_is_confirmed_with_the_level_that_it_compares_with(
    cast: Cast, period: ReportingPeriod, levels: Laboratory
) -> None:
    seen = contributions.numbers_of(drafts.live_figures(period), "CT1a")
    served(cast, levels, last_day=date(2026, 6, 30))
    assert contributions.numbers_of(drafts.live_figures(period), "CT1a") != seen


def test_before_the_plans_second_year_there_is_nothing_to_compare_with(
    cast: Cast, plan: Plan, levels: Laboratory
) -> None:
    first = open_period(
        actor=cast.specialist.actor, plan=plan, year=2020, deadline=date(2020, 12, 10), letter="",
        cut_off=date(2020, 12, 14), units=[(cast.unit("so-ct"), "Mục IV")],
    )  # fmt: skip
    assert row_of_level(reviewed(cast, first))[8] == "–"


def test_an_ad_hoc_report_says_on_which_day_a_level_is_what_it_is(cast: Cast, plan: Plan, levels: Laboratory) -> None:
    report = reviewed(cast, opened(cast, plan))
    [row] = [one for one in table(first_annex(report)) if one.endswith("CT1a")]
    assert row.split(" | ")[3] == "01 (tại ngày 30/06/2026)"


# -- a closed stage


@pytest.fixture
def issued(cast: Cast, plan: Plan, period: ReportingPeriod) -> Report:
    """The report of 2025: two persons trained; the period of 2026 is open."""
    of_2025 = open_period(
        actor=cast.specialist.actor, plan=plan, year=2025, deadline=date(2025, 12, 10), letter="",
        cut_off=date(2025, 12, 14), units=[(cast.unit("so-ct"), "Mục IV")],
    )  # fmt: skip
    held = course(cast, start=date(2025, 5, 5), end=date(2025, 5, 6))
    for name in ("Một", "Hai"):
        line(cast, held, f"Người Học {name}")
    return dispatched(cast, of_2025)


def noted(found: Annex) -> list[str]:
    return [
        inline.text
        for block in found.blocks
        if isinstance(block, Table)
        for row in block.rows
        if isinstance(row, tuple)
        for cell in row
        for inline in as_inlines(cell)
        if isinstance(inline, Footnote)
    ]


@pytest.mark.parametrize("recipient", Recipient)
def test_a_value_that_was_issued_otherwise_has_one_note_that_names_both(
    cast: Cast, issued: Report, period: ReportingPeriod, recipient: Recipient
) -> None:
    with clock.at(clock.now() + timedelta(minutes=5)):
        report = reviewed(cast, period)
        assert noted(first_annex(report, recipient)) == []
        seen = said_of(Attendance.objects.get(facts_set__person__facts_set__full_name="Người Học Hai"))
        correct_attendance(actor=cast.focal.actor, seen=seen, reason="Vắng ngày cuối", completed=False)
        [note] = noted(first_annex(report, recipient))
    printed = issued.content.snapshot["figures"] if issued.content else []
    code = next(figure["code"] for figure in printed if figure["indicator"] == "CT2")
    assert note == (
        "Số người được đào tạo, bồi dưỡng về đo lường, cách hiểu A, B: Báo cáo số 345/BC-SKHCN ngày 11/12/2026 nêu "
        f"02 người, số liệu đến ngày 14/12/2025 (mã số liệu {code}); nay là 01 người đến ngày 31/12/2025, do bản ghi "
        f"được ghi thêm, sửa hoặc hủy sau lúc chốt. Từng bản ghi: trang nguồn gốc của mã {code}."
    )
