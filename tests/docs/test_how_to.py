"""The how-to pages are true: each is walked step by step in a copy of the repository, on the engine under test."""

import os
from pathlib import Path

import pytest

from tests.docs.walk import ROOT, OutOfDate, Walk, blocks, copy

PAGES = ("add-an-indicator", "add-an-evidence-type", "add-a-context")
#: What the house asks of every file, asked of what a how-to wrote.
HOUSE = "tests/architecture/test_code.py tests/architecture/test_floors.py tests/architecture/test_templates.py"
LANGUAGES = "tests/architecture/test_languages.py"


def page_of(name: str) -> Path:
    return ROOT / "docs" / "how-to" / f"{name}.md"


def walk(name: str, folder: Path) -> Walk:
    database = f"walk_{name.replace('-', '_')}_{os.getpid()}"
    return Walk(page_of(name), copy(folder / "repository"), database)


def test_a_step_that_does_not_fit_the_code_is_refused(tmp_path: Path) -> None:
    page = ROOT / "docs" / "how-to" / "add-an-indicator.md"
    step = next(b for b in blocks(page) if "edit" in b.words)
    walked = walk("add-an-indicator", tmp_path)
    target = walked.root / step.words["edit"]
    target.write_text("nothing of what the step looks for\n", encoding="utf-8")
    with pytest.raises(OutOfDate, match="holds"):
        walked.write(step)


@pytest.mark.parametrize("name", PAGES)
def test_a_how_to_works_as_written(name: str, tmp_path: Path) -> None:
    walked = walk(name, tmp_path)
    walked.run()
    assert walked.written
    # The contracts must hold as they did; other checks may have found something before the walk, not in its files.
    assert "0 broken" in walked.command(".venv/bin/lint-imports --no-cache")
    python = " ".join(sorted(n for n in walked.written if n.endswith(".py")))
    assert "All checks passed" in walked.command(f".venv/bin/ruff check {python}")
    assert "would reformat" not in walked.command(f".venv/bin/ruff format --check {python}")
    if name != "add-a-context":
        return
    # The widest of the three is held to everything that the house asks of its own files.
    complaints = walked.command(f".venv/bin/python -m pytest -q -vv --no-header -p no:randomly {HOUSE} {LANGUAGES}")
    assert " passed" in complaints, complaints[-3000:]
    assert [n for n in walked.written if n in complaints and n.startswith("chuan/")] == [], complaints
