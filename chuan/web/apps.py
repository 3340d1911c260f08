"""The web mechanisms' application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages' frame, errors, idempotency, deployment facts."""

    name = "chuan.web"
    label = "web"
    verbose_name = "Giao diện"

    def ready(self) -> None:
        from chuan.web import checks, deployment  # noqa: PLC0415 - models must be loaded first

        checks.register_checks()
        deployment.install_clock()
