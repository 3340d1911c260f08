"""The consolidated report as an official document, from a snapshot alone: what is printed is what was frozen.

One snapshot serves two recipients: the province's People's Committee gets everything, the Ministry no list of who
was late. What the Committee issues itself bears its header and goes to it with a tờ trình of Sở (`submittals.py`).
`offices.py` says who issues, `occasion.py` what for, `body.py` has the text, `annexes.py` the tables, `sentences.py`
what the evidence says.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from chuan.lib import canonical
from chuan.rendering.annex_sheets import write_annexes
from chuan.rendering.blocks import OfficialDocument, Paragraph, QrBlock, Signature
from chuan.rendering.pdf import Attachment, render_pdf
from chuan.rendering.word import render_docx
from chuan.reporting.models import Report, ReportContent
from chuan.reporting.papers import annexes, body, marks, occasion
from chuan.reporting.papers.offices import ADDRESSEES, NO_SIGNER, Office, office_of
from chuan.reporting.papers.words import said
from chuan.reporting.rules import AUTHORITY, PaperForm, Recipient, ReportState, SignsAs
from chuan.web import deployment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What is printed for each recipient.
KINDS = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX}


def document(
    snapshot: dict[str, Any],
    *,
    recipient: Recipient = Recipient.COMMITTEE,
    content_sha256: str = "",
    number: int | None = None,
    dated: date | None = None,
    signature: Signature | None = None,
    draft: bool = False,
    final: bool = False,
) -> OfficialDocument:
    """The report as its office issues it, in Vietnamese; number and day stay blank until the clerk records them.

    `signature`: of who signed; without one, of who is to sign as the snapshot says.
    """
    with translation.override("vi"):
        office = office_of(snapshot, recipient)
        line = annexes.reference_line(snapshot, number, dated, office)
        attached = annexes.all_of(snapshot, line, late_units=recipient == Recipient.COMMITTEE)
        late = next((one.label for one in attached if one.title == annexes.LATE), "")
        text = body.blocks(snapshot, office=office, late=late, proposals=attached[-1].label)
        return OfficialDocument(
            parent_body=office.parent,
            issuer=office.name,
            number=str(number) if number else None,
            symbol=office.symbol,
            place="Tây Ninh",
            date=dated,
            year=dated.year if dated else occasion.year(snapshot),
            kind="BÁO CÁO",
            subject=occasion.subject(snapshot),
            addressees=(ADDRESSEES[recipient],),
            body=(*text, _closing(office, recipient)),
            signature=_to_sign(signature or office.signature, office, draft=draft),
            recipients=office.copies,
            annexes=attached,
            qr=_look_up(snapshot) if final else None,
            **common(snapshot, content_sha256, marks.PaperKind(recipient=recipient), draft=draft),
        )


def _to_sign(signature: Signature, office: Office, *, draft: bool) -> Signature:
    """A draft says that nobody is known to sign; the Committee's own office fills in its name itself."""
    if draft and not signature.name and not office.is_committee:
        return replace(signature, name=NO_SIGNER)
    return signature


def common(snapshot: dict[str, Any], content_sha256: str, paper: marks.PaperKind, *, draft: bool) -> dict[str, Any]:
    """What every paper of a report carries: marks of a draft and of an illustration, where it comes from."""
    frozen = bool(content_sha256)
    return {
        "watermark": "DỰ THẢO" if draft else None,
        "banner": "DỮ LIỆU MINH HỌA" if deployment.is_sample() else None,
        "footer": marks.frozen_mark(snapshot, paper, content_sha256) if frozen else marks.draft_mark(snapshot, paper),
    }


def _closing(office: Office, recipient: Recipient) -> Paragraph:
    asked = "xem xét, chỉ đạo" if recipient == Recipient.COMMITTEE else "xem xét, tổng hợp"
    return said(f"{office.name} kính báo cáo {ADDRESSEES[recipient]} {asked}./.")


def _look_up(snapshot: dict[str, Any]) -> QrBlock:
    """Leads from the paper to one of its figures."""
    code = next(found["code"] for found in snapshot["figures"] if found["indicator"] == "CT2")
    caption = f"Quét mã để xem số liệu {code} gồm những bản ghi nào; mã của các số khác ở Phụ lục I"
    return QrBlock(figure_url(code), caption)


def figure_url(code: str) -> str:
    """Where a printed figure's code leads."""
    return settings.PUBLIC_URL + reverse("reporting:origin", args=[code])


def pdf(doc: OfficialDocument, snapshot: dict[str, Any]) -> bytes:
    """PDF/A-3 with the snapshot attached as JSON."""
    attached = Attachment(
        name="snapshot.json",
        data=canonical.dumps(snapshot),
        mime="application/json",
        description="Bản chốt số liệu của báo cáo, dạng JSON chuẩn hóa",
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
    """The paper of a frozen content: for signature with blanks, or as issued with number, date and who signed."""
    facts = _issued(content, report, recipient) if stage == "issued" else {}
    snapshot = with_names(content, report)
    return document(snapshot, recipient=recipient, content_sha256=content.sha256, final=True, **facts)


def with_names(content: ReportContent, report: Report) -> dict[str, Any]:
    """A frozen snapshot, and beside it the names to be printed, which the step of the freeze holds."""
    steps = report.events.filter(verb="freeze").order_by("-id")
    names: dict[str, str] = next(
        (one.facts.get("names", {}) for one in steps if one.facts["content_id"] == content.pk), {}
    )
    return {**content.snapshot, "names": names}


def _issued(content: ReportContent, report: Report, recipient: Recipient) -> dict[str, Any]:
    """Number, date and signature of an issued paper: Sở's from the report's steps, the Committee's as recorded."""
    if office_of(content.snapshot, recipient).is_committee:
        own = content.paper_numbers.filter(form=PaperForm.REPORT).first()
        if own is None:
            return {}
        signed = Signature(AUTHORITY[own.signs_as], own.signer)
        return {"number": own.number, "dated": own.dated, "signature": signed}
    return {"number": report.number, "dated": report.dated, "signature": signed_by(report)}


def signed_by(report: Report) -> Signature | None:
    """The block of who signed the report, as the step recorded it; None before it was signed."""
    step = report.events.filter(verb="sign").order_by("-id").first()
    if step is None:
        return None
    return Signature(AUTHORITY[step.facts.get("signs_as", SignsAs.DIRECTOR)], step.by_name)


def expected(content: ReportContent, report: Report) -> list[tuple[str, Recipient, str, str]]:
    """Every paper that the content has by now: (stage, recipient, form, kind); those for signature first."""
    numbered = report.state in {ReportState.NUMBERED, ReportState.DISPATCHED} and report.content_id == content.pk
    own = {one.form for one in content.paper_numbers.all()}
    found: list[tuple[str, Recipient, str, str]] = []
    for recipient in Recipient:
        committee = office_of(content.snapshot, recipient).is_committee
        issued = PaperForm.REPORT in own if committee else numbered
        for stage in ("for_signature", "issued") if issued else ("for_signature",):
            found += [(stage, recipient, PaperForm.REPORT.value, kind) for kind in KINDS]
        if committee:
            stages = ("for_signature", "issued") if PaperForm.SUBMITTAL in own else ("for_signature",)
            found += [(s, recipient, PaperForm.SUBMITTAL.value, kind) for s in stages for kind in ("pdf", "docx")]
    return sorted(found, key=lambda one: one[0] == "issued")
