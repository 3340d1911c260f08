"""CT1a and CT1b: kinds that can be verified or calibrated on a day, kinds developed in a stage (9-indicators.md)."""

from datetime import date
from typing import Any

import pytest

from chuan.instruments.models import InstrumentKind
from chuan.laboratories.models import Laboratory, Recognition
from chuan.lib.dates import Window
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from tests.cast import Cast
from tests.instruments.builders import kind
from tests.laboratories.builders import availability, laboratory, recognition, scope_line, stop
from tests.reporting.asking import AT, adds_up, counted, figure, reasons


def covered(cast: Cast, what: InstrumentKind, lab: Laboratory | None = None, **facts: Any) -> Recognition:
    """A line of verification with the designation that covers it."""
    by = facts.pop("by", None) or recognition(cast, f"N{what.pk}", kind="designation")
    scope_line(cast, lab or laboratory(cast), what, recognition_id=by.pk, **facts)
    return by


CASES: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("testing alone", {"activity": "testing"}, ("testing_only", "wrong_recognition")),
    ("paused", {"status": "paused"}, ("line_not_active",)),
    ("begins later", {"valid_from": date(2026, 12, 12)}, ("line_not_begun",)),
    ("ended", {"last_day": date(2026, 12, 10)}, ("line_ended",)),
    ("covered by nothing", {"recognition_id": None}, ("not_covered",)),
    ("calibration needs a registration", {"activity": "calibration"}, ("wrong_recognition",)),
]


@pytest.mark.parametrize(("name", "facts", "expected"), CASES, ids=[c[0] for c in CASES])
def test_a_line_is_not_counted_and_says_why(
    cast: Cast, plan: Plan, name: str, facts: dict[str, Any], expected: tuple[str, ...]
) -> None:
    by = recognition(cast, "N100", kind="designation")
    scope_line(cast, laboratory(cast), kind(cast), **{"recognition_id": by.pk, **facts})
    assert figure(plan, "CT1a").value == 0
    assert reasons(plan, "CT1a") == [expected]
    assert adds_up(plan, "CT1a")


def test_a_verification_of_group_2_needs_a_designation(cast: Cast, plan: Plan) -> None:
    registered = recognition(cast, "ĐK 100")
    scope_line(cast, laboratory(cast), kind(cast), recognition_id=registered.pk)
    assert reasons(plan, "CT1a") == [("wrong_recognition",)]


def test_a_kind_of_our_own_list_needs_a_registration(cast: Cast, plan: Plan) -> None:
    registered = recognition(cast, "ĐK 100")
    own = kind(cast, "Máy đo độ rọi", kind_list="own")
    scope_line(cast, laboratory(cast), own, recognition_id=registered.pk)
    assert figure(plan, "CT1a").value == 1


def test_the_printed_last_day_is_included_and_the_next_is_not(cast: Cast, plan: Plan) -> None:
    by = recognition(cast, "N100", kind="designation", last_day=date(2025, 12, 31))
    covered(cast, kind(cast), by=by)
    assert figure(plan, "CT1a", at=date(2025, 12, 31)).value == 1
    assert reasons(plan, "CT1a", at=date(2026, 1, 1)) == [("recognition_not_valid",)]


def test_a_suspension_counts_from_its_first_day_until_it_is_lifted(cast: Cast, plan: Plan) -> None:
    stop(cast, covered(cast, kind(cast)), date(2026, 3, 1), date(2026, 5, 1))
    values = {day: figure(plan, "CT1a", at=date(2026, *day)).value for day in ((2, 28), (3, 1), (4, 30), (5, 1))}
    assert values == {(2, 28): 1, (3, 1): 0, (4, 30): 0, (5, 1): 1}
    assert reasons(plan, "CT1a", at=date(2026, 4, 1)) == [("recognition_stopped",)]


def test_what_was_withdrawn_stays_so(cast: Cast, plan: Plan) -> None:
    stop(cast, covered(cast, kind(cast)), date(2026, 3, 1), kind="withdrawn")
    assert reasons(plan, "CT1a") == [("recognition_stopped",)]


def test_the_heading_of_narrower_rows_is_no_kind(cast: Cast, plan: Plan) -> None:
    wide = kind(cast, "Cân")
    covered(cast, wide)
    assert figure(plan, "CT1a").value == 1
    narrow = kind(cast, "Cân bàn", parent_id=wide.pk)
    assert reasons(plan, "CT1a") == [("kind_not_leaf",)]
    covered(cast, narrow, laboratory(cast, "Phòng khối lượng"))
    assert figure(plan, "CT1a").value == 1


def test_several_organisations_and_ranges_are_one_kind(cast: Cast, plan: Plan) -> None:
    lab, what = laboratory(cast), kind(cast)
    by = covered(cast, what, lab)
    scope_line(cast, lab, what, recognition_id=by.pk, range_text="đến 60 t, cấp 3")
    found = figure(plan, "CT1a")
    assert (found.value, found.duplicates) == (1, 1)
    assert adds_up(plan, "CT1a")


def test_a_reference_material_is_no_standard(cast: Cast, plan: Plan) -> None:
    own = kind(cast, "Dung dịch pH", kind_list="own", object_type="reference_material")
    scope_line(cast, laboratory(cast), own, activity="calibration", recognition_id=recognition(cast).pk)
    assert reasons(plan, "CT1a") == [("not_standard_or_instrument",)]


def test_a_site_outside_or_unknown_is_not_counted_and_frames_differ(cast: Cast, plan: Plan) -> None:
    what = kind(cast)
    covered(cast, what, laboratory(cast, "Phòng Long An", place_id=cast.unit("p-la").pk))
    covered(cast, kind(cast, "Taximet"), laboratory(cast, "Phòng không rõ", place_id=None))
    assert reasons(plan, "CT1a") == [("site_outside",), ("site_unknown",)]
    values = {frame: figure(plan, "CT1a", frame=frame).value for frame in Frame}
    assert values == {Frame.COMPARABLE: 0, Frame.AS_OF_NOW: 1, Frame.AS_IT_WAS: 1}
    assert figure(plan, "CT1a", frame=Frame.AS_OF_NOW).breakdown == [{"unit": "p-la", "value": 1}]


def test_kinds_that_were_here_before_the_plan_are_told_apart(cast: Cast, plan: Plan) -> None:
    covered(cast, kind(cast), available_from=date(2018, 1, 1))
    covered(cast, kind(cast, "Taximet"), laboratory(cast, "Phòng 2"))
    found = figure(plan, "CT1a")
    assert found.value == 2
    assert found.companions == {"before_plan": 1}


def test_a_kind_developed_is_counted_in_the_stage_of_its_first_availability(cast: Cast, plan: Plan) -> None:
    lab = laboratory(cast)
    first, second, old = kind(cast, "Cân bàn"), kind(cast, "Taximet"), kind(cast, "Áp kế")
    availability(cast, lab, first, date(2022, 5, 1))
    availability(cast, laboratory(cast, "Phòng 2"), first, date(2026, 5, 1))
    availability(cast, lab, second, date(2026, 2, 1))
    availability(cast, lab, old, date(2019, 2, 1))
    assert figure(plan, "CT1b").value == 2
    assert figure(plan, "CT1b", at=date(2025, 12, 31)).value == 1
    stage = Window(date(2026, 1, 1), date(2030, 12, 31))
    assert counted(plan, "CT1b", "", window=stage) == 1
    assert reasons(plan, "CT1b") == [("not_first",), ("before_window",)]
    assert adds_up(plan, "CT1b")


def test_a_kind_served_before_is_not_developed_later(cast: Cast, plan: Plan) -> None:
    lab, what = laboratory(cast), kind(cast)
    covered(cast, what, lab, available_from=date(2018, 1, 1))
    availability(cast, lab, what, date(2024, 3, 1))
    assert reasons(plan, "CT1b") == [("not_first",)]


def test_an_earlier_availability_outside_the_ground_does_not_count_against_it(cast: Cast, plan: Plan) -> None:
    what = kind(cast)
    availability(cast, laboratory(cast, "Long An", place_id=cast.unit("tp-ta").pk), what, date(2021, 1, 1))
    availability(cast, laboratory(cast), what, date(2022, 1, 1))
    assert figure(plan, "CT1b").value == 1
    assert figure(plan, "CT1b", frame=Frame.AS_OF_NOW, at=AT).value == 1
    assert figure(plan, "CT1b", frame=Frame.AS_OF_NOW, at=date(2021, 6, 1)).value == 0


def test_the_loss_of_a_scope_lowers_what_is_served_and_never_what_was_developed(cast: Cast, plan: Plan) -> None:
    lab, what = laboratory(cast), kind(cast)
    availability(cast, lab, what, date(2024, 2, 1))
    stop(cast, covered(cast, what, lab), date(2026, 1, 1), kind="withdrawn")
    assert figure(plan, "CT1a").value == 0
    assert figure(plan, "CT1b").value == 1
