"""All registers in one place: only for readers of registers, each with what one sees."""

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.assurance.builders import activity, version
from tests.cast import Cast
from tests.laboratories.builders import laboratory

pytestmark = pytest.mark.django_db


def _counts(answer: Any) -> dict[str, str]:
    rows = re.findall(
        r'<a href="([^"]+)">[^<]+</a><span class="sub">.*?data-label="[^"]+">([^<]+)<', answer.content.decode()
    )
    return dict(rows)


@pytest.mark.parametrize("who", ["finance", "committee", "administrator"])
def test_a_role_without_registers_is_refused(cast: Cast, sign_in: Any, who: str) -> None:
    assert sign_in(cast.people[who]).get(reverse("registers")).status_code == 403


def test_each_register_stands_with_the_number_of_records_one_sees(cast: Cast, sign_in: Any) -> None:
    laboratory(cast)
    activity(cast, version(cast), date(2025, 3, 1))
    version(cast, unit=cast.unit("dn-hcm"))
    versions, labs = reverse("assurance:version-list"), reverse("laboratories:laboratory-list")
    everything = _counts(sign_in(cast.specialist, fresh=True).get(reverse("registers")))
    assert (everything[versions], everything[labs], len(everything)) == ("2", "1", 15)
    own = _counts(sign_in(cast.enterprise, fresh=True).get(reverse("registers")))
    assert (own[versions], own[labs], len(own)) == ("1", "0", 12)


def test_the_page_costs_few_queries(cast: Cast, sign_in: Any, django_assert_max_num_queries: Any) -> None:
    browser = sign_in(cast.specialist)
    browser.get(reverse("registers"))
    with django_assert_max_num_queries(8):
        browser.get(reverse("registers"))
