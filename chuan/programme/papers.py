"""*Phiếu xin ý kiến cách hiểu*: one page that quotes the places, says what each reading means, and leaves a box."""

from django.utils import translation

from chuan.lib.dates import format_date
from chuan.programme.document import PlanDocument
from chuan.programme.models import Contradiction
from chuan.programme.spans import spans_of
from chuan.rendering.blocks import (
    Block,
    Column,
    OfficialDocument,
    Paragraph,
    Row,
    Signature,
    Table,
    Text,
    filed,
)
from chuan.web import deployment

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


#: Room for what the one who decides writes by hand.
_ROOM = "\n\n"
_UNTIL = "Đánh dấu X vào cách hiểu được chọn (áp dụng từ ngày trả lời):"


def request_paper(
    document: PlanDocument, contradiction: Contradiction, *, year: int, drafting_room: str = ""
) -> OfficialDocument:
    """The request as Sở KH&CN sends it, in Vietnamese; number, day and decision stay blank.

    `drafting_room`: the symbol of the room that drafts it, where it is known.
    """
    issuer = document.plan.issuer
    with translation.override("vi"):
        return OfficialDocument(
            parent_body=issuer,
            issuer="Sở Khoa học và Công nghệ",
            number=None,
            symbol="SKHCN",
            place=place_of(issuer),
            date=None,
            year=year,
            kind="PHIẾU XIN Ý KIẾN",
            subject=f"Cách hiểu Kế hoạch số {document.plan.number}",
            addressees=(contradiction.addressee,),
            body=_body(document, contradiction),
            signature=Signature(("GIÁM ĐỐC",)),
            recipients=("Như trên", filed(drafting_room)),
            banner="DỮ LIỆU MINH HỌA" if deployment.is_sample() else None,
            footer=f"Phiếu {contradiction.code}",
        )


def place_of(committee: str) -> str:
    """The place that a province's committee dates its documents from."""
    for kind in ("tỉnh", "thành phố"):
        before, found, name = committee.partition(f" {kind} ")
        if found and before == "Ủy ban nhân dân":
            return name
    return committee


def _body(document: PlanDocument, contradiction: Contradiction) -> tuple[Block, ...]:
    plan = document.plan
    head = f"Kế hoạch số {plan.number} ngày {format_date(plan.signed)} có chỗ hiểu được theo nhiều cách. Xin ý kiến: "
    sources: list[Row] = [
        (source["place"], f"“{document.quote(spans_of(source['spans']))}”") for source in contradiction.sources
    ]
    readings: list[Row] = [
        (r["label"], (Text(f"{r['words']}. ", bold=True), Text(r["effect"])), "") for r in contradiction.readings
    ]
    return (
        Paragraph((Text(head), Text(contradiction.question, bold=True))),
        Table((Column("Nơi nêu", 1.1), Column("Nguyên văn", 4)), tuple(sources)),
        Paragraph((Text(_UNTIL),)),
        Table(
            (
                Column("", 0.4, "center"),
                Column("Cách hiểu và hệ quả khi đánh giá", 5.6),
                Column("Chọn", 0.6, "center"),
            ),
            (
                *readings,
                ("", f"Ý kiến khác; ngày, chữ ký, họ tên người cho ý kiến:{_ROOM}", ""),
            ),
        ),
    )
