"""Content-addressed store: written and synced to disk before the row that names it is inserted."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from chuan.files import kinds
from chuan.files.models import StoredFile
from chuan.ledger.integrity import Checked, Finding, each
from chuan.ledger.work import append, stamp
from chuan.lib import text


class MissingBytes(Exception):
    """A file's bytes are gone or changed; the row says what they were."""


def keep(content: bytes) -> str:
    """Put bytes on disk under their SHA-256, safely across a crash; outside any transaction. Returns the hash."""
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(digest)
    # What lies there is trusted only if it still is what its name says.
    if target.exists() and hashlib.sha256(target.read_bytes()).hexdigest() == digest:
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{digest[:8]}.{secrets.token_hex(4)}")
    try:
        with temporary.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.chmod(0o600)
        temporary.replace(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest


def register(digest: str, *, name: str, media_type: str, size: int) -> StoredFile:
    """Name kept bytes in the database, inside a service."""
    return append(
        StoredFile(
            name=text.safe_filename(name),
            media_type=media_type,
            size=size,
            content_sha=digest,
            created_at=stamp(),
        )
    )


def receive(name: str, content: bytes) -> tuple[str, kinds.Kind]:
    """Judge and keep an upload; RefusedUpload names what is wrong. Register it in the service that needs it."""
    kind = kinds.judge(name, content)
    return keep(content), kind


def read(file: StoredFile) -> bytes:
    """The bytes, checked against their hash; MissingBytes where they are gone or changed."""
    try:
        content = path_of(file.content_sha).read_bytes()
    except FileNotFoundError:
        raise MissingBytes(f"{file.name}: {file.content_sha}") from None
    if hashlib.sha256(content).hexdigest() != file.content_sha:
        raise MissingBytes(f"{file.name}: {file.content_sha}")
    return content


def path_of(digest: str) -> Path:
    """Where the bytes of a hash lie."""
    return Path(settings.FILES_DIR) / digest[:2] / digest


def verify() -> Iterator[Finding | Checked]:
    """Every registered file's bytes against their hash."""
    count = 0
    for pk, file in each(StoredFile.objects.all()):
        count += 1
        if file is None:
            yield Finding(f"tệp số {pk}", "không đọc được bản ghi của tệp")
            continue
        place = f"tệp số {pk} “{file.name}” ({file.content_sha[:12]}…)"
        try:
            read(file)
        except MissingBytes:
            there = path_of(file.content_sha).exists()
            yield Finding(place, "nội dung tệp đã bị thay đổi" if there else "không còn tệp trên đĩa")
        except (OSError, ValueError) as error:
            yield Finding(place, f"không đọc được tệp trên đĩa: {error}")
    yield Checked("tệp", count)
