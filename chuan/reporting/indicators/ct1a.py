"""CT1a, kinds that the province can verify or calibrate (plan I.2.a and I.2.b, first indent): a level on a day."""

from typing import Any, ClassVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from chuan.instruments.rules import KindList, ObjectType
from chuan.laboratories.models import KindAvailabilityFacts, RecognitionStopFacts, ScopeLineFacts
from chuan.laboratories.rules import Activity, LineStatus, RecognitionKind
from chuan.reporting.indicators.engine import Condition, Indicator, Spec
from chuan.reporting.indicators.ground import places_at, unsure
from chuan.reporting.indicators.registers import beside, certainly, has_narrower, of_kind
from chuan.reporting.indicators.scope import Scope

#: What kind of recognition covers a line depends on what it does with which list.
_DESIGNATED = Q(activity=Activity.VERIFICATION, kind_list=KindList.GROUP_2)


class KindsServed(Indicator):
    """A distinct leaf kind of standard or instrument with a line that is worked to and covered on the last day."""

    spec: ClassVar[Spec] = Spec(
        id="CT1a",
        version=1,
        unit="loại",
        universe="laboratories.scope_line",
        member="line_id",
        distinct="kind_id",
        weight="",
        place="site",
        keeper="owner",
        small=True,
        claimable=True,
        level=True,
    )
    rests_on: ClassVar[tuple[Any, ...]] = (beside, certainly, has_narrower, of_kind)
    told: ClassVar[tuple[str, ...]] = ("before_plan",)

    def candidates(self, scope: Scope) -> QuerySet[Any]:
        """Scope lines in force, each beside its kind, its laboratory and the recognition that it names."""
        rows: QuerySet[Any] = ScopeLineFacts.objects.known(scope.known)
        for name, path in (
            ("as_kind", "kind__facts_set"),
            ("as_laboratory", "line__laboratory__facts_set"),
            ("as_recognition", "recognition__facts_set"),
        ):
            rows = beside(rows, name, path, scope.known)
        found: QuerySet[Any] = rows.annotate(
            kind_said=F("as_kind__pk"),
            kind_list=F("as_kind__kind_list"),
            object_type=F("as_kind__object_type"),
            narrower=has_narrower(scope.known),
            laboratory_said=F("as_laboratory__pk"),
            site=F("as_laboratory__place_id"),
            covering=F("as_recognition__pk"),
            covered_as=F("as_recognition__kind"),
            covered_from=F("as_recognition__valid_from"),
            covered_to=F("as_recognition__last_day"),
        )
        return found

    def conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """In the order in which a reader would ask: what, by whom, where, when, covered by what."""
        day, vague, uncovered = scope.last, unsure(scope, "site"), Q(covering__isnull=True)
        suits = (_DESIGNATED & Q(covered_as=RecognitionKind.DESIGNATION)) | (
            ~certainly(_DESIGNATED) & Q(covered_as=RecognitionKind.REGISTRATION)
        )
        holds = Q(covered_from__lte=day) & (Q(covered_to__isnull=True) | Q(covered_to__gte=day))
        return (
            *of_kind(),
            Condition("not_standard_or_instrument", ~certainly(Q(object_type=ObjectType.REFERENCE_MATERIAL))),
            Condition("testing_only", ~Q(activity=Activity.TESTING)),
            Condition("laboratory_voided", Q(laboratory_said__isnull=False)),
            Condition("site_unknown", ~vague | Q(laboratory_said__isnull=True)),
            Condition("site_outside", places_at(scope, "site", day) | vague),
            Condition("line_not_active", Q(status=LineStatus.ACTIVE)),
            Condition("line_not_begun", Q(valid_from__lte=day)),
            Condition("line_ended", Q(last_day__isnull=True) | Q(last_day__gte=day)),
            Condition("not_covered", ~uncovered),
            Condition("wrong_recognition", suits | uncovered),
            Condition("recognition_not_valid", holds | uncovered),
            Condition("recognition_stopped", ~Q(Exists(_stopped(scope)))),
        )

    def order(self) -> tuple[str, ...]:
        """The line that began first; of two on one day, the first recorded."""
        return ("valid_from", "line_id")

    def companions(self, scope: Scope) -> dict[str, int]:
        """Kinds that were already here before the plan: without a baseline the target may have been met then."""
        kinds = self.members(scope).order_by().values("kind_id")
        since = Coalesce(F("available_from"), F("valid_from"))
        lines = ScopeLineFacts.objects.known(scope.known).annotate(since=since).exclude(activity=Activity.TESTING)
        served = lines.filter(since__lt=scope.since, kind__in=kinds).values_list("kind_id")
        owned = KindAvailabilityFacts.objects.known(scope.known).filter(available_from__lt=scope.since, kind__in=kinds)
        return {"before_plan": len(served.order_by().union(owned.order_by().values_list("kind_id")))}


def _stopped(scope: Scope) -> QuerySet[Any]:
    """Suspensions and withdrawals of the line's recognition that reach over the last day."""
    return RecognitionStopFacts.objects.known(scope.known).filter(
        Q(end__isnull=True) | Q(end__gt=scope.last),
        stop__recognition=OuterRef("recognition_id"),
        start__lte=scope.last,
    )
