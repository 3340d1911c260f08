"""`chuan prepare`: bring database, reference data and browser assets to what this release needs."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
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
        parser.add_argument("--if-absent", action="store_true", help="chỉ khi chưa có cơ sở dữ liệu")
        parser.add_argument("--assets", action="store_true", help="chuẩn bị cả tệp giao diện")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, load, collect: each only where needed."""
        self.quiet = options["quiet"]
        if options["if_absent"] and self.is_there():
            return
        if connection.vendor == "sqlite":
            self.make_home()
            self.set_half_made_aside()
        self.migrate()
        self.fill()
        call_command("tidy", verbosity=0)
        if options["assets"]:
            self.collect_assets()

    def is_there(self) -> bool:
        """A finished database, whatever release it is of: nothing is migrated, made or dropped."""
        if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
            return False
        try:
            return deployment.current() is not None
        except DatabaseError:
            return True

    def say(self, message: str) -> None:
        """Progress, on standard error: standard output is the command's alone."""
        if not self.quiet:
            self.stderr.write(message)

    def make_home(self) -> None:
        """The data folder, readable by its owner only."""
        home = Path(settings.HOME)
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)

    def set_half_made_aside(self) -> None:
        """A database whose making was broken off is put aside, never deleted; one that holds work is left alone."""
        database = Path(str(connection.settings_dict["NAME"]))
        if not database.exists():
            return
        row = deployment.current()
        made = connection.introspection.table_names()
        connection.close()
        if row is not None and row.complete:
            return
        if row is None and "audit_auditentry" in made:
            raise CommandError(
                f"{database} có dữ liệu nhưng thiếu dòng mô tả bản cài đặt. Không thay đổi gì; hãy xem lại bản sao lưu."
            )
        stamp = clock.system_now().strftime("%Y%m%d-%H%M%S")
        self.stderr.write(f"Lần chuẩn bị trước bị ngắt giữa chừng; tệp dở dang chuyển thành {database.name}.{stamp}")
        for name in ("", "-wal", "-shm"):
            part = database.with_name(database.name + name)
            if part.exists():
                part.rename(database.with_name(f"{database.name}.{stamp}{name}"))
        deployment.forget()

    def migrate(self) -> None:
        """Apply what is pending; triggers follow by post_migrate."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Đang tạo, cập nhật cơ sở dữ liệu …")
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)

    def fill(self) -> None:
        """The chain's head, the deployment's facts, reference data, and in sample mode the illustration."""
        row = deployment.current()
        if row is not None and row.complete:
            reference.ship_definitions()
            reference.load_calendar()
            return
        self.say("Đang nạp dữ liệu nền …")
        ChainHead.objects.get_or_create(pk=1)
        wants_sample = settings.MODE == "sample"
        deployment.establish(sample=wants_sample, rehearsal_at=sample.REHEARSAL_AT if wants_sample else None)
        if wants_sample:
            self.say("Đang dựng dữ liệu minh họa …")
            with clock.at(sample.BEGINS_AT):
                reference.load()
            sample.build()
        else:
            reference.load()
        deployment.finish()

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
