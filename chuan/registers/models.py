"""What every register's tables share, files that prove a record, and files that records came from."""

from typing import Any

from django.db import models
from django.db.models import Q

from chuan.files.models import StoredFile
from chuan.ledger.models import Identity, Statement
from chuan.organisations.models import OrganisationUnit


class Recorded(Statement):
    """A statement of a register: kept by a unit, found by folded words, put in order by a key."""

    owner = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    search = models.CharField(max_length=600, blank=True)
    order = models.CharField(max_length=255, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def identity(self) -> Identity:
        """What the statement is about."""
        found: Identity = getattr(self, self.subject[0])
        return found

    def __str__(self) -> str:
        return str(self.identity)


def one_live(subject: str, name: str) -> models.UniqueConstraint:
    """One statement in force for each subject."""
    return models.UniqueConstraint(fields=[subject], condition=Q(voided_at__isnull=True), name=name)


class Attachment(Statement):
    """A file that proves a record: the record is named by its table and key, so that each register may have files."""

    subject = ("table", "record")

    table = models.CharField(max_length=80)
    record = models.BigIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attached_to_records")
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ("recorded_at", "id")
        indexes = [models.Index(fields=["table", "record"], name="registers_attached")]

    def __str__(self) -> str:
        return self.title


class Claim(Statement):
    """A unit says that a record that another unit keeps is its work too; voiding it takes that back.

    One record of one thing: the province counts it once, the keeper and each claiming unit in its own figure.
    """

    subject = ("register", "record", "unit")

    #: Name of the register (`assurance.version`), key and public code of the record's identity.
    register = models.CharField(max_length=80)
    record = models.BigIntegerField()
    code = models.CharField(max_length=40)
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="claims")
    #: The unit that keeps the record: it is told.
    keeper = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="claimed_from")
    #: The unit's own paper that says so, and what its paper says otherwise than the record.
    document = models.CharField(max_length=300)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("recorded_at", "id")
        indexes = [
            models.Index(fields=["unit", "register"], name="registers_claimed_by"),
            models.Index(fields=["keeper", "recorded_at"], name="registers_claimed_from"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "record", "unit"],
                condition=Q(voided_at__isnull=True),
                name="registers_one_live_claim",
            ),
            models.CheckConstraint(condition=~Q(document=""), name="registers_claim_documented"),
            models.CheckConstraint(condition=~Q(unit=models.F("keeper")), name="registers_claim_of_another"),
        ]

    def __str__(self) -> str:
        return self.code


class ImportBatch(Identity):
    """One file that was taken into a register: which, and how many rows did what."""

    register = models.CharField(max_length=80)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="imported")
    rows_added = models.PositiveIntegerField()
    rows_corrected = models.PositiveIntegerField()
    rows_claimed = models.PositiveIntegerField(default=0)
    #: Over the hashes of the statements that were written, in the order of the file.
    rows_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("code",)


def columns(values: dict[str, Any], model: type[models.Model]) -> dict[str, Any]:
    """Those of the values that are columns of the model, by attribute name."""
    names = {f.attname for f in model._meta.concrete_fields}
    return {name: value for name, value in values.items() if name in names}
