"""The verdicts of today that the plan's pages and requests tell beside each way to read it."""

from collections.abc import Collection

from chuan.audit.actor import Actor
from chuan.lib import clock
from chuan.programme.effects import Outcome, Outcomes
from chuan.programme.models import Plan
from chuan.reporting import overview, policies, states
from chuan.reporting.readings import source_of, verdict_in_words


def judged_today(plan: Plan, indicators: Collection[str], reader: Actor) -> Outcomes | None:
    """Every reading of the indicators' targets, judged on what is known today; None for who waits for the issue."""
    if not policies.can_see_live_figures(reader):
        return None
    glances = overview.of_plan(plan, clock.today(), indicators=indicators)
    readings = {(r.source, r.horizon, r.label): r for glance in glances for r in glance.readings}
    found = {}
    for target in states.plan_with_targets(plan.pk).targets.all():
        for said in target.readings if target.indicator in indicators else ():
            r = readings[source_of(target), target.horizon, said["label"]]
            found[target.code, r.label] = Outcome(r.value, r.target, verdict_in_words(r))
    return found
