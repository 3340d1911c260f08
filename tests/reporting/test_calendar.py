"""The calendar of offices: what the shipped file says, what a specialist corrects, where a deadline falls by it."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from chuan.ledger.errors import Superseded
from chuan.portal import reference
from chuan.programme.models import Plan
from chuan.reporting import regime
from chuan.reporting.collecting import due, is_day_off
from chuan.reporting.errors import NotAllowed, ReasonNeeded
from chuan.reporting.models import CalendarDayFacts
from chuan.reporting.services import calendar, periods
from tests.cast import SYSTEM, Cast
from tests.reporting.test_pages import page, words
from tests.reporting.test_periods import falls, rule

SAID: dict[str, Any] = {"kind": "off", "name": "Nghỉ bù", "document": "Công văn 8/VPCP"}


def shipped() -> list[dict[str, str]]:
    path = Path(settings.DATA_DIR) / "calendar" / "vietnam.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def loaded(cast: Cast) -> None:
    calendar.ship_calendar(actor=SYSTEM, rows=shipped())


# -- refusals


def test_the_calendar_is_the_specialists(cast: Cast) -> None:
    for name in ("focal", "head", "director", "clerk", "auditor"):
        with pytest.raises(NotAllowed):
            calendar.set_day(actor=getattr(cast, name).actor, on=date(2026, 12, 10), **SAID)


def test_a_day_without_a_name_or_a_document_is_refused(cast: Cast) -> None:
    for lacking in ("name", "document"):
        with pytest.raises(ReasonNeeded):
            calendar.set_day(actor=cast.specialist.actor, on=date(2026, 12, 10), **{**SAID, lacking: " "})


def test_a_day_is_taken_back_once_and_with_a_reason(cast: Cast) -> None:
    said = calendar.set_day(actor=cast.specialist.actor, on=date(2026, 12, 10), **SAID)
    with pytest.raises(ReasonNeeded):
        calendar.void_day(actor=cast.specialist.actor, said=said, reason="")
    calendar.void_day(actor=cast.specialist.actor, said=said, reason="nhầm")
    with pytest.raises(Superseded):
        calendar.void_day(actor=cast.specialist.actor, said=said, reason="nhầm")


# -- the shipped file


def test_every_year_of_the_file_has_the_days_that_the_labour_code_names() -> None:
    rows = shipped()
    assert len({row["on"] for row in rows}) == len(rows)
    assert [row["on"] for row in rows] == sorted(row["on"] for row in rows)
    for year in range(2021, 2028):
        names = [row["name"] for row in rows if row["on"].startswith(str(year)) and row["kind"] == "off"]
        own = [name for name in names if "nghỉ bù" not in name and "thay cho" not in name]
        assert len(own) == 11, "one, five of Tết, one, two, two"


def test_days_off_in_place_of_others_are_days_that_would_be_worked() -> None:
    days = {date.fromisoformat(row["on"]): row["kind"] for row in shipped()}
    for row in shipped():
        on = date.fromisoformat(row["on"])
        if "nghỉ bù" in row["name"] or "thay cho" in row["name"]:
            assert on.isoweekday() < 6
        if row["kind"] == "working":
            assert on.isoweekday() > 5
            assert not is_day_off(on, days)


def test_it_is_loaded_as_not_compared_once_and_leaves_what_was_corrected(cast: Cast, loaded: None) -> None:
    said = CalendarDayFacts.objects.live()
    assert said.count() == len(shipped())
    assert not said.filter(checked=True).exists()
    calendar.set_day(actor=cast.specialist.actor, on=date(2026, 1, 1), **{**SAID, "checked": True})
    assert calendar.ship_calendar(actor=SYSTEM, rows=shipped()) == 0
    assert said.get(on=date(2026, 1, 1)).document == "Công văn 8/VPCP"


# -- deadlines


@pytest.mark.parametrize(
    ("printed", "how", "day"),
    [
        (date(2026, 9, 1), "next", date(2026, 9, 3)),
        (date(2026, 9, 2), "before", date(2026, 8, 31)),
        (date(2026, 4, 26), "next", date(2026, 4, 28)),
        (date(2024, 5, 4), "next", date(2024, 5, 4)),
        (date(2024, 4, 29), "next", date(2024, 5, 2)),
        (date(2027, 2, 4), "next", date(2027, 2, 11)),
        (date(2026, 9, 2), "same", date(2026, 9, 2)),
    ],
)
def test_a_deadline_on_a_holiday_follows_the_rule_over_all_days_off(printed: date, how: str, day: date) -> None:
    days = {date.fromisoformat(row["on"]): row["kind"] for row in shipped()}
    assert due(printed, how, days).falls == day


def test_a_deadline_that_a_holiday_moved_says_which_and_that_nobody_compared_it(
    cast: Cast, plan: Plan, loaded: None
) -> None:
    periods.ship_regime(actor=SYSTEM, plan=plan)
    rule(cast, plan, month=9, day=2, checked=True)
    found = falls(plan, "ministry", 2026)
    assert found
    assert (found.due.falls, found.checked, found.calendar_known) == (date(2026, 9, 3), False, True)
    assert "02/09/2026 là ngày nghỉ (Quốc khánh)" in found.basis
    assert found.basis.endswith("(chưa đối chiếu)")
    later = falls(plan, "ministry", 2029)
    assert later
    assert not later.calendar_known


def test_a_corrected_day_moves_the_deadlines_of_periods_to_come(
    sign_in: Any, cast: Cast, plan: Plan, loaded: None
) -> None:
    periods.ship_regime(actor=SYSTEM, plan=plan)
    calendar.set_day(actor=cast.specialist.actor, on=date(2026, 12, 10), **SAID)
    units = falls(plan, "units", 2026)
    assert units
    assert units.due.falls == date(2026, 12, 11)
    browser = sign_in(cast.specialist, fresh=True)
    assert 'value="11/12/2026"' in browser.get(reverse("reporting:new-period")).content.decode()


def test_a_year_without_a_calendar_says_so(cast: Cast, plan: Plan) -> None:
    assert regime.calendar_of(2026) == {}
    assert is_day_off(date(2026, 12, 12), {})
    assert not is_day_off(date(2026, 12, 11), {})


# -- pages


def test_the_page_shows_a_year_and_takes_a_day(
    sign_in: Any, cast: Cast, loaded: None, django_assert_max_num_queries: Any
) -> None:
    shown = words(page(sign_in, cast, "director", "calendar"))
    assert "Giỗ Tổ Hùng Vương" in shown
    assert "Ghi ngày" not in shown
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:calendar")
    browser.get(url)
    with django_assert_max_num_queries(7):
        browser.get(url + "?year=2024")
    assert "Làm bù cho ngày 29/4/2024" in words(browser.get(url + "?year=2024"))
    assert "Chưa có lịch nghỉ" in words(browser.get(url + "?year=2035"))
    assert browser.get(url + "?year=²").status_code == 200
    data = {"on": "02/01/2026", "kind": "off", "name": "Hoán đổi", "document": "Thông báo 9"}
    assert browser.post(url, {**data, "on": "31/02/2026"}).status_code == 422
    assert browser.post(url, data).status_code == 302
    said = CalendarDayFacts.objects.live().get(on=date(2026, 1, 2))
    void = reverse("reporting:void-day", args=[said.pk])
    assert browser.post(void, {"note": ""}).status_code == 409
    assert browser.post(void, {"note": "nhầm"}).status_code == 302
    assert browser.post(void, {"note": "lần nữa"}).status_code == 409
    assert not CalendarDayFacts.objects.live().filter(on=date(2026, 1, 2)).exists()


def test_a_release_brings_further_days_and_undoes_no_correction(cast: Cast, loaded: None) -> None:
    said = CalendarDayFacts.objects.live().get(on=date(2026, 4, 27))
    calendar.void_day(actor=cast.specialist.actor, said=said, reason="không nghỉ bù")
    reference.load_calendar()
    assert not CalendarDayFacts.objects.live().filter(on=date(2026, 4, 27)).exists()
    further = {"on": "2028-01-01", "kind": "off", "name": "Tết Dương lịch"}
    assert calendar.ship_calendar(actor=SYSTEM, rows=[*shipped(), further]) == 1
