"""CT1b, kinds developed (annex, row 2.1): first availability of a kind, reference materials among them."""

from typing import Any, ClassVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from chuan.laboratories.models import KindAvailabilityFacts, ScopeLineFacts
from chuan.laboratories.rules import Activity
from chuan.reporting.indicators.engine import Condition, Indicator, Spec
from chuan.reporting.indicators.ground import places_on, unsure
from chuan.reporting.indicators.registers import beside, has_narrower, of_kind
from chuan.reporting.indicators.scope import Scope


class KindsDeveloped(Indicator):
    """A distinct leaf kind that was first available in scope on a day of the window; later loss changes nothing."""

    spec: ClassVar[Spec] = Spec(
        id="CT1b",
        version=1,
        unit="loại",
        universe="laboratories.availability",
        member="availability_id",
        distinct="kind_id",
        weight="",
        place="site",
        keeper="owner",
        small=True,
        claimable=True,
    )
    rests_on: ClassVar[tuple[Any, ...]] = (beside, has_narrower, of_kind)

    def candidates(self, scope: Scope) -> QuerySet[Any]:
        """What laboratories are said to have since a day, each beside its kind and its laboratory."""
        rows: QuerySet[Any] = KindAvailabilityFacts.objects.known(scope.known)
        rows = beside(rows, "as_kind", "kind__facts_set", scope.known)
        rows = beside(rows, "as_laboratory", "availability__laboratory__facts_set", scope.known)
        found: QuerySet[Any] = rows.annotate(
            kind_said=F("as_kind__pk"),
            narrower=has_narrower(scope.known),
            laboratory_said=F("as_laboratory__pk"),
            site=F("as_laboratory__place_id"),
        )
        return found

    def conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """A kind, somewhere in scope, in the window, and not here before."""
        vague = unsure(scope, "site")
        return (
            *of_kind(),
            Condition("laboratory_voided", Q(laboratory_said__isnull=False)),
            Condition("site_unknown", ~vague | Q(laboratory_said__isnull=True)),
            Condition("site_outside", places_on(scope, "site", "available_from") | vague),
            Condition("not_first", ~Q(Exists(_sooner_owned(scope))) & ~Q(Exists(_sooner_served(scope)))),
            *self.in_window(scope),
        )

    def in_window(self, scope: Scope) -> tuple[Condition, ...]:
        """It became available in the window."""
        return (
            Condition("before_window", Q(available_from__gte=scope.first)),
            Condition("after_window", Q(available_from__lte=scope.last)),
        )

    def order(self) -> tuple[str, ...]:
        """The first one available; of two on one day, the first recorded."""
        return ("available_from", "availability_id")


def _sooner_owned(scope: Scope) -> QuerySet[Any]:
    """Another availability of the kind in scope on an earlier day."""
    rows = beside(
        KindAvailabilityFacts.objects.known(scope.known),
        "as_laboratory",
        "availability__laboratory__facts_set",
        scope.known,
    ).annotate(site=F("as_laboratory__place_id"))
    earlier = rows.filter(kind=OuterRef("kind_id"), available_from__lt=OuterRef("available_from"))
    found: QuerySet[Any] = earlier.filter(places_on(scope, "site", "available_from"))
    return found


def _sooner_served(scope: Scope) -> QuerySet[Any]:
    """A line of a scope that says the kind was served in scope on an earlier day."""
    rows = beside(
        ScopeLineFacts.objects.known(scope.known).exclude(activity=Activity.TESTING),
        "as_laboratory",
        "line__laboratory__facts_set",
        scope.known,
    ).annotate(site=F("as_laboratory__place_id"), since=Coalesce(F("available_from"), F("valid_from")))
    earlier = rows.filter(kind=OuterRef("kind_id"), since__lt=OuterRef("available_from"))
    found: QuerySet[Any] = earlier.filter(places_on(scope, "site", "since"))
    return found
