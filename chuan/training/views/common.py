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
from chuan.training.errors import CourseGone, TrainingError
from chuan.training.models import CourseFacts
from chuan.web.idempotency import once

#: Digits of a key that both engines can compare.
MAX_DIGITS = 18


def key_of(raw: str) -> int:
    """A primary key as sent; 0, which no row has, where it is none."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= MAX_DIGITS else 0


def facts_or_404(request: HttpRequest, code: str) -> CourseFacts:
    """The course's statement in force (of a voided one the last), through `visible_to`."""
    facts = queries.current_facts(actor_of(request), code)
    if facts is None:
        raise Http404
    return facts


def correctable(request: HttpRequest, code: str) -> CourseFacts:
    """A course the actor may correct: visible but not allowed is 403, and so is opening a form on a voided one."""
    facts = facts_or_404(request, code)
    if not policies.can_correct(actor_of(request), facts):
        raise PermissionDenied
    if facts.voided_at and request.method != "POST":
        raise PermissionDenied(str(CourseGone()))
    return facts


def save(
    request: HttpRequest,
    form: Form,
    effect: Callable[[], tuple[str, str]],
    page: str,
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """Run the service once; its errors go onto the form, with what was typed and a fresh view of the record.

    `context` is called after the refusal. Its `current` is the statement in force: after a conflict the page carries
    that one's key, since now the person has seen it.
    """
    try:
        return once(request, effect)
    except TrainingError as error:
        form.add_error(None, str(error))
        return render(request, page, {**context(), "form": form}, status=422)
    except Superseded:
        return _conflict(request, form, page, context())


def _conflict(request: HttpRequest, form: Form, page: str, shown: dict[str, Any]) -> HttpResponse:
    """What was typed beside what is in force now."""
    current = shown["current"]
    if current.voided_at:
        said = _("Người khác vừa huỷ bản ghi này nên không sửa được nữa. Nội dung bạn gõ chưa được lưu.")
    else:
        said = _("Người khác vừa sửa bản ghi này. Nội dung bạn gõ vẫn còn; so với hiện trạng rồi gửi lại.")
    form.add_error(None, said)
    return render(request, page, {**shown, "form": form, "conflict": True, "seen": current.pk}, status=409)
