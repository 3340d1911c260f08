"""S9, the annex alive: who reads which words, statuses and figures of the tasks, in which year."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuan.programme import told as telling
from chuan.programme.models import Plan
from chuan.reporting import annex, drafts
from chuan.reporting.collecting import Parts, TaskWord
from chuan.reporting.models import Obligation, ReportingPeriod
from chuan.reporting.register import OUTPUTS
from chuan.reporting.services import submissions
from tests.cast import Cast
from tests.reporting.tasks import make_tasks
from tests.reporting.test_consolidation import output, real
from tests.reporting.test_consolidation import told as told_period
from tests.reporting.test_report import RIGHT, dispatched, period, step
from tests.reporting.test_said import said

__all__ = ["period", "real", "told_period"]


def words(browser: Any, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def pages(plan: Plan, item: str = "PL.II.2.3") -> tuple[str, str]:
    """The annex and one task of it; by default the one that units of the suite report on."""
    return reverse("programme:tasks", args=[plan.code]), reverse("programme:task", args=[plan.code, item])


@pytest.mark.parametrize("who", ["other_focal", "finance", "committee", "laboratory", "enterprise"])
def test_words_of_another_unit_are_not_shown_before_the_report_is_issued(
    cast: Cast, told_period: ReportingPeriod, sign_in: Any, who: str
) -> None:
    said(cast.specialist, OUTPUTS, output(told_period))
    browser = sign_in(cast.people[who])
    annex_page, task_page = pages(told_period.plan)
    assert ("so-yt đã làm" in words(browser, annex_page)) is (who == "other_focal"), "their own they read"
    for address in (annex_page, task_page):
        page = words(browser, address)
        assert "so-ct đã làm" not in page
        assert "Hội nghị phổ biến" not in page, "what Sở counts by hand is Sở's until it is issued"
        assert "/figures/" not in browser.get(address).content.decode(), "nor are figures of today"
        assert "chưa có số liệu phát hành" in page


def test_the_department_reads_every_word_status_count_and_evidence(
    cast: Cast, told_period: ReportingPeriod, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(cast.specialist, OUTPUTS, output(told_period))
    trained = {"indicator": "CT2", "code": "CT2", "title": "x", "value": 24, "unit": "người"}
    monkeypatch.setattr(drafts, "live_figures", lambda *_asked: [trained])
    browser = sign_in(cast.specialist)
    whole, one = pages(told_period.plan)
    page = words(browser, whole)
    for expected in (
        "Theo báo cáo của 2/3 đơn vị đã gửi đến ngày 11/12/2026",
        "Kết quả năm 2026",
        "Đã hoàn thành: 2 đơn vị",
        "Hội nghị phổ biến: 2 hội nghị chưa có minh chứng",
        "Xem lời của cả 2 đơn vị",
        "Chưa ghi nhận",
    ):
        assert expected in page
    link = '<a class="figure" href="/figures/CT2/?year=2026#records">24 người</a>'
    assert link in browser.get(whole).content.decode(), "a figure leads to its records"
    page = words(browser, one)
    assert "so-ct đã làm việc 0." in page, "each unit's words in full"
    assert "so-yt đã làm việc 0." in page


def test_an_issued_report_is_read_whole_by_those_it_is_for_and_by_others_their_own_rows(
    cast: Cast, plan: Plan, period: ReportingPeriod, sign_in: Any
) -> None:
    make_tasks(actor=cast.specialist.actor, cast=cast, plan=plan)
    submitted(cast, period)
    dispatched(cast, period)
    for who, reads in (("committee", True), ("finance", True), ("auditor", True), ("focal", True)):
        page = words(sign_in(cast.people[who]), pages(plan, "PL.I.1")[1])
        assert ("Lời của Sở Công Thương" in page) is reads
        assert ("Theo Báo cáo số 345/BC-SKHCN ngày 11/12/2026 đã phát hành" in page) is (who != "focal")
    for who in ("other_focal", "laboratory"):
        page = words(sign_in(cast.people[who]), pages(plan, "PL.I.1")[1])
        assert "Lời của Sở Công Thương" not in page
        assert "Đang thực hiện" not in page
        assert "số liệu đã phát hành" in page


def submitted(cast: Cast, period: ReportingPeriod) -> None:
    """so-ct's report, which speaks of its two tasks."""
    obligation = Obligation.objects.select_related("period__plan").get(period=period, unit=cast.unit("so-ct"))
    made = submissions.start_submission(actor=cast.focal.actor, obligation=obligation)
    tasks = {code: TaskWord("under_way", "Lời của Sở Công Thương.") for code in ("PL.I.1", "PL.I.2")}
    submissions.save_draft(
        actor=cast.focal.actor, submission=made, version=0, figures=RIGHT, narrative="x", nil=False,
        parts=Parts(tasks=tasks),
    )  # fmt: skip
    for verb, person in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(made, verb, person)


def test_a_year_that_is_none_of_the_plan_is_the_latest(cast: Cast, told_period: ReportingPeriod, sign_in: Any) -> None:
    address, _one = pages(told_period.plan)
    browser = sign_in(cast.specialist)
    for asked in ("1999", "x", "20261", "٢٠٢٦"):
        assert "Kết quả năm 2026" in words(browser, f"{address}?year={asked}")


def test_without_a_period_the_annex_is_as_it_was_printed(cast: Cast, real: Plan, sign_in: Any) -> None:
    page = words(sign_in(cast.specialist), pages(real)[0])
    assert "Đang đảm nhiệm" in page
    assert "Kết quả năm" not in page


@pytest.mark.parametrize("who", ["specialist", "focal", "committee"])
def test_the_annex_and_a_task_take_at_most_twelve_queries(
    cast: Cast, told_period: ReportingPeriod, sign_in: Any, who: str
) -> None:
    browser = sign_in(cast.people[who])
    for address in pages(told_period.plan):
        browser.get(address)
        with CaptureQueriesContext(connection) as caught:
            browser.get(address)
        assert len(caught) <= 12, [query["sql"][:120] for query in caught]


def test_only_one_context_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    telling.register(annex.told)
    with pytest.raises(RuntimeError, match="two contexts"):
        telling.register(lambda *_: None)
