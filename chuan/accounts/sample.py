"""Second-factor seeds of sample accounts: derived, so shown on the sign-in page, and refused in production."""

import base64
import hashlib
import time

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from chuan.accounts.models import User
from chuan.web import deployment


def seed(username: str) -> str:
    """The sample account's TOTP secret (base32, 160 bits)."""
    return base64.b32encode(
        hashlib.sha1(b"chuan sample seed " + username.encode(), usedforsecurity=False).digest()
    ).decode()


def equip(user: User) -> None:
    """Give a sample account its second factor."""
    if not deployment.is_sample():
        raise RuntimeError("sample seeds are for sample databases only")
    TOTP.activate(user, seed(user.username))


def current_code(user: User) -> str | None:
    """The code that the second-factor page shows; None outside sample mode or for a person's own seed."""
    if not deployment.is_sample() or not has_sample_seed(user):
        return None
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    code: str = format_hotp_value(hotp_value(seed(user.username), counter))
    return code


def has_sample_seed(user: User) -> bool:
    """The account's TOTP secret is the derived one."""
    for row in Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP):
        if get_adapter().decrypt(row.data["secret"]) == seed(user.username):
            return True
    return False
