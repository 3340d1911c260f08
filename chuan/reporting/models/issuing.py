"""Who issues and who signs: the dated issuer of a recipient's report, delegations of signature, further numbers,
and to whom the report went.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chuan.files.models import StoredFile
from chuan.ledger.models import Sealed, Statement
from chuan.organisations.models import OrganisationUnit
from chuan.programme.models import DOCUMENT, Plan
from chuan.reporting.models.reports import ReportContent
from chuan.reporting.rules import Channel, Issuer, PaperForm, Recipient, SignsAs

NAME = 200


class IssuerRule(Statement):
    """Who issues the report to a recipient from a day on, by a document; without one, Sở KH&CN does.

    It holds for reports frozen in [valid_from, valid_to). `checked`: read in the document's own text.
    """

    subject: ClassVar[tuple[str, ...]] = ("plan",)

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="issuers")
    recipient = models.CharField(max_length=10, choices=Recipient.choices)
    issuer = models.CharField(max_length=10, choices=Issuer.choices)
    #: How the Committee signs, by whom ("" leaves the name to its office), and its "Nơi nhận", a line each.
    signs_as = models.CharField(max_length=20, choices=SignsAs.choices, blank=True)
    signer = models.CharField(max_length=NAME, blank=True)
    copies = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document = models.CharField(max_length=DOCUMENT)
    checked = models.BooleanField(default=False)

    class Meta:
        ordering = ("recipient", "valid_from", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="reporting_issuer_range"
            ),
            models.CheckConstraint(
                condition=Q(issuer=Issuer.DEPARTMENT, signs_as="") | Q(issuer=Issuer.COMMITTEE) & ~Q(signs_as=""),
                name="reporting_issuer_signs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.issuer} {self.valid_from}"


class SigningDelegation(Statement):
    """A deputy signs in the director's place from `first` to `last`, both included, by a document."""

    subject: ClassVar[tuple[str, ...]] = ("unit",)

    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="signing_delegations")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="signing_delegations")
    #: The name as it was then, which is what is printed.
    name = models.CharField(max_length=NAME)
    first = models.DateField()
    last = models.DateField()
    document = models.CharField(max_length=DOCUMENT)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-first", "id")
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="reporting_delegation_range"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first}–{self.last}"


class PaperNumber(Sealed):
    """Number and day of a paper beside Sở's own report: the tờ trình, or the report that the Committee issued."""

    frozen = models.ForeignKey(ReportContent, models.PROTECT, related_name="paper_numbers")
    form = models.CharField(max_length=10, choices=PaperForm.choices)
    number = models.PositiveIntegerField()
    dated = models.DateField()
    #: Who signed the Committee's report, and how; blank for the tờ trình, which the report's own signer signs.
    signs_as = models.CharField(max_length=20, choices=SignsAs.choices, blank=True)
    signer = models.CharField(max_length=NAME, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    by_name = models.CharField(max_length=NAME)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["frozen", "form"], name="reporting_one_paper_number")]

    def __str__(self) -> str:
        return f"{self.frozen_id} {self.form} {self.number}"


class Dispatch(Sealed):
    """A recipient of the report was sent it: on which day, how, and who took it; the first one makes it issued."""

    frozen = models.ForeignKey(ReportContent, models.PROTECT, related_name="dispatches")
    recipient = models.CharField(max_length=10, choices=Recipient.choices)
    sent_on = models.DateField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    #: The person or desk that took it; "" where the channel itself says that it arrived.
    received_by = models.CharField(max_length=NAME, blank=True)
    #: The record of the same recipient that this one stands in for, and why; the last of a recipient's is what holds.
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")
    reason = models.CharField(max_length=500, blank=True)
    #: The recipient was chosen by mistake: nothing went there.
    taken_back = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    by_name = models.CharField(max_length=NAME)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["frozen", "recipient"], condition=Q(corrects__isnull=True), name="reporting_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=False) | Q(reason="", taken_back=False),
                name="reporting_first_sent_as_said",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.frozen_id} {self.recipient} {self.sent_on}"
