"""`chuan figures`: a day or year that the plan does not know is exit 2 with one line that names what it knows."""

import io

import pytest
from django.core.management import CommandError, call_command

from chuan.programme.models import Plan


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
