"""The annexes of a document as a workbook, from the same table blocks that Word and PDF print."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any, Final

from chuan.rendering.blocks import (
    NBSP,
    Annex,
    Block,
    Bullets,
    Cell,
    Drawing,
    FigureInline,
    Footnote,
    GroupRow,
    Heading,
    Inlines,
    Paragraph,
    QrBlock,
    Row,
    Table,
    Text,
    as_inlines,
)
from chuan.rendering.measures import column_widths
from chuan.rendering.sheets import (
    EXACT_DIGITS,
    LIKE_A_FORMULA,
    MM_A_LETTER,
    MOST_LETTERS,
    new_workbook,
    put_text,
    row_height,
    safe_sheet_name,
    set_up_print,
)
from chuan.rendering.text import for_print, line_for_print

_WIDTH_MM: Final = 247.0
_MORE: Final = " … [ô bảng tính không chứa hết; phần còn lại ở bản Word và PDF]"
_NUMBER: Final = re.compile(r"([-−]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?")


@dataclass
class _Page:
    """One worksheet to be: the lines above a table, the table, the lines below it."""

    annex: Annex
    above: list[str] = field(default_factory=list)
    table: Table | None = None
    below: list[str] = field(default_factory=list)


def write_annexes(title: str, annexes: Sequence[Annex], *, source: str = "") -> bytes:
    """One worksheet a table: title, reference and caption, a frozen and repeated header, the rows, the notes.

    A figure is a real number that looks as printed; everything else is text and never a formula. A cell that cannot
    hold its words says that the Word and PDF files do.
    """
    if not annexes:
        raise ValueError("a workbook needs an annex")
    out = io.BytesIO()
    with new_workbook(out, title) as book:
        looks, names = _Looks(book), set[str]()
        for annex in annexes:
            for page in _pages(annex):
                name = _free_name(annex.label, names)
                names.add(name.casefold())
                _Sheet(book.add_worksheet(name), looks, page).write(source)
    return out.getvalue()


def _free_name(label: str, taken: set[str]) -> str:
    """The annex's label, numbered where it has several tables."""
    name = safe_sheet_name(label)
    numbered = (name if n == 1 else f"{name[:25]} ({n})" for n in count(1))
    return next(candidate for candidate in numbered if candidate.casefold() not in taken)


def _pages(annex: Annex) -> list[_Page]:
    pages = [_Page(annex)]
    for block in annex.blocks:
        if isinstance(block, Table):
            if pages[-1].table is not None:
                above, pages[-1].below = pages[-1].below, []
                pages.append(_Page(annex, above))
            pages[-1].table = block
            continue
        lines = pages[-1].above if pages[-1].table is None else pages[-1].below
        lines += _lines(block)
    return pages


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield block.text
        case Paragraph():
            yield _plain(block.inlines)
        case Bullets():
            yield from (f"- {_plain(item)}" for item in block.items)
        case QrBlock():
            yield f"{block.caption} {block.url}"
        case Drawing():
            yield block.alt


def _plain(inlines: Inlines) -> str:
    parts = []
    for inline in inlines:
        match inline:
            case FigureInline():
                parts.append(inline.printed.replace(NBSP, " "))
            case Footnote():
                parts.append(f" ({inline.text})")
            case Text():
                parts.append(inline.in_full or inline.text)
    return "".join(parts)


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, object], ...], Any] = {}

    def __call__(self, **properties: object) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(properties)
        return self.made[key]

    def cell(self, **properties: object) -> Any:
        return self(border=1, valign="top", text_wrap=True, **properties)


class _Sheet:
    """Writes one page row after row; each row is made as high as its words need, since few programs do."""

    def __init__(self, sheet: Any, looks: _Looks, page: _Page) -> None:
        self.sheet, self.looks, self.page = sheet, looks, page
        self.widths = column_widths(page.table, _WIDTH_MM) if page.table else [_WIDTH_MM]
        self.notes: list[str] = []
        self.row = 0
        for index, width in enumerate(self.widths):
            sheet.set_column(index, index, round(width / MM_A_LETTER, 1))

    def write(self, source: str) -> None:
        table, annex = self.page.table, self.page.annex
        title: dict[str, object] = {"bold": True, "font_size": 14}
        note: dict[str, object] = {"italic": True}
        plain: dict[str, object] = {}
        heads: tuple[tuple[str, dict[str, object]], ...] = (
            (annex.label, title),
            (annex.title, title),
            (annex.reference_line, note),
            (source, note),
            *((line, plain) for line in self.page.above),
            (table.caption if table else "", title),
        )
        for words, look in heads:
            self.line(words, look)
        header = self.row if table else 0
        if table:
            self.header(table)
            for values in table.rows:
                self.values(table, values)
        for words in (*self.notes, *self.page.below):
            self.line(words, plain)
        set_up_print(self.sheet, header)

    def line(self, words: str, look: Mapping[str, object], *, ruled: bool = False, first: int = 0) -> None:
        """A line across the sheet from its `first` column on; an empty one takes no row."""
        words = line_for_print(words)
        if not words:
            return
        points = 14 if look.get("font_size") else 12
        across = [(words, sum(self.widths[first:]))]
        self.sheet.set_row(self.row, row_height(across, points=points, bold=bool(look.get("bold"))))
        style = self.looks.cell(**look, **_quoted(words)) if ruled else self.looks(text_wrap=True, valign="top", **look)
        if len(self.widths) > first + 1:
            self.sheet.merge_range(self.row, first, self.row, len(self.widths) - 1, "", style)
        put_text(self.sheet, self.row, first, words, style)
        self.row += 1

    def header(self, table: Table) -> None:
        headings = [for_print(column.heading) for column in table.columns]
        self.height(headings, bold=True)
        look = self.looks.cell(bold=True, align="center", bg_color="#E8EEF7")
        for index, heading in enumerate(headings):
            put_text(self.sheet, self.row, index, heading, look)
        self.row += 1

    def values(self, table: Table, values: Row) -> None:
        if isinstance(values, GroupRow):
            if values.number:
                put_text(self.sheet, self.row, 0, values.number, self.looks.cell(bold=True, align="center"))
            self.line(values.text, {"bold": True}, ruled=True, first=1 if values.number else 0)
            return
        words = [_fitting(for_print(_noted(cell, self.notes))) for cell in values]
        self.height(words)
        for index, (column, cell) in enumerate(zip(table.columns, values, strict=True)):
            number, look = _number(cell), {"align": column.align, "bold": _is_bold(cell)}
            if number is None:
                put_text(self.sheet, self.row, index, words[index], self.looks.cell(**look, **_quoted(words[index])))
            else:
                self.sheet.write_number(self.row, index, number[0], self.looks.cell(**look, num_format=number[1]))
        self.row += 1

    def height(self, words: Sequence[str], *, bold: bool = False) -> None:
        self.sheet.set_row(self.row, row_height(zip(words, self.widths, strict=True), bold=bold))


def _fitting(words: str) -> str:
    """What a cell holds: a province's words on one task may be more, and then the cell says where the rest stands."""
    return words if len(words) <= MOST_LETTERS else words[: MOST_LETTERS - len(_MORE)] + _MORE


def _is_bold(cell: Cell) -> bool:
    inlines = [inline for inline in as_inlines(cell) if not isinstance(inline, Footnote)]
    return bool(inlines) and all(inline.bold for inline in inlines)


def _quoted(words: str) -> dict[str, object]:
    return {"quote_prefix": True} if words.startswith(LIKE_A_FORMULA) else {}


def _noted(cell: Cell, notes: list[str]) -> str:
    """The words of a cell; a note becomes a mark, and its text a line under the table."""
    parts = []
    for inline in as_inlines(cell):
        if isinstance(inline, Footnote):
            mark = f"({len(notes) + 1})"
            notes.append(f"{mark} {inline.text}")
            parts.append(f" {mark}")
        else:
            parts.append(_plain((inline,)))
    return "".join(parts)


def _number(cell: Cell) -> tuple[Decimal, str] | None:
    """A cell that holds one figure and nothing else: its value, and the format that shows it as printed."""
    inlines = as_inlines(cell)
    if len(inlines) != 1 or not isinstance(inlines[0], FigureInline):
        return None
    figure = inlines[0]
    matched = _NUMBER.fullmatch(line_for_print(figure.text))
    if matched is None:
        return None
    sign, whole, fraction = matched[1], matched[2], matched[3] or ""
    digits = whole.replace(".", "")
    if len(digits + fraction) > EXACT_DIGITS or '"' in figure.unit:
        return None
    value = Decimal(f"{'-' if sign else ''}{digits}{'.' if fraction else ''}{fraction}")
    shown = "#,##0" if "." in whole else "0" * (len(digits) if digits.startswith("0") else 1)
    shown += f".{'0' * len(fraction)}" if fraction else ""
    unit = line_for_print(figure.unit)
    return value, f'{shown}" {unit}"' if unit else shown
