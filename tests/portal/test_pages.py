"""Home, health and the audit log."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from chuan.audit.models import AuditEntry
from chuan.audit.service import head
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.policies import sees_whole_province
from chuan.organisations.rules import DEPARTMENT, Role
from chuan.portal import menu, reference
from tests.cast import PEOPLE, Cast, member

LOG = reverse("audit-log")


@pytest.mark.parametrize("who", [n for n in PEOPLE if n not in {"auditor", "administrator"}])
def test_the_log_is_for_controllers_and_administrators(cast: Cast, sign_in: Any, who: str) -> None:
    assert sign_in(getattr(cast, who)).get(LOG).status_code == 403


@pytest.mark.parametrize("before", ["x", "-1", "²", "٣", "9" * 40, "1 OR 1=1", "0"])
def test_an_odd_place_in_the_log_is_no_error(cast: Cast, sign_in: Any, before: str) -> None:
    assert sign_in(cast.auditor).get(LOG, {"before": before}).status_code == 200


def test_the_log_reads_as_sentences_newest_first_and_pages_back(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.auditor)
    newest = AuditEntry.objects.order_by("-seq").first()
    assert newest is not None
    page = browser.get(LOG)
    assert [e.seq for e in page.context["entries"]][:2] == [newest.seq, newest.seq - 1]
    assert page.context["sha"] == newest.sha256
    older = browser.get(LOG, {"before": page.context["more"]})
    assert older.context["entries"][0].seq == page.context["more"] - 1


def test_every_page_of_a_new_offices_log_opens(threads_db: None, sign_in: Any) -> None:
    reference.load()
    unit = OrganisationUnit.objects.get(code=DEPARTMENT)
    browser = sign_in(member("quantri", "Mai Anh Tuấn", Role.ADMINISTRATOR, DEPARTMENT, {DEPARTMENT: unit}))
    seen: list[int] = []
    before: int | None = 10**9
    while before is not None:
        page = browser.get(LOG, {"before": before})
        assert page.status_code == 200, f"before {before}"
        seen += [e.seq for e in page.context["entries"]]
        before = page.context["more"]
    assert seen == list(range(head()[0], 0, -1))
    loading = AuditEntry.objects.get(action="programme.load_plan")
    page = browser.get(LOG, {"before": loading.seq + 1})
    said = strip_tags(page.content.decode())
    assert f"Số mục: 0 thành {loading.changes['items'][1]}" in said


def test_the_menu_leads_nowhere_that_is_refused(cast: Cast, sign_in: Any) -> None:
    for name, person in cast.people.items():
        browser = sign_in(person, fresh=True)
        for entry in menu.entries(person.actor):
            assert browser.get(entry.url).status_code == 200, f"{name}: {entry.url}"


def test_a_units_menu_has_at_most_five_entries_that_of_the_province_seven(cast: Cast) -> None:
    for name, person in cast.people.items():
        limit = menu.LIMIT if sees_whole_province(person.actor) else menu.UNIT_LIMIT
        assert len(menu.entries(person.actor)) <= limit, name
    assert (menu.LIMIT, menu.UNIT_LIMIT) == (7, 5)


def test_the_specialists_menu_leads_to_everything_that_a_year_needs(cast: Cast) -> None:
    found = [entry.url for entry in menu.entries(cast.specialist.actor)]
    named = ("registers", "reporting:figures", "reporting:tracking", "reporting:reports", "organisations:units")
    assert set(map(reverse, named)) <= set(found)


@pytest.mark.parametrize("who", list(PEOPLE))
def test_every_role_has_a_home(cast: Cast, sign_in: Any, who: str) -> None:
    page = sign_in(getattr(cast, who)).get("/")
    assert page.status_code == 200
    assert PEOPLE[who][0] in page.content.decode()


def test_health_tells_a_stranger_nothing_about_the_data(cast: Cast) -> None:
    answer = Client().get(reverse("health"))
    assert answer.json().keys() == {"database"}


@pytest.mark.parametrize("membership", ["", "x", "0", "999999999999999999999"])
def test_a_role_that_one_does_not_hold_is_refused(cast: Cast, sign_in: Any, membership: str) -> None:
    assert sign_in(cast.focal).post(reverse("switch-role"), {"membership": membership}).status_code == 403
