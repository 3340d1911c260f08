"""The illustration: sample accounts and evidence, built only through services, at a fixed rehearsal date."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from chuan.accounts import sample as second_factor
from chuan.accounts.services import create_user
from chuan.audit.actor import system
from chuan.lib import clock
from chuan.lib.clock import VN
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.rules import Role
from chuan.organisations.services import grant_membership
from chuan.portal import rehearsal, sample_parties

REHEARSAL_AT = datetime(2026, 12, 11, 8, 0, tzinfo=VN)
#: The illustration's office began to keep its records the week after the plan was issued.
BEGINS_AT = datetime(2020, 11, 20, 8, 0, tzinfo=VN)
PASSWORD = "chuan-minh-hoa"  # noqa: S105 - printed for everyone; production refuses the database it opens

#: username, full name, [(unit, role)]
ACCOUNTS: tuple[tuple[str, str, tuple[tuple[str, Role], ...]], ...] = (
    ("chuyenvien", "Nguyễn Thị Minh Anh", (("so-khcn", Role.SPECIALIST),)),
    ("truongphong", "Trần Quốc Bảo", (("so-khcn", Role.HEAD_OF_OFFICE),)),
    ("giamdoc", "Lê Hoàng Nam", (("so-khcn", Role.DEPARTMENT_LEADER),)),
    ("phogiamdoc", "Vũ Thị Mai Phương", (("so-khcn", Role.DEPUTY_LEADER),)),
    ("vanthu", "Phạm Thu Hà", (("so-khcn", Role.CLERK),)),
    ("daumoi.ct", "Võ Văn Kiệt Em", (("so-ct", Role.FOCAL),)),
    ("lanhdao.ct", "Đặng Thị Hồng", (("so-ct", Role.UNIT_LEADER),)),
    ("vanthu.ct", "Bùi Thị Lan", (("so-ct", Role.CLERK),)),
    ("lanhdao.yt", "Phan Thanh Tùng", (("so-yt", Role.UNIT_LEADER),)),
    ("daumoi.yt", "Huỳnh Ngọc Ánh", (("so-yt", Role.FOCAL),)),
    ("taichinh", "Đỗ Minh Quân", (("so-tc", Role.FINANCE), ("so-tc", Role.FOCAL))),
    ("ubnd", "Hồ Thị Thanh", (("ubnd-tinh", Role.COMMITTEE_READER),)),
    ("phongthinghiem", "Ngô Đức Thắng", (("tt-khcn", Role.LABORATORY),)),
    ("kiemsoat", "Dương Văn Lợi", (("so-khcn", Role.AUDITOR),)),
    ("quantri", "Mai Anh Tuấn", (("so-khcn", Role.ADMINISTRATOR),)),
)


def build() -> None:
    """Everything the illustration has: accounts, parties, then six years of evidence and two report years."""
    with clock.at(BEGINS_AT):
        accounts()
    sample_parties.build()
    rehearsal.build()


def accounts() -> None:
    """The sample accounts; one password hash serves them all, since PBKDF2 costs 0.2 s each."""
    actor = system("sample")
    shared = make_password(PASSWORD)
    for username, full_name, roles in ACCOUNTS:
        user = create_user(actor=actor, username=username, full_name=full_name, hashed_password=shared)
        for code, role in roles:
            unit = OrganisationUnit.objects.get(code=code)
            grant_membership(actor=actor, user=user, unit=unit, role=role, valid_from=date(2020, 1, 1))
        second_factor.equip(user)


def sign_in_help() -> dict[str, Any]:
    """What the sign-in page of an illustration shows a visitor."""
    rows = [(username, full_name, roles[0][1].label) for username, full_name, roles in ACCOUNTS]
    return {"sample_accounts": rows, "sample_password": PASSWORD}


def account_table() -> str:
    """What `./run` prints: who can sign in to look around."""
    lines = [f"\nTài khoản minh họa (mật khẩu chung: {PASSWORD}; mã xác thực hiện ngay trên trang đăng nhập):"]
    for username, full_name, roles in ACCOUNTS:
        where = ", ".join(f"{role.label}" for _, role in roles)
        lines.append(f"  {username:<16} {full_name:<22} {where}")
    return "\n".join(lines) + "\n"
