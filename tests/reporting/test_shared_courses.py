"""A course that several units record counts once for the province and whole for each of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.organisations.services import merge_people, tell_apart, undo_merge
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import adjustments, queries
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import FrozenFigure
from chuan.training.deciding import merge_courses, undo_course_merge
from chuan.training.models import Course, CourseMerge
from chuan.training.services import correct_course, void_attendance, void_course
from tests.cast import Cast, Member
from tests.reporting.test_ct2 import AT, YEAR, figure, reasons
from tests.reporting.test_freeze import freeze, later
from tests.reporting.test_pages import words
from tests.training.builders import course, entry, line, person_of, said, said_of


@dataclass(frozen=True)
class Shared:
    """One course that two units recorded."""

    cast: Cast
    main: Course
    double: Course

    def one(self, duplicate: Course | None = None) -> CourseMerge:
        """Decide that the records are one course."""
        duplicate = duplicate or self.double
        actor = self.cast.specialist.actor
        return merge_courses(actor=actor, duplicate=duplicate, canonical=self.main, basis="cùng quyết định mở lớp")

    def gone(self, facts: dict[str, Any] | None) -> None:
        """Correct the first duplicate, or void it where nothing is said."""
        actor, seen = self.cast.other_focal.actor, said(self.double)
        if facts is None:
            void_course(actor=actor, seen=seen, reason="ghi trùng")
        else:
            correct_course(actor=actor, seen=seen, entry=entry(self.cast, **facts), reason="ghi nhầm")


@pytest.fixture
def shared(cast: Cast) -> Shared:
    return Shared(cast, course(cast), course(cast, by=cast.other_focal))


def learners(cast: Cast, where: Course, *names: str, by: Member | None = None) -> list[Any]:
    return [line(cast, where, name, by=by) for name in names]


def values(plan: Plan, **dates: Any) -> tuple[int, int]:
    """Attendances and people."""
    return figure(plan, "CT2-L", **dates).value, figure(plan, "CT2", **dates).value


def of_units(cast: Cast, plan: Plan) -> dict[str, tuple[int, int]]:
    """The same of so-ct and so-yt in their own records; asked one by one and all at once."""
    scope = queries.scope_for(plan, Frame.COMPARABLE, YEAR, at=AT, known=clock.now())
    every = queries.of_units(("CT2-L", "CT2"), scope)
    found = {}
    for code in ("so-ct", "so-yt"):
        unit = cast.unit(code).pk
        found[code] = (queries.of_unit("CT2-L", scope, unit), queries.of_unit("CT2", scope, unit))
        assert found[code] == (every["CT2-L"].get(unit, 0), every["CT2"].get(unit, 0))
    return found


def test_until_it_is_decided_both_records_count(cast: Cast, plan: Plan, shared: Shared) -> None:
    learners(cast, shared.main, "Lê Văn An", "Lê Văn Bình")
    learners(cast, shared.double, "Le Van An", "Lê Văn Bình", by=cast.other_focal)
    assert values(plan) == (4, 4)


def test_a_decided_course_counts_once_for_the_province_and_whole_for_each_unit(
    cast: Cast, plan: Plan, shared: Shared
) -> None:
    learners(cast, shared.main, "Lê Văn An", "Lê Văn Bình")
    again = learners(cast, shared.double, "Le Van An", "Lê Văn Bình", by=cast.other_focal)
    assert figure(plan).companions == {"courses": 2}
    shared.one()
    assert values(plan) == (2, 2)
    assert of_units(cast, plan) == {"so-ct": (2, 2), "so-yt": (2, 2)}
    assert figure(plan).companions == {"courses": 1}
    for code in ("CT2", "CT2-L"):
        assert reasons(plan, code) == {one.code: ("same_course",) for one in again}


def test_whom_only_the_other_unit_listed_is_counted_too(cast: Cast, plan: Plan, shared: Shared) -> None:
    learners(cast, shared.main, "Lê Văn An", "Lê Văn Bình")
    again, own = learners(cast, shared.double, "Lê Văn An", "Trần Thị Cúc", by=cast.other_focal)
    shared.one()
    assert values(plan) == (3, 3)
    assert list(reasons(plan)) == [again.code]
    assert own.pk in figure(plan).member_ids


def test_of_three_records_nobody_counts_twice(cast: Cast, plan: Plan, shared: Shared) -> None:
    third = course(cast, by=cast.laboratory)
    learners(cast, shared.main, "Lê Văn An")
    learners(cast, shared.double, "Trần Thị Cúc", by=cast.other_focal)
    learners(cast, third, "Lê Văn An", "Trần Thị Cúc", "Ngô Văn Dũng", by=cast.laboratory)
    shared.one()
    shared.one(third)
    assert values(plan) == (3, 3)
    assert of_units(cast, plan) == {"so-ct": (1, 1), "so-yt": (1, 1)}


def test_a_person_under_another_name_is_one_once_merged_and_two_of_one_name_are_two_once_told_apart(
    cast: Cast, plan: Plan, shared: Shared
) -> None:
    kept = learners(cast, shared.main, "Lê Thị Hoa", "Lê Văn An")
    doubles = learners(cast, shared.double, "Lê Thị Hoa Mai", "Lê Văn An", by=cast.other_focal)
    shared.one()
    assert values(plan) == (3, 3)
    actor = cast.specialist.actor
    (hoa, an), (mai, other) = ([person_of(said_of(one)) for one in lines] for lines in (kept, doubles))
    merge_people(actor=actor, duplicate=mai, canonical=hoa, basis="cùng người")
    assert values(plan) == (2, 2)
    tell_apart(actor=actor, one=an, other=other, basis="khác năm sinh")
    assert values(plan) == (3, 3)


#: What takes a record out of every figure: voided, or corrected.
TAKEN_OUT = pytest.mark.parametrize(
    "facts", [None, {"kind": "conference"}, {"on_metrology": False}], ids=["voided", "conference", "subject"]
)


@TAKEN_OUT
def test_an_earlier_record_that_does_not_count_stands_in_no_later_ones_way(
    cast: Cast, plan: Plan, shared: Shared, facts: dict[str, Any] | None
) -> None:
    third = course(cast, by=cast.laboratory)
    learners(cast, shared.main, "Lê Văn An")
    learners(cast, shared.double, "Trần Thị Cúc", by=cast.other_focal)
    (again,) = learners(cast, third, "Trần Thị Cúc", by=cast.laboratory)
    shared.one()
    shared.one(third)
    assert values(plan) == (2, 2)
    shared.gone(facts)
    assert values(plan) == (2, 2)
    assert again.pk in figure(plan).member_ids
    assert "same_course" not in {code for why in reasons(plan).values() for code in why}


@TAKEN_OUT
def test_a_claimed_count_gives_way_only_to_a_record_that_counts(
    cast: Cast, plan: Plan, shared: Shared, facts: dict[str, Any] | None
) -> None:
    third = course(cast, by=cast.laboratory)
    line(cast, third, headcount=30, employer=None, by=cast.laboratory)
    line(cast, shared.double, headcount=40, employer=None, by=cast.other_focal)
    shared.one()
    shared.one(third)
    assert figure(plan, "CT2-L").value == 40
    learners(cast, shared.double, "Trần Thị Cúc", by=cast.other_focal)
    assert figure(plan, "CT2-L").value == 1
    shared.gone(facts)
    assert figure(plan, "CT2-L").value == 30
    line(cast, shared.main, headcount=45, employer=None)
    assert figure(plan, "CT2-L").value == 45


def test_a_list_of_a_voided_duplicate_gives_the_main_count_back(cast: Cast, plan: Plan, shared: Shared) -> None:
    line(cast, shared.main, headcount=45, employer=None)
    learners(cast, shared.double, "Trần Thị Cúc", by=cast.other_focal)
    shared.one()
    assert values(plan) == (1, 1)
    shared.gone(None)
    assert values(plan) == (45, 0)


def test_of_records_with_other_days_the_first_says_when_so_that_windows_add_up(
    cast: Cast, plan: Plan, shared: Shared
) -> None:
    third = course(cast, by=cast.laboratory)
    learners(cast, shared.double, "Trần Thị Cúc", by=cast.other_focal)
    learners(cast, third, "Trần Thị Cúc", by=cast.laboratory)
    shared.one()
    shared.one(third)
    shared.gone({"start": date(2026, 3, 2), "end": date(2026, 3, 6)})
    months = [Window(date(2026, month, 1), date(2026, month, 28)) for month in (3, 5)]
    assert [values(plan, window=window) for window in (*months, YEAR)] == [(1, 1), (0, 0), (1, 1)]


def test_two_of_one_name_on_a_units_own_list_are_not_taken_for_the_other_units_one(
    cast: Cast, plan: Plan, shared: Shared
) -> None:
    kept = learners(cast, shared.main, "Lê Văn An")
    doubles = learners(cast, shared.double, "Lê Văn An", "Le Van An", by=cast.other_focal)
    shared.one()
    assert values(plan) == (3, 3)
    actor = cast.specialist.actor
    one, other = (person_of(said_of(double)) for double in doubles)
    merge = merge_people(actor=actor, duplicate=other, canonical=person_of(said_of(kept[0])), basis="cùng người")
    assert values(plan) == (2, 2)
    undo_merge(actor=actor, merge=merge, reason="nhầm")
    merge_people(actor=actor, duplicate=other, canonical=one, basis="cùng người")
    assert values(plan) == (1, 1)


def test_a_claimed_count_that_does_not_count_stands_in_no_ones_way(cast: Cast, plan: Plan, shared: Shared) -> None:
    line(cast, shared.main, headcount=45, employer=None, completed=False)
    line(cast, shared.double, by=cast.other_focal, headcount=40, employer=None)
    shared.one()
    assert figure(plan, "CT2-L").value == 40
    line(cast, shared.main, headcount=50, employer=None)
    assert figure(plan, "CT2-L").value == 50
    line(cast, shared.main, "Lê Văn An", completed=False)
    assert figure(plan, "CT2-L").value == 40


@pytest.mark.parametrize(("main", "double", "attendances"), [(45, 40, 45), (0, 40, 40)])
def test_of_two_claimed_counts_the_main_one_holds_where_it_has_one(
    cast: Cast, plan: Plan, shared: Shared, main: int, double: int, attendances: int
) -> None:
    if main:
        line(cast, shared.main, headcount=main, employer=None)
    line(cast, shared.double, by=cast.other_focal, headcount=double, employer=None)
    shared.one()
    assert figure(plan, "CT2-L").value == attendances
    assert of_units(cast, plan)["so-yt"] == (double, 0)


@pytest.mark.parametrize("listed", ["main", "double"])
def test_a_claimed_count_is_not_added_to_the_other_units_list(
    cast: Cast, plan: Plan, shared: Shared, listed: str
) -> None:
    named, claimed = (shared.main, shared.double) if listed == "main" else (shared.double, shared.main)
    keeper = {shared.main: cast.focal, shared.double: cast.other_focal}
    learners(cast, named, "Lê Văn An", "Lê Văn Bình", by=keeper[named])
    line(cast, claimed, by=keeper[claimed], headcount=45, employer=None)
    shared.one()
    assert values(plan) == (2, 2)
    assert sorted(of_units(cast, plan).values()) == [(2, 2), (45, 0)]


def test_a_decision_taken_back_counts_both_again_and_what_was_known_stays(
    cast: Cast, plan: Plan, shared: Shared
) -> None:
    learners(cast, shared.main, "Lê Văn An")
    learners(cast, shared.double, "Lê Văn An", by=cast.other_focal)
    began = clock.now()
    with clock.at(began + timedelta(hours=1)):
        merge = shared.one()
    with clock.at(began + timedelta(hours=2)):
        undo_course_merge(actor=cast.specialist.actor, merge=merge, reason="hai đợt khác nhau")
        assert values(plan) == (2, 2)
        assert [values(plan, known=known) for known in _hours(began)] == [(2, 2), (1, 1)]


def _hours(began: datetime) -> list[datetime]:
    return [began, began + timedelta(hours=1, minutes=30)]


def test_what_is_counted_and_what_is_not_are_all_there_is(cast: Cast, plan: Plan, shared: Shared) -> None:
    learners(cast, shared.main, "Lê Văn An", "Lê Văn Bình")
    learners(cast, shared.double, "Lê Văn An", "Trần Thị Cúc", by=cast.other_focal)
    shared.one()
    for code in ("CT2", "CT2-L"):
        indicator, found = INDICATORS[code], figure(plan, code)
        assert found.candidates == found.counted + found.duplicates + found.not_counted == 4
        assert len(found.member_ids) == found.value == sum(indicator.member_weights(found.scope).values()) == 3


def test_a_fall_after_the_freeze_is_explained_by_the_decision(cast: Cast, plan: Plan, shared: Shared) -> None:
    learners(cast, shared.main, "Lê Văn An")
    (again,) = learners(cast, shared.double, "Lê Văn An", by=cast.other_focal)
    frozen = freeze(plan, cast.specialist.actor)
    with later():
        shared.one()
        found = adjustments.explain(frozen)
    assert found.difference == -1
    (change,) = found.changes
    assert (change.record.id, change.reasons) == (again.pk, ("same_course",))
    assert change.counted_in == shared.main.code
    assert [entry.action for entry in change.entries] == ["training.merge_courses"]


def explained(frozen: FrozenFigure) -> list[tuple[int, bool, str, list[str]]]:
    """Line, whether it came, the course it gives way to, deeds in the register of courses."""
    found = []
    for change in adjustments.explain(frozen).changes:
        deeds = [entry.action for entry in change.entries if entry.action.startswith("training.")]
        found.append((change.record.id, change.added, change.counted_in, deeds))
    return found


def test_a_line_that_came_since_the_main_one_was_voided_names_the_deed_on_the_main_one(
    cast: Cast, plan: Plan, shared: Shared
) -> None:
    kept, beside = learners(cast, shared.main, "Lê Văn An", "Lê Văn Bình")
    (again,) = learners(cast, shared.double, "Lê Văn An", by=cast.other_focal)
    shared.one()
    frozen = freeze(plan, cast.specialist.actor)
    with later():
        void_attendance(actor=cast.focal.actor, seen=said_of(kept), reason="nhầm")
        void_attendance(actor=cast.focal.actor, seen=said_of(beside), reason="nhầm")
        came = next(change for change in explained(frozen) if change[1])
    assert came == (again.pk, True, "", ["training.void_attendance"])


def test_a_line_that_gave_way_since_names_the_record_that_took_its_place(
    cast: Cast, plan: Plan, shared: Shared
) -> None:
    third = course(cast, by=cast.laboratory)
    (last,) = learners(cast, third, "Trần Thị Cúc", by=cast.laboratory)
    shared.one()
    shared.one(third)
    first = freeze(plan, cast.specialist.actor)
    with later(1):
        (before,) = learners(cast, shared.double, "Tran Thi Cuc", by=cast.other_focal)
        left, came = sorted(explained(first), key=lambda change: change[1])
        assert left == (last.pk, False, shared.double.code, ["training.add_attendance"])
        assert came[:3] == (before.pk, True, "")
    with later(2):
        learners(cast, shared.main, "Trần Thị Cúc")
        left = explained(first)[0]
        assert left == (last.pk, False, shared.main.code, ["training.add_attendance"] * 2)


def test_a_count_that_gave_way_or_came_back_names_the_deed_in_the_other_record(
    cast: Cast, plan: Plan, shared: Shared, sign_in: Any
) -> None:
    claimed = line(cast, shared.main, headcount=45, employer=None)
    (named,) = learners(cast, shared.double, "Trần Thị Cúc", by=cast.other_focal)
    first = freeze(plan, cast.specialist.actor, "CT2-L")
    with later(1):
        shared.one()
        assert explained(first) == [(claimed.pk, False, shared.double.code, ["training.merge_courses"])]
        browser, page = sign_in(cast.specialist, fresh=True), reverse("reporting:origin", args=[first.code])
        assert f"trùng với lớp do đơn vị khác ghi {shared.double.code}" in words(browser.get(page))
        second = freeze(plan, cast.specialist.actor, "CT2-L")
    with later(2):
        void_course(actor=cast.other_focal.actor, seen=said(shared.double), reason="ghi trùng")
        changes = {change[0]: change[1:] for change in explained(second)}
        assert changes[claimed.pk] == (True, "", ["training.void_course"])
        assert changes[named.pk] == (False, "", ["training.void_course"])


def test_explaining_shared_courses_costs_no_more_the_more_there_are(
    cast: Cast, plan: Plan, shared: Shared, django_assert_max_num_queries: Any
) -> None:
    kept = learners(cast, shared.main, *(f"Lê Văn {letter}" for letter in "abcdefgh"))
    learners(cast, shared.double, *(f"Lê Văn {letter}" for letter in "abcdefgh"), by=cast.other_focal)
    shared.one()
    frozen = freeze(plan, cast.specialist.actor)
    with later():
        for one in kept[:4]:
            void_attendance(actor=cast.focal.actor, seen=said_of(one), reason="nhầm")
        adjustments.explain(frozen)
        with django_assert_max_num_queries(8):
            assert len(adjustments.explain(frozen).changes) == 8


def test_the_page_of_a_figure_names_the_other_course_and_says_that_units_do_not_add_up(
    cast: Cast, plan: Plan, shared: Shared, sign_in: Any
) -> None:
    learners(cast, shared.main, "Lê Văn An", "Lê Văn Bình")
    learners(cast, shared.double, "Lê Văn An", by=cast.other_focal)
    browser, page = sign_in(cast.specialist), reverse("reporting:figure", args=["CT2-L"])
    assert "trùng với lớp" not in browser.get(page, {"tab": "excluded"}).text
    shared.one()
    assert f"trùng với lớp do đơn vị khác ghi {shared.main.code}" in words(browser.get(page, {"tab": "excluded"}))
    told = words(browser.get(page, {"tab": "breakdown"}))
    assert "không cộng lại thành tổng" in told
    assert "Sở Công Thương 2 lượt người" in told
    assert "Sở Y tế 1 lượt người" in told
