"""Pages that belong to no single context."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from chuan.audit.models import AuditEntry
from chuan.audit.service import head
from chuan.lib import clock
from chuan.organisations.middleware import SESSION_KEY, actor_of, memberships_on
from chuan.organisations.rules import Role
from chuan.portal import books
from chuan.portal.brief import brief_of
from chuan.portal.home import Desk, cards, headline
from chuan.portal.year import year_of

#: Whose first page is the leader's sheet.
LEADERS = frozenset({Role.DEPARTMENT_LEADER, Role.DEPUTY_LEADER})


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page: what this is for a visitor, what to do for a person with a role."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    held = memberships_on(request)
    actor = actor_of(request)
    if actor.role == Role.SPECIALIST:
        return render(request, "portal/year.html", {"year": year_of(actor)})
    if actor.role in LEADERS:
        return render(request, "portal/brief.html", {"brief": brief_of(actor)})
    desk = Desk(actor, clock.today())
    context = {"held": held, "many_roles": len(held) > 1, "cards": cards(desk), "headline": headline(desk)}
    return render(request, "portal/home.html", context)


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Machine-readable state: 200 when the database answers, else 503; nothing about the data."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    return JsonResponse({"database": "up"})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language in a cookie and go back."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(_safe_next(request))
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 86400,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return response


@login_required
@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own roles."""
    held = memberships_on(request)
    wanted = request.POST.get("membership", "")
    if wanted not in {str(m.id) for m in held}:
        raise PermissionDenied
    request.session[SESSION_KEY] = int(wanted)
    return redirect("home")


@login_required
@require_GET
def registers(request: HttpRequest) -> HttpResponse:
    """Every register with the number of records that one sees."""
    actor = actor_of(request)
    if not books.can_list(actor):
        raise PermissionDenied
    return render(request, "portal/registers.html", {"groups": books.groups(actor)})


@login_required
@require_GET
def audit_log(request: HttpRequest) -> HttpResponse:
    """What was done, newest first: for controllers and administrators."""
    if actor_of(request).role not in {Role.AUDITOR, Role.ADMINISTRATOR}:
        raise PermissionDenied
    seq, sha = head()
    before = request.GET.get("before", "")
    entries = AuditEntry.objects.order_by("-seq")
    if before.isascii() and before.isdigit() and len(before) < 19:
        entries = entries.filter(seq__lt=int(before))
    page = list(entries[:51])
    context = {"entries": page[:50], "more": page[49].seq if len(page) > 50 else None, "seq": seq, "sha": sha}
    return render(request, "portal/audit_log.html", context)


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return "/"
