"""Who may see and change units, memberships and people."""

from django.db.models import QuerySet

from chuan.audit.actor import Actor
from chuan.organisations.models import PersonFacts
from chuan.organisations.rules import OWN_UNIT_ROLES, PROVINCE_WIDE_ROLES, RECORDING_ROLES, Role


def can_manage_accounts(actor: Actor) -> bool:
    """Open accounts and give roles: administrators."""
    return actor.role == Role.ADMINISTRATOR or actor.is_system


def can_manage_units(actor: Actor) -> bool:
    """Record units and reorganisations: specialists and administrators."""
    return actor.role in {Role.SPECIALIST, Role.ADMINISTRATOR} or actor.is_system


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
