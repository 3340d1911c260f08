"""CT2-L, attendances: the companion of CT2 that letters report as "lượt người"."""

from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from chuan.reporting.indicators.attendances import AttendanceIndicator, first_course, learners, merged_into, trained
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
        return _knowing_lists(super().candidates(scope), scope.known)

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
        in_double, in_main, beside = (Exists(lines) for lines in _beside_claims(scope.known))
        alone = ~Q(in_double) & (Q(main__isnull=True) | ~Q(in_main) & ~Q(beside))
        return super().once(scope) & (Q(person__isnull=False) | alone)

    def course_instead(self, scope: Scope) -> Any:
        """A claimed count gives way to others than a person does."""
        claimed = When(person__isnull=True, then=first_course(_beside_claims(scope.known)))
        return Case(claimed, default=super().course_instead(scope))


def _knowing_lists(lines: QuerySet[Any], known: datetime) -> QuerySet[Any]:
    listed = AttendanceFacts.objects.known(known).filter(
        attendance__course=OuterRef("attendance__course"), person__isnull=False, role=AttendanceRole.LEARNER
    )
    rows: QuerySet[Any] = lines.annotate(listed=Exists(listed))
    return rows


@lru_cache(maxsize=16)
def _beside_claims(known: datetime) -> tuple[QuerySet[Any], QuerySet[Any], QuerySet[Any]]:
    """Lines that count instead of a claimed count: duplicates' of its course; its main record's; other duplicates'."""
    named, unlisted = Q(person__isnull=False), Q(listed=False)
    first = Q(attendance__course__lt=OuterRef("attendance__course"))
    in_double = trained(known).filter(merged_into(known, "attendance__course"), named)
    in_main = _knowing_lists(learners(known), known).filter(named | unlisted, attendance__course=OuterRef("main"))
    beside = _knowing_lists(trained(known), known).filter(merged_into(known, "main"), named | first & unlisted)
    return in_double, in_main, beside
