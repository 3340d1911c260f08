"""Approved definitions and frozen figures: insert-only."""

from typing import Any

from django.db import models

from chuan.ledger.fields import SealedJSONField
from chuan.ledger.models import Identity, Sealed
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan


class DefinitionApproval(Sealed):
    """A step in a definition's life: proposed by a specialist, approved by a leader of Sở, or shipped approved."""

    STEPS = (("proposed", "đề xuất"), ("approved", "phê duyệt"))

    indicator = models.CharField(max_length=20)
    definition_version = models.PositiveIntegerField()
    definition_sha256 = models.CharField(max_length=64)
    step = models.CharField(max_length=10, choices=STEPS)
    note = models.CharField(max_length=300)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["indicator", "definition_sha256"], name="reporting_definition")]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.definition_version} {self.step}"


class FrozenFigure(Identity):
    """A figure as it stood: value, definition, window, frame, both dates, and every member's identity."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="frozen_figures")
    indicator = models.CharField(max_length=20)
    definition_version = models.PositiveIntegerField()
    definition_sha256 = models.CharField(max_length=64)
    frame = models.CharField(max_length=20, choices=Frame.choices)
    purpose = models.CharField(max_length=40)
    first = models.DateField()
    last = models.DateField()
    at = models.DateField()
    known = models.DateTimeField()
    value = models.BigIntegerField()
    unit = models.CharField(max_length=30)
    flag = models.CharField(max_length=20)
    breakdown = SealedJSONField()
    unallocated = models.BigIntegerField()
    readings = SealedJSONField()
    #: Numbers told beside the figure and never added to it.
    companions = SealedJSONField(default=dict)
    candidates = models.BigIntegerField()
    excluded = SealedJSONField()
    members_sha256 = models.CharField(max_length=64)
    #: Sorted member identities, difference-coded, compressed, base64.
    members = models.TextField()

    class Meta:
        ordering = ("code",)

    def result(self) -> dict[str, Any]:
        """What a recomputation must give again."""
        return {
            "value": self.value,
            "members_sha256": self.members_sha256,
            "breakdown": self.breakdown,
            "unallocated": self.unallocated,
        }
