"""Reads of plans and targets."""

from datetime import date

from django.db.models import QuerySet

from chuan.programme.models import Plan, Target


def plan_on(day: date) -> Plan | None:
    """The plan in force on a day."""
    return Plan.objects.filter(signed__lte=day, ends__gte=day).order_by("-signed").first()


def targets_of(plan: Plan, indicator: str) -> QuerySet[Target]:
    """The plan's targets for an indicator, in order of horizon."""
    return Target.objects.filter(plan=plan, indicator=indicator)
