"""Stored files and their integrity check."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Keeps bytes by their hash; each context has its own download view."""

    name = "chuan.files"
    label = "files"
    verbose_name = "Tệp lưu"

    def ready(self) -> None:
        from chuan.files import store  # noqa: PLC0415 - models must be loaded first
        from chuan.ledger import integrity  # noqa: PLC0415

        integrity.register("files", store.verify)
