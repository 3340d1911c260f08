"""When reports are due and who owes one: dated rules of the plan's regime, periods, obligations, waivers."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from chuan.ledger.models import Identity, Statement
from chuan.lib.dates import Window
from chuan.organisations.models import OrganisationUnit
from chuan.programme.models import DOCUMENT, Plan
from chuan.reporting.collecting import DayOff, HeirDuty, PeriodKind, RuleTopic


class RegimeRule(Statement):
    """A rule of a plan's reporting: a deadline of every year, or what becomes of one that falls on a day off.

    It holds for deadlines that fall in [valid_from, valid_to). `checked`: read in the document's own text.
    """

    subject: ClassVar[tuple[str, ...]] = ("plan",)

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="regime")
    topic = models.CharField(max_length=20, choices=RuleTopic.choices)
    month = models.PositiveSmallIntegerField(null=True)
    day = models.PositiveSmallIntegerField(null=True)
    day_off = models.CharField(max_length=10, choices=DayOff.choices, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document = models.CharField(max_length=DOCUMENT)
    checked = models.BooleanField(default=False)

    class Meta:
        ordering = ("topic", "valid_from", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="reporting_rule_range",
            ),
            models.CheckConstraint(
                condition=Q(topic=RuleTopic.DAY_OFF, month__isnull=True, day__isnull=True) & ~Q(day_off="")
                | ~Q(topic=RuleTopic.DAY_OFF) & Q(month__isnull=False, day__isnull=False, day_off=""),
                name="reporting_rule_says_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.valid_from}"

    def holds_on(self, on: date) -> bool:
        """The rule is in force for a deadline that is printed for `on`."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class ReportingPeriod(Identity):
    """A year's reporting, or one asked for besides: deadline, data window, cut-off, the letter that opened it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periods")
    kind = models.CharField(max_length=10, choices=PeriodKind.choices, default=PeriodKind.ANNUAL)
    year = models.PositiveIntegerField()
    #: What an ad hoc report is about; a year's report needs none.
    title = models.CharField(max_length=200, blank=True)
    #: The day on which units' reports are due.
    deadline = models.DateField()
    #: Where the deadline comes from: the rule and its document, or the letter.
    deadline_basis = models.CharField(max_length=DOCUMENT, blank=True)
    first = models.DateField()
    last = models.DateField()
    #: The day after whose end Sở closes the figures; where it was not known yet, a `CutOff` says it later.
    cut_off = models.DateField(null=True)
    letter = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-year", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year"], condition=Q(kind=PeriodKind.ANNUAL), name="reporting_one_annual_period"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="reporting_period_window"),
            models.CheckConstraint(
                condition=Q(kind=PeriodKind.ANNUAL) | ~Q(title=""), name="reporting_ad_hoc_has_a_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"Báo cáo năm {self.year}"

    @property
    def is_ad_hoc(self) -> bool:
        """It was asked for besides the year's: its window is none that the plan's targets are judged over."""
        return self.kind == PeriodKind.AD_HOC

    @property
    def name(self) -> str:
        """What people call its reports, in the reader's language."""
        return self.title or _("Báo cáo năm %(year)s") % {"year": self.year}

    @property
    def figures_query(self) -> str:
        """What an address asks for, so that a figure's page counts the period's days."""
        return f"period={self.code}" if self.is_ad_hoc else f"year={self.year}"

    @property
    def window(self) -> Window:
        """The days whose evidence is reported."""
        return Window(self.first, self.last)


class RequestingDocument(Statement):
    """The document by which somebody asked for an ad hoc report, as the report's first sentence cites it."""

    subject: ClassVar[tuple[str, ...]] = ("period",)

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="requesting_documents")
    #: "Công văn", "Công điện".
    kind = models.CharField(max_length=60)
    number = models.CharField(max_length=60)
    dated = models.DateField()
    issuer = models.CharField(max_length=200)
    #: What it is about, without "về việc".
    summary = models.CharField(max_length=300)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=Q(voided_at__isnull=True), name="reporting_one_requesting_document"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} số {self.number}"

    def plain(self) -> dict[str, Any]:
        """What it is cited by."""
        return {name: getattr(self, name) for name in ("kind", "number", "dated", "issuer", "summary")}


class CutOff(Statement):
    """The day after whose end Sở closes the figures of a period that was opened without one."""

    subject: ClassVar[tuple[str, ...]] = ("period",)

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="cut_offs")
    on = models.DateField()
    document = models.CharField(max_length=DOCUMENT)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=Q(voided_at__isnull=True), name="reporting_one_cut_off"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.on}"


class Obligation(Identity):
    """A unit owes a report for a period, since a day, by a document."""

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="obligations")
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="obligations")
    basis = models.CharField(max_length=300)
    document = models.CharField(max_length=DOCUMENT, blank=True)
    since = models.DateField()

    class Meta:
        ordering = ("code",)
        constraints = [models.UniqueConstraint(fields=["period", "unit"], name="reporting_one_obligation")]


class Waiver(Statement):
    """A unit need not report for a period, by a document; voided, it must again."""

    subject: ClassVar[tuple[str, ...]] = ("obligation",)

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="waivers")
    document = models.CharField(max_length=DOCUMENT)
    dated = models.DateField()
    reason = models.TextField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(voided_at__isnull=True), name="reporting_one_waiver"
            )
        ]

    def __str__(self) -> str:
        return self.document


class Heir(Statement):
    """What a unit does for the obligation of a dissolved one, by a document.

    One is accountable; a contributor has the days whose evidence it knows (`first` to `last`, both included).
    """

    subject: ClassVar[tuple[str, ...]] = ("obligation",)

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="heirs")
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="inherited_obligations")
    duty = models.CharField(max_length=20, choices=HeirDuty.choices)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    document = models.CharField(max_length=DOCUMENT)

    class Meta:
        ordering = ("first", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(voided_at__isnull=True, duty=HeirDuty.ACCOUNTABLE),
                name="reporting_one_accountable_heir",
            ),
            models.CheckConstraint(
                condition=Q(duty=HeirDuty.ACCOUNTABLE, first__isnull=True, last__isnull=True)
                | Q(duty=HeirDuty.CONTRIBUTING, first__isnull=False, last__gte=F("first")),
                name="reporting_heir_window",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.duty} {self.unit_id}"
