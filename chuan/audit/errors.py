"""The refusal that every policy gives."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


class NotAllowed(PermissionDenied):
    """The acting role may not do this; `str()` tells the person what to do."""

    def __str__(self) -> str:
        return _("Vai trò đang dùng không được làm việc này. Về trang chủ để chọn vai trò khác nếu bạn có.")
