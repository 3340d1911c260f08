"""An official document as a Word file that needs no formatting work, its figures locked and tagged."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final, assert_never

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm

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
    Inlines,
    OfficialDocument,
    PageBreak,
    Paragraph,
    QrBlock,
    Table,
    as_inlines,
)
from chuan.rendering.drawings import svg_to_png
from chuan.rendering.measures import balanced, column_widths, kept_with_signature, surely_fit, width_mm
from chuan.rendering.qr import qr_png
from chuan.rendering.text import for_print, line_for_print
from chuan.rendering.word_package import add_footnotes, pack
from chuan.rendering.word_read import read_figures
from chuan.rendering.word_styles import ANNEX_TITLE, TABLE_TEXT, prepare, set_properties
from chuan.rendering.word_xml import (
    Element,
    boxed,
    cell,
    figure_control,
    gap,
    node,
    page_number,
    paragraph,
    rule,
    run,
    table,
    table_row,
    watermark,
    wording_control,
)

__all__ = ["read_figures", "render_docx"]

_PORTRAIT_MM: Final = 160.0
_LANDSCAPE_MM: Final = 247.0
_HEIGHTS_MM: Final = {_PORTRAIT_MM: 257.0, _LANDSCAPE_MM: 170.0}
_LEFT_MM: Final = 68.0  # the issuer's column of the opening
_MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
_MOTTO_MM: Final = 57.0  # that line in Times New Roman 13 pt bold
_QR_MM: Final = 26.0


def render_docx(doc: OfficialDocument) -> bytes:
    """The document as .docx; same input, same bytes. Raises UnsafeDrawing, TextCannotBePrinted (in drawings)."""
    return _Writer(doc).write()


class _Writer:
    """Builds one document, block after block, at the end of its body."""

    def __init__(self, doc: OfficialDocument) -> None:
        self.doc = doc
        self.file = docx.Document()
        self.body = self.file.element.body
        self.notes: list[str] = []
        self.controls = 0
        self.width = _PORTRAIT_MM

    def write(self) -> bytes:
        prepare(self.file)
        made = self.doc.date or date(self.doc.year, 1, 1)
        set_properties(
            self.file,
            title=self.doc.title,
            author=line_for_print(self.doc.issuer),
            made=datetime(made.year, made.month, made.day, tzinfo=UTC),
        )
        self.first_section()
        self.opening()
        kept = len(self.doc.body) - kept_with_signature(self.doc.body)
        for place, block in enumerate(self.doc.body):
            before = self.body.sectPr.getprevious()
            self.block(block)
            if place >= kept:
                _keep_with_next(before.itersiblings())
        self.closing()
        for annex in self.doc.annexes:
            self.annex(annex)
        add_footnotes(self.file, self.notes)
        return pack(self.file)

    def add(self, *elements: Element) -> None:
        for element in elements:
            self.body.sectPr.addprevious(element)

    # ---- sections -----------------------------------------------------------------------------------------

    def first_section(self) -> None:
        """A4, margins 20/20/30/20 mm, banner, watermark, page number from page 2, the hash at the foot."""
        section = self.file.sections[0]
        section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
        section.left_margin = Mm(30)
        section.header_distance = Mm(5 if self.doc.banner else 10)
        section.footer_distance = Mm(9)
        self.turn(section, landscape=False)
        section.different_first_page_header_footer = True
        for number, (header, numbered) in enumerate(
            ((section.first_page_header, False), (section.header, True)), start=1
        ):
            header.is_linked_to_previous = False
            root = header._element
            for old in list(root):
                root.remove(old)
            banner = [boxed(line_for_print(self.doc.banner))] if self.doc.banner else []
            mark = [watermark(line_for_print(self.doc.watermark), number)] if self.doc.watermark else []
            root.append(paragraph("Header", *banner, *mark))
            if numbered:
                root.append(paragraph("Header", *page_number()))
        for footer in (section.first_page_footer, section.footer):
            footer.is_linked_to_previous = False
            root = footer._element
            for old in list(root):
                root.remove(old)
            root.append(paragraph("Footer", run(line_for_print(self.doc.footer))))

    def turn(self, section: Section, *, landscape: bool) -> None:
        sides: tuple[Length, Length] = (Mm(210), Mm(297))
        section.page_width, section.page_height = sides[::-1] if landscape else sides
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        self.width = _LANDSCAPE_MM if landscape else _PORTRAIT_MM

    # ---- opening and closing ------------------------------------------------------------------------------

    def opening(self) -> None:
        doc = self.doc
        right = _PORTRAIT_MM - _LEFT_MM
        parent = balanced(for_print(doc.parent_body).upper(), 12, _LEFT_MM - 2)
        issuer = balanced(for_print(doc.issuer).upper(), 12, _LEFT_MM - 2, bold=True)
        under_issuer = max(width_mm(line, 12, bold=True) for line in issuer.split("\n")) * 0.4
        left = [
            *([_centred(run(parent, points=12))] if parent else []),
            _centred(run(issuer, bold=True, points=12)),
            rule(_LEFT_MM, under_issuer),
        ]
        motto = [
            _centred(run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, points=12)),
            _centred(run(_MOTTO, bold=True, points=13)),
            rule(right, _MOTTO_MM),
        ]
        numbered = [_centred(run(doc.number_line, points=13), before=6)]
        if not doc.kind:
            about = balanced(f"V/v {line_for_print(doc.subject)}", 12, _LEFT_MM - 6)
            numbered.append(_centred(run(about, points=12), before=3))
        dated = _centred(run(doc.place_line, italic=True, points=13), before=6)
        widths = (_LEFT_MM, right)
        rows = [
            table_row(cell(_LEFT_MM, *left), cell(right, *motto)),
            table_row(cell(_LEFT_MM, *numbered), cell(right, dated)),
        ]
        self.add(gap(1), table(widths, rows, ruled=False))  # without the gap LibreOffice puts a whole line there
        self.title()
        self.addressees()

    def title(self) -> None:
        if not self.doc.kind:
            return
        subject = balanced(for_print(self.doc.subject), 14, 145, bold=True)
        self.add(
            paragraph("Title", run(line_for_print(self.doc.kind).upper())),
            paragraph("Subtitle", run(subject)),
            rule(_PORTRAIT_MM, max(width_mm(line, 14, bold=True) for line in subject.split("\n")) * 0.4),
        )

    def addressees(self) -> None:
        lines = self.doc.addressee_lines
        if len(lines) == 1:
            self.add(_centred(run(f"Kính gửi: {lines[0]}"), before=14, after=12))
        for index, line in enumerate(lines if len(lines) > 1 else ()):
            first, last = index == 0, index == len(lines) - 1
            self.add(
                paragraph(
                    "Normal",
                    run(f"Kính gửi:{NBSP}{line}" if first else line),
                    left_mm=57,
                    hanging_mm=22 if first else 1.8,
                    before=14 if first else 0,
                    after=12 if last else 0,
                )
            )
        if not lines:
            self.add(paragraph("Normal", before=6))

    def closing(self) -> None:
        """Nơi nhận, the QR code under it, and the signature in one row, with which the end of the body is kept."""
        half = _PORTRAIT_MM / 2
        left = [
            paragraph("Normal", run(line, points=11), hanging_mm=1.6, left_mm=1.6) for line in self.doc.recipient_lines
        ]
        if left:
            left.insert(0, paragraph("Normal", run("Nơi nhận:", bold=True, italic=True, points=12)))
        signed = [_centred(run(line_for_print(line).upper(), bold=True)) for line in self.doc.signature.authority_lines]
        signed.append(_centred(run(line_for_print(self.doc.signature.name), bold=True), before=76))
        if self.doc.qr:
            left += [gap(6), self.beside(self.doc.qr, half - 4), gap(1)]  # Word wants a paragraph at a cell's end
        row = table_row(cell(half, *(left or [paragraph("Normal")])), cell(half, *signed))
        space = gap(6)
        space.pPr.get_or_add_keepNext()
        self.add(space, table((half, half), [row], ruled=False))

    def annex(self, annex: Annex) -> None:
        self.end_section()
        section = self.file.sections[-1]
        self.turn(section, landscape=annex.landscape)
        for old in section._sectPr.findall(qn("w:pgNumType")):
            section._sectPr.remove(old)
        section._sectPr.find(qn("w:pgMar")).addnext(node("w:pgNumType", start="1"))
        title = balanced(line_for_print(annex.title).upper(), 14, self.width * 0.9, bold=True)
        self.add(paragraph(ANNEX_TITLE, run(f"{annex.label}\n{title}")))
        if annex.reference_line:
            reference = balanced(line_for_print(annex.reference_line), 14, self.width * 0.9)
            longest = max(width_mm(line, 14) for line in reference.split("\n"))
            self.add(_centred(run(reference, italic=True)), rule(self.width, min(longest, 120) * 0.4))
        self.add(gap(6))
        for block in annex.blocks:
            self.block(block)

    def end_section(self) -> None:
        """Close the section in the last paragraph; after a table, which cannot hold it, in a tiny one."""
        last = self.body.sectPr.getprevious()
        if last.tag != qn("w:p"):
            last = gap(1)
            self.add(last)
        last.set_sectPr(self.body.sectPr.clone())
        for reference in self.body.sectPr.findall(qn("w:headerReference")) + self.body.sectPr.findall(
            qn("w:footerReference")
        ):
            self.body.sectPr.remove(reference)

    # ---- blocks -------------------------------------------------------------------------------------------

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self.add(paragraph(f"Heading{block.level}", run(for_print(block.text))))
            case Paragraph():
                self.add(self.worded(block) if block.key else paragraph("BodyText", *self.inlines(block.inlines)))
            case Bullets():
                self.add(*(paragraph("ListBullet", *self.inlines(item)) for item in block.items))
            case Table():
                self.table(block)
            case PageBreak():
                self.add(paragraph("Normal", node("w:r", node("w:br", type="page"))))
            case QrBlock():
                self.add(self.beside(block, self.width), gap(6))
            case Drawing():
                width = self.width * block.width
                picture = self.picture(svg_to_png(block.svg, width_mm=width), width, line_for_print(block.alt))
                self.add(_centred(picture, before=6, after=6))
            case _:
                assert_never(block)

    def worded(self, block: Paragraph) -> Element:
        """A freely worded paragraph, which the leader may edit.

        A note at its end stands behind the control: LibreOffice moves the last mark of a control to its beginning.
        """
        runs = self.inlines(block.inlines)
        self.controls += 1
        if block.inlines and isinstance(block.inlines[-1], Footnote):
            return paragraph("BodyText", wording_control(block.key, self.controls, *runs[:-1]), runs[-1])
        return wording_control(block.key, self.controls, paragraph("BodyText", *runs))

    def table(self, block: Table) -> None:
        widths = column_widths(block, self.width)
        if block.caption:
            self.add(paragraph("Caption", run(for_print(block.caption))))
        headings = [
            cell(width, _centred(run(for_print(column.heading), bold=True), style=TABLE_TEXT), middle=True)
            for width, column in zip(widths, block.columns, strict=True)
        ]
        rows = [table_row(*headings, header=True)]
        fitting = surely_fit(block, widths, _HEIGHTS_MM[self.width])
        for row, whole in zip(block.rows, fitting, strict=True):
            if isinstance(row, GroupRow):
                rows.append(_group_row(row, widths))
                continue
            rows.append(
                table_row(
                    *(
                        cell(
                            width,
                            paragraph(TABLE_TEXT, *self.inlines(as_inlines(content)), align=column.align),
                        )
                        for width, column, content in zip(widths, block.columns, row, strict=True)
                    ),
                    whole=whole,
                )
            )
        self.add(table(widths, rows, ruled=True), gap(6))

    def beside(self, block: QrBlock, width: float) -> Element:
        """A QR code and its caption beside it, as a table without rules."""
        picture = self.picture(qr_png(block.url), _QR_MM, f"Mã QR dẫn tới {line_for_print(block.url)}")
        words = paragraph("Normal", run(for_print(block.caption), italic=True, points=11))
        widths = (_QR_MM + 3, width - _QR_MM - 3)
        row = table_row(cell(widths[0], paragraph("Normal", picture)), cell(widths[1], words, middle=True))
        return table(widths, [row], ruled=False)

    def picture(self, png: bytes, width: float, alt: str) -> Element:
        inline = self.file.part.new_pic_inline(io.BytesIO(png), width=Mm(width))
        inline.docPr.set("descr", alt)
        inline.docPr.set("name", f"Hình {inline.docPr.get('id')}")
        return node("w:r", node("w:drawing", inline))

    def inlines(self, inlines: Inlines) -> Sequence[Element]:
        made: list[Element] = []
        for inline in inlines:
            match inline:
                case FigureInline():
                    self.controls += 1
                    made.append(figure_control(inline.code, inline.printed, self.controls, bold=inline.bold))
                case Footnote():
                    self.notes.append(for_print(inline.text))
                    mark = run("", style="FootnoteReference")
                    mark.replace(mark[-1], node("w:footnoteReference", id=str(len(self.notes))))
                    made.append(mark)
                case _:
                    made.append(run(for_print(inline.text), bold=inline.bold, italic=inline.italic))
        return made


def _group_row(row: GroupRow, widths: Sequence[float]) -> Element:
    """A title across the table, behind its number where it has one."""
    words = paragraph(TABLE_TEXT, run(for_print(row.text), bold=True), keep_next=True)
    if not row.number:
        return table_row(cell(sum(widths), words, span=len(widths)))
    number = paragraph(TABLE_TEXT, run(line_for_print(row.number), bold=True), align="center", keep_next=True)
    return table_row(cell(widths[0], number), cell(sum(widths[1:]), words, span=len(widths) - 1))


def _centred(*children: Element, before: float = -1, after: float = -1, style: str = "Normal") -> Element:
    return paragraph(style, *children, align="center", before=before, after=after)


def _keep_with_next(elements: Iterable[Element]) -> None:
    """Word keeps each of these paragraphs, and the last rows of a table, on the page of what follows them."""
    for element in elements:
        kept = element.findall(qn("w:tr"))[-2:] if element.tag == qn("w:tbl") else [element]
        for words in (p for part in kept for p in part.iter(qn("w:p"))):
            words.get_or_add_pPr().get_or_add_keepNext()
