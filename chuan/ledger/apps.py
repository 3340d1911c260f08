"""Installs the frozen-table triggers after each migrate, never by a migration.

A later AlterField on SQLite rebuilds the table and silently drops what a migration installed.
"""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """Append-only tables: identities, statements, frozen rows, their hashes and triggers."""

    name = "chuan.ledger"
    label = "ledger"
    verbose_name = "Sổ cái"

    def ready(self) -> None:
        from chuan.ledger import checks, triggers  # noqa: PLC0415 - models must be loaded first

        post_migrate.connect(triggers.after_migrate, dispatch_uid="chuan.ledger.triggers")
        register(checks.triggers_installed, Tags.database)
