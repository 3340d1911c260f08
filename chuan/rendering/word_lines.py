"""A Word file as lines of plain text, every tracked change accepted, with the places where its controls stand.

A line is a paragraph or a table row; text boxes and footnotes follow as lines of their own.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from chuan.rendering.errors import UnreadableDocument
from chuan.rendering.text import clean, one_line
from chuan.rendering.word_read import W, WordFile, figure_code, wording_key

_MOST_LINES: Final = 50_000
_MOST_LETTERS: Final = 3_000_000
_LEVELS: Final = {"Heading1": 1, "Heading2": 2, "Heading3": 3}
_ANNEX: Final = "AnnexTitle"
_GONE: Final = frozenset({"del", "moveFrom"})
_COME: Final = frozenset({"ins", "moveTo"})
_CHOICE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_MATH_TEXT: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_CELL_MARK: Final = " | "
_NUMERAL: Final = re.compile(r"\s*([IVXLC]+|\d+(?:\.\d+)*|[a-zđ])[.)](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a figure's control stands in a line's text, and what it says."""

    code: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or table row: its text, the key of the wording's control around it, its figures, its place."""

    text: str
    key: str = ""
    spots: tuple[Spot, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Tracked:
    """What one person changed with changes tracked, and nobody accepted or refused yet."""

    author: str
    insertions: int
    deletions: int
    others: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that was left in the file."""

    author: str
    text: str


def lines_of(file: WordFile) -> tuple[Line, ...]:
    """The lines of an opened file in reading order, empty ones left out."""
    walk = _Walk()
    walk.blocks(file.document.find(f"{W}body"))
    walk.flush()
    notes = {} if file.footnotes is None else {n.get(f"{W}id"): n for n in file.footnotes.iter(f"{W}footnote")}
    lines = walk.lines
    for note in walk.notes:
        if note in notes:
            text = " ".join(_text_of(paragraph) for paragraph in notes[note].iter(f"{W}p"))
            lines.append(Line(one_line(text), place="chú thích"))
    return tuple(line for line in lines if line.text.strip())


def tracked_in(file: WordFile) -> tuple[Tracked, ...]:
    """Who left tracked changes, and how many; changes of looks count as "others"."""
    insertions: Counter[str] = Counter()
    deletions: Counter[str] = Counter()
    others: Counter[str] = Counter()
    parts = [part for part in (file.document, file.footnotes) if part is not None]
    for element in (element for part in parts for element in part.iter()):
        name = _name(element)
        if name in _COME:
            insertions[_author(element)] += 1
        elif name in _GONE:
            deletions[_author(element)] += 1
        elif name.endswith("PrChange") or name in {"cellIns", "cellDel", "cellMerge"}:
            others[_author(element)] += 1
    authors = sorted({*insertions, *deletions, *others})
    return tuple(Tracked(author, insertions[author], deletions[author], others[author]) for author in authors)


def comments_in(file: WordFile) -> tuple[Comment, ...]:
    """The comments of a file, in its order."""
    found = () if file.comments is None else file.comments.iter(f"{W}comment")
    return tuple(Comment(_author(c), one_line(" ".join(_text_of(p) for p in c.iter(f"{W}p")))) for c in found)


def _author(element: Any) -> str:
    return one_line(element.get(f"{W}author", "")) or "không rõ tên"


def _name(element: Any) -> str:
    tag = element.tag
    return tag.removeprefix(W) if isinstance(tag, str) and tag.startswith(W) else ""


@dataclass
class _Text:
    """The text of one paragraph as it is put together from its runs."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    spots: list[Spot] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    key: str = ""

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def inlines(self, parent: Any) -> None:
        for child in parent:
            name = _name(child)
            if name == "r":
                self.run(child)
            elif name == "sdt":
                self.control(child)
            elif name and name not in _GONE and not name.endswith("Pr"):
                self.inlines(child)
            elif not name:  # an equation
                self.add("".join(t.text or "" for t in child.iter(_MATH_TEXT)))

    def control(self, control: Any) -> None:
        start, code = self.length, figure_code(control)
        self.key = self.key or wording_key(control)
        content = _content(control)
        if content is not None:
            self.inlines(content)
        if code and content is not None:
            self.spots.append(Spot(code, "".join(self.parts)[start:], start, self.length))

    def run(self, run: Any) -> None:
        for child in run:
            match _name(child):
                case "t":
                    self.add(clean(child.text or "").replace("\n", " "))
                case "tab" | "ptab":
                    self.add(" ")
                case "br" | "cr":
                    self.add("" if child.get(f"{W}type") == "page" else "\n")
                case "noBreakHyphen":
                    self.add("-")
                case "sym":  # a sign of a font of its own: which one is not known
                    self.add("□")
                case "footnoteReference":
                    self.notes.append(child.get(f"{W}id"))
                case "r" | "ins" | "smartTag":
                    self.inlines(child)
                case "del" | "delText" | "instrText" | "rPr":
                    pass
                case _:
                    self.boxes += _boxes(child)


def _content(control: Any) -> Any:
    """What a control holds; nothing where Word only shows its own "click to enter text"."""
    empty = control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
    return None if empty else control.find(f"{W}sdtContent")


def _boxes(element: Any) -> Iterator[Any]:
    """Text boxes, each once: of two forms of the same drawing only the newer is read."""
    chosen = list(element.iter(_CHOICE)) or [element]
    for drawing in chosen:
        yield from drawing.iter(f"{W}txbxContent")


def _text_of(paragraph: Any) -> str:
    made = _Text()
    made.inlines(paragraph)
    return "".join(made.parts)


class _Walk:
    """Goes through the body; a paragraph whose end mark was deleted runs into the next."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.notes: list[str] = []
        self.key = ""
        self.open: _Text | None = None
        self.open_level = 0
        self.headings: list[str] = []
        self.annex = ""
        self.letters = 0

    def blocks(self, parent: Any) -> None:
        for child in () if parent is None else parent:
            name = _name(child)
            if name == "p":
                self.paragraph(child)
            elif name == "tbl":
                self.flush()
                for row in _rows(child):
                    self.row(row)
            elif name == "sdt":
                self.control(child)
            elif name and name not in _GONE and not name.endswith("Pr"):
                self.blocks(child)

    def control(self, control: Any) -> None:
        outer, self.key = self.key, wording_key(control) or self.key
        first = len(self.lines)
        self.blocks(_content(control))
        code = figure_code(control)
        if code:
            self.flush()
            self.lines[first:] = [_all_figure(line, code) for line in self.lines[first:]]
        if self.key != outer:
            self.flush()
        self.key = outer

    def paragraph(self, paragraph: Any) -> None:
        text = self.open or _Text(key=self.key)
        self.open = text
        text.inlines(paragraph)
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = "" if style is None else style.get(f"{W}val", "")
        if name in _LEVELS or name == _ANNEX:
            self.heading(name, "".join(text.parts))
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is None:
            self.flush()

    def flush(self) -> None:
        """Finish the open paragraph; what stands in its text boxes follows it."""
        text, self.open = self.open, None
        if text is None:
            return
        self.put(Line("".join(text.parts), text.key, tuple(text.spots), self.place))
        self.notes += text.notes
        for box in text.boxes:
            self.blocks(box)
            self.flush()

    def row(self, row: Any) -> None:
        """A row as one line: its cells side by side, the paragraphs of each under one another."""
        parts: list[str] = []
        spots: list[Spot] = []
        length = 0
        for number, cell in enumerate(row.iter(f"{W}tc")):
            if number:
                parts.append(_CELL_MARK)
                length += len(_CELL_MARK)
            for index, paragraph in enumerate(_own_paragraphs(cell)):
                text = _Text()
                text.inlines(paragraph)
                said = ("\n" if index else "") + "".join(text.parts)
                spots += [
                    replace(s, start=s.start + length + bool(index), end=s.end + length + bool(index))
                    for s in text.spots
                ]
                parts.append(said)
                length += len(said)
                self.notes += text.notes
        self.put(
            Line("".join(parts), self.key, tuple(spots), f"{self.place}, trong bảng" if self.place else "trong bảng")
        )

    def put(self, line: Line) -> None:
        self.letters += len(line.text)
        if len(self.lines) >= _MOST_LINES or self.letters > _MOST_LETTERS:
            raise UnreadableDocument("Tệp Word này có quá nhiều chữ nên không đọc được. Hãy kiểm tra lại tệp.")
        self.lines.append(_composed(line))

    def heading(self, style: str, text: str) -> None:
        if style == _ANNEX:
            self.annex, self.headings = one_line(text.split("\n")[0]), []
            return
        level, said = _LEVELS[style], one_line(text)
        numeral = _NUMERAL.match(said)
        del self.headings[level - 1 :]
        self.headings += [""] * (level - 1 - len(self.headings))
        self.headings.append(numeral[1] if numeral else f"“{said}”")

    @property
    def place(self) -> str:
        """ "mục II.3", "Phụ lục I, mục 1"; nothing before the first heading."""
        numbers = ".".join(heading for heading in self.headings if heading)
        return ", ".join(part for part in (self.annex, f"mục {numbers}" if numbers else "") if part)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        name = _name(child)
        if name == "tr" and child.find(f"{W}trPr/{W}del") is None:
            yield child
        elif name == "sdt" or name == "sdtContent" or name in _COME or name == "customXml":
            yield from _rows(child)


def _own_paragraphs(cell: Any) -> Iterable[Any]:
    """The cell's paragraphs, those of tables within it left to their own cells."""
    return (p for p in cell.iter(f"{W}p") if next(p.iterancestors(f"{W}tc")) is cell)


def _composed(line: Line) -> Line:
    """The line in composed form (NFC): a run may end between a letter and its mark, and each spot moves along."""
    if unicodedata.is_normalized("NFC", line.text):
        return line
    moved, text, at = {0: 0}, "", 0
    for cut in sorted({*(s.start for s in line.spots), *(s.end for s in line.spots), len(line.text)}):
        text += unicodedata.normalize("NFC", line.text[at:cut])
        moved[cut], at = len(text), cut
    spots = (Spot(s.code, text[moved[s.start] : moved[s.end]], moved[s.start], moved[s.end]) for s in line.spots)
    return replace(line, text=text, spots=tuple(spots))


def _all_figure(line: Line, code: str) -> Line:
    return replace(line, spots=(*line.spots, Spot(code, line.text, 0, len(line.text))))
