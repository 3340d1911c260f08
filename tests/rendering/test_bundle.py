"""The evidence bundle: one file, nothing from outside, text as text; what it refuses to carry."""

import dataclasses
import hashlib
import html
import json
import re
from html.parser import HTMLParser

import pytest

from chuan.rendering.bundle import Bundle, BundleFigure, BundleSource, write_bundle
from tests.rendering.samples import HOSTILE

SNAPSHOT = '{"figures":[{"code":"CT2","value":50}]}'
CANARIES = [
    HOSTILE,
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "\u2028\x00]]>",
    '" onload="x',
    "a\u0301 < b & c",
]


def bundle(**changes: object) -> Bundle:
    """A made-up report with two figures, one of them with masked rows."""
    sample = Bundle(
        title="Báo cáo số 05/BC-SKHCN năm 2026",
        facts=(("Cơ quan ban hành", "Sở Khoa học và Công nghệ"), ("Số liệu chốt", "30/11/2026")),
        figures=(
            BundleFigure(
                "CT2.2026",
                "Số người được đào tạo",
                "50 người",
                "Mỗi người tính một lần trong kỳ.",
                ("Người", "Lớp", "Đơn vị"),
                (("N*** V*** A", "DT-01", "Sở Công Thương"), ("T*** T*** B", "DT-02", "UBND xã M")),
                (("SHA-256 của định nghĩa", "ab" * 32), ("SHA-256 của danh sách", "cd" * 32)),
            ),
            BundleFigure("CT1A.2026", "Số lớp", "03 lớp", "Lớp đã kết thúc trong kỳ."),
        ),
        sources=(BundleSource("bản chốt số liệu", SNAPSHOT, hashlib.sha256(SNAPSHOT.encode()).hexdigest()),),
        notice="Thông tin cá nhân đã che.",
    )
    return dataclasses.replace(sample, **changes)  # type: ignore[arg-type]


class Attributes(HTMLParser):
    """Collects the names of all attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {name for name, _ in attrs}


def carried(page: str) -> dict[str, str]:
    """What the file carries word for word, by name, as a browser's parser would find it."""
    found = re.findall(
        r'<script type="application/json"[^>]*? data-name="([^"]*)"[^>]*>(.*?)</script>', page, re.DOTALL
    )
    return {html.unescape(name): json.loads(text) for name, text in found}


def test_refuses_a_source_that_is_not_what_was_hashed() -> None:
    with pytest.raises(ValueError, match="does not have the hash"):
        BundleSource("a", "b", "0" * 64)


def test_refuses_ragged_rows() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells for 2 columns"):
        BundleFigure("A", "n", "1", "d", ("a", "b"), (("1", "2"), ("1",)))


@pytest.mark.parametrize("canary", CANARIES)
def test_text_never_becomes_markup_or_ends_its_script(canary: str) -> None:
    figure = BundleFigure(canary, canary, canary, canary, (canary,), ((canary,),), ((canary, canary),))
    source = BundleSource(canary, canary, hashlib.sha256(canary.encode()).hexdigest())
    page = write_bundle(Bundle(canary, ((canary, canary),), (figure,), (source,), canary)).decode()
    assert page.count("<script") == page.count("</script>") == 3
    assert page.count("<!--") == 0
    parser = Attributes()
    parser.feed(page)
    assert "onload" not in parser.found
    assert carried(page)[canary] == canary


def test_sources_are_carried_byte_for_byte() -> None:
    page = write_bundle(bundle()).decode()
    assert carried(page)["bản chốt số liệu"] == SNAPSHOT
    assert f'data-sha256="{hashlib.sha256(SNAPSHOT.encode()).hexdigest()}"' in page
    assert json.loads(carried(page)["nội dung trang này"])["figures"][0]["text"] == "50 người"


def test_the_file_asks_nothing_of_any_network() -> None:
    page = write_bundle(bundle()).decode()
    assert "default-src 'none'" in page
    assert not re.search(r"\b(src|href|action|srcset)\s*=|@import|url\(|https?://|fetch\(|XMLHttpRequest", page)


def test_it_can_be_read_without_scripts() -> None:
    page = write_bundle(bundle()).decode()
    for words in (
        "50 người",
        "Mỗi người tính một lần trong kỳ.",
        "N*** V*** A",
        "ab" * 32,
        "Không kèm danh sách bản ghi.",
    ):
        assert words in page


def test_same_input_same_bytes() -> None:
    assert write_bundle(bundle()) == write_bundle(bundle())
