"""A plan as issued: its text, items, targets with every reading, tasks; and what is said of them since.

What was printed is sealed with the plan. Who really leads a task, and which reading a reply settled, are statements.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from chuan.files.models import StoredFile
from chuan.ledger.fields import SealedJSONField
from chuan.ledger.models import Identity, Sealed, Statement
from chuan.lib.dates import Window
from chuan.organisations.models import OrganisationUnit, PartyClass
from chuan.programme.rules import Duty, ItemKind, SlipKind, TimingRule

#: Width of the column that names a document: number, day, issuer.
DOCUMENT = 300


class Plan(Identity):
    """A plan's identity and what its head says."""

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


class PlanText(Sealed):
    """The bytes of the text as they were issued, as UTF-8; `Plan.text_sha256` is their hash."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="text")
    content = models.TextField()
    #: [[start, end, slip code, words or null], …] in order: what the display text has there; the slips say why.
    mends = SealedJSONField()

    def __str__(self) -> str:
        return f"{self.plan_id}"

    @property
    def octets(self) -> bytes:
        """The file's bytes; spans count in them."""
        return self.content.encode()


class PlanItem(Sealed):
    """One item of the text in reading order: part, heading, paragraph, bullet, annex row."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="items")
    code = models.CharField(max_length=40)
    order = models.PositiveIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=20, choices=ItemKind.choices)
    #: {cell: [[start, end], …]}: byte ranges of the text, in order; a blank cell is not there.
    cells = SealedJSONField()
    #: Codes of the annex rows that carry out what the body asks here; [] where the body alone states it, null where
    #: nothing is asked.
    rows = SealedJSONField(null=True)
    #: [[start, end], …] of the part that the body alone states though the rest has rows.
    alone = SealedJSONField(default=list)

    class Meta:
        ordering = ("plan_id", "order")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="programme_one_item_code"),
            models.UniqueConstraint(fields=["plan", "order"], name="programme_one_item_place"),
        ]

    def __str__(self) -> str:
        return self.code


class PlanSlip(Sealed):
    """A slip of the print or an artefact of the extraction, and how the display text has it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="slips")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=SlipKind.choices)
    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="slips")
    #: [[start, end], …]; empty where it is of the item as a whole.
    spans = SealedJSONField()
    #: The display text shows `shown` instead of what is printed; else the words stand as they are.
    mends = models.BooleanField()
    shown = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=400)

    class Meta:
        ordering = ("plan_id", "code")
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="programme_one_slip_code")]

    def __str__(self) -> str:
        return self.code


class Target(Identity):
    """One printed target: indicator, horizon, operator, value, and all readings of the phrase, none preferred."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="targets")
    item = models.ForeignKey(PlanItem, models.PROTECT, null=True, related_name="targets")
    indicator = models.CharField(max_length=20, db_index=True)
    place = models.CharField(max_length=120)
    words = models.TextField()
    #: [[start, end], …]: byte ranges of the plan's text, in order.
    spans = SealedJSONField()
    horizon = models.DateField()
    operator = models.CharField(max_length=2)
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=30)
    #: [{"ownership", "least"}]: what the counted ones must have among them.
    composition = SealedJSONField(default=list)
    #: [{"label", "basis", "from", "words", …}]; "unit" where the reading counts something else.
    readings = SealedJSONField()

    class Meta:
        ordering = ("horizon", "code")

    def windows(self) -> list[tuple[dict[str, Any], Window]]:
        """Each reading with the days it counts."""
        return [(r, Window(date.fromisoformat(r["from"]), self.horizon)) for r in self.readings]


class Task(Identity):
    """A row of the annex that asks for something, with its printed timing; blanks of the text stay blank."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="tasks")
    item = models.OneToOneField(PlanItem, models.PROTECT, related_name="task")
    #: [{"rule", …}]; empty where the text says nothing.
    timing = SealedJSONField()

    class Meta:
        ordering = ("plan_id", "item__order")

    def rules(self) -> list[TimingRule]:
        """The printed timing as rules."""
        return [TimingRule.of(rule) for rule in self.timing]


class PrintedParty(Sealed):
    """A party that a task's row names: a unit, or a class of parties."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="printed_parties")
    order = models.PositiveIntegerField()
    duty = models.CharField(max_length=20, choices=Duty.choices)
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, null=True, related_name="printed_in_tasks")
    party_class = models.ForeignKey(PartyClass, models.PROTECT, null=True, related_name="printed_in_tasks")
    spans = SealedJSONField()

    class Meta:
        ordering = ("task_id", "order")
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=True) ^ Q(party_class__isnull=True),
                name="programme_unit_or_class",
            )
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.unit_id or self.party_class_id}"


class Contradiction(Identity):
    """What the plan can be read to say in more than one way: the places quoted, the readings, what each leaves."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="contradictions")
    order = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    question = models.CharField(max_length=600)
    addressee = models.CharField(max_length=200)
    #: [{"item", "place", "spans"}]
    sources = SealedJSONField()
    #: [{"label", "words", "effect", "leaves": {target code: [labels]}}]
    readings = SealedJSONField()

    class Meta:
        ordering = ("plan_id", "order")

    @property
    def short_code(self) -> str:
        """The code within the plan, as addresses have it."""
        return self.code.removeprefix(f"{self.plan.code}-")

    def reading(self, label: str) -> Mapping[str, Any]:
        """The reading of a label; KeyError where there is none."""
        found: dict[str, Mapping[str, Any]] = {r["label"]: r for r in self.readings}
        return found[label]


class SettledReading(Statement):
    """A recorded reply: from its day one reading holds, until a later reply says otherwise."""

    subject: ClassVar[tuple[str, ...]] = ("contradiction",)

    contradiction = models.ForeignKey(Contradiction, models.PROTECT, related_name="replies")
    label = models.CharField(max_length=10)
    document = models.CharField(max_length=120)
    issuer = models.CharField(max_length=200)
    dated = models.DateField()
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="settles_readings")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-dated", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["contradiction", "dated"],
                condition=Q(voided_at__isnull=True),
                name="programme_one_reply_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.document


class WorkingAssignment(Statement):
    """Who really has a task during [valid_from, valid_to), by a document; it stands beside what was printed."""

    subject: ClassVar[tuple[str, ...]] = ("task", "unit")

    task = models.ForeignKey(Task, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="tasks_assigned")
    duty = models.CharField(max_length=20, choices=Duty.choices)
    officer = models.CharField(max_length=200, blank=True)
    product = models.TextField(blank=True)
    authority = models.CharField(max_length=300, blank=True)
    due = models.DateField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document = models.CharField(max_length=DOCUMENT)

    class Meta:
        ordering = ("task_id", "-valid_from", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "unit", "valid_from"],
                condition=Q(voided_at__isnull=True),
                name="programme_one_assignment",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="programme_assignment_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.duty} {self.unit_id}"
