"""The one description of an official document, from which both Word and PDF are made.

The parts and their order follow the form of Vietnamese administrative documents (Nghị định 30/2020/NĐ-CP,
Annex I). Nothing here is markup: every string is printed as it stands.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal

from chuan.rendering.text import for_print, line_for_print

Align = Literal["left", "center", "right"]

NBSP: Final = "\u00a0"
WORDING_TAG: Final = "loi:"
"""What the tag of a wording's control begins with in Word; no figure code may."""
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#-]{0,63}")
_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#-]{0,59}")  # with its mark it fits Word's 64 letters

#: What already ends an item of an enumeration.
_ENDS: Final = (".", ";", ":", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text in one style; `in_full` is what a worksheet says, which has no page, where paper shortens."""

    text: str
    bold: bool = False
    italic: bool = False
    in_full: str = ""


@dataclass(frozen=True, slots=True)
class FigureInline:
    """A number taken from a frozen figure, with the code it is known by (in Word: a locked control)."""

    code: str
    text: str
    unit: str = ""
    bold: bool = False

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"a figure code has 1 to 64 letters, digits or ._:/#- : {self.code!r}")
        if self.code.startswith(WORDING_TAG):
            raise ValueError(f"a figure code does not begin with {WORDING_TAG!r}: {self.code!r}")
        if not line_for_print(self.text):
            raise ValueError(f"figure {self.code} has no text to print")

    @property
    def printed(self) -> str:
        """What the reader sees: the number and its unit, with no line end between or inside the number."""
        number, unit = line_for_print(self.text).replace(" ", NBSP), line_for_print(self.unit)
        return f"{number}{NBSP}{unit}" if unit else number


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note mark at this place, and the note at the foot of the page."""

    text: str


Inline = Text | FigureInline | Footnote
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; the text carries its own number ("I.", "1.", "a)")."""

    level: int
    text: str

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"a heading has level 1, 2 or 3, not {self.level}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A justified paragraph with an indented first line.

    One that people word freely has a `key`, unique in its document: Word keeps it as a control's tag, so that
    the wording can be taken back (`word_reading`).
    """

    inlines: Inlines
    key: str = ""

    def __post_init__(self) -> None:
        if self.key and not _KEY.fullmatch(self.key):
            raise ValueError(f"a paragraph's key has 1 to 60 letters, digits or ._:/#- : {self.key!r}")


@dataclass(frozen=True, slots=True)
class Bullets:
    """Items that begin with a dash, as offices write them."""

    items: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its heading, its share of the width, and how its cells are aligned."""

    heading: str
    weight: float = 1
    align: Align = "left"

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"column {self.heading!r} needs a weight above 0")


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A bold row across the whole table; its number, where it has one, stands in the first column."""

    text: str
    number: str = ""


Cell = str | Inlines
Row = tuple[Cell, ...] | GroupRow


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table: its header row is repeated on every page and a row is never split between two."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table needs a column")
        for number, row in enumerate(self.rows, start=1):
            if isinstance(row, GroupRow):
                if row.number and len(self.columns) == 1:
                    raise ValueError(f"row {number} has a number and a title for one column")
            elif len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class QrBlock:
    """A QR code that leads to `url`, with a caption beside it."""

    url: str
    caption: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG drawing and the words that say what it shows; `width` is a share of the text width."""

    svg: str
    alt: str
    width: float = 1.0

    def __post_init__(self) -> None:
        if not line_for_print(self.alt):
            raise ValueError("a drawing states in words what it shows")
        if not 0 < self.width <= 1:
            raise ValueError(f"a drawing takes more than 0 and at most 1 of the text width, not {self.width}")


Block = Heading | Paragraph | Bullets | Table | PageBreak | QrBlock | Drawing


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex on pages of its own, numbered from 1; `number` is Roman, or empty where there is only one."""

    number: str
    title: str
    reference_line: str
    blocks: tuple[Block, ...]
    landscape: bool = False

    def __post_init__(self) -> None:
        _refuse_skipped_levels(self.blocks, above=1)

    @property
    def label(self) -> str:
        """ "Phụ lục", with its number if it has one."""
        return line_for_print(f"Phụ lục {self.number}")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the authority, line by line, and the name; an empty name is left for the office to fill."""

    authority_lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """An official document. An empty `kind` makes a công văn: no title, the subject as "V/v" under the number.

    `qr` stands under "Nơi nhận": nothing comes between the last words of the body and the signature.
    """

    parent_body: str
    issuer: str
    number: str | None
    symbol: str
    place: str
    date: date | None
    year: int
    kind: str
    subject: str
    addressees: tuple[str, ...]
    body: tuple[Block, ...]
    signature: Signature
    recipients: tuple[str, ...]
    annexes: tuple[Annex, ...] = ()
    watermark: str | None = None
    banner: str | None = None
    footer: str = ""
    qr: QrBlock | None = None
    language: Literal["vi"] = "vi"

    def __post_init__(self) -> None:
        _refuse_skipped_levels(self.body, above=0)
        _refuse_repeated_keys(self.body, *(annex.blocks for annex in self.annexes))
        if self.date is not None and self.date.year != self.year:
            raise ValueError(f"the document is of {self.year} but dated {self.date.isoformat()}")

    @property
    def title(self) -> str:
        """Kind and subject on one line, as the file's own title."""
        return line_for_print(f"{self.kind} {self.subject}" if self.kind else f"V/v {self.subject}")

    @property
    def number_line(self) -> str:
        """Số, ký hiệu; without a number the place for it stays empty, and a number below 10 gets its 0."""
        if self.number is None:
            return f"Số:        /{line_for_print(self.symbol)}"
        number = line_for_print(self.number)
        return f"Số: {number.zfill(2) if number.isdigit() else number}/{line_for_print(self.symbol)}"

    @property
    def place_line(self) -> str:
        """Địa danh, ngày tháng năm; days below 10 and months 1 and 2 are written with a 0."""
        place = line_for_print(self.place)
        if self.date is None:
            return f"{place}, ngày      tháng      năm {self.year}"
        month = f"{self.date.month:02d}" if self.date.month <= 2 else str(self.date.month)
        return f"{place}, ngày {self.date.day:02d} tháng {month} năm {self.date.year}"

    @property
    def addressee_lines(self) -> tuple[str, ...]:
        """Kính gửi: one name as it stands; several as a dashed list."""
        names = tuple(line_for_print(name) for name in self.addressees)
        return names if len(names) < 2 else dashed(names)

    @property
    def recipient_lines(self) -> tuple[str, ...]:
        """Nơi nhận as a dashed list."""
        return dashed(self.recipients)


def filed(room: str = "") -> str:
    """The last line of Nơi nhận: kept by the office's clerk, and by the room that drafted where its symbol is known."""
    return f"Lưu: VT, {room}" if room else "Lưu: VT"


def dashed(items: tuple[str, ...]) -> tuple[str, ...]:
    """ "- A;", "- B." whatever dash or stop the items already carry."""
    bare = [line_for_print(item).removeprefix("-").strip().rstrip(";.").rstrip() for item in items]
    return tuple(f"- {item}{'.' if place == len(bare) else ';'}" for place, item in enumerate(bare, start=1))


def enumerated(items: Iterable[Inlines]) -> Bullets:
    """Items as an enumeration ends them: each by a semicolon and the last by a full stop, or by stops where one of them
    has several sentences; an item that ends otherwise stays as it is."""
    held = tuple(items)
    sentences = any(". " in plain_text(item) for item in held)
    ends = [Text("." if sentences or place == len(held) else ";") for place in range(1, len(held) + 1)]
    return Bullets(
        tuple(
            item if plain_text(item).rstrip().endswith(_ENDS) else (*item, end)
            for item, end in zip(held, ends, strict=True)
        )
    )


def plain_text(cell: Cell) -> str:
    """The words of a cell, without style and notes; used to judge its size."""
    if isinstance(cell, str):
        return for_print(cell)
    return "".join(
        i.printed if isinstance(i, FigureInline) else for_print(i.text) for i in cell if not isinstance(i, Footnote)
    )


def as_inlines(cell: Cell) -> Inlines:
    """A cell as inlines, so that a renderer knows one shape only."""
    return (Text(cell),) if isinstance(cell, str) else cell


def _refuse_skipped_levels(blocks: tuple[Block, ...], *, above: int) -> None:
    levels = [above, *(block.level for block in blocks if isinstance(block, Heading))]
    for before, after in pairwise(levels):
        if after > before + 1:
            raise ValueError(f"a heading of level {after} follows level {before}: no level may be skipped")


def _refuse_repeated_keys(*parts: tuple[Block, ...]) -> None:
    keys = [block.key for blocks in parts for block in blocks if isinstance(block, Paragraph) and block.key]
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise ValueError(f"two paragraphs have the same key: {', '.join(repeated)}")
