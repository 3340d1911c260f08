"""Which uploads are taken: judged by their first bytes, never by their name alone."""

import io
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 5000


class RefusedUpload(Exception):
    """The upload is not stored; `str()` says why and what to do."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken."""

    suffix: str
    media_type: str
    signature: bytes
    member: str = ""


KINDS = (
    Kind(".pdf", "application/pdf", b"%PDF-"),
    Kind(".png", "image/png", b"\x89PNG\r\n\x1a\n"),
    Kind(".jpg", "image/jpeg", b"\xff\xd8\xff"),
    Kind(".jpeg", "image/jpeg", b"\xff\xd8\xff"),
    Kind(
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"PK\x03\x04",
        "word/document.xml",
    ),
    Kind(
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        b"PK\x03\x04",
        "xl/workbook.xml",
    ),
)


def judge(name: str, content: bytes) -> Kind:
    """The kind of an upload; RefusedUpload where name and bytes disagree or the file is too large or unsafe."""
    allowed = ", ".join(dict.fromkeys(k.suffix.lstrip(".") for k in KINDS))
    if not content:
        raise RefusedUpload(_("Tệp “%(name)s” rỗng. Hãy chọn lại tệp.") % {"name": name})
    if len(content) > MAX_BYTES:
        raise RefusedUpload(
            _("Tệp “%(name)s” lớn hơn %(limit)s MB. Hãy nén hoặc chia nhỏ tệp.")
            % {"name": name, "limit": MAX_BYTES // 2**20}
        )
    kind = next((k for k in KINDS if name.lower().endswith(k.suffix)), None)
    if kind is None:
        raise RefusedUpload(
            _("Không nhận loại tệp của “%(name)s”. Các loại được nhận: %(allowed)s.")
            % {"name": name, "allowed": allowed}
        )
    if not content.startswith(kind.signature) or (kind.member and not _is_package(content, kind.member)):
        raise RefusedUpload(
            _("Nội dung của “%(name)s” không phải là tệp %(suffix)s. Hãy mở tệp và lưu lại đúng định dạng.")
            % {"name": name, "suffix": kind.suffix.lstrip(".")}
        )
    return kind


def _is_package(content: bytes, member: str) -> bool:
    """An Office package of reasonable declared size; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    if len(entries) > MAX_MEMBERS or sum(e.file_size for e in entries) > MAX_UNPACKED:
        return False
    return any(e.filename == member for e in entries)
