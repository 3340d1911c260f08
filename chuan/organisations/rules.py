"""Kinds of units and roles, and what follows from them: plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chuan.lib import text


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


#: Kinds of the province's own authorities: what a specialist may add by a document, one by one.
AUTHORITIES = (UnitKind.DEPARTMENT, UnitKind.AGENCY)

#: In which order lists of an office name units: sở and ngành, districts, xã and phường, then all others.
_LISTED = (*AUTHORITIES, UnitKind.DISTRICT, UnitKind.COMMUNE)


def list_order(kind: str, name: str) -> tuple[int, str, str]:
    """Sort key of a unit on a page and a paper: by the standing of its kind, then in Vietnamese order of its name."""
    place = _LISTED.index(UnitKind(kind)) if kind in _LISTED else len(_LISTED)
    return place, text.sort_key(name), name


TERRITORIAL = (UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE)


def authority_name(kind: str, name: str) -> str:
    """The body that writes and is written to: of a place its People's Committee ("Ủy ban nhân dân xã Long Thuận").

    Any other unit is a body itself, and a name that says the committee already stays as it is.
    """
    if kind not in TERRITORIAL or name.startswith(("Ủy ban nhân dân", "Uỷ ban nhân dân", "UBND")):
        return name
    first, _space, rest = name.partition(" ")
    kind_word = first.lower() if first in {"Tỉnh", "Thành", "Huyện", "Thị", "Quận", "Xã", "Phường"} else first
    return f"Ủy ban nhân dân {kind_word} {rest}".rstrip()


#: Kinds that are parties of the register: they are registered one by one, not established by a legal document.
PARTIES = (UnitKind.ENTERPRISE, UnitKind.SERVICE_ORGANISATION, UnitKind.ASSOCIATION)


class Role(TextChoices):
    """What a person does here, at a unit."""

    FOCAL = "focal", _("Đầu mối báo cáo của đơn vị")
    UNIT_LEADER = "unit_leader", _("Lãnh đạo đơn vị")
    CLERK = "clerk", _("Văn thư")
    SPECIALIST = "specialist", _("Chuyên viên Sở KH&CN")
    HEAD_OF_OFFICE = "head_of_office", _("Trưởng phòng soát xét, Sở KH&CN")
    DEPARTMENT_LEADER = "department_leader", _("Giám đốc Sở KH&CN")
    DEPUTY_LEADER = "deputy_leader", _("Phó Giám đốc Sở KH&CN")
    FINANCE = "finance", _("Sở Tài chính")
    COMMITTEE_READER = "committee_reader", _("Người xem của UBND tỉnh")
    LABORATORY = "laboratory", _("Phòng thí nghiệm, tổ chức dịch vụ")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    AUDITOR = "auditor", _("Kiểm soát viên")
    ADMINISTRATOR = "administrator", _("Quản trị hệ thống")


#: Roles that approve, sign off or administer: a second factor is required.
SECOND_FACTOR_ROLES = frozenset(
    {
        Role.UNIT_LEADER,
        Role.HEAD_OF_OFFICE,
        Role.DEPARTMENT_LEADER,
        Role.DEPUTY_LEADER,
        Role.ADMINISTRATOR,
        Role.CLERK,
    }
)

#: Roles at Sở KH&CN that read the evidence of every unit of the province.
PROVINCE_WIDE_ROLES = frozenset(
    {Role.SPECIALIST, Role.HEAD_OF_OFFICE, Role.DEPARTMENT_LEADER, Role.DEPUTY_LEADER, Role.AUDITOR}
)

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


#: How an authority can come out of others that end → what the event is called, from (before) and to (after).
TAKING_OVER: Mapping[str, Any] = {
    EventKind.MERGE: _("Hợp nhất, sáp nhập %(before)s thành %(after)s"),
    EventKind.RENAME: _("Đổi tên, tổ chức lại %(before)s thành %(after)s"),
    EventKind.SPLIT: _("Chia, tách %(before)s, lập %(after)s"),
}


class SuccessionScope(TextChoices):
    """What passed from predecessor to successor."""

    TERRITORY = "territory", _("Địa bàn")
    ORGANISATION = "organisation", _("Tổ chức")
    FUNCTION = "function", _("Chức năng")


class FunctionDomain(TextChoices):
    """A field of state management that may pass on its own."""

    METROLOGY = "metrology", _("Quản lý nhà nước về đo lường")
    FINANCE = "finance", _("Tài chính, ngân sách")
    INVESTMENT = "investment", _("Kế hoạch, đầu tư")
    COMMUNICATION = "communication", _("Thông tin, truyền thông")
    TRADE = "trade", _("Công nghiệp, thương mại")
    HEALTH = "health", _("Y tế")


#: The first day that the register speaks of: a unit said to begin on it stood before, since when is not recorded.
EARLIEST = date(2015, 1, 1)

#: Years that a class's list may be of: the plan's first, and one that nobody will see.
FIRST_YEAR, LAST_YEAR = 2020, 2100


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


def list_period(year: int, today: date) -> Period:
    """Days on which a unit exists that may stand on a list of the year: any day of it, of this year those to come."""
    first = date(year, 1, 1)
    return Period(max(first, today) if year == today.year else first, date(year + 1, 1, 1))


class Ownership(TextChoices):
    """Whose an enterprise is."""

    STATE = "state", _("Có vốn nhà nước")
    PRIVATE = "private", _("Tư nhân trong nước")
    FDI = "fdi", _("Có vốn đầu tư nước ngoài")
    COOPERATIVE = "cooperative", _("Hợp tác xã")
    HOUSEHOLD = "household", _("Hộ kinh doanh")
    OTHER = "other", _("Không phải doanh nghiệp (đơn vị sự nghiệp, hội)")
    UNKNOWN = "unknown", _("Chưa rõ")


#: Ownerships that leave no room for a state share.
WITHOUT_STATE_SHARE = frozenset({Ownership.PRIVATE, Ownership.HOUSEHOLD})


class NoTaxCode(TextChoices):
    """Why a party stands in the register without a tax code."""

    NOT_ISSUED = "not_issued", _("Chưa được cấp")
    PERSONAL = "personal", _("Hộ kinh doanh dùng số định danh cá nhân (không lưu ở đây)")
    UNKNOWN = "unknown", _("Chưa rõ")


#: Digits by which enterprises are told apart; three more name a branch of the same enterprise.
KEY_DIGITS = 10
BRANCH_DIGITS = 13
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def tax_digits(typed: str) -> str | None:
    """The digits of a tax code as typed (`3900123456`, `3900123456-001`), or None where it is none."""
    digits = "".join(typed.split()).replace("-", "").replace(".", "")
    return digits if digits.isascii() and digits.isdigit() and len(digits) in {KEY_DIGITS, BRANCH_DIGITS} else None


def check_digit_holds(tax_code: str) -> bool:
    """The tenth digit is 10 − (Σ weight·digit mod 11) of the nine before it."""
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, tax_code, strict=False))
    return 10 - total % 11 == int(tax_code[KEY_DIGITS - 1])


def enterprise_key(tax_code: str) -> str:
    """What tells enterprises apart: the first 10 digits, so a branch is its enterprise; "" without a tax code."""
    return tax_code[:KEY_DIGITS]


def tax_code_shown(tax_code: str) -> str:
    """`3900123456`, or `3900123456-001` of a branch."""
    key = enterprise_key(tax_code)
    return f"{key}-{tax_code[len(key) :]}" if len(tax_code) > len(key) else key


def has_state_share(ownership: str, share: Decimal | None) -> bool | None:
    """Part of the capital is the state's; None where nobody has said."""
    if share is not None:
        return share > 0
    if ownership == Ownership.STATE:
        return True
    return False if ownership in WITHOUT_STATE_SHARE else None


def share_contradicts(ownership: str, share: Decimal | None) -> bool:
    """The share cannot be true of that ownership: a state enterprise without one, a private one with one."""
    if share is None:
        return False
    return (ownership == Ownership.STATE and share == 0) or (ownership in WITHOUT_STATE_SHARE and share > 0)
