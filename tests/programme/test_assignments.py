"""Who really has a task: beside what was printed, one lead a day, taken back and corrected with a reason."""

from datetime import date

import pytest

from chuan.audit.models import AuditEntry
from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations.models import PartyClass
from chuan.organisations.services import add_class_members, remove_class_member
from chuan.programme import queries
from chuan.programme.errors import AlreadyAssigned, LeadOverlaps, NotAllowed
from chuan.programme.models import Plan, WorkingAssignment
from chuan.programme.services import assign_task, correct_assignment, void_assignment
from tests.cast import Cast
from tests.programme.builders import assigned, task_of

MAY = date(2026, 5, 1)


@pytest.mark.parametrize("who", ["head", "clerk", "focal", "leader", "committee", "finance", "auditor", "laboratory"])
def test_who_does_not_decide_assigns_nothing(cast: Cast, other: Plan, who: str) -> None:
    task, actor = task_of(other, "PL.1"), cast.people[who].actor
    with pytest.raises(NotAllowed):
        assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-ct")))
    said = assign_task(actor=cast.specialist.actor, task=task, entry=assigned(cast.unit("so-ct")))
    with pytest.raises(NotAllowed):
        correct_assignment(actor=actor, seen=said, entry=assigned(cast.unit("so-ct"), officer="A"), reason="x")
    with pytest.raises(NotAllowed):
        void_assignment(actor=actor, seen=said, reason="x")


def test_a_unit_has_a_task_once_a_day(cast: Cast, other: Plan) -> None:
    task = task_of(other, "PL.1")
    assign_task(actor=cast.specialist.actor, task=task, entry=assigned(cast.unit("so-ct")))
    again = assigned(cast.unit("so-ct"), duty="coordinate", valid_from=MAY)
    with pytest.raises(AlreadyAssigned, match="Sở Công Thương đã được giao"):
        assign_task(actor=cast.specialist.actor, task=task, entry=again)


@pytest.mark.parametrize("begins", [date(2026, 1, 1), date(2025, 6, 1)])
def test_two_units_do_not_lead_on_one_day(cast: Cast, other: Plan, begins: date) -> None:
    task = task_of(other, "PL.1")
    assign_task(actor=cast.specialist.actor, task=task, entry=assigned(cast.unit("so-ct")))
    with pytest.raises(LeadOverlaps, match="Sở Công Thương đang được giao chủ trì từ ngày 01/01/2026"):
        assign_task(actor=cast.specialist.actor, task=task, entry=assigned(cast.unit("so-yt"), valid_from=begins))
    assert WorkingAssignment.objects.count() == 1


def test_a_correction_may_not_make_a_second_lead(cast: Cast, other: Plan) -> None:
    task, actor = task_of(other, "PL.1"), cast.specialist.actor
    assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-ct")))
    helper = assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-yt"), duty="coordinate"))
    with pytest.raises(LeadOverlaps):
        correct_assignment(actor=actor, seen=helper, entry=assigned(cast.unit("so-yt")), reason="x")


def test_of_two_corrections_of_one_assignment_the_second_is_told(cast: Cast, other: Plan) -> None:
    task, actor = task_of(other, "PL.1"), cast.specialist.actor
    said = assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-ct")))
    stale = WorkingAssignment.objects.get(pk=said.pk)
    correct_assignment(actor=actor, seen=said, entry=assigned(cast.unit("so-ct"), officer="Bà An"), reason="một")
    with pytest.raises(Superseded):
        correct_assignment(actor=actor, seen=stale, entry=assigned(cast.unit("so-ct"), officer="Ông Bê"), reason="hai")


def test_a_new_lead_ends_the_one_before_on_its_first_day(cast: Cast, other: Plan) -> None:
    task, actor = task_of(other, "PL.1"), cast.specialist.actor
    assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-ct")))
    assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-yt"), valid_from=MAY))
    live = list(WorkingAssignment.objects.live().filter(task=task))
    held = [(a.unit.code, a.valid_from, a.valid_to) for a in live]
    assert held == [("so-yt", MAY, None), ("so-ct", date(2026, 1, 1), MAY)]
    for day, code in ((date(2026, 4, 30), "so-ct"), (MAY, "so-yt")):
        assert [a.unit.code for a in queries.in_force_on(live, day)] == [code]
    entry = AuditEntry.objects.filter(action="programme.assign_task").latest("seq")
    assert entry.changes["ended"] == [None, ["so-ct", "2026-05-01"]]


def test_what_was_printed_stays_beside_the_assignment(cast: Cast, other: Plan) -> None:
    task = task_of(other, "PL.1")
    before = [(p.duty, p.unit_id, p.spans) for p in task.printed_parties.all()]
    assign_task(actor=cast.specialist.actor, task=task, entry=assigned(cast.unit("so-ct")))
    assert [(p.duty, p.unit_id, p.spans) for p in task.printed_parties.all()] == before


def test_an_assignment_is_taken_back_with_a_reason_and_its_history_stays(cast: Cast, other: Plan) -> None:
    task, actor = task_of(other, "PL.1"), cast.director.actor
    said = assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-ct"), officer="Bà An"))
    void_assignment(actor=actor, seen=said, reason="Ghi nhầm đơn vị")
    assert not WorkingAssignment.objects.live().exists()
    history = queries.history_of(task)
    assert [(e.action, e.reason) for e in history] == [
        ("programme.assign_task", ""),
        ("programme.void_assignment", "Ghi nhầm đơn vị"),
    ]


def test_a_correction_keeps_the_old_statement_and_says_why(cast: Cast, other: Plan) -> None:
    task, actor = task_of(other, "PL.1"), cast.specialist.actor
    said = assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-ct")))
    new = correct_assignment(
        actor=actor, seen=said, entry=assigned(cast.unit("so-ct"), product="02 lớp"), reason="Thiếu sản phẩm"
    )
    assert (new.product, WorkingAssignment.objects.count()) == ("02 lớp", 2)
    entry = AuditEntry.objects.get(action="programme.correct_assignment")
    assert (entry.reason, entry.changes["product"]) == ("Thiếu sản phẩm", ["", "02 lớp"])


def test_a_unit_has_what_was_given_to_it_and_what_was_printed_for_it_and_given_to_nobody(
    cast: Cast, other: Plan
) -> None:
    today, task = clock.today(), task_of(other, "PL.1")

    def has(code: str) -> list[str]:
        return [t.item.code for t in queries.tasks_of_unit(cast.unit(code).pk, today)]

    assert (has("so-yt"), has("so-ct"), has("so-tc")) == (["PL.1"], ["PL.1"], [])
    assign_task(actor=cast.specialist.actor, task=task, entry=assigned(cast.unit("so-tc")))
    assert (has("so-yt"), has("so-ct"), has("so-tc")) == ([], ["PL.1"], ["PL.1"])


def tasks_of(cast: Cast, code: str, day: date | None = None) -> list[str]:
    """Rows of the annex that a unit has on a day (today)."""
    return [
        t.item.code for t in queries.tasks_of_unit(cast.unit(code).pk, day or clock.today()).order_by("item__order")
    ]


def test_a_unit_has_the_rows_that_name_its_class_in_the_years_it_is_on_the_list(cast: Cast, other: Plan) -> None:
    assert tasks_of(cast, "tt-khcn") == []
    named = PartyClass.objects.get(code="hoi-nghe")
    actor, units = cast.specialist.actor, [cast.unit("tt-khcn")]
    (member,) = add_class_members(actor=actor, party_class=named, units=units, year=2026, basis="CV 12")
    assert (tasks_of(cast, "tt-khcn"), tasks_of(cast, "so-tc")) == (["PL.1"], [])
    assert tasks_of(cast, "tt-khcn", date(2025, 12, 31)) == [], "the list is of another year"
    remove_class_member(actor=actor, seen=member, reason="Ghi nhầm")
    assert tasks_of(cast, "tt-khcn") == []


def test_words_that_name_every_unit_of_a_kind_need_no_list_and_a_list_says_who_instead(
    cast: Cast, kh2828: Plan
) -> None:
    assert (tasks_of(cast, "x-tb"), tasks_of(cast, "dn-a")) == (["PL.II.2.3"], [])
    assert "PL.II.2.3" in tasks_of(cast, "so-ct")
    named = PartyClass.objects.get(code="ubnd-cap-xa")
    units = [cast.unit("x-ct")]
    add_class_members(actor=cast.specialist.actor, party_class=named, units=units, year=2026, basis="CV 12")
    assert (tasks_of(cast, "x-ct"), tasks_of(cast, "x-tb")) == (["PL.II.2.3"], [])
    assert tasks_of(cast, "x-tb", date(2027, 1, 5)) == ["PL.II.2.3"], "the list is of its year alone"
