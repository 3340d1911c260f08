"""`chuan serve`: the web server and the background worker under one supervisor."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from chuan.portal import sample
from chuan.reporting import renewal
from chuan.web import deployment
from chuan.web.checks import listening, production_settings, told

#: Seconds that a child gets to finish what it does.
GRACE = 10
#: A job takes seconds; one that has been running this long belonged to a worker that is dead.
LEASE = timedelta(minutes=10)
#: Seconds between two looks for such jobs.
LOOK = 60
#: Seconds between two looks for figures of large registers that are behind.
FIGURES = 5


class Command(BaseCommand):
    """Serves until told to stop; a child that dies is started again."""

    help = "Chạy máy chủ web và bộ xử lý nền."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, check, start both, wait."""
        # Before an illustration is made for a minute, and after: an office's settings may name a sample database.
        self.refuse([*production_settings(), *listening(self.host, sample=settings.MODE == "sample")])
        call_command("prepare", assets=True)
        self.refuse(listening(self.host, sample=deployment.is_sample()))
        self.refuse_unsafe()
        self.requeue()
        connection.close()
        self.stopping = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.stop)
        self.children = {"web": self.start("web"), "worker": self.start("worker")}
        self.announce()
        self.supervise()

    def refuse(self, found: Sequence[CheckMessage]) -> None:
        """Stop the start, saying why in one line each."""
        if found:
            raise CommandError(told(found))

    def refuse_unsafe(self) -> None:
        """Errors of the system checks stop the start, and in production warnings of its deployment too."""
        errors = [m for m in run_checks(databases=["default"]) if isinstance(m, Error) or m.level >= 40]
        if settings.PRODUCTION:
            errors += [m for m in run_checks(include_deployment_checks=True) if m.level >= 30 and m not in errors]
        self.refuse(errors)

    def requeue(self) -> None:
        """Jobs that a killed worker left running go back to the queue; a job may run twice without harm.

        At once where this worker is the only one; after LEASE where other servers' workers share the database.
        """
        running = DBTaskResult.objects.filter(status="RUNNING")
        if connection.vendor != "sqlite":
            running = running.filter(started_at__lt=timezone.now() - LEASE)
        running.update(status="READY", started_at=None)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start a child in this interpreter's environment."""
        embedded = connection.vendor == "sqlite"
        if name == "web":
            command = [
                "granian", "--interface", "wsgi", "--host", self.host, "--port", str(self.port),
                "--workers", "1" if embedded else os.environ.get("CHUAN_WORKERS", "2"),
                "--blocking-threads", "4", "--log-level", "error",
                "--no-ws", "chuan.wsgi:application",
            ]  # fmt: skip
        else:
            command = ["django", "db_worker", "--interval", "0.5", "--no-startup-delay", "--skip-checks"]
        return subprocess.Popen([sys.executable, "-m", *command], stdin=subprocess.DEVNULL)  # noqa: S603 - our own words

    @property
    def host(self) -> str:
        """Loopback unless the environment says otherwise."""
        return os.environ.get("CHUAN_BIND") or "127.0.0.1"

    @property
    def port(self) -> int:
        """8000 unless the environment says otherwise."""
        return int(settings.PORT)

    def announce(self) -> None:
        """Say where to go once the first page answers."""
        url = settings.PUBLIC_URL if settings.PRODUCTION else f"http://localhost:{self.port}"
        for _ in range(150):
            if self.stopping or any(child.poll() is not None for child in self.children.values()):
                return
            try:
                socket.create_connection((self.host, self.port), timeout=2).close()
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
        self.looked = self.looked_at_figures = time.monotonic()
        while not self.stopping:
            time.sleep(0.2)
            for name, child in self.children.items():
                if child.poll() is not None and not self.stopping:
                    self.stderr.write(f"{name} dừng (mã {child.returncode}); khởi động lại.")
                    if name == "worker":
                        self.look_after_jobs()
                    time.sleep(1)
                    self.children[name] = self.start(name)
            self.look()
        for child in self.children.values():
            child.terminate()
        deadline = time.monotonic() + GRACE
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()

    def look(self) -> None:
        """What is due by the clock: jobs of dead workers, figures that are behind."""
        now = time.monotonic()
        if connection.vendor != "sqlite" and now - self.looked > LOOK:
            self.looked = now
            self.look_after_jobs()
        if now - self.looked_at_figures > FIGURES:
            self.looked_at_figures = now
            self.look_after_figures()

    def look_after_figures(self) -> None:
        """Have the worker compute what pages of large registers show, where it is behind."""
        try:
            renewal.keep_up()
        except DatabaseError as error:
            self.stderr.write(f"chưa xem được số liệu nào cần tính lại: {type(error).__name__}")
        connection.close()

    def look_after_jobs(self) -> None:
        """`requeue`, by a supervisor that outlives a database that is away."""
        try:
            self.requeue()
        except DatabaseError as error:
            self.stderr.write(f"chưa trả được việc dở dang về hàng đợi: {type(error).__name__}")
        connection.close()

    def stop(self, signum: int, frame: FrameType | None) -> None:
        """SIGTERM, SIGINT."""
        self.stopping = True
