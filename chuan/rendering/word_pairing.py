"""Which line of an edited Word file was which line of the file we made."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from chuan.lib.differences import align, bag_of_words, likeness, longest_in_order
from chuan.rendering.word_lines import Line

_ALIKE: Final = 0.5
_MOST_PAIRED: Final = 100_000
_TYPED: Final = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "—": "-", "−": "-"}
    | {"‑": "-", "‐": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "\u00ad": None, "\u200b": None, "\ufeff": None}
)


def pairs_of(old: Sequence[Line], new: Sequence[Line]) -> dict[int, int]:
    """Old line → new line, by key, by the same words around the same figures, by the same words, by similar ones."""
    return _Pairing(old, new).pairs


def plain(text: str) -> str:
    """The text as it was typed, without what word processors set by themselves; for comparing only."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_TYPED)).split())


def are_alike(old: Line, new: Line) -> bool:
    """Whether one line may have become the other."""
    return likeness(bag_of_words(plain(old.text)), bag_of_words(plain(new.text))) >= _ALIKE


class _Pairing:
    """Finds the pairs, the surest first."""

    def __init__(self, old: Sequence[Line], new: Sequence[Line]) -> None:
        self.old, self.new = ([plain(line.text) for line in side] for side in (old, new))
        self.old_bags, self.new_bags = ([bag_of_words(text) for text in side] for side in (self.old, self.new))
        self.left = _MOST_PAIRED
        keyed = self.by_key(old, new)
        names = {j: old[i].key for i, j in keyed.items()}
        before = [("key", line.key) if i in keyed else ("", _masked(line)) for i, line in enumerate(old)]
        after = [("key", names[j]) if j in names else ("", _masked(line)) for j, line in enumerate(new)]
        self.pairs = dict(align(before, after)) | keyed
        self.each_gap(self.same)
        self.each_gap(self.similar)
        self.moved([i for i, line in enumerate(old) if line.key])

    def each_gap(self, pair: Callable[[Sequence[int], Sequence[int]], None]) -> None:
        """Let `pair` do its part with what is still alone between neighbouring pairs that were not moved."""
        before, taken = dict(self.pairs), set(self.pairs.values())
        i = j = 0
        for next_i, next_j in [*longest_in_order(sorted(before.items())), (len(self.old), len(self.new))]:
            pair([n for n in range(i, next_i) if n not in before], [n for n in range(j, next_j) if n not in taken])
            i, j = next_i + 1, next_j + 1

    def moved(self, wordings: Sequence[int]) -> None:
        """A wording that lost its control and stands elsewhere now."""
        taken = set(self.pairs.values())
        left, right = [i for i in wordings if i not in self.pairs], [j for j in range(len(self.new)) if j not in taken]
        if len(left) * len(right) <= self.left:
            self.similar(left, right)

    def same(self, left: Sequence[int], right: Sequence[int]) -> None:
        """The same words, controls or not."""
        for a, b in align([self.old[i] for i in left], [self.new[j] for j in right]):
            self.pairs[left[a]] = right[b]

    def by_key(self, old: Sequence[Line], new: Sequence[Line]) -> dict[int, int]:
        """Of the paragraphs in a wording's control, the one that is most like it; Enter makes several."""
        inside: dict[str, list[int]] = defaultdict(list)
        for j, line in enumerate(new):
            if line.key:
                inside[line.key].append(j)
        return {
            i: max(inside[line.key], key=lambda j: (likeness(self.old_bags[i], self.new_bags[j]), -j))
            for i, line in enumerate(old)
            if line.key in inside
        }

    def similar(self, left: Sequence[int], right: Sequence[int]) -> None:
        """The most alike first, until nothing is alike; very many only where each has its counterpart in order."""
        self.left -= len(left) * len(right)
        if self.left < 0:
            self.pairs |= dict(zip(left, right, strict=True)) if len(left) == len(right) else {}
            return
        scored = [(likeness(self.old_bags[i], self.new_bags[j]), -i, -j) for i in left for j in right]
        taken: set[int] = set()
        for score, i, j in sorted(scored, reverse=True):
            if score >= _ALIKE and -i not in self.pairs and -j not in taken:
                self.pairs[-i] = -j
                taken.add(-j)


def _masked(line: Line) -> str:
    """The words of a line with the code of each figure where its number stands."""
    parts, at = [], 0
    for spot in sorted(line.spots, key=lambda s: s.start):
        parts += [line.text[at : spot.start], f"\0{spot.code}\0"]
        at = max(at, spot.end)
    return plain("".join([*parts, line.text[at:]]))
