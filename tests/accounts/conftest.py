"""Each test begins with nobody locked out."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_locked_out() -> Iterator[None]:
    """The failures that are counted lie in the cache."""
    cache.clear()
    yield
    cache.clear()
