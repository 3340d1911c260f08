"""Fetching a plan through the policy, and running a service once with its errors on the form."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuan.ledger.errors import Superseded
from chuan.organisations.middleware import actor_of
from chuan.programme import policies, queries
from chuan.programme.errors import ProgrammeError
from chuan.programme.models import Plan
from chuan.web.idempotency import once


def readable(request: HttpRequest, code: str) -> Plan:
    """A plan that the actor may read, with its text."""
    if not policies.can_read(actor_of(request)):
        raise PermissionDenied
    plan = queries.plan_of(code)
    if plan is None:
        raise Http404
    return plan


def decider(request: HttpRequest) -> None:
    """Only who records assignments and replies goes on."""
    if not policies.can_decide(actor_of(request)):
        raise PermissionDenied


def save(
    request: HttpRequest,
    form: Form,
    effect: Callable[[], tuple[str, str]],
    page: str,
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """Run the service once; what it refuses comes back on the form with everything that was typed."""
    try:
        return once(request, effect)
    except ProgrammeError as error:
        form.add_error(None, str(error))
        status = 422
    except Superseded:
        form.add_error(
            None,
            _(
                "Người khác vừa sửa hoặc hủy bản ghi này nên nội dung bạn gõ chưa được lưu. "
                "Mở lại trang để xem hiện trạng."
            ),
        )
        status = 409
    return render(request, page, {**context(), "form": form}, status=status)
