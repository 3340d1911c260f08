"""What the tasks' pages show: each printed row with who has it now, and the bullets of the body that it carries out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from chuan.organisations.acting import Acting, Answer
from chuan.organisations.queries import unit_names
from chuan.programme.document import PlanDocument
from chuan.programme.models import PlanItem, PrintedParty, Task, WorkingAssignment
from chuan.programme.outline import Outline, shortened
from chuan.programme.queries import acting_for, in_force_on, tasks_in
from chuan.programme.rules import CELLS, ROWS, Duty, ItemKind
from chuan.programme.spans import spans_of

#: Words of a bullet that a task's page shows.
SHORT = 16


@dataclass(frozen=True)
class Held:
    """An assignment as it is shown."""

    said: WorkingAssignment
    unit: str
    officer: str
    now: bool


@dataclass(frozen=True)
class Party:
    """A printed party: its words, and of a unit who acts for it on the day."""

    words: str
    duty: str
    #: Of a unit its code; of a class nothing.
    unit: str = ""
    #: The acting unit's name; empty for a class, and where a person has yet to decide.
    acts: str = ""
    #: Another unit acts.
    passed: bool = False
    #: No unit or several could act: a person decides.
    open: bool = False


@dataclass(frozen=True)
class Bullet:
    """A bullet of the body that a row carries out."""

    code: str
    short: str


@dataclass
class Row:
    """A row of the annex on the page; only tasks have the parts after `cells`."""

    code: str
    kind: str
    label: str
    #: The display text of each cell, in the order of the printed columns; "" where the text leaves it blank.
    cells: list[str]
    task: Task | None = None
    parties: list[Party] = field(default_factory=list)
    #: The printed time is over.
    over: bool = False
    held: list[Held] = field(default_factory=list)
    bullets: list[Bullet] = field(default_factory=list)

    @property
    def of(self) -> Task:
        """The task that the row is."""
        if self.task is None:
            raise LookupError(self.code)
        return self.task

    @property
    def words(self) -> str:
        """What is to be done."""
        return self.cells[1]

    @property
    def now(self) -> list[Held]:
        """Who has the task on the day, the lead first."""
        return [held for held in self.held if held.now]

    @property
    def lead(self) -> Held | None:
        """Who leads on the day, by an assignment."""
        return next((held for held in self.now if held.said.duty == Duty.LEAD), None)

    @property
    def nobody_leads(self) -> bool:
        """Nobody was given the task to lead, and nobody acts for whom the text names."""
        return self.task is not None and self.lead is None and all(party.open for party in self.printed_leads)

    def named(self, duty: str) -> list[Party]:
        """The printed parties of a duty."""
        return [party for party in self.parties if party.duty == duty]

    @property
    def printed_leads(self) -> list[Party]:
        """Who was printed to lead; empty where the text says nothing."""
        return self.named(Duty.LEAD)

    @property
    def printed_coordinators(self) -> list[Party]:
        """Who was printed to coordinate; empty where the text says nothing."""
        return self.named(Duty.COORDINATE)

    @property
    def changed(self) -> list[Party]:
        """Printed coordinators that another unit acts for, or for whom that is open."""
        return [party for party in self.printed_coordinators if party.passed or party.open]


class Board:
    """The annex on a day; a handful of queries for all rows."""

    def __init__(self, document: PlanDocument, day: date, *, officers: bool) -> None:
        self.document, self.day, self.officers = document, day, officers
        self.tasks: dict[int, Any] = {task.item_id: task for task in tasks_in(document)}
        self.names = unit_names(day)
        printed = [party for task in self.tasks.values() for party in task.printed_parties.all()]
        self.acting = acting_for([party.unit_id for party in printed if party.unit_id], day)
        self.outline = Outline(document, ())
        self.bullets = self._bullets()

    def columns(self) -> list[str]:
        """The printed names of the columns."""
        return self.outline.columns()

    @cached_property
    def rows(self) -> list[Row]:
        """Every row in order, without the head of the table."""
        return [self._row(item) for item in self.document.items if item.kind in ROWS and item.kind != ItemKind.COLUMNS]

    def row_of(self, code: str) -> Row | None:
        """A task's row by its code; None where no task has it."""
        item = self.document.by_code.get(code)
        return self._row(item) if item is not None and item.pk in self.tasks else None

    def unassigned(self) -> int:
        """Tasks that nobody leads."""
        return sum(1 for row in self.rows if row.nobody_leads)

    def body_only(self) -> list[tuple[str, str]]:
        """What the body asks for without a row in the annex: (item, words), in order."""
        found = []
        for item in self.document.items:
            mapped = self.outline.mapped.get(item.pk)
            if mapped and mapped.body_only:
                found.append((item.code, mapped.part or " ".join(self.document.display(item).splitlines())))
        return found

    def _bullets(self) -> Mapping[str, list[Bullet]]:
        found: dict[str, list[Bullet]] = {}
        for item in self.document.items:
            words = shortened(" ".join(self.document.display(item).splitlines()), SHORT)
            for code in item.rows or ():
                found.setdefault(code, []).append(Bullet(item.code, words))
        return found

    def _row(self, item: PlanItem) -> Row:
        row = Row(
            item.code, item.kind, self.document.label(item), [self.document.display(item, cell) for cell in CELLS]
        )
        task = self.tasks.get(item.pk)
        if task is not None:
            rules = task.rules()
            row.task = task
            row.parties = [self._party(p) for p in task.printed_parties.all()]
            row.over = bool(rules) and all(rule.is_over(self.day, self.document.plan.signed) for rule in rules)
            row.held = self._held(task.live_assignments)
            row.bullets = self.bullets.get(item.code, [])
        return row

    def _party(self, party: PrintedParty) -> Party:
        words = " ".join(self.document.words([span]) for span in spans_of(party.spans))
        if party.unit is None:
            return Party(words, party.duty)
        answer: Answer = self.acting[party.unit.pk]
        if isinstance(answer, Acting):
            acts = self.names.get(answer.unit, "")
            return Party(words, party.duty, party.unit.code, acts, passed=answer.unit != party.unit.pk)
        return Party(words, party.duty, party.unit.code, open=True)

    def _held(self, assignments: list[WorkingAssignment]) -> list[Held]:
        now = in_force_on(assignments, self.day)
        rest = [a for a in assignments if a not in now]
        return [
            Held(a, self.names.get(a.unit_id, ""), a.officer if self.officers else "", index < len(now))
            for index, a in enumerate([*now, *rest])
        ]
