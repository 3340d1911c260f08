"""The world is built once a module, in a transaction that is rolled back."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from chuan.lib import clock
from chuan.web import deployment
from tests.access.world import World, build
from tests.cast import Cast
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _an_hour_later(_clock: None) -> Iterator[None]:
    """Who asks does so after everything was planted."""
    with clock.at(NOW + timedelta(hours=1)):
        yield


@pytest.fixture(scope="module")
def world(founded: Cast, django_db_blocker: Any) -> Iterator[World]:
    """Who asks and what was planted; the database stays open to the module's tests."""
    with django_db_blocker.unblock(), clock.at(NOW), transaction.atomic():
        yield build(deepcopy(founded))
        transaction.set_rollback(True)
    deployment.forget()
