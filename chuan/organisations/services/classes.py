"""Writes on the classes that the plan names: who belongs to one in a year."""

from collections.abc import Iterable, Sequence

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.work import append, hold, void
from chuan.lib import clock, text
from chuan.organisations import policies
from chuan.organisations.errors import AlreadyInClass
from chuan.organisations.models import ClassMember, OrganisationUnit, PartyClass
from chuan.organisations.queries import unit_name, unit_names, versions_during
from chuan.organisations.rules import list_period
from chuan.organisations.services.common import require


@service(lock="shared")
def establish_class(*, actor: Actor, code: str, title: str, kinds: Sequence[str] = ()) -> PartyClass:
    """Enter a class by the words that a document prints; `kinds`: of which every unit belongs where no list says."""
    require(policies.can_manage_parties(actor))
    made = append(PartyClass(code=code, title=text.nfc(title), kinds=list(kinds)))
    record("organisations.establish_class", made, label=made.title)
    return made


@service(lock="shared")
def add_class_members(
    *, actor: Actor, party_class: PartyClass, units: Sequence[OrganisationUnit], year: int, basis: str
) -> list[ClassMember]:
    """Say that units belong to a class in a year; AlreadyInClass, and none is added, where one stands there."""
    require(policies.can_manage_parties(actor))
    hold(PartyClass, party_class.pk)
    there = _on_list(party_class, year)
    for unit in units:
        if unit.pk in there:
            raise AlreadyInClass(unit_name(unit), year)
    added = [_append(party_class, unit, year, basis) for unit in units]
    names = unit_names(of=[unit.pk for unit in units])
    record(
        "organisations.add_class_members",
        party_class,
        label=f"{party_class.title} {year}: {', '.join(names.get(unit.pk, unit.code) for unit in units)}",
        changes={"units": [None, _codes(units)]},
        reason=basis,
    )
    return added


@service(lock="shared")
def remove_class_member(*, actor: Actor, seen: ClassMember, reason: str) -> None:
    """Take a unit off a class's list of a year; Superseded where somebody just did."""
    require(policies.can_manage_parties(actor))
    void(seen, reason)
    record(
        "organisations.remove_class_member",
        seen.party_class,
        label=f"{seen.party_class.title} {seen.year}: {unit_name(seen.unit)}",
        changes={"unit": [seen.unit.code, None]},
        reason=reason,
    )


@service(lock="shared")
def copy_class_year(*, actor: Actor, party_class: PartyClass, source: int, target: int, basis: str) -> int:
    """Begin a year's list with those of another year that exist in it and are not on it; returns how many."""
    require(policies.can_manage_parties(actor))
    hold(PartyClass, party_class.pk)
    there = _on_list(party_class, target)
    period = list_period(target, clock.today())
    standing = set(versions_during(period).values_list("unit_id", flat=True))
    wanted = _on_list(party_class, source) & standing - there
    found = list(OrganisationUnit.objects.filter(pk__in=wanted).order_by("code"))
    for unit in found:
        _append(party_class, unit, target, basis)
    record(
        "organisations.copy_class_year",
        party_class,
        label=f"{party_class.title} {source} → {target}",
        changes={"units": [None, _codes(found)]},
        reason=basis,
    )
    return len(found)


def _on_list(party_class: PartyClass, year: int) -> set[int]:
    """Keys of the units on the class's list of the year."""
    rows = ClassMember.objects.live().filter(party_class=party_class, year=year)
    return set(rows.values_list("unit_id", flat=True))


def _append(party_class: PartyClass, unit: OrganisationUnit, year: int, basis: str) -> ClassMember:
    return append(ClassMember(party_class=party_class, unit=unit, year=year, basis=text.nfc(basis)))


def _codes(units: Iterable[OrganisationUnit]) -> list[str]:
    return [unit.code for unit in units]
