"""Who acts for a unit that exists no more: along successions where they say so, else by one person's decision."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations.acting import Acting, Lines, Passed, Undecided, Why, acting_units, acting_units_of, resolve
from chuan.organisations.errors import ActingKnown, ActingNotInForce, NotAllowed
from chuan.organisations.models import ActingDecision
from chuan.organisations.rules import FunctionDomain, Period
from chuan.organisations.services import Passing, correct_acting, decide_acting, undo_acting
from tests.cast import MERGER, SYSTEM, Cast
from tests.conftest import NOW
from tests.organisations.builders import FUNCTION, MARCH, ORGANISATION, TERRITORY, department, dissolve, passes

METROLOGY, INVESTMENT = FunctionDomain.METROLOGY.value, FunctionDomain.INVESTMENT.value
TODAY = NOW.date()
A, B, C, D, E = 1, 2, 3, 4, 5
ENDED, NEW, ALWAYS = Period(None, MARCH), Period(MARCH, None), Period(None, None)
WORDS = {"document": "Quyết định 12/QĐ-UBND ngày 05/3/2025", "reason": "Theo phân công"}


def lines(periods: dict[int, Period], *passed: Passed, **decided: int) -> Lines:
    """Units and what passed, from values; `decided` maps "unit" (as "u1") to who acts for it in metrology."""
    found = {(int(unit[1:]), METROLOGY): acting for unit, acting in decided.items()}
    return Lines({unit: (period,) for unit, period in periods.items()}, passed, found)


def whole(before: int, after: int, on: date = MARCH, **more: Any) -> Passed:
    return Passed(before, after, ORGANISATION, on, **more)


def part(before: int, after: int, domain: str = "", on: date = MARCH) -> Passed:
    return Passed(before, after, FUNCTION, on, domain)


def test_nobody_acts_for_a_unit_of_which_nothing_but_ground_passed() -> None:
    ground = lines({A: ENDED, B: NEW}, Passed(A, B, TERRITORY, MARCH))
    assert resolve(ground, A, METROLOGY, TODAY) == Undecided(Why.NONE, (B,))


def test_a_split_leaves_the_answer_open_and_the_main_successor_first() -> None:
    split = lines({A: ENDED, B: NEW, C: NEW}, whole(A, B), whole(A, C, primary=True))
    assert resolve(split, A, METROLOGY, TODAY) == Undecided(Why.SEVERAL, (C, B))


def test_a_unit_that_does_not_exist_yet_has_nobody_acting() -> None:
    assert resolve(lines({A: NEW}), A, METROLOGY, MARCH - timedelta(1)) == Undecided(Why.NOT_YET)
    assert resolve(lines({}), A, METROLOGY, MARCH) == Undecided(Why.NOT_YET)


def test_decisions_that_lead_round_in_a_circle_name_nobody() -> None:
    circle = lines({A: ENDED, B: ENDED}, u1=B, u2=A)
    assert isinstance(resolve(circle, A, METROLOGY, TODAY), Undecided)


def test_a_unit_in_force_acts_for_itself_until_the_day_it_ends() -> None:
    merged = lines({A: ENDED, B: ALWAYS}, whole(A, B))
    assert resolve(merged, A, METROLOGY, MARCH - timedelta(1)) == Acting(A)
    assert resolve(merged, A, METROLOGY, MARCH) == Acting(B, (A,))


def test_a_chain_of_two_mergers_is_followed_as_far_as_the_day_asked() -> None:
    chain = lines({A: ENDED, B: Period(None, MERGER), C: Period(MERGER, None)}, whole(A, B), whole(B, C, MERGER))
    assert resolve(chain, A, METROLOGY, MERGER - timedelta(1)) == Acting(B, (A,))
    assert resolve(chain, A, METROLOGY, MERGER) == Acting(C, (A, B))


def test_a_function_goes_its_own_way_before_the_organisation() -> None:
    parted = lines({A: ENDED, B: NEW, C: NEW}, whole(A, B), part(A, C, METROLOGY))
    assert resolve(parted, A, METROLOGY, TODAY) == Acting(C, (A,))
    assert resolve(parted, A, INVESTMENT, TODAY) == Acting(B, (A,))


def test_all_functions_pass_before_the_organisation_and_after_the_one_that_is_named() -> None:
    parted = lines({A: ENDED, B: NEW, C: NEW, D: NEW}, whole(A, B), part(A, C), part(A, D, METROLOGY))
    assert resolve(parted, A, INVESTMENT, TODAY) == Acting(C, (A,))
    assert resolve(parted, A, METROLOGY, TODAY) == Acting(D, (A,))


def test_a_unit_in_force_that_passed_one_function_on_acts_in_all_others() -> None:
    transfer = lines({A: ALWAYS, B: ALWAYS}, part(A, B, METROLOGY), whole(A, B))
    assert resolve(transfer, A, METROLOGY, TODAY) == Acting(B, (A,))
    assert resolve(transfer, A, METROLOGY, MARCH - timedelta(1)) == Acting(A)
    assert resolve(transfer, A, INVESTMENT, TODAY) == Acting(A)


def test_ways_that_meet_again_are_one_answer() -> None:
    met = lines(
        {A: ENDED, B: Period(MARCH, MERGER), C: Period(MARCH, MERGER), D: Period(MERGER, None)},
        *(whole(A, B), whole(A, C), whole(B, D, MERGER), whole(C, D, MERGER)),
    )
    assert resolve(met, A, METROLOGY, MARCH) == Undecided(Why.SEVERAL, (B, C))
    assert resolve(met, A, METROLOGY, MERGER) == Acting(D, (A, B))


def test_a_way_that_ends_nowhere_leaves_a_split_open() -> None:
    half = lines({A: ENDED, B: NEW, C: Period(MARCH, MERGER)}, whole(A, B), whole(A, C))
    assert resolve(half, A, METROLOGY, TODAY) == Undecided(Why.SEVERAL, (B,))


def test_a_decision_answers_a_split_in_its_field_and_is_followed_on() -> None:
    periods = {A: ENDED, B: NEW, C: Period(MARCH, MERGER), D: Period(MERGER, None)}
    decided = lines(periods, whole(A, B), whole(A, C), whole(C, D, MERGER), u1=C)
    assert resolve(decided, A, METROLOGY, MARCH) == Acting(C, (A,), by_decision=True)
    assert resolve(decided, A, METROLOGY, MERGER) == Acting(D, (A, C), by_decision=True)
    assert isinstance(resolve(decided, A, INVESTMENT, MARCH), Undecided)


def test_a_decision_for_a_unit_of_later_answers_nothing_before_it_exists() -> None:
    periods = {A: ENDED, B: NEW, C: NEW, D: Period(MERGER, None)}
    decided = lines(periods, whole(A, B), whole(A, C), u1=D)
    assert resolve(decided, A, METROLOGY, MARCH) == Undecided(Why.SEVERAL, (B, C))
    assert resolve(decided, A, METROLOGY, MERGER) == Acting(D, (A,), by_decision=True)


def test_a_successor_that_begins_only_later_does_not_act_yet() -> None:
    late = lines({A: ENDED, B: Period(MERGER, None)}, whole(A, B))
    assert resolve(late, A, METROLOGY, MARCH) == Undecided(Why.NONE)


def test_a_decision_on_the_way_is_said_to_be_one() -> None:
    periods = {A: ENDED, B: Period(None, MERGER), C: NEW, D: NEW}
    decided = lines(periods, whole(A, B), whole(B, C, MERGER), whole(B, D, MERGER), u2=D)
    assert resolve(decided, A, METROLOGY, MERGER) == Acting(D, (A, B), by_decision=True)


# ---- decided by a person ----


@pytest.fixture
def split(cast: Cast) -> Any:
    """A department that was split over two."""
    a, b, c = (department(code) for code in ("so-x", "so-y", "so-z"))
    dissolve(a)
    passes("chia", Passing(a, b, ORGANISATION), Passing(a, c, ORGANISATION), kind="split")
    return a, b, c


def _decide(cast: Cast, unit: Any, acting: Any, who: str = "specialist", **more: Any) -> ActingDecision:
    given = {"domain": METROLOGY, **WORDS, **more}
    return decide_acting(actor=cast.people[who].actor, unit=unit, acting=acting, **given)


@pytest.mark.parametrize("who", ["focal", "leader", "director", "head", "auditor", "committee", "enterprise"])
def test_who_does_not_record_units_decides_nothing(cast: Cast, split: Any, who: str) -> None:
    a, b, c = split
    with pytest.raises(NotAllowed):
        _decide(cast, a, b, who)
    made = _decide(cast, a, b)
    with pytest.raises(NotAllowed):
        correct_acting(actor=cast.people[who].actor, seen=made, acting=c, **WORDS)
    with pytest.raises(NotAllowed):
        undo_acting(actor=cast.people[who].actor, seen=made, reason="x")
    assert acting_units(a, METROLOGY, TODAY) == Acting(b.pk, (a.pk,), by_decision=True)


def test_what_the_register_says_is_not_decided_again(cast: Cast, split: Any) -> None:
    a, b, c = split
    with pytest.raises(ActingKnown, match="Sở so-y"):
        _decide(cast, b, c)
    _decide(cast, a, b)
    with pytest.raises(ActingKnown):
        _decide(cast, a, c)
    assert _decide(cast, a, c, domain=INVESTMENT).acting == c, "another field is another question"


def test_who_exists_no_more_is_not_made_to_act(cast: Cast, split: Any) -> None:
    a, _b, c = split
    dissolve(c, MERGER)
    with pytest.raises(ActingNotInForce, match="Sở so-z"):
        _decide(cast, a, c)
    with pytest.raises(ActingNotInForce):
        _decide(cast, a, a)
    assert not ActingDecision.objects.exists()


def test_of_two_corrections_the_second_is_told_and_a_frozen_decision_stays(cast: Cast, split: Any) -> None:
    a, b, c = split
    seen = _decide(cast, a, b)
    stale = ActingDecision.objects.get(pk=seen.pk)
    correct_acting(actor=cast.administrator.actor, seen=seen, acting=c, **WORDS)
    with pytest.raises(Superseded):
        correct_acting(actor=cast.specialist.actor, seen=stale, acting=b, **WORDS)
    assert acting_units(a, METROLOGY, TODAY) == Acting(c.pk, (a.pk,), by_decision=True)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE organisations_actingdecision SET acting_id = %s", [b.pk])


def test_a_decision_taken_back_leaves_the_question_open_and_what_was_known_stays(cast: Cast, split: Any) -> None:
    a, b, c = split
    with clock.at(NOW + timedelta(hours=1)):
        made = _decide(cast, a, b)
    with clock.at(NOW + timedelta(hours=2)):
        undo_acting(actor=SYSTEM, seen=made, reason="Văn bản bị thu hồi")
    several = Undecided(Why.SEVERAL, (b.pk, c.pk))
    assert acting_units(a, METROLOGY, TODAY) == several
    assert acting_units(a, METROLOGY, TODAY, known=NOW + timedelta(minutes=30)) == several
    known = acting_units(a, METROLOGY, TODAY, known=NOW + timedelta(minutes=90))
    assert known == Acting(b.pk, (a.pk,), by_decision=True)
    written = AuditEntry.objects.filter(action__contains="acting").order_by("seq").values_list("action", "reason")
    assert list(written) == [
        ("organisations.decide_acting", "Theo phân công"),
        ("organisations.undo_acting", "Văn bản bị thu hồi"),
    ]


def test_many_units_are_answered_as_one_by_one_in_three_queries(cast: Cast, split: Any) -> None:
    _decide(cast, split[0], split[1])
    asked = [*split, cast.unit("so-ct"), cast.unit("h-tb")]
    with CaptureQueriesContext(connection) as seen:
        answers = acting_units_of(asked, METROLOGY, TODAY)
    assert len(seen) == 3
    assert answers == {unit.pk: acting_units(unit, METROLOGY, TODAY) for unit in asked}
    assert acting_units_of([], METROLOGY, TODAY) == {}


def test_a_unit_of_the_future_is_not_asked_about(cast: Cast, sign_in: Any) -> None:
    later = department("so-sau", start=TODAY + timedelta(30))
    assert "Hiện nay ai làm thay" not in _page(
        sign_in(cast.specialist).get(reverse("organisations:unit", args=["so-sau"]))
    )
    assert acting_units(later, METROLOGY, TODAY) == Undecided(Why.NOT_YET)


def test_a_succession_recorded_later_was_not_known_before(cast: Cast) -> None:
    a, b = department("so-x"), department("so-y")
    dissolve(a)
    with clock.at(NOW + timedelta(hours=1)):
        passes("gop", (a, b, ORGANISATION))
    assert acting_units(a, METROLOGY, TODAY) == Acting(b.pk, (a.pk,))
    assert acting_units(a, METROLOGY, TODAY, known=NOW) == Undecided(Why.NONE)


# ---- the page ----


def _page(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_decision_without_a_document_or_a_unit_is_refused_and_kept(cast: Cast, split: Any, sign_in: Any) -> None:
    browser, url = sign_in(cast.specialist), reverse("organisations:decide-acting", args=["so-x"])
    typed = {"domain": METROLOGY, "acting": "so-khong-co", "document": "", "reason": "Chờ văn bản 77"}
    answer = browser.post(url, typed)
    assert answer.status_code == 422
    assert "Chờ văn bản 77" in _page(answer)
    assert not ActingDecision.objects.exists()
    assert sign_in(cast.focal, fresh=True).post(url, {**typed, **WORDS, "acting": "so-y"}).status_code == 403


def test_the_specialist_decides_corrects_and_takes_back_on_the_page(cast: Cast, split: Any, sign_in: Any) -> None:
    browser, page = sign_in(cast.specialist), reverse("organisations:unit", args=["so-x"])
    assert "Có nhiều đơn vị kế thừa" in _page(browser.get(page))
    posted = browser.post(
        reverse("organisations:decide-acting", args=["so-x"]), {"domain": METROLOGY, "acting": "so-y", **WORDS}
    )
    assert posted["Location"] == page
    made = ActingDecision.objects.live().get()
    shown = _page(browser.get(page))
    for part_of in ("Quyết định 12/QĐ-UBND", "Theo phân công", cast.specialist.user.full_name, "theo quyết định"):
        assert part_of in shown
    to_z = {"acting": "so-z", "document": "QĐ 13", "reason": "Sửa theo QĐ 13"}
    correct = reverse("organisations:correct-acting", args=["so-x", made.pk])
    assert browser.post(correct, to_z).status_code == 302
    assert browser.post(correct, {**to_z, "acting": "so-y"}).status_code == 409, "it was corrected meanwhile"
    now = ActingDecision.objects.live().get()
    assert now.acting.code == "so-z"
    undo = reverse("organisations:undo-acting", args=["so-x", now.pk])
    assert browser.post(undo, {"reason": ""}).status_code == 422
    assert browser.post(undo, {"reason": "Thu hồi"}).status_code == 302
    assert not ActingDecision.objects.live().exists()


def test_the_page_of_many_decisions_costs_few_queries(cast: Cast, split: Any, sign_in: Any) -> None:
    for domain in list(FunctionDomain)[:5]:
        _decide(cast, split[0], split[1], domain=domain.value)
    browser, page = sign_in(cast.specialist), reverse("organisations:unit", args=["so-x"])
    browser.get("/")
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(page).status_code == 200
    assert len(seen) <= 12


def test_a_reader_sees_who_acts_and_no_button(cast: Cast, split: Any, sign_in: Any) -> None:
    shown = _page(sign_in(cast.focal).get(reverse("organisations:unit", args=["so-x"])))
    assert "Chưa xác định" in shown
    assert reverse("organisations:decide-acting", args=["so-x"]) not in shown


def test_a_unit_that_nobody_replaces_is_not_asked_about(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    for code in ("so-ct", "dn-a", "tn-cu"):
        assert "Hiện nay ai làm thay" not in _page(browser.get(reverse("organisations:unit", args=[code])))
    assert "Hiện nay ai làm thay" in _page(browser.get(reverse("organisations:unit", args=["h-tb"])))
