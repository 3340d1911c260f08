"""A report that the Ministry or the Committee asks for besides the year's: its own days, and the letter it cites."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.urls import reverse
from openpyxl import load_workbook

from chuan.files.store import read
from chuan.ledger.integrity import Finding
from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.portal.brief import brief_of
from chuan.portal.home import Desk, cards
from chuan.portal.year import year_of
from chuan.programme.models import Plan
from chuan.rendering.blocks import FigureInline, GroupRow, OfficialDocument, Table
from chuan.reporting import checklist, drafts, jobs, letter_papers, obligations, papers, regime, verify
from chuan.reporting.errors import AlreadyBegun, Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.models import Paper, Report, ReportingPeriod, RequestingDocument
from chuan.reporting.papers import submittals
from chuan.reporting.rules import Recipient
from chuan.reporting.services import letters, periods, reports
from chuan.reporting.services.periods import Request
from tests.cast import Cast
from tests.rendering.word_hands import W, edited, new_paragraph
from tests.reporting.test_command import run
from tests.reporting.test_issuing import by_committee
from tests.reporting.test_pages import page, words
from tests.reporting.test_replacing import issue, replaced
from tests.reporting.test_report import WORDS, dispatched, period, reviewed
from tests.reporting.test_returned import downloaded, hidden, take, upload
from tests.training.builders import course, line

__all__ = ["period"]

LETTER: Request = {
    "kind": "Công văn", "number": "88/BKHCN-TĐC", "dated": date(2026, 11, 20),
    "issuer": "Bộ Khoa học và Công nghệ", "summary": "về việc báo cáo tình hình kiểm định cân",
}  # fmt: skip
CITED = "Công văn số 88/BKHCN-TĐC ngày 20/11/2026 của Bộ Khoa học và Công nghệ về việc báo cáo tình hình kiểm định cân"
DAYS = "số liệu từ ngày 01/05/2026 đến ngày 30/06/2026"


@pytest.fixture
def asked(cast: Cast, plan: Plan) -> ReportingPeriod:
    """May and June of 2026; so-ct owes it; a course in May is in it, one in August is the year's alone."""
    for start, name in ((date(2026, 5, 4), "Lê Văn A"), (date(2026, 8, 3), "Lê Văn B")):
        line(cast, course(cast, start=start, end=start, title=f"Lớp của {name}"), name)
    return opened(cast, plan)


def opened(cast: Cast, plan: Plan, **facts: Any) -> ReportingPeriod:
    usual: dict[str, Any] = {
        "year": 2026, "title": "Báo cáo đột xuất về cân", "deadline": date(2026, 12, 1), "letter": "CV 9",
        "window": Window(date(2026, 5, 1), date(2026, 6, 30)), "cut_off": date(2026, 12, 5),
        "units": [(cast.unit("so-ct"), "CV 9")], "request": LETTER,
    }  # fmt: skip
    return periods.open_period(actor=cast.specialist.actor, plan=plan, **{**usual, **facts})


def draft_paper(report: Report, recipient: Recipient = Recipient.COMMITTEE) -> OfficialDocument:
    return papers.document(drafts.snapshot(report), recipient=recipient, draft=True)


def said(doc: OfficialDocument) -> str:
    """Paragraphs and headings of a paper."""
    blocks = (getattr(b, "inlines", None) or [b] for b in doc.body if hasattr(b, "inlines") or hasattr(b, "text"))
    return " ".join(
        one.printed if isinstance(one, FigureInline) else str(getattr(one, "text", "")) for b in blocks for one in b
    )


def cells(doc: OfficialDocument, title: str) -> list[list[str]]:
    """The rows of the annex of that title."""
    annex = next(one for one in doc.annexes if title in one.title)
    rows = next(block.rows for block in annex.blocks if isinstance(block, Table))
    return [[_cell(cell) for cell in row] for row in rows if not isinstance(row, GroupRow)]


def _cell(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    return "".join(one.printed if isinstance(one, FigureInline) else one.text for one in cell)


def values(report: Report) -> dict[str, int]:
    assert report.content
    return {figure["indicator"]: figure["value"] for figure in report.content.snapshot["figures"]}


# -- the document that asked for it


def test_it_is_recorded_by_the_specialist_whole_not_of_the_future_and_for_no_years_report(
    cast: Cast, asked: ReportingPeriod, period: ReportingPeriod
) -> None:
    def record(who: str = "specialist", on: ReportingPeriod = asked, **facts: Any) -> RequestingDocument:
        request: Any = {**LETTER, **facts}
        return periods.record_request(actor=getattr(cast, who).actor, period=on, request=request)

    for name, person in cast.people.items():
        if person.actor.role != "specialist":
            with pytest.raises(NotAllowed):
                record(name)
    with pytest.raises(ReasonNeeded):
        record(number="  ")
    with pytest.raises(Blocked, match="tương lai"):
        record(dated=date(2027, 1, 1))
    with pytest.raises(Blocked, match="báo cáo năm lập theo Kế hoạch"):
        record(on=period)
    first = regime.request_of(asked)
    made = record(number="89/BKHCN")
    assert regime.request_of(asked) == made != first
    assert regime.request_of(period) is None


def test_without_it_nothing_is_frozen_and_the_draft_says_what_is_lacking(cast: Cast, plan: Plan) -> None:
    report = reviewed(cast, opened(cast, plan, request=None))
    assert "[CHƯA GHI VĂN BẢN YÊU CẦU BÁO CÁO]" in said(draft_paper(report))
    with pytest.raises(Blocked) as blocked:
        reports.freeze(actor=cast.specialist.actor, report=report)
    assert [reason for reason in blocked.value.reasons if "văn bản yêu cầu" in reason] == blocked.value.reasons
    periods.record_request(actor=cast.specialist.actor, period=report.period, request=LETTER)
    assert reports.freeze(actor=cast.specialist.actor, report=report).snapshot["period"]["request"] == {
        **LETTER, "dated": "2026-11-20",
    }  # fmt: skip
    with pytest.raises(Blocked, match="hãy đưa báo cáo về dự thảo trước"):
        periods.record_request(actor=cast.specialist.actor, period=report.period, request=LETTER)


# -- from the draft to the dispatched paper


def test_it_is_issued_over_its_own_days_beside_the_years_report(
    cast: Cast, asked: ReportingPeriod, period: ReportingPeriod
) -> None:
    drafted = begun(cast, asked)
    annual = dispatched(cast, period)
    with pytest.raises(AlreadyBegun):
        reports.start_report(actor=cast.specialist.actor, period=asked)
    report = issue(cast, drafted, 344)
    assert (values(report)["CT2"], values(annual)["CT2"]) == (1, 2)
    assert report.content
    assert annual.content
    assert [figure["readings"] for figure in report.content.snapshot["figures"] if figure["readings"]] == []
    assert [figure["indicator"] for figure in annual.content.snapshot["figures"] if figure["readings"]] == ["CT2"]
    assert annual.content.snapshot["period"]["request"] is None
    found = [*verify.heads(), *verify.figures(), *verify.anchors()]
    assert [one for one in found if isinstance(one, Finding)] == []
    again = replaced(cast, report)
    assert (again.period, again.replaces, again.draft["direction"]) == (asked, report, WORDS["direction"])


def begun(cast: Cast, on: ReportingPeriod) -> Report:
    report = reports.start_report(actor=cast.specialist.actor, period=on)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=WORDS)
    return Report.objects.get(pk=report.pk)


def test_its_papers_cite_the_letter_and_the_days_and_judge_no_target(
    cast: Cast, asked: ReportingPeriod, period: ReportingPeriod
) -> None:
    report = begun(cast, asked)
    for recipient in Recipient:
        doc = draft_paper(report, recipient)
        text = said(doc)
        assert doc.subject == f"Đột xuất về cân ({DAYS})"
        assert f"Thực hiện {CITED}, Sở Khoa học và Công nghệ báo cáo đột xuất kết quả thực hiện Kế hoạch số" in text
        assert f"({DAYS})" in text
        assert "không đánh giá mức đạt chỉ tiêu" in text
        assert not {"năm 2026", "NĂM SAU", "trong năm"} & {w for w in ("năm 2026", "NĂM SAU", "trong năm") if w in text}
        assert not any(isinstance(block, Table) for block in doc.body)
        rows = {row[5]: row for row in cells(doc, "SỐ LIỆU TRONG KỲ")}
        assert rows["CT2"][3:5] == ["01", "Không đánh giá trong báo cáo đột xuất"]
    annual = draft_paper(reports.start_report(actor=cast.specialist.actor, period=period))
    assert annual.subject == "Kết quả thực hiện Kế hoạch số 2828/KH-UBND năm 2026"
    assert "Thực hiện Kế hoạch số 2828/KH-UBND ngày 13/11/2020" in said(annual)
    assert "88/BKHCN" not in said(annual)


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Báo cáo đột xuất về cân", "Đột xuất về cân"),
        ("Báo cáo tình hình kiểm định", "Đột xuất: tình hình kiểm định"),
        ("ĐỘT XUẤT theo Công điện 5", "Đột xuất theo Công điện 5"),
        ("Rà soát chuẩn đo lường", "Đột xuất: Rà soát chuẩn đo lường"),
    ],
)
def test_its_title_says_once_that_it_is_ad_hoc(cast: Cast, plan: Plan, title: str, subject: str) -> None:
    assert draft_paper(begun(cast, opened(cast, plan, title=title))).subject == f"{subject} ({DAYS})"


def test_one_that_tells_of_a_year_that_is_over_is_dated_in_this_one(cast: Cast, plan: Plan) -> None:
    held = opened(cast, plan, year=2025, window=Window(date(2025, 1, 1), date(2025, 6, 30)))
    doc = draft_paper(begun(cast, held))
    assert doc.year == 2026
    assert "năm 2026 của" in doc.annexes[0].reference_line


def test_the_committee_is_submitted_the_report_that_the_ministry_asked_for(cast: Cast, asked: ReportingPeriod) -> None:
    by_committee(cast, asked)
    snapshot = drafts.snapshot(begun(cast, asked))
    letter = submittals.document(snapshot, draft=True)
    assert letter.subject == "Về việc ban hành Báo cáo đột xuất về cân"
    plan = "Căn cứ Kế hoạch số 2828/KH-UBND ngày 13/11/2020 của Ủy ban nhân dân tỉnh"
    assert f"{plan}; Căn cứ {CITED}. Sở Khoa học và Công nghệ kính trình" in said(letter)
    assert "xem xét, ban hành Báo cáo đột xuất về cân gửi Bộ Khoa học và Công nghệ" in said(letter)
    ministry = papers.document(snapshot, recipient=Recipient.MINISTRY, draft=True)
    assert f"Thực hiện {CITED}, Ủy ban nhân dân tỉnh Tây Ninh báo cáo đột xuất" in said(ministry)


def test_the_files_are_printed_from_the_frozen_content_in_all_forms(cast: Cast, asked: ReportingPeriod) -> None:
    report = reviewed(cast, asked)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(content.pk)
    printed = Paper.objects.filter(frozen=content).select_related("file")
    assert {(one.recipient, one.kind) for one in printed} == {
        (to, kind) for to in Recipient.values for kind in papers.KINDS
    }
    book = load_workbook(io.BytesIO(read(printed.get(recipient="bo", kind="xlsx").file)))
    told = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert "Không đánh giá trong báo cáo đột xuất" in told
    assert not [word for word in told if "Lũy kế" in word or "Ước cả năm" in word]


def test_a_snapshot_that_was_frozen_before_there_were_ad_hoc_reports_prints_as_a_years(
    cast: Cast, period: ReportingPeriod
) -> None:
    snapshot = drafts.snapshot(reports.start_report(actor=cast.specialist.actor, period=period))
    for name in ("kind", "title", "request"):
        del snapshot["period"][name]
    assert papers.document(snapshot, draft=True).subject == "Kết quả thực hiện Kế hoạch số 2828/KH-UBND năm 2026"


def test_its_checklist_warns_of_no_reading_of_a_target(cast: Cast, asked: ReportingPeriod) -> None:
    told = [item.text for item in checklist.items(begun(cast, asked), today=date(2026, 12, 11))]
    assert [one for one in told if "cách hiểu" in one] == []
    assert any("1 đơn vị chưa gửi: Sở Công Thương" in one for one in told), "units are those of its period"


def test_the_letter_to_the_units_cites_what_asked_for_the_report(cast: Cast, asked: ReportingPeriod) -> None:
    letter = letters.draw_opening(
        actor=cast.specialist.actor, period=asked, subject="đề nghị báo cáo", outline=["Kết quả"]
    )
    first = said(letter_papers.document(letter, None))
    assert f"Thực hiện {CITED}, Sở Khoa học và Công nghệ đề nghị các cơ quan, đơn vị báo cáo đột xuất về cân" in first


def test_a_paragraph_typed_below_its_own_heading_in_word_is_taken_over(
    sign_in: Any, cast: Cast, asked: ReportingPeriod
) -> None:
    report = begun(cast, asked)

    def edit(root: Any) -> None:
        heading = next(p for p in root.iter(f"{W}p") if "NHIỆM VỤ THỜI GIAN TỚI" in "".join(p.itertext()))
        heading.addnext(new_paragraph("Tiếp tục kiểm định cân ở chợ."))

    answer = upload(sign_in, cast, report, edited(downloaded(sign_in, cast, report), edit))
    assert answer.context["comparison"].left == ()
    take(sign_in, cast, report, hidden(answer))
    assert Report.objects.get(pk=report.pk).draft["next"] == "Tiếp tục kiểm định cân ở chợ."


# -- pages and places that mean the year's report


def test_it_is_opened_with_its_letter_and_begun_on_the_periods_page(sign_in: Any, cast: Cast, plan: Plan) -> None:
    browser = sign_in(cast.specialist, fresh=True)
    form = {
        "year": "2026", "title": "Báo cáo đột xuất về cân", "deadline": "01/12/2026", "first": "01/05/2026",
        "last": "30/06/2026", "cut_off": "05/12/2026", "basis": "CV 88", "units": "so-ct", "request_kind": "Công văn",
        "request_number": "88/BKHCN-TĐC", "request_dated": "20/11/2026",
    }  # fmt: skip
    rest = {"request_issuer": "Bộ Khoa học và Công nghệ", "request_summary": "báo cáo tình hình kiểm định cân"}
    url = reverse("reporting:new-period")
    assert "Ghi đủ loại, số, ngày, cơ quan và trích yếu" in words(browser.post(url, form))
    assert "ghi tên báo cáo" in words(browser.post(url, {**form, **rest, "title": ""}))
    assert browser.post(url, {**form, **rest}).status_code == 302
    made = ReportingPeriod.objects.get()
    shown = words(page(sign_in, cast, "specialist", "period", made.code))
    assert CITED in shown
    assert "Mở dự thảo báo cáo tổng hợp" in shown
    assert "Mở dự thảo báo cáo tổng hợp" not in words(page(sign_in, cast, "head", "period", made.code))
    assert browser.post(reverse("reporting:reports"), {"period": "KH-2828-2099"}).status_code == 404
    assert browser.post(reverse("reporting:reports"), {"period": made.code}).status_code == 302
    report = Report.objects.get()
    assert report.period == made
    shown = words(page(sign_in, cast, "specialist", "report", report.code))
    assert "Báo cáo đột xuất thực hiện Kế hoạch số 2828/KH-UBND; số liệu từ 01/05/2026 đến 30/06/2026." in shown
    assert "Không đánh giá trong báo cáo đột xuất" in shown
    assert "Báo cáo năm 2026" not in shown
    assert report.code in words(page(sign_in, cast, "specialist", "period", made.code))


def test_the_letter_is_corrected_on_the_periods_page(sign_in: Any, cast: Cast, asked: ReportingPeriod) -> None:
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:record-request", args=[asked.code])
    form = {f"request-{name}": str(value) for name, value in LETTER.items()} | {"request-dated": "20/11/2026"}
    assert browser.post(url, {**form, "request-number": ""}).status_code == 422
    assert browser.post(url, {**form, "request-dated": "20/11/2027"}).status_code == 409
    assert browser.post(url, {**form, "request-number": "90/BKHCN"}).status_code == 302
    assert "Công văn số 90/BKHCN ngày 20/11/2026" in words(page(sign_in, cast, "auditor", "period", asked.code))


def test_home_pages_mean_the_years_report_and_name_the_other(
    cast: Cast, asked: ReportingPeriod, period: ReportingPeriod
) -> None:
    (besides,) = year_of(cast.specialist.actor).besides
    assert besides.url == reverse("reporting:period", args=[asked.code])
    extra = begun(cast, asked)
    assert brief_of(cast.director.actor).report_url == "", "the year's is not begun"
    year = year_of(cast.specialist.actor)
    assert year.action == "Mở dự thảo báo cáo"
    assert [(one.title, one.sentence, one.url) for one in year.besides] == [
        (
            "Báo cáo đột xuất về cân",
            "Hạn đơn vị gửi 01/12/2026 · Dự thảo",
            reverse("reporting:report", args=[extra.code]),
        )
    ]
    annual = reports.start_report(actor=cast.specialist.actor, period=period)
    titles = [card.title for card in cards(Desk(cast.head.actor, date(2026, 12, 11)))]
    assert titles[1:3] == ["Báo cáo tổng hợp năm 2026", "Báo cáo đột xuất về cân"]
    assert brief_of(cast.director.actor).report_url == reverse("reporting:report", args=[annual.code])
    reports.review(actor=cast.head.actor, report=extra)
    reports.freeze(actor=cast.specialist.actor, report=extra)
    assert brief_of(cast.director.actor).decisions[0].sentence == "Báo cáo đột xuất về cân chờ ký."


def test_the_latest_issued_one_is_called_what_it_is(cast: Cast, asked: ReportingPeriod, sign_in: Any) -> None:
    report = issue(cast, begun(cast, asked), 344)
    assert year_of(cast.specialist.actor).besides == ()
    desk = Desk(cast.committee.actor, date(2026, 12, 11))
    assert [card.title for card in cards(desk)] == ["Đã phát hành: Báo cáo đột xuất về cân"]
    assert not desk.is_issued, "the year's report was not"
    shown = words(page(sign_in, cast, "other_focal", "report", report.code))
    assert "Báo cáo đột xuất về cân. Báo cáo đột xuất thực hiện" in shown
    assert "Đơn vị bạn không có trong danh sách phải báo cáo của kỳ này." in shown


def test_the_command_writes_the_years_report_and_the_ad_hoc_one_by_its_period(
    cast: Cast, asked: ReportingPeriod, period: ReportingPeriod, tmp_path: Path
) -> None:
    extra = begun(cast, asked)
    with pytest.raises(CommandError, match=r"--year 2026: KH-2828 chưa có báo cáo năm này \(có: chưa có"):
        run(tmp_path)
    with pytest.raises(CommandError, match=r"--period KH-2828-2026: kỳ này chưa có báo cáo \(có: KH-2828-2026-DX1\)"):
        run(tmp_path, year="", period="KH-2828-2026")
    annual = reports.start_report(actor=cast.specialist.actor, period=period)
    paths, _beside = run(tmp_path)
    assert {path.name.split("-ubnd")[0] for path in paths} == {annual.code}
    paths, _beside = run(tmp_path, year="", period=asked.code)
    assert {path.name.split("-ubnd")[0] for path in paths} == {extra.code}


def test_a_drafts_figure_leads_to_the_records_of_its_own_days(
    sign_in: Any, cast: Cast, asked: ReportingPeriod, django_assert_max_num_queries: Any
) -> None:
    report = begun(cast, asked)
    for route in ("report", "sentences"):
        shown = page(sign_in, cast, "specialist", route, report.code).content.decode()
        assert f'{reverse("reporting:figure", args=["CT2"])}?period={asked.code}"' in shown
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:figure", args=["CT2"])
    browser.get(f"{url}?period={asked.code}&year=2026")
    with django_assert_max_num_queries(12):
        shown = words(browser.get(f"{url}?period={asked.code}&year=2026"))
    assert "Báo cáo đột xuất về cân: 01/05/2026 – 30/06/2026." in shown
    assert "Tăng thêm: 1 người" in shown
    assert "Lê Văn A" in shown
    assert "Lê Văn B" not in shown
    assert "Lê Văn B" in words(browser.get(f"{url}?year=2026"))
    sheet = browser.get(reverse("reporting:members-sheet", args=["CT2"]) + f"?period={asked.code}")
    told = [str(cell.value) for row in load_workbook(io.BytesIO(sheet.content)).active.iter_rows() for cell in row]
    assert "Lê Văn A" in told
    assert "Lê Văn B" not in told


def test_days_before_the_plan_are_the_plan_befores_and_a_window_across_says_so(cast: Cast, plan: Plan) -> None:
    with pytest.raises(Blocked, match="thuộc kế hoạch trước"):
        opened(cast, plan, window=Window(date(2020, 1, 1), date(2020, 11, 12)))
    report = begun(cast, opened(cast, plan, window=Window(date(2020, 1, 1), date(2020, 12, 31))))
    told = [item.text for item in checklist.items(report, today=date(2026, 12, 11))]
    assert "kỳ số liệu bắt đầu trước ngày ban hành Kế hoạch (13/11/2020)" in told
    assert "Kỳ số liệu bắt đầu trước ngày ban hành Kế hoạch (13/11/2020)." in said(draft_paper(report))


def test_however_many_are_asked_for_the_years_report_is_offered(
    cast: Cast, plan: Plan, period: ReportingPeriod
) -> None:
    for n in range(12):
        opened(cast, plan, title=f"Báo cáo đột xuất lần {n + 1}")
    assert obligations.to_consolidate(clock.today())[0] == period
    assert period in obligations.periods_on(clock.today())
