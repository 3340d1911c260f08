"""A year's reporting that a hundred units owe, made by the services: each with tasks, money, difficulties, proposals.

For `bench.consolidated` and `bench.submitting`, which set Django up before they import this.
"""

from collections.abc import Sequence
from datetime import date

from chuan.audit.actor import system
from chuan.lib import clock
from chuan.organisations.models import OrganisationUnit, UnitVersion
from chuan.organisations.queries import in_force, unit_names
from chuan.organisations.rules import UnitKind
from chuan.programme.models import Plan, Task
from chuan.programme.rules import Duty
from chuan.programme.services.assignments import AssignmentEntry, assign_task
from chuan.reporting import unit_reports
from chuan.reporting.collecting import TRIEU, Difficulty, Parts, Proposal, TaskWord
from chuan.reporting.confirmed import ALWAYS
from chuan.reporting.models import Obligation, ReportingPeriod, Submission
from chuan.reporting.services import submissions
from chuan.training import services as training
from chuan.training.services import CourseEntry, LineEntry

ACTOR = system("bench")
PLAN = "KH-2828"
#: Beside the 96 communes and wards they make a hundred.
FIRST_UNITS = ("so-ct", "so-yt", "so-tc", "tt-khcn")
#: Tasks of the annex that every unit has, and further ones that it shares with some.
SHARED, FURTHER = 3, 3
COURSES, LINES = 10, 20
#: The steps of a unit's report up to the officer's desk and over it.
APPROVED = ("present", "approve")
ACCEPTED = (*APPROVED, "send", "accept")

DONE = (
    "Đã tổ chức {n} buổi tuyên truyền về đo lường cho hộ kinh doanh tại các chợ, cấp phát tờ rơi đến từng điểm cân",
    "Đã kiểm tra {n} phương tiện đo nhóm 2 đang sử dụng, nhắc chủ phương tiện kiểm định đúng hạn và lập danh sách",
    "Đã bố trí {n} điểm cân đối chứng, phân công công chức theo dõi và ghi sổ kết quả đối chứng hằng tuần",
    "Đã rà soát {n} cơ sở có phép đo trong sản xuất, vận động xây dựng Chương trình đảm bảo đo lường",
)
NARRATIVE = (
    "Đơn vị đã ban hành kế hoạch thực hiện trong năm, phân công {n} công chức phụ trách và phối hợp với Sở Khoa học và "
    "Công nghệ kiểm tra phương tiện đo trên địa bàn.\n"
    "Công tác tuyên truyền được lồng ghép vào {n} cuộc họp ấp, khu phố và trên hệ thống truyền thanh cơ sở."
)
DIFFICULTIES = (
    Difficulty("people", "Công chức phụ trách kiêm nhiệm, thay đổi sau sắp xếp tổ chức bộ máy", "department"),
    Difficulty("technical", "Địa bàn chưa có quả cân chuẩn để đối chứng tại chợ", "committee"),
    Difficulty("rules", "Chưa có hướng dẫn thống nhất về cân đối chứng tại chợ", "ministry"),
    Difficulty("money", "Kinh phí cho hoạt động đo lường còn hạn chế", "committee"),
)


def obliged(count: int) -> list[OrganisationUnit]:
    """Departments first, then communes and wards as they stand today."""
    found = [OrganisationUnit.objects.get(code=code) for code in FIRST_UNITS]
    standing = UnitVersion.objects.live().filter(in_force(clock.today()), unit__kind=UnitKind.COMMUNE)
    found += [version.unit for version in standing.select_related("unit").order_by("unit__code")]
    if count > len(found):
        raise SystemExit(f"{len(found)} units stand today, {count} were asked for")
    return found[:count]


def opened(units: Sequence[OrganisationUnit], year: int) -> list[Obligation]:
    """What the units owe for the year; they have tasks, and some keep a register."""
    plan = Plan.objects.get(code=PLAN)
    period = submissions.open_period(
        actor=ACTOR,
        plan=plan,
        year=year,
        deadline=date(year, 12, 10),
        cut_off=date(year, 12, 14),
        letter="Công văn đề nghị báo cáo (đo tốc độ)",
        units=[(unit, "Mục IV Kế hoạch 2828/KH-UBND") for unit in units],
    )
    _assign(units, period)
    _train(units, year)
    rows = Obligation.objects.filter(period=period).select_related("period__plan", "unit")
    by_unit = {row.unit_id: row for row in rows}
    return [by_unit[unit.pk] for unit in units]


def _assign(units: Sequence[OrganisationUnit], period: ReportingPeriod) -> None:
    """The first tasks of the annex to everybody, the others in turn."""
    tasks = list(Task.objects.filter(plan=period.plan).order_by("item__order"))
    rest = tasks[SHARED:]
    for place, unit in enumerate(units):
        entry = AssignmentEntry(unit, Duty.COORDINATE, period.first, "Văn bản phân công (đo tốc độ)")
        own = [rest[(place * FURTHER + step) % len(rest)] for step in range(FURTHER)]
        for task in (*tasks[:SHARED], *own):
            assign_task(actor=ACTOR, task=task, entry=entry)


def _train(units: Sequence[OrganisationUnit], year: int) -> None:
    """Some units keep a course with a list."""
    start, end, organiser = date(year, 5, 4), date(year, 5, 8), "Sở Khoa học và Công nghệ"
    for number, unit in enumerate(units[:COURSES]):
        entry = CourseEntry(f"Lớp đo lường {number}", "course", start, end, organiser, place=units[-1])
        made = training.add_course(actor=ACTOR, owner=unit, entry=entry)
        lines = [
            LineEntry(role="learner", full_name=f"Nguyễn Văn Học Viên {number} {line}", employer=unit)
            for line in range(LINES)
        ]
        training.add_attendances(actor=ACTOR, course=made, entries=lines)


def write(obligation: Obligation, place: int, way: Sequence[str]) -> Submission:
    """A whole report, taken along the steps of `way`."""
    made = submissions.start_submission(actor=ACTOR, obligation=obligation)
    submissions.save_draft(
        actor=ACTOR,
        submission=made,
        version=0,
        figures={code: {"right": True, "missing": ""} for code in ALWAYS},
        narrative=NARRATIVE.format(n=place % 7 + 2),
        nil=False,
        parts=_parts(obligation, place),
    )
    for verb in way:
        submissions.move_submission(actor=ACTOR, submission=made, verb=verb)
    return made


def _parts(obligation: Obligation, place: int) -> Parts:
    """Every task with words, money of two sources, two difficulties, two proposals; no two units say quite the same."""
    tasks = unit_reports.filled(obligation, {}, None).tasks
    if len(tasks) < SHARED + FURTHER:
        raise SystemExit(f"{obligation}: {len(tasks)} tasks")
    name = unit_names().get(obligation.unit_id, obligation.unit.code)
    told = {
        line.code: TaskWord(
            "done" if step % 2 else "under_way", f"{DONE[step % len(DONE)]} tại {name}.".format(n=place)
        )
        for step, line in enumerate(tasks, start=place)
    }
    difficulties = [DIFFICULTIES[(place + step) % len(DIFFICULTIES)] for step in range(2)]
    proposals = [
        Proposal(tasks[0].code, f"Mở {place % 3 + 1} lớp cho công chức của {name}", {"budget": (60 + place) * TRIEU}),
        Proposal("", f"Mua quả cân chuẩn cho {name}", {"budget": 15 * TRIEU, "enterprise": (place % 9) * TRIEU}),
    ]
    money = {"budget": (25 + place) * TRIEU, "enterprise": (place % 5) * TRIEU}
    return Parts(tasks=told, money=money, difficulties=difficulties, proposals=proposals)
