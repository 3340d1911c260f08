"""allauth's sign-in and authenticator events, written to the audit: the only signals that have an effect."""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from chuan.accounts.models import User
from chuan.accounts.services import record_event
from chuan.audit.actor import Actor
from chuan.lib import clock

logger = logging.getLogger("chuan.accounts")


def connect() -> None:
    """Connect every receiver once."""
    pairs = (
        (account.user_logged_in, "signed_in"),
        (account.password_changed, "password_changed"),
        (account.password_set, "password_changed"),
        (mfa.authenticator_added, "second_factor_added"),
        (mfa.authenticator_removed, "second_factor_removed"),
        (mfa.authenticator_reset, "recovery_codes_renewed"),
        (mfa.authentication_failed, "second_factor_failed"),
    )
    for signal, name in pairs:
        signal.connect(_receiver(name), weak=False, dispatch_uid=f"chuan.accounts.{name}")
    user_login_failed.connect(_failed, dispatch_uid="chuan.accounts.failed")


def _receiver(name: str) -> Any:
    def receive(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
        if name == "signed_in":
            request.session["began"] = request.session["seen"] = int(clock.system_now().timestamp())
        authenticator = kwargs.get("authenticator")
        actor = Actor(user.pk, user.full_name, "account", origin="web")
        record_event(
            actor=actor,
            user=user,
            action=f"accounts.{name}",
            detail=str(getattr(authenticator, "type", "")),
        )

    return receive


def _failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    """Failures go to the log, not to the chain: a stranger must not be able to make the database grow."""
    logger.warning("sign-in failed for %r", str(credentials.get("username", ""))[:60])
