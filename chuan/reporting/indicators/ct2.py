"""CT2, persons trained: people, not attendances (plan I.2.a and I.2.b, second indent)."""

from typing import ClassVar

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from chuan.reporting.indicators.attendances import AttendanceIndicator
from chuan.reporting.indicators.engine import Condition, Spec
from chuan.reporting.indicators.scope import Scope


class PersonsTrained(AttendanceIndicator):
    """A canonical person with at least one completed attendance, as learner, in a metrology course that ended."""

    spec: ClassVar[Spec] = Spec(
        id="CT2",
        version=1,
        unit="người",
        universe="training.attendance",
        member="attendance_id",
        distinct="canonical",
        weight="",
        place="said__place",
        keeper="said__owner",
    )
    told: ClassVar[tuple[str, ...]] = ("courses",)

    def identity(self, scope: Scope) -> tuple[Condition, ...]:
        """A name is required: homonyms are two people until merged, and a claimed count is nobody."""
        return (Condition("no_name", Q(person__isnull=False)),)

    def companions(self, scope: Scope) -> dict[str, int]:
        """In how many courses; one that several units record is one."""
        courses = Count(Coalesce("main", "attendance__course"), distinct=True)
        found: dict[str, int] = self.qualifying(scope).aggregate(courses=courses)
        return found
