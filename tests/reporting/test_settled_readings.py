"""A recorded reply settles a reading wherever one stands: overview, figure, text of the report; from its day alone."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chuan.programme.models import Plan
from chuan.programme.services import settle_reading
from chuan.reporting import drafts, overview, papers
from chuan.reporting.models import ReportingPeriod
from chuan.reporting.readings import left
from chuan.reporting.rules import Recipient
from chuan.reporting.services import reports, submissions
from tests.cast import Cast
from tests.portal.test_year import READING
from tests.programme.builders import contradiction, reply
from tests.reporting.asking import figure
from tests.reporting.test_consolidation import below, real
from tests.reporting.test_pages import page, words

__all__ = ["real"]

DATED = date(2026, 12, 9)
OPEN = "2 cách hiểu, xét đến hết ngày 31/12/2030; Kế hoạch không nói rõ theo cách nào"


@pytest.fixture
def opened(cast: Cast, real: Plan) -> ReportingPeriod:
    """The year 2026, a unit owes its report."""
    return submissions.open_period(
        actor=cast.specialist.actor, plan=real, year=2026, deadline=date(2026, 12, 10), letter="",
        cut_off=date(2026, 12, 14), units=[(cast.unit("so-ct"), "Mục IV")],
    )  # fmt: skip


def settle(cast: Cast, plan: Plan) -> None:
    """CH-2 is answered: cumulative."""
    one = contradiction(plan, "CH-2")
    settle_reading(actor=cast.specialist.actor, contradiction=one, entry=reply(document="99/UBND", dated=DATED))


def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Persons of the whole plan are 64, those of the second stage 19."""
    judged = overview.of_plan

    def told(*asked: Any) -> tuple[overview.Glance, ...]:
        found = judged(*asked)
        values = {"A": 64, "B": 19}
        return tuple(
            replace(g, readings=tuple(replace(r, value=values[r.label]) for r in g.readings))
            for g in found
            if g.indicator == "CT2"
        )

    monkeypatch.setattr(overview, "of_plan", told)


def test_until_somebody_answers_every_reading_is_shown(
    cast: Cast, opened: ReportingPeriod, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(monkeypatch)
    home = words(sign_in(cast.specialist).get("/"))
    assert "64/100 người theo A" in home
    assert "19/100 người theo B" in home
    assert OPEN in words(page(sign_in, cast, "specialist", "figure", "CT2"))


def test_after_the_reply_the_overview_and_the_figure_keep_to_its_reading(
    cast: Cast, opened: ReportingPeriod, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(monkeypatch)
    settle(cast, opened.plan)
    home = words(sign_in(cast.specialist).get("/"))
    assert "64/100 người" in home
    assert "theo A" not in home
    assert "19/100 người" not in home
    shown = words(page(sign_in, cast, "specialist", "figure", "CT2"))
    assert OPEN not in shown
    assert "Theo cách hiểu A, xét đến hết ngày 31/12/2030; đã xác định tại 99/UBND" in shown
    assert "Không áp dụng, theo 99/UBND" in shown, "the other reading stays, struck out"


def test_part_three_prints_the_verdict_of_the_reading_that_is_left(cast: Cast, opened: ReportingPeriod) -> None:
    settle(cast, opened.plan)
    snapshot = drafts.snapshot(reports.start_report(actor=cast.specialist.actor, period=opened))
    found = next(one for one in snapshot["figures"] if one["indicator"] == "CT2")
    for reading in found["readings"]:
        reading["verdict"] = "met" if reading["label"] == "A" else "not_met"
    doc = papers.document(snapshot, recipient=Recipient.COMMITTEE, draft=True)
    (row,) = [row for row in below(doc, "3. Theo chỉ tiêu") if row.startswith("Số người")]
    assert row == "Số người được đào tạo, bồi dưỡng về đo lường | ≥ 50: đạt | ≥ 100: đạt"


def test_before_its_day_the_reply_settles_nothing(cast: Cast, real: Plan) -> None:
    settle(cast, real)
    before = figure(real, "CT2", at=date(2026, 12, 8)).readings
    assert left(before) == before
    assert {reading.label for reading in left(figure(real, "CT2").readings)} == {"A"}


def test_replies_that_leave_nothing_of_a_target_settle_nothing() -> None:
    both = [replace(READING, kept=False), replace(READING, label="B", kept=False)]
    assert left(both) == both
    assert left([*both, replace(READING, source="khác")]) == [*both, replace(READING, source="khác")]
    assert left([one.plain() for one in (both[0], replace(both[1], kept=True))])[0]["label"] == "B"
