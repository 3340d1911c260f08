"""What an edited Word file says otherwise than the file we made: plain data for those who decide about it."""

import re
from dataclasses import dataclass
from typing import Final

from chuan.rendering.blocks import FigureInline, Text
from chuan.rendering.word_lines import Comment, Line, Tracked

_NUMBER: Final = re.compile(r"\d[\d.,]*\d|\d")

Piece = Text | FigureInline


@dataclass(frozen=True, slots=True)
class Original:
    """A file as we made it: its lines, the wording of each key and the text of each figure (its first place)."""

    lines: tuple[Line, ...]

    @property
    def paragraphs(self) -> dict[str, str]:
        """Key → wording, with the figures' texts in it."""
        return {line.key: line.text for line in self.lines if line.key}

    @property
    def figures(self) -> dict[str, str]:
        """Code → the text printed for it."""
        found: dict[str, str] = {}
        for line in self.lines:
            for spot in line.spots:
                found.setdefault(spot.code, spot.text)
        return found


@dataclass(frozen=True, slots=True)
class ChangedWording:
    """A wording that reads otherwise now. `pieces` is the new one with the frozen figures where they stood."""

    key: str
    old: str
    new: str
    pieces: tuple[Piece, ...]
    place: str

    @property
    def typed_numbers(self) -> tuple[str, ...]:
        """Numbers of the new wording that neither the old one nor a figure holds."""
        said = " ".join(piece.text for piece in self.pieces if isinstance(piece, Text))
        return _numbers_beyond(said, self.old)


@dataclass(frozen=True, slots=True)
class AddedParagraph:
    """A paragraph or table row that the original does not have, and the key of the wording before it, if any."""

    after: str
    text: str
    place: str

    @property
    def typed_numbers(self) -> tuple[str, ...]:
        """The numbers in it, none of which is a figure of the report."""
        return _numbers_beyond(self.text, "")


@dataclass(frozen=True, slots=True)
class RemovedParagraph:
    """A wording that is no longer there."""

    key: str
    old: str
    place: str


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A number that was changed by hand: the frozen text, and what stands there now."""

    code: str
    frozen: str
    found: str
    place: str

    def __str__(self) -> str:
        return f"{self.found} ≠ {self.frozen} đã chốt{', ' if self.place else ''}{self.place}"


@dataclass(frozen=True, slots=True)
class LostControl:
    """A figure whose control is gone; `standing` is what stands in its place, empty where nothing does."""

    code: str
    frozen: str
    standing: str
    place: str


@dataclass(frozen=True, slots=True)
class ChangedText:
    """A line that nobody words freely (heading, table row, computed sentence) and that reads otherwise now."""

    old: str
    new: str
    place: str


@dataclass(frozen=True, slots=True)
class Returned:
    """All that differs between the file we made and the one that came back."""

    changed: tuple[ChangedWording, ...] = ()
    added: tuple[AddedParagraph, ...] = ()
    removed: tuple[RemovedParagraph, ...] = ()
    figures: tuple[ChangedFigure, ...] = ()
    lost: tuple[LostControl, ...] = ()
    fixed: tuple[ChangedText, ...] = ()
    tracked: tuple[Tracked, ...] = ()
    comments: tuple[Comment, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        """Whether the file says just what was printed, and nothing in it waits for a decision."""
        return self == Returned()


def _numbers_beyond(text: str, known: str) -> tuple[str, ...]:
    before = set(_NUMBER.findall(known))
    return tuple(dict.fromkeys(number for number in _NUMBER.findall(text) if number not in before))
