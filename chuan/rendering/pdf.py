"""An official document as PDF/A-3a and PDF/UA-1, with the files that belong to it attached."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from chuan.rendering.blocks import (
    NBSP,
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
)
from chuan.rendering.drawings import check_svg
from chuan.rendering.engine import typeset
from chuan.rendering.measures import NUMBER, column_widths, kept_with_signature
from chuan.rendering.qr import qr_svg
from chuan.rendering.text import for_print, line_for_print

Relationship = Literal["source", "data", "alternative", "supplement"]

_SOURCE: Final = (Path(__file__).resolve().parent / "official.typ").read_bytes()
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()-]{0,119}")
_WIDTH_MM: Final = {False: 160.0, True: 247.0}  # of the text, upright and landscape
_LETTER_MM: Final = 2.35  # a wide guess at 12 pt
_CELL_EDGES_MM: Final = 2.8
_LETTERS_A_LINE: Final = 68
_LONGEST_WORD: Final = 33  # that fits on a line of the body, all W
_LONGEST_SYLLABLE: Final = 7  # of Vietnamese ("nghiêng")
_ZERO_WIDTH_SPACE: Final = "\u200b"
#: Where a long code or address breaks best: behind a hyphen or a stroke between letters or digits.
_BEHIND: Final = re.compile(r"(?<=[^\W_][-/])(?=[^\W_])")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF; its relationship to the document is that of PDF/A-3 (AFRelationship)."""

    name: str
    data: bytes
    mime: str
    description: str
    relationship: Relationship = "data"

    def __post_init__(self) -> None:
        if not _PLAIN_NAME.fullmatch(self.name):  # letters with marks come out garbled in some readers
            raise ValueError(f"not a plain ASCII file name: {self.name!r}")


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
        "description": line_for_print(attachment.description),
        "relationship": attachment.relationship,
    }


def _document(doc: OfficialDocument) -> dict[str, Any]:
    made = doc.date or date(doc.year, 1, 1)
    return {
        "title": doc.title,
        "parent_body": for_print(doc.parent_body).upper(),
        "issuer": for_print(doc.issuer).upper(),
        "number_line": doc.number_line,
        "place_line": doc.place_line,
        "date": {"year": made.year, "month": made.month, "day": made.day},
        "kind": line_for_print(doc.kind).upper(),
        "subject": for_print(doc.subject),
        "addressees": doc.addressee_lines,
        "body": [_block(block) for block in doc.body],
        "kept": kept_with_signature(doc.body),
        "authority": [line_for_print(line).upper() for line in doc.signature.authority_lines],
        "signer": line_for_print(doc.signature.name),
        "recipients": doc.recipient_lines,
        "annexes": [_annex(annex) for annex in doc.annexes],
        "watermark": line_for_print(doc.watermark or ""),
        "banner": line_for_print(doc.banner or ""),
        "footer": line_for_print(doc.footer),
        "qr": _block(doc.qr) if doc.qr else None,
        "language": doc.language,
    }


def _annex(annex: Annex) -> dict[str, Any]:
    return {
        "label": annex.label,
        "title": line_for_print(annex.title).upper(),
        "reference": line_for_print(annex.reference_line),
        "landscape": annex.landscape,
        "blocks": [_block(block, landscape=annex.landscape) for block in annex.blocks],
    }


def _block(block: Block, *, landscape: bool = False) -> dict[str, Any]:
    match block:
        case Heading():
            return {"is": "heading", "level": block.level, "text": for_print(block.text)}
        case Paragraph():
            return {"is": "paragraph", "inlines": _inlines(block.inlines)}
        case Bullets():
            return {"is": "bullets", "items": [_inlines(item) for item in block.items]}
        case Table():
            return _table(block, landscape=landscape)
        case PageBreak():
            return {"is": "pagebreak"}
        case QrBlock():
            alt = f"Mã QR dẫn tới {line_for_print(block.url)}"
            return {"is": "qr", "svg": qr_svg(block.url, alt), "alt": alt, "caption": for_print(block.caption)}
        case Drawing():
            return {
                "is": "drawing",
                "svg": check_svg(block.svg),
                "alt": line_for_print(block.alt),
                "width": block.width * 100,
            }


def _table(table: Table, *, landscape: bool) -> dict[str, Any]:
    widths = column_widths(table, _WIDTH_MM[landscape])
    room = [max(3, int((width - _CELL_EDGES_MM) / _LETTER_MM)) for width in widths]
    return {
        "is": "table",
        "caption": for_print(table.caption),
        "widths": widths,
        "aligns": [column.align for column in table.columns],
        "headings": [_soft(for_print(c.heading), letters) for c, letters in zip(table.columns, room, strict=True)],
        "rows": [_row(row, room) for row in table.rows],
    }


def _row(row: Row, room: Sequence[int]) -> dict[str, Any]:
    if isinstance(row, GroupRow):
        return {"group": _soft(for_print(row.text), _LETTERS_A_LINE), "number": line_for_print(row.number)}
    return {"cells": [_inlines(as_inlines(cell), letters) for cell, letters in zip(row, room, strict=True)]}


def _soft(text: str, longest: int) -> str:
    """The text with invisible places to break in words too long for their line; numbers stay whole.

    A code breaks behind its hyphens and strokes; only what is still too long breaks anywhere.
    """
    if longest > _LONGEST_SYLLABLE:
        longest = min(_LONGEST_WORD, max(_LONGEST_SYLLABLE, int(longest * 0.7)))
    too_long = re.compile(rf"[^\s{_ZERO_WIDTH_SPACE}]{{{longest}}}(?=[^\s{_ZERO_WIDTH_SPACE}])")

    def broken(word: re.Match[str]) -> str:
        if NUMBER.fullmatch(word[0]):
            return word[0]
        return too_long.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", _BEHIND.sub(_ZERO_WIDTH_SPACE, word[0]))

    return re.sub(rf"\S{{{longest + 1},}}", broken, text)


def _inlines(inlines: Inlines, longest: int = _LETTERS_A_LINE) -> list[dict[str, Any]]:
    return [_inline(inline, longest) for inline in inlines]


def _inline(inline: Inline, longest: int) -> dict[str, Any]:
    match inline:
        case FigureInline():
            words = inline.printed if len(inline.printed) <= longest else inline.printed.replace(NBSP, " ")
            return {"is": "text", "text": _soft(words, longest), "bold": inline.bold, "italic": False}
        case Footnote():
            return {"is": "footnote", "text": _soft(for_print(inline.text), _LETTERS_A_LINE)}
        case _:
            words = _soft(for_print(inline.text), longest)
            return {"is": "text", "text": words, "bold": inline.bold, "italic": inline.italic}
