"""Money that a unit ties to its tasks: a breakdown of the money by source, from its page to annex II and the plan."""

import dataclasses
import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from chuan.programme.models import Plan
from chuan.registers.rules import Verdict
from chuan.reporting import drafts, papers, unit_reports
from chuan.reporting.collecting import TRIEU, Parts, TaskWord
from chuan.reporting.models import ReportingPeriod, Submission
from chuan.reporting.rules import Recipient
from chuan.reporting.services import submissions
from tests.cast import SYSTEM, Cast
from tests.reporting.tasks import make_tasks
from tests.reporting.test_annex import pages
from tests.reporting.test_annex import words as read_at
from tests.reporting.test_behalf import SILENT, begin
from tests.reporting.test_consolidation import FIRST, SECOND, annex, drafted, notes, table, turned_in
from tests.reporting.test_links import TYPED, linked
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import RIGHT, period, step
from tests.reporting.test_unit_report import TASKS, form, lacks, last_years, owed, sent, written
from tests.reporting.workbooks import FILLED, MONEY, SAID, judged, out, typed, wrong
from tests.reporting.workbooks import TASKS as SHEET

__all__ = ["form", "period"]

PLANNED, SPENT = "Dự toán năm nay (triệu đồng)", "Thực hiện năm nay (triệu đồng)"


@pytest.fixture(autouse=True)
def small_annex(cast: Cast, plan: Plan) -> None:
    make_tasks(actor=SYSTEM, cast=cast, plan=plan)


def costing(spent: int | None, planned: int | None = None, **money: int) -> Parts:
    """so-ct's report: its first task with these amounts in triệu đồng, and money by source."""
    first = dataclasses.replace(
        TASKS["PL.I.1"],
        spent=None if spent is None else spent * TRIEU,
        planned=None if planned is None else planned * TRIEU,
    )
    return Parts(tasks={**TASKS, "PL.I.1": first}, money={s: n * TRIEU for s, n in money.items()})


# -- refusals


@pytest.mark.parametrize("amount", ["1.234", "-1", "0,0000001", "nhiều", "99999999999999999"])
def test_an_amount_that_cannot_be_is_refused_at_its_task_and_stays_as_typed(form: Any, amount: str) -> None:
    answer = form(**{"task_0-spent": amount})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert f'value="{amount}"' in body
    assert "Thực hiện trong năm, nhiệm vụ I.1" in words(answer)
    assert body.count('task-money" open') == 1, "the task's own fields are unfolded, the others are not"


def test_tasks_that_cost_more_than_the_sources_gave_keep_the_report_back(cast: Cast, period: ReportingPeriod) -> None:
    made = written(cast, period, costing(250, budget=210))
    told_so = lacks(cast, made)
    assert "theo nhiệm vụ cộng lại là 250 triệu đồng, lớn hơn tổng theo nguồn là 210 triệu đồng" in told_so
    for parts, sums in ((costing(250), "chưa nêu kinh phí theo nguồn"), (costing(1, budget=0), "nguồn là 0 triệu")):
        said: Any = {"figures": RIGHT, "narrative": "Một lớp.", "nil": False, "parts": parts}
        submissions.save_draft(actor=cast.focal.actor, submission=made, version=made.draft_version, **said)
        assert sums in lacks(cast, made)


@pytest.mark.parametrize(
    "parts", [costing(210, 500, budget=210), costing(0), costing(None, 500), costing(5, budget=4, other=1)]
)
def test_a_part_of_the_money_or_a_plan_alone_is_not_asked_about(
    cast: Cast, period: ReportingPeriod, parts: Parts
) -> None:
    step(written(cast, period, parts), "present", cast.focal)


def test_money_of_a_task_that_is_the_units_no_more_counts_for_nothing(cast: Cast, period: ReportingPeriod) -> None:
    alien = {**TASKS, "PL.I.3": TaskWord("done", "Của đơn vị khác.", spent=900 * TRIEU)}
    content = sent(cast, period, Parts(tasks=alien, money={"budget": TRIEU})).content
    assert content
    assert content.parts["tasks"].keys() == TASKS.keys()


# -- on the page


def test_amounts_are_typed_in_million_kept_in_dong_and_need_not_be_said(form: Any) -> None:
    assert form(**{"task_0-spent": "12,5", "task_0-planned": "0", "money-budget": "20"}).status_code == 302
    tasks = Submission.objects.get().draft["tasks"]
    assert tasks["PL.I.1"] == {"status": "done", "words": "Đã mở.", "planned": 0, "spent": 12_500_000}
    assert tasks["PL.I.2"] == {"status": "nil", "words": ""}


def test_an_odd_amount_is_asked_about_beside_last_years_of_the_same_task(
    form: Any, cast: Cast, plan: Plan, period: ReportingPeriod
) -> None:
    last_years(cast, plan, costing(5, 900, budget=900))
    odd = {"task_0-spent": "5000", "money-budget": "9000"}
    answer = form(**odd)
    assert answer.status_code == 422
    assert "5.000 triệu đồng lớn bất thường" in words(answer)
    assert "Dự toán 900; thực hiện 5 triệu đồng" in words(answer), "last year's amounts stand beside the fields"
    assert 'name="sure_task.PL.I.1.spent"' in answer.content.decode()
    assert form(**odd, **{"sure_task.PL.I.1.spent": "5000000000"}).status_code == 302
    assert form(**odd, version="1").status_code == 302, "the same amount is not asked about again"


@pytest.mark.parametrize("tick", ["sure_task.PL.I.9.spent", "sure_task.spent", "sure_task", "sure_tasks", "sure_x.y"])
def test_a_tick_that_no_page_has_confirms_nothing(form: Any, tick: str) -> None:
    assert form(**{tick: "on"}).status_code == 302
    assert Submission.objects.get().draft["sure"] == []


def test_presenting_asks_with_both_sums_loses_nothing_and_goes_on_once_it_is_confirmed(
    form: Any, cast: Cast, period: ReportingPeriod
) -> None:
    fields = {"task_0-spent": "250", "money-budget": "210", "narrative": "Lời vừa gõ", "present": "1"}
    answer = form(**fields)
    assert answer.status_code == 409
    body = answer.content.decode()
    for kept in ('value="250"', 'value="210"', "Lời vừa gõ", 'name="sure_tasks"'):
        assert kept in body
    assert words(answer).count("lớn hơn tổng theo nguồn là 210 triệu đồng") == 2, "at the top and in section 3"
    assert form(**fields, sure_tasks="250000000>200000000").status_code == 409, "it was asked of other sums"
    assert form(**fields, sure_tasks="250000000>210000000").status_code == 302
    made = Submission.objects.get()
    assert made.state == "with_leader"
    assert made.draft["sure"] == ["tasks=250000000>210000000"]


def test_a_draft_is_saved_and_says_so_before_it_is_asked_about(
    form: Any, sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    assert form(**{"task_0-spent": "250", "money-budget": "210"}).status_code == 302
    shown = page(sign_in, cast, "focal", "submission", owed(period).code)
    assert "lớn hơn tổng theo nguồn là 210 triệu đồng" in words(shown)
    assert "Kinh phí của nhiệm vụ: thực hiện 250 triệu đồng" in words(shown)
    confirmed = {"task_0-spent": "250", "money-budget": "210", "sure_tasks": "250000000>210000000"}
    assert form(**confirmed, version="1").status_code == 302
    again = page(sign_in, cast, "focal", "submission", owed(period).code).content.decode()
    assert 'value="250000000&gt;210000000" checked' in again


def test_who_answers_by_a_link_is_asked_too(cast: Cast, period: ReportingPeriod) -> None:
    _link, token = linked(cast, period)
    url = reverse("reporting:answer", args=[token])
    tasks = {"task_0-status": "done", "task_0-words": "Đã mở.", "task_0-spent": "7", "task_1-status": "nil"}
    answer = Client().post(url, {**TYPED, **tasks, "money-budget": "5"})
    assert answer.status_code == 409
    assert "lớn hơn tổng theo nguồn là 5 triệu đồng" in words(answer)
    done = Client().post(url, {**TYPED, **tasks, "money-budget": "5", "sure_tasks": "7000000>5000000"})
    assert "TN-2026-0001" in words(done)


def test_who_types_a_letter_is_asked_too(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    begin(cast, period)
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:save-draft", args=[owed(period).code])
    fields = {"version": "0", "difficulty_lines": "0", "proposal_lines": "0", "enter": "1", "narrative": "Theo văn bản"}
    fields |= {f"seen_{code}": "0" for code in SILENT} | {"task_1-spent": "7", "money-budget": "5"}
    assert "là 5 triệu đồng" in words(browser.post(url, fields))
    assert browser.post(url, {**fields, "sure_tasks": "7000000>5000000"}).status_code == 302
    content = Submission.objects.select_related("content").get().content
    assert content
    assert content.parts["tasks"]["PL.I.2"]["spent"] == 7 * TRIEU, "a letter may give a task's money alone"


# -- sealed, read again


def test_a_report_that_was_sent_before_tasks_had_money_reads_as_before(cast: Cast, period: ReportingPeriod) -> None:
    content = sent(cast, period).content
    assert content
    assert content.parts["tasks"]["PL.I.1"].keys() == {"order", "label", "title", "status", "words"}
    assert Parts.of(content.parts).tasks["PL.I.1"].amounts() == {}
    tasks, money, *_rest = unit_reports.sections(content.parts)
    assert tasks.entries[0].text == "Đã hoàn thành. Đã mở hai hội nghị."
    assert money.note == ""


def test_the_leader_reads_a_tasks_money_and_what_changed_since_the_last_attempt(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    following = step(
        sent(cast, period, costing(80, 120, budget=210)), "return_lines", cast.specialist, note="x", lines=[]
    )
    said: Any = {"figures": RIGHT, "narrative": "Một lớp.", "nil": False, "parts": costing(90, budget=210)}
    submissions.save_draft(actor=cast.focal.actor, submission=following, version=following.draft_version, **said)
    step(following, "present", cast.focal)
    shown = words(page(sign_in, cast, "leader", "submission", owed(period).code))
    assert "Đã mở hai hội nghị. Thực hiện 90 triệu đồng" in shown.replace("<br>", " ")
    assert "Dự toán 120; thực hiện 80 triệu đồng" in shown, "as it read the last time"
    assert "Tổng theo nhiệm vụ: 90." in shown


# -- the workbook


def test_a_workbook_goes_out_with_the_amounts_and_comes_back_as_it_went(
    cast: Cast, plan: Plan, period: ReportingPeriod
) -> None:
    last_years(cast, plan, costing(5, budget=9))
    written(cast, period, costing(80, 120, budget=210))
    content = out(period)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first = next(row for row in rows if "I.1" in row)
    assert first[-3:] == [5, 120, 80]
    assert judged(content, period).counts[Verdict.SAME] == len(judged(content, period).rows)


def test_amounts_typed_in_a_workbook_are_taken_with_a_verdict_on_their_row(cast: Cast, period: ReportingPeriod) -> None:
    amounts = ((SHEET, "I.1", PLANNED, 120), (SHEET, "I.1", SPENT, 80.5))
    checked = judged(typed(out(period), *FILLED, *amounts), period)
    first = dataclasses.replace(SAID.tasks["PL.I.1"], planned=120 * TRIEU, spent=80_500_000)
    assert checked.form.said()["parts"] == dataclasses.replace(SAID, tasks={**SAID.tasks, "PL.I.1": first})
    row = next(row for row in checked.rows if row.title.startswith("I.1."))
    assert [(change.label, change.new) for change in row.changes][-2:] == [(PLANNED, "120"), (SPENT, "80,5")]
    assert checked.notes == []


@pytest.mark.parametrize("value", [-1, "1.234", "nhiều", "=1+1"])
def test_an_amount_that_cannot_be_is_wrong_in_its_cell(cast: Cast, period: ReportingPeriod, value: Any) -> None:
    checked = judged(typed(out(period), *FILLED, (SHEET, "I.1", SPENT, value)), period)
    assert wrong(checked).startswith("2. Nhiệm vụ, ô J5: ")


def test_a_workbook_asks_about_an_odd_amount_and_foretells_what_presenting_asks(
    cast: Cast, period: ReportingPeriod
) -> None:
    odd = typed(
        out(period),
        *FILLED,
        (SHEET, "I.1", SPENT, 80_000_000),
        (MONEY, "Vốn tổ chức, cá nhân", "Năm nay (triệu đồng)", 5),
    )
    assert [name for name, _words in judged(odd, period).ticks] == ["sure_task.PL.I.1.spent"]
    over = judged(typed(out(period), *FILLED, (SHEET, "I.1", SPENT, 200)), period)
    assert over.wrong == 0
    assert any("Khi trình sẽ hỏi lại: kinh phí thực hiện theo nhiệm vụ cộng lại là 200" in note for note in over.notes)


# -- put together


#: so-ct says both amounts of the first task, so-yt what it spent on it; neither says any of the second.
SAID_OF_FIRST = (TaskWord(planned=120 * TRIEU, spent=80_500_000), TaskWord(spent=10 * TRIEU))


def two_units(cast: Cast, plan: Plan, amounts: tuple[TaskWord, TaskWord] = SAID_OF_FIRST) -> ReportingPeriod:
    """Both units' reports, turned in."""
    opened = submissions.open_period(
        actor=cast.specialist.actor, plan=plan, year=2026, deadline=date(2026, 12, 10), letter="",
        cut_off=date(2026, 12, 14),
        units=[(cast.unit(code), "Mục IV") for code in ("so-ct", "so-yt")],
    )  # fmt: skip
    first, second = (dataclasses.replace(p, tasks={"PL.I.1": w}) for p, w in zip((FIRST, SECOND), amounts, strict=True))
    turned_in(cast, opened, "so-ct", cast.focal, cast.leader, first)
    turned_in(cast, opened, "so-yt", cast.other_focal, cast.other_leader, second)
    return opened


@pytest.mark.parametrize("recipient", list(Recipient))
def test_annex_two_adds_up_what_units_tied_to_each_task(cast: Cast, plan: Plan, recipient: Recipient) -> None:
    snapshot = drafts.snapshot(drafted(cast, two_units(cast, plan)))
    doc = papers.document(snapshot, recipient=recipient, draft=True)
    made = annex(doc, "KẾT QUẢ THỰC HIỆN PHỤ LỤC")
    first, second, third, total = table(made)[-4:]
    assert " | 120 | 90,5 | " in first
    assert total == " | Tổng cộng |  |  |  |  |  | 120 | 90,5 | "
    assert all(" | – | – | " in row for row in (second, third))
    assert "số 02 đơn vị nêu riêng cho từng nhiệm vụ" in notes(made)
    book = openpyxl.load_workbook(io.BytesIO(papers.xlsx(doc)))[made.label]
    costs = [[row[7].value, row[8].value] for row in book.iter_rows()]
    assert costs.count([120, 90.5]) == 2, "numbers, not text"


def test_money_by_source_is_not_touched_by_it(cast: Cast, plan: Plan) -> None:
    snapshot = drafts.snapshot(drafted(cast, two_units(cast, plan)))
    assert snapshot["collected"]["money"]["by_source"] == {"budget": 200_500_000, "enterprise": 30 * TRIEU}


def test_where_no_unit_says_any_annex_two_says_so(cast: Cast, plan: Plan) -> None:
    snapshot = drafts.snapshot(drafted(cast, two_units(cast, plan, (TaskWord(), TaskWord()))))
    for task in snapshot["collected"]["tasks"]:
        assert task.pop("money") == []
    made = annex(papers.document(snapshot, draft=True), "KẾT QUẢ THỰC HIỆN PHỤ LỤC")
    assert "theo nguồn, không theo từng nhiệm vụ" in notes(made), "also of what was frozen without the key"
    assert "Tổng cộng" not in " ".join(table(made))


def test_the_plans_pages_tell_the_department_the_sum_and_each_unit_its_own(
    cast: Cast, plan: Plan, sign_in: Any
) -> None:
    two_units(cast, plan)
    whole, one = pages(plan, "PL.I.1")
    office = sign_in(cast.specialist)
    assert "Dự toán 120; thực hiện 90,5 triệu đồng" in read_at(office, whole)
    assert "Sở Y tế: Thực hiện 10 triệu đồng" in read_at(office, one)
    for who, own, others in (("focal", "Dự toán 120; thực hiện 80,5", "90,5"), ("other_focal", "Thực hiện 10", "80,5")):
        for address in (whole, one):
            shown = read_at(sign_in(cast.people[who]), address)
            assert f"{own} triệu đồng" in shown
            assert others not in shown
    for who in ("finance", "committee", "laboratory"):
        assert "triệu đồng" not in read_at(sign_in(cast.people[who]), one)
        assert "Chưa có đơn vị nào nêu kinh phí" in read_at(sign_in(cast.people[who]), whole)
