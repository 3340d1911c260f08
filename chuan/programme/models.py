"""A plan as issued: its text by hash, its targets with the printed phrase and every reading of it."""

from datetime import date
from typing import Any

from django.db import models

from chuan.ledger.fields import SealedJSONField
from chuan.ledger.models import Identity
from chuan.lib.dates import Window
from chuan.organisations.models import OrganisationUnit


class Plan(Identity):
    """A plan's identity and what its head says; the bytes are in `data/plans/<code>/text.txt`."""

    number = models.CharField(max_length=60)
    title = models.CharField(max_length=400)
    issuer = models.CharField(max_length=200)
    signed = models.DateField()
    ends = models.DateField()
    scope = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="plans")
    text_sha256 = models.CharField(max_length=64)
    #: {"month": 12, "day": 14}: the last day of a report year's data window.
    year_closes = SealedJSONField()
    #: {"month": 12, "day": 10}: the units' yearly deadline as the plan prints it.
    report_due = SealedJSONField()

    def __str__(self) -> str:
        return f"Kế hoạch {self.number}"

    def year_window(self, year: int) -> Window:
        """The data window of a report year; the first begins on the day the plan was signed."""
        window = Window.annual(year, closes=(self.year_closes["month"], self.year_closes["day"]))
        return Window(max(window.start, self.signed), window.end)

    def deadline(self, year: int) -> date:
        """The units' deadline in a year."""
        return date(year, self.report_due["month"], self.report_due["day"])

    def cumulative_window(self, end: date) -> Window:
        """From the plan's signature to a day."""
        return Window(self.signed, max(end, self.signed))


class Target(Identity):
    """One printed target: indicator, horizon, operator, value, and all readings of the phrase, none preferred."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="targets")
    indicator = models.CharField(max_length=20, db_index=True)
    place = models.CharField(max_length=120)
    words = models.TextField()
    #: [start, end) byte range of the plan's text.
    span = SealedJSONField()
    horizon = models.DateField()
    operator = models.CharField(max_length=2)
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=30)
    #: [{"label", "basis", "from", "words"}]
    readings = SealedJSONField()

    class Meta:
        ordering = ("horizon", "code")

    def windows(self) -> list[tuple[dict[str, Any], Window]]:
        """Each reading with the days it counts."""
        return [(r, Window(date.fromisoformat(r["from"]), self.horizon)) for r in self.readings]
