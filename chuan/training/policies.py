"""Who may see and keep the training register. Each policy answers "may they?" and "which rows?"."""

from django.db.models import QuerySet

from chuan.audit.actor import Actor
from chuan.organisations.policies import sees_own_unit, sees_whole_province
from chuan.organisations.rules import RECORDING_ROLES, Role
from chuan.training.models import CourseFacts


def can_list(actor: Actor) -> bool:
    """Open the register at all."""
    return sees_whole_province(actor) or sees_own_unit(actor)


def can_record(actor: Actor) -> bool:
    """Add courses for one's own unit."""
    return actor.is_system or (actor.role in RECORDING_ROLES and actor.unit_id is not None)


def can_view(actor: Actor, facts: CourseFacts) -> bool:
    """See a course, its list and its history: the unit that keeps it and Sở KH&CN."""
    return sees_whole_province(actor) or (sees_own_unit(actor) and facts.owner_id == actor.unit_id)


def can_correct(actor: Actor, facts: CourseFacts) -> bool:
    """Correct or void a record: the unit that keeps it, and the specialist of Sở KH&CN with a reason."""
    return actor.is_system or (can_record(actor) and (facts.owner_id == actor.unit_id or actor.role == Role.SPECIALIST))


def can_merge(actor: Actor) -> bool:
    """Decide that two units' records are one course: specialists, who see both."""
    return actor.is_system or actor.role == Role.SPECIALIST


def visible_to(actor: Actor) -> QuerySet[CourseFacts]:
    """Course statements, live and voided, that an actor may see."""
    facts = CourseFacts.objects.all()
    if sees_whole_province(actor):
        return facts
    if sees_own_unit(actor):
        return facts.filter(owner_id=actor.unit_id)
    return facts.none()
