"""Reads of units, people and memberships, named for the question."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, groupby, islice

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from chuan.accounts.models import User
from chuan.lib import clock, text
from chuan.organisations.models import (
    Membership,
    OrganisationUnit,
    PeopleDiffer,
    PersonFacts,
    PersonMerge,
    Succession,
    UnitVersion,
)


def in_force(on: date, prefix: str = "") -> Q:
    """Valid on the day `on` ([valid_from, valid_to))."""
    begun = Q(**{f"{prefix}valid_from__lte": on})
    return begun & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on}))


def versions_on(on: date, known: datetime | None = None) -> QuerySet[UnitVersion]:
    """Each unit's version in force on a day, as known now or at `known`."""
    versions = UnitVersion.objects.live() if known is None else UnitVersion.objects.known(known)
    return versions.filter(in_force(on)).select_related("unit")


@dataclass(frozen=True)
class HeldRole:
    """A membership in force, with what the header shows of it."""

    id: int
    role: str
    unit_id: int
    unit_name: str
    unit_kind: str


def memberships_of(user_id: int, *, on: date) -> list[HeldRole]:
    """The roles a person holds on a day, in order of unit; one query."""
    name = UnitVersion.objects.live().filter(in_force(on), unit=OuterRef("unit_id"))
    rows = (
        Membership.objects.live()
        .filter(in_force(on), user_id=user_id)
        .annotate(unit_name=Subquery(name.values("short_name")[:1]), unit_kind=F("unit__kind"))
        .order_by("unit__code", "role")
    )
    return [HeldRole(m.pk, m.role, m.unit_id, m.unit_name or "", m.unit_kind) for m in rows]


def unit_names(on: date | None = None) -> dict[int, str]:
    """Short name of every unit that exists on the day (today); the last known one for the others."""
    day = on or clock.today()
    names: dict[int, str] = {}
    rows = UnitVersion.objects.live().order_by("valid_from").values_list("unit_id", "short_name", "valid_from")
    for unit_id, name, begins in rows:
        if begins <= day or unit_id not in names:
            names[unit_id] = name
    return names


def search_units(query: str, *, on: date, kinds: tuple[str, ...] = ()) -> QuerySet[UnitVersion]:
    """Units in force on the day whose folded name holds every word of the query."""
    found = versions_on(on)
    if kinds:
        found = found.filter(unit__kind__in=kinds)
    for word in text.search_key(query).split():
        found = found.filter(search__contains=word)
    return found.order_by("order")


def successors(unit: OrganisationUnit, known: datetime | None = None) -> QuerySet[Succession]:
    """What passed from the unit to others."""
    rows = Succession.objects.live() if known is None else Succession.objects.known(known)
    return rows.filter(predecessor=unit).select_related("event", "successor").order_by("event__on", "successor__code")


def live_person(person_id: int) -> PersonFacts | None:
    """The person's facts in force."""
    return PersonFacts.objects.live().filter(person_id=person_id).select_related("person", "employer").first()


def canonical_ids(known: datetime | None = None) -> dict[int, int]:
    """duplicate → canonical, of the merges in force."""
    merges = PersonMerge.objects.live() if known is None else PersonMerge.objects.known(known)
    return dict(merges.values_list("duplicate_id", "canonical_id"))


def predecessors(unit: OrganisationUnit) -> QuerySet[Succession]:
    """What passed to the unit from others."""
    rows = Succession.objects.live().filter(successor=unit)
    return rows.select_related("event", "predecessor").order_by("event__on", "predecessor__code")


def membership_history(user_id: int) -> QuerySet[Membership]:
    """Every role in force, ended or to come, of an account."""
    return Membership.objects.live().filter(user_id=user_id).select_related("unit").order_by("-valid_from", "role")


def accounts_with_roles(*, on: date, query: str = "") -> list[tuple[User, list[HeldRole]]]:
    """Accounts in order of name with their roles on a day; two queries."""
    words = text.search_key(query).split()
    users = [
        u
        for u in User.objects.order_by("username")
        if all(w in text.search_key(f"{u.full_name} {u.username}") for w in words)
    ]
    held: dict[int, list[HeldRole]] = {}
    name = UnitVersion.objects.live().filter(in_force(on), unit=OuterRef("unit_id"))
    rows = (
        Membership.objects.live()
        .filter(in_force(on))
        .annotate(unit_name=Subquery(name.values("short_name")[:1]), unit_kind=F("unit__kind"))
    )
    for m in rows.order_by("unit__code", "role"):
        held.setdefault(m.user_id, []).append(HeldRole(m.pk, m.role, m.unit_id, m.unit_name or "", m.unit_kind))
    return [(u, held.get(u.pk, [])) for u in users]


@dataclass(frozen=True)
class Suspects:
    """Two records whose names are alike, undecided."""

    one: PersonFacts
    other: PersonFacts

    @property
    def codes(self) -> tuple[str, str]:
        """The two codes, in this order."""
        return self.one.person.code, self.other.person.code


def duplicate_suspects(people: QuerySet[PersonFacts], *, limit: int = 100) -> list[Suspects]:
    """The first `limit` pairs of visible people with one folded name, neither merged nor told apart."""
    return list(islice(_undecided(people), limit))


def _undecided(people: QuerySet[PersonFacts]) -> Iterator[Suspects]:
    """Every such pair, in order of name, read only as far as it is asked for."""
    apart = set(PeopleDiffer.objects.live().values_list("first_id", "second_id"))
    alone = people.exclude(person__in=PersonMerge.objects.live().values("duplicate")).exclude(search="")
    shared = alone.order_by().values("search").annotate(n=Count("pk")).filter(n__gt=1).values("search")
    rows = alone.filter(search__in=shared).select_related("person", "employer", "owner").order_by("search", "person_id")
    for _name, alike in groupby(rows.iterator(chunk_size=500), key=lambda facts: facts.search):
        for one, other in combinations(list(alike), 2):
            if (one.person_id, other.person_id) not in apart:
                yield Suspects(one, other)


def merges_in_force() -> list[tuple[PersonMerge, str, str]]:
    """Each merge in force, newest first, with the names of the duplicate and of the main record."""
    name = PersonFacts.objects.live().filter(person=OuterRef("duplicate")).values("full_name")[:1]
    main = PersonFacts.objects.live().filter(person=OuterRef("canonical")).values("full_name")[:1]
    merges = PersonMerge.objects.live().select_related("duplicate", "canonical", "chosen")
    rows = merges.annotate(name=Subquery(name), main=Subquery(main)).order_by("-recorded_at", "-pk")
    return [(m, m.name or "", m.main or "") for m in rows]


def differences_in_force() -> list[tuple[PeopleDiffer, str, str]]:
    """Each decision in force that two records are two people, newest first, with the two names."""
    names = PersonFacts.objects.live().values("full_name")
    first, second = names.filter(person=OuterRef("first"))[:1], names.filter(person=OuterRef("second"))[:1]
    rows = PeopleDiffer.objects.live().select_related("first", "second")
    rows = rows.annotate(one=Subquery(first), other=Subquery(second)).order_by("-recorded_at", "-pk")
    return [(d, d.one or "", d.other or "") for d in rows]


def named_units(kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """(code, name) of units of these kinds, in order of name; a unit that has ended says until when; one query."""
    found: dict[str, tuple[str, str]] = {}
    rows = UnitVersion.objects.live().filter(unit__kind__in=kinds).order_by("valid_from")
    for code, name, order, ends in rows.values_list("unit__code", "name", "order", "valid_to"):
        until = f" (đến {ends:%d/%m/%Y})" if ends and ends <= clock.today() else ""
        found[code] = (order, f"{name}{until}")
    return [(code, name) for code, (_order, name) in sorted(found.items(), key=lambda item: item[1][0])]
