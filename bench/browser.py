"""The served product, and a person's browser as it sees it: a kept connection, cookies, forms with hidden fields.

The browser speaks as the proxy of a production deployment would: the public host, and HTTPS ended before it.
"""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

HOST = "chuan.example.vn"
#: Seconds after which a browser gives up.
PATIENCE = 120
#: Seconds that the server may take to start: it compresses the assets first.
STARTING = 120
ROOT = Path(__file__).resolve().parents[1]
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True)
class Person:
    """A session and the pages that its owner opens."""

    session: str
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What came back; status 0: nothing did."""

    doing: str
    path: str
    status: int
    ms: float
    location: str = ""
    text: str = ""


class Browser:
    """Asks one page after another and keeps what it was told; the words of a page are given, not kept."""

    def __init__(self, port: int, session: str, doing: str, cookies: Mapping[str, str] | None = None) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.cookies = {**(cookies or {}), "chuan_session": session}
        self.doing = doing
        self.answers: list[Answer] = []

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """One request: GET, with a form POST."""
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.1",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = None if form is None else urlencode(form)
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
        status, location, text = 0, "", ""
        began = time.perf_counter()
        try:
            self.line.request("GET" if body is None else "POST", path, body, headers)
            answer = self.line.getresponse()
            text = answer.read().decode()
            status, location = answer.status, answer.headers.get("Location", "")
            for line in answer.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        except (OSError, http.client.HTTPException):
            self.line.close()
        took = (time.perf_counter() - began) * 1000
        self.answers.append(Answer(self.doing, path, status, took, location))
        return Answer(self.doing, path, status, took, location, text)


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to `action`; none where the page has no such form."""
    _before, found, after = page.partition(f'action="{action}"')
    return {name: unescape(value) for name, value in _HIDDEN.findall(after.partition("</form>")[0])} if found else {}


@contextmanager
def served(log: Path) -> Iterator[int]:
    """`chuan serve` in this process's environment, on a free port until the block ends; it says the rest into `log`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "chuan.cli", "serve"]
    environment = {**os.environ, "CHUAN_PORT": str(port)}
    with log.open("wb") as out:
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            until = time.monotonic() + STARTING
            while Browser(port, "", "health").ask("/health").status != 200:
                if child.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"chuan serve does not answer:\n{log.read_text()[-4000:]}")
                time.sleep(0.2)
            yield port
        finally:
            child.terminate()
            child.wait(30)
