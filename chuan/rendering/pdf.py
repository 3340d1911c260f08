"""An official document as PDF/A-3a and PDF/UA-1, with the files that belong to it attached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from chuan.rendering.blocks import (
    Annex,
    Block,
    Bullets,
    Drawing,
    FigureInline,
    Footnote,
    GroupRow,
    Heading,
    Inline,
    Inlines,
    OfficialDocument,
    PageBreak,
    Paragraph,
    QrBlock,
    Row,
    Table,
    as_inlines,
    plain_text,
)
from chuan.rendering.drawings import check_svg
from chuan.rendering.engine import typeset
from chuan.rendering.qr import qr_svg
from chuan.rendering.text import clean, one_line

Relationship = Literal["source", "data", "alternative", "supplement"]

_SOURCE: Final = (Path(__file__).resolve().parent / "official.typ").read_bytes()
_LINES_A_PAGE: Final = 40
_LETTERS_A_LINE: Final = {False: 85, True: 125}  # 12 pt, whole text width, upright and landscape page


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF; its relationship to the document is that of PDF/A-3 (AFRelationship)."""

    name: str
    data: bytes
    mime: str
    description: str
    relationship: Relationship = "data"

    def __post_init__(self) -> None:
        if not self.name or self.name != one_line(self.name) or set(self.name) & set('/\\:*?"<>|'):
            raise ValueError(f"not a plain file name: {self.name!r}")


def render_pdf(doc: OfficialDocument, attachments: Sequence[Attachment] = ()) -> bytes:
    """The document as PDF/A-3a + PDF/UA-1 with `attachments` byte for byte; same input, same bytes.

    PDF/A wants a date in the file's properties: an undated draft carries 1 January of its year there, and
    nothing on paper. Raises TextCannotBePrinted, UnsafeDrawing, FontsMissing.
    """
    names = [attachment.name.casefold() for attachment in attachments]
    if len(set(names)) != len(names):
        raise ValueError("two attachments have the same name")
    data = _document(doc) | {"attachments": [_attachment(i, a) for i, a in enumerate(attachments)]}
    files = {f"{index}.bin": attachment.data for index, attachment in enumerate(attachments)}
    return typeset(_SOURCE, data, files=files, standards=("a-3a", "ua-1"))


def _attachment(index: int, attachment: Attachment) -> dict[str, str]:
    return {
        "file": f"/{index}.bin",
        "name": attachment.name,
        "mime": attachment.mime,
        "description": one_line(attachment.description),
        "relationship": attachment.relationship,
    }


def _document(doc: OfficialDocument) -> dict[str, Any]:
    made = doc.date or date(doc.year, 1, 1)
    return {
        "title": doc.title,
        "parent_body": clean(doc.parent_body).upper(),
        "issuer": clean(doc.issuer).upper(),
        "number_line": doc.number_line,
        "place_line": doc.place_line,
        "date": {"year": made.year, "month": made.month, "day": made.day},
        "kind": one_line(doc.kind).upper(),
        "subject": clean(doc.subject),
        "addressees": doc.addressee_lines,
        "body": [_block(block) for block in doc.body],
        "authority": [one_line(line).upper() for line in doc.signature.authority_lines],
        "signer": one_line(doc.signature.name),
        "recipients": doc.recipient_lines,
        "annexes": [_annex(annex) for annex in doc.annexes],
        "watermark": one_line(doc.watermark or ""),
        "banner": one_line(doc.banner or ""),
        "footer": one_line(doc.footer),
        "language": doc.language,
    }


def _annex(annex: Annex) -> dict[str, Any]:
    return {
        "label": annex.label,
        "title": one_line(annex.title).upper(),
        "reference": one_line(annex.reference_line),
        "landscape": annex.landscape,
        "blocks": [_block(block, landscape=annex.landscape) for block in annex.blocks],
    }


def _block(block: Block, *, landscape: bool = False) -> dict[str, Any]:
    match block:
        case Heading():
            return {"is": "heading", "level": block.level, "text": clean(block.text)}
        case Paragraph():
            return {"is": "paragraph", "inlines": _inlines(block.inlines)}
        case Bullets():
            return {"is": "bullets", "items": [_inlines(item) for item in block.items]}
        case Table():
            return _table(block, landscape=landscape)
        case PageBreak():
            return {"is": "pagebreak"}
        case QrBlock():
            alt = f"Mã QR dẫn tới {one_line(block.url)}"
            return {"is": "qr", "svg": qr_svg(block.url, alt), "alt": alt, "caption": clean(block.caption)}
        case Drawing():
            return {
                "is": "drawing",
                "svg": check_svg(block.svg),
                "alt": one_line(block.alt),
                "width": block.width * 100,
            }


def _table(table: Table, *, landscape: bool) -> dict[str, Any]:
    return {
        "is": "table",
        "caption": clean(table.caption),
        "widths": [column.weight for column in table.columns],
        "aligns": [column.align for column in table.columns],
        "headings": [clean(column.heading) for column in table.columns],
        "rows": [_row(row, table, landscape=landscape) for row in table.rows],
    }


def _row(row: Row, table: Table, *, landscape: bool) -> dict[str, Any]:
    if isinstance(row, GroupRow):
        return {"group": clean(row.text)}
    return {
        "cells": [_inlines(as_inlines(cell)) for cell in row],
        "whole": _height(row, table, landscape=landscape) < _LINES_A_PAGE,
    }


def _height(row: Sequence[Any], table: Table, *, landscape: bool) -> float:
    """A high guess of the row's lines: a row taller than a page must split, or its end would be lost."""
    total = sum(column.weight for column in table.columns)
    lines = 0.0
    for cell, column in zip(row, table.columns, strict=True):
        letters = max(4.0, _LETTERS_A_LINE[landscape] * column.weight / total * 0.8)
        lines = max(lines, sum(1 + len(part) / letters for part in plain_text(cell).split("\n")))
    return lines * (1.6 if landscape else 1.0)


def _inlines(inlines: Inlines) -> list[dict[str, Any]]:
    return [_inline(inline) for inline in inlines]


def _inline(inline: Inline) -> dict[str, Any]:
    match inline:
        case FigureInline():
            return {"is": "text", "text": inline.printed, "bold": inline.bold, "italic": False}
        case Footnote():
            return {"is": "footnote", "text": clean(inline.text)}
        case _:
            return {"is": "text", "text": clean(inline.text), "bold": inline.bold, "italic": inline.italic}
