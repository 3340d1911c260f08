"""Who may read a plan, and who records what became of it. Each policy answers "may they?"."""

from chuan.audit.actor import Actor
from chuan.organisations.rules import Role

#: Of Sở KH&CN: who records assignments and the replies that settle a reading.
DECIDING_ROLES = frozenset({Role.SPECIALIST, Role.DEPARTMENT_LEADER})

#: Outside the administration: they read the plan, not the names of officers.
OUTSIDE_ROLES = frozenset({Role.LABORATORY, Role.ENTERPRISE})


def can_read(actor: Actor) -> bool:
    """Open the plan: an issued document, so whoever has a role here."""
    return actor.is_system or actor.role in Role.values


def can_load(actor: Actor) -> bool:
    """Load a plan from its folder: only from the machine's own console."""
    return actor.is_system


def can_decide(actor: Actor) -> bool:
    """Record who has a task, and a reply to a request for interpretation."""
    return actor.is_system or actor.role in DECIDING_ROLES


def sees_officers(actor: Actor) -> bool:
    """Read which officer has a task."""
    return can_read(actor) and actor.role not in OUTSIDE_ROLES
