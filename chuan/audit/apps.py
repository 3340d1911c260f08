"""Registers the audit chain with `chuan verify`."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Services and the hash chain of what they did."""

    name = "chuan.audit"
    label = "audit"
    verbose_name = "Nhật ký"

    def ready(self) -> None:
        from chuan.audit import verify  # noqa: PLC0415 - models must be loaded first
        from chuan.ledger import integrity  # noqa: PLC0415

        integrity.register("chain", verify.chain)
        integrity.register("rows", verify.rows)
        integrity.register("triggers", verify.installed_triggers)
