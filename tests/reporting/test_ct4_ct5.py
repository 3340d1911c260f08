"""CT4 and CT5: laboratories assessed by the criteria, service organisations raised (9-indicators.md)."""

from datetime import date
from typing import Any

import pytest

from chuan.laboratories.models import Assessment, Laboratory
from chuan.lib.dates import Window
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from tests.cast import Cast
from tests.instruments.builders import kind
from tests.laboratories.builders import assessment, criteria, laboratory, recognition, scope_line, stop
from tests.reporting.asking import AT, SIGNED, adds_up, counted, figure, reasons

STAGE_2 = Window(date(2026, 1, 1), date(2030, 12, 31))
CONCLUDED = {
    "kind": "confirmed",
    "concluded_on": date(2025, 6, 10),
    "document": "15/BC-SKHCN",
    "overall": "partly",
}


def accredited(cast: Cast, lab: Laboratory, **facts: Any) -> None:
    """An ISO/IEC 17025 accreditation with a line in a measurement field."""
    field = facts.pop("field", "measurement")
    usual = {"kind": "accreditation", "standard": "iso_17025", "laboratory_id": lab.pk}
    by = recognition(cast, facts.pop("number", f"VILAS {lab.pk}"), **{**usual, **facts})
    scope_line(cast, lab, kind(cast, f"Kiểu {lab.pk}"), activity="calibration", field=field, recognition_id=by.pk)


def assessed(cast: Cast, lab: Laboratory, **facts: Any) -> Assessment:
    """A concluded assessment on an approved set, confirmed by Sở."""
    by_set = facts.pop("by_set", None) or criteria(cast, version=f"{lab.pk}")
    return assessment(cast, lab, by_set, by=cast.specialist, **{**CONCLUDED, **facts})


CASES: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("not concluded", {"concluded_on": None, "document": "", "overall": ""}, ("not_concluded",)),
    ("a self-assessment", {"kind": "self"}, ("self_assessment",)),
    ("after the day", {"concluded_on": date(2026, 12, 12)}, ("after_window",)),
    ("criteria approved later", {"concluded_on": date(2025, 1, 1)}, ("criteria_not_approved",)),
]


@pytest.mark.parametrize(("name", "facts", "expected"), CASES, ids=[c[0] for c in CASES])
def test_an_assessment_is_not_counted_and_says_why(
    cast: Cast, plan: Plan, name: str, facts: dict[str, Any], expected: tuple[str, ...]
) -> None:
    lab = laboratory(cast)
    accredited(cast, lab)
    assessed(cast, lab, **facts)
    assert figure(plan, "CT4").value == 0
    assert reasons(plan, "CT4") == [expected]
    assert adds_up(plan, "CT4")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": "registration", "standard": "none"}, ("not_accredited",)),
        ({"kind": "designation", "standard": "none"}, ("not_accredited",)),
        ({"kind": "certification", "standard": "iso_9001"}, ("not_accredited",)),
        ({"valid_from": date(2025, 6, 11)}, ("not_accredited",)),
        ({"last_day": date(2025, 6, 9)}, ("not_accredited",)),
        ({"field": "chemical"}, ("no_measurement_line",)),
        ({"field": "biological"}, ("no_measurement_line",)),
    ],
)
def test_registered_or_designated_is_not_accredited(
    cast: Cast, plan: Plan, facts: dict[str, Any], expected: tuple[str, ...]
) -> None:
    lab = laboratory(cast)
    accredited(cast, lab, **facts)
    assessed(cast, lab)
    assert reasons(plan, "CT4") == [expected]


def test_a_suspended_accreditation_is_not_held(cast: Cast, plan: Plan) -> None:
    lab = laboratory(cast)
    by = recognition(cast, "VILAS 1", kind="accreditation", standard="iso_17025")
    scope_line(cast, lab, kind(cast), activity="calibration", recognition_id=by.pk)
    stop(cast, by, date(2025, 6, 1), date(2025, 7, 1))
    assessed(cast, lab)
    assert reasons(plan, "CT4") == [("not_accredited",)]
    assert adds_up(plan, "CT4")


def test_any_result_counts_and_is_told_and_two_sites_are_two(cast: Cast, plan: Plan) -> None:
    labs = [laboratory(cast), laboratory(cast, "Phòng Hóa lý")]
    for lab, result in zip(labs, ("not_met", "met"), strict=True):
        accredited(cast, lab)
        assessed(cast, lab, overall=result)
    found = figure(plan, "CT4")
    assert (found.value, found.companions) == (2, {"result_met": 1, "result_not_met": 1})
    assert found.breakdown == [{"unit": "h-tb", "value": 2}]


def test_the_second_stage_may_take_the_same_laboratory_or_ask_for_another(cast: Cast, plan: Plan) -> None:
    same, other = laboratory(cast), laboratory(cast, "Phòng Hóa lý")
    for lab in (same, other):
        accredited(cast, lab)
    assessed(cast, same)
    assessed(cast, same, by_set=criteria(cast, version="mới"), concluded_on=date(2026, 3, 1))
    assert counted(plan, "CT4", "any", window=STAGE_2) == 1
    assert counted(plan, "CT4", "new", window=STAGE_2) == 0
    assert counted(plan, "CT4", "new") == 1
    assessed(cast, other, concluded_on=date(2026, 4, 1))
    assert counted(plan, "CT4", "new", window=STAGE_2) == 1
    assert figure(plan, "CT4").duplicates == 1


def test_a_laboratory_outside_the_ground_is_not_counted(cast: Cast, plan: Plan) -> None:
    lab = laboratory(cast, place_id=cast.unit("p-la").pk)
    accredited(cast, lab)
    assessed(cast, lab)
    assert reasons(plan, "CT4") == [("site_outside",)]
    assert figure(plan, "CT4", frame=Frame.AS_OF_NOW).value == 1


def test_an_organisation_says_everything_that_it_lacks(cast: Cast, plan: Plan) -> None:
    assert figure(plan, "CT5").value == 0
    assert reasons(plan, "CT5") == [("not_registered", "no_certificate")]
    recognition(cast)
    recognition(cast, "ISO 1", kind="certification", standard="iso_9001", last_day=date(2025, 12, 31))
    assert reasons(plan, "CT5") == [("certificate_not_valid",)]
    assert figure(plan, "CT5", at=date(2025, 12, 31)).value == 1
    assert adds_up(plan, "CT5")


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ({"kind": "accreditation", "standard": "iso_17025"}, 1),
        ({"kind": "accreditation", "standard": "other", "standard_text": "ISO 15189"}, 0),
        ({"kind": "certification", "standard": "iso_17025"}, 1),
        ({"kind": "certification", "standard": "iso_9001"}, 1),
        ({"kind": "certification", "standard": "other", "standard_text": "ISO 14001"}, 0),
        ({"kind": "designation"}, 0),
    ],
)
def test_which_certificate_raises_an_organisation(cast: Cast, plan: Plan, facts: dict[str, Any], value: int) -> None:
    recognition(cast)
    recognition(cast, "CN 1", **facts)
    assert figure(plan, "CT5").value == value


def test_another_standard_counts_by_a_decision(cast: Cast, plan: Plan) -> None:
    recognition(cast)
    decided = {"standard_text": "ISO 14001", "accepted_by": "Công văn 20/SKHCN-TĐC"}
    recognition(cast, "CN 1", by=cast.specialist, kind="certification", standard="other", **decided)
    assert figure(plan, "CT5").value == 1


def test_registration_and_certificate_must_hold_on_the_day(cast: Cast, plan: Plan) -> None:
    stop(cast, recognition(cast), date(2026, 6, 1))
    stop(cast, recognition(cast, "CN 1", kind="certification", standard="iso_9001"), date(2026, 7, 1))
    assert figure(plan, "CT5", at=date(2026, 5, 31)).value == 1
    assert reasons(plan, "CT5", at=date(2026, 6, 1)) == [("not_registered",)]
    assert reasons(plan, "CT5") == [("not_registered", "certificate_not_valid")]


def test_raised_is_certified_first_or_more_widely_after_the_plan(cast: Cast, plan: Plan) -> None:
    recognition(cast, valid_from=date(2018, 1, 1))
    old: dict[str, Any] = {"kind": "accreditation", "standard": "iso_17025", "valid_from": date(2019, 1, 1)}
    by = recognition(cast, "VILAS 9", **old)
    assert counted(plan, "CT5", "valid") == 1
    assert counted(plan, "CT5", "raised") == 0
    scope_line(cast, laboratory(cast), kind(cast), activity="calibration", recognition_id=by.pk)
    assert counted(plan, "CT5", "raised") == 1
    assert figure(plan, "CT5").companions == {"raised": 1}


def test_a_first_certificate_after_the_plan_raises(cast: Cast, plan: Plan) -> None:
    recognition(cast)
    recognition(cast, "CN 1", kind="certification", standard="iso_9001", valid_from=date(2021, 1, 1))
    assert counted(plan, "CT5", "raised") == 1
    assert counted(plan, "CT5", "raised", window=Window(SIGNED, date(2020, 12, 31))) == 0
    assert figure(plan, "CT5", frame=Frame.AS_IT_WAS, at=AT).value == 1
