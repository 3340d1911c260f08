"""Stored bytes are kept by their hash, handed out as attachments, and checked: a flipped or missing one is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chuan.audit.actor import Actor
from chuan.audit.service import REGISTRY, record, service
from chuan.files.models import StoredFile
from chuan.files.responses import attachment, download
from chuan.files.store import MissingBytes, keep, path_of, read, receive, register, verify
from chuan.ledger.errors import OutsideService
from chuan.ledger.integrity import Checked, Finding
from tests.cast import SYSTEM
from tests.files.samples import PDF


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A store of its own."""
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def store(prepared: None, folder: Path) -> Iterator[Any]:
    """`store(name, content)`: keep and register through a service."""

    @service()
    def keep_file(*, actor: Actor, name: str, content: bytes) -> StoredFile:
        digest, kind = receive(name, content)
        file = register(digest, name=name, media_type=kind.media_type, size=len(content))
        record("files.test", file)
        return file

    yield lambda name, content: keep_file(actor=SYSTEM, name=name, content=content)
    REGISTRY.pop(f"{keep_file.__module__}.{keep_file.__qualname__}")


def findings() -> list[str]:
    return [f"{f.where}: {f.what}" for f in verify() if isinstance(f, Finding)]


def test_a_file_is_not_named_outside_a_service(prepared: None, folder: Path) -> None:
    with pytest.raises(OutsideService):
        register(keep(PDF), name="a.pdf", media_type="application/pdf", size=1)


def test_changed_bytes_are_not_handed_out_and_are_named(store: Any) -> None:
    file = store("bao-cao.pdf", PDF)
    where = path_of(file.content_sha)
    flipped = bytearray(where.read_bytes())
    flipped[5] ^= 1
    where.write_bytes(flipped)
    with pytest.raises(MissingBytes):
        read(file)
    with pytest.raises(MissingBytes):
        download(file)
    assert ["bao-cao.pdf" in f and "thay đổi" in f for f in findings()] == [True]


def test_missing_bytes_are_named(store: Any) -> None:
    file = store("bao-cao.pdf", PDF)
    path_of(file.content_sha).unlink()
    with pytest.raises(MissingBytes):
        read(file)
    assert ["không còn tệp" in f for f in findings()] == [True]


def test_damaged_bytes_are_not_taken_for_the_same_ones(store: Any) -> None:
    """Storing a file again must not trust what lies there under its hash."""
    file = store("bao-cao.pdf", PDF)
    path_of(file.content_sha).write_bytes(b"")
    again = store("bao-cao.pdf", PDF)
    assert read(again) == PDF


def test_untouched_files_are_whole(store: Any) -> None:
    store("a.pdf", PDF)
    assert findings() == []
    assert [c.count for c in verify() if isinstance(c, Checked)] == [1]


def test_the_same_bytes_twice_lie_once_under_two_names(store: Any, folder: Path) -> None:
    one, two = store("mot.pdf", PDF), store("hai.pdf", PDF)
    assert one.content_sha == two.content_sha
    assert [p for p in folder.rglob("*") if p.is_file()] == [path_of(one.content_sha)]
    assert {f.name for f in StoredFile.objects.all()} == {"mot.pdf", "hai.pdf"}


def test_only_the_owner_of_the_process_reads_them(store: Any) -> None:
    assert path_of(store("a.pdf", PDF).content_sha).stat().st_mode & 0o777 == 0o600


def test_nothing_half_written_is_left_when_the_disk_is_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("chuan.files.store.os.fsync", full)
    with pytest.raises(OSError, match="space"):
        keep(PDF)
    assert [p for p in folder.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("name", ["báo cáo.pdf", "a\r\nSet-Cookie: x=1.pdf", 'a";b=".pdf', "…" * 50 + ".pdf"])
def test_a_file_is_saved_never_shown(name: str) -> None:
    answer = attachment(PDF, name, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_name_is_cleaned_when_stored(store: Any) -> None:
    assert store("../../bao\u202e cáo.pdf", PDF).name == "bao cáo.pdf"
