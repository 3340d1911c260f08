"""What was done to a course, as sentences: the audit's entries with names for keys and words for codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from chuan.audit.models import AuditEntry
from chuan.ledger.models import Statement
from chuan.lib.clock import VN
from chuan.lib.dates import format_date
from chuan.organisations.rules import Role
from chuan.training.rules import ActivityKind, AttendanceRole

#: What a fact is called; a fact that is not named here is not shown.
LABELS: Mapping[str, Any] = {
    "title": gettext_lazy("Tên lớp, nội dung"),
    "kind": gettext_lazy("Loại hoạt động"),
    "on_metrology": gettext_lazy("Nội dung về đo lường"),
    "start": gettext_lazy("Ngày bắt đầu"),
    "end": gettext_lazy("Ngày kết thúc"),
    "organiser": gettext_lazy("Đơn vị tổ chức"),
    "place_id": gettext_lazy("Địa bàn"),
    "venue": gettext_lazy("Địa điểm cụ thể"),
    "online": gettext_lazy("Tổ chức trực tuyến"),
    "basis": gettext_lazy("Văn bản căn cứ"),
    "headcount": gettext_lazy("Số lượt người"),
    "role": gettext_lazy("Vai trò trong lớp"),
    "completed": gettext_lazy("Đã hoàn thành lớp học"),
    "employer_id": gettext_lazy("Đơn vị công tác lúc học"),
    "employer_text": gettext_lazy("Đơn vị khác (ngoài danh mục)"),
    "note": gettext_lazy("Ghi chú"),
    "owner_id": gettext_lazy("Đơn vị quản lý bản ghi"),
}
CHOICES: Mapping[str, Mapping[str, Any]] = {"kind": dict(ActivityKind.choices), "role": dict(AttendanceRole.choices)}
Names = Mapping[int, str]


@dataclass(frozen=True)
class Change:
    """One fact, before and after, in words."""

    label: str
    old: str
    new: str


@dataclass
class Happening:
    """One thing that was done: who, in which role, when, what, why."""

    entry: AuditEntry
    sentence: str
    about: str = ""
    changes: list[Change] = field(default_factory=list)
    people: list[str] = field(default_factory=list)

    @property
    def role(self) -> str:
        """The role that was acted in; nothing for the system."""
        return str(Role(self.entry.role).label) if self.entry.role in Role.values else ""

    @property
    def is_new(self) -> bool:
        """Nothing was there before: the facts are the first ones."""
        return self.entry.action in {"training.add_course", "training.add_attendance"}


def say(fact: str, value: Any, names: Names) -> str:
    """A value as the reader knows it; empty where nothing was said."""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if value is None or value == "":
        return ""
    if fact.endswith("_id"):
        return names.get(int(value), "")
    if fact in {"start", "end"}:
        return format_date(value if isinstance(value, date) else date.fromisoformat(value))
    return str(CHOICES.get(fact, {}).get(value, value))


def changes_of(pairs: Mapping[str, Any], names: Names) -> list[Change]:
    """`{fact: [old, new]}` in words, in the order of the form; facts that are not for readers are left out."""
    found = []
    for fact, label in LABELS.items():
        pair = pairs.get(fact)
        if isinstance(pair, list) and len(pair) == 2:
            old, new = (say(fact, value, names) for value in pair)
            if old != new:
                found.append(Change(str(label), old, new))
    return found


def differences(current: Statement, typed: Mapping[str, Any], names: Names) -> list[Change]:
    """What the statement in force says (old) and what was typed (new), where they differ."""
    pairs = {}
    for name, value in typed.items():
        attname = type(current)._meta.get_field(name).attname  # type: ignore[union-attr]
        pairs[attname] = [getattr(current, attname), value.pk if isinstance(value, Model) else value]
    return changes_of(pairs, names)


def tell(entries: Iterable[AuditEntry], *, names: Names, lines: Mapping[str, str]) -> list[Happening]:
    """The entries as happenings, oldest first; lines that one person added on one day are told together.

    `lines` are the names of the people by the code of their line.
    """
    told: list[Happening] = []
    for entry in entries:
        about = entry.subject_label.partition(" ")[2].strip("()")
        if entry.action == "training.add_attendance" and told and _continues(told[-1].entry, entry):
            told[-1] = _joined(told[-1], entry, about)
            continue
        happening = Happening(entry, pgettext("action", entry.action), changes=changes_of(entry.changes, names))
        if entry.action == "training.add_attendances":
            happening.people = [lines.get(code, code) for code in entry.changes["lines"][1]]
            happening.sentence = _added(len(happening.people))
        elif "file" in entry.changes:
            old, new = entry.changes["file"]
            happening.about = (new or old)[0]
        elif entry.subject_table == "training_attendance":
            happening.about = about
        told.append(happening)
    return told


def _added(n: int) -> str:
    return ngettext("đã thêm %(n)s dòng vào danh sách", "đã thêm %(n)s dòng vào danh sách", n) % {"n": n}


def _continues(before: AuditEntry, entry: AuditEntry) -> bool:
    return (before.action, before.actor_id, before.actor_name, before.role, before.unit_id, _day(before.at)) == (
        entry.action,
        entry.actor_id,
        entry.actor_name,
        entry.role,
        entry.unit_id,
        _day(entry.at),
    )


def _joined(before: Happening, entry: AuditEntry, about: str) -> Happening:
    people = [*(before.people or [before.about]), about]
    return Happening(before.entry, _added(len(people)), people=people)


def _day(at: datetime) -> date:
    return at.astimezone(VN).date()
