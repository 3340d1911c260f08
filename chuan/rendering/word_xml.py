"""WordprocessingML in small pieces: runs, paragraphs, tables, fields, locked controls, a watermark."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml

from chuan.rendering.blocks import WORDING_TAG

Element = Any  # lxml has no types of its own

FIGURE_ALIAS: Final = "Số liệu "
WORDING_ALIAS: Final = "Lời văn "
"""The name of a control that people see; some programs keep this and lose the tag."""
_XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_WATERMARK: Final = """
<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"><w:rPr><w:noProof/></w:rPr><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>
<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom"
 o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/>
</v:shapetype><v:shape id="PowerPlusWaterMarkObject%(id)d" o:spid="_x0000_s%(spid)d" type="#_x0000_t136"
 alt=%(text)s style="position:absolute;margin-left:0;margin-top:0;width:%(width)dpt;height:%(height)dpt;rotation:315;
z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;
mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#e0e0e0" stroked="f">
<v:textpath style="font-family:&quot;Times New Roman&quot;;font-size:1pt;font-weight:bold" string=%(text)s/>
</v:shape></w:pict></w:r>
"""


def twips(mm: float) -> str:
    """Millimetres as the whole twips that Word writes."""
    return str(round(mm * 1440 / 25.4))


def node(tag: str, *children: Element, text: str = "", **attributes: str) -> Element:
    """`node("w:jc", val="center")`: an element with its attributes in the `w` namespace."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    element.extend(children)
    if text:
        element.text = text
    return element


def run(text: str, *, bold: bool = False, italic: bool = False, points: float = 0, style: str = "") -> Element:
    """A run; line breaks in the text become line breaks in Word."""
    properties = node("w:rPr")
    if style:
        properties.append(node("w:rStyle", val=style))
    if bold:
        properties.extend([node("w:b"), node("w:bCs")])
    if italic:
        properties.extend([node("w:i"), node("w:iCs")])
    if points:
        size = str(round(points * 2))
        properties.extend([node("w:sz", val=size), node("w:szCs", val=size)])
    made = node("w:r", *([properties] if len(properties) else []))
    for index, line in enumerate(text.split("\n")):
        if index:
            made.append(node("w:br"))
        words = node("w:t", text=line)
        words.set(_XML_SPACE, "preserve")
        made.append(words)
    return made


def paragraph(
    style: str,
    *children: Element,
    align: str = "",
    before: float = -1,
    after: float = -1,
    left_mm: float = 0,
    right_mm: float = 0,
    hanging_mm: float = 0,
    keep_next: bool = False,
) -> Element:
    """A paragraph in a named style; `before` and `after` (points) only where the style's own do not serve."""
    properties = node("w:pPr", node("w:pStyle", val=style))
    if keep_next:
        properties.append(node("w:keepNext"))
    space = {name: str(round(value * 20)) for name, value in (("before", before), ("after", after)) if value >= 0}
    if space:
        properties.append(node("w:spacing", **space))
    indents = {"left": left_mm, "right": right_mm, "hanging": hanging_mm}
    given = {name: twips(value) for name, value in indents.items() if value}
    if given:
        properties.append(node("w:ind", **given))
    if align:
        properties.append(node("w:jc", val=align))
    return node("w:p", properties, *children)


def rule(width_mm: float, length_mm: float, *, before: float = 3) -> Element:
    """A centred rule as the top border of an almost empty paragraph, so that it moves with the text."""
    side = twips(max(0.0, (width_mm - length_mm) / 2))
    return node(
        "w:p",
        node(
            "w:pPr",
            node("w:pStyle", val="Normal"),
            node("w:pBdr", node("w:top", val="single", sz="6", space="0", color="000000")),
            node("w:spacing", before=str(round(before * 20)), after="0", line="40", lineRule="exact"),
            node("w:ind", left=side, right=side),
            node("w:rPr", node("w:sz", val="2")),
        ),
    )


def gap(points: float) -> Element:
    """Empty space of exactly this height; Word also wants a paragraph between two tables."""
    spacing = node("w:spacing", before="0", after="0", line=str(round(points * 20)), lineRule="exact")
    return node("w:p", node("w:pPr", node("w:pStyle", val="Normal"), spacing, node("w:rPr", node("w:sz", val="2"))))


def figure_control(code: str, printed: str, number: int, *, bold: bool) -> Element:
    """A figure as a content control whose content is locked, tagged with its code."""
    look = [node("w:rPr", node("w:b"), node("w:bCs"))] if bold else []
    return node(
        "w:sdt",
        node(
            "w:sdtPr",
            *look,
            node("w:alias", val=f"{FIGURE_ALIAS}{code}"),
            node("w:tag", val=code),
            node("w:id", val=str(number)),
            node("w:lock", val="sdtContentLocked"),
            node("w:text"),
        ),
        node("w:sdtContent", run(printed, bold=bold)),
    )


def wording_control(key: str, number: int, *words: Element) -> Element:
    """A free wording as a content control tagged with its key; its words, a paragraph or runs, stay open to change."""
    return node(
        "w:sdt",
        node(
            "w:sdtPr",
            node("w:alias", val=f"{WORDING_ALIAS}{key}"),
            node("w:tag", val=f"{WORDING_TAG}{key}"),
            node("w:id", val=str(number)),
        ),
        node("w:sdtContent", *words),
    )


def page_number() -> list[Element]:
    """The runs of a PAGE field."""
    code = node("w:instrText", text=" PAGE ")
    code.set(_XML_SPACE, "preserve")
    return [
        node("w:r", node("w:fldChar", fldCharType="begin")),
        node("w:r", code),
        node("w:r", node("w:fldChar", fldCharType="separate")),
        run("2"),
        node("w:r", node("w:fldChar", fldCharType="end")),
    ]


def boxed(text: str) -> Element:
    """A small red run in a frame, for the banner."""
    made = run(text, bold=True)
    made.rPr.append(node("w:color", val="A61B1B"))
    made.rPr.extend([node("w:sz", val="18"), node("w:szCs", val="18")])
    made.rPr.append(node("w:bdr", val="single", sz="6", space="2", color="A61B1B"))
    return made


def watermark(text: str, number: int) -> Element:
    """The run that holds Word's own kind of text watermark."""
    width = min(430, 56 * len(text))
    values = {
        "id": number,
        "spid": 2048 + number,
        "text": quoteattr(text),
        "width": width,
        "height": round(width / max(3.0, 0.62 * len(text))),
    }
    return parse_xml(" ".join((_WATERMARK % values).split("\n")).strip())


def cell(width_mm: float, *paragraphs: Element, span: int = 1, middle: bool = False) -> Element:
    """A table cell of fixed width."""
    properties = node("w:tcPr", node("w:tcW", w=twips(width_mm), type="dxa"))
    if span > 1:
        properties.append(node("w:gridSpan", val=str(span)))
    if middle:
        properties.append(node("w:vAlign", val="center"))
    return node("w:tc", properties, *paragraphs)


def table_row(*cells: Element, header: bool = False, whole: bool = True) -> Element:
    """A row, `whole` on one page; one higher than a page must not be, LibreOffice would lose its end."""
    properties = node("w:trPr")
    if whole:
        properties.append(node("w:cantSplit"))
    if header:
        properties.append(node("w:tblHeader"))
    return node("w:tr", properties, *cells)


def table(widths_mm: Sequence[float], rows: Iterable[Element], *, ruled: bool) -> Element:
    """A table of fixed layout; without rules it has no cell margins either and only places text."""
    margin = "85" if ruled else "0"
    properties = node(
        "w:tblPr",
        node("w:tblStyle", val="TableGrid" if ruled else "TableNormal"),
        node("w:tblW", w=twips(sum(widths_mm)), type="dxa"),
        node("w:tblLayout", type="fixed"),
        node(
            "w:tblCellMar",
            node("w:top", w="40" if ruled else "0", type="dxa"),
            node("w:left", w=margin, type="dxa"),
            node("w:bottom", w="40" if ruled else "0", type="dxa"),
            node("w:right", w=margin, type="dxa"),
        ),
        node("w:tblLook", val="0020" if ruled else "0000", firstRow="1" if ruled else "0"),
    )
    return node("w:tbl", properties, node("w:tblGrid", *(node("w:gridCol", w=twips(w)) for w in widths_mm)), *rows)
