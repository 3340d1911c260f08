"""What CT2 and CT2-L share: attendances as candidates, and what makes one count."""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chuan.ledger.models import known_q
from chuan.organisations.models import PersonMerge
from chuan.reporting.indicators.engine import Condition, Indicator
from chuan.reporting.indicators.ground import places_on, units_on, unsure
from chuan.reporting.indicators.scope import Scope
from chuan.training.models import AttendanceFacts
from chuan.training.rules import ActivityKind, AttendanceRole

COURSE = "attendance__course__facts_set"


class AttendanceIndicator(Indicator):
    """Candidates: every line of a list in force at `known`, with its course's statement in force then as `said`."""

    def candidates(self, scope: Scope) -> QuerySet[Any]:
        """Lines in force; `canonical` is the person after merges."""
        merges = PersonMerge.objects.known(scope.known).filter(duplicate=OuterRef("person_id"))
        rows: QuerySet[Any] = with_course(AttendanceFacts.objects.known(scope.known), scope.known).annotate(
            canonical=Coalesce(
                Subquery(merges.values("canonical_id")[:1]), F("person_id"), output_field=BigIntegerField()
            )
        )
        return rows

    def conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """In the order in which a reader would ask."""
        vague = unsure(scope, "place")
        return (
            Condition("course_voided", Q(course_said__isnull=False)),
            Condition("not_a_course", Q(kind=ActivityKind.COURSE)),
            Condition("not_metrology", Q(on_metrology=True)),
            Condition("not_learner", Q(role=AttendanceRole.LEARNER)),
            Condition("not_completed", Q(completed=True)),
            *self.in_window(scope),
            Condition("place_unknown", ~vague),
            Condition("place_outside", places_on(scope, "place", "ended") | vague),
            *self.employment(units_on(scope, "employer", "ended")),
            *self.identity(scope),
        )

    def in_window(self, scope: Scope) -> tuple[Condition, ...]:
        """The course ended in the window."""
        return (
            Condition("before_window", Q(ended__gte=scope.first)),
            Condition("after_window", Q(ended__lte=scope.last)),
        )

    def employment(self, in_scope: Q) -> tuple[Condition, ...]:
        """The employer is known and in scope on the day the course ended."""
        return (
            Condition("employer_unknown", Q(employer__isnull=False)),
            Condition("employer_outside", in_scope | Q(employer__isnull=True)),
        )

    def identity(self, scope: Scope) -> tuple[Condition, ...]:
        """What the line must name."""
        return ()

    def order(self) -> tuple[str, ...]:
        """The earliest completed course; of two on one day, the first recorded."""
        return ("ended", "attendance_id")


def with_course(lines: QuerySet[AttendanceFacts], known: datetime) -> QuerySet[Any]:
    """Lines with their course's statement in force then as `said`; it is null where the course was voided.

    What the course says is named here once: a filter on the relation itself joins it anew for each condition and
    asks a subquery for each "not" (tried at 10^5 lines: 20 times the time of the same SQL by hand).
    """
    rows: QuerySet[Any] = lines.annotate(
        said=FilteredRelation(COURSE, condition=known_q(known, f"{COURSE}__")),
        course_said=F("said__pk"),
        ended=F("said__end"),
        kind=F("said__kind"),
        on_metrology=F("said__on_metrology"),
        place=F("said__place_id"),
    )
    return rows
