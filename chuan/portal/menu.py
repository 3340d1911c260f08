"""The menu: which pages a role works with."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.organisations.rules import Role


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    title: str
    url: str
    icon: str


def entries(actor: Actor) -> list[Entry]:
    """The pages of the actor's role, at most five."""
    if actor.is_anonymous:
        return []
    items = [Entry(_("Trang chủ"), reverse("home"), "home")]
    if actor.role == Role.ADMINISTRATOR:
        items.append(Entry(_("Tài khoản"), reverse("organisations:accounts"), "users"))
    items.append(Entry(_("Đơn vị"), reverse("organisations:units"), "building"))
    if actor.role in {Role.AUDITOR, Role.ADMINISTRATOR}:
        items.append(Entry(_("Nhật ký"), reverse("audit-log"), "list-check"))
    return items
