"""CT2-L, attendances: the companion of CT2 that letters report as "lượt người"."""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from chuan.reporting.indicators.attendances import AttendanceIndicator, merged_into
from chuan.reporting.indicators.engine import Condition, Spec
from chuan.reporting.indicators.scope import Scope
from chuan.training.models import AttendanceFacts
from chuan.training.rules import AttendanceRole


class Attendances(AttendanceIndicator):
    """The same lines as CT2, each counted; a claimed count without a list counts its heads."""

    spec: ClassVar[Spec] = Spec(
        id="CT2-L",
        version=1,
        unit="lượt người",
        universe="training.attendance",
        member="attendance_id",
        distinct="",
        weight="headcount",
        place="said__place",
        keeper="said__owner",
    )

    def candidates(self, scope: Scope) -> QuerySet[Any]:
        """The shared candidates, each knowing whether its course has a list of names."""
        listed = AttendanceFacts.objects.known(scope.known).filter(
            attendance__course=OuterRef("attendance__course"), person__isnull=False, role=AttendanceRole.LEARNER
        )
        rows: QuerySet[Any] = super().candidates(scope).annotate(listed=Exists(listed))
        return rows

    def employment(self, in_scope: Q) -> tuple[Condition, ...]:
        """A claimed count names no employer; its course's place puts it in scope."""
        claimed = Q(person__isnull=True, employer__isnull=True)
        return (
            Condition("employer_unknown", Q(employer__isnull=False) | claimed),
            Condition("employer_outside", in_scope | Q(employer__isnull=True)),
        )

    def identity(self, scope: Scope) -> tuple[Condition, ...]:
        """A claimed count is not added to the list of the same course."""
        return (Condition("has_list", Q(person__isnull=False) | Q(listed=False)),)

    def once(self, scope: Scope) -> Q:
        """A claimed count is added neither to another unit's list of the same course nor to its claimed count."""
        learners = AttendanceFacts.objects.known(scope.known).filter(role=AttendanceRole.LEARNER)
        named, first = Q(person__isnull=False), Q(attendance__course__lt=OuterRef("attendance__course"))
        in_double = Exists(learners.filter(merged_into(scope.known, "attendance__course"), named))
        in_main = Exists(learners.filter(attendance__course=OuterRef("main")))
        beside = Exists(learners.filter(merged_into(scope.known, "main"), named | first))
        alone = ~Q(in_double) & (Q(main__isnull=True) | ~Q(in_main) & ~Q(beside))
        return super().once(scope) & (Q(person__isnull=False) | alone)
