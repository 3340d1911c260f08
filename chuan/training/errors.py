"""What can go wrong in the training register; `str()` is for the user."""

from django.utils.translation import gettext as _

from chuan.audit.errors import NotAllowed as NotAllowed


class TrainingError(Exception):
    """Base of this context's errors."""


class UnitGone(TrainingError):
    """The acting unit does not exist any more."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Đơn vị của bạn đã kết thúc hoạt động theo dữ liệu về sắp xếp tổ chức nên không ghi thêm được. "
                "Chép lại nội dung, rồi liên hệ Sở KH&CN để được giao vai trò ở đơn vị kế thừa."
            )
        )


class AlreadyListed(TrainingError):
    """The person is already on the course's list."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s đã có trong danh sách của lớp này. Nếu là người khác cùng tên, chọn “người khác, cùng tên”.")
            % {"name": name}
        )


class CourseGone(TrainingError):
    """The course was voided meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Lớp này đã bị huỷ nên không sửa hoặc thêm được. Xem lịch sử để biết ai huỷ và vì sao."))
