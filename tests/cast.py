"""One fixed cast: units of the province and the people who act in them."""

from dataclasses import dataclass
from datetime import date

from chuan.accounts.models import User
from chuan.accounts.services import create_user
from chuan.audit.actor import Actor, system
from chuan.organisations.models import Membership, OrganisationUnit
from chuan.organisations.rules import Role, SuccessionScope, UnitKind
from chuan.organisations.services import add_version, establish_unit, grant_membership, reorganise

MERGER = date(2025, 7, 1)
BEGIN = date(2015, 1, 1)
SYSTEM = system("tests")


@dataclass(frozen=True)
class Member:
    """A person who acts in a role at a unit."""

    user: User
    membership: Membership
    actor: Actor


@dataclass(frozen=True)
class Cast:
    """Units by code, people by user name."""

    units: dict[str, OrganisationUnit]
    people: dict[str, Member]

    def __getattr__(self, name: str) -> Member:
        people: dict[str, Member] = self.__dict__.get("people", {})
        if name not in people:
            raise AttributeError(name)
        return people[name]

    def unit(self, code: str) -> OrganisationUnit:
        """A unit by its code."""
        return self.units[code]


PEOPLE: dict[str, tuple[str, Role, str]] = {
    "specialist": ("Nguyễn Thị Minh Anh", Role.SPECIALIST, "so-khcn"),
    "head": ("Trần Quốc Bảo", Role.HEAD_OF_OFFICE, "so-khcn"),
    "director": ("Lê Hoàng Nam", Role.DEPARTMENT_LEADER, "so-khcn"),
    "deputy": ("Vũ Thị Mai Phương", Role.DEPUTY_LEADER, "so-khcn"),
    "clerk": ("Phạm Thu Hà", Role.CLERK, "so-khcn"),
    "focal": ("Võ Văn Kiên", Role.FOCAL, "so-ct"),
    "leader": ("Đặng Thị Hồng", Role.UNIT_LEADER, "so-ct"),
    "unit_clerk": ("Bùi Thị Lan", Role.CLERK, "so-ct"),
    "other_focal": ("Huỳnh Ngọc Ánh", Role.FOCAL, "so-yt"),
    "other_leader": ("Phan Thanh Tùng", Role.UNIT_LEADER, "so-yt"),
    "finance": ("Đỗ Minh Quân", Role.FINANCE, "so-tc"),
    "committee": ("Hồ Thị Thanh", Role.COMMITTEE_READER, "ubnd-tinh"),
    "laboratory": ("Ngô Đức Thắng", Role.LABORATORY, "tt-khcn"),
    "enterprise": ("Lý Gia Hân", Role.ENTERPRISE, "dn-a"),
    "auditor": ("Dương Văn Lợi", Role.AUDITOR, "so-khcn"),
    "administrator": ("Mai Anh Tuấn", Role.ADMINISTRATOR, "so-khcn"),
}


def assemble() -> Cast:
    """Build the cast through the services."""
    units: dict[str, OrganisationUnit] = {}

    def unit(
        code: str, kind: UnitKind, name: str, parent: str = "", start: date = BEGIN, end: date | None = None
    ) -> None:
        units[code] = establish_unit(
            actor=SYSTEM, code=code, kind=kind, name=name, parent=units.get(parent), valid_from=start, valid_to=end
        )

    unit("tn-cu", UnitKind.PROVINCE, "Tỉnh Tây Ninh (cũ)", end=MERGER)
    unit("la", UnitKind.PROVINCE, "Tỉnh Long An", end=MERGER)
    unit("tn", UnitKind.PROVINCE, "Tỉnh Tây Ninh", start=MERGER)
    unit("tphcm", UnitKind.PROVINCE, "Thành phố Hồ Chí Minh")
    unit("ubnd-tinh", UnitKind.PROVINCE_COMMITTEE, "Ủy ban nhân dân tỉnh", "tn-cu", end=MERGER)
    add_version(
        actor=SYSTEM, unit=units["ubnd-tinh"], name="Ủy ban nhân dân tỉnh", parent=units["tn"], valid_from=MERGER
    )
    for code, name in (
        ("so-khcn", "Sở Khoa học và Công nghệ"),
        ("so-ct", "Sở Công Thương"),
        ("so-yt", "Sở Y tế"),
        ("so-tc", "Sở Tài chính"),
    ):
        unit(code, UnitKind.DEPARTMENT, name, "ubnd-tinh")
    unit("tt-khcn", UnitKind.SERVICE_ORGANISATION, "Trung tâm Khoa học và Công nghệ", "so-khcn")
    unit("h-tb", UnitKind.DISTRICT, "Huyện Tân Biên", "tn-cu", end=MERGER)
    unit("h-ct", UnitKind.DISTRICT, "Huyện Châu Thành", "tn-cu", end=MERGER)
    unit("tp-ta", UnitKind.DISTRICT, "Thành phố Tân An", "la", end=MERGER)
    unit("x-tb", UnitKind.COMMUNE, "Xã Tân Biên", "tn", start=MERGER)
    unit("x-ct", UnitKind.COMMUNE, "Xã Châu Thành", "tn", start=MERGER)
    unit("x-hd", UnitKind.COMMUNE, "Xã Hảo Đước", "tn", start=MERGER)
    unit("p-la", UnitKind.COMMUNE, "Phường Long An", "tn", start=MERGER)
    unit("dn-a", UnitKind.ENTERPRISE, "Công ty TNHH Cân Tây Ninh", "h-tb", end=MERGER)
    add_version(
        actor=SYSTEM, unit=units["dn-a"], name="Công ty TNHH Cân Tây Ninh", parent=units["x-tb"], valid_from=MERGER
    )
    unit("dn-hcm", UnitKind.ENTERPRISE, "Công ty Đo lường Sài Gòn", "tphcm")
    territory = SuccessionScope.TERRITORY
    reorganise(
        actor=SYSTEM,
        code="hop-nhat-2025",
        kind="merge",
        on=MERGER,
        title="Hợp nhất tỉnh",
        successions=[
            (units["tn-cu"], units["tn"], territory),
            (units["la"], units["tn"], territory),
            (units["h-tb"], units["x-tb"], territory),
            (units["h-ct"], units["x-ct"], territory),
            (units["h-ct"], units["x-hd"], territory),
            (units["tp-ta"], units["p-la"], territory),
        ],
    )
    return Cast(units, {name: member(name, *facts, units) for name, facts in PEOPLE.items()})


def member(username: str, full_name: str, role: Role, code: str, units: dict[str, OrganisationUnit]) -> Member:
    """Open an account and give it a role."""
    user = create_user(actor=SYSTEM, username=username, full_name=full_name, password="mot-mat-khau-dai")
    membership = grant_membership(actor=SYSTEM, user=user, unit=units[code], role=role, valid_from=date(2020, 1, 1))
    actor = Actor(user.pk, full_name, role, units[code].pk, code, origin="tests", unit_code=code)
    return Member(user, membership, actor)
