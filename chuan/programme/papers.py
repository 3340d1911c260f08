"""*Phiếu xin ý kiến cách hiểu*: one page that quotes the places, says what each reading means, and leaves a box."""

from collections.abc import Mapping
from datetime import date
from typing import Any

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


def request_paper(
    document: PlanDocument,
    contradiction: Contradiction,
    *,
    today: date,
    drafting_room: str = "",
    effects: Mapping[str, str] | None = None,
) -> OfficialDocument:
    """The request as Sở KH&CN sends it, in Vietnamese; number, day and decision stay blank.

    `drafting_room`: the symbol of the room that drafts it, where it is known. `effects`: what each reading makes of
    the targets today, by its label.
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
            year=today.year,
            kind="PHIẾU XIN Ý KIẾN",
            subject=f"Cách hiểu Kế hoạch số {document.plan.number}",
            addressees=(contradiction.addressee,),
            body=_body(document, contradiction, effects or {}, today),
            signature=Signature(("GIÁM ĐỐC",)),
            recipients=("Như trên", filed(drafting_room)),
            banner="DỮ LIỆU MINH HỌA" if deployment.is_sample() else None,
            footer=f"Phiếu {contradiction.code}",
        )


def _today(reading: Mapping[str, Any], effects: Mapping[str, str]) -> tuple[Text, ...]:
    """What the reading comes to on the data of today; nothing where it speaks of no target."""
    said = effects.get(reading["label"])
    return (Text(f" {said[:1].upper()}{said[1:]}.", italic=True),) if said else ()


def place_of(committee: str) -> str:
    """The place that a province's committee dates its documents from."""
    for kind in ("tỉnh", "thành phố"):
        before, found, name = committee.partition(f" {kind} ")
        if found and before == "Ủy ban nhân dân":
            return name
    return committee


def _body(
    document: PlanDocument, contradiction: Contradiction, effects: Mapping[str, str], today: date
) -> tuple[Block, ...]:
    plan = document.plan
    head = f"Kế hoạch số {plan.number} ngày {format_date(plan.signed)} có chỗ hiểu được theo nhiều cách. Xin ý kiến: "
    as_of = f" (chữ nghiêng: theo số liệu đến {format_date(today)})" if any(effects.values()) else " khi đánh giá"
    sources: list[Row] = [
        (source["place"], f"“{document.quote(spans_of(source['spans']))}”") for source in contradiction.sources
    ]
    readings: list[Row] = [
        (r["label"], (Text(f"{r['words']}. ", bold=True), Text(r["effect"]), *_today(r, effects)), "")
        for r in contradiction.readings
    ]
    return (
        Paragraph((Text(head), Text(contradiction.question, bold=True))),
        Table((Column("Nơi nêu", 1.1), Column("Nguyên văn", 4)), tuple(sources)),
        Table(
            (
                Column("", 0.4, "center"),
                Column(f"Cách hiểu, hệ quả{as_of}", 5.5),
                Column("Đánh X", 0.7, "center"),
            ),
            (
                *readings,
                ("", f"Ý kiến khác; ngày trả lời (cũng là ngày áp dụng), chữ ký, họ tên:{_ROOM}", ""),
            ),
        ),
    )
