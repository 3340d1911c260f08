"""The illustration's units: a merger that never was, and says so; who is in the plan's groups; tasks given."""

from datetime import date
from functools import partial

from chuan.lib import clock
from chuan.organisations.models import OrganisationUnit, PartyClass, UnitVersion
from chuan.organisations.services import (
    add_class_members,
    close_version,
    copy_class_year,
    establish_unit,
    reorganise,
)
from chuan.portal.rehearsal_common import SYSTEM, Step, actor, party, step, unit
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
#: group that the plan names; who was in it in 2024, by code or by words of the name
LISTS = """
don-vi-lien-quan | so-ct, so-yt, so-tc, so-khdt, so-tttt
nganh-lien-quan | so-ct, so-yt, so-tc
doanh-nghiep | Cân điện tử Núi Bà, Mía đường Bến Cầu, Xăng dầu Long Hoa, Cấp nước Vàm Cỏ Đông
to-chuc-dich-vu | tt-khcn, Hiệu chuẩn Miền Đông, Thử nghiệm Xăng dầu, Kiểm định Đồng hồ nước
ptn-cong-nhan | tt-khcn, Thử nghiệm Xăng dầu
hoi | Hội Doanh nhân trẻ, Doanh nghiệp nhỏ và vừa
"""
#: Wards that the first group has since they report themselves.
JOINING = ("phuong-25459", "phuong-25708")
LISTED_BY = "Văn bản lập danh sách hằng năm (minh họa)"
WHY = "Sự kiện giả định để diễn tập, không có thật (dữ liệu minh họa)"


def steps() -> list[Step]:
    """Groups are listed and tasks given in 2024 and 2025; the merger is recorded a week before it would hold."""
    return [
        step("2024-02-05", 8, _list),
        step("2025-09-08", 8, partial(_list_again, 2025, ())),
        step("2026-02-09", 8, partial(_list_again, 2026, JOINING)),
        step("2024-02-05", 9, partial(_assign, ASSIGNED)),
        step("2025-09-08", 9, partial(_assign, ASSIGNED_SINCE)),
        step("2026-08-25", 9, _join),
    ]


def _list() -> None:
    """Who is in each group in the first year."""
    for line in LISTS.strip().splitlines():
        code, names = (cell.strip() for cell in line.split("|"))
        members = [_member(name.strip()) for name in names.split(",")]
        _add(code, members)


def _member(words: str) -> OrganisationUnit:
    return OrganisationUnit.objects.filter(code=words).first() or party(words)


def _add(code: str, members: list[OrganisationUnit]) -> None:
    group = PartyClass.objects.get(code=code)
    year = clock.today().year
    add_class_members(actor=actor("chuyenvien"), party_class=group, units=members, year=year, basis=LISTED_BY)


def _list_again(year: int, joining: tuple[str, ...]) -> None:
    """Last year's lists, without those that are no more; some join the first."""
    office = actor("chuyenvien")
    for group in PartyClass.objects.filter(members__year=year - 1).distinct().order_by("code"):
        copy_class_year(actor=office, party_class=group, source=year - 1, target=year, basis=LISTED_BY)
    if joining:
        _add("don-vi-lien-quan", [unit(code) for code in joining])


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
