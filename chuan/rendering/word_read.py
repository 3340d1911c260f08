"""Reading back a Word file that left the house: what its tagged figures say now."""

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from typing import Any, Final

from lxml import etree

from chuan.rendering.errors import UnreadableDocument

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    KeyError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)
_MAIN: Final = "/officeDocument"
_MOST_FILES: Final = 2_000
_MOST_BYTES: Final = 200_000_000
_MOST_XML: Final = 40_000_000
_MOST_RATIO: Final = 200


def read_figures(docx_bytes: bytes) -> dict[str, str]:
    """The text of each tagged content control by its tag, to be compared with `FigureInline.printed`.

    A code whose places no longer agree reads as all of them joined by " ≠ ", which equals no printed figure.
    Raises UnreadableDocument on anything that is not a Word file of bearable size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(docx_bytes)) as archive:
            _refuse_bombs(archive)
            root = _parse(archive, _main_part(archive))
    except _BROKEN as error:
        raise UnreadableDocument(
            "Tệp này không phải là tài liệu Word (.docx) còn nguyên vẹn. Hãy lưu lại bằng Word rồi tải lên."
        ) from error
    found: dict[str, list[str]] = {}
    for control in root.iter(f"{_W}sdt"):
        tag = control.find(f"{_W}sdtPr/{_W}tag")
        content = control.find(f"{_W}sdtContent")
        if tag is not None and content is not None:
            words = "".join(t.text or "" for t in content.iter(f"{_W}t"))
            found.setdefault(tag.get(f"{_W}val", ""), []).append(words)
    return {code: " ≠ ".join(dict.fromkeys(texts)) for code, texts in found.items()}


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Declared sizes are checked before a byte is unpacked; zipfile itself stops at the declared size."""
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_FILES or total > _MOST_BYTES:
        raise UnreadableDocument("Tệp Word này quá lớn khi giải nén nên bị từ chối. Hãy bớt hình ảnh rồi tải lên lại.")
    for entry in entries:
        if entry.file_size > 1_000_000 and entry.file_size > _MOST_RATIO * max(1, entry.compress_size):
            raise UnreadableDocument(f"Tệp Word này có phần nén bất thường ({entry.filename[:80]}) nên bị từ chối.")


def _main_part(archive: zipfile.ZipFile) -> str:
    for relationship in _parse(archive, "_rels/.rels").iter(_RELATIONSHIP):
        if relationship.get("Type", "").endswith(_MAIN):
            return posixpath.normpath(str(relationship.get("Target", "")).lstrip("/"))
    raise KeyError(_MAIN)


def _parse(archive: zipfile.ZipFile, name: str) -> Any:
    if archive.getinfo(name).file_size > _MOST_XML:
        raise UnreadableDocument("Phần nội dung của tệp Word này quá lớn nên bị từ chối.")
    data = archive.read(name)
    if b"<!DOCTYPE" in data.replace(b"\0", b"").upper():
        raise UnreadableDocument("Tệp Word này có khai báo DOCTYPE, điều Word không bao giờ ghi, nên bị từ chối.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(name) from error
