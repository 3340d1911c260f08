"""Walks a how-to in a copy of the repository: writes its blocks, runs its commands.

What a fenced block is stands behind its language:

    ```python file=PATH                 the whole of a new file
    ```python edit=PATH find="TEXT"     takes the place of TEXT, which stands in PATH exactly once
    ```python edit=PATH after="TEXT"    goes below the one line that holds TEXT
    ```po append=PATH                   goes to the end of PATH
    ```sh run                           commands, one a line, run at the root of the copy

A block without such words is only shown.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
#: What a clone holds and a walk needs.
COPIED = ("chuan", "tests", "data", "scripts", "docs", "bench")
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT_BEHIND = shutil.ignore_patterns("var", "*.egg-info", "images")


class OutOfDate(AssertionError):
    """The how-to does not fit the code any more; names the step."""


@dataclass(frozen=True)
class Block:
    """One fenced block: its words, its text and the line of the page where it begins."""

    language: str
    words: dict[str, str]
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Every fenced block of a page that says what it is."""
    text, found = page.read_text(encoding="utf-8"), []
    for match in _FENCE.finditer(text):
        words = dict(word.partition("=")[::2] for word in shlex.split(match.group(2)))
        if words:
            line = text[: match.start()].count("\n") + 1
            found.append(Block(match.group(1), words, match.group(3), line))
    return found


def copy(target: Path) -> Path:
    """The repository's files in a folder of their own; `.venv` and `node_modules` by link."""
    target.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=_LEFT_BEHIND)
    for path in ROOT.iterdir():
        if path.is_file() and not path.name.startswith(".coverage"):
            shutil.copy2(path, target / path.name)
    for name in (".venv", "node_modules"):
        (target / name).symlink_to(ROOT / name, target_is_directory=True)
    return target


class Walk:
    """One how-to walked in one copy; `written` are the paths that it made or changed."""

    def __init__(self, page: Path, copy_: Path, database: str) -> None:
        self.page, self.root, self.written = page, copy_, set[str]()
        self.environment = self._environment(database)

    def run(self) -> None:
        """Every step in the order of the page."""
        for block in blocks(self.page):
            if "run" in block.words:
                for line in block.text.strip().splitlines():
                    self.command(line, block)
            else:
                self.write(block)

    def write(self, block: Block) -> None:
        """Make or change the file that the block names; OutOfDate where it does not fit."""
        kind = next(k for k in ("file", "edit", "append") if k in block.words)
        name = block.words[kind]
        path = self.root / name
        if kind == "file":
            self._fits(not path.exists(), block, f"{name} exists already")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif kind == "append":
            path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\n{block.text}", encoding="utf-8")
        else:
            self._edit(path, block)
        self.written.add(name)

    def _edit(self, path: Path, block: Block) -> None:
        text = path.read_text(encoding="utf-8")
        sought = block.words.get("find") or block.words["after"]
        count = text.count(sought)
        self._fits(count == 1, block, f"{path.name} holds {sought!r} {count} times")
        begin = text.index(sought)
        if "find" in block.words:
            text = text[:begin] + block.text.rstrip("\n") + text[begin + len(sought) :]
        else:
            end = text.index("\n", begin) + 1
            text = text[:end] + block.text + text[end:]
        path.write_text(text, encoding="utf-8")

    def command(self, line: str, block: Block | None = None) -> str:
        """Run one command line; its output. A failure shows what was printed."""
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=self.root, env=self.environment, capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip
        output = done.stdout + done.stderr
        if block is not None:
            self._fits(done.returncode == 0, block, f"{line}\n{output[-6000:]}")
        return output

    def _fits(self, holds: bool, block: Block, what: str) -> None:
        if not holds:
            raise OutOfDate(f"{self.page.relative_to(ROOT)}:{block.line}: {what}")

    def _environment(self, database: str) -> dict[str, str]:
        """The engine under test with a database of the walk's own; the copy's modules before the installed ones."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CHUAN_", "DJANGO_", "PYTEST_", "COV_"))}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        if url := kept.get("DATABASE_URL"):
            kept["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
        folders = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        home = self.root / "var" / "office"
        home.mkdir(parents=True)
        ours = {"CHUAN_MODE": "office", "CHUAN_HOME": str(home), "PYTHONPATH": str(self.root), "PATH": folders}
        return {**kept, **ours, "PYTHONWARNINGS": "ignore::RuntimeWarning:django"}
