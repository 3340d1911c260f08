"""What can go wrong with units, roles and people; each says what to do, in the reader's language."""

from datetime import date

from django.utils.translation import gettext as _

from chuan.audit.errors import NotAllowed as NotAllowed
from chuan.organisations.models import DraftingRoom, Membership, UnitVersion
from chuan.organisations.rules import Role, tax_code_shown


class OrganisationError(Exception):
    """Base of this context's errors; `str()` is for the user."""


class OverlappingVersion(OrganisationError):
    """A version of the unit already covers part of the range."""

    def __init__(self, other: UnitVersion) -> None:
        until = f" đến {other.valid_to:%d/%m/%Y}" if other.valid_to else ""
        super().__init__(
            _("Đơn vị đã có tên “%(name)s” từ %(start)s%(until)s; hãy kết thúc phiên bản đó trước.")
            % {"name": other.name, "start": f"{other.valid_from:%d/%m/%Y}", "until": until}
        )


class SuccessionCycle(OrganisationError):
    """A unit would succeed itself through others."""

    def __init__(self, predecessor: str, successor: str) -> None:
        super().__init__(
            _("%(a)s không thể kế thừa %(b)s: đã có quan hệ kế thừa theo chiều ngược lại.")
            % {"a": successor, "b": predecessor}
        )


class ActingKnown(OrganisationError):
    """The successions, or the unit itself being in force, already say who acts."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Không cần quyết định: theo dữ liệu hiện có, %(name)s đang làm việc này. Tải lại trang để xem.")
            % {"name": name}
        )


class ActingNotInForce(OrganisationError):
    """Who is to act does not exist on the day."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s không còn hoạt động nên không làm thay được. Hãy chọn một đơn vị đang hoạt động.")
            % {"name": name}
        )


class TaxCodeTaken(OrganisationError):
    """Another party stands in the register under the tax code."""

    def __init__(self, tax_code: str, name: str) -> None:
        super().__init__(
            _("Mã số thuế %(code)s đã có trong sổ: %(name)s. Mở đơn vị đó để sửa, không ghi lần thứ hai.")
            % {"code": tax_code_shown(tax_code), "name": name}
        )


class PartyEnded(OrganisationError):
    """The party ended by the day that was asked for."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s đã kết thúc hoạt động trước ngày đó. Xem lịch sử để biết ai ghi và vì sao.") % {"name": name}
        )


class NotAParty(OrganisationError):
    """The unit is established by a document, not registered."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s là cơ quan nhà nước nên không ghi vào sổ doanh nghiệp, tổ chức. Ghi ở phần Đơn vị.")
            % {"name": name}
        )


class UnitStands(OrganisationError):
    """A sở or ngành of this name stands on the day."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Đã có “%(name)s” trong danh sách đơn vị. Dùng đơn vị đó, hoặc ghi tên khác nếu là cơ quan khác.")
            % {"name": name}
        )


class NoPredecessor(OrganisationError):
    """The unit did not stand until the day on which another is to follow it, or stands on after it."""

    def __init__(self, name: str, on: date) -> None:
        super().__init__(
            _("%(name)s không kết thúc vào ngày %(day)s. Xem lại ngày hoặc bỏ đánh dấu cơ quan này.")
            % {"name": name, "day": f"{on:%d/%m/%Y}"}
        )


class AlreadyInClass(OrganisationError):
    """The unit is in the class in that year."""

    def __init__(self, name: str, year: int) -> None:
        super().__init__(
            _("%(name)s đã có trong danh sách năm %(year)s; không cần thêm lại.") % {"name": name, "year": year}
        )


class OverlappingRoom(OrganisationError):
    """Another room drafts the office's papers on a day of the range."""

    def __init__(self, other: DraftingRoom) -> None:
        super().__init__(
            _("Đã ghi %(room)s soạn văn bản từ %(start)s, có ngày trùng với thời gian này. Hãy bỏ dòng đó trước.")
            % {"room": other, "start": f"{other.valid_from:%d/%m/%Y}"}
        )


class IncompleteRoom(OrganisationError):
    """A room without a name, a symbol, grounds or a possible range; or ended without a reason."""

    def __init__(self) -> None:
        super().__init__(
            _("Cần ghi đủ tên phòng, ký hiệu, văn bản hoặc lý do; ngày hết hiệu lực phải sau ngày bắt đầu.")
        )


class MembershipExists(OrganisationError):
    """The person holds the role at the unit on a day of the range that is wanted."""

    def __init__(self, held: Membership) -> None:
        facts = {"start": f"{held.valid_from:%d/%m/%Y}", "end": f"{held.valid_to:%d/%m/%Y}" if held.valid_to else ""}
        said = (
            _("Người này đã giữ vai trò đó tại đơn vị từ %(start)s đến trước %(end)s; hãy giao ngoài khoảng ngày đó.")
            if held.valid_to
            else _("Người này đã giữ vai trò đó tại đơn vị từ %(start)s; hãy kết thúc vai trò cũ trước khi giao lại.")
        )
        super().__init__(said % facts)


class WrongUnit(OrganisationError):
    """The role belongs to one unit of the province, and another was named."""

    def __init__(self, role: str, home: str) -> None:
        super().__init__(
            _("Vai trò “%(role)s” chỉ giao được tại đơn vị có mã %(home)s. Hãy chọn đơn vị đó, hoặc chọn vai trò khác.")
            % {"role": Role(role).label, "home": home}
        )


class MembershipEnded(OrganisationError):
    """The role ended before the day that was asked for."""

    def __init__(self) -> None:
        super().__init__(_("Vai trò này đã kết thúc trước ngày đó."))


class AlreadyMerged(OrganisationError):
    """One of the two is already a duplicate of another record."""

    def __init__(self) -> None:
        super().__init__(_("Một trong hai hồ sơ đã được gộp vào hồ sơ khác; hãy mở hồ sơ chính để gộp."))


class ToldApart(OrganisationError):
    """A decision in force says that two of those who would become one are two people."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(
            _("%(one)s và %(other)s đã được ghi là hai người. Muốn gộp, hãy rút lại quyết định đó trước.")
            % {"one": one, "other": other}
        )
