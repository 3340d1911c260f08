"""Figures of large registers as they were last computed: a memory of answers, never a record."""

from typing import ClassVar

from django.db import models

from chuan.organisations.territory import Frame
from chuan.programme.models import Plan


class FigureState(models.Model):
    """A figure as the worker last computed it, for pages of registers that are too large to be counted anew each time.

    It is not sealed and no entry names it: whoever throws all of them away loses nothing but the time to compute them
    again. `chuan.reporting.states` alone writes it, from the indicator's own `members()`; what is frozen, confirmed or
    verified is computed live and never read from here.
    """

    #: `year` of the figure from the plan's signature to the day.
    SINCE_PLAN: ClassVar[int] = 0

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="+")
    indicator = models.CharField(max_length=20)
    definition_sha256 = models.CharField(max_length=64)
    frame = models.CharField(max_length=20, choices=Frame.choices)
    #: Report year whose window it counts.
    year = models.PositiveIntegerField()
    first = models.DateField()
    last = models.DateField()
    at = models.DateField()
    known = models.DateTimeField()
    #: Last entry of the audit that could change a figure, when the counting began.
    position = models.BigIntegerField()
    value = models.BigIntegerField()
    flag = models.CharField(max_length=20)
    #: Every reading as it is frozen and printed, with the values that judging it took.
    readings = models.JSONField()
    #: [[first, last, value], …]: the windows that its page shows beside it.
    in_windows = models.JSONField()
    #: [[unit or null, value], …].
    groups = models.JSONField()
    keepers = models.JSONField()
    #: [[code, count], …], as `excluded`.
    companions = models.JSONField()
    candidates = models.BigIntegerField()
    qualifying = models.BigIntegerField()
    excluded = models.JSONField()
    members_sha256 = models.CharField(max_length=64)
    #: What computing it took.
    seconds = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "indicator", "definition_sha256", "frame", "year"], name="reporting_one_state"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.frame} {self.year or self.first}"


class StateRows(models.Model):
    """A block of the rows that one list of a state shows, in the order in which it shows them."""

    #: Rows of a block: what one page of a list has to unpack.
    SIZE: ClassVar[int] = 5000

    state = models.ForeignKey(FigureState, models.CASCADE, related_name="blocks")
    listing = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    #: Identities, packed (`chuan.reporting.members`).
    ids = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state", "listing", "number"], name="reporting_one_block"),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.listing} {self.number}"
