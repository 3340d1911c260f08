"""One step of something that moves through states: who took it, when, with what words. Insert-only."""

from django.db import models

from chuan.ledger.models import Sealed


class Step(Sealed):
    """From one state to another; the head is the replay of its steps."""

    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ("id",)
