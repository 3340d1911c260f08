"""Database away, cut off or full, disk full: a page that says what to do, nothing half-saved, and back by itself."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, close_old_connections, connection, connections
from django.test import Client
from django.urls import reverse

from chuan.audit import service as audit
from chuan.audit.models import AuditEntry
from chuan.files import store
from chuan.files.models import StoredFile
from chuan.lib import clock
from chuan.training.models import Course
from chuan.web.models import IdempotencyKey
from tests.reliability import world as worlds
from tests.reliability.world import World

NEW = reverse("training:new-course")
FORM = {
    "title": "Lớp trong lúc máy chủ trục trặc",
    "kind": "course",
    "on_metrology": "on",
    "start": "04/05/2026",
    "end": "08/05/2026",
    "organiser": "Sở Công Thương",
    "place": "x-tb",
    "_key": "mot-khoa",
}
PDF = b"%PDF-1.4\n" + os.urandom(3_000_000)


@dataclass
class Office:
    """A person at a browser, and the database behind it as the product connects to it."""

    world: World
    browser: Client
    folder: Path

    def get(self, url: str) -> Any:
        """A page, as a server would answer it: old connections are looked at first."""
        close_old_connections()
        return self.browser.get(url)

    def post(self, url: str, **data: Any) -> Any:
        """A form, likewise."""
        close_old_connections()
        return self.browser.post(url, data)

    def courses(self) -> tuple[int, int, int]:
        """Courses, their audit entries, keys of forms."""
        entries = AuditEntry.objects.filter(action="training.add_course").count()
        return Course.objects.count(), entries, IdempotencyKey.objects.count()


@pytest.fixture
def office(threads_db: None, tmp_path: Path, sign_in: Any) -> Iterator[Office]:
    """Connections live for a minute and are tried before use, as in the product; SQLite is a file."""
    world = worlds.build(courses=1, lines=2)
    folder = tmp_path / "var"
    folder.mkdir()
    before = connections["default"]
    facts = {**before.settings_dict, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if before.vendor == "sqlite":
        facts["NAME"] = str(folder / "chuan.sqlite3")
        with before.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [facts["NAME"]])
    connections["default"] = type(before)(facts, "default")
    browser = sign_in(world.cast.focal, fresh=True)
    browser.raise_request_exception = False
    yield Office(world, browser, folder)
    connections["default"].close()
    connections["default"] = before


@pytest.fixture
def gone(office: Office) -> Iterator[Callable[[bool], None]]:
    """`gone(True)`: the database cannot be reached; `gone(False)`: it is back."""
    facts, away = connection.settings_dict, office.folder.with_name("away")
    host, port = facts["HOST"], facts["PORT"]

    def make(absent: bool) -> None:
        connection.close()
        if connection.vendor == "sqlite":
            office.folder.rename(away) if absent else away.rename(office.folder)
        else:
            facts.update({"HOST": "127.0.0.1", "PORT": "1"} if absent else {"HOST": host, "PORT": port})

    yield make
    if away.exists() or facts["PORT"] == "1":
        make(False)


def unavailable(answer: Any) -> None:
    """503 that says what happened to the work and what to do."""
    assert answer.status_code == 503
    assert answer["Retry-After"]
    body = answer.content.decode()
    assert "Cơ sở dữ liệu tạm thời không trả lời" in body
    assert "chưa được lưu" in body


def cut(pid: int) -> None:
    """The server ends one connection."""
    facts = connection.get_connection_params()
    known = {k: facts[k] for k in ("host", "port", "user", "dbname") if facts.get(k)}
    with psycopg.connect(**known, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_without_a_database_every_page_says_so_and_it_comes_back_by_itself(
    office: Office, gone: Callable[[bool], None]
) -> None:
    assert office.get(reverse("home")).status_code == 200
    gone(True)
    for url in (reverse("home"), reverse("training:courses"), NEW):
        unavailable(office.get(url))
    assert office.get(reverse("health")).status_code == 503
    unavailable(office.post(NEW, **FORM))
    gone(False)
    assert office.get(reverse("health")).status_code == 200
    assert office.get(reverse("training:courses")).status_code == 200
    assert office.courses() == (1, 1, 0)


def test_a_form_that_met_an_outage_is_sent_again_with_one_effect(office: Office, gone: Callable[[bool], None]) -> None:
    gone(True)
    unavailable(office.post(NEW, **FORM))
    gone(False)
    answers = [office.post(NEW, **FORM) for _ in range(2)]
    assert {(a.status_code, a["Location"]) for a in answers} == {(302, reverse("training:course", args=["L000002"]))}
    assert office.courses() == (2, 2, 1)


def test_an_outage_inside_a_service_leaves_nothing_half_saved(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows are written, the audit entry is not: the connection ends, or (SQLite) the disk fails."""
    seal = audit._seal

    def fail(entries: Any) -> None:
        if connection.vendor == "sqlite":
            raise OperationalError("disk I/O error")
        cut(connection.connection.info.backend_pid)
        seal(entries)

    monkeypatch.setattr(audit, "_seal", fail)
    unavailable(office.post(NEW, **FORM))
    monkeypatch.setattr(audit, "_seal", seal)
    assert office.courses() == (1, 1, 0)
    assert office.post(NEW, **FORM).status_code == 302
    assert office.courses() == (2, 2, 1)
    assert worlds.findings() == []


@pytest.mark.postgres
def test_a_connection_cut_between_two_pages_is_not_even_noticed(office: Office) -> None:
    assert office.get(reverse("home")).status_code == 200
    cut(connection.connection.info.backend_pid)
    assert office.get(reverse("home")).status_code == 200


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that an empty database fits on and three megabytes do not; skipped where this user may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=2900k,mode=0700", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("a tmpfs can be mounted by root only")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def full(answer: Any) -> None:
    """507 that says so."""
    assert answer.status_code == 507
    assert "Ổ đĩa máy chủ đã đầy" in answer.content.decode()


@pytest.fixture
def brim(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """`brim(True)`: the database can grow no more. PostgreSQL's refusal is played; SQLite's is its own."""
    seal = audit._seal

    def refuse(entries: Any) -> None:
        raise OperationalError(
            'could not extend file "base/1/2": No space left on device'
        ) from psycopg.errors.DiskFull()

    def make(is_full: bool) -> None:
        if connection.vendor == "postgresql":
            monkeypatch.setattr(audit, "_seal", refuse if is_full else seal)
            return
        with connection.cursor() as cursor:
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages if is_full else 1_000_000}")

    return make


def test_a_full_database_refuses_the_form_and_goes_on_showing_pages(
    office: Office, brim: Callable[[bool], None]
) -> None:
    note = {"note": "Ghi chú dài. " * 150}
    brim(True)
    for number in range(40):
        answer = office.post(NEW, **{**FORM, **note, "_key": f"k{number}"})
        if answer.status_code != 302:
            break
    full(answer)
    kept = office.courses()
    assert kept[0] == kept[1] == kept[2] + 1
    for url in (reverse("home"), reverse("training:courses"), NEW, reverse("training:course", args=["L000001"])):
        assert office.get(url).status_code == 200
    brim(False)
    assert office.post(NEW, **FORM).status_code == 302
    assert worlds.findings() == []


@pytest.mark.parametrize("where", ["backends.db.SessionStore", "models.Session"])
def test_reading_goes_on_when_the_minute_s_last_seen_cannot_be_saved(
    office: Office, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The engine's refusal as it is, and as the session's own save wraps it."""
    session = office.browser.session
    session["began"] = session["seen"] = int(clock.system_now().timestamp()) - 120
    session.save()

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(f"django.contrib.sessions.{where}.save", refuse)
    assert office.get(reverse("home")).status_code == 200
    assert office.get(reverse("training:courses")).status_code == 200


def test_a_file_database_on_a_full_disk_refuses_the_form_and_is_whole_afterwards(
    office: Office, small_disk: Path
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the server's own disk is not ours to fill")
    moved = small_disk / "chuan.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(moved)])
    connection.close()
    connection.settings_dict["NAME"] = str(moved)
    assert office.get(reverse("training:courses")).status_code == 200
    ballast = small_disk / "ballast"
    with pytest.raises(OSError, match="No space left"):
        fill(ballast)
    full(office.post(NEW, **FORM))
    assert office.get(reverse("training:courses")).status_code == 200
    assert office.courses() == (1, 1, 0)
    ballast.unlink()
    assert office.post(NEW, **FORM).status_code == 302
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert worlds.findings() == []


def fill(ballast: Path) -> None:
    """Write until nothing more goes."""
    with ballast.open("wb", buffering=0) as handle:
        while True:
            handle.write(b"\0" * 4096)


def attach(office: Office) -> Any:
    """Upload three megabytes."""
    file = SimpleUploadedFile("danh-sach.pdf", PDF, "application/pdf")
    return office.post(reverse("training:attach", args=["L000001"]), title="Danh sách", file=file, _key="mot-khoa")


def left(folder: Path) -> list[Path]:
    """Files of the store, hidden ones too."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_upload_onto_a_full_disk_leaves_no_row_and_no_temporary_file(
    office: Office, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FILES_DIR", small_disk)
    full(attach(office))
    assert left(small_disk) == []
    assert not StoredFile.objects.exists()
    monkeypatch.setattr(settings, "FILES_DIR", office.folder / "files")
    assert attach(office).status_code == 302
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_bytes_that_cannot_be_kept_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def refuse(*args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(settings, "FILES_DIR", tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(os, step, refuse)
        with pytest.raises(OSError, match="No space left"):
            store.keep(PDF)
    assert left(tmp_path) == []
    assert store.path_of(store.keep(PDF)).read_bytes() == PDF
