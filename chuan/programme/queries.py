"""Reads of plans, their text, tasks and readings, named for the question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from chuan.audit.models import AuditEntry
from chuan.organisations.acting import Acting, Answer, read_lines, resolve
from chuan.organisations.models import ClassMember
from chuan.organisations.queries import classes_of, in_force, versions_on
from chuan.organisations.rules import TERRITORIAL, FunctionDomain
from chuan.organisations.territory import Atlas, comparable
from chuan.programme.document import PlanDocument
from chuan.programme.models import (
    Contradiction,
    Plan,
    PlanSlip,
    PrintedParty,
    SettledReading,
    Target,
    Task,
    WorkingAssignment,
)
from chuan.programme.rules import Duty
from chuan.programme.spans import Mend, Span


def plan_on(day: date) -> Plan | None:
    """The plan in force on a day."""
    return Plan.objects.filter(signed__lte=day, ends__gte=day).order_by("-signed").first()


def plan_of(code: str) -> Plan | None:
    """The plan of a code with its text; None for one that was loaded without."""
    return Plan.objects.filter(code=code, text__isnull=False).select_related("text").first()


def latest_plan(day: date) -> Plan | None:
    """The plan in force, else the latest one that was signed."""
    return plan_on(day) or Plan.objects.filter(signed__lte=day).order_by("-signed").first()


def document_of(plan: Plan) -> PlanDocument:
    """The plan's text and items, each with the task that it is; one query where the plan came with its text."""
    mends = [Mend(code, Span(start, end), shown) for start, end, code, shown in plan.text.mends]
    return PlanDocument(plan, plan.text.octets, list(plan.items.select_related("task")), mends)


def slips_of(plan: Plan) -> list[PlanSlip]:
    """What is said of the slips, in order of their codes."""
    return list(plan.slips.select_related("item"))


def targets_of(plan: Plan) -> list[Target]:
    """The plan's targets, by indicator and horizon."""
    return list(plan.targets.select_related("item").order_by("indicator", "horizon", "code"))


# -- readings


def contradictions_of(plan: Plan) -> QuerySet[Contradiction]:
    """What can be read in more than one way, in order."""
    return plan.contradictions.select_related("plan")


@dataclass(frozen=True)
class Settled:
    """A reading that a document settled, and which readings of which targets remain."""

    contradiction: str
    label: str
    document: str
    issuer: str
    dated: date
    leaves: Mapping[str, Sequence[str]]


def settled_readings(plan: Plan, on: date, known: datetime | None = None) -> list[Settled]:
    """For each contradiction the latest reply dated by `on`, as known at `known` (now)."""
    replies = SettledReading.objects.live() if known is None else SettledReading.objects.known(known)
    rows = replies.filter(contradiction__plan=plan, dated__lte=on).select_related("contradiction")
    found: dict[str, Settled] = {}
    for reply in rows.order_by("contradiction__order", "dated", "pk"):
        one = reply.contradiction
        leaves = one.reading(reply.label)["leaves"]
        found[one.code] = Settled(one.code, reply.label, reply.document, reply.issuer, reply.dated, leaves)
    return list(found.values())


def remaining(settled: Iterable[Settled], target: str, labels: Sequence[str]) -> list[str]:
    """Which of a target's readings the settled ones leave; all of them where none speaks of it."""
    kept = list(labels)
    for one in settled:
        if target in one.leaves:
            kept = [label for label in kept if label in one.leaves[target]]
    return kept


def replies_to(contradiction: Contradiction) -> QuerySet[SettledReading]:
    """Replies in force, the latest first."""
    return SettledReading.objects.live().filter(contradiction=contradiction).select_related("file")


def replies_of(plan: Plan) -> dict[int, list[SettledReading]]:
    """Replies in force by contradiction, the latest first; one query."""
    found: dict[int, list[SettledReading]] = {}
    for reply in SettledReading.objects.live().filter(contradiction__plan=plan):
        found.setdefault(reply.contradiction_id, []).append(reply)
    return found


# -- tasks


def tasks_in(document: PlanDocument) -> list[Task]:
    """The annex's tasks in order, with the printed parties and the assignments that are not taken back; two queries."""
    found: list[Task] = [item.task for item in document.items if hasattr(item, "task")]
    live = WorkingAssignment.objects.live().select_related("unit")
    prefetch_related_objects(
        found,
        Prefetch("printed_parties", PrintedParty.objects.select_related("unit", "party_class")),
        Prefetch("assignments", live, to_attr="live_assignments"),
    )
    return found


def in_force_on(assignments: Iterable[WorkingAssignment], day: date) -> list[WorkingAssignment]:
    """Assignments that hold on a day, the lead first."""
    held = [a for a in assignments if a.valid_from <= day and (a.valid_to is None or day < a.valid_to)]
    return sorted(held, key=lambda a: (a.duty != Duty.LEAD, a.pk))


def assignment_of(task: Task, pk: int) -> WorkingAssignment | None:
    """An assignment of the task, taken back or not."""
    return WorkingAssignment.objects.filter(task=task, pk=pk).select_related("task", "unit").first()


def reply_of(contradiction: Contradiction, pk: int) -> SettledReading | None:
    """A reply to the contradiction, taken back or not."""
    found = SettledReading.objects.filter(contradiction=contradiction, pk=pk)
    return found.select_related("contradiction__plan", "file").first()


def tasks_of_unit(unit_id: int, day: date) -> QuerySet[Task]:
    """Tasks that a unit has on a day: given to it, or printed for it and given to nobody to lead.

    Printed for it: the row names the unit, or a class that it belongs to in the year of the day.
    """
    given = _given(day).filter(unit_id=unit_id).values("task")
    others = _printed_for(unit_id, day).exclude(duty=Duty.LEAD).values("task")
    found = Q(pk__in=given) | Q(pk__in=_printed_lead(unit_id, day).values("task")) | Q(pk__in=others)
    return Task.objects.filter(found).select_related("item")


def leads(unit_id: int, day: date) -> Q:
    """Of tasks: the unit leads them on the day, as given, or as printed and given to nobody to lead."""
    given = _given(day).filter(unit_id=unit_id, duty=Duty.LEAD).values("task")
    return Q(pk__in=given) | Q(pk__in=_printed_lead(unit_id, day).values("task"))


def led_by_nobody(day: date) -> Q:
    """Of tasks: the text names nobody to lead them, and nobody was given them to lead on the day."""
    printed = PrintedParty.objects.filter(duty=Duty.LEAD).values("task")
    return ~Q(pk__in=printed) & ~Q(pk__in=_given(day).filter(duty=Duty.LEAD).values("task"))


def named_by(plan: Plan, day: date) -> set[int]:
    """Units that the plan gives work on a day: by name (who acts for them now), as one of a class, by an assignment.

    Of places that a class names as a kind, those on the plan's ground; at most nine queries.
    """
    printed = list(PrintedParty.objects.filter(task__plan=plan).select_related("party_class"))
    answers = acting_for({party.unit_id for party in printed if party.unit_id}, day).values()
    found = {answer.unit for answer in answers if isinstance(answer, Acting)}
    found |= set(_given(day).filter(task__plan=plan).values_list("unit_id", flat=True))
    classes = {party.party_class for party in printed if party.party_class}
    lists = ClassMember.objects.live().filter(party_class__in=classes, year=day.year)
    members = list(lists.values_list("party_class_id", "unit_id"))
    listed = {party_class for party_class, _unit in members}
    kinds = {kind for one in classes if one.pk not in listed for kind in one.kinds}
    whole = versions_on(day).filter(unit__kind__in=kinds).values_list("unit_id", "unit__kind")
    places = comparable(Atlas.now(), plan.scope_id, plan.signed).spans[0].places
    found |= {unit for unit, kind in whole if kind not in TERRITORIAL or unit in places}
    return found | {unit for _party_class, unit in members}


def _given(day: date) -> QuerySet[WorkingAssignment]:
    return WorkingAssignment.objects.live().filter(in_force(day))


def _printed_for(unit_id: int, day: date) -> QuerySet[PrintedParty]:
    classes = classes_of(unit_id, day.year).values("pk")
    return PrintedParty.objects.filter(Q(unit_id=unit_id) | Q(party_class__in=classes))


def _printed_lead(unit_id: int, day: date) -> QuerySet[PrintedParty]:
    led = _given(day).filter(duty=Duty.LEAD).values("task")
    return _printed_for(unit_id, day).filter(duty=Duty.LEAD).exclude(task__in=led)


def acting_for(units: Iterable[int], day: date) -> dict[int, Answer]:
    """Who acts on a day, in matters of measurement, for each unit that was printed; three queries."""
    asked = sorted(set(units))
    lines = read_lines(units=asked)
    return {unit: resolve(lines, unit, FunctionDomain.METROLOGY, day) for unit in asked}


def history_of(subject: Task | Contradiction) -> list[AuditEntry]:
    """What was done to a task or a contradiction, oldest first, as the audit says it."""
    found: Any = AuditEntry.objects.filter(subject_table=subject._meta.db_table, subject_id=str(subject.pk))
    return list(found.order_by("seq"))
