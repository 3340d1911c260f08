"""Fifty identical POSTs at once, with real commits: one effect (PostgreSQL; SQLite has one writer at a time)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from chuan.accounts.models import User
from chuan.audit.models import AuditEntry
from chuan.lib import clock
from chuan.organisations.models import Membership
from chuan.web.idempotency import answered, once
from chuan.web.models import IdempotencyKey
from tests.cast import Cast, assemble
from tests.conftest import NOW

AT_ONCE = 50
pytestmark = pytest.mark.postgres


@pytest.fixture
def committed(threads_db: None) -> Cast:
    """The cast, committed."""
    return assemble()


def _session(cast: Cast, sign_in: Any) -> str:
    return str(sign_in(cast.administrator).cookies[settings.SESSION_COOKIE_NAME].value)


def _at_once(request: Callable[[Client, int], Any], session: str) -> list[Any]:
    start = Barrier(AT_ONCE)

    def one(number: int) -> Any:
        browser = Client(raise_request_exception=False)
        browser.cookies[settings.SESSION_COOKIE_NAME] = session
        try:
            with clock.at(NOW):
                start.wait(30)
                return request(browser, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_fifty_identical_forms_open_one_account(committed: Cast, sign_in: Any) -> None:
    data = {"username": "mot-lan", "full_name": "Một Lần", "_key": "cung-mot-khoa"}
    url = reverse("organisations:new-account")
    answers = _at_once(lambda browser, _: browser.post(url, data), _session(committed, sign_in))
    assert User.objects.filter(username="mot-lan").count() == 1
    assert AuditEntry.objects.filter(action="accounts.create_user", subject_label="Một Lần").count() == 1
    assert IdempotencyKey.objects.count() == 1
    assert {a.status_code for a in answers} == {302}
    assert len({a["Location"] for a in answers}) == 1


def test_fifty_identical_grants_get_one_answer(committed: Cast, sign_in: Any) -> None:
    url = reverse("organisations:grant", args=[committed.focal.user.pk])
    data = {"unit": "so-yt", "role": "focal", "valid_from": "01/01/2026", "_key": "cung-mot-khoa"}
    answers = _at_once(lambda browser, _: browser.post(url, data), _session(committed, sign_in))
    assert {(a.status_code, a["Location"]) for a in answers} == {
        (302, reverse("organisations:account", args=[committed.focal.user.pk]))
    }
    held = Membership.objects.live().filter(user=committed.focal.user, unit=committed.unit("so-yt"))
    assert held.count() == 1


def test_a_repeat_is_answered_only_after_what_the_first_did_is_on_disk(committed: Cast) -> None:
    def request() -> HttpRequest:
        made = RequestFactory().post("/", {"_key": "cung-mot-khoa"})
        made.user = committed.administrator.user
        return made

    once(request(), lambda: ("/", ""))
    with connection.cursor() as cursor:
        # The suite's own server is not durable; this session is.
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("SELECT pg_logical_emit_message(false, 'tests', ''), pg_current_wal_insert_lsn()")
        [_message, seen] = cursor.fetchone()
        assert answered(request()) is not None
        cursor.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", [seen])
        assert cursor.fetchone() == (True,)
        cursor.execute("RESET synchronous_commit")


def test_fifty_different_people_giving_one_role_give_it_once(committed: Cast, sign_in: Any) -> None:
    url = reverse("organisations:grant", args=[committed.focal.user.pk])

    def request(browser: Client, number: int) -> Any:
        data = {"unit": "so-yt", "role": "focal", "valid_from": "01/01/2026", "_key": f"khoa-{number}"}
        return browser.post(url, data)

    answers = _at_once(request, _session(committed, sign_in))
    statuses = [a.status_code for a in answers]
    assert statuses.count(302) == 1
    assert set(statuses) <= {302, 409, 422}, "who comes too late is told so"
