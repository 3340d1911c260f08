"""CT2 and CT2-L: who counts, who does not and why, in three frames (9-indicators.md)."""

from datetime import date, timedelta
from typing import Any

import pytest

from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.organisations.services import merge_people, undo_merge
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import queries
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.texts import REASONS
from chuan.reporting.queries import Figure
from chuan.training.services import void_course
from tests.cast import Cast
from tests.training.builders import course, line, person_of, said, said_of

AT = date(2026, 12, 11)
YEAR = Window(date(2025, 12, 15), date(2026, 12, 14))


def figure(plan: Plan, indicator: str = "CT2", frame: Frame = Frame.COMPARABLE, **dates: Any) -> Figure:
    asked = {"at": AT, "known": clock.now(), **dates}
    window = asked.pop("window", YEAR)
    return queries.compute(plan, indicator, frame, window, **asked)


def reasons(plan: Plan, indicator: str = "CT2", frame: Frame = Frame.COMPARABLE) -> dict[str, tuple[str, ...]]:
    """attendance code → reasons, of everything not counted."""
    scope = queries.scope_for(plan, frame, YEAR, at=AT, known=clock.now())
    return {row.attendance.code: why for row, why in INDICATORS[indicator].why_not(scope)}


CASES: list[tuple[str, dict[str, Any], dict[str, Any], tuple[str, ...]]] = [
    ("a conference", {"kind": "conference"}, {}, ("not_a_course",)),
    ("a campaign", {"kind": "campaign"}, {}, ("not_a_course",)),
    ("another subject", {"on_metrology": False}, {}, ("not_metrology",)),
    ("a lecturer", {}, {"role": "lecturer"}, ("not_learner",)),
    ("an organiser", {}, {"role": "organiser"}, ("not_learner",)),
    ("not completed", {}, {"completed": False}, ("not_completed",)),
    ("ended the year before", {"start": date(2025, 12, 1), "end": date(2025, 12, 14)}, {}, ("before_window",)),
    ("ends after the day", {"start": date(2026, 12, 10), "end": date(2026, 12, 12)}, {}, ("after_window",)),
    ("no place", {"place": None}, {}, ("place_unknown",)),
    ("employer unknown", {}, {"employer": None}, ("employer_unknown",)),
    ("a claimed count", {}, {"full_name": "", "headcount": 45}, ("no_name",)),
]


@pytest.mark.parametrize(("name", "about_course", "about_line", "expected"), CASES, ids=[c[0] for c in CASES])
def test_it_is_not_counted_and_says_why(
    cast: Cast, plan: Plan, name: str, about_course: Any, about_line: Any, expected: tuple[str, ...]
) -> None:
    one = line(cast, course(cast, **about_course), **{"name": "Lê Văn A", **_line(about_line)})
    assert figure(plan).value == 0
    assert reasons(plan) == {one.code: expected}


def _line(facts: dict[str, Any]) -> dict[str, Any]:
    return (
        {"name": facts["full_name"], **{k: v for k, v in facts.items() if k != "full_name"}}
        if "full_name" in facts
        else facts
    )


def test_a_course_or_an_employer_outside_the_ground_is_not_counted(cast: Cast, plan: Plan) -> None:
    far = line(cast, course(cast, place=cast.unit("p-la")), "Lê Văn A")
    foreign = line(cast, course(cast), "Lê Văn B", employer=cast.unit("dn-hcm"))
    vague = line(cast, course(cast, place=cast.unit("tn")), "Lê Văn C")
    assert reasons(plan) == {
        far.code: ("place_outside",),
        foreign.code: ("employer_outside",),
        vague.code: ("place_unknown",),
    }


def test_all_failing_reasons_are_listed_in_the_fixed_order(cast: Cast, plan: Plan) -> None:
    one = line(
        cast,
        course(cast, kind="campaign", on_metrology=False, place=None),
        "Lê Văn A",
        role="organiser",
        completed=False,
        employer=None,
    )
    why = reasons(plan)[one.code]
    assert why == ("not_a_course", "not_metrology", "not_learner", "not_completed", "place_unknown", "employer_unknown")
    assert list(why) == [code for code in REASONS if code in why]


def test_a_voided_course_takes_its_list_with_it(cast: Cast, plan: Plan) -> None:
    held = course(cast)
    one = line(cast, held, "Lê Văn A")
    assert figure(plan).value == 1
    with clock.at(clock.now() + timedelta(minutes=1)):
        void_course(actor=cast.focal.actor, seen=said(held), reason="nhập hai lần")
        assert figure(plan).value == 0
        assert reasons(plan)[one.code][0] == "course_voided"


def test_one_person_in_two_courses_is_one_person_and_two_attendances(cast: Cast, plan: Plan) -> None:
    first, second = course(cast), course(cast, start=date(2026, 6, 1), end=date(2026, 6, 2))
    one = line(cast, first, "Lê Văn A")
    person = said_of(one).person
    two = line(cast, second, person=person)
    found = figure(plan)
    assert (found.value, found.duplicates, found.member_ids) == (1, 1, [one.pk])
    assert figure(plan, "CT2-L").value == 2
    scope = found.scope
    assert [(r.attendance_id, r.counted_in) for r in INDICATORS["CT2"].duplicates(scope)] == [(two.pk, one.pk)]


def test_homonyms_are_two_until_merged_and_again_after_the_merge_is_taken_back(cast: Cast, plan: Plan) -> None:
    held = course(cast)
    one, two = line(cast, held, "Nguyễn Văn Hòa"), line(cast, held, "Nguyen Van Hoa")
    assert figure(plan).value == 2
    people = [person_of(said_of(a)) for a in (one, two)]
    before = clock.now()
    with clock.at(before + timedelta(hours=1)):
        merge = merge_people(actor=cast.specialist.actor, duplicate=people[1], canonical=people[0], basis="cùng CCCD")
        assert figure(plan).value == 1
    with clock.at(before + timedelta(hours=2)):
        undo_merge(actor=cast.specialist.actor, merge=merge, reason="nhầm")
        assert figure(plan).value == 2
        assert figure(plan, known=before + timedelta(hours=1)).value == 1
        assert figure(plan, known=before).value == 2


def test_a_claimed_count_counts_only_as_attendances_and_only_without_a_list(cast: Cast, plan: Plan) -> None:
    held = course(cast)
    claimed = line(cast, held, headcount=45, employer=None)
    assert figure(plan).value == 0
    assert figure(plan, "CT2-L").value == 45
    line(cast, held, "Lê Văn A")
    assert figure(plan, "CT2-L").value == 1
    assert reasons(plan, "CT2-L")[claimed.code] == ("has_list",)


def test_candidates_are_members_duplicates_and_excluded(cast: Cast, plan: Plan) -> None:
    held, other = course(cast), course(cast, start=date(2026, 6, 1), end=date(2026, 6, 2), kind="conference")
    for number in range(5):
        line(cast, held, f"Người số {number}", completed=number % 2 == 0)
        line(cast, other, f"Người khác {number}")
    line(cast, held, headcount=9)
    for indicator in ("CT2", "CT2-L"):
        for frame in Frame:
            found = figure(plan, indicator, frame)
            scope, definition = found.scope, INDICATORS[indicator]
            members = set(definition.members(scope).values_list("attendance_id", flat=True))
            doubles = set(definition.duplicates(scope).values_list("attendance_id", flat=True))
            excluded = {row.attendance_id for row, why in definition.why_not(scope) if why}
            assert found.candidates == 11
            assert len(members) + len(doubles) + len(excluded) == 11
            assert not members & doubles
            assert not members & excluded


def test_the_three_frames_count_different_ground(cast: Cast, plan: Plan) -> None:
    window = Window(date(2025, 1, 1), date(2026, 12, 14))
    old = course(cast, place=cast.unit("h-tb"), start=date(2025, 3, 1), end=date(2025, 3, 2))
    line(cast, old, "Người cũ")
    long_an = course(cast, place=cast.unit("tp-ta"), start=date(2025, 3, 3), end=date(2025, 3, 4))
    line(cast, long_an, "Người Long An trước hợp nhất")
    after = course(cast, place=cast.unit("p-la"))
    line(cast, after, "Người Long An sau hợp nhất")
    line(cast, course(cast), "Người Tân Biên sau hợp nhất")
    values = {frame: figure(plan, frame=frame, window=window).value for frame in Frame}
    assert values == {Frame.COMPARABLE: 2, Frame.AS_OF_NOW: 4, Frame.AS_IT_WAS: 3}
    shown = {f: {row["unit"]: row["value"] for row in figure(plan, frame=f, window=window).breakdown} for f in Frame}
    assert shown[Frame.COMPARABLE] == {"h-tb": 2}
    assert shown[Frame.AS_OF_NOW] == {"x-tb": 2, "p-la": 2}
    assert shown[Frame.AS_IT_WAS] == {"h-tb": 1, "x-tb": 1, "p-la": 1}


def test_a_split_district_is_not_allocated_to_one_successor(cast: Cast, plan: Plan) -> None:
    window = Window(date(2025, 1, 1), date(2026, 12, 14))
    held = course(cast, place=cast.unit("h-ct"), start=date(2025, 3, 1), end=date(2025, 3, 2))
    line(cast, held, "Lê Văn A")
    found = figure(plan, frame=Frame.AS_OF_NOW, window=window)
    assert (found.value, found.breakdown, found.unallocated) == (1, [], 1)
    assert figure(plan, window=window).breakdown == [{"unit": "h-ct", "value": 1}]


def test_a_course_at_the_turn_of_the_year_is_in_one_horizon_and_in_the_next_report_year(cast: Cast, plan: Plan) -> None:
    held = course(cast, start=date(2025, 12, 18), end=date(2025, 12, 20))
    line(cast, held, "Lê Văn A")
    assert figure(plan).value == 1
    assert figure(plan, window=plan.year_window(2025)).value == 0
    assert figure(plan, window=plan.cumulative_window(date(2025, 12, 31))).value == 1
    last_day = course(cast, start=date(2025, 12, 31), end=date(2025, 12, 31))
    line(cast, last_day, "Lê Văn B")
    assert figure(plan, window=plan.cumulative_window(date(2025, 12, 31))).value == 2


def test_every_reading_is_shown_and_none_is_preferred(cast: Cast, plan: Plan) -> None:
    early = course(cast, place=cast.unit("h-tb"), start=date(2022, 3, 1), end=date(2022, 3, 2))
    people = [line(cast, early, f"Người {n}") for n in range(2)]
    later = course(cast)
    line(cast, later, person=said_of(people[0]).person)
    line(cast, later, "Người mới")
    found = {(r.horizon.year, r.label): (r.value, r.verdict) for r in figure(plan).readings}
    assert found == {
        (2025, "A"): (2, "met"),
        (2025, "B"): (2, "met"),
        (2030, "A"): (3, "met"),
        (2030, "B"): (2, "undetermined"),
    }
    firsts = queries.first_time_windows(plan, YEAR, AT)
    year = figure(plan, also=[w for w in firsts if w])
    assert year.value == 2
    assert queries.first_time(year, firsts) == 1


def test_a_units_share_is_counted_in_the_records_it_keeps(cast: Cast, plan: Plan) -> None:
    line(cast, course(cast), "Lê Văn A")
    other = course(cast, by=cast.other_focal)
    line(cast, other, "Lê Văn B", by=cast.other_focal, employer=cast.unit("so-yt"))
    scope = figure(plan).scope
    assert queries.of_unit("CT2", scope, cast.unit("so-ct").pk) == 1
    assert queries.of_unit("CT2", scope, cast.unit("so-yt").pk) == 1
    assert queries.of_unit("CT2", scope, cast.unit("so-tc").pk) == 0


def test_the_definition_hash_ignores_formatting_and_feels_a_changed_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    import inspect

    from chuan.reporting.indicators import attendances, trees

    real = inspect.getsource
    one = INDICATORS["CT2"].definition_sha256()
    assert one != INDICATORS["CT2-L"].definition_sha256()

    def edited(change: tuple[str, str]) -> Any:
        def source(module: Any) -> str:
            text = real(module)
            return text.replace(*change) if module is attendances else text

        trees.of_module.cache_clear()
        return source

    monkeypatch.setattr(inspect, "getsource", edited(("Q(completed=True)", "Q( completed = True )")))
    assert INDICATORS["CT2"].definition_sha256() == one
    monkeypatch.setattr(inspect, "getsource", edited(("In the order in which", "In another order than")))
    assert INDICATORS["CT2"].definition_sha256() == one
    monkeypatch.setattr(inspect, "getsource", edited(("Q(completed=True)", "Q(completed=False)")))
    assert INDICATORS["CT2"].definition_sha256() != one
    monkeypatch.undo()
    trees.of_module.cache_clear()
