"""allauth's adapters: no self-registration, secrets encrypted at rest."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an administrator; nothing is mailed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The product sends no mail by itself."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say what happened; allauth's own messages are not shown."""


def _cipher() -> Fernet:
    key = hashlib.sha256(b"chuan second factor " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second-factor secrets are encrypted with a key derived from the installation's."""

    def encrypt(self, text: str) -> str:
        """Fernet (AES-128-CBC with HMAC-SHA-256)."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """InvalidToken means that the installation's key was changed."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise RuntimeError("CHUAN_SECRET_KEY differs from the one the second factors were stored with") from error
