"""Rules that every register's policies are made of."""

from chuan.audit.actor import Actor
from chuan.organisations.policies import sees_own_unit, sees_whole_province
from chuan.organisations.rules import RECORDING_ROLES, Role


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
