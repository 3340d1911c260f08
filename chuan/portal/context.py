"""The header that every page shows: acting unit, role, plan year, menu."""

from typing import Any

from django.http import HttpRequest

from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.rules import Role
from chuan.portal import menu


def header(request: HttpRequest) -> dict[str, Any]:
    """Values for `web/base.html`, which itself names no context."""
    if not hasattr(request, "actor"):
        return {}
    actor = actor_of(request)
    role = Role(actor.role).label if actor.role in Role.values else ""
    return {"actor": actor, "role_label": role, "plan_year": clock.today().year, "menu": menu.entries(actor)}
