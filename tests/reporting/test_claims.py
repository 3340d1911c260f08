"""A record that several units claim counts once for the province and for each of them in its own figure."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuan.assurance.register import VERSIONS
from chuan.laboratories.register import LINES
from chuan.lib import clock
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.registers.models import Claim
from chuan.registers.services import claim_record, withdraw_claim
from chuan.reporting import queries, states
from chuan.reporting.indicators import INDICATORS
from tests.assurance.builders import said, version
from tests.cast import Cast
from tests.reporting.asking import figure, scope_of

pytestmark = pytest.mark.django_db


def claimed(cast: Cast) -> Claim:
    """The programme of dn-a that so-ct keeps, claimed by so-yt."""
    made = version(cast, by=cast.focal)
    facts = VERSIONS.facts_of(said(made))
    return claim_record(actor=cast.other_focal.actor, register=VERSIONS, facts=facts, document="Kế hoạch 12")


def own(cast: Cast, plan: Plan, unit: str) -> int:
    """A unit's own figure since the plan."""
    return queries.of_unit("CT3", scope_of(plan), cast.unit(unit).pk)


def test_the_province_counts_a_claimed_record_once_and_each_unit_its_own(cast: Cast, plan: Plan) -> None:
    claimed(cast)
    computed = figure(plan, "CT3")
    assert computed.value == 1
    assert (own(cast, plan, "so-ct"), own(cast, plan, "so-yt"), own(cast, plan, "tt-khcn")) == (1, 1, 0)
    units = {cast.unit("so-ct").pk: 1, cast.unit("so-yt").pk: 1}
    assert computed.keepers == units
    assert queries.of_units(["CT3"], scope_of(plan)) == {"CT3": units}
    both = [queries.members_of_unit("CT3", scope_of(plan), cast.unit(unit).pk) for unit in ("so-ct", "so-yt")]
    assert both[0] == both[1]


def test_an_enterprise_of_two_records_is_one_in_the_figure_of_a_unit(cast: Cast, plan: Plan) -> None:
    claimed(cast)
    version(cast, by=cast.other_focal, number=2, approved_on=date(2025, 6, 1))
    assert own(cast, plan, "so-yt") == 1
    assert figure(plan, "CT3").keepers[cast.unit("so-yt").pk] == 1
    assert queries.shares(["CT3"], scope_of(plan), cast.unit("so-yt").pk) == {"CT3": queries.Share(1, 2)}


def test_a_claim_counts_from_when_it_was_made_and_until_it_is_taken_back(cast: Cast, plan: Plan) -> None:
    claim = claimed(cast)
    unit = cast.unit("so-yt").pk
    with clock.at(clock.now() + timedelta(days=1)):
        withdraw_claim(actor=cast.other_focal.actor, register=VERSIONS, claim=claim, reason="Nhầm")
    window = plan.cumulative_window(date(2026, 12, 11))

    def known(days: float) -> int:
        instant = claim.recorded_at + timedelta(days=days)
        scope = queries.scope_for(plan, Frame.COMPARABLE, window, at=window.end, known=instant)
        return queries.of_unit("CT3", scope, unit)

    assert [known(days) for days in (-0.001, 0.5, 1.5)] == [0, 1, 0]


def test_what_a_page_remembers_is_asked_again_after_a_claim(cast: Cast, plan: Plan) -> None:
    made = version(cast, by=cast.focal)
    question, today = states.Question("CT3"), clock.today()

    def units() -> set[int | None]:
        return set(states.current(plan, question, at=today, known=clock.now()).keepers)

    assert units() == {cast.unit("so-ct").pk}
    before = states.last_move()
    facts = VERSIONS.facts_of(said(made))
    claim_record(actor=cast.other_focal.actor, register=VERSIONS, facts=facts, document="x")
    assert states.last_move() > before, "a kept state is behind"
    assert units() == {cast.unit("so-ct").pk, cast.unit("so-yt").pk}


def test_the_page_by_unit_shows_each_that_claims(cast: Cast, plan: Plan, sign_in: Any) -> None:
    claimed(cast)
    page = sign_in(cast.specialist).get(reverse("reporting:figure", args=["CT3"]), {"tab": "breakdown"})
    assert "Sở Y tế" in page.content.decode()


@pytest.mark.parametrize("code", [code for code, one in INDICATORS.items() if one.spec.claimable])
def test_a_claimable_universe_is_the_name_of_a_register(code: str) -> None:
    names = {register.name for register in (VERSIONS, LINES)} | {"laboratories.availability", "laboratories.assessment"}
    assert INDICATORS[code].spec.universe in names
