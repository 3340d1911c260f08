"""Connects allauth's sign-in and authenticator events to the audit."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People's accounts, their second factor and their sessions."""

    name = "chuan.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"

    def ready(self) -> None:
        from chuan.accounts import auth_events, checks  # noqa: PLC0415 - models must be loaded first

        auth_events.connect()
        checks.register_checks()
