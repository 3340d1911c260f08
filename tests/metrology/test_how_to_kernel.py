"""The how-to of the kernel from Python is true: its lines are run in order and print what stands under them."""

import doctest
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "kernel-from-python.md"


def told(text: str) -> doctest.TestResults:
    """Run the lines of a page; fences are no output."""
    example = doctest.DocTestParser().get_doctest(
        re.sub(r"^```.*$", "", text, flags=re.MULTILINE), {}, PAGE.name, None, 0
    )
    return doctest.DocTestRunner(verbose=False).run(example)


def test_a_page_that_tells_another_number_is_found() -> None:
    assert told(PAGE.read_text(encoding="utf-8").replace("254.260", "254.261")).failed == 1


def test_every_line_prints_what_stands_under_it() -> None:
    result = told(PAGE.read_text(encoding="utf-8"))
    assert result.failed == 0
    assert result.attempted > 40
