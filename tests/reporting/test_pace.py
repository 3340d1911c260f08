"""The pace that an open target needs, and the pace so far: the arithmetic, what is asked for, what the page says."""

import html
import re
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import queries, states
from chuan.reporting.pace import Pace, pace, years_before
from chuan.reporting.readings import Reading
from chuan.reporting.templatetags import reporting_ui
from tests.cast import Cast
from tests.reporting.asking import AT
from tests.training.builders import course, line

END = date(2030, 12, 31)


@pytest.mark.parametrize(
    ("value", "at"), [(100, AT), (101, AT), (3, END), (3, date(2031, 1, 1))], ids=["met", "more", "last day", "over"]
)
def test_a_target_that_is_met_or_over_needs_no_pace(value: int, at: date) -> None:
    assert pace(value, 100, horizon=END, at=at, past=0) is None


@pytest.mark.parametrize(
    ("value", "at", "yearly"),
    [
        (52, date(2026, 12, 31), 12),  # 48 in 1461 days, four years exactly
        (51, date(2026, 12, 31), 13),  # a remainder is one more a year
        (99, date(2026, 12, 31), 1),
        (52, date(2029, 12, 31), None),  # 365 days are no more than a year
        (52, date(2029, 12, 30), 48),  # nor quite two: 48 in 1.002 years
    ],
)
def test_what_is_missing_is_spread_over_the_years_left_and_rounded_up(value: int, at: date, yearly: int | None) -> None:
    assert pace(value, 100, horizon=END, at=at) == Pace(100 - value, yearly)


def test_the_last_years_are_the_difference_by_three_and_a_level_may_have_fallen() -> None:
    grown, fallen = pace(64, 100, horizon=END, at=AT, past=7), pace(3, 10, horizon=END, at=AT, past=5)
    assert grown is not None
    assert fallen is not None
    assert (grown.average, fallen.average) == (Fraction(19), Fraction(-2, 3))


def test_three_years_before_the_29th_of_february_is_the_28th() -> None:
    assert years_before(date(2028, 2, 29)) == date(2025, 2, 28)
    assert years_before(AT) == date(2023, 12, 11)


# -- what is asked for


def test_only_open_readings_that_had_begun_are_counted_back_and_nothing_of_it_is_frozen(cast: Cast, plan: Plan) -> None:
    # Of the suite's plan 2025 is over; in 2030 B begins in 2026.
    line(cast, course(cast, start=date(2022, 3, 1), end=date(2022, 3, 2)), "Người Học Sớm")
    line(cast, course(cast), "Người Học Nay")
    known = clock.now()
    figure = states.live(plan, states.Question("CT2"), at=AT, known=known)
    told = {(r.horizon.year, r.label): (r.value, r.past) for r in figure.readings}
    assert told == {(2025, "A"): (1, None), (2025, "B"): (1, None), (2030, "A"): (2, 1), (2030, "B"): (1, None)}
    assert all("past" not in reading.plain() for reading in figure.readings)
    assert [Reading.of(reading.kept_plain()) for reading in figure.readings] == figure.readings
    without = queries.compute(plan, "CT2", Frame.COMPARABLE, plan.cumulative_window(AT), at=AT, known=known)
    assert [r.past for r in without.readings] == [None] * 4, "what is frozen asks for no more than before"


# -- the words


def reading(**more: Any) -> Reading:
    facts = {"value": 64, "target": 100, "verdict": "undetermined", "unit": "người", "horizon": END, "past": 7, **more}
    said = {"label": "A", "basis": "cumulative", "words": "", "operator": ">=", "composition": {}, "source": ""}
    return Reading(**{**said, "spans": ((0, 1),), **facts})


def words(one: Reading, at: date = AT, candidates: int = 5) -> str:
    figure: Any = SimpleNamespace(scope=SimpleNamespace(at=at), candidates=candidates)
    return str(reporting_ui.pace(one, figure))


def test_what_is_met_over_set_aside_or_unknown_has_no_pace() -> None:
    unknown = '<span class="sub">Chưa có dữ liệu để tính nhịp độ cần có</span>'
    assert words(reading(value=None)) == unknown
    assert words(reading(value=0), candidates=0) == unknown, "an empty register tells nothing"
    assert words(reading(verdict="met")) == ""
    assert words(reading(verdict="not_met"), at=date(2031, 1, 2)) == ""
    assert words(reading(value=100)) == "", "the number is there, its composition is not"
    assert words(reading(kept=False)) == ""


def test_the_words_name_number_unit_year_and_average() -> None:
    told = '<strong class="sub pace">{}</strong>'.format
    assert words(reading()) == told("Cần thêm 9 người mỗi năm đến 2030; ba năm qua trung bình 19")
    assert words(reading(past=8)) == told("Cần thêm 9 người mỗi năm đến 2030; ba năm qua trung bình 18,7")
    assert words(reading(past=None)) == told("Cần thêm 9 người mỗi năm đến 2030")
    late = words(reading(past=None), at=date(2030, 6, 1))
    assert late == told("Cần thêm 36 người trong thời gian còn lại đến hết năm 2030")


def test_the_page_shows_the_pace_and_its_formula_and_an_issued_figure_does_not(
    cast: Cast, plan: Plan, sign_in: Any
) -> None:
    line(cast, course(cast), "Người Học Nay")
    answer = sign_in(cast.specialist).get(reverse("reporting:figure", args=["CT2"]))
    page = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())
    assert "Nhịp độ cần có" in page
    assert "Cần thêm 1 người mỗi năm đến 2030; ba năm qua trung bình 0,3" in page
    assert "(chỉ tiêu − giá trị) chia cho số năm còn lại" in page
