"""What a unit owes and what it sent: heads that move, contents and events that never change."""

from django.db import models
from django.db.models import Q

from chuan.ledger.fields import SealedJSONField
from chuan.ledger.models import Identity, Sealed
from chuan.organisations.models import OrganisationUnit
from chuan.programme.models import Plan
from chuan.reporting.models.steps import Step
from chuan.reporting.rules import SubmissionState


class ReportingPeriod(Identity):
    """A year's reporting: deadline, data window, the letter that opened it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periods")
    year = models.PositiveIntegerField()
    deadline = models.DateField()
    first = models.DateField()
    last = models.DateField()
    letter = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-year",)

    def __str__(self) -> str:
        return f"Báo cáo năm {self.year}"


class Obligation(Identity):
    """A unit owes a report for a period, by a document."""

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="obligations")
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="obligations")
    basis = models.CharField(max_length=300)

    class Meta:
        ordering = ("code",)
        constraints = [models.UniqueConstraint(fields=["period", "unit"], name="reporting_one_obligation")]


class Submission(models.Model):
    """One attempt to meet an obligation. Its state moves only along `rules.SUBMISSION_MOVES`."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="submissions")
    attempt = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=SubmissionState.choices, default=SubmissionState.DRAFT)
    #: What is being written: {"figures": {id: {"right": bool, "missing": str, "seen": int}}, "narrative": …, "nil": …}.
    draft = SealedJSONField(default=dict)
    draft_saved_at = models.DateTimeField(null=True)
    #: Rises with each save, so that a stale tab is told.
    draft_version = models.PositiveIntegerField(default=0)
    content = models.ForeignKey("reporting.SubmissionContent", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("obligation", "attempt")
        constraints = [
            models.UniqueConstraint(fields=["obligation", "attempt"], name="reporting_one_attempt"),
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(state__in=["draft", "with_leader", "approved", "sent"]),
                name="reporting_one_open_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} lần {self.attempt}"


class SubmissionContent(Sealed):
    """What was sent: figures as the unit saw and judged them, and its words.

    `figures`: {id: {value, unit, right, missing, at, known, definition_sha256, members_sha256}}, the last four of the
    unit's share, so that what the unit confirmed can be computed again.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="contents")
    figures = SealedJSONField()
    narrative = models.TextField(blank=True)
    nil = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    receipt = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.receipt


class SubmissionEvent(Step):
    """One step of a submission."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="events")
    #: Lines that were returned: ["CT2", "narrative"].
    lines = SealedJSONField(default=list)
    #: What the step set on the head: the content that was sent.
    facts = SealedJSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.submission_id} {self.verb}"
