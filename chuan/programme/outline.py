"""What the plan's page shows: the text in blocks, the annex's rows, the tree beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chuan.programme.document import PlanDocument
from chuan.programme.models import Contradiction, PlanItem, Target
from chuan.programme.queries import Settled, remaining
from chuan.programme.rules import CELLS, OPERATORS, OWNERSHIPS, ROWS, ItemKind
from chuan.programme.spans import Line, spans_of

#: Words of an item that the tree shows.
SHORT = 14
#: Kinds that the tree leaves out: they ask nothing of anybody.
_FRAME = frozenset(
    {ItemKind.HEAD, ItemKind.TITLE, ItemKind.PREAMBLE, ItemKind.RECIPIENTS, ItemKind.SIGNATURE, ItemKind.COLUMNS}
)


@dataclass(frozen=True)
class Block:
    """An item of the body as the page sets it."""

    code: str
    kind: str
    level: int
    number: str
    lines: list[Line]
    readings: Sequence[Contradiction]


@dataclass(frozen=True)
class AnnexRow:
    """A row of the annex: its cells as printed, in the order of the columns; a blank cell has no lines."""

    code: str
    kind: str
    cells: list[list[Line]]
    readings: Sequence[Contradiction]


@dataclass(frozen=True)
class Mapped:
    """What a bullet of the body maps to: rows (code, label), and what of it stands in the body alone."""

    rows: tuple[tuple[str, str], ...] = ()
    body_only: bool = False
    #: The words of the part that has no row; empty where the whole item has none.
    part: str = ""


@dataclass(frozen=True)
class Node:
    """A line of the tree."""

    code: str
    kind: str
    level: int
    label: str
    short: str
    readings: Sequence[Contradiction]
    mapped: Mapped
    targets: Sequence[Target]


@dataclass(frozen=True)
class TargetRow:
    """A target with each reading of its phrase; a reading that a reply left out stays, marked."""

    target: Target
    least: str
    #: (label, words, unit where it counts something else, kept)
    readings: list[tuple[str, str, str, bool]]
    #: What the counted ones must have among them: (part, how many).
    parts: list[tuple[str, int]]

    @property
    def unused(self) -> bool:
        """The replies leave none of its readings: another target stands for it."""
        return not any(kept for *_rest, kept in self.readings)


@dataclass(frozen=True)
class Part:
    """A part of the plan and everything under it."""

    head: Node
    nodes: list[Node]


class Outline:
    """The plan's page, built from a document without further queries."""

    def __init__(
        self,
        document: PlanDocument,
        contradictions: Iterable[Contradiction],
        targets: Iterable[Target] = (),
    ) -> None:
        self.document = document
        self.readings: dict[str, list[Contradiction]] = {}
        for one in contradictions:
            for code in dict.fromkeys(source["item"] for source in one.sources):
                self.readings.setdefault(code, []).append(one)
        self.mapped = mapped_of(document)
        self.targets: dict[int, list[Target]] = {}
        for target in targets:
            if target.item_id is not None:
                self.targets.setdefault(target.item_id, []).append(target)

    def blocks(self) -> list[Block]:
        """The body, in order."""
        return [
            Block(
                item.code,
                item.kind,
                self._level(item),
                self.document.display(item, "number"),
                self.document.lines(item),
                self.readings.get(item.code, ()),
            )
            for item in self.document.items
            if item.kind not in ROWS
        ]

    def columns(self) -> list[str]:
        """The printed names of the annex's columns; empty for a plan without an annex."""
        head = next((item for item in self.document.items if item.kind == ItemKind.COLUMNS), None)
        return [self.document.display(head, cell) for cell in CELLS] if head else []

    def rows(self) -> list[AnnexRow]:
        """The annex's table, in order, without its head."""
        return [
            AnnexRow(
                item.code,
                item.kind,
                [self.document.lines(item, cell) for cell in CELLS],
                self.readings.get(item.code, ()),
            )
            for item in self.document.items
            if item.kind in ROWS and item.kind != ItemKind.COLUMNS
        ]

    def parts(self) -> list[Part]:
        """The tree: each top item that has something under it, with its descendants."""
        found: list[Part] = []
        for item in self.document.items:
            if item.kind in _FRAME or (item.parent_id is None and item.kind != ItemKind.HEADING):
                continue
            if item.parent_id is None:
                found.append(Part(self._node(item), []))
            else:
                found[-1].nodes.append(self._node(item))
        return found

    def _node(self, item: PlanItem) -> Node:
        words = " ".join(self.document.display(item).splitlines())
        return Node(
            code=item.code,
            kind=item.kind,
            level=self._level(item),
            label=self.document.label(item) if item.kind in ROWS else self.document.display(item, "number"),
            short=shortened(words),
            readings=self.readings.get(item.code, ()),
            mapped=self.mapped.get(item.pk, Mapped()),
            targets=self.targets.get(item.pk, ()),
        )

    def _level(self, item: PlanItem) -> int:
        level, parent = 0, item.parent_id
        while parent is not None:
            level, parent = level + 1, self.document.by_pk[parent].parent_id
        return level


def target_rows(targets: Iterable[Target], settled: Iterable[Settled]) -> list[TargetRow]:
    """Each target with its readings, those that the replies leave among them marked."""
    settled, found = list(settled), []
    for target in targets:
        kept = remaining(settled, target.code, [r["label"] for r in target.readings])
        readings = [(r["label"], r["words"], r.get("unit", ""), r["label"] in kept) for r in target.readings]
        parts = [(str(OWNERSHIPS[part["ownership"]]), part["least"]) for part in target.composition]
        found.append(TargetRow(target, str(OPERATORS[target.operator]), readings, parts))
    return found


def shortened(words: str, limit: int = SHORT) -> str:
    """The first words, with an ellipsis where some are left out."""
    found = words.split()
    return words if len(found) <= limit else " ".join(found[:limit]) + " …"


def mapped_of(document: PlanDocument) -> Mapping[int, Mapped]:
    """Each item of the body that asks something, by its key."""
    found = {}
    for item in document.items:
        if item.rows is not None:
            rows = tuple((code, document.label(document.by_code[code])) for code in item.rows)
            part = "; ".join(document.words([span]) for span in spans_of(item.alone))
            found[item.pk] = Mapped(rows, bool(part) or not rows, part)
    return found
