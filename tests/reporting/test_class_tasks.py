"""A unit that the annex names as one of a class reports on the row: on its page, in its workbook, in annex II."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuan.lib import clock
from chuan.organisations.rules import Role
from chuan.programme.models import Plan
from chuan.rendering.blocks import Text, as_inlines, plain_text
from chuan.reporting import consolidation, obligations, unit_reports
from chuan.reporting.collecting import Part, Parts, TaskWord
from chuan.reporting.models import Obligation, ReportingPeriod
from chuan.reporting.papers.annexes import _assessed, _result
from chuan.reporting.papers.words import has_result
from chuan.reporting.services import submissions
from chuan.reporting.workbooks.basis import basis
from chuan.reporting.workbooks.filling import workbook
from tests.cast import SYSTEM, Cast, member
from tests.programme.builders import real_plan
from tests.reporting.workbooks import TASKS, at, opened

ROW = "PL.II.2.3"
RIGHT: dict[str, Any] = {code: {"right": True, "missing": "", "seen": 0} for code in ("CT2", "CT2-L")}


@pytest.fixture
def owing(cast: Cast) -> list[Obligation]:
    """Two communes owe the report on the real plan."""
    plan: Plan = real_plan(cast)
    period: ReportingPeriod = submissions.open_period(
        actor=cast.specialist.actor, plan=plan, year=2026, deadline=date(2026, 12, 10), letter="",
        cut_off=date(2026, 12, 14), units=[(cast.unit(code), "Mục IV") for code in ("x-tb", "x-ct")],
    )  # fmt: skip
    return list(Obligation.objects.filter(period=period).select_related("period__plan", "unit").order_by("code"))


def test_a_communes_page_and_workbook_ask_about_the_row_that_names_communes(
    cast: Cast, owing: list[Obligation], client: Any
) -> None:
    focal = member("xa", "Lê Thị Hoa", Role.FOCAL, "x-tb", cast.units)
    client.force_login(focal.user)
    mine = next(one for one in owing if one.unit.code == "x-tb")
    submissions.start_submission(actor=focal.actor, obligation=mine)
    client.get(reverse("reporting:submission", args=[mine.code]))
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(reverse("reporting:submission", args=[mine.code])).content.decode()
    assert 'name="task_0-status"' in shown, "the row that names communes stands on the page"
    assert len(asked) <= 12, [query["sql"][:80] for query in asked]
    made = opened(workbook(basis(mine, unit_reports.attempts_of(mine), with_draft=True)))
    top, _column = at(made[TASKS], "Tình trạng năm nay")
    assert "2.3" in str([cell.value for cell in made[TASKS][top + 1]])


def test_annex_two_says_what_they_report_and_how_many(cast: Cast, owing: list[Obligation]) -> None:
    for mine, status in zip(owing, ("done", "under_way"), strict=True):
        made = submissions.start_submission(actor=SYSTEM, obligation=mine)
        parts = Parts(tasks={ROW: TaskWord(status, "Đã kiểm tra cân tại chợ")}, none=[p.value for p in Part])
        submissions.save_draft(
            actor=SYSTEM, submission=made, version=0, figures=RIGHT, narrative="Một việc.", nil=False, parts=parts
        )
        for verb in ("present", "approve", "send"):
            submissions.move_submission(actor=SYSTEM, submission=made, verb=verb)
    period = owing[0].period
    rows = obligations.tracking(period, today=clock.today())
    (told,) = [task for task in consolidation.gather(period, rows)["tasks"] if task["code"] == ROW]
    assert (
        "02 đơn vị (Ủy ban nhân dân xã Châu Thành, Ủy ban nhân dân xã Tân Biên): Đã kiểm tra cân tại chợ."
        in plain_text(_result({"figures": []}, told))
    )
    assert _assessed({"figures": []}, told) == "Đã hoàn thành: 1 đơn vị; Đang thực hiện: 1 đơn vị"


def test_words_that_several_units_share_stand_once_in_the_order_in_which_they_were_said() -> None:
    said = [
        {"unit": unit, "status": "done", "words": words}
        for unit, words in (
            ("Sở Y tế", "Đã kiểm tra"),
            ("Sở Công Thương", "Đã tập huấn."),
            ("Sở Tài chính", " Đã  kiểm tra."),
            ("Sở Xây dựng", " "),
        )
    ]
    told = plain_text(_result({"figures": []}, {"code": "PL.I.1", "said": said, "outputs": []}))
    assert told == "02 đơn vị (Sở Y tế, Sở Tài chính): Đã kiểm tra. Sở Công Thương: Đã tập huấn."


def test_paper_names_three_units_that_say_the_same_and_a_worksheet_every_one() -> None:
    said = [{"unit": f"Xã {name}", "status": "done", "words": "Đã kiểm tra cân."} for name in "ABCDE"]
    told = as_inlines(_result({"figures": []}, {"code": "PL.I.1", "said": said, "outputs": []}))[0]
    assert isinstance(told, Text)
    assert told.text == "05 đơn vị (Xã A, Xã B, Xã C và 02 đơn vị khác): Đã kiểm tra cân."
    assert told.in_full == "05 đơn vị (Xã A, Xã B, Xã C, Xã D, Xã E): Đã kiểm tra cân."


@pytest.mark.parametrize(
    ("status", "shown"), [("done", True), ("under_way", True), ("not_begun", False), ("nil", False)]
)
def test_a_task_has_a_result_where_a_unit_has_something_to_show(status: str, shown: bool) -> None:
    task = {"code": "PL.I.1", "said": [{"unit": "Sở Y tế", "status": status, "words": "x"}], "outputs": []}
    assert has_result({"figures": []}, task) == shown
