"""CT3: enterprises with a programme, by every reading, with the composition the plan asks for (9-indicators.md)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chuan.lib.dates import Window
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.rules import UnitKind
from chuan.organisations.services import PartyEntry, register_party
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan, Target
from chuan.reporting.rules import Verdict
from tests.assurance.builders import activity, version
from tests.cast import SYSTEM, Cast
from tests.organisations.builders import party
from tests.reporting.asking import SIGNED, adds_up, counted, figure, reasons
from tests.reporting.conftest import add_target

STAGE_2 = Window(date(2026, 1, 1), date(2030, 12, 31))


def enterprise(cast: Cast, name: str, place: str = "x-tb", **facts: Any) -> OrganisationUnit:
    """An enterprise without a tax code."""
    said = {"ownership": "private", "no_tax_code": "unknown", **facts}
    return register_party(
        actor=cast.specialist.actor,
        kind=UnitKind.ENTERPRISE,
        name=name,
        place=cast.unit(place),
        valid_from=date(2018, 1, 1),
        entry=PartyEntry(**said),
    )


CASES: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("a draft", {"approved_on": None, "approver": ""}, ("not_approved",)),
    ("by a deputy", {"by_head": "no"}, ("not_by_head",)),
    ("nobody knows by whom", {"by_head": "unknown"}, ("not_by_head",)),
    ("a day short of a year", {"term_to": date(2025, 12, 30)}, ("term_short",)),
    ("cancelled before it began", {"ended_on": date(2024, 12, 31), "end_reason": "x"}, ("cancelled_before_term",)),
    ("approved on the plan's day", {"approved_on": SIGNED}, ("before_plan",)),
    ("approved later", {"approved_on": date(2026, 12, 12)}, ("after_window",)),
    ("a cooperative", {"ownership": "cooperative"}, ("cooperative_undecided",)),
    ("a household business", {"ownership": "household"}, ("household",)),
]


@pytest.mark.parametrize(("name", "facts", "expected"), CASES, ids=[c[0] for c in CASES])
def test_a_version_is_not_counted_and_says_why(
    cast: Cast, plan: Plan, name: str, facts: dict[str, Any], expected: tuple[str, ...]
) -> None:
    version(cast, **facts)
    assert figure(plan, "CT3").value == 0
    assert reasons(plan, "CT3") == [expected]
    assert adds_up(plan, "CT3")


@pytest.mark.parametrize(
    ("first", "last", "counts"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), 1),
        (date(2024, 1, 1), date(2024, 12, 30), 0),
        (date(2024, 1, 1), date(2024, 12, 31), 1),
        (date(2023, 3, 1), date(2024, 2, 28), 0),
        (date(2023, 3, 1), date(2024, 2, 29), 1),
        (date(2024, 2, 29), date(2025, 2, 27), 0),
        (date(2024, 2, 29), date(2025, 2, 28), 1),
        (date(2024, 3, 1), date(2025, 2, 28), 1),
    ],
)
def test_a_year_is_counted_to_the_day(cast: Cast, plan: Plan, first: date, last: date, counts: int) -> None:
    version(cast, term_from=first, term_to=last, approved_on=date(2022, 1, 5))
    assert figure(plan, "CT3").value == counts


def test_a_cancellation_still_to_come_takes_nothing_away(cast: Cast, plan: Plan) -> None:
    term: dict[str, Any] = {"term_from": date(2027, 2, 1), "term_to": date(2028, 12, 31), "end_reason": "x"}
    version(cast, **term, ended_on=date(2027, 1, 5))
    assert figure(plan, "CT3").value == 1
    assert figure(plan, "CT3", at=date(2027, 1, 6)).value == 0


def test_a_renewal_is_the_same_enterprise(cast: Cast, plan: Plan) -> None:
    version(cast)
    version(cast, number=2, approved_on=date(2026, 5, 1), term_from=date(2026, 6, 1), term_to=date(2027, 12, 31))
    found = figure(plan, "CT3")
    assert (found.value, found.duplicates) == (1, 1)
    assert counted(plan, "CT3", "", window=STAGE_2) == 1
    assert counted(plan, "CT3", "first_approved", window=STAGE_2) == 0
    assert adds_up(plan, "CT3")


def test_a_branch_is_its_enterprise_and_no_tax_code_is_nobody_else(cast: Cast, plan: Plan) -> None:
    head = party(cast, "Công ty Cao su", tax_code="0100109106", state_share=None)
    branch = party(cast, "Chi nhánh Cao su", tax_code="0100109106001", state_share=None)
    for unit in (head, branch, enterprise(cast, "Doanh nghiệp một"), enterprise(cast, "Doanh nghiệp hai")):
        version(cast, unit=unit)
    assert figure(plan, "CT3").value == 3


def test_a_household_by_the_register_is_none_whatever_the_version_says(cast: Cast, plan: Plan) -> None:
    version(cast, unit=enterprise(cast, "Hộ kinh doanh Năm", ownership="household"))
    assert reasons(plan, "CT3") == [("household",)]


def test_a_cooperative_counts_by_a_decision_and_is_told_apart(cast: Cast, plan: Plan) -> None:
    version(cast, ownership="cooperative", accepted_by="Công văn 12/SKHCN-TĐC ngày 05/01/2025")
    found = figure(plan, "CT3")
    assert (found.value, found.companions) == (1, {"in_force": 1, "cooperatives": 1})


def test_an_enterprise_elsewhere_or_of_unknown_seat_is_not_counted(cast: Cast, plan: Plan) -> None:
    version(cast, unit=enterprise(cast, "Công ty Tân An", "tp-ta"))
    version(cast, unit=cast.unit("dn-hcm"))
    assert reasons(plan, "CT3") == [("place_outside",), ("place_outside",)]
    values = {frame: figure(plan, "CT3", frame=frame).value for frame in Frame}
    assert values == {Frame.COMPARABLE: 0, Frame.AS_OF_NOW: 1, Frame.AS_IT_WAS: 0}


def test_the_other_reading_asks_for_something_done_in_the_term(cast: Cast, plan: Plan) -> None:
    one, other = version(cast), version(cast, unit=enterprise(cast, "Công ty hai"))
    activity(cast, one, date(2025, 6, 1))
    activity(cast, other, date(2027, 1, 1))
    assert counted(plan, "CT3", "approved") == 2
    assert counted(plan, "CT3", "active") == 1
    assert counted(plan, "CT3", "first_active", window=STAGE_2) == 0


def test_a_programme_that_ran_out_is_counted_and_not_in_force(cast: Cast, plan: Plan) -> None:
    version(cast, term_to=date(2025, 12, 31))
    version(cast, unit=enterprise(cast, "Công ty hai"), ended_on=date(2026, 2, 1), end_reason="giải thể")
    found = figure(plan, "CT3")
    assert (found.value, found.companions["in_force"]) == (2, 0)


def test_the_seat_is_that_of_the_day_of_approval(cast: Cast, plan: Plan) -> None:
    version(cast, approved_on=date(2024, 12, 20))
    assert figure(plan, "CT3", frame=Frame.AS_IT_WAS).breakdown == [{"unit": "h-tb", "value": 1}]
    assert figure(plan, "CT3", frame=Frame.AS_OF_NOW).breakdown == [{"unit": "x-tb", "value": 1}]


def _target(plan: Plan, value: int) -> None:
    target = Target(
        code="T-CT3",
        plan=plan,
        indicator="CT3",
        place="Mục I.2.a",
        words="ít nhất doanh nghiệp",
        spans=[[0, 10]],
        horizon=date(2025, 12, 31),
        operator=">=",
        value=value,
        unit="doanh nghiệp",
        composition=[{"ownership": "state", "least": 1}, {"ownership": "private", "least": 1}],
        readings=[
            {"label": "A", "basis": "cumulative", "from": "2020-11-13", "counts": "approved", "words": "…"},
            {"label": "B", "basis": "cumulative", "from": "2020-11-13", "counts": "active", "words": "…"},
        ],
    )
    add_target(actor=SYSTEM, target=target)


@pytest.mark.parametrize(
    ("others", "verdict", "composition"),
    [
        ([("state", None)], Verdict.MET, {"state": 1, "private": 1, "unknown": 0}),
        ([("fdi", None)], Verdict.NOT_MET, {"state": 0, "private": 1, "unknown": 0}),
        ([("unknown", None)], Verdict.UNDETERMINED, {"state": 0, "private": 1, "unknown": 1}),
        ([("fdi", Decimal("0.5"))], Verdict.MET, {"state": 1, "private": 1, "unknown": 0}),
    ],
)
def test_the_composition_decides_with_the_number(
    cast: Cast, plan: Plan, others: list[tuple[str, Decimal | None]], verdict: Verdict, composition: dict[str, int]
) -> None:
    _target(plan, 2)
    version(cast)
    for number, (ownership, share) in enumerate(others):
        version(cast, unit=enterprise(cast, f"Công ty {number}"), ownership=ownership, state_share=share)
    a, b = figure(plan, "CT3").readings
    assert (a.value, a.verdict, a.composition) == (2, verdict, composition)
    assert (b.value, b.verdict) == (0, Verdict.NOT_MET)


def test_the_composition_is_that_of_the_first_approval(cast: Cast, plan: Plan) -> None:
    version(cast, ownership="state", state_share=Decimal(51))
    version(cast, number=2, approved_on=date(2025, 5, 1), term_to=date(2027, 12, 31), ownership="private")
    parts = {part: counted(plan, "CT3", "", part=part) for part in ("state", "private", "unknown")}
    assert parts == {"state": 1, "private": 0, "unknown": 0}
