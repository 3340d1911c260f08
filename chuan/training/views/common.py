"""Fetching a course through the policy, and showing what another person changed meanwhile."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuan.ledger.errors import Superseded
from chuan.organisations.middleware import actor_of
from chuan.training import policies, queries
from chuan.training.errors import TrainingError
from chuan.training.models import CourseFacts
from chuan.web.idempotency import once


def facts_or_404(request: HttpRequest, code: str) -> CourseFacts:
    """The course's statement in force (of a voided one the last), through `visible_to`."""
    facts = queries.current_facts(actor_of(request), code)
    if facts is None:
        raise Http404
    return facts


def correctable(request: HttpRequest, code: str) -> CourseFacts:
    """A course the actor may correct: visible but not allowed is 403."""
    facts = facts_or_404(request, code)
    if not policies.can_correct(actor_of(request), facts):
        raise PermissionDenied
    return facts


def save(
    request: HttpRequest, form: Form, effect: Callable[[], tuple[str, str]], page: str, context: dict[str, Any]
) -> HttpResponse:
    """Run the service once; its errors go onto the form, with what was typed and a fresh view of the record."""
    try:
        return once(request, effect)
    except TrainingError as error:
        form.add_error(None, str(error))
        status = 422
    except Superseded:
        form.add_error(
            None,
            _("Người khác vừa sửa bản ghi này. Nội dung bạn gõ vẫn còn; so với hiện trạng rồi gửi lại."),
        )
        context = {**context, "conflict": True}
        status = 409
    return render(request, page, {**context, "form": form}, status=status)
