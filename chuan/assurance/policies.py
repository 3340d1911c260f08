"""Programmes: the enterprise whose they are, the unit that keeps the record, those that claim it, and Sở KH&CN."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from chuan.assurance.models import ProgrammeActivityFacts, ProgrammeVersionFacts
from chuan.audit.actor import Actor
from chuan.organisations.policies import sees_own_unit, sees_whole_province
from chuan.organisations.rules import Role
from chuan.registers.policies import claimed, is_specialist, keeps

#: Whose units help enterprises with their programmes and keep the record; an enterprise only reads its own.
RECORDING = frozenset({Role.FOCAL, Role.UNIT_LEADER, Role.SPECIALIST, Role.LABORATORY})


def can_record(actor: Actor) -> bool:
    """Record programmes that one's own unit keeps."""
    return actor.is_system or (actor.role in RECORDING and actor.unit_id is not None)


def can_add(actor: Actor, _facts: Mapping[str, Any]) -> bool:
    """Of any enterprise: the record belongs to the unit that keeps it."""
    return can_record(actor)


def can_add_activity(actor: Actor, facts: Mapping[str, Any]) -> bool:
    """An activity under a version that one may see."""
    if is_specialist(actor):
        return True
    seen = visible_versions(actor).filter(version_id=facts.get("version_id"), voided_at__isnull=True)
    return can_record(actor) and seen.exists()


def can_correct(actor: Actor, said: Any) -> bool:
    """Correct or void what one's own unit keeps; the specialist whatever it is."""
    return can_record(actor) and keeps(actor, said.owner_id)


def visible_versions(actor: Actor) -> QuerySet[ProgrammeVersionFacts]:
    """Statements about versions that an actor may see."""
    rows = ProgrammeVersionFacts.objects.all()
    if sees_whole_province(actor):
        return rows
    if sees_own_unit(actor):
        ours = Q(version__in=claimed(actor, "assurance.version"))
        return rows.filter(Q(owner_id=actor.unit_id) | Q(version__programme__unit_id=actor.unit_id) | ours)
    return rows.none()


def visible_activities(actor: Actor) -> QuerySet[ProgrammeActivityFacts]:
    """Statements about activities that an actor may see."""
    rows = ProgrammeActivityFacts.objects.all()
    if sees_whole_province(actor):
        return rows
    if sees_own_unit(actor):
        ours = Q(activity__in=claimed(actor, "assurance.activity"))
        # Whoever counts a programme as its own work sees what was done under it.
        ours |= Q(activity__version__in=claimed(actor, "assurance.version"))
        return rows.filter(Q(owner_id=actor.unit_id) | Q(activity__version__programme__unit_id=actor.unit_id) | ours)
    return rows.none()
