"""Fetching a course through the policy."""

from django.http import Http404, HttpRequest

from chuan.organisations.middleware import actor_of
from chuan.registers.saving import require_correctable
from chuan.training import policies, queries
from chuan.training.errors import CourseGone
from chuan.training.models import CourseFacts


def facts_or_404(request: HttpRequest, code: str) -> CourseFacts:
    """The course's statement in force (of a voided one the last), through `visible_to`."""
    facts = queries.current_facts(actor_of(request), code)
    if facts is None:
        raise Http404
    return facts


def correctable(request: HttpRequest, code: str) -> CourseFacts:
    """A course the actor may correct: visible but not allowed is 403, and so is opening a form on a voided one."""
    facts = facts_or_404(request, code)
    require_correctable(request, policies.can_correct(actor_of(request), facts), facts, str(CourseGone()))
    return facts
