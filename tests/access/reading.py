"""Everything a reader could find in an answer, as one searchable text."""

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from typing import Any

import pikepdf
from django.http.response import HttpResponseBase

_SPACE = re.compile(r"[\s\u00ad]+")


def everything(response: HttpResponseBase) -> str:
    """Headers, cookies and body: HTML and JSON as they are, packages member by member, PDF as its text and metadata."""
    # The number of bytes is no number of anybody, but may by chance be one that was planted.
    head = "\n".join(f"{name}: {value}" for name, value in response.items() if name != "Content-Length")
    return f"{head}\n{response.cookies.output()}\n{_body(_content(response))}"


def _content(response: HttpResponseBase) -> bytes:
    if response.streaming:
        parts: Any = getattr(response, "streaming_content", ())
        return b"".join(parts)
    content: bytes = getattr(response, "content", b"")
    return content


def _body(content: bytes, depth: int = 0) -> str:
    if content.startswith(b"PK\x03\x04") and depth < 3:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(e.filename, archive.read(e)) for e in archive.infolist()]
        return "\n".join(f"{name}\n{_body(inner, depth + 1)}" for name, inner in members)
    if content.startswith(b"%PDF-"):
        return "\n".join(_pdf(content))
    return content.decode("utf-8", errors="replace")


def _pdf(content: bytes) -> Iterator[str]:
    command = ["pdftotext", "-layout", "-", "-"]
    yield subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    with pikepdf.open(io.BytesIO(content)) as document:
        yield " ".join(str(value) for value in document.docinfo.values())
        yield str(document.open_metadata())
        for name, attached in document.attachments.items():
            yield f"{name}\n{_body(bytes(attached.get_file().read_bytes()), 1)}"


def found(haystack: str, texts: tuple[str, ...], numbers: tuple[int, ...]) -> list[str]:
    """Which canaries the text holds; a line break or a soft hyphen inside one does not hide it."""
    squeezed = _SPACE.sub("", haystack)
    hits = [t for t in texts if _SPACE.sub("", t) in squeezed]
    return hits + [str(n) for n in numbers if _number(n).search(haystack)]


def _number(value: int) -> re.Pattern[str]:
    digits = f"{value:,}".replace(",", "[.,\u00a0\u202f ]?")
    return re.compile(rf"(?<![0-9a-fA-F]){digits}(?![0-9a-fA-F])")
