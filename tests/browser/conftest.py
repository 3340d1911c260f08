"""One served product and one Chromium for all journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.harness import ARGUMENTS, CHROMIUM, People, Server, no_foreign_requests, serve


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser; what changes the served data stays with its file on one worker."""
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if item.path.stem != "test_reading":
                item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product in sample mode, in a home of its own."""
    with serve(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, object]:
    """Stored sessions by account, for the whole run."""
    return {}


@pytest.fixture
def people(chromium: Browser, server: Server, signed_in: dict[str, object]) -> Iterator[People]:
    """Whoever a journey needs; afterwards nothing may have gone to another host or broken the CSP."""
    group = People(chromium, server, signed_in)
    yield group
    group.close()
    no_foreign_requests(group)
