"""Kinds as identity and statement, and their verification intervals as dated rows."""

from django.db import models
from django.db.models import F, Q

from chuan.instruments.rules import KindList, ObjectType
from chuan.ledger.models import Identity
from chuan.registers.models import Recorded, one_live
from chuan.registers.rules import Known


class InstrumentKind(Identity):
    """A kind's identity: what certificates, scopes and figures point at, whatever its name or list becomes."""

    class Meta:
        ordering = ("code",)


class KindFacts(Recorded):
    """What is said of a kind: name, where it stands in which list, which controls the law asks for."""

    subject = ("kind",)

    kind = models.ForeignKey(InstrumentKind, models.PROTECT, related_name="facts_set")
    name = models.CharField(max_length=300)
    parent = models.ForeignKey(InstrumentKind, models.PROTECT, null=True, related_name="child_facts")
    kind_list = models.CharField(max_length=10, choices=KindList.choices)
    object_type = models.CharField(max_length=20, choices=ObjectType.choices)
    #: Number of the row as printed ("8a"); empty where it is not known.
    row_number = models.CharField(max_length=20, blank=True)
    #: Document that names the kind.
    source = models.CharField(max_length=300, blank=True)
    #: The facts were compared with the text of that document.
    checked = models.BooleanField(default=False)
    type_approval = models.CharField(max_length=10, choices=Known.choices, default=Known.UNKNOWN)
    initial = models.CharField(max_length=10, choices=Known.choices, default=Known.UNKNOWN)
    periodic = models.CharField(max_length=10, choices=Known.choices, default=Known.UNKNOWN)
    after_repair = models.CharField(max_length=10, choices=Known.choices, default=Known.UNKNOWN)
    #: In the list during [valid_from, valid_to); null where the day is not known, or has not come.
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ("order", "kind_id")
        indexes = [models.Index(fields=["order", "kind"], name="instruments_kind_order")]
        constraints = [
            one_live("kind", "instruments_one_live_kind"),
            models.CheckConstraint(condition=~Q(parent=F("kind")), name="instruments_no_own_parent"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="instruments_kind_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KindInterval(Identity):
    """A verification interval's identity."""

    kind = models.ForeignKey(InstrumentKind, models.PROTECT, related_name="intervals")

    class Meta:
        ordering = ("code",)


class KindIntervalFacts(Recorded):
    """How many months a periodic verification holds, for verifications on days in [valid_from, valid_to)."""

    subject = ("interval",)

    interval = models.ForeignKey(KindInterval, models.PROTECT, related_name="facts_set")
    months = models.PositiveSmallIntegerField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    checked = models.BooleanField(default=False)

    class Meta:
        ordering = ("order", "interval_id")
        constraints = [
            one_live("interval", "instruments_one_live_interval"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=600), name="instruments_months"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="instruments_interval_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months}"
