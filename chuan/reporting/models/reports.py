"""The consolidated report: a head that moves, frozen contents, events, printed papers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from chuan.files.models import StoredFile
from chuan.ledger.fields import SealedJSONField
from chuan.ledger.models import Sealed
from chuan.reporting.models.figures import FrozenFigure
from chuan.reporting.models.periods import ReportingPeriod
from chuan.reporting.models.steps import Step
from chuan.reporting.rules import PaperForm, Recipient, ReportState


class Report(models.Model):
    """A report's head: where it stands, and the number, date and signed file that the clerk recorded."""

    code = models.CharField(max_length=40, unique=True)
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reports")
    #: The issued report of the same period whose place it takes.
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    state = models.CharField(max_length=20, choices=ReportState.choices, default=ReportState.DRAFT)
    #: Words of the draft: {"direction": str, "difficulties": str, …}.
    draft = SealedJSONField(default=dict)
    #: What stands in the draft besides: {"paragraphs": [units' paragraphs that were taken in], "sentences": {id: …}},
    #: as `contributions.py` reads them.
    inserts = SealedJSONField(default=dict)
    #: Rises with each save of either.
    draft_version = models.PositiveIntegerField(default=0)
    content = models.ForeignKey("reporting.ReportContent", models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField(null=True)
    dated = models.DateField(null=True)
    #: The year of `dated`, in a column of its own: an index over `EXTRACT` needs a function that plain SQLite tools
    #: (integrity check, VACUUM INTO) do not have.
    number_year = models.PositiveIntegerField(null=True)
    signed_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["for_signature", "signed", "numbered", "dispatched"])
                | Q(content__isnull=False),
                name="reporting_frozen_content",
            ),
            models.UniqueConstraint(fields=["number", "number_year"], name="reporting_one_number_a_year"),
            models.CheckConstraint(
                condition=Q(number__isnull=True, number_year__isnull=True, dated__isnull=True)
                | Q(number__isnull=False, number_year__isnull=False, dated__isnull=False),
                name="reporting_number_with_its_year",
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=~Q(state=ReportState.DISPATCHED),
                name="reporting_one_unissued_report",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """What people call it before it has a number, in the reader's language."""
        return self.period.title or _("Báo cáo tổng hợp năm %(year)s") % {"year": self.period.year}


class ReportContent(Sealed):
    """What was frozen for signature: words, figures, who reported, and the chain head at that instant."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="contents")
    version = models.PositiveIntegerField()
    frozen_at = models.DateTimeField()
    #: The snapshot: everything the papers print, figures by code.
    snapshot = SealedJSONField()
    figures = SealedJSONField()
    chain_seq = models.BigIntegerField()
    chain_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "version"], name="reporting_one_content")]

    def __str__(self) -> str:
        return f"{self.report_id} bản chốt {self.version}"

    def frozen_figures(self) -> "models.QuerySet[FrozenFigure]":
        """The figures of the snapshot."""
        return FrozenFigure.objects.filter(code__in=self.figures)


class ReportEvent(Step):
    """One step of a report; the head is the replay of its events."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="events")
    #: What the step set on the head: content, number, date, signed file, recipients.
    facts = SealedJSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.report_id} {self.verb}"


class Paper(Sealed):
    """A Word, PDF or Excel file printed from a frozen content, for signature (number blank) or as issued."""

    STAGES = (("for_signature", "bản trình ký"), ("issued", "bản phát hành"))

    frozen = models.ForeignKey(ReportContent, models.PROTECT, related_name="papers")
    stage = models.CharField(max_length=20, choices=STAGES)
    recipient = models.CharField(max_length=10, choices=Recipient.choices, default=Recipient.COMMITTEE)
    form = models.CharField(max_length=10, choices=PaperForm.choices, default=PaperForm.REPORT)
    kind = models.CharField(max_length=10)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["frozen", "stage", "recipient", "form", "kind"], name="reporting_one_paper")
        ]

    def __str__(self) -> str:
        return f"{self.frozen_id} {self.stage} {self.recipient} {self.form} {self.kind}"
