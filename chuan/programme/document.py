"""A loaded plan's text with its items: any cell as printed, as displayed, or in pieces."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from chuan.programme.models import Plan, PlanItem, PlanSlip
from chuan.programme.rules import ROWS, ItemKind
from chuan.programme.spans import Line, Mend, Span, display, lines, quotation, spans_of


@dataclass(frozen=True)
class Stretch:
    """A stretch of the file in order: the words of an item's cell, or what stands between two."""

    words: str
    item: str = ""
    #: The first stretch of an item carries its anchor.
    first: bool = False


@dataclass(frozen=True)
class PlanDocument:
    """Items in reading order, the bytes they are ranges of, and what the display text mends in them."""

    plan: Plan
    text: bytes
    items: Sequence[PlanItem]
    mends: Sequence[Mend]

    @cached_property
    def by_code(self) -> dict[str, PlanItem]:
        """Item by its code."""
        return {item.code: item for item in self.items}

    @cached_property
    def by_pk(self) -> dict[int, PlanItem]:
        """Item by its key."""
        return {item.pk: item for item in self.items}

    def spans(self, item: PlanItem, cell: str = "text") -> tuple[Span, ...]:
        """Where a cell stands; empty where it is blank."""
        return spans_of(item.cells.get(cell, ()))

    def display(self, item: PlanItem, cell: str = "text") -> str:
        """A cell's display text; empty where it is blank."""
        return self.words(self.spans(item, cell))

    def words(self, spans: Sequence[Span]) -> str:
        """The display text of spans."""
        return display(self.text, spans, self.mends) if spans else ""

    def lines(self, item: PlanItem, cell: str = "text") -> list[Line]:
        """A cell as printed, in lines, its slips pieces of their own."""
        spans = self.spans(item, cell)
        return lines(self.text, spans, self.mends, mended=False) if spans else []

    def quote(self, spans: Sequence[Span]) -> str:
        """Spans as one quotation: the printed words, slips and all, parted by an ellipsis where words are left out."""
        cells = [self.spans(item, cell) for item in self.items for cell in item.cells]
        return quotation(self.text, spans, cells, self.mends, mended=False)

    def slip_words(self, slip: PlanSlip) -> str:
        """What is printed where a slip stands: its first place, since the others read the same."""
        spans = spans_of(slip.spans)[:1]
        return "".join(self.text[span.start : span.end].decode() for span in spans)

    def label(self, item: PlanItem) -> str:
        """How people call an item: the annex's rows by their printed number ("2.1", "I.1"), the rest by its code."""
        if item.kind not in ROWS:
            return item.code
        number = self.display(item, "number")
        if "." in number or item.parent_id is None or item.parent_id not in self.by_pk:
            return number or item.code
        parent = self.by_pk[item.parent_id].code.removeprefix(f"{self.annex_code}.")
        return f"{parent}.{number}" if number and parent != self.annex_code else number or parent

    @cached_property
    def annex_code(self) -> str:
        """The code of the annex's heading, with which its rows' codes begin."""
        columns = next((item for item in self.items if item.kind == ItemKind.COLUMNS), None)
        return self.by_pk[columns.parent_id].code if columns and columns.parent_id else ""

    def stretches(self) -> list[Stretch]:
        """The whole file, byte for byte, cut where items begin and end."""
        held = [(span, item.code) for item in self.items for cell in item.cells for span in self.spans(item, cell)]
        held.sort(key=lambda one: one[0].start)
        found, at, seen = [], 0, set[str]()
        for span, code in held:
            if at < span.start:
                found.append(Stretch(self.text[at : span.start].decode()))
            found.append(Stretch(self.text[span.start : span.end].decode(), code, code not in seen))
            seen.add(code)
            at = span.end
        return [*found, Stretch(self.text[at:].decode())]
