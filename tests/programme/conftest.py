"""Plans that the tests read: the product's own, and a second province's."""

from pathlib import Path

import pytest

from chuan.programme.models import Plan
from tests.cast import Cast
from tests.programme.builders import real_plan, small_plan


@pytest.fixture
def other(cast: Cast, tmp_path: Path) -> Plan:
    """A second province's plan."""
    return small_plan(tmp_path)


@pytest.fixture
def kh2828(cast: Cast) -> Plan:
    """Kế hoạch 2828."""
    return real_plan(cast)
