"""CT4, accredited laboratories assessed by the national criteria (plan I.2.a and I.2.b, fourth indent)."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from chuan.laboratories.models import AssessmentFacts, RecognitionFacts, ScopeLineFacts
from chuan.laboratories.queries import holds_q
from chuan.laboratories.rules import AssessmentKind, Field, RecognitionKind, Standard
from chuan.lib.dates import Window
from chuan.reporting.indicators.engine import Condition, Indicator, Spec
from chuan.reporting.indicators.ground import places_on, unsure
from chuan.reporting.indicators.registers import beside
from chuan.reporting.indicators.scope import Scope


class LaboratoriesAssessed(Indicator):
    """A laboratory with a concluded assessment on an approved criteria set, accredited in a measurement field then."""

    spec: ClassVar[Spec] = Spec(
        id="CT4",
        version=1,
        unit="phòng thí nghiệm",
        universe="laboratories.assessment",
        member="assessment_id",
        distinct="laboratory",
        weight="",
        place="site",
        keeper="owner",
        small=True,
        claimable=True,
    )
    rests_on: ClassVar[tuple[Any, ...]] = (beside, holds_q)

    def candidates(self, scope: Scope) -> QuerySet[Any]:
        """Assessments in force as records, each beside its criteria set and its laboratory."""
        rows: QuerySet[Any] = AssessmentFacts.objects.known(scope.known)
        rows = beside(rows, "as_criteria", "criteria_set__facts_set", scope.known)
        rows = beside(rows, "as_laboratory", "assessment__laboratory__facts_set", scope.known)
        found: QuerySet[Any] = rows.annotate(
            laboratory=F("assessment__laboratory_id"),
            unit=F("assessment__laboratory__unit_id"),
            laboratory_said=F("as_laboratory__pk"),
            site=F("as_laboratory__place_id"),
            criteria_approved=F("as_criteria__approved_on"),
        )
        return found

    def conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """By which criteria, by whom, concluded, where, accredited for what. Any result counts."""
        vague, open_ = unsure(scope, "site"), Q(concluded_on__isnull=True)
        accreditation = _accreditations(scope)
        measuring = accreditation.filter(Exists(_lines(scope)))
        return (
            Condition("laboratory_voided", Q(laboratory_said__isnull=False)),
            Condition("not_concluded", Q(concluded_on__isnull=False) & ~Q(document="")),
            Condition("self_assessment", ~Q(kind=AssessmentKind.SELF)),
            Condition("criteria_not_approved", Q(criteria_approved__lte=F("concluded_on")) | open_),
            Condition("site_unknown", ~vague | Q(laboratory_said__isnull=True)),
            Condition("site_outside", places_on(scope, "site", "concluded_on") | vague | open_),
            Condition("not_accredited", Q(Exists(accreditation)) | open_),
            Condition("no_measurement_line", Q(Exists(measuring)) | ~Q(Exists(accreditation)) | open_),
            *self.in_window(scope),
        )

    def in_window(self, scope: Scope) -> tuple[Condition, ...]:
        """It was concluded in the window."""
        open_ = Q(concluded_on__isnull=True)
        return (
            Condition("before_window", Q(concluded_on__gte=scope.first) | open_),
            Condition("after_window", Q(concluded_on__lte=scope.last) | open_),
        )

    def variant(self, scope: Scope, name: str) -> Q:
        """A reading may ask for another laboratory than those of the stage before."""
        if name != "new":
            return {"": Q(), "any": Q()}[name]
        eve = scope.first - timedelta(days=1)
        before = scope.over(Window(scope.since, eve)) if eve >= scope.since else None
        counted = self.qualifying(before).filter(laboratory=OuterRef("laboratory")) if before else None
        return ~Q(Exists(counted)) if counted is not None else Q()

    def order(self) -> tuple[str, ...]:
        """The assessment concluded first; of two on one day, the first recorded."""
        return ("concluded_on", "assessment_id")

    def companions(self, scope: Scope) -> dict[str, int]:
        """By result: the plan says "áp dụng", so that each counts."""
        rows = self.among_members(scope).order_by().values("overall").annotate(n=Count("pk"))
        return {f"result_{overall}": n for overall, n in rows.values_list("overall", "n")}


def _accreditations(scope: Scope) -> QuerySet[Any]:
    """ISO/IEC 17025 accreditations of the laboratory, or of its whole organisation, held on the day of conclusion."""
    return RecognitionFacts.objects.known(scope.known).filter(
        holds_q(OuterRef("concluded_on"), scope.known),
        Q(laboratory__isnull=True) | Q(laboratory=OuterRef("laboratory")),
        recognition__unit=OuterRef("unit"),
        kind=RecognitionKind.ACCREDITATION,
        standard=Standard.ISO_17025,
    )


def _lines(scope: Scope) -> QuerySet[Any]:
    """Lines in a measurement field under an accreditation, on the day of conclusion, two levels further out."""
    day = OuterRef(OuterRef("concluded_on"))
    return ScopeLineFacts.objects.known(scope.known).filter(
        Q(last_day__isnull=True) | Q(last_day__gte=day),
        line__laboratory=OuterRef(OuterRef("laboratory")),
        recognition=OuterRef("recognition"),
        field=Field.MEASUREMENT,
        valid_from__lte=day,
    )
