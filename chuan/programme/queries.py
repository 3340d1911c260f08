"""Reads of plans and targets."""

from datetime import date

from chuan.programme.models import Plan


def plan_on(day: date) -> Plan | None:
    """The plan in force on a day."""
    return Plan.objects.filter(signed__lte=day, ends__gte=day).order_by("-signed").first()
