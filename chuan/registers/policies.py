"""Rules that every register's policies are made of."""

from django.db.models import QuerySet

from chuan.audit.actor import Actor
from chuan.organisations.policies import sees_own_unit, sees_whole_province
from chuan.organisations.rules import RECORDING_ROLES, Role
from chuan.registers.models import Claim


def can_list(actor: Actor) -> bool:
    """Open a register at all."""
    return sees_whole_province(actor) or sees_own_unit(actor)


def can_keep(actor: Actor) -> bool:
    """Record evidence for one's own unit."""
    return actor.is_system or (actor.role in RECORDING_ROLES and actor.unit_id is not None)


def is_specialist(actor: Actor) -> bool:
    """Keeps the province's registers: the specialist of Sở KH&CN, or the system."""
    return actor.is_system or actor.role == Role.SPECIALIST


def keeps(actor: Actor, owner_id: int | None) -> bool:
    """Correct or void what the unit `owner_id` keeps: that unit, and the specialist with a reason."""
    return is_specialist(actor) or (can_keep(actor) and owner_id == actor.unit_id)


def claimed(actor: Actor, register: str) -> QuerySet[Claim, int]:
    """Keys of the records of a register that the actor's unit claims beside the one that keeps them."""
    return Claim.objects.live().filter(register=register, unit=actor.unit_id).values_list("record", flat=True)


def can_withdraw(actor: Actor, claim: Claim) -> bool:
    """Take a claim back: the unit that made it, and the specialist with a reason."""
    return keeps(actor, claim.unit_id)
