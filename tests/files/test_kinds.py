"""An upload is judged by its bytes; its name is cleaned; what is refused is not stored."""

import time

import pytest
from django.conf import settings

from chuan.files import kinds
from chuan.files.kinds import RefusedUpload, judge
from chuan.files.store import receive
from chuan.lib.text import safe_filename
from tests.files.samples import DOCX, JPG, PDF, PNG, XLSX, bomb, crowd, package

HOSTILE = {
    "a renamed program": ("bao-cao.pdf", b"MZ\x90\x00" + bytes(100)),
    "a renamed script": ("bao-cao.pdf", b"#!/bin/sh\nrm -rf /\n"),
    "a page named pdf": ("bao-cao.pdf", b"<html><script>alert(1)</script>"),
    "a page before a pdf": ("bao-cao.pdf", b"<html>%PDF-1.7"),
    "svg": ("hinh.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "html": ("trang.html", b"<html></html>"),
    "a program": ("setup.exe", b"MZ"),
    "two suffixes": ("bao-cao.pdf.exe", PDF),
    "no suffix": ("bao-cao", PDF),
    "macros": ("bang.xlsm", XLSX),
    "old excel": ("bang.xls", b"\xd0\xcf\x11\xe0" + bytes(100)),
    "a word file named excel": ("bang.xlsx", DOCX),
    "a zip named word": ("van-ban.docx", package("readme.txt")),
    "half a zip": ("van-ban.docx", DOCX[: len(DOCX) // 2]),
    "signature alone": ("van-ban.docx", b"PK\x03\x04"),
    "nothing": ("bao-cao.pdf", b""),
    "turned round": ("bao-cao\u202efdp.exe", PDF),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_not_what_it_says_is_refused(case: str) -> None:
    name, content = HOSTILE[case]
    with pytest.raises(RefusedUpload) as caught:
        judge(name, content)
    assert str(caught.value).endswith((".", "xlsx."))


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(RefusedUpload, match="20 MB"):
        judge("lon.pdf", PDF + bytes(kinds.MAX_BYTES))


@pytest.mark.parametrize("make", [bomb, crowd], ids=["bomb", "crowd"])
def test_a_package_that_unpacks_without_end_is_refused_unopened(make: object) -> None:
    content = make()  # type: ignore[operator]
    began = time.monotonic()
    with pytest.raises(RefusedUpload):
        judge("bang.xlsx", content)
    assert len(content) < kinds.MAX_BYTES
    assert time.monotonic() - began < 1


def test_what_is_refused_is_not_on_disk(tmp_path: object, settings: object) -> None:
    settings.FILES_DIR = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(RefusedUpload):
        receive("bao-cao.pdf", b"MZ")
    assert list(tmp_path.rglob("*")) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("A.PDF", PDF),
        ("a.png", PNG),
        ("a.jpg", JPG),
        ("a.jpeg", JPG),
        ("a.docx", DOCX),
        ("a.xlsx", XLSX),
    ],
)
def test_what_is_taken(name: str, content: bytes) -> None:
    assert name.lower().endswith(judge(name, content).suffix)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf", "..\\..\\windows\\a.pdf", "/etc/passwd.pdf", "C:\\a.pdf", "a\x00.pdf", ".htaccess.pdf",
        "con.pdf", "a\r\nSet-Cookie: x.pdf", "bao\u202efdp.pdf", "\u200b.pdf", " .pdf", "a/../b.pdf", '"; x=".pdf',
    ],
)  # fmt: skip
def test_a_name_is_a_name_and_no_path(name: str) -> None:
    kept = safe_filename(name)
    assert kept.endswith(".pdf")
    assert not set(kept) & set('/\\\x00\r\n\u202e\u200b"<>:|?*')
    assert not kept.startswith(".")
    assert len(kept.encode()) <= 240


@pytest.mark.parametrize("letter", ["ế", "e\u0302\u0301"], ids=["NFC", "NFD"])
def test_a_name_of_300_letters_is_shortened_and_keeps_its_suffix(letter: str) -> None:
    kept = safe_filename(letter * 300 + ".docx")
    assert kept.startswith("ế")
    assert kept.endswith(".docx")
    assert len(kept) <= 120
    assert len(kept.encode()) <= 240


def test_files_lie_where_no_address_leads() -> None:
    root = str(settings.STATIC_ROOT)
    assert not str(settings.FILES_DIR).startswith(root)
    assert not getattr(settings, "MEDIA_URL", "") or settings.MEDIA_URL == "/"
