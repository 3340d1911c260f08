"""The audit chain: one sealed entry for each service, and the head that the next entry links to."""

from typing import Any

from django.db import models

from chuan.ledger.fields import SealedJSONField
from chuan.ledger.models import Sealed
from chuan.lib import canonical

GENESIS = "0" * 64


class AuditEntry(Sealed):
    """What one service did: who (names copied), in which role, to what, old → new, why, and the rows it wrote.

    `seq` is dense and `previous` is the hash of the entry before, so a missing, added or changed entry breaks the
    chain. Actor and unit are plain numbers: an entry outlives the account it names.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    unit_id = models.BigIntegerField(null=True)
    unit_name = models.CharField(max_length=300, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    subject_table = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=300)
    changes = SealedJSONField(default=dict)
    reason = models.TextField(blank=True)
    rows = SealedJSONField(default=list)
    previous = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)
        indexes = [
            models.Index(fields=["subject_table", "subject_id", "seq"], name="audit_subject"),
            models.Index(fields=["actor_id", "seq"], name="audit_actor"),
            models.Index(fields=["unit_id", "seq"], name="audit_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.subject_label}"

    def sealed_facts(self) -> dict[str, Any]:
        """The hashed facts, the place in the chain included."""
        return {"seq": self.seq, **super().sealed_facts()}

    def sealed_sha256(self) -> str:
        """SHA-256 over the entry and the hash before it."""
        return canonical.sha256(self.sealed_facts())


class ChainHead(models.Model):
    """The last entry's number and hash: one row, locked while entries are added."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default=GENESIS)
    #: The latest instant at which something was frozen, in canonical form: evidence is never recorded at or before it.
    frozen_at = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_chain_head")]

    def __str__(self) -> str:
        return f"{self.seq} {self.sha256[:12]}"
