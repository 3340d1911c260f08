"""Which rows of the annex reach nobody of those who are asked to report, and through which groups they would.

Sở leads nearly every row and reports to nobody here; a row speaks through those who coordinate. Where the plan names
them as a group, somebody says who is in it: until then the row is in no unit's report and stays empty in the annex.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from chuan.audit import memory
from chuan.organisations.models import ClassMember, OrganisationUnit, PartyClass
from chuan.organisations.queries import in_force
from chuan.programme.models import Plan, PrintedParty, WorkingAssignment
from chuan.programme.queries import acting_for
from chuan.programme.rules import Duty
from chuan.reporting.obliged import KINDS
from chuan.reporting.states import plan_with_targets
from chuan.reporting.unit_reports import known_document


@dataclass(frozen=True)
class Unreached:
    """A group, and the rows that name it and reach nobody who is asked."""

    code: str
    title: str
    #: Nobody said who is in it this year; else nobody of it is asked.
    unlisted: bool
    #: As people call them.
    rows: list[str] = field(default_factory=list)


_answers: memory.Memory[list[Unreached]] = memory.Memory(size=8)


def unreached(plan: Plan, day: date, asked: Collection[int], log: memory.Log | None = None) -> list[Unreached]:
    """The groups through which rows of the plan reach none of the units asked on the day, in the annex's order.

    Remembered; no query more where the caller has read the `log`.
    """
    key = (plan.pk, day, frozenset(asked))
    return _answers.ask(key, partial(_unreached, *key), log)


def _unreached(plan_id: int, day: date, asked: frozenset[int]) -> list[Unreached]:
    plan = plan_with_targets(plan_id)
    document = known_document(plan)
    if document is None:
        return []
    rows = _rows_of_groups(plan, day, asked)
    classes = {party_class for classes in rows.values() for party_class in classes}
    groups = _Groups(classes, day.year, asked)
    found: dict[int, Unreached] = {}
    for item, named in rows.items():
        if any(groups.reach(one) for one in named):
            continue
        for one in (one for one in named if groups.may_report(one)):
            group = found.setdefault(one.pk, Unreached(one.code, one.title, one.pk not in groups.listed))
            group.rows.append(document.label(document.by_code[item]))
    return list(found.values())


def _rows_of_groups(plan: Plan, day: date, asked: Collection[int]) -> dict[str, list[PartyClass]]:
    """Rows that nobody who is asked has by name or by assignment → the groups that they name."""
    parties = PrintedParty.objects.filter(task__plan=plan, duty=Duty.COORDINATE)
    printed = list(parties.select_related("task__item", "party_class").order_by("task__item__order", "order"))
    acting = acting_for({party.unit_id for party in printed if party.unit_id}, day)
    held = WorkingAssignment.objects.live().filter(in_force(day), task__plan=plan, unit__in=asked)
    reached = set(held.values_list("task_id", flat=True))
    reached |= {p.task_id for p in printed if p.unit_id and getattr(acting[p.unit_id], "unit", None) in asked}
    found: dict[str, list[PartyClass]] = {}
    for party in printed:
        if party.party_class and party.task_id not in reached:
            found.setdefault(party.task.item.code, []).append(party.party_class)
    return found


class _Groups:
    """Who of those asked is in which group: on its list of the year, else, where it names whole kinds, of these."""

    def __init__(self, classes: Collection[PartyClass], year: int, asked: Collection[int]) -> None:
        self.asked = asked
        self.kinds: Mapping[int, str] = dict(OrganisationUnit.objects.filter(pk__in=asked).values_list("pk", "kind"))
        self.listed: dict[int, dict[int, str]] = {}
        members = ClassMember.objects.live().filter(party_class__in=classes, year=year)
        for party_class, unit, kind in members.values_list("party_class_id", "unit_id", "unit__kind"):
            self.listed.setdefault(party_class, {})[unit] = kind

    def reach(self, one: PartyClass) -> bool:
        """Somebody of the group is asked."""
        if one.pk in self.listed:
            return not self.listed[one.pk].keys().isdisjoint(self.asked)
        return not set(one.kinds).isdisjoint(self.kinds.values())

    def may_report(self, one: PartyClass) -> bool:
        """Somebody of the group may owe a report, or nobody said who is in it."""
        return not set(self.listed.get(one.pk, {}).values()).isdisjoint(KINDS) or one.pk not in self.listed
