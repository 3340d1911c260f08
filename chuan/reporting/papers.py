"""The consolidated report as an official document, from a snapshot alone: what is printed is what was frozen."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from chuan.lib import canonical, numbers
from chuan.lib.dates import day_of, format_date
from chuan.rendering.blocks import (
    Annex,
    Block,
    Column,
    FigureInline,
    Footnote,
    GroupRow,
    Heading,
    Inline,
    OfficialDocument,
    Paragraph,
    QrBlock,
    Row,
    Signature,
    Table,
    Text,
)
from chuan.rendering.pdf import Attachment, render_pdf
from chuan.rendering.word import render_docx
from chuan.reporting.models import Report, ReportContent
from chuan.reporting.rules import Verdict
from chuan.web import deployment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def document(
    snapshot: dict[str, Any],
    *,
    content_sha256: str = "",
    number: int | None = None,
    dated: date | None = None,
    signer: str = "",
    draft: bool = False,
    final: bool = False,
) -> OfficialDocument:
    """The report as the office issues it, in Vietnamese; number and day stay blank until the clerk records them."""
    with translation.override("vi"):
        return _document(snapshot, content_sha256, number, dated, signer, draft=draft, final=final)


def _document(
    snapshot: dict[str, Any],
    content_sha256: str,
    number: int | None,
    dated: date | None,
    signer: str,
    *,
    draft: bool,
    final: bool,
) -> OfficialDocument:
    year = snapshot["period"]["year"]
    return OfficialDocument(
        parent_body="Ủy ban nhân dân tỉnh Tây Ninh",
        issuer="Sở Khoa học và Công nghệ",
        number=str(number) if number else None,
        symbol="BC-SKHCN",
        place="Tây Ninh",
        date=dated,
        year=dated.year if dated else year,
        kind="BÁO CÁO",
        subject=f"Kết quả thực hiện Kế hoạch số {snapshot['plan']['number']} năm {year}",
        addressees=("Ủy ban nhân dân tỉnh Tây Ninh",),
        body=_body(snapshot, final=final),
        signature=Signature(("GIÁM ĐỐC",), signer),
        recipients=("Như trên", "Bộ Khoa học và Công nghệ (để báo cáo)", "Lưu: VT"),
        annexes=(_annex(snapshot, number, dated),),
        watermark="DỰ THẢO" if draft else None,
        banner="DỮ LIỆU MINH HỌA" if deployment.is_sample() else None,
        footer=_footer(snapshot, content_sha256),
    )


def _footer(snapshot: dict[str, Any], content_sha256: str) -> str:
    chain = snapshot["chain"]
    if not content_sha256:
        return "Dự thảo, số liệu chưa chốt"
    return (
        f"{snapshot['report']} · bản chốt {snapshot['version']} · SHA-256 {content_sha256[:16]}… · "
        f"nhật ký {chain['seq']}: {chain['sha256'][:16]}…"
    )


def _body(snapshot: dict[str, Any], *, final: bool) -> tuple[Block, ...]:
    words, plan, period = snapshot["words"], snapshot["plan"], snapshot["period"]
    signed = format_date(date.fromisoformat(plan["signed"]))
    persons = _figure(snapshot, "CT2")
    blocks: list[Block] = [
        _said(
            f"Thực hiện Kế hoạch số {plan['number']} ngày {signed} của Ủy ban nhân dân tỉnh Tây Ninh, "
            f"Sở Khoa học và Công nghệ báo cáo kết quả thực hiện năm {period['year']} như sau:"
        ),
        Heading(1, "I. CÔNG TÁC CHỈ ĐẠO, BAN HÀNH VĂN BẢN"),
        *_paragraphs(words.get("direction", "")),
        Heading(1, "II. KẾT QUẢ THỰC HIỆN"),
        Heading(2, "1. Đào tạo, bồi dưỡng chuyên môn nghiệp vụ về đo lường"),
        Paragraph(_results(snapshot)),
        *_paragraphs(words.get("results", "")),
        Heading(2, "2. Đối chiếu chỉ tiêu của Kế hoạch"),
        *_targets(persons),
    ]
    for numeral, key, title in (
        ("III", "difficulties", "KHÓ KHĂN, VƯỚNG MẮC, NGUYÊN NHÂN"),
        ("IV", "next", "PHƯƠNG HƯỚNG, KIẾN NGHỊ"),
    ):
        if words.get(key, "").strip():
            blocks += [Heading(1, f"{numeral}. {title}"), *_paragraphs(words[key])]
    blocks.append(_said("Sở Khoa học và Công nghệ kính báo cáo Ủy ban nhân dân tỉnh xem xét, chỉ đạo./."))
    caption = f"Quét mã để xem số liệu {persons['code']} gồm những bản ghi nào" if final else "Số liệu dự thảo"
    if final:
        blocks.append(QrBlock(figure_url(persons["code"]), caption))
    return tuple(blocks)


def _results(snapshot: dict[str, Any]) -> tuple[Inline, ...]:
    persons, attendances, period = _figure(snapshot, "CT2"), _figure(snapshot, "CT2-L"), snapshot["period"]
    first, last = (format_date(date.fromisoformat(period[key])) for key in ("first", "last"))
    at = format_date(date.fromisoformat(persons["at"]))
    parts: list[Inline] = [
        Text(f"Trong kỳ số liệu từ {first} đến {last}, các cơ quan, đơn vị đã đào tạo, bồi dưỡng cho "),
        _inline(persons),
        Text(" ("),
        _inline(attendances),
        Text(") về đo lường trên địa bàn của Kế hoạch"),
        Footnote(f"{persons['code']}: {persons['definition']} {attendances['code']}: {attendances['definition']}"),
    ]
    parts.append(Text(f". Số liệu tạm tính đến hết ngày {at}." if persons["flag"] == "provisional" else "."))
    return tuple(parts)


def _targets(figure: dict[str, Any]) -> list[Block]:
    """Each printed target with every reading of it; where there are several, none is preferred."""
    columns = (
        Column("Mốc", 1, "center"),
        Column("Cách hiểu", 4.2),
        Column("Mục tiêu", 1.3, "center"),
        Column("Thực hiện", 1.5, "center"),
        Column("Đánh giá", 1.7, "center"),
    )
    rows: list[Row] = []
    source = ""
    for reading in figure["readings"]:
        if reading["source"] != source:
            source = reading["source"]
            rows.append(GroupRow(source))
        year = reading["horizon"][:4]
        value = FigureInline(
            f"{figure['code']}.{year}{reading['label']}", numbers.format_two_digits(reading["value"]), figure["unit"]
        )
        target = f"≥ {numbers.format_two_digits(reading['target'])}"
        verdict = str(Verdict(reading["verdict"]).label)
        rows.append((year, f"{reading['label']}. {reading['words']}", target, (value,), verdict))
    lead = (
        "Kế hoạch không ghi chỉ tiêu được tính lũy kế hay theo giai đoạn. Các cách hiểu dưới đây được trình bày "
        "song song cho đến khi có văn bản hướng dẫn; “chưa xác định” là chưa đến mốc và chưa đạt."
    )
    return [_said(lead), Table(columns, tuple(rows))]


def _annex(snapshot: dict[str, Any], number: int | None, dated: date | None) -> Annex:
    rows = []
    for index, unit in enumerate(snapshot["units"], 1):
        sent = format_date(day_of(datetime.fromisoformat(unit["sent_at"]))) if unit["sent_at"] else "–"
        note = "Quá hạn" if unit["late"] else "Đúng hạn" if unit["sent_at"] else "Chưa gửi"
        rows.append((str(index), unit["name"], unit["receipt"] or "–", sent, note))
    columns = (
        Column("STT", 0.8, "center"),
        Column("Đơn vị", 3),
        Column("Biên nhận", 1.5, "center"),
        Column("Ngày gửi", 1.3, "center"),
        Column("Ghi chú", 1.2),
    )
    blocks: tuple[Block, ...] = (
        (Table(columns, tuple(rows)),) if rows else (_said("Không có đơn vị nào phải báo cáo."),)
    )
    said = numbers.format_two_digits(number) if number else numbers.NBSP * 8
    blank = numbers.NBSP * 6
    day = format_date(dated) if dated else f"{blank}tháng{blank}năm {snapshot['period']['year']}"
    line = f"(Kèm theo Báo cáo số {said}/BC-SKHCN ngày {day} của Sở Khoa học và Công nghệ)"
    return Annex("", "TÌNH HÌNH GỬI BÁO CÁO CỦA CÁC ĐƠN VỊ", line, blocks)


def _figure(snapshot: dict[str, Any], indicator: str) -> dict[str, Any]:
    found: dict[str, Any] = next(f for f in snapshot["figures"] if f["indicator"] == indicator)
    return found


def _inline(figure: dict[str, Any]) -> FigureInline:
    return FigureInline(figure["code"], numbers.format_two_digits(figure["value"]), figure["unit"])


def _said(words: str) -> Paragraph:
    return Paragraph((Text(words),))


def _paragraphs(words: str) -> list[Block]:
    return [_said(line.strip()) for line in words.splitlines() if line.strip()]


def figure_url(code: str) -> str:
    """Where a printed figure's code leads."""
    return settings.PUBLIC_URL + reverse("reporting:origin", args=[code])


def pdf(doc: OfficialDocument, snapshot: dict[str, Any]) -> bytes:
    """PDF/A-3 with the snapshot attached as JSON."""
    attached = Attachment(
        name="snapshot.json",
        data=canonical.dumps(snapshot),
        mime="application/json",
        description="Bản chốt số liệu của báo cáo, dạng JSON chuẩn hoá",
        relationship="source",
    )
    return render_pdf(doc, [attached])


def docx(doc: OfficialDocument) -> bytes:
    """Word, with each figure in a locked content control."""
    return render_docx(doc)


def of_content(content: ReportContent, report: Report, stage: str) -> OfficialDocument:
    """The paper of a frozen content: for signature with blanks, or as issued with number and date."""
    issued = stage == "issued"
    signed = report.events.filter(verb="sign").order_by("-id").first() if issued else None
    return document(
        content.snapshot,
        content_sha256=content.sha256,
        number=report.number if issued else None,
        dated=report.dated if issued else None,
        signer=signed.by_name if signed else "",
        final=True,
    )
