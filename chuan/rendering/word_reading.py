"""Taking back an edited Word file: which wordings changed, and which numbers were changed by hand.

The file we made is read by the same rules as the one that came back, so that an unedited file differs in nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from chuan.lib.differences import align, tokens
from chuan.rendering.blocks import FigureInline, Text
from chuan.rendering.errors import UnreadableDocument
from chuan.rendering.text import one_line
from chuan.rendering.word_changes import (
    AddedParagraph,
    ChangedFigure,
    ChangedText,
    ChangedWording,
    LostControl,
    Original,
    Piece,
    RemovedParagraph,
    Returned,
)
from chuan.rendering.word_lines import Comment, Line, Spot, Tracked, comments_in, lines_of, tracked_in
from chuan.rendering.word_pairing import are_alike, pairs_of, plain
from chuan.rendering.word_read import open_word

__all__ = ["Original", "Returned", "read_original", "take_back"]

_OURS: Final = 0.5  # of the figures at least are there, or of the lines alike
_LONGER: Final = 20  # times; a line that grew so much is not searched for its numbers
_WIDER: Final = 3  # words; what stands in a number's place is a number, not a sentence
_DIGIT: Final = re.compile(r"\d")


def read_original(docx_bytes: bytes) -> Original:
    """The file as `render_docx` made it."""
    return Original(lines_of(open_word(docx_bytes)))


def take_back(original: Original, docx_bytes: bytes) -> Returned:
    """Compare an uploaded file with the original, every tracked change taken as accepted.

    Quotation marks, dashes and spaces that Word sets by itself are no change. Raises UnreadableDocument with the
    reason where the file cannot be read within limits or is another document.
    """
    file = open_word(docx_bytes)
    found = lines_of(file)
    pairs = pairs_of(original.lines, found)
    if _is_other_document(original.lines, found, pairs):
        raise UnreadableDocument(
            "Tệp Word này không phải là bản đã sửa của văn bản này. "
            "Hãy tải bản Word của văn bản, sửa trên đó rồi tải lên lại."
        )
    return _Comparison(original.lines, found, pairs).told(tracked_in(file), comments_in(file))


def _is_other_document(old: Sequence[Line], new: Sequence[Line], pairs: Mapping[int, int]) -> bool:
    """Whether most of our figures are not in it and most of our lines are not either; a few figures prove nothing,
    since other papers of the same report print some of them too.
    """
    codes = {spot.code for line in old for spot in line.spots}
    if codes and len(codes & {spot.code for line in new for spot in line.spots}) >= _OURS * len(codes):
        return False
    return sum(are_alike(old[i], new[j]) for i, j in pairs.items()) < _OURS * len(old)


class _Comparison:
    def __init__(self, old: Sequence[Line], new: Sequence[Line], pairs: Mapping[int, int]) -> None:
        self.old, self.new, self.pairs = old, new, pairs
        self.came_from = {j: i for i, j in pairs.items()}
        self.place_of = _places(old, new, self.came_from)
        self.frozen: dict[tuple[int, Spot], str] = {}  # a control of the new file → the frozen text of its figure
        self.figures: list[ChangedFigure] = []
        self.lost: list[LostControl] = []
        self.recovered: dict[int, list[Spot]] = defaultdict(list)

    def told(self, tracked: tuple[Tracked, ...], comments: tuple[Comment, ...]) -> Returned:
        self.match_figures()
        changed, removed, fixed = [], [], []
        for i, line in enumerate(self.old):
            j = self.pairs.get(i)
            pieces = () if j is None else self.pieces(j)
            said = "".join(_printed(piece) for piece in pieces)
            if plain(said) == plain(line.text):
                continue
            if line.key and j is None:
                removed.append(RemovedParagraph(line.key, line.text, line.place))
            elif line.key:
                changed.append(ChangedWording(line.key, line.text, said, pieces, line.place))
            else:
                fixed.append(ChangedText(line.text, said, line.place))
        return Returned(
            tuple(changed),
            tuple(self.added()),
            tuple(removed),
            tuple(self.figures),
            tuple(self.lost),
            tuple(fixed),
            tracked,
            comments,
        )

    def match_figures(self) -> None:
        """Each printed figure against its control: in the same line, else anywhere, else what stands in its place."""
        waiting = [(i, spot) for i, line in enumerate(self.old) for spot in line.spots]
        free: dict[str, list[tuple[int, Spot]]] = defaultdict(list)
        for j, line in enumerate(self.new):
            for spot in line.spots:
                free[spot.code].append((j, spot))
        waiting = list(self.matched(waiting, free, anywhere=False))
        for i, spot in list(self.matched(waiting, free, anywhere=True)):
            self.lose(i, spot)
        self.copies(free)

    def matched(
        self, waiting: Sequence[tuple[int, Spot]], free: dict[str, list[tuple[int, Spot]]], *, anywhere: bool
    ) -> Iterator[tuple[int, Spot]]:
        """Compare each figure with a free control of its code; yields those that have none."""
        for i, spot in waiting:
            line = self.pairs.get(i, -1)
            place = next((place for place in free[spot.code] if anywhere or place[0] == line), None)
            if place is None:
                yield i, spot
            else:
                free[spot.code].remove(place)
                self.compare(spot, self.old[i].place, *place)

    def copies(self, free: Mapping[str, Sequence[tuple[int, Spot]]]) -> None:
        """Controls that somebody copied say the same number; a code that is none of ours stays text."""
        known = {spot.code: spot for line in self.old for spot in line.spots}
        for code in free.keys() & known.keys():
            for j, found in free[code]:
                self.compare(known[code], self.place_of[j], j, found)

    def compare(self, spot: Spot, place: str, j: int, found: Spot) -> None:
        self.frozen[j, found] = spot.text
        if plain(found.text) != plain(spot.text):
            self.figures.append(ChangedFigure(spot.code, spot.text, one_line(found.text), place))

    def lose(self, i: int, spot: Spot) -> None:
        j, place = self.pairs.get(i), self.old[i].place
        span = None if j is None else _standing(self.old[i], self.new[j], spot)
        standing = ""
        if j is not None and span is not None:
            found = Spot(spot.code, self.new[j].text[slice(*span)], *span)
            if _DIGIT.search(found.text) or plain(found.text) == plain(spot.text):
                standing = one_line(found.text)
                self.recovered[j].append(found)
                self.compare(spot, place, j, found)
        self.lost.append(LostControl(spot.code, spot.text, standing, place))

    def pieces(self, j: int) -> tuple[Piece, ...]:
        """A new line with the frozen figures put back where figures stand."""
        line = self.new[j]
        made: list[Piece] = []
        at = 0
        for spot in sorted([*line.spots, *self.recovered[j]], key=lambda s: s.start):
            if (j, spot) not in self.frozen or spot.start < at:
                continue
            if line.text[at : spot.start]:
                made.append(Text(line.text[at : spot.start]))
            made.append(FigureInline(spot.code, self.frozen[j, spot]))
            at = spot.end
        if line.text[at:].strip() or not made:
            made.append(Text(line.text[at:]))
        return tuple(made)

    def added(self) -> Iterator[AddedParagraph]:
        after = ""
        for j, line in enumerate(self.new):
            if j in self.came_from:
                after = self.old[self.came_from[j]].key or after
            else:
                yield AddedParagraph(after, line.text, self.place_of[j])


def _places(old: Sequence[Line], new: Sequence[Line], came_from: Mapping[int, int]) -> list[str]:
    """For each new line, the place of the nearest one at or before it that the original has."""
    places, place = [], ""
    for j in range(len(new)):
        place = old[came_from[j]].place if j in came_from else place
        places.append(place)
    return places


def _printed(piece: Piece) -> str:
    return piece.printed if isinstance(piece, FigureInline) else piece.text


def _standing(old: Line, new: Line, spot: Spot) -> tuple[int, int] | None:
    """Where in the new line that stands which stood at `spot`: the same words, or what their neighbours surround."""
    if len(new.text) > _LONGER * (len(old.text) + 100):
        return None
    before, after = tokens(old.text), tokens(new.text)
    mine = [index for index, token in enumerate(before) if token.start < spot.end and token.end > spot.start]
    if not mine:
        return None
    same = dict(align([t.word for t in before], [t.word for t in after]))
    if all(index in same for index in mine):
        first, last = same[mine[0]], same[mine[-1]] + 1
    else:
        first = max((same[i] + 1 for i in same if i < mine[0]), default=0)
        last = min((same[i] for i in same if i > mine[-1]), default=len(after))
    if not 0 < last - first <= len(mine) + _WIDER:
        return None
    return after[first].start, after[last - 1].end
