"""Session rules: 30 idle minutes, 12 hours in all, and a temporary password is changed first."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from chuan.lib import clock
from chuan.web.sessions import write_if_room

_ALLOWED_BEFORE_CHANGE = (
    "/account/password/",
    "/account/logout/",
    "/account/reauthenticate/",
    "/account/2fa/",
    "/static/",
)


class SessionRules:
    """Ends old sessions; last-seen is written at most once a minute; no browser keeps what a session showed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(clock.system_now().timestamp())
            began, seen = request.session.get("began", now), request.session.get("seen", now)
            if now - seen > settings.SESSION_IDLE_MINUTES * 60 or now - began > settings.SESSION_ABSOLUTE_HOURS * 3600:
                logout(request)
                messages.info(request, _("Phiên làm việc đã hết hạn. Hãy đăng nhập lại; nội dung đã lưu vẫn còn."))
                return redirect(f"{settings.LOGIN_URL}")
            if now - seen >= 60 or "began" not in request.session:
                write_if_room(request.session, began=began, seen=now)
            if request.user.must_change_password and not request.path.startswith(_ALLOWED_BEFORE_CHANGE):
                messages.warning(request, _("Mật khẩu hiện tại là mật khẩu tạm. Hãy đổi mật khẩu trước khi làm việc."))
                return redirect("account_change_password")
        response = self.get_response(request)
        if request.user.is_authenticated:
            # The back button asks again: whoever sits here after the session ended sees nothing of it.
            response.headers.setdefault("Cache-Control", "private, no-store")
        if request.path == reverse("account_logout") and request.method == "POST":
            # Nor does what the session fetched stay on the disk.
            response["Clear-Site-Data"] = '"cache"'
        return response
