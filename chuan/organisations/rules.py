"""Kinds of units and roles, and what follows from them: plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnitKind(TextChoices):
    """What a unit is. Territorial kinds are places as well as authorities."""

    MINISTRY = "ministry", _("Bộ, cơ quan ngang bộ")
    PROVINCE = "province", _("Tỉnh")
    PROVINCE_COMMITTEE = "province_committee", _("UBND tỉnh")
    DEPARTMENT = "department", _("Sở")
    AGENCY = "agency", _("Ban, ngành cấp tỉnh")
    DISTRICT = "district", _("Huyện, thị xã, thành phố")
    COMMUNE = "commune", _("Xã, phường, thị trấn")
    SERVICE_ORGANISATION = "service_organisation", _("Tổ chức kiểm định, hiệu chuẩn, thử nghiệm")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    ASSOCIATION = "association", _("Hội, hiệp hội")


TERRITORIAL = (UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE)


class Role(TextChoices):
    """What a person does here, at a unit."""

    FOCAL = "focal", _("Đầu mối báo cáo của đơn vị")
    UNIT_LEADER = "unit_leader", _("Lãnh đạo đơn vị")
    CLERK = "clerk", _("Văn thư")
    SPECIALIST = "specialist", _("Chuyên viên Sở KH&CN")
    HEAD_OF_OFFICE = "head_of_office", _("Trưởng phòng soát xét, Sở KH&CN")
    DEPARTMENT_LEADER = "department_leader", _("Lãnh đạo Sở KH&CN")
    FINANCE = "finance", _("Sở Tài chính")
    COMMITTEE_READER = "committee_reader", _("Người xem của UBND tỉnh")
    LABORATORY = "laboratory", _("Phòng thí nghiệm, tổ chức dịch vụ")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    AUDITOR = "auditor", _("Kiểm soát viên")
    ADMINISTRATOR = "administrator", _("Quản trị hệ thống")


#: Roles that approve, sign off or administer: a second factor is required.
SECOND_FACTOR_ROLES = frozenset(
    {Role.UNIT_LEADER, Role.HEAD_OF_OFFICE, Role.DEPARTMENT_LEADER, Role.ADMINISTRATOR, Role.CLERK}
)

#: Roles at Sở KH&CN that read the evidence of every unit of the province.
PROVINCE_WIDE_ROLES = frozenset({Role.SPECIALIST, Role.HEAD_OF_OFFICE, Role.DEPARTMENT_LEADER, Role.AUDITOR})

#: Roles that read the evidence of their own unit.
OWN_UNIT_ROLES = frozenset({Role.FOCAL, Role.UNIT_LEADER, Role.CLERK, Role.LABORATORY, Role.ENTERPRISE})

#: Code of Sở KH&CN, whose people read the evidence of every unit.
DEPARTMENT = "so-khcn"

#: Code of the only unit at which a role can be held: the role says what its holder reads, whichever unit is named.
HOME_OF_ROLE: Mapping[str, str] = {
    **dict.fromkeys(PROVINCE_WIDE_ROLES, DEPARTMENT),
    Role.FINANCE: "so-tc",
    Role.COMMITTEE_READER: "ubnd-tinh",
}

#: Roles that record evidence for their unit and correct what it keeps.
RECORDING_ROLES = frozenset({Role.FOCAL, Role.UNIT_LEADER, Role.SPECIALIST, Role.LABORATORY})


class EventKind(TextChoices):
    """What happened to units."""

    ESTABLISH = "establish", _("Thành lập")
    RENAME = "rename", _("Đổi tên")
    MERGE = "merge", _("Hợp nhất, sáp nhập")
    SPLIT = "split", _("Chia, tách")
    ABOLISH = "abolish", _("Giải thể")
    TRANSFER = "transfer", _("Chuyển giao chức năng")


class SuccessionScope(TextChoices):
    """What passed from predecessor to successor."""

    TERRITORY = "territory", _("Địa bàn")
    ORGANISATION = "organisation", _("Tổ chức")
    FUNCTION = "function", _("Chức năng")


@dataclass(frozen=True)
class Period:
    """Half-open range of days; None is open."""

    start: date | None
    end: date | None

    def contains(self, day: date) -> bool:
        """`day` lies in [start, end)."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """The two share a day."""
        return (self.end is None or other.start is None or other.start < self.end) and (
            other.end is None or self.start is None or self.start < other.end
        )
