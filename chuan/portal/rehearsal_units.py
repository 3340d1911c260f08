"""The illustration's units: a merger that never was, and says so; which tasks of the annex units were given."""

from datetime import date
from functools import partial

from chuan.lib import clock
from chuan.organisations.models import UnitVersion
from chuan.organisations.services import close_version, establish_unit, reorganise
from chuan.portal.rehearsal_common import SYSTEM, Step, actor, step, unit
from chuan.programme.models import Task
from chuan.programme.services.assignments import AssignmentEntry, assign_task

PARTED = ("xa-25498", "xa-25510")
JOINED = "xa-gia-dinh"
NAME = "Xã Thạnh Bình – Trà Vong (giả định, minh họa)"
SINCE = date(2026, 9, 1)
#: row of the annex; unit; its part
ASSIGNED = (
    ("PL.II.4.2", "so-ct", "lead"),
    ("PL.II.3.2", "so-ct", "coordinate"),
    ("PL.I.1", "so-ct", "coordinate"),
    ("PL.I.1", "so-yt", "coordinate"),
)
#: Given after the reorganisation of July 2025.
ASSIGNED_SINCE = (("PL.I.1", "phuong-25459", "coordinate"), ("PL.I.1", "phuong-25708", "coordinate"))
WHY = "Sự kiện giả định để diễn tập, không có thật (dữ liệu minh họa)"


def steps() -> list[Step]:
    """Tasks are given in 2024 and 2025; the merger is recorded a week before it would hold."""
    return [
        step("2024-02-05", 9, partial(_assign, ASSIGNED)),
        step("2025-09-08", 9, partial(_assign, ASSIGNED_SINCE)),
        step("2026-08-25", 9, _join),
    ]


def _assign(rows: tuple[tuple[str, str, str], ...]) -> None:
    """Working assignments beside the printed ones."""
    document = "Văn bản phân công (minh họa)"
    for item, code, duty in rows:
        entry = AssignmentEntry(unit=unit(code), duty=duty, valid_from=clock.today(), document=document)
        assign_task(actor=actor("chuyenvien"), task=Task.objects.get(item__code=item), entry=entry)


def _join() -> None:
    """Both end, a third takes their ground and their functions."""
    before = [unit(code) for code in PARTED]
    ended = [UnitVersion.objects.live().get(unit=one, valid_to=None) for one in before]
    parent = ended[0].parent
    for version in ended:
        close_version(actor=SYSTEM, version=version, valid_to=SINCE, document=WHY, reason=WHY)
    joined = establish_unit(
        actor=SYSTEM, code=JOINED, kind="commune", name=NAME, parent=parent, valid_from=SINCE, document=WHY
    )
    reorganise(
        actor=SYSTEM,
        code="gia-dinh-2026",
        kind="merge",
        on=SINCE,
        title="Nhập xã Thạnh Bình và xã Trà Vong (GIẢ ĐỊNH, dữ liệu minh họa)",
        document=WHY,
        successions=[(one, joined, "territory") for one in before],
    )
