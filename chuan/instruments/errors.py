"""What can go wrong with kinds; `str()` is for the user."""

from django.utils.translation import gettext as _

from chuan.registers.errors import RegisterError


class ParentBelow(RegisterError):
    """The kind above would be the kind itself or stand below it."""

    def __init__(self) -> None:
        super().__init__(_("“Thuộc loại” không được là chính loại này hoặc một loại nằm dưới nó. Chọn loại khác."))
