"""What is said and not computed: totals issued in letters, estimates of a year, outputs of work without a register.

None of them is a figure: they stand beside the computed values and are never added to one.
"""

from django.db import models
from django.db.models import F, Q

from chuan.ledger.models import Identity
from chuan.programme.models import Plan, PlanItem
from chuan.registers.models import Recorded, one_live
from chuan.reporting.models.periods import ReportingPeriod

UNIT = 30
DOCUMENT = 300
NAME = 200


class HistoricalFigure(Identity):
    """A total that a letter or report gave before the records were kept here."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="historical_figures")

    class Meta:
        ordering = ("code",)


class HistoricalFigureFacts(Recorded):
    """Value, days, document and page of such a total, and who confirms it; no record stands behind it."""

    subject = ("figure",)

    figure = models.ForeignKey(HistoricalFigure, models.PROTECT, related_name="facts_set")
    indicator = models.CharField(max_length=20)
    first = models.DateField()
    last = models.DateField()
    value = models.PositiveBigIntegerField()
    document = models.CharField(max_length=DOCUMENT)
    page = models.CharField(max_length=60, blank=True)
    confirmer = models.CharField(max_length=NAME)

    class Meta:
        ordering = ("indicator", "first", "figure_id")
        constraints = [
            one_live("figure", "reporting_one_live_historical"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="reporting_historical_range"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.value}"


class Estimate(Identity):
    """What is still expected of a figure between the cut-off and the end of the year."""

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="estimates")

    class Meta:
        ordering = ("code",)


class EstimateFacts(Recorded):
    """An increment with its basis; the estimate is the frozen actual and this, kept apart."""

    subject = ("estimate",)

    estimate = models.ForeignKey(Estimate, models.PROTECT, related_name="facts_set")
    indicator = models.CharField(max_length=20)
    increment = models.PositiveIntegerField()
    expected_on = models.DateField()
    basis = models.CharField(max_length=DOCUMENT)

    class Meta:
        ordering = ("indicator", "estimate_id")
        constraints = [one_live("estimate", "reporting_one_live_estimate")]

    def __str__(self) -> str:
        return f"{self.indicator} +{self.increment}"


class OutputLine(Identity):
    """An output, which no register counts yet, of a row of the annex, or of a bullet that the plan's body alone
    states."""

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="output_lines")
    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="output_lines")

    class Meta:
        ordering = ("code",)


class OutputLineFacts(Recorded):
    """How many of what, by which evidence, confirmed by whom."""

    subject = ("line",)

    line = models.ForeignKey(OutputLine, models.PROTECT, related_name="facts_set")
    what = models.CharField(max_length=NAME)
    value = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=UNIT)
    evidence = models.CharField(max_length=DOCUMENT, blank=True)
    confirmer = models.CharField(max_length=NAME)

    class Meta:
        ordering = ("order", "line_id")
        constraints = [one_live("line", "reporting_one_live_output")]

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"
