"""Who may manage accounts: the administrator's role, known here by its name alone (roles live a floor above)."""

from chuan.audit.actor import Actor

ADMINISTRATOR = "administrator"


def can_manage(actor: Actor) -> bool:
    """Open, close and re-key accounts."""
    return actor.role == ADMINISTRATOR or actor.is_system


def is_own(actor: Actor, user_id: int) -> bool:
    """What happens to one's own account while signing in."""
    return actor.user_id == user_id
