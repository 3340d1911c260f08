"""The repository as a whole: settings that load bare, no machine's paths, locks without hosts, pages about contexts."""

import ast
import json
import os
import re
import subprocess
import sys
import unicodedata
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT, contexts, name_of, python_files, tree

TEXTS = {".py", ".html", ".txt", ".md", ".toml", ".sh", ".in", ".json", ".css", ".js", ".po", ".typ", ".svg", ""}
SKIPPED = {".git", ".venv", "node_modules", "var", "__pycache__", ".hypothesis", ".mypy_cache", ".ruff_cache"}
#: In two pieces, so that this file does not hold them.
HOSTS = [a + b for a, b in (
    ("pypi", ".org"), ("pythonhosted", ".org"), ("registry.npm", "js.org"), ("registry.yarn", "pkg.com"),
    ("unpkg", ".com"), ("jsdelivr", ".net"), ("cdnjs", ".cloudflare"), ("fonts.google", "apis"), ("ghcr", ".io"),
    ("docker", ".io"), ("artifact", "ory"), ("nex", "us/repository"),
)]  # fmt: skip
PLACES = [f"/{folder}/" for folder in ("home", "root", "work", "Users", "mnt")]


def _files() -> list[Path]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in SKIPPED and not f.endswith(".egg-info")]
        found += [Path(folder) / n for n in names if Path(n).suffix in TEXTS]
    return sorted(found)


def test_no_file_names_a_registry_or_a_place_on_a_machine() -> None:
    wrong = []
    for path in _files():
        text = path.read_text(errors="replace")
        if path == Path(__file__):
            continue
        wrong += [f"{name_of(path)}: {mark}" for mark in (*HOSTS, *PLACES) if mark in text]
    assert wrong == []


def test_the_asset_lock_names_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")] == []


def test_every_python_package_is_locked_by_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pinned = [line for line in text.splitlines() if line and line[0].isalnum()]
        assert pinned
        assert [line for line in pinned if "==" not in line] == []
        assert text.count("--hash=sha256:") >= len(pinned)


def test_the_product_imports_only_what_it_installs_itself() -> None:
    """A package that only the development lock brings is missing on the machine of who uses the product."""
    ours = re.compile(r"^([A-Za-z0-9_.-]+)==", re.M).findall((ROOT / "requirements.txt").read_text())
    locked = {re.sub(r"[-_.]+", "-", name).lower() for name in ours}
    brings = packages_distributions()
    missing = {
        f"{name_of(path)}: {name}"
        for path in python_files("chuan")
        for name in _imported(path)
        if name not in sys.stdlib_module_names and name != "chuan"
        if not any(re.sub(r"[-_.]+", "-", one).lower() in locked for one in brings.get(name, ()))
    }
    assert missing == set()


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_the_settings_load_with_an_empty_environment() -> None:
    code = "import chuan.settings as s; print(s.MODE, s.DEBUG, s.PRODUCTION)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={}, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["sample", "False", "False"]


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"CHUAN_PORT": "8073"}, "http://localhost:8073"),
        ({"CHUAN_PORT": "8073", "CHUAN_PUBLIC_URL": "https://chuan.example.vn/"}, "https://chuan.example.vn"),
    ],
    ids=["nothing", "port", "address"],
)
def test_links_and_codes_lead_to_the_port_that_is_listened_on(environment: dict[str, str], address: str) -> None:
    code = "import chuan.settings as s; print(s.PUBLIC_URL)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == address


@pytest.mark.parametrize(
    ("variable", "value"),
    [("CHUAN_MODE", "demo"), ("DATABASE_URL", "mysql://a@b/c"), ("CHUAN_PORT", "tám nghìn"), ("CHUAN_PORT", "70000")],
    ids=["mode", "engine", "port", "no-port"],
)
def test_a_setting_that_is_not_understood_stops_the_start(variable: str, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import chuan.settings"],
        cwd=ROOT, env={variable: value}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert variable in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("context", contexts())
def test_every_context_has_a_page_about_itself(context: str) -> None:
    page = PACKAGE / context / "README.md"
    assert page.exists(), f"{name_of(page)} is missing"
    lines = page.read_text().splitlines()
    assert lines[0].startswith("# ")
    assert 5 <= len(lines) <= 80, f"{len(lines)} lines: one page"


def test_vietnamese_is_written_in_nfc() -> None:
    wrong = [name_of(p) for p in _files() if not unicodedata.is_normalized("NFC", p.read_text(errors="replace"))]
    assert wrong == []
