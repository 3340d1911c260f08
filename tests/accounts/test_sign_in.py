"""Signing in: guesses are stopped, and nothing tells a stranger which accounts exist."""

import re
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.urls import reverse

from chuan import settings as product
from chuan.accounts.models import User
from chuan.accounts.services import create_user, set_active
from chuan.audit.models import AuditEntry
from tests.accounts.entering import LOGIN, PASSWORD, give_password, is_inside
from tests.cast import SYSTEM, Cast


def test_guessing_is_stopped_within_ten_attempts(cast: Cast) -> None:
    browser = Client()
    for _ in range(10):
        give_password(browser, "focal", "sai")
    assert not is_inside(browser)
    give_password(browser, "focal")
    assert not is_inside(browser), "even the right password waits"


def test_guessing_one_account_from_many_addresses_is_stopped(cast: Cast) -> None:
    for number in range(10):
        Client(REMOTE_ADDR=f"10.0.0.{number}").post(LOGIN, {"login": "focal", "password": "sai"})
    elsewhere = Client(REMOTE_ADDR="10.0.1.1")
    give_password(elsewhere, "FOCAL")
    assert not is_inside(elsewhere)


def test_a_stranger_cannot_push_the_counts_out_of_the_cache() -> None:
    options: Any = product.CACHES["default"]["OPTIONS"]
    assert options["MAX_ENTRIES"] >= 100_000


def test_a_locked_account_does_not_lock_the_others(cast: Cast) -> None:
    for _ in range(6):
        give_password(Client(REMOTE_ADDR="10.0.0.1"), "focal", "sai")
    other = Client(REMOTE_ADDR="10.0.0.2")
    give_password(other, "finance")
    assert is_inside(other)


def _shape(answer: str) -> str:
    """The page without what differs between any two answers."""
    return re.sub(r'value="[^"]*"', "", answer)


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(cast: Cast) -> None:
    known, unknown = give_password(Client(), "focal", "sai"), give_password(Client(), "khong-co", "sai")
    assert known.status_code == unknown.status_code
    assert _shape(known.content.decode()) == _shape(unknown.content.decode())
    assert set(known.cookies) == set(unknown.cookies)


@pytest.mark.deep
def test_an_unknown_name_takes_as_long_as_a_known_one(cast: Cast) -> None:
    with override_settings(PASSWORD_HASHERS=[f"{PBKDF2PasswordHasher.__module__}.PBKDF2PasswordHasher"]):
        cast.focal.user.set_password(PASSWORD)
        cast.focal.user.save()
        times: dict[str, list[float]] = {"focal": [], "khong-co": []}
        for number in range(12):
            for name, spent in times.items():
                began = perf_counter()
                give_password(Client(REMOTE_ADDR=f"10.{number}.{len(name)}.1"), name, "sai")
                if number:
                    spent.append(perf_counter() - began)
    assert abs(median(times["focal"]) - median(times["khong-co"])) < 0.01 + 0.1 * median(times["focal"])


def test_a_closed_account_cannot_enter(cast: Cast) -> None:
    set_active(actor=SYSTEM, user=cast.focal.user, active=False, reason="nghỉ việc")
    browser = Client()
    give_password(browser, "focal")
    assert not is_inside(browser)


def test_an_account_without_a_password_cannot_enter(cast: Cast) -> None:
    create_user(actor=SYSTEM, username="khong-mat-khau", full_name="A")
    browser = Client()
    for password in ("", "!", "None", PASSWORD):
        give_password(browser, "khong-mat-khau", password)
    assert not is_inside(browser)


@pytest.mark.parametrize("username", ["focal", "FOCAL", "Focal", " focal "])
def test_user_names_ignore_case(cast: Cast, username: str) -> None:
    browser = Client()
    give_password(browser, username)
    assert is_inside(browser)


def test_two_accounts_whose_names_differ_in_case_are_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        create_user(actor=SYSTEM, username="Focal", full_name="Khác", password=PASSWORD)
    assert User.objects.filter(username__iexact="focal").count() == 1


@pytest.mark.parametrize("password", ["ngan", "1234567890", "password12", "focalfocal", "focal-focal"])
def test_a_weak_password_is_refused(prepared: None, password: str) -> None:
    with pytest.raises(ValidationError):
        create_user(actor=SYSTEM, username="focalfocal", full_name="Focal Focal", password=password)


def test_signing_in_renews_the_session_and_is_written_down_once(cast: Cast) -> None:
    browser = Client()
    browser.get(LOGIN)
    browser.session.save()
    before = browser.cookies.get("chuan_session")
    give_password(browser, "focal")
    assert before is None or before.value != browser.cookies["chuan_session"].value
    entries = AuditEntry.objects.filter(action="accounts.signed_in", subject_id=str(cast.focal.user.pk))
    assert [(e.actor_id, e.actor_name) for e in entries] == [(cast.focal.user.pk, "Võ Văn Kiên")]


def test_a_failure_does_not_grow_the_database(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    before = AuditEntry.objects.count()
    give_password(Client(), "focal", "sai-mat-khau-nay")
    assert AuditEntry.objects.count() == before
    assert any("sign-in failed" in r.getMessage() for r in caplog.records)
    assert not any("sai-mat-khau-nay" in r.getMessage() for r in caplog.records)


def test_signing_out_takes_a_post(cast: Cast) -> None:
    browser = Client()
    give_password(browser, "focal")
    browser.get(reverse("account_logout"))
    assert is_inside(browser), "a link or an image cannot sign anybody out"
    browser.post(reverse("account_logout"))
    assert not is_inside(browser)
