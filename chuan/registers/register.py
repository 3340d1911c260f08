"""What one register is: its statements, its form, its words, who may do what; the rest follows from these.

A context declares a `Register` for each thing that it keeps and mounts `Pages(REGISTER).urls()`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet

from chuan.audit.actor import Actor
from chuan.ledger.models import Identity, Statement
from chuan.lib import clock, text
from chuan.registers import policies
from chuan.registers.forms import PickField, RecordForm, Shelf, attname, choices_of
from chuan.registers.telling import Names, Vocabulary
from chuan.rendering.sheets import Kind
from chuan.web.forms import CountField, DateField, DecimalField

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """One cell of a list: words, smaller words below them, and a status badge where `state` is given."""

    text: str
    sub: str = ""
    state: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Part:
    """Records of another register on a record's page; `query` is what a new one is filled with."""

    title: Any
    register: "Register"
    rows: Sequence[Any]
    query: str = ""
    can_add: bool = False
    empty: Any = ""


def _nothing(_actor: Actor, _facts: Facts, _seen: Statement | None) -> None:
    """No rule beyond the form's."""


def _same(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


def _no_parts(_actor: Actor, _said: Any, _shelf: Shelf) -> Sequence[Part]:
    return ()


@dataclass(frozen=True)
class Register:
    """A register of records, each an identity with statements."""

    #: Context and noun: `laboratories.scope_line`; actions of the audit are `laboratories.add_scope_line`, ….
    name: str
    model: type[Statement]
    #: Beginning of the codes (`PV000001`) and the name of the counter.
    prefix: str
    title: Any
    noun: Any
    lead: Any
    form: type[RecordForm]
    #: Facts by which two records are one thing: a second is refused, and a row of a file finds its record.
    natural: tuple[str, ...]
    #: Which statements an actor may see; live and voided.
    visible_to: Callable[[Actor], QuerySet[Any]]
    can_list: Callable[[Actor], bool]
    #: Add a record at all, and one that says these facts.
    can_record: Callable[[Actor], bool]
    can_add: Callable[[Actor, Facts], bool]
    can_correct: Callable[[Actor, Any], bool]
    headings: tuple[Any, ...] = ()
    cells: Callable[[Any, "Words"], Sequence[Cell]] | None = None
    #: What a record is called where it is named in a line.
    label: Callable[[Any], str] = str
    #: Words that are searched for, and the facts that are put in order.
    search: Callable[[Facts], str] = lambda _facts: ""
    search_also: Mapping[str, Callable[[str], Any]] = field(default_factory=dict)
    sort: str = "order"
    filters: tuple[str, ...] = ()
    #: Refusals that need the actor, the facts and the statement in force: raises RegisterError.
    check: Callable[[Actor, Facts, Any], None] = _nothing
    #: Of a register whose identities hang on a record that no form asks for: the column, and that record for the
    #: facts; one that is not there yet is written with the first that hangs on it.
    parent: Callable[[Facts], tuple[str, Identity]] | None = None
    #: Where a fact lies that is neither the statement's nor its identity's.
    paths: Mapping[str, str] = field(default_factory=dict)
    dress: Callable[[QuerySet[Any]], QuerySet[Any]] = _same
    parts: Callable[[Actor, Any, Shelf], Sequence[Part]] = _no_parts
    related: tuple[str, ...] = ()
    icon: str = "list"
    files: bool = False
    refuses_twins: bool = True
    #: Several units record here: what another keeps already is not recorded again but claimed.
    claimable: bool = False
    #: How a checked file is written where the register's own service does so: as `services.take_in`.
    take: Callable[..., Any] | None = None
    #: Series of numbers that codes are drawn from; the register's name where nothing is said.
    series: str = ""

    @property
    def counter(self) -> str:
        """Name of the series of numbers."""
        return self.series or self.name

    @property
    def context(self) -> str:
        """The context that keeps it."""
        return self.name.partition(".")[0]

    @property
    def word(self) -> str:
        """The noun in code."""
        return self.name.partition(".")[2]

    @property
    def slug(self) -> str:
        """The noun in addresses and in names of routes."""
        return self.word.replace("_", "-")

    @property
    def subject(self) -> str:
        """Name of the foreign key to the identity."""
        return self.model.subject[0]

    @cached_property
    def identity(self) -> type[Identity]:
        """The identity's model."""
        return cast("type[Identity]", self.model._meta.get_field(self.subject).related_model)

    def action(self, verb: str) -> str:
        """The audit's name of a deed: `laboratories.add_scope_line`."""
        return f"{self.context}.{verb}_{self.word}"

    def route(self, page: str) -> str:
        """Name of a route of this register."""
        return f"{self.context}:{self.slug}-{page}"

    @cached_property
    def fields(self) -> Mapping[str, forms.Field]:
        """The form's fields by attribute name of what they say."""
        return {attname(name, f): f for name, f in self.form.base_fields.items()}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What facts are called, from the form."""
        typed: dict[str, Callable[[str], Any]] = {}
        choices: dict[str, Mapping[Any, Any]] = {}
        for name, f in self.fields.items():
            if isinstance(f, DateField):
                typed[name] = date.fromisoformat
            elif isinstance(f, DecimalField):
                typed[name] = Decimal
            elif isinstance(f, forms.ChoiceField) and not isinstance(f, PickField):
                choices[name] = dict(choices_of(f))
        return Vocabulary({name: f.label for name, f in self.fields.items()}, choices, typed)

    def value(self, said: Any, fact: str) -> Any:
        """A fact of a statement or, where it was said once for all, of its identity."""
        for step in self.lookup(fact).split("__"):
            said = getattr(said, step)
        return said

    def derived(self, facts: Facts) -> dict[str, str]:
        """Columns that follow from the facts: folded words and the key of order, where the table has them."""
        words = self.search(facts)
        found = {"search": text.search_key(words)[:600], "order": text.sort_key(words)}
        return {name: value for name, value in found.items() if name in self._columns}

    def rows(self, actor: Actor, *, query: str = "", chosen: Mapping[str, Any] | None = None) -> QuerySet[Any]:
        """Statements in force that an actor may see, filtered, in the register's order."""
        found = self.dress(self.visible_to(actor).filter(voided_at__isnull=True))
        for word in text.search_key(query).split():
            also = Q()
            for name, matching in self.search_also.items():
                also |= Q(**{f"{name}__in": matching(word)})
            found = found.filter(Q(search__contains=word) | also)
        for name, value in (chosen or {}).items():
            found = found.filter(**{self.lookup(name): value})
        return found.select_related(self.subject, *self.related).order_by(*self.ordering)

    def lookup(self, fact: str) -> str:
        """The fact as a query asks for it: a column of the statement or of its identity."""
        if fact in self.paths:
            return self.paths[fact]
        return fact if fact in self._columns else f"{self.subject}__{fact}"

    @cached_property
    def _columns(self) -> frozenset[str]:
        return frozenset(f.attname for f in self.model._meta.concrete_fields)

    @property
    def ordering(self) -> tuple[str, str]:
        """By the sorted fact, then by identity, both the same way."""
        down = "-" if self.sort.startswith("-") else ""
        return self.sort, f"{down}{self.subject}_id"

    def natural_key(self, facts: Facts) -> tuple[Any, ...]:
        """What two records are one by: names without regard to marks and case."""
        return tuple(text.search_key(v) if isinstance(v := facts.get(n), str) else v for n in self.natural)

    def twins(self, facts: Facts) -> list[Any]:
        """Statements in force that speak of the same thing."""
        asked = self.model._default_manager.filter(voided_at__isnull=True).select_related(self.subject)
        for name in self.natural:
            if not isinstance(facts.get(name), str):
                value = facts.get(name)
                key = self.lookup(name)
                asked = asked.filter(**({f"{key}__isnull": True} if value is None else {key: value}))
        wanted = self.natural_key(facts)
        return [s for s in asked if self.natural_key(self.facts_of(s)) == wanted]

    def can_claim(self, actor: Actor, facts: Facts) -> bool:
        """Say of what another unit keeps that it is one's own unit's too: whoever could have recorded it.

        The specialist corrects every record and reports no figure of a unit's.
        """
        adds = self.can_record(actor) and self.can_add(actor, facts)
        return self.claimable and adds and (actor.is_system or not policies.is_specialist(actor))

    def facts_of(self, said: Any) -> dict[str, Any]:
        """What a statement and its identity say, as the form says it."""
        return {name: self.value(said, name) for name in self.fields}


def specialist_adds(actor: Actor, _facts: Facts) -> bool:
    """Only the specialist of Sở KH&CN adds here."""
    return policies.is_specialist(actor)


class Words:
    """Names for keys while a page or a sheet is made; each source is read once."""

    def __init__(self, register: Register, shelf: Shelf) -> None:
        self.register, self.shelf, self.today = register, shelf, clock.today()
        self.names: Names = _Chosen(register, shelf)

    def say(self, said: Any, fact: str) -> str:
        """A fact of a statement in words."""
        return self.register.vocabulary.say(fact, self.register.value(said, fact), self.names)

    def in_sheet(self, said: Any, name: str) -> Any:
        """What a form field says as a sheet holds it: days and numbers as such, the rest in words."""
        asked = self.register.form.base_fields[name]
        fact = attname(name, asked)
        return self.say(said, fact) if sheet_kind(asked) == "text" else self.register.value(said, fact)


class _Chosen(Mapping[str, Mapping[int, str]]):
    """Fact → key → name of what is chosen from a source; a source is read when a fact of it is said."""

    def __init__(self, register: Register, shelf: Shelf) -> None:
        self.shelf = shelf
        self.fields = {name: f for name, f in register.fields.items() if isinstance(f, PickField)}

    def __getitem__(self, fact: str) -> Mapping[int, str]:
        return self.shelf.options(self.fields[fact].source).label_of

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


def sheet_kind(field_: forms.Field) -> Kind:
    """How a fact stands in a sheet."""
    if isinstance(field_, DateField):
        return "date"
    if isinstance(field_, CountField):
        return "count"
    return "decimal" if isinstance(field_, DecimalField) else "text"
