"""Reads of people and of what was decided about them, named for the question."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, groupby, islice

from django.db.models import Count, OuterRef, QuerySet, Subquery

from chuan.organisations.models import PeopleDiffer, PersonFacts, PersonMerge


def live_person(person_id: int) -> PersonFacts | None:
    """The person's facts in force."""
    return PersonFacts.objects.live().filter(person_id=person_id).select_related("person", "employer").first()


def canonical_ids(known: datetime | None = None) -> dict[int, int]:
    """duplicate → canonical, of the merges in force."""
    merges = PersonMerge.objects.live() if known is None else PersonMerge.objects.known(known)
    return dict(merges.values_list("duplicate_id", "canonical_id"))


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
