"""A day or year that the plan does not know: the page and `chuan figures` (exit 2, one line) name what it knows."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chuan.programme.models import Plan
from tests.cast import Cast
from tests.reporting.test_pages import page, words


@pytest.mark.parametrize("frame", ["comparable", "as_it_was", "as_of_now"])
@pytest.mark.parametrize("indicator", ["CT2", "CT1a"])
def test_a_day_before_the_plan_is_answered_with_the_headline_and_the_plans_first_day(
    sign_in: Any, cast: Cast, plan: Plan, indicator: str, frame: str
) -> None:
    for day in ("01/01/2014", "12/11/2020"):
        answer = page(sign_in, cast, "specialist", "figure", indicator, query=f"?at={day}&frame={frame}")
        assert answer.status_code == 200
        assert "Kế hoạch ban hành ngày 13/11/2020" in words(answer)
    first = page(sign_in, cast, "specialist", "figure", indicator, query=f"?at=13/11/2020&frame={frame}&year=2026")
    assert first.status_code == 200


@pytest.mark.parametrize("year", [0, 1, 2019, 2032, 99999])
def test_a_year_without_a_report_of_the_plan_is_refused_and_its_years_are_named(plan: Plan, year: int) -> None:
    with pytest.raises(CommandError, match=f"^--year {year}: KH-2828 có kỳ báo cáo năm 2020 đến 2031$") as refused:
        call_command("figures", year=year, stdout=io.StringIO())
    assert refused.value.returncode == 2


@pytest.mark.parametrize("day", ["01/01/2014", "12/11/2020"])
def test_a_day_before_the_plan_is_refused_and_its_first_day_is_named(plan: Plan, day: str) -> None:
    with pytest.raises(CommandError, match=f"^--at {day}: KH-2828 ban hành ngày 13/11/2020; tính từ ngày đó$") as no:
        call_command("figures", at=day, stdout=io.StringIO())
    assert no.value.returncode == 2


@pytest.mark.parametrize("asked", [{"year": 2020}, {"year": 2031}, {"at": "13/11/2020"}])
def test_the_plans_first_day_and_its_first_and_last_year_are_computed(plan: Plan, asked: dict[str, object]) -> None:
    told = io.StringIO()
    call_command("figures", **asked, stdout=told)
    assert "CT2  " in told.getvalue()
