"""What was done to a party, as sentences: the audit's entries with names for keys and words for codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from chuan.audit.models import AuditEntry
from chuan.lib.dates import format_date
from chuan.organisations.rules import NoTaxCode, Ownership, Role, tax_code_shown
from chuan.web.templatetags.chuan_numbers import decimal

#: What a fact is called; a fact that is not named here is not shown.
LABELS: Mapping[str, Any] = {
    "name": gettext_lazy("Tên đầy đủ"),
    "short_name": gettext_lazy("Tên ngắn"),
    "parent_id": gettext_lazy("Xã, phường"),
    "since": gettext_lazy("Từ ngày"),
    "valid_to": gettext_lazy("Không còn hoạt động từ ngày"),
    "tax_code": gettext_lazy("Mã số thuế"),
    "no_tax_code": gettext_lazy("Nếu không có mã số thuế"),
    "ownership": gettext_lazy("Hình thức sở hữu"),
    "state_share": gettext_lazy("Phần vốn nhà nước (%)"),
    "sector": gettext_lazy("Ngành kinh doanh chính (VSIC)"),
    "priority_sector": gettext_lazy("Thuộc ngành, lĩnh vực trọng tâm về đo lường"),
    "exports": gettext_lazy("Có xuất khẩu"),
    "basis": gettext_lazy("Nguồn thông tin"),
}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "ownership": dict(Ownership.choices),
    "no_tax_code": dict(NoTaxCode.choices),
}
#: Deeds before which nothing was said.
FIRST = frozenset({"organisations.register_party", "organisations.describe_party"})
Names = Mapping[int, str]


@dataclass(frozen=True)
class Change:
    """One fact, before and after, in words; empty where nothing was said."""

    label: str
    old: str
    new: str
    #: There was nothing to change: only what is new is shown.
    first: bool = False


@dataclass(frozen=True)
class Happening:
    """One thing that was done: who, in which role, when, what, why."""

    entry: AuditEntry
    sentence: str
    changes: list[Change] = field(default_factory=list)

    @property
    def role(self) -> str:
        """The role that was acted in; nothing for the system."""
        return str(Role(self.entry.role).label) if self.entry.role in Role.values else ""


def _say(fact: str, value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if fact == "parent_id":
        return names.get(int(value), "")
    if fact in {"since", "valid_to"}:
        return format_date(date.fromisoformat(value))
    if fact == "tax_code":
        return tax_code_shown(value)
    if fact == "state_share":
        return decimal(Decimal(value).normalize())
    return str(CHOICES.get(fact, {}).get(value, value))


def tell(entries: Iterable[AuditEntry], names: Names) -> list[Happening]:
    """The entries as happenings, oldest first."""
    told = []
    for entry in entries:
        changes = []
        for fact, label in LABELS.items():
            pair = entry.changes.get(fact)
            if isinstance(pair, list) and len(pair) == 2:
                old, new = (_say(fact, value, names) for value in pair)
                if old != new:
                    changes.append(Change(str(label), old, new, fact == "since" or entry.action in FIRST))
        told.append(Happening(entry, pgettext("action", entry.action), changes))
    return told
