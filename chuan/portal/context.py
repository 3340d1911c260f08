"""The header that every page shows: acting unit, role, plan year, menu."""

from typing import Any

from django.http import HttpRequest

from chuan.audit.actor import Actor
from chuan.lib import clock
from chuan.organisations.middleware import actor_of, memberships_on
from chuan.organisations.rules import Role
from chuan.portal import menu, sample
from chuan.web import deployment


def header(request: HttpRequest) -> dict[str, Any]:
    """Values for `web/base.html`, which itself names no context."""
    if not hasattr(request, "actor"):
        return {}
    actor = actor_of(request)
    role = Role(actor.role).label if actor.role in Role.values else ""
    return {
        "actor": actor,
        "role_label": role,
        "roles": roles(request, actor),
        "plan_year": clock.today().year,
        "menu": menu.entries(actor),
        **(sample.sign_in_help() if actor.is_anonymous and deployment.is_sample() else {}),
    }


def roles(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """The roles to switch between, for those who hold more than one."""
    held = memberships_on(request)
    if len(held) < 2:
        return []
    return [
        {
            "id": one.id,
            "unit": one.unit_name,
            "role": Role(one.role).label,
            "current": (one.role, one.unit_id) == (actor.role, actor.unit_id),
        }
        for one in held
    ]
