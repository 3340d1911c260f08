"""The tờ trình by which Sở submits to the Committee the report that the Committee issues; from the same snapshot."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import translation

from chuan.rendering.blocks import OfficialDocument, Paragraph, Signature, Text, enumerated
from chuan.reporting import papers
from chuan.reporting.models import Report, ReportContent
from chuan.reporting.papers import body, occasion
from chuan.reporting.papers.marks import SUBMITTAL
from chuan.reporting.papers.offices import COMMITTEE, DEPARTMENT, MINISTRY, NO_SIGNER, filed_by, signature_of
from chuan.reporting.papers.words import day, said, told
from chuan.reporting.rules import PaperForm, Recipient

SYMBOL = "TTr-SKHCN"


def document(
    snapshot: dict[str, Any],
    *,
    content_sha256: str = "",
    number: int | None = None,
    dated: date | None = None,
    signature: Signature | None = None,
    draft: bool = False,
) -> OfficialDocument:
    """The tờ trình in Vietnamese; number and day stay blank until the clerk records them."""
    with translation.override("vi"):
        signed = signature or signature_of(snapshot)
        if draft and not signed.name:
            signed = Signature(signed.authority_lines, NO_SIGNER)
        return OfficialDocument(
            parent_body=COMMITTEE,
            issuer=DEPARTMENT,
            number=str(number) if number else None,
            symbol=SYMBOL,
            place="Tây Ninh",
            date=dated,
            year=dated.year if dated else occasion.year(snapshot),
            kind="TỜ TRÌNH",
            subject=f"Về việc ban hành Báo cáo {occasion.named(snapshot)}",
            addressees=(COMMITTEE,),
            body=_body(snapshot),
            signature=signed,
            recipients=("Như trên", filed_by(snapshot)),
            **papers.common(snapshot, content_sha256, SUBMITTAL, draft=draft),
        )


def _body(snapshot: Mapping[str, Any]) -> tuple[Any, ...]:
    plan, period = snapshot["plan"], snapshot["period"]
    report = papers.document(dict(snapshot), recipient=Recipient.MINISTRY)
    annexes = tuple((Text(f"{one.label}: {_in_a_sentence(one.title)}"),) for one in report.annexes)
    limits = body.limits(snapshot, "")
    bases = [f"Căn cứ Kế hoạch số {plan['number']} ngày {day(plan['signed'])} của {plan['issuer']}"]
    ad_hoc = occasion.is_ad_hoc(snapshot)
    bases += [f"Căn cứ {occasion.request(snapshot)}"] if ad_hoc else []
    ends = [*[";"] * (len(bases) - 1), "."]
    return (
        *(Paragraph((Text(f"{basis}{end}", italic=True),)) for basis, end in zip(bases, ends, strict=True)),
        said(
            f"{DEPARTMENT} kính trình {COMMITTEE} xem xét, ban hành Báo cáo {occasion.named(snapshot)} "
            f"gửi {MINISTRY}, cụ thể như sau:"
        ),
        said(
            f"{DEPARTMENT} đã tổng hợp báo cáo của các cơ quan, đơn vị "
            f"(số liệu từ ngày {day(period['first'])} đến ngày {day(period['last'])}) "
            f"và dự thảo Báo cáo của {COMMITTEE}."
        ),
        *((told(*limits),) if limits else ()),
        said("Hồ sơ trình gồm dự thảo Báo cáo và các phụ lục kèm theo:"),
        enumerated(annexes),
        said(f"Kính trình {COMMITTEE} xem xét, quyết định./."),
    )


def _in_a_sentence(title: str) -> str:
    """A title in capitals as it stands in a list."""
    lower = title[1:].lower().replace("kế hoạch", "Kế hoạch").replace("phụ lục", "Phụ lục")
    return f"{title[:1]}{lower}"


def of_content(content: ReportContent, report: Report, stage: str) -> OfficialDocument:
    """The tờ trình of a frozen content: for signature with blanks, or as issued."""
    own = content.paper_numbers.filter(form=PaperForm.SUBMITTAL).first() if stage == "issued" else None
    return document(
        papers.with_names(content, report),
        content_sha256=content.sha256,
        number=own.number if own else None,
        dated=own.dated if own else None,
        signature=papers.signed_by(report) if own else None,
    )
