"""A place that was left to be filled reaches no paper for signature, whoever left it."""

from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.programme.models import Plan
from chuan.reporting import checklist
from chuan.reporting.collecting import Difficulty, Parts, Proposal, TaskWord
from chuan.reporting.errors import Blocked
from chuan.reporting.models import Report, ReportContent, ReportingPeriod, Submission
from chuan.reporting.register import ESTIMATES, HISTORICAL, OUTPUTS
from chuan.reporting.services import reports, submissions
from tests.cast import SYSTEM, Cast
from tests.reporting.tasks import make_tasks
from tests.reporting.test_behalf import SILENT, begin
from tests.reporting.test_pages import obligation, words
from tests.reporting.test_report import RIGHT, period, reviewed, started, step
from tests.reporting.test_said import estimate, historical, output, said

__all__ = ["period"]

BLANK = "Công văn số ….../SCT [CHƯA CÓ SỐ VĂN BẢN] mời xx người."
LEFT = {
    "nhiệm vụ I.1": Parts(tasks={"PL.I.1": TaskWord("done", BLANK)}, none=["difficulties", "proposals"]),
    "khó khăn, vướng mắc": Parts(difficulties=[Difficulty("people", BLANK, "committee")], none=["proposals"]),
    "đề xuất cho năm sau": Parts(proposals=[Proposal("", BLANK, {})], none=["difficulties"]),
}


def blocks(report: Report) -> list[checklist.Item]:
    return [item for item in checklist.items(report, today=clock.today()) if item.blocks]


def saved(cast: Cast, period: ReportingPeriod, parts: Parts) -> Submission:
    made = started(cast, period)
    tasks = {code: TaskWord("done", "Đã làm.") for code in ("PL.I.1", "PL.I.2")} | dict(parts.tasks)
    facts: Any = {"figures": RIGHT, "narrative": "Đã mở một lớp.", "nil": False}
    full = Parts(tasks=tasks, difficulties=parts.difficulties, proposals=parts.proposals, none=parts.none)
    submissions.save_draft(actor=cast.focal.actor, submission=made, version=1, parts=full, **facts)
    return made


@pytest.mark.parametrize("part", LEFT)
def test_a_unit_is_asked_to_fill_it_before_its_report_goes_to_its_leader(
    cast: Cast, plan: Plan, period: ReportingPeriod, part: str
) -> None:
    make_tasks(actor=SYSTEM, cast=cast, plan=plan)
    made = saved(cast, period, LEFT[part])
    with pytest.raises(Blocked) as error:
        step(made, "present", cast.focal)
    blanks = ("…...", "[CHƯA CÓ SỐ VĂN BẢN]", "xx")
    assert error.value.reasons == [f"{part} còn chỗ chưa điền “{blank}”, hãy điền hoặc xóa" for blank in blanks]


@pytest.mark.parametrize(
    ("part", "where"),
    [
        ("nhiệm vụ I.1", "Nhiệm vụ I.1, Phụ lục II"),
        ("khó khăn, vướng mắc", "mục IV"),
        ("đề xuất cho năm sau", "phụ lục đề xuất"),
    ],
)
def test_what_a_letter_left_open_stops_the_freeze_and_names_unit_and_place(
    cast: Cast, plan: Plan, period: ReportingPeriod, part: str, where: str
) -> None:
    make_tasks(actor=SYSTEM, cast=cast, plan=plan)
    made = begin(cast, period)
    facts: Any = {"figures": SILENT, "narrative": "", "nil": False, "parts": LEFT[part]}
    submissions.save_and_enter(actor=cast.specialist.actor, submission=made, version=0, **facts)
    report = reviewed(cast, period)
    found = [item.text for item in blocks(report)]
    assert len(found) == 3
    for text, blank in zip(found, ("…...", "[CHƯA CÓ SỐ VĂN BẢN]", "xx"), strict=True):
        assert text.startswith(f"còn chỗ chưa điền “{blank}” ở ")
        assert f"{where}: lời của Sở Công Thương; hãy để đơn vị sửa và gửi lại" in text
    with pytest.raises(Blocked):
        reports.freeze(actor=cast.specialist.actor, report=report)
    assert not ReportContent.objects.exists()


def test_what_is_said_beside_the_figures_stops_it_at_its_own_page(
    cast: Cast, plan: Plan, period: ReportingPeriod, sign_in: Any
) -> None:
    task = make_tasks(actor=SYSTEM, cast=cast, plan=plan)[0]
    said(cast.specialist, OUTPUTS, output(period, task, evidence="Biên bản số ____"))
    said(cast.specialist, ESTIMATES, estimate(period, basis="Kế hoạch số [bổ sung số]"))
    said(cast.specialist, HISTORICAL, historical(period.plan, document="Báo cáo số …/BC-SKHCN"))
    found = blocks(reviewed(cast, period))
    assert [item.text for item in found] == [
        "còn chỗ chưa điền “____” ở kết quả nhiệm vụ ghi tay, Phụ lục II",
        "còn chỗ chưa điền “[bổ sung số]” ở căn cứ ước CT2, Phụ lục I",
        "còn chỗ chưa điền “…” ở văn bản của số đã báo cáo CT2, Phụ lục I",
    ]
    browser = sign_in(cast.specialist)
    assert all(browser.get(item.address).status_code == 200 for item in found)


def test_a_units_letter_is_recorded_with_its_whole_number(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    url = reverse("reporting:enter-letter", args=[obligation(period).code])
    typed = {"number": "…/BC-SCT", "dated": "08/12/2026", "arrived": "10/12/2026"}
    answer = sign_in(cast.specialist).post(url, typed)
    assert answer.status_code == 422
    assert "Còn chỗ chưa điền: …" in words(answer)
