"""Writes on people: recorded, corrected, decided to be one or two; every decision can be taken back."""

from collections.abc import Iterable

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.errors import Superseded
from chuan.ledger.models import changes
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, correct, hold, void
from chuan.lib import text
from chuan.organisations import policies
from chuan.organisations.errors import AlreadyMerged, ToldApart
from chuan.organisations.models import PERSON_KEY, OrganisationUnit, PeopleDiffer, Person, PersonFacts, PersonMerge
from chuan.organisations.services.common import require


def _named(full_name: str) -> dict[str, str]:
    """Columns that follow from a name: as read, as searched for, as put in order; none longer than its column."""
    name = text.nfc(full_name)
    search, order = text.search_key(name), text.name_sort_key(name)
    return {"full_name": name, "search": search[:PERSON_KEY], "order": order[:PERSON_KEY]}


@service(lock="shared")
def add_person(
    *,
    actor: Actor,
    full_name: str,
    owner: OrganisationUnit,
    employer: OrganisationUnit | None = None,
    position: str = "",
    work_contact: str = "",
) -> Person:
    """Record a person under the unit that keeps the record."""
    require(policies.sees_whole_province(actor) or actor.unit_id == owner.pk)
    person = append(Person(code=f"NG-{draw('person'):06d}"))
    facts = append(
        PersonFacts(
            person=person,
            employer=employer,
            position=text.nfc(position),
            work_contact=text.nfc(work_contact),
            owner=owner,
            **_named(full_name),
        )
    )
    record("organisations.add_person", person, label=facts.full_name, changes=changes(None, facts))
    return person


@service(lock="shared")
def correct_person(
    *, actor: Actor, seen: PersonFacts, full_name: str, position: str, work_contact: str, reason: str
) -> PersonFacts:
    """Say a person's name, position and contact anew; Superseded where `seen` is in force no more."""
    require(policies.can_correct_person(actor, seen))
    said = {**_named(full_name), "position": text.nfc(position), "work_contact": text.nfc(work_contact)}
    new = correct(seen, reason, **said)
    shown = changes(seen, new, ("full_name", "position", "work_contact"))
    record("organisations.correct_person", seen.person, label=new.full_name, changes=shown, reason=reason)
    return new


@service(lock="shared")
def merge_people(*, actor: Actor, duplicate: Person, canonical: Person, basis: str) -> PersonMerge:
    """Decide that two records are one human being; records merged into `duplicate` before are carried along.

    AlreadyMerged where either already is a duplicate of another; ToldApart where a decision in force says that one
    of those who would become one human being is not another of them.
    """
    require(policies.can_merge_people(actor))
    hold(Person, duplicate.pk, canonical.pk, *_duplicates(duplicate, canonical))
    if PersonMerge.objects.live().filter(duplicate__in=[duplicate, canonical]).exists():
        raise AlreadyMerged
    _require_untold([duplicate.pk, *_duplicates(duplicate)], [canonical.pk, *_duplicates(canonical)])
    merge = append(
        PersonMerge(duplicate=duplicate, chosen=canonical, canonical=canonical, basis=text.nfc_multiline(basis))
    )
    for earlier in PersonMerge.objects.live().filter(canonical=duplicate).order_by("pk"):
        correct(earlier, f"chuyển theo quyết định gộp {duplicate.code} vào {canonical.code}", canonical=canonical)
    record(
        "organisations.merge_people",
        duplicate,
        label=f"{duplicate.code} = {canonical.code}",
        changes={"canonical": [None, canonical.code]},
        reason=basis,
    )
    return merge


@service(lock="shared")
def undo_merge(*, actor: Actor, merge: PersonMerge, reason: str) -> None:
    """Take a merge back: the duplicate stands for itself again, and so it does for those merged into it."""
    require(policies.can_merge_people(actor))
    hold(Person, merge.duplicate_id, merge.canonical_id, *_duplicates(merge.canonical))
    void(merge, reason)
    rest = PersonMerge.objects.live().filter(canonical=merge.canonical_id)
    below = _below(merge.duplicate_id, dict(rest.values_list("duplicate_id", "chosen_id")))
    for carried in rest.filter(duplicate__in=below).order_by("pk"):
        correct(carried, reason, canonical=merge.duplicate)
    record(
        "organisations.undo_merge",
        merge.duplicate,
        label=f"{merge.duplicate.code} ≠ {merge.canonical.code}",
        changes={"canonical": [merge.canonical.code, None]},
        reason=reason,
    )


def _duplicates(*canonicals: Person) -> list[int]:
    """Those who are merged into one of these, directly or along with another."""
    return list(PersonMerge.objects.live().filter(canonical__in=canonicals).values_list("duplicate_id", flat=True))


def _below(top: int, chosen: dict[int, int]) -> set[int]:
    """Duplicates whose choices (duplicate → chosen) lead to `top`."""
    found: set[int] = set()
    while new := {person for person, into in chosen.items() if into in {top, *found}} - found:
        found |= new
    return found


def _require_untold(ones: Iterable[int], others: Iterable[int]) -> None:
    """ToldApart where a decision in force says that somebody of `ones` is nobody of `others`."""
    ones, others = set(ones), set(others)
    told = PeopleDiffer.objects.live().filter(first__in=ones | others, second__in=ones | others)
    for decision in told.select_related("first", "second"):
        if (decision.first_id in ones) != (decision.second_id in ones):
            raise ToldApart(decision.first.code, decision.second.code)


@service(lock="shared")
def tell_apart(*, actor: Actor, one: Person, other: Person, basis: str) -> PeopleDiffer:
    """Decide that two records of like names are two people: they are not suspected again.

    AlreadyMerged where a decision in force says that they are one.
    """
    require(policies.can_merge_people(actor))
    main = _mains(one, other)
    hold(Person, one.pk, other.pk, *main)
    if _mains(one, other) != main:
        # Who was held does not stand for the two any more: somebody merged or undid meanwhile.
        raise Superseded(PersonMerge._meta.db_table, one.pk)
    if one != other and main[0] == main[1]:
        raise AlreadyMerged
    first, second = sorted((one, other), key=lambda person: person.pk)
    decision = append(PeopleDiffer(first=first, second=second, basis=text.nfc_multiline(basis)))
    record("organisations.tell_apart", first, label=f"{first.code} ≠ {second.code}", reason=basis)
    return decision


def _mains(*people: Person) -> list[int]:
    """Who each of these stands for."""
    found = dict(PersonMerge.objects.live().filter(duplicate__in=people).values_list("duplicate_id", "canonical_id"))
    return [found.get(person.pk, person.pk) for person in people]


@service(lock="shared")
def undo_tell_apart(*, actor: Actor, decision: PeopleDiffer, reason: str) -> None:
    """Take back that two records are two people: they are suspected anew, and may be merged."""
    require(policies.can_merge_people(actor))
    void(decision, reason)
    record(
        "organisations.undo_tell_apart",
        decision.first,
        label=f"{decision.first.code} ? {decision.second.code}",
        changes={"voided": [False, True]},
        reason=reason,
    )
