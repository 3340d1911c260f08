"""What units reported, put together on paper: tasks, money, proposals, difficulties; what is said beside figures."""

import dataclasses
import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from chuan.programme.models import Plan, Task
from chuan.rendering.blocks import (
    Annex,
    Bullets,
    Cell,
    FigureInline,
    Footnote,
    GroupRow,
    Heading,
    Inlines,
    OfficialDocument,
    Paragraph,
    Table,
    as_inlines,
)
from chuan.rendering.word import read_figures
from chuan.reporting import drafts, jobs, papers, unit_reports
from chuan.reporting.collecting import TRIEU, Difficulty, Parts, Proposal, TaskWord
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import Obligation, Paper, Report, ReportingPeriod
from chuan.reporting.register import ESTIMATES, HISTORICAL, OUTPUTS
from chuan.reporting.rules import Recipient
from chuan.reporting.services import reports, submissions
from chuan.reporting.services.figures import ship_definition
from tests.cast import SYSTEM, Cast, Member
from tests.programme.builders import real_plan
from tests.reporting.test_report import RIGHT, period, step
from tests.reporting.test_said import estimate, historical, said
from tests.training.builders import course, line

__all__ = ["period"]

WORDS = {
    "direction": "Sở ban hành Công văn số 812/SKHCN-TĐC ngày 10/11/2026 đề nghị báo cáo.\n"
    "Sở tham mưu Kế hoạch hưởng ứng Ngày Đo lường Việt Nam.",
    "results": "Phong trào thi đua được duy trì.",
    "money": "Kinh phí được cấp kịp thời.",
    "difficulties": "Số kiểm định viên còn thiếu.",
    "next": "Tiếp tục mở lớp đào tạo kiểm định viên.",
    "requests": "Kính đề nghị Ủy ban nhân dân tỉnh bố trí kinh phí năm 2027.",
}
FIRST = Parts(
    money={"budget": 120 * TRIEU + 500_000, "enterprise": 30 * TRIEU},
    difficulties=[
        Difficulty("people", "Thiếu kiểm định viên áp kế.", "department", "Chưa có lớp đào tạo."),
        Difficulty("money", "Chưa có kinh phí mua chuẩn.", "committee"),
    ],
    proposals=[Proposal("", "Mở ba lớp tập huấn", {"budget": 90 * TRIEU, "sponsor": 5 * TRIEU})],
)
SECOND = Parts(
    money={"budget": 80 * TRIEU},
    difficulties=[Difficulty("rules", "Thông tư chưa quy định chu kỳ.", "ministry")],
    proposals=[Proposal("", "Mua bộ quả cân chuẩn", {"budget": 250 * TRIEU})],
)


@pytest.fixture
def real(cast: Cast) -> Plan:
    """Kế hoạch 2828 with the shipped definitions."""
    for indicator in INDICATORS:
        ship_definition(actor=SYSTEM, indicator_id=indicator)
    return real_plan(cast)


@pytest.fixture
def told(cast: Cast, real: Plan) -> ReportingPeriod:
    """Two units reported, a third did not; an estimate, a total of a letter and an output were said."""
    codes = ("so-ct", "so-yt", "so-tc")
    opened = submissions.open_period(
        actor=cast.specialist.actor, plan=real, year=2026, deadline=date(2026, 12, 10), letter="Công văn 812",
        cut_off=date(2026, 12, 14),
        units=[(cast.unit(code), "Mục IV") for code in codes],
    )  # fmt: skip
    for number in range(3):
        line(cast, course(cast, title=f"Lớp {number}"), f"Người Học Thứ {number}")
    turned_in(cast, opened, "so-ct", cast.focal, cast.leader, FIRST)
    turned_in(cast, opened, "so-yt", cast.other_focal, cast.other_leader, SECOND)
    said(cast.specialist, ESTIMATES, estimate(opened))
    said(cast.specialist, HISTORICAL, historical(real))
    return opened


def output(opened: ReportingPeriod) -> dict[str, Any]:
    """Two conferences for the first task, without evidence."""
    task = Task.objects.get(plan=opened.plan, item__code="PL.I.1")
    facts = {"what": "Hội nghị phổ biến", "value": 2, "unit": "hội nghị", "evidence": "", "note": ""}
    return {"period_id": opened.pk, "item_id": task.item_id, "confirmer": "Nguyễn Thị Minh Anh", **facts}


def turned_in(cast: Cast, opened: ReportingPeriod, unit: str, focal: Member, leader: Member, parts: Parts) -> None:
    """A unit's report with a word on each of its tasks."""
    obligation = Obligation.objects.select_related("period__plan", "unit").get(period=opened, unit__code=unit)
    made = submissions.start_submission(actor=focal.actor, obligation=obligation)
    codes = [task.code for task in unit_reports.filled(obligation, {}, None).tasks]
    words = {
        code: dataclasses.replace(parts.tasks.get(code, TaskWord()), status="done", words=f"{unit} đã làm việc {n}.")
        for n, code in enumerate(codes)
    }
    full = dataclasses.replace(parts, tasks=words)
    submissions.save_draft(
        actor=focal.actor,
        submission=made,
        version=0,
        figures=RIGHT,
        narrative=f"Lời của {unit}.",
        nil=False,
        parts=full,
    )
    for verb, who in (("present", focal), ("approve", leader), ("send", focal)):
        step(made, verb, who)


def drafted(cast: Cast, opened: ReportingPeriod) -> Report:
    report = reports.start_report(actor=cast.specialist.actor, period=opened)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=WORDS)
    return Report.objects.get(pk=report.pk)


def paper(cast: Cast, opened: ReportingPeriod, recipient: Recipient = Recipient.COMMITTEE) -> OfficialDocument:
    return papers.document(drafts.snapshot(drafted(cast, opened)), recipient=recipient, draft=True)


def sentence(inlines: Inlines) -> str:
    """The words of a paragraph, notes left out."""
    told = (
        one.printed if isinstance(one, FigureInline) else one.text for one in inlines if not isinstance(one, Footnote)
    )
    return "".join(told).replace("\xa0", " ")


def below(doc: OfficialDocument, heading: str) -> list[str]:
    """What is said under a heading, up to the next one; a table as its rows."""
    titles = [place for place, block in enumerate(doc.body) if isinstance(block, Heading) and heading in block.text]
    found: list[str] = []
    for block in doc.body[titles[0] + 1 :]:
        match block:
            case Heading():
                break
            case Paragraph():
                found.append(sentence(block.inlines))
            case Bullets():
                found += [f"- {sentence(item)}" for item in block.items]
            case Table():
                found += rows(block)
    return found


def rows(table: Table) -> list[str]:
    """Rows as cells side by side."""
    return [
        row.text if isinstance(row, GroupRow) else " | ".join(sentence(as_inlines(cell)) for cell in row)
        for row in table.rows
    ]


def annex(doc: OfficialDocument, title: str) -> Annex:
    return next(one for one in doc.annexes if title in one.title)


def table(one: Annex) -> list[str]:
    return [row for block in one.blocks if isinstance(block, Table) for row in rows(block)]


def notes(one: Annex) -> str:
    return " ".join(sentence(block.inlines) for block in one.blocks if isinstance(block, Paragraph))


def test_the_ministry_is_not_told_who_was_late_and_its_annexes_are_numbered_without_a_gap(
    cast: Cast, told: ReportingPeriod
) -> None:
    snapshot = drafts.snapshot(drafted(cast, told))
    ours, theirs = (papers.document(snapshot, recipient=r) for r in (Recipient.COMMITTEE, Recipient.MINISTRY))
    assert [one.number for one in ours.annexes] == ["I", "II", "III", "IV"]
    assert [one.number for one in theirs.annexes] == ["I", "II", "III"]
    late = table(annex(ours, "TÌNH HÌNH GỬI"))
    assert [row.split(" | ")[5] for row in late] == ["Quá hạn", "Chưa gửi", "Quá hạn"]
    assert not any("Quá hạn" in row or "Chưa gửi" in row for one in theirs.annexes for row in table(one))
    assert "(Phụ lục IV)" in " ".join(below(ours, "V. PHƯƠNG HƯỚNG"))
    assert "(Phụ lục III)" in " ".join(below(theirs, "V. PHƯƠNG HƯỚNG"))


def test_a_unit_that_sent_nothing_counts_for_nothing(cast: Cast, real: Plan) -> None:
    opened = submissions.open_period(
        actor=cast.specialist.actor, plan=real, year=2026, deadline=date(2026, 12, 10), letter="",
        cut_off=date(2026, 12, 14),
        units=[(cast.unit("so-ct"), "Mục IV")],
    )  # fmt: skip
    doc = paper(cast, opened)
    assert below(doc, "III. KINH PHÍ") == ["Kinh phí được cấp kịp thời."]
    assert notes(annex(doc, "ĐỀ XUẤT")) == "Các đơn vị không có đề xuất cho năm sau."


def test_points_are_lettered_as_vietnamese_is(cast: Cast, told: ReportingPeriod) -> None:
    points = [b.text.partition(" ")[0] for b in paper(cast, told).body if isinstance(b, Heading) and b.level == 3]
    assert points == ["a)", "b)", "c)", "d)", "đ)"]


def test_money_is_added_up_by_source_in_million_dong(cast: Cast, told: ReportingPeriod) -> None:
    assert below(paper(cast, told), "III. KINH PHÍ") == [
        "Tổng hợp từ 02 đơn vị có nêu kinh phí (đơn vị: triệu đồng):",
        "Ngân sách nhà nước | 200,5",
        "Đóng góp của doanh nghiệp | 30",
        "Tổng cộng | 230,5",
        "Kinh phí được cấp kịp thời.",
    ]


def test_proposals_stand_by_source_with_a_total(cast: Cast, told: ReportingPeriod) -> None:
    doc = paper(cast, told)
    assert table(annex(doc, "ĐỀ XUẤT")) == [
        "1 | Sở Công Thương | Mở ba lớp tập huấn | – | 90 | – | 5 | – | – | 95",
        "2 | Sở Y tế | Mua bộ quả cân chuẩn | – | 250 | – | – | – | – | 250",
        " | Tổng cộng |  |  | 340 | 0 | 5 | 0 | 0 | 345",
    ]
    assert "02 đơn vị đề xuất 02 nội dung cho năm sau, kinh phí 345 triệu đồng" in below(doc, "V. PHƯƠNG HƯỚNG")[1]


def test_difficulties_stand_by_kind_and_what_is_asked_by_whom_it_is_put_to(cast: Cast, told: ReportingPeriod) -> None:
    doc = paper(cast, told)
    assert below(doc, "IV. KHÓ KHĂN") == [
        "Số kiểm định viên còn thiếu.",
        "Thể chế, chính sách:",
        "- Thông tư chưa quy định chu kỳ (Sở Y tế).",
        "Kinh phí:",
        "- Chưa có kinh phí mua chuẩn (Sở Công Thương).",
        "Nhân lực:",
        "- Thiếu kiểm định viên áp kế (Sở Công Thương). Nguyên nhân: Chưa có lớp đào tạo.",
    ]
    committee = below(doc, "1. Đối với Ủy ban nhân dân tỉnh")
    ministry = below(doc, "2. Đối với Bộ Khoa học và Công nghệ")
    assert committee == ["- Xem xét, giải quyết: Chưa có kinh phí mua chuẩn (Sở Công Thương)."]
    assert ministry[0] == "- Xem xét, giải quyết: Thông tư chưa quy định chu kỳ (Sở Y tế)."
    assert ministry[1] == WORDS["requests"]


def test_what_several_units_find_difficult_in_the_same_words_stands_once(cast: Cast, told: ReportingPeriod) -> None:
    def line(unit: str, cause: str, words: str = "Thiếu người.") -> dict[str, str]:
        return {"unit": unit, "kind": "people", "words": words, "to": "ministry", "cause": cause}

    snapshot = drafts.snapshot(drafted(cast, told))
    same = [line(f"Xã {name}", "Kiêm nhiệm.", words) for name, words in zip("ABCD", ["Thiếu  người"] * 4, strict=True)]
    old = {name: words for name, words in line("Sở Y tế", "").items() if name != "cause"}
    snapshot["collected"]["difficulties"] = [*same, line("Xã E", "Nghỉ việc."), old]
    doc = papers.document(snapshot)
    assert below(doc, "IV. KHÓ KHĂN")[-3:] == [
        "- Thiếu người (04 đơn vị: Xã A, Xã B, Xã C và 01 đơn vị khác). Nguyên nhân: Kiêm nhiệm.",
        "- Thiếu người (Xã E). Nguyên nhân: Nghỉ việc.",
        "- Thiếu người (Sở Y tế).",
    ]
    (asked,) = [one for one in below(doc, "1. Đối với Bộ") if one.startswith("- ")]
    assert asked == "- Xem xét, giải quyết: Thiếu người (06 đơn vị: Xã A, Xã B, Xã C và 03 đơn vị khác)."


def test_every_number_of_the_annexes_is_a_field_that_names_what_was_typed_over_it(
    cast: Cast, told: ReportingPeriod
) -> None:
    said(cast.specialist, OUTPUTS, output(told))
    snapshot = drafts.snapshot(drafted(cast, told))
    for number, reading in enumerate(reading for one in snapshot["figures"] for reading in one["readings"]):
        reading["value"] = number
    doc = papers.document(snapshot, draft=True)

    def codes(title: str) -> dict[str, str]:
        found = (as_inlines(cell) for row in tables(annex(doc, title)) for cell in row)
        return {one.code: one.printed for cell in found for one in cell if isinstance(one, FigureInline)}

    targets = codes("CHỈ TIÊU")
    assert targets["CT2.uoc"] == "06"
    assert {"50", "100"} <= {printed for code, printed in targets.items() if code.startswith("TH.muc-tieu.")}
    assert codes("KẾT QUẢ")["TH.kq.1"] == "02\xa0hội nghị"
    proposed = codes("ĐỀ XUẤT")
    assert [proposed[f"TH.de-xuat.{code}"] for code in ("1.budget", "1.sponsor", "1.cong", "budget", "cong")] == [
        "90", "5", "95", "340", "345",
    ]  # fmt: skip
    twice = {code: words for code, words in read_figures(papers.docx(doc)).items() if "≠" in words}
    assert twice == {}, "one code, one number"
    sheet = load_workbook(io.BytesIO(papers.xlsx(doc)))[annex(doc, "ĐỀ XUẤT").label]
    money = [cell.value for cell in next(row for row in sheet.iter_rows() if row[1].value == "Tổng cộng")][4:]
    assert money == [340, 0, 5, 0, 0, 345]


def tables(one: Annex) -> list[tuple[Cell, ...]]:
    """Rows of an annex's tables, titles between them left out."""
    rows_of = (block.rows for block in one.blocks if isinstance(block, Table))
    return [row for found in rows_of for row in found if not isinstance(row, GroupRow)]


def test_the_plans_lists_keep_their_lines_and_every_reading_its_printed_words(
    cast: Cast, told: ReportingPeriod
) -> None:
    doc = paper(cast, told)
    (developed,) = [row for row in table(annex(doc, "KẾT QUẢ")) if row.startswith("2.1 |")]
    assert "Trong đó:\n- Giai đoạn đến 2025: 05 chất chuẩn" in developed
    assert "các loại\n- Giai đoạn từ 2025 - 2030: 10" in developed
    cells = [row.split(" | ") for row in table(annex(doc, "CHỈ TIÊU")) if " | " in row]
    assert all(cell[1].startswith("“") for cell in cells)


def test_notes_on_the_targets_stand_above_the_table_and_fill_no_page_of_their_own(
    cast: Cast, told: ReportingPeriod
) -> None:
    *above, last = annex(paper(cast, told), "CHỈ TIÊU").blocks
    assert isinstance(last, Table)
    assert len(above) == 2


def test_estimates_and_totals_of_letters_stand_beside_the_counted_figures_and_in_none(
    cast: Cast, told: ReportingPeriod
) -> None:
    one = annex(paper(cast, told), "CHỈ TIÊU")
    persons = [row.split(" | ") for row in table(one) if row.endswith("| CT2")]
    assert [(row[8], row[9]) for row in persons if row[7] == "≥ 100"] == [("0", "06"), ("0", "06")]
    assert "CT2: ước tăng thêm 06, căn cứ: Lớp tập huấn theo Kế hoạch số 15/KH-SKHCN" in notes(one)
    assert "31 theo Báo cáo số 210/BC-SKHCN" in notes(one)
    assert "không cộng vào số trên" in notes(one)


def test_every_reading_is_printed_and_every_open_contradiction_quoted_at_the_foot(
    cast: Cast, told: ReportingPeriod
) -> None:
    doc = paper(cast, told)
    snapshot = drafts.snapshot(Report.objects.get())
    readings = [reading for found in snapshot["figures"] for reading in found["readings"]]
    printed = [row for row in table(annex(doc, "CHỈ TIÊU")) if " | " in row]
    assert len(printed) == len(readings) > 20
    said_so = next(
        b for b in doc.body if isinstance(b, Paragraph) and "hiểu được theo nhiều cách" in sentence(b.inlines)
    )
    quoted = [one.text for one in said_so.inlines if isinstance(one, Footnote)]
    assert len(quoted) == len(snapshot["collected"]["contradictions"]) == 9
    assert all("“" in words for words in quoted)


def test_the_stage_to_2025_is_closed(cast: Cast, told: ReportingPeriod) -> None:
    found = below(paper(cast, told), "3. Theo chỉ tiêu")
    assert "Giai đoạn đến ngày 31/12/2025 đã kết thúc. Kết quả theo từng cách hiểu nêu tại Phụ lục I." in found
    assert "Số người được đào tạo, bồi dưỡng về đo lường | ≥ 50: chưa đạt | ≥ 100: chưa đến hạn" in found


def test_two_targets_of_one_stage_stand_in_rows_of_their_own(cast: Cast, told: ReportingPeriod) -> None:
    """The readings of each bear the same letters."""
    title = "Số loại chuẩn đo lường, chất chuẩn, phương tiện đo được phát triển"
    found = [row for row in below(paper(cast, told), "3. Theo chỉ tiêu") if row.startswith(title)]
    assert found == [
        f"{title} | ≥ 05: chưa xác định | –",
        f"{title} | – | ≥ 15: chưa đến hạn theo cách hiểu A; chưa xác định theo cách hiểu B",
        f"{title} | – | ≥ 10: chưa đến hạn theo cách hiểu A, B; chưa xác định theo cách hiểu C, D",
    ]


def test_every_paper_of_every_recipient_is_made_from_the_frozen_content(cast: Cast, told: ReportingPeriod) -> None:
    report = drafted(cast, told)
    reports.review(actor=cast.head.actor, report=report)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(content.pk)
    made = [(one.recipient, one.kind) for one in Paper.objects.all()]
    assert sorted(made) == [(r, k) for r in ("bo", "ubnd") for k in ("docx", "pdf", "xlsx")]
