"""The second-factor policy by role: approvers, clerks who seal and administrators must have one."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from chuan.organisations.middleware import actor_of
from chuan.organisations.rules import SECOND_FACTOR_ROLES

#: Where a person without a second factor may go: to set one up, to change a password, to another role, out.
_OPEN = ("/account/", "/static/", "/ngon-ngu/", "/vai-tro/", "/health")


class SecondFactor:
    """Sends a person whose role needs a second factor to set one up before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_OPEN) or not request.user.is_authenticated:
            return self.get_response(request)
        if actor_of(request).role not in SECOND_FACTOR_ROLES or used_second_factor(request):
            return self.get_response(request)
        messages.warning(
            request,
            _("Vai trò của bạn được ký duyệt hoặc quản trị nên cần thêm bước xác thực thứ hai. Hãy thiết lập một lần."),
        )
        return redirect("mfa_index")


def used_second_factor(request: HttpRequest) -> bool:
    """The session was opened with a second factor or a passkey, or one was added since."""
    if any(r.get("method") == "mfa" for r in get_authentication_records(request, request.user)):
        return True
    return bool(is_mfa_enabled(request.user))
