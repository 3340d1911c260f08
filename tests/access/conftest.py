"""The world is built once a module, in a transaction that is rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from chuan.audit.models import ChainHead
from chuan.lib import clock
from chuan.web import deployment
from tests.access.world import World, build
from tests.conftest import NOW


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Who asks and what was planted; the database stays open to the module's tests."""
    with django_db_blocker.unblock(), clock.at(NOW), transaction.atomic():
        ChainHead.objects.get_or_create(pk=1)
        deployment.establish(sample=False)
        yield build()
        transaction.set_rollback(True)
    deployment.forget()
