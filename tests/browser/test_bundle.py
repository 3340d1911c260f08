"""The evidence bundle in a browser, opened from a file as whoever receives it does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from chuan.rendering.bundle import write_bundle
from tests.browser.harness import axe, no_sideways_scroll
from tests.rendering.test_bundle import CANARIES, SNAPSHOT, bundle

GOOD = write_bundle(bundle()).decode()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page without network; afterwards nothing may have been asked, refused or broken."""
    context = chromium.new_context(offline=True, viewport=ViewportSize(width=1366, height=768))
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    opened = context.new_page()
    complaints: list[Any] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text))
    yield opened
    context.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith("file:")] == []


def verdict(page: Page, tmp_path: Path, text: str) -> str:
    path = tmp_path / "bundle.html"
    path.write_text(text)
    page.goto(path.as_uri())
    page.wait_for_function("document.getElementById('check').className !== 'check'")
    return page.locator("#check").inner_text()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('\\"text\\":\\"50 người\\"', '\\"text\\":\\"52 người\\"', "nội dung trang này"),
        ('\\"value\\":50', '\\"value\\":52', "bản chốt số liệu"),
        ('data-path="figures.0.text">50 người', 'data-path="figures.0.text">52 người', "52 người"),
        ("<td>DT-02</td>", "<td>DT-03</td>", "danh sách"),
        ("<tr><td>T*** T*** B</td><td>DT-02</td><td>UBND xã M</td></tr>", "", "danh sách"),
        ('<script type="application/json" id="content"', '<script type="text/x" id="c"', "nội dung|không có dữ liệu"),
    ],
)  # fmt: skip
def test_a_changed_file_says_that_it_does_not_match(page: Page, tmp_path: Path, old: str, new: str, why: str) -> None:
    assert GOOD.count(old) == 1
    said = verdict(page, tmp_path, GOOD.replace(old, new))
    assert said.startswith("Không khớp")
    assert any(part in said for part in why.split("|"))
    assert page.locator("#check").get_attribute("class") == "check is-wrong"


@pytest.mark.parametrize("canary", CANARIES)
def test_hostile_text_is_shown_and_still_matches(page: Page, tmp_path: Path, canary: str) -> None:
    said = verdict(
        page, tmp_path, write_bundle(bundle(title=canary, facts=((canary, canary),), notice=canary)).decode()
    )
    assert said.startswith("Khớp")


def test_an_untouched_file_matches_and_the_code_on_the_paper_is_compared(page: Page, tmp_path: Path) -> None:
    assert verdict(page, tmp_path, GOOD).startswith("Khớp")
    axe(page)
    sha256 = page.locator("script[data-name='bản chốt số liệu']").get_attribute("data-sha256")
    assert sha256
    for typed, said in (
        (sha256[:16].upper(), "Khớp: đây là mã của bản chốt số liệu."),
        (f"SHA-256 {'0' * 16}"[8:], "Không khớp"),
        ("12", "ít nhất 8"),
        ("", ""),
    ):
        page.locator("#paper").fill(typed)
        assert said in page.locator("#answer").inner_text()
    page.locator("summary").first.click()
    page.set_viewport_size(ViewportSize(width=390, height=844))
    no_sideways_scroll(page)
    assert SNAPSHOT not in page.locator("main").inner_text()
