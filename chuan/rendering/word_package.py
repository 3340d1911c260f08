"""The parts of a Word file that python-docx has no words for: footnotes, and a zip that does not tell the time."""

import io
import zipfile
from collections.abc import Sequence
from typing import Final

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from chuan.rendering.word_xml import Element, node, paragraph, run

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold


def add_footnotes(document: Document, notes: Sequence[str]) -> None:
    """The footnotes part: Word's two separators, then the notes numbered from 1."""
    footnotes = node("w:footnotes", _separator("separator", -1), _separator("continuationSeparator", 0))
    for number, text in enumerate(notes, start=1):
        mark = run("", style="FootnoteReference")
        mark.replace(mark[-1], node("w:footnoteRef"))
        footnotes.append(node("w:footnote", paragraph("FootnoteText", mark, run(f" {text}")), id=str(number)))
    package = document.part.package
    blob = etree.tostring(footnotes, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, blob, package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def pack(document: Document) -> bytes:
    """The file as bytes that depend on its content only; the template's preview picture is left out."""
    relationships = document.part.package.rels
    for key in [key for key, rel in relationships.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relationships[key]
    written, packed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return packed.getvalue()


def _separator(kind: str, number: int) -> Element:
    line = node("w:r", node(f"w:{kind}"))
    return node("w:footnote", paragraph("Normal", line, before=0, after=0), type=kind, id=str(number))
