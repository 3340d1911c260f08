"""What a reader is shown of the records behind a figure: one `Evidence` for each candidate table.

Indicators decide who counts and know no words; pages, sheets and adjustments know no table. What lies between, the
columns of a record, its page, its history and who may see it, is said here once for each table.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any, ClassVar

from django.db.models import Case, F, IntegerField, Model, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from chuan.audit.actor import Actor
from chuan.ledger.models import Statement
from chuan.lib import clock
from chuan.organisations.models import UnitVersion
from chuan.rendering.sheets import Column, Kind


@dataclass(frozen=True)
class Heading:
    """A column of a list of records; its label is translated when it is printed."""

    label: Any
    width: int
    kind: Kind = "text"
    #: Shown only for a figure that adds this column up.
    weighted: bool = False
    #: In the worksheet only, or on the page only.
    sheet_only: bool = False
    page_only: bool = False


CODE = Heading(_("Mã bản ghi"), 14)
#: The code with a link to the record, where the record has a page of its own; a worksheet begins with it anyway.
LINKED_CODE = Heading(_("Mã bản ghi"), 14, page_only=True)


@dataclass(frozen=True)
class Cell:
    """A value and, where it leads somewhere, the address."""

    value: Any
    url: str = ""


@dataclass(frozen=True)
class Record:
    """A record as a reader knows it: its public code, what it is called, one cell for each further heading."""

    id: int
    code: str
    name: str
    cells: tuple[Cell, ...]
    #: Code of whom or what the record is about, where that has a register of its own.
    about: str = ""


@dataclass(frozen=True)
class Line:
    """A row of the table on a page."""

    record: Record
    cells: list[tuple[Heading, Cell]]
    #: What is said of this row besides: why it is not counted, through which record it is.
    remark: str = ""


@dataclass(frozen=True)
class Table:
    """The columns that a page shows of some records, and the records."""

    name: Any
    headings: list[Heading]
    lines: list[Line]


class Evidence(ABC):
    """One candidate table, for readers."""

    #: `Spec.universe` of the indicators whose records these are.
    universe: ClassVar[str]
    #: Heading of the record's name.
    name: ClassVar[Heading]
    columns: ClassVar[tuple[Heading, ...]]
    #: Column attribute of a statement that names the member.
    member: ClassVar[str]

    @abstractmethod
    def named(self, rows: QuerySet[Any], *, on: date | None = None, known: datetime | None = None) -> QuerySet[Any]:
        """Candidate rows with what `record` reads: names of a day as known at an instant, else today's."""

    @property
    def model(self) -> type[Model]:
        """Where everything that was ever said of these records stands."""
        return self.statements(()).model

    @abstractmethod
    def statements(self, ids: Collection[int]) -> QuerySet[Any]:
        """Every statement ever made of some records, oldest first, with what `record` and `subjects` read."""

    @abstractmethod
    def said(self, ids: Collection[int], *, on: date, known: datetime) -> QuerySet[Any]:
        """The statements of some records in force at an instant, in the words of that time."""

    @abstractmethod
    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that the actor may see."""

    @abstractmethod
    def record(self, row: Any) -> Record:
        """A row as its reader knows it."""

    @abstractmethod
    def subjects(self, row: Any) -> set[tuple[str, str]]:
        """(table, key) of every identity that a deed touching the record is filed under."""

    @abstractmethod
    def register(self) -> tuple[str, Any]:
        """Address and name of the register in which such records are kept."""

    def through(self, instead: Mapping[int, int]) -> dict[tuple[int, str], str]:
        """(member, reason) → code of the record that is asked instead, of what `Indicator.instead` found."""
        return {}

    def elsewhere(self, statements: Iterable[Any], *, since: datetime) -> dict[int, set[tuple[str, str]]]:
        """Member → subjects of other records that have decided about it since an instant, beyond its own."""
        return {}

    def table(self, rows: Iterable[Any], *, weighted: bool, remarks: Iterable[str] = ()) -> Table:
        """What a page shows of the rows; a remark for each where there are any."""
        shown = [i for i, h in enumerate(self.columns) if not h.sheet_only and (weighted or not h.weighted)]
        lines = []
        for row, remark in zip_longest(rows, remarks, fillvalue=""):
            record = self.record(row)
            lines.append(Line(record, [(self.columns[i], record.cells[i]) for i in shown], remark))
        return Table(self.name.label, [self.columns[i] for i in shown], lines)

    def sheet(self) -> list[Column]:
        """Columns of the worksheet: the code, the name, the rest."""
        found = [Column(str(CODE.label), CODE.width)]
        return found + [Column(str(h.label), h.width, h.kind) for h in (self.name, *self.columns) if not h.page_only]

    def cells(self, row: Any) -> tuple[Any, ...]:
        """A row of the worksheet."""
        record = self.record(row)
        return (record.code, record.name, *self._in_sheet(record))

    def _in_sheet(self, record: Record) -> Iterator[Any]:
        pairs = zip(self.columns, record.cells, strict=True)
        return (cell.value for heading, cell in pairs if not heading.page_only)

    def histories(self, ids: Collection[int]) -> dict[int, list[Statement]]:
        """Member → its statements, oldest first."""
        found: dict[int, list[Statement]] = {}
        for said in self.statements(ids):
            found.setdefault(getattr(said, self.member), []).append(said)
        return found


def unit_name(column: str, *, on: date | None = None, known: datetime | None = None) -> Subquery:
    """Short name of the unit in a column on a day (today), as known at an instant (now).

    A unit that began later goes by its first name.
    """
    versions = UnitVersion.objects.live() if known is None else UnitVersion.objects.known(known)
    later = Case(When(valid_from__gt=on or clock.today(), then=Value(1)), default=Value(0), output_field=IntegerField())
    ordered = versions.filter(unit=OuterRef(column)).order_by(later, F("valid_from").desc())
    return Subquery(ordered.values("short_name")[:1])


def then_or_last(statements: Sequence[Statement], known: datetime | None) -> Statement:
    """Of a record's statements, the one in force at an instant (now where None), else the last one made."""
    if known is None:
        found = [s for s in statements if s.voided_at is None]
    else:
        found = [s for s in statements if s.recorded_at <= known and (s.voided_at is None or s.voided_at > known)]
    return (found or list(statements))[-1]
