"""`chuan prepare`: bring database, reference data and browser assets to what this release needs."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from chuan.audit.models import ChainHead
from chuan.lib import clock
from chuan.portal import reference, sample
from chuan.web import deployment
from chuan.web.staticfiles import CHOSEN


class Command(BaseCommand):
    """Idempotent; nothing to do takes a fraction of a second."""

    help = "Chuẩn bị cơ sở dữ liệu, dữ liệu nền và tệp giao diện."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--quiet, --assets."""
        parser.add_argument("--quiet", action="store_true")
        parser.add_argument("--assets", action="store_true", help="chuẩn bị cả tệp giao diện")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, load, collect: each only where needed."""
        self.quiet = options["quiet"]
        embedded = connection.vendor == "sqlite"
        marker = Path(settings.HOME) / "ready"
        if embedded:
            self.make_home()
            if not marker.exists():
                self.discard_half_made()
        self.migrate()
        self.fill()
        if embedded:
            marker.write_text("made whole\n")
        if options["assets"]:
            self.collect_assets()

    def say(self, message: str) -> None:
        """Progress, on standard error: standard output is the command's alone."""
        if not self.quiet:
            self.stderr.write(message)

    def make_home(self) -> None:
        """The data folder, readable by its owner only."""
        home = Path(settings.HOME)
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)

    def discard_half_made(self) -> None:
        """A database that was never finished holds nothing of the office's: it is made anew."""
        connection.close()
        for name in ("chuan.sqlite3", "chuan.sqlite3-wal", "chuan.sqlite3-shm"):
            (Path(settings.HOME) / name).unlink(missing_ok=True)

    def migrate(self) -> None:
        """Apply what is pending; triggers follow by post_migrate."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Đang tạo, cập nhật cơ sở dữ liệu …")
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)

    def fill(self) -> None:
        """The chain's head, the deployment's facts, reference data, and in sample mode the illustration."""
        if deployment.current() is not None:
            return
        self.say("Đang nạp dữ liệu nền …")
        ChainHead.objects.get_or_create(pk=1)
        wants_sample = settings.MODE == "sample"
        deployment.establish(sample=wants_sample, rehearsal_at=sample.REHEARSAL_AT if wants_sample else None)
        if not wants_sample:
            reference.load()
            return
        self.say("Đang dựng dữ liệu minh hoạ …")
        with clock.at(sample.BEGINS_AT):
            reference.load()
        sample.build()

    def collect_assets(self) -> None:
        """Compress and name the browser assets, when they differ from the last time."""
        root = Path(settings.STATIC_ROOT)
        marker = root / "collected"
        digest = hashlib.sha256()
        sources = [Path(settings.NODE_MODULES) / s for s in CHOSEN.values()]
        for config in apps.get_app_configs():
            sources += sorted((Path(config.path) / "static").rglob("*"))
        for path in sources:
            state = path.stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}".encode())
        if marker.exists() and marker.read_text() == digest.hexdigest():
            return
        self.say("Đang nén tệp giao diện …")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        marker.write_text(digest.hexdigest())
