"""The menu: which pages a role works with."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuan.audit.actor import Actor
from chuan.organisations.policies import sees_own_unit, sees_whole_province
from chuan.organisations.rules import Role
from chuan.programme.policies import can_read as can_read_plan
from chuan.reporting.policies import can_see_live_figures

#: Who consolidates for the whole province works with more pages than a unit does.
LIMIT, UNIT_LIMIT = 7, 5


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    title: str
    url: str
    icon: str


def entries(actor: Actor) -> list[Entry]:
    """The pages of the actor's role: at most five, at most seven for those who see the whole province."""
    if actor.is_anonymous:
        return []
    items = [Entry(_("Trang chủ"), reverse("home"), "home")]
    if can_read_plan(actor):
        items.append(Entry(_("Kế hoạch"), reverse("programme:latest"), "flag"))
    if sees_own_unit(actor) or sees_whole_province(actor):
        items.append(Entry(_("Các sổ"), reverse("registers"), "list"))
    if can_see_live_figures(actor):
        items.append(Entry(_("Chỉ tiêu"), reverse("reporting:figures"), "chart"))
        items.append(Entry(_("Tiếp nhận"), reverse("reporting:tracking"), "inbox"))
    items.append(Entry(_("Báo cáo"), reverse("reporting:reports"), "file-text"))
    if actor.role in {Role.AUDITOR, Role.ADMINISTRATOR}:
        items.append(Entry(_("Nhật ký"), reverse("audit-log"), "list-check"))
    if actor.role == Role.ADMINISTRATOR:
        items.append(Entry(_("Tài khoản"), reverse("organisations:accounts"), "users"))
    limit = LIMIT if sees_whole_province(actor) else UNIT_LIMIT
    if len(items) < limit:
        items.append(Entry(pgettext("list", "Đơn vị"), reverse("organisations:units"), "building"))
    return items[:limit]
