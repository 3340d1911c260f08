"""Kinds are read by whoever reads registers and kept by the specialist of Sở KH&CN."""

from typing import Any

from django.db.models import QuerySet

from chuan.audit.actor import Actor
from chuan.instruments.models import KindFacts, KindIntervalFacts
from chuan.registers.policies import can_list, is_specialist


def can_record(actor: Actor) -> bool:
    """Add to a list of kinds."""
    return is_specialist(actor)


def can_correct(actor: Actor, _facts: Any) -> bool:
    """Correct or void a kind or an interval."""
    return is_specialist(actor)


def visible_kinds(actor: Actor) -> QuerySet[KindFacts]:
    """Kinds are public law and the province's own list: every reader of registers sees them all."""
    return KindFacts.objects.all() if can_list(actor) else KindFacts.objects.none()


def visible_intervals(actor: Actor) -> QuerySet[KindIntervalFacts]:
    """As the kinds."""
    return KindIntervalFacts.objects.all() if can_list(actor) else KindIntervalFacts.objects.none()
