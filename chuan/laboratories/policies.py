"""A laboratory's records: its own organisation, whoever keeps or claims the record, and Sở KH&CN."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from chuan.audit.actor import Actor
from chuan.laboratories.models import (
    AssessmentFacts,
    CriteriaSetFacts,
    KindAvailabilityFacts,
    Laboratory,
    LaboratoryFacts,
    Recognition,
    RecognitionFacts,
    RecognitionStopFacts,
    ScopeLineFacts,
)
from chuan.laboratories.rules import AssessmentKind
from chuan.organisations.policies import sees_own_unit, sees_whole_province
from chuan.organisations.rules import Role
from chuan.registers.models import Recorded
from chuan.registers.policies import can_list, claimed, is_specialist, keeps

Row = TypeVar("Row", bound=Recorded)


def can_record(actor: Actor) -> bool:
    """Record at all: the laboratory's own people, and the specialist of Sở KH&CN."""
    return is_specialist(actor) or (actor.role == Role.LABORATORY and actor.unit_id is not None)


def can_correct(actor: Actor, said: Any) -> bool:
    """Correct or void what one's own unit keeps; the specialist whatever it is."""
    return can_record(actor) and keeps(actor, said.owner_id)


def can_correct_assessment(actor: Actor, said: Any) -> bool:
    """As any record; what Sở KH&CN has confirmed its own specialist corrects."""
    return can_correct(actor, said) and (said.kind != AssessmentKind.CONFIRMED or is_specialist(actor))


def can_add_to_unit(actor: Actor, facts: Mapping[str, Any]) -> bool:
    """A record of an organisation: its own people, and the specialist."""
    return is_specialist(actor) or (can_record(actor) and facts.get("unit_id") == actor.unit_id)


def can_add_to_laboratory(actor: Actor, facts: Mapping[str, Any]) -> bool:
    """A record of a laboratory: its organisation's people, and the specialist."""
    if is_specialist(actor):
        return True
    mine = Laboratory.objects.filter(pk=facts.get("laboratory_id") or 0, unit_id=actor.unit_id)
    return can_record(actor) and mine.exists()


def can_add_to_recognition(actor: Actor, facts: Mapping[str, Any]) -> bool:
    """A record of a recognition: its organisation's people, and the specialist."""
    if is_specialist(actor):
        return True
    mine = Recognition.objects.filter(pk=facts.get("recognition_id") or 0, unit_id=actor.unit_id)
    return can_record(actor) and mine.exists()


def _visible(actor: Actor, rows: QuerySet[Row], unit: str, register: str) -> QuerySet[Row]:
    if sees_whole_province(actor):
        return rows
    if sees_own_unit(actor):
        ours = Q(**{f"{rows.model.subject[0]}__in": claimed(actor, register)})
        return rows.filter(Q(owner_id=actor.unit_id) | Q(**{unit: actor.unit_id}) | ours)
    return rows.none()


def visible_laboratories(actor: Actor) -> QuerySet[LaboratoryFacts]:
    """Statements about laboratories that an actor may see."""
    return _visible(actor, LaboratoryFacts.objects.all(), "laboratory__unit_id", "laboratories.laboratory")


def visible_recognitions(actor: Actor) -> QuerySet[RecognitionFacts]:
    """Statements about recognitions that an actor may see."""
    return _visible(actor, RecognitionFacts.objects.all(), "recognition__unit_id", "laboratories.recognition")


def visible_stops(actor: Actor) -> QuerySet[RecognitionStopFacts]:
    """Statements about suspensions and withdrawals that an actor may see."""
    return _visible(actor, RecognitionStopFacts.objects.all(), "stop__recognition__unit_id", "laboratories.stop")


def visible_lines(actor: Actor) -> QuerySet[ScopeLineFacts]:
    """Statements about scope lines that an actor may see."""
    return _visible(actor, ScopeLineFacts.objects.all(), "line__laboratory__unit_id", "laboratories.scope_line")


def visible_availabilities(actor: Actor) -> QuerySet[KindAvailabilityFacts]:
    """Statements about what laboratories have that an actor may see."""
    return _visible(
        actor, KindAvailabilityFacts.objects.all(), "availability__laboratory__unit_id", "laboratories.availability"
    )


def visible_assessments(actor: Actor) -> QuerySet[AssessmentFacts]:
    """Statements about assessments that an actor may see."""
    return _visible(actor, AssessmentFacts.objects.all(), "assessment__laboratory__unit_id", "laboratories.assessment")


def visible_criteria(actor: Actor) -> QuerySet[CriteriaSetFacts]:
    """Criteria sets are what all are assessed by: every reader of registers sees them."""
    return CriteriaSetFacts.objects.all() if can_list(actor) else CriteriaSetFacts.objects.none()
