"""Who may see and change units, memberships and people."""

from django.db.models import QuerySet

from chuan.audit.actor import Actor
from chuan.organisations.models import OrganisationUnit, PartyFacts, PersonFacts
from chuan.organisations.rules import OWN_UNIT_ROLES, PROVINCE_WIDE_ROLES, RECORDING_ROLES, Role


def can_manage_accounts(actor: Actor) -> bool:
    """Open accounts and give roles: administrators."""
    return actor.role == Role.ADMINISTRATOR or actor.is_system


def can_manage_units(actor: Actor) -> bool:
    """Record units and reorganisations: specialists and administrators."""
    return actor.role in {Role.SPECIALIST, Role.ADMINISTRATOR} or actor.is_system


def can_decide_acting(actor: Actor) -> bool:
    """Decide who acts for a unit that exists no more: who records units."""
    return can_manage_units(actor)


def can_manage_parties(actor: Actor) -> bool:
    """Register and correct enterprises, organisations and the plan's classes: who records units."""
    return can_manage_units(actor)


def can_list_parties(actor: Actor) -> bool:
    """Open the register of enterprises and organisations: Sở KH&CN and administrators."""
    return sees_whole_province(actor) or can_manage_parties(actor)


def visible_parties(actor: Actor) -> QuerySet[PartyFacts]:
    """Facts of parties, live and voided, that an actor may see: the register's readers all, a party its own."""
    facts = PartyFacts.objects.all()
    if can_list_parties(actor):
        return facts
    if sees_own_unit(actor):
        return facts.filter(unit_id=actor.unit_id)
    return facts.none()


def can_open_party(actor: Actor, unit: OrganisationUnit) -> bool:
    """Open a party's page: the register's readers, described or not; the party itself once it is."""
    return can_list_parties(actor) or visible_parties(actor).filter(unit=unit, voided_at__isnull=True).exists()


def can_merge_people(actor: Actor) -> bool:
    """Decide that two records are one person: specialists, who see both."""
    return actor.role == Role.SPECIALIST or actor.is_system


def can_correct_person(actor: Actor, facts: PersonFacts) -> bool:
    """Correct a person's name, position or contact: the unit that keeps the record, and the specialist."""
    keeps = actor.unit_id is not None and facts.owner_id == actor.unit_id
    return actor.is_system or (actor.role in RECORDING_ROLES and (keeps or actor.role == Role.SPECIALIST))


def sees_whole_province(actor: Actor) -> bool:
    """Reads every unit's evidence."""
    return actor.role in PROVINCE_WIDE_ROLES or actor.is_system


def sees_own_unit(actor: Actor) -> bool:
    """Reads the evidence that their own unit keeps."""
    return actor.role in OWN_UNIT_ROLES and actor.unit_id is not None


def visible_people(actor: Actor) -> QuerySet[PersonFacts]:
    """Live facts of the people an actor may see."""
    people = PersonFacts.objects.live()
    if sees_whole_province(actor):
        return people
    if sees_own_unit(actor):
        return people.filter(owner_id=actor.unit_id)
    return people.none()
