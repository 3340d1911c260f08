"""Signing in through the pages, as a person does."""

import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.urls import reverse

LOGIN = reverse("account_login")
CODE = reverse("mfa_authenticate")
PASSWORD = "mot-mat-khau-dai"


def give_password(browser: Client, username: str, password: str = PASSWORD) -> Any:
    """The first step."""
    return browser.post(LOGIN, {"login": username, "password": password})


def is_inside(browser: Client) -> bool:
    """Somebody is signed in here."""
    return browser.get(reverse("organisations:units")).status_code == 200


def equip(user: Any) -> str:
    """Give an account a second factor of its own; returns the secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code(secret: str, steps: int = 0) -> str:
    """The code of now, or of `steps` half minutes later."""
    value: str = format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD + steps))
    return value


def factors(user: Any) -> list[str]:
    """The kinds of second factor that an account has."""
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
