"""What can go wrong in a register; `str()` is for the user."""

from collections.abc import Sequence

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
        super().__init__(
            _(
                "Đơn vị khác đã ghi nội dung này nên không ghi bản thứ hai. "
                "Cũng là việc của đơn vị bạn thì ghi nhận cùng."
            )
        )


class NothingToClaim(RegisterError):
    """No record in force of another unit says that, or the unit claims it already."""

    def __init__(self) -> None:
        super().__init__(
            _("Không còn bản ghi như vậy của đơn vị khác, hoặc đơn vị bạn đã ghi nhận cùng. Tải lại sổ để xem.")
        )


class StillClaimed(RegisterError):
    """A record that other units count as theirs is not voided."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            _(
                "Chưa hủy được: %(names)s cùng ghi nhận bản ghi này và đang tính vào số liệu của mình. "
                "Đề nghị đơn vị đó rút ghi nhận, hoặc chuyên viên Sở KH&CN rút, rồi hủy."
            )
            % {"names": ", ".join(names)}
        )


class RecordGone(RegisterError):
    """The record was voided meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Bản ghi này đã bị hủy nên không sửa được. Xem lịch sử để biết ai hủy và vì sao."))


class SheetUnread(RegisterError):
    """A file is not taken as a whole: it is no sheet, too large, or lacks columns."""
