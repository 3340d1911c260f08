"""CT5, service organisations raised (annex, row 2.2): a valid accreditation or management-system certificate."""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from chuan.laboratories.models import RecognitionFacts, ScopeLineFacts
from chuan.laboratories.queries import holds_q
from chuan.laboratories.rules import RecognitionKind, Standard
from chuan.organisations.models import UnitVersion
from chuan.organisations.rules import UnitKind
from chuan.reporting.indicators.engine import Condition, Indicator, Spec
from chuan.reporting.indicators.ground import units_at
from chuan.reporting.indicators.scope import Scope


class OrganisationsRaised(Indicator):
    """A service organisation registered in scope that holds a certificate of its competence on the last day."""

    spec: ClassVar[Spec] = Spec(
        id="CT5",
        version=1,
        unit="tổ chức",
        universe="organisations.service",
        member="unit_id",
        distinct="",
        weight="",
        place="parent",
        keeper="unit",
        small=True,
        level=True,
    )
    rests_on: ClassVar[tuple[Any, ...]] = (holds_q,)
    told: ClassVar[tuple[str, ...]] = ("raised",)

    def candidates(self, scope: Scope) -> QuerySet[Any]:
        """Each service organisation once, by the latest thing said of its name and seat."""
        versions = UnitVersion.objects.known(scope.known).filter(unit__kind=UnitKind.SERVICE_ORGANISATION)
        later = UnitVersion.objects.known(scope.known).filter(
            unit=OuterRef("unit_id"), valid_from__gt=OuterRef("valid_from")
        )
        found: QuerySet[Any] = versions.filter(~Exists(later))
        return found

    def conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """It stands, in scope, registered, and certified on the last day of the window."""
        day = scope.last
        standing = UnitVersion.objects.known(scope.known).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day), unit=OuterRef("unit_id"), valid_from__lte=day
        )
        holds = holds_q(day, scope.known)
        registered = _recognised(scope).filter(holds, kind=RecognitionKind.REGISTRATION)
        accepted = _certified(scope)
        return (
            Condition("unit_gone", Q(Exists(standing))),
            Condition("unit_outside", units_at(scope, "unit", day)),
            Condition("not_registered", Q(Exists(registered))),
            Condition("no_certificate", Q(Exists(accepted))),
            Condition("certificate_not_valid", Q(Exists(accepted.filter(holds))) | ~Q(Exists(accepted))),
        )

    def variant(self, scope: Scope, name: str) -> Q:
        """Raised: certified for the first time, or in a wider scope, after the plan was signed."""
        accepted = _certified(scope)
        since = accepted.filter(valid_from__gt=scope.since, valid_from__lte=scope.last)
        before = accepted.filter(valid_from__lte=scope.since)
        wider = ScopeLineFacts.objects.known(scope.known).filter(
            recognition__in=_accepted(scope).values("recognition"),
            line__laboratory__unit=OuterRef("unit_id"),
            valid_from__gt=scope.since,
            valid_from__lte=scope.last,
        )
        first = Q(Exists(since)) & ~Q(Exists(before))
        return {"": Q(), "valid": Q(), "raised": first | Q(Exists(wider))}[name]

    def order(self) -> tuple[str, ...]:
        """Each organisation is one row."""
        return ("unit_id",)

    def companions(self, scope: Scope) -> dict[str, int]:
        """How many of them were raised after the plan."""
        rows = self.qualifying(scope).filter(self.variant(scope, "raised"))
        return {"raised": rows.count()}


def _recognised(scope: Scope) -> QuerySet[Any]:
    """What is said of the organisation's recognitions."""
    return RecognitionFacts.objects.known(scope.known).filter(recognition__unit=OuterRef("unit_id"))


def _accepted(scope: Scope) -> QuerySet[Any]:
    """Accreditations to ISO/IEC 17025; certificates to it, to ISO 9001, or to what a decision accepts."""
    certificate = Q(standard__in=[Standard.ISO_17025, Standard.ISO_9001]) | ~Q(accepted_by="")
    return RecognitionFacts.objects.known(scope.known).filter(
        Q(kind=RecognitionKind.ACCREDITATION, standard=Standard.ISO_17025)
        | Q(kind=RecognitionKind.CERTIFICATION) & certificate
    )


def _certified(scope: Scope) -> QuerySet[Any]:
    """The organisation's accepted accreditations and certificates, whenever they hold."""
    return _accepted(scope).filter(recognition__unit=OuterRef("unit_id"))
