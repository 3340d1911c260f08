"""Error pages: what happened, to what, and what to do next, in the reader's language."""

import errno
import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

logger = logging.getLogger("chuan.web")
NO_SPACE = errno.ENOSPC
_FULL = ("full", "No space left")


def page(request: HttpRequest, status: int, title: str, remedy: str) -> HttpResponse:
    """A page without a query: it must render when the database is away."""
    html = render_to_string("web/error.html", {"title": title, "remedy": remedy, "status": status})
    return HttpResponse(html, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; 413 where the fields of a form are larger than any page's."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return page(request, 400, _("Yêu cầu không hợp lệ"), _("Quay lại trang trước và thử lại."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: visible but not allowed."""
    detail = str(exception) or _(
        "Vai trò đang dùng không được làm việc này. Về trang chủ để chọn vai trò khác nếu bạn có."
    )
    return page(request, 403, _("Không có quyền"), detail)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: absent or invisible, which are the same to the reader."""
    return page(request, 404, _("Không tìm thấy trang"), _("Kiểm tra lại đường dẫn, hoặc về trang chủ để tìm."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 or 507 where a middleware, whose errors no other middleware sees, met the engine's refusal."""
    exception = sys.exc_info()[1]
    if isinstance(exception, OperationalError | InterfaceError) or getattr(exception, "errno", 0) == NO_SPACE:
        return unavailable(request, exception)
    return page(
        request,
        500,
        _("Phần mềm gặp lỗi"),
        _("Dữ liệu đã lưu không bị ảnh hưởng. Hãy thử lại; nếu vẫn lỗi, báo cho quản trị hệ thống kèm giờ xảy ra."),
    )


def conflict(request: HttpRequest) -> HttpResponse:
    """409: somebody else changed the same thing meanwhile; nothing was saved."""
    return page(
        request,
        409,
        _("Người khác vừa sửa bản ghi này"),
        _("Việc vừa làm chưa được lưu. Quay lại, tải lại trang để xem nội dung mới, rồi làm lại nếu còn cần."),
    )


def acting_changed(request: HttpRequest) -> HttpResponse:
    """409: the form was opened by somebody else, or in another role than the one that is used now."""
    return page(
        request,
        409,
        _("Biểu mẫu này mở bằng tài khoản hoặc vai trò khác"),
        _(
            "Sau khi mở biểu mẫu, máy này đã đăng nhập tài khoản khác hoặc bạn đã đổi vai trò, đơn vị, nên nội dung "
            "chưa được lưu. Quay lại, chép phần đã gõ, đăng nhập đúng tài khoản, chọn đúng vai trò, tải lại trang "
            "rồi gửi lại."
        ),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """413: nothing of the body was read."""
    return page(
        request,
        413,
        _("Nội dung gửi lên quá lớn"),
        _("Mỗi tệp tối đa 20 MB và mỗi lần gửi một tệp. Nén hoặc chia nhỏ tệp, quay lại trang trước rồi gửi lại."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open too long or came from elsewhere."""
    logger.warning("csrf refused: %s", reason)
    return page(
        request,
        403,
        _("Phiên làm việc của biểu mẫu đã hết"),
        _("Nội dung chưa được lưu. Bấm nút quay lại của trình duyệt, chép phần đã gõ, tải lại trang rồi gửi lại."),
    )


def is_full(exception: BaseException | None) -> bool:
    """The disk or the database can take no more, whatever the error was wrapped in on its way."""
    while exception is not None:
        # "database or disk is full" (SQLite), "No space left on device" (PostgreSQL, the store).
        said = isinstance(exception, DatabaseError) and any(sign in str(exception) for sign in _FULL)
        if said or getattr(exception, "errno", 0) == NO_SPACE:
            return True
        exception = exception.__cause__ or exception.__context__
    return False


def unavailable(request: HttpRequest, exception: BaseException | None) -> HttpResponse:
    """503 or 507: nothing was half-saved, try again."""
    logger.error("unavailable: %s", type(exception).__name__)
    connection.close()
    if is_full(exception):
        return page(
            request,
            507,
            _("Ổ đĩa máy chủ đã đầy"),
            _(
                "Việc vừa làm chưa được lưu, dữ liệu cũ vẫn xem được. "
                "Báo quản trị hệ thống giải phóng dung lượng, rồi gửi lại."
            ),
        )
    response = page(
        request,
        503,
        _("Cơ sở dữ liệu tạm thời không trả lời"),
        _(
            "Việc vừa làm chưa được lưu. Chờ vài giây rồi tải lại trang; "
            "nếu trình duyệt hỏi có gửi lại biểu mẫu không, hãy chọn có."
        ),
    )
    response["Retry-After"] = "10"
    return response
