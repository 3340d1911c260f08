"""CT3, enterprises with a measurement assurance programme (plan I.2.a and I.2.b, third indent)."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import (
    Case,
    CharField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, ExtractMonth, ExtractYear, Mod, Substr

from chuan.assurance.models import ProgrammeActivityFacts, ProgrammeVersionFacts
from chuan.organisations.models import UnitVersion
from chuan.organisations.rules import KEY_DIGITS, Ownership
from chuan.registers.rules import Known
from chuan.reporting.indicators.engine import Condition, Indicator, Spec
from chuan.reporting.indicators.ground import places_on, unsure
from chuan.reporting.indicators.registers import beside, certainly
from chuan.reporting.indicators.scope import Scope

UNIT = "version__programme__unit"


class EnterprisesWithProgramme(Indicator):
    """An enterprise of which a version of its programme was approved by its head in the window; renewals are one."""

    spec: ClassVar[Spec] = Spec(
        id="CT3",
        version=1,
        unit="doanh nghiệp",
        universe="assurance.version",
        member="version_id",
        distinct="enterprise",
        weight="",
        place="site",
        keeper="owner",
        small=True,
        claimable=True,
    )
    rests_on: ClassVar[tuple[Any, ...]] = (beside, certainly)
    told: ClassVar[tuple[str, ...]] = ("in_force", "cooperatives")

    def candidates(self, scope: Scope) -> QuerySet[Any]:
        """Versions in force as records, each with the key of its enterprise and the commune on the day of approval."""
        rows = beside(ProgrammeVersionFacts.objects.known(scope.known), "as_party", f"{UNIT}__party_facts", scope.known)
        found: QuerySet[Any] = rows.annotate(
            enterprise=_key(),
            registered_as=F("as_party__ownership"),
            site=_seat(scope),
            term=ExpressionWrapper(F("term_to") - F("term_from"), DurationField()),
            cycle=Mod(ExtractYear("term_from"), 4),
            month=ExtractMonth("term_from"),
        )
        return found

    def conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """Whose it is, who approved it when, for how long, and where."""
        vague, never = unsure(scope, "site"), Q(approved_on__isnull=True)
        cancelled = Q(ended_on__isnull=False, ended_on__lt=F("term_from"), ended_on__lte=scope.at)
        cooperative = Q(ownership=Ownership.COOPERATIVE) | Q(registered_as=Ownership.COOPERATIVE)
        household = Q(ownership=Ownership.HOUSEHOLD) | Q(registered_as=Ownership.HOUSEHOLD)
        return (
            Condition("household", ~certainly(household)),
            Condition("cooperative_undecided", ~certainly(cooperative) | ~Q(accepted_by="")),
            Condition("not_approved", Q(approved_on__isnull=False)),
            Condition("not_by_head", Q(by_head=Known.YES)),
            Condition("term_short", _a_year()),
            Condition("cancelled_before_term", ~certainly(cancelled)),
            Condition("before_plan", Q(approved_on__gt=scope.since) | never),
            *self.in_window(scope),
            Condition("place_unknown", ~vague | never),
            Condition("place_outside", places_on(scope, "site", "approved_on") | vague | never),
        )

    def in_window(self, scope: Scope) -> tuple[Condition, ...]:
        """It was approved in the window; a version that nobody approved fails for that reason alone."""
        never = Q(approved_on__isnull=True)
        return (
            Condition("before_window", Q(approved_on__gte=scope.first) | never),
            Condition("after_window", Q(approved_on__lte=scope.last) | never),
        )

    def variant(self, scope: Scope, name: str) -> Q:
        """Readings ask for the first approval since the plan, and for something done under the programme."""
        age, _underscore, deed = name.rpartition("_")
        asked = {"": Q(), "approved": Q(), "active": Q(Exists(_activities(scope)))}[deed]
        return asked & self._is_first(scope) if {"": False, "first": True}[age] else asked

    def parts(self, scope: Scope) -> dict[str, Q]:
        """Composition at the first approval: a state share, domestic private; foreign capital is neither."""
        first = self._is_first(scope)
        share, unsaid = Q(state_share__gt=0), Q(state_share__isnull=True)
        return {
            "state": first & (share | Q(ownership=Ownership.STATE) & unsaid),
            "private": first & Q(ownership=Ownership.PRIVATE),
            "unknown": first & Q(ownership=Ownership.UNKNOWN) & ~certainly(share),
        }

    def order(self) -> tuple[str, ...]:
        """The version approved first; of two on one day, the first recorded."""
        return ("approved_on", "version_id")

    def companions(self, scope: Scope) -> dict[str, int]:
        """How many of them have a programme in force on the last day, and how many are cooperatives."""
        day = scope.last
        same = self.qualifying(scope).filter(enterprise=OuterRef("enterprise"))
        later = same.filter(approved_on__gt=OuterRef("approved_on"))
        running = Q(term_from__lte=day, term_to__gte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))
        latest = Case(When(running & ~Q(Exists(later)), then=Value(1)), default=Value(0), output_field=IntegerField())
        found: dict[str, int] = (
            self.qualifying(scope)
            .annotate(latest=latest)
            .aggregate(in_force=self.total(Q(latest=1)), cooperatives=self.total(Q(ownership=Ownership.COOPERATIVE)))
        )
        return found

    def _is_first(self, scope: Scope) -> Q:
        """No version of the enterprise that counts was approved since the plan and before this one."""
        sooner = self.qualifying(scope.since_plan()).filter(enterprise=OuterRef("enterprise"))
        same_day = Q(approved_on=OuterRef("approved_on"), version_id__lt=OuterRef("version_id"))
        return ~Q(Exists(sooner.filter(Q(approved_on__lt=OuterRef("approved_on")) | same_day)))


def _key() -> Case:
    """What tells enterprises apart: the first ten digits of the tax code, else the unit itself."""
    unit = Concat(Value("#"), Cast(f"{UNIT}_id", CharField()), output_field=CharField())
    code = Coalesce(F("as_party__tax_code"), Value(""), output_field=CharField())
    return Case(When(Q(as_party__tax_code__gt=""), then=Substr(code, 1, KEY_DIGITS)), default=unit)


def _seat(scope: Scope) -> Coalesce:
    """Where the enterprise stood on the day of approval; one that is recorded since a later day: its first seat."""
    day = OuterRef("approved_on")
    versions = UnitVersion.objects.known(scope.known).filter(unit=OuterRef(f"{UNIT}_id"))
    then = versions.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
    later = versions.filter(valid_from__gt=day).order_by("valid_from")
    return Coalesce(
        Subquery(then.order_by("-valid_from").values("parent_id")[:1]),
        Subquery(later.values("parent_id")[:1]),
        output_field=IntegerField(),
    )


def _a_year() -> Q:
    """From the first to the last day, both counted, the term is a year or longer (`assurance.rules`).

    A year is 365 days from first to anniversary, 366 where a 29 February lies between.
    """
    leap = Q(cycle=0, month__lte=2) | Q(cycle=3, month__gte=3)
    return (leap & Q(term__gte=timedelta(days=365))) | (~leap & Q(term__gte=timedelta(days=364)))


def _activities(scope: Scope) -> QuerySet[Any]:
    """Verifications, calibrations, tests and methods under the version, in its term and up to the day."""
    return (
        ProgrammeActivityFacts.objects.known(scope.known)
        .filter(
            activity__version=OuterRef("version_id"),
            on__gte=OuterRef("term_from"),
            on__lte=OuterRef("term_to"),
        )
        .filter(on__lte=scope.last)
    )
