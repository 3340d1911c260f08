"""What the body of a plan asks for: its groups of solutions with the annex rows that carry them out, and what no row
carries out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chuan.lib.text import one_line
from chuan.programme.document import PlanDocument
from chuan.programme.models import PlanItem
from chuan.programme.outline import Mapped, mapped_of
from chuan.programme.rules import ItemKind


@dataclass(frozen=True)
class Alone:
    """A bullet, or the part of one, that the body alone states: the item's code, and the words without a row."""

    code: str
    words: str


@dataclass(frozen=True)
class Solution:
    """A group of solutions; the one without a number gathers what stands in other parts of the body."""

    number: str
    title: str
    rows: Sequence[str] = ()
    alone: Sequence[Alone] = ()


def solutions_of(document: PlanDocument) -> list[Solution]:
    """The headings below whichever part asks most, in order."""
    mapped = mapped_of(document)
    return [
        Solution(
            document.display(heading, "number"),
            one_line(document.display(heading)).rstrip(":").rstrip(),
            list(dict.fromkeys(code for one in bullets for code in one.rows or ())),
            _alone(document, mapped, bullets),
        )
        for heading in _headings(document)
        if (bullets := _bullets(document, heading))
    ]


def alone_elsewhere(document: PlanDocument) -> list[Alone]:
    """Bullets without a row in the parts that follow the groups; those before them are aims, not work."""
    headings = _headings(document)
    own = {one.pk for heading in headings for one in _bullets(document, heading)}
    last = headings[-1].order if headings else 0
    rest = [
        one
        for one in document.items
        if one.kind == ItemKind.BULLET and one.rows is not None and one.order > last and one.pk not in own
    ]
    return _alone(document, mapped_of(document), rest)


def alone_in(document: PlanDocument) -> list[Alone]:
    """Every bullet of work without a row, in order."""
    return [*(one for solution in solutions_of(document) for one in solution.alone), *alone_elsewhere(document)]


def _headings(document: PlanDocument) -> list[PlanItem]:
    asking: dict[int, list[PlanItem]] = {}
    for item in document.items:
        if item.kind == ItemKind.HEADING and item.parent_id is not None and _bullets(document, item):
            asking.setdefault(item.parent_id, []).append(item)
    return max(asking.values(), key=len, default=[])


def _bullets(document: PlanDocument, heading: PlanItem) -> list[PlanItem]:
    return [one for one in document.items if one.parent_id == heading.pk and one.rows is not None]


def _alone(document: PlanDocument, mapped: Mapping[int, Mapped], bullets: Sequence[PlanItem]) -> list[Alone]:
    return [
        Alone(one.code, one_line(mapped[one.pk].part or document.display(one)).rstrip(".;").rstrip())
        for one in bullets
        if mapped[one.pk].body_only
    ]
