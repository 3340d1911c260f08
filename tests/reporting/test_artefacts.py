"""The three artefacts of a report, what each must and must not hold; what is warned of is printed; who reads it."""

import io
import json
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from chuan.files import store
from chuan.files.models import StoredFile
from chuan.files.store import read
from chuan.lib import clock
from chuan.rendering.blocks import OfficialDocument
from chuan.rendering.word_reading import read_original
from chuan.reporting import checklist, drafts, jobs, papers, policies
from chuan.reporting.errors import Blocked, WrongNumber
from chuan.reporting.models import FrozenFigure, Paper, Report, ReportingPeriod
from chuan.reporting.rules import Recipient, placeholders_in
from chuan.reporting.services import reports
from tests.access.reporting_world import blank_pdf
from tests.cast import Cast
from tests.reporting.test_consolidation import annex, below, drafted, real, table, told
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import RIGHT, WORDS, dispatched, period, reviewed, sent

__all__ = ["period", "real", "told"]

TODAY = date(2026, 12, 11)


def _plain(doc: OfficialDocument) -> str:
    """Everything that the Word file says, notes at the foot too."""
    return " ".join(line.text for line in read_original(papers.docx(doc)).lines).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Đã ban hành.", []),
        ("theo mục [xem trên]", []),
        ("[1]", []),
        ("Công văn số …/SKHCN", ["…"]),
        ("Công văn số ... ngày", ["..."]),
        ("[CHƯA CÓ SỐ VĂN BẢN] và [CẦN XÁC MINH CĂN CỨ]", ["[CHƯA CÓ SỐ VĂN BẢN]", "[CẦN XÁC MINH CĂN CỨ]"]),
        ("ngày ____ tháng ……", ["____", "……"]),
    ],
)
def test_a_place_left_to_fill_is_known_from_words_in_brackets(said: str, found: list[str]) -> None:
    assert placeholders_in(said) == found


@pytest.mark.parametrize("name", ["direction", "results", "money", "difficulties", "next", "requests"])
def test_words_with_a_place_left_to_fill_are_not_frozen(cast: Cast, period: ReportingPeriod, name: str) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    said = {**WORDS, name: "Theo [CHƯA CÓ SỐ VĂN BẢN] của Sở."}
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=said)
    reports.review(actor=cast.head.actor, report=report)
    with pytest.raises(Blocked, match=r"chưa điền “\[CHƯA CÓ SỐ VĂN BẢN\]”"):
        reports.freeze(actor=cast.specialist.actor, report=report)
    assert not FrozenFigure.objects.exists()


# ---- dự thảo -----------------------------------------------------------------------------------------------------


def test_a_draft_says_what_is_not_written_and_carries_its_watermark(cast: Cast, period: ReportingPeriod) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    doc = papers.document(drafts.snapshot(report), draft=True)
    assert (doc.watermark, doc.number, doc.date) == ("DỰ THẢO", None, None)
    assert below(doc, "I. CÔNG TÁC") == ["[CHƯA GHI CÔNG TÁC CHỈ ĐẠO, BAN HÀNH VĂN BẢN]"]


def test_the_ministrys_draft_and_the_submittal_are_downloaded_too(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    report = reviewed(cast, period)
    browser = sign_in(cast.specialist, fresh=True)
    for route in ("draft-pdf", "draft-docx"):
        url = reverse(f"reporting:{route}", args=[report.code])
        names = [browser.get(url + query)["Content-Disposition"] for query in ("", "?recipient=bo", "?form=submittal")]
        assert [part in name for part, name in zip(("du-thao.", "du-thao-bo", "to-trinh"), names, strict=True)] == [
            True
        ] * 3


# ---- bản trình ký ------------------------------------------------------------------------------------------------


def test_a_paper_for_signature_has_number_and_day_blank_and_nothing_else(cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    for to in Recipient:
        doc = papers.of_content(content, report, "for_signature", to)
        assert (doc.number, doc.date, doc.watermark) == (None, None, None)
        assert (doc.signature.authority_lines, doc.signature.name) == (("GIÁM ĐỐC",), "Lê Hoàng Nam")
        assert placeholders_in(_plain(doc)) == []


# ---- bản phát hành -----------------------------------------------------------------------------------------------


def test_a_signed_file_that_is_no_pdf_is_refused(cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    signed = ("0" * 64, "ban-ky.docx", papers.DOCX, 5)
    with pytest.raises(WrongNumber, match="phải là PDF"):
        reports.number_report(actor=cast.clerk.actor, report=report, number=1, dated=TODAY, signed=signed)


def test_an_issued_paper_is_the_same_snapshot_with_number_and_day_and_the_signed_file_has_its_own_hash(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    report = reviewed(cast, period)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(content.pk)
    reports.sign(actor=cast.director.actor, report=report)
    digest, kind = store.receive("ban-ky.pdf", blank_pdf())
    signed = (digest, "ban-ky.pdf", kind.media_type, len(blank_pdf()))
    reports.number_report(actor=cast.clerk.actor, report=report, number=7, dated=TODAY, signed=signed)
    jobs.print_papers(content.pk)
    attached = []
    for stage in ("for_signature", "issued"):
        paper = Paper.objects.select_related("file").get(stage=stage, recipient="ubnd", kind="pdf")
        with pikepdf.open(io.BytesIO(read(paper.file))) as pdf:
            attached.append(json.loads(pdf.attachments["snapshot.json"].get_file().read_bytes()))
    assert attached == [content.snapshot, content.snapshot]
    doc = papers.of_content(content, report, "issued")
    assert (doc.number_line, doc.place_line) == ("Số: 07/BC-SKHCN", "Tây Ninh, ngày 11 tháng 12 năm 2026")
    assert content.sha256[:16] in doc.footer
    kept = StoredFile.objects.get(name="ban-ky.pdf")
    report.refresh_from_db()
    assert (report.signed_file_id, kept.content_sha) == (kept.pk, digest)
    assert digest in page(sign_in, cast, "specialist", "report", report.code).content.decode()


# ---- what is warned of is printed --------------------------------------------------------------------------------


def warned(report: Report) -> list[str]:
    return [item.text for item in checklist.items(report, today=clock.today()) if not item.blocks]


def test_missing_units_are_warned_of_counted_in_both_papers_and_named_in_the_committees_alone(
    cast: Cast, told: ReportingPeriod
) -> None:
    report = drafted(cast, told)
    assert "1 đơn vị chưa gửi: Sở Tài chính" in warned(report)
    snapshot = drafts.snapshot(report)
    ours, theirs = (papers.document(snapshot, recipient=to) for to in Recipient)
    assert "từ báo cáo của 02 trên 03 đơn vị phải báo cáo; còn 01 đơn vị chưa gửi (Phụ lục III)." in _plain(ours)
    assert "từ báo cáo của 02 trên 03 đơn vị phải báo cáo; còn 01 đơn vị chưa gửi." in _plain(theirs)
    assert any("Sở Tài chính" in row and "Chưa gửi" in row for row in table(annex(ours, "TÌNH HÌNH GỬI")))
    assert not any("Chưa gửi" in row for one in theirs.annexes for row in table(one))


def test_a_disputed_figure_is_warned_of_and_printed(cast: Cast, period: ReportingPeriod) -> None:
    sent(cast, period, {**RIGHT, "CT2": {"right": False, "missing": "thiếu lớp Gò Dầu"}})
    report = reviewed(cast, period)
    assert "số liệu còn ý kiến khác của: Sở Công Thương" in warned(report)
    snapshot = drafts.snapshot(report)
    ours, theirs = (papers.document(snapshot, recipient=to) for to in Recipient)
    assert "01 đơn vị còn ý kiến khác về số liệu (Phụ lục III)." in _plain(ours)
    assert "01 đơn vị còn ý kiến khác về số liệu." in _plain(theirs)
    assert any("Có ý kiến khác về số liệu" in row for row in table(annex(ours, "TÌNH HÌNH GỬI")))


def test_open_readings_are_warned_of_and_every_one_printed(cast: Cast, told: ReportingPeriod) -> None:
    report = drafted(cast, told)
    assert "9 điểm của Kế hoạch còn hiểu được theo nhiều cách; in mọi cách hiểu" in warned(report)
    assert "Kế hoạch còn 09 điểm hiểu được theo nhiều cách" in _plain(papers.document(drafts.snapshot(report)))


def test_an_open_window_is_warned_of_and_printed_until_it_closes(cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    assert any("kỳ số liệu chưa đóng (đến 14/12/2026)" in line for line in warned(report))
    for to in Recipient:
        told_ = _plain(papers.document(drafts.snapshot(report), recipient=to))
        assert "Số liệu tạm tính đến hết ngày 11/12/2026; kỳ số liệu kết thúc ngày 14/12/2026." in told_
    with clock.at(clock.now().replace(month=12, day=20)):
        assert not any("chưa đóng" in line for line in warned(report))
        assert "tạm tính" not in _plain(papers.document(drafts.snapshot(report)))


# ---- who reads an issued report's unit details -------------------------------------------------------------------


def test_papers_bundle_and_signed_file_are_refused_to_who_does_not_get_the_report_whole(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    sent(cast, period)
    report = dispatched(cast, period)
    paper = Paper.objects.filter(stage="issued").first()
    assert paper
    whole = {"specialist", "head", "director", "deputy", "auditor", "clerk", "finance", "committee"}
    for name, person in cast.people.items():
        assert policies.reads_unit_details(person.actor) == (name in whole), name
        answers = [
            page(sign_in, cast, name, "paper", report.code, paper.pk).status_code,
            page(sign_in, cast, name, "bundle", report.code).status_code,
        ]
        assert answers == ([200, 200] if name in whole else [403, 403]), name


def test_others_see_number_day_released_figures_and_their_own_units_row(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    sent(cast, period)
    report = dispatched(cast, period)
    figure = FrozenFigure.objects.get(indicator="CT2")
    for who in ("focal", "other_focal", "administrator"):
        shown = page(sign_in, cast, who, "report", report.code)
        assert "Báo cáo số 345/BC-SKHCN ngày 11/12/2026" in words(shown)
        assert reverse("reporting:origin", args=[figure.code]) in shown.content.decode()
        assert ("TN-2026-0001" in words(shown)) == (who == "focal")
        assert "Toàn văn báo cáo" in words(shown)
    assert "không có trong danh sách" in words(page(sign_in, cast, "administrator", "report", report.code))
