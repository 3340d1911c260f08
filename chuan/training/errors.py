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


class SharedCourse(TrainingError):
    """Other units' records are counted through the course."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(
            _("Lớp này là bản chính của %(codes)s do đơn vị khác ghi nên chưa hủy được. Đề nghị Sở KH&CN tách trước.")
            % {"codes": ", ".join(codes)}
        )


class AlreadyOneCourse(TrainingError):
    """One of the two is a duplicate of another course, or the one to be a duplicate has duplicates itself."""

    def __init__(self, code: str, canonical: str) -> None:
        super().__init__(
            _("%(code)s đã được ghi là một lớp với bản chính %(canonical)s. Chọn %(canonical)s, hoặc tách lại trước.")
            % {"code": code, "canonical": canonical}
        )


class CoursesToldApart(TrainingError):
    """A decision in force says that two of those who would become one are two courses."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(
            _("%(one)s và %(other)s đã được ghi là hai lớp. Muốn ghi là một, hãy rút lại quyết định đó trước.")
            % {"one": one, "other": other}
        )


class OneKeeper(TrainingError):
    """One unit keeps two of the records: it has entered the course twice."""

    def __init__(self) -> None:
        super().__init__(
            _("Hai bản ghi do cùng một đơn vị quản lý: đơn vị ghi hai lần. Hủy một bản ghi, không ghi là một lớp.")
        )
