"""What can go wrong with figures and reports; `str()` is for the user."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


class NotAllowed(PermissionDenied):
    """The acting role may not do this."""

    def __str__(self) -> str:
        return _("Vai trò đang dùng không được làm việc này. Về trang chủ để chọn vai trò khác nếu bạn có.")


class ReportingError(Exception):
    """Base of this context's errors."""


class DefinitionNotApproved(ReportingError):
    """The code's definition differs from the approved one."""

    def __init__(self, indicator: str) -> None:
        super().__init__(
            _("Định nghĩa chỉ tiêu %(id)s trong phần mềm chưa được lãnh đạo Sở phê duyệt nên chưa chốt được số liệu.")
            % {"id": indicator}
        )


class MovedMeanwhile(ReportingError):
    """Somebody else moved it first, or the page was stale."""

    def __init__(self, state: object) -> None:
        super().__init__(
            _("Hồ sơ đã chuyển sang “%(state)s” trong lúc trang này đang mở. Trang dưới đây là hiện trạng mới.")
            % {"state": state}
        )


class StaleDraft(ReportingError):
    """The draft was saved from elsewhere after this page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Bản nháp đã được lưu từ một cửa sổ khác sau khi bạn mở trang này. So sánh hai bản rồi lưu lại.")
        )


class ReasonNeeded(ReportingError):
    """This step says why."""

    def __init__(self) -> None:
        super().__init__(_("Bước này cần ghi lý do."))


class OwnWork(ReportingError):
    """Nobody approves their own submission."""

    def __init__(self) -> None:
        super().__init__(
            _("Người trình không tự duyệt báo cáo của mình. Hãy chuyển cho lãnh đạo khác của đơn vị duyệt.")
        )


class Blocked(ReportingError):
    """The checklist has a block."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(_("Chưa chốt được: ") + "; ".join(reasons))


class WrongNumber(ReportingError):
    """The number or date of the document is not possible."""
