"""A served product and a person in front of it: no ORM, only what a browser sees.

TOTP codes work once in their half minute, so a person signs in once and later pages open from the stored session.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "chuan-minh-hoa"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1366, "height": 768}
#: Codes that pages of this run have shown: the server takes each once.
_SHOWN: set[str] = set()
_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


@dataclass
class Server:
    """A product that runs in sample mode in a home of its own."""

    url: str
    home: Path
    log: Path


@contextmanager
def serve(home: Path) -> Iterator[Server]:
    """`chuan serve` on a free port until the block ends."""
    port = _free_port()
    log = home / "serve.log"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CHUAN_", "DJANGO_", "DATABASE_"))}
    environment = {**kept, "CHUAN_MODE": "sample", "CHUAN_HOME": str(home / "data"), "CHUAN_PORT": str(port)}
    environment["PYTHONPATH"] = str(ROOT)
    with log.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "chuan.cli", "serve"],
            cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            url = f"http://localhost:{port}"
            _wait(url, child, log)
            yield Server(url, home, log)
        finally:
            child.terminate()
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise RuntimeError(f"chuan serve stopped:\n{log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"chuan serve did not answer:\n{log.read_text()[-4000:]}")


@dataclass
class People:
    """Opens browser contexts, signed in as whoever is asked for, and watches what the pages do."""

    browser: Browser
    server: Server
    states: dict[str, Any] = field(default_factory=dict)
    opened: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def visitor(self, **options: Any) -> Page:
        """A page of somebody who has not signed in."""
        context = self.browser.new_context(
            base_url=self.server.url, **{"locale": "vi-VN", "viewport": LAPTOP, **options}
        )
        context.set_default_timeout(5_000)
        self.opened.append(context)
        context.on("request", self._request)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"error in a script: {error}"))
        page.on("console", self._console)
        return page

    def page(self, user: str, **options: Any) -> Page:
        """A page of a sample account's, signed in (once a test session)."""
        if user not in self.states:
            first = self.visitor()
            sign_in(first, user)
            self.states[user] = first.context.storage_state()
            first.context.close()
        return self.visitor(storage_state=self.states[user], **options)

    def close(self) -> None:
        """Close what was opened."""
        for context in self.opened:
            context.close()
        self.opened.clear()

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.server.url, "data:", "blob:", "about:")):
            self.complaints.append(f"request to elsewhere: {request.url}")

    def _console(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)


def no_foreign_requests(people: People) -> None:
    """No page asked another host, broke the content security policy or failed in a script."""
    assert people.complaints == []


def sign_in(page: Page, user: str, password: str = PASSWORD) -> None:
    """Sign in with the second factor shown on the page; waits for the next code where one was just used."""
    page.goto("/account/login/")
    give_password(page, user, password)
    for _ in range(3):
        if "/2fa/authenticate" not in page.url:
            break
        give_code(page)
        if "/2fa/authenticate" in page.url:
            page.wait_for_timeout(1000 * (31 - time.time() % 30))
            page.goto("/account/2fa/authenticate/")
    assert "/account/" not in page.url, f"{user} is not signed in: {page.url}"


def send(page: Page, button: str) -> None:
    """Press a button that leads to another page, and wait for that."""
    with page.expect_navigation():
        page.locator(button).first.click()


def give_password(page: Page, user: str, password: str = PASSWORD) -> None:
    """Fill and send the first step."""
    page.locator("input[name=login]").fill(user)
    page.locator("input[name=password]").fill(password)
    send(page, "form:has(input[name=login]) button[type=submit]")


def give_code(page: Page) -> None:
    """Fill the code that the page itself shows, and send it."""
    page.locator("input[name=code]").fill(shown_code(page))
    send(page, "form:has(input[name=code]) button[type=submit]")


def shown_code(page: Page) -> str:
    """The sample code on the second step; where this run was shown it before, the next one."""
    code = _code_on(page)
    if code in _SHOWN:
        page.wait_for_timeout(1000 * (31 - time.time() % 30))
        page.goto("/account/2fa/authenticate/")
        code = _code_on(page)
    _SHOWN.add(code)
    return code


def _code_on(page: Page) -> str:
    found = _CODE.search(re.sub(r"(\d{3})[ \u00a0](\d{3})", r"\1\2", page.locator("main").inner_text()))
    assert found, "no sample code is shown"
    return found.group(1)


def tab_to(page: Page, wanted: str, *, stops: int = 60) -> None:
    """Press Tab until what `wanted` selects has the focus, and shows it."""
    for _ in range(stops):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            assert focus_of(page)["outline"], f"{page.url}: the focus on {wanted} cannot be seen"
            return
    raise AssertionError(f"{page.url}: Tab does not reach {wanted}")


def axe(page: Page, *rules: str) -> None:
    """No serious or critical accessibility violation (axe-core); evaluated by the debugger, so the CSP stays on.

    With `rules` only those are checked.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text())
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    result = page.evaluate("options => axe.run(document, options)", options)
    bad = [
        f"{v['impact']}: {v['id']} at {', '.join(str(n['target']) for n in v['nodes'][:4])}: {v['help']}"
        for v in result["violations"]
        if v["impact"] in {"serious", "critical"}
    ]
    assert bad == [], f"{page.url}\n" + "\n".join(bad)


def no_sideways_scroll(page: Page) -> None:
    """Nothing sticks out of the window's width."""
    wide = page.evaluate(
        """() => [document.documentElement.scrollWidth - innerWidth,
            [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                .slice(0, 5).map(e => e.tagName + '.' + e.className)]"""
    )
    assert wide[0] <= 0, f"{page.url}: {wide}"


def weight(page: Page, url: str) -> int:
    """Bytes that came over the wire for a first visit."""
    total = 0

    def count(event: dict[str, Any]) -> None:
        nonlocal total
        total += int(event["encodedDataLength"])

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", count)
    page.goto(url, wait_until="networkidle")
    return total


def focus_of(page: Page) -> dict[str, Any]:
    """Name, tag and visible outline of the element with the focus."""
    found: dict[str, Any] = page.evaluate(
        """() => { const e = document.activeElement, s = getComputedStyle(e);
            return {name: e.getAttribute('name') || e.id || e.className, tag: e.tagName, type: e.type || '',
                    outline: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0
                        || s.boxShadow !== 'none'}; }"""
    )
    return found
