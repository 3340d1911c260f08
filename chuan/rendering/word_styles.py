"""The styles, numbering and settings of a Word document, so that a clerk has nothing left to format."""

from datetime import UTC, datetime
from typing import Final

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from chuan.rendering.word_xml import Element, node, twips

FONT: Final = "Times New Roman"
LANGUAGE: Final = "vi-VN"
TABLE_TEXT: Final = "TableText"
ANNEX_TITLE: Final = "AnnexTitle"
INDENT: Final = twips(12.7)


def prepare(document: Document) -> None:
    """Turn python-docx's template into that of an official document."""
    _paragraph_styles(document)
    _note_styles(document)
    _everywhere(document)
    _settings(document.settings.element)


def set_properties(document: Document, *, title: str, author: str, made: datetime) -> None:
    """Title, language and dates of the file; nothing that depends on when it is made."""
    properties = document.core_properties
    properties.title = title[:255]
    properties.subject = ""
    properties.author = author[:255]
    properties.last_modified_by = author[:255]
    properties.comments = ""
    properties.keywords = ""
    properties.language = LANGUAGE
    properties.revision = 1
    properties.created = properties.modified = made.astimezone(UTC).replace(tzinfo=None)


def _paragraph_styles(document: Document) -> None:
    add = document.styles.add_style
    for style_id, name in ((TABLE_TEXT, "Chữ trong bảng"), (ANNEX_TITLE, "Tên phụ lục")):
        made = add(name, WD_STYLE_TYPE.PARAGRAPH)
        made.element.set(qn("w:styleId"), style_id)
        made.element.insert(1, node("w:basedOn", val="Heading1" if style_id == ANNEX_TITLE else "Normal"))
        made.element.append(node("w:qFormat"))
    indent = node("w:ind", firstLine=INDENT)
    plain = _spacing(0, 0)
    _define(document, "Normal", 14, plain)
    _define(document, "BodyText", 14, _spacing(0, 6, 1.08), _copy(indent), node("w:jc", val="both"))
    for level in (1, 2, 3):
        _define(
            document,
            f"Heading{level}",
            14,
            node("w:keepNext"),
            node("w:keepLines"),
            _spacing(6, 6),
            _copy(indent),
            node("w:outlineLvl", val=str(level - 1)),
            bold=True,
            italic=level == 3,
        )
    centred = node("w:jc", val="center")
    _define(document, "Title", 14, node("w:keepNext"), _spacing(14, 2), _copy(centred), bold=True)
    _define(document, "Subtitle", 14, node("w:keepNext"), _spacing(0, 2), _copy(centred), bold=True)
    _define(document, "Caption", 13, node("w:keepNext"), _spacing(6, 4), _copy(centred), bold=True)
    _define(document, "Header", 13, plain, _copy(centred))
    _define(document, "Footer", 8, _copy(plain))
    _define(document, TABLE_TEXT, 12, _copy(plain))
    flush = node("w:ind", firstLine="0")
    _define(
        document,
        ANNEX_TITLE,
        14,
        node("w:keepNext"),
        _spacing(0, 3),
        flush,
        _copy(centred),
        node("w:outlineLvl", val="0"),
        bold=True,
    )
    _define(document, "ListBullet", 14, _dash_list(document), _spacing(0, 6, 1.08), node("w:jc", val="both"))


def _note_styles(document: Document) -> None:
    add = document.styles.add_style
    text = add("footnote text", WD_STYLE_TYPE.PARAGRAPH)
    text.element.set(qn("w:styleId"), "FootnoteText")
    text.element.insert(1, node("w:basedOn", val="Normal"))
    _define(document, "FootnoteText", 10, _spacing(0, 0), node("w:jc", val="both"))
    mark = add("footnote reference", WD_STYLE_TYPE.CHARACTER)
    mark.element.set(qn("w:styleId"), "FootnoteReference")
    mark.element.append(node("w:rPr", node("w:vertAlign", val="superscript")))


def _define(
    document: Document,
    style_id: str,
    points: int,
    *properties: Element,
    bold: bool = False,
    italic: bool = False,
) -> None:
    """Replace what the style says by these paragraph properties and this size."""
    style = _style(document, style_id)
    for old in style.findall(qn("w:pPr")) + style.findall(qn("w:rPr")):
        style.remove(old)
    size = str(points * 2)
    look = node("w:rPr")
    if bold:
        look.extend([node("w:b"), node("w:bCs")])
    if italic:
        look.extend([node("w:i"), node("w:iCs")])
    look.extend([node("w:sz", val=size), node("w:szCs", val=size)])
    style.extend([node("w:pPr", *properties), look])


def _style(document: Document, style_id: str) -> Element:
    return next(s for s in document.styles.element.findall(qn("w:style")) if s.get(qn("w:styleId")) == style_id)


def _spacing(before: float, after: float, lines: float = 1.0) -> Element:
    return node(
        "w:spacing",
        before=str(round(before * 20)),
        after=str(round(after * 20)),
        line=str(round(lines * 240)),
        lineRule="auto",
    )


def _copy(element: Element) -> Element:
    return element.__copy__()


def _everywhere(document: Document) -> None:
    """Times New Roman, black and Vietnamese proofing in the defaults and in every style a clerk may pick."""
    root = document.styles.element
    defaults = root.find(qn("w:docDefaults"))
    for old in list(defaults):
        defaults.remove(old)
    look = node("w:rPr")
    defaults.extend([node("w:rPrDefault", look), node("w:pPrDefault", node("w:pPr"))])
    targets = [look]
    for style in root.findall(qn("w:style")):
        if style.get(qn("w:type")) in ("paragraph", "character"):
            targets.append(style.get_or_add_rPr())
    for target in targets:
        for name in ("w:rFonts", "w:color", "w:lang"):
            for old in target.findall(qn(name)):
                target.remove(old)
        target.insert(0, node("w:rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT))
        target.append(node("w:lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA"))


def _dash_list(document: Document) -> Element:
    """A list whose mark is a dash and whose further lines return to the margin, as offices write it."""
    numbering = document.part.numbering_part.element
    level = node(
        "w:lvl",
        node("w:start", val="1"),
        node("w:numFmt", val="bullet"),
        node("w:suff", val="space"),
        node("w:lvlText", val="-"),
        node("w:lvlJc", val="left"),
        node("w:pPr", node("w:ind", left="0", firstLine=INDENT)),
        node("w:rPr", node("w:rFonts", ascii=FONT, hAnsi=FONT, hint="default")),
        ilvl="0",
    )
    numbering.insert(0, node("w:abstractNum", node("w:multiLevelType", val="singleLevel"), level, abstractNumId="900"))
    numbering.append(node("w:num", node("w:abstractNumId", val="900"), numId="900"))
    return node("w:numPr", node("w:ilvl", val="0"), node("w:numId", val="900"))


def _settings(settings: Element) -> None:
    """Where the notes' separators are, the language and decimal comma, spelling on, no compatibility mode."""
    compat = settings.find(qn("w:compat"))
    compat.addprevious(node("w:footnotePr", node("w:footnote", id="-1"), node("w:footnote", id="0")))
    for setting in compat.findall(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    for parent, name in (
        (compat, "w:useFELayout"),
        (settings, "w:proofState"),
        (settings, "w:savePreviewPicture"),
    ):
        for old in parent.findall(qn(name)):
            parent.remove(old)
    for name, value in (("w:themeFontLang", LANGUAGE), ("w:decimalSymbol", ","), ("w:listSeparator", ";")):
        settings.find(qn(name)).set(qn("w:val"), value)
