"""Fixtures of the whole suite: the engine, a prepared database, the cast."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import settings as searches

from chuan.audit.models import ChainHead
from chuan.ledger import triggers
from chuan.lib import clock
from chuan.lib.garbage import collect_rarely
from chuan.reporting import states
from chuan.web import deployment
from tests.cast import Cast, assemble

# What lands is checked by the same examples everywhere; `./test deep` looks for new ones.
searches.register_profile("same", derandomize=True, deadline=None)
searches.register_profile("search", deadline=None, print_blob=True)
searches.load_profile("same")

# As the served process does; it is a tenth of the suite's time.
collect_rarely()

NOW = datetime(2026, 12, 11, 8, 0, tzinfo=clock.VN)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need PostgreSQL are not collected for SQLite: `./test` runs both engines."""
    if str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
        items[:] = [i for i in items if i.get_closest_marker("postgres") is None]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """Every test happens on the rehearsal morning, in a process that remembers nothing."""
    deployment.forget()
    states.forget()
    with clock.at(NOW):
        yield
    deployment.forget()


@pytest.fixture(scope="session")
def founded(django_db_setup: None, django_db_blocker: Any) -> Cast:
    """The cast, built once for the worker's database and committed: each test rolls back to it."""
    with django_db_blocker.unblock(), clock.at(NOW):
        ChainHead.objects.get_or_create(pk=1)
        deployment.establish(sample=False)
        found = assemble()
        deployment.forget()
        return found


@pytest.fixture
def prepared(founded: Cast, db: None) -> None:
    """A database as `chuan prepare` leaves it in office mode, with the cast's units instead of the province's."""


@pytest.fixture
def cast(founded: Cast, prepared: None) -> Cast:
    """The units and people that all tests know; a copy, so that no test sees another's changes."""
    return deepcopy(founded)


@pytest.fixture
def threads_db(transactional_db: None) -> Iterator[None]:
    """An empty database with real commits; frozen tables are unlocked around Django's flush at either end."""
    triggers.remove(connection)
    call_command("flush", verbosity=0, interactive=False)
    triggers.install(connection)
    ChainHead.objects.get_or_create(pk=1)
    deployment.establish(sample=False)
    yield
    triggers.remove(connection)


@pytest.fixture
def sign_in(client: Client) -> Any:
    """`sign_in(person)`: a client in which the person is signed in with a second factor."""

    def enter(person: Any, fresh: bool = False) -> Client:
        browser = Client() if fresh else client
        browser.force_login(person.user)
        session = browser.session
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
        session["account_authentication_methods_user"] = str(person.user.pk)
        session["membership"] = person.membership.pk
        session.save()
        return browser

    return enter
