"""The illustration's courses: held, listed, corrected. People are invented."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from chuan.organisations.models import Person
from chuan.portal.rehearsal_common import Step, actor, step, unit
from chuan.training.models import Attendance, AttendanceFacts, Course
from chuan.training.services import (
    CourseEntry,
    LineEntry,
    add_attendance,
    add_attendances,
    add_course,
    correct_attendance,
)

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Phan")
MIDDLE = ("Văn", "Thị", "Minh", "Thanh", "Ngọc", "Hữu", "Quốc", "Kim", "Hoàng", "Thu")
GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Em",
    "Giang",
    "Hạnh",
    "Khánh",
    "Linh",
    "Mai",
    "Nga",
    "Phúc",
    "Quân",
    "Sơn",
    "Tâm",
)

#: recorded on; keeper; title; kind; first day; days; place; learners; their employer
COURSES = """
2021-06-30 | so-khcn | Tập huấn văn bản pháp luật về đo lường | course | 2021-06-21 | 2 | huyen-703 | 9 | so-ct
2022-09-30 | so-khcn | Nghiệp vụ kiểm định cân đồng hồ lò xo | course | 2022-09-12 | 5 | huyen-705 | 8 | tt-khcn
2023-05-31 | so-ct | Đo lường kinh doanh xăng dầu | course | 2023-05-15 | 2 | huyen-712 | 10 | so-ct
2023-11-10 | so-khcn | Hội nghị phổ biến Đề án 996 | conference | 2023-11-02 | 1 | huyen-703 | 12 | so-yt
2024-04-30 | so-yt | Kiểm định phương tiện đo trong y tế | course | 2024-04-08 | 3 | huyen-703 | 9 | so-yt
2025-05-30 | so-ct | Chương trình đảm bảo đo lường | course | 2025-05-12 | 3 | huyen-708 | 8 | so-ct
2025-10-31 | so-khcn | Độ không đảm bảo đo theo GUM | course | 2025-10-20 | 3 | xa-25588 | 7 | tt-khcn
2026-04-10 | so-ct | Tập huấn kiểm tra cân thông dụng tại chợ | course | 2026-03-30 | 2 | xa-25585 | 8 | so-ct
2026-07-06 | so-yt | Bồi dưỡng quản lý phương tiện đo y tế | course | 2026-06-29 | 2 | phuong-25459 | 6 | so-yt
2026-09-30 | so-khcn | Đo lường cho doanh nghiệp khu vực Tân An | course | 2026-09-21 | 1 | phuong-27694 | 5 | so-ct
2026-11-20 | so-ct | Hiệu chuẩn thiết bị đo áp suất, nhiệt độ | course | 2026-11-09 | 4 | phuong-25708 | 7 | tt-khcn
"""

RECORDERS = {"so-khcn": "chuyenvien", "so-ct": "daumoi.ct", "so-yt": "daumoi.yt"}


def steps() -> list[Step]:
    """Courses as they are recorded; people who learn again in 2025; a correction in March 2026."""
    names = iter(_names())
    held: list[Course] = []
    lines = COURSES.strip().splitlines()
    recorded = [step(line.split(" | ")[0], 9, partial(_record, line, names, held)) for line in lines]
    return [
        *recorded,
        step("2025-11-03", 10, lambda: _again(held)),
        step("2026-03-04", 15, lambda: _correct(held)),
    ]


def _record(line: str, names: Iterator[str], held: list[Course]) -> None:
    _recorded, keeper, title, kind, first, days, place, learners, employer = line.split(" | ")
    held.append(_course(keeper, title, kind, date.fromisoformat(first), int(days), place))
    _list(held[-1], keeper, [next(names) for _ in range(int(learners))], employer)


def _names() -> list[str]:
    """Full names, each once: 14, 10 and 15 have few common factors, so the triples do not repeat soon."""
    found: dict[str, None] = {}
    for number in range(2000):
        family, middle = FAMILY[number % len(FAMILY)], MIDDLE[(number // 14) % len(MIDDLE)]
        found[f"{family} {middle} {GIVEN[(number * 7) % len(GIVEN)]}"] = None
    return list(found)


def _course(keeper: str, title: str, kind: str, first: date, days: int, place: str) -> Course:
    organiser = {"so-khcn": "Sở Khoa học và Công nghệ", "so-ct": "Sở Công Thương", "so-yt": "Sở Y tế"}[keeper]
    entry = CourseEntry(
        title=title,
        kind=kind,
        start=first,
        end=date.fromordinal(first.toordinal() + days - 1),
        organiser=organiser,
        place=unit(place),
    )
    return add_course(actor=actor(RECORDERS[keeper]), owner=unit(keeper), entry=entry)


def _list(course: Course, keeper: str, names: list[str], employer: str) -> None:
    """The pasted list; of a long one the last did not complete the course."""
    works_at, last = unit(employer), len(names) - 1
    entries = [
        LineEntry(
            role="learner",
            full_name=name,
            completed=index != last or last < 6,
            employer=works_at,
            position="Chuyên viên",
        )
        for index, name in enumerate(names)
    ]
    add_attendances(actor=actor(RECORDERS[keeper]), course=course, entries=entries)


def _again(held: list[Course]) -> None:
    """Three people of 2023 learn again in 2025; a lecturer; a claimed count; a namesake without diacritics."""
    office = actor("chuyenvien")
    for person in Person.objects.filter(attendances__attendance__course=held[2]).order_by("pk")[:3]:
        add_attendance(
            actor=office, course=held[6], entry=LineEntry(role="learner", person=person, employer=unit("so-ct"))
        )
    lecturer = LineEntry(role="lecturer", full_name="Trịnh Công Sự", employer=unit("tt-khcn"))
    add_attendance(actor=office, course=held[6], entry=lecturer)
    claimed = LineEntry(role="learner", headcount=45, note="Số liệu theo báo cáo của đơn vị, không kèm danh sách")
    add_attendance(actor=office, course=held[3], entry=claimed)
    namesake = LineEntry(role="learner", full_name="nguyen van an", employer=unit("so-yt"))
    add_attendance(actor=actor("daumoi.yt"), course=held[4], entry=namesake)


def _correct(held: list[Course]) -> None:
    """The unit finds that one learner of 2025 did not complete the course."""
    first = Attendance.objects.filter(course=held[6]).order_by("pk").first()
    seen = AttendanceFacts.objects.live().select_related("attendance__course").get(attendance=first)
    reason = "Đối chiếu bảng điểm: học viên vắng ngày cuối"
    correct_attendance(actor=actor("chuyenvien"), seen=seen, reason=reason, completed=False)
