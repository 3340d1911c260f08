"""What can go wrong in a register; `str()` is for the user."""

from django.utils.translation import gettext as _

from chuan.audit.errors import NotAllowed as NotAllowed


class RegisterError(Exception):
    """Base of what a page shows on the form that was sent."""


class UnitGone(RegisterError):
    """The acting unit does not exist any more."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Đơn vị của bạn đã kết thúc hoạt động theo dữ liệu về sắp xếp tổ chức nên không ghi, sửa, hủy được. "
                "Chép lại nội dung, rồi liên hệ Sở KH&CN để được giao vai trò ở đơn vị kế thừa."
            )
        )


class AlreadyRecorded(RegisterError):
    """A record in force says the same of the same thing."""

    def __init__(self, code: str, title: str) -> None:
        super().__init__(
            _("Đã có bản ghi như vậy: %(code)s “%(title)s”. Mở bản ghi đó để sửa; không ghi hai lần.")
            % {"code": code, "title": title}
        )
        self.code = code


class RecordedElsewhere(RegisterError):
    """A record that the actor may not see says the same of the same thing."""

    def __init__(self) -> None:
        super().__init__(_("Đơn vị khác đã ghi nội dung này. Liên hệ Sở KH&CN để thống nhất, không ghi hai lần."))


class RecordGone(RegisterError):
    """The record was voided meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Bản ghi này đã bị hủy nên không sửa được. Xem lịch sử để biết ai hủy và vì sao."))


class SheetUnread(RegisterError):
    """A file is not taken as a whole: it is no sheet, too large, or lacks columns."""
