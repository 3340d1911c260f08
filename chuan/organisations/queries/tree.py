"""The units of the province on a day, as a tree: one query for the whole of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from chuan.lib import text
from chuan.organisations.models import ReorganisationEvent, Succession, UnitVersion
from chuan.organisations.queries.units import versions_on
from chuan.organisations.rules import TERRITORIAL, UnitKind

#: So many units need no folding.
FEW = 120


@dataclass
class Branch:
    """A unit on the day with the units below it that are shown."""

    version: UnitVersion
    below: list["Branch"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Units shown below, at any depth."""
        return sum(1 + branch.count for branch in self.below)

    @property
    def all_unchecked(self) -> bool:
        """Nothing right below was compared with a document."""
        return not any(branch.version.checked for branch in self.below)


@dataclass
class Section:
    """Units of like kind."""

    title: str
    branches: list[Branch]
    #: What folds is open at first: there is little of it.
    open: bool = False

    @property
    def all_unchecked(self) -> bool:
        """Not one of them was compared with a document."""
        return all(b.all_unchecked and not b.version.checked for b in self.branches)

    @property
    def count(self) -> int:
        """Units shown, at any depth."""
        return sum(1 + branch.count for branch in self.branches)


def unit_tree(on: date, query: str = "") -> list[Section]:
    """Places, authorities, organisations, associations and ministries on a day; enterprises have a register.

    With a query only units whose folded name holds every word of it, and those above them.
    """
    versions = list(versions_on(on).exclude(unit__kind=UnitKind.ENTERPRISE).order_by("order", "unit_id"))
    words = text.search_forms(query)
    authorities = (UnitKind.PROVINCE_COMMITTEE, UnitKind.DEPARTMENT, UnitKind.AGENCY)
    sections = (
        (_("Ủy ban nhân dân tỉnh, sở, ban, ngành"), authorities),
        (_("Tỉnh, huyện, xã"), TERRITORIAL),
        (_("Tổ chức kiểm định, hiệu chuẩn, thử nghiệm"), (UnitKind.SERVICE_ORGANISATION,)),
        (_("Hội, hiệp hội"), (UnitKind.ASSOCIATION,)),
        (_("Bộ, cơ quan ngang bộ"), (UnitKind.MINISTRY,)),
    )
    found = []
    for title, kinds in sections:
        of_kind = [v for v in versions if v.unit.kind in kinds]
        in_rank = sorted(of_kind, key=lambda v: kinds.index(UnitKind(v.unit.kind)))
        branches = _grown(of_kind) if kinds == TERRITORIAL else [Branch(v) for v in in_rank]
        kept = _matching(branches, words) if words else branches
        if kept:
            found.append(Section(title, kept, bool(words) or len(of_kind) <= FEW))
    return found


def _grown(versions: list[UnitVersion]) -> list[Branch]:
    """Branches by the parents of the day; a unit whose parent is not there stands at the top."""
    branches = {v.unit_id: Branch(v) for v in versions}
    top: list[Branch] = []
    for version in versions:
        above = branches.get(version.parent_id or 0)
        (above.below if above else top).append(branches[version.unit_id])
    return top


def _matching(branches: Iterable[Branch], words: tuple[str, ...]) -> list[Branch]:
    kept = []
    for branch in branches:
        below = _matching(branch.below, words)
        if below or all(word in branch.version.search for word in words):
            kept.append(Branch(branch.version, below))
    return kept


def latest_reorganisation() -> date | None:
    """The day of the latest reorganisation of a province, else of the latest of all that are recorded."""
    of_province = Succession.objects.live().filter(event=OuterRef("pk"), predecessor__kind=UnitKind.PROVINCE)
    events = ReorganisationEvent.objects.annotate(of_province=Exists(of_province)).order_by("-of_province", "-on")
    return events.values_list("on", flat=True).first()
