"""Who acts on a day for a unit that was printed in a document, in one field of state management.

The contract, for every context above: `acting_units(unit, domain, on)` answers for one unit, `acting_units_of(units,
domain, on)` for many in the same three queries. The answer is one of two frozen values:

- `Acting(unit, through, by_decision)`: one unit acts. `unit` is its key and may be that of the unit asked about.
- `Undecided(why, candidates)`: none or several; a person decides once (`services.decide_acting`), the decision is
  stored (`ActingDecision`) and answers from then on.

A unit in force acts for itself, save in a field that it passed on. What a dissolved unit did is followed along its
successions of that function, else of all functions, else of the organisation; ground alone passes no function.
Everything is read as known at an instant, so that what was computed at it is computed again. Keys are given back, not
names: what a unit is called depends on the day (`queries.unit_names`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chuan.organisations.models import ActingDecision, OrganisationUnit, Succession, UnitVersion
from chuan.organisations.rules import Period, SuccessionScope


@dataclass(frozen=True)
class Passed:
    """One succession: on a day something of `predecessor` passed to `successor`."""

    predecessor: int
    successor: int
    scope: str
    on: date
    domain: str = ""
    primary: bool | None = None


@dataclass(frozen=True)
class Lines:
    """What the answer rests on: when each unit existed, what passed to whom, what was decided."""

    periods: Mapping[int, tuple[Period, ...]]
    passed: tuple[Passed, ...] = ()
    decided: Mapping[tuple[int, str], int] = field(default_factory=dict)

    def exists(self, unit: int, on: date) -> bool:
        """The unit has a version in force on the day."""
        return any(p.contains(on) for p in self.periods.get(unit, ()))

    def begun(self, unit: int, on: date) -> bool:
        """The unit has existed by the day."""
        return any(p.start is None or p.start <= on for p in self.periods.get(unit, ()))

    def from_unit(self, unit: int, on: date, scope: str) -> list[Passed]:
        """What of that scope passed from the unit by the day."""
        return [p for p in self.passed if p.predecessor == unit and p.scope == scope and p.on <= on]


class Why(StrEnum):
    """Why nobody acts without a decision."""

    NONE = "none"
    SEVERAL = "several"
    #: The unit asked about begins only after the day.
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Acting:
    """One unit acts: itself, along successions, or by a decision."""

    unit: int
    #: Units passed through, the one asked for first; empty where it acts for itself.
    through: tuple[int, ...] = ()
    #: A person's decision lies on the way.
    by_decision: bool = False


@dataclass(frozen=True)
class Undecided:
    """No unit or several: a person decides. `candidates` are in force on the day, the likelier first."""

    why: Why
    candidates: tuple[int, ...] = ()


Answer = Acting | Undecided


def resolve(lines: Lines, unit: int, domain: str, on: date) -> Answer:
    """Who acts for the unit in the field on the day."""
    if not lines.begun(unit, on):
        return Undecided(Why.NOT_YET)
    return _follow(lines, unit, domain, on, ())


def _follow(lines: Lines, unit: int, domain: str, on: date, through: tuple[int, ...]) -> Answer:
    if unit in through:
        return Undecided(Why.NONE)
    heirs = _heirs(lines, unit, domain, on)
    if lines.exists(unit, on):
        # A unit in force keeps what it did, save the one function that is named as passed on.
        heirs = [p for p in heirs if domain and p.domain == domain]
        if not heirs:
            return Acting(unit, through)
    decided = lines.decided.get((unit, domain))
    # Before the unit decided on exists, the decision says nothing yet.
    if decided is not None and lines.begun(decided, on):
        answer = _follow(lines, decided, domain, on, (*through, unit))
        return Acting(answer.unit, answer.through, True) if isinstance(answer, Acting) else answer
    return _joined([_follow(lines, p.successor, domain, on, (*through, unit)) for p in heirs], lines, unit, on)


def _heirs(lines: Lines, unit: int, domain: str, on: date) -> list[Passed]:
    """Successions that say who does the work: of this function, else of all of them, else of the organisation."""
    functions = lines.from_unit(unit, on, SuccessionScope.FUNCTION)
    named = [p for p in functions if domain and p.domain == domain]
    whole = [p for p in functions if not p.domain]
    found = named or whole or lines.from_unit(unit, on, SuccessionScope.ORGANISATION)
    return sorted(found, key=lambda p: (not p.primary, p.successor))


def _joined(answers: list[Answer], lines: Lines, unit: int, on: date) -> Answer:
    """One answer of several ways: those that end in one unit agree."""
    if len(answers) == 1:
        return answers[0]
    acting = [a for a in answers if isinstance(a, Acting)]
    if acting and len(acting) == len(answers) and len({a.unit for a in acting}) == 1:
        return Acting(acting[0].unit, acting[0].through, any(a.by_decision for a in acting))
    candidates: dict[int, None] = {}
    for answer in answers:
        candidates.update(dict.fromkeys((answer.unit,) if isinstance(answer, Acting) else answer.candidates))
    if answers:
        return Undecided(Why.SEVERAL, tuple(candidates))
    return Undecided(Why.NONE, _on_the_ground(lines, unit, on))


def _on_the_ground(lines: Lines, unit: int, on: date) -> tuple[int, ...]:
    """Units in force on the ground of one that exists no more: they may be asked, but nothing says that they act."""
    found: dict[int, None] = {}
    todo, seen = [unit], {unit}
    while todo:
        for p in sorted(lines.from_unit(todo.pop(), on, SuccessionScope.TERRITORY), key=lambda p: not p.primary):
            if p.successor not in seen:
                seen.add(p.successor)
                todo.append(p.successor)
                if lines.exists(p.successor, on):
                    found[p.successor] = None
    return tuple(found)


def read_lines(known: datetime | None = None, *, units: Iterable[int] | None = None) -> Lines:
    """The lines as known at an instant (now): of all units, or of `units` and all that follow from them; 3 queries."""
    successions = Succession.objects.live() if known is None else Succession.objects.known(known)
    rows = successions.values_list("predecessor_id", "successor_id", "scope", "event__on", "domain", "primary")
    passed = tuple(Passed(*row) for row in rows)
    decisions = ActingDecision.objects.live() if known is None else ActingDecision.objects.known(known)
    decided = {(u, domain): acting for u, domain, acting in decisions.values_list("unit_id", "domain", "acting_id")}
    versions = UnitVersion.objects.live() if known is None else UnitVersion.objects.known(known)
    if units is not None:
        versions = versions.filter(unit__in=_reached(set(units), passed, decided))
    periods: dict[int, tuple[Period, ...]] = {}
    for unit, start, end in versions.values_list("unit_id", "valid_from", "valid_to"):
        periods[unit] = (*periods.get(unit, ()), Period(start, end))
    return Lines(periods, passed, decided)


def _reached(start: set[int], passed: tuple[Passed, ...], decided: Mapping[tuple[int, str], int]) -> set[int]:
    steps = [
        *((p.predecessor, p.successor) for p in passed),
        *((u, acting) for (u, _domain), acting in decided.items()),
    ]
    seen, todo = set(start), set(start)
    while todo:
        todo = {after for before, after in steps if before in todo} - seen
        seen |= todo
    return seen


def acting_units(unit: OrganisationUnit, domain: str, on: date, *, known: datetime | None = None) -> Answer:
    """Who acts for the printed unit in the field (`FunctionDomain`) on the day, as known at an instant; 3 queries.

    `Acting` where one unit does, the unit itself included; `Undecided` where the successions name none or several and
    nobody has decided. Without `known`: as known now.
    """
    return acting_units_of([unit], domain, on, known=known)[unit.pk]


def acting_units_of(
    units: Iterable[OrganisationUnit], domain: str, on: date, *, known: datetime | None = None
) -> dict[int, Answer]:
    """The answer of `acting_units` for each of the printed units, by key; 3 queries in all."""
    keys = {unit.pk for unit in units}
    lines = read_lines(known, units=keys)
    return {key: resolve(lines, key, domain, on) for key in keys}
