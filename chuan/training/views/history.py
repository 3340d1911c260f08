"""What was done to a course, as sentences: the audit's entries with names for keys and words for codes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy, ngettext, pgettext

from chuan.audit.models import AuditEntry
from chuan.lib.clock import VN
from chuan.registers.queries import came_in, changes_at, concerns, file_of, is_batch
from chuan.registers.telling import Happening, Names, Vocabulary
from chuan.training import queries
from chuan.training.models import Course
from chuan.training.register import COURSES
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
#: Deeds before which nothing was there: their facts are the first ones.
NEW = frozenset({"training.add_course", "training.add_attendance"})
WORDS = Vocabulary(
    LABELS,
    {"kind": dict(ActivityKind.choices), "role": dict(AttendanceRole.choices)},
    {"start": date.fromisoformat, "end": date.fromisoformat},
)
#: Facts that name a unit.
_UNITS = ("place_id", "employer_id", "owner_id")


def names_of(units: Mapping[int, str]) -> Names:
    """The names of units by the facts that name one."""
    return dict.fromkeys(_UNITS, units)


def entries(course: Course) -> list[AuditEntry]:
    """What was done to a course and its list, files that it came in with among it."""
    return [entry for entry in queries.history(course, came_in(COURSES, course)) if concerns(entry, course)]


def tell(course: Course, *, names: Mapping[int, str], lines: Mapping[str, str]) -> list[Happening]:
    """A course's history, oldest first; lines that one person added on one day are told together.

    `lines` are the names of the people by the code of their line.
    """
    told: list[Happening] = []
    for entry in entries(course):
        about = entry.subject_label.partition(" ")[2].strip("()")
        if entry.action == "training.add_attendance" and told and _continues(told[-1].entry, entry):
            told[-1] = _joined(told[-1], entry, about)
            continue
        pairs = changes_at(COURSES, course, entry) if is_batch(entry) else entry.changes
        new = entry.action in NEW or (is_batch(entry) and not pairs.get("title", [""])[0])
        changes = WORDS.changes(pairs, names_of(names))
        happening = Happening(entry, pgettext("action", entry.action), file_of(entry), changes, is_new=new)
        if entry.action == "training.add_attendances":
            happening.people = [lines.get(code, code) for code in entry.changes["lines"][1]]
            happening.sentence = _added(len(happening.people))
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
