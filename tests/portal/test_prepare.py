"""`chuan prepare`: what holds work is never thrown away; what was broken off is put aside and made again."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def chuan(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CHUAN_HOME": str(home), "CHUAN_MODE": "office"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "chuan.cli", *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office's database, made once."""
    home = tmp_path_factory.mktemp("office")
    made = chuan(home, "prepare")
    assert made.returncode == 0, made.stderr
    return home


def copy_of(office: Path, home: Path) -> Path:
    """What somebody restores from a backup: the database file alone."""
    source = sqlite3.connect(office / "chuan.sqlite3")
    target = sqlite3.connect(home / "chuan.sqlite3")
    source.backup(target)
    source.close()
    target.close()
    return home / "chuan.sqlite3"


def entries(database: Path) -> int:
    connection = sqlite3.connect(database)
    (count,) = connection.execute("SELECT count(*) FROM audit_auditentry").fetchone()
    connection.close()
    return int(count)


def test_a_database_without_its_description_is_refused_and_left_alone(office: Path, tmp_path: Path) -> None:
    database = copy_of(office, tmp_path)
    connection = sqlite3.connect(database)
    connection.execute("DELETE FROM web_deployment")
    connection.commit()
    connection.close()
    before = entries(database)
    refused = chuan(tmp_path, "prepare")
    assert refused.returncode != 0
    assert "Không thay đổi gì" in refused.stderr
    assert entries(database) == before


def test_a_restored_copy_is_used_as_it_is(office: Path, tmp_path: Path) -> None:
    database = copy_of(office, tmp_path)
    before = entries(database)
    assert "Toàn vẹn" in chuan(tmp_path, "verify").stdout
    assert chuan(tmp_path, "prepare").returncode == 0
    assert entries(database) == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("chuan.sqlite3.")] == []


def test_a_database_that_was_broken_off_is_put_aside_and_made_again(office: Path, tmp_path: Path) -> None:
    database = copy_of(office, tmp_path)
    connection = sqlite3.connect(database)
    connection.execute("UPDATE web_deployment SET complete = 0")
    connection.commit()
    connection.close()
    made = chuan(tmp_path, "prepare")
    assert made.returncode == 0
    assert "chuyển thành chuan.sqlite3." in made.stderr
    aside = [p for p in tmp_path.iterdir() if p.name.startswith("chuan.sqlite3.2")]
    assert len(aside) == 1
    assert entries(aside[0]) == entries(database)


def changed(database: Path, sql: str) -> bytes:
    """The database's bytes after a change."""
    connection = sqlite3.connect(database)
    connection.executescript(sql)
    connection.close()
    return database.read_bytes()


@pytest.mark.parametrize("command", ["verify", "figures"])
def test_what_only_looks_finds_the_database_as_it_is(office: Path, tmp_path: Path, command: str) -> None:
    """Another release's migrations are left for whoever starts it."""
    database = copy_of(office, tmp_path)
    before = changed(database, "DELETE FROM django_migrations WHERE app = 'programme'")
    looked = chuan(tmp_path, command)
    assert looked.returncode == 0, looked.stderr
    assert database.read_bytes() == before


def test_what_cannot_read_an_older_database_names_the_remedy(office: Path, tmp_path: Path) -> None:
    database = copy_of(office, tmp_path)
    changed(database, "ALTER TABLE programme_plan RENAME TO earlier_plan")
    looked = chuan(tmp_path, "figures")
    assert looked.returncode == 1
    assert "chuan prepare" in looked.stderr
    assert "Traceback" not in looked.stderr
