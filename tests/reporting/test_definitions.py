"""What holds of every indicator: its reasons have words in one order, its readings can be asked, its page is shown."""

import re
from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import queries
from chuan.reporting.evidence import evidence_of
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.engine import Tally
from chuan.reporting.indicators.texts import COMPANIONS, PARTS, REASONS, SENTENCES, TITLES
from chuan.reporting.rules import Verdict
from tests.cast import Cast
from tests.reporting.asking import AT, figure, scope_of
from tests.training.builders import course, line

EVERY = sorted(INDICATORS)


@pytest.mark.parametrize("code", EVERY)
def test_reasons_have_words_and_stand_in_one_order(cast: Cast, plan: Plan, code: str) -> None:
    codes = [condition.code for condition in INDICATORS[code].conditions(scope_of(plan))]
    assert len(set(codes)) == len(codes)
    assert codes == [known for known in REASONS if known in codes]


@pytest.mark.parametrize("code", EVERY)
def test_an_empty_register_gives_nought_and_no_error(cast: Cast, plan: Plan, code: str) -> None:
    for frame in Frame:
        found = queries.compute(plan, code, frame, plan.cumulative_window(AT), at=AT, known=clock.now())
        assert (found.value, found.member_ids, found.breakdown) == (0, [], [])
        assert set(found.companions) <= set(COMPANIONS)
        assert set(INDICATORS[code].parts(found.scope)) <= set(PARTS)


@pytest.mark.parametrize("code", EVERY)
def test_what_is_said_of_an_empty_register_is_what_the_definition_answers(cast: Cast, plan: Plan, code: str) -> None:
    assert queries.is_empty(code) == (code != "CT5"), "units are in the suite's world"
    definition, found = INDICATORS[code], figure(plan, code)
    assert definition.candidates(found.scope).model is evidence_of(code).model
    assert definition.value(found.scope) == found.value
    assert definition.tally(found.scope) == Tally(found.candidates, found.counted + found.duplicates, found.excluded)
    assert definition.member_ids(found.scope) == found.member_ids
    assert definition.by_group(found.scope, definition.spec.place, found.scope.ground.groups) == found.groups
    assert definition.companions(found.scope) == found.companions == dict.fromkeys(definition.told, 0)
    assert queries.of_units([code], found.scope) == {code: {}}
    assert queries.of_unit(code, found.scope, cast.unit("so-ct").pk) == 0


def test_a_register_is_no_longer_empty_with_its_first_record(cast: Cast, plan: Plan) -> None:
    assert figure(plan, "CT2").value == 0
    line(cast, course(cast), "Người Học Đầu")
    assert (figure(plan, "CT2").value, queries.is_empty("CT2")) == (1, False)


@pytest.mark.parametrize("code", EVERY)
def test_each_has_words_evidence_and_a_definition_of_its_own(code: str) -> None:
    assert TITLES[code]
    assert re.search(r"\.$", str(SENTENCES[code]))
    evidence = evidence_of(code)
    assert evidence.universe == INDICATORS[code].spec.universe
    assert len({i.definition_sha256() for i in INDICATORS.values()}) == len(INDICATORS)


@pytest.mark.parametrize("code", EVERY)
@pytest.mark.parametrize("tab", ["counted", "excluded", "doubles", "breakdown", "definition", "issued"])
def test_its_page_costs_few_queries(
    cast: Cast, plan: Plan, sign_in: Any, django_assert_max_num_queries: Any, code: str, tab: str
) -> None:
    browser = sign_in(cast.specialist, fresh=True)
    page = reverse("reporting:figure", args=[code])
    browser.get(page)
    # The first look at a question after a write computes it, and asks for one thing more.
    with django_assert_max_num_queries(13):
        browser.get(page, {"tab": tab, "year": "2026"})
    with django_assert_max_num_queries(9):
        answer = browser.get(page, {"tab": tab, "year": "2026"})
    assert answer.status_code == 200
    assert str(TITLES[code]) in answer.text


def test_the_overview_is_computed_once_for_each_position_of_the_ledger(
    cast: Cast, plan: Plan, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    browser, page = sign_in(cast.specialist, fresh=True), reverse("reporting:figures")
    browser.get(page)
    with django_assert_max_num_queries(8):
        assert ">0</a>" in browser.get(page).text
    line(cast, course(cast), "Lê Văn A")
    assert ">1</a>" in browser.get(page).text


def test_an_empty_register_says_that_nothing_is_known_and_not_that_a_target_was_missed(cast: Cast, plan: Plan) -> None:
    verdicts = {reading.verdict for reading in figure(plan, "CT2").readings}
    assert verdicts == {Verdict.UNDETERMINED}
    line(cast, course(cast, kind="campaign"), "Lê Văn A")
    assert {r.verdict for r in figure(plan, "CT2").readings if r.horizon.year == 2025} == {Verdict.NOT_MET}
