"""What can go wrong in the training register; `str()` is for the user."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from chuan.registers.errors import NotAllowed as NotAllowed
from chuan.registers.errors import RegisterError
from chuan.registers.errors import UnitGone as UnitGone


class TrainingError(RegisterError):
    """Base of this context's errors."""


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
        super().__init__(_("Lớp này đã bị hủy nên không sửa hoặc thêm được. Xem lịch sử để biết ai hủy và vì sao."))


class WhoIsIt(TrainingError):
    """The name of a row is that of somebody who is known."""

    def __init__(self, name: str, codes: Sequence[str]) -> None:
        super().__init__(
            _("Đã có người tên “%(name)s” (%(codes)s). Ghi mã ở cột Mã người, hoặc ghi “mới” nếu là người khác.")
            % {"name": name, "codes": ", ".join(codes)}
        )


class NoSuchPerson(TrainingError):
    """The code of a row is of nobody of that name whom the actor may see."""

    def __init__(self, code: str, name: str) -> None:
        super().__init__(
            _("Không có người mã %(code)s tên “%(name)s”. Kiểm tra mã, hoặc để trống ô mã.")
            % {"code": code[:40], "name": name}
        )
