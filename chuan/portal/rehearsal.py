"""The illustration's story, told through the services with a stepping clock: courses, a year's report, the next one.

People and numbers are invented; the pages and papers say "DỮ LIỆU MINH HỌA".
"""

from datetime import date, datetime

from chuan.accounts.models import User
from chuan.audit.actor import Actor, system
from chuan.lib import clock
from chuan.organisations.models import Membership, OrganisationUnit, Person
from chuan.programme.models import Plan
from chuan.reporting import jobs
from chuan.reporting.models import Obligation, Report
from chuan.reporting.services import reports, submissions
from chuan.training.models import Attendance, AttendanceFacts, Course
from chuan.training.services import CourseEntry, LineEntry, add_attendance, add_course, correct_attendance

SYSTEM = system("sample")

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


def build() -> None:
    """From 2021 to the rehearsal day."""
    names = iter(_names())
    held: list[Course] = []
    for line in COURSES.strip().splitlines():
        recorded, keeper, title, kind, first, days, place, learners, employer = line.split(" | ")
        with clock.at(_at(date.fromisoformat(recorded), 9)):
            held.append(_course(keeper, title, kind, date.fromisoformat(first), int(days), place))
            _list(held[-1], keeper, [next(names) for _ in range(int(learners))], employer)
    _again(held)
    _report_2025()
    _corrections(held)
    _period_2026()


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.VN)


def _names() -> list[str]:
    """Full names, each once: 14, 10 and 15 have few common factors, so the triples do not repeat soon."""
    found: dict[str, None] = {}
    for number in range(2000):
        family, middle = FAMILY[number % len(FAMILY)], MIDDLE[(number // 14) % len(MIDDLE)]
        found[f"{family} {middle} {GIVEN[(number * 7) % len(GIVEN)]}"] = None
    return list(found)


def actor(username: str) -> Actor:
    """The sample account's actor."""
    user = User.objects.get(username=username)
    held = Membership.objects.live().select_related("unit").get(user=user)
    version = held.unit.versions.live().order_by("-valid_from").first()
    return Actor(user.pk, user.full_name, held.role, held.unit_id, version.short_name if version else "", "sample")


def _unit(code: str) -> OrganisationUnit:
    return OrganisationUnit.objects.get(code=code)


def _course(keeper: str, title: str, kind: str, first: date, days: int, place: str) -> Course:
    organiser = {"so-khcn": "Sở Khoa học và Công nghệ", "so-ct": "Sở Công Thương", "so-yt": "Sở Y tế"}[keeper]
    entry = CourseEntry(
        title=title,
        kind=kind,
        start=first,
        end=date.fromordinal(first.toordinal() + days - 1),
        organiser=organiser,
        place=_unit(place),
    )
    return add_course(actor=actor(RECORDERS[keeper]), owner=_unit(keeper), entry=entry)


def _list(course: Course, keeper: str, names: list[str], employer: str) -> None:
    for index, name in enumerate(names):
        last = index == len(names) - 1 and len(names) > 6
        add_attendance(
            actor=actor(RECORDERS[keeper]),
            course=course,
            entry=LineEntry(
                role="learner", full_name=name, completed=not last, employer=_unit(employer), position="Chuyên viên"
            ),
        )


def _again(held: list[Course]) -> None:
    """Three people of 2023 learn again in 2025; a lecturer; a claimed count; a namesake without diacritics."""
    with clock.at(_at(date(2025, 11, 3), 10)):
        people = Person.objects.filter(attendances__attendance__course=held[2]).order_by("pk")[:3]
        for person in people:
            entry = LineEntry(role="learner", person=person, employer=_unit("so-ct"))
            add_attendance(actor=actor("chuyenvien"), course=held[6], entry=entry)
        entry = LineEntry(role="lecturer", full_name="Trịnh Công Sự", employer=_unit("tt-khcn"))
        add_attendance(actor=actor("chuyenvien"), course=held[6], entry=entry)
        entry = LineEntry(role="learner", headcount=45, note="Số liệu theo báo cáo của đơn vị, không kèm danh sách")
        add_attendance(actor=actor("chuyenvien"), course=held[3], entry=entry)
        entry = LineEntry(role="learner", full_name="nguyen van an", employer=_unit("so-yt"))
        add_attendance(actor=actor("daumoi.yt"), course=held[4], entry=entry)


def _open(year: int, on: date, letter: str) -> None:
    with clock.at(_at(on, 8)):
        submissions.open_period(
            actor=actor("chuyenvien"),
            plan=Plan.objects.get(code="KH-2828"),
            year=year,
            deadline=date(year, 12, 10),
            letter=letter,
            units=[(_unit(c), "Mục IV.3 Kế hoạch 2828/KH-UBND") for c in ("so-ct", "so-yt", "so-tc")],
        )


def _submit(year: int, unit: str, on: date, words: str, *, wrong: str = "", until: str = "accept") -> None:
    """Write, present, approve, send and accept a unit's report; `until` stops after that step."""
    obligation = Obligation.objects.select_related("period", "period__plan", "unit").get(code=f"KH-2828-{year}-{unit}")
    suffix = unit.removeprefix("so-")
    writer, leader = (f"daumoi.{suffix}", f"lanhdao.{suffix}")
    focal = actor(writer) if User.objects.filter(username=writer).exists() else SYSTEM
    boss = actor(leader) if User.objects.filter(username=leader).exists() else SYSTEM
    figures = {
        "CT2": {"right": not wrong, "missing": wrong},
        "CT2-L": {"right": True, "missing": ""},
    }
    with clock.at(_at(on, 9)):
        current = submissions.start_submission(actor=focal, obligation=obligation)
        submissions.save_draft(actor=focal, submission=current, version=0, figures=figures, narrative=words, nil=False)
        for verb, who in (("present", focal), ("approve", boss), ("send", focal), ("accept", actor("chuyenvien"))):
            if until == "draft":
                return
            submissions.move_submission(actor=who, submission=current, verb=verb)
            if verb == until:
                return


def _report_2025() -> None:
    """The 2025 report, dispatched on 18/12/2025."""
    _open(2025, date(2025, 11, 10), "Công văn đề nghị báo cáo năm 2025 (minh họa)")
    _submit(2025, "so-ct", date(2025, 12, 5), "Đã tổ chức tập huấn cho doanh nghiệp và công chức quản lý thị trường.")
    _submit(2025, "so-yt", date(2025, 12, 9), "Đã rà soát phương tiện đo tại các cơ sở y tế.")
    with clock.at(_at(date(2025, 12, 15), 14)):
        from_office = actor("chuyenvien")
        report = reports.start_report(
            actor=from_office, period=Obligation.objects.get(code="KH-2828-2025-so-ct").period
        )
        reports.save_words(actor=from_office, report=report, version=0, words=WORDS_2025)
        report.refresh_from_db()
        reports.review(actor=actor("truongphong"), report=report)
        content = reports.freeze(actor=from_office, report=report)
        jobs.print_papers(content.pk)
    with clock.at(_at(date(2025, 12, 18), 10)):
        report = Report.objects.select_related("content", "period").get(pk=report.pk)
        reports.sign(actor=actor("giamdoc"), report=report)
        reports.number_report(actor=actor("vanthu"), report=report, number=312, dated=date(2025, 12, 18))
        jobs.print_papers(content.pk)
        reports.dispatch(
            actor=actor("vanthu"),
            report=report,
            recipients=["Ủy ban nhân dân tỉnh Tây Ninh", "Bộ Khoa học và Công nghệ"],
        )


WORDS_2025 = {
    "direction": "Sở Khoa học và Công nghệ đã hướng dẫn các cơ quan, đơn vị triển khai Kế hoạch và đôn đốc báo cáo.",
    "results": "Nội dung tập trung vào kiểm định phương tiện đo nhóm 2 và đánh giá độ không đảm bảo đo.",
    "difficulties": "Nhân lực làm công tác đo lường thay đổi sau sắp xếp tổ chức bộ máy.",
    "next": "Tiếp tục mở lớp theo nhu cầu của doanh nghiệp trên địa bàn.",
}


def _corrections(held: list[Course]) -> None:
    """In March 2026 the unit finds that one learner of 2025 did not complete the course."""
    with clock.at(_at(date(2026, 3, 4), 15)):
        first = Attendance.objects.filter(course=held[6]).order_by("pk").first()
        seen = AttendanceFacts.objects.live().select_related("attendance__course").get(attendance=first)
        correct_attendance(
            actor=actor("chuyenvien"), seen=seen, reason="Đối chiếu bảng điểm: học viên vắng ngày cuối", completed=False
        )


def _period_2026() -> None:
    """The rehearsal year: one accepted with a dispute, one being written, one not opened."""
    _open(2026, date(2026, 11, 9), "Công văn đề nghị báo cáo năm 2026 (minh họa)")
    _submit(
        2026,
        "so-ct",
        date(2026, 12, 8),
        "Đã tổ chức hai lớp tập huấn; kiểm tra cân thông dụng tại các chợ.",
        wrong="Thiếu danh sách lớp tổ chức tại Gò Dầu tháng 8/2026 (đang thu thập).",
    )
    _submit(2026, "so-yt", date(2026, 12, 9), "Đã bồi dưỡng quản lý phương tiện đo y tế.", until="present")
