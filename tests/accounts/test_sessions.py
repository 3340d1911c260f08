"""Sessions end: by closing the account, a new password, half an hour's rest, twelve hours in all."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuan.accounts.services import reset_second_factor, set_active, set_temporary_password
from chuan.lib import clock
from tests.accounts.entering import PASSWORD, give_password, is_inside
from tests.cast import SYSTEM, Cast

UNITS = reverse("organisations:units")
START = clock.system_now()


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The machine's clock, moved by hand."""

    def move(minutes: float) -> None:
        at: datetime = START + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "system_now", lambda: at)

    move(0)
    return move


def entered(username: str = "focal") -> Client:
    browser = Client()
    give_password(browser, username)
    assert is_inside(browser)
    return browser


def test_a_closed_account_is_out_on_the_very_next_request(cast: Cast) -> None:
    browser = entered()
    set_active(actor=SYSTEM, user=cast.focal.user, active=False, reason="nghỉ việc")
    assert browser.get(UNITS).status_code == 302
    set_active(actor=SYSTEM, user=cast.focal.user, active=True, reason="trở lại")


def test_a_new_password_ends_the_open_sessions(cast: Cast) -> None:
    browser = entered()
    set_temporary_password(actor=SYSTEM, user=cast.focal.user, password="mat-khau-moi-tam", reason="quên")
    assert browser.get(UNITS).status_code == 302
    assert not is_inside(browser)


def test_a_reset_of_the_second_factor_ends_the_open_sessions_and_no_other_persons(cast: Cast) -> None:
    browser, other = entered(), entered("other_focal")
    reset_second_factor(actor=SYSTEM, user=cast.focal.user, reason="mất điện thoại")
    assert browser.get(UNITS).status_code == 302
    assert not is_inside(browser)
    assert is_inside(other)
    assert is_inside(entered()), "the password still opens"


@pytest.mark.parametrize("address", ["/", UNITS, "/training/", "/account/password/change/", "/khong-co/"])
def test_no_browser_keeps_what_a_session_showed(cast: Cast, address: str) -> None:
    assert "Cache-Control" not in Client().get(reverse("health")).headers, "what everybody may see is not forbidden"
    assert entered().get(address)["Cache-Control"] == "private, no-store"


def test_half_an_hour_of_rest_ends_a_session(cast: Cast, watch: Any) -> None:
    browser = entered()
    watch(29)
    assert browser.get(UNITS).status_code == 200
    watch(29 + 31)
    answer = browser.get(UNITS)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    watch(0)
    assert not is_inside(browser), "turning the clock back does not bring it back"


def test_twelve_hours_end_a_session_however_busy(cast: Cast, watch: Any) -> None:
    browser = entered()
    for minutes in range(25, 12 * 60 + 1, 25):
        watch(minutes)
        assert browser.get(UNITS).status_code == 200, minutes
    watch(12 * 60 + 1)
    assert browser.get(UNITS).status_code == 302


def test_a_post_after_the_end_changes_nothing(cast: Cast, watch: Any) -> None:
    browser = entered()
    watch(31)
    answer = browser.post(reverse("switch-role"), {"membership": cast.focal.membership.pk})
    assert answer["Location"].startswith(reverse("account_login"))


def test_last_seen_is_written_at_most_once_a_minute(cast: Cast, watch: Any) -> None:
    browser = entered()

    def seen() -> Any:
        return browser.session["seen"]

    first = seen()
    watch(0.9)
    browser.get(UNITS)
    assert seen() == first
    watch(1.1)
    browser.get(UNITS)
    assert seen() > first


def test_a_page_within_the_minute_writes_nothing(cast: Cast, watch: Any) -> None:
    browser = entered()
    browser.get(UNITS)
    with CaptureQueriesContext(connection) as caught:
        browser.get(UNITS)
    written = [q["sql"] for q in caught if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert written == []


def test_the_session_ends_with_the_browser(cast: Cast) -> None:
    browser = entered()
    assert browser.cookies["chuan_session"]["max-age"] == ""
    assert Session.objects.count() >= 1


def test_a_temporary_password_is_changed_before_anything_else(cast: Cast) -> None:
    set_temporary_password(actor=SYSTEM, user=cast.focal.user, password="mat-khau-tam-thoi", reason="quên")
    browser = Client()
    give_password(browser, "focal", "mat-khau-tam-thoi")
    change = reverse("account_change_password")
    for name in ("home", "organisations:units", "audit-log"):
        assert browser.get(reverse(name))["Location"] == change, name
    assert browser.post(reverse("switch-role"), {"membership": "1"})["Location"] == change
    fields = {"oldpassword": "mat-khau-tam-thoi", "password1": "mat-khau-cua-rieng-toi"}
    browser.post(change, {**fields, "password2": "mat-khau-cua-rieng-toi"})
    cast.focal.user.refresh_from_db()
    assert not cast.focal.user.must_change_password
    again = Client()
    give_password(again, "focal", "mat-khau-cua-rieng-toi")
    assert is_inside(again)


def test_the_old_password_no_longer_opens(cast: Cast) -> None:
    set_temporary_password(actor=SYSTEM, user=cast.focal.user, password="mat-khau-tam-thoi", reason="quên")
    browser = Client()
    give_password(browser, "focal", PASSWORD)
    assert not is_inside(browser)
