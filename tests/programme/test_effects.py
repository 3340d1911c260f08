"""What each way to read the plan makes of its targets today, on the page and the paper; for Sở alone."""

import io
from datetime import date
from typing import Any

import pikepdf
import pytest

from chuan.audit.actor import Actor
from chuan.programme import effects, queries
from chuan.programme.effects import Effect, Outcome, effects_of, in_words
from chuan.programme.models import Contradiction, Plan, Target
from chuan.programme.papers import request_paper
from chuan.programme.services import settle_reading
from chuan.rendering.pdf import render_pdf
from tests.cast import SYSTEM, Cast
from tests.programme.builders import contradiction, reply
from tests.programme.test_pages import url, words

TODAY = date(2026, 12, 11)


def read(one: Contradiction, reader: Actor = SYSTEM) -> dict[str, str]:
    return effects_of(one, reader, queries.settled_readings(one.plan, TODAY))


def test_before_the_issue_a_unit_is_told_no_verdict(cast: Cast, kh2828: Plan, sign_in: Any) -> None:
    assert read(contradiction(kh2828, "CH-5"), cast.focal.actor) == {}
    assert "Số liệu đến ngày" not in words(sign_in(cast.focal).get(url("reading", "CH-5", code="KH-2828")))


def test_a_second_judge_is_refused() -> None:
    with pytest.raises(RuntimeError):
        effects.register(lambda plan, indicators, reader: None)


def test_a_place_that_changes_no_target_has_no_effect(kh2828: Plan) -> None:
    assert not any(read(contradiction(kh2828, "CH-9")).values())


def test_the_page_tells_what_each_reading_comes_to(cast: Cast, kh2828: Plan, sign_in: Any) -> None:
    page = words(sign_in(cast.specialist).get(url("reading", "CH-5", code="KH-2828")))
    assert page.count("Số liệu đến ngày 11/12/2026: mốc 2030: 0/1 (chưa đến hạn).") == 3


def test_a_target_that_a_reading_does_not_use_is_left_out(kh2828: Plan) -> None:
    told = read(contradiction(kh2828, "CH-1"))
    assert told["B"].startswith("CT1a mốc 2025: 0/5 (chưa ")
    assert told["B"].endswith(", mốc 2030: 0/10 (chưa đến hạn)")
    assert told["C"].startswith("CT1b mốc 2025: 0/5 (chưa ")
    assert told["C"].endswith(", mốc 2030: 0/15, 0/10 (chưa đến hạn)")
    assert told["A"] == f"{told['B']}; {told['C']}"


def test_what_a_reply_elsewhere_settled_is_settled_here(kh2828: Plan) -> None:
    one = contradiction(kh2828, "CH-1")
    settle_reading(actor=SYSTEM, contradiction=contradiction(kh2828, "CH-8"), entry=reply(label="B"))
    assert read(one)["C"] == "CT1b mốc 2025: chưa đếm được, mốc 2030: chưa đếm được"
    settle_reading(actor=SYSTEM, contradiction=one, entry=reply(label="B"))
    assert read(one)["C"] == "CT1b mốc 2025: chưa đếm được, mốc 2030: chưa đếm được", "its own reply hides nothing"


def test_outcomes_that_hang_on_other_places_are_told_side_by_side() -> None:
    target = Target(indicator="CT3", horizon=date(2025, 6, 30))
    several = [Outcome(1012, 10, "Đạt"), Outcome(None, 10, "Chưa xác định"), Outcome(7, 10, "Chưa đạt")]
    assert in_words([Effect(target, several)], several=False) == "mốc 30/06/2025: 1.012/10 (đạt) hoặc 7/10 (chưa đạt)"
    alike = [Outcome(1, 20, "Chưa đến hạn"), Outcome(9, 20, "Chưa đến hạn")]
    assert in_words([Effect(target, alike)], several=True) == "CT3 mốc 30/06/2025: 1/20 hoặc 9/20 (chưa đến hạn)"


def test_each_request_stays_on_one_page_and_names_its_day(kh2828: Plan) -> None:
    document = queries.document_of(kh2828)
    for one in queries.contradictions_of(kh2828):
        told = read(one)
        made = request_paper(document, one, today=TODAY, drafting_room="TĐC", effects=told)
        with pikepdf.open(io.BytesIO(render_pdf(made))) as opened:
            assert len(opened.pages) == 1, one.code
        assert ("theo số liệu đến 11/12/2026" in str(made.body)) == any(told.values())
        assert all(said[1:] in str(made.body) for said in told.values())
