"""Puts the acting principal on the request: which unit, in which role, the signed-in person acts now."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from chuan.audit.actor import ANONYMOUS, Actor
from chuan.lib import clock
from chuan.organisations import queries

SESSION_KEY = "membership"


class ActingUnit:
    """`request.actor`: an `Actor`, computed when first asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: find_actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def memberships_on(request: HttpRequest) -> list[queries.HeldRole]:
    """The roles that the signed-in person holds today; asked once a request."""
    if not hasattr(request, "held_roles"):
        user = request.user
        held = queries.memberships_of(user.pk, on=clock.today()) if user.is_authenticated else []
        request.held_roles = held  # type: ignore[attr-defined]
    return request.held_roles  # type: ignore[attr-defined,no-any-return]


def find_actor(request: HttpRequest) -> Actor:
    """The actor of the chosen membership in force today, else of the first; no membership gives no rights."""
    user = request.user
    if not user.is_authenticated:
        return ANONYMOUS
    held = memberships_on(request)
    chosen = request.session.get(SESSION_KEY)
    current = next((m for m in held if m.id == chosen), held[0] if held else None)
    if current is None:
        return Actor(user.pk, user.full_name, "none", origin="web")
    return Actor(
        user.pk, user.full_name, current.role, current.unit_id, current.unit_name,
        origin="web", unit_code=current.unit_code,
    )  # fmt: skip


def actor_of(request: HttpRequest) -> Actor:
    """The request's actor, typed."""
    return request.actor  # type: ignore[attr-defined,no-any-return]
