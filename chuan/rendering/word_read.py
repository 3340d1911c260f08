"""Opening a Word file that left the house, within limits; what its tagged figures say now."""

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from chuan.rendering.blocks import WORDING_TAG
from chuan.rendering.errors import UnreadableDocument
from chuan.rendering.word_xml import FIGURE_ALIAS, WORDING_ALIAS

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
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
_MOST_PACKED: Final = 60_000_000
_MOST_FILES: Final = 2_000
_MOST_BYTES: Final = 200_000_000
_MOST_XML: Final = 40_000_000
_MOST_RATIO: Final = 200
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS: Final = "Hãy mở bằng Word, chọn “Lưu thành” (Save As) kiểu Word (.docx) rồi tải lên lại."


@dataclass(frozen=True, slots=True)
class WordFile:
    """The parsed parts of an opened file; notes and comments only where it has any."""

    document: Any
    footnotes: Any = None
    comments: Any = None
    footers: tuple[Any, ...] = ()

    @property
    def foot(self) -> str:
        """The words of every footer, one after the other."""
        return " ".join("".join(t.text or "" for t in footer.iter(f"{W}t")) for footer in self.footers)


def open_word(docx_bytes: bytes) -> WordFile:
    """The parts of a .docx; sizes are judged as declared, before anything is unpacked, and no entity is followed.

    Raises UnreadableDocument, naming what the file is, on anything else.
    """
    _refuse_other_kinds(docx_bytes)
    try:
        with zipfile.ZipFile(io.BytesIO(docx_bytes)) as archive:
            _refuse_bombs(archive)
            main = _target(archive, "", _MAIN)
            if main is None:
                raise KeyError(_MAIN)
            notes, comments = (_target(archive, main, kind) for kind in ("/footnotes", "/comments"))
            document = _parse(archive, main)
            if document.tag != f"{W}document":
                raise UnreadableDocument(f"Tệp này không phải là tài liệu Word thường (.docx). {_SAVE_AS}")
            footers = tuple(_parse(archive, part) for part in _targets(archive, main, "/footer"))
            return WordFile(
                document,
                _parse(archive, notes) if notes else None,
                _parse(archive, comments) if comments else None,
                footers,
            )
    except _BROKEN as error:
        raise UnreadableDocument(
            "Tệp này không phải là tài liệu Word (.docx) còn nguyên vẹn. Hãy lưu lại bằng Word rồi tải lên."
        ) from error


def read_figures(docx_bytes: bytes) -> dict[str, str]:
    """The text of each figure's content control by its code, to be compared with `FigureInline.printed`.

    A code whose places no longer agree reads as all of them joined by " ≠ ", which equals no printed figure.
    Raises UnreadableDocument on anything that is not a Word file of bearable size.
    """
    found: dict[str, list[str]] = {}
    for control in open_word(docx_bytes).document.iter(f"{W}sdt"):
        code, content = figure_code(control), control.find(f"{W}sdtContent")
        if code and content is not None:
            words = "".join(t.text or "" for t in content.iter(f"{W}t"))
            found.setdefault(code, []).append(words)
    return {code: " ≠ ".join(dict.fromkeys(texts)) for code, texts in found.items()}


def figure_code(control: Any) -> str:
    """The code of a figure's control, from its tag or, where a program lost that, from its name; else nothing."""
    tag = _property(control, "tag")
    if tag:
        return "" if tag.startswith(WORDING_TAG) else tag
    alias = _property(control, "alias")
    return alias.removeprefix(FIGURE_ALIAS) if alias.startswith(FIGURE_ALIAS) else ""


def wording_key(control: Any) -> str:
    """The key of a freely worded paragraph's control, found in the same two places; else nothing."""
    for name, mark in (("tag", WORDING_TAG), ("alias", WORDING_ALIAS)):
        said = _property(control, name)
        if said.startswith(mark):
            return said.removeprefix(mark)
    return ""


def _property(control: Any, name: str) -> str:
    found = control.find(f"{W}sdtPr/{W}{name}")
    return "" if found is None else str(found.get(f"{W}val", ""))


def _refuse_other_kinds(data: bytes) -> None:
    """Say what the file is where people often send that instead."""
    if len(data) > _MOST_PACKED:
        raise UnreadableDocument("Tệp Word này quá lớn (trên 60 MB). Hãy bớt hình ảnh rồi tải lên lại.")
    if data.startswith(_OLD_OFFICE) and _ENCRYPTED in data:
        raise UnreadableDocument("Tệp Word này đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi tải lên lại.")
    if data.startswith(_OLD_OFFICE):
        raise UnreadableDocument(f"Tệp này là Word kiểu cũ (.doc) nên không đọc được. {_SAVE_AS}")
    if data.startswith(b"{\\rtf"):
        raise UnreadableDocument(f"Tệp này là RTF, không phải Word (.docx). {_SAVE_AS}")
    if data.startswith(b"%PDF"):
        raise UnreadableDocument("Tệp này là PDF, không phải Word (.docx). Hãy tải lên tệp Word đã sửa.")
    if data.startswith(b"PK") and data[38:].startswith(b"application/vnd.oasis.opendocument"):
        raise UnreadableDocument(f"Tệp này là OpenDocument (.odt), không phải Word (.docx). {_SAVE_AS}")


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Declared sizes are checked before a byte is unpacked; zipfile itself stops at the declared size."""
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_FILES or total > _MOST_BYTES:
        raise UnreadableDocument("Tệp Word này quá lớn khi giải nén nên bị từ chối. Hãy bớt hình ảnh rồi tải lên lại.")
    for entry in entries:
        if entry.file_size > 1_000_000 and entry.file_size > _MOST_RATIO * max(1, entry.compress_size):
            raise UnreadableDocument(f"Tệp Word này có phần nén bất thường ({entry.filename[:80]}) nên bị từ chối.")


def _target(archive: zipfile.ZipFile, source: str, kind: str) -> str | None:
    """The part inside the file to which `source` ("" for the file itself) is related in this way."""
    return next(_targets(archive, source, kind), None)


def _targets(archive: zipfile.ZipFile, source: str, kind: str) -> Iterator[str]:
    """Every such part."""
    folder, name = posixpath.split(source)
    relationships = posixpath.join(folder, "_rels", f"{name}.rels")
    if source and relationships not in archive.namelist():
        return
    for relationship in _parse(archive, relationships).iter(_RELATIONSHIP):
        if relationship.get("Type", "").endswith(kind) and relationship.get("TargetMode") != "External":
            target = str(relationship.get("Target", ""))
            inside = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            yield posixpath.normpath(inside)


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
