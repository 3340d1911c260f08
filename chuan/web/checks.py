"""System checks of the deployment; in production an error stops the start.

What stops production is asked by whoever begins: the `chuan` command, the WSGI application, `serve`.
"""

import ipaddress
import sqlite3
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks  # noqa: A004 - Django's own name
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from chuan.web.models import Deployment

#: First SQLite release without the rare WAL corruption when several connections checkpoint.
SQLITE_FIXED = (3, 51, 3)
#: Tag of the checks of what production finds in its database.
PRODUCTION_DATA = "production_data"
KEY_LENGTH = 50


def register_checks() -> None:
    """Register every check of this module."""
    register(production_settings, Tags.security)
    register(sqlite_release, Tags.compatibility)
    register(production_data, Tags.database, PRODUCTION_DATA)


def told(found: Sequence[CheckMessage]) -> str:
    """Why nothing starts, a line for each reason with its remedy."""
    lines = "\n".join(f"- {m.msg}{' ' + m.hint if m.hint else ''}" for m in found)
    return f"Chưa thể chạy:\n{lines}"


def require_safe() -> None:
    """ImproperlyConfigured where production would run on unsafe settings or on a database of sample data."""
    # Unsafe settings may name any database: it is not even opened.
    found = production_settings() or run_checks(tags=[PRODUCTION_DATA], databases=["default"])
    if found:
        # Django asks registered checks in no order of its own.
        raise ImproperlyConfigured(told(sorted(found, key=lambda message: str(message.id))))


def is_loopback(host: str) -> bool:
    """Only this computer reaches a server that listens there."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def listening(host: str, *, sample: bool) -> list[CheckMessage]:
    """Other computers may reach neither a server whose key everybody knows nor accounts with printed passwords."""
    if is_loopback(host):
        return []
    found: list[CheckMessage] = []
    if _is_weak(settings.SECRET_KEY):
        found.append(
            Error(
                f"CHUAN_BIND={host} cho máy khác truy cập, nhưng CHUAN_SECRET_KEY chưa đặt hoặc ngắn hơn 50 ký tự.",
                hint="Tạo khóa bằng: chuan secret-key; hoặc bỏ CHUAN_BIND để chỉ máy này truy cập.",
                id="chuan.E016",
            )
        )
    if sample:
        found.append(
            Error(
                f"CHUAN_BIND={host} cho máy khác truy cập dữ liệu minh họa, có tài khoản mẫu với mật khẩu in sẵn.",
                hint="Bỏ CHUAN_BIND; làm việc nhiều máy thì dùng CHUAN_MODE=office hoặc production với dữ liệu riêng.",
                id="chuan.E017",
            )
        )
    return found


def _is_weak(key: str) -> bool:
    return key == settings.DEFAULT_KEY or len(key) < KEY_LENGTH


def production_settings(**kwargs: Any) -> list[CheckMessage]:
    """Production refuses debug, the default or a short key, and a missing host list or database."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("Chế độ production không cho phép CHUAN_DEBUG=1.", id="chuan.E010"))
    if _is_weak(settings.SECRET_KEY):
        found.append(
            Error(
                "CHUAN_SECRET_KEY chưa đặt hoặc ngắn hơn 50 ký tự.",
                hint="Tạo khóa: chuan secret-key",
                id="chuan.E011",
            )
        )
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        found.append(Error("Chế độ production cần DATABASE_URL=postgres://…", id="chuan.E012"))
    if set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}:
        found.append(Error("CHUAN_HOSTS chưa ghi tên miền của hệ thống.", id="chuan.E013"))
    return found


def sqlite_release(**kwargs: Any) -> list[CheckMessage]:
    """Warn of SQLite releases with the WAL-reset bug."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return []
    if sqlite3.sqlite_version_info >= SQLITE_FIXED:
        return []
    return [
        Warning(
            f"SQLite {sqlite3.sqlite_version}: trước bản 3.51.3 có lỗi hiếm khi nhiều kết nối cùng ghi.",
            hint="SQLite dành cho dùng thử hoặc một văn phòng; cấp tỉnh dùng PostgreSQL (DATABASE_URL).",
            id="chuan.W001",
        )
    ]


def production_data(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Production refuses a sample database and a rehearsal date."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            row = Deployment.objects.using(alias).filter(pk=1).first()
        except DatabaseError:
            connections[alias].close()
            continue
        if row and row.sample:
            found.append(
                Error(
                    "Cơ sở dữ liệu này là dữ liệu minh họa, có tài khoản mẫu.",
                    hint="Dùng cơ sở dữ liệu mới.",
                    id="chuan.E014",
                )
            )
        if row and row.rehearsal_at:
            found.append(Error("Cơ sở dữ liệu này mang ngày diễn tập.", id="chuan.E015"))
    return found
