"""The annex today: the printed row beside who acts for whom it names, and who was given the task."""

from datetime import date

import pytest

from chuan.organisations.models import OrganisationUnit
from chuan.organisations.services import reorganise
from chuan.programme import queries
from chuan.programme.board import Board, Row
from chuan.programme.models import Plan
from chuan.programme.rules import TimingRule
from chuan.programme.services import assign_task
from tests.cast import SYSTEM, Cast
from tests.organisations.builders import FUNCTION, ORGANISATION, TERRITORY, department, dissolve, passes
from tests.programme.builders import assigned, task_of

TODAY = date(2026, 12, 11)


def board(plan: Plan, day: date = TODAY, *, officers: bool = True) -> Board:
    """The board on a day."""
    return Board(queries.document_of(plan), day, officers=officers)


def row(plan: Plan, code: str, day: date = TODAY) -> Row:
    """One row."""
    found = board(plan, day).row_of(code)
    assert found is not None
    return found


@pytest.mark.parametrize("code", ["I.1", "PL", "PL.9"])
def test_what_is_no_task_has_no_row_of_its_own(other: Plan, code: str) -> None:
    assert board(other).row_of(code) is None


def test_a_unit_that_is_no_more_and_passed_to_nobody_leaves_the_question_open(cast: Cast, other: Plan) -> None:
    dissolve(cast.unit("so-yt"))
    (lead,) = row(other, "PL.1").printed_leads
    assert (lead.open, lead.acts, lead.passed) == (True, "", False)
    assert row(other, "PL.1").nobody_leads


def test_ground_alone_passes_no_task(cast: Cast, other: Plan) -> None:
    passes("dat", (cast.unit("so-yt"), department("so-moi"), TERRITORY))
    dissolve(cast.unit("so-yt"))
    assert row(other, "PL.1").printed_leads[0].open


def test_a_row_whose_lead_the_text_leaves_blank_is_led_by_nobody_until_it_is_given(cast: Cast, other: Plan) -> None:
    assert (row(other, "PL.2").nobody_leads, board(other).unassigned()) == (True, 1)
    assert row(other, "PL.2").cells[2:] == ["", "", ""]
    assign_task(actor=cast.specialist.actor, task=task_of(other, "PL.2"), entry=assigned(cast.unit("so-tc")))
    assert (row(other, "PL.2").nobody_leads, board(other).unassigned()) == (False, 0)


def test_a_merged_unit_is_named_by_the_one_that_acts(cast: Cast, other: Plan) -> None:
    passes("hop", (cast.unit("so-ct"), cast.unit("so-tc"), ORGANISATION))
    dissolve(cast.unit("so-ct"))
    found = row(other, "PL.1")
    assert [(p.words, p.acts) for p in found.changed] == [("Sở Công Thương", "Sở Tài chính")]
    assert found.cells[3] == "Sở Công Thương và các hội", "the cell stays as printed"
    assert row(other, "PL.1", date(2025, 2, 28)).changed == [], "the day before it acted itself"


def test_the_function_of_metrology_goes_where_it_was_passed_though_the_unit_stands(cast: Cast, other: Plan) -> None:
    reorganise(
        actor=SYSTEM,
        code="chuc-nang",
        kind="transfer",
        on=date(2026, 3, 1),
        title="Chuyển chức năng",
        successions=[(cast.unit("so-yt"), cast.unit("so-khcn"), FUNCTION)],
    )
    assert not row(other, "PL.1").printed_leads[0].passed, "a unit in force keeps what is not named as passed on"


def test_the_assigned_lead_comes_first_and_officers_are_for_who_may_read_them(cast: Cast, other: Plan) -> None:
    task, actor = task_of(other, "PL.1"), cast.specialist.actor
    assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-ct"), duty="coordinate", officer="Bà An"))
    assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-tc"), officer="Ông Bê"))
    found = row(other, "PL.1")
    assert [(h.unit, h.officer) for h in found.now] == [("Sở Tài chính", "Ông Bê"), ("Sở Công Thương", "Bà An")]
    masked = board(other, officers=False).row_of("PL.1")
    assert masked is not None
    assert [h.officer for h in masked.now] == ["", ""]
    assert row(other, "PL.1", date(2025, 12, 31)).now == []


@pytest.mark.parametrize(
    ("rule", "day", "over"),
    [
        (TimingRule("by", year=2025), date(2025, 12, 31), False),
        (TimingRule("by", year=2025), date(2026, 1, 1), True),
        (TimingRule("annual"), date(2099, 1, 1), False),
        (TimingRule("ad_hoc"), date(2099, 1, 1), False),
        (TimingRule("after", years=(3, 5)), date(2025, 12, 31), False),
        (TimingRule("after", years=(3, 5)), date(2026, 1, 1), True),
    ],
)
def test_only_a_year_that_was_printed_is_over(rule: TimingRule, day: date, over: bool) -> None:
    assert rule.is_over(day, date(2020, 11, 13)) is over


def test_the_real_annex_says_who_acts_today(kh2828: Plan, cast: Cast) -> None:
    passes("so-2025", (cast_unit("so-khdt"), cast.unit("so-tc"), ORGANISATION))
    found = row(kh2828, "PL.II.3.1")
    assert [(p.words, p.acts) for p in found.changed] == [("Sở Kế hoạch và Đầu tư", "Sở Tài chính")]
    assert found.over
    assert found.label == "3.1"
    assert board(kh2828).unassigned() == 2


def cast_unit(code: str) -> OrganisationUnit:
    """A unit that the real plan's builder added to the cast."""
    return OrganisationUnit.objects.get(code=code)
