"""Programmes of enterprises, their versions, and what was done under them."""

from django.db import models
from django.db.models import F, Q

from chuan.assurance.rules import ActivityKind
from chuan.ledger.models import Identity
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.rules import Ownership
from chuan.registers.models import Recorded, one_live
from chuan.registers.rules import Known


class AssuranceProgramme(Identity):
    """An enterprise's measurement assurance programme: one for each enterprise, however often it is renewed."""

    unit = models.OneToOneField(OrganisationUnit, models.PROTECT, related_name="assurance_programme")

    class Meta:
        ordering = ("code",)


class ProgrammeVersion(Identity):
    """A version of a programme: the first, an amendment or a renewal."""

    programme = models.ForeignKey(AssuranceProgramme, models.PROTECT, related_name="versions")

    class Meta:
        ordering = ("code",)


class ProgrammeVersionFacts(Recorded):
    """Who approved a version when, its term, whose the enterprise was then, and how it ended."""

    subject = ("version",)

    version = models.ForeignKey(ProgrammeVersion, models.PROTECT, related_name="facts_set")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    document = models.CharField(max_length=300, blank=True)
    approver = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=200, blank=True)
    #: The approver is the head of the enterprise.
    by_head = models.CharField(max_length=10, choices=Known.choices, default=Known.UNKNOWN)
    #: Null: not approved.
    approved_on = models.DateField(null=True)
    #: The term, both days included. A term under a year is recorded; a figure leaves it out and says so.
    term_from = models.DateField()
    term_to = models.DateField()
    #: The day on which it was cancelled or terminated; null: it was not.
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)
    #: Whose the enterprise was at the approval.
    ownership = models.CharField(max_length=20, choices=Ownership.choices, default=Ownership.UNKNOWN)
    #: In percent: 0 none, null unknown.
    state_share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    #: Decision of Sở KH&CN that a cooperative counts among the plan's enterprises; empty where nobody decided.
    accepted_by = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("order", "version_id")
        indexes = [
            models.Index(fields=["order", "version"], name="assurance_version_order"),
            models.Index(fields=["approved_on"], name="assurance_approved"),
        ]
        constraints = [
            one_live("version", "assurance_one_live_version"),
            models.CheckConstraint(condition=Q(term_to__gte=F("term_from")), name="assurance_term"),
            models.CheckConstraint(
                condition=Q(state_share__isnull=True) | Q(state_share__gte=0, state_share__lte=100),
                name="assurance_state_share",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProgrammeActivity(Identity):
    """Something that was done under a version of a programme."""

    version = models.ForeignKey(ProgrammeVersion, models.PROTECT, related_name="activities")

    class Meta:
        ordering = ("code",)


class ProgrammeActivityFacts(Recorded):
    """What was done on which day, by whom, on what."""

    subject = ("activity",)

    activity = models.ForeignKey(ProgrammeActivity, models.PROTECT, related_name="facts_set")
    kind = models.CharField(max_length=20, choices=ActivityKind.choices)
    on = models.DateField()
    description = models.CharField(max_length=300)
    performer = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-on", "-activity_id")
        indexes = [models.Index(fields=["on", "activity"], name="assurance_activity_on")]
        constraints = [one_live("activity", "assurance_one_live_activity")]

    def __str__(self) -> str:
        return self.description
