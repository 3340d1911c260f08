"""The calendar of offices: public holidays, the days off in their place, and Saturdays that are worked instead."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from chuan.ledger.models import Identity, Statement
from chuan.programme.models import DOCUMENT
from chuan.reporting.collecting import DayKind


class CalendarDay(Identity):
    """A day of the calendar of which something is said; its code is the day in ISO."""

    class Meta:
        ordering = ("code",)


class CalendarDayFacts(Statement):
    """What a day is, by which document; a day of which nothing is said is what its weekday makes it."""

    subject: ClassVar[tuple[str, ...]] = ("day",)

    day = models.ForeignKey(CalendarDay, models.PROTECT, related_name="facts_set")
    on = models.DateField(db_index=True)
    kind = models.CharField(max_length=10, choices=DayKind.choices)
    name = models.CharField(max_length=120)
    document = models.CharField(max_length=DOCUMENT)
    checked = models.BooleanField(default=False)

    class Meta:
        ordering = ("on", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["day"], condition=Q(voided_at__isnull=True), name="reporting_one_calendar_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"
