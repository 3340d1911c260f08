"""What a unit sent: heads that move, contents and events that never change, how disputed figures were settled."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from chuan.files.models import StoredFile
from chuan.ledger.fields import SealedJSONField
from chuan.ledger.models import Sealed, Statement
from chuan.lib.dates import day_of
from chuan.reporting.collecting import Outcome
from chuan.reporting.models.letters import IncomingLetter
from chuan.reporting.models.periods import Obligation
from chuan.reporting.models.steps import Step
from chuan.reporting.rules import SubmissionState


class Submission(models.Model):
    """One attempt to meet an obligation. Its state moves only along `rules.SUBMISSION_MOVES`."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="submissions")
    attempt = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=SubmissionState.choices, default=SubmissionState.DRAFT)
    #: What is being written: {"figures": {id: {"right": bool, "missing": str, "seen": int}}, "narrative": …, "nil": …}
    #: and the keys of `collecting.Parts`.
    draft = SealedJSONField(default=dict)
    draft_saved_at = models.DateTimeField(null=True)
    #: Rises with each save and from attempt to attempt, so that a stale tab is told.
    draft_version = models.PositiveIntegerField(default=0)
    content = models.ForeignKey("reporting.SubmissionContent", models.PROTECT, null=True, related_name="+")
    #: The letter that it is typed from, where Sở KH&CN enters it on the unit's behalf.
    letter = models.ForeignKey(IncomingLetter, models.PROTECT, null=True, related_name="submissions")
    #: The accepted attempt that it takes the place of, once it is accepted itself.
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replacements")
    #: The issued report to which it is a supplement: it was accepted after that one was issued.
    supplements = models.CharField(max_length=40, blank=True)

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
    `parts`: `collecting.Parts` as JSON; each task with its place, label and printed words, each proposal with its
    task's label, so that the report can be read without the plan.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="contents")
    figures = SealedJSONField()
    narrative = models.TextField(blank=True)
    nil = models.BooleanField(default=False)
    parts = SealedJSONField(default=dict)
    sent_at = models.DateTimeField()
    #: Where it was entered from a letter: the day that the letter arrived, which is the day of sending that counts.
    arrived = models.DateField(null=True)
    #: "Báo cáo thay thế Báo cáo số …", or nothing.
    replacing = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.receipt

    @property
    def counted_on(self) -> date:
        """The day of sending that lateness is judged by."""
        return self.arrived or day_of(self.sent_at)


class SignedLetter(Statement):
    """The unit's own letter that belongs to what it had sent here: signed, numbered and recorded afterwards."""

    subject: ClassVar[tuple[str, ...]] = ("content",)

    content = models.ForeignKey(SubmissionContent, models.PROTECT, related_name="signed_letters")
    letter = models.ForeignKey(IncomingLetter, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["content"], condition=Q(voided_at__isnull=True), name="reporting_one_signed_letter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_id} {self.letter_id}"


class SubmissionEvent(Step):
    """One step of a submission."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="events")
    #: Lines that were returned: ["CT2", "narrative"].
    lines = SealedJSONField(default=list)
    #: What the step set on the head: the content that was sent.
    facts = SealedJSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.submission_id} {self.verb}"


class TakenWorkbook(Sealed):
    """A filled workbook that was taken into a draft: the file as it was sent, and the version that it made."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="workbooks")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    draft_version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.submission_id} {self.draft_version}"


class DisputeOutcome(Statement):
    """How Sở settled a figure that a unit did not confirm; before that the dispute is open."""

    subject: ClassVar[tuple[str, ...]] = ("content",)

    content = models.ForeignKey(SubmissionContent, models.PROTECT, related_name="outcomes")
    figure = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    words = models.TextField()
    #: The figure as it was sent, and as the register gave it when it was settled.
    value_sent = models.BigIntegerField()
    value_now = models.BigIntegerField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["content", "figure"], condition=Q(voided_at__isnull=True), name="reporting_one_outcome"
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_id} {self.figure} {self.outcome}"


class AnswerLink(Sealed):
    """A link by which a unit without an account answers once; only the hash of its token is kept."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    contact = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.contact}"

    @property
    def last_day(self) -> date:
        """The day until whose end it may be used."""
        return day_of(self.expires_at) - timedelta(days=1)


class AnswerLinkUse(Sealed):
    """The one use of a link: the content that came through it."""

    link = models.OneToOneField(AnswerLink, models.PROTECT, related_name="use")
    content = models.ForeignKey(SubmissionContent, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.link_id}"
