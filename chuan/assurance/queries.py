"""Reads of programmes, named for the question."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from chuan.assurance import policies
from chuan.assurance.models import AssuranceProgramme
from chuan.audit.actor import Actor
from chuan.organisations.models import OrganisationUnit, UnitVersion
from chuan.registers.forms import Shelf


def unit_name(unit_id: int) -> str:
    """The latest short name of a unit."""
    names = UnitVersion.objects.live().filter(unit_id=unit_id).order_by("-valid_from")
    return names.values_list("short_name", flat=True).first() or ""


def units_matching(word: str) -> QuerySet[UnitVersion, int]:
    """Keys of units one of whose names holds the folded word."""
    return UnitVersion.objects.live().filter(search__contains=word).values_list("unit_id", flat=True)


def _name(path: str) -> Any:
    names = UnitVersion.objects.live().filter(unit=OuterRef(path)).order_by("-valid_from").values("short_name")
    return Coalesce(Subquery(names[:1]), Value(""))


def with_enterprise(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Versions with `enterprise`, the name of whose they are."""
    dressed: QuerySet[Any] = rows.annotate(enterprise=_name("version__programme__unit_id"))
    return dressed


def activities_with_enterprise(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Activities with `enterprise`."""
    dressed: QuerySet[Any] = rows.annotate(enterprise=_name("activity__version__programme__unit_id"))
    return dressed


def programme_of(facts: Mapping[str, Any]) -> tuple[str, AssuranceProgramme]:
    """The enterprise's programme, on which a new version hangs; one that nobody has written yet is new."""
    unit = OrganisationUnit.objects.get(pk=facts["unit_id"])
    found = AssuranceProgramme.objects.filter(unit=unit).first()
    return "programme", found or AssuranceProgramme(code=f"DB-{unit.code}"[:40], unit=unit)


def version_choices(shelf: Shelf) -> list[tuple[str, int, str]]:
    """Versions in force as records that the actor may see: enterprise, number."""
    said = with_enterprise(
        policies.visible_versions(shelf.actor).filter(voided_at__isnull=True).select_related("version")
    )
    return [
        (s.version.code, s.version_id, f"{s.enterprise}, bản {s.number}") for s in said.order_by("order", "version_id")
    ]


def activities_of(actor: Actor, version_id: int) -> QuerySet[Any]:
    """What was done under a version."""
    said = policies.visible_activities(actor).filter(voided_at__isnull=True, activity__version_id=version_id)
    return activities_with_enterprise(said.select_related("activity__version")).order_by("-on", "activity_id")


def other_versions(actor: Actor, programme_id: int, version_id: int) -> QuerySet[Any]:
    """The programme's other versions."""
    said = policies.visible_versions(actor).filter(voided_at__isnull=True, version__programme_id=programme_id)
    rows = said.exclude(version_id=version_id).select_related("version__programme")
    return with_enterprise(rows).order_by("-number", "version_id")


def running_q(day: date) -> Q:
    """The condition "in force on `day`" on statements of versions: what `rules.in_force` says, in SQL."""
    inside = Q(term_from__lte=day, term_to__gte=day)
    return inside & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))
