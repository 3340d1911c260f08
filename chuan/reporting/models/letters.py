"""Letters of a period: those of Sở KH&CN that ask for reports and remind, those of units that bring them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from chuan.files.models import StoredFile
from chuan.ledger.fields import SealedJSONField
from chuan.ledger.models import Identity, Sealed, Statement
from chuan.reporting.collecting import LetterKind
from chuan.reporting.models.periods import Obligation, ReportingPeriod


class IncomingLetter(Sealed):
    """A unit's letter with its report: its own date, the day it arrived at Sở, when it was written down by whom.

    Sở types a report from it, or the unit records it after it had sent the report here; then nobody says when the
    paper itself arrived.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="letters")
    number = models.CharField(max_length=60)
    dated = models.DateField()
    arrived = models.DateField(null=True)
    typed_at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(arrived__isnull=True) | Q(arrived__gte=models.F("dated")),
                name="reporting_letter_arrives_later",
            )
        ]

    def __str__(self) -> str:
        return self.number


class PeriodLetter(Identity):
    """A letter of Sở KH&CN as it was drawn up: to whom, what it says; number and day are recorded afterwards."""

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="period_letters")
    kind = models.CharField(max_length=10, choices=LetterKind.choices)
    subject = models.CharField(max_length=300)
    #: Names of the units that it goes to, as they stood: the distribution list, or exactly who was late.
    recipients = SealedJSONField()
    #: {"deadline", "cut_off" (None: not known yet), "outline": [str], "first", "last", "on",
    #: "opening": {"number", "dated", "subject"}, "request": what asked for an ad hoc report, or None}
    facts = SealedJSONField()
    made_at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)


class LetterNumber(Statement):
    """Number and day that văn thư gave a letter."""

    subject: ClassVar[tuple[str, ...]] = ("letter",)

    letter = models.ForeignKey(PeriodLetter, models.PROTECT, related_name="numbers")
    number = models.CharField(max_length=60)
    dated = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(voided_at__isnull=True), name="reporting_one_letter_number"
            )
        ]

    def __str__(self) -> str:
        return self.number
