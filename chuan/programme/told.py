"""What is said of the annex's tasks in a year: plain values that a context above puts together for a reader.

The plan knows of no report. Whoever does registers a teller, as checks register with `ledger.integrity`; the tasks'
pages show what it answers, whose addresses are ready to be opened.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chuan.audit.actor import Actor
from chuan.audit.memory import Log
from chuan.programme.models import Plan


@dataclass(frozen=True)
class UnitWords:
    """What one unit says of a task."""

    unit: str
    status: str
    words: str
    #: By what it is shown; units give none beside their words.
    evidence: str = ""


@dataclass(frozen=True)
class Count:
    """A number that stands for a task's result: computed from records, or counted by hand with its evidence."""

    title: str
    value: str
    #: Where the records behind it are opened; of what was counted by hand there are none.
    url: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Told:
    """What is said of one task in the year."""

    #: (colour of a badge or "" for plain words, words)
    statuses: Sequence[tuple[str, str]] = ()
    units: Sequence[UnitWords] = ()
    counts: Sequence[Count] = ()
    #: What it was planned to cost and did, in words; "" where nobody said. Then each unit's share of that.
    money: str = ""
    money_of_units: Sequence[tuple[str, str]] = ()

    @property
    def worded(self) -> list[UnitWords]:
        """What units say beyond how far they are."""
        return [one for one in self.units if one.words]


@dataclass(frozen=True)
class YearTold:
    """A year of the plan as one reader may read it."""

    year: int
    #: Every year that can be chosen, the latest first.
    years: Sequence[int]
    #: Where the words come from, in a sentence; the address of that, and what a link to it says.
    source: str
    url: str = ""
    action: str = ""
    #: Task's code → what is said of it; every task of the annex is there.
    tasks: Mapping[str, Told] = field(default_factory=dict)

    @property
    def has_money(self) -> bool:
        """Money is told of a task."""
        return any(one.money for one in self.tasks.values())


#: (plan, year asked for or None, reader, the log as read) → the year; None where no year of the plan was reported.
Teller = Callable[[Plan, int | None, Actor, Log], YearTold | None]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Have a context above tell; there is one."""
    if _tellers and _tellers[0] is not teller:
        raise RuntimeError("two contexts tell what is said of tasks")
    _tellers[:] = [teller]


def year_told(plan: Plan, year: int | None, reader: Actor, log: Log) -> YearTold | None:
    """What the reader may read of a year, else of the latest."""
    return _tellers[0](plan, year, reader, log) if _tellers else None
