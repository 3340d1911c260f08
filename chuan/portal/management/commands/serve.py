"""`chuan serve`: the web server and the background worker under one supervisor."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.checks import Error, run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django_tasks_db.models import DBTaskResult

from chuan.portal import sample
from chuan.web import deployment

#: Seconds that a child gets to finish what it does.
GRACE = 10


class Command(BaseCommand):
    """Serves until told to stop; a child that dies is started again."""

    help = "Chạy máy chủ web và bộ xử lý nền."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, check, start both, wait."""
        call_command("prepare", assets=True)
        self.refuse_unsafe()
        if connection.vendor == "sqlite":
            self.requeue()
        connection.close()
        self.stopping = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.stop)
        self.children = {"web": self.start("web"), "worker": self.start("worker")}
        self.announce()
        self.supervise()

    def refuse_unsafe(self) -> None:
        """Errors of the system checks stop the start."""
        errors = [m for m in run_checks(databases=["default"]) if isinstance(m, Error) or m.level >= 40]
        if settings.PRODUCTION:
            errors += [m for m in run_checks(include_deployment_checks=True) if m.level >= 30 and m not in errors]
        if errors:
            lines = "\n".join(f"- {m.msg}{' ' + m.hint if m.hint else ''}" for m in errors)
            raise CommandError(f"Chưa thể chạy:\n{lines}")

    def requeue(self) -> None:
        """Jobs that a killed worker left running go back to the queue: this worker is the only one."""
        DBTaskResult.objects.filter(status="RUNNING").update(status="READY", started_at=None)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start a child in this interpreter's environment."""
        embedded = connection.vendor == "sqlite"
        if name == "web":
            command = [
                "granian", "--interface", "wsgi", "--host", self.host, "--port", str(self.port),
                "--workers", "1" if embedded else os.environ.get("CHUAN_WORKERS", "2"),
                "--blocking-threads", "8", "--log-level", "warning", "--no-ws", "chuan.wsgi:application",
            ]  # fmt: skip
        else:
            command = ["django", "db_worker", "--interval", "0.5", "--no-startup-delay"]
        return subprocess.Popen([sys.executable, "-m", *command], stdin=subprocess.DEVNULL)  # noqa: S603 - our own words

    @property
    def host(self) -> str:
        """Loopback unless the environment says otherwise."""
        return os.environ.get("CHUAN_BIND", "127.0.0.1")

    @property
    def port(self) -> int:
        """8000 unless the environment says otherwise."""
        return int(os.environ.get("CHUAN_PORT", "8000"))

    def announce(self) -> None:
        """Say where to go once the first page answers."""
        url = f"http://localhost:{self.port}"
        for _ in range(150):
            if self.stopping:
                return
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2):
                    break
            except OSError:
                time.sleep(0.1)
        self.stdout.write(f"\nChuẩn đang chạy:  {url}")
        if deployment.is_sample():
            self.stdout.write(sample.account_table())
        self.stdout.write("Dừng: Ctrl+C")
        self.stdout.flush()

    def supervise(self) -> None:
        """Restart what dies, until told to stop."""
        while not self.stopping:
            time.sleep(0.2)
            for name, child in self.children.items():
                if child.poll() is not None and not self.stopping:
                    self.stderr.write(f"{name} dừng (mã {child.returncode}); khởi động lại.")
                    if name == "worker" and connection.vendor == "sqlite":
                        self.requeue()
                        connection.close()
                    time.sleep(1)
                    self.children[name] = self.start(name)
        for child in self.children.values():
            child.terminate()
        deadline = time.monotonic() + GRACE
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()

    def stop(self, signum: int, frame: FrameType | None) -> None:
        """SIGTERM, SIGINT."""
        self.stopping = True
