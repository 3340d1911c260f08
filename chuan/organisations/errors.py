"""What can go wrong with units, roles and people; each says what to do, in the reader's language."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from chuan.organisations.models import UnitVersion


class NotAllowed(PermissionDenied):
    """The acting role may not do this."""

    def __str__(self) -> str:
        return _("Vai trò đang dùng không được làm việc này. Về trang chủ để chọn vai trò khác nếu bạn có.")


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


class MembershipExists(OrganisationError):
    """The person already holds the role at the unit."""

    def __init__(self) -> None:
        super().__init__(_("Người này đã giữ vai trò đó tại đơn vị; hãy kết thúc vai trò cũ trước khi giao lại."))


class MembershipEnded(OrganisationError):
    """The role ended before the day that was asked for."""

    def __init__(self) -> None:
        super().__init__(_("Vai trò này đã kết thúc trước ngày đó."))


class AlreadyMerged(OrganisationError):
    """One of the two is already a duplicate of another record."""

    def __init__(self) -> None:
        super().__init__(_("Một trong hai hồ sơ đã được gộp vào hồ sơ khác; hãy mở hồ sơ chính để gộp."))
