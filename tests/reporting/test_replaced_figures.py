"""Who meets a number of a replaced report, or the report in a list, is told what took its place."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from chuan.lib import clock
from chuan.reporting import replacements
from chuan.reporting.models import FrozenFigure, Report, ReportingPeriod
from tests.cast import Cast
from tests.reporting.test_pages import page, words
from tests.reporting.test_replacing import issue, replaced
from tests.reporting.test_report import dispatched, period
from tests.training.builders import course, line

__all__ = ["period"]


def persons(report: Report) -> FrozenFigure:
    """The report's CT2."""
    assert report.content
    return report.content.frozen_figures().get(indicator="CT2")


def test_a_number_of_a_report_that_stands_says_nothing_and_a_draft_replaces_nothing(
    cast: Cast, period: ReportingPeriod, client: Any
) -> None:
    old = dispatched(cast, period)
    new = replaced(cast, old)
    assert replacements.instead_of(old, persons(old), [old, new]) == []
    assert replacements.replaced_by([old, new]) == {}
    url = reverse("reporting:origin", args=[persons(old).code])
    assert "thay thế" not in words(client.get(url))
    assert client.get(reverse("reporting:origin-json", args=[persons(old).code])).json()["replaced_by"] == []


def test_a_replaced_number_says_by_which_report_and_what_that_says(
    cast: Cast, period: ReportingPeriod, client: Any, sign_in: Any
) -> None:
    old = dispatched(cast, period)
    with clock.at(clock.now() + timedelta(hours=1)):
        line(cast, course(cast), "Người Học Thêm")
        new = issue(cast, replaced(cast, old), 346)
    url, now = (reverse("reporting:origin", args=[persons(one).code]) for one in (old, new))
    address = reverse("reporting:report", args=[new.code])
    public = client.get(url)
    said = "Báo cáo số 345/BC-SKHCN đã được thay thế bởi Báo cáo số 346/BC-SKHCN ngày 11/12/2026."
    assert "Số này nằm trong báo cáo đã được thay thế." in words(public)
    assert f"{said} Báo cáo thay thế ghi 01 người (+1)." in words(public)
    assert f'href="{now}"' in public.content.decode()
    assert address not in public.content.decode(), "a visitor has no report's page"
    assert f'href="{address}"' in page(sign_in, cast, "other_focal", "origin", persons(old).code).content.decode()
    assert "thay thế bởi" not in words(client.get(now))
    told = client.get(reverse("reporting:origin-json", args=[persons(old).code])).json()["replaced_by"]
    assert told == [
        {"number": 346, "dated": "2026-12-11", "figure": {"code": persons(new).code, "value": 1}},
    ]


def test_each_that_was_replaced_in_turn_is_named_to_the_last(cast: Cast, period: ReportingPeriod, client: Any) -> None:
    first = dispatched(cast, period)
    second = issue(cast, replaced(cast, first), 346)
    third = issue(cast, replaced(cast, second), 347)
    among = [third, second, first]
    assert [one.report for one in replacements.instead_of(first, persons(first), among)] == [second, third]
    assert [one.report for one in replacements.instead_of(second, persons(second), among)] == [third]
    shown = words(client.get(reverse("reporting:origin", args=[persons(first).code])))
    assert "Báo cáo thay thế vẫn ghi 0 người." in shown
    assert "Báo cáo số 346/BC-SKHCN đã được thay thế bởi Báo cáo số 347/BC-SKHCN" in shown


def test_the_list_of_reports_marks_it_for_every_reader(
    cast: Cast, period: ReportingPeriod, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    old = dispatched(cast, period)
    new = issue(cast, replaced(cast, old), 346)
    for who in ("specialist", "other_focal", "committee"):
        shown = page(sign_in, cast, who, "reports")
        assert words(shown).count("Đã được thay thế bởi Báo cáo số 346/BC-SKHCN ngày 11/12/2026") == 1
        assert f'<a href="{reverse("reporting:report", args=[new.code])}">Báo cáo số 346' in shown.content.decode()
    browser = sign_in(cast.specialist, fresh=True)
    for url in (reverse("reporting:reports"), reverse("reporting:origin", args=[persons(old).code])):
        browser.get(url)
        with django_assert_max_num_queries(12):
            browser.get(url)
