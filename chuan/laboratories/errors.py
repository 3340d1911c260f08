"""What can go wrong with laboratories; `str()` is for the user."""

from django.utils.translation import gettext as _

from chuan.registers.errors import RegisterError


class NotYours(RegisterError):
    """A laboratory says of itself only what is its own to say."""

    def __init__(self) -> None:
        super().__init__(_("“Sở KH&CN đánh giá hoặc xác nhận” do Sở KH&CN ghi. Chọn “Tự đánh giá”."))


class NotYourDecision(RegisterError):
    """That another standard is accepted is said by Sở KH&CN."""

    def __init__(self) -> None:
        super().__init__(_("Văn bản chấp nhận tiêu chuẩn khác do Sở KH&CN ghi. Để trống ô này."))


class OtherOrganisation(RegisterError):
    """The recognition or the laboratory belongs to another organisation."""

    def __init__(self, what: str) -> None:
        super().__init__(
            _("Ô “%(what)s” đang chọn của tổ chức khác. Chọn đúng của tổ chức này, hoặc để trống.") % {"what": what}
        )
