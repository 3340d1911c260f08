"""What can go wrong with figures and reports; `str()` is for the user."""

from datetime import date

from django.utils.translation import gettext as _

from chuan.audit.errors import NotAllowed as NotAllowed


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


class ChangedMeanwhile(MovedMeanwhile):
    """The step was asked for from a page that showed other content."""

    def __init__(self) -> None:
        ReportingError.__init__(
            self,
            _("Nội dung đã đổi từ lúc trang này được mở. Hãy đọc nội dung hiện tại rồi thực hiện lại bước này."),
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
    """Nobody approves their own work; the words are for a unit's report unless others are given."""

    def __init__(self, words: str = "") -> None:
        super().__init__(
            words or _("Người trình không tự duyệt báo cáo của mình. Hãy chuyển cho lãnh đạo khác của đơn vị duyệt.")
        )


class Blocked(ReportingError):
    """Something stands in the way: what could not be done (freezing a report), and each reason."""

    def __init__(self, reasons: list[str], could_not: str = "") -> None:
        self.reasons = reasons
        self.could_not = could_not or _("Chưa chốt được")
        super().__init__(f"{self.could_not}: {'; '.join(reasons)}")


class NotDelegated(ReportingError):
    """A deputy signs only under a delegation that holds on the day."""

    def __init__(self, on: date) -> None:
        super().__init__(
            _(
                "Ngày %(day)s không có ủy quyền ký thay Giám đốc còn hiệu lực cho bạn. "
                "Hãy để Giám đốc ký, hoặc ghi văn bản ủy quyền ở trang “Cơ quan ban hành, người ký”."
            )
            % {"day": f"{on:%d/%m/%Y}"}
        )


class NotPrintedToSign(ReportingError):
    """The paper to be signed does not exist yet."""

    def __init__(self) -> None:
        super().__init__(
            _("Bản trình ký (PDF) chưa in xong nên chưa ghi nhận ký được. Chờ in xong, hoặc bấm “In lại”.")
        )


class NotPrinted(ReportingError):
    """The paper to be issued does not exist yet."""

    def __init__(self) -> None:
        super().__init__(
            _("Bản phát hành (PDF) chưa in xong nên chưa ghi phát hành được. Chờ in xong, hoặc bấm “In lại”.")
        )


class WrongDispatch(ReportingError):
    """The report cannot have gone out on that day, or in that way."""


class AlreadySent(MovedMeanwhile):
    """The recipient was recorded, perhaps by somebody else while the page was open."""

    def __init__(self, to: object, sent_on: date) -> None:
        ReportingError.__init__(
            self,
            _("Đã ghi gửi %(to)s ngày %(day)s; mỗi nơi nhận ghi một lần. Trang dưới đây là hiện trạng mới.")
            % {"to": to, "day": f"{sent_on:%d/%m/%Y}"},
        )


class IssuedElsewhere(ReportingError):
    """The People's Committee has issued its report from the same frozen content."""

    def __init__(self) -> None:
        super().__init__(
            _("Ủy ban nhân dân tỉnh đã ban hành báo cáo từ bản chốt này nên không thu hồi, không hủy được nữa.")
        )


class AlreadyBegun(ReportingError):
    """The period has a report that is not issued yet."""

    def __init__(self) -> None:
        super().__init__(_("Kỳ này đã có một báo cáo chưa phát hành. Hãy làm tiếp báo cáo đó."))


class LinkSpent(ReportingError):
    """The single-use link was used, or its day has passed."""

    def __init__(self) -> None:
        super().__init__(
            _("Liên kết này đã dùng hoặc đã hết hạn. Hãy liên hệ Sở Khoa học và Công nghệ để nhận liên kết mới.")
        )


class WrongNumber(ReportingError):
    """The number or date of the document is not possible."""
