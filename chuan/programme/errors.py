"""What can be wrong with a plan's files, and with what is said of its tasks and readings."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chuan.audit.errors import NotAllowed as NotAllowed


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold: the place in the files, and what stands there."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class PlanFileWrong(Exception):
    """Text and declarations disagree; every place is named."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class ProgrammeError(Exception):
    """Base of what a person can get wrong here; `str()` is for them."""


class LeadOverlaps(ProgrammeError):
    """Another unit leads the task on some of the same days."""

    def __init__(self, unit: str, since: str) -> None:
        super().__init__(
            _(
                "%(unit)s đang được giao chủ trì từ ngày %(since)s. Chọn ngày bắt đầu sau ngày đó: phân công cũ sẽ kết "
                "thúc vào ngày phân công mới bắt đầu. Nếu phân công cũ ghi nhầm thì hủy phân công đó trước."
            )
            % {"unit": unit, "since": since}
        )


class AlreadyAssigned(ProgrammeError):
    """The unit has the task on some of the same days."""

    def __init__(self, unit: str) -> None:
        super().__init__(
            _("%(unit)s đã được giao nhiệm vụ này trong khoảng thời gian đó. Sửa phân công đang có thay vì thêm mới.")
            % {"unit": unit}
        )


class AnswerExists(ProgrammeError):
    """A reply of the same day is recorded."""

    def __init__(self, document: str) -> None:
        super().__init__(
            _("Đã ghi văn bản trả lời cùng ngày: %(document)s. Sửa bản ghi đó, hoặc kiểm tra lại ngày của văn bản.")
            % {"document": document}
        )
