"""Reads of laboratories, named for the question; each as known now or at an instant."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from chuan.audit.actor import Actor
from chuan.instruments.queries import with_kind_name
from chuan.laboratories import policies
from chuan.laboratories.models import (
    AssessmentFacts,
    CriteriaSetFacts,
    KindAvailabilityFacts,
    LaboratoryFacts,
    RecognitionFacts,
    RecognitionStopFacts,
    ScopeLineFacts,
)
from chuan.ledger.models import known_q
from chuan.lib import clock
from chuan.registers.forms import Shelf

Rows = list[tuple[str, int, str]]


def _known(known: datetime | None, prefix: str = "") -> Q:
    return Q(**{f"{prefix}voided_at__isnull": True}) if known is None else known_q(known, prefix)


def holds_q(day: Any, known: datetime | None = None) -> Q:
    """The condition "valid on `day`" on recognition statements: what `rules.recognition_holds` says, in SQL.

    `day` is a date, or an expression such as `OuterRef("concluded_on")` with the statements as a subquery.
    """
    begun = Q(valid_from__lte=day) & (Q(last_day__isnull=True) | Q(last_day__gte=day))
    # Inside the subquery of stops an OuterRef of the caller stands one level further out.
    outer = OuterRef(day) if isinstance(day, OuterRef) else day
    stopped = RecognitionStopFacts.objects.filter(
        _known(known),
        Q(end__isnull=True) | Q(end__gt=outer),
        stop__recognition=OuterRef("recognition"),
        start__lte=outer,
    )
    return begun & ~Q(Exists(stopped))


def recognitions_on(day: date, known: datetime | None = None) -> QuerySet[RecognitionFacts]:
    """Recognitions valid on a day: begun, not past the printed last day, neither suspended nor withdrawn."""
    return RecognitionFacts.objects.filter(_known(known), holds_q(day, known))


def lines_on(day: date, known: datetime | None = None) -> QuerySet[ScopeLineFacts]:
    """Scope lines that are worked to on a day, covered or not."""
    running = Q(status="active", valid_from__lte=day) & (Q(last_day__isnull=True) | Q(last_day__gte=day))
    return ScopeLineFacts.objects.filter(_known(known), running)


@dataclass(frozen=True)
class Availability:
    """Since when a laboratory has had a kind, and the statement that says so."""

    kind_id: int
    laboratory_id: int
    available_from: date
    table: str
    pk: int


def availabilities(known: datetime | None = None) -> list[Availability]:
    """Every statement of when a kind was available somewhere: own rows and scope lines, earliest first; two queries.

    A line that ended, or whose recognition was lost, still says when the kind was first available.
    """
    own = KindAvailabilityFacts.objects.filter(_known(known)).values_list(
        "kind_id", "availability__laboratory_id", "available_from", "pk"
    )
    since = Coalesce(F("available_from"), F("valid_from"), output_field=DateField())
    lines = (
        ScopeLineFacts.objects.filter(_known(known))
        .exclude(activity="testing")
        .annotate(since=since)
        .values_list("kind_id", "line__laboratory_id", "since", "pk")
    )
    found = [Availability(*row[:3], table=KindAvailabilityFacts._meta.db_table, pk=row[3]) for row in own]
    found += [Availability(*row[:3], table=ScopeLineFacts._meta.db_table, pk=row[3]) for row in lines]
    return sorted(found, key=lambda a: (a.available_from, a.kind_id, a.table, a.pk))


def first_available(known: datetime | None = None) -> dict[int, Availability]:
    """Kind → its first availability anywhere."""
    found: dict[int, Availability] = {}
    for one in availabilities(known):
        found.setdefault(one.kind_id, one)
    return found


def with_laboratory_name(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    """The rows with `laboratory_name`, the name in force of the laboratory at the end of `path`."""
    name = LaboratoryFacts.objects.live().filter(laboratory=OuterRef(path)).values("name")
    dressed: QuerySet[Any] = rows.annotate(laboratory_name=Coalesce(Subquery(name[:1]), Value("")))
    return dressed


def laboratory_name(laboratory_id: int) -> str:
    """The name in force of a laboratory."""
    names = LaboratoryFacts.objects.live().filter(laboratory_id=laboratory_id).values_list("name", flat=True)
    return names.first() or ""


def with_standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Recognitions with `holds`: valid today."""
    held = RecognitionFacts.objects.filter(holds_q(clock.today()), pk=OuterRef("pk"))
    dressed: QuerySet[Any] = rows.annotate(holds=Exists(held))
    return dressed


def dressed_lines(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Scope lines with names, and `covered`: the recognition that they name holds today."""
    held = recognitions_on(clock.today()).filter(recognition=OuterRef("recognition"))
    named = with_laboratory_name(with_kind_name(rows, "kind_id"), "line__laboratory_id")
    dressed: QuerySet[Any] = named.annotate(covered=Exists(held))
    return dressed


def laboratory_choices(shelf: Shelf) -> Rows:
    """Laboratories in force that the actor may see, by name."""
    said = policies.visible_laboratories(shelf.actor).filter(voided_at__isnull=True).order_by("order", "laboratory_id")
    return list(said.values_list("laboratory__code", "laboratory_id", "name"))


def recognition_choices(shelf: Shelf) -> Rows:
    """Recognitions in force that the actor may see: number, issuer."""
    said = policies.visible_recognitions(shelf.actor).filter(voided_at__isnull=True).select_related("recognition")
    rows = said.order_by("kind", "number")
    return [
        (s.recognition.code, s.recognition_id, f"{s.get_kind_display()} {s.number}, {s.valid_from:%d/%m/%Y}")
        for s in rows
    ]


def criteria_choices(shelf: Shelf) -> Rows:
    """Criteria sets in force."""
    said = policies.visible_criteria(shelf.actor).filter(voided_at__isnull=True).order_by("order", "criteria_set_id")
    return [
        (code, key, f"{title}, phiên bản {version}")
        for code, key, title, version in said.values_list("criteria_set__code", "criteria_set_id", "title", "version")
    ]


def laboratories_matching(word: str) -> QuerySet[LaboratoryFacts, int]:
    """Keys of laboratories whose folded words hold `word`."""
    return LaboratoryFacts.objects.live().filter(search__contains=word).values_list("laboratory_id", flat=True)


def recognitions_of(actor: Actor, unit_id: int, laboratory_id: int | None = None) -> QuerySet[Any]:
    """Recognitions of an organisation; of one laboratory: the organisation's and its own."""
    said = policies.visible_recognitions(actor).filter(voided_at__isnull=True, recognition__unit_id=unit_id)
    if laboratory_id is not None:
        said = said.filter(Q(laboratory__isnull=True) | Q(laboratory_id=laboratory_id))
    return with_standing(said.select_related("recognition")).order_by("kind", "-valid_from")


def lines_of(actor: Actor, laboratory_id: int) -> QuerySet[Any]:
    """A laboratory's scope lines."""
    said = policies.visible_lines(actor).filter(voided_at__isnull=True, line__laboratory_id=laboratory_id)
    return dressed_lines(said.select_related("line")).order_by("order", "line_id")


def availabilities_of(actor: Actor, laboratory_id: int) -> QuerySet[Any]:
    """What a laboratory has."""
    said = policies.visible_availabilities(actor).filter(
        voided_at__isnull=True, availability__laboratory_id=laboratory_id
    )
    return dressed_availabilities(said.select_related("availability")).order_by("-available_from", "availability_id")


def dressed_availabilities(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With names."""
    return with_laboratory_name(with_kind_name(rows, "kind_id"), "availability__laboratory_id")


def assessments_of(actor: Actor, laboratory_id: int) -> QuerySet[Any]:
    """A laboratory's assessments."""
    said = policies.visible_assessments(actor).filter(voided_at__isnull=True, assessment__laboratory_id=laboratory_id)
    return dressed_assessments(said.select_related("assessment")).order_by("-concluded_on", "assessment_id")


def dressed_assessments(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With the laboratory's name and the criteria set's title."""
    title = CriteriaSetFacts.objects.live().filter(criteria_set=OuterRef("criteria_set_id")).values("title")
    named = with_laboratory_name(rows, "assessment__laboratory_id")
    dressed: QuerySet[Any] = named.annotate(criteria=Subquery(title[:1]))
    return dressed


def stops_of(recognition_id: int) -> QuerySet[Any]:
    """Suspensions and withdrawals of a recognition."""
    said = RecognitionStopFacts.objects.live().filter(stop__recognition_id=recognition_id)
    return said.select_related("stop__recognition").order_by("-start", "stop_id")


def requirements_of(criteria_set_id: int) -> CriteriaSetFacts | None:
    """The criteria set in force."""
    return CriteriaSetFacts.objects.live().filter(criteria_set_id=criteria_set_id).first()


def assessment_on(pk: int) -> AssessmentFacts | None:
    """An assessment's statement in force."""
    return AssessmentFacts.objects.live().filter(assessment_id=pk).first()
