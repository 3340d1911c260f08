"""Laboratories and what is said of them, each as identity and statement."""

from django.db import models
from django.db.models import F, Q

from chuan.instruments.models import InstrumentKind
from chuan.laboratories.rules import (
    Activity,
    AssessmentKind,
    Field,
    InterruptionKind,
    LineStatus,
    RecognitionKind,
    Result,
    Standard,
)
from chuan.ledger.fields import SealedJSONField
from chuan.ledger.models import Identity
from chuan.organisations.models import OrganisationUnit
from chuan.registers.models import Recorded, one_live


class Laboratory(Identity):
    """A site of an organisation; two laboratories of one organisation are two."""

    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="laboratories")

    class Meta:
        ordering = ("code",)


class LaboratoryFacts(Recorded):
    """What a laboratory is called and where it lies."""

    subject = ("laboratory",)

    laboratory = models.ForeignKey(Laboratory, models.PROTECT, related_name="facts_set")
    name = models.CharField(max_length=300)
    #: Commune of the site; a district or the province where no more is known; null: not known.
    place = models.ForeignKey(OrganisationUnit, models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("order", "laboratory_id")
        indexes = [models.Index(fields=["order", "laboratory"], name="laboratories_order")]
        constraints = [one_live("laboratory", "laboratories_one_live_laboratory")]

    def __str__(self) -> str:
        return self.name


class Recognition(Identity):
    """A legal or voluntary recognition of an organisation, or of one of its laboratories."""

    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="recognitions")

    class Meta:
        ordering = ("code",)


class RecognitionFacts(Recorded):
    """Number, scope, issuer and days of a recognition, as printed."""

    subject = ("recognition",)

    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="facts_set")
    #: The laboratory it is confined to; null: the whole organisation.
    laboratory = models.ForeignKey(Laboratory, models.PROTECT, null=True, related_name="recognition_facts")
    kind = models.CharField(max_length=20, choices=RecognitionKind.choices)
    standard = models.CharField(max_length=20, choices=Standard.choices, default=Standard.NONE)
    standard_text = models.CharField(max_length=200, blank=True)
    #: Decision that accepts another standard for the plan's target; empty where nobody decided.
    accepted_by = models.CharField(max_length=300, blank=True)
    #: Number as printed, a raw string: formats coexist.
    number = models.CharField(max_length=100)
    issuer = models.CharField(max_length=200)
    scope = models.TextField(blank=True)
    valid_from = models.DateField()
    #: "Có giá trị đến", that day included; null: no end is printed.
    last_day = models.DateField(null=True)

    class Meta:
        ordering = ("-valid_from", "-recognition_id")
        indexes = [models.Index(fields=["valid_from", "recognition"], name="laboratories_recognised")]
        constraints = [
            one_live("recognition", "laboratories_one_live_recognition"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("valid_from")),
                name="laboratories_recognition_range",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RecognitionStop(Identity):
    """A suspension or withdrawal of a recognition."""

    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="stops")

    class Meta:
        ordering = ("code",)


class RecognitionStopFacts(Recorded):
    """From which day a recognition does not hold, up to the day on which it does again."""

    subject = ("stop",)

    stop = models.ForeignKey(RecognitionStop, models.PROTECT, related_name="facts_set")
    kind = models.CharField(max_length=20, choices=InterruptionKind.choices)
    start = models.DateField()
    #: First day on which it holds again; null: it does not.
    end = models.DateField(null=True)
    document = models.CharField(max_length=300)

    class Meta:
        ordering = ("-start", "-stop_id")
        constraints = [
            one_live("stop", "laboratories_one_live_stop"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gt=F("start")), name="laboratories_stop_range"
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | ~Q(kind=InterruptionKind.WITHDRAWN), name="laboratories_withdrawn_stays"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}"


class ScopeLine(Identity):
    """A line of a laboratory's scope: one activity on one kind."""

    laboratory = models.ForeignKey(Laboratory, models.PROTECT, related_name="scope_lines")

    class Meta:
        ordering = ("code",)


class ScopeLineFacts(Recorded):
    """What the laboratory can do with a kind, in which range, since when, covered by which recognition."""

    subject = ("line",)

    line = models.ForeignKey(ScopeLine, models.PROTECT, related_name="facts_set")
    kind = models.ForeignKey(InstrumentKind, models.PROTECT, related_name="scope_lines")
    activity = models.CharField(max_length=20, choices=Activity.choices)
    field = models.CharField(max_length=20, choices=Field.choices, default=Field.MEASUREMENT)
    range_text = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=20, choices=LineStatus.choices, default=LineStatus.ACTIVE)
    valid_from = models.DateField()
    #: Last day on which the line holds, that day included; null: no end.
    last_day = models.DateField(null=True)
    #: Null: covered by no recognition on record.
    recognition = models.ForeignKey(Recognition, models.PROTECT, null=True, related_name="scope_lines")
    #: Day on which the kind was first available here, where it is before the line ("đã có trước"); null: the line's.
    available_from = models.DateField(null=True)

    class Meta:
        ordering = ("order", "line_id")
        indexes = [
            models.Index(fields=["order", "line"], name="laboratories_line_order"),
            models.Index(fields=["kind", "activity"], name="laboratories_line_kind"),
        ]
        constraints = [
            one_live("line", "laboratories_one_live_line"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("valid_from")), name="laboratories_line_range"
            ),
            models.CheckConstraint(
                condition=Q(available_from__isnull=True) | Q(available_from__lte=F("valid_from")),
                name="laboratories_available_before",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.kind_id}"


class KindAvailability(Identity):
    """A standard, reference material or instrument of a kind that a laboratory has had since a day."""

    laboratory = models.ForeignKey(Laboratory, models.PROTECT, related_name="availabilities")

    class Meta:
        ordering = ("code",)


class KindAvailabilityFacts(Recorded):
    """Since when a laboratory has had a kind, and what proves it."""

    subject = ("availability",)

    availability = models.ForeignKey(KindAvailability, models.PROTECT, related_name="facts_set")
    kind = models.ForeignKey(InstrumentKind, models.PROTECT, related_name="availabilities")
    available_from = models.DateField()
    evidence = models.CharField(max_length=300)

    class Meta:
        ordering = ("-available_from", "-availability_id")
        indexes = [models.Index(fields=["kind", "available_from"], name="laboratories_available")]
        constraints = [one_live("availability", "laboratories_one_live_avail")]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.available_from}"


class CriteriaSet(Identity):
    """A version of a set of criteria by which laboratories are assessed."""

    class Meta:
        ordering = ("code",)


class CriteriaSetFacts(Recorded):
    """A criteria set: its title, version, requirements, and the document that approves it."""

    subject = ("criteria_set",)

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="facts_set")
    title = models.CharField(max_length=300)
    version = models.CharField(max_length=40)
    #: One requirement a line; results answer them by number.
    requirements = models.TextField()
    #: Document that approves the set; empty: a draft, by which no assessment is counted.
    approved_by = models.CharField(max_length=300, blank=True)
    approved_on = models.DateField(null=True)

    class Meta:
        ordering = ("order", "criteria_set_id")
        constraints = [
            one_live("criteria_set", "laboratories_one_live_criteria"),
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True, approved_by="")
                | (Q(approved_on__isnull=False) & ~Q(approved_by="")),
                name="laboratories_approved_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Assessment(Identity):
    """An assessment of a laboratory."""

    laboratory = models.ForeignKey(Laboratory, models.PROTECT, related_name="assessments")

    class Meta:
        ordering = ("code",)


class AssessmentFacts(Recorded):
    """Which criteria, by whom, concluded when and by which document, with what result."""

    subject = ("assessment",)

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="facts_set")
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="assessments")
    kind = models.CharField(max_length=20, choices=AssessmentKind.choices)
    #: Null: not concluded.
    concluded_on = models.DateField(null=True)
    document = models.CharField(max_length=300, blank=True)
    overall = models.CharField(max_length=20, choices=Result.choices, blank=True)
    #: Number of the requirement, from "1" → result.
    results = SealedJSONField(default=dict)

    class Meta:
        ordering = ("order", "assessment_id")
        constraints = [
            one_live("assessment", "laboratories_one_live_assessment"),
            models.CheckConstraint(
                condition=Q(concluded_on__isnull=True) | (~Q(document="") & ~Q(overall="")),
                name="laboratories_concluded_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.concluded_on or ''}"
