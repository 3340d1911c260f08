"""What can go wrong with programmes; `str()` is for the user."""

from django.utils.translation import gettext as _

from chuan.registers.errors import RegisterError


class NotYours(RegisterError):
    """That a cooperative counts is said by Sở KH&CN."""

    def __init__(self) -> None:
        super().__init__(_("Văn bản cho tính hợp tác xã do Sở KH&CN ghi. Để trống ô này."))
