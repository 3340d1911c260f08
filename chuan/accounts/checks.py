"""System check: production refuses accounts whose second factor has a sample seed."""

from collections.abc import Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from chuan.accounts import sample
from chuan.accounts.models import User
from chuan.web.checks import PRODUCTION_DATA


def register_checks() -> None:
    """Register this module's check."""
    register(no_sample_seeds, Tags.database, PRODUCTION_DATA)


def no_sample_seeds(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """One error naming the accounts."""
    if not settings.PRODUCTION or not databases:
        return []
    try:
        owners = User.objects.filter(pk__in=Authenticator.objects.filter(type="totp").values("user_id"))
        names = sorted(u.username for u in owners if sample.has_sample_seed(u))
    except DatabaseError:
        return []
    if not names:
        return []
    return [
        Error(
            f"Tài khoản mẫu còn trong cơ sở dữ liệu: {', '.join(names)}.",
            hint="Chế độ production không nhận mã xác thực mẫu; hãy dùng cơ sở dữ liệu mới.",
            id="chuan.E020",
        )
    ]
