"""Reads of enterprises, service organisations, associations and the plan's classes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from chuan.audit.actor import Actor
from chuan.audit.models import AuditEntry
from chuan.lib import text
from chuan.organisations.models import (
    ClassMember,
    OrganisationUnit,
    PartyClass,
    PartyFacts,
    UnitVersion,
)
from chuan.organisations.policies import visible_parties
from chuan.organisations.queries.units import in_force, named
from chuan.organisations.rules import PARTIES, enterprise_key

PARTY_PAGE = 50


def last_version(unit: OrganisationUnit) -> UnitVersion | None:
    """The unit's latest name and place, ended or not."""
    return UnitVersion.objects.live().filter(unit=unit).select_related("unit", "parent").order_by("-valid_from").first()


def find_parties(
    actor: Actor,
    *,
    on: date,
    query: str = "",
    kind: str = "",
    ownership: str = "",
    ended: bool = False,
    after: UnitVersion | None = None,
) -> QuerySet[UnitVersion]:
    """Parties in force on the day, or ended by it with their last name, in order of name.

    `query`: words of the name, or digits that a tax code begins with. `after` is the last row seen.
    """
    kinds = [kind] if kind else list(PARTIES)
    found = UnitVersion.objects.live().filter(unit__kind__in=kinds).select_related("unit", "parent")
    if ended:
        later = UnitVersion.objects.live().filter(unit=OuterRef("unit"), valid_from__gt=OuterRef("valid_from"))
        found = found.filter(~Exists(later), valid_to__lte=on)
    else:
        found = found.filter(in_force(on))
    facts = visible_parties(actor).filter(voided_at__isnull=True)
    if ownership:
        found = found.filter(unit__in=facts.filter(ownership=ownership).values("unit"))
    if text.search_forms(query):
        found = found.filter(named(query) | _taxed(query, facts))
    if after:
        found = found.filter(Q(order__gt=after.order) | Q(order=after.order, unit_id__gt=after.unit_id))
    return found.order_by("order", "unit_id")


def _taxed(query: str, facts: QuerySet[PartyFacts]) -> Q:
    digits = "".join(query.split()).replace("-", "").replace(".", "")
    if not (digits.isascii() and digits.isdigit()):
        return Q(pk__in=[])
    return Q(unit__in=facts.filter(tax_code__startswith=digits).values("unit"))


def facts_of(actor: Actor, units: Iterable[int]) -> dict[int, PartyFacts]:
    """Facts in force of these parties that the actor may see; one query."""
    rows = visible_parties(actor).filter(voided_at__isnull=True, unit__in=list(units))
    return {facts.unit_id: facts for facts in rows}


def branches_of(actor: Actor, facts: PartyFacts) -> QuerySet[PartyFacts]:
    """Other parties of one enterprise: they share the first 10 digits of the tax code."""
    others = visible_parties(actor).filter(voided_at__isnull=True).exclude(unit=facts.unit_id).select_related("unit")
    return others.filter(tax_code__startswith=enterprise_key(facts.tax_code)) if facts.tax_code else others.none()


def history_of(unit: OrganisationUnit) -> list[AuditEntry]:
    """What was done to a unit, oldest first, as the audit says it; one query.

    What a larger deed did inside (establishing the unit while it is registered) is told by that deed.
    """
    told = AuditEntry.objects.filter(subject_table=unit._meta.db_table, subject_id=str(unit.pk))
    return list(told.filter(action__in=PARTY_ACTIONS).order_by("seq"))


PARTY_ACTIONS = tuple(
    f"organisations.{name}"
    for name in (
        "register_party",
        "describe_party",
        "correct_party",
        "correct_party_name",
        "move_party",
        "end_party",
    )
)


def classes_in(year: int) -> QuerySet[PartyClass, Any]:
    """The classes with the number of their `members_then` in a year."""
    there = Q(members__voided_at__isnull=True, members__year=year)
    return PartyClass.objects.annotate(members_then=Count("members", filter=there)).order_by("code")


def classes_of(unit: int, year: int) -> QuerySet[PartyClass]:
    """The classes that a unit belongs to in a year: it is on the list, or there is none and it is of the kind."""
    lists = ClassMember.objects.live().filter(party_class=OuterRef("pk"), year=year)
    kind = OrganisationUnit.objects.filter(pk=unit).values("kind")
    quoted = Concat(Value('"'), Subquery(kind), Value('"'), output_field=TextField())
    found = PartyClass.objects.annotate(told=Cast("kinds", TextField()), asked=quoted)
    return found.filter(Exists(lists.filter(unit=unit)) | Q(told__contains=F("asked")) & ~Exists(lists))


def members_in(party_class: PartyClass, year: int) -> QuerySet[ClassMember]:
    """Who is on a class's list of a year, in order of the unit's latest name."""
    latest = UnitVersion.objects.live().filter(unit=OuterRef("unit")).order_by("-valid_from").values("order")[:1]
    members = ClassMember.objects.live().filter(party_class=party_class, year=year).select_related("unit")
    return members.order_by(Subquery(latest), "unit_id")


def class_years(party_class: PartyClass) -> list[int]:
    """Years for which a class has a list, newest first."""
    rows = ClassMember.objects.live().filter(party_class=party_class)
    return sorted(set(rows.values_list("year", flat=True)), reverse=True)
