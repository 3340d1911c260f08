"""The menu: which pages a role works with."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuan.audit.actor import Actor
from chuan.organisations.policies import sees_own_unit, sees_whole_province
from chuan.organisations.rules import Role
from chuan.reporting.policies import can_see_live_figures

LIMIT = 5


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
    if sees_own_unit(actor) or sees_whole_province(actor):
        items.append(Entry(_("Sổ đào tạo"), reverse("training:courses"), "training"))
    if can_see_live_figures(actor):
        items.append(Entry(_("Chỉ tiêu"), reverse("reporting:figures"), "chart"))
    items.append(Entry(_("Báo cáo"), reverse("reporting:reports"), "file-text"))
    if actor.role in {Role.AUDITOR, Role.ADMINISTRATOR}:
        items.append(Entry(_("Nhật ký"), reverse("audit-log"), "list-check"))
    if actor.role == Role.ADMINISTRATOR:
        items.append(Entry(_("Tài khoản"), reverse("organisations:accounts"), "users"))
    if len(items) < LIMIT:
        items.append(Entry(pgettext("list", "Đơn vị"), reverse("organisations:units"), "building"))
    return items[:LIMIT]
