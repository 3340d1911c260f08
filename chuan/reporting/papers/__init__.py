"""The consolidated report as an official document, from a snapshot alone: what is printed is what was frozen.

One snapshot serves two recipients: the province's People's Committee gets everything, the Ministry no list of who
was late. `body.py` has the text, `annexes.py` the tables, `sentences.py` what the evidence says.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from chuan.lib import canonical
from chuan.rendering.annex_sheets import write_annexes
from chuan.rendering.blocks import Block, OfficialDocument, QrBlock, Signature
from chuan.rendering.pdf import Attachment, render_pdf
from chuan.rendering.word import render_docx
from chuan.reporting.models import Report, ReportContent
from chuan.reporting.papers import annexes, body, marks
from chuan.reporting.papers.words import said
from chuan.reporting.rules import Recipient
from chuan.web import deployment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What is printed for each recipient.
KINDS = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX}
SYMBOL = "BC-SKHCN"
ISSUER = "Sở Khoa học và Công nghệ"
#: Whom the paper is addressed to, and the rest of its "Nơi nhận".
ADDRESSEES = {
    Recipient.COMMITTEE: ("Ủy ban nhân dân tỉnh Tây Ninh",),
    Recipient.MINISTRY: ("Bộ Khoa học và Công nghệ",),
}
COPIES = {
    Recipient.COMMITTEE: ("Như trên", "Bộ Khoa học và Công nghệ (để báo cáo)", "Lưu: VT"),
    Recipient.MINISTRY: ("Như trên", "Ủy ban nhân dân tỉnh Tây Ninh (để báo cáo)", "Lưu: VT"),
}


def document(
    snapshot: dict[str, Any],
    *,
    recipient: Recipient = Recipient.COMMITTEE,
    content_sha256: str = "",
    number: int | None = None,
    dated: date | None = None,
    signer: str = "",
    draft: bool = False,
    final: bool = False,
) -> OfficialDocument:
    """The report as the office issues it, in Vietnamese; number and day stay blank until the clerk records them."""
    with translation.override("vi"):
        year = snapshot["period"]["year"]
        line = annexes.reference_line(snapshot, number, dated, SYMBOL)
        attached = annexes.all_of(snapshot, line, late_units=recipient == Recipient.COMMITTEE)
        return OfficialDocument(
            parent_body="Ủy ban nhân dân tỉnh Tây Ninh",
            issuer=ISSUER,
            number=str(number) if number else None,
            symbol=SYMBOL,
            place="Tây Ninh",
            date=dated,
            year=dated.year if dated else year,
            kind="BÁO CÁO",
            subject=f"Kết quả thực hiện Kế hoạch số {snapshot['plan']['number']} năm {year}",
            addressees=ADDRESSEES[recipient],
            body=(*body.blocks(snapshot, proposals=attached[-1].label), *_closing(snapshot, recipient, final=final)),
            signature=Signature(("GIÁM ĐỐC",), signer),
            recipients=COPIES[recipient],
            annexes=attached,
            watermark="DỰ THẢO" if draft else None,
            banner="DỮ LIỆU MINH HỌA" if deployment.is_sample() else None,
            footer=_footer(snapshot, content_sha256),
        )


def _closing(snapshot: dict[str, Any], recipient: Recipient, *, final: bool) -> tuple[Block, ...]:
    asked = "xem xét, chỉ đạo" if recipient == Recipient.COMMITTEE else "xem xét, tổng hợp"
    closing = said(f"{ISSUER} kính báo cáo {ADDRESSEES[recipient][0]} {asked}./.")
    if not final:
        return (closing,)
    code = next(found["code"] for found in snapshot["figures"] if found["indicator"] == "CT2")
    caption = f"Quét mã để xem số liệu {code} gồm những bản ghi nào; mã của các số khác ở Phụ lục I"
    return closing, QrBlock(figure_url(code), caption)


def _footer(snapshot: dict[str, Any], content_sha256: str) -> str:
    chain = snapshot["chain"]
    if not content_sha256:
        return marks.draft_mark(snapshot)
    return (
        f"{snapshot['report']} · bản chốt {snapshot['version']} · SHA-256 {content_sha256[:16]}… · "
        f"nhật ký {chain['seq']}: {chain['sha256'][:16]}…"
    )


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


def xlsx(doc: OfficialDocument) -> bytes:
    """The annexes as a workbook."""
    return write_annexes(doc.title, doc.annexes, source=doc.footer)


def made(doc: OfficialDocument, kind: str, snapshot: dict[str, Any]) -> bytes:
    """The document as a file of one of `KINDS`."""
    if kind == "pdf":
        return pdf(doc, snapshot)
    return docx(doc) if kind == "docx" else xlsx(doc)


def of_content(
    content: ReportContent, report: Report, stage: str, recipient: Recipient = Recipient.COMMITTEE
) -> OfficialDocument:
    """The paper of a frozen content: for signature with blanks, or as issued with number and date."""
    issued = stage == "issued"
    signed = report.events.filter(verb="sign").order_by("-id").first() if issued else None
    return document(
        content.snapshot,
        recipient=recipient,
        content_sha256=content.sha256,
        number=report.number if issued else None,
        dated=report.dated if issued else None,
        signer=signed.by_name if signed else "",
        final=True,
    )
